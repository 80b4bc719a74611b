//! Ints of 128 to 447 bits, which are common (hashes, keys, products of a few words): kept as a row of words in one allocation, where a
//! big integer takes two and more than twice CPython's memory; added and multiplied without big integers. Longer ones are these.

use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use num_bigint::{BigInt, Sign};
use std::cmp::Ordering;

/// Words of the longest one.
const MOST_WORDS: usize = 7;
/// The sign, in the last word.
const NEGATIVE: u64 = 1 << 63;

/// The magnitude, lowest word first; the highest bit of the last word says that the number is negative.
#[derive(Clone, Debug)]
pub struct Long(Box<[u64]>);

impl Long {
    /// A big integer, if it is not too long.
    pub fn of(n: &BigInt) -> Option<Long> {
        let len = (n.bits() / 64 + 1) as usize;
        if len > MOST_WORDS {
            return None;
        }
        let mut words = Vec::with_capacity(len);
        words.extend(n.iter_u64_digits());
        words.resize(len, 0);
        if let Some(last) = words.last_mut().filter(|_| n.sign() == Sign::Minus) {
            *last |= NEGATIVE;
        }
        Some(Long(words.into_boxed_slice()))
    }

    /// The same as a big integer.
    pub fn to_big(&self) -> BigInt {
        let mut halves = [0_u32; 2 * MOST_WORDS];
        for (two, word) in halves.chunks_exact_mut(2).zip(&self.0) {
            two.copy_from_slice(&[*word as u32, (*word >> 32) as u32]);
        }
        let len = 2 * self.0.len();
        let sign = if self.last() & NEGATIVE == 0 {
            Sign::Plus
        } else {
            Sign::Minus
        };
        halves[len - 1] &= ((NEGATIVE - 1) >> 32) as u32;
        BigInt::from_slice(sign, &halves[..len])
    }

    /// Bits of the magnitude.
    pub fn bits(&self) -> u64 {
        // If the last word has nothing but the sign, the one before it is full.
        let last = self.last() & !NEGATIVE;
        64 * self.0.len() as u64 - u64::from(last.leading_zeros())
    }

    fn last(&self) -> u64 {
        self.0.last().copied().unwrap_or(0)
    }

    fn words(&self) -> Words {
        let mut words = Words::default();
        for &word in &self.0 {
            words.push(word);
        }
        let last = self.0.len().saturating_sub(1);
        if let Some(word) = words.words.get_mut(last) {
            words.negative = *word & NEGATIVE != 0;
            *word &= !NEGATIVE;
        }
        words.trim();
        words
    }
}

/// A number to calculate with: magnitude, lowest word first, without zeros at the end, and sign. Room for a product of two [`Long`]s.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    negative: bool,
    len: usize,
    words: [u64; 2 * MOST_WORDS],
}

impl Words {
    fn of(n: i128) -> Words {
        let magnitude = n.unsigned_abs();
        let mut words = Words {
            negative: n < 0,
            ..Words::default()
        };
        words.push(magnitude as u64);
        words.push((magnitude >> 64) as u64);
        words.trim();
        words
    }

    fn push(&mut self, word: u64) {
        if let Some(place) = self.words.get_mut(self.len) {
            *place = word;
            self.len += 1;
        }
    }

    fn trim(&mut self) {
        while self.len > 0 && self.words[self.len - 1] == 0 {
            self.len -= 1;
        }
    }

    fn bits(&self) -> u64 {
        let last = self.len.checked_sub(1).map_or(0, |last| self.words[last]);
        64 * self.len as u64 - u64::from(last.leading_zeros()) * u64::from(self.len > 0)
    }

    fn to_i128(self) -> Option<i128> {
        if self.len > 2 {
            return None;
        }
        let magnitude = u128::from(self.words[1]) << 64 | u128::from(self.words[0]);
        if self.negative {
            0i128.checked_sub_unsigned(magnitude)
        } else {
            i128::try_from(magnitude).ok()
        }
    }

    /// If it is not too long.
    fn to_long(self) -> Option<Long> {
        let len = (self.bits() / 64 + 1) as usize;
        if len > MOST_WORDS {
            return None;
        }
        let mut words: Box<[u64]> = self.words[..len].into();
        if let Some(last) = words.last_mut().filter(|_| self.negative) {
            *last |= NEGATIVE;
        }
        Some(Long(words))
    }

    fn to_big(self) -> BigInt {
        let mut halves = [0_u32; 4 * MOST_WORDS];
        for (two, word) in halves.chunks_exact_mut(2).zip(&self.words[..self.len]) {
            two.copy_from_slice(&[*word as u32, (*word >> 32) as u32]);
        }
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        BigInt::from_slice(sign, &halves[..2 * self.len])
    }

