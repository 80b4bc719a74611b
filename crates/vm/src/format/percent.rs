//! `%` formatting of `str`: the parser that `bytes` shares, the arguments, and the conversions.

use super::number::{float_digits, int_for_percent};
use crate::builtin::numbers::big_work::linear_ns;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

/// One `%` conversion: flags, and width and precision with `*` already taken from the arguments.
#[derive(Clone, Debug, Default)]
pub struct Conversion {
    pub left: bool,
    pub plus: bool,
    pub space: bool,
    pub alternate: bool,
    pub zero: bool,
    pub width: usize,
    pub precision: Option<usize>,
    pub kind: char,
    /// Index of the presentation type in the format, for messages.
    pub at: usize,
}

/// Where the arguments of `%` come from.
#[derive(Debug)]
pub struct Arguments {
    values: Vec<Value>,
    next: usize,
    /// The mapping for `%(key)s`, if the right operand can be one.
    mapping: Option<Value>,
    /// A single value that is not a tuple.
    single: bool,
}

impl Arguments {
    /// The right operand is a value, whatever it could be besides.
    pub fn plain(&mut self) {
        self.mapping = None;
    }
}

impl Process {
    /// Splits the right operand of `%` into arguments.
    pub fn percent_arguments(&mut self, right: Value) -> NativeResult<Arguments> {
        let tuple = self.as_tuple(right).map(<[Value]>::to_vec);
        let text = self.as_pystr(right).is_some();
        let mapping = if tuple.is_none() && !text && self.special(right, crate::names::GETITEM)?.is_some() {
            Some(right)
        } else {
            None
        };
        let single = tuple.is_none();
        Ok(Arguments {
            values: tuple.unwrap_or_else(|| vec![right]),
            next: 0,
            mapping,
            single,
        })
    }

    /// The next positional argument.
    pub fn percent_next(&mut self, arguments: &mut Arguments) -> NativeResult {
        match arguments.values.get(arguments.next) {
            Some(&v) => {
                arguments.next += 1;
                Ok(v)
            }
            None => Err(self.type_error("not enough arguments for format string")),
        }
    }

    /// Complains about arguments that were not used.
    pub fn percent_finish(&mut self, arguments: &Arguments, kind: &str) -> NativeResult<()> {
        if arguments.next < arguments.values.len() && !(arguments.single && arguments.mapping.is_some()) {
            return Err(self.type_error(&format!("not all arguments converted during {kind} formatting")));
        }
        Ok(())
    }

    /// Reads the conversion behind a `%` at `at - 1`; afterwards `at` stands behind it. Characters of bytes come as Latin-1. `key` makes
    /// the key of a mapping out of its text.
    pub fn percent_conversion(
        &mut self,
        format: &[u32],
        at: &mut usize,
        arguments: &mut Arguments,
        key: fn(&mut Process, &[u32]) -> Value,
    ) -> NativeResult<(Conversion, Option<Value>)> {
        let mut c = Conversion::default();
        let mut value = None;
        let peek = |at: usize| format.get(at).and_then(|c| char::from_u32(*c));
        if peek(*at) == Some('(') {
            let Some(mapping) = arguments.mapping else {
                return Err(self.type_error("format requires a mapping"));
            };
            let start = *at + 1;
            let mut depth = 1;
            *at += 1;
            while depth > 0 {
                match peek(*at) {
                    Some(')') => depth -= 1,
                    Some('(') => depth += 1,
                    None if *at >= format.len() => return Err(self.value_error("incomplete format key")),
                    _ => {}
                }
                *at += 1;
            }
            let key = key(self, &format[start..*at - 1]);
            value = Some(self.getitem(mapping, key)?);
            arguments.next = 0;
            arguments.single = true;
        }
        loop {
            match peek(*at) {
                Some('-') => c.left = true,
                Some('+') => c.plus = true,
                Some(' ') => c.space = true,
                Some('#') => c.alternate = true,
                Some('0') => c.zero = true,
                _ => break,
            }
            *at += 1;
        }
        if let Some(width) = self.percent_size(format, at, arguments, "width too big")? {
            c.left |= width < 0;
            c.width = width.unsigned_abs() as usize;
        }
        if peek(*at) == Some('.') {
            *at += 1;
            let precision = self.percent_size(format, at, arguments, "precision too big")?;
            c.precision = Some(precision.unwrap_or(0).max(0) as usize);
        }
        if matches!(peek(*at), Some('h' | 'l' | 'L')) {
            *at += 1;
        }
        let Some(&kind) = format.get(*at) else {
            return Err(self.value_error("incomplete format"));
        };
        c.kind = char::from_u32(kind).unwrap_or('\u{FFFD}');
        c.at = *at;
        *at += 1;
        self.check_size((c.width + c.precision.unwrap_or(0)) as u64)?;
        Ok((c, value))
    }

