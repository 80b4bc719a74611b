//! `list`.

use super::iters::Iter;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use crate::work;
use heddle_compiler::CompareOp;

fn items_of(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<Value> {
    let this = args.this();
    if p.as_list(this).is_some() {
        return Ok(this);
    }
    let given = p.type_name(this);
    Err(p.type_error(&format!(
        "descriptor '{name}' for 'list' objects doesn't apply to a '{given}' object"
    )))
}

fn list_mut(p: &mut Process, list: Value) -> &mut Vec<Value> {
    match p.heap.get_mut(list) {
        Obj::List(items) => items,
        _ => unreachable!("callers have checked that it is a list"),
    }
}

/// Replaces the items `from..to` by others, counting both.
pub fn splice(p: &mut Process, list: Value, from: usize, to: usize, new: &[Value]) {
    new.iter().for_each(|&v| p.heap.incref(v));
    let items = list_mut(p, list);
    let to = to.min(items.len());
    let from = from.min(to);
    let old: Vec<Value> = items.splice(from..to, new.iter().copied()).collect();
    p.heap.adjust_size(8 * (new.len() as i64 - old.len() as i64));
    old.into_iter().for_each(|v| p.heap.decref(v));
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.heap.alloc(args.this(), Obj::List(Vec::new())))
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__init__")?;
    let class = p.type_of(list);
    let args = p.own_keywords(args.rest(), class, core::LIST, crate::names::NEW);
    let [iterable] = p.bind(args, "list", [""], 0)?;
    let items = match iterable {
        Some(v) => p.list_from_iterable(v)?,
        None => Vec::new(),
    };
    splice(p, list, 0, usize::MAX, &items);
    Ok(Value::NONE)
}

fn append(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "append")?;
    let [item] = p.exactly(args.rest(), "list.append")?;
    p.list_push(list, item);
    Ok(Value::NONE)
}

fn extend(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "extend")?;
    let [iterable] = p.exactly(args.rest(), "list.extend")?;
    extend_with(p, list, iterable)?;
    Ok(Value::NONE)
}

/// `list.extend`
pub fn extend_with(p: &mut Process, list: Value, iterable: Value) -> NativeResult<()> {
    let items = p.list_from_iterable(iterable)?;
    splice(p, list, usize::MAX, usize::MAX, &items);
    Ok(())
}

fn insert(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "insert")?;
    let [index, item] = p.exactly(args.rest(), "insert")?;
    let n = p.index_i64(index)?;
    let len = p.as_list(list).map_or(0, Vec::len) as i64;
    let at = if n < 0 { (n + len).max(0) } else { n.min(len) } as usize;
    splice(p, list, at, at, &[item]);
    Ok(Value::NONE)
}

fn pop(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "pop")?;
    let [index] = p.bind(args.rest(), "pop", [""], 0)?;
    let index = index.unwrap_or(Value::from_i32(-1));
    let n = p.index_i64(index)?;
    let len = p.as_list(list).map_or(0, Vec::len);
    if len == 0 {
        return Err(p.index_error("pop from empty list"));
    }
    let at = if n < 0 { n + len as i64 } else { n };
    if at < 0 || at as usize >= len {
        return Err(p.index_error("pop index out of range"));
    }
    let item = list_mut(p, list).remove(at as usize);
    p.heap.adjust_size(-8);
    p.heap.decref(item);
    Ok(item)
}

fn remove(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "remove")?;
    let [wanted] = p.exactly(args.rest(), "list.remove")?;
    match position(p, list, wanted, 0, usize::MAX)? {
        Some(at) => {
            splice(p, list, at, at + 1, &[]);
            Ok(Value::NONE)
        }
        None => Err(p.value_error("list.remove(x): x not in list")),
    }
}

