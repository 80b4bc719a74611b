//! `range`, over ints of any size.

use super::iters::Iter;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::{Obj, Range};
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use heddle_compiler::CompareOp;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

/// A range's numbers.
struct Numbers {
    start: BigInt,
    stop: BigInt,
    step: BigInt,
    len: BigInt,
}

impl Process {
    /// A range from its start, stop and step.
    /// A `range` object.
    pub(super) fn new_range(&mut self, start: BigInt, stop: BigInt, step: BigInt) -> Value {
        let len = length(&start, &stop, &step);
        let range = Range {
            start: self.new_big(start),
            stop: self.new_big(stop),
            step: self.new_big(step),
            len: self.new_big(len),
        };
        self.heap.alloc(core::RANGE, Obj::Range(Box::new(range)))
    }

    /// `range(next, …)` with so many items left.
    pub fn new_range_of(&mut self, next: i64, step: i64, left: u64) -> Value {
        let (next, step) = (BigInt::from(next), BigInt::from(step));
        let stop = &next + &step * left;
        self.new_range(next, stop, step)
    }

    fn range_of(&self, v: Value) -> Option<&Range> {
        match self.heap.object(v)? {
            Obj::Range(r) => Some(r),
            _ => None,
        }
    }

    fn range_numbers(&self, v: Value) -> Option<Numbers> {
        let r = self.range_of(v)?;
        Some(Numbers {
            start: self.as_bigint(r.start)?,
            stop: self.as_bigint(r.stop)?,
            step: self.as_bigint(r.step)?,
            len: self.as_bigint(r.len)?,
        })
    }
}

fn length(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let span = if step.is_negative() { start - stop } else { stop - start };
    if span.is_positive() {
        (span - 1u32) / step.abs() + 1u32
    } else {
        BigInt::zero()
    }
}

fn numbers(p: &mut Process, v: Value) -> NativeResult<Numbers> {
    match p.range_numbers(v) {
        Some(n) => Ok(n),
        None => {
            let name = p.type_name(v);
            Err(p.type_error(&format!("descriptor requires a 'range' object but received a '{name}'")))
        }
    }
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let rest = args.rest();
    if rest.pos.is_empty() && rest.kw.is_empty() {
        return Err(p.type_error("range expected at least 1 argument, got 0"));
    }
    if rest.pos.len() > 3 {
        return Err(p.type_error(&format!("range expected at most 3 arguments, got {}", rest.pos.len())));
    }
    let [a, b, c] = p.bind(rest, "range", ["", "", ""], 1)?;
    let a = p.index_big(a.unwrap_or(Value::NONE))?;
    let (start, stop) = match b {
        Some(b) => (a, p.index_big(b)?),
        None => (BigInt::zero(), a),
    };
    let step = match c {
        Some(c) => p.index_big(c)?,
        None => BigInt::from(1),
    };
    if step.is_zero() {
        return Err(p.value_error("range() arg 3 must not be zero"));
    }
    Ok(p.new_range(start, stop, step))
}

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = numbers(p, args.this())?;
    match n.len.to_i64() {
        Some(len) => Ok(p.new_int(len)),
        None => Err(p.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

fn bool_(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(!numbers(p, args.this())?.len.is_zero()))
}

fn getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = p.method_args(args, "range.__getitem__")?;
    let n = numbers(p, this)?;
    if let Some(Obj::Slice(_)) = p.heap.object(key) {
        return sub_range(p, n, key);
    }
    super::list::check_index_type(p, key, "range")?;
    let i = p.index_big(key)?;
    let i = if i.is_negative() { i + &n.len } else { i };
    if i.is_negative() || i >= n.len {
        return Err(p.index_error("range object index out of range"));
    }
    Ok(p.new_big(n.start + i * n.step))
}

fn sub_range(p: &mut Process, n: Numbers, slice: Value) -> NativeResult {
    let indices = p.intern("indices");
    let length = p.new_big(n.len.clone());
    let method = p.getattr(slice, indices)?;
    let parts = p.call(method, &[length])?;
    let parts: Vec<BigInt> = p
        .as_tuple(parts)
        .map_or_else(Vec::new, <[Value]>::to_vec)
        .into_iter()
        .filter_map(|v| p.as_bigint(v))
        .collect();
    let [start, stop, step] = parts.as_slice() else {
        return Err(p.system_error("slice.indices gave no three ints"));
    };
    let at = |i: &BigInt| &n.start + i * &n.step;
    Ok(p.new_range(at(start), at(stop), step * &n.step))
}

