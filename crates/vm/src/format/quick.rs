//! Formatting by the plainest specifications (`{x:>8}`, `{n:06d}`, `{x:.2f}`) of exact str, int and float: no class is asked and no
//! string is made but the result. Whatever is not so plain is left to the full way, errors included.

use super::spec::Align;
use crate::object::Obj;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;

/// Widest field done here.
const WIDEST: usize = 100;
/// Most digits behind the point: they and the digits before it fit 64 bits.
const MOST_DIGITS: usize = 9;
/// Floats from here on are not done here.
const TOO_BIG: f64 = 1e9;

/// `[[fill]align][0][width][.precision][type]`
struct Plain {
    fill: u8,
    align: Option<Align>,
    width: usize,
    precision: Option<usize>,
    kind: Option<u8>,
}

fn align_of(byte: u8) -> Option<Align> {
    Some(match byte {
        b'<' => Align::Left,
        b'>' => Align::Right,
        b'^' => Align::Center,
        b'=' => Align::AfterSign,
        _ => return None,
    })
}

/// Reads a number of at most three digits.
fn number(text: &mut &[u8]) -> Option<Option<usize>> {
    let mut n = None;
    for _ in 0..4 {
        match *text {
            [digit @ b'0'..=b'9', rest @ ..] => {
                n = Some(n.unwrap_or(0) * 10 + usize::from(digit - b'0'));
                *text = rest;
            }
            _ => return Some(n),
        }
    }
    None
}

fn parse(mut text: &[u8]) -> Option<Plain> {
    if !text.is_ascii() {
        return None;
    }
    let (mut fill, mut align, mut fill_given) = (b' ', None, false);
    match *text {
        [c, a, ..] if align_of(a).is_some() => {
            (fill, align, fill_given) = (c, align_of(a), true);
            text = &text[2..];
        }
        [a, ..] if align_of(a).is_some() => {
            align = align_of(a);
            text = &text[1..];
        }
        _ => {}
    }
    if let ([b'0', rest @ ..], false) = (text, fill_given) {
        if align.is_none() {
            align = Some(Align::AfterSign);
        }
        fill = b'0';
        text = rest;
    }
    let width = number(&mut text)?.unwrap_or(0);
    let mut precision = None;
    if let [b'.', rest @ ..] = text {
        text = rest;
        precision = Some(number(&mut text)??);
    }
    let kind = match *text {
        [] => None,
        [kind] => Some(kind),
        _ => return None,
    };
    (width <= WIDEST).then_some(Plain {
        fill,
        align,
        width,
        precision,
        kind,
    })
}

/// Text of at most [`WIDEST`] bytes and some, made from its end.
struct Backwards {
    bytes: [u8; 2 * WIDEST],
    at: usize,
}

