//! `mappingproxy`: a read-only view of a mapping, above all the namespace of a class.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use crate::{impl_payload, names};
use heddle_compiler::op::{BinaryOp, CompareOp};

#[derive(Clone, Debug)]
struct MappingProxy {
    mapping: Value,
}

impl_payload!(MappingProxy, |this, f| f(this.mapping));

impl Process {
    /// A read-only view of a mapping.
    pub fn new_mappingproxy(&mut self, mapping: Value) -> Value {
        self.new_payload(core::MAPPINGPROXY, MappingProxy { mapping })
    }

    /// The mapping behind a `mappingproxy`.
    pub fn behind_mappingproxy(&self, v: Value) -> Option<Value> {
        self.heap.payload::<MappingProxy>(v).map(|p| p.mapping)
    }
}

fn mapping(vm: &mut Process, args: Args<'_>) -> NativeResult {
    match vm.behind_mappingproxy(args.this()) {
        Some(m) => Ok(m),
        None => Err(vm.type_error("a 'mappingproxy' object is required")),
    }
}

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [m] = vm.bind(args.rest(), "mappingproxy", ["mapping"], 1)?;
    let m = m.unwrap_or(Value::NONE);
    let class = vm.type_of(m);
    let is_sequence = vm.as_list(m).is_some() || vm.as_tuple(m).is_some();
    if is_sequence || vm.lookup_in_type(class, names::GETITEM).is_none() {
        let got = vm.type_name(m);
        return Err(vm.type_error(&format!("mappingproxy() argument must be a mapping, not {got}")));
    }
    Ok(vm.new_mappingproxy(m))
}

fn getitem(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let m = mapping(vm, args)?;
    let key = args.get(1).unwrap_or(Value::NONE);
    vm.getitem(m, key)
}

fn contains(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let m = mapping(vm, args)?;
    let key = args.get(1).unwrap_or(Value::NONE);
    Ok(Value::from_bool(vm.contains(m, key)?))
}

fn len(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let m = mapping(vm, args)?;
    let n = vm.len(m)?;
    Ok(vm.new_int(n as i64))
}

fn iter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let m = mapping(vm, args)?;
    vm.get_iter(m)
}

fn forward(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let m = mapping(vm, args)?;
    let method = vm.getattr_text(m, name)?;
    vm.tail_call_kw(method, args.rest())
}

fn get(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forward(vm, args, "get")
}

fn keys(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forward(vm, args, "keys")
}

fn values(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forward(vm, args, "values")
}

fn items(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forward(vm, args, "items")
}

fn copy(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forward(vm, args, "copy")
}

fn reversed(vm: &mut Process, args: Args<'_>) -> NativeResult {
    forward(vm, args, "__reversed__")
}

fn hash(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let m = mapping(vm, args)?;
    let h = vm.hash(m)?;
    Ok(vm.new_int(h))
}

fn unwrapped(vm: &Process, v: Value) -> Value {
    vm.behind_mappingproxy(v).unwrap_or(v)
}

fn compare(vm: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (a, b) = (
        unwrapped(vm, args.this()),
        unwrapped(vm, args.get(1).unwrap_or(Value::NONE)),
    );
    vm.compare(op, a, b)
}

fn eq(vm: &mut Process, args: Args<'_>) -> NativeResult {
    compare(vm, args, CompareOp::Eq)
}

fn ne(vm: &mut Process, args: Args<'_>) -> NativeResult {
    compare(vm, args, CompareOp::Ne)
}

fn or(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, b) = (
        unwrapped(vm, args.this()),
        unwrapped(vm, args.get(1).unwrap_or(Value::NONE)),
    );
    vm.binary(BinaryOp::Or, a, b)
}

fn ror(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, b) = (
        unwrapped(vm, args.this()),
        unwrapped(vm, args.get(1).unwrap_or(Value::NONE)),
    );
    vm.binary(BinaryOp::Or, b, a)
}

fn ior(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Err(vm.type_error("'|=' is not supported by mappingproxy; use '|' instead"))
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let m = mapping(vm, args)?;
    let inner = vm.repr_text(m)?;
    Ok(vm.new_str(&format!("mappingproxy({inner})")))
}

fn str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let m = mapping(vm, args)?;
    vm.str(m)
}

static MEMBERS: [Native; 19] = [
    Native::static_method("__new__", new).sig("($type, mapping)"),
    Native::method("__getitem__", getitem).sig("($self, key, /)"),
    Native::method("__contains__", contains).sig("($self, key, /)"),
    Native::method("__len__", len).sig("($self, /)"),
    Native::method("__iter__", iter).sig("($self, /)"),
    Native::method("__reversed__", reversed),
    Native::method("get", get),
    Native::method("keys", keys),
    Native::method("values", values),
    Native::method("items", items),
    Native::method("copy", copy),
    Native::method("__hash__", hash).sig("($self, /)"),
    Native::method("__eq__", eq).sig("($self, value, /)"),
    Native::method("__ne__", ne).sig("($self, value, /)"),
    Native::method("__or__", or).sig("($self, value, /)"),
    Native::method("__ror__", ror).sig("($self, value, /)"),
    Native::method("__ior__", ior).sig("($self, value, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__str__", str).sig("($self, /)"),
];

/// The table entry.
pub static DEF: TypeDef = TypeDef {
    name: "mappingproxy",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: type_flags::MAPPING,
    members: &[&MEMBERS],
    doc: "Read-only proxy of a mapping.",
    finish: None,
};
