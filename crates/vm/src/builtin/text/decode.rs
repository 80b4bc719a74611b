//! Decoding of bytes: UTF-8, ASCII, Latin-1, UTF-16 and UTF-32 natively, other codecs through `_codecs`.

use super::codec_errors::DecodeFailure;
use super::encode::Codec;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// What a decoder found at a place.
enum Step {
    /// A code point that took so many bytes.
    Char(char, usize),
    /// So many bytes that mean nothing, and why.
    Bad(usize, &'static str),
}

impl Process {
    /// `str(object, encoding, errors)`
    pub fn decode_object(&mut self, object: Value, encoding: &str, errors: &str) -> NativeResult {
        if self.as_pystr(object).is_some() {
            return Err(self.type_error("decoding str is not supported"));
        }
        if !self.is_one_piece(object) {
            let name = self.type_name(object);
            return Err(self.type_error(&format!("decoding to str: need a bytes-like object, {name} found")));
        }
        let bytes = self.buffer_bytes(object)?;
        let Some(codec) = Codec::by_name(encoding) else {
            let object = self.new_bytes(&bytes);
            let result = self.codec_step(object, encoding, errors, 1)?;
            if self.as_pystr(result).is_none() {
                let name = self.type_name(result);
                return Err(self.type_error(&format!(
                    "'{encoding}' decoder returned '{name}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
                )));
            }
            return Ok(result);
        };
        let (text, _) = self.decode_bytes(&bytes, codec, errors, true)?;
        Ok(self.new_wtf8(text))
    }

    /// Decodes by a native codec: the text and the number of bytes used, which is less than all only when `last` is false and the end is
    /// an incomplete character.
    pub fn decode_bytes(
        &mut self,
        bytes: &[u8],
        codec: Codec,
        errors: &str,
        last: bool,
    ) -> NativeResult<(Wtf8Buf, usize)> {
        match codec {
            Codec::Latin1 => {
                let text: String = bytes.iter().map(|b| *b as char).collect();
                return Ok((text.into(), bytes.len()));
            }
            Codec::Utf8 | Codec::Ascii if bytes.is_ascii() => {
                return Ok((Wtf8Buf::from_bytes(bytes.to_vec()).unwrap_or_default(), bytes.len()));
            }
            Codec::Utf8 => {
                if let Ok(text) = std::str::from_utf8(bytes) {
                    return Ok((Wtf8Buf::from(text), bytes.len()));
                }
            }
            _ => {}
        }
        let (codec, mut at) = resolve_order(codec, bytes);
        let mut out = Wtf8Buf::with_capacity(bytes.len());
        while at < bytes.len() {
            let (length, reason) = match step(codec, &bytes[at..]) {
                Step::Char(c, length) => {
                    out.push_char(c);
                    at += length;
                    continue;
                }
                Step::Bad(length, reason) => (length, reason),
            };
            if !last && matches!(reason, UNEXPECTED_END | TRUNCATED) {
                return Ok((out, at));
            }
            let failure = DecodeFailure {
                codec: codec.name(),
                bytes,
                start: at,
                end: at + length,
                reason,
            };
            let (text, next) = self.handle_decode_error(errors, &failure)?;
            out.push_wtf8(&text);
            at = next;
        }
        Ok((out, at))
    }
}

const UNEXPECTED_END: &str = "unexpected end of data";
const TRUNCATED: &str = "truncated data";

/// The byte order that a mark at the front gives, and where the text begins.
fn resolve_order(codec: Codec, bytes: &[u8]) -> (Codec, usize) {
    match codec {
        Codec::Utf16 if bytes.starts_with(&[0xFE, 0xFF]) => (Codec::Utf16Be, 2),
        Codec::Utf16 if bytes.starts_with(&[0xFF, 0xFE]) => (Codec::Utf16Le, 2),
        Codec::Utf16 => (Codec::Utf16Le, 0),
        Codec::Utf32 if bytes.starts_with(&[0, 0, 0xFE, 0xFF]) => (Codec::Utf32Be, 4),
        Codec::Utf32 if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) => (Codec::Utf32Le, 4),
        Codec::Utf32 => (Codec::Utf32Le, 0),
        other => (other, 0),
    }
}

fn step(codec: Codec, rest: &[u8]) -> Step {
    match codec {
        Codec::Utf8 => step_utf8(rest),
        Codec::Ascii => match rest {
            [b, ..] if b.is_ascii() => Step::Char(*b as char, 1),
            _ => Step::Bad(1, "ordinal not in range(128)"),
        },
        Codec::Latin1 => Step::Char(rest.first().map_or(' ', |b| *b as char), 1),
        Codec::Utf16 | Codec::Utf16Le => step_utf16(rest, u16::from_le_bytes),
        Codec::Utf16Be => step_utf16(rest, u16::from_be_bytes),
        Codec::Utf32 | Codec::Utf32Le => step_utf32(rest, u32::from_le_bytes),
        Codec::Utf32Be => step_utf32(rest, u32::from_be_bytes),
    }
}

fn step_utf8(rest: &[u8]) -> Step {
    let window = rest.get(..4).unwrap_or(rest);
    let error = match std::str::from_utf8(window) {
        Ok(text) => None.or(text.chars().next().map(|c| Step::Char(c, c.len_utf8()))),
        Err(e) if e.valid_up_to() > 0 => {
            let text = std::str::from_utf8(&window[..e.valid_up_to()]).unwrap_or_default();
            text.chars().next().map(|c| Step::Char(c, c.len_utf8()))
        }
        Err(e) => Some(match e.error_len() {
            None => Step::Bad(window.len(), UNEXPECTED_END),
            Some(length) => {
                let starts = matches!(rest.first(), Some(0xC2..=0xF4));
                Step::Bad(
                    length,
                    if starts {
                        "invalid continuation byte"
                    } else {
                        "invalid start byte"
                    },
                )
            }
        }),
    };
    error.unwrap_or(Step::Bad(1, "invalid start byte"))
}

fn step_utf16(rest: &[u8], unit: fn([u8; 2]) -> u16) -> Step {
    let Some(first) = rest.first_chunk().map(|b| unit(*b)) else {
        return Step::Bad(rest.len(), TRUNCATED);
    };
    match first {
        0xD800..=0xDBFF => match rest.get(2..).and_then(|r| r.first_chunk()).map(|b| unit(*b)) {
            None => Step::Bad(rest.len(), UNEXPECTED_END),
            Some(second @ 0xDC00..=0xDFFF) => {
                let code = 0x10000 + ((u32::from(first) & 0x3FF) << 10) + (u32::from(second) & 0x3FF);
                Step::Char(char::from_u32(code).unwrap_or('\u{FFFD}'), 4)
            }
            Some(_) => Step::Bad(2, "illegal UTF-16 surrogate"),
        },
        0xDC00..=0xDFFF => Step::Bad(2, "illegal encoding"),
        unit => Step::Char(char::from_u32(u32::from(unit)).unwrap_or('\u{FFFD}'), 2),
    }
}

fn step_utf32(rest: &[u8], unit: fn([u8; 4]) -> u32) -> Step {
    let Some(code) = rest.first_chunk().map(|b| unit(*b)) else {
        return Step::Bad(rest.len(), TRUNCATED);
    };
    match (char::from_u32(code), CodePoint::from_u32(code)) {
        (Some(c), _) => Step::Char(c, 4),
        (None, Some(_)) => Step::Bad(4, "code point in surrogate code point range(0xd800, 0xe000)"),
        (None, None) => Step::Bad(4, "code point not in range(0x110000)"),
    }
}
