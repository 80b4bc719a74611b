//! Printing: `repr`, `str`, `format`, `ascii`.

use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// `repr(v)`, a `str`
    pub fn repr(&mut self, v: Value) -> NativeResult {
        let result = match self.call_special(v, names::REPR, &[])? {
            Some(result) => result,
            None => self.default_repr(v),
        };
        self.expect_str(result, "__repr__")
    }

    /// `str(v)`, a `str`
    pub fn str(&mut self, v: Value) -> NativeResult {
        if let Some(n) = v.as_small() {
            return Ok(self.small_int_text(n));
        }
        if self.is_exact(v, core::STR) {
            return Ok(v);
        }
        let result = match self.call_special(v, names::STR, &[])? {
            Some(result) => result,
            None => return self.repr(v),
        };
        self.expect_str(result, "__str__")
    }

    /// The decimal digits of an int.
    pub(crate) fn small_int_text(&mut self, n: i64) -> Value {
        let mut digits = [0_u8; 20];
        let mut at = digits.len();
        let mut left = n.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        if n < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        if let [digit] = digits[at..] {
            return self.ascii_char(digit);
        }
        let text = PyStr::from_ascii(&digits[at..]);
        self.heap.alloc(core::STR, Obj::Str(text))
    }

    fn expect_str(&mut self, result: Value, method: &str) -> NativeResult {
        if self.as_pystr(result).is_some() {
            return Ok(result);
        }
        let name = self.shown_type(result);
        Err(self.type_error(&format!("{method} returned non-string (type {name})")))
    }

    /// `format(v, spec)`; `spec` is a `str`.
    pub fn format(&mut self, v: Value, spec: Value) -> NativeResult {
        if self.as_pystr(spec).is_some_and(|s| s.is_empty()) {
            if self.is_exact(v, core::STR) {
                return Ok(v);
            }
            if let Some(n) = v.as_small() {
                return Ok(self.small_int_text(n));
            }
        }
        if let Some(text) = self.quick_format(v, spec) {
            return Ok(text);
        }
        let result = match self.call_special(v, names::FORMAT, &[spec])? {
            Some(result) => result,
            None => return self.str(v),
        };
        if self.as_pystr(result).is_none() {
            let name = self.shown_type(result);
            return Err(self.type_error(&format!("__format__ must return a str, not {name}")));
        }
        Ok(result)
    }

    /// `ascii(v)`
    pub fn ascii(&mut self, v: Value) -> NativeResult {
        let text = self.repr(v)?;
        let Some(s) = self.as_pystr(text) else { return Ok(text) };
        if s.is_ascii() {
            return Ok(text);
        }
        let mut out = String::new();
        for c in s.wtf8().code_points() {
            let n = c.to_u32();
            match n {
                0..=0x7F => out.push(n as u8 as char),
                0x80..=0xFF => out.push_str(&format!("\\x{n:02x}")),
                0x100..=0xFFFF => out.push_str(&format!("\\u{n:04x}")),
                _ => out.push_str(&format!("\\U{n:08x}")),
            }
        }
        Ok(self.new_str(&out))
    }

    /// `object.__repr__`: `<module.Class object at 0x…>`. The address follows from the heap index, so it is the same in every run.
    pub fn default_repr(&mut self, v: Value) -> Value {
        let name = self.dotted_type_name(self.type_of(v));
        let text = format!("<{name} object at {}>", self.address(v));
        self.new_str(&text)
    }

    /// The address that `id` and reprs show, in hexadecimal.
    pub fn address(&self, v: Value) -> String {
        format!("{:#x}", self.id_of(v))
    }

    /// `id(v)`
    pub fn id_of(&self, v: Value) -> u64 {
        match v.handle() {
            Some(index) => 0x7f00_0000_0000 + u64::from(index) * 16,
            None => v.bits() >> 1,
        }
    }

    /// `module.QualName` of a class as reprs show it: without the module for `builtins`.
    pub fn dotted_type_name(&self, class: Value) -> String {
        let Some(t) = self.as_type(class) else {
            return "?".to_owned();
        };
        let qualname = self.text(t.qualname);
        let module = self.dict_get_str(t.dict, names::MODULE);
        match module.and_then(|m| self.as_str(m)) {
            Some("builtins") => qualname,
            Some(module) => format!("{module}.{qualname}"),
            None => qualname,
        }
    }

    /// The text of `repr(v)`.
    pub fn repr_text(&mut self, v: Value) -> NativeResult<String> {
        let text = self.repr(v)?;
        Ok(self.text(text))
    }

    /// The text of `str(v)`.
    pub fn str_text(&mut self, v: Value) -> NativeResult<String> {
        let text = self.str(v)?;
        Ok(self.text(text))
    }
}
