//! Arithmetic of `int`: machine words where they suffice, big integers where not, floor semantics, exact true division.

use super::big_work::{inverse, inverse_ns, linear_ns, power_modulo_ns, power_ns, product_ns, quotient_ns};
use super::long::Words;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

const ZERO_DIVISION: &str = "division by zero";
const ZERO_MODULO: &str = "division by zero";

impl Process {
    /// `a + b` of two ints; NotImplemented when one is not an int.
    #[inline]
    pub fn int_add(&mut self, a: Value, b: Value) -> Value {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
            // 63 bits and 63 bits fit in 64.
            return self.new_int(x + y);
        }
        self.charge_words(a, b);
        self.in_words(a, b, i128::checked_add, |x, y| Some(Words::add(x, y)), |x, y| x + y)
    }

    /// `a - b` of two ints; NotImplemented when one is not an int.
    #[inline]
    pub fn int_sub(&mut self, a: Value, b: Value) -> Value {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
            return self.new_int(x - y);
        }
        self.charge_words(a, b);
        self.in_words(a, b, i128::checked_sub, |x, y| Some(Words::sub(x, y)), |x, y| x - y)
    }

    /// `a * b` of two ints; NotImplemented when one is not an int. MemoryError for a product that cannot be held.
    #[inline]
    pub fn int_mul(&mut self, a: Value, b: Value) -> NativeResult {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small())
            && let Some(product) = x.checked_mul(y)
        {
            return Ok(self.new_int(product));
        }
        let Some((x, y)) = self.sizes(a, b) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        self.check_size((x + y) / 8)?;
        self.long_work(product_ns(x, y), |p| {
            Ok(p.in_words(a, b, i128::checked_mul, |x, y| Some(Words::mul(x, y)), |x, y| x * y))
        })
    }

    /// The bits of two ints; `None` when one is not an int.
    fn sizes(&self, a: Value, b: Value) -> Option<(u64, u64)> {
        let bits = |v| match self.as_i64(v) {
            Some(n) => Some(u64::from(u64::BITS - n.unsigned_abs().leading_zeros())),
            None => match self.as_i128(v) {
                Some(n) => Some(u64::from(u128::BITS - n.unsigned_abs().leading_zeros())),
                None => match self.heap.object(v)? {
                    Obj::Long(n) => Some(n.bits()),
                    Obj::Int(n) => Some(n.bits()),
                    _ => None,
                },
            },
        };
        Some((bits(a)?, bits(b)?))
    }

    /// Work that looks at the words of both.
    fn charge_words(&mut self, a: Value, b: Value) {
        if let Some((x, y)) = self.sizes(a, b) {
            self.charge(linear_ns(x.max(y)));
        }
    }

    /// [`Process::big_binary`] that has a way of its own, `words`, for ints of up to 447 bits.
    fn in_words(
        &mut self,
        a: Value,
        b: Value,
        wide: fn(i128, i128) -> Option<i128>,
        words: fn(&Words, &Words) -> Option<Words>,
        op: fn(&BigInt, &BigInt) -> BigInt,
    ) -> Value {
        if let (Some(x), Some(y)) = (self.as_i128(a), self.as_i128(b))
            && let Some(result) = wide(x, y)
        {
            return self.new_wide(result);
        }
        if let (Some(x), Some(y)) = (self.words_of(a), self.words_of(b))
            && let Some(result) = words(&x, &y)
        {
            return self.int_of_words(result);
        }
        self.big_binary(a, b, |_, _| None, op)
    }

    /// An operation on two ints by `wide`, if they and the result have 128 bits at most, or else by `op`.
    fn big_binary(
        &mut self,
        a: Value,
        b: Value,
        wide: fn(i128, i128) -> Option<i128>,
        op: fn(&BigInt, &BigInt) -> BigInt,
    ) -> Value {
        if let (Some(x), Some(y)) = (self.as_i128(a), self.as_i128(b))
            && let Some(result) = wide(x, y)
        {
            return self.new_wide(result);
        }
        let result = match (self.big(a), self.big(b)) {
            (Some(x), Some(y)) => op(&x, &y),
            _ => return Value::NOT_IMPLEMENTED,
        };
        self.new_big(result)
    }

    /// `a // b` of two ints; NotImplemented when one is not an int.
    pub fn int_floordiv(&mut self, a: Value, b: Value) -> NativeResult {
        if let (Some(x), Some(y)) = (self.as_i64(a), self.as_i64(b)) {
            if y == 0 {
                return Err(self.zero_division(ZERO_DIVISION));
            }
            if !(x == i64::MIN && y == -1) {
                return Ok(self.new_int(Integer::div_floor(&x, &y)));
            }
        }
        self.divisor_not_zero(a, b, ZERO_DIVISION)?;
        self.divided(a, b, |p| {
            Ok(p.in_words(a, b, floor_quotient, Words::floor_quotient, Integer::div_floor))
        })
    }

    /// `a % b` of two ints; NotImplemented when one is not an int.
    pub fn int_mod(&mut self, a: Value, b: Value) -> NativeResult {
        if let (Some(x), Some(y)) = (self.as_i64(a), self.as_i64(b)) {
            if y == 0 {
                return Err(self.zero_division(ZERO_MODULO));
            }
            let r = if y == -1 { 0 } else { x.mod_floor(&y) };
            return Ok(self.new_int(r));
        }
        self.divisor_not_zero(a, b, ZERO_MODULO)?;
        self.divided(a, b, |p| {
            Ok(p.in_words(a, b, floor_rest, Words::floor_rest, |x, y| x.mod_floor(y)))
        })
    }

    /// A division of two ints, which takes its time; NotImplemented when one is not an int.
    fn divided(&mut self, a: Value, b: Value, divide: impl FnOnce(&mut Process) -> NativeResult) -> NativeResult {
        match self.sizes(a, b) {
            Some((x, y)) => self.long_work(quotient_ns(x, y), divide),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// `divmod(a, b)` of two ints; NotImplemented when one is not an int.
    pub fn int_divmod(&mut self, a: Value, b: Value) -> NativeResult {
        if !self.is_int(a) || !self.is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        self.divisor_not_zero(a, b, ZERO_DIVISION)?;
        if self.as_i64(a).is_some() && self.as_i64(b).is_some() {
            let q = self.int_floordiv(a, b)?;
            let r = self.int_mod(a, b)?;
            return Ok(self.new_tuple(vec![q, r]));
        }
        self.divided(a, b, |p| {
            let (x, y) = (p.as_bigint(a).unwrap_or_default(), p.as_bigint(b).unwrap_or_default());
            let (q, r) = x.div_mod_floor(&y);
            let pair = vec![p.new_big(q), p.new_big(r)];
            Ok(p.new_tuple(pair))
        })
    }

    fn divisor_not_zero(&mut self, a: Value, b: Value, message: &str) -> NativeResult<()> {
        if self.is_int(a) && self.as_i64(b) == Some(0) {
            return Err(self.zero_division(message));
        }
        Ok(())
    }

    /// `a / b` of two ints, correctly rounded; NotImplemented when one is not an int.
    pub fn int_truediv(&mut self, a: Value, b: Value) -> NativeResult {
        const EXACT: u64 = 1 << 53;
        if let (Some(x), Some(y)) = (self.as_i64(a), self.as_i64(b)) {
            if y == 0 {
                return Err(self.zero_division(ZERO_DIVISION));
            }
            if x.unsigned_abs() <= EXACT && y.unsigned_abs() <= EXACT {
                return Ok(self.new_float(x as f64 / y as f64));
            }
        }
        self.divisor_not_zero(a, b, ZERO_DIVISION)?;
        let quotient = match (self.big(a), self.big(b)) {
            (Some(x), Some(y)) => true_quotient(&x, &y),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        if quotient.is_infinite() {
            return Err(self.overflow_error("integer division result too large for a float"));
        }
        Ok(self.new_float(quotient))
    }

    /// `a ** b` of two ints (a negative exponent gives a float); NotImplemented when one is not an int.
    pub fn int_pow(&mut self, a: Value, b: Value) -> NativeResult {
        if !self.is_int(a) || !self.is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let Some(exponent) = self.as_i64(b) else {
            return self.int_pow_of_huge(a, b);
        };
        if exponent < 0 {
            let (x, y) = (self.int_to_f64(a)?, self.int_to_f64(b)?);
            return self.float_pow(x, y);
        }
        if let (Some(x), Ok(n)) = (self.as_i64(a), u32::try_from(exponent))
            && let Some(power) = x.checked_pow(n)
        {
            return Ok(self.new_int(power));
        }
        let Some(base) = self.as_bigint(a) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if base.bits() <= 1 {
            return self.int_pow_of_huge(a, b);
        }
        let bits = (base.bits() - 1).max(1).saturating_mul(exponent as u64);
        self.check_size(bits / 8)?;
        let exponent = exponent as u64;
        if base.magnitude().trailing_zeros() == Some(base.bits() - 1) {
            // A power of two is a shift.
            let negative = base.is_negative() && exponent % 2 == 1;
            let power = BigInt::one() << bits;
            return self.long_work(linear_ns(bits), |p| {
                Ok(p.new_big(if negative { -power } else { power }))
            });
        }
        self.long_work(power_ns(bits), |p| Ok(p.new_big(num_traits::Pow::pow(&base, exponent))))
    }

    /// Powers with an exponent beyond 64 bits, or of -1, 0 and 1.
    fn int_pow_of_huge(&mut self, a: Value, b: Value) -> NativeResult {
        let Some(exponent) = self.as_bigint(b) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if exponent.is_negative() {
            let (x, y) = (self.int_to_f64(a)?, self.int_to_f64(b)?);
            return self.float_pow(x, y);
        }
        match self.as_i64(a) {
            Some(0) => Ok(Value::from_i32(i32::from(exponent.is_zero()))),
            Some(1) => Ok(Value::from_i32(1)),
            Some(-1) => Ok(Value::from_i32(if exponent.is_even() { 1 } else { -1 })),
            _ => Err(self.memory_error()),
        }
    }

    /// `pow(a, b, m)` of three ints; NotImplemented when one is not an int.
    pub fn int_pow_mod(&mut self, a: Value, b: Value, m: Value) -> NativeResult {
        let (Some(base), Some(exponent), Some(modulus)) = (self.as_bigint(a), self.as_bigint(b), self.as_bigint(m))
        else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if modulus.is_zero() {
            return Err(self.value_error("pow() 3rd argument cannot be 0"));
        }
        let mut ns = power_modulo_ns(base.bits(), exponent.bits(), modulus.bits());
        if exponent.is_negative() {
            ns = ns.saturating_add(inverse_ns(modulus.bits()));
        }
        self.long_work(ns, |p| {
            if !exponent.is_negative() {
                return Ok(p.new_big(base.modpow(&exponent, &modulus)));
            }
            match inverse(&base, &modulus.abs()) {
                Some(inverse) => Ok(p.new_big(inverse.modpow(&-exponent, &modulus))),
                None => Err(p.value_error("base is not invertible for the given modulus")),
            }
        })
    }

    /// `a << b` of two ints; NotImplemented when one is not an int.
    pub fn int_lshift(&mut self, a: Value, b: Value) -> NativeResult {
        if !self.is_int(a) || !self.is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let distance = match self.as_i64(b) {
            Some(n) if n < 0 => return Err(self.value_error("negative shift count")),
            Some(n) => Some(n as u64),
            None if self.big(b).is_some_and(|n| n.is_negative()) => {
                return Err(self.value_error("negative shift count"));
            }
            None => None,
        };
        if self.as_i64(a) == Some(0) {
            return Ok(Value::from_i32(0));
        }
        let Some(distance) = distance else {
            return Err(self.overflow_error("too many digits in integer"));
        };
        if let Some(x) = self.as_i64(a)
            && distance < 62
            && x.unsigned_abs().leading_zeros() as u64 > distance + 1
        {
            return Ok(self.new_int(x << distance));
        }
        let bits = self.sizes(a, a).map_or(0, |(bits, _)| bits);
        self.check_size(bits.saturating_add(distance) / 8)?;
        self.charge(linear_ns(bits + distance));
        if let Some(x) = self.as_i128(a)
            && bits + distance < 127
        {
            return Ok(self.new_wide(x << distance));
        }
        let shifted = self.big(a).map(|x| &*x << distance).unwrap_or_default();
        Ok(self.new_big(shifted))
    }

    /// `a >> b` of two ints; NotImplemented when one is not an int.
    pub fn int_rshift(&mut self, a: Value, b: Value) -> NativeResult {
        if !self.is_int(a) || !self.is_int(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let negative = match self.as_i128(a) {
            Some(x) => x < 0,
            None => self.big(a).is_some_and(|x| x.is_negative()),
        };
        let distance = match self.as_i64(b) {
            Some(n) if n < 0 => return Err(self.value_error("negative shift count")),
            Some(n) => n as u64,
            None if self.big(b).is_some_and(|n| n.is_negative()) => {
                return Err(self.value_error("negative shift count"));
            }
            None => return Ok(Value::from_i32(-i32::from(negative))),
        };
        if let Some(x) = self.as_i64(a) {
            return Ok(self.new_int(x >> distance.min(63)));
        }
        self.charge_words(a, a);
        if let Some(x) = self.as_i128(a) {
            return Ok(self.new_wide(x >> distance.min(127)));
        }
        if let Some(x) = self.words_of(a) {
            return Ok(self.int_of_words(x.shifted_right(distance)));
        }
        let shifted = self.big(a).map(|x| &*x >> distance).unwrap_or_default();
        Ok(self.new_big(shifted))
    }

    /// `a & b`
    pub fn int_and(&mut self, a: Value, b: Value) -> Value {
        match (self.as_i64(a), self.as_i64(b)) {
            (Some(x), Some(y)) => self.new_int(x & y),
            _ => {
                self.charge_words(a, b);
                self.in_words(
                    a,
                    b,
                    |x, y| Some(x & y),
                    |x, y| Some(Words::bitwise(x, y, |p, q| p & q)),
                    |x, y| x & y,
                )
            }
        }
    }

    /// `a | b`
    pub fn int_or(&mut self, a: Value, b: Value) -> Value {
        match (self.as_i64(a), self.as_i64(b)) {
            (Some(x), Some(y)) => self.new_int(x | y),
            _ => {
                self.charge_words(a, b);
                self.in_words(
                    a,
                    b,
                    |x, y| Some(x | y),
                    |x, y| Some(Words::bitwise(x, y, |p, q| p | q)),
                    |x, y| x | y,
                )
            }
        }
    }

    /// `a ^ b`
    pub fn int_xor(&mut self, a: Value, b: Value) -> Value {
        match (self.as_i64(a), self.as_i64(b)) {
            (Some(x), Some(y)) => self.new_int(x ^ y),
            _ => {
                self.charge_words(a, b);
                self.in_words(
                    a,
                    b,
                    |x, y| Some(x ^ y),
                    |x, y| Some(Words::bitwise(x, y, |p, q| p ^ q)),
                    |x, y| x ^ y,
                )
            }
        }
    }

    /// `-a`
    pub fn int_neg(&mut self, a: Value) -> Value {
        match self.as_i64(a).and_then(i64::checked_neg) {
            Some(n) => self.new_int(n),
            None => {
                let n = self.as_bigint(a).unwrap_or_default();
                self.new_big(-n)
            }
        }
    }

    /// `~a`
    pub fn int_invert(&mut self, a: Value) -> Value {
        match self.as_i64(a) {
            Some(n) => self.new_int(!n),
            None => {
                let n = self.as_bigint(a).unwrap_or_default();
                self.new_big(-n - 1)
            }
        }
    }

    /// An int as a float, correctly rounded; OverflowError beyond its range.
    pub fn int_to_f64(&mut self, v: Value) -> NativeResult<f64> {
        if let Some(n) = self.as_i64(v) {
            return Ok(n as f64);
        }
        match self.big(v).and_then(|n| big_to_f64(&n)) {
            Some(f) => Ok(f),
            None => Err(self.overflow_error("int too large to convert to float")),
        }
    }

    /// A plain int equal to an int, bool or instance of a subclass.
    pub fn plain_int(&mut self, v: Value) -> Value {
        if v.is_small() || self.is_exact(v, crate::types::core::INT) {
            return v;
        }
        let n = self.as_bigint(v).unwrap_or_default();
        self.new_big(n)
    }
}

/// The nearest float, ties to even; `None` beyond the range.
pub fn big_to_f64(n: &BigInt) -> Option<f64> {
    let f = true_quotient(n, &BigInt::one());
    f.is_finite().then_some(f)
}

/// `a / b` rounded once, ties to even; infinite beyond the range. `b` is not zero.
pub fn true_quotient(a: &BigInt, b: &BigInt) -> f64 {
    let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    let sign = if negative { -1.0 } else { 1.0 };
    if a.is_zero() {
        return 0.0 * sign;
    }
    let (a, b) = (a.magnitude(), b.magnitude());
    let difference = a.bits() as i64 - b.bits() as i64;
    if difference > 1025 {
        return sign * f64::INFINITY;
    }
    if difference < -1080 {
        return sign * 0.0;
    }
    // Two bits more than the significand has, the lower one "sticky"; near zero the lowest bit is fixed at 2^-1076.
    let shift = (55 - difference).min(1076);
    let (quotient, rest) = if shift >= 0 {
        (a << shift as u64).div_rem(b)
    } else {
        a.div_rem(&(b << (-shift) as u64))
    };
    let bits = quotient.to_u64().unwrap_or(u64::MAX) | u64::from(!rest.is_zero());
    if shift == 1076 && bits < 1 << 55 {
        // Subnormal or just above: the unit is 2^-1074, so the rounded count of units is the pattern of bits itself.
        let (units, tail) = (bits >> 2, bits & 3);
        let up = tail > 2 || (tail == 2 && units & 1 == 1);
        return sign * f64::from_bits(units + u64::from(up));
    }
    sign * libm::ldexp(bits as f64, -shift as i32)
}

/// The quotient rounded down, where it is one of 128 bits.
fn floor_quotient(x: i128, y: i128) -> Option<i128> {
    if y == -1 {
        x.checked_neg()
    } else {
        Some(Integer::div_floor(&x, &y))
    }
}

/// What is left of it.
fn floor_rest(x: i128, y: i128) -> Option<i128> {
    Some(if y == -1 { 0 } else { x.mod_floor(&y) })
}
