//! The part of `itertools` that is used in every program: `count`, `repeat`, `chain`, `islice`, `starmap`. The rest is in
//! `prelude/itertools.py`, which takes these from here.

use heddle_compiler::BinaryOp;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct Count {
    next: Value,
    step: Value,
}
heddle_vm::impl_payload!(Count, |this, f| [this.next, this.step].into_iter().for_each(f));

#[derive(Clone, Debug)]
struct Repeat {
    item: Value,
    /// Times left; None for ever.
    left: Option<u64>,
}
heddle_vm::impl_payload!(Repeat, |this, f| f(this.item));

#[derive(Clone, Debug)]
struct Chain {
    /// Iterator over the iterables; NULL when all are used up.
    sources: Value,
    /// The iterator being read; NULL between two.
    current: Value,
}
heddle_vm::impl_payload!(Chain, |this, f| [this.sources, this.current].into_iter().for_each(f));

#[derive(Clone, Debug)]
struct ISlice {
    /// NULL when exhausted.
    iterator: Value,
    /// Items read so far.
    at: u64,
    /// Number of the next item wanted.
    next: u64,
    stop: Option<u64>,
    step: u64,
}
heddle_vm::impl_payload!(ISlice, |this, f| f(this.iterator));

#[derive(Clone, Debug)]
struct StarMap {
    function: Value,
    iterator: Value,
}
heddle_vm::impl_payload!(StarMap, |this, f| [this.function, this.iterator]
    .into_iter()
    .for_each(f));

fn iter_self(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn count_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [start, step] = p.bind(args.rest(), "count", ["start", "step"], 0)?;
    let next = start.unwrap_or(Value::from_i32(0));
    let step = step.unwrap_or(Value::from_i32(1));
    for v in [next, step] {
        if !p.is_int(v) && p.as_float(v).is_none() && p.lookup_in_type(p.type_of(v), heddle_vm::names::ADD).is_none() {
            return Err(p.type_error("a number is required"));
        }
    }
    Ok(p.new_payload(args.this(), Count { next, step }))
}

/// One step, atomically for ints: thread names and task numbers are drawn from counters without a lock.
fn count_next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(Count { next, step }) = p.heap.payload::<Count>(this).cloned() else {
        return Ok(Value::NULL);
    };
    let following = p.binary(BinaryOp::Add, next, step)?;
    p.heap.incref(following);
    if let Some(state) = p.heap.payload_mut::<Count>(this) {
        state.next = following;
    }
    p.heap.decref(next);
    Ok(next)
}

fn count_repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(Count { next, step }) = p.heap.payload::<Count>(args.this()).cloned() else {
        return Ok(Value::NONE);
    };
    let start = p.repr_text(next)?;
    let text = if p.as_i64(step) == Some(1) {
        format!("count({start})")
    } else {
        format!("count({start}, {})", p.repr_text(step)?)
    };
    Ok(p.new_str(&text))
}

fn repeat_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [item, times] = p.bind(args.rest(), "repeat", ["object", "times"], 1)?;
    let left = match times {
        Some(v) => Some(p.index_i64(v)?.max(0) as u64),
        None => None,
    };
    Ok(p.new_payload(
        args.this(),
        Repeat {
            item: item.unwrap_or(Value::NONE),
            left,
        },
    ))
}

fn repeat_next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(state) = p.heap.payload_mut::<Repeat>(args.this()) else {
        return Ok(Value::NULL);
    };
    match &mut state.left {
        Some(0) => Ok(Value::NULL),
        Some(n) => {
            *n -= 1;
            Ok(state.item)
        }
        None => Ok(state.item),
    }
}

fn repeat_hint(p: &mut Process, args: Args<'_>) -> NativeResult {
    match p.heap.payload::<Repeat>(args.this()).and_then(|r| r.left) {
        Some(n) => Ok(p.new_int(n as i64)),
        None => Err(p.type_error("len() of unsized object")),
    }
}

fn repeat_repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(Repeat { item, left }) = p.heap.payload::<Repeat>(args.this()).cloned() else {
        return Ok(Value::NONE);
    };
    let item = p.repr_text(item)?;
    Ok(p.new_str(&match left {
        Some(n) => format!("repeat({item}, {n})"),
        None => format!("repeat({item})"),
    }))
}

fn chain_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let sources = p.new_tuple(args.rest().pos.to_vec());
    let sources = p.get_iter(sources)?;
    Ok(p.new_payload(
        args.this(),
        Chain {
            sources,
            current: Value::NULL,
        },
    ))
}

fn chain_from_iterable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [iterable] = p.exactly(args.rest(), "chain.from_iterable")?;
    let sources = p.get_iter(iterable)?;
    Ok(p.new_payload(
        args.this(),
        Chain {
            sources,
            current: Value::NULL,
        },
    ))
}

fn chain_set(p: &mut Process, this: Value, change: impl FnOnce(&mut Chain) -> Value, new: Value) {
    p.heap.incref(new);
    if let Some(state) = p.heap.payload_mut::<Chain>(this) {
        let old = change(state);
        p.heap.decref(old);
    }
}

