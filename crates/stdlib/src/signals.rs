//! `_signals`: signals and interval timers of the process, on plain numbers; `prelude/_signal.py` makes of them the module that programs know.

use heddle_vm::contract::{Resume, SignalAction, SignalCall, SystemCall};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

/// Asks the computer; what fails is an OSError.
fn ask(p: &mut Process, call: SignalCall) -> NativeResult<Resume> {
    match p.system_call(SystemCall::Signal(call))? {
        Resume::Error(errno) => Err(p.os_error(errno, None)),
        answer => Ok(answer),
    }
}

/// The number of a signal, 1 to 64.
fn signal_of(p: &mut Process, v: Value) -> NativeResult<u8> {
    match p.index_i64(v)? {
        n @ 1..=64 => Ok(n as u8),
        _ => Err(p.value_error("signal number out of range")),
    }
}

/// A set of signals as an int of 64 bits.
fn set_of(p: &mut Process, v: Value) -> NativeResult<u64> {
    Ok(p.index_i64(v)?.cast_unsigned())
}

/// Seconds as nanoseconds: a duration that is not negative.
fn ns_of(p: &mut Process, v: Value) -> NativeResult<u64> {
    let seconds = crate::time::duration_of(p, v)?;
    Ok((seconds.max(0.0) * 1e9).round() as u64)
}

/// `action(signal, what)`: 0 is the default, 1 ignores, 2 has a handler.
fn action(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [signal, what] = p.exactly(args, "action")?;
    let signal = signal_of(p, signal)?;
    let action = match p.index_i64(what)? {
        0 => SignalAction::Default,
        1 => SignalAction::Ignore,
        _ => SignalAction::Catch,
    };
    ask(p, SignalCall::Action { signal, action })?;
    Ok(Value::NONE)
}

/// `send(signal, identifier of a thread or None)`
fn send(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [signal, ident] = p.exactly(args, "send")?;
    let signal = signal_of(p, signal)?;
    let thread = if ident.is_none() {
        None
    } else {
        Some(thread_of(p, ident)?)
    };
    ask(p, SignalCall::Send { signal, thread })?;
    Ok(Value::NONE)
}

fn thread_of(p: &mut Process, ident: Value) -> NativeResult<u32> {
    let n = p.index_i64(ident)?;
    match p.thread_by_ident(n.cast_unsigned()) {
        Some(thread) => Ok(thread),
        None => Err(p.os_error(heddle_vm::errno::ESRCH, None)),
    }
}

/// `exists(identifier)`: OSError where there is no such thread.
fn exists(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [ident] = p.exactly(args, "exists")?;
    thread_of(p, ident)?;
    Ok(Value::NONE)
}

/// `timer(which, None or (seconds, interval))`: what was left, and the interval, in seconds.
fn timer(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [which, set] = p.exactly(args, "timer")?;
    let which = p.index_i64(which)?.clamp(0, 255) as u8;
    let set = match p.as_tuple(set).map(<[Value]>::to_vec).as_deref() {
        Some(&[value, interval]) => Some((ns_of(p, value)?, ns_of(p, interval)?)),
        _ => None,
    };
    match ask(p, SignalCall::Timer { which, set })? {
        Resume::Times(left, interval) => {
            // Microseconds are what POSIX has here.
            let parts = [left.div_ceil(1_000), interval.div_ceil(1_000)];
            let parts = parts.map(|us| p.new_float(us as f64 / 1e6)).to_vec();
            Ok(p.new_tuple(parts))
        }
        other => Err(p.system_error(&format!("a timer answered {other:?}"))),
    }
}

fn bits(p: &mut Process, call: SignalCall) -> NativeResult {
    match ask(p, call)? {
        Resume::Int(bits) => Ok(p.new_int(bits)),
        Resume::TimedOut => Ok(Value::from_i32(0)),
        other => Err(p.system_error(&format!("signals answered {other:?}"))),
    }
}

/// `mask(None or set)`: the set before.
fn mask(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [set] = p.exactly(args, "mask")?;
    let set = if set.is_none() { None } else { Some(set_of(p, set)?) };
    bits(p, SignalCall::Mask { set })
}

fn pending(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "pending")?;
    bits(p, SignalCall::Pending)
}

/// `wait(set, seconds or None)`: the number of the signal, 0 when the time is over.
fn wait(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [set, timeout] = p.exactly(args, "wait")?;
    let set = set_of(p, set)?;
    let deadline_ns = if timeout.is_none() {
        None
    } else {
        Some(p.clock_ns().saturating_add(ns_of(p, timeout)?))
    };
    bits(p, SignalCall::Wait { set, deadline_ns })
}

fn pause(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "pause")?;
    p.system_call(SystemCall::Signal(SignalCall::Pause))?;
    Ok(Value::NONE)
}

/// `take()`: the lowest signal whose handler is due; 0 for none.
fn take(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "take")?;
    Ok(Value::from_i32(p.take_tripped().map_or(0, i32::from)))
}

/// `trip(signal)`: its handler is due, whoever asks.
fn trip(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [signal] = p.exactly(args, "trip")?;
    let signal = signal_of(p, signal)?;
    p.trip(signal);
    Ok(Value::NONE)
}

/// `run_by(function)`: from now on this function runs handlers that are due.
fn run_by(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [function] = p.exactly(args, "run_by")?;
    p.heap.incref(function);
    if let Some(old) = p.module_state.insert("_signals", vec![function]) {
        for v in old {
            p.heap.decref(v);
        }
    }
    Ok(Value::NONE)
}

/// `ignored_at_start()`: the signals that were ignored when the program began, as bits: signal n is bit n - 1.
fn ignored_at_start(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "ignored_at_start")?;
    let set = p.config.switches.ignored_signals;
    Ok(p.new_int(set.cast_signed()))
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_signals",
    doc: "",
    functions: &[
        Native::function("action", action),
        Native::function("send", send),
        Native::function("exists", exists),
        Native::function("timer", timer),
        Native::function("mask", mask),
        Native::function("pending", pending),
        Native::function("wait", wait),
        Native::function("pause", pause),
        Native::function("take", take),
        Native::function("trip", trip),
        Native::function("run_by", run_by),
        Native::function("ignored_at_start", ignored_at_start),
    ],
    types: &[],
    init: None,
};
