//! Error handlers of codecs: the built-in ones natively, others as registered with `codecs.register_error`.

use crate::native::{NativeResult, Unwind};
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// What stands for what could not be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Characters, to be encoded in turn.
    Text(Wtf8Buf),
    /// Bytes as they are.
    Bytes(Vec<u8>),
}

/// A place where encoding failed.
#[derive(Clone, Copy, Debug)]
pub struct EncodeFailure<'a> {
    /// Name of the codec for messages.
    pub codec: &'a str,
    /// The whole string.
    pub object: Value,
    /// Its code points.
    pub codes: &'a [CodePoint],
    /// Code points that cannot be encoded: `start..end`.
    pub start: usize,
    /// See `start`.
    pub end: usize,
    /// Why.
    pub reason: &'a str,
}

/// A place where decoding failed.
#[derive(Clone, Copy, Debug)]
pub struct DecodeFailure<'a> {
    /// Name of the codec for messages.
    pub codec: &'a str,
    /// All the bytes.
    pub bytes: &'a [u8],
    /// Bytes that cannot be decoded: `start..end`.
    pub start: usize,
    /// See `start`.
    pub end: usize,
    /// Why.
    pub reason: &'a str,
}

/// The escape of `backslashreplace` for a code point.
pub fn backslash_escape(code: u32) -> String {
    match code {
        0..=0xFF => format!("\\x{code:02x}"),
        0x100..=0xFFFF => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

fn name_escape(c: CodePoint) -> String {
    match c.to_char().and_then(heddle_names::name) {
        Some(name) => format!("\\N{{{name}}}"),
        None => backslash_escape(c.to_u32()),
    }
}

impl Process {
    /// The UnicodeEncodeError of a failure.
    pub(super) fn encode_error(&mut self, f: &EncodeFailure<'_>) -> Unwind {
        self.unicode_encode_error(f.codec, f.object, f.start, f.end, f.reason)
    }

    fn decode_error(&mut self, f: &DecodeFailure<'_>) -> Unwind {
        self.unicode_decode_error(f.codec, f.bytes, f.start, f.end, f.reason)
    }

    /// Asks the error handler `errors` what stands for code points that cannot be encoded, and where to go on.
    pub fn handle_encode_error(&mut self, errors: &str, f: &EncodeFailure<'_>) -> NativeResult<(Replacement, usize)> {
        let failed = f.codes.get(f.start..f.end).unwrap_or_default();
        let text: String = match errors {
            "strict" => return Err(self.encode_error(f)),
            "ignore" => String::new(),
            "replace" => "?".repeat(failed.len()),
            "backslashreplace" => failed.iter().map(|c| backslash_escape(c.to_u32())).collect(),
            "xmlcharrefreplace" => failed.iter().map(|c| format!("&#{};", c.to_u32())).collect(),
            "namereplace" => failed.iter().map(|c| name_escape(*c)).collect(),
            "surrogateescape" => {
                let mut bytes = Vec::new();
                for c in failed {
                    match c.to_u32() {
                        n @ 0xDC80..=0xDCFF => bytes.push((n - 0xDC00) as u8),
                        _ => break,
                    }
                }
                if bytes.is_empty() {
                    return Err(self.encode_error(f));
                }
                let end = f.start + bytes.len();
                return Ok((Replacement::Bytes(bytes), end));
            }
            "surrogatepass" => match pass_surrogates(f.codec, failed) {
                Some(bytes) => return Ok((Replacement::Bytes(bytes), f.end)),
                None => return Err(self.encode_error(f)),
            },
            _ => {
                let Unwind::Raise(exception) = self.encode_error(f) else {
                    return Err(self.system_error("an exception that cannot be raised"));
                };
                let (value, position) = self.call_error_handler(errors, exception, f.codes.len())?;
                if let Some(s) = self.as_pystr(value) {
                    return Ok((Replacement::Text(s.wtf8().to_wtf8_buf()), position));
                }
                if let Some(bytes) = self.as_bytes(value) {
                    return Ok((Replacement::Bytes(bytes.to_vec()), position));
                }
                return Err(self.type_error("encoding error handler must return (str/bytes, int) tuple"));
            }
        };
        Ok((Replacement::Text(Wtf8Buf::from(text)), f.end))
    }

    /// Asks the error handler `errors` what stands for bytes that cannot be decoded, and where to go on.
    pub fn handle_decode_error(&mut self, errors: &str, f: &DecodeFailure<'_>) -> NativeResult<(Wtf8Buf, usize)> {
        let failed = f.bytes.get(f.start..f.end).unwrap_or_default();
        let text = match errors {
            "strict" => return Err(self.decode_error(f)),
            "ignore" => Wtf8Buf::new(),
            "replace" => Wtf8Buf::from("\u{FFFD}"),
            "backslashreplace" => Wtf8Buf::from(failed.iter().map(|b| format!("\\x{b:02x}")).collect::<String>()),
            "surrogateescape" => {
                let high: Vec<u8> = failed.iter().copied().take_while(|b| *b >= 0x80).collect();
                if high.is_empty() {
                    return Err(self.decode_error(f));
                }
                let text = high
                    .iter()
                    .filter_map(|b| CodePoint::from_u32(0xDC00 + u32::from(*b)))
                    .collect();
                return Ok((text, f.start + high.len()));
            }
            "surrogatepass" => match surrogate_at(f.codec, f.bytes, f.start) {
                Some((c, length)) => return Ok((Wtf8Buf::from(c), f.start + length)),
                None => return Err(self.decode_error(f)),
            },
            _ => {
                let Unwind::Raise(exception) = self.decode_error(f) else {
                    return Err(self.system_error("an exception that cannot be raised"));
                };
                let (value, position) = self.call_error_handler(errors, exception, f.bytes.len())?;
                return match self.as_pystr(value) {
                    Some(s) => Ok((s.wtf8().to_wtf8_buf(), position)),
                    None => Err(self.type_error("decoding error handler must return (str, int) tuple")),
                };
            }
        };
        Ok((text, f.end))
    }

    /// Calls a handler registered from Python; its answer and the position to go on at, checked to lie within `length`.
    fn call_error_handler(&mut self, errors: &str, exception: Value, length: usize) -> NativeResult<(Value, usize)> {
        let handler = self.codecs_function("lookup_error", &[errors])?;
        let answer = self.call(handler, &[exception])?;
        let Some([value, position]) = self.as_tuple(answer).and_then(|t| <[Value; 2]>::try_from(t).ok()) else {
            return Err(self.type_error("error handler must return (str, int) tuple"));
        };
        let at = self.index_i64(position)?;
        let at = if at < 0 { at + length as i64 } else { at };
        match usize::try_from(at).ok().filter(|at| *at <= length) {
            Some(at) => Ok((value, at)),
            None => Err(self.index_error(&format!("position {at} from error handler out of bounds"))),
        }
    }

    /// Calls a function of the module `_codecs` with strings; its result. LookupError where there is no such module.
    pub(super) fn codecs_function(&mut self, name: &str, args: &[&str]) -> NativeResult {
        let module = match self.import_module("_codecs") {
            Ok(module) => module,
            Err(Unwind::Raise(e)) if self.exception_matches(e, core::IMPORT_ERROR) => {
                let quoted = args.first().copied().unwrap_or_default();
                let message = match name {
                    "lookup" => format!("unknown encoding: {quoted}"),
                    _ => format!("unknown error handler name '{quoted}'"),
                };
                return Err(self.error(core::LOOKUP_ERROR, &message));
            }
            Err(other) => return Err(other),
        };
        let name = self.intern(name);
        let function = self.getattr(module, name)?;
        let args: Vec<Value> = args.iter().map(|text| self.new_str(text)).collect();
        self.call(function, &args)
    }
}

/// Surrogates as the UTF codecs would write them.
fn pass_surrogates(codec: &str, failed: &[CodePoint]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for c in failed {
        let code = c.to_u32();
        if !(0xD800..=0xDFFF).contains(&code) {
            return None;
        }
        match codec {
            "utf-8" => out.extend_from_slice(Wtf8Buf::from(*c).as_bytes()),
            "utf-16-be" => out.extend((code as u16).to_be_bytes()),
            "utf-16" | "utf-16-le" => out.extend((code as u16).to_le_bytes()),
            "utf-32-be" => out.extend(code.to_be_bytes()),
            "utf-32" | "utf-32-le" => out.extend(code.to_le_bytes()),
            _ => return None,
        }
    }
    Some(out)
}

/// The surrogate that the bytes at a place mean, and how many bytes it takes.
fn surrogate_at(codec: &str, bytes: &[u8], at: usize) -> Option<(CodePoint, usize)> {
    let (code, length) = match codec {
        "utf-8" => match bytes.get(at..at + 3)? {
            [0xED, b @ 0xA0..=0xBF, c @ 0x80..=0xBF] => {
                (0xD000 | (u32::from(*b) & 0x3F) << 6 | (u32::from(*c) & 0x3F), 3)
            }
            _ => return None,
        },
        "utf-16" | "utf-16-le" => (u32::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?)), 2),
        "utf-16-be" => (u32::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)), 2),
        "utf-32" | "utf-32-le" => (u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?), 4),
        "utf-32-be" => (u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?), 4),
        _ => return None,
    };
    if !(0xD800..=0xDFFF).contains(&code) {
        return None;
    }
    Some((CodePoint::from_u32(code)?, length))
}
