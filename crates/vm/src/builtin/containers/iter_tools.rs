//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and iterators over `__getitem__` and over a callable with a sentinel.

use super::iters::{Iter, Step};
use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

/// A step of an iterator that may run Python code; NULL when exhausted.
pub fn next_with_calls(p: &mut Process, it: Value) -> NativeResult {
    let Some(Obj::Iter(iter)) = p.heap.object(it) else {
        return Ok(Value::NULL);
    };
    match (**iter).clone() {
        Iter::Enumerate { iterator, index } => next_enumerate(p, it, iterator, index),
        Iter::Zip { iterators, strict } => next_zip(p, it, &iterators, strict),
        Iter::Map {
            function,
            iterators,
            strict,
        } => {
            let Some(items) = collect_round(p, &iterators, strict, "map")? else {
                return Ok(Value::NULL);
            };
            p.tail_call(function, &items)
        }
        Iter::Filter { function, iterator } => {
            let step = p.prelude_function("_filter_next");
            p.tail_call(step, &[function, iterator])
        }
        Iter::Callable { callable, sentinel } => next_callable(p, it, callable, sentinel),
        Iter::Sequence { sequence, index } => next_sequence(p, it, sequence, index, 1),
        Iter::Reversed { sequence, index } => next_sequence(p, it, sequence, index, -1),
        _ => p.next_of_iter(it),
    }
}

fn next_enumerate(p: &mut Process, it: Value, iterator: Value, index: Value) -> NativeResult {
    let Some(item) = p.iter_next(iterator)? else {
        return Ok(Value::NULL);
    };
    let next = match index.as_small() {
        Some(n) => p.new_int(n + 1),
        None => {
            let n = p.as_bigint(index).unwrap_or_default();
            p.new_big(n + 1)
        }
    };
    p.heap.incref(next);
    if let Obj::Iter(iter) = p.heap.get_mut(it)
        && let Iter::Enumerate { index, .. } = &mut **iter
    {
        let old = std::mem::replace(index, next);
        p.heap.decref(old);
    }
    Ok(p.new_tuple(vec![index, item]))
}

/// One item of each iterator; None when the first one (or, not strict, any) is exhausted.
fn collect_round(p: &mut Process, iterators: &[Value], strict: bool, name: &str) -> NativeResult<Option<Vec<Value>>> {
    let mut items = Vec::with_capacity(iterators.len());
    for (i, &iterator) in iterators.iter().enumerate() {
        match p.iter_next(iterator)? {
            Some(item) => items.push(item),
            None if !strict => return Ok(None),
            None if i > 0 => return Err(strict_error(p, name, i, "shorter")),
            None => {
                for (j, &other) in iterators.iter().enumerate().skip(1) {
                    if p.iter_next(other)?.is_some() {
                        return Err(strict_error(p, name, j, "longer"));
                    }
                }
                return Ok(None);
            }
        }
    }
    Ok(Some(items))
}

fn strict_error(p: &mut Process, name: &str, at: usize, how: &str) -> Unwind {
    let others = if at == 1 {
        "argument 1".to_owned()
    } else {
        format!("arguments 1-{at}")
    };
    let number = at + 1;
    p.value_error(&format!("{name}() argument {number} is {how} than {others}"))
}

fn next_zip(p: &mut Process, _it: Value, iterators: &[Value], strict: bool) -> NativeResult {
    if iterators.is_empty() {
        return Ok(Value::NULL);
    }
    Ok(match collect_round(p, iterators, strict, "zip")? {
        Some(items) => p.new_tuple(items),
        None => Value::NULL,
    })
}

fn next_callable(p: &mut Process, it: Value, callable: Value, sentinel: Value) -> NativeResult {
    if callable.is_null() {
        return Ok(Value::NULL);
    }
    let item = match p.call(callable, &[]) {
        Err(Unwind::Raise(e)) if p.is_instance(e, core::STOP_ITERATION) => {
            finish(p, it);
            return Ok(Value::NULL);
        }
        other => other?,
    };
    if p.eq(sentinel, item)? {
        finish(p, it);
        return Ok(Value::NULL);
    }
    Ok(item)
}

fn next_sequence(p: &mut Process, it: Value, sequence: Value, index: i64, step: i64) -> NativeResult {
    if sequence.is_null() || index < 0 {
        if !sequence.is_null() {
            finish(p, it);
        }
        return Ok(Value::NULL);
    }
    let key = p.new_int(index);
    match p.getitem(sequence, key) {
        Ok(item) => {
            if let Obj::Iter(iter) = p.heap.get_mut(it)
                && let Iter::Sequence { index, .. } | Iter::Reversed { index, .. } = &mut **iter
            {
                *index += step;
            }
            Ok(item)
        }
        Err(Unwind::Raise(e)) if p.is_instance(e, core::INDEX_ERROR) || p.is_instance(e, core::STOP_ITERATION) => {
            finish(p, it);
            Ok(Value::NULL)
        }
        Err(other) => Err(other),
    }
}

