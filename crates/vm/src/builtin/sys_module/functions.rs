//! Functions of `sys` that are not about frames.

use crate::contract::SystemCall;
use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

fn exit(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [status] = p.bind(args, "exit", [""], 0)?;
    let arguments = match status {
        None => Vec::new(),
        Some(v) if v.is_none() => Vec::new(),
        Some(v) => match p.as_tuple(v) {
            Some(items) => items.to_vec(),
            None => vec![v],
        },
    };
    let arguments = p.new_tuple(arguments);
    let arguments = p.as_tuple(arguments).map_or_else(Vec::new, <[Value]>::to_vec);
    let e = p.call(core::SYSTEM_EXIT, &arguments)?;
    Err(Unwind::Raise(e))
}

fn intern(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "intern")?;
    if !p.is_exact(v, core::STR) {
        let name = p.type_name(v);
        return Err(p.type_error(&format!("can't intern {name}")));
    }
    Ok(p.intern_value(v))
}

fn getrecursionlimit(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "getrecursionlimit")?;
    let limit = p.recursion_limit;
    Ok(p.new_int(i64::from(limit)))
}

fn setrecursionlimit(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [limit] = p.exactly(args, "setrecursionlimit")?;
    let limit = p.index_i64(limit)?;
    if limit < 1 {
        return Err(p.value_error("recursion limit must be greater or equal than 1"));
    }
    if limit <= i64::from(p.depth) {
        let message = format!(
            "cannot set the recursion limit to {limit} at the recursion depth {}: the limit is too low",
            p.depth
        );
        return Err(p.error(core::RECURSION_ERROR, &message));
    }
    // Frames are data here; the bound only keeps a runaway recursion from filling the memory.
    p.recursion_limit = limit.min(200_000) as u32;
    Ok(Value::NONE)
}

fn getsizeof(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v, _default] = p.bind(args, "getsizeof", ["object", "default"], 1)?;
    let v = v.unwrap_or(Value::NONE);
    let size = match p.heap.object(v) {
        Some(
            object @ (Obj::Str(_)
            | Obj::Bytes(_)
            | Obj::Wide(_)
            | Obj::Long(_)
            | Obj::Int(_)
            | Obj::Tuple(_)
            | Obj::List(_)
            | Obj::Dict(_)
            | Obj::Set(_)),
        ) => crate::heap::model_size(object) as i64,
        None => immediate_size(p, v),
        Some(_) => match p.call_special(v, names::SIZEOF, &[])? {
            Some(n) => p.index_i64(n)? + 16,
            None => 64,
        },
    };
    Ok(p.new_int(size))
}

/// What CPython's object takes of a value that is none here, bytes.
fn immediate_size(p: &Process, v: Value) -> i64 {
    match p.as_i128(v) {
        Some(n) => crate::heap::model_size(&Obj::wide(n)).max(28) as i64,
        None if p.as_float(v).is_some() => 24,
        // `None`, `...`, `NotImplemented`.
        None => 16,
    }
}

/// The stored references and the argument's own, as CPython counts.
fn getrefcount(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "getrefcount")?;
    let n = if v.is_heap() {
        i64::from(p.heap.header(v).count)
    } else {
        i64::from(u32::MAX)
    };
    Ok(p.new_int(n))
}

fn getswitchinterval(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "getswitchinterval")?;
    let seconds = p.switch_interval_ns as f64 / 1e9;
    Ok(p.new_float(seconds))
}

fn setswitchinterval(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "setswitchinterval")?;
    let seconds = p.float_of(v)?;
    if seconds.is_nan() || seconds <= 0.0 {
        return Err(p.value_error("switch interval must be strictly positive"));
    }
    let interval_ns = ((seconds * 1e9) as u64).max(1);
    p.switch_interval_ns = interval_ns;
    p.system_call(SystemCall::SetSwitchInterval { interval_ns })?;
    Ok(Value::NONE)
}

/// Python 2's `sys.getcheckinterval`.
fn getcheckinterval(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "getcheckinterval")?;
    Ok(Value::from_i32(p.check_interval as i32))
}

/// Python 2's `sys.setcheckinterval`: zero and less mean every tick.
fn setcheckinterval(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "setcheckinterval")?;
    let ticks = p.index_i64(v)?.clamp(1, i64::from(i32::MAX)) as u32;
    p.check_interval = ticks;
    p.system_call(SystemCall::SetCheckInterval { ticks })?;
    Ok(Value::NONE)
}

/// What only Python 2 has.
pub static TICKS: &[Native] = &[
    Native::function("getcheckinterval", getcheckinterval),
    Native::function("setcheckinterval", setcheckinterval),
];

fn is_finalizing(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "is_finalizing")?;
    Ok(Value::from_bool(p.finalizing))
}

fn constant_text(p: &mut Process, args: Args<'_>, name: &str, text: &str) -> NativeResult {
    p.exactly::<0>(args, name)?;
    Ok(p.intern(text))
}

