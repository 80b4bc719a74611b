//! Decoders of escapes: `unicode_escape`, `raw_unicode_escape`, and the two of bytes with C's escapes (for old pickles).

use super::handlers::errors_argument;
use heddle_vm::builtin::text::codec_errors::DecodeFailure;
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// What stands behind a backslash.
enum Escape {
    /// A code point, and the bytes it takes without the backslash.
    Code(u32, usize),
    /// Nothing: the line goes on.
    Nothing(usize),
    /// No escape: the backslash is itself.
    Plain,
    /// So many bytes (with the backslash) that are wrong, why, and whether more bytes could mend it.
    Bad(usize, &'static str, bool),
}

fn hex(rest: &[u8], digits: usize, reason: &'static str) -> Escape {
    let found = rest
        .iter()
        .skip(1)
        .take(digits)
        .take_while(|b| b.is_ascii_hexdigit())
        .count();
    if found < digits {
        return Escape::Bad(found + 2, reason, rest.len() == found + 1);
    }
    let code = rest[1..=digits]
        .iter()
        .fold(0_u64, |n, b| n << 4 | u64::from((*b as char).to_digit(16).unwrap_or(0)));
    match u32::try_from(code) {
        Ok(code) if code <= 0x10_FFFF => Escape::Code(code, digits + 1),
        _ => Escape::Bad(digits + 2, "illegal Unicode character", false),
    }
}

/// `rest` begins behind the backslash.
fn unicode_escape(rest: &[u8]) -> Escape {
    let Some(&c) = rest.first() else {
        return Escape::Bad(1, "\\ at end of string", true);
    };
    let simple = |code| Escape::Code(code, 1);
    match c {
        b'\n' => Escape::Nothing(1),
        b'\\' | b'\'' | b'"' => simple(u32::from(c)),
        b'a' => simple(7),
        b'b' => simple(8),
        b'f' => simple(12),
        b'n' => simple(10),
        b'r' => simple(13),
        b't' => simple(9),
        b'v' => simple(11),
        b'0'..=b'7' => {
            let digits = rest.iter().take(3).take_while(|b| (b'0'..=b'7').contains(*b)).count();
            let code = rest[..digits].iter().fold(0, |n, b| n << 3 | u32::from(b - b'0'));
            Escape::Code(code, digits)
        }
        b'x' => hex(rest, 2, "truncated \\xXX escape"),
        b'u' => hex(rest, 4, "truncated \\uXXXX escape"),
        b'U' => hex(rest, 8, "truncated \\UXXXXXXXX escape"),
        b'N' => named(rest),
        _ => Escape::Plain,
    }
}

fn named(rest: &[u8]) -> Escape {
    let malformed = "malformed \\N character escape";
    if rest.get(1) != Some(&b'{') {
        return Escape::Bad(2, malformed, rest.len() == 1);
    }
    let Some(end) = rest.iter().position(|b| *b == b'}') else {
        return Escape::Bad(rest.len() + 1, malformed, true);
    };
    if end == 2 {
        return Escape::Bad(3, malformed, false);
    }
    let name = std::str::from_utf8(&rest[2..end]).unwrap_or_default();
    match heddle_names::character(name) {
        Some(c) => Escape::Code(u32::from(c), end + 1),
        None => Escape::Bad(end + 2, "unknown Unicode character name", false),
    }
}

fn raw_escape(rest: &[u8]) -> Escape {
    match rest.first() {
        Some(b'u') => hex(rest, 4, "truncated \\uXXXX escape"),
        Some(b'U') => match hex(rest, 8, "truncated \\UXXXXXXXX escape") {
            Escape::Bad(10, "illegal Unicode character", more) => Escape::Bad(10, "\\Uxxxxxxxx out of range", more),
            other => other,
        },
        None => Escape::Bad(1, "\\ at end of string", true),
        _ => Escape::Plain,
    }
}

fn decode(p: &mut Process, args: Args<'_>, codec: &str, name: &str, escape: fn(&[u8]) -> Escape) -> NativeResult {
    let [data, errors, last] = p.bind(args, name, ["", "", ""], 1)?;
    let data = data.unwrap_or(Value::NONE);
    let bytes = match p.as_pystr(data) {
        Some(s) => s.bytes().to_vec(),
        None => p.buffer_bytes(data)?,
    };
    let errors = errors_argument(p, errors);
    let last = match last {
        Some(v) => p.truth(v)?,
        None => true,
    };
    let raw = codec == "rawunicodeescape";
    let mut out = Wtf8Buf::new();
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        if b != b'\\' {
            out.push_char(b as char);
            at += 1;
            continue;
        }
        match escape(&bytes[at + 1..]) {
            Escape::Code(code, length) => {
                if let Some(c) = CodePoint::from_u32(code) {
                    out.push(c);
                }
                at += 1 + length;
            }
            Escape::Nothing(length) => at += 1 + length,
            Escape::Plain => {
                out.push_char('\\');
                at += 1;
                // In raw text two backslashes are two characters, and the second begins no escape.
                if raw && bytes.get(at) == Some(&b'\\') {
                    out.push_char('\\');
                    at += 1;
                }
            }
            Escape::Bad(_, _, true) if !last => break,
            // A lone backslash at the end of raw text is one.
            Escape::Bad(1, _, true) if raw => {
                out.push_char('\\');
                at += 1;
            }
            Escape::Bad(length, reason, _) => {
                let failure = DecodeFailure {
                    codec,
                    bytes: &bytes,
                    start: at,
                    end: (at + length).min(bytes.len()),
                    reason,
                };
                let (text, next) = p.handle_decode_error(&errors, &failure)?;
                out.push_wtf8(&text);
                at = next;
            }
        }
    }
    let (text, used) = (p.new_wtf8(out), p.new_int(at as i64));
    Ok(p.new_tuple(vec![text, used]))
}

