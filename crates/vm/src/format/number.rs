//! Formatting of `int`, `float` and `complex` by a specification, and the layout of signs, groups and padding they share.

use super::spec::{Align, FormatSpec};
use crate::builtin::numbers::big_work::linear_ns;
use crate::builtin::numbers::{complex_repr, format_float_repr};
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use num_bigint::{BigInt, Sign};

/// The parts of a formatted number before padding.
#[derive(Debug, Default)]
struct Parts {
    negative: bool,
    prefix: &'static str,
    /// Digits before the point; empty for `inf` and `nan`.
    digits: String,
    /// Digits behind the point.
    fraction: String,
    point: bool,
    /// Exponent, per cent sign, `inf`.
    rest: String,
}

/// Digits with separators, filled with zeros in front to at least `width` characters (separators counted).
fn group(digits: &str, separator: Option<char>, size: usize, width: usize) -> String {
    let Some(separator) = separator else {
        return format!("{digits:0>width$}");
    };
    let mut out: Vec<char> = Vec::with_capacity(digits.len() * 4 / 3 + 1);
    let mut left = digits.chars().rev();
    let mut remaining = digits.chars().count();
    let mut room = width as i64;
    loop {
        let n = size.min((remaining as i64).max(room).max(1) as usize);
        for _ in 0..n {
            out.push(left.next().unwrap_or('0'));
        }
        remaining = remaining.saturating_sub(n);
        room -= n as i64;
        if remaining == 0 && room <= 0 {
            break;
        }
        out.push(separator);
        room -= 1;
    }
    out.into_iter().rev().collect()
}

