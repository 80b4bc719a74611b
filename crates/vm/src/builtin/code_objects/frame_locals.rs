//! `FrameLocalsProxy` (PEP 667): the variables of a function's frame as a mapping. What is written to it is the variable from then on; keys
//! that are no variables are kept with the frame. Reading goes through a dict made for the occasion.

use super::code::frame_of;
use crate::frame::{Frame, StackOf};
use crate::function::{Args, Native};
use crate::impl_payload;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use heddle_compiler::code::local_kind;
use heddle_compiler::op::BinaryOp;

#[derive(Clone, Debug)]
struct Proxy {
    frame: Value,
}

impl_payload!(Proxy, |this, f| f(this.frame));

impl Process {
    /// `f_locals`: the namespace of a module or class body, else a view of the variables.
    pub fn frame_locals(&mut self, frame: Value) -> Value {
        match frame_of(self, frame) {
            None => Value::NONE,
            Some(f) if !f.locals.is_null() => f.locals,
            Some(_) => {
                let class = self.native_type(&DEF);
                self.new_payload(class, Proxy { frame })
            }
        }
    }

    /// The namespace of a frame as a dict (or what a class body has), to look into.
    pub fn frame_namespace(&mut self, frame: Value) -> NativeResult {
        match frame_of(self, frame) {
            Some(f) if !f.locals.is_null() => Ok(f.locals),
            _ => self.frame_variables(frame),
        }
    }

    /// Where the variables of a frame are: those of an activation, of a generator that waits, or of a frame that is over.
    fn frame_slots(&self, frame: Value) -> &[Value] {
        if let Some((f, stack)) = self.activation_of(frame) {
            return stack.get(f.base as usize..).unwrap_or_default();
        }
        let Some(f) = frame_of(self, frame) else { return &[] };
        match self.as_generator(f.owner) {
            Some(g) if g.frame.object == frame => &g.values,
            _ => &f.slots,
        }
    }

    fn frame_slot_mut(&mut self, frame: Value, slot: usize) -> Option<&mut Value> {
        if let Some(base) = self.activation_of(frame).map(|(f, _)| f.base as usize) {
            let (stack, at) = frame_of(self, frame)?.live?;
            let is_here = matches!(self.frames.get(at as usize), Some(Frame::Python(f)) if f.object == frame);
            let stack = match stack {
                StackOf::Thread(thread) if thread == self.current && is_here => &mut self.stack,
                StackOf::Thread(thread) => &mut self.threads.get_mut(thread as usize)?.stack,
                StackOf::Greenlet(greenlet) => self.greenlet_stack_mut(greenlet)?.1,
            };
            return stack.get_mut(base + slot);
        }
        let owner = frame_of(self, frame)?.owner;
        if self.as_generator(owner).is_some_and(|g| g.frame.object == frame) {
            return self.generator_mut(owner)?.values.get_mut(slot);
        }
        match self.heap.get_mut(frame) {
            Obj::Frame(f) => f.slots.get_mut(slot),
            _ => None,
        }
    }

    /// A new dict of the variables that are bound, and of the keys that were stored beside them.
    pub fn frame_variables(&mut self, frame: Value) -> NativeResult {
        let dict = self.new_dict();
        let Some(f) = frame_of(self, frame) else {
            return Ok(dict);
        };
        let extra = f.extra;
        let Some(c) = self.code_object(f.code) else {
            return Ok(dict);
        };
        let (kinds, names) = (c.code.local_kinds.clone(), c.slot_names.clone());
        let values = self.frame_slots(frame).to_vec();
        for ((&name, kind), v) in names.iter().zip(kinds).zip(values) {
            let v = match self.heap.object(v) {
                Some(&Obj::Cell(inner)) if kind & (local_kind::CELL | local_kind::FREE) != 0 => inner,
                _ => v,
            };
            if !v.is_null() && kind & local_kind::HIDDEN == 0 {
                self.dict_set_str(dict, name, v);
            }
        }
        if !extra.is_null() {
            let entries: Vec<_> = self
                .as_dict(extra)
                .into_iter()
                .flat_map(|d| d.iter().map(|e| (e.key, e.value)))
                .collect();
            for (key, v) in entries {
                self.dict_set(dict, key, v)?;
            }
        }
        Ok(dict)
    }

    /// The slot of the variable that a key names.
    fn slot_named(&self, frame: Value, key: Value) -> Option<usize> {
        let name = self.as_str(key)?;
        let c = self.code_object(frame_of(self, frame)?.code)?;
        let is_it = |(&slot, kind): (&Value, &u8)| kind & local_kind::HIDDEN == 0 && self.as_str(slot) == Some(name);
        c.slot_names.iter().zip(&c.code.local_kinds).position(is_it)
    }