/// `unicode_escape_decode(data, errors=None, final=True)`
pub fn unicode_escape_decode(p: &mut Process, args: Args<'_>) -> NativeResult {
    decode(p, args, "unicodeescape", "unicode_escape_decode", unicode_escape)
}

/// `raw_unicode_escape_decode(data, errors=None, final=True)`
pub fn raw_unicode_escape_decode(p: &mut Process, args: Args<'_>) -> NativeResult {
    decode(p, args, "rawunicodeescape", "raw_unicode_escape_decode", raw_escape)
}

/// `escape_decode(data, errors=None)`: bytes to bytes.
pub fn escape_decode(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, errors] = p.bind(args, "escape_decode", ["", ""], 1)?;
    let data = data.unwrap_or(Value::NONE);
    let bytes = match p.as_pystr(data) {
        Some(s) => s.bytes().to_vec(),
        None => p.buffer_bytes(data)?,
    };
    let errors = errors_argument(p, errors);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        at += 1;
        if b != b'\\' {
            out.push(b);
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.first() {
            None => return Err(p.value_error("Trailing \\ in string")),
            Some(b'x') => {
                let digits = rest
                    .iter()
                    .skip(1)
                    .take(2)
                    .take_while(|b| b.is_ascii_hexdigit())
                    .count();
                if digits == 2 {
                    let code = rest[1..3].iter().filter_map(|b| (*b as char).to_digit(16));
                    out.push(code.fold(0, |n, d| n << 4 | d) as u8);
                    at += 3;
                    continue;
                }
                match errors.as_str() {
                    "strict" => {
                        let place = at - 1;
                        return Err(p.value_error(&format!("invalid \\x escape at position {place}")));
                    }
                    "replace" => out.push(b'?'),
                    "ignore" => {}
                    other => {
                        let message = format!("decoding error; unknown error handling code: {other}");
                        return Err(p.value_error(&message));
                    }
                }
                at += 1 + digits;
            }
            Some(b'u' | b'U' | b'N') => out.push(b'\\'),
            Some(_) => match unicode_escape(rest) {
                Escape::Code(code, length) => {
                    out.push(code as u8);
                    at += length;
                }
                Escape::Nothing(length) => at += length,
                _ => out.push(b'\\'),
            },
        }
    }
    let (out, used) = (p.new_bytes(&out), p.new_int(bytes.len() as i64));
    Ok(p.new_tuple(vec![out, used]))
}

/// `escape_encode(data, errors=None)`: bytes to what stands between the quotes of their repr.
pub fn escape_encode(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, _] = p.bind(args, "escape_encode", ["", ""], 1)?;
    let data = data.unwrap_or(Value::NONE);
    let Some(bytes) = p.as_bytes(data).map(<[u8]>::to_vec) else {
        let name = p.type_name(data);
        return Err(p.type_error(&format!("escape_encode() argument 1 must be bytes, not {name}")));
    };
    let mut out = String::new();
    for &b in &bytes {
        match b {
            b'\\' | b'\'' => out.extend(['\\', b as char]),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            0x20..=0x7E => out.push(b as char),
            _ => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    let (out, used) = (p.new_bytes(out.as_bytes()), p.new_int(bytes.len() as i64));
    Ok(p.new_tuple(vec![out, used]))
}
