//! Bound methods, functions written in Rust, and the descriptors that stand for them in classes.

use crate::function::{Args, Bound, Native, NativeKind};
use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

// ---- method ----

fn bound(vm: &mut Process, v: Value) -> NativeResult<Bound> {
    match vm.heap.object(v) {
        Some(Obj::BoundMethod(b)) => Ok(**b),
        _ => Err(vm.type_error("a 'method' object is required")),
    }
}

fn method_new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [function, this] = vm.exactly::<2>(args.rest(), "method")?;
    if !vm.is_callable(function) {
        return Err(vm.type_error("first argument must be callable"));
    }
    if this.is_none() {
        return Err(vm.type_error("instance must not be None"));
    }
    Ok(vm
        .heap
        .alloc(core::METHOD, Obj::BoundMethod(Box::new(Bound { function, this }))))
}

fn method_call(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let b = bound(vm, args.this())?;
    let mut pos = vec![b.this];
    pos.extend_from_slice(args.rest().pos);
    vm.tail_call_kw(b.function, Args { pos: &pos, kw: args.kw })
}

fn method_get(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn method_getattribute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "method.__getattribute__")?;
    match vm.instance_getattr(this, name)? {
        Some(found) => Ok(found),
        None => {
            let b = bound(vm, this)?;
            vm.getattr(b.function, name)
        }
    }
}

fn method_eq(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "method.__eq__")?;
    let a = bound(vm, this)?;
    let Some(Obj::BoundMethod(b)) = vm.heap.object(other) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let b = **b;
    Ok(Value::from_bool(a.this == b.this && vm.eq(a.function, b.function)?))
}

fn method_hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let b = bound(vm, args.this())?;
    let function = vm.hash(b.function)?;
    let h = vm.identity_hash(b.this) ^ function;
    Ok(vm.new_int(if h == -1 { -2 } else { h }))
}

fn method_repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let b = bound(vm, args.this())?;
    let mut name = vm.getattr_opt(b.function, names::QUALNAME)?;
    if name.is_none() {
        name = vm.getattr_opt(b.function, names::NAME)?;
    }
    let name = match name {
        Some(name) if vm.as_pystr(name).is_some() => vm.text(name),
        _ => "?".to_owned(),
    };
    let this = vm.repr_text(b.this)?;
    Ok(vm.new_str(&format!("<bound method {name} of {this}>")))
}

fn method_func(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(bound(vm, args.this())?.function)
}

fn method_self(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(bound(vm, args.this())?.this)
}

fn method_doc(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let b = bound(vm, args.this())?;
    vm.getattr(b.function, names::DOC)
}

fn method_reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let b = bound(vm, args.this())?;
    reduce_bound(vm, b.this, b.function)
}

/// `(getattr, (this, name))`
fn reduce_bound(vm: &mut Process, this: Value, function: Value) -> NativeResult {
    let name = vm.getattr(function, names::NAME)?;
    let key = vm.intern("getattr");
    let getattr = vm.dict_get_str(vm.builtins, key).unwrap_or(Value::NONE);
    let args = vm.new_tuple(vec![this, name]);
    Ok(vm.new_tuple(vec![getattr, args]))
}

static METHOD_MEMBERS: [Native; 11] = [
    Native::static_method("__new__", method_new).sig("($type, *args, **kwargs)"),
    Native::method("__call__", method_call).sig("($self, /, *args, **kwargs)"),
    Native::method("__get__", method_get).sig("($self, instance, owner=None, /)"),
    Native::method("__getattribute__", method_getattribute).sig("($self, name, /)"),
    Native::method("__eq__", method_eq).sig("($self, value, /)"),
    Native::method("__hash__", method_hash).sig("($self, /)"),
    Native::method("__repr__", method_repr).sig("($self, /)"),
    Native::method("__reduce__", method_reduce).sig("($self, /)"),
    Native::getter("__func__", method_func),
    Native::getter("__self__", method_self),
    Native::getter("__doc__", method_doc),
];

/// `method`
pub static METHOD: TypeDef = TypeDef {
    name: "method",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: type_flags::HAS_WEAKREF,
    members: &[&METHOD_MEMBERS],
    doc: "Create a bound instance method object.",
    finish: None,
};

// ---- natives ----

fn native(vm: &mut Process, v: Value) -> NativeResult<(&'static Native, Value)> {
    match vm.as_native(v) {
        Some(found) => Ok(found),
        None => {
            let got = vm.type_name(v);
            Err(vm.type_error(&format!("a native function is required, not '{got}'")))
        }
    }
}

