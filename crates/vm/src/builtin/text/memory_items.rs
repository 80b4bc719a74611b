//! Items of buffers: reading and writing one native `struct` format character, as `memoryview` and `array` need it.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use num_bigint::{BigInt, Sign};

/// Bytes that an item of a format takes, on 64-bit Linux; `None` for formats that are none.
pub fn item_size(format: char) -> Option<usize> {
    Some(match format {
        'b' | 'B' | 'c' | '?' => 1,
        'h' | 'H' | 'e' => 2,
        'i' | 'I' | 'f' => 4,
        'l' | 'L' | 'q' | 'Q' | 'n' | 'N' | 'd' | 'P' => 8,
        _ => return None,
    })
}

/// Is the format a signed integer?
fn is_signed(format: char) -> bool {
    matches!(format, 'b' | 'h' | 'i' | 'l' | 'q' | 'n')
}

/// Half precision to double.
pub fn half_to_f64(half: u16) -> f64 {
    let sign = if half & 0x8000 != 0 { -1.0 } else { 1.0 };
    let exponent = i32::from((half >> 10) & 0x1F);
    let fraction = f64::from(half & 0x3FF);
    sign * match exponent {
        0 => libm::ldexp(fraction, -24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        e => libm::ldexp(fraction + 1024.0, e - 25),
    }
}

/// Double to half precision, ties to even; `None` when too large.
pub fn f64_to_half(x: f64) -> Option<u16> {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    if x.is_nan() {
        return Some(sign | 0x7E00);
    }
    if x.is_infinite() {
        return Some(sign | 0x7C00);
    }
    let size = x.abs();
    if size == 0.0 {
        return Some(sign);
    }
    let (_, e) = libm::frexp(size);
    // Ten fraction bits below the leading one; at 2^-14 and less the unit stays 2^-24.
    let unit = (e - 11).max(-24);
    let units = libm::ldexp(size, -unit).round_ties_even() as u32;
    let exponent = unit + 24;
    // `units` runs up to 2048: a carry moves into the exponent by itself.
    let bits = if units < 1024 {
        units
    } else {
        ((exponent as u32) << 10) + units
    };
    (bits < 0x7C00).then_some(sign | bits as u16)
}

impl Process {
    /// The value of an item; `bytes` are exactly its size.
    pub fn item_value(&mut self, format: char, bytes: &[u8]) -> Value {
        match (format, bytes) {
            ('c', _) => self.new_bytes(bytes),
            ('?', _) => Value::from_bool(bytes.iter().any(|b| *b != 0)),
            ('e', &[a, b]) => self.new_float(half_to_f64(u16::from_le_bytes([a, b]))),
            ('f', &[a, b, c, d]) => self.new_float(f64::from(f32::from_le_bytes([a, b, c, d]))),
            ('d', _) => {
                let bits = bytes.try_into().map(f64::from_le_bytes).unwrap_or_default();
                self.new_float(bits)
            }
            _ if is_signed(format) => self.new_big(BigInt::from_signed_bytes_le(bytes)),
            _ => self.new_big(BigInt::from_bytes_le(Sign::Plus, bytes)),
        }
    }

    /// The bytes of a value as an item; TypeError and ValueError name a memoryview.
    pub fn item_bytes(&mut self, format: char, v: Value) -> NativeResult<Vec<u8>> {
        let wrong_type =
            |vm: &mut Process| Err(vm.type_error(&format!("memoryview: invalid type for format '{format}'")));
        let size = item_size(format).unwrap_or(1);
        match format {
            'c' => match self.as_bytes(v) {
                Some([b]) => Ok(vec![*b]),
                Some(_) => Err(self.value_error("memoryview: invalid value for format 'c'")),
                None => wrong_type(self),
            },
            '?' => Ok(vec![u8::from(self.truth(v)?)]),
            'e' | 'f' | 'd' => {
                if self.as_float(v).is_none() && !self.is_int(v) && self.special(v, crate::names::FLOAT)?.is_none() {
                    return wrong_type(self);
                }
                let x = self.float_of(v)?;
                Ok(match format {
                    'd' => x.to_le_bytes().to_vec(),
                    'f' => (x as f32).to_le_bytes().to_vec(),
                    _ => f64_to_half(x).unwrap_or(0x7C00).to_le_bytes().to_vec(),
                })
            }
            _ => {
                if !self.is_int(v) && self.special(v, crate::names::INDEX)?.is_none() {
                    return wrong_type(self);
                }
                let n = self.index_big(v)?;
                let signed = is_signed(format);
                let fits = match (signed, n.sign()) {
                    (false, Sign::Minus) => false,
                    (false, _) => n.bits() <= 8 * size as u64,
                    (true, Sign::Minus) => (&n + 1u32).bits() < 8 * size as u64,
                    (true, _) => n.bits() < 8 * size as u64,
                };
                if !fits {
                    return Err(self.value_error(&format!("memoryview: invalid value for format '{format}'")));
                }
                let mut bytes = n.to_signed_bytes_le();
                bytes.resize(size, if n.sign() == Sign::Minus { 0xFF } else { 0 });
                Ok(bytes)
            }
        }
    }
}
