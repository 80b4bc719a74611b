//! `UnicodeDecodeError`, `UnicodeEncodeError`, `UnicodeTranslateError`: encoding, object, start, end, reason.

use super::base::set_args;
use super::fields::{field, first, fourth, second, third};
use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// UnicodeDecodeError for a range of bytes.
    pub fn unicode_decode_error(
        &mut self,
        encoding: &str,
        bytes: &[u8],
        start: usize,
        end: usize,
        reason: &str,
    ) -> Unwind {
        let object = self.new_bytes(bytes);
        self.unicode_error(core::UNICODE_DECODE_ERROR, encoding, object, start, end, reason)
    }

    /// UnicodeEncodeError for a range of a string.
    pub fn unicode_encode_error(
        &mut self,
        encoding: &str,
        text: Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Unwind {
        self.unicode_error(core::UNICODE_ENCODE_ERROR, encoding, text, start, end, reason)
    }

    fn unicode_error(
        &mut self,
        class: Value,
        encoding: &str,
        object: Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Unwind {
        let parts = vec![
            self.new_str(encoding),
            object,
            self.new_int(start as i64),
            self.new_int(end as i64),
            self.new_str(reason),
        ];
        let v = self.new_exception(class, parts.clone());
        for (i, part) in parts.into_iter().enumerate() {
            self.put_exception_field(v, i, part);
        }
        Unwind::Raise(v)
    }
}

fn check(vm: &mut Process, given: &[Value], wanted: &[(&str, &[Value])], name: &str) -> NativeResult<()> {
    if given.len() != wanted.len() {
        return Err(vm.type_error(&format!(
            "function takes exactly {} arguments ({} given)",
            wanted.len(),
            given.len()
        )));
    }
    for (i, (&v, (want, classes))) in given.iter().zip(wanted).enumerate() {
        if !classes.iter().any(|&c| vm.is_instance(v, c)) {
            let got = vm.type_name(v);
            return Err(vm.type_error(&format!("{name}() argument {} must be {want}, not {got}", i + 1)));
        }
    }
    Ok(())
}

const STR: (&str, &[Value]) = ("str", &[core::STR]);
const INT: (&str, &[Value]) = ("int", &[core::INT]);

fn decode_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let mut given = args.rest().pos.to_vec();
    set_args(vm, this, &given);
    if let Some(&object) = given.get(1)
        && let Some(Obj::ByteArray(b)) = vm.heap.object(object)
    {
        let bytes = b.to_vec();
        given[1] = vm.new_bytes(&bytes);
    }
    let object: (&str, &[Value]) = ("a bytes-like object", &[core::BYTES]);
    check(vm, &given, &[STR, object, INT, INT, STR], "UnicodeDecodeError")?;
    for (i, v) in given.into_iter().enumerate() {
        vm.put_exception_field(this, i, v);
    }
    Ok(Value::NONE)
}

fn encode_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = args.rest().pos.to_vec();
    set_args(vm, this, &given);
    check(vm, &given, &[STR, STR, INT, INT, STR], "UnicodeEncodeError")?;
    for (i, v) in given.into_iter().enumerate() {
        vm.put_exception_field(this, i, v);
    }
    Ok(Value::NONE)
}

fn translate_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = args.rest().pos.to_vec();
    set_args(vm, this, &given);
    check(vm, &given, &[STR, INT, INT, STR], "UnicodeTranslateError")?;
    for (i, v) in given.into_iter().enumerate() {
        vm.put_exception_field(this, i + 1, v);
    }
    Ok(Value::NONE)
}

struct Parts {
    encoding: String,
    start: i64,
    end: i64,
    reason: String,
}

fn parts(vm: &mut Process, this: Value) -> NativeResult<Option<Parts>> {
    if vm.exception_field(this, 1).is_null() {
        return Ok(None);
    }
    Ok(Some(Parts {
        encoding: shown(vm, this, 0)?,
        reason: shown(vm, this, 4)?,
        start: vm.as_i64(vm.exception_field(this, 2)).unwrap_or(0),
        end: vm.as_i64(vm.exception_field(this, 3)).unwrap_or(0),
    }))
}

/// `str` of a field, which may have been set to anything.
fn shown(vm: &mut Process, this: Value, field: usize) -> NativeResult<String> {
    let v = vm.exception_field(this, field);
    if v.is_null() {
        return Ok(String::new());
    }
    let text = vm.str(v)?;
    Ok(vm.text(text))
}

fn decode_str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(p) = parts(vm, this)? else {
        return Ok(vm.new_str(""));
    };
    let bytes = vm.as_bytes(vm.exception_field(this, 1)).unwrap_or_default();
    let one = usize::try_from(p.start).ok().and_then(|at| bytes.get(at));
    let text = match one {
        Some(byte) if p.end == p.start + 1 => format!(
            "'{}' codec can't decode byte 0x{byte:02x} in position {}: {}",
            p.encoding, p.start, p.reason
        ),
        _ => format!(
            "'{}' codec can't decode bytes in position {}-{}: {}",
            p.encoding,
            p.start,
            p.end - 1,
            p.reason
        ),
    };
    Ok(vm.new_str(&text))
}

/// How a character is shown in the messages of encoders.
fn shown_char(vm: &Process, this: Value, at: i64) -> Option<String> {
    let text = vm.as_pystr(vm.exception_field(this, 1))?;
    let n = text.char_at(usize::try_from(at).ok()?)?.to_u32();
    Some(match n {
        0..=0xFF => format!("\\x{n:02x}"),
        0x100..=0xFFFF => format!("\\u{n:04x}"),
        _ => format!("\\U{n:08x}"),
    })
}

fn character_str(vm: &mut Process, args: Args<'_>, translate: bool) -> NativeResult {
    let this = args.this();
    let Some(p) = parts(vm, this)? else {
        return Ok(vm.new_str(""));
    };
    let what = if translate {
        "can't translate".to_owned()
    } else {
        format!("'{}' codec can't encode", p.encoding)
    };
    let text = match shown_char(vm, this, p.start) {
        Some(c) if p.end == p.start + 1 => {
            format!("{what} character '{c}' in position {}: {}", p.start, p.reason)
        }
        _ => format!("{what} characters in position {}-{}: {}", p.start, p.end - 1, p.reason),
    };
    Ok(vm.new_str(&text))
}

fn encode_str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    character_str(vm, args, false)
}

fn translate_str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    character_str(vm, args, true)
}

fn reason(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, 4)
}

/// Attributes of all three.
pub static SHARED: &[Native] = &[
    Native::getset("encoding", first),
    Native::getset("object", second),
    Native::getset("start", third),
    Native::getset("end", fourth),
    Native::getset("reason", reason),
];
/// `UnicodeDecodeError`
pub static DECODE: &[Native] = &[
    Native::method("__init__", decode_init).sig("($self, /, *args, **kwargs)"),
    Native::method("__str__", decode_str).sig("($self, /)"),
];
/// `UnicodeEncodeError`
pub static ENCODE: &[Native] = &[
    Native::method("__init__", encode_init).sig("($self, /, *args, **kwargs)"),
    Native::method("__str__", encode_str).sig("($self, /)"),
];
/// `UnicodeTranslateError`
pub static TRANSLATE: &[Native] = &[
    Native::method("__init__", translate_init).sig("($self, /, *args, **kwargs)"),
    Native::method("__str__", translate_str).sig("($self, /)"),
];