    /// Width or precision: `*` or digits.
    fn percent_size(
        &mut self,
        format: &[u32],
        at: &mut usize,
        arguments: &mut Arguments,
        too_big: &str,
    ) -> NativeResult<Option<i64>> {
        if format.get(*at) == Some(&('*' as u32)) {
            *at += 1;
            let v = self.percent_next(arguments)?;
            if !self.is_int(v) {
                return Err(self.type_error("* wants int"));
            }
            return match self.as_i64(v).filter(|n| n.unsigned_abs() <= i32::MAX as u64) {
                Some(n) => Ok(Some(n)),
                None => Err(self.overflow_error("Python int too large to convert to C int")),
            };
        }
        let mut n: Option<i64> = None;
        while let Some(d) = format
            .get(*at)
            .and_then(|c| char::from_u32(*c))
            .and_then(|c| c.to_digit(10))
        {
            let value = n.unwrap_or(0) * 10 + i64::from(d);
            if value > i64::from(i32::MAX) {
                return Err(self.value_error(too_big));
            }
            n = Some(value);
            *at += 1;
        }
        Ok(n)
    }

    #[cold]
    pub(super) fn unsupported_conversion(&mut self, c: &Conversion) -> Unwind {
        let code = c.kind as u32;
        let shown = if (32..127).contains(&code) { c.kind } else { '?' };
        let at = c.at;
        self.value_error(&format!(
            "unsupported format character '{shown}' (0x{code:x}) at index {at}"
        ))
    }

    /// `format % right` of a str.
    pub fn str_percent(&mut self, format: Value, right: Value) -> NativeResult {
        let Some(s) = self.as_pystr(format).cloned() else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let chars: Vec<u32> = s.wtf8().code_points().map(CodePoint::to_u32).collect();
        let mut arguments = self.percent_arguments(right)?;
        let mut out = Wtf8Buf::with_capacity(s.bytes().len() + 16);
        let mut at = 0;
        while at < chars.len() {
            let c = chars[at];
            at += 1;
            if c != '%' as u32 {
                if let Some(c) = CodePoint::from_u32(c) {
                    out.push(c);
                }
                continue;
            }
            if chars.get(at) == Some(&('%' as u32)) {
                at += 1;
                out.push_char('%');
                continue;
            }
            let (conversion, value) = self.percent_conversion(&chars, &mut at, &mut arguments, str_key)?;
            let value = match value {
                Some(v) => v,
                None => self.percent_next(&mut arguments)?,
            };
            let piece = self.str_conversion(&conversion, value)?;
            out.push_wtf8(&piece);
        }
        self.percent_finish(&arguments, "string")?;
        Ok(self.new_wtf8(out))
    }

    fn str_conversion(&mut self, c: &Conversion, value: Value) -> NativeResult<Wtf8Buf> {
        let text = match c.kind {
            's' => self.str(value)?,
            'r' => self.repr(value)?,
            'a' => self.ascii(value)?,
            'c' => {
                let text = self.percent_char(value)?;
                return Ok(field(&text, 1, c));
            }
            _ => return Ok(Wtf8Buf::from(self.percent_number(c, value)?)),
        };
        let Some(s) = self.as_pystr(text).cloned() else {
            return Err(self.system_error("str() gave no str"));
        };
        let n = c.precision.unwrap_or(usize::MAX).min(s.len());
        if n == s.len() {
            return Ok(field(s.wtf8(), n, c));
        }
        Ok(field(&s.slice(0, n), n, c))
    }

    fn percent_char(&mut self, value: Value) -> NativeResult<Wtf8Buf> {
        if let Some(s) = self.as_pystr(value) {
            let n = s.len();
            if n == 1 {
                return Ok(s.wtf8().to_wtf8_buf());
            }
            return Err(self.type_error(&format!(
                "%c requires an int or a unicode character, not a string of length {n}"
            )));
        }
        let n = match self.int_operand(value)? {
            Some(n) => n,
            None => {
                let name = self.type_name(value);
                return Err(self.type_error(&format!("%c requires an int or a unicode character, not {name}")));
            }
        };
        let code = self
            .as_i64(n)
            .and_then(|n| u32::try_from(n).ok())
            .and_then(CodePoint::from_u32);
        match code {
            Some(c) => Ok(Wtf8Buf::from(c)),
            None => Err(self.overflow_error("%c arg not in range(0x110000)")),
        }
    }