/// Position of an int in the range.
fn find(n: &Numbers, wanted: &BigInt) -> Option<BigInt> {
    let (i, rest) = (wanted - &n.start).div_mod_floor(&n.step);
    (rest.is_zero() && !i.is_negative() && i < n.len).then_some(i)
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [wanted]) = p.method_args(args, "range.__contains__")?;
    let n = numbers(p, this)?;
    if p.is_exact(wanted, core::INT) || p.is_exact(wanted, core::BOOL) {
        let wanted = p.as_bigint(wanted).unwrap_or_default();
        return Ok(Value::from_bool(find(&n, &wanted).is_some()));
    }
    let all = p.list_from_iterable(this)?;
    for item in all {
        if p.eq(item, wanted)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn index(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [wanted]) = p.method_args(args, "range.index")?;
    let n = numbers(p, this)?;
    if p.is_int(wanted) {
        let number = p.as_bigint(wanted).unwrap_or_default();
        if let Some(i) = find(&n, &number) {
            return Ok(p.new_big(i));
        }
        return Err(p.value_error(&format!("{number} is not in range")));
    }
    let all = p.list_from_iterable(this)?;
    for (i, item) in all.into_iter().enumerate() {
        if p.eq(item, wanted)? {
            return Ok(p.new_int(i as i64));
        }
    }
    Err(p.value_error("sequence.index(x): x not in sequence"))
}

fn count(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [wanted]) = p.method_args(args, "range.count")?;
    let n = numbers(p, this)?;
    if p.is_int(wanted) {
        let number = p.as_bigint(wanted).unwrap_or_default();
        return Ok(Value::from_i32(i32::from(find(&n, &number).is_some())));
    }
    let mut hits = 0;
    for item in p.list_from_iterable(this)? {
        if p.eq(item, wanted)? {
            hits += 1;
        }
    }
    Ok(Value::from_i32(hits))
}

/// An iterator over start, step and length.
fn iterator(p: &mut Process, start: BigInt, step: BigInt, len: BigInt) -> Value {
    let last = &start + &step * &len;
    if let (Some(next), Some(by), Some(left), Some(_)) = (start.to_i64(), step.to_i64(), len.to_u64(), last.to_i64()) {
        return p.new_iter(core::RANGE_ITERATOR, Iter::Range { next, step: by, left });
    }
    let len = len.to_u64().unwrap_or(u64::MAX);
    let (start, step) = (p.new_big(start), p.new_big(step));
    p.new_iter(
        core::LONG_RANGE_ITERATOR,
        Iter::LongRange {
            start,
            step,
            index: 0,
            len,
        },
    )
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = numbers(p, args.this())?;
    Ok(iterator(p, n.start, n.step, n.len))
}

fn reversed(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = numbers(p, args.this())?;
    let last = &n.start + (&n.len - 1) * &n.step;
    Ok(iterator(p, last, -n.step, n.len))
}

fn start(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.range_of(args.this()).map_or(Value::NONE, |r| r.start))
}

fn stop(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.range_of(args.this()).map_or(Value::NONE, |r| r.stop))
}

fn step(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.range_of(args.this()).map_or(Value::NONE, |r| r.step))
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (this, [other]) = p.method_args(args, "__eq__")?;
    let (Some(a), Some(b)) = (p.range_numbers(this), p.range_numbers(other)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let same =
        a.len == b.len && (a.len.is_zero() || a.start == b.start && (a.len == BigInt::from(1) || a.step == b.step));
    match op {
        CompareOp::Eq => Ok(Value::from_bool(same)),
        CompareOp::Ne => Ok(Value::from_bool(!same)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

super::comparisons!(compare);

fn hash(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = numbers(p, args.this())?;
    let none = Value::NONE;
    let empty = n.len.is_zero();
    let single = n.len == BigInt::from(1);
    let parts = vec![
        p.new_big(n.len),
        if empty { none } else { p.new_big(n.start) },
        if empty || single { none } else { p.new_big(n.step) },
    ];
    let t = p.new_tuple(parts);
    let h = p.hash(t)?;
    Ok(p.new_int(h))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = numbers(p, args.this())?;
    let text = if n.step == BigInt::from(1) {
        format!("range({}, {})", n.start, n.stop)
    } else {
        format!("range({}, {}, {})", n.start, n.stop, n.step)
    };
    Ok(p.new_str(&text))
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = numbers(p, args.this())?;
    let parts = vec![p.new_big(n.start), p.new_big(n.stop), p.new_big(n.step)];
    let arguments = p.new_tuple(parts);
    Ok(p.new_tuple(vec![core::RANGE, arguments]))
}

static RANGE: TypeDef = TypeDef {
    name: "range",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: type_flags::SEQUENCE,
    members: &[
        &[
            Native::static_method("__new__", new),
            Native::method("__len__", len),
            Native::method("__bool__", bool_),
            Native::method("__getitem__", getitem),
            Native::method("__contains__", contains),
            Native::method("index", index),
            Native::method("count", count),
            Native::method("__iter__", iter),
            Native::method("__reversed__", reversed),
            Native::getter("start", start),
            Native::getter("stop", stop),
            Native::getter("step", step),
            Native::method("__hash__", hash),
            Native::method("__repr__", repr),
            Native::method("__reduce__", reduce),
        ],
        COMPARISONS,
    ],
    doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object",
    finish: None,
};

/// The type.
pub static DEFS: super::super::Defs = &[(core::RANGE, &RANGE)];
