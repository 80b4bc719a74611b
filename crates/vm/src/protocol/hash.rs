//! Hashing. Numbers hash as CPython's on a 64-bit machine (modulo 2^61 - 1), tuples by its xxHash variant, everything without a hash
//! of its own by its place on the heap.

use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};

const MODULUS: i64 = (1 << 61) - 1;
const IMAGINARY: i64 = 1_000_003;

/// Hash of an integer of any size.
pub fn hash_bigint(n: &BigInt) -> i64 {
    let rest = n.abs().mod_floor(&BigInt::from(MODULUS)).to_i64().unwrap_or(0);
    finish(if n.is_negative() { -rest } else { rest })
}

fn hash_wide(n: i128) -> i64 {
    let rest = (n.unsigned_abs() % MODULUS as u128) as i64;
    finish(if n < 0 { -rest } else { rest })
}

fn hash_i64(n: i64) -> i64 {
    let rest = (n.unsigned_abs() % MODULUS as u64) as i64;
    finish(if n < 0 { -rest } else { rest })
}

/// Hash of a float; equal to that of the integer of the same value. `identity` stands in for NaN, whose hash is the object's own.
pub fn hash_float(f: f64, identity: i64) -> i64 {
    if f.is_nan() {
        return identity;
    }
    if f.is_infinite() {
        return if f > 0.0 { 314_159 } else { -314_159 };
    }
    let bits = f.abs().to_bits();
    let exponent = (bits >> 52) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | 1 << 52, exponent - 1075)
    };
    // 2^61 is 1 modulo the modulus: multiplying by a power of two rotates 61 bits.
    let turn = exponent.rem_euclid(61) as u32;
    let m = mantissa as u128 % MODULUS as u128;
    let rest = ((m << turn) % MODULUS as u128) as i64;
    finish(if f < 0.0 { -rest } else { rest })
}

fn finish(h: i64) -> i64 {
    if h == -1 { -2 } else { h }
}

/// Tuples nested deeper than this are not hashed: a RecursionError instead of an overflow of Rust's stack.
const DEEPEST_TUPLE: u32 = 400;

impl Process {
    /// `hash(v)`
    #[inline]
    pub fn hash(&mut self, v: Value) -> NativeResult<i64> {
        if let Some(n) = v.as_small() {
            return Ok(hash_i64(n));
        }
        if self.is_exact(v, core::STR)
            && let Some(s) = self.as_pystr(v)
        {
            return Ok(s.hash());
        }
        self.hash_slow(v)
    }

    fn hash_slow(&mut self, v: Value) -> NativeResult<i64> {
        let class = self.type_of(v);
        let Some(method) = self.lookup_in_type(class, names::HASH).filter(|m| !m.is_none()) else {
            let name = self.shown_type(v);
            return Err(self.type_error(&format!("unhashable type: '{name}'")));
        };
        if self.as_native(method).is_some() {
            if let Some(h) = self.payload_hash(v) {
                return Ok(h);
            }
            if Some(method) == self.lookup_in_type(core::OBJECT, names::HASH) {
                return Ok(self.identity_hash(v));
            }
            if let Some(items) = self.as_tuple(v).map(<[Value]>::to_vec) {
                // Tuples in tuples recurse here, in Rust.
                if self.activation.depth >= DEEPEST_TUPLE {
                    return Err(self.recursion_error());
                }
                self.activation.depth += 1;
                let hash = self.hash_items(&items);
                self.activation.depth -= 1;
                return hash;
            }
        }
        let result = self.call_found(method, v, &[])?;
        if !self.is_int(result) {
            return Err(self.type_error("__hash__ method should return an integer"));
        }
        Ok(match self.as_i64(result) {
            Some(n) => finish(n),
            None => self.as_bigint(result).map_or(0, |n| hash_bigint(&n)),
        })
    }

    /// The hash that follows from the payload alone: numbers, strings, bytes, singletons. The natives `int.__hash__` and its like
    /// answer with this (not with [`Process::hash`], which asks the class first).
    pub fn payload_hash(&self, v: Value) -> Option<i64> {
        if let Some(n) = v.as_small() {
            return Some(hash_i64(n));
        }
        if let Some(f) = v.as_float_immediate() {
            return Some(hash_float(f, 0));
        }
        match v {
            Value::TRUE => return Some(1),
            Value::FALSE => return Some(0),
            Value::NONE => return Some(0xFCA8_6420),
            Value::ELLIPSIS | Value::NOT_IMPLEMENTED => return Some(self.identity_hash(v)),
            _ => {}
        }
        match self.heap.object(v)? {
            Obj::Wide(n) => Some(hash_wide(Obj::wide_value(*n))),
            Obj::Long(n) => Some(hash_bigint(&n.to_big())),
            Obj::Int(n) => Some(hash_bigint(n)),
            Obj::Float(f) => Some(hash_float(*f, self.identity_hash(v))),
            Obj::Complex(re, im) => {
                let identity = self.identity_hash(v);
                let (re, im) = (hash_float(*re, identity), hash_float(*im, identity));
                Some(finish(re.wrapping_add(im.wrapping_mul(IMAGINARY))))
            }
            Obj::Str(s) => Some(s.hash()),
            Obj::Bytes(b) => Some(crate::pystr::hash_bytes(b)),
            _ => None,
        }
    }

    /// The hash of an object as such: from its place on the heap, the same in every run.
    pub fn identity_hash(&self, v: Value) -> i64 {
        finish((v.bits().wrapping_mul(2) | 1 << 32) as i64 >> 1)
    }

    /// Hash of a tuple of these items.
    pub fn hash_items(&mut self, items: &[Value]) -> NativeResult<i64> {
        const PRIME_1: u64 = 11_400_714_785_074_694_791;
        const PRIME_2: u64 = 14_029_467_366_897_019_727;
        const PRIME_5: u64 = 2_870_177_450_012_600_261;
        let mut acc = PRIME_5;
        for &item in items {
            let lane = self.hash(item)? as u64;
            acc = acc
                .wrapping_add(lane.wrapping_mul(PRIME_2))
                .rotate_left(31)
                .wrapping_mul(PRIME_1);
        }
        acc = acc.wrapping_add(items.len() as u64 ^ (PRIME_5 ^ 3_527_539));
        Ok(if acc == u64::MAX { 1_546_275_796 } else { acc as i64 })
    }

    /// Hash of a frozenset whose items have these hashes (the order does not matter).
    pub fn hash_unordered(&self, hashes: impl Iterator<Item = i64>) -> i64 {
        let mut hash = 0u64;
        let mut n = 0u64;
        for h in hashes {
            let h = h as u64;
            hash ^= ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
            n += 1;
        }
        hash ^= (n + 1).wrapping_mul(1_927_868_237);
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
        if hash == u64::MAX { 590_923_713 } else { hash as i64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_hash_as_in_cpython() {
        assert_eq!(hash_float(0.5, 0), 1_152_921_504_606_846_976);
        let big = num_traits::FromPrimitive::from_f64(1e300).unwrap_or_else(|| BigInt::from(0));
        assert_eq!(hash_float(1e300, 0), hash_bigint(&big));
        assert_eq!(hash_float(-3.0, 0), -3);
        assert_eq!(hash_i64(-1), -2);
        assert_eq!(hash_bigint(&(BigInt::from(1) << 61)), 1);
        assert_eq!(hash_i64(1 << 61), 1);
    }
}
