//! `module`.

use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::object::{Module, Obj};
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = vm.new_dict();
    let class = args.this();
    let v = vm.heap.alloc(class, Obj::Module(Box::new(Module { dict })));
    Ok(v)
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [name, doc] = vm.bind(args.rest(), "module", ["name", "doc"], 1)?;
    let name = name.unwrap_or(Value::NONE);
    if vm.as_pystr(name).is_none() {
        let got = vm.type_name(name);
        return Err(vm.type_error(&format!("module() argument 'name' must be str, not {got}")));
    }
    let Some(dict) = vm.existing_dict(this) else {
        return Ok(Value::NONE);
    };
    for (key, value) in [
        (names::NAME, name),
        (names::DOC, doc.unwrap_or(Value::NONE)),
        (names::PACKAGE, Value::NONE),
        (names::LOADER, Value::NONE),
        (names::SPEC, Value::NONE),
    ] {
        vm.dict_set_str(dict, key, value);
    }
    Ok(Value::NONE)
}

fn getattribute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "module.__getattribute__")?;
    let found = if matches!(vm.heap.object(this), Some(Obj::Module(_))) {
        vm.module_getattr(this, name)?
    } else {
        vm.instance_getattr(this, name)?
    };
    match found {
        Some(found) => Ok(found),
        None => Err(vm.attribute_error(this, name)),
    }
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(dict) = vm.existing_dict(this) else {
        return Ok(vm.new_str("<module '?'>"));
    };
    let get = |vm: &Process, name| vm.dict_get_str(dict, name).filter(|v: &Value| !v.is_none());
    let name = match get(vm, names::NAME) {
        Some(name) => vm.repr_text(name)?,
        None => "'?'".to_owned(),
    };
    if let Some(file) = get(vm, names::FILE) {
        let file = vm.repr_text(file)?;
        return Ok(vm.new_str(&format!("<module {name} from {file}>")));
    }
    if let Some(spec) = get(vm, names::SPEC)
        && let Some(origin) = vm.getattr_text(spec, "origin").ok().filter(|o| !o.is_none())
    {
        let origin = vm.text(origin);
        return Ok(vm.new_str(&format!("<module {name} ({origin})>")));
    }
    let loader = match get(vm, names::LOADER) {
        Some(loader) => Some(vm.repr_text(loader)?),
        None => None,
    };
    let text = match loader {
        Some(loader) => format!("<module {name} ({loader})>"),
        None if ["'builtins'", "'sys'", "'time'", "'_thread'"].contains(&name.as_str()) => {
            format!("<module {name} (built-in)>")
        }
        None => format!("<module {name}>"),
    };
    Ok(vm.new_str(&text))
}

fn dir(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = vm.getattr(args.this(), names::DICT)?;
    if vm.as_dict(dict).is_none() {
        return Err(vm.type_error("<module>.__dict__ is not a dictionary"));
    }
    if let Some(function) = vm.dict_get_str(dict, names::DIR) {
        return vm.tail_call(function, &[]);
    }
    let keys = vm
        .as_dict(dict)
        .map(|d| d.iter().map(|e| e.key).collect())
        .unwrap_or_default();
    Ok(vm.sorted_name_list(keys))
}

fn get_dict(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.existing_dict(args.this()).unwrap_or(Value::NONE))
}

fn get_set_annotations(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(dict) = vm.existing_dict(this) else {
        return Err(vm.attribute_error(this, names::ANNOTATIONS));
    };
    match args.get(1) {
        Some(value) if value.is_null() => match vm.dict_remove_str(dict, names::ANNOTATIONS) {
            Some(_) => Ok(Value::NONE),
            None => Err(vm.attribute_error(this, names::ANNOTATIONS)),
        },
        Some(value) => {
            vm.dict_set_str(dict, names::ANNOTATIONS, value);
            vm.dict_remove_str(dict, names::ANNOTATE);
            Ok(Value::NONE)
        }
        None => {
            if let Some(found) = vm.dict_get_str(dict, names::ANNOTATIONS) {
                return Ok(found);
            }
            let annotate = vm.dict_get_str(dict, names::ANNOTATE).filter(|a| !a.is_none());
            let result = match annotate {
                Some(annotate) => vm.call(annotate, &[Value::from_i32(1)])?,
                None => vm.once(|vm| Ok(vm.new_dict()))?,
            };
            vm.dict_set_str(dict, names::ANNOTATIONS, result);
            Ok(result)
        }
    }
}

fn get_set_annotate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(dict) = vm.existing_dict(this) else {
        return Err(vm.attribute_error(this, names::ANNOTATE));
    };
    match args.get(1) {
        None => Ok(vm.dict_get_str(dict, names::ANNOTATE).unwrap_or(Value::NONE)),
        Some(value) if value.is_null() => Err(vm.type_error("cannot delete __annotate__ attribute")),
        Some(value) => {
            if !value.is_none() && !vm.is_callable(value) {
                return Err(vm.type_error("__annotate__ must be callable or None"));
            }
            vm.dict_set_str(dict, names::ANNOTATE, value);
            vm.dict_remove_str(dict, names::ANNOTATIONS);
            Ok(Value::NONE)
        }
    }
}

static MEMBERS: [Native; 8] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, name, doc=None)"),
    Native::method("__getattribute__", getattribute).sig("($self, name, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__dir__", dir),
    Native::getter("__dict__", get_dict),
    Native::getset("__annotations__", get_set_annotations),
    Native::getset("__annotate__", get_set_annotate),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "module",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Module,
    flags: type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[&MEMBERS],
    doc: "Create a module object.\n\nThe name must be a string; the optional docstring can have any type.",
    finish: None,
};