    fn set_frame_variable(&mut self, frame: Value, key: Value, value: Value) -> NativeResult<()> {
        let Some(slot) = self.slot_named(frame, key) else {
            if frame_of(self, frame).is_some_and(|f| f.extra.is_null()) {
                let dict = self.new_dict();
                self.heap.incref(dict);
                if let Obj::Frame(f) = self.heap.get_mut(frame) {
                    f.extra = dict;
                }
            }
            let extra = frame_of(self, frame).map_or(Value::NULL, |f| f.extra);
            return self.dict_set(extra, key, value);
        };
        let Some(&mut held) = self.frame_slot_mut(frame, slot) else {
            return Ok(());
        };
        self.heap.incref(value);
        let old = match self.heap.object(held) {
            Some(Obj::Cell(_)) if self.is_shared(frame, slot) => match self.heap.get_mut(held) {
                Obj::Cell(inner) => std::mem::replace(inner, value),
                _ => value,
            },
            _ => match self.frame_slot_mut(frame, slot) {
                Some(place) => std::mem::replace(place, value),
                None => value,
            },
        };
        self.heap.decref(old);
        Ok(())
    }

    /// Is the variable kept in a cell?
    fn is_shared(&self, frame: Value, slot: usize) -> bool {
        let code = frame_of(self, frame).and_then(|f| self.code_object(f.code));
        let kind = code.and_then(|c| c.code.local_kinds.get(slot).copied()).unwrap_or(0);
        kind & (local_kind::CELL | local_kind::FREE) != 0
    }
}

fn frame(vm: &mut Process, v: Value) -> NativeResult {
    match vm.heap.payload::<Proxy>(v) {
        Some(p) => Ok(p.frame),
        None => Err(vm.type_error("a 'FrameLocalsProxy' object is required")),
    }
}

/// What can be read through the proxy, as a dict.
fn variables(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let frame = frame(vm, args.this())?;
    vm.frame_variables(frame)
}

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error("FrameLocalsProxy takes no keyword arguments"));
    }
    let &[frame] = args.rest().pos else {
        let n = args.rest().pos.len();
        return Err(vm.type_error(&format!("FrameLocalsProxy expected 1 argument, got {n}")));
    };
    if frame_of(vm, frame).is_none() {
        let name = vm.type_name(frame);
        return Err(vm.type_error(&format!("expect frame, not {name}")));
    }
    let class = vm.native_type(&DEF);
    Ok(vm.new_payload(class, Proxy { frame }))
}

fn getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (_, [key]) = vm.method_args(args, "__getitem__")?;
    vm.hash(key)?;
    let all = variables(vm, args)?;
    if let Some(v) = vm.dict_get(all, key)? {
        return Ok(v);
    }
    let shown = vm.repr_text(key)?;
    let text = vm.new_str(&format!("local variable '{shown}' is not defined"));
    Err(vm.key_error(text))
}

fn setitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key, value]) = vm.method_args(args, "__setitem__")?;
    let frame = frame(vm, this)?;
    vm.set_frame_variable(frame, key, value)?;
    Ok(Value::NONE)
}

/// Removes a key that is no variable; its value, if there is such a key.
fn remove(vm: &mut Process, this: Value, key: Value) -> NativeResult<Option<Value>> {
    let frame = frame(vm, this)?;
    if vm.slot_named(frame, key).is_some() {
        return Err(vm.value_error("cannot remove local variables from FrameLocalsProxy"));
    }
    match frame_of(vm, frame).map(|f| f.extra).filter(|extra| !extra.is_null()) {
        Some(extra) => vm.dict_remove(extra, key),
        None => Ok(None),
    }
}

fn delitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = vm.method_args(args, "__delitem__")?;
    match remove(vm, this, key)? {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.key_error(key)),
    }
}

fn pop(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.between(args.rest(), "pop", 1, 2)?;
    let key = args.get(1).unwrap_or(Value::NONE);
    match (remove(vm, args.this(), key)?, args.get(2)) {
        (Some(v), _) | (None, Some(v)) => Ok(v),
        (None, None) => Err(vm.key_error(key)),
    }
}

