//! Exceptions with a few plain fields: StopIteration, SystemExit, AttributeError, NameError, ImportError, KeyError.

use super::base::{no_keywords, set_args};
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

/// Reads (or with a second argument writes) field `i`, None when unset.
pub fn field(vm: &mut Process, args: Args<'_>, i: usize) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => {
            let v = vm.exception_field(this, i);
            Ok(if v.is_null() { Value::NONE } else { v })
        }
        Some(value) => {
            vm.put_exception_field(this, i, value);
            Ok(Value::NONE)
        }
    }
}

/// Names a getter and setter of field number `i`.
macro_rules! accessors {
    ($($function:ident $i:literal;)*) => {
        $(pub(super) fn $function(vm: &mut Process, args: Args<'_>) -> NativeResult {
            field(vm, args, $i)
        })*
    };
}

accessors! { first 0; second 1; third 2; fourth 3; }

// ---- StopIteration, SystemExit ----

fn stop_iteration_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    no_keywords(vm, args)?;
    let rest = args.rest();
    set_args(vm, args.this(), rest.pos);
    let value = rest.pos.first().copied().unwrap_or(Value::NONE);
    vm.put_exception_field(args.this(), 0, value);
    Ok(Value::NONE)
}

fn system_exit_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    no_keywords(vm, args)?;
    let rest = args.rest();
    set_args(vm, args.this(), rest.pos);
    let code = match *rest.pos {
        [] => Value::NONE,
        [one] => one,
        _ => vm.new_tuple(rest.pos.to_vec()),
    };
    vm.put_exception_field(args.this(), 0, code);
    Ok(Value::NONE)
}

/// `StopIteration`
pub static STOP_ITERATION: &[Native] = &[
    Native::method("__init__", stop_iteration_init).sig("($self, /, *args, **kwargs)"),
    Native::getset("value", first),
];
/// `SystemExit`
pub static SYSTEM_EXIT: &[Native] = &[
    Native::method("__init__", system_exit_init).sig("($self, /, *args, **kwargs)"),
    Native::getset("code", first),
];

// ---- AttributeError, NameError ----

/// `__init__` of exceptions that take some keywords beside their arguments.
fn init_with(vm: &mut Process, args: Args<'_>, keywords: &[&str]) -> NativeResult {
    let this = args.this();
    set_args(vm, this, args.rest().pos);
    for &(key, value) in args.kw {
        let text = vm.text(key);
        match keywords.iter().position(|k| *k == text) {
            Some(i) => vm.put_exception_field(this, i, value),
            None => {
                let name = vm.type_name(this);
                return Err(vm.type_error(&format!("{name}() got an unexpected keyword argument '{text}'")));
            }
        }
    }
    Ok(Value::NONE)
}

fn attribute_error_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    init_with(vm, args, &["name", "obj"])
}

fn name_error_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    init_with(vm, args, &["name"])
}

fn attribute_error_reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    reduce_with_fields(vm, args.this(), &[("name", 0)], true)
}

fn import_error_reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    reduce_with_fields(vm, args.this(), &[("name", 0), ("path", 1), ("name_from", 3)], false)
}

/// Class, arguments, and a state of the instance's own attributes and of fields that are set; an empty state is left out unless `always`.
fn reduce_with_fields(vm: &mut Process, this: Value, fields: &[(&str, usize)], always: bool) -> NativeResult {
    let given = vm.as_exception(this).map_or(Value::NONE, |e| e.args);
    let class = vm.type_of(this);
    let state = vm.new_dict();
    let own: Vec<(Value, Value)> = vm
        .existing_dict(this)
        .and_then(|d| vm.as_dict(d))
        .map(|d| d.iter().map(|e| (e.key, e.value)).collect())
        .unwrap_or_default();
    for (key, value) in own {
        vm.dict_set_str(state, key, value);
    }
    for &(name, i) in fields {
        let value = vm.exception_field(this, i);
        if !value.is_null() {
            let name = vm.intern(name);
            vm.dict_set_str(state, name, value);
        }
    }
    if !always && vm.as_dict(state).is_some_and(|d| d.is_empty()) {
        return Ok(vm.new_tuple(vec![class, given]));
    }
    Ok(vm.new_tuple(vec![class, given, state]))
}

/// `AttributeError`
pub static ATTRIBUTE_ERROR: &[Native] = &[
    Native::method("__init__", attribute_error_init).sig("($self, /, *args, **kwargs)"),
    Native::method("__reduce__", attribute_error_reduce),
    Native::getset("name", first),
    Native::getset("obj", second),
];
/// `NameError`
pub static NAME_ERROR: &[Native] = &[
    Native::method("__init__", name_error_init).sig("($self, /, *args, **kwargs)"),
    Native::getset("name", first),
];

// ---- ImportError: name, path, msg, name_from ----

fn import_error_init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let rest = args.rest();
    set_args(vm, this, rest.pos);
    (0..4).for_each(|i| vm.put_exception_field(this, i, Value::NULL));
    if let [message] = *rest.pos {
        vm.put_exception_field(this, 2, message);
    }
    for &(key, value) in args.kw {
        let text = vm.text(key);
        let at = match text.as_str() {
            "name" => 0,
            "path" => 1,
            "name_from" => 3,
            _ => {
                let name = vm.type_name(this);
                return Err(vm.type_error(&format!("{name}() got an unexpected keyword argument '{text}'")));
            }
        };
        vm.put_exception_field(this, at, value);
    }
    Ok(Value::NONE)
}

fn import_error_str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let message = vm.exception_field(args.this(), 2);
    if vm.as_pystr(message).is_some() {
        return Ok(message);
    }
    vm.exception_text(args.this())
}

/// `ImportError`
pub static IMPORT_ERROR: &[Native] = &[
    Native::method("__init__", import_error_init).sig("($self, /, *args, **kwargs)"),
    Native::method("__str__", import_error_str).sig("($self, /)"),
    Native::method("__reduce__", import_error_reduce),
    Native::getset("name", first),
    Native::getset("path", second),
    Native::getset("msg", third),
    Native::getset("name_from", fourth),
];

// ---- KeyError ----

fn key_error_str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = vm.as_exception(this).map_or(Value::NONE, |e| e.args);
    if let Some(&[key]) = vm.as_tuple(given) {
        return vm.repr(key);
    }
    vm.exception_text(this)
}

/// `KeyError`
pub static KEY_ERROR: &[Native] = &[Native::method("__str__", key_error_str).sig("($self, /)")];
