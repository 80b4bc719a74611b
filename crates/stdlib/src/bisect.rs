//! `_bisect`.

use heddle_compiler::CompareOp;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// Where `x` goes among the sorted items; `right`: behind those equal to it. Gives the sequence, `x` and the place.
fn place(p: &mut Process, args: Args<'_>, name: &str, right: bool, insort: bool) -> NativeResult<(Value, Value, i64)> {
    let [a, x, lo, hi, key] = p.bind(args, name, ["a", "x", "lo", "hi", "*key"], 2)?;
    let (a, x) = (a.unwrap_or(Value::NONE), x.unwrap_or(Value::NONE));
    let key = key.filter(|v| !v.is_none());
    let mut lo = match lo {
        Some(v) => p.index_i64(v)?,
        None => 0,
    };
    let hi = match hi.filter(|v| !v.is_none()) {
        Some(v) => Some(p.index_i64(v)?),
        None => None,
    };
    if lo < 0 {
        return Err(p.value_error("lo must be non-negative"));
    }
    let mut hi = match hi {
        Some(n) if n >= 0 => n,
        _ => p.len(a)? as i64,
    };
    let wanted = match key {
        Some(key) if insort => p.call(key, &[x])?,
        _ => x,
    };
    while lo < hi {
        let middle = ((lo as u64 + hi as u64) / 2) as i64;
        let index = p.new_int(middle);
        let mut item = p.getitem(a, index)?;
        if let Some(key) = key {
            item = p.call(key, &[item])?;
        }
        let goes_left = if right {
            p.compare_truth(CompareOp::Lt, wanted, item)?
        } else {
            !p.compare_truth(CompareOp::Lt, item, wanted)?
        };
        if goes_left {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    Ok((a, x, lo))
}

fn bisect(p: &mut Process, args: Args<'_>, name: &str, right: bool) -> NativeResult {
    let (_, _, at) = place(p, args, name, right, false)?;
    Ok(p.new_int(at))
}

fn insort(p: &mut Process, args: Args<'_>, name: &str, right: bool) -> NativeResult {
    let (a, x, at) = place(p, args, name, right, true)?;
    let at = p.new_int(at);
    if p.is_exact(a, core::LIST) {
        let empty = p.new_slice(at, at, Value::NONE);
        let one = p.new_tuple(vec![x]);
        p.setitem(a, empty, one)?;
        return Ok(Value::NONE);
    }
    let insert = p.getattr_text(a, "insert")?;
    p.call(insert, &[at, x])?;
    Ok(Value::NONE)
}

const SIGNATURE: &str = "($module, /, a, x, lo=0, hi=None, *, key=None)";

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_bisect",
    doc: "Bisection algorithms.",
    functions: &[
        Native::function("bisect_right", |p, a| bisect(p, a, "bisect_right", true)).sig(SIGNATURE),
        Native::function("bisect_left", |p, a| bisect(p, a, "bisect_left", false)).sig(SIGNATURE),
        Native::function("insort_right", |p, a| insort(p, a, "insort_right", true)).sig(SIGNATURE),
        Native::function("insort_left", |p, a| insort(p, a, "insort_left", false)).sig(SIGNATURE),
    ],
    types: &[],
    init: None,
};