impl Process {
    /// The class in whose namespace a native descriptor stands (searched for: asked rarely).
    pub fn owner_of_descriptor(&self, descriptor: Value) -> Option<Value> {
        let (def, _) = self.as_native(descriptor)?;
        // Itself, where each class has one of its own (`__dict__`), else the first class that has it.
        self.class_that_holds(|v| v == descriptor)
            .or_else(|| self.class_that_holds(|v| self.as_native(v).is_some_and(|(d, _)| std::ptr::eq(d, def))))
    }

    /// The first class in the heap whose namespace holds such a value.
    pub(crate) fn class_that_holds(&self, is_it: impl Fn(Value) -> bool) -> Option<Value> {
        (1..self.heap.slot_count())
            .map(|index| Value::from_handle(index as u32))
            .find(|&class| {
                let dict = self.as_type(class).and_then(|t| self.as_dict(t.dict));
                let plain = |v: Value| match self.heap.object(v) {
                    Some(Obj::StaticMethod(wrapper)) => wrapper.callable,
                    _ => v,
                };
                dict.is_some_and(|d| d.iter().any(|e| is_it(plain(e.value))))
            })
    }
}

fn call(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.tail_call_kw(args.this(), args.rest())
}

fn name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (def, _) = native(vm, args.this())?;
    Ok(vm.intern(def.name))
}

fn qualname(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (def, bound) = native(vm, this)?;
    let owner = if bound.is_null() && vm.is_exact(this, core::BUILTIN_FUNCTION) {
        if def.kind == NativeKind::Function {
            None
        } else {
            vm.owner_of_descriptor(this)
        }
    } else if bound.is_null() || vm.is_exact(this, core::METHOD_WRAPPER) {
        vm.owner_of_descriptor(this)
    } else if vm.as_type(bound).is_some() {
        Some(bound)
    } else {
        Some(vm.type_of(bound))
    };
    let text = match owner {
        Some(owner) => {
            let qualname = vm.as_type(owner).map_or(Value::NULL, |t| t.qualname);
            format!("{}.{}", vm.text(qualname), def.name)
        }
        None => def.name.to_owned(),
    };
    Ok(vm.new_str(&text))
}

fn doc(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (def, _) = native(vm, args.this())?;
    Ok(if def.doc.is_empty() {
        Value::NONE
    } else {
        vm.new_str(def.doc)
    })
}

fn text_signature(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (def, _) = native(vm, args.this())?;
    Ok(if def.signature.is_empty() {
        Value::NONE
    } else {
        vm.new_str(def.signature)
    })
}

fn self_object(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (def, bound) = native(vm, this)?;
    if !bound.is_null() {
        return Ok(bound);
    }
    Ok(match def.kind {
        NativeKind::Function => module_of(vm, this).map_or(Value::NONE, |(_, module)| module),
        _ => vm.owner_of_descriptor(this).unwrap_or(Value::NONE),
    })
}

/// Name and module object of the imported module that has the function under its own name.
fn module_of(vm: &Process, function: Value) -> Option<(Value, Value)> {
    let (def, _) = vm.as_native(function)?;
    let modules = vm.as_dict(vm.modules)?;
    let holders = modules.iter().filter(|e| {
        let dict = vm.existing_dict(e.value).and_then(|dict| vm.as_dict(dict));
        dict.is_some_and(|dict| {
            dict.iter().any(|x| {
                vm.as_native(x.value)
                    .is_some_and(|(d, b)| b.is_null() && std::ptr::eq(d, def))
            })
        })
    });
    // `open` stands in `builtins` too, but is a function of `_io`; a module in Python may hold any function.
    let holder = holders.min_by_key(|e| match vm.as_str(e.key) {
        Some("builtins") => 1,
        Some(name) if vm.is_builtin(name) => 0,
        _ => 2,
    });
    holder.map(|e| (e.key, e.value))
}

fn module(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (def, bound) = native(vm, this)?;
    if !bound.is_null() || def.kind != NativeKind::Function {
        return Ok(Value::NONE);
    }
    Ok(module_of(vm, this).map_or(names::BUILTINS, |(name, _)| name))
}

fn objclass(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (_, bound) = native(vm, this)?;
    if !bound.is_null() {
        return Ok(vm.type_of(bound));
    }
    match vm.owner_of_descriptor(this) {
        Some(owner) => Ok(owner),
        None => Err(vm.attribute_error(this, names::OBJCLASS)),
    }
}

fn get(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let object = args.get(1).unwrap_or(Value::NONE);
    let class = args.get(2).unwrap_or(Value::NONE);
    if vm.is_exact(this, core::CLASSMETHOD_DESCRIPTOR) {
        return get_class_method(vm, this, object, class);
    }
    if object.is_none() {
        if class.is_none() {
            return Err(vm.type_error("__get__(None, None) is invalid"));
        }
        return Ok(this);
    }
    if let (Some((def, _)), Some(owner)) = (vm.as_native(this), vm.owner_of_descriptor(this))
        && !vm.is_instance(object, owner)
    {
        let (owner, class) = (vm.name_of_type(owner), vm.type_name(object));
        let message = format!(
            "descriptor '{}' for '{owner}' objects doesn't apply to a '{class}' object",
            def.name
        );
        return Err(vm.type_error(&message));
    }
    let class = vm.type_of(object);
    vm.bind_descriptor(this, object, class)
}

