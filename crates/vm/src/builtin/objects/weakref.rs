//! `weakref.ref` and the bookkeeping behind weak references. (`_weakref`'s functions stand in `stdlib`.)
//!
//! A weak reference holds the referent uncounted. The heap's side table lists the references to each object; when the object dies,
//! `finalize` calls [`Process::clear_weakrefs`] and runs the callbacks it gives.

use super::generic_alias::class_getitem;
use crate::function::{Args, Native};
use crate::heap::flags;
use crate::impl_payload;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use heddle_compiler::CompareOp;

/// The payload of `weakref.ref` and of the proxies.
#[derive(Clone, Debug)]
pub struct WeakRef {
    /// The referent, not counted; NULL once it is dead.
    pub referent: Value,
    /// The callback or NULL.
    pub callback: Value,
    /// The referent's hash, once asked for.
    pub hash: Option<i64>,
}

impl_payload!(WeakRef, |this, f| f(this.callback));

impl Process {
    /// Can objects of this class be weakly referenced?
    pub fn can_be_weakly_referenced(&self, v: Value) -> bool {
        v.is_heap() && self.class(v).has(type_flags::HAS_WEAKREF)
    }

    /// A weak reference (or proxy, by `class`) to `referent`. TypeError where its class does not allow that.
    pub fn new_weakref(&mut self, class: Value, referent: Value, callback: Value) -> NativeResult {
        if !self.can_be_weakly_referenced(referent) {
            let name = self.type_name(referent);
            return Err(self.type_error(&format!("cannot create weak reference to '{name}' object")));
        }
        let callback = if callback.is_none() { Value::NULL } else { callback };
        let sharable = [core::WEAKREF, core::WEAK_PROXY, core::WEAK_CALLABLE_PROXY].contains(&class);
        if callback.is_null() && sharable {
            let known = self.live_weakrefs(referent).into_iter().find(|&r| {
                self.type_of(r) == class && self.heap.payload::<WeakRef>(r).is_some_and(|w| w.callback.is_null())
            });
            if let Some(known) = known {
                return Ok(known);
            }
        }
        let v = self.new_payload(
            class,
            WeakRef {
                referent,
                callback,
                hash: None,
            },
        );
        let mut live = self.live_weakrefs(referent);
        live.push(v);
        self.heap.header_mut(referent).flags |= flags::HAS_WEAKREFS;
        if let Some(index) = referent.handle() {
            self.heap.weakrefs.insert(index, live);
        }
        Ok(v)
    }

    /// The weak references to an object that are alive, oldest first.
    pub fn live_weakrefs(&self, referent: Value) -> Vec<Value> {
        let Some(list) = referent.handle().and_then(|i| self.heap.weakrefs.get(&i)) else {
            return Vec::new();
        };
        let mut live: Vec<Value> = Vec::new();
        for &r in list {
            let points = self.heap.payload::<WeakRef>(r).is_some_and(|w| w.referent == referent);
            if points && !live.contains(&r) {
                live.push(r);
            }
        }
        live
    }

    /// The object a weak reference or proxy points to; `None` when it is dead (or `v` is none of these).
    pub fn weak_referent(&self, v: Value) -> Option<Value> {
        let referent = self.heap.payload::<WeakRef>(v)?.referent;
        if referent.is_null() { None } else { Some(referent) }
    }

    /// Called when an object dies: clears the weak references to it and gives those with callbacks as (reference, callback), newest
    /// first, as CPython calls them.
    pub fn clear_weakrefs(&mut self, referent: Value) -> Vec<(Value, Value)> {
        let live = self.live_weakrefs(referent);
        let mut callbacks = Vec::new();
        for r in live {
            if let Some(w) = self.heap.payload_mut::<WeakRef>(r) {
                w.referent = Value::NULL;
                let callback = std::mem::replace(&mut w.callback, Value::NULL);
                if !callback.is_null() {
                    // A reference that is itself dying does not call back.
                    if self.heap.header(r).count > 0 {
                        callbacks.push((r, callback));
                    }
                    self.heap.decref(callback);
                }
            }
        }
        if let Some(index) = referent.handle() {
            self.heap.weakrefs.remove(&index);
        }
        self.heap.header_mut(referent).flags &= !flags::HAS_WEAKREFS;
        callbacks.reverse();
        callbacks
    }
}

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let rest = args.rest();
    let (referent, callback) = match *rest.pos {
        [referent] => (referent, Value::NONE),
        [referent, callback, ..] => (referent, callback),
        [] => return Err(vm.type_error("__new__ expected at least 1 argument, got 0")),
    };
    vm.new_weakref(args.this(), referent, callback)
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error("ref() takes no keyword arguments"));
    }
    if args.len() > 3 {
        return Err(vm.type_error(&format!("ref expected at most 2 arguments, got {}", args.len() - 1)));
    }
    Ok(Value::NONE)
}

fn call(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.weak_referent(args.this()).unwrap_or(Value::NONE))
}

fn callback(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let callback = vm
        .heap
        .payload::<WeakRef>(args.this())
        .map_or(Value::NULL, |w| w.callback);
    Ok(if callback.is_null() { Value::NONE } else { callback })
}

fn hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if let Some(h) = vm.heap.payload::<WeakRef>(this).and_then(|w| w.hash) {
        return Ok(vm.new_int(h));
    }
    let Some(referent) = vm.weak_referent(this) else {
        return Err(vm.type_error("weak object has gone away"));
    };
    let h = vm.hash(referent)?;
    if let Some(w) = vm.heap.payload_mut::<WeakRef>(this) {
        w.hash = Some(h);
    }
    Ok(vm.new_int(h))
}

/// Living objects are asked whether they are equal, also one about itself.
fn compared(vm: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "ref.__eq__")?;
    if !vm.is_instance(other, core::WEAKREF) || !vm.is_instance(this, core::WEAKREF) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (vm.weak_referent(this), vm.weak_referent(other)) {
        (Some(a), Some(b)) => vm.compare(op, a, b),
        _ => Ok(Value::from_bool((this == other) == (op == CompareOp::Eq))),
    }
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let at = vm.address(this);
    let text = match vm.weak_referent(this) {
        None => format!("<weakref at {at}; dead>"),
        Some(referent) => {
            let class = vm.type_of(referent);
            let class = vm.dotted_type_name(class);
            let name = match vm.special(referent, crate::names::NAME)? {
                Some(name) if vm.as_pystr(name).is_some() => format!(" ({})", vm.text(name)),
                _ => String::new(),
            };
            format!("<weakref at {at}; to '{class}' at {}{name}>", vm.address(referent))
        }
    };
    Ok(vm.new_str(&text))
}

static MEMBERS: [Native; 9] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__call__", call).sig("($self, /)"),
    Native::method("__hash__", hash).sig("($self, /)"),
    Native::method("__eq__", |vm, args| compared(vm, args, CompareOp::Eq)).sig("($self, value, /)"),
    Native::method("__ne__", |vm, args| compared(vm, args, CompareOp::Ne)).sig("($self, value, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::getter("__callback__", callback),
    Native::class_method("__class_getitem__", class_getitem),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "ReferenceType",
    module: "weakref",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(103),
    flags: type_flags::BASETYPE,
    members: &[&MEMBERS],
    doc: "",
    finish: None,
};
