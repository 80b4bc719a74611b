//! Reading text: a chunk of bytes at a time is decoded, and handed out by characters or lines.

use super::calls::{is_exactly, method, one_size, unsupported};
use super::text::{Snapshot, Text, change, check_closed, peek_state};
use super::text_write::write_pending;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// The buffer of an open stream that can be read.
fn check_readable(p: &mut Process, this: Value) -> NativeResult {
    let buffer = check_closed(p, this)?;
    if peek_state(p, this).is_none_or(|s| s.decoder.is_none()) {
        return Err(unsupported(p, "not readable"));
    }
    Ok(buffer)
}

/// Decodes one more chunk; false at the end of the stream. `hint`: characters wanted, or -1.
fn read_chunk(p: &mut Process, this: Value, buffer: Value, hint: i64) -> NativeResult<bool> {
    let more = p.scope(|p| {
        let Some(state) = peek_state(p, this) else {
            return Ok(Value::FALSE);
        };
        let Some(mut decoder) = state.decoder.clone() else {
            return Ok(Value::FALSE);
        };
        let (telling, reads) = (state.telling, if state.has_read1 { "read1" } else { "read" });
        let mut size = state.chunk;
        if hint > 0 {
            size = size.max((state.ratio.max(1.0) * hint as f64) as usize);
        }
        let before = if telling { Some(decoder.state(p)?) } else { None };
        let size = p.new_int(size as i64);
        let input = method(p, buffer, reads, &[size])?;
        if !p.is_bytes_like(input) {
            let name = p.type_name(input);
            return Err(p.type_error(&format!(
                "underlying {reads}() should have returned a bytes-like object, not '{name}'"
            )));
        }
        let input = p.byte_data(input)?;
        let decoded = decoder.decode(p, &input, input.is_empty())?;
        let (bytes, chars) = (input.len(), decoded.code_points().count());
        let snapshot = before.map(|(mut held, flags)| {
            held.extend_from_slice(&input);
            Snapshot {
                flags,
                input: held,
                last: input.is_empty(),
            }
        });
        change(p, this, |state| {
            state.ratio = if chars > 0 { bytes as f64 / chars as f64 } else { 0.0 };
            (state.decoded, state.used) = (decoded, 0);
            state.decoder = Some(decoder);
            state.snapshot = snapshot;
        });
        Ok(Value::from_bool(bytes > 0 || chars > 0))
    })?;
    Ok(more == Value::TRUE)
}

/// Byte length of the first `n` code points (or of all, if there are fewer), and how many they are.
fn prefix(bytes: &[u8], n: usize) -> (usize, usize) {
    if bytes.get(..n).is_some_and(<[u8]>::is_ascii) {
        return (n, n);
    }
    let mut starts = bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| **b & 0xC0 != 0x80)
        .map(|(i, _)| i);
    let mut count = 0;
    for start in starts.by_ref() {
        if count == n {
            return (start, n);
        }
        count += 1;
    }
    (bytes.len(), count)
}

fn text_of(p: &mut Process, bytes: &[u8]) -> Value {
    let text = Wtf8Buf::from_bytes(bytes.to_vec()).unwrap_or_default();
    p.new_wtf8(text)
}

/// Takes bytes of decoded text away as a string.
fn take(p: &mut Process, this: Value, length: usize) -> Value {
    let taken = peek_state(p, this)
        .and_then(|s| s.rest().get(..length))
        .map(<[u8]>::to_vec)
        .unwrap_or_default();
    change(p, this, |state| state.used += taken.len());
    text_of(p, &taken)
}

fn join(p: &mut Process, parts: &[Value]) -> Value {
    if let &[one] = parts {
        return one;
    }
    let mut all = Wtf8Buf::new();
    for &part in parts {
        if let Some(s) = p.as_pystr(part) {
            all.push_wtf8(s.wtf8());
        }
    }
    p.new_wtf8(all)
}

fn read(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, n) = one_size(p, args, "read")?;
    let buffer = check_readable(p, this)?;
    write_pending(p, this)?;
    if n < 0 {
        return read_rest(p, this, buffer);
    }
    let mut parts = Vec::new();
    let mut missing = n as usize;
    loop {
        let part = p.once(|p| {
            let length = peek_state(p, this).map_or(0, |s| prefix(s.rest(), missing).0);
            Ok(take(p, this, length))
        })?;
        missing -= p.as_pystr(part).map_or(0, |s| s.len()).min(missing);
        parts.push(part);
        if missing == 0 || !read_chunk(p, this, buffer, missing as i64)? {
            return Ok(join(p, &parts));
        }
    }
}

