//! The methods of `deque`.

use super::deque::{DEQUE, Deque, deque, items, push};
use heddle_compiler::CompareOp;
use heddle_vm::builtin::containers::{class_getitem, holds};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

fn clear_items(p: &mut Process, v: Value) -> NativeResult<()> {
    let d = deque(p, v)?;
    d.state += 1;
    let old = std::mem::take(&mut d.items);
    p.heap.adjust_size(-8 * old.len() as i64);
    old.into_iter().for_each(|x| p.heap.decref(x));
    Ok(())
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [iterable, bound] = p.bind(args.rest(), "deque", ["iterable", "maxlen"], 0)?;
    let bound = match bound.filter(|v| !v.is_none()) {
        None => None,
        Some(v) if !p.is_int(v) => return Err(p.type_error("an integer is required")),
        Some(v) => match p.index_i64(v)? {
            n if n < 0 => return Err(p.value_error("maxlen must be non-negative")),
            n => Some(n as usize),
        },
    };
    let found = match iterable {
        Some(v) => p.list_from_iterable(v)?,
        None => Vec::new(),
    };
    clear_items(p, this)?;
    deque(p, this)?.bound = bound;
    for item in found {
        push(p, this, item, false)?;
    }
    Ok(Value::NONE)
}

fn append(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [this, item] = p.exactly(args, "deque.append")?;
    push(p, this, item, false)?;
    Ok(Value::NONE)
}

fn appendleft(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [this, item] = p.exactly(args, "deque.appendleft")?;
    push(p, this, item, true)?;
    Ok(Value::NONE)
}

fn take(p: &mut Process, v: Value, front: bool) -> NativeResult {
    let d = deque(p, v)?;
    let item = if front { d.items.pop_front() } else { d.items.pop_back() };
    d.state += 1;
    match item {
        Some(item) => {
            p.heap.adjust_size(-8);
            p.heap.decref(item);
            Ok(item)
        }
        None => Err(p.index_error("pop from an empty deque")),
    }
}

fn extend_with(p: &mut Process, args: Args<'_>, front: bool) -> NativeResult {
    let (this, [iterable]) = p.method_args(args, "deque.extend")?;
    let found = p.list_from_iterable(iterable)?;
    for item in found {
        push(p, this, item, front)?;
    }
    Ok(Value::NONE)
}

fn clear(p: &mut Process, args: Args<'_>) -> NativeResult {
    clear_items(p, args.this())?;
    Ok(Value::NONE)
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let bound = deque(p, this)?.bound;
    let class = p.type_of(this);
    let bound = bound.map_or(Value::NONE, |n| Value::from_i32(n as i32));
    let all = items(p, this);
    let list = p.new_list(all);
    if bound.is_none() {
        p.tail_call(class, &[list])
    } else {
        p.tail_call(class, &[list, bound])
    }
}

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = deque(p, args.this())?.items.len();
    Ok(p.new_int(n as i64))
}

fn place(p: &mut Process, this: Value, key: Value) -> NativeResult<usize> {
    let n = deque(p, this)?.items.len();
    if !p.is_int(key) && p.lookup_in_type(p.type_of(key), heddle_vm::names::INDEX).is_none() {
        let name = p.type_name(key);
        return Err(p.type_error(&format!("sequence index must be integer, not '{name}'")));
    }
    match p.sequence_index(key, n)? {
        Some(at) => Ok(at),
        None => Err(p.index_error("deque index out of range")),
    }
}

fn getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = p.method_args(args, "deque.__getitem__")?;
    let at = place(p, this, key)?;
    Ok(deque(p, this)?.items.get(at).copied().unwrap_or(Value::NONE))
}

fn setitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key, value]) = p.method_args(args, "deque.__setitem__")?;
    let at = place(p, this, key)?;
    p.heap.incref(value);
    if let Some(slot) = deque(p, this)?.items.get_mut(at) {
        let old = std::mem::replace(slot, value);
        p.heap.decref(old);
    }
    Ok(Value::NONE)
}

fn remove_at(p: &mut Process, this: Value, at: usize) -> NativeResult<()> {
    let d = deque(p, this)?;
    d.state += 1;
    if let Some(old) = d.items.remove(at) {
        p.heap.decref(old);
    }
    Ok(())
}

fn delitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = p.method_args(args, "deque.__delitem__")?;
    let at = place(p, this, key)?;
    remove_at(p, this, at)?;
    Ok(Value::NONE)
}

/// The items and the state as a search finds them, logged if comparisons may run Python code that changes the deque.
fn searched(p: &mut Process, this: Value, wanted: Value) -> NativeResult<(Vec<Value>, u64)> {
    let plain =
        |p: &Process, v: Value| p.is_exact(v, core::INT) || p.is_exact(v, core::STR) || p.is_exact(v, core::FLOAT);
    let state = deque(p, this)?.state;
    let all = items(p, this);
    if !p.replaying() && plain(p, wanted) && all.iter().all(|v| plain(p, *v)) {
        return Ok((all, state));
    }
    let kept = p.once(|p| {
        let mut all = all;
        all.push(p.new_int(state as i64));
        Ok(p.new_tuple(all))
    })?;
    let mut all = p.as_tuple(kept).map(<[Value]>::to_vec).unwrap_or_default();
    let state = all.pop().and_then(Value::as_small).unwrap_or(0);
    Ok((all, state as u64))
}