/// 0 for no limit, or at least 640.
fn set_max_str_digits(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [limit] = p.bind(args, "set_int_max_str_digits", ["maxdigits"], 1)?;
    let limit = p.index_i64(limit.unwrap_or(Value::NONE))?;
    match i32::try_from(limit) {
        Ok(limit) if limit == 0 || limit >= 640 => {
            p.set_int_max_str_digits(limit);
            Ok(Value::NONE)
        }
        _ => Err(p.value_error("maxdigits must be 0 or larger than 640")),
    }
}

fn max_str_digits(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_int_max_str_digits")?;
    let limit = p.int_max_str_digits();
    Ok(p.new_int(limit))
}

/// `addaudithook(hook)`: no hook would be called, so none is taken.
fn add_audit_hook(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.bind(args, "addaudithook", ["hook"], 1)?;
    Err(p.not_supported("sys.addaudithook"))
}

fn nothing(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::NONE)
}

/// `displayhook`: shows a value in interactive code.
fn displayhook(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "displayhook")?;
    if v.is_none() {
        return Ok(Value::NONE);
    }
    let text = p.repr(v)?;
    let print = p.dict_get_str_text(p.builtins, "print").unwrap_or(Value::NONE);
    p.call(print, &[text])?;
    let underscore = p.intern("_");
    let builtins = p.builtins;
    p.dict_set_str(builtins, underscore, v);
    Ok(Value::NONE)
}

/// `excepthook(type, value, traceback)`
fn excepthook(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [_kind, value, _traceback] = p.exactly(args, "excepthook")?;
    let text = p.format_exception(value)?;
    let Some(stderr) = p.dict_get_str(p.sys, names::STDERR).filter(|v| !v.is_none()) else {
        return Ok(Value::NONE);
    };
    let text = p.new_str(&text);
    let write = p.getattr(stderr, names::WRITE)?;
    p.call(write, &[text])?;
    let flush = p.getattr(stderr, names::FLUSH)?;
    p.call(flush, &[])
}

impl Process {
    /// The value under a name in a namespace.
    pub fn dict_get_str_text(&mut self, dict: Value, name: &str) -> Option<Value> {
        let name = self.intern(name);
        self.dict_get_str(dict, name)
    }
}

/// `None`: the number of CPUs is what `os` finds.
pub static FUNCTIONS: &[Native] = &[
    Native::function("exit", exit).sig("($module, status=None, /)"),
    Native::function("intern", intern).sig("($module, string, /)"),
    Native::function("getrecursionlimit", getrecursionlimit).sig("($module, /)"),
    Native::function("setrecursionlimit", setrecursionlimit).sig("($module, limit, /)"),
    Native::function("getsizeof", getsizeof),
    Native::function("getrefcount", getrefcount).sig("($module, object, /)"),
    Native::function("getswitchinterval", getswitchinterval).sig("($module, /)"),
    Native::function("setswitchinterval", setswitchinterval).sig("($module, interval, /)"),
    Native::function("is_finalizing", is_finalizing).sig("($module, /)"),
    Native::function("getdefaultencoding", |p, a| {
        constant_text(p, a, "getdefaultencoding", "utf-8")
    })
    .sig("($module, /)"),
    Native::function("getfilesystemencoding", |p, a| {
        constant_text(p, a, "getfilesystemencoding", "utf-8")
    })
    .sig("($module, /)"),
    Native::function("getfilesystemencodeerrors", |p, a| {
        constant_text(p, a, "getfilesystemencodeerrors", "surrogateescape")
    })
    .sig("($module, /)"),
    Native::function("get_int_max_str_digits", max_str_digits).sig("($module, /)"),
    Native::function("set_int_max_str_digits", set_max_str_digits).sig("($module, /, maxdigits)"),
    Native::function("audit", nothing),
    Native::function("addaudithook", add_audit_hook).sig("($module, hook)"),
    Native::function("_get_cpu_count_config", |_, _| Ok(Value::from_i32(-1))),
    Native::function("_clear_type_descriptors", clear_type_descriptors),
    Native::function("_is_gil_enabled", |p, _| Ok(Value::from_bool(p.config.rules.gil))),
    Native::function("_is_interned", is_interned),
    Native::function("displayhook", displayhook).sig("($module, object, /)"),
    Native::function("__displayhook__", displayhook),
    Native::function("excepthook", excepthook).sig("($module, exctype, value, traceback, /)"),
    Native::function("__excepthook__", excepthook),
];

/// Takes `__dict__` and `__weakref__` out of a class that `dataclass(slots=True)` throws away.
fn clear_type_descriptors(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class] = p.exactly(args, "_clear_type_descriptors")?;
    for name in [names::DICT, names::WEAKREF] {
        p.type_remove(class, name);
    }
    p.type_modified(class);
    Ok(Value::NONE)
}

fn is_interned(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "_is_interned")?;
    Ok(Value::from_bool(
        v.is_heap() && p.heap.header(v).flags & crate::heap::flags::INTERNED != 0,
    ))
}
