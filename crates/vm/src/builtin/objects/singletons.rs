//! The classes of `None`, `...` and `NotImplemented`.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core};
use crate::value::Value;

fn no_arguments(vm: &mut Process, args: Args<'_>, value: Value) -> NativeResult {
    if args.len() > 1 || !args.kw.is_empty() {
        let name = vm.type_name(value);
        return Err(vm.type_error(&format!("{name} takes no arguments")));
    }
    Ok(value)
}

fn new_none(vm: &mut Process, args: Args<'_>) -> NativeResult {
    no_arguments(vm, args, Value::NONE)
}

fn new_ellipsis(vm: &mut Process, args: Args<'_>) -> NativeResult {
    no_arguments(vm, args, Value::ELLIPSIS)
}

fn new_not_implemented(vm: &mut Process, args: Args<'_>) -> NativeResult {
    no_arguments(vm, args, Value::NOT_IMPLEMENTED)
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.new_str(match args.this() {
        Value::NONE => "None",
        Value::ELLIPSIS => "Ellipsis",
        _ => "NotImplemented",
    }))
}

fn bool(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if args.this() == Value::NOT_IMPLEMENTED {
        return Err(vm.type_error("NotImplemented should not be used in a boolean context"));
    }
    Ok(Value::FALSE)
}

fn hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let h = vm.payload_hash(args.this()).unwrap_or(0);
    Ok(vm.new_int(h))
}

static NONE_MEMBERS: [Native; 4] = [
    Native::static_method("__new__", new_none).sig("($type, *args, **kwargs)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__bool__", bool).sig("($self, /)"),
    Native::method("__hash__", hash).sig("($self, /)"),
];

static ELLIPSIS_MEMBERS: [Native; 3] = [
    Native::static_method("__new__", new_ellipsis).sig("($type, *args, **kwargs)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__reduce__", repr).sig("($self, /)"),
];

static NOT_IMPLEMENTED_MEMBERS: [Native; 4] = [
    Native::static_method("__new__", new_not_implemented).sig("($type, *args, **kwargs)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__reduce__", repr).sig("($self, /)"),
    Native::method("__bool__", bool).sig("($self, /)"),
];

const fn entry(name: &'static str, members: &'static [&'static [Native]]) -> TypeDef {
    TypeDef {
        name,
        module: "builtins",
        base: Some(TypeRef::Core(core::OBJECT)),
        layout: Layout::Closed,
        flags: 0,
        members,
        doc: "",
        finish: None,
    }
}

/// `NoneType`
pub static NONE_TYPE: TypeDef = entry("NoneType", &[&NONE_MEMBERS]);
/// `ellipsis`
pub static ELLIPSIS_TYPE: TypeDef = entry("ellipsis", &[&ELLIPSIS_MEMBERS]);
/// `NotImplementedType`
pub static NOT_IMPLEMENTED_TYPE: TypeDef = entry("NotImplementedType", &[&NOT_IMPLEMENTED_MEMBERS]);
/// `PyCapsule`
pub static CAPSULE: TypeDef = entry("PyCapsule", &[]);
