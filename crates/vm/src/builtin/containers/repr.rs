//! `repr` of containers, with `...` for those that contain themselves.

use crate::native::{NativeResult, Unwind};
use crate::process::Process;
use crate::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// Marks a container as being printed in this thread; false if it is already.
fn enter(p: &mut Process, v: Value) -> bool {
    let mark = (p.current, v);
    if p.repr_guard.contains(&mark) {
        return false;
    }
    p.repr_guard.push(mark);
    true
}

fn leave(p: &mut Process, v: Value) {
    let mark = (p.current, v);
    p.repr_guard.retain(|&x| x != mark);
}

/// `open item, item close`; an empty one is `open close` without the comma of one-tuples.
pub fn repr_items(
    p: &mut Process,
    v: Value,
    open: &str,
    close: &str,
    item: fn(&Process, Value, usize) -> Option<Value>,
) -> NativeResult {
    if item(p, v, 0).is_none() {
        return Ok(p.new_str(&format!("{open}{}", close.trim_start_matches(','))));
    }
    guarded(p, v, &format!("{open}...{}", close.trim_start_matches(',')), |p| {
        let mut text = Wtf8Buf::from(open);
        let mut i = 0;
        while let Some(x) = item(p, v, i) {
            text.push_str(if i > 0 { ", " } else { "" });
            push_repr(p, &mut text, x)?;
            i += 1;
        }
        text.push_str(close);
        Ok(text)
    })
}

/// Appends `repr(x)`.
pub fn push_repr(p: &mut Process, text: &mut Wtf8Buf, x: Value) -> NativeResult<()> {
    let r = p.repr(x)?;
    if let Some(s) = p.as_pystr(r) {
        text.push_wtf8(s.wtf8());
    }
    Ok(())
}

/// Builds a text with `v` marked as being printed; `inner` stands for it when it is met inside itself.
pub fn guarded(
    p: &mut Process,
    v: Value,
    inner: &str,
    build: impl FnOnce(&mut Process) -> NativeResult<Wtf8Buf>,
) -> NativeResult {
    // The mark stays while a `__repr__` in Python runs; the re-run behind that finds it set by itself.
    let fresh = p.once(|p| Ok(Value::from_bool(enter(p, v))))?;
    if fresh != Value::TRUE {
        return Ok(p.new_str(inner));
    }
    let text = build(p);
    if !matches!(text, Err(Unwind::Pending(_))) {
        leave(p, v);
    }
    let text = text?;
    Ok(p.new_wtf8(text))
}
