//! `type`.

use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let meta = args.this();
    let rest = args.rest();
    if meta == core::TYPE && rest.len() == 1 && rest.kw.is_empty() {
        return Ok(vm.type_of(rest.pos[0]));
    }
    let given: Vec<(Value, Value)> = rest.kw.to_vec();
    let [name, bases, namespace] = match <[Value; 3]>::try_from(rest.pos) {
        Ok(three) => three,
        Err(_) if rest.len() < 3 && !given.is_empty() => type_keywords(vm, rest)?,
        Err(_) => {
            let message = if meta == core::TYPE {
                "type() takes 1 or 3 arguments".to_owned()
            } else {
                format!("type.__new__() takes exactly 3 arguments ({} given)", rest.len())
            };
            return Err(vm.type_error(&message));
        }
    };
    for (i, v, ok, want) in [
        (1, name, vm.as_pystr(name).is_some(), "str"),
        (2, bases, vm.as_tuple(bases).is_some(), "tuple"),
        (3, namespace, vm.as_dict(namespace).is_some(), "dict"),
    ] {
        if !ok {
            let got = vm.type_name(v);
            return Err(vm.type_error(&format!("type.__new__() argument {i} must be {want}, not {got}")));
        }
    }
    let kw: Vec<(Value, Value)> = given
        .into_iter()
        .filter(|&(k, _)| vm.as_str(k) != Some("metaclass"))
        .collect();
    vm.type_new(meta, name, bases, namespace, &kw)
}

fn type_keywords(vm: &mut Process, _: Args<'_>) -> NativeResult<[Value; 3]> {
    Err(vm.type_error("type() takes 1 or 3 arguments"))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let n = args.len().saturating_sub(1);
    if n == 1 && !args.kw.is_empty() {
        return Err(vm.type_error("type.__init__() takes no keyword arguments"));
    }
    if n != 1 && n != 3 {
        return Err(vm.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(Value::NONE)
}

/// `type.__call__`: makes an instance.
pub fn call(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let rest = args.rest();
    if vm.as_type(class).is_none() {
        let got = vm.type_name(class);
        return Err(vm.type_error(&format!(
            "descriptor '__call__' requires a 'type' object but received a '{got}'"
        )));
    }
    if class == core::TYPE {
        if rest.len() == 1 && rest.kw.is_empty() {
            return Ok(vm.type_of(rest.pos[0]));
        }
        if rest.len() != 3 {
            return Err(vm.type_error("type() takes 1 or 3 arguments"));
        }
    }
    let Some(new) = vm.lookup_in_type(class, names::NEW).filter(|n| !n.is_none()) else {
        let name = vm.dotted_type_name(class);
        return Err(vm.type_error(&format!("cannot create '{name}' instances")));
    };
    if vm.layout_of(class) == Layout::Closed && Some(new) == vm.lookup_in_type(core::OBJECT, names::NEW) {
        let name = vm.dotted_type_name(class);
        return Err(vm.type_error(&format!("cannot create '{name}' instances")));
    }
    let new = vm.bind_descriptor(new, Value::NULL, class)?;
    // The class itself stands in front of the arguments already.
    let object = vm.call_kw(new, args)?;
    let own = vm.type_of(object);
    if !vm.is_subtype(own, class) {
        return Ok(object);
    }
    if let Some(init) = vm.lookup_in_type(own, names::INIT)
        && (Some(init) != vm.lookup_in_type(core::OBJECT, names::INIT) || !rest.is_empty() || !rest.kw.is_empty())
    {
        let result = vm.call_found_kw(init, object, rest)?;
        if !result.is_none() {
            let got = vm.type_name(result);
            return Err(vm.type_error(&format!("__init__() should return None, not '{got}'")));
        }
    }
    Ok(object)
}

fn getattribute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "type.__getattribute__")?;
    vm.check_attribute_name(name)?;
    let found = if vm.as_type(this).is_some() {
        vm.type_getattr(this, name)?
    } else {
        vm.instance_getattr(this, name)?
    };
    match found {
        Some(found) => Ok(found),
        None => Err(vm.attribute_error(this, name)),
    }
}

