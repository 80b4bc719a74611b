//! `iter`, `next`, `len`, `sum`, `min`, `max`, `sorted`, `any`, `all`, `aiter`, `anext`.

use crate::builtin::containers::{iters::Iter, sort};
use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use crate::work;

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "len")?;
    let n = p.len(v)?;
    Ok(p.new_int(n as i64))
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, sentinel] = p.bind(args, "iter", ["", ""], 1)?;
    let v = v.unwrap_or(Value::NONE);
    match sentinel {
        None => p.get_iter(v),
        Some(sentinel) => {
            if !p.is_callable(v) {
                return Err(p.type_error("iter(v, w): v must be callable"));
            }
            Ok(p.new_iter(core::CALLABLE_ITERATOR, Iter::Callable { callable: v, sentinel }))
        }
    }
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [it, default] = p.bind(args, "next", ["", ""], 1)?;
    let it = it.unwrap_or(Value::NONE);
    let Some(method) = p.lookup_in_type(p.type_of(it), names::NEXT) else {
        let name = p.shown_type(it);
        return Err(p.type_error(&format!("'{name}' object is not an iterator")));
    };
    let Some(default) = default else {
        if p.takes_self(method) {
            return p.tail_call(method, &[it]);
        }
        let bound = p.special(it, names::NEXT)?.unwrap_or(method);
        return p.tail_call(bound, &[]);
    };
    match p.call_found(method, it, &[]) {
        Ok(Value::NULL) => Ok(default),
        Err(Unwind::Raise(e)) if p.is_instance(e, core::STOP_ITERATION) => Ok(default),
        other => other,
    }
}

fn aiter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "aiter")?;
    match p.call_special(v, names::AITER, &[])? {
        Some(it) if p.lookup_in_type(p.type_of(it), names::ANEXT).is_some() => Ok(it),
        Some(it) => {
            let name = p.shown_type(it);
            Err(p.type_error(&format!("aiter() returned not an async iterator of type '{name}'")))
        }
        None => {
            let name = p.shown_type(v);
            Err(p.type_error(&format!("'{name}' object is not an async iterable")))
        }
    }
}

fn anext(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [it, default] = p.bind(args, "anext", ["", ""], 1)?;
    let it = it.unwrap_or(Value::NONE);
    let Some(awaitable) = p.call_special(it, names::ANEXT, &[])? else {
        let name = p.shown_type(it);
        return Err(p.type_error(&format!("'{name}' object is not an async iterator")));
    };
    match default {
        None => Ok(awaitable),
        Some(default) => {
            let function = p.prelude_function("_anext_default");
            p.tail_call(function, &[awaitable, default])
        }
    }
}

