//! `_thread`: what `threading` stands on. Threads, locks and clocks belong to the computer; this module turns calls into its requests.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

pub mod handles;
pub mod local;
pub mod locks;
pub mod start;

/// Longest timeout, s: what fits CPython's nanoseconds in 64 bits.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// A timeout argument in seconds as a deadline of the virtual clock, ns; None for "for ever" (None or negative).
pub fn deadline(p: &mut Process, timeout: Value) -> NativeResult<Option<u64>> {
    if timeout.is_none() {
        return Ok(None);
    }
    let seconds = crate::time::duration_of(p, timeout)?;
    if seconds > TIMEOUT_MAX {
        return Err(p.overflow_error("timeout value is too large"));
    }
    if seconds < 0.0 {
        return Ok(None);
    }
    Ok(Some(p.clock_ns().saturating_add((seconds * 1e9).ceil() as u64)))
}

fn get_ident(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_ident")?;
    let ident = p.threads[p.current as usize].ident;
    Ok(p.new_int(ident as i64))
}

/// The number Linux would show: the process's id for main, then counting on.
fn get_native_id(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_native_id")?;
    Ok(p.new_int(i64::from(p.config.pid) + i64::from(p.current)))
}

fn main_ident(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_get_main_thread_ident")?;
    let ident = p.threads[0].ident;
    Ok(p.new_int(ident as i64))
}

fn is_main_interpreter(p: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(p.interpreter == 0))
}

fn daemon_threads_allowed(p: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(p.allowed.daemon_threads))
}

/// Threads have no stack of the machine's here; the size is checked and forgotten as CPython's default is.
fn stack_size(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [size] = p.bind(args, "stack_size", [""], 0)?;
    let old = p.module_state.get(STACK_SIZE).and_then(|state| state.first()).copied();
    // Without an argument CPython sets it too, to 0.
    let size = size.map_or(Ok(0), |size| p.index_i64(size))?;
    if size < 0 {
        return Err(p.value_error("size must be 0 or a positive value"));
    }
    if size != 0 && size < 32768 {
        let message = format!("size not valid: {size} bytes");
        return Err(p.value_error(&message));
    }
    let size = p.new_int(size);
    p.heap.incref(size);
    p.module_state.insert(STACK_SIZE, vec![size]);
    if let Some(old) = old {
        p.heap.decref(old);
    }
    Ok(old.unwrap_or(Value::from_i32(0)))
}

/// Where the module keeps what `stack_size` was given; simulated stacks have no size.
const STACK_SIZE: &str = "_thread.stack_size";

/// Number of threads started by this module that have not ended.
fn count(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_count")?;
    let n = p.threads.iter().skip(1).filter(|t| !t.ended && !t.visiting).count();
    Ok(p.new_int(n as i64))
}

fn set_name(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.exactly(args, "set_name")?;
    let name = p.text(name);
    p.name_current_thread(name);
    Ok(Value::NONE)
}

/// What a signal to the process does. Without `signal` there are only the handlers the process was started with.
fn interrupt_main(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [signal] = p.bind(args, "interrupt_main", ["signum"], 0)?;
    let signal = signal.unwrap_or(Value::from_i32(2));
    let name = p.intern("_signal");
    if let Some(module) = p.loaded_module(name) {
        let name = p.intern("_interrupt");
        let deliver = p.getattr(module, name)?;
        return p.tail_call(deliver, &[signal]);
    }
    match signal.as_small() {
        Some(2) => keyboard_interrupt(p),
        Some(1..65) => Ok(Value::NONE),
        _ => Err(p.value_error("signal number out of range")),
    }
}

/// KeyboardInterrupt in the main thread: at once, or before its next instruction.
fn keyboard_interrupt(p: &mut Process) -> NativeResult {
    if p.current == 0 {
        let e = p.new_exception(core::KEYBOARD_INTERRUPT, Vec::new());
        return Err(Unwind::Raise(e));
    }
    p.trip(heddle_vm::signals::SIGINT);
    Ok(Value::NONE)
}

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let max = p.new_float(TIMEOUT_MAX);
    let error = core::RUNTIME_ERROR;
    let lock = p.native_type(&locks::LOCK);
    for (name, value) in [("TIMEOUT_MAX", max), ("error", error), ("LockType", lock)] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, value);
    }
    start::add_hook_arguments(p, dict)
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_thread",
    doc: "This module provides primitive operations to write multi-threaded programs.",
    functions: &[
        Native::function("allocate_lock", locks::allocate_lock),
        Native::function("allocate", locks::allocate_lock),
        Native::function("get_ident", get_ident),
        Native::function("get_native_id", get_native_id),
        Native::function("_get_main_thread_ident", main_ident),
        Native::function("_is_main_interpreter", is_main_interpreter).sig("($module, /)"),
        Native::function("daemon_threads_allowed", daemon_threads_allowed).sig("($module, /)"),
        Native::function("stack_size", stack_size),
        Native::function("_count", count),
        Native::function("set_name", set_name),
        Native::function("interrupt_main", interrupt_main),
        Native::function("start_joinable_thread", start::start_joinable_thread),
        Native::function("start_new_thread", start::start_new_thread),
        Native::function("start_new", start::start_new_thread),
        Native::function("exit", start::exit),
        Native::function("exit_thread", start::exit),
        Native::function("_shutdown", start::shutdown),
        Native::function("_excepthook", start::excepthook),
        Native::function("_make_thread_handle", handles::make_thread_handle),
    ],
    types: &[&locks::LOCK, &locks::RLOCK, &local::LOCAL, &handles::HANDLE],
    init: Some(init),
};
