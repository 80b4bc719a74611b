//! `repr` of containers, with `...` for those that contain themselves.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// Marks a container as being printed in this thread. Between re-runs of a native the mark is taken away again by [`leave`], so a
/// container inside itself is found within one native nest, and across Python-level `__repr__`s by the prelude's guard.
fn enter(p: &mut Process, v: Value) -> bool {
    if p.repr_guard.contains(&v) {
        return false;
    }
    p.repr_guard.push(v);
    true
}

fn leave(p: &mut Process, v: Value) {
    p.repr_guard.retain(|&x| x != v);
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
    if !enter(p, v) {
        return Ok(p.new_str(inner));
    }
    let text = build(p);
    leave(p, v);
    let text = text?;
    Ok(p.new_wtf8(text))
}