fn setattr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name, value]) = vm.method_args::<2>(args, "type.__setattr__")?;
    vm.check_attribute_name(name)?;
    vm.type_setattr(this, name, value)?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "type.__delattr__")?;
    vm.check_attribute_name(name)?;
    vm.type_setattr(this, name, Value::NULL)?;
    Ok(Value::NONE)
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let name = vm.dotted_type_name(args.this());
    Ok(vm.new_str(&format!("<class '{name}'>")))
}

fn mro_method(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    if vm.as_type(class).is_none() {
        return Err(vm.wrong_self("mro", "type", class));
    }
    let bases = vm
        .as_type(class)
        .and_then(|t| vm.as_tuple(t.bases))
        .map(<[Value]>::to_vec)
        .unwrap_or_default();
    let mro = vm.compute_mro(class, &bases)?;
    Ok(vm.new_list(mro))
}

fn subclasses(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let live = vm.live_subclasses(args.this());
    Ok(vm.new_list(live))
}

fn prepare(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(vm.new_dict())
}

fn instancecheck(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [v]) = vm.method_args::<1>(args, "type.__instancecheck__")?;
    Ok(Value::from_bool(vm.default_instance_check(v, this)?))
}

fn subclasscheck(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [v]) = vm.method_args::<1>(args, "type.__subclasscheck__")?;
    Ok(Value::from_bool(vm.default_subclass_check(v, this)?))
}

fn dir(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let mut found = Vec::new();
    vm.collect_class_names(args.this(), &mut found);
    Ok(vm.sorted_name_list(found))
}

fn sizeof(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(vm.new_int(1064))
}

fn or(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "type.__or__")?;
    vm.union_or(this, other)
}

fn ror(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "type.__ror__")?;
    vm.union_or(other, this)
}

// ---- attributes ----

fn is_immutable(vm: &Process, class: Value) -> bool {
    vm.as_type(class).is_none_or(|t| t.has(type_flags::IMMUTABLE))
}

fn refuse_immutable(vm: &mut Process, class: Value, name: &str) -> NativeResult<()> {
    if is_immutable(vm, class) {
        let shown = vm.name_of_type(class);
        return Err(vm.type_error(&format!("cannot set '{name}' attribute of immutable type '{shown}'")));
    }
    Ok(())
}

fn get_set_name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let Some(value) = args.get(1) else {
        return Ok(vm.as_type(class).map_or(Value::NONE, |t| t.name));
    };
    refuse_immutable(vm, class, "__name__")?;
    if value.is_null() || vm.as_pystr(value).is_none() {
        let (shown, got) = (vm.name_of_type(class), vm.type_name(value));
        let message = if value.is_null() {
            format!("cannot delete '__name__' attribute of immutable type '{shown}'")
        } else {
            format!("can only assign string to {shown}.__name__, not '{got}'")
        };
        return Err(vm.type_error(&message));
    }
    set_field(vm, class, value, |t| &mut t.name);
    Ok(Value::NONE)
}

fn set_field(vm: &mut Process, class: Value, value: Value, field: fn(&mut crate::types::Type) -> &mut Value) {
    vm.heap.incref(value);
    if let Obj::Type(t) = vm.heap.get_mut(class) {
        let old = std::mem::replace(field(t), value);
        vm.heap.decref(old);
    }
    vm.type_modified(class);
}

fn get_set_qualname(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let Some(value) = args.get(1) else {
        return Ok(vm.as_type(class).map_or(Value::NONE, |t| t.qualname));
    };
    refuse_immutable(vm, class, "__qualname__")?;
    if value.is_null() || vm.as_pystr(value).is_none() {
        let shown = vm.name_of_type(class);
        let message = if value.is_null() {
            format!("cannot delete '__qualname__' attribute of immutable type '{shown}'")
        } else {
            let got = vm.type_name(value);
            format!("can only assign string to {shown}.__qualname__, not '{got}'")
        };
        return Err(vm.type_error(&message));
    }
    set_field(vm, class, value, |t| &mut t.qualname);
    Ok(Value::NONE)
}