/// `__get__` of a class method: of the class, or of the class of the object.
fn get_class_method(vm: &mut Process, this: Value, object: Value, class: Value) -> NativeResult {
    let (def, _) = native(vm, this)?;
    let owner = vm.owner_of_descriptor(this).unwrap_or(core::OBJECT);
    let (name, of) = (def.name, vm.name_of_type(owner));
    let class = match (object.is_none(), class.is_none()) {
        (true, true) => return Err(vm.type_error("__get__(None, None) is invalid")),
        (false, true) => vm.type_of(object),
        _ => class,
    };
    if vm.as_type(class).is_none() {
        let given = vm.type_name(class);
        let message = format!("descriptor '{name}' for type '{of}' needs a type, not a '{given}' as arg 2");
        return Err(vm.type_error(&message));
    }
    if !vm.is_subtype(class, owner) {
        let given = vm.name_of_type(class);
        let message = format!("descriptor '{name}' requires a subtype of '{of}' but received '{given}'");
        return Err(vm.type_error(&message));
    }
    Ok(vm.new_native(def, class))
}

fn set(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [object, value]) = vm.method_args::<2>(args, "__set__")?;
    write(vm, this, object, value)
}

fn delete(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [object]) = vm.method_args::<1>(args, "__delete__")?;
    write(vm, this, object, Value::NULL)
}

fn write(vm: &mut Process, this: Value, object: Value, value: Value) -> NativeResult {
    match vm.as_native(this) {
        None => vm.write_slot(this, object, value)?,
        Some((def, _)) if def.kind == NativeKind::Getter => {
            let class = vm.shown_type(object);
            let message = format!("attribute '{}' of '{class}' objects is not writable", def.name);
            return Err(vm.error(core::ATTRIBUTE_ERROR, &message));
        }
        Some(_) => {
            vm.call(this, &[object, value])?;
        }
    }
    Ok(Value::NONE)
}

fn eq(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "__eq__")?;
    let (Some((a, x)), Some((b, y))) = (vm.as_native(this), vm.as_native(other)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if vm.type_of(this) != vm.type_of(other) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(Value::from_bool(std::ptr::eq(a, b) && x == y))
}

fn hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (def, bound) = native(vm, args.this())?;
    let h = crate::pystr::hash_bytes(def.name.as_bytes()) ^ vm.identity_hash(bound);
    Ok(vm.new_int(if h == -1 { -2 } else { h }))
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (def, bound) = native(vm, this)?;
    let name = def.name;
    let class = vm.type_of(this);
    let text = match class {
        core::METHOD_WRAPPER => {
            let of = vm.type_name(bound);
            format!("<method-wrapper '{name}' of {of} object at {}>", vm.address(bound))
        }
        core::BUILTIN_FUNCTION if bound.is_null() && def.kind != NativeKind::StaticMethod => {
            format!("<built-in function {name}>")
        }
        core::BUILTIN_FUNCTION => {
            let of = if bound.is_null() {
                vm.owner_of_descriptor(this).unwrap_or(core::OBJECT)
            } else {
                bound
            };
            let class = vm.type_name(of);
            format!("<built-in method {name} of {class} object at {}>", vm.address(of))
        }
        _ => {
            let owner = vm.owner_of_descriptor(this).unwrap_or(core::OBJECT);
            let owner = vm.name_of_type(owner);
            match class {
                core::WRAPPER_DESCRIPTOR => format!("<slot wrapper '{name}' of '{owner}' objects>"),
                core::GETSET_DESCRIPTOR => format!("<attribute '{name}' of '{owner}' objects>"),
                core::MEMBER_DESCRIPTOR => format!("<member '{name}' of '{owner}' objects>"),
                _ => format!("<method '{name}' of '{owner}' objects>"),
            }
        }
    };
    Ok(vm.new_str(&text))
}

fn reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (def, bound) = native(vm, this)?;
    let name = vm.intern(def.name);
    if vm.type_of(this) == core::CLASSMETHOD_DESCRIPTOR {
        return Err(vm.type_error("cannot pickle 'classmethod_descriptor' object"));
    }
    if bound.is_null() && def.kind == NativeKind::Function {
        return Ok(name);
    }
    let of = if bound.is_null() {
        match vm.owner_of_descriptor(this) {
            Some(owner) => owner,
            None => return Ok(name),
        }
    } else {
        bound
    };
    let key = vm.intern("getattr");
    let getattr = vm.dict_get_str(vm.builtins, key).unwrap_or(Value::NONE);
    let args = vm.new_tuple(vec![of, name]);
    Ok(vm.new_tuple(vec![getattr, args]))
}

