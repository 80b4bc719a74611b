//! `super`.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use crate::{impl_payload, names};

/// NULL where a `super` is not bound.
#[derive(Clone, Debug)]
struct Super {
    class: Value,
    object: Value,
    object_type: Value,
}

impl_payload!(Super, |this, f| {
    [this.class, this.object, this.object_type].into_iter().for_each(f)
});

impl Process {
    /// Is it a `super` object?
    #[inline]
    pub fn is_super(&self, v: Value) -> bool {
        self.heap.payload::<Super>(v).is_some()
    }

    /// The class that `super(class, object)` starts from in its search: `object` itself if it is a subclass, else its class.
    pub fn super_check(&mut self, class: Value, object: Value) -> NativeResult {
        if self.as_type(object).is_some() && self.is_subtype(object, class) {
            return Ok(object);
        }
        let own = self.type_of(object);
        if self.is_subtype(own, class) {
            return Ok(own);
        }
        let claimed = self.getattr_opt(object, names::CLASS)?;
        if let Some(claimed) = claimed
            && claimed != own
            && self.as_type(claimed).is_some()
            && self.is_subtype(claimed, class)
        {
            return Ok(claimed);
        }
        let (kind, shown) = match self.as_type(object) {
            Some(_) => ("type", self.name_of_type(object)),
            None => ("instance of", self.type_name(object)),
        };
        let class = self.name_of_type(class);
        Err(self.type_error(&format!(
            "super(type, obj): obj ({kind} {shown}) is not an instance or subtype of type ({class})."
        )))
    }

    /// `super(class, object).name`, mostly without making the `super`.
    pub fn super_attribute(&mut self, class: Value, object: Value, name: Value) -> NativeResult {
        let start = self.super_check(class, object)?;
        if name != names::CLASS
            && let Some(found) = self.lookup_after(class, start, name)
        {
            let this = if start == object { Value::NULL } else { object };
            return self.bind_descriptor(found, this, start);
        }
        let instance = self.new_payload(
            core::SUPER,
            Super {
                class,
                object,
                object_type: start,
            },
        );
        self.getattr(instance, name)
    }

    /// `super.__getattribute__`
    pub fn super_getattr(&mut self, v: Value, name: Value) -> NativeResult<Option<Value>> {
        if let Some(s) = self.heap.payload::<Super>(v).cloned()
            && !s.object_type.is_null()
            && name != names::CLASS
            && let Some(found) = self.lookup_after(s.class, s.object_type, name)
        {
            let this = if s.object == s.object_type {
                Value::NULL
            } else {
                s.object
            };
            return self.bind_descriptor(found, this, s.object_type).map(Some);
        }
        self.instance_getattr(v, name)
    }
}

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let n = Value::NULL;
    Ok(vm.new_payload(
        args.this(),
        Super {
            class: n,
            object: n,
            object_type: n,
        },
    ))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error("super() takes no keyword arguments"));
    }
    let rest = args.rest();
    let (class, object) = match *rest.pos {
        [] => implicit(vm)?,
        [class] => (class, Value::NULL),
        [class, object] => (class, if object.is_none() { Value::NULL } else { object }),
        _ => {
            return Err(vm.type_error(&format!("super() expected at most 2 arguments, got {}", rest.len())));
        }
    };
    if vm.as_type(class).is_none() {
        let got = vm.type_name(class);
        return Err(vm.type_error(&format!("super() argument 1 must be a type, not {got}")));
    }
    let object_type = if object.is_null() {
        object
    } else {
        vm.super_check(class, object)?
    };
    for v in [class, object, object_type] {
        vm.heap.incref(v);
    }
    let fresh = Super {
        class,
        object,
        object_type,
    };
    let old = vm
        .heap
        .payload_mut::<Super>(args.this())
        .map(|s| std::mem::replace(s, fresh));
    if let Some(old) = old {
        for v in [old.class, old.object, old.object_type] {
            vm.heap.decref(v);
        }
    }
    Ok(Value::NONE)
}

