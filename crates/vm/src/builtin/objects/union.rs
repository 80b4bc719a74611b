//! `typing.Union`, which is `types.UnionType` too: `int | str`.

use crate::function::{Args, Native};
use crate::impl_payload;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

#[derive(Clone, Debug)]
struct Union {
    /// A tuple of distinct members, unions flattened.
    members: Value,
}

impl_payload!(Union, |this, f| f(this.members));

impl Process {
    /// The members of a union.
    pub fn union_members(&self, v: Value) -> Option<Vec<Value>> {
        let members = self.heap.payload::<Union>(v)?.members;
        self.as_tuple(members).map(<[Value]>::to_vec)
    }

    /// `a | b` for types; NotImplemented if one is nothing of the kind.
    pub fn union_or(&mut self, a: Value, b: Value) -> NativeResult {
        if !self.may_be_in_union(a) || !self.may_be_in_union(b) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        self.make_union(&[a, b])
    }

    fn may_be_in_union(&self, v: Value) -> bool {
        v.is_none()
            || self.as_type(v).is_some()
            || self.is_generic_alias(v)
            || self.union_members(v).is_some()
            || self.type_name(v) == "TypeAliasType"
    }

    /// The union of these; one alone is returned as it is.
    pub fn make_union(&mut self, parts: &[Value]) -> NativeResult {
        let mut flat = Vec::new();
        for &part in parts {
            match self.union_members(part) {
                Some(members) => flat.extend(members),
                None if part.is_none() => flat.push(core::NONE_TYPE),
                None => flat.push(part),
            }
        }
        let mut distinct: Vec<Value> = Vec::new();
        'next: for part in flat {
            for &other in &distinct {
                let both_types = self.as_type(part).is_some() && self.as_type(other).is_some();
                if part == other || (!both_types && self.eq(part, other)?) {
                    continue 'next;
                }
            }
            distinct.push(part);
        }
        if distinct.len() == 1 {
            return Ok(distinct[0]);
        }
        let members = self.new_tuple(distinct);
        Ok(self.new_payload(core::UNION, Union { members }))
    }

    fn union(&mut self, v: Value) -> NativeResult {
        match self.heap.payload::<Union>(v) {
            Some(u) => Ok(u.members),
            None => Err(self.type_error("a 'typing.Union' object is required")),
        }
    }
}

fn or(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "Union.__or__")?;
    vm.union_or(this, other)
}

fn ror(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "Union.__ror__")?;
    vm.union_or(other, this)
}

fn members(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.union(args.this())
}

fn parameters(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let members = vm.union(args.this())?;
    let function = vm.prelude_function("_alias_parameters");
    vm.call(function, &[members])
}

fn getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [item]) = vm.method_args::<1>(args, "Union.__getitem__")?;
    let members = vm.union(this)?;
    let function = vm.prelude_function("_alias_parameters");
    let parameters = vm.call(function, &[members])?;
    let function = vm.prelude_function("_alias_substitute");
    let substituted = vm.call(function, &[this, members, parameters, item])?;
    let parts = vm.as_tuple(substituted).map(<[Value]>::to_vec).unwrap_or_default();
    vm.make_union(&parts)
}

fn class_getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (_, [item]) = vm.method_args::<1>(args, "Union.__class_getitem__")?;
    let parts = match vm.as_tuple(item) {
        Some([]) => return Err(vm.type_error("Cannot take a Union of no types.")),
        Some(parts) => parts.to_vec(),
        None => vec![item],
    };
    let function = vm.prelude_function("_union_members");
    let parts = vm.new_tuple(parts);
    let checked = vm.call(function, &[parts])?;
    let parts = vm.list_from_iterable(checked)?;
    vm.make_union(&parts)
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let members = vm.union(args.this())?;
    let function = vm.prelude_function("_union_repr");
    vm.tail_call(function, &[members])
}

fn eq(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "Union.__eq__")?;
    let (Some(a), Some(b)) = (vm.union_members(this), vm.union_members(other)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if a.len() != b.len() {
        return Ok(Value::FALSE);
    }
    for x in a {
        let mut found = false;
        for &y in &b {
            if vm.eq(x, y)? {
                found = true;
                break;
            }
        }
        if !found {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let mut hashes = Vec::new();
    for member in vm.union_members(args.this()).unwrap_or_default() {
        hashes.push(vm.hash(member)?);
    }
    let h = vm.hash_unordered(hashes.into_iter());
    Ok(vm.new_int(h))
}

fn instancecheck(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [v]) = vm.method_args::<1>(args, "Union.__instancecheck__")?;
    Ok(Value::from_bool(vm.is_instance_of(v, this)?))
}

fn subclasscheck(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [v]) = vm.method_args::<1>(args, "Union.__subclasscheck__")?;
    if vm.as_type(v).is_none() {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    Ok(Value::from_bool(vm.is_subclass_of(v, this)?))
}

fn origin(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(core::UNION)
}

fn name(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(vm.intern("Union"))
}

fn mro_entries(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let text = vm.repr_text(args.this())?;
    Err(vm.type_error(&format!("Cannot subclass {text}")))
}

static MEMBERS: [Native; 15] = [
    Native::method("__or__", or).sig("($self, value, /)"),
    Native::method("__ror__", ror).sig("($self, value, /)"),
    Native::method("__getitem__", getitem).sig("($self, key, /)"),
    Native::class_method("__class_getitem__", class_getitem),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__eq__", eq).sig("($self, value, /)"),
    Native::method("__hash__", hash).sig("($self, /)"),
    Native::method("__instancecheck__", instancecheck),
    Native::method("__subclasscheck__", subclasscheck),
    Native::method("__mro_entries__", mro_entries),
    Native::getter("__args__", members),
    Native::getter("__parameters__", parameters),
    Native::getter("__origin__", origin),
    Native::getter("__name__", name),
    Native::getter("__qualname__", name),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "Union",
    module: "typing",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: type_flags::HAS_WEAKREF,
    members: &[&MEMBERS],
    doc: "Represent a union type\n\nE.g. for int | str",
    finish: None,
};
