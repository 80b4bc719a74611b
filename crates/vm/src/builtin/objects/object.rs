//! `object`.

use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, core, type_flags};
use crate::value::Value;

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    if vm.as_type(class).is_none() {
        let got = vm.type_name(class);
        return Err(vm.type_error(&format!("object.__new__(X): X is not a type object ({got})")));
    }
    if args.len() > 1 || !args.kw.is_empty() {
        let object_new = vm.lookup_in_type(core::OBJECT, names::NEW);
        let object_init = vm.lookup_in_type(core::OBJECT, names::INIT);
        if vm.lookup_in_type(class, names::NEW) != object_new {
            return Err(vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if vm.lookup_in_type(class, names::INIT) == object_init {
            let name = vm.name_of_type(class);
            return Err(vm.type_error(&format!("{name}() takes no arguments")));
        }
    }
    vm.check_not_abstract(class)?;
    if vm.layout_of(class) != Layout::Object {
        let name = vm.name_of_type(class);
        let own = vm.as_type(class).is_some_and(|t| t.def.is_some());
        if own && vm.lookup_in_type(class, names::NEW) == vm.lookup_in_type(core::OBJECT, names::NEW) {
            let name = vm.dotted_type_name(class);
            return Err(vm.type_error(&format!("cannot create '{name}' instances")));
        }
        let mut base = class;
        while let Some(t) = vm.as_type(base)
            && t.def.is_none()
        {
            base = t.base;
        }
        let base = vm.name_of_type(base);
        return Err(vm.type_error(&format!("object.__new__({name}) is not safe, use {base}.__new__()")));
    }
    Ok(vm.new_instance(class))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if args.len() > 1 || !args.kw.is_empty() {
        let class = vm.type_of(args.this());
        let object_init = vm.lookup_in_type(core::OBJECT, names::INIT);
        if vm.lookup_in_type(class, names::INIT) != object_init {
            return Err(vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
        }
        if vm.lookup_in_type(class, names::NEW) == vm.lookup_in_type(core::OBJECT, names::NEW) {
            let name = vm.name_of_type(class);
            return Err(vm.type_error(&format!(
                "{name}.__init__() takes exactly one argument (the instance to initialize)"
            )));
        }
    }
    Ok(Value::NONE)
}

fn getattribute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "object.__getattribute__")?;
    vm.check_attribute_name(name)?;
    match vm.instance_getattr(this, name)? {
        Some(found) => Ok(found),
        None => Err(vm.attribute_error(this, name)),
    }
}

fn setattr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name, value]) = vm.method_args::<2>(args, "object.__setattr__")?;
    if vm.as_type(this).is_some() {
        let class = vm.type_name(this);
        return Err(vm.type_error(&format!("can't apply this __setattr__ to {class} object")));
    }
    vm.check_attribute_name(name)?;
    vm.plain_setattr(this, name, value)?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "object.__delattr__")?;
    if vm.as_type(this).is_some() {
        let class = vm.type_name(this);
        return Err(vm.type_error(&format!("can't apply this __delattr__ to {class} object")));
    }
    vm.check_attribute_name(name)?;
    vm.plain_setattr(this, name, Value::NULL)?;
    Ok(Value::NONE)
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.default_repr(args.this()))
}

fn str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.repr(args.this())
}

fn format(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [spec]) = vm.method_args::<1>(args, "object.__format__")?;
    match vm.as_pystr(spec) {
        Some(s) if s.is_empty() => vm.str(this),
        Some(_) => {
            let class = vm.type_name(this);
            Err(vm.type_error(&format!("unsupported format string passed to {class}.__format__")))
        }
        None => {
            let got = vm.type_name(spec);
            Err(vm.type_error(&format!("__format__() argument must be str, not {got}")))
        }
    }
}

fn hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let h = vm.identity_hash(args.this());
    Ok(vm.new_int(h))
}

fn eq(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "object.__eq__")?;
    Ok(if this == other {
        Value::TRUE
    } else {
        Value::NOT_IMPLEMENTED
    })
}

fn ne(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "object.__ne__")?;
    let Some(result) = vm.call_special(this, names::EQ, &[other])? else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if result == Value::NOT_IMPLEMENTED {
        return Ok(result);
    }
    Ok(Value::from_bool(!vm.truth(result)?))
}

fn order(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::NOT_IMPLEMENTED)
}

fn init_subclass(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if args.len() > 1 || !args.kw.is_empty() {
        let name = vm.name_of_type(args.this());
        let kind = if args.len() > 1 {
            "arguments"
        } else {
            "keyword arguments"
        };
        return Err(vm.type_error(&format!("{name}.__init_subclass__() takes no {kind}")));
    }
    Ok(Value::NONE)
}

