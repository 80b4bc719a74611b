//! Union, intersection, difference and their in-place forms, and the order of sets by inclusion.

use super::set::{add_all, items, set_of};
use crate::dict::Dict;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;
use heddle_compiler::CompareOp;
use std::cmp::Ordering;

/// The class of a result: that of the left operand without its subclass.
fn result_class(p: &Process, set: Value) -> Value {
    if p.is_instance(set, core::FROZENSET) {
        core::FROZENSET
    } else {
        core::SET
    }
}

/// A copy of a set's table as an instance of `class`.
pub fn copy_as(p: &mut Process, set: Value, class: Value) -> Value {
    let table = match p.heap.object(set) {
        Some(Obj::Set(d)) => Box::new(d.copy_scattered()),
        _ => Box::new(Dict::new_set()),
    };
    p.heap.alloc(class, Obj::Set(table))
}

fn contains(p: &mut Process, set: Value, item: Value) -> NativeResult<bool> {
    Ok(p.dict_find(set, item)?.1.is_some())
}

/// Items of `a` for which membership in `b` is `wanted`.
fn filtered(p: &mut Process, a: Value, b: Value, wanted: bool) -> NativeResult<Vec<Value>> {
    let custom = p.once(|p| {
        let custom = |&v: &Value| p.class(v).has(type_flags::CUSTOM_EQ_HASH);
        Ok(match items(p, a).iter().chain(&items(p, b)).any(custom) {
            true => p.new_list(items(p, a)),
            false => Value::NONE,
        })
    })?;
    if !custom.is_none() {
        // Comparing runs Python code, which may change the sets meanwhile.
        let members = p.prelude_function("_members");
        let kept = p.call(members, &[custom, b, Value::from_bool(wanted)])?;
        return Ok(p.as_list(kept).cloned().unwrap_or_default());
    }
    let mut kept = Vec::new();
    for item in items(p, a) {
        if contains(p, b, item)? == wanted {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Is the order of the sizes of `a` and `b` one of these? Logged: comparing items may change the sets.
fn sizes(p: &mut Process, a: Value, b: Value, wanted: &[Ordering]) -> NativeResult<bool> {
    let holds = p.once(|p| {
        let order = items(p, a).len().cmp(&items(p, b).len());
        Ok(Value::from_bool(wanted.contains(&order)))
    })?;
    Ok(holds == Value::TRUE)
}

/// `a | b`
pub fn union(p: &mut Process, a: Value, b: Value) -> NativeResult {
    let class = result_class(p, a);
    let both = p.once(|p| {
        let both = copy_as(p, a, class);
        let more = items(p, b).len();
        if let Obj::Set(table) = p.heap.get_mut(both) {
            table.reserve_for_merge(more);
        }
        Ok(both)
    })?;
    let more = items(p, b);
    add_all(p, both, more)?;
    Ok(both)
}

/// `a & b`
pub fn intersection(p: &mut Process, a: Value, b: Value) -> NativeResult {
    let class = result_class(p, a);
    // The smaller one is gone through, as in CPython: it decides the order.
    let (walked, other) = if sizes(p, b, a, &[Ordering::Greater])? {
        (a, b)
    } else {
        (b, a)
    };
    let kept = filtered(p, walked, other, true)?;
    set_of(p, class, kept)
}

/// `a - b`
pub fn difference(p: &mut Process, a: Value, b: Value) -> NativeResult {
    let class = result_class(p, a);
    let kept = filtered(p, a, b, false)?;
    set_of(p, class, kept)
}

/// `a ^ b`
pub fn symmetric_difference(p: &mut Process, a: Value, b: Value) -> NativeResult {
    let class = result_class(p, a);
    let mut kept = filtered(p, b, a, false)?;
    kept.extend(filtered(p, a, b, false)?);
    set_of(p, class, kept)
}

/// Inclusion.
pub fn compare_sets(p: &mut Process, a: Value, b: Value, op: CompareOp) -> NativeResult {
    use Ordering::{Equal, Greater, Less};
    let holds = match op {
        CompareOp::Eq | CompareOp::Ne => {
            let same = sizes(p, a, b, &[Equal])? && filtered(p, a, b, false)?.is_empty();
            same == (op == CompareOp::Eq)
        }
        CompareOp::Le => sizes(p, a, b, &[Less, Equal])? && filtered(p, a, b, false)?.is_empty(),
        CompareOp::Lt => sizes(p, a, b, &[Less])? && filtered(p, a, b, false)?.is_empty(),
        CompareOp::Ge => sizes(p, a, b, &[Greater, Equal])? && filtered(p, b, a, false)?.is_empty(),
        CompareOp::Gt => sizes(p, a, b, &[Greater])? && filtered(p, b, a, false)?.is_empty(),
    };
    Ok(Value::from_bool(holds))
}

type Binary = fn(&mut Process, Value, Value) -> NativeResult;

/// `a op b` of two sets.
fn operator(p: &mut Process, args: Args<'_>, reflected: bool, act: Binary) -> NativeResult {
    let (a, [b]) = p.method_args(args, "set operator")?;
    if !super::is_any_set(p, a) || !super::is_any_set(p, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    if reflected { act(p, b, a) } else { act(p, a, b) }
}

/// `a.op(iterable, …)`
fn method(p: &mut Process, args: Args<'_>, act: Binary) -> NativeResult {
    let mut result = copy_as(p, args.this(), result_class(p, args.this()));
    for &other in args.rest().pos {
        let other = as_set(p, other)?;
        result = act(p, result, other)?;
    }
    Ok(result)
}

fn as_set(p: &mut Process, v: Value) -> NativeResult {
    if super::is_any_set(p, v) {
        return Ok(v);
    }
    let all = p.list_from_iterable(v)?;
    set_of(p, core::SET, all)
}

/// Makes `set` hold exactly what `result` holds.
fn become_(p: &mut Process, set: Value, result: Value) {
    let new = items(p, result);
    let old = items(p, set);
    if new == old {
        return;
    }
    let copy = copy_as(p, result, core::SET);
    let mut table = match p.heap.get_mut(copy) {
        Obj::Set(d) => std::mem::take(d),
        _ => return,
    };
    if let Obj::Set(d) = p.heap.get_mut(set) {
        std::mem::swap(d, &mut table);
    }
    // The counts of the new items came with the copy; those of the old ones go.
    for e in table.iter() {
        p.heap.decref(e.key);
    }
}

fn in_place(p: &mut Process, args: Args<'_>, act: Binary) -> NativeResult {
    let (a, [b]) = p.method_args(args, "set operator")?;
    if !super::is_any_set(p, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let result = act(p, a, b)?;
    become_(p, a, result);
    Ok(a)
}

fn update_method(p: &mut Process, args: Args<'_>, act: Binary) -> NativeResult {
    let set = args.this();
    let result = method(p, args, act)?;
    become_(p, set, result);
    Ok(Value::NONE)
}

fn update(p: &mut Process, args: Args<'_>) -> NativeResult {
    let mut all = Vec::new();
    for &other in args.rest().pos {
        all.extend(p.list_from_iterable(other)?);
    }
    add_all(p, args.this(), all)?;
    Ok(Value::NONE)
}

fn isdisjoint(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "isdisjoint")?;
    let b = as_set(p, b)?;
    Ok(Value::from_bool(filtered(p, a, b, true)?.is_empty()))
}

fn inclusion(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (a, [b]) = p.method_args(args, "issubset")?;
    let b = as_set(p, b)?;
    compare_sets(p, a, b, op)
}

/// Operators and methods that make new sets.
pub static OPERATORS: &[Native] = &[
    Native::method("__or__", |p, a| operator(p, a, false, union)),
    Native::method("__ror__", |p, a| operator(p, a, true, union)),
    Native::method("__and__", |p, a| operator(p, a, false, intersection)),
    Native::method("__rand__", |p, a| operator(p, a, true, intersection)),
    Native::method("__sub__", |p, a| operator(p, a, false, difference)),
    Native::method("__rsub__", |p, a| operator(p, a, true, difference)),
    Native::method("__xor__", |p, a| operator(p, a, false, symmetric_difference)),
    Native::method("__rxor__", |p, a| operator(p, a, true, symmetric_difference)),
    Native::method("union", |p, a| method(p, a, union)).sig("($self, /, *others)"),
    Native::method("intersection", |p, a| method(p, a, intersection)).sig("($self, /, *others)"),
    Native::method("difference", |p, a| method(p, a, difference)).sig("($self, /, *others)"),
    Native::method("symmetric_difference", |p, a| method(p, a, symmetric_difference)).sig("($self, other, /)"),
    Native::method("isdisjoint", isdisjoint),
    Native::method("issubset", |p, a| inclusion(p, a, CompareOp::Le)),
    Native::method("issuperset", |p, a| inclusion(p, a, CompareOp::Ge)),
];

/// Operators and methods that change the set.
pub static IN_PLACE: &[Native] = &[
    Native::method("__ior__", |p, a| in_place(p, a, union)),
    Native::method("__iand__", |p, a| in_place(p, a, intersection)),
    Native::method("__isub__", |p, a| in_place(p, a, difference)),
    Native::method("__ixor__", |p, a| in_place(p, a, symmetric_difference)),
    Native::method("update", update).sig("($self, /, *others)"),
    Native::method("intersection_update", |p, a| update_method(p, a, intersection)).sig("($self, /, *others)"),
    Native::method("difference_update", |p, a| update_method(p, a, difference)).sig("($self, /, *others)"),
    Native::method("symmetric_difference_update", |p, a| {
        update_method(p, a, symmetric_difference)
    })
    .sig("($self, other, /)"),
];
