//! `types.GenericAlias`: `list[int]`. Substitution of type parameters is written in Python (`prelude/objects.py`).

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use crate::{impl_payload, names};

#[derive(Clone, Debug)]
struct GenericAlias {
    origin: Value,
    /// A tuple.
    args: Value,
    /// A tuple, or NULL until asked for.
    parameters: Value,
    /// `*tuple[int, ...]`
    unpacked: bool,
}

impl_payload!(GenericAlias, |this, f| {
    [this.origin, this.args, this.parameters].into_iter().for_each(f)
});

/// Attributes that an alias has itself; all others come from its origin.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__dir__",
    "__bases__",
    "__copy__",
    "__deepcopy__",
];

impl Process {
    /// `origin[args]`; `args` a tuple or one argument.
    pub fn new_generic_alias(&mut self, origin: Value, args: Value) -> NativeResult {
        self.make_generic_alias(core::GENERIC_ALIAS, origin, args, false)
    }

    fn make_generic_alias(&mut self, class: Value, origin: Value, args: Value, unpacked: bool) -> NativeResult {
        let args = if self.as_tuple(args).is_some() {
            args
        } else {
            self.new_tuple(vec![args])
        };
        Ok(self.new_payload(
            class,
            GenericAlias {
                origin,
                args,
                parameters: Value::NULL,
                unpacked,
            },
        ))
    }

    fn alias(&mut self, v: Value) -> NativeResult<GenericAlias> {
        match self.heap.payload::<GenericAlias>(v) {
            Some(a) => Ok(a.clone()),
            None => Err(self.type_error("a 'types.GenericAlias' object is required")),
        }
    }

    /// Is it a `types.GenericAlias`?
    pub fn is_generic_alias(&self, v: Value) -> bool {
        self.heap.payload::<GenericAlias>(v).is_some()
    }
}

/// `__class_getitem__` for the tables of generic types: `Native::class_method("__class_getitem__", class_getitem)`.
pub fn class_getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [item]) = vm.method_args::<1>(args, "__class_getitem__")?;
    vm.new_generic_alias(this, item)
}

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [origin, given] = vm.exactly::<2>(args.rest(), "GenericAlias")?;
    vm.make_generic_alias(args.this(), origin, given, false)
}

fn getattribute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "GenericAlias.__getattribute__")?;
    let text = vm.text(name);
    if !OWN.contains(&text.as_str()) {
        let class = vm.type_of(this);
        // A subclass made in Python has attributes of its own.
        if class != core::GENERIC_ALIAS
            && let Some((owner, _)) = vm.walk_mro(class, name)
            && owner != core::OBJECT
            && owner != core::GENERIC_ALIAS
            && let Some(found) = vm.instance_getattr(this, name)?
        {
            return Ok(found);
        }
        let alias = vm.alias(this)?;
        return vm.getattr(alias.origin, name);
    }
    match vm.instance_getattr(this, name)? {
        Some(found) => Ok(found),
        None => Err(vm.attribute_error(this, name)),
    }
}

fn call(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let alias = vm.alias(this)?;
    let object = vm.call_kw(alias.origin, args.rest())?;
    match vm.setattr(object, names::ORIG_CLASS, this) {
        Ok(()) => {}
        Err(crate::native::Unwind::Raise(e))
            if vm.exception_matches(e, core::ATTRIBUTE_ERROR) || vm.exception_matches(e, core::TYPE_ERROR) => {}
        Err(other) => return Err(other),
    }
    Ok(object)
}

fn getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [item]) = vm.method_args::<1>(args, "GenericAlias.__getitem__")?;
    let alias = vm.alias(this)?;
    let parameters = parameters_of(vm, this)?;
    let function = vm.prelude_function("_alias_substitute");
    let new_args = vm.call(function, &[this, alias.args, parameters, item])?;
    vm.make_generic_alias(core::GENERIC_ALIAS, alias.origin, new_args, alias.unpacked)
}

