//! `_heapq`. Comparisons may run Python code and are replayed, so an operation first finds the way an item takes through the heap,
//! comparing in the heap as it stands, and then moves what lies on that way.

use crate::arguments::{fixed, list_argument};
use heddle_compiler::CompareOp;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{LogEntry, NativeResult};
use heddle_vm::object::Obj;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// [`above`] of two timers, where it need not be asked and no answer stands in the log. It leaves nothing there either.
fn timer_above(p: &mut Process, a: Value, b: Value, max: bool) -> Option<bool> {
    if p.replaying() {
        return None;
    }
    if max {
        p.timer_before(b, a)
    } else {
        p.timer_before(a, b)
    }
}

/// [`above`], asked: the answer is measured for [`timer_above`].
fn asked_above(p: &mut Process, a: Value, b: Value, max: bool) -> NativeResult<bool> {
    let answered = p.replaying();
    let answer = above(p, a, b, max)?;
    if answered && !p.replaying() {
        p.timers_over();
    }
    Ok(answer)
}

/// Does `a` stand above `b`?
fn above(p: &mut Process, a: Value, b: Value, max: bool) -> NativeResult<bool> {
    if max {
        p.compare_truth(CompareOp::Lt, b, a)
    } else {
        p.compare_truth(CompareOp::Lt, a, b)
    }
}

fn at(p: &Process, heap: Value, i: usize) -> Value {
    p.as_list(heap)
        .and_then(|items| items.get(i))
        .copied()
        .unwrap_or(Value::NONE)
}

/// Are comparisons with this among its like never logged?
fn is_plain(p: &Process, item: Value) -> bool {
    [core::INT, core::FLOAT, core::STR].contains(&p.type_of(item))
}

/// [`at`], logged if comparisons with `item` may run Python code: a re-run compares what the first run did.
fn kept_at(p: &mut Process, heap: Value, i: usize, item: Value) -> NativeResult {
    if is_plain(p, item) {
        return Ok(at(p, heap, i));
    }
    p.once(|p| Ok(at(p, heap, i)))
}

fn len(p: &Process, heap: Value) -> usize {
    p.as_list(heap).map_or(0, Vec::len)
}

/// The length as an operation found it, logged: a comparison of its first run may have changed the list.
fn first_len(p: &mut Process, heap: Value) -> NativeResult<usize> {
    let n = p.once(|p| Ok(p.new_int(len(p, heap) as i64)))?;
    Ok(n.as_small().unwrap_or(0).max(0) as usize)
}

fn items(p: &mut Process, heap: Value) -> Option<&mut Vec<Value>> {
    match p.heap.get_mut(heap) {
        Obj::List(items) => Some(items),
        _ => None,
    }
}

/// RuntimeError if a comparison changed the list.
fn check_len(p: &mut Process, heap: Value, expected: usize) -> NativeResult<()> {
    if len(p, heap) != expected {
        return Err(p.runtime_error("list changed size during iteration"));
    }
    Ok(())
}

/// How far a way has been found: a log entry that takes the place of all comparisons before it, so that a re-run does not go through
/// them again. `at` is where the log stood when the way began.
fn so_far(p: &mut Process, at: usize, first: usize, item: Value) -> usize {
    if is_plain(p, item) {
        return first;
    }
    match p.next_log_entry() {
        Some(LogEntry::Value(v)) => v.as_small().unwrap_or(0).max(0) as usize,
        _ => {
            keep_so_far(p, at, first, item);
            first
        }
    }
}

fn keep_so_far(p: &mut Process, at: usize, n: usize, item: Value) {
    if is_plain(p, item) {
        return;
    }
    let n = p.new_int(n as i64);
    p.close_log(at, LogEntry::Value(n));
}

/// The places from `start` to `end`, which lies below it.
fn places(start: usize, end: usize) -> Vec<usize> {
    let mut way = vec![end];
    let mut place = end;
    while place > start {
        place = (place - 1) >> 1;
        way.push(place);
    }
    way.reverse();
    way
}

/// The place for `item` when it goes up from the hole at `from` (its index is not read), and the places on the way.
fn way_up(p: &mut Process, heap: Value, from: usize, item: Value, max: bool) -> NativeResult<Vec<usize>> {
    let began = p.activation.cursor;
    let mut hole = so_far(p, began, from, item);
    // Comparisons that were not asked have left nothing in the log.
    let mut untold = false;
    while hole > 0 {
        let parent = (hole - 1) >> 1;
        let other = at(p, heap, parent);
        if let Some(goes_up) = timer_above(p, item, other, max) {
            if !goes_up {
                break;
            }
            hole = parent;
            untold = true;
            continue;
        }
        if std::mem::take(&mut untold) {
            keep_so_far(p, began, hole, item);
        }
        let other = kept_at(p, heap, parent, item)?;
        let goes_up = asked_above(p, item, other, max)?;
        check_len(p, heap, from)?;
        if !goes_up {
            break;
        }
        hole = parent;
        keep_so_far(p, began, hole, item);
    }
    let mut way = places(hole, from);
    way.reverse();
    Ok(way)
}

