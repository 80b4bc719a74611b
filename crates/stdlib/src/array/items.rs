//! Items of rows: from values to bytes and back.

use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;
use rustpython_wtf8::CodePoint;

/// All type codes in the order of CPython.
pub const LETTERS: &str = "bBuwhHiIlLqQfd";

/// A type code and the bytes of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    pub letter: char,
    pub size: usize,
}

impl Code {
    /// None for a letter that is no type code.
    pub fn new(letter: char) -> Option<Code> {
        let size = match letter {
            'b' | 'B' => 1,
            'h' | 'H' => 2,
            'u' | 'w' | 'i' | 'I' | 'f' => 4,
            'l' | 'L' | 'q' | 'Q' | 'd' => 8,
            _ => return None,
        };
        Some(Code { letter, size })
    }

    /// Are the items characters?
    pub fn is_text(self) -> bool {
        matches!(self.letter, 'u' | 'w')
    }

    fn is_signed(self) -> bool {
        self.letter.is_ascii_lowercase()
    }

    /// What CPython says of a number out of the range, which it converts to a wider C type first.
    fn out_of_range(self, n: &BigInt) -> &'static str {
        let below = n.sign() == Sign::Minus;
        let beyond = |most: i64| n > &BigInt::from(most) || n < &BigInt::from(-most - 1);
        match (self.letter, below) {
            ('b' | 'B' | 'h' | 'H' | 'i' | 'l', _) if beyond(i64::MAX) => "Python int too large to convert to C long",
            ('I', false) if n.bits() > 64 => "Python int too large to convert to C unsigned long",
            ('b', true) if beyond(i64::from(i16::MAX)) => "signed short integer is less than minimum",
            ('b', false) if beyond(i64::from(i16::MAX)) => "signed short integer is greater than maximum",
            ('H', true) if beyond(i64::from(i32::MAX)) => "signed integer is less than minimum",
            ('H', false) if beyond(i64::from(i32::MAX)) => "signed integer is greater than maximum",
            ('b', true) => "signed char is less than minimum",
            ('b', false) => "signed char is greater than maximum",
            ('B', true) => "unsigned byte integer is less than minimum",
            ('B', false) => "unsigned byte integer is greater than maximum",
            ('h', true) => "signed short integer is less than minimum",
            ('h', false) => "signed short integer is greater than maximum",
            ('H', true) => "unsigned short is less than minimum",
            ('H', false) => "unsigned short is greater than maximum",
            ('i', true) => "signed integer is less than minimum",
            ('i', false) => "signed integer is greater than maximum",
            ('I' | 'L', true) => "can't convert negative value to unsigned int",
            ('I', false) => "unsigned int is greater than maximum",
            ('L', false) => "Python int too large to convert to C unsigned long",
            ('l', _) => "Python int too large to convert to C long",
            ('Q', true) => "can't convert negative int to unsigned",
            _ => "int too big to convert",
        }
    }
}

/// The bytes of a value as an item.
pub fn pack(p: &mut Process, code: Code, v: Value) -> NativeResult<Vec<u8>> {
    match code.letter {
        'f' => Ok((p.float_of(v)? as f32).to_le_bytes().to_vec()),
        'd' => Ok(p.float_of(v)?.to_le_bytes().to_vec()),
        'u' | 'w' => pack_character(p, v),
        _ => pack_int(p, code, v),
    }
}

fn pack_character(p: &mut Process, v: Value) -> NativeResult<Vec<u8>> {
    let Some(s) = p.as_pystr(v).cloned() else {
        let name = p.type_name(v);
        return Err(p.type_error(&format!("array item must be a unicode character, not {name}")));
    };
    match s.char_at(0) {
        Some(c) if s.len() == 1 => Ok(c.to_u32().to_le_bytes().to_vec()),
        _ => {
            let n = s.len();
            Err(p.type_error(&format!(
                "array item must be a string of length 1, not a string of length {n}"
            )))
        }
    }
}

fn pack_int(p: &mut Process, code: Code, v: Value) -> NativeResult<Vec<u8>> {
    if p.as_float(v).is_some() {
        let name = p.type_name(v);
        return Err(p.type_error(&format!("'{name}' object cannot be interpreted as an integer")));
    }
    let n = match v.as_small() {
        Some(n) => BigInt::from(n),
        None => p.index_big(v)?,
    };
    let bits = 8 * code.size as u32;
    let number = n.to_i128();
    let fits = number.is_some_and(|n| {
        if code.is_signed() {
            n >= -(1_i128 << (bits - 1)) && n < 1_i128 << (bits - 1)
        } else {
            n >= 0 && n < 1_i128 << bits
        }
    });
    match number.filter(|_| fits) {
        Some(n) => Ok(n.to_le_bytes().into_iter().take(code.size).collect()),
        None => Err(p.overflow_error(code.out_of_range(&n))),
    }
}

/// The value of an item's bytes.
pub fn unpack(p: &mut Process, code: Code, bytes: &[u8]) -> NativeResult {
    let mut wide = [0; 8];
    let n = bytes.len().min(8);
    wide[..n].copy_from_slice(&bytes[..n]);
    let number = u64::from_le_bytes(wide);
    let shift = 64 - 8 * code.size as u32;
    Ok(match code.letter {
        'f' => p.new_float(f64::from(f32::from_bits(number as u32))),
        'd' => p.new_float(f64::from_bits(number)),
        'u' | 'w' => {
            let Some(c) = CodePoint::from_u32(number as u32) else {
                return Err(p.value_error(&format!("character U+{number:x} is not in range [U+0000; U+10ffff]")));
            };
            p.new_wtf8([c].into_iter().collect())
        }
        _ if code.is_signed() => p.new_int((number << shift) as i64 >> shift),
        _ => p.new_big(BigInt::from(number)),
    })
}