fn parameters_of(vm: &mut Process, this: Value) -> NativeResult {
    let alias = vm.alias(this)?;
    if !alias.parameters.is_null() {
        return Ok(alias.parameters);
    }
    let function = vm.prelude_function("_alias_parameters");
    vm.call(function, &[alias.args])
}

fn parameters(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let found = parameters_of(vm, this)?;
    vm.heap.incref(found);
    if let Some(a) = vm.heap.payload_mut::<GenericAlias>(this) {
        let old = std::mem::replace(&mut a.parameters, found);
        vm.heap.decref(old);
    }
    Ok(found)
}

fn origin(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.alias(args.this())?.origin)
}

fn arguments(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.alias(args.this())?.args)
}

fn unpacked(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(vm.alias(args.this())?.unpacked))
}

fn unpacked_args(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let a = vm.alias(args.this())?;
    Ok(if a.unpacked && a.origin == core::TUPLE {
        a.args
    } else {
        Value::NONE
    })
}

fn mro_entries(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let origin = vm.alias(args.this())?.origin;
    Ok(vm.new_tuple(vec![origin]))
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let a = vm.alias(args.this())?;
    let function = vm.prelude_function("_alias_repr");
    let unpacked = Value::from_bool(a.unpacked);
    vm.tail_call(function, &[a.origin, a.args, unpacked])
}

fn eq(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "GenericAlias.__eq__")?;
    if !vm.is_generic_alias(other) || !vm.is_generic_alias(this) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (vm.alias(this)?, vm.alias(other)?);
    if a.unpacked != b.unpacked || !vm.eq(a.origin, b.origin)? {
        return Ok(Value::FALSE);
    }
    Ok(Value::from_bool(vm.eq(a.args, b.args)?))
}

fn hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let a = vm.alias(args.this())?;
    let h = vm.hash(a.origin)? ^ vm.hash(a.args)?;
    Ok(vm.new_int(if h == -1 { -2 } else { h }))
}

fn or(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "GenericAlias.__or__")?;
    vm.union_or(this, other)
}

fn ror(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "GenericAlias.__ror__")?;
    vm.union_or(other, this)
}

fn instancecheck(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
}

fn subclasscheck(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
}

fn iter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let a = vm.alias(args.this())?;
    let starred = vm.make_generic_alias(core::GENERIC_ALIAS, a.origin, a.args, true)?;
    let one = vm.new_tuple(vec![starred]);
    vm.get_iter(one)
}

fn reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let a = vm.alias(args.this())?;
    let inner = vm.new_tuple(vec![a.origin, a.args]);
    Ok(vm.new_tuple(vec![core::GENERIC_ALIAS, inner]))
}

fn dir(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let a = vm.alias(args.this())?;
    let mut found = Vec::new();
    vm.collect_class_names(a.origin, &mut found);
    for name in OWN {
        let name = vm.intern(name);
        found.push(name);
    }
    Ok(vm.sorted_name_list(found))
}

static MEMBERS: [Native; 20] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__getattribute__", getattribute).sig("($self, name, /)"),
    Native::method("__call__", call).sig("($self, /, *args, **kwargs)"),
    Native::method("__getitem__", getitem).sig("($self, key, /)"),
    Native::method("__mro_entries__", mro_entries),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__eq__", eq).sig("($self, value, /)"),
    Native::method("__hash__", hash).sig("($self, /)"),
    Native::method("__or__", or).sig("($self, value, /)"),
    Native::method("__ror__", ror).sig("($self, value, /)"),
    Native::method("__instancecheck__", instancecheck),
    Native::method("__subclasscheck__", subclasscheck),
    Native::method("__iter__", iter).sig("($self, /)"),
    Native::method("__reduce__", reduce),
    Native::method("__dir__", dir),
    Native::getter("__origin__", origin),
    Native::getter("__args__", arguments),
    Native::getter("__parameters__", parameters),
    Native::getter("__unpacked__", unpacked),
    Native::getter("__typing_unpacked_tuple_args__", unpacked_args),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "GenericAlias",
    module: "types",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(102),
    flags: type_flags::BASETYPE | type_flags::HAS_WEAKREF,
    members: &[&MEMBERS],
    doc: "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    finish: None,
};
