//! `deque`: the payload, its iterators and its type.

use super::deque_methods as methods;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use std::collections::VecDeque;

/// A double-ended queue.
#[derive(Clone, Debug, Default)]
pub struct Deque {
    /// The items; counted.
    pub items: VecDeque<Value>,
    /// `maxlen`
    pub bound: Option<usize>,
    /// Changes with every change of the items' number, for iterators.
    pub state: u64,
}
heddle_vm::impl_payload!(Deque, |this, f| this.items.iter().copied().for_each(f));

#[derive(Clone, Debug)]
struct DequeIterator {
    deque: Value,
    at: usize,
    state: u64,
    reversed: bool,
}
heddle_vm::impl_payload!(DequeIterator, |this, f| f(this.deque));

/// The payload; TypeError for something else.
pub fn deque(p: &mut Process, v: Value) -> NativeResult<&mut Deque> {
    if p.heap.payload::<Deque>(v).is_none() {
        return Err(no_deque(p, v));
    }
    p.heap
        .payload_mut::<Deque>(v)
        .ok_or(heddle_vm::native::Unwind::Raise(Value::NONE))
}

#[cold]
#[inline(never)]
fn no_deque(p: &mut Process, v: Value) -> heddle_vm::native::Unwind {
    let name = p.type_name(v);
    p.type_error(&format!(
        "descriptor for 'collections.deque' objects doesn't apply to a '{name}' object"
    ))
}

/// A copy of the items.
pub fn items(p: &Process, v: Value) -> Vec<Value> {
    p.heap
        .payload::<Deque>(v)
        .map_or_else(Vec::new, |d| d.items.iter().copied().collect())
}

/// Is it a deque of no subclass and without bound?
pub fn is_plain(p: &mut Process, v: Value) -> bool {
    let class = p.native_type(&DEQUE);
    p.is_exact(v, class) && p.heap.payload::<Deque>(v).is_some_and(|d| d.bound.is_none())
}

/// Adds an item at an end, dropping one at the other when the deque is full.
pub fn push(p: &mut Process, v: Value, item: Value, front: bool) -> NativeResult<()> {
    p.heap.incref(item);
    let d = deque(p, v)?;
    if front {
        d.items.push_front(item);
    } else {
        d.items.push_back(item);
    }
    d.state += 1;
    let dropped = match d.bound {
        Some(bound) if d.items.len() > bound => {
            if front {
                d.items.pop_back()
            } else {
                d.items.pop_front()
            }
        }
        _ => None,
    };
    match dropped {
        Some(old) => p.heap.decref(old),
        None => p.heap.adjust_size(8),
    }
    Ok(())
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.new_payload(args.this(), Deque::default()))
}

fn iterator(p: &mut Process, v: Value, reversed: bool) -> NativeResult {
    let state = deque(p, v)?.state;
    let class = p.native_type(if reversed {
        &DEQUE_REVERSE_ITERATOR
    } else {
        &DEQUE_ITERATOR
    });
    Ok(p.new_payload(
        class,
        DequeIterator {
            deque: v,
            at: 0,
            state,
            reversed,
        },
    ))
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    iterator(p, args.this(), false)
}

fn reversed(p: &mut Process, args: Args<'_>) -> NativeResult {
    iterator(p, args.this(), true)
}

fn iter_self(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(it) = p.heap.payload::<DequeIterator>(this).cloned() else {
        return Ok(Value::NULL);
    };
    let Some(d) = p.heap.payload::<Deque>(it.deque) else {
        return Ok(Value::NULL);
    };
    if it.at >= d.items.len() {
        return Ok(Value::NULL);
    }
    if d.state != it.state {
        return Err(p.runtime_error("deque mutated during iteration"));
    }
    let place = if it.reversed { d.items.len() - 1 - it.at } else { it.at };
    let item = d.items.get(place).copied().unwrap_or(Value::NULL);
    if let Some(it) = p.heap.payload_mut::<DequeIterator>(this) {
        it.at += 1;
    }
    Ok(item)
}

fn length_hint(p: &mut Process, args: Args<'_>) -> NativeResult {
    let left = p.heap.payload::<DequeIterator>(args.this()).map_or(0, |it| {
        p.heap
            .payload::<Deque>(it.deque)
            .map_or(0, |d| d.items.len() - it.at.min(d.items.len()))
    });
    Ok(p.new_int(left as i64))
}

/// `_deque_iterator(deque, index=0)`, for pickles.
fn new_iterator(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let [deque, at] = p.bind(args.rest(), "_deque_iterator", ["", ""], 1)?;
    let deque = deque.unwrap_or(Value::NONE);
    let Some(d) = p.heap.payload::<Deque>(deque) else {
        let name = p.type_name(deque);
        return Err(p.type_error(&format!(
            "_deque_iterator() argument 1 must be collections.deque, not {name}"
        )));
    };
    let (len, state) = (d.items.len(), d.state);
    let at = match at {
        Some(v) => p.index_i64(v)?.max(0) as usize,
        None => 0,
    };
    let reversed = p.native_type(&DEQUE_REVERSE_ITERATOR) == class;
    Ok(p.new_payload(
        class,
        DequeIterator {
            deque,
            at: at.min(len),
            state,
            reversed,
        },
    ))
}

fn reduce_iterator(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let class = p.type_of(this);
    let Some(it) = p.heap.payload::<DequeIterator>(this).cloned() else {
        return Ok(Value::NONE);
    };
    let at = p.new_int(it.at as i64);
    let arguments = p.new_tuple(vec![it.deque, at]);
    Ok(p.new_tuple(vec![class, arguments]))
}

static ITERATOR: &[Native] = &[
    Native::static_method("__new__", new_iterator),
    Native::method("__reduce__", reduce_iterator),
    Native::method("__iter__", iter_self),
    Native::method("__next__", next),
    Native::method("__length_hint__", length_hint),
];

static ITERATOR_MEMBERS: &[&[Native]] = &[ITERATOR];

const fn iterator_def(name: &'static str, number: u32) -> TypeDef {
    TypeDef {
        name,
        module: "_collections",
        base: Some(TypeRef::Core(core::OBJECT)),
        layout: Layout::Payload(number),
        flags: 0,
        members: ITERATOR_MEMBERS,
        doc: "",
        finish: None,
    }
}

/// Iterates forward.
pub static DEQUE_ITERATOR: TypeDef = iterator_def("_deque_iterator", 0x1201);
/// Iterates backward.
pub static DEQUE_REVERSE_ITERATOR: TypeDef = iterator_def("_deque_reverse_iterator", 0x1202);

/// `collections.deque`
pub static DEQUE: TypeDef = TypeDef {
    name: "deque",
    module: "collections",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1203),
    flags: type_flags::BASETYPE | type_flags::SEQUENCE | type_flags::UNHASHABLE | type_flags::HAS_WEAKREF,
    members: &[
        &[
            Native::static_method("__new__", new),
            Native::method("__iter__", iter),
            Native::method("__reversed__", reversed),
        ],
        methods::METHODS,
    ],
    doc: "A list-like sequence optimized for data accesses near its endpoints.",
    finish: Some(heddle_vm::builtin::containers::no_hash),
};
