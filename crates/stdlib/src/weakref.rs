//! `_weakref`: the core's weak reference types under their library names, and what `weakref` asks about them.

use heddle_vm::builtin::objects::weakref::WeakRef;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

fn getweakrefcount(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "getweakrefcount")?;
    let n = p.live_weakrefs(v).len();
    Ok(p.new_int(n as i64))
}

fn getweakrefs(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "getweakrefs")?;
    let mut refs = p.live_weakrefs(v);
    // As CPython keeps them: the plain reference, the plain proxy, then the newest first.
    refs.reverse();
    let plain = |p: &Process, r: Value| p.heap.payload::<WeakRef>(r).is_some_and(|w| w.callback.is_null());
    refs.sort_by_key(|&r| match p.type_of(r) {
        core::WEAKREF if plain(p, r) => 0,
        core::WEAK_PROXY | core::WEAK_CALLABLE_PROXY if plain(p, r) => 1,
        _ => 2,
    });
    Ok(p.new_list(refs))
}

fn proxy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, callback] = p.bind(args, "proxy", ["", ""], 1)?;
    let v = v.unwrap_or(Value::NONE);
    let class = if p.is_callable(v) {
        core::WEAK_CALLABLE_PROXY
    } else {
        core::WEAK_PROXY
    };
    p.new_weakref(class, v, callback.unwrap_or(Value::NONE))
}

/// Deletes `dict[key]` if its value is a dead weak reference, in one step.
fn remove_dead(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [dict, key] = p.exactly(args, "_remove_dead_weakref")?;
    if let Some(found) = p.dict_get(dict, key)?
        && p.is_instance(found, core::WEAKREF)
        && p.weak_referent(found).is_none()
    {
        p.dict_remove(dict, key)?;
    }
    Ok(Value::NONE)
}

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    for (name, class) in [
        ("ref", core::WEAKREF),
        ("ReferenceType", core::WEAKREF),
        ("ProxyType", core::WEAK_PROXY),
        ("CallableProxyType", core::WEAK_CALLABLE_PROXY),
    ] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, class);
    }
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_weakref",
    doc: "Weak-reference support module.",
    functions: &[
        Native::function("getweakrefcount", getweakrefcount).sig("($module, object, /)"),
        Native::function("getweakrefs", getweakrefs).sig("($module, object, /)"),
        Native::function("proxy", proxy).sig("($module, object, callback=None, /)"),
        Native::function("_remove_dead_weakref", remove_dead).sig("($module, dct, key, /)"),
    ],
    types: &[],
    init: Some(init),
};
