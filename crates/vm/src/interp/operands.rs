//! The short paths of operators: immediate ints and floats, subscripts of lists, tuples and dicts.

use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::CompareOp;

/// Arguments of `BINARY_OP`, in-place forms folded onto the plain ones.
const IN_PLACE: u32 = 13;
/// `a[b]`.
pub const SUBSCRIPT: u32 = 26;

/// A float or small int as a float.
#[inline(always)]
fn number(v: Value) -> Option<f64> {
    match v.as_float_immediate() {
        Some(f) => Some(f),
        // Ints of more than 53 bits would be compared and rounded wrongly.
        None => v.as_small().filter(|n| n.unsigned_abs() < 1 << 53).map(|n| n as f64),
    }
}

/// An operation on two small ints, where it neither fails nor leaves the immediate range.
#[inline(always)]
pub fn int_operation(op: u32, a: i64, b: i64) -> Option<Value> {
    let op = if (IN_PLACE..SUBSCRIPT).contains(&op) {
        op - IN_PLACE
    } else {
        op
    };
    // The usual ones first: a table of jumps is hard to predict.
    if op == 0 {
        return Value::from_small(a + b);
    }
    if op == 10 {
        return Value::from_small(a - b);
    }
    other_int_operation(op, a, b)
}

/// Those that are not so common: the loop stays small, since a browser compiles it as a whole before it runs fast.
#[inline(never)]
fn other_int_operation(op: u32, a: i64, b: i64) -> Option<Value> {
    let result = match op {
        5 => a.checked_mul(b)?,
        1 => a & b,
        7 => a | b,
        12 => a ^ b,
        2 if b != 0 => {
            let q = a / b;
            if (a % b != 0) && ((a < 0) != (b < 0)) { q - 1 } else { q }
        }
        6 if b != 0 => {
            let r = a % b;
            if r != 0 && ((r < 0) != (b < 0)) { r + b } else { r }
        }
        3 if (0..62).contains(&b) && a.unsigned_abs().leading_zeros() as i64 > b + 1 => a << b,
        9 if b >= 0 => a >> b.min(63),
        11 if b != 0 && a.unsigned_abs() < 1 << 53 && b.unsigned_abs() < 1 << 53 => {
            return Value::from_float_immediate(a as f64 / b as f64);
        }
        _ => return None,
    };
    Value::from_small(result)
}

/// An operation on floats (or a float and an int) whose result is immediate.
#[inline(always)]
pub fn float_operation(op: u32, a: Value, b: Value) -> Option<Value> {
    if a.is_small() && b.is_small() {
        return None;
    }
    let (a, b) = (number(a)?, number(b)?);
    let op = if (IN_PLACE..SUBSCRIPT).contains(&op) {
        op - IN_PLACE
    } else {
        op
    };
    let result = if op == 5 {
        a * b
    } else if op == 0 {
        a + b
    } else if op == 10 {
        a - b
    } else if op == 11 && b != 0.0 {
        a / b
    } else {
        return None;
    };
    Value::from_float_immediate(result)
}

/// An operation on two numbers, ints or floats, whose result is immediate.
#[inline(always)]
pub fn number_operation(op: u32, a: Value, b: Value) -> Option<Value> {
    match (a.as_small(), b.as_small()) {
        (Some(x), Some(y)) => int_operation(op, x, y),
        _ => float_operation(op, a, b),
    }
}

/// `a ** b` of floats, or of small ints with an int as result, where it needs nobody's help.
#[inline(never)]
pub fn power(a: Value, b: Value) -> Option<Value> {
    if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
        return Value::from_small(x.checked_pow(u32::try_from(y).ok()?)?);
    }
    let (a, b) = (number(a)?, number(b)?);
    if a <= 0.0 || b.abs() > 1000.0 {
        return None;
    }
    Value::from_float_immediate(crate::builtin::numbers::exact::pow(a, b))
}

/// A comparison of immediate numbers.
#[inline(always)]
pub fn compare_numbers(op: u32, a: Value, b: Value) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = if Value::both_small(a, b) {
        // The tag bit is the same in both, so the raw order is the order of the numbers.
        (a.bits() as i64).cmp(&(b.bits() as i64))
    } else {
        number(a)?.partial_cmp(&number(b)?)?
    };
    Some(match CompareOp::of_instr_arg(op)? {
        CompareOp::Lt => order == Less,
        CompareOp::Le => order != Greater,
        CompareOp::Eq => order == Equal,
        CompareOp::Ne => order != Equal,
        CompareOp::Gt => order == Greater,
        CompareOp::Ge => order != Less,
    })
}

/// A Python index into `len` items.
#[inline(always)]
fn place(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index + len as i64 } else { index };
    if at >= 0 && (at as usize) < len {
        Some(at as usize)
    } else {
        None
    }
}

impl Process {
    /// `container[key]` where it needs no Python code and does not fail. Not counted.
    #[inline]
    pub(crate) fn quick_subscript(&mut self, container: Value, key: Value) -> Option<Value> {
        if !container.is_heap() {
            return None;
        }
        match self.heap.get(container) {
            Obj::List(items) if self.is_exact(container, core::LIST) => {
                let items = &**items;
                Some(items[place(key.as_small()?, items.len())?])
            }
            Obj::Tuple(items) if self.is_exact(container, core::TUPLE) => {
                Some(items[place(key.as_small()?, items.len())?])
            }
            Obj::Str(_) if self.is_exact(container, core::STR) => self.str_index(container, key.as_small()?),
            Obj::Dict(_) if self.is_exact(container, core::DICT) => {
                let at = self.quick_find(container, key)??;
                self.as_dict(container)?.entry(at).map(|e| e.value)
            }
            _ => None,
        }
    }