    fn cmp_magnitude(&self, other: &Words) -> Ordering {
        let lengths = self.len.cmp(&other.len);
        lengths.then_with(|| {
            let (a, b) = (self.words[..self.len].iter(), other.words[..other.len].iter());
            a.rev().cmp(b.rev())
        })
    }

    /// The first words of the number in two's complement.
    fn in_twos_complement(&self) -> [u64; 2 * MOST_WORDS] {
        let mut words = self.words;
        let mut carry = self.negative;
        for word in words.iter_mut().filter(|_| self.negative) {
            (*word, carry) = (!*word).overflowing_add(u64::from(carry));
        }
        words
    }

    /// `&`, `|` or `^`, as of numbers in two's complement.
    pub fn bitwise(a: &Words, b: &Words, op: fn(u64, u64) -> u64) -> Words {
        let len = a.len.max(b.len) + 1;
        let (x, y) = (a.in_twos_complement(), b.in_twos_complement());
        let mut result = Words {
            len,
            ..Words::default()
        };
        for ((place, x), y) in result.words[..len].iter_mut().zip(x).zip(y) {
            *place = op(x, y);
        }
        result.negative = result.words[len - 1] & NEGATIVE != 0;
        result.words = result.in_twos_complement();
        // Beyond its words a negative one is all ones; what became of them is cut off.
        result.words[len..].fill(0);
        result.trim();
        result
    }

    /// `a >> distance`, rounded down.
    pub fn shifted_right(&self, distance: u64) -> Words {
        let (skip, bits) = (usize::try_from(distance / 64).unwrap_or(usize::MAX), distance % 64);
        let mut result = Words {
            negative: self.negative,
            ..Words::default()
        };
        for at in skip..self.len {
            let above = self.words.get(at + 1).map_or(0, |above| above << 1 << (63 - bits));
            result.push(self.words[at] >> bits | above);
        }
        result.trim();
        let lost = self.words[..skip.min(self.len)].iter().any(|word| *word != 0)
            || self.words[..self.len]
                .get(skip)
                .is_some_and(|word| word & ((1 << bits) - 1) != 0);
        if self.negative && lost {
            return Words::add(&result.with_sign(), &Words::of(-1));
        }
        result.with_sign()
    }

    /// The same; zero is not negative.
    fn with_sign(mut self) -> Words {
        self.negative &= self.len > 0;
        self
    }

    /// `a // b` and `a % b`, rounded down, if `b` has one word; it is not zero.
    fn divided(a: &Words, b: &Words) -> Option<(Words, Words)> {
        let divisor = b.words[0];
        if b.len != 1 {
            return None;
        }
        let mut quotient = Words {
            len: a.len,
            negative: a.negative != b.negative,
            ..Words::default()
        };
        let mut rest = 0_u64;
        for at in (0..a.len).rev() {
            let part = u128::from(rest) << 64 | u128::from(a.words[at]);
            quotient.words[at] = (part / u128::from(divisor)) as u64;
            rest = (part % u128::from(divisor)) as u64;
        }
        quotient.trim();
        let down = quotient.negative && rest != 0;
        let quotient = quotient.with_sign();
        let quotient = if down {
            Words::add(&quotient, &Words::of(-1))
        } else {
            quotient
        };
        let rest = if down { divisor - rest } else { rest };
        let mut rest = Words::of(i128::from(rest));
        rest.negative = b.negative && rest.len > 0;
        Some((quotient, rest))
    }

    /// `a // b`, if `b` has one word; it is not zero.
    pub fn floor_quotient(a: &Words, b: &Words) -> Option<Words> {
        Words::divided(a, b).map(|(quotient, _)| quotient)
    }

    /// `a % b`, if `b` has one word; it is not zero.
    pub fn floor_rest(a: &Words, b: &Words) -> Option<Words> {
        Words::divided(a, b).map(|(_, rest)| rest)
    }

    /// How two compare.
    pub fn compare(&self, other: &Words) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
        }
    }

    /// `a + b`
    pub fn add(a: &Words, b: &Words) -> Words {
        let (long, short) = if a.cmp_magnitude(b).is_lt() { (b, a) } else { (a, b) };
        let differ = long.negative != short.negative;
        let mut sum = Words {
            negative: long.negative,
            ..Words::default()
        };
        let mut carry = false;
        for (x, y) in long.words[..long.len].iter().zip(&short.words) {
            // What stands behind the end of the shorter one is zero.
            let (word, over) = if differ {
                x.overflowing_sub(*y)
            } else {
                x.overflowing_add(*y)
            };
            let (word, again) = match differ {
                true => word.overflowing_sub(u64::from(carry)),
                false => word.overflowing_add(u64::from(carry)),
            };
            carry = over | again;
            sum.push(word);
        }
        if carry {
            sum.push(1);
        }
        sum.trim();
        sum.negative &= sum.len > 0;
        sum
    }

    /// `a - b`
    pub fn sub(a: &Words, b: &Words) -> Words {
        let b = Words {
            negative: !b.negative && b.len > 0,
            ..*b
        };
        Words::add(a, &b)
    }

    /// `a * b`
    pub fn mul(a: &Words, b: &Words) -> Words {
        let mut product = Words {
            len: a.len + b.len,
            ..Words::default()
        };
        for (i, x) in a.words[..a.len].iter().enumerate() {
            let mut carry = 0_u128;
            for (y, place) in b.words[..=b.len].iter().zip(&mut product.words[i..]) {
                // The word behind the last one of `b` is zero and takes the carry.
                carry += u128::from(*x) * u128::from(*y) + u128::from(*place);
                *place = carry as u64;
                carry >>= 64;
            }
        }
        product.trim();
        product.negative = a.negative != b.negative && product.len > 0;
        product
    }
}

