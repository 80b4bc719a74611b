//! Starting and ending threads, and what happens to an exception that leaves one.

use super::handles;
use heddle_vm::contract::SystemCall;
use heddle_vm::function::Args;
use heddle_vm::lock::ThreadHandle;
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// `start_joinable_thread(function, handle=None, daemon=True)`: runs `function()` in a new thread.
pub fn start_joinable_thread(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [function, handle, daemon] = p.bind(args, "start_joinable_thread", ["function", "handle", "daemon"], 1)?;
    let function = function.unwrap_or(Value::NONE);
    if !p.is_callable(function) {
        return Err(p.type_error("thread function must be callable"));
    }
    let daemon = match daemon {
        Some(v) => p.truth(v)?,
        None => true,
    };
    if daemon && !p.allowed.daemon_threads {
        return Err(p.runtime_error("daemon threads are disabled in this interpreter"));
    }
    let class = p.native_type(&handles::HANDLE);
    let handle = p.once(|p| match handle.filter(|h| !h.is_none()) {
        None => Ok(p.new_payload(class, ThreadHandle::default())),
        Some(h) => match p.heap.payload::<ThreadHandle>(h) {
            None => Err(p.type_error("'handle' must be a _ThreadHandle")),
            Some(state) if state.thread.is_some() || state.done => Err(p.runtime_error("thread already started")),
            Some(_) => Ok(h),
        },
    })?;
    let arguments = p.new_tuple(Vec::new());
    start(p, function, arguments, Value::NONE, handle, daemon)?;
    Ok(handle)
}

/// Makes the thread once, then tells the computer of it.
fn start(
    p: &mut Process,
    function: Value,
    args: Value,
    kwargs: Value,
    handle: Value,
    daemon: bool,
) -> NativeResult<()> {
    if p.finalizing {
        return Err(p.error(
            core::PYTHON_FINALIZATION_ERROR,
            "can't create new thread at interpreter shutdown",
        ));
    }
    if !p.allowed.threads {
        return Err(p.runtime_error("thread is not supported for isolated subinterpreters"));
    }
    let index = p.once(|p| {
        let index = p.start_thread(function, args, kwargs, handle, daemon);
        Ok(p.new_int(i64::from(index)))
    })?;
    let thread = index.as_small().unwrap_or(0) as u32;
    p.system_call(SystemCall::StartThread { thread, daemon })?;
    Ok(())
}

/// `start_new_thread(function, args[, kwargs])`: a daemon thread; its ident.
pub fn start_new_thread(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [function, arguments, keywords] = p.bind(args, "start_new_thread", ["", "", ""], 2)?;
    let (function, arguments) = (function.unwrap_or(Value::NONE), arguments.unwrap_or(Value::NONE));
    if !p.is_callable(function) {
        return Err(p.type_error("first arg must be callable"));
    }
    if p.as_tuple(arguments).is_none() {
        return Err(p.type_error("2nd arg must be a tuple"));
    }
    if keywords.is_some_and(|k| p.as_dict(k).is_none()) {
        return Err(p.type_error("optional 3rd arg must be a dictionary"));
    }
    let class = p.native_type(&handles::HANDLE);
    let handle = p.once(|p| Ok(p.new_payload(class, ThreadHandle::default())))?;
    start(p, function, arguments, keywords.unwrap_or(Value::NONE), handle, true)?;
    let ident = p.heap.payload::<ThreadHandle>(handle).map_or(0, |h| h.ident);
    Ok(p.new_int(ident as i64))
}

/// `exit()`: SystemExit, which ends a thread silently.
pub fn exit(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "exit")?;
    let e = p.new_exception(core::SYSTEM_EXIT, Vec::new());
    Err(heddle_vm::native::Unwind::Raise(e))
}

/// Waits for all threads that are not daemons.
pub fn shutdown(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_shutdown")?;
    loop {
        // Which thread is waited for next is decided once; re-runs read the decision from the log.
        let next = p.once(|p| {
            let current = p.current as usize;
            let waiting = p
                .threads
                .iter()
                .enumerate()
                .find(|(i, t)| *i != current && *i != 0 && !t.daemon && !t.ended && !t.visiting);
            Ok(waiting.map_or(Value::NONE, |(_, t)| t.handle))
        })?;
        if next.is_none() || next.is_null() {
            return Ok(Value::NONE);
        }
        handles::wait_for(p, next, None)?;
    }
}

const HOOK_FIELDS: &[&str] = &["exc_type", "exc_value", "exc_traceback", "thread"];

/// `_ExceptHookArgs`, a structseq.
pub fn add_hook_arguments(p: &mut Process, dict: Value) -> NativeResult<()> {
    let class = p.new_structseq_type("_thread", "_ExceptHookArgs", HOOK_FIELDS, HOOK_FIELDS.len())?;
    let name = p.intern("_ExceptHookArgs");
    p.dict_set_str(dict, name, class);
    Ok(())
}

/// `threading.excepthook`: prints the exception of a thread to `sys.stderr`.
pub fn excepthook(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [given] = p.exactly(args, "_excepthook")?;
    let Some(&[kind, value, traceback, thread]) = p.as_tuple(given).and_then(|t| t.first_chunk::<4>()) else {
        return Err(p.type_error("_thread._excepthook argument type must be ExceptHookArgs"));
    };
    if p.is_subtype(kind, core::SYSTEM_EXIT) {
        return Ok(Value::NONE);
    }
    let stderr = p.dict_get_str(p.sys, names::STDERR).filter(|v| !v.is_none());
    let stderr = match stderr {
        Some(stderr) => stderr,
        None if thread.is_none() => return Ok(Value::NONE),
        // What `sys.stderr` was when the thread was made.
        None => p.getattr_text(thread, "_stderr")?,
    };
    if stderr.is_none() {
        return Ok(Value::NONE);
    }
    let name = if thread.is_none() {
        None
    } else {
        let attribute = p.intern("_name");
        p.getattr_opt(thread, attribute)?
    };
    let name = match name {
        Some(name) => p.str_text(name)?,
        None => p.threads[p.current as usize].ident.to_string(),
    };
    let _ = traceback;
    let mut text = format!("Exception in thread {name}:\n");
    text.push_str(&p.format_exception(value)?);
    p.tell_uncaught(&text)?;
    let text = p.new_str(&text);
    let write = p.getattr(stderr, names::WRITE)?;
    p.call(write, &[text])?;
    let flush = p.getattr(stderr, names::FLUSH)?;
    p.call(flush, &[])?;
    Ok(Value::NONE)
}
