//! What the trace learns of messages between processes: what `pickle` works on and for how long, and what connections of `multiprocessing`
//! are about to send and receive. What is said of a value is read from it without running Python code.

use crate::builtin::numbers::format_float_repr;
use crate::contract::{ImageEventKind, MessageNote, ThreadIndex};
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use rustc_hash::FxHashMap;
use std::fmt::Write;
use std::rc::Rc;

/// About so many characters are said of a value.
const MOST_CHARS: usize = 40;
/// So many characters of a text, and items of a container, before "…".
const MOST_OF_TEXT: usize = 20;
const MOST_ITEMS: usize = 4;
/// Containers within containers up to here.
const DEEPEST: u32 = 3;

/// With which a pickle begins.
const PICKLE: u8 = 0x80;

/// A pickler or unpickler at work.
#[derive(Clone, Debug)]
struct Pickling {
    /// How many activations its thread had at the beginning: one that is not deeper has ended by an exception.
    frames: usize,
    since_ns: u64,
    text: Rc<str>,
}

/// What is known of messages. Maps are only looked up, never iterated.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages {
    at_work: FxHashMap<ThreadIndex, Vec<Pickling>>,
    /// What each thread has pickled last and not sent.
    pickled: FxHashMap<ThreadIndex, Rc<str>>,
    /// What the program calls connections, by handle, until they go.
    connections: FxHashMap<u32, Rc<str>>,
}

impl Process {
    fn tell_message(&mut self, note: MessageNote) {
        self.tell(ImageEventKind::Message(Box::new(note)));
    }

    /// A pickler is given a value, or an unpickler begins, with nothing known of what it will find.
    pub(super) fn pickling_begins(&mut self, value: Option<Value>) {
        let text = value.map_or_else(String::new, |value| self.in_short(value));
        let begun = Pickling {
            frames: self.frames.len(),
            since_ns: self.clock_ns(),
            text: Rc::from(text),
        };
        let own = self.observer.messages.at_work.entry(self.current).or_default();
        own.retain(|other| other.frames < begun.frames);
        own.push(begun);
    }

    /// It is done; an unpickler with this value.
    pub(super) fn pickling_ends(&mut self, found: Option<Value>) {
        let own = self.observer.messages.at_work.get_mut(&self.current);
        let Some(done) = own.and_then(Vec::pop) else { return };
        let loads = found.is_some();
        let text = found.map_or(done.text, |value| Rc::from(self.in_short(value)));
        if !loads {
            let thread = self.current;
            self.observer.messages.pickled.insert(thread, Rc::clone(&text));
        }
        let ns = self.clock_ns().saturating_sub(done.since_ns);
        self.tell_message(MessageNote::Pickled { ns, text, loads });
    }

    /// A connection is about to send these bytes.
    pub(super) fn connection_sends(&mut self, connection: Value, data: Value) {
        if !self.is_bytes_like(data) {
            return;
        }
        let Ok(data) = self.buffer_bytes(data) else { return };
        let pickled = self.observer.messages.pickled.remove(&self.current);
        let text = match pickled.filter(|_| data.first() == Some(&PICKLE)) {
            Some(text) => text,
            None => {
                let mut text = String::from("b");
                quote(&mut text, data.iter().map(|&byte| char::from(byte)));
                Rc::from(text)
            }
        };
        let (bytes, name) = (data.len() as u64, self.name_of_connection(connection));
        self.tell_message(MessageNote::Sends { bytes, text, name });
    }

    /// A connection is about to receive.
    pub(super) fn connection_receives(&mut self, connection: Value) {
        let name = self.name_of_connection(connection);
        self.tell_message(MessageNote::Receives { name });
    }

    pub(super) fn connection_goes(&mut self, connection: Value) {
        if let Some(handle) = connection.handle() {
            self.observer.messages.connections.remove(&handle);
        }
    }

    /// What the program calls it: "conn", or "q._reader" where it belongs to a queue.
    fn name_of_connection(&mut self, connection: Value) -> Rc<str> {
        let handle = connection.handle().unwrap_or(0);
        if let Some(known) = self.observer.messages.connections.get(&handle) {
            return Rc::clone(known);
        }
        let name = self.name_of_object(connection);
        // What the library's own variables are called says nothing to a person.
        let name: Rc<str> = Rc::from(if name.starts_with("self") { "" } else { &name });
        self.observer.messages.connections.insert(handle, Rc::clone(&name));
        name
    }

    /// About what `repr` would say.
    pub(crate) fn in_short(&self, value: Value) -> String {
        let mut text = String::new();
        self.say_in_short(&mut text, value, DEEPEST);
        if text.chars().count() > MOST_CHARS {
            text = text.chars().take(MOST_CHARS).chain(['…']).collect();
        }
        text
    }

    fn say_in_short(&self, text: &mut String, value: Value, deep: u32) {
        if value.is_none() || value.is_null() {
            text.push_str("None");
        } else if let Some(truth) = value.as_bool() {
            text.push_str(if truth { "True" } else { "False" });
        } else if let Some(number) = value.as_small() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{number}");
        } else if let Some(number) = self.as_float(value) {
            text.push_str(&format_float_repr(number));
        } else if let Some(words) = self.as_str(value) {
            quote(text, words.chars());
        } else {
            self.say_object(text, value, deep);
        }
    }

    fn say_object(&self, text: &mut String, value: Value, deep: u32) {
        match self.heap.object(value) {
            Some(Obj::Bytes(bytes)) => {
                text.push('b');
                quote(text, bytes.iter().map(|&byte| char::from(byte)));
            }
            Some(Obj::Tuple(items)) => {
                self.say_items(
                    text,
                    ["(", if items.len() == 1 { ",)" } else { ")" }],
                    items.iter().copied(),
                    deep,
                );
            }
            Some(Obj::List(items)) => self.say_items(text, ["[", "]"], items.iter().copied(), deep),
            Some(Obj::Set(items)) if !items.is_empty() => {
                self.say_items(text, ["{", "}"], items.iter().map(|entry| entry.key), deep);
            }
            Some(Obj::Dict(items)) => {
                let entries = items.iter().map(|entry| (entry.key, Some(entry.value)));
                self.say_entries(text, ["{", "}"], entries, deep);
            }
            Some(Obj::Function(function)) => text.push_str(self.as_str(function.qualname).unwrap_or("<function>")),
            Some(Obj::Native { def, .. }) => text.push_str(def.name),
            Some(Obj::Type(_)) => text.push_str(&self.name_of_type(value)),
            _ => {
                let _ = write!(text, "<{}>", self.type_name(value));
            }
        }
    }

    fn say_items(&self, text: &mut String, ends: [&str; 2], items: impl Iterator<Item = Value>, deep: u32) {
        self.say_entries(text, ends, items.map(|item| (item, None)), deep);
    }

    fn say_entries(
        &self,
        text: &mut String,
        [open, close]: [&str; 2],
        entries: impl Iterator<Item = (Value, Option<Value>)>,
        deep: u32,
    ) {
        text.push_str(open);
        for (at, (key, value)) in entries.enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            if at == MOST_ITEMS || deep == 0 || text.len() > MOST_CHARS {
                text.push('…');
                break;
            }
            self.say_in_short(text, key, deep - 1);
            if let Some(value) = value {
                text.push_str(": ");
                self.say_in_short(text, value, deep - 1);
            }
        }
        text.push_str(close);
    }
}

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
