//! `iterator`: what `iter()` gives for a class with `__getitem__` alone.

use crate::function::{Args, Native};
use crate::impl_payload;
use crate::native::{NativeResult, Unwind};
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core};
use crate::value::Value;

#[derive(Clone, Debug)]
struct SequenceIterator {
    /// NULL once exhausted.
    sequence: Value,
    next: i64,
}

impl_payload!(SequenceIterator, |this, f| f(this.sequence));

impl Process {
    /// An iterator over `v[0]`, `v[1]` … up to IndexError.
    pub fn new_sequence_iterator(&mut self, v: Value) -> Value {
        self.new_payload(core::SEQUENCE_ITERATOR, SequenceIterator { sequence: v, next: 0 })
    }
}

fn next(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(it) = vm.heap.payload::<SequenceIterator>(this).cloned() else {
        return Err(vm.type_error("descriptor '__next__' requires a 'iterator' object"));
    };
    if it.sequence.is_null() {
        return Ok(Value::NULL);
    }
    let index = vm.new_int(it.next);
    match vm.getitem(it.sequence, index) {
        Ok(item) => {
            if let Some(it) = vm.heap.payload_mut::<SequenceIterator>(this) {
                it.next += 1;
            }
            Ok(item)
        }
        Err(Unwind::Raise(e))
            if vm.exception_matches(e, core::INDEX_ERROR) || vm.exception_matches(e, core::STOP_ITERATION) =>
        {
            if let Some(it) = vm.heap.payload_mut::<SequenceIterator>(this) {
                it.sequence = Value::NULL;
            }
            vm.heap.decref(it.sequence);
            Ok(Value::NULL)
        }
        Err(other) => Err(other),
    }
}

fn iter(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn length_hint(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(it) = vm.heap.payload::<SequenceIterator>(args.this()).cloned() else {
        return Ok(Value::from_i32(0));
    };
    if it.sequence.is_null() {
        return Ok(Value::from_i32(0));
    }
    let class = vm.type_of(it.sequence);
    if vm.lookup_in_type(class, crate::names::LEN).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let len = vm.len(it.sequence)? as i64;
    Ok(vm.new_int((len - it.next).max(0)))
}

static MEMBERS: [Native; 3] = [
    Native::method("__next__", next),
    Native::method("__iter__", iter),
    Native::method("__length_hint__", length_hint),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "iterator",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: 0,
    members: &[&MEMBERS],
    doc: "",
    finish: None,
};