/// Pulls the items on a way one place towards its start, and puts `item` at its end. The item at the start is overwritten, uncounted.
fn shift(p: &mut Process, heap: Value, way: &[usize], item: Value) {
    if let Some(items) = items(p, heap) {
        for pair in way.windows(2) {
            let moved = items.get(pair[1]).copied();
            if let (Some(slot), Some(moved)) = (items.get_mut(pair[0]), moved) {
                *slot = moved;
            }
        }
        if let Some(slot) = way.last().and_then(|&i| items.get_mut(i)) {
            *slot = item;
        }
    }
}

/// The way of `item` from the hole at `start` in the first `size` items of `whole`: down along the upper children to a leaf, then up again.
fn way_down(
    p: &mut Process,
    heap: Value,
    start: usize,
    [size, whole]: [usize; 2],
    item: Value,
    max: bool,
) -> NativeResult<Vec<usize>> {
    // The hole, and whether it goes up again.
    let began = p.activation.cursor;
    let reached = so_far(p, began, 2 * start, item);
    let (mut hole, up) = (reached / 2, reached % 2 == 1);
    // Comparisons that were not asked have left nothing in the log.
    let mut untold = false;
    while !up && 2 * hole + 1 < size {
        let mut child = 2 * hole + 1;
        if child + 1 < size {
            let (left, right) = (at(p, heap, child), at(p, heap, child + 1));
            if let Some(left_above) = timer_above(p, left, right, max) {
                hole = if left_above { child } else { child + 1 };
                untold = true;
                continue;
            }
            if std::mem::take(&mut untold) {
                keep_so_far(p, began, 2 * hole, item);
            }
            let left = kept_at(p, heap, child, item)?;
            let right = kept_at(p, heap, child + 1, item)?;
            let left_above = asked_above(p, left, right, max)?;
            check_len(p, heap, whole)?;
            if !left_above {
                child += 1;
            }
        }
        hole = child;
        untold = false;
        keep_so_far(p, began, 2 * hole, item);
    }
    // Whether a re-run is to go up from here.
    let mut rises = up;
    while hole > start {
        // The parent of the hole is now what stood at the hole before it went down.
        let other = at(p, heap, hole);
        if let Some(goes_up) = timer_above(p, item, other, max) {
            if !goes_up {
                break;
            }
            hole = (hole - 1) >> 1;
            (rises, untold) = (true, true);
            continue;
        }
        if std::mem::take(&mut untold) {
            keep_so_far(p, began, 2 * hole + usize::from(rises), item);
        }
        let other = kept_at(p, heap, hole, item)?;
        let goes_up = asked_above(p, item, other, max)?;
        check_len(p, heap, whole)?;
        if !goes_up {
            break;
        }
        hole = (hole - 1) >> 1;
        rises = true;
        keep_so_far(p, began, 2 * hole + 1, item);
    }
    Ok(places(start, hole))
}

fn push(p: &mut Process, args: Args<'_>, name: &str, max: bool) -> NativeResult {
    let [heap, item] = fixed(p, args, "_heapq", name)?;
    list_argument(p, heap, name, 1)?;
    let from = first_len(p, heap)?;
    let way = way_up(p, heap, from, item, max)?;
    p.list_push(heap, item);
    shift(p, heap, &way, item);
    Ok(Value::NONE)
}

fn pop(p: &mut Process, args: Args<'_>, name: &str, max: bool) -> NativeResult {
    let [heap] = fixed(p, args, "_heapq", name)?;
    list_argument(p, heap, name, 0)?;
    let n = first_len(p, heap)?;
    let Some(last) = n.checked_sub(1) else {
        return Err(p.index_error("index out of range"));
    };
    let last = p.once(|p| Ok(at(p, heap, last)))?;
    let way = match n {
        1 => Vec::new(),
        _ => way_down(p, heap, 0, [n - 1, n], last, max)?,
    };
    let first = at(p, heap, 0);
    if let Some(items) = items(p, heap) {
        items.pop();
    }
    p.heap.adjust_size(-8);
    shift(p, heap, &way, last);
    p.heap.decref(first);
    Ok(first)
}

