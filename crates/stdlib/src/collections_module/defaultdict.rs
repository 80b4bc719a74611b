//! `defaultdict`: a dict whose `default_factory` stands in its side dict.

use heddle_vm::builtin::containers::repr::{guarded, push_repr};
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// The key under which the factory stands in the side dict; not an identifier, so that no attribute can meet it.
const FACTORY: &str = "default_factory*";

fn factory(p: &mut Process, dict: Value) -> Value {
    let key = p.intern(FACTORY);
    p.heap
        .side_dict(dict)
        .and_then(|d| p.dict_get_str(d, key))
        .unwrap_or(Value::NONE)
}

fn set_factory(p: &mut Process, dict: Value, factory: Value) {
    let side = match p.heap.side_dict(dict) {
        Some(side) => side,
        None => {
            let side = p.new_dict();
            p.heap.set_side_dict(dict, side);
            side
        }
    };
    let key = p.intern(FACTORY);
    p.dict_set_str(side, key, factory);
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let factory = args.get(1).unwrap_or(Value::NONE);
    if !factory.is_none() && !p.is_callable(factory) {
        return Err(p.type_error("first argument must be callable or None"));
    }
    if args.len() > 3 {
        return Err(p.type_error(&format!(
            "defaultdict expected at most 2 arguments, got {}",
            args.len() - 1
        )));
    }
    if let Some(other) = args.get(2) {
        p.dict_update(this, other)?;
    }
    for &(key, value) in args.kw {
        p.dict_set_str(this, key, value);
    }
    set_factory(p, this, factory);
    Ok(Value::NONE)
}

fn missing(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [key]) = p.method_args(args, "__missing__")?;
    let make = factory(p, this);
    if make.is_none() {
        return Err(p.key_error(key));
    }
    let value = p.call(make, &[])?;
    p.setitem(this, key, value)?;
    Ok(value)
}

fn default_factory(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if let Some(new) = args.get(1) {
        set_factory(p, this, if new.is_null() { Value::NONE } else { new });
        return Ok(Value::NONE);
    }
    Ok(factory(p, this))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let items = match p.lookup_in_type(core::DICT, names::REPR) {
        Some(of_dicts) => p.call(of_dicts, &[this])?,
        None => p.default_repr(this),
    };
    let make = factory(p, this);
    let make = guarded(p, make, "...", |p| {
        let mut text = Wtf8Buf::new();
        push_repr(p, &mut text, make)?;
        Ok(text)
    })?;
    let mut text = Wtf8Buf::from(format!("{}(", p.type_name(this)));
    for (part, end) in [(make, ", "), (items, ")")] {
        if let Some(part) = p.as_pystr(part) {
            text.push_wtf8(part.wtf8());
        }
        text.push_str(end);
    }
    Ok(p.new_wtf8(text))
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (class, make) = (p.type_of(this), factory(p, this));
    let plain = p.copy_dict(this);
    p.tail_call(class, &[make, plain])
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (class, make) = (p.type_of(this), factory(p, this));
    let arguments = if make.is_none() { Vec::new() } else { vec![make] };
    let arguments = p.new_tuple(arguments);
    let plain = p.copy_dict(this);
    let items = p.call_special(plain, names::ITEMS, &[])?.unwrap_or(Value::NONE);
    let items = p.get_iter(items)?;
    Ok(p.new_tuple(vec![class, arguments, Value::NONE, Value::NONE, items]))
}

fn or(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "__or__")?;
    if p.as_dict(a).is_none() || p.as_dict(b).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let make = factory(p, a);
    let merged = p.copy_dict(a);
    p.dict_merge(merged, b)?;
    let class = p.type_of(a);
    p.tail_call(class, &[make, merged])
}

fn ror(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "__ror__")?;
    if p.as_dict(a).is_none() || p.as_dict(b).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let make = factory(p, a);
    let merged = p.copy_dict(b);
    p.dict_merge(merged, a)?;
    let class = p.type_of(a);
    p.tail_call(class, &[make, merged])
}

/// The type.
pub static DEFAULTDICT: TypeDef = TypeDef {
    name: "defaultdict",
    module: "collections",
    base: Some(TypeRef::Core(core::DICT)),
    layout: Layout::Dict,
    flags: type_flags::BASETYPE,
    members: &[&[
        Native::method("__init__", init),
        Native::method("__missing__", missing),
        Native::getset("default_factory", default_factory),
        Native::method("__repr__", repr),
        Native::method("copy", copy),
        Native::method("__copy__", copy),
        Native::method("__reduce__", reduce),
        Native::method("__or__", or),
        Native::method("__ror__", ror),
    ]],
    doc: "",
    finish: None,
};