/// `super()` without arguments: first argument and `__class__` cell of the running function.
fn implicit(vm: &mut Process) -> NativeResult<(Value, Value)> {
    let Some(frame) = vm.caller_frame() else {
        return Err(vm.runtime_error("super(): no current frame"));
    };
    let stack = &vm.stack;
    let Some(Obj::Code(code)) = vm.heap.object(frame.code) else {
        return Err(vm.runtime_error("super(): no code object"));
    };
    if code.code.arg_count == 0 {
        return Err(vm.runtime_error("super(): no arguments"));
    }
    let slot = |i: usize| stack.get(frame.base as usize + i).copied().unwrap_or(Value::NULL);
    let content = |v: Value| match vm.heap.object(v) {
        Some(Obj::Cell(content)) => *content,
        _ => v,
    };
    // Only a captured argument lives in a cell; another may happen to be one.
    let captured = code
        .code
        .local_kinds
        .first()
        .is_some_and(|kind| kind & heddle_compiler::code::local_kind::CELL != 0);
    let first = if captured { content(slot(0)) } else { slot(0) };
    let cell = code.slot_names.iter().position(|&n| vm.as_str(n) == Some("__class__"));
    let class = cell.map(|i| content(slot(i)));
    if first.is_null() {
        return Err(vm.runtime_error("super(): arg[0] deleted"));
    }
    match class {
        None => Err(vm.runtime_error("super(): __class__ cell not found")),
        Some(class) if class.is_null() => Err(vm.runtime_error("super(): empty __class__ cell")),
        Some(class) => Ok((class, first)),
    }
}

fn getattribute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = vm.method_args::<1>(args, "super.__getattribute__")?;
    match vm.super_getattr(this, name)? {
        Some(found) => Ok(found),
        None => Err(vm.attribute_error(this, name)),
    }
}

fn get(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let object = args.get(1).unwrap_or(Value::NONE);
    let Some(s) = vm.heap.payload::<Super>(this).cloned() else {
        return Ok(this);
    };
    if object.is_none() || !s.object.is_null() {
        return Ok(this);
    }
    let object_type = vm.super_check(s.class, object)?;
    let class = vm.type_of(this);
    Ok(vm.new_payload(
        class,
        Super {
            class: s.class,
            object,
            object_type,
        },
    ))
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(s) = vm.heap.payload::<Super>(args.this()).cloned() else {
        return Ok(vm.new_str("<super>"));
    };
    let class = if s.class.is_null() {
        "NULL".to_owned()
    } else {
        vm.name_of_type(s.class)
    };
    let text = if s.object_type.is_null() {
        format!("<super: <class '{class}'>, NULL>")
    } else {
        let of = vm.name_of_type(s.object_type);
        format!("<super: <class '{class}'>, <{of} object>>")
    };
    Ok(vm.new_str(&text))
}

fn part(vm: &mut Process, args: Args<'_>, pick: fn(&Super) -> Value) -> NativeResult {
    let v = vm.heap.payload::<Super>(args.this()).map_or(Value::NULL, pick);
    Ok(if v.is_null() { Value::NONE } else { v })
}

fn thisclass(vm: &mut Process, args: Args<'_>) -> NativeResult {
    part(vm, args, |s| s.class)
}

fn self_object(vm: &mut Process, args: Args<'_>) -> NativeResult {
    part(vm, args, |s| s.object)
}

fn self_class(vm: &mut Process, args: Args<'_>) -> NativeResult {
    part(vm, args, |s| s.object_type)
}

static MEMBERS: [Native; 8] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__getattribute__", getattribute).sig("($self, name, /)"),
    Native::method("__get__", get).sig("($self, instance, owner=None, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::getter("__thisclass__", thisclass),
    Native::getter("__self__", self_object),
    Native::getter("__self_class__", self_class),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "super",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(101),
    flags: type_flags::BASETYPE,
    members: &[&MEMBERS],
    doc: "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)",
    finish: None,
};