/// Puts `item` in the place of the first one, which is returned.
fn replace_first(p: &mut Process, heap: Value, item: Value, max: bool) -> NativeResult {
    let n = first_len(p, heap)?;
    let way = way_down(p, heap, 0, [n, n], item, max)?;
    let first = at(p, heap, 0);
    p.heap.incref(item);
    shift(p, heap, &way, item);
    p.heap.decref(first);
    Ok(first)
}

fn replace(p: &mut Process, args: Args<'_>, name: &str, max: bool) -> NativeResult {
    let [heap, item] = fixed(p, args, "_heapq", name)?;
    list_argument(p, heap, name, 1)?;
    if !p.replaying() && len(p, heap) == 0 {
        return Err(p.index_error("index out of range"));
    }
    replace_first(p, heap, item, max)
}

fn push_pop(p: &mut Process, args: Args<'_>, name: &str, max: bool) -> NativeResult {
    let [heap, item] = fixed(p, args, "_heapq", name)?;
    list_argument(p, heap, name, 1)?;
    if first_len(p, heap)? == 0 {
        return Ok(item);
    }
    let first = p.once(|p| Ok(at(p, heap, 0)))?;
    let stays = above(p, first, item, max)?;
    if !stays {
        return Ok(item);
    }
    if len(p, heap) == 0 {
        return Err(p.index_error("index out of range"));
    }
    replace_first(p, heap, item, max)
}

/// Sinks the item at a place of a heap whose lower parts are in order.
fn sink(p: &mut Process, args: Args<'_>, max: bool) -> NativeResult {
    let [heap, start] = fixed(p, args, "_heapq", "heapify")?;
    let start = start.as_small().unwrap_or(0).max(0) as usize;
    let n = first_len(p, heap)?;
    let item = p.once(|p| Ok(at(p, heap, start)))?;
    let way = way_down(p, heap, start, [n, n], item, max)?;
    shift(p, heap, &way, item);
    Ok(Value::NONE)
}

static SINK: Native = Native::function("heapify", |p, args| sink(p, args, false));
static SINK_MAX: Native = Native::function("heapify_max", |p, args| sink(p, args, true));

fn heapify(p: &mut Process, args: Args<'_>, name: &str, max: bool) -> NativeResult {
    let [heap] = fixed(p, args, "_heapq", name)?;
    list_argument(p, heap, name, 0)?;
    let n = len(p, heap);
    let plain = |p: &Process, class: Value| {
        p.as_list(heap)
            .is_some_and(|items| items.iter().all(|v| p.is_exact(*v, class)))
    };
    if plain(p, core::INT) || plain(p, core::FLOAT) || plain(p, core::STR) {
        // Comparisons that are never logged.
        for start in (0..n / 2).rev() {
            let item = at(p, heap, start);
            let way = way_down(p, heap, start, [n, n], item, max)?;
            shift(p, heap, &way, item);
        }
        return Ok(Value::NONE);
    }
    let run = p.prelude_function("_heapify");
    let sink = p.new_native(if max { &SINK_MAX } else { &SINK }, Value::NULL);
    p.tail_call(run, &[heap, sink])
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_heapq",
    doc: "Heap queue algorithm (a.k.a. priority queue).",
    functions: &[
        Native::function("heappush", |p, a| push(p, a, "heappush", false)).sig("($module, heap, item, /)"),
        Native::function("heappushpop", |p, a| push_pop(p, a, "heappushpop", false)).sig("($module, heap, item, /)"),
        Native::function("heappop", |p, a| pop(p, a, "heappop", false)).sig("($module, heap, /)"),
        Native::function("heapreplace", |p, a| replace(p, a, "heapreplace", false)).sig("($module, heap, item, /)"),
        Native::function("heapify", |p, a| heapify(p, a, "heapify", false)).sig("($module, heap, /)"),
        Native::function("heappush_max", |p, a| push(p, a, "heappush_max", true)).sig("($module, heap, item, /)"),
        Native::function("heappushpop_max", |p, a| push_pop(p, a, "heappushpop_max", true))
            .sig("($module, heap, item, /)"),
        Native::function("heappop_max", |p, a| pop(p, a, "heappop_max", true)).sig("($module, heap, /)"),
        Native::function("heapreplace_max", |p, a| replace(p, a, "heapreplace_max", true))
            .sig("($module, heap, item, /)"),
        Native::function("heapify_max", |p, a| heapify(p, a, "heapify_max", true)).sig("($module, heap, /)"),
    ],
    types: &[],
    init: None,
};
