//! `getattr` and its kin, `isinstance`, `id`, `hash`, `repr`, `format`, `chr`, `ord`, number functions.

use crate::builtin::numbers::big_work::linear_ns;
use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::BinaryOp;
use num_bigint::Sign;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

fn attribute_name(p: &mut Process, name: Value, function: &str) -> NativeResult {
    if p.as_pystr(name).is_none() {
        let given = p.shown_type(name);
        return Err(p.type_error(&match function {
            "getattr" | "hasattr" | "setattr" | "delattr" => format!("attribute name must be string, not '{given}'"),
            _ => format!("{function}(): attribute name must be string"),
        }));
    }
    Ok(p.intern_value(name))
}

fn getattr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, name, default] = p.bind(args, "getattr", ["", "", ""], 2)?;
    let name = attribute_name(p, name.unwrap_or(Value::NONE), "getattr")?;
    let v = v.unwrap_or(Value::NONE);
    match default {
        None => p.getattr(v, name),
        Some(default) => Ok(p.getattr_opt(v, name)?.unwrap_or(default)),
    }
}

fn hasattr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, name] = p.exactly(args, "hasattr")?;
    let name = attribute_name(p, name, "hasattr")?;
    Ok(Value::from_bool(p.getattr_opt(v, name)?.is_some()))
}

fn setattr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, name, value] = p.exactly(args, "setattr")?;
    let name = attribute_name(p, name, "setattr")?;
    p.setattr(v, name, value)?;
    Ok(Value::NONE)
}

fn delattr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, name] = p.exactly(args, "delattr")?;
    let name = attribute_name(p, name, "delattr")?;
    p.delattr(v, name)?;
    Ok(Value::NONE)
}

fn isinstance(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, class] = p.exactly(args, "isinstance")?;
    Ok(Value::from_bool(p.is_instance_of(v, class)?))
}

fn issubclass(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [sub, class] = p.exactly(args, "issubclass")?;
    Ok(Value::from_bool(p.is_subclass_of(sub, class)?))
}

fn callable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "callable")?;
    Ok(Value::from_bool(p.is_callable(v)))
}

/// A number that tells objects alive at the same time apart, looking like CPython's addresses.
fn id(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "id")?;
    let id = p.id_of(v);
    Ok(p.new_int(id as i64))
}

fn hash(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "hash")?;
    let h = p.hash(v)?;
    Ok(p.new_int(h))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "repr")?;
    p.repr(v)
}

fn ascii(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "ascii")?;
    p.ascii(v)
}

fn format(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, spec] = p.bind(args, "format", ["", ""], 1)?;
    let spec = spec.unwrap_or(names::EMPTY);
    if p.as_pystr(spec).is_none() {
        let name = p.shown_type(spec);
        return Err(p.type_error(&format!("format() argument 2 must be str, not {name}")));
    }
    p.format(v.unwrap_or(Value::NONE), spec)
}

fn chr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "chr")?;
    let n = p.index_big(v)?;
    let point = u32::try_from(&n).ok().and_then(CodePoint::from_u32);
    let Some(point) = point else {
        return Err(p.value_error("chr() arg not in range(0x110000)"));
    };
    if let Some(c) = point.to_char().filter(char::is_ascii) {
        return Ok(p.ascii_char(c as u8));
    }
    Ok(p.new_wtf8(Wtf8Buf::from_iter([point])))
}

fn ord(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "ord")?;
    let length = match p.heap.object(v) {
        Some(Obj::Str(s)) => match (s.len(), s.char_at(0)) {
            (1, Some(c)) => return Ok(Value::from_i32(c.to_u32() as i32)),
            (n, _) => n,
        },
        Some(Obj::Bytes(b)) if b.len() == 1 => return Ok(Value::from_i32(i32::from(b[0]))),
        Some(Obj::ByteArray(b)) if b.len() == 1 => return Ok(Value::from_i32(i32::from(b[0]))),
        Some(Obj::Bytes(b)) => b.len(),
        Some(Obj::ByteArray(b)) => b.len(),
        _ => {
            let name = p.shown_type(v);
            return Err(p.type_error(&format!("ord() expected string of length 1, but {name} found")));
        }
    };
    Err(p.type_error(&format!(
        "ord() expected a character, but string of length {length} found"
    )))
}

