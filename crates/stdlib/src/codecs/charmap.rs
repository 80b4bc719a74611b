//! Codecs of one byte per character, from tables in Python (`encodings.cp1252` and its like).

use super::handlers::errors_argument;
use heddle_vm::builtin::text::codec_errors::{DecodeFailure, EncodeFailure, Replacement};
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

const UNDEFINED: &str = "character maps to <undefined>";
/// Stands in tables for bytes without a character.
const NOTHING: u32 = 0xFFFE;

/// A dict from code points to bytes, out of a string of 256 characters.
pub fn build(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [table] = vm.exactly(args, "charmap_build")?;
    let Some(s) = vm.as_pystr(table).cloned() else {
        return Err(vm.type_error("charmap_build() argument must be str"));
    };
    let dict = vm.new_dict();
    for (byte, c) in s.wtf8().code_points().enumerate().take(256) {
        if c.to_u32() != NOTHING {
            vm.dict_set(dict, Value::from_i32(c.to_u32() as i32), Value::from_i32(byte as i32))?;
        }
    }
    Ok(dict)
}

/// The bytes of one character; `None` where the table has none.
fn encode_one(vm: &mut Process, mapping: Option<Value>, c: CodePoint) -> NativeResult<Option<Vec<u8>>> {
    let Some(mapping) = mapping else {
        return Ok(u8::try_from(c.to_u32()).ok().map(|b| vec![b]));
    };
    let found = vm.dict_get(mapping, Value::from_i32(c.to_u32() as i32))?;
    Ok(found.and_then(|v| match vm.as_bytes(v) {
        Some(bytes) => Some(bytes.to_vec()),
        None => vm.as_i64(v).and_then(|n| u8::try_from(n).ok()).map(|b| vec![b]),
    }))
}

/// `charmap_encode(text, errors, mapping)`
pub fn encode(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [text, errors, mapping] = vm.bind(args, "charmap_encode", ["", "", ""], 1)?;
    let text = text.unwrap_or(Value::NULL);
    let Some(s) = vm.as_pystr(text).cloned() else {
        return Err(vm.type_error("charmap_encode() argument 1 must be str"));
    };
    let errors = errors_argument(vm, errors);
    let mapping = mapping.filter(|m| !m.is_none());
    let codes: Vec<CodePoint> = s.wtf8().code_points().collect();
    let mut out = Vec::with_capacity(codes.len());
    let mut at = 0;
    while at < codes.len() {
        if let Some(bytes) = encode_one(vm, mapping, codes[at])? {
            out.extend(bytes);
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < codes.len() && encode_one(vm, mapping, codes[end])?.is_none() {
            end += 1;
        }
        let failure = EncodeFailure {
            codec: "charmap",
            object: text,
            codes: &codes,
            start: at,
            end,
            reason: UNDEFINED,
        };
        let (replacement, next) = vm.handle_encode_error(&errors, &failure)?;
        match replacement {
            Replacement::Bytes(bytes) => out.extend(bytes),
            Replacement::Text(text) => {
                for c in text.code_points() {
                    match encode_one(vm, mapping, c)? {
                        Some(bytes) => out.extend(bytes),
                        None => {
                            vm.handle_encode_error("strict", &failure)?;
                        }
                    }
                }
            }
        }
        at = next;
    }
    let (bytes, used) = (vm.new_bytes(&out), vm.new_int(codes.len() as i64));
    Ok(vm.new_tuple(vec![bytes, used]))
}

/// The text of one byte; `None` where the table has none.
fn decode_one(vm: &mut Process, mapping: Option<Value>, byte: u8) -> NativeResult<Option<Wtf8Buf>> {
    let Some(mapping) = mapping else {
        return Ok(Some(Wtf8Buf::from(CodePoint::from_char(byte as char))));
    };
    if let Some(table) = vm.as_pystr(mapping) {
        let c = table.char_at(usize::from(byte)).filter(|c| c.to_u32() != NOTHING);
        return Ok(c.map(Wtf8Buf::from));
    }
    let found = vm.dict_get(mapping, Value::from_i32(i32::from(byte)))?;
    Ok(found.and_then(|v| match vm.as_pystr(v) {
        Some(s) => Some(s.wtf8().to_wtf8_buf()),
        None => {
            let code = vm
                .as_i64(v)
                .and_then(|n| u32::try_from(n).ok())
                .filter(|n| *n != NOTHING)?;
            CodePoint::from_u32(code).map(Wtf8Buf::from)
        }
    }))
}

/// `charmap_decode(data, errors, mapping)`
pub fn decode(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, errors, mapping] = vm.bind(args, "charmap_decode", ["", "", ""], 1)?;
    let bytes = vm.buffer_bytes(data.unwrap_or(Value::NULL))?;
    let errors = errors_argument(vm, errors);
    let mapping = mapping.filter(|m| !m.is_none());
    let mut out = Wtf8Buf::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if let Some(text) = decode_one(vm, mapping, bytes[at])? {
            out.push_wtf8(&text);
            at += 1;
            continue;
        }
        let failure = DecodeFailure {
            codec: "charmap",
            bytes: &bytes,
            start: at,
            end: at + 1,
            reason: UNDEFINED,
        };
        let (text, next) = vm.handle_decode_error(&errors, &failure)?;
        out.push_wtf8(&text);
        at = next;
    }
    let (text, used) = (vm.new_wtf8(out), vm.new_int(bytes.len() as i64));
    Ok(vm.new_tuple(vec![text, used]))
}
