//! `property`.

use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::{Obj, Property};
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

impl Process {
    fn property(&mut self, v: Value) -> NativeResult<Property> {
        match self.heap.object(v) {
            Some(Obj::Property(p)) => Ok((**p).clone()),
            _ => Err(self.type_error("a 'property' object is required")),
        }
    }

    /// Reads through a property.
    pub fn property_get(&mut self, property: Value, v: Value) -> NativeResult {
        let p = self.property(property)?;
        if p.get.is_null() {
            return Err(self.property_error(&p, v, "getter"));
        }
        self.call(p.get, &[v])
    }

    /// Sets (NULL: deletes) through a property.
    pub fn property_set(&mut self, property: Value, v: Value, value: Value) -> NativeResult<()> {
        let p = self.property(property)?;
        let (function, what) = if value.is_null() {
            (p.delete, "deleter")
        } else {
            (p.set, "setter")
        };
        if function.is_null() {
            return Err(self.property_error(&p, v, what));
        }
        if value.is_null() {
            self.call(function, &[v])?;
        } else {
            self.call(function, &[v, value])?;
        }
        Ok(())
    }

    fn property_error(&mut self, p: &Property, v: Value, what: &str) -> Unwind {
        let name = if p.name.is_null() && !p.get.is_null() {
            match self.heap.object(p.get) {
                Some(Obj::Function(f)) => f.name,
                _ => Value::NULL,
            }
        } else {
            p.name
        };
        let class = self.type_of(v);
        let qualname = self.as_type(class).map_or(Value::NULL, |t| t.qualname);
        let class = self.text(qualname);
        let message = if name.is_null() {
            format!("property of '{class}' object has no {what}")
        } else {
            let name = self.repr_text(name).unwrap_or_default();
            format!("property {name} of '{class}' object has no {what}")
        };
        self.error(core::ATTRIBUTE_ERROR, &message)
    }

    /// A `property` (or subclass) with these functions; NULL for none.
    pub fn new_property(&mut self, class: Value, get: Value, set: Value, delete: Value, doc: Value) -> Value {
        self.heap.alloc(
            class,
            Obj::Property(Box::new(Property {
                get,
                set,
                delete,
                doc,
                name: Value::NULL,
                doc_from_getter: false,
            })),
        )
    }
}

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let n = Value::NULL;
    Ok(vm.new_property(args.this(), n, n, n, n))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = vm.bind(args.rest(), "property", ["fget", "fset", "fdel", "doc"], 0)?;
    let part = |i: usize| match given[i] {
        Some(v) if !v.is_none() => v,
        _ => Value::NULL,
    };
    let (get, set, delete) = (part(0), part(1), part(2));
    let mut doc = given[3].filter(|d| !d.is_none()).unwrap_or(Value::NULL);
    let mut from_getter = false;
    if doc.is_null() && !get.is_null() {
        let found = vm.getattr_opt(get, names::DOC)?;
        if let Some(found) = found.filter(|d| !d.is_none()) {
            doc = found;
            from_getter = true;
        }
    }
    if !matches!(vm.heap.object(this), Some(Obj::Property(_))) {
        return Err(vm.type_error("descriptor '__init__' requires a 'property' object"));
    }
    // Subclasses show the doc as an ordinary attribute of the instance, which their own docstring would hide.
    if !vm.is_exact(this, core::PROPERTY) {
        let shown = if doc.is_null() { Value::NONE } else { doc };
        doc = Value::NULL;
        match vm.setattr(this, names::DOC, shown) {
            Err(Unwind::Raise(e)) if !from_getter && vm.is_instance(e, core::ATTRIBUTE_ERROR) => {}
            other => other?,
        }
    }
    for v in [get, set, delete, doc] {
        vm.heap.incref(v);
    }
    let mut old = Vec::new();
    if let Obj::Property(p) = vm.heap.get_mut(this) {
        old.extend([
            std::mem::replace(&mut p.get, get),
            std::mem::replace(&mut p.set, set),
            std::mem::replace(&mut p.delete, delete),
            std::mem::replace(&mut p.doc, doc),
        ]);
        p.doc_from_getter = from_getter;
    }
    old.into_iter().for_each(|v| vm.heap.decref(v));
    Ok(Value::NONE)
}

fn get(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let object = args.get(1).unwrap_or(Value::NONE);
    if object.is_none() {
        return Ok(this);
    }
    let p = vm.property(this)?;
    if p.get.is_null() {
        return Err(vm.property_error(&p, object, "getter"));
    }
    vm.tail_call(p.get, &[object])
}

fn set(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [object, value]) = vm.method_args::<2>(args, "property.__set__")?;
    vm.property_set(this, object, value)?;
    Ok(Value::NONE)
}