/// An entry of the class's own namespace; the getters of `type` itself are none.
fn own(vm: &Process, class: Value, name: Value) -> Option<Value> {
    vm.dict_get_str(vm.as_type(class)?.dict, name)
        .filter(|&v| class != core::TYPE || vm.as_native(v).is_none())
}

fn get_set_module(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let Some(value) = args.get(1) else {
        return match own(vm, class, names::MODULE) {
            Some(module) => Ok(module),
            None if is_immutable(vm, class) => Ok(names::BUILTINS),
            None => Err(vm.attribute_error(class, names::MODULE)),
        };
    };
    refuse_immutable(vm, class, "__module__")?;
    if value.is_null() {
        let shown = vm.name_of_type(class);
        return Err(vm.type_error(&format!(
            "cannot delete '__module__' attribute of immutable type '{shown}'"
        )));
    }
    vm.type_set(class, names::MODULE, value);
    Ok(Value::NONE)
}

fn get_set_bases(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let Some(value) = args.get(1) else {
        return Ok(vm.as_type(class).map_or(Value::NONE, |t| t.bases));
    };
    refuse_immutable(vm, class, "__bases__")?;
    vm.set_bases(class, value)?;
    Ok(Value::NONE)
}

fn get_mro(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.as_type(args.this()).map_or(Value::NONE, |t| t.mro))
}

fn get_base(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let base = vm.as_type(args.this()).map_or(Value::NULL, |t| t.base);
    Ok(if base.is_null() { Value::NONE } else { base })
}

fn get_dict(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = vm.as_type(args.this()).map_or(Value::NONE, |t| t.dict);
    Ok(vm.new_mappingproxy(dict))
}

fn get_set_doc(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    match args.get(1) {
        None => match own(vm, class, names::DOC) {
            Some(doc) => vm.bind_descriptor(doc, Value::NULL, class),
            None => {
                let text = vm.as_type(class).and_then(|t| t.def).map_or("", |def| def.doc);
                Ok(if text.is_empty() { Value::NONE } else { vm.new_str(text) })
            }
        },
        Some(value) => {
            if value.is_null() && is_immutable(vm, class) {
                let shown = vm.name_of_type(class);
                let message = format!("cannot delete '__doc__' attribute of immutable type '{shown}'");
                return Err(vm.type_error(&message));
            }
            refuse_immutable(vm, class, "__doc__")?;
            if value.is_null() {
                let shown = vm.name_of_type(class);
                return Err(vm.type_error(&format!(
                    "cannot delete '__doc__' attribute of immutable type '{shown}'"
                )));
            }
            vm.type_set(class, names::DOC, value);
            Ok(Value::NONE)
        }
    }
}

fn get_set_abstract(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let Some(value) = args.get(1) else {
        return match own(vm, class, names::ABSTRACTMETHODS) {
            Some(methods) if class != core::TYPE => Ok(methods),
            _ => Err(vm.attribute_error(class, names::ABSTRACTMETHODS)),
        };
    };
    if value.is_null() && vm.type_remove(class, names::ABSTRACTMETHODS).is_none() {
        return Err(vm.attribute_error(class, names::ABSTRACTMETHODS));
    }
    let any = !value.is_null() && vm.truth(value)?;
    if !value.is_null() {
        vm.type_set(class, names::ABSTRACTMETHODS, value);
    }
    if let Obj::Type(t) = vm.heap.get_mut(class) {
        t.flags = if any {
            t.flags | type_flags::ABSTRACT
        } else {
            t.flags & !type_flags::ABSTRACT
        };
    }
    Ok(Value::NONE)
}