/// The iterator is exhausted for good and lets go of what it holds.
fn finish(p: &mut Process, it: Value) {
    if let Obj::Iter(slot) = p.heap.get_mut(it) {
        let empty = match **slot {
            Iter::Callable { .. } => Iter::Callable {
                callable: Value::NULL,
                sentinel: Value::NULL,
            },
            _ => Iter::Sequence {
                sequence: Value::NULL,
                index: 0,
            },
        };
        let old = std::mem::replace(&mut **slot, empty);
        old.children(&mut |v| p.heap.decref(v));
    }
}

fn class_of_new(args: Args<'_>) -> Value {
    args.this()
}

fn enumerate_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = class_of_new(args);
    let [iterable, start] = p.bind(args.rest(), "enumerate", ["iterable", "start"], 1)?;
    let index = match start {
        Some(v) => {
            let n = p.index_big(v)?;
            p.new_big(n)
        }
        None => Value::from_i32(0),
    };
    let iterator = p.get_iter(iterable.unwrap_or(Value::NONE))?;
    Ok(p.new_iter(class, Iter::Enumerate { iterator, index }))
}

fn strict_keyword(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<bool> {
    let mut strict = false;
    for &(key, value) in args.kw {
        if p.as_str(key) != Some("strict") {
            let key = p.text(key);
            return Err(p.type_error(&format!("{name}() got an unexpected keyword argument '{key}'")));
        }
        strict = p.truth(value)?;
    }
    Ok(strict)
}

fn iterators_of(p: &mut Process, iterables: &[Value], name: &str) -> NativeResult<Box<[Value]>> {
    let mut iterators = Vec::with_capacity(iterables.len());
    for (i, &v) in iterables.iter().enumerate() {
        match p.get_iter(v) {
            Ok(it) => iterators.push(it),
            Err(Unwind::Raise(e))
                if name == "zip"
                    && p.is_exact(e, core::TYPE_ERROR)
                    && p.lookup_in_type(p.type_of(v), names::ITER).is_none() =>
            {
                let type_name = p.type_name(v);
                let _ = i;
                return Err(p.type_error(&format!("'{type_name}' object is not iterable")));
            }
            Err(other) => return Err(other),
        }
    }
    Ok(iterators.into_boxed_slice())
}

fn zip_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let strict = strict_keyword(p, args, "zip")?;
    let iterators = iterators_of(p, args.rest().pos, "zip")?;
    Ok(p.new_iter(args.this(), Iter::Zip { iterators, strict }))
}

fn map_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let strict = strict_keyword(p, args, "map")?;
    let [function, iterables @ ..] = args.rest().pos else {
        return Err(p.type_error("map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(p.type_error("map() must have at least two arguments."));
    }
    let iterators = iterators_of(p, iterables, "map")?;
    Ok(p.new_iter(
        args.this(),
        Iter::Map {
            function: *function,
            iterators,
            strict,
        },
    ))
}

fn filter_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let rest = refuse_keywords(p, args, core::FILTER, "filter")?;
    let [function, iterable] = p.exactly(rest, "filter")?;
    let iterator = p.get_iter(iterable)?;
    Ok(p.new_iter(args.this(), Iter::Filter { function, iterator }))
}

fn reversed_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let rest = refuse_keywords(p, args, core::REVERSED, "reversed")?;
    let [sequence] = p.exactly(rest, "reversed")?;
    let class = p.type_of(sequence);
    if let Some(method) = p.lookup_in_type(class, names::REVERSED) {
        if method.is_none() {
            let name = p.type_name(sequence);
            return Err(p.type_error(&format!("'{name}' object is not reversible")));
        }
        if let Some(v) = p.call_special(sequence, names::REVERSED, &[])? {
            return Ok(v);
        }
    }
    if p.lookup_in_type(class, names::GETITEM).is_none()
        || matches!(p.heap.object(sequence), Some(Obj::Dict(_) | Obj::Set(_)))
    {
        let name = p.type_name(sequence);
        return Err(p.type_error(&format!("'{name}' object is not reversible")));
    }
    let len = p.len(sequence)?;
    Ok(p.new_iter(
        args.this(),
        Iter::Reversed {
            sequence,
            index: len as i64 - 1,
        },
    ))
}