    /// The entry of a key in a dict or set, found without Python code: `None` if that cannot be said so simply.
    #[inline]
    pub(crate) fn quick_find(&self, dict: Value, key: Value) -> Option<Option<usize>> {
        let Some(Obj::Dict(table) | Obj::Set(table)) = self.heap.object(dict) else {
            return None;
        };
        if let Some(n) = key.as_small() {
            let hash = small_int_hash(n)?;
            // A key of the same hash that is not identical (1.0, True) needs a real comparison.
            return table.find(hash, |k| if k == key { Ok(true) } else { Err(()) }).ok();
        }
        if !key.is_heap() {
            return None;
        }
        let Obj::Str(text) = self.heap.get(key) else {
            return None;
        };
        if !self.is_exact(key, core::STR) {
            return None;
        }
        table
            .find(text.hash(), |k| {
                if k == key {
                    return Ok(true);
                }
                match self.heap.object(k) {
                    Some(Obj::Str(s)) => Ok(s.bytes() == text.bytes()),
                    _ => Err(()),
                }
            })
            .ok()
    }

    /// [`Process::quick_find`] with the key's hash.
    #[inline]
    pub(crate) fn quick_find_hashed(&self, dict: Value, key: Value) -> Option<(i64, Option<usize>)> {
        let found = self.quick_find(dict, key)?;
        let hash = match key.as_small() {
            Some(n) => small_int_hash(n).unwrap_or_default(),
            None => self.as_pystr(key).map_or(0, |s| s.hash()),
        };
        Some((hash, found))
    }

    /// `container[key] = value` likewise; true if done (the value is counted, the old one let go).
    #[inline]
    pub(crate) fn quick_store_subscript(&mut self, container: Value, key: Value, value: Value) -> bool {
        if !container.is_heap() {
            return false;
        }
        if self.is_exact(container, core::LIST) {
            let Some(index) = key.as_small() else { return false };
            let Obj::List(items) = self.heap.get_mut(container) else {
                return false;
            };
            let Some(at) = place(index, items.len()) else {
                return false;
            };
            let old = std::mem::replace(&mut items[at], value);
            self.heap.incref(value);
            self.heap.decref(old);
            return true;
        }
        if self.is_exact(container, core::DICT) {
            let Some((hash, found)) = self.quick_find_hashed(container, key) else {
                return false;
            };
            self.dict_store(container, found, hash, key, value);
            return true;
        }
        false
    }

    /// `str + str`.
    #[inline(never)]
    pub(crate) fn quick_concat(&mut self, a: Value, b: Value) -> Option<Value> {
        if !self.is_exact(a, core::STR) || !self.is_exact(b, core::STR) {
            return None;
        }
        let (x, y) = (self.as_pystr(a)?, self.as_pystr(b)?);
        if x.is_empty() {
            return Some(b);
        }
        if y.is_empty() {
            return Some(a);
        }
        if self.heap.room() < (x.bytes().len() + y.bytes().len()) as u64 {
            return None; // the slow path raises MemoryError
        }
        let joined = crate::pystr::PyStr::concat(x, y);
        Some(self.heap.alloc(core::STR, Obj::Str(joined)))
    }

    /// `a += b` of strings where `a` is held by the operand stack and by the local it goes back to, and by nothing else: in place.
    #[inline]
    pub(crate) fn quick_append(&mut self, a: Value, b: Value) -> bool {
        self.is_exact(a, core::STR)
            && self.is_exact(b, core::STR)
            && self.heap.header(a).count == 2
            && self.str_append_in_place(a, b)
    }

    /// Truth of what needs no Python code.
    #[inline]
    pub(crate) fn quick_truth(&self, v: Value) -> Option<bool> {
        if let Some(b) = v.as_bool() {
            return Some(b);
        }
        if v.is_none() {
            return Some(false);
        }
        if let Some(n) = v.as_small() {
            return Some(n != 0);
        }
        if let Some(f) = v.as_float_immediate() {
            return Some(f != 0.0);
        }
        if !v.is_heap() || self.type_of(v).index() as u32 >= core::END {
            return None;
        }
        match self.heap.get(v) {
            Obj::Str(s) => Some(!s.is_empty()),
            Obj::List(items) => Some(!items.is_empty()),
            Obj::Tuple(items) => Some(!items.is_empty()),
            Obj::Dict(d) | Obj::Set(d) => Some(!d.is_empty()),
            Obj::Bytes(b) => Some(!b.is_empty()),
            Obj::Wide(n) => Some(*n != [0, 0]),
            Obj::Long(_) | Obj::Int(_) => Some(true),
            Obj::Function(_) | Obj::BoundMethod(_) | Obj::Module(_) | Obj::Generator(_) | Obj::Native { .. } => {
                Some(true)
            }
            _ => None,
        }
    }

    /// `a == b` of two strings.
    #[inline]
    pub(crate) fn quick_str_eq(&self, a: Value, b: Value) -> Option<bool> {
        if !self.is_exact(a, core::STR) || !self.is_exact(b, core::STR) {
            return None;
        }
        if a == b {
            return Some(true);
        }
        let interned = self.heap.header(a).flags & self.heap.header(b).flags & crate::heap::flags::INTERNED;
        if interned != 0 {
            return Some(false);
        }
        Some(self.as_pystr(a)?.bytes() == self.as_pystr(b)?.bytes())
    }
}

/// `hash(n)` of an int below the modulus of Python's numeric hash.
#[inline(always)]
fn small_int_hash(n: i64) -> Option<i64> {
    if n.unsigned_abs() >= (1 << 61) - 1 {
        return None;
    }
    Some(if n == -1 { -2 } else { n })
}
