//! Positions in text: `tell` gives a cookie that holds the place in the buffer and how to get the decoder to where the reader stands.
//!
//! Layout of a cookie, as in CPython: 64 bits position, 32 bits decoder flags, 32 bits bytes to feed, 32 bits characters to skip, and a
//! byte that says that the decoder has to be told of the end.

use super::calls::{method, unsupported};
use super::decoder::Decoder;
use super::text::{Snapshot, change, check_closed, peek_state};
use super::text_write::{flush, write_pending};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

#[derive(Clone, Copy, Debug, Default)]
struct Cookie {
    position: u64,
    flags: u32,
    feed: u32,
    skip: u32,
    needs_end: bool,
}

impl Cookie {
    fn value(self, p: &mut Process) -> Value {
        let mut n = BigInt::from(u8::from(self.needs_end));
        for part in [self.skip, self.feed, self.flags] {
            n = (n << 32) + part;
        }
        n = (n << 64) + self.position;
        p.new_big(n)
    }

    fn from_number(n: &BigInt) -> Option<Cookie> {
        let part = |shift: u32, bits: u32| {
            let mask: BigInt = (BigInt::from(1) << bits) - 1;
            let shifted: BigInt = n >> shift;
            (shifted & mask).to_u64()
        };
        Some(Cookie {
            position: part(0, 64)?,
            flags: part(64, 32)? as u32,
            feed: part(96, 32)? as u32,
            skip: part(128, 32)? as u32,
            needs_end: part(160, 8)? != 0,
        })
    }
}

fn tell(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let buffer = check_closed(p, this)?;
    let Some((seekable, telling)) = peek_state(p, this).map(|s| (s.seekable, s.telling)) else {
        return Ok(Value::NONE);
    };
    if !seekable {
        return Err(unsupported(p, "underlying stream is not seekable"));
    }
    if !telling {
        return Err(p.error(core::OS_ERROR, "telling position disabled by next() call"));
    }
    write_pending(p, this)?;
    method(p, this, "flush", &[])?;
    let at = method(p, buffer, "tell", &[])?;
    let Some(state) = peek_state(p, this).cloned() else {
        return Ok(at);
    };
    let (Some(decoder), Some(snapshot)) = (state.decoder, state.snapshot) else {
        return Ok(at);
    };
    let read = state.decoded.as_bytes().get(..state.used).unwrap_or_default();
    let chars = read.iter().filter(|b| **b & 0xC0 != 0x80).count();
    let position = p.index_i64(at)?.max(0) as u64;
    let start = Cookie {
        position: position.saturating_sub(snapshot.input.len() as u64),
        flags: snapshot.flags as u32,
        ..Cookie::default()
    };
    if chars == 0 {
        return Ok(start.value(p));
    }
    let cookie = if decoder.codec.is_some() {
        nearest(p, decoder, start, &snapshot, chars)?
    } else {
        Cookie {
            feed: snapshot.input.len() as u32,
            skip: chars as u32,
            needs_end: snapshot.last,
            ..start
        }
    };
    Ok(cookie.value(p))
}

/// The last place before the reader at which the decoder holds nothing back.
fn nearest(
    p: &mut Process,
    mut decoder: Decoder,
    start: Cookie,
    snapshot: &Snapshot,
    chars: usize,
) -> NativeResult<Cookie> {
    let mut cookie = start;
    decoder.set_flags(p, snapshot.flags)?;
    let (mut fed, mut decoded, mut wanted) = (0, 0, chars);
    for byte in &snapshot.input {
        fed += 1;
        decoded += decoder
            .decode(p, std::slice::from_ref(byte), false)?
            .code_points()
            .count();
        if decoder.is_clean() && decoded <= wanted {
            cookie.position += fed;
            wanted -= decoded;
            cookie.flags = decoder.state(p)?.1 as u32;
            (fed, decoded) = (0, 0);
        }
        if decoded >= wanted {
            break;
        }
    }
    if decoded < wanted {
        decoded += decoder.decode(p, b"", true)?.code_points().count();
        cookie.needs_end = true;
        if decoded < wanted {
            return Err(p.error(core::OS_ERROR, "can't reconstruct logical file position"));
        }
    }
    (cookie.feed, cookie.skip) = (fed as u32, wanted as u32);
    Ok(cookie)
}

/// Puts the coders where a position says.
fn reset_encoder(p: &mut Process, this: Value, at_start: bool) -> NativeResult<()> {
    let encoder = peek_state(p, this).map_or(Value::NULL, |s| s.encoder);
    if encoder.is_null() {
        return Ok(());
    }
    if at_start {
        method(p, encoder, "reset", &[])?;
    } else {
        method(p, encoder, "setstate", &[Value::from_i32(0)])?;
    }
    Ok(())
}