fn iter_self(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.next_of_iter(args.this())
}

fn length_hint(p: &mut Process, args: Args<'_>) -> NativeResult {
    if let Some(Obj::Iter(iter)) = p.heap.object(args.this())
        && let Iter::Reversed { sequence, index } = **iter
    {
        if sequence.is_null() {
            return Ok(Value::from_i32(0));
        }
        let len = p.len(sequence)? as i64;
        return Ok(p.new_int(if len < index + 1 { 0 } else { index + 1 }));
    }
    Ok(Value::NOT_IMPLEMENTED)
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let it = args.this();
    let class = p.type_of(it);
    let Some(Obj::Iter(iter)) = p.heap.object(it) else {
        return Ok(Value::NONE);
    };
    let parts = match (**iter).clone() {
        Iter::Enumerate { iterator, index } => vec![iterator, index],
        Iter::Zip { iterators, .. } => iterators.to_vec(),
        Iter::Map {
            function, iterators, ..
        } => [vec![function], iterators.to_vec()].concat(),
        Iter::Filter { function, iterator } => vec![function, iterator],
        Iter::Reversed { sequence, index } => {
            if sequence.is_null() || index < 0 {
                let nothing = p.new_tuple(Vec::new());
                let arguments = p.new_tuple(vec![nothing]);
                return Ok(p.new_tuple(vec![class, arguments]));
            }
            let arguments = p.new_tuple(vec![sequence]);
            let at = p.new_int(index);
            return Ok(p.new_tuple(vec![class, arguments, at]));
        }
        _ => Vec::new(),
    };
    let arguments = p.new_tuple(parts);
    Ok(p.new_tuple(vec![class, arguments]))
}

/// `reversed`'s place; the other tools have none to set.
fn setstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (it, [state]) = p.method_args(args, "__setstate__")?;
    let state = p.index_big(state)?;
    let Some(at) = num_traits::ToPrimitive::to_i64(&state) else {
        return Err(p.overflow_error("Python int too large to convert to C ssize_t"));
    };
    let Some(Obj::Iter(iter)) = p.heap.object(it) else {
        return Ok(Value::NONE);
    };
    if let Iter::Reversed { sequence, .. } = **iter
        && !sequence.is_null()
    {
        let last = p.len(sequence)? as i64 - 1;
        if let Obj::Iter(iter) = p.heap.get_mut(it)
            && let Iter::Reversed { index, .. } = &mut **iter
        {
            *index = at.clamp(-1, last);
        }
    }
    Ok(Value::NONE)
}

/// A built-in iterator's own keywords: a subclass with an `__init__` of its own may take others.
fn refuse_keywords<'a>(p: &mut Process, args: Args<'a>, base: Value, name: &str) -> NativeResult<Args<'a>> {
    let rest = p.own_keywords(args.rest(), args.this(), base, names::INIT);
    if !rest.kw.is_empty() {
        return Err(p.type_error(&format!("{name}() takes no keyword arguments")));
    }
    Ok(rest)
}

macro_rules! tools {
    ($($constant:ident $handle:ident $name:literal $new:ident;)*) => {
        $(static $constant: TypeDef = TypeDef {
            name: $name, module: "builtins", base: Some(TypeRef::Core(core::OBJECT)), layout: Layout::Payload(core::$handle.index() as u32),
            flags: type_flags::BASETYPE,
            members: &[&[
                Native::static_method("__new__", $new), Native::method("__iter__", iter_self), Native::method("__next__", next),
                Native::method("__length_hint__", length_hint), Native::method("__reduce__", reduce),
                Native::method("__setstate__", setstate),
            ]],
            doc: "", finish: None,
        };)*
        /// The types.
        pub static DEFS: super::super::Defs = &[$((core::$handle, &$constant)),*];
    };
}

tools! {
    ENUMERATE ENUMERATE "enumerate" enumerate_new; ZIP ZIP "zip" zip_new; MAP MAP "map" map_new; FILTER FILTER "filter" filter_new;
    REVERSED REVERSED "reversed" reversed_new;
}

/// Steps an iterator that runs no Python code to its end; None if it is not of that kind.
pub fn drain_plain(p: &mut Process, it: Value) -> NativeResult<Option<Vec<Value>>> {
    let mut items = Vec::new();
    loop {
        match p.step_iter(it) {
            Step::Item(v) => items.push(v),
            Step::Exhausted => return Ok(Some(items)),
            Step::Changed(message) => return Err(p.runtime_error(message)),
            Step::NeedsCall => return Ok(if items.is_empty() { None } else { Some(items) }),
        }
    }
}
