//! `slice`.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core};
use crate::value::Value;
use heddle_compiler::CompareOp;
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

impl Process {
    /// A slice object.
    pub fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.heap.alloc(core::SLICE, Obj::Slice(Box::new([start, stop, step])))
    }
}

fn parts(p: &Process, v: Value) -> [Value; 3] {
    match p.heap.object(v) {
        Some(Obj::Slice(s)) => **s,
        _ => [Value::NONE; 3],
    }
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b, c] = p.bind(args.rest(), "slice", ["", "", ""], 1)?;
    let none = Value::NONE;
    let (start, stop) = match b {
        None => (none, a.unwrap_or(none)),
        Some(b) => (a.unwrap_or(none), b),
    };
    Ok(p.new_slice(start, stop, c.unwrap_or(none)))
}

fn start(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(parts(p, args.this())[0])
}

fn stop(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(parts(p, args.this())[1])
}

fn step(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(parts(p, args.this())[2])
}

/// `slice.indices(length)` for any size of ints.
fn indices(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [length]) = p.method_args(args, "indices")?;
    let length = p.index_big(length)?;
    if length.is_negative() {
        return Err(p.value_error("length should not be negative"));
    }
    let [start, stop, step] = parts(p, this);
    let step = if step.is_none() { BigInt::one() } else { part(p, step)? };
    if step.is_zero() {
        return Err(p.value_error("slice step cannot be zero"));
    }
    let negative = step.is_negative();
    let (low, high) = if negative {
        (BigInt::from(-1), &length - 1)
    } else {
        (BigInt::zero(), length.clone())
    };
    let start = if start.is_none() {
        if negative { high.clone() } else { low.clone() }
    } else {
        clamp(part(p, start)?, &length, &low, &high)
    };
    let stop = if stop.is_none() {
        if negative { low } else { high }
    } else {
        clamp(part(p, stop)?, &length, &low, &high)
    };
    let values = vec![p.new_big(start), p.new_big(stop), p.new_big(step)];
    Ok(p.new_tuple(values))
}

fn part(p: &mut Process, v: Value) -> NativeResult<BigInt> {
    if !p.is_int(v) && p.lookup_in_type(p.type_of(v), crate::names::INDEX).is_none() {
        return Err(p.type_error("slice indices must be integers or None or have an __index__ method"));
    }
    p.index_big(v)
}

fn clamp(n: BigInt, length: &BigInt, low: &BigInt, high: &BigInt) -> BigInt {
    let n = if n.is_negative() { n + length } else { n };
    n.clamp(low.clone(), high.clone().max(low.clone()))
}

fn as_tuple(p: &mut Process, v: Value) -> Value {
    let all = parts(p, v).to_vec();
    p.new_tuple(all)
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (this, [other]) = p.method_args(args, "__eq__")?;
    if !matches!(p.heap.object(other), Some(Obj::Slice(_))) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (as_tuple(p, this), as_tuple(p, other));
    p.compare(op, a, b)
}

super::comparisons!(compare);

fn hash(p: &mut Process, args: Args<'_>) -> NativeResult {
    let t = as_tuple(p, args.this());
    let h = p.hash(t)?;
    Ok(p.new_int(h))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let mut text = String::from("slice(");
    for (i, v) in parts(p, args.this()).into_iter().enumerate() {
        let r = p.repr(v)?;
        text.push_str(if i > 0 { ", " } else { "" });
        text.push_str(&p.text(r));
    }
    text.push(')');
    Ok(p.new_str(&text))
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let t = as_tuple(p, args.this());
    Ok(p.new_tuple(vec![core::SLICE, t]))
}

static SLICE: TypeDef = TypeDef {
    name: "slice",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: 0,
    members: &[
        &[
            Native::static_method("__new__", new),
            Native::getter("start", start),
            Native::getter("stop", stop),
            Native::getter("step", step),
            Native::method("indices", indices).sig("($self, object, /)"),
            Native::method("__hash__", hash),
            Native::method("__repr__", repr),
            Native::method("__reduce__", reduce),
        ],
        COMPARISONS,
    ],
    doc: "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. a[0:10:2]).",
    finish: None,
};

/// The type.
pub static DEFS: super::super::Defs = &[(core::SLICE, &SLICE)];
