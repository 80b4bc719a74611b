//! `_thread._local`: an object whose attributes each thread has for itself.

use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// The arguments given at creation, for `__init__` in each thread that comes.
#[derive(Clone, Debug)]
struct Local {
    args: Value,
    kw: Vec<(Value, Value)>,
}

heddle_vm::impl_payload!(Local, |this, f| {
    f(this.args);
    for &(name, value) in &this.kw {
        f(name);
        f(value);
    }
});

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let rest = args.rest();
    if (!rest.pos.is_empty() || !rest.kw.is_empty())
        && p.lookup_in_type(class, names::INIT) == p.lookup_in_type(core::OBJECT, names::INIT)
    {
        return Err(p.type_error("Initialization arguments are not supported"));
    }
    let given = p.new_tuple(rest.pos.to_vec());
    let local = p.new_payload(
        class,
        Local {
            args: given,
            kw: rest.kw.to_vec(),
        },
    );
    p.new_thread_local(local);
    // The creating thread's `__init__` is called by the class itself.
    let dict = p.new_dict();
    p.set_thread_local(local, dict);
    Ok(local)
}

/// This thread's dict, made (and `__init__` run) at the first use.
fn own_dict(p: &mut Process, local: Value) -> NativeResult {
    let index = local.handle().unwrap_or(0);
    if !p.replaying()
        && let Some(&dict) = p.threads[p.current as usize].locals.get(&index)
    {
        return Ok(dict);
    }
    let fresh = p.once(|p| {
        let known = p.threads[p.current as usize].locals.contains_key(&index);
        if !known {
            let dict = p.new_dict();
            p.set_thread_local(local, dict);
        }
        Ok(Value::from_bool(!known))
    })?;
    let class = p.type_of(local);
    if fresh == Value::TRUE
        && let Some(init) = p.lookup_in_type(class, names::INIT)
        && Some(init) != p.lookup_in_type(core::OBJECT, names::INIT)
        && let Some(Local { args, kw }) = p.heap.payload::<Local>(local).cloned()
    {
        let mut all = vec![local];
        all.extend(p.as_tuple(args).unwrap_or(&[]));
        p.call_kw(init, Args { pos: &all, kw: &kw })?;
    }
    Ok(p.threads[p.current as usize]
        .locals
        .get(&index)
        .copied()
        .unwrap_or(Value::NONE))
}

fn getattribute(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (local, [name]) = p.method_args(args, "__getattribute__")?;
    let dict = own_dict(p, local)?;
    if name == names::DICT {
        return Ok(dict);
    }
    let class = p.type_of(local);
    let found = p.lookup_in_type(class, name);
    if let Some(found) = found
        && p.lookup_in_type(p.type_of(found), names::SET).is_some()
    {
        return p.bind_descriptor(found, local, class);
    }
    if let Some(v) = p.dict_get_str(dict, name) {
        return Ok(v);
    }
    match found {
        Some(found) => p.bind_descriptor(found, local, class),
        None => {
            let (class, name) = (class_name(p, local), p.text(name));
            Err(p.error(
                core::ATTRIBUTE_ERROR,
                &format!("'{class}' object has no attribute '{name}'"),
            ))
        }
    }
}

/// The name of the local's class in messages, with the module for the class written in Rust.
fn class_name(p: &mut Process, local: Value) -> String {
    let class = p.type_of(local);
    if class == p.native_type(&LOCAL) {
        "_thread._local".to_owned()
    } else {
        p.type_name(local)
    }
}

/// Is there a data descriptor of the class for this name?
fn data_descriptor(p: &mut Process, local: Value, name: Value) -> Option<Value> {
    let found = p.lookup_in_type(p.type_of(local), name)?;
    let class = p.type_of(found);
    p.lookup_in_type(class, names::SET).map(|_| found)
}

fn read_only(p: &mut Process, local: Value) -> heddle_vm::native::Unwind {
    let class = class_name(p, local);
    p.error(
        core::ATTRIBUTE_ERROR,
        &format!("'{class}' object attribute '__dict__' is read-only"),
    )
}

fn setattr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (local, [name, value]) = p.method_args(args, "__setattr__")?;
    if name == names::DICT {
        return Err(read_only(p, local));
    }
    let dict = own_dict(p, local)?;
    if let Some(descriptor) = data_descriptor(p, local, name) {
        p.call_special(descriptor, names::SET, &[local, value])?;
        return Ok(Value::NONE);
    }
    p.dict_set_str(dict, name, value);
    Ok(Value::NONE)
}

fn delattr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (local, [name]) = p.method_args(args, "__delattr__")?;
    if name == names::DICT {
        return Err(read_only(p, local));
    }
    let dict = own_dict(p, local)?;
    if let Some(descriptor) = data_descriptor(p, local, name) {
        p.call_special(descriptor, names::DELETE, &[local])?;
        return Ok(Value::NONE);
    }
    match p.dict_remove_str(dict, name) {
        Some(_) => Ok(Value::NONE),
        None => {
            let (class, name) = (class_name(p, local), p.text(name));
            Err(p.error(
                core::ATTRIBUTE_ERROR,
                &format!("'{class}' object has no attribute '{name}'"),
            ))
        }
    }
}

/// The type.
pub static LOCAL: TypeDef = TypeDef {
    name: "_local",
    module: "_thread",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1004),
    flags: type_flags::BASETYPE | type_flags::HAS_WEAKREF,
    members: &[&[
        Native::static_method("__new__", new),
        Native::method("__getattribute__", getattribute),
        Native::method("__setattr__", setattr),
        Native::method("__delattr__", delattr),
    ]],
    doc: "Thread-local data",
    finish: None,
};
