//! What arithmetic on huge ints takes, charged before it is done.
//!
//! One operation on huge numbers may work for minutes, and nothing else of the engine runs meanwhile. So its time is told from the sizes of
//! its operands, and where that is more than a moment the computer is asked before the work begins: a limit of the run then ends the
//! program instead of letting it work. The estimates were fitted to `num-bigint` 0.5 with numbers of 10 to 1,000,000 words of 64 bits;
//! they are within a factor of three of what it takes natively.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, Zero};

/// What may be done without asking, ns.
const MOMENT_NS: u64 = 1_000_000;
/// More than any run takes, ns: sums with it do not overflow.
const FOR_EVER_NS: u64 = 1_000_000_000_000_000;
/// Decimal digits that are read in one piece.
const DIGITS_AT_ONCE: usize = 2_000;

/// The words of 64 bits of a number.
fn words(bits: u64) -> u64 {
    bits / 64 + 1
}

/// The time of a product of numbers of so many bits: long multiplication, Karatsuba's and Toom's as one curve, ns.
pub fn product_ns(a_bits: u64, b_bits: u64) -> u64 {
    let (a, b) = (words(a_bits), words(b_bits));
    a.max(b).saturating_mul(a.min(b).isqrt()).saturating_mul(5)
}

/// The time of a product of many factors that has so many bits, multiplied in pairs, ns.
pub fn product_of_many_ns(bits: u64) -> u64 {
    product_ns(bits / 2, bits / 2).saturating_mul(4)
}

/// The time of a division with rest, ns.
pub fn quotient_ns(a_bits: u64, b_bits: u64) -> u64 {
    if a_bits < b_bits {
        return linear_ns(a_bits);
    }
    product_ns(a_bits - b_bits, b_bits).saturating_mul(4)
}

/// The time of a power of so many bits, by squaring, ns.
pub fn power_ns(bits: u64) -> u64 {
    product_ns(bits / 2, bits / 2).saturating_mul(5)
}

/// The time of a power modulo a number, ns: each bit of the exponent takes up to two long multiplications.
pub fn power_modulo_ns(base_bits: u64, exponent_bits: u64, modulus_bits: u64) -> u64 {
    let n = words(modulus_bits);
    let each = n.saturating_mul(n).saturating_mul(3);
    each.saturating_mul(exponent_bits.max(1))
        .saturating_add(quotient_ns(base_bits, modulus_bits))
}

/// The time of an inverse modulo a number (Euclid's algorithm, extended), ns.
pub fn inverse_ns(bits: u64) -> u64 {
    words(bits).saturating_mul(words(bits)).saturating_mul(600)
}

/// The time of a greatest common divisor (Stein's algorithm), ns. A small number first divides the large one.
pub fn gcd_ns(a_bits: u64, b_bits: u64) -> u64 {
    let (least, most) = (words(a_bits.min(b_bits)), words(a_bits.max(b_bits)));
    least.saturating_mul(most).saturating_mul(20)
}

/// The time of digits to or from a base that is no power of two, ns.
pub fn decimal_ns(bits: u64) -> u64 {
    product_ns(bits, bits).saturating_mul(6)
}

/// The time of work that looks at each word a few times, such as a sum or its bytes, ns.
pub fn linear_ns(bits: u64) -> u64 {
    words(bits).saturating_mul(2)
}

impl Process {
    /// A result that takes `ns` to make: charged and, if that is long, asked for before the work begins. It is made once, also when the native
    /// around it runs again. `make` must not call anything that may wait.
    pub fn long_work(&mut self, ns: u64, make: impl FnOnce(&mut Process) -> NativeResult) -> NativeResult {
        let ns = ns.min(FOR_EVER_NS);
        if ns < MOMENT_NS {
            self.charge(ns);
            return make(self);
        }
        self.once(|p| {
            p.charge(ns);
            Ok(Value::NONE)
        })?;
        // C code that keeps the GIL; but the computer must see whether the time of the run is over.
        self.compute(0)?;
        self.once(make)
    }
}

/// The number of a text of decimal digits, of which there may be millions: halves are read apart and put together by products.
pub fn from_decimal(digits: &str) -> BigUint {
    // Powers of ten with 1, 2, 4 … times as many digits as are read at once.
    let mut powers: Vec<BigUint> = Vec::new();
    let mut size = DIGITS_AT_ONCE;
    while size < digits.len() {
        let next = match powers.last() {
            Some(last) => last * last,
            None => BigUint::from(10_u32).pow(DIGITS_AT_ONCE as u32),
        };
        powers.push(next);
        size *= 2;
    }
    read_part(digits, &powers)
}

/// `powers` are those of half as many digits as may be read here and less. No deeper than a number of digits has bits.
fn read_part(digits: &str, powers: &[BigUint]) -> BigUint {
    let Some((power, less)) = powers.split_last() else {
        return BigUint::parse_bytes(digits.as_bytes(), 10).unwrap_or_default();
    };
    let low = DIGITS_AT_ONCE << less.len();
    match digits.len().checked_sub(low).filter(|high| *high > 0) {
        Some(high) => {
            let (high, low) = digits.split_at(high);
            read_part(high, less) * power + read_part(low, less)
        }
        None => read_part(digits, less),
    }
}

/// The whole part of the square root: each step doubles the exact bits, so that all together take about as long as the last division.
pub fn square_root(n: &BigUint) -> BigUint {
    if n.is_zero() {
        return BigUint::zero();
    }
    // The root has `top + 1` bits.
    let top = (n.bits() - 1) / 2;
    let mut root = BigUint::one();
    let mut known = 0;
    for step in (0..u64::BITS - top.leading_zeros()).rev() {
        let before = known;
        known = top >> step;
        let leading = n >> (2 * top + 1 - before - known);
        root = (&root << (known - before - 1)) + leading / &root;
    }
    if &root * &root > *n {
        root -= 1_u32;
    }
    root
}

/// The inverse of `a` modulo `m > 0`.
pub fn inverse(a: &BigInt, m: &BigInt) -> Option<BigInt> {
    if m.is_one() {
        return Some(BigInt::zero());
    }
    let e = a.mod_floor(m).extended_gcd(m);
    e.gcd.is_one().then(|| e.x.mod_floor(m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_long_text_make_the_same_number() {
        for count in [1, 1_999, 2_000, 2_001, 3_999, 4_000, 4_001, 7_777, 16_001, 50_000] {
            let digits: String = (0..count).map(|i| char::from(b'0' + (i * 7 % 10) as u8)).collect();
            let expected = BigUint::parse_bytes(digits.as_bytes(), 10);
            assert_eq!(Some(from_decimal(&digits)), expected, "{count}");
        }
    }

    #[test]
    fn square_roots_are_those_of_newton() {
        let mut n = BigUint::one();
        for i in 0_u32..900 {
            for near in [&n - 1_u32, n.clone(), &n + 1_u32, &n * &n - 1_u32, &n * &n] {
                assert_eq!(square_root(&near), near.sqrt(), "{near}");
            }
            n = n * 3_u32 + i;
        }
    }
}
