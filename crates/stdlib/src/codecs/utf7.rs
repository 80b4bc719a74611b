//! UTF-7 (RFC 2152): most ASCII as it is, the rest as UTF-16 in base 64 between `+` and `-`.

use super::handlers::errors_argument;
use heddle_vm::builtin::text::codec_errors::DecodeFailure;
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn value_of(b: u8) -> Option<u32> {
    ALPHABET.iter().position(|c| *c == b).map(|n| n as u32)
}

/// Characters that need no base 64.
fn is_direct(code: u32) -> bool {
    matches!(code, 9 | 10 | 13 | 0x20..=0x7D) && code != u32::from(b'+') && code != u32::from(b'\\')
}

/// `utf_7_encode(text, errors=None)`
pub fn encode(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [text, _] = p.bind(args, "utf_7_encode", ["", ""], 1)?;
    let text = text.unwrap_or(Value::NONE);
    let Some(s) = p.as_pystr(text).cloned() else {
        let name = p.type_name(text);
        return Err(p.type_error(&format!("utf_7_encode() argument 1 must be str, not {name}")));
    };
    let mut out = Vec::new();
    let (mut shifted, mut bits, mut count) = (false, 0_u64, 0_u32);
    let flush = |out: &mut Vec<u8>, bits: &mut u64, count: &mut u32| {
        while *count >= 6 {
            *count -= 6;
            out.push(ALPHABET[(*bits >> *count & 63) as usize]);
        }
    };
    for c in s.wtf8().code_points() {
        let code = c.to_u32();
        if is_direct(code) || (!shifted && code == u32::from(b'+')) {
            if shifted {
                if count > 0 {
                    out.push(ALPHABET[(bits << (6 - count) & 63) as usize]);
                    (bits, count) = (0, 0);
                }
                if value_of(code as u8).is_some() || code == u32::from(b'-') {
                    out.push(b'-');
                }
                shifted = false;
            }
            out.push(code as u8);
            if code == u32::from(b'+') {
                out.push(b'-');
            }
            continue;
        }
        if !shifted {
            out.push(b'+');
            shifted = true;
        }
        let mut units = [0; 2];
        let units: &[u16] = match c.to_char() {
            Some(c) => c.encode_utf16(&mut units),
            None => {
                units[0] = code as u16;
                &units[..1]
            }
        };
        for unit in units {
            bits = bits << 16 | u64::from(*unit);
            count += 16;
            flush(&mut out, &mut bits, &mut count);
        }
    }
    if shifted {
        if count > 0 {
            out.push(ALPHABET[(bits << (6 - count) & 63) as usize]);
        }
        out.push(b'-');
    }
    let (out, used) = (p.new_bytes(&out), p.new_int(s.len() as i64));
    Ok(p.new_tuple(vec![out, used]))
}

/// A decoder between `+` and `-`.
#[derive(Default)]
struct Shift {
    bits: u32,
    count: u32,
    /// A first half that waits for its second.
    high: Option<u32>,
}

impl Shift {
    /// Takes six bits; gives what they complete.
    fn take(&mut self, six: u32, out: &mut Wtf8Buf) {
        self.bits = (self.bits << 6 | six) & 0x3F_FFFF;
        self.count += 6;
        if self.count < 16 {
            return;
        }
        self.count -= 16;
        let unit = self.bits >> self.count & 0xFFFF;
        self.bits &= (1 << self.count) - 1;
        let push = |out: &mut Wtf8Buf, code| {
            if let Some(c) = CodePoint::from_u32(code) {
                out.push(c);
            }
        };
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => push(out, 0x10000 + ((high - 0xD800) << 10 | (unit - 0xDC00))),
            (waiting, unit) => {
                if let Some(high) = waiting {
                    push(out, high);
                }
                if (0xD800..0xDC00).contains(&unit) {
                    self.high = Some(unit);
                } else {
                    push(out, unit);
                }
            }
        }
    }

    /// What is wrong when the sequence ends here.
    fn end(&self) -> Option<&'static str> {
        if self.count >= 6 {
            return Some("partial character in shift sequence");
        }
        (self.bits != 0).then_some("non-zero padding bits in shift sequence")
    }
}

/// `utf_7_decode(data, errors=None, final=False)`
pub fn decode(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, errors, last] = p.bind(args, "utf_7_decode", ["", "", ""], 1)?;
    let bytes = p.buffer_bytes(data.unwrap_or(Value::NONE))?;
    let errors = errors_argument(p, errors);
    let last = match last {
        Some(v) => p.truth(v)?,
        None => false,
    };
    let mut out = Wtf8Buf::new();
    let mut shift: Option<Shift> = None;
    // Where the present shift sequence began, and what was there before it.
    let (mut begin, mut kept) = (0, Wtf8Buf::new());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let mut wrong = None;
        if let Some(open) = &mut shift {
            if let Some(six) = value_of(b) {
                open.take(six, &mut out);
                at += 1;
                continue;
            }
            wrong = open.end();
            if let Some(high) = open.high.take().and_then(CodePoint::from_u32) {
                out.push(high);
            }
            shift = None;
            at += usize::from(b == b'-');
            if wrong.is_none() {
                if b != b'-' && !b.is_ascii() {
                    wrong = Some("unexpected special character");
                    at += 1;
                } else {
                    continue;
                }
            }
        } else if b == b'+' {
            begin = at;
            at += 1;
            match bytes.get(at) {
                Some(b'-') => {
                    out.push_char('+');
                    at += 1;
                }
                Some(&next) if value_of(next).is_none() => {
                    wrong = Some("ill-formed sequence");
                    at += 1;
                }
                _ => {
                    kept = out.clone();
                    shift = Some(Shift::default());
                }
            }
        } else if b.is_ascii() {
            out.push_char(b as char);
            at += 1;
        } else {
            begin = at;
            at += 1;
            wrong = Some("unexpected special character");
        }
        if let Some(reason) = wrong {
            let failure = DecodeFailure {
                codec: "utf7",
                bytes: &bytes,
                start: begin,
                end: at,
                reason,
            };
            let (text, next) = p.handle_decode_error(&errors, &failure)?;
            out.push_wtf8(&text);
            at = next;
        }
    }
    if let Some(open) = shift {
        if !last {
            out = kept;
            at = begin;
        } else if open.high.is_some() || open.count >= 6 || open.bits != 0 {
            let failure = DecodeFailure {
                codec: "utf7",
                bytes: &bytes,
                start: begin,
                end: bytes.len(),
                reason: "unterminated shift sequence",
            };
            let (text, _) = p.handle_decode_error(&errors, &failure)?;
            out.push_wtf8(&text);
        }
    }
    let (text, used) = (p.new_wtf8(out), p.new_int(at as i64));
    Ok(p.new_tuple(vec![text, used]))
}
