//! `_operator`: the operators as functions, and the getters.

mod getters;

use crate::arguments::fixed;
use heddle_compiler::{BinaryOp, CompareOp};
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

const MODULE_NAME: &str = "_operator";

fn binary(p: &mut Process, args: Args<'_>, name: &str, op: BinaryOp) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, name)?;
    p.binary(op, a, b)
}

fn comparison(p: &mut Process, args: Args<'_>, name: &str, op: CompareOp) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, name)?;
    p.compare(op, a, b)
}

fn one(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let [v] = fixed(p, args, MODULE_NAME, name)?;
    Ok(v)
}

fn identity(p: &mut Process, args: Args<'_>, name: &str, same: bool) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, name)?;
    Ok(Value::from_bool((a == b) == same))
}

/// `a + b` of sequences only.
fn concat(p: &mut Process, args: Args<'_>, name: &str, op: BinaryOp) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, name)?;
    let class = p.type_of(a);
    if p.lookup_in_type(class, names::GETITEM).is_none() || p.as_dict(a).is_some() {
        let shown = p.type_name(a);
        return Err(p.type_error(&format!("'{shown}' object can't be concatenated")));
    }
    p.binary(op, a, b)
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, "contains")?;
    p.contains(a, b).map(Value::from_bool)
}

/// A search through an iterable, by a loop in Python (`loops.py` of the VM).
fn search(p: &mut Process, args: Args<'_>, name: &str, function: &'static str) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, name)?;
    let iterator = match p.get_iter(a) {
        Err(Unwind::Raise(e)) if p.exception_matches(e, core::TYPE_ERROR) => {
            let shown = p.type_name(a);
            return Err(p.type_error(&format!("argument of type '{shown}' is not iterable")));
        }
        other => other?,
    };
    let function = p.prelude_function(function);
    p.tail_call(function, &[iterator, b])
}

fn getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, "getitem")?;
    p.getitem(a, b)
}

fn setitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b, c] = fixed(p, args, MODULE_NAME, "setitem")?;
    p.setitem(a, b, c)?;
    Ok(Value::NONE)
}

fn delitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, "delitem")?;
    p.delitem(a, b)?;
    Ok(Value::NONE)
}

/// `length_hint(obj, default=0)`
fn length_hint(p: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(p.type_error("_operator.length_hint() takes no keyword arguments"));
    }
    let [object, default] = p.bind(args, "length_hint", ["", ""], 1)?;
    let default = match default {
        Some(v) => p.index_value(v)?,
        None => Value::from_i32(0),
    };
    let object = object.unwrap_or(Value::NONE);
    let class = p.type_of(object);
    if p.lookup_in_type(class, names::LEN).is_some() {
        match p.len(object) {
            Ok(n) => return Ok(p.new_int(n as i64)),
            Err(Unwind::Raise(e)) if p.exception_matches(e, core::TYPE_ERROR) => {}
            Err(other) => return Err(other),
        }
    }
    let hint = match p.call_special(object, names::LENGTH_HINT, &[]) {
        Ok(None | Some(Value::NOT_IMPLEMENTED)) => return Ok(default),
        Err(Unwind::Raise(e)) if p.exception_matches(e, core::TYPE_ERROR) => return Ok(default),
        other => other?.unwrap_or(default),
    };
    if !p.is_int(hint) {
        let shown = p.type_name(hint);
        return Err(p.type_error(&format!("__length_hint__ must be an integer, not {shown}")));
    }
    match p.as_i64(hint) {
        Some(n) if n >= 0 => Ok(hint),
        Some(_) => Err(p.value_error("__length_hint__() should return >= 0")),
        None => Err(p.overflow_error("cannot fit 'int' into an index-sized integer")),
    }
}

fn call(p: &mut Process, args: Args<'_>) -> NativeResult {
    match args.get(0) {
        Some(callee) => p.tail_call_kw(callee, args.rest()),
        None => Err(p.type_error("call expected at least 1 argument, got 0")),
    }
}

/// Compares without telling by time where the difference is; here time is virtual, so plainly.
fn compare_digest(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [a, b] = fixed(p, args, MODULE_NAME, "_compare_digest")?;
    let texts = (p.as_pystr(a).cloned(), p.as_pystr(b).cloned());
    if let (Some(a), Some(b)) = texts {
        if !a.is_ascii() || !b.is_ascii() {
            return Err(p.type_error("comparing strings with non-ASCII characters is not supported"));
        }
        return Ok(Value::from_bool(a.bytes() == b.bytes()));
    }
    if !p.is_bytes_like(a) || !p.is_bytes_like(b) {
        let (a, b) = (p.type_name(a), p.type_name(b));
        return Err(p.type_error(&format!(
            "unsupported operand types(s) or combination of types: '{a}' and '{b}'"
        )));
    }
    let (a, b) = (p.buffer_bytes(a)?, p.buffer_bytes(b)?);
    Ok(Value::from_bool(a == b))
}

macro_rules! binary_functions {
    ($($name:literal $op:ident),* $(,)?) => {
        &[$(Native::function($name, |p, args| binary(p, args, $name, BinaryOp::$op)).sig("($module, a, b, /)")),*]
    };
}

