//! `_json`: scanning and encoding without calling Python code. Where hooks or unknown types ask for Python, the functions of the package
//! `json` itself take over, so everything seldom is said there.

mod encode;
mod scan;

use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// `JSONDecodeError(message, document, position)`
fn decode_error(p: &mut Process, message: &str, document: Value, at: usize) -> Unwind {
    let made = p.import_module("json.decoder").and_then(|module| {
        let class = p.getattr_text(module, "JSONDecodeError")?;
        let message = p.new_str(message);
        let at = p.new_int(at as i64);
        p.call(class, &[message, document, at])
    });
    match made {
        Ok(e) => Unwind::Raise(e),
        Err(other) => other,
    }
}

/// `scanstring(string, end, strict=True)`
fn scanstring(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [string, end, strict] = p.bind(args, "scanstring", ["", "", ""], 2)?;
    let string = string.unwrap_or(Value::NONE);
    let end = p.index_i64(end.unwrap_or(Value::NONE))?;
    let strict = match strict {
        Some(v) => p.truth(v)?,
        None => true,
    };
    let Some(text) = p.as_pystr(string).cloned() else {
        let name = p.type_name(string);
        return Err(p.type_error(&format!("first argument must be a string, not {name}")));
    };
    if end < 0 || end as usize > text.len() {
        return Err(p.value_error("end is out of bounds"));
    }
    let mut at = text.byte_offset(end as usize);
    match scan::string(text.bytes(), &mut at, strict) {
        Ok(bytes) => {
            let (value, end) = (scan::new_text(p, bytes), p.new_int(text.index_of_offset(at) as i64));
            Ok(p.new_tuple(vec![value, end]))
        }
        Err(bad) => Err(decode_error(p, bad.message, string, text.index_of_offset(bad.at))),
    }
}

/// Is this attribute of a decoder what it is by default?
fn is_default(p: &Process, name: &str, v: Value) -> bool {
    match name {
        "object_hook" | "object_pairs_hook" => v.is_none(),
        "parse_float" => v == core::FLOAT,
        "parse_int" => v == core::INT,
        // `_CONSTANTS.__getitem__`
        _ => p
            .as_native(v)
            .is_some_and(|(def, bound)| def.name == "__getitem__" && p.as_dict(bound).is_some_and(|d| d.len() == 3)),
    }
}

/// `make_scanner(context)`: ours, or the one in Python for decoders with hooks.
fn make_scanner(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [context] = p.bind(args, "make_scanner", ["context"], 1)?;
    let context = context.unwrap_or(Value::NONE);
    let strict = p.getattr_text(context, "strict")?;
    let strict = p.truth(strict)?;
    for name in [
        "object_hook",
        "object_pairs_hook",
        "parse_float",
        "parse_int",
        "parse_constant",
    ] {
        let v = p.getattr_text(context, name)?;
        if !is_default(p, name, v) {
            let module = p.import_module("json.scanner")?;
            let make = p.getattr_text(module, "py_make_scanner")?;
            return p.tail_call(make, &[context]);
        }
    }
    let class = p.native_type(&scan::SCANNER);
    Ok(p.new_payload(class, scan::Scanner { strict }))
}

fn text_argument(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<heddle_vm::pystr::PyStr> {
    let [v] = crate::arguments::fixed(p, args, "_json", name)?;
    match p.as_pystr(v).cloned() {
        Some(text) => Ok(text),
        None => {
            let name = p.type_name(v);
            Err(p.type_error(&format!("first argument must be a string, not {name}")))
        }
    }
}

/// `encode_basestring_ascii(string)`
static ENCODE_ASCII: Native = Native::function("encode_basestring_ascii", |p, args| {
    let text = text_argument(p, args, "encode_basestring_ascii")?;
    let mut out = Wtf8Buf::new();
    encode::push_string(&mut out, text.wtf8(), true);
    Ok(p.new_wtf8(out))
});

/// `encode_basestring(string)`
static ENCODE: Native = Native::function("encode_basestring", |p, args| {
    let text = text_argument(p, args, "encode_basestring")?;
    let mut out = Wtf8Buf::new();
    encode::push_string(&mut out, text.wtf8(), false);
    Ok(p.new_wtf8(out))
});

fn init(p: &mut Process, dict: Value) -> NativeResult<()> {
    for def in [&ENCODE_ASCII, &ENCODE] {
        let (name, function) = (p.intern(def.name), p.new_native(def, Value::NULL));
        p.dict_set_str(dict, name, function);
    }
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_json",
    doc: "json speedups",
    functions: &[
        Native::function("scanstring", scanstring),
        Native::function("make_scanner", make_scanner),
        Native::function("make_encoder", encode::make_encoder),
    ],
    types: &[],
    init: Some(init),
};
