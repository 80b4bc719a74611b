//! `tuple`.

use super::iters::Iter;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use crate::work;
use heddle_compiler::CompareOp;

fn this(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<Value> {
    let this = args.this();
    if p.as_tuple(this).is_some() {
        return Ok(this);
    }
    let given = p.type_name(this);
    Err(p.type_error(&format!(
        "descriptor '{name}' requires a 'tuple' object but received a '{given}'"
    )))
}

fn items(p: &Process, tuple: Value) -> Vec<Value> {
    p.as_tuple(tuple).map_or_else(Vec::new, <[Value]>::to_vec)
}

fn length(p: &Process, tuple: Value) -> usize {
    p.as_tuple(tuple).map_or(0, <[Value]>::len)
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let args = p.own_keywords(args.rest(), class, core::TUPLE, crate::names::INIT);
    let [iterable] = p.bind(args, "tuple", [""], 0)?;
    let items = match iterable {
        Some(v) if class == core::TUPLE && p.is_exact(v, core::TUPLE) => return Ok(v),
        Some(v) => p.list_from_iterable(v)?,
        None => Vec::new(),
    };
    if class == core::TUPLE {
        return Ok(p.new_tuple(items));
    }
    Ok(p.heap.alloc(class, Obj::Tuple(items.into_boxed_slice())))
}

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__len__")?;
    Ok(Value::from_i32(length(p, tuple) as i32))
}

fn getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__getitem__")?;
    let [key] = p.exactly(args.rest(), "tuple.__getitem__")?;
    let len = length(p, tuple);
    if let Some(Obj::Slice(_)) = p.heap.object(key) {
        let range = p.slice_indices(key, len)?;
        if range.count == len && range.step == 1 && p.is_exact(tuple, core::TUPLE) {
            return Ok(tuple);
        }
        let all = items(p, tuple);
        let picked = range.indices().filter_map(|i| all.get(i).copied()).collect();
        return Ok(p.new_tuple(picked));
    }
    super::list::check_index_type(p, key, "tuple")?;
    match p.sequence_index(key, len)? {
        Some(at) => Ok(p
            .as_tuple(tuple)
            .and_then(|t| t.get(at).copied())
            .unwrap_or(Value::NONE)),
        None => Err(p.index_error("tuple index out of range")),
    }
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__contains__")?;
    let [wanted] = p.exactly(args.rest(), "tuple.__contains__")?;
    let len = length(p, tuple);
    Ok(Value::from_bool(position(p, tuple, wanted, 0, len)?.is_some()))
}

fn index(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "index")?;
    let [wanted, start, stop] = p.bind(args.rest(), "index", ["", "", ""], 1)?;
    let wanted = wanted.unwrap_or(Value::NONE);
    let (from, to) = p.index_range(start, stop, length(p, tuple))?;
    match position(p, tuple, wanted, from, to)? {
        Some(at) => Ok(p.new_int(at as i64)),
        None => Err(p.value_error("tuple.index(x): x not in tuple")),
    }
}

/// Where an equal item stands.
fn position(p: &mut Process, tuple: Value, wanted: Value, from: usize, to: usize) -> NativeResult<Option<usize>> {
    for (at, item) in items(p, tuple).into_iter().enumerate().take(to).skip(from) {
        if item == wanted || p.eq(item, wanted)? {
            p.worked(at - from, work::COMPARE);
            return Ok(Some(at));
        }
    }
    p.worked(to.saturating_sub(from), work::COMPARE);
    Ok(None)
}

fn count(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "count")?;
    let [wanted] = p.exactly(args.rest(), "tuple.count")?;
    let mut n = 0;
    for item in items(p, tuple) {
        if item == wanted || p.eq(item, wanted)? {
            n += 1;
        }
    }
    p.worked(length(p, tuple), work::COMPARE);
    Ok(Value::from_i32(n))
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__iter__")?;
    Ok(p.new_iter(core::TUPLE_ITERATOR, Iter::Tuple { tuple, index: 0 }))
}