const BINARY: &[Native] = binary_functions![
    "add" Add, "and_" And, "floordiv" FloorDivide, "lshift" Lshift, "matmul" MatrixMultiply, "mod" Remainder, "mul" Multiply, "or_" Or,
    "pow" Power, "rshift" Rshift, "sub" Subtract, "truediv" TrueDivide, "xor" Xor, "iadd" InplaceAdd, "iand" InplaceAnd,
    "ifloordiv" InplaceFloorDivide, "ilshift" InplaceLshift, "imatmul" InplaceMatrixMultiply, "imod" InplaceRemainder,
    "imul" InplaceMultiply, "ior" InplaceOr, "ipow" InplacePower, "irshift" InplaceRshift, "isub" InplaceSubtract,
    "itruediv" InplaceTrueDivide, "ixor" InplaceXor,
];

const OTHERS: &[Native] = &[
    Native::function("lt", |p, a| comparison(p, a, "lt", CompareOp::Lt)).sig("($module, a, b, /)"),
    Native::function("le", |p, a| comparison(p, a, "le", CompareOp::Le)).sig("($module, a, b, /)"),
    Native::function("eq", |p, a| comparison(p, a, "eq", CompareOp::Eq)).sig("($module, a, b, /)"),
    Native::function("ne", |p, a| comparison(p, a, "ne", CompareOp::Ne)).sig("($module, a, b, /)"),
    Native::function("ge", |p, a| comparison(p, a, "ge", CompareOp::Ge)).sig("($module, a, b, /)"),
    Native::function("gt", |p, a| comparison(p, a, "gt", CompareOp::Gt)).sig("($module, a, b, /)"),
    Native::function("not_", |p, a| {
        let v = one(p, a, "not_")?;
        Ok(Value::from_bool(!p.truth(v)?))
    })
    .sig("($module, a, /)"),
    Native::function("truth", |p, a| {
        let v = one(p, a, "truth")?;
        p.truth(v).map(Value::from_bool)
    })
    .sig("($module, a, /)"),
    Native::function("is_", |p, a| identity(p, a, "is_", true)).sig("($module, a, b, /)"),
    Native::function("is_not", |p, a| identity(p, a, "is_not", false)).sig("($module, a, b, /)"),
    Native::function("is_none", |p, a| Ok(Value::from_bool(one(p, a, "is_none")?.is_none()))).sig("($module, a, /)"),
    Native::function("is_not_none", |p, a| {
        Ok(Value::from_bool(!one(p, a, "is_not_none")?.is_none()))
    })
    .sig("($module, a, /)"),
    Native::function("abs", |p, a| {
        let v = one(p, a, "abs")?;
        p.absolute(v)
    })
    .sig("($module, a, /)"),
    Native::function("neg", |p, a| {
        let v = one(p, a, "neg")?;
        p.unary_negative(v)
    })
    .sig("($module, a, /)"),
    Native::function("pos", |p, a| {
        let v = one(p, a, "pos")?;
        p.unary_positive(v)
    })
    .sig("($module, a, /)"),
    Native::function("inv", |p, a| {
        let v = one(p, a, "inv")?;
        p.unary_invert(v)
    })
    .sig("($module, a, /)"),
    Native::function("invert", |p, a| {
        let v = one(p, a, "invert")?;
        p.unary_invert(v)
    })
    .sig("($module, a, /)"),
    Native::function("index", |p, a| {
        let v = one(p, a, "index")?;
        let n = p.index_value(v)?;
        Ok(p.plain_int(n))
    })
    .sig("($module, a, /)"),
    Native::function("concat", |p, a| concat(p, a, "concat", BinaryOp::Add)).sig("($module, a, b, /)"),
    Native::function("iconcat", |p, a| concat(p, a, "iconcat", BinaryOp::InplaceAdd)).sig("($module, a, b, /)"),
    Native::function("contains", contains).sig("($module, a, b, /)"),
    Native::function("countOf", |p, a| search(p, a, "countOf", "_count_of")).sig("($module, a, b, /)"),
    Native::function("indexOf", |p, a| search(p, a, "indexOf", "_index_of")).sig("($module, a, b, /)"),
    Native::function("getitem", getitem).sig("($module, a, b, /)"),
    Native::function("setitem", setitem).sig("($module, a, b, c, /)"),
    Native::function("delitem", delitem).sig("($module, a, b, /)"),
    Native::function("length_hint", length_hint).sig("($module, obj, default=0, /)"),
    Native::function("call", call).sig("($module, obj, /, *args, **kwargs)"),
    Native::function("_compare_digest", compare_digest).sig("($module, a, b, /)"),
];

const fn joined<const N: usize>(a: &[Native], b: &[Native]) -> [Native; N] {
    const NOTHING: Native = Native::function("", |_, _| Ok(Value::NONE));
    let mut all = [NOTHING; N];
    let mut i = 0;
    while i < N {
        all[i] = if i < a.len() { a[i] } else { b[i - a.len()] };
        i += 1;
    }
    all
}

static FUNCTIONS: [Native; BINARY.len() + OTHERS.len()] = joined(BINARY, OTHERS);

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: MODULE_NAME,
    doc: "Operator interface.",
    functions: &FUNCTIONS,
    types: &[&getters::ITEMGETTER, &getters::ATTRGETTER, &getters::METHODCALLER],
    init: None,
};