static NAMES: [Native; 6] = [
    Native::getter("__name__", name),
    Native::getter("__qualname__", qualname),
    Native::getter("__doc__", doc),
    Native::getter("__text_signature__", text_signature),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__reduce__", reduce).sig("($self, /)"),
];
static CALL: [Native; 1] = [Native::method("__call__", call).sig("($self, /, *args, **kwargs)")];
static COMPARE: [Native; 2] = [
    Native::method("__eq__", eq).sig("($self, value, /)"),
    Native::method("__hash__", hash).sig("($self, /)"),
];
static SELF: [Native; 1] = [Native::getter("__self__", self_object)];
static MODULE: [Native; 1] = [Native::getter("__module__", module)];
static OBJCLASS: [Native; 1] = [Native::getter("__objclass__", objclass)];
static GET: [Native; 1] = [Native::method("__get__", get).sig("($self, instance, owner=None, /)")];
static SET: [Native; 2] = [
    Native::method("__set__", set).sig("($self, instance, value, /)"),
    Native::method("__delete__", delete).sig("($self, instance, /)"),
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

/// `builtin_function_or_method`
pub static BUILTIN_FUNCTION: TypeDef = entry("builtin_function_or_method", &[&NAMES, &CALL, &COMPARE, &SELF, &MODULE]);
/// `method-wrapper`
pub static METHOD_WRAPPER: TypeDef = entry("method-wrapper", &[&NAMES, &CALL, &COMPARE, &SELF, &OBJCLASS]);
/// `method_descriptor`
pub static METHOD_DESCRIPTOR: TypeDef = entry("method_descriptor", &[&NAMES, &CALL, &OBJCLASS, &GET]);
/// `wrapper_descriptor`
pub static WRAPPER_DESCRIPTOR: TypeDef = entry("wrapper_descriptor", &[&NAMES, &CALL, &OBJCLASS, &GET]);
/// `classmethod_descriptor`
pub static CLASSMETHOD_DESCRIPTOR: TypeDef = entry("classmethod_descriptor", &[&NAMES, &CALL, &OBJCLASS, &GET]);
/// `getset_descriptor`
pub static GETSET_DESCRIPTOR: TypeDef = entry("getset_descriptor", &[&NAMES, &OBJCLASS, &GET, &SET]);

// ---- slots ----

fn slot_name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match vm.slot_parts(args.this()) {
        Some((name, _)) => Ok(name),
        None => name(vm, args),
    }
}

fn slot_qualname(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match vm.slot_parts(args.this()) {
        Some((name, owner)) => {
            let owner = vm.as_type(owner).map_or(Value::NULL, |t| t.qualname);
            let text = format!("{}.{}", vm.text(owner), vm.text(name));
            Ok(vm.new_str(&text))
        }
        None => qualname(vm, args),
    }
}

fn slot_objclass(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match vm.slot_parts(args.this()) {
        Some((_, owner)) => Ok(owner),
        None => objclass(vm, args),
    }
}

fn slot_repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match vm.slot_parts(args.this()) {
        Some((name, owner)) => {
            let text = format!("<member '{}' of '{}' objects>", vm.text(name), vm.name_of_type(owner));
            Ok(vm.new_str(&text))
        }
        None => repr(vm, args),
    }
}

fn slot_doc(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match vm.slot_parts(args.this()) {
        Some(_) => Ok(Value::NONE),
        None => doc(vm, args),
    }
}

fn slot_reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match vm.slot_parts(args.this()) {
        Some((name, owner)) => {
            let key = vm.intern("getattr");
            let getattr = vm.dict_get_str(vm.builtins, key).unwrap_or(Value::NONE);
            let args = vm.new_tuple(vec![owner, name]);
            Ok(vm.new_tuple(vec![getattr, args]))
        }
        None => reduce(vm, args),
    }
}

impl Process {
    fn slot_parts(&self, v: Value) -> Option<(Value, Value)> {
        let slot = self.heap.payload::<crate::class::Slot>(v)?;
        Some((slot.name, slot.owner))
    }
}

static SLOT_MEMBERS: [Native; 6] = [
    Native::getter("__name__", slot_name),
    Native::getter("__qualname__", slot_qualname),
    Native::getter("__objclass__", slot_objclass),
    Native::getter("__doc__", slot_doc),
    Native::method("__repr__", slot_repr).sig("($self, /)"),
    Native::method("__reduce__", slot_reduce).sig("($self, /)"),
];
/// `member_descriptor`
pub static MEMBER_DESCRIPTOR: TypeDef = entry("member_descriptor", &[&SLOT_MEMBERS, &GET, &SET]);
