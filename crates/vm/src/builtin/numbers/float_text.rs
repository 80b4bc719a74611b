//! `float` from and to text: the shortest repr, decimal and hexadecimal literals, correct decimal rounding.

use super::int_arith::true_quotient;
use num_bigint::BigInt;
use num_traits::{One, Zero};

/// `repr(f)`: the shortest decimal that reads back as the same float.
pub fn format_float_repr(f: f64) -> String {
    if f.is_nan() {
        return "nan".to_owned();
    }
    // Whole numbers of ordinary size need no search for the shortest digits.
    if f == f.trunc() && f.abs() < 1e15 {
        if f == 0.0 {
            return if f.is_sign_negative() { "-0.0" } else { "0.0" }.to_owned();
        }
        return format!("{}.0", f as i64);
    }
    rustpython_literal::float::to_string(f)
}

/// Parses what `float(text)` accepts, of ASCII text.
pub fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(super::int_text::is_ascii_space);
    let joined;
    let text = if text.contains('_') {
        joined = without_underscores(text)?;
        &joined
    } else {
        text
    };
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let value = match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            let starts_well = unsigned.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'.');
            let plain = unsigned
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
            if !starts_well || !plain {
                return None;
            }
            unsigned.parse::<f64>().ok()?
        }
    };
    Some(if negative { -value } else { value })
}

/// Underscores are allowed between digits only.
pub fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
    let misplaced = |(i, &b): (usize, &u8)| b == b'_' && !(digit(i.checked_sub(1)) && digit(Some(i + 1)));
    if bytes.iter().enumerate().any(misplaced) {
        return None;
    }
    Some(text.replace('_', ""))
}

/// `round(x, digits)` for finite `x`: the decimal nearest to the exact value of `x`, ties to even, then the float nearest to that.
pub fn round_decimal(x: f64, digits: i32) -> f64 {
    if digits >= 0 {
        // Rust formats the exact binary value, rounding ties to even.
        return format!("{x:.*}", digits as usize).parse().unwrap_or(x);
    }
    let unit = BigInt::from(10).pow(digits.unsigned_abs());
    let (numerator, denominator) = exact_fraction(x.abs());
    let whole = &denominator * &unit;
    let (q, r): (BigInt, BigInt) = num_integer::Integer::div_rem(&numerator, &whole);
    let twice = r * 2u32;
    let odd = q.bit(0);
    let up = twice > whole || (twice == whole && odd);
    let result = (q + u32::from(up)) * unit;
    true_quotient(&result, &BigInt::one()).copysign(x)
}

/// A finite positive float as a fraction of integers.
fn exact_fraction(x: f64) -> (BigInt, BigInt) {
    let (m, e) = libm::frexp(x);
    let whole = BigInt::from((m * 9_007_199_254_740_992.0) as u64);
    let e = e - 53;
    if e >= 0 {
        (whole << e as u32, BigInt::one())
    } else {
        (whole, BigInt::one() << e.unsigned_abs())
    }
}

/// `x.hex()`
pub fn to_hex(x: f64) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) & 0x7FF {
        0 => format!("{sign}0x0.{fraction:013x}p-1022"),
        e => format!("{sign}0x1.{fraction:013x}p{:+}", e as i64 - 1023),
    }
}

/// Why a hexadecimal literal is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    Invalid,
    TooLarge,
}

/// `float.fromhex(text)`
pub fn from_hex(text: &str) -> Result<f64, HexError> {
    let text = text.trim_matches(super::int_text::is_ascii_space).to_ascii_lowercase();
    let (sign, rest) = match text.as_bytes().first() {
        Some(b'-') => (-1.0, &text[1..]),
        Some(b'+') => (1.0, &text[1..]),
        _ => (1.0, &text[..]),
    };
    match rest {
        "inf" | "infinity" => return Ok(sign * f64::INFINITY),
        "nan" => return Ok(f64::NAN.copysign(sign)),
        _ => {}
    }
    let rest = rest.strip_prefix("0x").unwrap_or(rest);
    let (digits, exponent) = match rest.split_once('p') {
        Some((digits, exponent)) => {
            let plain = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if plain.is_empty() || !plain.bytes().all(|b| b.is_ascii_digit()) {
                return Err(HexError::Invalid);
            }
            // Exponents too long to parse are beyond any range, unless the digits are all zero.
            let limit = if exponent.starts_with('-') {
                i64::MIN / 4
            } else {
                i64::MAX / 4
            };
            (
                digits,
                exponent
                    .parse::<i64>()
                    .unwrap_or(limit)
                    .clamp(i64::MIN / 4, i64::MAX / 4),
            )
        }
        None => (rest, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(HexError::Invalid);
    }
    let value = BigInt::parse_bytes(all.as_bytes(), 16).unwrap_or_default();
    if value.is_zero() {
        return Ok(sign * 0.0);
    }
    let exponent = exponent.saturating_sub(4 * fraction.len() as i64);
    let top = exponent.saturating_add(value.bits() as i64);
    if top > 1024 {
        return Err(HexError::TooLarge);
    }
    if top < -1080 {
        return Ok(sign * 0.0);
    }
    let result = if exponent >= 0 {
        true_quotient(&(value << exponent as u64), &BigInt::one())
    } else {
        true_quotient(&value, &(BigInt::one() << exponent.unsigned_abs()))
    };
    if result.is_infinite() {
        return Err(HexError::TooLarge);
    }
    Ok(sign * result)
}