fn subclasshook(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::NOT_IMPLEMENTED)
}

fn dir(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let mut found: Vec<Value> = Vec::new();
    if let Some(dict) = vm.getattr_opt(this, names::DICT)?
        && let Some(d) = vm.as_dict(dict)
    {
        found.extend(d.iter().map(|e| e.key));
    }
    let class = vm.getattr_opt(this, names::CLASS)?.unwrap_or(Value::NULL);
    vm.collect_class_names(class, &mut found);
    Ok(vm.sorted_name_list(found))
}

fn sizeof(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let size = vm.heap.object(args.this()).map_or(28, crate::heap::model_size);
    Ok(vm.new_int(size as i64))
}

fn reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    reduce_with(vm, args.this(), 0)
}

fn reduce_ex(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [protocol]) = vm.method_args::<1>(args, "object.__reduce_ex__")?;
    let class = vm.type_of(this);
    let own = vm.lookup_in_type(class, names::REDUCE);
    if own != vm.lookup_in_type(core::OBJECT, names::REDUCE)
        && let Some(method) = own
    {
        let bound = vm.bind_descriptor(method, this, class)?;
        return vm.tail_call(bound, &[]);
    }
    let protocol = vm.index_i64(protocol)?;
    reduce_with(vm, this, protocol)
}

fn reduce_with(vm: &mut Process, this: Value, protocol: i64) -> NativeResult {
    let import = vm.prelude_function("_import_module");
    let name = vm.intern("copyreg");
    let copyreg = vm.call(import, &[name])?;
    if protocol < 2 {
        let function = vm.getattr_text(copyreg, "_reduce_ex")?;
        let protocol = vm.new_int(protocol);
        return vm.tail_call(function, &[this, protocol]);
    }
    let function = vm.prelude_function("_reduce_newobj");
    vm.tail_call(function, &[this, copyreg])
}

fn getstate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let state = match vm.getattr_opt(this, names::DICT)? {
        Some(dict) => match vm.as_dict(dict) {
            Some(d) if d.is_empty() => Value::NONE,
            _ => dict,
        },
        None => Value::NONE,
    };
    let state = match vm
        .as_dict(state)
        .map(|d| d.iter().map(|e| (e.key, e.value)).collect::<Vec<_>>())
    {
        Some(entries) => {
            let copy = vm.new_dict();
            for (key, value) in entries {
                vm.dict_set(copy, key, value)?;
            }
            copy
        }
        None => state,
    };
    let class = vm.type_of(this);
    // What `copyreg` has noted in the class goes before what we know ourselves.
    let noted = vm.intern("__slotnames__");
    let noted = vm.as_type(class).and_then(|t| vm.dict_get_str(t.dict, noted));
    let slots = match noted.and_then(|names| vm.as_list(names)) {
        Some(names) => names.clone(),
        None => vm.slot_names_of(class),
    };
    if slots.is_empty() {
        return Ok(state);
    }
    let values = vm.new_dict();
    for name in slots {
        if let Some(value) = vm.getattr_opt(this, name)? {
            vm.dict_set_str(values, name, value);
        }
    }
    if vm.as_dict(values).is_some_and(|d| d.is_empty()) {
        return Ok(state);
    }
    Ok(vm.new_tuple(vec![state, values]))
}

