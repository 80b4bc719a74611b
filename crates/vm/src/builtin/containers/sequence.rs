//! What list, tuple, range, str and bytes share: indices, slices, comparing item by item.

use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::type_flags;
use crate::value::Value;
use crate::work;
use heddle_compiler::op::CompareOp;
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

/// A slice applied to a length: `count` items from `start` in steps of `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceRange {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    pub count: usize,
}

impl SliceRange {
    /// The indices in order.
    pub fn indices(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.count).map(move |i| (self.start + i as i64 * self.step) as usize)
    }
}

impl Process {
    /// A Python index as a position in `len` items: negative ones count from the end; None if out of range.
    pub fn sequence_index(&mut self, index: Value, len: usize) -> NativeResult<Option<usize>> {
        let n = match index.as_small() {
            Some(n) => n,
            None => {
                let n = self.index_big(index)?;
                match n.to_i64() {
                    Some(n) => n,
                    None => {
                        let name = self.type_name(index);
                        return Err(self.index_error(&format!("cannot fit '{name}' into an index-sized integer")));
                    }
                }
            }
        };
        let at = if n < 0 { n + len as i64 } else { n };
        Ok(if at >= 0 && (at as u64) < len as u64 {
            Some(at as usize)
        } else {
            None
        })
    }

    /// A slice object applied to a length, as `slice.indices` does, with the number of items.
    pub fn slice_indices(&mut self, slice: Value, len: usize) -> NativeResult<SliceRange> {
        let Some(Obj::Slice(parts)) = self.heap.object(slice) else {
            return Err(self.type_error("slice expected"));
        };
        let [start, stop, step] = **parts;
        let step = if step.is_none() { 1 } else { self.slice_part(step)? };
        if step == 0 {
            return Err(self.value_error("slice step cannot be zero"));
        }
        let step = step.max(-i64::MAX);
        let len = len as i64;
        let (low, high) = if step < 0 { (-1, len - 1) } else { (0, len) };
        let mut clamp = |v: Value, default: i64| -> NativeResult<i64> {
            if v.is_none() {
                return Ok(default);
            }
            let n = self.slice_part(v)?;
            let n = if n < 0 { n.saturating_add(len) } else { n };
            Ok(n.clamp(low, high))
        };
        let start = clamp(start, if step < 0 { high } else { low })?;
        let stop = clamp(stop, if step < 0 { low } else { high })?;
        let count = if step < 0 {
            if stop < start {
                (start - stop - 1) / -step + 1
            } else {
                0
            }
        } else if start < stop {
            (stop - start - 1) / step + 1
        } else {
            0
        };
        Ok(SliceRange {
            start,
            stop,
            step,
            count: count as usize,
        })
    }

    /// One part of a slice, clamped to 64 bits.
    fn slice_part(&mut self, v: Value) -> NativeResult<i64> {
        if let Some(n) = v.as_small() {
            return Ok(n);
        }
        if !self.is_int(v) && self.lookup_in_type(self.type_of(v), crate::names::INDEX).is_none() {
            return Err(self.type_error("slice indices must be integers or None or have an __index__ method"));
        }
        let n = self.index_big(v)?;
        Ok(clamp_big(&n))
    }

    /// Start and stop arguments of `index`-like methods, clamped into `0..=len`.
    pub fn index_range(
        &mut self,
        start: Option<Value>,
        stop: Option<Value>,
        len: usize,
    ) -> NativeResult<(usize, usize)> {
        let mut one = |v: Option<Value>, default: i64| -> NativeResult<usize> {
            let n = match v {
                None => default,
                Some(v) if v.is_none() => default,
                Some(v) => self.slice_part(v)?,
            };
            let n = if n < 0 { n.saturating_add(len as i64).max(0) } else { n };
            Ok(n.min(len as i64) as usize)
        };
        Ok((one(start, 0)?, one(stop, len as i64)?))
    }

    /// Where two item lists first differ (identity counts as equal); None if one is a prefix of the other.
    /// `item` reads afresh each time, since a comparison may change the containers.
    pub fn first_difference(
        &mut self,
        a: Value,
        b: Value,
        item: fn(&Process, Value, usize) -> Option<Value>,
    ) -> NativeResult<Option<(Value, Value)>> {
        let mut i = 0;
        while let (Some(x), Some(y)) = (item(self, a, i), item(self, b, i)) {
            match self.compare_simple(CompareOp::Eq, x, y) {
                _ if x == y => {}
                Some(true) => {}
                Some(false) => {
                    self.worked(2 * i, work::READ);
                    return Ok(Some((x, y)));
                }
                None => return self.first_difference_from(a, b, i, item),
            }
            i += 1;
        }
        self.worked(2 * i, work::READ);
        Ok(None)
    }

    /// The rest of [`Process::first_difference`], where comparing may run Python code: by the prelude if it will, since what that code
    /// does to the containers must be seen as it happens.
    fn first_difference_from(
        &mut self,
        a: Value,
        b: Value,
        from: usize,
        item: fn(&Process, Value, usize) -> Option<Value>,
    ) -> NativeResult<Option<(Value, Value)>> {
        let runs_code = self.once(|vm| {
            let custom = |v: Value| vm.class(v).has(type_flags::CUSTOM_EQ_HASH);
            let any = |of: Value| (from..).map_while(|i| item(vm, of, i)).any(custom);
            Ok(Value::from_bool(any(a) || any(b)))
        })?;
        if runs_code == Value::TRUE {
            let find = self.prelude_function("_first_difference");
            let found = self.call(find, &[a, b, Value::from_i32(from as i32)])?;
            return Ok(match self.as_tuple(found) {
                Some(&[x, y]) => Some((x, y)),
                _ => None,
            });
        }
        let mut i = from;
        while let (Some(x), Some(y)) = (item(self, a, i), item(self, b, i)) {
            if x != y && !self.eq(x, y)? {
                return Ok(Some((x, y)));
            }
            i += 1;
        }
        Ok(None)
    }

    /// How often something may be repeated without leaving memory; MemoryError or OverflowError otherwise.
    pub fn repeat_count(&mut self, len: usize, times: Value) -> NativeResult<usize> {
        let n = self.index_big(times)?;
        if n.sign() == Sign::Minus {
            return Ok(0);
        }
        let Some(n) = n.to_i64() else {
            return Err(self.overflow_error("cannot fit 'int' into an index-sized integer"));
        };
        let bytes = (len as u64).saturating_mul(n as u64).saturating_mul(8);
        if bytes > self.heap.limit_bytes.min(1 << 40) {
            return Err(self.error(crate::types::core::MEMORY_ERROR, ""));
        }
        self.made(bytes);
        Ok(n as usize)
    }
}

pub(super) fn clamp_big(n: &BigInt) -> i64 {
    n.to_i64()
        .unwrap_or(if n.sign() == Sign::Minus { i64::MIN } else { i64::MAX })
}