fn read_rest(p: &mut Process, this: Value, buffer: Value) -> NativeResult {
    p.scope(|p| {
        let input = method(p, buffer, "read", &[])?;
        if input.is_none() {
            return Err(p.error(core::BLOCKING_IO_ERROR, "Read returned None."));
        }
        let input = p.byte_data(input)?;
        let Some(mut decoder) = peek_state(p, this).and_then(|s| s.decoder.clone()) else {
            return Ok(Value::NONE);
        };
        let decoded = decoder.decode(p, &input, true)?;
        let all = match peek_state(p, this).map(Text::rest) {
            Some(rest) if !rest.is_empty() => {
                let mut all = Wtf8Buf::from_bytes(rest.to_vec()).unwrap_or_default();
                all.push_wtf8(&decoded);
                all
            }
            _ => decoded,
        };
        change(p, this, |state| {
            state.forget_decoded();
            state.snapshot = None;
            state.decoder = Some(decoder);
        });
        Ok(p.new_wtf8(all))
    })
}

/// A line that stands complete in what was decoded, if the buffer is a native one that is open.
fn ready_line(p: &mut Process, this: Value, limit: i64) -> Option<Value> {
    let state = peek_state(p, this)?;
    if !state.pending.is_empty() {
        return None;
    }
    let length = line_length(state, state.rest(), limit)?;
    let buffer = state.buffer;
    if !super::buffered::is_free(p, buffer) {
        return None;
    }
    Some(take(p, this, length))
}

fn line_length(state: &Text, rest: &[u8], limit: i64) -> Option<usize> {
    let end = state.ends.find(rest);
    let Ok(limit) = usize::try_from(limit) else { return end };
    let (bytes, chars) = prefix(rest, limit);
    match end {
        Some(end) if end <= bytes => Some(end),
        _ if chars == limit => Some(bytes),
        _ => None,
    }
}

fn readline(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, limit) = one_size(p, args, "readline")?;
    line(p, this, limit)
}

fn line(p: &mut Process, this: Value, limit: i64) -> NativeResult {
    if !p.replaying()
        && let Some(line) = ready_line(p, this, limit)
    {
        return Ok(line);
    }
    let buffer = check_readable(p, this)?;
    write_pending(p, this)?;
    let mut parts: Vec<Value> = Vec::new();
    let mut left = limit;
    loop {
        // One step: a line (or as much as may be), and whether it is complete.
        let carried = parts.last().copied();
        let part = p.once(|p| Ok(take_part(p, this, carried, left)))?;
        let (length, complete) = match p.as_tuple(part) {
            Some(&[text, complete]) => {
                parts.push(text);
                (p.as_pystr(text).map_or(0, |s| s.len()) as i64, complete == Value::TRUE)
            }
            _ => (0, true),
        };
        if limit >= 0 {
            left -= length;
        }
        if complete || left == 0 || !read_chunk(p, this, buffer, -1)? {
            return Ok(join(p, &parts));
        }
    }
}

/// The next part of a line: a pair of text and "the line ends here". A line end of two characters may begin in the part before.
fn take_part(p: &mut Process, this: Value, carried: Option<Value>, left: i64) -> Value {
    let split_end = carried.is_some_and(|v| p.as_pystr(v).is_some_and(|s| s.bytes().ends_with(b"\r")));
    let (length, complete) = match peek_state(p, this) {
        Some(state) if split_end && state.newline == Some("\r\n") && state.rest().starts_with(b"\n") && left != 0 => {
            (1, true)
        }
        Some(state) => match line_length(state, state.rest(), left) {
            Some(length) => (length, true),
            None => (state.rest().len(), false),
        },
        None => (0, true),
    };
    let text = take(p, this, length);
    p.new_tuple(vec![text, Value::from_bool(complete)])
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let exact = is_exactly(p, this, &super::text::TEXT_IO_WRAPPER);
    if !p.replaying() {
        change(p, this, |state| state.telling = false);
        if exact && let Some(line) = ready_line(p, this, -1) {
            return Ok(line);
        }
    }
    let found = if exact {
        p.scope(|p| line(p, this, -1))?
    } else {
        method(p, this, "readline", &[])?
    };
    let Some(s) = p.as_pystr(found) else {
        let name = p.type_name(found);
        let message = format!("readline() should have returned a str object, not '{name}'");
        return Err(p.error(core::OS_ERROR, &message));
    };
    if s.is_empty() {
        change(p, this, |state| {
            state.telling = state.seekable;
            state.snapshot = None;
        });
        return Ok(Value::NULL);
    }
    Ok(found)
}

/// The methods that read.
pub const MEMBERS: &[Native] = &[
    Native::method("read", read).sig("($self, size=-1, /)"),
    Native::method("readline", readline).sig("($self, size=-1, /)"),
    Native::method("__next__", next),
];
