//! `int` from and to text: every base, underscores, decimal digits of all scripts, and CPython's limit on digits.

use super::big_work::{decimal_ns, from_decimal};
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use num_bigint::{BigInt, Sign};
use num_traits::Zero;

/// `sys.get_int_max_str_digits()` at start.
const DEFAULT_MAX_STR_DIGITS: i64 = 4300;
/// Below this many digits the limit is never asked for.
const MAX_STR_DIGITS_THRESHOLD: usize = 640;
/// Where the limit is kept among the states of modules.
const LIMIT_KEY: &str = "sys.int_max_str_digits";

impl Process {
    /// `sys.get_int_max_str_digits()`; 0 = no limit.
    pub fn int_max_str_digits(&self) -> i64 {
        let kept = self.module_state.get(LIMIT_KEY).and_then(|values| values.first());
        kept.and_then(|v| v.as_small()).unwrap_or(DEFAULT_MAX_STR_DIGITS)
    }

    /// `sys.set_int_max_str_digits(limit)`, its argument already checked.
    pub fn set_int_max_str_digits(&mut self, limit: i32) {
        self.module_state.insert(LIMIT_KEY, vec![Value::from_i32(limit)]);
    }

    /// The decimal text of an int; ValueError beyond the limit on digits.
    pub fn int_repr(&mut self, v: Value) -> NativeResult<String> {
        if let Some(n) = self.as_i64(v) {
            return Ok(n.to_string());
        }
        let Some(n) = self.as_bigint(v) else {
            return Err(self.system_error("an int without payload"));
        };
        let limit = self.int_max_str_digits();
        // From below: an int that surely has too many digits is not converted first.
        let surely = ((n.bits() - 1) as f64 * std::f64::consts::LOG10_2) as i64;
        if limit > 0 && surely > limit {
            return Err(self.too_many_digits(limit));
        }
        let text = self.long_work(decimal_ns(n.bits()), |p| {
            let text = n.to_str_radix(10);
            Ok(p.new_str(&text))
        })?;
        let text = self.as_str(text).unwrap_or_default().to_owned();
        if limit > 0 && text.trim_start_matches('-').len() as i64 > limit {
            return Err(self.too_many_digits(limit));
        }
        Ok(text)
    }

    #[cold]
    fn too_many_digits(&mut self, limit: i64) -> crate::native::Unwind {
        self.value_error(&format!(
            "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
        ))
    }

    /// `int(text, base)` for the text of a `str` or of bytes; `shown` is its repr for the message.
    pub fn int_from_text(&mut self, text: &str, base: u32, shown: impl FnOnce(&mut Process) -> String) -> NativeResult {
        let ascii = to_ascii_digits(text);
        self.charge(ascii.len() as u64 * 2);
        match parse_int(&ascii, base) {
            Some(Parsed { value, digits, decimal }) => {
                let limit = self.int_max_str_digits();
                if decimal && digits > MAX_STR_DIGITS_THRESHOLD && limit > 0 && digits as i64 > limit {
                    return Err(self.value_error(&format!(
                        "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
                    )));
                }
                match value {
                    Ok(n) => Ok(self.new_big(n)),
                    Err((text, radix)) => {
                        let digits = digits as u64;
                        let ns = match radix {
                            10 => decimal_ns(digits.saturating_mul(10) / 3),
                            _ => digits.saturating_mul(digits) / 200,
                        };
                        self.long_work(ns, |p| Ok(p.new_big(from_digits(&text, radix))))
                    }
                }
            }
            None => {
                let shown = shown(self);
                Err(self.value_error(&format!("invalid literal for int() with base {base}: {shown}")))
            }
        }
    }
}

/// What [`parse_int`] found: digits too many to convert before the limit is checked stay text.
pub struct Parsed {
    /// The number, or many digits with their sign, and their base.
    value: Result<BigInt, (String, u32)>,
    digits: usize,
    decimal: bool,
}