impl Backwards {
    fn new() -> Backwards {
        Backwards {
            bytes: [0; 2 * WIDEST],
            at: 2 * WIDEST,
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.at.checked_sub(1).and_then(|at| self.bytes.get_mut(at)) {
            *slot = byte;
            self.at -= 1;
        }
    }

    /// The decimal digits of `n`, at least one; gives the rest of `n` when only `most` digits are wanted.
    fn digits(&mut self, mut n: u64, most: usize) -> u64 {
        for i in 0..most {
            if n == 0 && i > 0 && most == usize::MAX {
                break;
            }
            self.push(b'0' + (n % 10) as u8);
            n /= 10;
        }
        n
    }

    fn text(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

/// `x * 10^precision` of a positive float below [`TOO_BIG`], rounded half to even, exactly.
fn scaled(x: f64, precision: usize) -> u64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i32;
    let mantissa = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 {
        (mantissa, -1074)
    } else {
        (mantissa | 1 << 52, exponent - 1075)
    };
    let whole = u128::from(mantissa) * 10_u128.pow(precision as u32);
    // Below 2^30 there are at least 22 bits behind the point.
    let shift = (-exponent).clamp(0, 127) as u32;
    let (quotient, rest) = (whole >> shift, whole & ((1 << shift) - 1));
    let half = (1_u128 << shift) >> 1;
    let up = rest > half || rest == half && shift > 0 && quotient & 1 == 1;
    quotient as u64 + u64::from(up)
}

impl Process {
    /// `format(v, spec)`, or `None` where it takes the full way.
    pub(crate) fn quick_format(&mut self, v: Value, spec: Value) -> Option<Value> {
        if !self.is_exact(spec, core::STR) {
            return None;
        }
        let spec = parse(self.as_pystr(spec)?.bytes())?;
        if v.is_heap() {
            return self.quick_format_text(v, &spec);
        }
        let mut out = Backwards::new();
        let negative;
        if let Some(n) = v.as_small() {
            if !matches!(spec.kind, None | Some(b'd')) || spec.precision.is_some() {
                return None;
            }
            out.digits(n.unsigned_abs(), usize::MAX);
            negative = n < 0;
        } else {
            let x = v.as_float_immediate()?;
            let precision = spec.precision.unwrap_or(6);
            if spec.kind != Some(b'f') || x.abs() >= TOO_BIG || precision > MOST_DIGITS {
                return None;
            }
            let whole = out.digits(scaled(x.abs(), precision), precision);
            if precision > 0 {
                out.push(b'.');
            }
            out.digits(whole, usize::MAX);
            negative = x.is_sign_negative();
        }
        let len = out.text().len() + usize::from(negative);
        let padding = spec.width.saturating_sub(len);
        let align = spec.align.unwrap_or(Align::Right);
        if align == Align::AfterSign {
            (0..padding).for_each(|_| out.push(spec.fill));
        }
        if negative {
            out.push(b'-');
        }
        if align == Align::AfterSign || padding == 0 {
            let text = PyStr::from_text(std::str::from_utf8(out.text()).ok()?);
            return Some(self.heap.alloc(core::STR, Obj::Str(text)));
        }
        Some(self.padded(out.text(), spec.fill, align, spec.width))
    }

    fn quick_format_text(&mut self, v: Value, spec: &Plain) -> Option<Value> {
        let align = spec.align.unwrap_or(Align::Left);
        if !self.is_exact(v, core::STR)
            || !matches!(spec.kind, None | Some(b's'))
            || spec.precision.is_some()
            || align == Align::AfterSign
        {
            return None;
        }
        let text = self.as_pystr(v)?;
        if spec.width <= text.len() {
            return Some(v);
        }
        if !text.is_ascii() {
            return None;
        }
        let text = text.clone();
        Some(self.padded(text.bytes(), spec.fill, align, spec.width))
    }

    /// ASCII of at most `width` bytes in a field.
    fn padded(&mut self, text: &[u8], fill: u8, align: Align, width: usize) -> Value {
        let padding = width.saturating_sub(text.len());
        let left = match align {
            Align::Left => 0,
            Align::Right | Align::AfterSign => padding,
            Align::Center => padding / 2,
        };
        let mut field = [fill; WIDEST];
        if let Some(room) = field.get_mut(left..left + text.len()) {
            room.copy_from_slice(text);
        }
        let field = std::str::from_utf8(field.get(..width).unwrap_or_default()).unwrap_or_default();
        self.heap.alloc(core::STR, Obj::Str(PyStr::from_text(field)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_to_even_as_the_full_way_does() {
        for (x, precision, expected) in [
            (0.125, 2, 12),
            (0.375, 2, 38),
            (2.5, 0, 2),
            (3.5, 0, 4),
            (0.1, 9, 100_000_000),
            (1.0, 0, 1),
            (0.0, 2, 0),
            (1e-30, 9, 0),
            (999_999_999.999_999_9, 0, 1_000_000_000),
            (1.005, 2, 100),
            (67_108_864.5, 0, 67_108_864),
        ] {
            assert_eq!(scaled(x, precision), expected, "{x} {precision}");
        }
    }

    #[test]
    fn reads_plain_specifications_only() {
        for text in ["", ">8", "06d", "*^12", ".2f", "<16s", "=5"] {
            assert!(parse(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["+d", "#x", ",d", "1000", ".f", "z.1f", "5.3_f"] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
