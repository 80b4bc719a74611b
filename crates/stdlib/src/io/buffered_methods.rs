//! What all buffered streams can do: position, closing, and what they pass on to the raw stream.

use super::buffered::{Buffered, change, check_closed, is_closed, locked, peek_state, raw_of};
use super::calls::{both, method, named_repr, no_pickle, settled, unsupported};
use super::{reading, writing};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::value::Value;

/// Calls a method of the raw stream.
pub fn pass_on(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let raw = raw_of(p, args.this())?;
    method(p, raw, name, &[])
}

fn attribute(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let raw = raw_of(p, args.this())?;
    p.getattr_text(raw, name)
}

fn tell(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    raw_of(p, this)?;
    let at = reading::raw_tell(p, this)?;
    let (ahead, behind) = peek_state(p, this).map_or((0, 0), |s| (s.rest().len(), s.pending.len()));
    Ok(p.new_int((at - ahead as i64 + behind as i64).max(0)))
}

fn seek(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [target, whence] = p.bind(args.rest(), "seek", ["", ""], 1)?;
    let target = target.unwrap_or(Value::NONE);
    let whence = match whence {
        Some(v) => p.index_i64(v)?,
        None => 0,
    };
    if !(0..=2).contains(&whence) {
        return Err(p.value_error(&format!("whence value {whence} unsupported")));
    }
    let raw = check_closed(p, this, "seek of closed file")?;
    if !super::calls::says(p, raw, "seekable")? {
        return Err(unsupported(p, "File or stream is not seekable."));
    }
    let target = p.index_i64(target)?;
    if whence != 2 {
        let near = p.once(|p| Ok(near_seek(p, this, target, whence)))?;
        if !near.is_none() {
            return Ok(near);
        }
    }
    locked(p, this, |p| far_seek(p, this, raw, target, whence))
}

/// Moves inside of what was read ahead: the new position, or None.
fn near_seek(p: &mut Process, this: Value, target: i64, whence: i64) -> Value {
    let Some(state) = peek_state(p, this) else {
        return Value::NONE;
    };
    let Some(raw_at) = state
        .position
        .filter(|_| state.pending.is_empty() && !state.ahead.is_empty())
    else {
        return Value::NONE;
    };
    let here = raw_at - state.rest().len() as i64;
    let offset = if whence == 0 { target - here } else { target };
    let (taken, length) = (state.taken as i64, state.ahead.len() as i64);
    if offset < -taken || taken + offset > length {
        return Value::NONE;
    }
    change(p, this, |state| state.taken = (taken + offset) as usize);
    // Devices that are at 0 wherever they are.
    p.new_int((here + offset).max(0))
}

fn far_seek(p: &mut Process, this: Value, raw: Value, target: i64, whence: i64) -> NativeResult {
    writing::flush_pending(p, this)?;
    let ahead = peek_state(p, this).map_or(0, |s| s.rest().len() as i64);
    let target = if whence == 1 { target - ahead } else { target };
    let at = reading::raw_seek(p, raw, target, whence)?;
    change(p, this, |state| {
        (state.ahead, state.taken) = (Vec::new(), 0);
        state.position = Some(at);
    });
    Ok(p.new_int(at))
}

fn truncate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [size] = p.bind(args.rest(), "truncate", [""], 0)?;
    let raw = check_closed(p, this, "truncate of closed file")?;
    if !super::calls::says(p, this, "writable")? {
        return Err(unsupported(p, "truncate"));
    }
    let size = size.unwrap_or(Value::NONE);
    locked(p, this, |p| {
        writing::flush_pending(p, this)?;
        reading::rewind(p, this)?;
        let size = if size.is_none() {
            let at = reading::raw_tell(p, this)?;
            p.new_int(at)
        } else {
            size
        };
        method(p, raw, "truncate", &[size])
    })
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let raw = raw_of(p, this)?;
    if is_closed(p, raw)? {
        return Ok(Value::NONE);
    }
    if peek_state(p, this).is_some_and(|s| s.finalizing) {
        match method(p, raw, "_dealloc_warn", &[this]) {
            Err(Unwind::Pending(pending)) => return Err(Unwind::Pending(pending)),
            Err(Unwind::Raise(_)) | Ok(_) => {}
        }
    }
    let flushed = settled(method(p, this, "flush", &[]))?;
    // Inside the lock: who writes meanwhile finds the stream closed.
    let closed = settled(locked(p, this, |p| method(p, raw, "close", &[])))?;
    change(p, this, |state| {
        (state.ahead, state.taken) = (Vec::new(), 0);
        state.pending = Vec::new();
    });
    both(p, flushed, closed)
}

fn detach(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let raw = raw_of(p, this)?;
    method(p, this, "flush", &[])?;
    change(p, this, |state| {
        state.raw = Value::NULL;
        state.detached = true;
    });
    p.heap.decref(raw);
    Ok(raw)
}

fn dealloc_warn(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [source]) = p.method_args(args, "_dealloc_warn")?;
    let raw = raw_of(p, this)?;
    match method(p, raw, "_dealloc_warn", &[source]) {
        Err(Unwind::Pending(pending)) => Err(Unwind::Pending(pending)),
        Err(Unwind::Raise(_)) | Ok(_) => Ok(Value::NONE),
    }
}

fn get_set_finalizing(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        Some(v) => {
            change(p, this, |state| state.finalizing = v == Value::TRUE);
            Ok(Value::NONE)
        }
        None => Ok(Value::from_bool(peek_state(p, this).is_some_and(|s| s.finalizing))),
    }
}

fn raw(p: &mut Process, args: Args<'_>) -> NativeResult {
    match peek_state(p, args.this()).map(|state: &Buffered| state.raw) {
        Some(raw) if !raw.is_null() => Ok(raw),
        _ => Ok(Value::NONE),
    }
}

/// The methods.
pub const MEMBERS: &[Native] = &[
    heddle_vm::builtin::objects::INSTANCE_DICT_ENTRY,
    Native::method("__repr__", |p, args| named_repr(p, args.this())),
    Native::method("__reduce__", no_pickle),
    Native::method("__reduce_ex__", no_pickle),
    Native::method("tell", tell).sig("($self, /)"),
    Native::method("seek", seek).sig("($self, target, whence=0, /)"),
    Native::method("truncate", truncate).sig("($self, pos=None, /)"),
    Native::method("close", close).sig("($self, /)"),
    Native::method("detach", detach).sig("($self, /)"),
    Native::method("seekable", |p, args| pass_on(p, args, "seekable")).sig("($self, /)"),
    Native::method("fileno", |p, args| pass_on(p, args, "fileno")).sig("($self, /)"),
    Native::method("isatty", |p, args| pass_on(p, args, "isatty")).sig("($self, /)"),
    Native::method("_dealloc_warn", dealloc_warn),
    Native::getter("raw", raw),
    Native::getter("closed", |p, args| attribute(p, args, "closed")),
    Native::getter("name", |p, args| attribute(p, args, "name")),
    Native::getter("mode", |p, args| attribute(p, args, "mode")),
    Native::getset("_finalizing", get_set_finalizing),
];