fn get_set_annotations(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    if let Some(value) = args.get(1) {
        return set_annotations(vm, class, value);
    }
    if is_immutable(vm, class) {
        return Err(vm.attribute_error(class, names::ANNOTATIONS));
    }
    for name in [names::ANNOTATIONS, names::ANNOTATIONS_CACHE] {
        if let Some(found) = own(vm, class, name) {
            return vm.bind_descriptor(found, Value::NULL, class);
        }
    }
    let annotate = annotate_of(vm, class);
    let result = if annotate.is_none() {
        vm.once(|vm| Ok(vm.new_dict()))?
    } else {
        let result = vm.call(annotate, &[Value::from_i32(1)])?;
        if vm.as_dict(result).is_none() {
            let got = vm.type_name(result);
            return Err(vm.type_error(&format!("__annotate__() must return a dict, not {got}")));
        }
        result
    };
    vm.type_set(class, names::ANNOTATIONS_CACHE, result);
    Ok(result)
}

fn set_annotations(vm: &mut Process, class: Value, value: Value) -> NativeResult {
    refuse_immutable(vm, class, "__annotations__")?;
    if value.is_null() {
        let removed = vm.type_remove(class, names::ANNOTATIONS).is_some()
            | vm.type_remove(class, names::ANNOTATIONS_CACHE).is_some();
        if !removed {
            return Err(vm.attribute_error(class, names::ANNOTATIONS));
        }
    } else if own(vm, class, names::ANNOTATIONS).is_some() {
        vm.type_set(class, names::ANNOTATIONS, value);
    } else {
        vm.type_set(class, names::ANNOTATIONS_CACHE, value);
    }
    vm.type_remove(class, names::ANNOTATE_FUNC);
    vm.type_remove(class, names::ANNOTATE);
    Ok(Value::NONE)
}

fn annotate_of(vm: &Process, class: Value) -> Value {
    own(vm, class, names::ANNOTATE_FUNC)
        .or_else(|| own(vm, class, names::ANNOTATE))
        .unwrap_or(Value::NONE)
}

fn get_set_annotate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let Some(value) = args.get(1) else {
        if is_immutable(vm, class) {
            return Err(vm.attribute_error(class, names::ANNOTATE));
        }
        let found = annotate_of(vm, class);
        return vm.bind_descriptor(found, Value::NULL, class);
    };
    refuse_immutable(vm, class, "__annotate__")?;
    if value.is_null() {
        return Err(vm.type_error("cannot delete __annotate__ attribute"));
    }
    if !value.is_none() && !vm.is_callable(value) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    vm.type_set(class, names::ANNOTATE_FUNC, value);
    if !value.is_none() {
        vm.type_remove(class, names::ANNOTATIONS);
        vm.type_remove(class, names::ANNOTATIONS_CACHE);
    }
    Ok(Value::NONE)
}

fn get_set_type_params(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    match args.get(1) {
        None => match own(vm, class, names::TYPE_PARAMS) {
            Some(params) => Ok(params),
            None => Ok(vm.new_tuple(vec![])),
        },
        Some(value) => {
            refuse_immutable(vm, class, "__type_params__")?;
            if value.is_null() {
                vm.type_remove(class, names::TYPE_PARAMS);
            } else {
                vm.type_set(class, names::TYPE_PARAMS, value);
            }
            Ok(Value::NONE)
        }
    }
}

fn get_flags(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(t) = vm.as_type(args.this()) else {
        return Ok(Value::from_i32(0));
    };
    let mut bits: i64 = 1 << 12;
    let pairs = [
        (!t.has(type_flags::IMMUTABLE), 9),
        (t.has(type_flags::IMMUTABLE), 8),
        (t.has(type_flags::BASETYPE), 10),
        (t.has(type_flags::ABSTRACT), 20),
        (t.layout == Layout::Int, 24),
        (t.layout == Layout::List, 25),
        (t.layout == Layout::Tuple, 26),
        (t.layout == Layout::Bytes, 27),
        (t.layout == Layout::Str, 28),
        (t.layout == Layout::Dict, 29),
        (t.has(type_flags::IS_EXCEPTION), 30),
        (t.has(type_flags::IS_METACLASS), 31),
        (t.has(type_flags::SEQUENCE), 5),
        (t.has(type_flags::MAPPING), 6),
    ];
    for (on, bit) in pairs {
        if on {
            bits |= 1 << bit;
        }
    }
    Ok(vm.new_int(bits))
}