impl Process {
    /// An int of at most 447 bits to calculate with; `None` for longer ones and what is no int.
    pub(super) fn words_of(&self, v: Value) -> Option<Words> {
        match self.as_i128(v) {
            Some(n) => Some(Words::of(n)),
            None => match self.heap.object(v)? {
                Obj::Long(n) => Some(n.words()),
                _ => None,
            },
        }
    }

    /// The int of a result.
    pub(super) fn int_of_words(&mut self, words: Words) -> Value {
        if let Some(n) = words.to_i128() {
            return self.new_wide(n);
        }
        match words.to_long() {
            Some(n) => self.heap.alloc(core::INT, Obj::Long(n)),
            None => self.new_big(words.to_big()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_integer::Integer;
    use num_traits::{Pow, Zero};

    /// Numbers around every length of a word, of both signs.
    fn numbers() -> Vec<BigInt> {
        let mut all = Vec::new();
        for bits in [
            0_u32, 1, 62, 63, 64, 65, 126, 127, 128, 129, 191, 192, 200, 255, 256, 319, 320, 383, 384, 445, 446,
        ] {
            let power: BigInt = Pow::pow(BigInt::from(2), bits);
            for near in -1..=1 {
                let n: BigInt = &power + near;
                all.extend([n.clone(), -n]);
            }
            // Words that are not all ones or zeros.
            let power: BigInt = Pow::pow(BigInt::from(3), bits * 5 / 8);
            all.push(power * 7 - 1);
        }
        all
    }

    fn words(n: &BigInt) -> Words {
        Long::of(n)
            .map(|long| long.words())
            .unwrap_or_else(|| panic!("{n} is too long"))
    }

    #[test]
    fn there_and_back() {
        for n in numbers() {
            let long = Long::of(&n).unwrap_or_else(|| panic!("{n} is too long"));
            assert_eq!((long.to_big(), long.bits()), (n.clone(), n.bits()));
            assert_eq!(words(&n).to_i128(), i128::try_from(&n).ok(), "{n}");
            if let Ok(small) = i128::try_from(&n) {
                assert_eq!(Words::of(small).to_big(), n);
            }
        }
        assert!(Long::of(&BigInt::from(2).pow(447_u32)).is_none());
        assert!(Long::of(&(BigInt::from(2).pow(447_u32) - 1)).is_some());
    }

    #[test]
    fn they_calculate_as_big_integers_do() {
        let all = numbers();
        for x in &all {
            for y in &all {
                let (a, b) = (words(x), words(y));
                assert_eq!(Words::add(&a, &b).to_big(), x + y, "{x} + {y}");
                assert_eq!(Words::sub(&a, &b).to_big(), x - y, "{x} - {y}");
                assert_eq!(Words::mul(&a, &b).to_big(), x * y, "{x} * {y}");
                assert_eq!(a.compare(&b), x.cmp(y), "{x} and {y}");
                assert_eq!(Words::bitwise(&a, &b, |p, q| p & q).to_big(), x & y, "{x} & {y}");
                assert_eq!(Words::bitwise(&a, &b, |p, q| p | q).to_big(), x | y, "{x} | {y}");
                assert_eq!(Words::bitwise(&a, &b, |p, q| p ^ q).to_big(), x ^ y, "{x} ^ {y}");
                let parts = Words::divided(&a, &b);
                if let Some((quotient, rest)) = parts {
                    assert_eq!((quotient.to_big(), rest.to_big()), x.div_mod_floor(y), "{x} and {y}");
                }
                assert_eq!(parts.is_some(), !y.is_zero() && y.bits() <= 64, "{y}");
            }
            for distance in [0, 1, 7, 63, 64, 65, 127, 128, 200, 446, 447, 448, 1000, u64::MAX] {
                let shifted = words(x).shifted_right(distance).to_big();
                assert_eq!(
                    shifted,
                    if distance == u64::MAX { x >> 1000 } else { x >> distance },
                    "{x} >> {distance}"
                );
            }
        }
    }
}
