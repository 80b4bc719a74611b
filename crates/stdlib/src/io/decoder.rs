//! The decoder of a `TextIOWrapper`: natively for UTF-8, ASCII and Latin-1, by the codec's own incremental decoder for everything else;
//! universal newlines on top.

use super::calls::method;
use super::newlines::Newlines;
use heddle_vm::builtin::text::encode::Codec;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// How bytes become text. A copy is worked on, and put back when a step is complete.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// The native codec, or `None`.
    pub codec: Option<Codec>,
    /// The incremental decoder in Python, where there is no native codec.
    pub object: Value,
    /// Error handler.
    pub errors: String,
    /// The beginning of a character whose end is still to come.
    held: Vec<u8>,
    /// Are line ends looked at?
    universal: bool,
    /// Line ends.
    pub newlines: Newlines,
}

impl Decoder {
    /// One at the start of a stream.
    pub fn new(codec: Option<Codec>, object: Value, errors: String, universal: bool, translate: bool) -> Decoder {
        Decoder {
            codec,
            object,
            errors,
            held: Vec::new(),
            universal,
            newlines: Newlines {
                translate,
                ..Newlines::default()
            },
        }
    }

    /// Decodes more input.
    pub fn decode(&mut self, p: &mut Process, input: &[u8], last: bool) -> NativeResult<Wtf8Buf> {
        let text = match self.codec {
            Some(codec) if self.held.is_empty() => {
                let (text, used) = p.decode_bytes(input, codec, &self.errors, last)?;
                self.held = input.get(used..).unwrap_or_default().to_vec();
                text
            }
            Some(codec) => {
                let mut bytes = self.held.clone();
                bytes.extend_from_slice(input);
                let (text, used) = p.decode_bytes(&bytes, codec, &self.errors, last)?;
                self.held = bytes.split_off(used.min(bytes.len()));
                text
            }
            None => {
                let input = p.new_bytes(input);
                let text = method(p, self.object, "decode", &[input, Value::from_bool(last)])?;
                match p.as_pystr(text) {
                    Some(s) => s.wtf8().to_wtf8_buf(),
                    None => {
                        let name = p.type_name(text);
                        return Err(p.type_error(&format!("decoder should return a string result, not '{name}'")));
                    }
                }
            }
        };
        Ok(if self.universal {
            self.newlines.feed(text, last)
        } else {
            text
        })
    }

    /// What is held back, and the flags of `getstate`.
    pub fn state(&self, p: &mut Process) -> NativeResult<(Vec<u8>, u64)> {
        let (held, flags) = match self.codec {
            Some(_) => (self.held.clone(), 0),
            None => {
                let pair = method(p, self.object, "getstate", &[])?;
                match p.as_tuple(pair) {
                    Some(&[held, flags]) => (p.buffer_bytes(held)?, p.index_i64(flags)? as u64),
                    _ => return Err(p.type_error("illegal decoder state")),
                }
            }
        };
        Ok(if self.universal {
            (held, flags << 1 | u64::from(self.newlines.held))
        } else {
            (held, flags)
        })
    }

    /// Goes to a state in which nothing is held back but what the flags say.
    pub fn set_flags(&mut self, p: &mut Process, flags: u64) -> NativeResult<()> {
        self.held.clear();
        let inner = if self.universal { flags >> 1 } else { flags };
        self.newlines.held = self.universal && flags & 1 != 0;
        if self.codec.is_none() {
            let (empty, inner) = (p.new_bytes(b""), p.new_int(inner as i64));
            let pair = p.new_tuple(vec![empty, inner]);
            method(p, self.object, "setstate", &[pair])?;
        }
        Ok(())
    }

    /// Back to the start.
    pub fn reset(&mut self, p: &mut Process) -> NativeResult<()> {
        self.held.clear();
        self.newlines.reset();
        if self.codec.is_none() {
            method(p, self.object, "reset", &[])?;
        }
        Ok(())
    }

    /// Is nothing held back (as far as natively known)?
    pub fn is_clean(&self) -> bool {
        self.held.is_empty()
    }
}
