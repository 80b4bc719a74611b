//! Exact comparison of numbers across `int` and `float`.

use crate::process::Process;
use crate::value::Value;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive};
use std::cmp::Ordering;

impl Process {
    /// How two ints or floats compare, exactly. `None`: one of them is not such a number; `Some(None)`: a NaN is involved.
    pub fn number_compare(&self, a: Value, b: Value) -> Option<Option<Ordering>> {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
            return Some(Some(x.cmp(&y)));
        }
        match (self.as_float(a), self.as_float(b)) {
            (Some(x), Some(y)) => Some(x.partial_cmp(&y)),
            (Some(x), None) => self.compare_int_float(b, x).map(|o| o.map(Ordering::reverse)),
            (None, Some(y)) => self.compare_int_float(a, y),
            (None, None) => match (self.as_i128(a), self.as_i128(b)) {
                (Some(x), Some(y)) => Some(Some(x.cmp(&y))),
                _ => match (self.words_of(a), self.words_of(b)) {
                    (Some(x), Some(y)) => Some(Some(x.compare(&y))),
                    _ => Some(Some(self.big(a)?.as_ref().cmp(self.big(b)?.as_ref()))),
                },
            },
        }
    }

    fn compare_int_float(&self, int: Value, f: f64) -> Option<Option<Ordering>> {
        if let Some(n) = self.as_i64(int) {
            return Some(compare_i64_f64(n, f));
        }
        let n = self.big(int)?;
        if f.is_nan() {
            return Some(None);
        }
        if f.is_infinite() {
            return Some(Some(if f > 0.0 { Ordering::Less } else { Ordering::Greater }));
        }
        // The int is outside 62 bits: what follows the point of a float that far out is nothing, or the sizes differ.
        let whole = BigInt::from_f64(f.trunc()).unwrap_or_default();
        Some(Some(n.as_ref().cmp(&whole).then(if f.fract() > 0.0 {
            Ordering::Less
        } else if f.fract() < 0.0 {
            Ordering::Greater
        } else {
            Ordering::Equal
        })))
    }
}

fn compare_i64_f64(n: i64, f: f64) -> Option<Ordering> {
    if f.is_nan() {
        return None;
    }
    if f >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if f < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    let whole = f.trunc();
    Some(
        n.cmp(&(whole as i64))
            .then_with(|| 0.0.partial_cmp(&(f - whole)).unwrap_or(Ordering::Equal)),
    )
}

/// A float without fractional part as an int value.
pub fn float_to_big(f: f64) -> BigInt {
    BigInt::from_f64(f.trunc()).unwrap_or_default()
}

/// Is the big integer beyond what a `Py_ssize_t` holds, and on which side?
pub fn clamp_to_i64(n: &BigInt) -> i64 {
    n.to_i64().unwrap_or(if n.is_negative() { i64::MIN } else { i64::MAX })
}
