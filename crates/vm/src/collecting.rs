//! The parts of a collection that the prelude puts together (`prelude/collecting.py`), in CPython's order: weak references to garbage are
//! cleared and their callbacks called, finalizers run, what they have brought back to life stays, the rest is taken apart.

use crate::collect::COLLECT_OBJECT_NS;
use crate::finalize::FINALIZE;
use crate::function::{Args, Native};
use crate::heap::flags;
use crate::native::{NativeResult, Unwind};
use crate::process::Process;
use crate::value::Value;

/// `gc.DEBUG_SAVEALL`
const SAVE_ALL: i64 = 32;

/// Functions for the prelude.
pub static PRELUDE_FUNCTIONS: &[Native] = &[
    Native::function("_gc_begin", begin),
    Native::function("_gc_end", end),
    Native::function("_gc_find", find),
    Native::function("_gc_find_main", find_main),
    Native::function("_gc_weakrefs", weakrefs),
    Native::function("_gc_finalizers", finalizers),
    Native::function("_gc_finalize", finalize),
    Native::function("_gc_callback", callback),
    Native::function("_gc_clear", clear),
    Native::function("_gc_callbacks", callbacks),
];

fn generation_of(p: &Process, v: Value) -> usize {
    p.as_i64(v).unwrap_or(2).clamp(0, 2) as usize
}

/// No other collection from now on; false if one is under way that is not this one.
fn begin(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [itself] = p.exactly(args, "_gc_begin")?;
    if p.heap.collector.running && itself == Value::FALSE {
        return Ok(Value::FALSE);
    }
    p.heap.collector.running = true;
    p.heap.collector.set_due();
    Ok(Value::TRUE)
}

fn end(p: &mut Process, _: Args<'_>) -> NativeResult {
    p.heap.collector.running = false;
    p.heap.collector.set_due();
    Ok(Value::NONE)
}

/// Unreachable objects, in a list; None if a collection is under way.
fn find(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [generation, itself] = p.exactly(args, "_gc_find")?;
    if p.heap.collector.running && itself == Value::FALSE {
        return Ok(Value::NONE);
    }
    p.heap.release_pending();
    p.heap.collector.running = true;
    p.heap.collector.set_due();
    let generation = generation_of(p, generation);
    let (garbage, looked_at) = p.heap.find_unreachable(generation);
    p.charge(COLLECT_OBJECT_NS * looked_at as u64);
    p.heap.collector.stats[generation].collections += 1;
    if garbage.is_empty() {
        p.heap.collector.running = false;
        p.heap.collector.set_due();
    }
    Ok(p.new_list(garbage))
}

/// What is unreachable now that `__main__` has left `sys.modules`, if anything still has to be finalised: first what its names hold, then what
/// those hold and so on, which is the order in which CPython's lists come to stand. Takes no virtual time: the process is over.
fn find_main(p: &mut Process, _: Args<'_>) -> NativeResult {
    p.heap.release_pending();
    if p.heap.collector.running || !p.heap.has_finalizers() {
        return Ok(Value::NONE);
    }
    p.heap.collector.running = true;
    p.heap.collector.set_due();
    let (garbage, _) = p.heap.find_unreachable(2);
    let is_main = |&v: &Value| {
        let name = p.dict_get_str(v, crate::names::NAME);
        p.as_dict(v).is_some() && name.and_then(|name| p.as_str(name)) == Some("__main__")
    };
    let first = garbage.iter().copied().find(is_main);
    let garbage = p.heap.in_order_of_reach(garbage, first);
    Ok(p.new_list(garbage))
}

/// Clears the weak references to garbage; pairs of those that are alive themselves and want to be called.
fn weakrefs(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [garbage] = p.exactly(args, "_gc_weakrefs")?;
    let garbage = p.as_list(garbage).cloned().unwrap_or_default();
    let dying: rustc_hash::FxHashSet<Value> = garbage.iter().copied().collect();
    let mut pairs = Vec::new();
    for v in garbage {
        if p.heap.header(v).flags & flags::HAS_WEAKREFS == 0 {
            continue;
        }
        for (reference, callback) in p.clear_weakrefs(v) {
            if !dying.contains(&reference) {
                pairs.push(p.new_tuple(vec![callback, reference]));
            }
        }
    }
    Ok(p.new_list(pairs))
}

/// Those whose finalizer has not run yet.
fn finalizers(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [garbage] = p.exactly(args, "_gc_finalizers")?;
    let mut wanted = Vec::new();
    for v in p.as_list(garbage).cloned().unwrap_or_default() {
        let header = p.heap.header_mut(v);
        if header.flags & flags::HAS_FINALIZER != 0 && header.flags & flags::FINALIZED == 0 {
            header.flags |= flags::FINALIZED;
            wanted.push(v);
        }
    }
    Ok(p.new_list(wanted))
}

fn finalize(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [object] = p.exactly(args, "_gc_finalize")?;
    let native = p.new_native(&FINALIZE, Value::NULL);
    match p.call(native, &[object]) {
        Err(Unwind::Raise(e)) => {
            let class = p.type_of(object);
            let method = p.lookup_in_type(class, crate::names::DEL).unwrap_or(object);
            p.report_unraisable(e, "", method)?;
            Ok(Value::NONE)
        }
        other => other,
    }
}

/// Calls something whose exceptions go nowhere.
fn callback(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some((&function, rest)) = args.pos.split_first() else {
        return Ok(Value::NONE);
    };
    match p.call(function, rest) {
        Err(Unwind::Raise(e)) => {
            p.report_unraisable(e, "", function)?;
            Ok(Value::NONE)
        }
        other => other,
    }
}

/// Takes apart what is still unreachable; how many objects that are.
fn clear(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [generation, list] = p.exactly(args, "_gc_clear")?;
    let generation = generation_of(p, generation);
    let garbage = p.as_list(list).cloned().unwrap_or_default();
    p.heap.release_pending();
    let dead = p.heap.still_unreachable(&garbage);
    p.heap.collector.stats[generation].collected += dead.len() as u64;
    if p.heap.collector.debug & SAVE_ALL != 0 {
        let saved = p.module_state.get("gc").and_then(|s| s.get(1).copied());
        for &v in &dead {
            if let Some(saved) = saved {
                p.list_push(saved, v);
            }
        }
    } else {
        p.heap.empty_all(&dead);
    }
    p.heap.collector.running = false;
    p.heap.collector.set_due();
    Ok(p.new_int(dead.len() as i64))
}

/// `gc.callbacks`, if `gc` was imported.
fn callbacks(p: &mut Process, _: Args<'_>) -> NativeResult {
    let list = p.module_state.get("gc").and_then(|s| s.first().copied());
    let items = list.and_then(|l| p.as_list(l).cloned()).unwrap_or_default();
    Ok(p.new_list(items))
}
