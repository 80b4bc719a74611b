//! `gc`: the cycle collector's settings and what it sees. Everything without cycles is freed by counts at once.

use heddle_vm::collect::Stats;
use heddle_vm::function::{Args, Native};
use heddle_vm::heap::flags;
use heddle_vm::native::NativeResult;
use heddle_vm::object::Obj;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::type_flags;
use heddle_vm::value::Value;

/// Places in the module's state, which `heddle_vm::collecting` knows too.
const CALLBACKS: usize = 0;

fn collect(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [generation] = p.bind(args, "collect", ["generation"], 0)?;
    let generation = generation.map_or(Ok(2), |v| p.index_i64(v))?;
    if !(0..=2).contains(&generation) {
        return Err(p.value_error("invalid generation"));
    }
    let told = p
        .module_state
        .get("gc")
        .and_then(|s| p.as_list(s[CALLBACKS]))
        .is_some_and(|l| !l.is_empty());
    let generation = Value::from_i32(generation as i32);
    if told {
        let function = p.prelude_function("_gc_collect_told");
        return p.tail_call(function, &[generation, Value::FALSE]);
    }
    let function = p.prelude_function("_gc_collect");
    p.tail_call(function, &[generation])
}

fn set_enabled(p: &mut Process, args: Args<'_>, name: &str, on: bool) -> NativeResult {
    p.exactly::<0>(args, name)?;
    p.heap.collector.enabled = on;
    p.heap.collector.set_due();
    Ok(Value::NONE)
}

fn set_threshold(p: &mut Process, args: Args<'_>) -> NativeResult {
    let given = p.bind(args, "set_threshold", ["", "", ""], 1)?;
    let mut new = p.heap.collector.thresholds;
    for (slot, v) in new.iter_mut().zip(given) {
        if let Some(v) = v {
            *slot = p.index_i64(v)?.clamp(0, i64::from(u32::MAX)) as u32;
        }
    }
    p.heap.collector.thresholds = new;
    p.heap.collector.set_due();
    Ok(Value::NONE)
}

fn triple(p: &mut Process, numbers: [u32; 3]) -> Value {
    let items = numbers.map(|n| Value::from_i32(n.min(i32::MAX as u32) as i32));
    p.new_tuple(items.to_vec())
}

fn get_count(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_count")?;
    let counts = p.heap.collector_counts();
    Ok(triple(p, counts))
}

fn get_stats(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_stats")?;
    let mut rows = Vec::new();
    for Stats { collections, collected } in p.heap.collector.stats {
        let row = p.new_dict();
        for (name, n) in [
            ("collections", collections),
            ("collected", collected),
            ("uncollectable", 0),
        ] {
            let (name, n) = (p.intern(name), p.new_int(n as i64));
            p.dict_set_str(row, name, n);
        }
        rows.push(row);
    }
    Ok(p.new_list(rows))
}

/// Can the object be part of a cycle?
fn is_tracked(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "is_tracked")?;
    let tracked = match p.heap.object(v) {
        Some(Obj::Tuple(items)) => items
            .iter()
            .any(|&item| p.heap.object(item).is_some_and(Obj::is_container)),
        Some(Obj::Instance(i)) => !i.values.is_empty() || !i.dict.is_null() || p.class(v).has(type_flags::HAS_DICT),
        Some(Obj::Native { .. } | Obj::Range(_)) | None => false,
        Some(obj) => obj.is_container(),
    };
    Ok(Value::from_bool(tracked))
}

fn is_finalized(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "is_finalized")?;
    let done = v.is_heap() && p.heap.header(v).flags & flags::FINALIZED != 0;
    Ok(Value::from_bool(done))
}

fn get_objects(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [generation] = p.bind(args, "get_objects", ["generation"], 0)?;
    let generation = match generation.filter(|v| !v.is_none()) {
        None => None,
        Some(v) => match p.index_i64(v)? {
            n @ 0..=2 => Some(n as usize),
            n if n < 0 => return Err(p.value_error("generation parameter cannot be negative")),
            _ => {
                return Err(
                    p.value_error("generation parameter must be less than the number of available generations (3)")
                );
            }
        },
    };
    // The third generation is empty, as in CPython 3.14.
    let objects = match generation {
        Some(2) => Vec::new(),
        other => p.heap.containers(other),
    };
    Ok(p.new_list(objects))
}

fn referents(p: &mut Process, args: Args<'_>) -> NativeResult {
    let mut found = Vec::new();
    for &v in args.pos {
        if let Some(obj) = p.heap.object(v).filter(|o| o.is_container()) {
            obj.children(&mut |child| {
                if !child.is_null() {
                    found.push(child);
                }
            });
            found.extend(p.heap.side_dict(v));
            if matches!(p.heap.object(v), Some(Obj::Instance(_))) {
                found.push(p.type_of(v));
            }
        }
    }
    Ok(p.new_list(found))
}

fn referrers(p: &mut Process, args: Args<'_>) -> NativeResult {
    let found = p.heap.referrers(args.pos);
    Ok(p.new_list(found))
}

fn freeze(p: &mut Process, args: Args<'_>, name: &str, on: bool) -> NativeResult {
    p.exactly::<0>(args, name)?;
    p.heap.freeze(on);
    Ok(Value::NONE)
}

fn get_freeze_count(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_freeze_count")?;
    let n = p.heap.frozen();
    Ok(p.new_int(n as i64))
}

fn set_debug(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [bits] = p.exactly(args, "set_debug")?;
    p.heap.collector.debug = p.index_i64(bits)?;
    Ok(Value::NONE)
}

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let (garbage, callbacks) = (p.new_list(Vec::new()), p.new_list(Vec::new()));
    p.heap.incref(garbage);
    p.heap.incref(callbacks);
    p.module_state.insert("gc", vec![callbacks, garbage]);
    let mut members = vec![("garbage", garbage), ("callbacks", callbacks)];
    for (name, n) in [
        ("DEBUG_STATS", 1),
        ("DEBUG_COLLECTABLE", 2),
        ("DEBUG_UNCOLLECTABLE", 4),
        ("DEBUG_SAVEALL", 32),
        ("DEBUG_LEAK", 38),
    ] {
        members.push((name, Value::from_i32(n)));
    }
    for (name, v) in members {
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
        Native::function("isenabled", |p, _| Ok(Value::from_bool(p.heap.collector.enabled))).sig("($module, /)"),
        Native::function("get_threshold", |p, _| {
            let thresholds = p.heap.collector.thresholds;
            Ok(triple(p, thresholds))
        })
        .sig("($module, /)"),
        Native::function("set_threshold", set_threshold),
        Native::function("get_count", get_count).sig("($module, /)"),
        Native::function("get_stats", get_stats).sig("($module, /)"),
        Native::function("get_objects", get_objects).sig("($module, /, generation=None)"),
        Native::function("get_referents", referents),
        Native::function("get_referrers", referrers),
        Native::function("is_tracked", is_tracked).sig("($module, obj, /)"),
        Native::function("is_finalized", is_finalized).sig("($module, obj, /)"),
        Native::function("freeze", |p, a| freeze(p, a, "freeze", true)).sig("($module, /)"),
        Native::function("unfreeze", |p, a| freeze(p, a, "unfreeze", false)).sig("($module, /)"),
        Native::function("get_freeze_count", get_freeze_count).sig("($module, /)"),
        Native::function("get_debug", |p, _| {
            let debug = p.heap.collector.debug;
            Ok(p.new_int(debug))
        })
        .sig("($module, /)"),
        Native::function("set_debug", set_debug).sig("($module, flags, /)"),
    ],
    types: &[],
    init: Some(init),
};