/// Where an equal item stands.
fn position(p: &mut Process, list: Value, wanted: Value, from: usize, to: usize) -> NativeResult<Option<usize>> {
    let mut at = from;
    let mut found = None;
    while let Some(item) = p.as_list(list).and_then(|l| l.get(at).copied()) {
        if at >= to {
            break;
        }
        if item == wanted || p.eq(item, wanted)? {
            found = Some(at);
            break;
        }
        at += 1;
    }
    p.worked(at - from, work::COMPARE);
    Ok(found)
}

fn index(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "index")?;
    let [wanted, start, stop] = p.bind(args.rest(), "index", ["", "", ""], 1)?;
    let len = p.as_list(list).map_or(0, Vec::len);
    let (from, to) = p.index_range(start, stop, len)?;
    let wanted = wanted.unwrap_or(Value::NONE);
    match position(p, list, wanted, from, to)? {
        Some(at) => Ok(p.new_int(at as i64)),
        None => Err(p.value_error("list.index(x): x not in list")),
    }
}

fn count(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "count")?;
    let [wanted] = p.exactly(args.rest(), "list.count")?;
    let mut n = 0;
    let mut at = 0;
    while let Some(found) = position(p, list, wanted, at, usize::MAX)? {
        n += 1;
        at = found + 1;
    }
    Ok(Value::from_i32(n))
}

fn clear(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "clear")?;
    splice(p, list, 0, usize::MAX, &[]);
    Ok(Value::NONE)
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "copy")?;
    let items = p.as_list(list).cloned().unwrap_or_default();
    Ok(p.new_list(items))
}

fn reverse(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "reverse")?;
    list_mut(p, list).reverse();
    Ok(Value::NONE)
}

fn sort(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "sort")?;
    let [key, reverse] = p.bind(args.rest(), "sort", ["*key", "*reverse"], 0)?;
    super::sort::sort_list(p, list, key.unwrap_or(Value::NONE), reverse.unwrap_or(Value::FALSE))
}

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__len__")?;
    let n = p.as_list(list).map_or(0, Vec::len);
    Ok(p.new_int(n as i64))
}

fn getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__getitem__")?;
    let [key] = p.exactly(args.rest(), "list.__getitem__")?;
    let len = p.as_list(list).map_or(0, Vec::len);
    if let Some(Obj::Slice(_)) = p.heap.object(key) {
        let range = p.slice_indices(key, len)?;
        let items = p.as_list(list).map_or_else(Vec::new, |l| {
            range.indices().filter_map(|i| l.get(i).copied()).collect()
        });
        p.worked(items.len(), work::READ);
        return Ok(p.new_list(items));
    }
    check_index_type(p, key, "list")?;
    match p.sequence_index(key, len)? {
        Some(at) => Ok(p.as_list(list).and_then(|l| l.get(at).copied()).unwrap_or(Value::NONE)),
        None => Err(p.index_error("list index out of range")),
    }
}

/// TypeError unless the value can be an index.
pub fn check_index_type(p: &mut Process, key: Value, what: &str) -> NativeResult<()> {
    if p.is_int(key) || p.lookup_in_type(p.type_of(key), crate::names::INDEX).is_some() {
        return Ok(());
    }
    let name = p.type_name(key);
    Err(p.type_error(&format!("{what} indices must be integers or slices, not {name}")))
}

fn setitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__setitem__")?;
    let [key, value] = p.exactly(args.rest(), "list.__setitem__")?;
    let len = p.as_list(list).map_or(0, Vec::len);
    if let Some(Obj::Slice(_)) = p.heap.object(key) {
        return set_slice(p, list, key, value);
    }
    check_index_type(p, key, "list")?;
    match p.sequence_index(key, len)? {
        Some(at) => {
            p.heap.incref(value);
            let old = std::mem::replace(&mut list_mut(p, list)[at], value);
            p.heap.decref(old);
            Ok(Value::NONE)
        }
        None => Err(p.index_error("list assignment index out of range")),
    }
}