/// Forgets decoded text, the decoder with these flags (or as at the start).
fn reset_decoder(p: &mut Process, this: Value, flags: Option<u64>) -> NativeResult<()> {
    p.scope(|p| {
        let mut decoder = peek_state(p, this).and_then(|s| s.decoder.clone());
        if let Some(decoder) = &mut decoder {
            match flags {
                Some(flags) => decoder.set_flags(p, flags)?,
                None => decoder.reset(p)?,
            }
        }
        change(p, this, |state| {
            state.forget_decoded();
            state.snapshot = None;
            state.decoder = decoder;
        });
        Ok(Value::NONE)
    })
    .map(|_| ())
}

fn seek(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [cookie, whence] = p.bind(args.rest(), "seek", ["", ""], 1)?;
    let cookie = cookie.unwrap_or(Value::NONE);
    let whence = match whence {
        Some(v) => p.index_i64(v)?,
        None => 0,
    };
    let buffer = check_closed(p, this)?;
    if !peek_state(p, this).is_some_and(|s| s.seekable) {
        return Err(unsupported(p, "underlying stream is not seekable"));
    }
    let zero = p.is_int(cookie) && p.as_i64(cookie) == Some(0);
    let cookie = match whence {
        0 => cookie,
        1 if !zero => return Err(unsupported(p, "can't do nonzero cur-relative seeks")),
        1 => method(p, this, "tell", &[])?,
        2 if !zero => return Err(unsupported(p, "can't do nonzero end-relative seeks")),
        2 => return seek_end(p, this, buffer),
        _ => {
            let message = format!("invalid whence ({whence}, should be 0, 1 or 2)");
            return Err(p.value_error(&message));
        }
    };
    if !p.is_int(cookie) {
        let name = p.type_name(cookie);
        return Err(p.type_error(&format!("'{name}' object cannot be interpreted as an integer")));
    }
    let number = p.as_bigint(cookie).unwrap_or_default();
    if number.sign() == num_bigint::Sign::Minus {
        return Err(p.value_error(&format!("negative seek position {number}")));
    }
    method(p, this, "flush", &[])?;
    match Cookie::from_number(&number) {
        Some(place) => go_to(p, this, buffer, place)?,
        None => return Err(p.value_error("negative seek position")),
    }
    Ok(cookie)
}

fn seek_end(p: &mut Process, this: Value, buffer: Value) -> NativeResult {
    method(p, this, "flush", &[])?;
    reset_decoder(p, this, None)?;
    let at = method(p, buffer, "seek", &[Value::from_i32(0), Value::from_i32(2)])?;
    reset_encoder(p, this, at == Value::from_i32(0))?;
    Ok(at)
}

fn go_to(p: &mut Process, this: Value, buffer: Value, place: Cookie) -> NativeResult<()> {
    let position = p.new_int(place.position as i64);
    method(p, buffer, "seek", &[position])?;
    let flags = u64::from(place.flags);
    let at_start = place.position == 0 && flags == 0;
    reset_decoder(p, this, if at_start { None } else { Some(flags) })?;
    p.once(|p| {
        change(p, this, |state| {
            state.snapshot = Some(Snapshot {
                flags,
                input: Vec::new(),
                last: false,
            });
        });
        Ok(Value::NONE)
    })?;
    if place.skip > 0 {
        p.scope(|p| skip(p, this, buffer, place).map(|()| Value::NONE))?;
    }
    reset_encoder(p, this, at_start)
}

/// Reads and decodes up to the reader's place.
fn skip(p: &mut Process, this: Value, buffer: Value, place: Cookie) -> NativeResult<()> {
    let count = p.new_int(i64::from(place.feed));
    let input = method(p, buffer, "read", &[count])?;
    let input = super::calls::expect_bytes(p, input, "read")?;
    let Some(mut decoder) = peek_state(p, this).and_then(|s| s.decoder.clone()) else {
        return Ok(());
    };
    let decoded = decoder.decode(p, &input, place.needs_end)?;
    let bytes = decoded.as_bytes();
    let mut starts = bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| **b & 0xC0 != 0x80)
        .map(|(i, _)| i);
    let used = match starts.nth(place.skip as usize) {
        Some(at) => at,
        None if decoded.code_points().count() == place.skip as usize => bytes.len(),
        None => return Err(p.error(core::OS_ERROR, "can't restore logical file position")),
    };
    change(p, this, |state| {
        (state.decoded, state.used) = (decoded, used);
        state.decoder = Some(decoder);
        state.snapshot = Some(Snapshot {
            flags: u64::from(place.flags),
            input,
            last: place.needs_end,
        });
    });
    Ok(())
}

fn truncate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [position] = p.bind(args.rest(), "truncate", [""], 0)?;
    let buffer = check_closed(p, this)?;
    p.scope(|p| flush(p, this))?;
    method(p, buffer, "truncate", &[position.unwrap_or(Value::NONE)])
}

/// The methods for positions.
pub const MEMBERS: &[Native] = &[
    Native::method("tell", tell).sig("($self, /)"),
    Native::method("seek", seek).sig("($self, cookie, whence=os.SEEK_SET, /)"),
    Native::method("truncate", truncate).sig("($self, pos=None, /)"),
];
