//! `staticmethod` and `classmethod`.

use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::object::{Obj, Wrapper};
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

fn wrapped(vm: &mut Process, v: Value) -> NativeResult {
    match vm.heap.object(v) {
        Some(Obj::StaticMethod(w) | Obj::ClassMethod(w)) if !w.callable.is_null() => Ok(w.callable),
        Some(Obj::StaticMethod(_)) => Err(vm.runtime_error("uninitialized staticmethod object")),
        Some(Obj::ClassMethod(_)) => Err(vm.runtime_error("uninitialized classmethod object")),
        _ => Err(vm.type_error("a 'staticmethod' or 'classmethod' object is required")),
    }
}

fn blank() -> Box<Wrapper> {
    Box::new(Wrapper {
        callable: Value::NULL,
        dict: Value::NULL,
    })
}

fn new_static(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.heap.alloc(args.this(), Obj::StaticMethod(blank())))
}

fn new_class(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.heap.alloc(args.this(), Obj::ClassMethod(blank())))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let name = vm.type_name(this);
    let rest = args.rest();
    if !rest.kw.is_empty() {
        return Err(vm.type_error(&format!("{name}() takes no keyword arguments")));
    }
    let [callable] = match <[Value; 1]>::try_from(rest.pos) {
        Ok(one) => one,
        Err(_) => {
            return Err(vm.type_error(&format!("{name} expected 1 argument, got {}", rest.len())));
        }
    };
    vm.heap.incref(callable);
    if let Obj::StaticMethod(w) | Obj::ClassMethod(w) = vm.heap.get_mut(this) {
        let old = std::mem::replace(&mut w.callable, callable);
        vm.heap.decref(old);
    }
    // What `functools.update_wrapper` would copy.
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        let name = vm.intern(name);
        if let Some(value) = vm.getattr_opt(callable, name)? {
            vm.set_own_attribute(this, name, value);
        }
    }
    Ok(Value::NONE)
}

fn get_static(vm: &mut Process, args: Args<'_>) -> NativeResult {
    wrapped(vm, args.this())
}

fn get_class(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let callable = wrapped(vm, args.this())?;
    let class = match args.get(2) {
        Some(class) if !class.is_none() => class,
        _ => {
            let object = args.get(1).unwrap_or(Value::NONE);
            vm.type_of(object)
        }
    };
    Ok(vm.bind_method(callable, class))
}

fn call_static(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let callable = wrapped(vm, args.this())?;
    vm.tail_call_kw(callable, args.rest())
}

fn func(vm: &mut Process, args: Args<'_>) -> NativeResult {
    wrapped(vm, args.this())
}

fn is_abstract(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let callable = wrapped(vm, args.this())?;
    match vm.getattr_opt(callable, names::ISABSTRACTMETHOD)? {
        Some(flag) => Ok(Value::from_bool(vm.truth(flag)?)),
        None => Ok(Value::FALSE),
    }
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let callable = wrapped(vm, this)?;
    let inner = vm.repr_text(callable)?;
    let name = vm.type_name(this);
    Ok(vm.new_str(&format!("<{name}({inner})>")))
}

fn annotations(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let callable = wrapped(vm, args.this())?;
    vm.getattr(callable, names::ANNOTATIONS)
}

fn annotate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let callable = wrapped(vm, args.this())?;
    vm.getattr(callable, names::ANNOTATE)
}

static SHARED: [Native; 8] = [
    Native::method("__init__", init).sig("($self, function, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::getter("__func__", func),
    Native::getter("__wrapped__", func),
    Native::getter("__isabstractmethod__", is_abstract),
    Native::getter("__annotations__", annotations),
    Native::getter("__annotate__", annotate),
    super::object::INSTANCE_DICT_ENTRY,
];

static STATIC: [Native; 3] = [
    Native::static_method("__new__", new_static).sig("($type, *args, **kwargs)"),
    Native::method("__get__", get_static).sig("($self, instance, owner=None, /)"),
    Native::method("__call__", call_static).sig("($self, /, *args, **kwargs)"),
];

static CLASS: [Native; 2] = [
    Native::static_method("__new__", new_class).sig("($type, *args, **kwargs)"),
    Native::method("__get__", get_class).sig("($self, instance, owner=None, /)"),
];

/// `staticmethod`
pub static STATICMETHOD: TypeDef = TypeDef {
    name: "staticmethod",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::StaticMethod,
    flags: type_flags::BASETYPE | type_flags::HAS_DICT,
    members: &[&SHARED, &STATIC],
    doc: "Convert a function to be a static method.",
    finish: None,
};

/// `classmethod`
pub static CLASSMETHOD: TypeDef = TypeDef {
    name: "classmethod",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::ClassMethod,
    flags: type_flags::BASETYPE | type_flags::HAS_DICT,
    members: &[&SHARED, &CLASS],
    doc: "Convert a function to be a class method.",
    finish: None,
};