fn chain_next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    loop {
        // Read through the log: on a re-run the state has moved on already.
        let state = p.once(|p| {
            let state = p.heap.payload::<Chain>(this).cloned().unwrap_or(Chain {
                sources: Value::NULL,
                current: Value::NULL,
            });
            Ok(if state.current.is_null() {
                Value::NULL
            } else {
                state.current
            })
        })?;
        if !state.is_null() {
            if let Some(item) = p.iter_next(state)? {
                return Ok(item);
            }
            p.once(|p| {
                chain_set(p, this, |s| std::mem::replace(&mut s.current, Value::NULL), Value::NULL);
                Ok(Value::NONE)
            })?;
        }
        let sources = p.heap.payload::<Chain>(this).map_or(Value::NULL, |s| s.sources);
        if sources.is_null() {
            return Ok(Value::NULL);
        }
        let Some(iterable) = p.iter_next(sources)? else {
            chain_set(p, this, |s| std::mem::replace(&mut s.sources, Value::NULL), Value::NULL);
            return Ok(Value::NULL);
        };
        let iterator = p.get_iter(iterable)?;
        p.once(|p| {
            chain_set(p, this, |s| std::mem::replace(&mut s.current, iterator), iterator);
            Ok(Value::NONE)
        })?;
    }
}

fn islice_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [iterable, a, b, c] = p.bind(args.rest(), "islice", ["", "", "", ""], 2)?;
    let (start, stop) = match b {
        None => (None, a),
        Some(b) => (a, Some(b)),
    };
    let mut number = |v: Option<Value>, what: &str| -> NativeResult<Option<u64>> {
        match v.filter(|v| !v.is_none()) {
            None => Ok(None),
            Some(v) => match p.as_i64(v) {
                Some(n) if n >= 0 => Ok(Some(n as u64)),
                _ => Err(p.value_error(&format!(
                    "{what} for islice() must be None or an integer: 0 <= x <= sys.maxsize."
                ))),
            },
        }
    };
    let stop = number(stop, if b.is_none() { "Stop argument" } else { "Indices" })?;
    let start = number(start, "Indices")?.unwrap_or(0);
    let step = match c.filter(|v| !v.is_none()) {
        None => 1,
        Some(v) => match p.as_i64(v) {
            Some(n) if n > 0 => n as u64,
            _ => return Err(p.value_error("Step for islice() must be a positive integer or None.")),
        },
    };
    let iterator = p.get_iter(iterable.unwrap_or(Value::NONE))?;
    Ok(p.new_payload(
        args.this(),
        ISlice {
            iterator,
            at: 0,
            next: start,
            stop,
            step,
        },
    ))
}

fn islice_next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(state) = p.heap.payload::<ISlice>(this).cloned() else {
        return Ok(Value::NULL);
    };
    if state.iterator.is_null() {
        return Ok(Value::NULL);
    }
    // Items before the wanted one are skipped; `at` is kept when this call ends, so a re-run starts from the same place.
    let wanted = state.stop.map_or(state.next, |stop| state.next.min(stop));
    let mut at = state.at;
    let mut item = None;
    while at < wanted || (at == wanted && state.stop.is_none_or(|stop| wanted < stop)) {
        item = p.iter_next(state.iterator)?;
        at += 1;
        if item.is_none() || at > wanted {
            break;
        }
        item = None;
    }
    let ended = item.is_none();
    if let Some(s) = p.heap.payload_mut::<ISlice>(this) {
        s.at = at;
        s.next = state.next.saturating_add(state.step);
        if ended {
            s.iterator = Value::NULL;
        }
    }
    if ended {
        p.heap.decref(state.iterator);
    }
    Ok(item.unwrap_or(Value::NULL))
}

fn starmap_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [function, iterable] = p.exactly(args.rest(), "starmap")?;
    let iterator = p.get_iter(iterable)?;
    Ok(p.new_payload(args.this(), StarMap { function, iterator }))
}

fn starmap_next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(StarMap { function, iterator }) = p.heap.payload::<StarMap>(args.this()).cloned() else {
        return Ok(Value::NULL);
    };
    let Some(item) = p.iter_next(iterator)? else {
        return Ok(Value::NULL);
    };
    let arguments = p.list_from_iterable(item)?;
    p.tail_call(function, &arguments)
}

const fn def(name: &'static str, number: u32, members: &'static [&'static [Native]]) -> TypeDef {
    TypeDef {
        name,
        module: "itertools",
        base: Some(TypeRef::Core(core::OBJECT)),
        layout: Layout::Payload(number),
        flags: type_flags::BASETYPE,
        members,
        doc: "",
        finish: None,
    }
}

static COUNT: TypeDef = def(
    "count",
    0x1101,
    &[&[
        Native::static_method("__new__", count_new),
        Native::method("__iter__", iter_self),
        Native::method("__next__", count_next),
        Native::method("__repr__", count_repr),
    ]],
);
static REPEAT: TypeDef = def(
    "repeat",
    0x1102,
    &[&[
        Native::static_method("__new__", repeat_new),
        Native::method("__iter__", iter_self),
        Native::method("__next__", repeat_next),
        Native::method("__length_hint__", repeat_hint),
        Native::method("__repr__", repeat_repr),
    ]],
);
static CHAIN: TypeDef = def(
    "chain",
    0x1103,
    &[&[
        Native::static_method("__new__", chain_new),
        Native::class_method("from_iterable", chain_from_iterable),
        Native::method("__iter__", iter_self),
        Native::method("__next__", chain_next),
        Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
    ]],
);
static ISLICE: TypeDef = def(
    "islice",
    0x1104,
    &[&[
        Native::static_method("__new__", islice_new),
        Native::method("__iter__", iter_self),
        Native::method("__next__", islice_next),
    ]],
);
static STARMAP: TypeDef = def(
    "starmap",
    0x1105,
    &[&[
        Native::static_method("__new__", starmap_new),
        Native::method("__iter__", iter_self),
        Native::method("__next__", starmap_next),
    ]],
);

/// The module `_itertools`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_itertools",
    doc: "",
    functions: &[],
    types: &[&COUNT, &REPEAT, &CHAIN, &ISLICE, &STARMAP],
    init: None,
};