fn get_set_class(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(value) = args.get(1) else {
        return Ok(vm.type_of(this));
    };
    if value.is_null() {
        return Err(vm.type_error("can't delete __class__ attribute"));
    }
    let Some(new) = vm.as_type(value) else {
        let got = vm.type_name(value);
        return Err(vm.type_error(&format!("__class__ must be set to a class, not '{got}' object")));
    };
    let (new_layout, new_flags) = (new.layout, new.flags);
    let old = vm.class(this);
    let modules = vm.is_instance(this, core::MODULE) && vm.is_subtype(value, core::MODULE);
    let mutable = (old.flags | new_flags) & type_flags::IMMUTABLE == 0;
    if !modules && !mutable {
        return Err(vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
    }
    if old.layout != new_layout || !vm.same_layout(vm.type_of(this), value) {
        let (new, old) = (vm.name_of_type(value), vm.type_name(this));
        return Err(vm.type_error(&format!(
            "__class__ assignment: '{new}' object layout differs from '{old}'"
        )));
    }
    vm.change_class(this, value);
    Ok(Value::NONE)
}

fn get_set_dict(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if vm.as_type(this).is_some() {
        // A metaclass over a class made in Python finds this before the one of `type`.
        return match args.get(1) {
            None => {
                let dict = vm.as_type(this).map_or(Value::NONE, |t| t.dict);
                Ok(vm.new_mappingproxy(dict))
            }
            Some(_) => {
                let message = "attribute '__dict__' of 'type' objects is not writable";
                Err(vm.attribute_error_text(message, this, names::DICT))
            }
        };
    }
    match args.get(1) {
        None => match vm.object_dict(this, true)? {
            Some(dict) => Ok(dict),
            None => Err(vm.attribute_error(this, names::DICT)),
        },
        Some(value) if value.is_null() => {
            let dict = vm.new_dict();
            vm.set_object_dict(this, dict);
            Ok(Value::NONE)
        }
        Some(value) => {
            if vm.as_dict(value).is_none() {
                let got = vm.type_name(value);
                return Err(vm.type_error(&format!("__dict__ must be set to a dictionary, not a '{got}'")));
            }
            vm.set_object_dict(this, value);
            Ok(Value::NONE)
        }
    }
}

fn get_weakref(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let index = args.this().handle().unwrap_or(0);
    Ok(vm
        .heap
        .weakrefs
        .get(&index)
        .and_then(|refs| refs.first().copied())
        .unwrap_or(Value::NONE))
}

/// The same as a part of other tables.
pub const INSTANCE_DICT_ENTRY: Native = Native::getset("__dict__", get_set_dict);
/// `__dict__` of instances of classes made in Python.
pub static INSTANCE_DICT: Native = INSTANCE_DICT_ENTRY;
/// `__weakref__` of instances of classes made in Python.
pub static INSTANCE_WEAKREF: Native = Native::getter("__weakref__", get_weakref);

impl Process {
    /// TypeError if an attribute's name is no string.
    pub fn check_attribute_name(&mut self, name: Value) -> NativeResult<()> {
        if self.as_pystr(name).is_some() {
            return Ok(());
        }
        let got = self.type_name(name);
        Err(self.type_error(&format!("attribute name must be string, not '{got}'")))
    }

    /// Adds the names in the namespaces of a class's MRO.
    pub fn collect_class_names(&self, class: Value, found: &mut Vec<Value>) {
        let mro = self
            .as_type(class)
            .and_then(|t| self.as_tuple(t.mro))
            .unwrap_or_default();
        for &c in mro {
            if let Some(d) = self.as_type(c).and_then(|t| self.as_dict(t.dict)) {
                found.extend(d.iter().map(|e| e.key));
            }
        }
    }

    /// A list of distinct names in order.
    pub fn sorted_name_list(&mut self, mut found: Vec<Value>) -> Value {
        found.retain(|&v| self.as_pystr(v).is_some());
        found.sort_by_key(|&v| self.as_pystr(v).map(|s| s.bytes().to_vec()));
        found.dedup_by_key(|v| self.as_pystr(*v).map(|s| s.bytes().to_vec()));
        self.new_list(found)
    }
}

static MEMBERS: [Native; 23] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__getattribute__", getattribute).sig("($self, name, /)"),
    Native::method("__setattr__", setattr).sig("($self, name, value, /)"),
    Native::method("__delattr__", delattr).sig("($self, name, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__str__", str).sig("($self, /)"),
    Native::method("__format__", format).sig("($self, format_spec, /)"),
    Native::method("__hash__", hash).sig("($self, /)"),
    Native::method("__eq__", eq).sig("($self, value, /)"),
    Native::method("__ne__", ne).sig("($self, value, /)"),
    Native::method("__lt__", order).sig("($self, value, /)"),
    Native::method("__le__", order).sig("($self, value, /)"),
    Native::method("__gt__", order).sig("($self, value, /)"),
    Native::method("__ge__", order).sig("($self, value, /)"),
    Native::class_method("__init_subclass__", init_subclass),
    Native::class_method("__subclasshook__", subclasshook),
    Native::method("__dir__", dir).sig("($self, /)"),
    Native::method("__sizeof__", sizeof).sig("($self, /)"),
    Native::method("__reduce__", reduce).sig("($self, /)"),
    Native::method("__reduce_ex__", reduce_ex).sig("($self, protocol, /)"),
    Native::method("__getstate__", getstate).sig("($self, /)"),
    Native::getset("__class__", get_set_class),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "object",
    module: "builtins",
    base: None,
    layout: Layout::Object,
    flags: type_flags::BASETYPE,
    members: &[&MEMBERS],
    doc: "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n",
    finish: None,
};