/// One or two arguments, with the words of `get` and `setdefault`.
fn key_and_default(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult<(Value, Value)> {
    match *args.rest().pos {
        [key] => Ok((key, Value::NONE)),
        [key, default] => Ok((key, default)),
        _ => Err(vm.type_error(&format!("{name} expected 1 or 2 arguments"))),
    }
}

fn get(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (key, default) = key_and_default(vm, args, "get")?;
    let all = variables(vm, args)?;
    Ok(vm.dict_get(all, key)?.unwrap_or(default))
}

fn setdefault(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (key, default) = key_and_default(vm, args, "setdefault")?;
    let all = variables(vm, args)?;
    if let Some(v) = vm.dict_get(all, key)? {
        return Ok(v);
    }
    let frame = frame(vm, args.this())?;
    vm.set_frame_variable(frame, key, default)?;
    Ok(default)
}

/// Stores what a dict or another proxy holds; false for anything else.
fn merge(vm: &mut Process, this: Value, other: Value) -> NativeResult<bool> {
    let Some(other) = as_mapping(vm, other)? else {
        return Ok(false);
    };
    let entries: Vec<_> = vm
        .as_dict(other)
        .into_iter()
        .flat_map(|d| d.iter().map(|e| (e.key, e.value)))
        .collect();
    let frame = frame(vm, this)?;
    for (key, value) in entries {
        vm.set_frame_variable(frame, key, value)?;
    }
    Ok(true)
}

/// A dict as it is, a proxy as a dict.
fn as_mapping(vm: &mut Process, v: Value) -> NativeResult<Option<Value>> {
    if vm.as_dict(v).is_some() {
        return Ok(Some(v));
    }
    match vm.heap.payload::<Proxy>(v).map(|p| p.frame) {
        Some(frame) => vm.frame_variables(frame).map(Some),
        None => Ok(None),
    }
}

fn update(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error("FrameLocalsProxy.update() takes no keyword arguments"));
    }
    let &[other] = args.rest().pos else {
        let n = args.rest().pos.len();
        let message = format!("FrameLocalsProxy.update() takes exactly one argument ({n} given)");
        return Err(vm.type_error(&message));
    };
    if merge(vm, args.this(), other)? {
        return Ok(Value::NONE);
    }
    Err(vm.type_error("update() argument must be dict or another FrameLocalsProxy"))
}

fn ior(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args(args, "__ior__")?;
    Ok(if merge(vm, this, other)? {
        this
    } else {
        Value::NOT_IMPLEMENTED
    })
}

fn or(vm: &mut Process, args: Args<'_>, reflected: bool) -> NativeResult {
    let (this, [other]) = vm.method_args(args, "__or__")?;
    let (Some(a), Some(b)) = (as_mapping(vm, this)?, as_mapping(vm, other)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let (a, b) = if reflected { (b, a) } else { (a, b) };
    vm.binary(BinaryOp::Or, a, b)
}

fn compare(vm: &mut Process, args: Args<'_>, wanted: bool) -> NativeResult {
    let (this, [other]) = vm.method_args(args, "__eq__")?;
    let (Some(a), Some(b)) = (as_mapping(vm, this)?, as_mapping(vm, other)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::from_bool(vm.eq(a, b)? == wanted))
}

/// A list of what a dict's method gives.
fn listed(vm: &mut Process, args: Args<'_>, method: &str) -> NativeResult<Vec<Value>> {
    let all = variables(vm, args)?;
    let method = vm.getattr_text(all, method)?;
    let view = vm.call(method, &[])?;
    vm.list_from_iterable(view)
}

fn list_of(vm: &mut Process, args: Args<'_>, method: &str) -> NativeResult {
    let items = listed(vm, args, method)?;
    Ok(vm.new_list(items))
}

fn reversed(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let mut items = listed(vm, args, "keys")?;
    items.reverse();
    Ok(vm.new_list(items))
}

fn iter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let list = list_of(vm, args, "keys")?;
    vm.get_iter(list)
}

fn len(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let all = variables(vm, args)?;
    let n = vm.len(all)?;
    Ok(vm.new_int(n as i64))
}

fn contains(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (_, [key]) = vm.method_args(args, "__contains__")?;
    let all = variables(vm, args)?;
    Ok(Value::from_bool(vm.dict_get(all, key)?.is_some()))
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let all = variables(vm, args)?;
    crate::builtin::containers::repr::guarded(vm, args.this(), "{...}", |vm| {
        let mut text = rustpython_wtf8::Wtf8Buf::new();
        crate::builtin::containers::repr::push_repr(vm, &mut text, all)?;
        Ok(text)
    })
}

static MEMBERS: [Native; 22] = [
    Native::static_method("__new__", new),
    Native::method("__getitem__", getitem).sig("($self, key, /)"),
    Native::method("__setitem__", setitem).sig("($self, key, value, /)"),
    Native::method("__delitem__", delitem).sig("($self, key, /)"),
    Native::method("__contains__", contains).sig("($self, key, /)"),
    Native::method("__len__", len).sig("($self, /)"),
    Native::method("__iter__", iter).sig("($self, /)"),
    Native::method("__reversed__", reversed),
    Native::method("get", get),
    Native::method("setdefault", setdefault),
    Native::method("pop", pop),
    Native::method("update", update),
    Native::method("keys", |vm, args| list_of(vm, args, "keys")),
    Native::method("values", |vm, args| list_of(vm, args, "values")),
    Native::method("items", |vm, args| list_of(vm, args, "items")),
    Native::method("copy", variables),
    Native::method("__or__", |vm, args| or(vm, args, false)).sig("($self, value, /)"),
    Native::method("__ror__", |vm, args| or(vm, args, true)).sig("($self, value, /)"),
    Native::method("__ior__", ior).sig("($self, value, /)"),
    Native::method("__eq__", |vm, args| compare(vm, args, true)).sig("($self, value, /)"),
    Native::method("__ne__", |vm, args| compare(vm, args, false)).sig("($self, value, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "FrameLocalsProxy",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: type_flags::MAPPING,
    members: &[&MEMBERS],
    doc: "",
    finish: None,
};