    /// An int, by `__index__` if need be; `None` for what has none.
    pub(super) fn int_operand(&mut self, value: Value) -> NativeResult<Option<Value>> {
        if self.is_int(value) {
            return Ok(Some(value));
        }
        if self.special(value, crate::names::INDEX)?.is_none() {
            return Ok(None);
        }
        let n = self.index_big(value)?;
        Ok(Some(self.new_big(n)))
    }

    /// Conversions to numbers, laid out in their field.
    pub fn percent_number(&mut self, c: &Conversion, value: Value) -> NativeResult<String> {
        let (negative, prefix, digits, numeric) = match c.kind {
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
                let n = self.percent_int(c.kind, value)?;
                let precision = c.precision.unwrap_or(0);
                if !matches!(c.kind, 'o' | 'x' | 'X') {
                    let text = self.int_repr(n)?;
                    let digits = text.trim_start_matches('-');
                    (text.len() > digits.len(), "", format!("{digits:0>precision$}"), true)
                } else {
                    let n = self.as_bigint(n).unwrap_or_default();
                    self.charge(linear_ns(n.bits()).saturating_mul(20));
                    let (negative, prefix, digits) = int_for_percent(&n, c.kind, c.alternate, precision);
                    (negative, prefix, digits, true)
                }
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let x = self.float_of(value)?;
                if c.precision.is_some_and(|p| p > i32::MAX as usize - 3) {
                    return Err(self.value_error("precision too big"));
                }
                let style = c.kind.to_ascii_lowercase();
                let mut digits = float_digits(x.abs(), style, c.precision.unwrap_or(6), c.alternate);
                if c.kind.is_ascii_uppercase() {
                    digits.make_ascii_uppercase();
                }
                (x.is_sign_negative() && !x.is_nan(), "", digits, true)
            }
            _ => return Err(self.unsupported_conversion(c)),
        };
        let sign = match (negative, c.plus, c.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        };
        let padding = c.width.saturating_sub(sign.len() + prefix.len() + digits.len());
        let spaces = " ".repeat(padding);
        Ok(if c.left {
            format!("{sign}{prefix}{digits}{spaces}")
        } else if c.zero && numeric {
            format!("{sign}{prefix}{}{digits}", "0".repeat(padding))
        } else {
            format!("{spaces}{sign}{prefix}{digits}")
        })
    }

    /// The int that `%d` shows of any number, `%x` of an integer.
    fn percent_int(&mut self, kind: char, value: Value) -> NativeResult {
        if self.is_int(value) {
            return Ok(value);
        }
        let name = self.type_name(value);
        if matches!(kind, 'o' | 'x' | 'X') {
            return match self.int_operand(value)? {
                Some(n) => Ok(n),
                None => Err(self.type_error(&format!("%{kind} format: an integer is required, not {name}"))),
            };
        }
        if let Some(f) = self.as_float(value).filter(|_| self.is_exact(value, core::FLOAT)) {
            return self.int_of_f64(f);
        }
        if matches!(
            self.heap.object(value),
            Some(Obj::Complex(..) | Obj::Str(_) | Obj::Bytes(_))
        ) {
            return Err(self.type_error(&format!("%{kind} format: a real number is required, not {name}")));
        }
        if self.special(value, crate::names::INT)?.is_none() && self.special(value, crate::names::INDEX)?.is_none() {
            return Err(self.type_error(&format!("%{kind} format: a real number is required, not {name}")));
        }
        self.int_of_any(value)
    }
}

fn str_key(vm: &mut Process, key: &[u32]) -> Value {
    let text: Wtf8Buf = key.iter().filter_map(|c| CodePoint::from_u32(*c)).collect();
    vm.new_wtf8(text)
}

/// Text in a field of `%`.
fn field(text: &Wtf8, chars: usize, c: &Conversion) -> Wtf8Buf {
    let align = if c.left {
        super::Align::Left
    } else {
        super::Align::Right
    };
    super::text::pad_wtf8(text, chars, ' ', align, c.width)
}