impl Parsed {
    /// The number, whatever its length.
    pub fn into_value(self) -> BigInt {
        self.value.unwrap_or_else(|(text, radix)| from_digits(&text, radix))
    }
}

fn from_digits(text: &str, radix: u32) -> BigInt {
    if radix != 10 {
        return BigInt::parse_bytes(text.as_bytes(), radix).unwrap_or_default();
    }
    match text.strip_prefix('-') {
        Some(digits) => -BigInt::from(from_decimal(digits)),
        None => from_decimal(text).into(),
    }
}

/// Decimal digits of other scripts as ASCII digits, other white space as spaces, everything else that is not ASCII as `?`.
pub fn to_ascii_digits(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let convert = |c: char| {
        if c.is_ascii() {
            return c;
        }
        if crate::builtin::text::is_space(c) {
            return ' ';
        }
        decimal_value(c).and_then(|d| char::from_digit(d, 10)).unwrap_or('?')
    };
    text.chars().map(convert).collect::<String>().into()
}

/// The value of a decimal digit of any script.
pub fn decimal_value(c: char) -> Option<u32> {
    if let Some(d) = c.to_digit(10) {
        return Some(d);
    }
    let is_decimal = |code: u32| char::from_u32(code).is_some_and(rustpython_unicode::classify::is_decimal);
    let code = c as u32;
    if !is_decimal(code) {
        return None;
    }
    // Decimal digits stand in runs of ten from zero on: those of the run that stand before this one are counted.
    Some((0..code).rev().take_while(|&before| is_decimal(before)).count() as u32 % 10)
}

/// White space for numbers in ASCII text.
pub fn is_ascii_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1f')
}

/// Parses ASCII text as `int(text, base)` does: white space around, sign, prefix of the base (any with base 0), underscores between digits.
pub fn parse_int(text: &str, base: u32) -> Option<Parsed> {
    let text = text.trim_matches(is_ascii_space);
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = match rest.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 0,
    };
    let mut radix = base;
    if prefix != 0 && (base == 0 || base == prefix) {
        radix = prefix;
        rest = &rest[2..];
        rest = rest.strip_prefix('_').unwrap_or(rest);
    } else if base == 0 {
        radix = 10;
        // A decimal literal has no leading zeros, unless it is zero.
        if rest.starts_with('0') && rest.bytes().any(|b| b != b'0' && b != b'_') {
            return None;
        }
    }
    let mut digits = String::with_capacity(rest.len());
    let mut after_digit = false;
    for c in rest.chars() {
        if c == '_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
        } else {
            c.to_digit(radix)?;
            digits.push(c);
            after_digit = true;
        }
    }
    if !after_digit {
        return None;
    }
    let count = digits.len();
    let decimal = !radix.is_power_of_two();
    if decimal && count > MAX_STR_DIGITS_THRESHOLD {
        if negative {
            digits.insert(0, '-');
        }
        return Some(Parsed {
            value: Err((digits, radix)),
            digits: count,
            decimal,
        });
    }
    let mut value = match i64::from_str_radix(&digits, radix) {
        Ok(n) => BigInt::from(n),
        Err(_) => BigInt::parse_bytes(digits.as_bytes(), radix)?,
    };
    if negative {
        value = -value;
    }
    Some(Parsed {
        value: Ok(value),
        digits: count,
        decimal,
    })
}

/// The digits of an int in a base up to 36, with sign and without prefix.
pub fn int_to_string(n: &BigInt, radix: u32) -> String {
    n.to_str_radix(radix)
}

/// `hex`, `oct` and `bin`: with sign and prefix. Bases 2, 8 and 16.
pub fn prefixed(n: &BigInt, radix: u32) -> String {
    let prefix = match radix {
        2 => "0b",
        8 => "0o",
        _ => "0x",
    };
    let sign = if n.sign() == Sign::Minus { "-" } else { "" };
    let digits = if n.is_zero() {
        "0".to_owned()
    } else {
        n.magnitude().to_str_radix(radix)
    };
    format!("{sign}{prefix}{digits}")
}
