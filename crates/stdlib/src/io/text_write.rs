//! Writing text: encoded at once, gathered until a chunk is full, a line is complete or somebody flushes.

use super::buffered;
use super::calls::{both, expect_bytes, method, settled, unsupported};
use super::newlines::with_ends;
use super::text::{Text, buffer_of, change, check_closed, peek_state};
use heddle_vm::builtin::text::encode::Codec;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::value::Value;

/// Gives what was gathered to the buffer.
pub fn write_pending(p: &mut Process, this: Value) -> NativeResult<()> {
    let bytes = p.once(|p| {
        let mut pending = Vec::new();
        change(p, this, |state| pending = std::mem::take(&mut state.pending));
        Ok(if pending.is_empty() {
            Value::NONE
        } else {
            p.new_bytes(&pending)
        })
    })?;
    if bytes.is_none() {
        return Ok(());
    }
    let buffer = buffer_of(p, this)?;
    method(p, buffer, "write", &[bytes]).map(|_| ())
}

/// How a stream encodes.
#[derive(Clone, Copy)]
struct Encoding {
    codec: Option<Codec>,
    encoder: Value,
    errors: Value,
    newline: Option<&'static str>,
}

/// The bytes of a text, with the stream's line ends.
fn encode(p: &mut Process, state: Encoding, text: Value) -> NativeResult<Vec<u8>> {
    let Some(s) = p.as_pystr(text).cloned() else {
        return Err(p.type_error("write() argument must be str"));
    };
    let (text, s) = match state.newline {
        Some(end @ ("\r" | "\r\n")) if s.bytes().contains(&b'\n') => {
            let translated = p.new_wtf8(with_ends(s.wtf8(), end));
            match p.as_pystr(translated).cloned() {
                Some(s) => (translated, s),
                None => (text, s),
            }
        }
        _ => (text, s),
    };
    match state.codec {
        Some(codec) => {
            let errors = p.text(state.errors);
            p.encode_text(text, &s, codec, &errors)
        }
        None => {
            let bytes = method(p, state.encoder, "encode", &[text])?;
            expect_bytes(p, bytes, "encode")
        }
    }
}

/// Must the text go out at once?
fn needs_flush(state: &Text, text: &[u8]) -> bool {
    state.line_buffering && memchr::memchr2(b'\n', b'\r', text).is_some()
}

/// Writes what only has to be gathered: plain text to a native file that is open, with room left. `None`: it takes more than that.
fn write_short(p: &mut Process, this: Value, text: Value) -> Option<Value> {
    let s = p.as_pystr(text)?.clone();
    let state = peek_state(p, this)?;
    let simple = state.writable
        && state.decoder.is_none()
        && state.codec == Some(Codec::Utf8)
        && !state.write_through
        && state.pending.len() + s.bytes().len() <= state.chunk
        && !needs_flush(state, s.bytes())
        && matches!(state.newline, None | Some("" | "\n"))
        && s.as_str().is_some();
    let buffer = state.buffer;
    if !simple || !buffered::is_free(p, buffer) {
        return None;
    }
    change(p, this, |state| state.pending.extend_from_slice(s.bytes()));
    Some(p.new_int(s.len() as i64))
}

fn write(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [text]) = p.method_args(args, "TextIOWrapper.write")?;
    let Some(s) = p.as_pystr(text).cloned() else {
        let name = p.type_name(text);
        return Err(p.type_error(&format!("write() argument must be str, not {name}")));
    };
    if !p.replaying()
        && let Some(n) = write_short(p, this, text)
    {
        return Ok(n);
    }
    let buffer = check_closed(p, this)?;
    let Some(state) = peek_state(p, this) else {
        return Ok(Value::NONE);
    };
    let flush = needs_flush(state, s.bytes());
    let (now, writable) = (flush || state.write_through, state.writable);
    let encoding = Encoding {
        codec: state.codec,
        encoder: state.encoder,
        errors: state.errors,
        newline: state.newline,
    };
    if !writable {
        return Err(unsupported(p, "not writable"));
    }
    let bytes = p.scope(|p| {
        let bytes = encode(p, encoding, text)?;
        Ok(p.new_bytes(&bytes))
    })?;
    gather(p, this, bytes, now)?;
    if flush {
        method(p, buffer, "flush", &[])?;
    }
    forget_reading(p, this)?;
    Ok(p.new_int(s.len() as i64))
}