/// Digits behind the point in groups of three from the point on.
fn group_fraction(fraction: &str, separator: Option<char>) -> String {
    let Some(separator) = separator else {
        return fraction.to_owned();
    };
    let mut out = String::with_capacity(fraction.len() * 4 / 3);
    for (i, c) in fraction.chars().enumerate() {
        if i > 0 && i % 3 == 0 {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

/// Puts sign, prefix, padding, groups, point and rest together.
fn assemble(parts: &Parts, spec: &FormatSpec, group_size: usize) -> String {
    let sign = match (parts.negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    };
    let fraction = group_fraction(&parts.fraction, spec.fraction_grouping);
    let tail = format!("{}{fraction}{}", if parts.point { "." } else { "" }, parts.rest);
    let others = sign.len() + parts.prefix.len() + tail.chars().count();
    let width = spec.width.unwrap_or(0);
    let zeros = if spec.fill == '0' && spec.align == Align::AfterSign {
        width.saturating_sub(others)
    } else {
        0
    };
    let digits = if parts.digits.is_empty() {
        String::new()
    } else {
        group(&parts.digits, spec.grouping, group_size, zeros)
    };
    let padding = width.saturating_sub(others + digits.chars().count());
    let (left, inner, right) = match spec.align {
        Align::Left => (0, 0, padding),
        Align::Right => (padding, 0, 0),
        Align::Center => (padding / 2, 0, padding - padding / 2),
        Align::AfterSign => (0, padding, 0),
    };
    let fill = |n: usize| std::iter::repeat_n(spec.fill, n).collect::<String>();
    format!(
        "{}{sign}{}{}{digits}{tail}{}",
        fill(left),
        parts.prefix,
        fill(inner),
        fill(right)
    )
}

/// Splits what a conversion of a float gave into its parts.
fn split_number(text: &str, negative: bool) -> Parts {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let (point, rest) = match rest.strip_prefix('.') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let end = if point {
        rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    } else {
        0
    };
    Parts {
        negative,
        prefix: "",
        digits: digits.to_owned(),
        fraction: rest[..end].to_owned(),
        point,
        rest: rest[end..].to_owned(),
    }
}

/// Most digits that Rust's formatting of floats takes; a double has no more than 1075 of them, so zeros follow.
const MOST_DIGITS: usize = 2000;

/// `%f`: a finite, non-negative float with so many digits behind the point.
fn fixed(x: f64, precision: usize) -> String {
    let mut text = format!("{x:.*}", precision.min(MOST_DIGITS));
    text.extend(std::iter::repeat_n('0', precision.saturating_sub(MOST_DIGITS)));
    text
}

/// Digits and decimal exponent of `x` rounded to `precision + 1` significant digits: `d.ddd` and `e`.
fn scientific(x: f64, precision: usize) -> (String, i32) {
    let text = format!("{x:.*e}", precision.min(MOST_DIGITS));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut mantissa = mantissa.to_owned();
    mantissa.extend(std::iter::repeat_n('0', precision.saturating_sub(MOST_DIGITS)));
    (mantissa, exponent.parse().unwrap_or(0))
}

fn with_exponent(mantissa: &str, e: i32) -> String {
    let sign = if e < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", e.unsigned_abs())
}

/// A non-negative float by one of `e f g r` (`r`: repr), as C's printf would; `alternate` keeps the point and trailing zeros.
pub fn float_digits(x: f64, kind: char, precision: usize, alternate: bool) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    if x.is_infinite() {
        return "inf".to_owned();
    }
    let add_point = |mut text: String| {
        if alternate && !text.contains('.') {
            let at = text.find('e').unwrap_or(text.len());
            text.insert(at, '.');
        }
        text
    };
    match kind {
        'f' => add_point(fixed(x, precision)),
        'e' => {
            let (mantissa, e) = scientific(x, precision);
            add_point(with_exponent(&mantissa, e))
        }
        'r' => add_point(format_float_repr(x)),
        _ => {
            let precision = precision.max(1);
            let (mantissa, e) = scientific(x, precision - 1);
            let shorten = |text: String| {
                if alternate || !text.contains('.') {
                    return text;
                }
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            };
            if e < -4 || e as i64 >= precision as i64 {
                add_point(with_exponent(&shorten(mantissa), e))
            } else {
                add_point(shorten(fixed(x, (precision as i64 - 1 - i64::from(e)) as usize)))
            }
        }
    }
}

impl Process {
    fn spec_text(&mut self, spec: Value, class: &str) -> NativeResult<Option<String>> {
        match self.as_pystr(spec) {
            Some(s) if s.is_empty() => Ok(None),
            Some(s) => Ok(Some(s.lossy().into_owned())),
            None => {
                let _ = class;
                let name = self.type_name(spec);
                Err(self.type_error(&format!("__format__() argument must be str, not {name}")))
            }
        }
    }

    /// `format(v, spec)` of an int.
    pub fn format_int(&mut self, v: Value, spec: Value) -> NativeResult {
        let class = self.type_name(v);
        let Some(text) = self.spec_text(spec, &class)? else {
            return self.str(v);
        };
        let spec = self.parse_format_spec(&text, &class, Align::Right)?;
        match spec.kind {
            None | Some('d' | 'b' | 'o' | 'x' | 'X' | 'n' | 'c') => {
                let text = self.int_by_spec(v, &spec)?;
                Ok(self.new_str(&text))
            }
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                let x = self.int_to_f64(v)?;
                let text = self.float_by_spec(x, &spec)?;
                Ok(self.new_str(&text))
            }
            Some(kind) => Err(self.unknown_format_code(kind, &class)),
        }
    }

    /// The text of an int by a specification with an integer's presentation type.
    pub fn int_by_spec(&mut self, v: Value, spec: &FormatSpec) -> NativeResult<String> {
        if spec.precision.is_some() {
            return Err(self.value_error("Precision not allowed in integer format specifier"));
        }
        if spec.no_negative_zero {
            return Err(self.value_error("Negative zero coercion (z) not allowed in integer format specifier"));
        }
        self.check_size(spec.width.unwrap_or(0) as u64)?;
        if spec.kind == Some('c') {
            return self.char_by_spec(v, spec);
        }
        let (radix, prefix, size) = match spec.kind {
            Some('b') => (2, "0b", 4),
            Some('o') => (8, "0o", 4),
            Some('x') => (16, "0x", 4),
            Some('X') => (16, "0X", 4),
            _ => (10, "", 3),
        };
        let n = self.as_bigint(v).unwrap_or_default();
        if radix != 10 {
            self.charge(linear_ns(n.bits()).saturating_mul(20));
        }
        let mut digits = if radix == 10 {
            self.int_repr(v)?.trim_start_matches('-').to_owned()
        } else {
            n.magnitude().to_str_radix(radix)
        };
        if spec.kind == Some('X') {
            digits.make_ascii_uppercase();
        }
        let parts = Parts {
            negative: n.sign() == Sign::Minus,
            prefix: if spec.alternate { prefix } else { "" },
            digits,
            ..Parts::default()
        };
        Ok(assemble(&parts, spec, size))
    }

    fn char_by_spec(&mut self, v: Value, spec: &FormatSpec) -> NativeResult<String> {
        if spec.sign.is_some() {
            return Err(self.value_error("Sign not allowed with integer format specifier 'c'"));
        }
        if spec.alternate {
            return Err(self.value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
        }
        let Some(n) = self.as_i64(v) else {
            return Err(self.overflow_error("Python int too large to convert to C long"));
        };
        let Some(c) = u32::try_from(n).ok().filter(|n| *n <= 0x10_FFFF) else {
            return Err(self.overflow_error("%c arg not in range(0x110000)"));
        };
        let parts = Parts {
            rest: char::from_u32(c).unwrap_or('\u{FFFD}').to_string(),
            ..Parts::default()
        };
        Ok(assemble(&parts, spec, 3))
    }

    /// `format(v, spec)` of a float.
    pub fn format_float(&mut self, v: Value, spec: Value) -> NativeResult {
        let class = self.type_name(v);
        let Some(text) = self.spec_text(spec, &class)? else {
            return self.str(v);
        };
        let spec = self.parse_format_spec(&text, &class, Align::Right)?;
        match spec.kind {
            None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => {
                let x = self.as_float(v).unwrap_or_default();
                let text = self.float_by_spec(x, &spec)?;
                Ok(self.new_str(&text))
            }
            Some(kind) => Err(self.unknown_format_code(kind, &class)),
        }
    }

    /// The text of a float by a specification.
    pub fn float_by_spec(&mut self, x: f64, spec: &FormatSpec) -> NativeResult<String> {
        self.check_precision(spec)?;
        let parts = float_parts(x, spec, spec.kind);
        Ok(assemble(&parts, spec, 3))
    }

    fn check_precision(&mut self, spec: &FormatSpec) -> NativeResult<()> {
        if spec.precision.is_some_and(|p| p > i32::MAX as usize) {
            return Err(self.value_error("precision too big"));
        }
        self.check_size((spec.precision.unwrap_or(0) + spec.width.unwrap_or(0)) as u64)
    }

    /// `format(v, spec)` of a complex.
    pub fn format_complex(&mut self, v: Value, spec: Value) -> NativeResult {
        let class = self.type_name(v);
        let Some(text) = self.spec_text(spec, &class)? else {
            return self.str(v);
        };
        let spec = self.parse_format_spec(&text, &class, Align::Right)?;
        if let Some(kind) = spec.kind
            && !matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n')
        {
            return Err(self.unknown_format_code(kind, &class));
        }
        if spec.fill == '0' {
            return Err(self.value_error("Zero padding is not allowed in complex format specifier"));
        }
        if spec.align == Align::AfterSign {
            return Err(self.value_error("'=' alignment flag is not allowed in complex format specifier"));
        }
        self.check_precision(&spec)?;
        let (re, im) = self.as_complex(v).unwrap_or_default();
        let text = complex_by_spec(re, im, &spec);
        let padded = super::text::pad(&text, spec.fill, spec.align, spec.width.unwrap_or(0));
        Ok(self.new_str(&padded))
    }
}

fn complex_by_spec(re: f64, im: f64, spec: &FormatSpec) -> String {
    let plain = FormatSpec {
        width: None,
        ..spec.clone()
    };
    if spec.kind.is_none()
        && spec.precision.is_none()
        && spec.grouping.is_none()
        && spec.sign.is_none()
        && !spec.alternate
    {
        return complex_repr(re, im);
    }
    // Without a type, parts are shown like `repr` shows them, without ".0", and in parentheses.
    let bare = spec.kind.is_none();
    let kind = if bare {
        Some(if spec.precision.is_none() { 'r' } else { 'g' })
    } else {
        spec.kind
    };
    let part = |x: f64, spec: &FormatSpec| assemble(&float_parts(x, spec, kind), spec, 3);
    let signed = FormatSpec {
        sign: Some('+'),
        ..plain.clone()
    };
    if bare && re == 0.0 && !re.is_sign_negative() {
        return format!("{}j", part(im, &plain));
    }
    let body = format!("{}{}j", part(re, &plain), part(im, &signed));
    if bare { format!("({body})") } else { body }
}

/// The parts of a float. `kind` may be `r` here: repr without ".0".
fn float_parts(x: f64, spec: &FormatSpec, kind: Option<char>) -> Parts {
    let percent = kind == Some('%');
    let x = if percent { x * 100.0 } else { x };
    let size = x.abs();
    let (style, precision) = match (kind, spec.precision) {
        (None, None) => ('r', 0),
        (None, Some(p)) => ('g', p),
        (Some('r'), _) => ('r', 0),
        (Some('%' | 'f' | 'F'), p) => ('f', p.unwrap_or(6)),
        (Some('e' | 'E'), p) => ('e', p.unwrap_or(6)),
        (Some(_), p) => ('g', p.unwrap_or(6)),
    };
    let mut text = float_digits(size, style, precision, spec.alternate);
    if kind.is_none() && style == 'g' {
        text = with_one_decimal(text, size, precision, spec.alternate);
    }
    if kind == Some('r') && !spec.alternate {
        text = text.strip_suffix(".0").map(str::to_owned).unwrap_or(text);
    }
    if matches!(kind, Some('E' | 'G' | 'F')) {
        text.make_ascii_uppercase();
    }
    if percent {
        text.push('%');
    }
    let mut negative = x.is_sign_negative() && !x.is_nan();
    if spec.no_negative_zero
        && negative
        && !text
            .bytes()
            .take_while(|b| *b != b'e')
            .any(|b| matches!(b, b'1'..=b'9'))
        && size.is_finite()
    {
        negative = false;
    }
    split_number(&text, negative)
}

/// Without a presentation type a float with precision is `g`, but shows at least one digit behind the point, and turns to exponents
/// one digit earlier.
fn with_one_decimal(text: String, x: f64, precision: usize, alternate: bool) -> String {
    if !x.is_finite() || text.contains('e') {
        return text;
    }
    let (_, e) = scientific(x, precision.max(1) - 1);
    if i64::from(e) + 1 >= precision.max(1) as i64 {
        let (mantissa, e) = scientific(x, precision.max(1) - 1);
        let mantissa = if alternate || !mantissa.contains('.') {
            mantissa
        } else {
            mantissa.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        return with_exponent(&mantissa, e);
    }
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// An int as `%o`, `%x` or `%X` wants it: sign, prefix and digits apart, at least `precision` digits.
pub fn int_for_percent(n: &BigInt, kind: char, alternate: bool, precision: usize) -> (bool, &'static str, String) {
    let (radix, prefix) = match kind {
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        _ => (16, "0X"),
    };
    let mut digits = n.magnitude().to_str_radix(radix);
    if kind == 'X' {
        digits.make_ascii_uppercase();
    }
    let digits = format!("{digits:0>precision$}");
    (n.sign() == Sign::Minus, if alternate { prefix } else { "" }, digits)
}
