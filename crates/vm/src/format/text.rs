//! Formatting of `str` by a specification.

use super::spec::Align;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use rustpython_wtf8::{Wtf8, Wtf8Buf};

/// Text in a field of at least `width` characters.
pub fn pad(text: &str, fill: char, align: Align, width: usize) -> String {
    pad_wtf8(
        crate::builtin::text::wtf8(text),
        text.chars().count(),
        fill,
        align,
        width,
    )
    .to_string_lossy()
    .into_owned()
}

/// The same for text that may hold lone surrogates; `chars` is its length.
pub fn pad_wtf8(text: &Wtf8, chars: usize, fill: char, align: Align, width: usize) -> Wtf8Buf {
    let padding = width.saturating_sub(chars);
    let left = match align {
        Align::Left => 0,
        Align::Right | Align::AfterSign => padding,
        Align::Center => padding / 2,
    };
    let mut out = Wtf8Buf::with_capacity(text.len() + padding * fill.len_utf8());
    (0..left).for_each(|_| out.push_char(fill));
    out.push_wtf8(text);
    (left..padding).for_each(|_| out.push_char(fill));
    out
}

impl Process {
    /// `format(v, spec)` of a str.
    pub fn format_str(&mut self, v: Value, spec: Value) -> NativeResult {
        let text = match self.as_pystr(spec) {
            Some(s) if s.is_empty() => return self.str(v),
            Some(s) => s.lossy().into_owned(),
            None => {
                let name = self.type_name(spec);
                return Err(self.type_error(&format!("__format__() argument must be str, not {name}")));
            }
        };
        let class = self.type_name(v);
        let spec = self.parse_format_spec(&text, &class, Align::Left)?;
        if let Some(kind) = spec.kind.filter(|k| *k != 's') {
            return Err(self.unknown_format_code(kind, &class));
        }
        let refused = match spec.sign {
            Some(' ') => Some("Space not allowed in string format specifier"),
            Some(_) => Some("Sign not allowed in string format specifier"),
            None if spec.no_negative_zero => Some("Negative zero coercion (z) not allowed in string format specifier"),
            None if spec.alternate => Some("Alternate form (#) not allowed in string format specifier"),
            None if spec.align == Align::AfterSign => Some("'=' alignment not allowed in string format specifier"),
            None if spec.grouping.is_some() => {
                let separator = spec.grouping.unwrap_or(',');
                return Err(self.value_error(&format!("Cannot specify '{separator}' with 's'.")));
            }
            None => None,
        };
        if let Some(message) = refused {
            return Err(self.value_error(message));
        }
        let Some(s) = self.as_pystr(v).cloned() else {
            return self.str(v);
        };
        let shown = spec.precision.unwrap_or(s.len()).min(s.len());
        let width = spec.width.unwrap_or(0);
        if shown == s.len() && width <= shown {
            return self.str(v);
        }
        self.check_size(width as u64)?;
        let cut = s.slice(0, shown);
        Ok(self.new_wtf8(pad_wtf8(&cut, shown, spec.fill, spec.align, width)))
    }
}
