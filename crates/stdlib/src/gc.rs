//! `gc`: the cycle collector by hand. Everything without cycles is freed by counts at once.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

/// Places in the module's state.
const ENABLED: usize = 0;
const THRESHOLDS: usize = 1;

fn state(p: &Process, at: usize) -> Value {
    p.module_state
        .get("gc")
        .and_then(|s| s.get(at).copied())
        .unwrap_or(Value::NONE)
}

fn set_state(p: &mut Process, at: usize, v: Value) {
    p.heap.incref(v);
    if let Some(slot) = p.module_state.get_mut("gc").and_then(|s| s.get_mut(at)) {
        let old = std::mem::replace(slot, v);
        p.heap.decref(old);
    }
}

fn collect(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [_generation] = p.bind(args, "collect", ["generation"], 0)?;
    let n = p.heap.collect_cycles();
    Ok(p.new_int(n as i64))
}

fn set_enabled(p: &mut Process, args: Args<'_>, name: &str, on: bool) -> NativeResult {
    p.exactly::<0>(args, name)?;
    set_state(p, ENABLED, Value::from_bool(on));
    Ok(Value::NONE)
}

fn set_threshold(p: &mut Process, args: Args<'_>) -> NativeResult {
    let given = p.bind(args, "set_threshold", ["", "", ""], 1)?;
    let old = p
        .as_tuple(state(p, THRESHOLDS))
        .map_or_else(Vec::new, <[Value]>::to_vec);
    let new = given.iter().zip(old).map(|(new, old)| new.unwrap_or(old)).collect();
    let new = p.new_tuple(new);
    set_state(p, THRESHOLDS, new);
    Ok(Value::NONE)
}

fn get_count(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_count")?;
    let young = p.heap.allocated_since_collection.min(2000);
    let zero = Value::from_i32(0);
    Ok(p.new_tuple(vec![Value::from_i32(young as i32), zero, zero]))
}

fn is_tracked(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "is_tracked")?;
    let mut holds = false;
    if let Some(obj) = p.heap.object(v) {
        obj.children(&mut |child| holds |= child.is_heap());
    }
    Ok(Value::from_bool(holds))
}

fn referents(p: &mut Process, args: Args<'_>) -> NativeResult {
    let mut found = Vec::new();
    for &v in args.pos {
        if let Some(obj) = p.heap.object(v) {
            obj.children(&mut |child| {
                if !child.is_null() {
                    found.push(child);
                }
            });
        }
    }
    Ok(p.new_list(found))
}

fn referrers(p: &mut Process, args: Args<'_>) -> NativeResult {
    let found = p.heap.referrers(args.pos);
    Ok(p.new_list(found))
}

fn nothing(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::NONE)
}

fn zero(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::from_i32(0))
}

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let thresholds = p.new_tuple([2000, 10, 0].map(Value::from_i32).to_vec());
    p.heap.incref(thresholds);
    p.module_state.insert("gc", vec![Value::TRUE, thresholds]);
    let (garbage, callbacks) = (p.new_list(Vec::new()), p.new_list(Vec::new()));
    for (name, v) in [
        ("garbage", garbage),
        ("callbacks", callbacks),
        ("DEBUG_STATS", Value::from_i32(1)),
        ("DEBUG_LEAK", Value::from_i32(38)),
    ] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, v);
    }
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "gc",
    doc: "This module provides access to the garbage collector for reference cycles.",
    functions: &[
        Native::function("collect", collect).sig("($module, /, generation=2)"),
        Native::function("enable", |p, a| set_enabled(p, a, "enable", true)).sig("($module, /)"),
        Native::function("disable", |p, a| set_enabled(p, a, "disable", false)).sig("($module, /)"),
        Native::function("isenabled", |p, _| Ok(state(p, ENABLED))).sig("($module, /)"),
        Native::function("get_threshold", |p, _| Ok(state(p, THRESHOLDS))).sig("($module, /)"),
        Native::function("set_threshold", set_threshold),
        Native::function("get_count", get_count).sig("($module, /)"),
        Native::function("get_referents", referents),
        Native::function("get_referrers", referrers),
        Native::function("is_tracked", is_tracked).sig("($module, obj, /)"),
        Native::function("freeze", nothing).sig("($module, /)"),
        Native::function("unfreeze", nothing).sig("($module, /)"),
        Native::function("get_freeze_count", zero).sig("($module, /)"),
        Native::function("get_debug", zero).sig("($module, /)"),
        Native::function("set_debug", nothing),
    ],
    types: &[],
    init: Some(init),
};
