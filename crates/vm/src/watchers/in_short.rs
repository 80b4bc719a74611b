//! A value in a few letters, for labels of the trace: about what `repr` would say, read without running Python code, making anything or waiting.

use crate::builtin::numbers::format_float_repr;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use std::fmt::Write;

/// So many characters of a text, and items of a container, before "…".
const MOST_OF_TEXT: usize = 20;
const MOST_ITEMS: usize = 4;
/// Containers within containers up to here.
const DEEPEST: u32 = 3;

impl Process {
    /// About what `repr` would say, of at most so many characters and an "…" in place of the rest.
    pub(crate) fn in_short(&self, value: Value, most_chars: usize) -> String {
        let mut saying = InShort {
            process: self,
            text: String::new(),
            most_chars,
        };
        saying.value(value, DEEPEST);
        let mut text = saying.text;
        if let Some((end, _)) = text.char_indices().nth(most_chars) {
            text.truncate(end);
            text.push('…');
        }
        text
    }
}

struct InShort<'a> {
    process: &'a Process,
    text: String,
    most_chars: usize,
}

impl InShort<'_> {
    fn value(&mut self, value: Value, deep: u32) {
        if value.is_none() || value.is_null() {
            self.text.push_str("None");
        } else if let Some(truth) = value.as_bool() {
            self.text.push_str(if truth { "True" } else { "False" });
        } else if let Some(number) = self.process.as_i64(value) {
            // Writing to a string cannot fail.
            let _ = write!(self.text, "{number}");
        } else if let Some(number) = self.process.as_float(value) {
            self.text.push_str(&format_float_repr(number));
        } else if let Some(words) = self.process.as_str(value) {
            quote(&mut self.text, words.chars());
        } else {
            self.object(value, deep);
        }
    }

    fn object(&mut self, value: Value, deep: u32) {
        let process = self.process;
        match process.heap.object(value) {
            Some(Obj::Bytes(bytes)) => quote_bytes(&mut self.text, bytes),
            Some(Obj::Tuple(items)) => {
                let ends = ["(", if items.len() == 1 { ",)" } else { ")" }];
                self.items(ends, items.iter().copied(), deep);
            }
            Some(Obj::List(items)) => self.items(["[", "]"], items.iter().copied(), deep),
            Some(Obj::Set(items)) if !items.is_empty() => {
                self.items(["{", "}"], items.iter().map(|entry| entry.key), deep);
            }
            Some(Obj::Dict(items)) => {
                let entries = items.iter().map(|entry| (entry.key, Some(entry.value)));
                self.entries(["{", "}"], entries, deep);
            }
            Some(Obj::Exception(_)) => self.text.push_str(&process.exception_line(value)),
            Some(Obj::Generator(generator)) => {
                self.text
                    .push_str(process.as_str(generator.name).unwrap_or("<generator>"));
            }
            Some(Obj::Function(function)) => {
                self.text
                    .push_str(process.as_str(function.qualname).unwrap_or("<function>"));
            }
            Some(Obj::Native { def, .. }) => self.text.push_str(def.name),
            Some(Obj::Type(_)) => self.text.push_str(&process.name_of_type(value)),
            _ => {
                let _ = write!(self.text, "<{}>", process.type_name(value));
            }
        }
    }

    fn items(&mut self, ends: [&str; 2], items: impl Iterator<Item = Value>, deep: u32) {
        self.entries(ends, items.map(|item| (item, None)), deep);
    }

    fn entries(&mut self, [open, close]: [&str; 2], entries: impl Iterator<Item = (Value, Option<Value>)>, deep: u32) {
        self.text.push_str(open);
        for (at, (key, value)) in entries.enumerate() {
            if at > 0 {
                self.text.push_str(", ");
            }
            if at == MOST_ITEMS || deep == 0 || self.text.len() > self.most_chars {
                self.text.push('…');
                break;
            }
            self.value(key, deep - 1);
            if let Some(value) = value {
                self.text.push_str(": ");
                self.value(value, deep - 1);
            }
        }
        self.text.push_str(close);
    }
}

/// The same of bytes, from those that they begin with.
pub(super) fn quote_bytes(text: &mut String, bytes: &[u8]) {
    text.push('b');
    quote(text, bytes.iter().map(|&byte| char::from(byte)));
}

/// So many bytes are enough for [`quote_bytes`].
pub(super) const ENOUGH_BYTES: usize = MOST_OF_TEXT + 1;

/// The beginning of a text in quotes; what cannot be seen is spelled out.
fn quote(text: &mut String, mut chars: impl Iterator<Item = char>) {
    text.push('\'');
    for c in chars.by_ref().take(MOST_OF_TEXT) {
        match c {
            '\'' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(text, "\\x{:02x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    if chars.next().is_some() {
        text.push('…');
    }
    text.push('\'');
}
