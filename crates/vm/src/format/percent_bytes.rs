//! `%` formatting of `bytes` and `bytearray`.

use super::percent::Conversion;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;

impl Process {
    /// `format % right` of bytes: the formatted bytes.
    pub fn bytes_percent(&mut self, format: &[u8], right: Value) -> NativeResult<Vec<u8>> {
        let codes: Vec<u32> = format.iter().map(|b| u32::from(*b)).collect();
        let mut arguments = self.percent_arguments(right)?;
        if matches!(self.heap.object(right), Some(Obj::Bytes(_) | Obj::ByteArray(_))) {
            arguments.plain();
        }
        let mut out = Vec::with_capacity(format.len() + 16);
        let mut at = 0;
        while at < format.len() {
            let b = format[at];
            at += 1;
            if b != b'%' {
                out.push(b);
                continue;
            }
            if format.get(at) == Some(&b'%') {
                at += 1;
                out.push(b'%');
                continue;
            }
            let (conversion, value) = self.percent_conversion(&codes, &mut at, &mut arguments, bytes_key)?;
            let value = match value {
                Some(v) => v,
                None => self.percent_next(&mut arguments)?,
            };
            let piece = self.bytes_conversion(&conversion, value)?;
            out.extend(piece);
        }
        self.percent_finish(&arguments, "bytes")?;
        Ok(out)
    }

    fn bytes_conversion(&mut self, c: &Conversion, value: Value) -> NativeResult<Vec<u8>> {
        let mut bytes = match c.kind {
            's' | 'b' => self.bytes_operand(value)?,
            'r' | 'a' => {
                let text = self.ascii(value)?;
                self.text(text).into_bytes()
            }
            'c' => vec![self.byte_operand(value)?],
            _ => return Ok(self.percent_number(c, value)?.into_bytes()),
        };
        if c.kind != 'c' {
            bytes.truncate(c.precision.unwrap_or(usize::MAX));
        }
        let padding = c.width.saturating_sub(bytes.len());
        if c.left {
            bytes.resize(bytes.len() + padding, b' ');
            return Ok(bytes);
        }
        let mut out = vec![b' '; padding];
        out.extend(bytes);
        Ok(out)
    }

    fn bytes_operand(&mut self, value: Value) -> NativeResult<Vec<u8>> {
        if self.is_bytes_like(value) {
            return self.gathered_bytes(value);
        }
        if let Some(v) = self.call_special(value, crate::names::BYTES, &[])? {
            return self.buffer_bytes(v);
        }
        let name = self.type_name(value);
        Err(self.type_error(&format!(
            "%b requires a bytes-like object, or an object that implements __bytes__, not '{name}'"
        )))
    }

    fn byte_operand(&mut self, value: Value) -> NativeResult<u8> {
        if self.is_bytes_like(value) {
            let bytes = self.buffer_bytes(value)?;
            return match bytes[..] {
                [b] => Ok(b),
                _ => {
                    let (name, n) = (self.type_name(value), bytes.len());
                    Err(self.type_error(&format!(
                        "%c requires an integer in range(256) or a single byte, not a {name} object of length {n}"
                    )))
                }
            };
        }
        match self.int_operand(value)? {
            Some(n) => match self.as_i64(n).and_then(|n| u8::try_from(n).ok()) {
                Some(b) => Ok(b),
                None => Err(self.overflow_error("%c arg not in range(256)")),
            },
            None => {
                let name = self.type_name(value);
                Err(self.type_error(&format!(
                    "%c requires an integer in range(256) or a single byte, not {name}"
                )))
            }
        }
    }
}

fn bytes_key(vm: &mut Process, key: &[u32]) -> Value {
    let bytes: Vec<u8> = key.iter().map(|c| *c as u8).collect();
    vm.new_bytes(&bytes)
}
