//! Writing through a buffer.

use super::buffered::{change, check_closed, is_free, locked, peek_state, raw_of};
use super::{file, reading};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// Gives bytes to the raw stream: how many it took; `None` if it can take none now.
fn raw_write(p: &mut Process, raw: Value, data: &[u8]) -> NativeResult<Option<usize>> {
    if file::is_exact(p, raw) {
        return file::write_some(p, raw, data.to_vec()).map(Some);
    }
    let view = p.once(|p| {
        let bytes = p.new_bytes(data);
        p.new_memoryview(bytes)
    })?;
    let n = super::calls::method(p, raw, "write", &[view])?;
    if n.is_none() {
        return Ok(None);
    }
    let n = p.index_i64(n)?;
    if n < 0 || n as usize > data.len() {
        let message = format!(
            "raw write() returned invalid length {n} (should have been between 0 and {})",
            data.len()
        );
        return Err(p.error(core::OS_ERROR, &message));
    }
    Ok(Some(n as usize))
}

fn would_block(p: &mut Process, written: i64) -> Unwind {
    let text = p.new_str("write could not complete without blocking");
    let (errno, written) = (Value::from_i32(heddle_vm::errno::EAGAIN), p.new_int(written));
    let e = p.new_exception(core::BLOCKING_IO_ERROR, vec![errno, text, written]);
    for (i, v) in [(0, errno), (1, text), (4, written)] {
        p.put_exception_field(e, i, v);
    }
    Unwind::Raise(e)
}

/// Passes on what was written; BlockingIOError if the raw stream cannot take it now. Inside the lock.
pub fn flush_pending(p: &mut Process, this: Value) -> NativeResult<()> {
    match pass_pending(p, this)? {
        true => Ok(()),
        false => Err(would_block(p, 0)),
    }
}

/// Passes on what was written as long as the raw stream takes it: is nothing left?
fn pass_pending(p: &mut Process, this: Value) -> NativeResult<bool> {
    loop {
        let done = p.once(|p| {
            let empty = peek_state(p, this).is_none_or(|s| s.pending.is_empty());
            Ok(Value::from_bool(empty))
        })?;
        if done == Value::TRUE {
            return Ok(true);
        }
        let taken = p.scope(|p| {
            let raw = raw_of(p, this)?;
            let data = peek_state(p, this).map_or_else(Vec::new, |s| s.pending.clone());
            let Some(n) = raw_write(p, raw, &data)? else {
                return Ok(Value::FALSE);
            };
            change(p, this, |state| {
                state.pending.drain(..n.min(state.pending.len()));
                state.position = state.position.map(|at| at + n as i64);
            });
            Ok(Value::TRUE)
        })?;
        if taken == Value::FALSE {
            return Ok(false);
        }
    }
}

/// Puts as much as there is room for into the buffer; BlockingIOError if that was not all.
fn keep(p: &mut Process, this: Value, before: usize, rest: &[u8]) -> NativeResult<()> {
    let kept = p.once(|p| {
        let mut kept = 0;
        change(p, this, |state| {
            kept = rest.len().min(state.size.saturating_sub(state.pending.len()));
            state.pending.extend_from_slice(rest.get(..kept).unwrap_or_default());
        });
        Ok(p.new_int(kept as i64))
    })?;
    let kept = p.index_i64(kept)? as usize;
    if kept < rest.len() {
        return Err(would_block(p, (before + kept) as i64));
    }
    Ok(())
}

/// Writes bytes: into the buffer as far as they fit, larger amounts straight through. Inside the lock.
fn write_all(p: &mut Process, this: Value, data: &[u8]) -> NativeResult<()> {
    p.scope(|p| reading::rewind(p, this).map(|()| Value::NONE))?;
    let size = peek_state(p, this).map_or(0, |s| s.size);
    let fits = p.once(|p| {
        let used = peek_state(p, this).map_or(0, |s| s.pending.len());
        Ok(Value::from_bool(used + data.len() <= size))
    })?;
    if fits == Value::TRUE || !pass_pending(p, this)? {
        return keep(p, this, 0, data);
    }
    let mut rest = data;
    while rest.len() > size {
        let n = p.scope(|p| {
            let raw = raw_of(p, this)?;
            let Some(n) = raw_write(p, raw, rest)? else {
                return Ok(Value::NONE);
            };
            change(p, this, |state| state.position = state.position.map(|at| at + n as i64));
            Ok(p.new_int(n as i64))
        })?;
        if n.is_none() {
            break;
        }
        rest = rest.get(p.index_i64(n)? as usize..).unwrap_or_default();
    }
    keep(p, this, data.len() - rest.len(), rest)
}

/// Appends to the buffer if that is all there is to do.
pub fn write_short(p: &mut Process, this: Value, data: &[u8]) -> bool {
    if !is_free(p, this) {
        return false;
    }
    let Some(state) = p.heap.payload_mut::<super::buffered::Buffered>(this) else {
        return false;
    };
    if !state.ahead.is_empty() || state.pending.len() + data.len() > state.size {
        return false;
    }
    state.pending.extend_from_slice(data);
    true
}

fn write(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [given]) = p.method_args(args, "write")?;
    raw_of(p, this)?;
    if p.as_pystr(given).is_some() {
        return Err(p.type_error("a bytes-like object is required, not 'str'"));
    }
    if !p.replaying() {
        let data = p.byte_data(given)?;
        if p.replaying() {
            // An object that gave its buffer by a call: it is in the log now, and so the long way is taken.
        } else if write_short(p, this, &data) {
            return Ok(p.new_int(data.len() as i64));
        }
    }
    let data = p.scope(|p| {
        let data = p.buffer_bytes(given)?;
        Ok(p.new_bytes(&data))
    })?;
    let data = p.byte_data(data)?;
    locked(p, this, |p| {
        check_closed(p, this, "write to closed file")?;
        write_all(p, this, &data)?;
        Ok(Value::NONE)
    })?;
    Ok(p.new_int(data.len() as i64))
}

fn flush(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    raw_of(p, this)?;
    locked(p, this, |p| {
        check_closed(p, this, "flush of closed file")?;
        flush_pending(p, this)?;
        reading::rewind(p, this)?;
        Ok(Value::NONE)
    })
}

/// The methods of streams that write.
pub const MEMBERS: &[Native] = &[
    Native::method("writable", |p, args| {
        super::buffered_methods::pass_on(p, args, "writable")
    })
    .sig("($self, /)"),
    Native::method("write", write).sig("($self, buffer, /)"),
    Native::method("flush", flush).sig("($self, /)"),
];