fn add(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__add__")?;
    let [other] = p.exactly(args.rest(), "tuple.__add__")?;
    let Some(more) = p.as_tuple(other).map(<[Value]>::to_vec) else {
        let name = p.type_name(other);
        return Err(p.type_error(&format!("can only concatenate tuple (not \"{name}\") to tuple")));
    };
    // As CPython: nothing is copied when one of them is empty.
    if more.is_empty() && p.is_exact(tuple, core::TUPLE) {
        return Ok(tuple);
    }
    if length(p, tuple) == 0 && p.is_exact(other, core::TUPLE) {
        return Ok(other);
    }
    let all = [items(p, tuple), more].concat();
    Ok(p.new_tuple(all))
}

fn mul(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__mul__")?;
    let [n] = p.exactly(args.rest(), "tuple.__mul__")?;
    if !p.is_int(n) && p.lookup_in_type(p.type_of(n), crate::names::INDEX).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = p.repeat_count(length(p, tuple), n)?;
    if p.is_exact(tuple, core::TUPLE) && (n == 1 || length(p, tuple) == 0) {
        return Ok(tuple);
    }
    let all = items(p, tuple);
    let all = if all.is_empty() { all } else { all.repeat(n) };
    Ok(p.new_tuple(all))
}

fn item_at(p: &Process, tuple: Value, i: usize) -> Option<Value> {
    p.as_tuple(tuple)?.get(i).copied()
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let tuple = this(p, args, "__eq__")?;
    let [other] = p.exactly(args.rest(), "expected 1 argument")?;
    if p.as_tuple(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match p.first_difference(tuple, other, item_at)? {
        Some(_) if op == CompareOp::Eq => Ok(Value::FALSE),
        Some(_) if op == CompareOp::Ne => Ok(Value::TRUE),
        Some((a, b)) => p.compare(op, a, b),
        None => Ok(Value::from_bool(super::holds(
            op,
            length(p, tuple).cmp(&length(p, other)),
        ))),
    }
}

super::comparisons!(compare);

fn hash(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__hash__")?;
    let all = items(p, tuple);
    let hash = p.hash_items(&all)?;
    Ok(p.new_int(hash))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__repr__")?;
    let close = if length(p, tuple) == 1 { ",)" } else { ")" };
    super::repr::repr_items(p, tuple, "(", close, item_at)
}

fn getnewargs(p: &mut Process, args: Args<'_>) -> NativeResult {
    let tuple = this(p, args, "__getnewargs__")?;
    let copy = p.new_tuple(items(p, tuple));
    Ok(p.new_tuple(vec![copy]))
}

static TUPLE: TypeDef = TypeDef {
    name: "tuple",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Tuple,
    flags: type_flags::BASETYPE | type_flags::SEQUENCE | type_flags::MATCH_SELF,
    members: &[
        &[
            Native::static_method("__new__", new).sig("($type, iterable=(), /)"),
            Native::method("__len__", len),
            Native::method("__getitem__", getitem),
            Native::method("__contains__", contains),
            Native::method("index", index).sig("($self, value, start=0, stop=sys.maxsize, /)"),
            Native::method("count", count).sig("($self, value, /)"),
            Native::method("__iter__", iter),
            Native::method("__add__", add),
            Native::method("__mul__", mul),
            Native::method("__rmul__", mul),
            Native::method("__hash__", hash),
            Native::method("__repr__", repr),
            Native::method("__getnewargs__", getnewargs).sig("($self, /)"),
            Native::class_method("__class_getitem__", super::class_getitem),
        ],
        COMPARISONS,
    ],
    doc: "Built-in immutable sequence.",
    finish: None,
};

/// The type.
pub static DEFS: super::super::Defs = &[(core::TUPLE, &TUPLE)];
