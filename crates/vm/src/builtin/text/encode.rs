//! `str.encode`: UTF-8, ASCII, Latin-1, UTF-16 and UTF-32 natively, other codecs through `_codecs`.

use super::codec_errors::{EncodeFailure, Replacement};
use crate::native::NativeResult;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::value::Value;
use rustpython_wtf8::CodePoint;

/// The codecs written in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Utf8,
    Ascii,
    Latin1,
    /// With a byte order mark.
    Utf16,
    Utf16Le,
    Utf16Be,
    /// With a byte order mark.
    Utf32,
    Utf32Le,
    Utf32Be,
}

impl Codec {
    /// By any of its usual names.
    pub fn by_name(name: &str) -> Option<Codec> {
        let plain: String = name
            .chars()
            .filter(|c| !matches!(c, '-' | '_' | ' '))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        Some(match plain.as_str() {
            "utf8" | "u8" | "utf" | "cp65001" => Codec::Utf8,
            "ascii" | "usascii" | "646" | "us" | "iso646us" | "cp367" | "ansix3.41968" => Codec::Ascii,
            "latin1" | "latin" | "iso88591" | "88591" | "8859" | "l1" | "cp819" | "iso8859" => Codec::Latin1,
            "utf16" | "u16" => Codec::Utf16,
            "utf16le" => Codec::Utf16Le,
            "utf16be" => Codec::Utf16Be,
            "utf32" | "u32" => Codec::Utf32,
            "utf32le" => Codec::Utf32Le,
            "utf32be" => Codec::Utf32Be,
            _ => return None,
        })
    }

    /// Its name in exceptions.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Utf8 => "utf-8",
            Codec::Ascii => "ascii",
            Codec::Latin1 => "latin-1",
            Codec::Utf16 => "utf-16",
            Codec::Utf16Le => "utf-16-le",
            Codec::Utf16Be => "utf-16-be",
            Codec::Utf32 => "utf-32",
            Codec::Utf32Le => "utf-32-le",
            Codec::Utf32Be => "utf-32-be",
        }
    }

    /// Appends a code point; false when the codec cannot say it.
    fn push(self, out: &mut Vec<u8>, c: CodePoint) -> bool {
        let code = c.to_u32();
        match self {
            Codec::Ascii if code < 0x80 => out.push(code as u8),
            Codec::Latin1 if code < 0x100 => out.push(code as u8),
            Codec::Ascii | Codec::Latin1 => return false,
            _ => {
                let Some(c) = c.to_char() else { return false };
                match self {
                    Codec::Utf8 => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    Codec::Utf16 | Codec::Utf16Le => {
                        out.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|u| u.to_le_bytes()));
                    }
                    Codec::Utf16Be => out.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|u| u.to_be_bytes())),
                    Codec::Utf32Be => out.extend(code.to_be_bytes()),
                    _ => out.extend(code.to_le_bytes()),
                }
            }
        }
        true
    }

    fn reason(self) -> &'static str {
        match self {
            Codec::Ascii => "ordinal not in range(128)",
            Codec::Latin1 => "ordinal not in range(256)",
            _ => "surrogates not allowed",
        }
    }
}

impl Process {
    /// `object.encode(encoding, errors)`; `s` is its payload.
    pub fn encode_value(&mut self, object: Value, s: &PyStr, encoding: &str, errors: &str) -> NativeResult {
        let Some(codec) = Codec::by_name(encoding) else {
            return self.encode_by_module(object, encoding, errors);
        };
        let bytes = self.encode_text(object, s, codec, errors)?;
        Ok(self.new_bytes(&bytes))
    }

    /// The bytes of a string in a native codec.
    pub fn encode_text(&mut self, object: Value, s: &PyStr, codec: Codec, errors: &str) -> NativeResult<Vec<u8>> {
        let as_is = match codec {
            Codec::Utf8 => s.as_str().is_some(),
            Codec::Ascii | Codec::Latin1 => s.is_ascii(),
            _ => false,
        };
        if as_is {
            return Ok(s.bytes().to_vec());
        }
        let mut out = match codec {
            Codec::Utf16 => vec![0xFF, 0xFE],
            Codec::Utf32 => vec![0xFF, 0xFE, 0, 0],
            _ => Vec::with_capacity(s.bytes().len()),
        };
        let codes: Vec<CodePoint> = s.wtf8().code_points().collect();
        let mut at = 0;
        while at < codes.len() {
            if codec.push(&mut out, codes[at]) {
                at += 1;
                continue;
            }
            let run = codes[at..]
                .iter()
                .take_while(|c| !codec.push(&mut Vec::new(), **c))
                .count();
            let failure = EncodeFailure {
                codec: codec.name(),
                object,
                codes: &codes,
                start: at,
                end: at + run,
                reason: codec.reason(),
            };
            let (replacement, next) = self.handle_encode_error(errors, &failure)?;
            match replacement {
                Replacement::Bytes(bytes) => out.extend(bytes),
                Replacement::Text(text) => {
                    for c in text.code_points() {
                        if !codec.push(&mut out, c) {
                            return Err(self.encode_error(&failure));
                        }
                    }
                }
            }
            at = next;
        }
        Ok(out)
    }

    fn encode_by_module(&mut self, object: Value, encoding: &str, errors: &str) -> NativeResult {
        let result = self.codec_step(object, encoding, errors, 0)?;
        if self.as_bytes(result).is_none() {
            let name = self.type_name(result);
            return Err(self.type_error(&format!(
                "'{encoding}' encoder returned '{name}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
            )));
        }
        Ok(result)
    }

    /// Encodes (`step` 0) or decodes (1) by a codec found through `_codecs.lookup`.
    pub(super) fn codec_step(&mut self, object: Value, encoding: &str, errors: &str, step: i32) -> NativeResult {
        if encoding.contains('\0') {
            return Err(self.value_error("embedded null character"));
        }
        let found = self.codecs_function("lookup", &[encoding])?;
        let function = self.getitem(found, Value::from_i32(step))?;
        let errors = self.new_str(errors);
        let pair = self.call(function, &[object, errors])?;
        match self.as_tuple(pair).and_then(|t| t.first().copied()) {
            Some(result) => Ok(result),
            None => Err(self.type_error("encoder must return a tuple (object, integer)")),
        }
    }
}