fn get_basicsize(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let slots = vm.as_type(args.this()).map_or(0, |t| t.slot_count);
    Ok(vm.new_int(16 + 8 * i64::from(slots)))
}

fn get_itemsize(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let n = match vm.layout_of(args.this()) {
        Layout::Int => 4,
        Layout::Tuple => 8,
        Layout::Bytes => 1,
        _ => 0,
    };
    Ok(vm.new_int(n))
}

fn get_dictoffset(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let has = vm.as_type(args.this()).is_some_and(|t| t.has(type_flags::HAS_DICT));
    Ok(vm.new_int(if has { -1 } else { 0 }))
}

fn get_weakrefoffset(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let has = vm.as_type(args.this()).is_some_and(|t| t.has(type_flags::HAS_WEAKREF));
    Ok(vm.new_int(if has { 24 } else { 0 }))
}

fn get_text_signature(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    if vm.as_type(class).is_some_and(|t| t.def.is_none()) {
        return Ok(Value::NONE);
    }
    for name in [names::NEW, names::INIT] {
        if let Some(found) = own(vm, class, name)
            && let Some((def, _)) = vm.as_native(found)
            && !def.signature.is_empty()
        {
            let text = def
                .signature
                .replace("$type, ", "")
                .replace("$self, /, ", "")
                .replace("$self, ", "");
            return Ok(vm.new_str(&text));
        }
    }
    Ok(Value::NONE)
}

static MEMBERS: [Native; 34] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__call__", call).sig("($self, /, *args, **kwargs)"),
    Native::method("__getattribute__", getattribute).sig("($self, name, /)"),
    Native::method("__setattr__", setattr).sig("($self, name, value, /)"),
    Native::method("__delattr__", delattr).sig("($self, name, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("mro", mro_method).sig("($self, /)"),
    Native::method("__subclasses__", subclasses).sig("($self, /)"),
    Native::class_method("__prepare__", prepare),
    Native::method("__instancecheck__", instancecheck).sig("($self, instance, /)"),
    Native::method("__subclasscheck__", subclasscheck).sig("($self, subclass, /)"),
    Native::method("__dir__", dir).sig("($self, /)"),
    Native::method("__sizeof__", sizeof).sig("($self, /)"),
    Native::method("__or__", or).sig("($self, value, /)"),
    Native::method("__ror__", ror).sig("($self, value, /)"),
    Native::getset("__name__", get_set_name),
    Native::getset("__qualname__", get_set_qualname),
    Native::getset("__module__", get_set_module),
    Native::getset("__bases__", get_set_bases),
    Native::getter("__mro__", get_mro),
    Native::getter("__base__", get_base),
    Native::getter("__dict__", get_dict),
    Native::getset("__doc__", get_set_doc),
    Native::getset("__abstractmethods__", get_set_abstract),
    Native::getset("__annotations__", get_set_annotations),
    Native::getset("__annotate__", get_set_annotate),
    Native::getset("__type_params__", get_set_type_params),
    Native::getter("__flags__", get_flags),
    Native::getter("__basicsize__", get_basicsize),
    Native::getter("__itemsize__", get_itemsize),
    Native::getter("__dictoffset__", get_dictoffset),
    Native::getter("__weakrefoffset__", get_weakrefoffset),
    Native::getter("__text_signature__", get_text_signature),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "type",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Type,
    flags: type_flags::BASETYPE | type_flags::IS_METACLASS | type_flags::HAS_WEAKREF,
    members: &[&MEMBERS],
    doc: "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    finish: None,
};