/// Adds encoded text to what was gathered; passes all on if there is a chunk of it or if it may not wait.
fn gather(p: &mut Process, this: Value, bytes: Value, now: bool) -> NativeResult<()> {
    let overflow = p.once(|p| {
        let length = p.as_bytes(bytes).map_or(0, <[u8]>::len);
        let over = peek_state(p, this).is_some_and(|s| s.pending.len() + length > s.chunk);
        Ok(Value::from_bool(over))
    })?;
    if overflow == Value::TRUE {
        // Writing may lead to more text being gathered: that goes first.
        write_pending(p, this)?;
        write_pending(p, this)?;
    }
    let full = p.once(|p| {
        let data = p.as_bytes(bytes).map(<[u8]>::to_vec).unwrap_or_default();
        let mut full = false;
        change(p, this, |state| {
            state.pending.extend(data);
            full = state.pending.len() >= state.chunk;
        });
        Ok(Value::from_bool(full))
    })?;
    if now || full == Value::TRUE {
        write_pending(p, this)?;
    }
    Ok(())
}

/// After writing, what was read ahead is of no use.
fn forget_reading(p: &mut Process, this: Value) -> NativeResult<()> {
    let Some(mut decoder) = peek_state(p, this).and_then(|s| s.decoder.clone()) else {
        return Ok(());
    };
    p.scope(|p| {
        decoder.reset(p)?;
        change(p, this, |state| {
            if state.snapshot.take().is_some() {
                state.forget_decoded();
            }
            state.decoder = Some(decoder);
        });
        Ok(Value::NONE)
    })
    .map(|_| ())
}

/// `flush`
pub fn flush(p: &mut Process, this: Value) -> NativeResult {
    let buffer = check_closed(p, this)?;
    p.once(|p| {
        change(p, this, |state| state.telling = state.seekable);
        Ok(Value::NONE)
    })?;
    write_pending(p, this)?;
    method(p, buffer, "flush", &[])
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let buffer = buffer_of(p, this)?;
    if super::calls::flag(p, buffer, "closed")? {
        return Ok(Value::NONE);
    }
    if peek_state(p, this).is_some_and(|s| s.finalizing) {
        match method(p, buffer, "_dealloc_warn", &[this]) {
            Err(Unwind::Pending(pending)) => return Err(Unwind::Pending(pending)),
            Err(Unwind::Raise(_)) | Ok(_) => {}
        }
    }
    let flushed = settled(method(p, this, "flush", &[]))?;
    let closed = settled(method(p, buffer, "close", &[]))?;
    both(p, flushed, closed)
}

fn detach(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let buffer = buffer_of(p, this)?;
    method(p, this, "flush", &[])?;
    change(p, this, |state| {
        state.buffer = Value::NULL;
        state.detached = true;
    });
    p.heap.decref(buffer);
    Ok(buffer)
}

/// Lines of a list or tuple of strings to a native file; everything else by `write` for each.
fn writelines(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [lines]) = p.method_args(args, "writelines")?;
    let items = match p.as_list(lines) {
        Some(items) => Some(items.clone()),
        None => p.as_tuple(lines).map(<[Value]>::to_vec),
    };
    if let Some(items) = items
        && !items.is_empty()
        && !p.replaying()
        && items.iter().all(|&item| p.as_pystr(item).is_some())
    {
        let mut done = 0;
        while let Some(&item) = items.get(done)
            && write_short(p, this, item).is_some()
        {
            done += 1;
        }
        if done == items.len() {
            return Ok(Value::NONE);
        }
        let rest = p.new_list(items.get(done..).unwrap_or_default().to_vec());
        return super::base::in_python(p, "writelines", &[this, rest]);
    }
    super::base::in_python(p, "writelines", &[this, lines])
}

/// The methods that write.
pub const MEMBERS: &[Native] = &[
    Native::method("write", write).sig("($self, text, /)"),
    Native::method("writelines", writelines).sig("($self, lines, /)"),
    Native::method("flush", |p, args| flush(p, args.this())).sig("($self, /)"),
    Native::method("close", close).sig("($self, /)"),
    Native::method("detach", detach).sig("($self, /)"),
];
