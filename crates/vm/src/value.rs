//! The 8-byte self-tagged value.
//!
//! Bit 0 set: an integer of 63 bits. Low bits `10`: a float whose exponent lies within about 2^±255, as
//! `(bits + (1 << 60)).rotate_left(3)`. Low bits `000`: a heap handle, `index << 3` ([`Value::NULL`] is the handle 0, never an object).
//! Low bits `100`: a constant. Floats outside that range and integers of more bits live on the heap.
//! A `Value` is `Copy`: it owns nothing. Who stores one counts it (see `heap`).

use std::fmt;

/// A Python value, or [`Value::NULL`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Value(u64);

/// Smallest integer held without the heap.
pub const SMALL_INT_MIN: i64 = -(1 << 62);
/// Largest integer held without the heap.
pub const SMALL_INT_MAX: i64 = (1 << 62) - 1;

const fn constant(n: u64) -> Value {
    Value(n << 3 | 4)
}

impl Value {
    /// No value: an unbound local, an absent `self`, "exhausted" from an iterator.
    pub const NULL: Value = Value(0);
    /// `None`
    pub const NONE: Value = constant(1);
    /// `False`
    pub const FALSE: Value = constant(2);
    /// `True`
    pub const TRUE: Value = constant(3);
    /// `...`
    pub const ELLIPSIS: Value = constant(4);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Value = constant(5);
    /// `0.0`, whose bits would collide with handles.
    const ZERO_FLOAT: Value = constant(6);
    /// `-0.0`, likewise.
    const NEGATIVE_ZERO_FLOAT: Value = constant(7);

    /// The handle of a heap object.
    #[inline(always)]
    pub const fn from_handle(index: u32) -> Value {
        Value((index as u64) << 3)
    }

    /// The heap index, if this is a heap object (not NULL).
    #[inline(always)]
    pub const fn handle(self) -> Option<u32> {
        if self.0 & 7 == 0 && self.0 != 0 {
            Some((self.0 >> 3) as u32)
        } else {
            None
        }
    }

    /// The heap index of a value known to be a heap object; 0 otherwise means a bug of ours and finds the reserved slot.
    #[inline(always)]
    pub const fn index(self) -> usize {
        debug_assert!(self.0 & 7 == 0);
        (self.0 >> 3) as usize
    }

    /// The place in the heap that a handle names; 0 for NULL, and for any other value more than a heap has places: one comparison with
    /// its length says both whether this is a handle and whether the place exists.
    #[inline(always)]
    pub const fn slot(self) -> usize {
        #[cfg(target_pointer_width = "64")]
        {
            // The tag's bits come to stand at the top.
            self.0.rotate_right(3) as usize
        }
        #[cfg(not(target_pointer_width = "64"))]
        {
            // Memory ends long before the handles of 29 bits do.
            ((self.0 >> 3) as u32 | (self.0 as u32) << 29) as usize
        }
    }

    /// Is this a heap object?
    #[inline(always)]
    pub const fn is_heap(self) -> bool {
        self.0 & 7 == 0 && self.0 != 0
    }

    /// Is this NULL?
    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }

    /// Is this `None`?
    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == Value::NONE.0
    }

    /// `True` or `False`.
    #[inline(always)]
    pub const fn from_bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    /// The truth of `True` and `False` alone.
    #[inline(always)]
    pub const fn as_bool(self) -> Option<bool> {
        match self.0 {
            x if x == Value::TRUE.0 => Some(true),
            x if x == Value::FALSE.0 => Some(false),
            _ => None,
        }
    }

    /// An integer that fits; `None` when it needs the heap.
    #[inline(always)]
    pub const fn from_small(n: i64) -> Option<Value> {
        if n >= SMALL_INT_MIN && n <= SMALL_INT_MAX {
            Some(Value((n as u64) << 1 | 1))
        } else {
            None
        }
    }

    /// An integer of at most 32 bits.
    #[inline(always)]
    pub const fn from_i32(n: i32) -> Value {
        Value((n as i64 as u64) << 1 | 1)
    }

    /// The immediate integer (not bool, not a heap integer).
    #[inline(always)]
    pub const fn as_small(self) -> Option<i64> {
        if self.0 & 1 == 1 {
            Some((self.0 as i64) >> 1)
        } else {
            None
        }
    }

    /// Is this an immediate integer?
    #[inline(always)]
    pub const fn is_small(self) -> bool {
        self.0 & 1 == 1
    }

    /// Are both immediate integers?
    #[inline(always)]
    pub const fn both_small(a: Value, b: Value) -> bool {
        a.0 & b.0 & 1 == 1
    }

    /// A float, if it can be immediate.
    #[inline(always)]
    pub fn from_float_immediate(f: f64) -> Option<Value> {
        let bits = f.to_bits();
        let v = bits.wrapping_add(1 << 60).rotate_left(3);
        if v & 3 == 2 {
            Some(Value(v))
        } else if bits == 0 {
            Some(Value::ZERO_FLOAT)
        } else if bits == 1 << 63 {
            Some(Value::NEGATIVE_ZERO_FLOAT)
        } else {
            None
        }
    }

    /// The immediate float.
    #[inline(always)]
    pub fn as_float_immediate(self) -> Option<f64> {
        if self.0 & 3 == 2 {
            Some(f64::from_bits(self.0.rotate_right(3).wrapping_sub(1 << 60)))
        } else if self.0 == Value::ZERO_FLOAT.0 {
            Some(0.0)
        } else if self.0 == Value::NEGATIVE_ZERO_FLOAT.0 {
            Some(-0.0)
        } else {
            None
        }
    }

    /// The raw bits: for identity (`is`), `id()` and stored images.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Back from [`Value::bits`].
    pub const fn from_bits(bits: u64) -> Value {
        Value(bits)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::NULL => f.write_str("NULL"),
            Value::NONE => f.write_str("None"),
            Value::TRUE => f.write_str("True"),
            Value::FALSE => f.write_str("False"),
            Value::ELLIPSIS => f.write_str("Ellipsis"),
            Value::NOT_IMPLEMENTED => f.write_str("NotImplemented"),
            v => match (v.as_small(), v.as_float_immediate()) {
                (Some(n), _) => write!(f, "{n}"),
                (_, Some(x)) => write!(f, "{x:?}"),
                _ => write!(f, "#{}", v.0 >> 3),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_round_trip() {
        for n in [0, 1, -1, 42, SMALL_INT_MIN, SMALL_INT_MAX] {
            assert_eq!(Value::from_small(n).and_then(Value::as_small), Some(n));
        }
        assert_eq!(Value::from_small(SMALL_INT_MAX + 1), None);
        assert_eq!(Value::from_small(SMALL_INT_MIN - 1), None);
    }

    #[test]
    fn floats_round_trip_or_refuse() {
        for f in [0.0, -0.0, 1.0, -1.5, 1e70, -1e-70, std::f64::consts::PI] {
            let v = Value::from_float_immediate(f).expect("immediate");
            assert_eq!(v.as_float_immediate().map(f64::to_bits), Some(f.to_bits()));
            assert!(!v.is_heap() && !v.is_small() && v.as_bool().is_none());
        }
        for f in [f64::INFINITY, f64::NAN, 1e300, 5e-324] {
            assert_eq!(Value::from_float_immediate(f), None);
        }
    }
}
