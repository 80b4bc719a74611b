//! `cmp_to_key`: an object that compares by a function of two arguments.

use heddle_compiler::CompareOp;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct Key {
    compare: Value,
    /// NULL for the key function itself.
    object: Value,
}
heddle_vm::impl_payload!(Key, |this, f| [this.compare, this.object].into_iter().for_each(f));

static KEY: TypeDef = TypeDef {
    name: "KeyWrapper",
    module: "functools",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1311),
    flags: type_flags::UNHASHABLE,
    members: &[&[
        Native::method("__call__", call),
        Native::getset("obj", object),
        Native::method("__lt__", |p, a| compare(p, a, CompareOp::Lt)),
        Native::method("__le__", |p, a| compare(p, a, CompareOp::Le)),
        Native::method("__eq__", |p, a| compare(p, a, CompareOp::Eq)),
        Native::method("__ne__", |p, a| compare(p, a, CompareOp::Ne)),
        Native::method("__gt__", |p, a| compare(p, a, CompareOp::Gt)),
        Native::method("__ge__", |p, a| compare(p, a, CompareOp::Ge)),
    ]],
    doc: "",
    finish: None,
};

/// `cmp_to_key(mycmp)`
pub fn cmp_to_key(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [compare] = p.bind(args, "cmp_to_key", ["mycmp"], 1)?;
    let class = p.native_type(&KEY);
    Ok(p.new_payload(
        class,
        Key {
            compare: compare.unwrap_or(Value::NONE),
            object: Value::NULL,
        },
    ))
}

fn key(p: &mut Process, v: Value) -> NativeResult<Key> {
    match p.heap.payload::<Key>(v).cloned() {
        Some(key) => Ok(key),
        None => Err(p.type_error("other argument must be K instance")),
    }
}

fn call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Key { compare, .. } = key(p, args.this())?;
    let [object] = p.bind(args.rest(), "K", ["obj"], 1)?;
    let class = p.native_type(&KEY);
    let object = object.unwrap_or(Value::NONE);
    Ok(p.new_payload(class, Key { compare, object }))
}

fn object(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Key { object, .. } = key(p, this)?;
    if let Some(new) = args.get(1) {
        p.heap.incref(new);
        if let Some(key) = p.heap.payload_mut::<Key>(this) {
            key.object = new;
        }
        p.heap.decref(object);
        return Ok(Value::NONE);
    }
    if object.is_null() {
        let name = p.intern("obj");
        return Err(p.attribute_error(this, name));
    }
    Ok(object)
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (this, [other]) = p.method_args(args, "compare")?;
    let (a, b) = (key(p, this)?, key(p, other)?);
    if a.object.is_null() || b.object.is_null() {
        let name = p.intern("object");
        return Err(p.attribute_error(if a.object.is_null() { this } else { other }, name));
    }
    let order = p.call(a.compare, &[a.object, b.object])?;
    p.compare(op, order, Value::from_i32(0))
}
