//! Calls of streams that may be written in Python, and the exceptions that all streams raise.

use heddle_vm::function::Args;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{TypeDef, core};
use heddle_vm::value::Value;

/// Is the value an instance of exactly this native type, not of a class derived from it?
pub fn is_exactly(p: &Process, v: Value, def: &'static TypeDef) -> bool {
    p.class(v).def.is_some_and(|own| std::ptr::eq(own, def))
}

/// Calls a method by its name.
pub fn method(p: &mut Process, v: Value, name: &str, args: &[Value]) -> NativeResult {
    let name = p.intern(name);
    let function = p.getattr(v, name)?;
    p.call(function, args)
}

/// `io.UnsupportedOperation(message)`
pub fn unsupported(p: &mut Process, message: &str) -> Unwind {
    let class = p
        .module_state
        .get(super::STATE)
        .and_then(|values| values.first().copied())
        .unwrap_or(core::OS_ERROR);
    p.error(class, message)
}

/// The truth of an attribute such as `closed`. Logged, because what is called later may change it.
pub fn flag(p: &mut Process, v: Value, name: &str) -> NativeResult<bool> {
    let flag = p.scope(|p| {
        let value = p.getattr_text(v, name)?;
        p.truth(value).map(Value::from_bool)
    })?;
    Ok(flag == Value::TRUE)
}

/// The truth of what a method such as `readable()` says.
pub fn says(p: &mut Process, v: Value, name: &str) -> NativeResult<bool> {
    let value = method(p, v, name, &[])?;
    p.truth(value)
}

/// ValueError when `v.closed`.
pub fn check_open(p: &mut Process, v: Value, message: &str) -> NativeResult<()> {
    if flag(p, v, "closed")? {
        return Err(p.value_error(message));
    }
    Ok(())
}

/// UnsupportedOperation unless `v.readable()`, `v.writable()` or `v.seekable()`.
pub fn check_able(p: &mut Process, v: Value, ability: &str) -> NativeResult<()> {
    if method(p, v, ability, &[])? != Value::TRUE {
        return Err(unsupported(p, &format!("File or stream is not {ability}.")));
    }
    Ok(())
}

/// A size argument: an int, or None or nothing for -1.
pub fn size(p: &mut Process, v: Option<Value>) -> NativeResult<i64> {
    match v {
        Some(v) if !v.is_none() => {
            if !p.is_int(v) && p.lookup_in_type(p.type_of(v), heddle_vm::names::INDEX).is_none() {
                let name = p.type_name(v);
                return Err(p.type_error(&format!("argument should be integer or None, not '{name}'")));
            }
            p.index_i64(v)
        }
        _ => Ok(-1),
    }
}

/// The one optional size of a method; answers the instance and the size.
pub fn one_size(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<(Value, i64)> {
    let [given] = p.bind(args.rest(), name, [""], 0)?;
    Ok((args.this(), size(p, given)?))
}

/// Length of a buffer to be read into; TypeError if it cannot be written to.
pub fn room(p: &mut Process, v: Value, function: &str) -> NativeResult<usize> {
    if let Some(length) = p.writable_len(v) {
        return Ok(length);
    }
    let name = p.type_name(v);
    Err(p.type_error(&format!(
        "{function}() argument must be read-write bytes-like object, not {name}"
    )))
}

/// Copies to the front of a buffer; the number of bytes.
pub fn fill(p: &mut Process, v: Value, bytes: &[u8]) -> NativeResult {
    let count = bytes.len().min(p.writable_len(v).unwrap_or(0));
    p.write_buffer(v, 0, &bytes[..count])?;
    Ok(p.new_int(count as i64))
}

/// A `bytes` result of a stream below; TypeError naming the method for anything else.
pub fn expect_bytes(p: &mut Process, v: Value, method: &str) -> NativeResult<Vec<u8>> {
    match p.as_bytes(v) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(p.type_error(&format!("{method}() should return bytes"))),
    }
}

/// Sets an attribute of the object itself, past its class.
pub fn set_own(p: &mut Process, v: Value, name: &str, value: Value) {
    let name = p.intern(name);
    p.set_own_attribute(v, name, value);
}

/// An attribute of the object itself.
pub fn own(p: &mut Process, v: Value, name: &str) -> Option<Value> {
    let name = p.intern(name);
    p.own_attribute(v, name)
}

/// A ResourceWarning about `source`, which nobody closed. Nothing has to be done while nobody has asked for warnings: they are ignored
/// unless `warnings` was told otherwise.
pub fn warn_unclosed(p: &mut Process, source: Value) -> NativeResult<()> {
    let name = p.intern("warnings");
    let Some(warnings) = p.dict_get_str(p.modules, name) else {
        return Ok(());
    };
    let result = p.scope(|p| {
        let shown = p.repr_text(source)?;
        let message = p.new_str(&format!("unclosed file {shown}"));
        let warn = p.getattr_text(warnings, "warn")?;
        p.call(warn, &[message, core::RESOURCE_WARNING, Value::from_i32(1), source])
    });
    match result {
        Err(Unwind::Raise(e)) => p.report_unraisable(e, "", source),
        other => other.map(|_| ()),
    }
}

/// `warnings.warn(text, category)`, from the line of Python that runs.
pub fn warn(p: &mut Process, text: &str, category: Value) -> NativeResult<()> {
    let warnings = p.import_module("warnings")?;
    let warn = p.getattr_text(warnings, "warn")?;
    let text = p.new_str(text);
    p.call(warn, &[text, category, Value::from_i32(1)]).map(|_| ())
}

/// What closing comes to after a flush before it: the second exception has the first as its context.
pub fn both(p: &mut Process, first: NativeResult, second: NativeResult) -> NativeResult {
    match (first, second) {
        (Err(Unwind::Raise(first)), Err(Unwind::Raise(second))) => {
            if first != second {
                p.set_exception_link(second, first, |e| &mut e.context);
            }
            Err(Unwind::Raise(second))
        }
        (first, Ok(v)) => first.map(|_| v),
        (_, second) => second,
    }
}

/// A result that is there, be it an exception.
pub fn settled(result: NativeResult) -> NativeResult<NativeResult> {
    match result {
        Err(Unwind::Pending(pending)) => Err(Unwind::Pending(pending)),
        other => Ok(other),
    }
}

/// `__reduce_ex__` and its like: streams cannot be pickled.
pub fn no_pickle(p: &mut Process, args: Args<'_>) -> NativeResult {
    let name = p.type_name(args.this());
    Err(p.type_error(&format!("cannot pickle '{name}' instances")))
}

/// `<_io.Class name='x'>`, or without the name when there is none.
pub fn named_repr(p: &mut Process, this: Value) -> NativeResult {
    let class = p.dotted_type_name(p.type_of(this));
    let name = p.intern("name");
    let shown = match p.getattr_opt(this, name) {
        Ok(Some(name)) => Some(p.repr_text(name)?),
        Ok(None) => None,
        Err(Unwind::Raise(e)) if p.exception_matches(e, core::VALUE_ERROR) => None,
        Err(other) => return Err(other),
    };
    Ok(match shown {
        Some(name) => p.new_str(&format!("<{class} name={name}>")),
        None => p.new_str(&format!("<{class}>")),
    })
}