fn in_base(p: &mut Process, args: Args<'_>, name: &'static str, radix: u32, prefix: &str) -> NativeResult {
    let [v] = p.exactly(args, name)?;
    let n = p.index_big(v)?;
    let sign = if n.sign() == Sign::Minus { "-" } else { "" };
    p.check_size(n.bits() / u64::from(radix.ilog2()))?;
    p.charge(linear_ns(n.bits()).saturating_mul(20));
    let digits = n.magnitude().to_str_radix(radix);
    Ok(p.new_str(&format!("{sign}{prefix}{digits}")))
}

fn abs(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "abs")?;
    match p.call_special(v, names::ABS, &[])? {
        Some(result) => Ok(result),
        None => {
            let name = p.shown_type(v);
            Err(p.type_error(&format!("bad operand type for abs(): '{name}'")))
        }
    }
}

fn divmod(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b] = p.exactly(args, "divmod")?;
    p.divmod(a, b)
}

fn pow(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [base, exp, modulus] = p.bind(args, "pow", ["base", "exp", "mod"], 2)?;
    let (base, exp) = (base.unwrap_or(Value::NONE), exp.unwrap_or(Value::NONE));
    match modulus.filter(|m| !m.is_none()) {
        None => p.binary(BinaryOp::Power, base, exp),
        Some(modulus) => p.power3(base, exp, modulus),
    }
}

fn round(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, digits] = p.bind(args, "round", ["number", "ndigits"], 1)?;
    let v = v.unwrap_or(Value::NONE);
    let result = match digits.filter(|d| !d.is_none()) {
        None => p.call_special(v, names::ROUND, &[])?,
        Some(digits) => p.call_special(v, names::ROUND, &[digits])?,
    };
    match result {
        Some(result) => Ok(result),
        None => {
            let name = p.shown_type(v);
            Err(p.type_error(&format!("type {name} doesn't define __round__ method")))
        }
    }
}

/// `dir(v)`; without argument the names of the caller's scope.
fn dir(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.bind(args, "dir", [""], 0)?;
    let found = match v {
        Some(v) => match p.call_special(v, names::DIR, &[])? {
            Some(found) => found,
            None => return Err(p.type_error("object does not provide __dir__")),
        },
        None => {
            let locals = p.caller_locals()?;
            let items = p.list_from_iterable(locals)?;
            p.new_list(items)
        }
    };
    let items = p.list_from_iterable(found)?;
    let list = p.new_list(items);
    let sorted = p.prelude_function("_sorted");
    p.tail_call(sorted, &[list, Value::NONE, Value::FALSE])
}

fn vars(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.bind(args, "vars", [""], 0)?;
    match v {
        None => p.caller_locals(),
        Some(v) => match p.getattr(v, names::DICT) {
            Err(Unwind::Raise(e)) if p.is_instance(e, core::ATTRIBUTE_ERROR) => {
                Err(p.type_error("vars() argument must have __dict__ attribute"))
            }
            other => other,
        },
    }
}

/// The functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("getattr", getattr),
    Native::function("hasattr", hasattr).sig("($module, obj, name, /)"),
    Native::function("setattr", setattr).sig("($module, obj, name, value, /)"),
    Native::function("delattr", delattr).sig("($module, obj, name, /)"),
    Native::function("isinstance", isinstance).sig("($module, obj, class_or_tuple, /)"),
    Native::function("issubclass", issubclass).sig("($module, cls, class_or_tuple, /)"),
    Native::function("callable", callable).sig("($module, obj, /)"),
    Native::function("id", id).sig("($module, obj, /)"),
    Native::function("hash", hash).sig("($module, obj, /)"),
    Native::function("repr", repr).sig("($module, obj, /)"),
    Native::function("ascii", ascii).sig("($module, obj, /)"),
    Native::function("format", format).sig("($module, value, format_spec='', /)"),
    Native::function("chr", chr).sig("($module, i, /)"),
    Native::function("ord", ord).sig("($module, c, /)"),
    Native::function("bin", |p, a| in_base(p, a, "bin", 2, "0b")).sig("($module, number, /)"),
    Native::function("oct", |p, a| in_base(p, a, "oct", 8, "0o")).sig("($module, number, /)"),
    Native::function("hex", |p, a| in_base(p, a, "hex", 16, "0x")).sig("($module, number, /)"),
    Native::function("abs", abs).sig("($module, x, /)"),
    Native::function("divmod", divmod).sig("($module, x, y, /)"),
    Native::function("pow", pow).sig("($module, /, base, exp, mod=None)"),
    Native::function("round", round).sig("($module, /, number, ndigits=None)"),
    Native::function("dir", dir),
    Native::function("vars", vars),
];