/// Where an equal item stands, of those of a range. `changed` is the error for a deque that a comparison has changed.
fn find(
    p: &mut Process,
    this: Value,
    wanted: Value,
    range: impl FnOnce(&mut Process, usize) -> NativeResult<(usize, usize)>,
    changed: fn(&mut Process) -> Unwind,
) -> NativeResult<Option<usize>> {
    let (all, state) = searched(p, this, wanted)?;
    let (from, to) = range(p, all.len())?;
    for (i, item) in all.into_iter().enumerate().take(to).skip(from) {
        let equal = item == wanted || p.eq(item, wanted)?;
        if deque(p, this)?.state != state {
            return Err(changed(p));
        }
        if equal {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn mutated(p: &mut Process) -> Unwind {
    p.runtime_error("deque mutated during iteration")
}

fn remove(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [wanted]) = p.method_args(args, "deque.remove")?;
    let found = find(
        p,
        this,
        wanted,
        |_, n| Ok((0, n)),
        |p| p.index_error("deque mutated during remove()."),
    )?;
    match found {
        Some(at) => {
            remove_at(p, this, at)?;
            Ok(Value::NONE)
        }
        None => Err(p.value_error("deque.remove(x): x not in deque")),
    }
}

fn index(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [wanted, start, stop] = p.bind(args.rest(), "index", ["", "", ""], 1)?;
    let wanted = wanted.unwrap_or(Value::NONE);
    match find(p, this, wanted, |p, n| p.index_range(start, stop, n), mutated)? {
        Some(at) => Ok(p.new_int(at as i64)),
        None => {
            let text = p.repr_text(wanted)?;
            Err(p.value_error(&format!("{text} is not in deque")))
        }
    }
}

fn count(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [wanted]) = p.method_args(args, "deque.count")?;
    let mut n = 0;
    let (all, state) = searched(p, this, wanted)?;
    for item in all {
        if item == wanted || p.eq(item, wanted)? {
            n += 1;
        }
        if deque(p, this)?.state != state {
            return Err(p.runtime_error("deque mutated during iteration"));
        }
    }
    Ok(Value::from_i32(n))
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [wanted]) = p.method_args(args, "deque.__contains__")?;
    let found = find(p, this, wanted, |_, n| Ok((0, n)), mutated)?;
    Ok(Value::from_bool(found.is_some()))
}

fn insert(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key, item]) = p.method_args(args, "deque.insert")?;
    let at = p.index_i64(key)?;
    let d = deque(p, this)?;
    let n = d.items.len() as i64;
    if d.bound.is_some_and(|b| n as usize >= b) {
        return Err(p.index_error("deque already at its maximum size"));
    }
    let at = if at < 0 { (at + n).max(0) } else { at.min(n) };
    d.state += 1;
    d.items.insert(at as usize, item);
    p.heap.incref(item);
    p.heap.adjust_size(8);
    Ok(Value::NONE)
}

fn rotate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [this, by] = p.bind(args, "rotate", ["", ""], 1)?;
    let by = match by {
        Some(v) => p.index_i64(v)?,
        None => 1,
    };
    let d = deque(p, this.unwrap_or(Value::NONE))?;
    if !d.items.is_empty() {
        let by = by.rem_euclid(d.items.len() as i64) as usize;
        d.items.rotate_right(by);
        d.state += 1;
    }
    Ok(Value::NONE)
}

fn reverse(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, []) = p.method_args(args, "deque.reverse")?;
    deque(p, this)?.items.make_contiguous().reverse();
    Ok(Value::NONE)
}

fn maxlen(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(match deque(p, args.this())?.bound {
        Some(n) => p.new_int(n as i64),
        None => Value::NONE,
    })
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (name, bound) = (p.type_name(this), deque(p, this)?.bound);
    heddle_vm::builtin::containers::repr::guarded(p, this, "[...]", |p| {
        let all = items(p, this);
        let list = p.new_list(all);
        let mut text = rustpython_wtf8::Wtf8Buf::from(format!("{name}("));
        heddle_vm::builtin::containers::repr::push_repr(p, &mut text, list)?;
        if let Some(n) = bound {
            text.push_str(&format!(", maxlen={n}"));
        }
        text.push_str(")");
        Ok(text)
    })
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let class = p.type_of(this);
    let bound = deque(p, this)?.bound;
    let empty = p.new_tuple(Vec::new());
    let arguments = match bound {
        Some(n) => p.new_tuple(vec![empty, Value::from_i32(n as i32)]),
        None => empty,
    };
    let state = p.object_dict(this, false)?.unwrap_or(Value::NONE);
    let it = p.get_iter(this)?;
    Ok(p.new_tuple(vec![class, arguments, state, it]))
}