/// Ints and floats are added here; everything else by the prelude.
fn sum(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [iterable, start] = p.bind(args, "sum", ["", "start"], 1)?;
    let (iterable, start) = (iterable.unwrap_or(Value::NONE), start.unwrap_or(Value::from_i32(0)));
    if p.as_pystr(start).is_some() {
        return Err(p.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    if p.as_bytes(start).is_some() {
        return Err(p.type_error("sum() can't sum bytes [use b''.join(seq) instead]"));
    }
    let items = p.list_from_iterable(iterable)?;
    p.worked(items.len(), work::ADD);
    if let Some(total) = sum_numbers(p, &items, start) {
        return Ok(total);
    }
    let list = p.new_list(items);
    let function = p.prelude_function("_sum");
    p.tail_call(function, &[list, start])
}

/// Sum of plain ints, or of ints and floats with Neumaier's compensation as CPython does since 3.12.
fn sum_numbers(p: &mut Process, items: &[Value], start: Value) -> Option<Value> {
    let plain = |v: Value| p.is_exact(v, core::INT) || p.is_exact(v, core::BOOL);
    let first_float = items.iter().position(|&v| !plain(v)).unwrap_or(items.len());
    if !(plain(start) || p.is_exact(start, core::FLOAT)) {
        return None;
    }
    if first_float == items.len() && plain(start) {
        let mut total = p.as_bigint(start)?;
        let mut small = 0i64;
        for &v in items {
            match p.as_i64(v).and_then(|n| small.checked_add(n)) {
                Some(n) => small = n,
                None => total += p.as_bigint(v)?,
            }
        }
        total += small;
        return Some(p.new_big(total));
    }
    let mut values = Vec::with_capacity(items.len() + 1);
    for &v in std::iter::once(&start).chain(items) {
        if p.is_exact(v, core::FLOAT) {
            values.push(p.as_float(v)?);
        } else if p.is_exact(v, core::INT) || p.is_exact(v, core::BOOL) {
            values.push(p.as_i64(v).filter(|n| n.unsigned_abs() < 1 << 53)? as f64);
        } else {
            return None;
        }
    }
    let (mut total, mut compensation) = (0.0f64, 0.0f64);
    for x in values {
        let t = total + x;
        if total.abs() >= x.abs() {
            compensation += (total - t) + x;
        } else {
            compensation += (x - t) + total;
        }
        total = t;
    }
    let result = if compensation != 0.0 && compensation.is_finite() {
        total + compensation
    } else {
        total
    };
    Some(p.new_float(result))
}

fn min_max(p: &mut Process, args: Args<'_>, name: &'static str, largest: bool) -> NativeResult {
    let (mut key, mut default) = (Value::NONE, None);
    for &(keyword, value) in args.kw {
        match p.as_str(keyword) {
            Some("key") => key = value,
            Some("default") => default = Some(value),
            _ => {
                let keyword = p.text(keyword);
                return Err(p.type_error(&format!("{name}() got an unexpected keyword argument '{keyword}'")));
            }
        }
    }
    let iterable = match args.pos {
        [] => return Err(p.type_error(&format!("{name} expected at least 1 argument, got 0"))),
        [one] => *one,
        many if default.is_some() => {
            let _ = many;
            return Err(p.type_error(&format!(
                "Cannot specify a default for {name}() with multiple positional arguments"
            )));
        }
        many => p.new_list(many.to_vec()),
    };
    if key.is_none() && (p.is_exact(iterable, core::LIST) || p.is_exact(iterable, core::TUPLE)) {
        let items = p.list_from_iterable(iterable)?;
        p.worked(items.len(), work::COMPARE);
        if let Some(best) = sort::extreme(p, &items, largest) {
            return Ok(best);
        }
    }
    let missing = Value::ELLIPSIS;
    let (flag, name) = (Value::from_bool(largest), p.new_str(name));
    // The prelude tells "no default" by its `_missing`.
    let function = p.prelude_function("_min_max");
    let missing = p.prelude_value("_missing").unwrap_or(missing);
    p.tail_call(function, &[iterable, key, default.unwrap_or(missing), flag, name])
}

fn sorted(p: &mut Process, args: Args<'_>) -> NativeResult {
    // CPython passes keywords on to `list.sort`.
    let name = if args.pos.is_empty() { "sorted" } else { "sort" };
    let [iterable, key, reverse] = p.bind(
        args,
        if args.kw.is_empty() { "sorted" } else { name },
        ["", "*key", "*reverse"],
        1,
    )?;
    let function = p.prelude_function("_sorted");
    let (iterable, key) = (iterable.unwrap_or(Value::NONE), key.unwrap_or(Value::NONE));
    let reverse = p.truth(reverse.unwrap_or(Value::FALSE))?;
    if key.is_none() {
        let items = p.list_from_iterable(iterable)?;
        let list = p.new_list(items);
        let result = sort::sort_by_keys(p, Args::positional(&[list, list, Value::from_bool(reverse)]))?;
        if !result.is_none() {
            return Ok(result);
        }
        return p.tail_call(function, &[list, key, Value::from_bool(reverse)]);
    }
    p.tail_call(function, &[iterable, key, Value::from_bool(reverse)])
}

/// `any`, `all`: natively over values whose truth needs no Python code.
fn quantifier(p: &mut Process, args: Args<'_>, name: &'static str, stop_at: bool) -> NativeResult {
    let [iterable] = p.exactly(args, name)?;
    if p.is_exact(iterable, core::LIST) || p.is_exact(iterable, core::TUPLE) {
        let items = p.list_from_iterable(iterable)?;
        if items
            .iter()
            .all(|&v| v.as_bool().is_some() || v.is_small() || v.is_none())
        {
            let truthy = |v: &Value| *v == Value::TRUE || v.as_small().is_some_and(|n| n != 0);
            return Ok(Value::from_bool(if stop_at {
                items.iter().any(&truthy)
            } else {
                items.iter().all(truthy)
            }));
        }
    }
    let function = p.prelude_function(if stop_at { "_any" } else { "_all" });
    p.tail_call(function, &[iterable])
}

/// Takes the items out of a list that is being sorted.
fn list_take(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [list] = p.exactly(args, "_list_take")?;
    let items = p.as_list(list).cloned().unwrap_or_default();
    let copy = p.new_list(items);
    crate::builtin::containers::list::splice(p, list, 0, usize::MAX, &[]);
    if let Obj::List(slot) = p.heap.get_mut(list) {
        *slot = Vec::new();
    }
    Ok(copy)
}

/// Puts them back; ValueError if the list was changed meanwhile.
fn list_give(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [list, items, checked] = p.exactly(args, "_list_give")?;
    // A list that was taken has no room either.
    let changed = p.as_list(list).is_some_and(|l| l.capacity() > 0) && checked == Value::TRUE;
    let items = p.as_list(items).cloned().unwrap_or_default();
    crate::builtin::containers::list::splice(p, list, 0, usize::MAX, &items);
    if changed {
        return Err(p.value_error("list modified during sort"));
    }
    Ok(Value::NONE)
}

impl Process {
    /// `callable(v)`
    pub fn is_callable(&mut self, v: Value) -> bool {
        matches!(
            self.heap.object(v),
            Some(Obj::Function(_) | Obj::Native { .. } | Obj::BoundMethod(_) | Obj::Type(_))
        ) || self.lookup_in_type(self.type_of(v), names::CALL).is_some()
    }

    /// Something the prelude defines, by name.
    pub fn prelude_value(&mut self, name: &str) -> Option<Value> {
        let name = self.intern(name);
        self.dict_get_str(self.prelude, name)
    }
}

/// The functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("len", len).sig("($module, obj, /)"),
    Native::function("iter", iter),
    Native::function("next", next).resuming(),
    Native::function("aiter", aiter).sig("($module, async_iterable, /)"),
    Native::function("anext", anext),
    Native::function("sum", sum).sig("($module, iterable, /, start=0)"),
    Native::function("min", |p, a| min_max(p, a, "min", false)),
    Native::function("max", |p, a| min_max(p, a, "max", true)),
    Native::function("sorted", sorted).sig("($module, iterable, /, *, key=None, reverse=False)"),
    Native::function("any", |p, a| quantifier(p, a, "any", true)).sig("($module, iterable, /)"),
    Native::function("all", |p, a| quantifier(p, a, "all", false)).sig("($module, iterable, /)"),
];

/// For the prelude alone.
pub static PRELUDE_FUNCTIONS: &[Native] = &[
    Native::function("_sort_by_keys", sort::sort_by_keys),
    Native::function("_list_take", list_take),
    Native::function("_list_give", list_give),
];