fn set_slice(p: &mut Process, list: Value, slice: Value, value: Value) -> NativeResult {
    let items = match p.list_from_iterable(value) {
        Ok(items) => items,
        Err(crate::native::Unwind::Raise(e))
            if p.is_exact(e, core::TYPE_ERROR) && p.lookup_in_type(p.type_of(value), crate::names::ITER).is_none() =>
        {
            return Err(p.type_error("must assign iterable to extended slice"));
        }
        Err(other) => return Err(other),
    };
    let len = p.as_list(list).map_or(0, Vec::len);
    let range = p.slice_indices(slice, len)?;
    if range.step == 1 {
        let to = range.stop.max(range.start) as usize;
        splice(p, list, range.start as usize, to, &items);
        return Ok(Value::NONE);
    }
    if items.len() != range.count {
        let message = format!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            items.len(),
            range.count
        );
        return Err(p.value_error(&message));
    }
    for (at, item) in range.indices().zip(items) {
        p.heap.incref(item);
        let old = std::mem::replace(&mut list_mut(p, list)[at], item);
        p.heap.decref(old);
    }
    Ok(Value::NONE)
}

fn delitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__delitem__")?;
    let [key] = p.exactly(args.rest(), "list.__delitem__")?;
    let len = p.as_list(list).map_or(0, Vec::len);
    if let Some(Obj::Slice(_)) = p.heap.object(key) {
        let range = p.slice_indices(key, len)?;
        if range.step == 1 {
            splice(p, list, range.start as usize, range.stop.max(range.start) as usize, &[]);
            return Ok(Value::NONE);
        }
        let mut gone: Vec<usize> = range.indices().collect();
        gone.sort_unstable();
        let mut at = 0;
        let mut dropped = Vec::new();
        list_mut(p, list).retain(|v| {
            let drop = gone.binary_search(&at).is_ok();
            at += 1;
            if drop {
                dropped.push(*v);
            }
            !drop
        });
        p.heap.adjust_size(-8 * dropped.len() as i64);
        dropped.into_iter().for_each(|v| p.heap.decref(v));
        return Ok(Value::NONE);
    }
    check_index_type(p, key, "list")?;
    match p.sequence_index(key, len)? {
        Some(at) => {
            splice(p, list, at, at + 1, &[]);
            Ok(Value::NONE)
        }
        None => Err(p.index_error("list assignment index out of range")),
    }
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__contains__")?;
    let [wanted] = p.exactly(args.rest(), "list.__contains__")?;
    Ok(Value::from_bool(position(p, list, wanted, 0, usize::MAX)?.is_some()))
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__iter__")?;
    Ok(p.new_iter(core::LIST_ITERATOR, Iter::List { list, index: 0 }))
}

fn reversed(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__reversed__")?;
    let left = p.as_list(list).map_or(0, Vec::len);
    Ok(p.new_iter(core::LIST_REVERSE_ITERATOR, Iter::ListReversed { list, left }))
}

fn add(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__add__")?;
    let [other] = p.exactly(args.rest(), "list.__add__")?;
    let Some(more) = p.as_list(other).cloned() else {
        let name = p.type_name(other);
        return Err(p.type_error(&format!("can only concatenate list (not \"{name}\") to list")));
    };
    let mut items = p.as_list(list).cloned().unwrap_or_default();
    items.extend(more);
    p.worked(items.len(), work::READ);
    Ok(p.new_list(items))
}

fn iadd(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__iadd__")?;
    let [other] = p.exactly(args.rest(), "list.__iadd__")?;
    extend_with(p, list, other)?;
    Ok(list)
}