/// An empty deque of the same class and bound. A subclass makes it, and may make anything.
fn empty_like(p: &mut Process, this: Value) -> NativeResult {
    let (class, bound) = (p.type_of(this), deque(p, this)?.bound);
    let plain = p.native_type(&DEQUE);
    if class == plain {
        return Ok(p.new_payload(
            class,
            Deque {
                bound,
                ..Deque::default()
            },
        ));
    }
    let nothing = p.new_tuple(Vec::new());
    let new = match bound {
        None => p.call(class, &[])?,
        Some(bound) => {
            let bound = p.new_int(bound as i64);
            p.call(class, &[nothing, bound])?
        }
    };
    if p.heap.payload::<Deque>(new).is_none() {
        let (name, got) = (p.name_of_type(class), p.type_name(new));
        return Err(p.type_error(&format!("{name}() must return a deque, not {got}")));
    }
    Ok(new)
}

fn add(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = p.method_args(args, "deque.__add__")?;
    if p.heap.payload::<Deque>(other).is_none() {
        let name = p.type_name(other);
        return Err(p.type_error(&format!("can only concatenate deque (not \"{name}\") to deque")));
    }
    let new = empty_like(p, this)?;
    for item in [items(p, this), items(p, other)].concat() {
        push(p, new, item, false)?;
    }
    Ok(new)
}

fn iadd(p: &mut Process, args: Args<'_>) -> NativeResult {
    extend_with(p, args, false)?;
    Ok(args.this())
}

fn repeated(p: &mut Process, this: Value, times: Value) -> NativeResult<Option<Vec<Value>>> {
    if !p.is_int(times) {
        return Ok(None);
    }
    let all = items(p, this);
    let n = p.repeat_count(all.len(), times)?;
    Ok(Some(if all.is_empty() { all } else { all.repeat(n) }))
}

fn mul(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [times]) = p.method_args(args, "deque.__mul__")?;
    let Some(all) = repeated(p, this, times)? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let new = empty_like(p, this)?;
    for item in all {
        push(p, new, item, false)?;
    }
    Ok(new)
}

fn imul(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [times]) = p.method_args(args, "deque.__imul__")?;
    let Some(all) = repeated(p, this, times)? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    clear_items(p, this)?;
    for item in all {
        push(p, this, item, false)?;
    }
    Ok(this)
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (this, [other]) = p.method_args(args, "compare")?;
    if p.heap.payload::<Deque>(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (items(p, this), items(p, other));
    if a.len() != b.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::from_bool(op == CompareOp::Ne));
    }
    for (&x, &y) in a.iter().zip(&b) {
        if x != y && !p.eq(x, y)? {
            return match op {
                CompareOp::Eq => Ok(Value::FALSE),
                CompareOp::Ne => Ok(Value::TRUE),
                _ => p.compare(op, x, y),
            };
        }
    }
    Ok(Value::from_bool(holds(op, a.len().cmp(&b.len()))))
}

/// The methods.
pub static METHODS: &[Native] = &[
    Native::method("__init__", init),
    Native::method("append", append).sig("($self, item, /)"),
    Native::method("appendleft", appendleft).sig("($self, item, /)"),
    Native::method("pop", |p, a| take(p, a.this(), false)).sig("($self, /)"),
    Native::method("popleft", |p, a| take(p, a.this(), true)).sig("($self, /)"),
    Native::method("extend", |p, a| extend_with(p, a, false)).sig("($self, iterable, /)"),
    Native::method("extendleft", |p, a| extend_with(p, a, true)).sig("($self, iterable, /)"),
    Native::method("clear", clear).sig("($self, /)"),
    Native::method("copy", copy).sig("($self, /)"),
    Native::method("__copy__", copy).sig("($self, /)"),
    Native::method("__len__", len),
    Native::method("__getitem__", getitem),
    Native::method("__setitem__", setitem),
    Native::method("__delitem__", delitem),
    Native::method("remove", remove).sig("($self, value, /)"),
    Native::method("index", index),
    Native::method("count", count).sig("($self, value, /)"),
    Native::method("__contains__", contains),
    Native::method("insert", insert).sig("($self, index, value, /)"),
    Native::method("rotate", rotate).sig("($self, n=1, /)"),
    Native::method("reverse", reverse).sig("($self, /)"),
    Native::getter("maxlen", maxlen),
    Native::method("__repr__", repr),
    Native::method("__reduce__", reduce),
    Native::method("__add__", add),
    Native::method("__iadd__", iadd),
    Native::method("__mul__", mul),
    Native::method("__rmul__", mul),
    Native::method("__imul__", imul),
    Native::class_method("__class_getitem__", class_getitem),
    Native::method("__eq__", |p, a| compare(p, a, CompareOp::Eq)),
    Native::method("__ne__", |p, a| compare(p, a, CompareOp::Ne)),
    Native::method("__lt__", |p, a| compare(p, a, CompareOp::Lt)),
    Native::method("__le__", |p, a| compare(p, a, CompareOp::Le)),
    Native::method("__gt__", |p, a| compare(p, a, CompareOp::Gt)),
    Native::method("__ge__", |p, a| compare(p, a, CompareOp::Ge)),
];