fn delete(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [object]) = vm.method_args::<1>(args, "property.__delete__")?;
    vm.property_set(this, object, Value::NULL)?;
    Ok(Value::NONE)
}

/// A copy with one function replaced, made by the property's own class.
fn copy_with(vm: &mut Process, this: Value, which: usize, function: Value) -> NativeResult {
    let p = vm.property(this)?;
    let mut parts = [p.get, p.set, p.delete];
    if !(function.is_none() || function.is_null()) {
        parts[which] = function;
    }
    let shown = parts.map(|v| if v.is_null() { Value::NONE } else { v });
    let doc = if p.doc.is_null() || (p.doc_from_getter && !parts[0].is_null()) {
        Value::NONE
    } else {
        p.doc
    };
    let class = vm.type_of(this);
    let copy = vm.call(class, &[shown[0], shown[1], shown[2], doc])?;
    let name = p.name;
    vm.heap.incref(name);
    if let Some(Obj::Property(_)) = vm.heap.object(copy)
        && let Obj::Property(p) = vm.heap.get_mut(copy)
    {
        let old = std::mem::replace(&mut p.name, name);
        vm.heap.decref(old);
    } else {
        vm.heap.decref(name);
    }
    Ok(copy)
}

fn getter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [function]) = vm.method_args::<1>(args, "property.getter")?;
    copy_with(vm, this, 0, function)
}

fn setter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [function]) = vm.method_args::<1>(args, "property.setter")?;
    copy_with(vm, this, 1, function)
}

fn deleter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [function]) = vm.method_args::<1>(args, "property.deleter")?;
    copy_with(vm, this, 2, function)
}

fn set_name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let given = args.len().saturating_sub(1);
    if given != 2 {
        return Err(vm.type_error(&format!(
            "__set_name__() takes 2 positional arguments but {given} were given"
        )));
    }
    let (this, [_, name]) = vm.method_args::<2>(args, "property.__set_name__")?;
    vm.heap.incref(name);
    if let Obj::Property(p) = vm.heap.get_mut(this) {
        let old = std::mem::replace(&mut p.name, name);
        vm.heap.decref(old);
    }
    Ok(Value::NONE)
}

fn or_none(v: Value) -> Value {
    if v.is_null() { Value::NONE } else { v }
}

fn fget(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(or_none(vm.property(args.this())?.get))
}

fn fset(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(or_none(vm.property(args.this())?.set))
}

fn fdel(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(or_none(vm.property(args.this())?.delete))
}

fn get_set_doc(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(value) = args.get(1) else {
        return Ok(or_none(vm.property(this)?.doc));
    };
    vm.heap.incref(value);
    if let Obj::Property(p) = vm.heap.get_mut(this) {
        let old = std::mem::replace(&mut p.doc, value);
        vm.heap.decref(old);
    }
    Ok(Value::NONE)
}

fn get_set_name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let p = vm.property(this)?;
    let Some(value) = args.get(1) else {
        if !p.name.is_null() {
            return Ok(p.name);
        }
        let found = if p.get.is_null() {
            None
        } else {
            vm.getattr_opt(p.get, names::NAME)?
        };
        return match found {
            Some(name) => Ok(name),
            None => Err(vm.attribute_error(this, names::NAME)),
        };
    };
    vm.heap.incref(value);
    if let Obj::Property(p) = vm.heap.get_mut(this) {
        let old = std::mem::replace(&mut p.name, value);
        vm.heap.decref(old);
    }
    Ok(Value::NONE)
}

fn is_abstract(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let p = vm.property(args.this())?;
    for part in [p.get, p.set, p.delete] {
        if !part.is_null()
            && let Some(flag) = vm.getattr_opt(part, names::ISABSTRACTMETHOD)?
            && vm.truth(flag)?
        {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

static MEMBERS: [Native; 15] = [
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, fget=None, fset=None, fdel=None, doc=None)"),
    Native::method("__get__", get).sig("($self, instance, owner=None, /)"),
    Native::method("__set__", set).sig("($self, instance, value, /)"),
    Native::method("__delete__", delete).sig("($self, instance, /)"),
    Native::method("getter", getter),
    Native::method("setter", setter),
    Native::method("deleter", deleter),
    Native::method("__set_name__", set_name),
    Native::getter("fget", fget),
    Native::getter("fset", fset),
    Native::getter("fdel", fdel),
    Native::getset("__doc__", get_set_doc),
    Native::getset("__name__", get_set_name),
    Native::getter("__isabstractmethod__", is_abstract),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "property",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Property,
    flags: type_flags::BASETYPE,
    members: &[&MEMBERS],
    doc: "Property attribute.",
    finish: None,
};
