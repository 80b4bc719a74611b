//! `types.SimpleNamespace`.

use super::object::INSTANCE_DICT_ENTRY;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.new_instance(args.this()))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let rest = args.rest();
    if rest.len() > 1 {
        let name = vm.type_name(this);
        return Err(vm.type_error(&format!("{name} expected at most 1 argument, got {}", rest.len())));
    }
    let Some(dict) = vm.object_dict(this, true)? else {
        return Ok(Value::NONE);
    };
    if let Some(&mapping) = rest.pos.first() {
        let plain = if vm.is_exact(mapping, core::DICT) {
            mapping
        } else {
            vm.call(core::DICT, &[mapping])?
        };
        let entries: Vec<(Value, Value)> = vm
            .as_dict(plain)
            .map(|d| d.iter().map(|e| (e.key, e.value)).collect())
            .unwrap_or_default();
        if entries.iter().any(|(k, _)| vm.as_pystr(*k).is_none()) {
            return Err(vm.type_error("keywords must be strings"));
        }
        for (key, value) in entries {
            vm.dict_set_str(dict, key, value);
        }
    }
    for &(key, value) in rest.kw {
        vm.dict_set_str(dict, key, value);
    }
    Ok(Value::NONE)
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let function = vm.prelude_function("_namespace_repr");
    vm.tail_call(function, &[args.this(), core::SIMPLE_NAMESPACE])
}

fn eq(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "__eq__")?;
    if !vm.is_instance(this, core::SIMPLE_NAMESPACE) || !vm.is_instance(other, core::SIMPLE_NAMESPACE) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (Some(a), Some(b)) = (vm.object_dict(this, true)?, vm.object_dict(other, true)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::from_bool(vm.eq(a, b)?))
}

fn reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let dict = vm.object_dict(this, true)?.unwrap_or(Value::NONE);
    let empty = vm.new_tuple(vec![]);
    let class = vm.type_of(this);
    Ok(vm.new_tuple(vec![class, empty, dict]))
}

fn replace(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if args.len() > 1 {
        return Err(vm.type_error("__replace__() takes no positional arguments"));
    }
    let class = vm.type_of(this);
    let copy = vm.call(class, &[])?;
    let entries: Vec<(Value, Value)> = match vm.object_dict(this, true)? {
        Some(dict) => vm
            .as_dict(dict)
            .map(|d| d.iter().map(|e| (e.key, e.value)).collect())
            .unwrap_or_default(),
        None => Vec::new(),
    };
    if let Some(dict) = vm.object_dict(copy, true)? {
        for (key, value) in entries.into_iter().chain(args.kw.iter().copied()) {
            vm.dict_set_str(dict, key, value);
        }
    }
    Ok(copy)
}

static MEMBERS: [Native; 7] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, mapping_or_iterable=(), /, **kwargs)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__eq__", eq).sig("($self, value, /)"),
    Native::method("__reduce__", reduce),
    Native::method("__replace__", replace),
    INSTANCE_DICT_ENTRY,
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "SimpleNamespace",
    module: "types",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Object,
    flags: type_flags::BASETYPE | type_flags::HAS_DICT,
    members: &[&MEMBERS],
    doc: "A simple attribute-based namespace.",
    finish: None,
};

impl Process {
    /// A `SimpleNamespace` with these attributes.
    pub fn new_namespace(&mut self, attributes: &[(&str, Value)]) -> Value {
        let v = self.new_instance(core::SIMPLE_NAMESPACE);
        for &(name, value) in attributes {
            let name = self.intern(name);
            self.set_own_attribute(v, name, value);
        }
        v
    }
}