fn times(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<Option<(Value, Vec<Value>)>> {
    let list = items_of(p, args, name)?;
    let [n] = p.exactly(args.rest(), name)?;
    if !p.is_int(n) && p.lookup_in_type(p.type_of(n), crate::names::INDEX).is_none() {
        return Ok(None);
    }
    let len = p.as_list(list).map_or(0, Vec::len);
    let n = p.repeat_count(len, n)?;
    let items = p
        .as_list(list)
        .map_or_else(Vec::new, |l| if l.is_empty() { Vec::new() } else { l.repeat(n) });
    Ok(Some((list, items)))
}

fn mul(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(match times(p, args, "__mul__")? {
        Some((_, items)) => p.new_list(items),
        None => Value::NOT_IMPLEMENTED,
    })
}

fn imul(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(match times(p, args, "__imul__")? {
        Some((list, items)) => {
            splice(p, list, 0, usize::MAX, &items);
            list
        }
        None => Value::NOT_IMPLEMENTED,
    })
}

fn item_at(p: &Process, list: Value, i: usize) -> Option<Value> {
    p.as_list(list)?.get(i).copied()
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let list = items_of(p, args, "__eq__")?;
    let [other] = p.exactly(args.rest(), "expected 1 argument")?;
    let Some(other_len) = p.as_list(other).map(Vec::len) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let len = p.as_list(list).map_or(0, Vec::len);
    if len != other_len && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::from_bool(op == CompareOp::Ne));
    }
    match p.first_difference(list, other, item_at)? {
        Some(_) if op == CompareOp::Eq => Ok(Value::FALSE),
        Some(_) if op == CompareOp::Ne => Ok(Value::TRUE),
        Some((a, b)) => p.compare(op, a, b),
        None => {
            let (a, b) = (
                p.as_list(list).map_or(0, Vec::len),
                p.as_list(other).map_or(0, Vec::len),
            );
            Ok(Value::from_bool(super::holds(op, a.cmp(&b))))
        }
    }
}

super::comparisons!(compare);

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__repr__")?;
    super::repr::repr_items(p, list, "[", "]", item_at)
}

fn sizeof(p: &mut Process, args: Args<'_>) -> NativeResult {
    let list = items_of(p, args, "__sizeof__")?;
    let n = p.as_list(list).map_or(0, Vec::len);
    Ok(p.new_int(40 + 8 * n as i64))
}

static LIST: TypeDef = TypeDef {
    name: "list",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::List,
    flags: type_flags::BASETYPE | type_flags::UNHASHABLE | type_flags::SEQUENCE | type_flags::MATCH_SELF,
    members: &[
        &[
            Native::static_method("__new__", new),
            Native::method("__init__", init),
            Native::method("append", append).sig("($self, object, /)"),
            Native::method("extend", extend).sig("($self, iterable, /)"),
            Native::method("insert", insert).sig("($self, index, object, /)"),
            Native::method("pop", pop).sig("($self, index=-1, /)"),
            Native::method("remove", remove).sig("($self, value, /)"),
            Native::method("index", index).sig("($self, value, start=0, stop=sys.maxsize, /)"),
            Native::method("count", count).sig("($self, value, /)"),
            Native::method("clear", clear).sig("($self, /)"),
            Native::method("copy", copy).sig("($self, /)"),
            Native::method("reverse", reverse).sig("($self, /)"),
            Native::method("sort", sort).sig("($self, /, *, key=None, reverse=False)"),
            Native::method("__len__", len),
            Native::method("__getitem__", getitem),
            Native::method("__setitem__", setitem),
            Native::method("__delitem__", delitem),
            Native::method("__contains__", contains),
            Native::method("__iter__", iter),
            Native::method("__reversed__", reversed).sig("($self, /)"),
            Native::method("__add__", add),
            Native::method("__iadd__", iadd),
            Native::method("__mul__", mul),
            Native::method("__rmul__", mul),
            Native::method("__imul__", imul),
            Native::method("__repr__", repr),
            Native::method("__sizeof__", sizeof).sig("($self, /)"),
            Native::class_method("__class_getitem__", super::class_getitem),
        ],
        COMPARISONS,
    ],
    doc: "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified.",
    finish: Some(super::no_hash),
};

/// The type.
pub static DEFS: super::super::Defs = &[(core::LIST, &LIST)];
