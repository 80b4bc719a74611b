//! Functions of `sys` about frames, the handled exception, and tracing.

use crate::frame::Frame;
use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::trace::{PROFILE, TRACE};
use crate::value::Value;

fn getframe(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [depth] = p.bind(args, "_getframe", [""], 0)?;
    let depth = match depth {
        Some(v) => p.index_i64(v)?.max(0) as usize,
        None => 0,
    };
    match p.frame_object(depth) {
        Some(frame) => Ok(frame),
        None => Err(p.value_error("call stack is not deep enough")),
    }
}

/// `_getframemodulename(depth)`: cheaper than a frame object.
fn getframemodulename(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [depth] = p.bind(args, "_getframemodulename", ["depth"], 0)?;
    let depth = match depth {
        Some(v) => p.index_i64(v)?.max(0) as usize,
        None => 0,
    };
    let mut left = depth;
    let mut function = None;
    for frame in p.frames.iter().rev() {
        let found = match frame {
            Frame::Python(f) if matches!(p.heap.object(f.code), Some(Obj::Code(c)) if !c.hidden) => Some(f.function),
            // In CPython these are functions of `abc` in Python, by which `typing` knows who asks.
            Frame::Native(n) if is_abc_check(p, n) => Some(Value::NULL),
            _ => continue,
        };
        if left == 0 {
            function = found;
            break;
        }
        left -= 1;
    }
    if function.is_some_and(Value::is_null) {
        return Ok(p.intern("abc"));
    }
    match function.and_then(|f| p.heap.object(f)) {
        Some(Obj::Function(f)) => Ok(if f.module.is_null() { Value::NONE } else { f.module }),
        _ => Ok(Value::NONE),
    }
}

/// `ABCMeta.__instancecheck__` or `__subclasscheck__`, waiting for Python code.
fn is_abc_check(p: &Process, frame: &crate::native::NativeFrame) -> bool {
    matches!(frame.def.name, "__instancecheck__" | "__subclasscheck__")
        && frame.args.first().is_some_and(|&class| {
            let meta = p.type_of(class);
            p.as_type(class).is_some() && meta != crate::types::core::TYPE
        })
}

/// `{ident: frame}` for every thread.
fn current_frames(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_current_frames")?;
    let dict = p.new_dict();
    let ident = p.threads[p.current as usize].ident as i64;
    if let Some(frame) = p.frame_object(0) {
        let key = p.new_int(ident);
        p.dict_set(dict, key, frame)?;
    }
    Ok(dict)
}

fn handled(p: &Process) -> Value {
    let e = p.current_exception();
    if e.is_null() { Value::NONE } else { e }
}

fn exception(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "exception")?;
    Ok(handled(p))
}

fn exc_info(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "exc_info")?;
    let e = handled(p);
    if e.is_none() {
        return Ok(p.new_tuple(vec![Value::NONE; 3]));
    }
    let class = p.type_of(e);
    let traceback = match p.heap.object(e) {
        Some(Obj::Exception(x)) if !x.traceback.is_null() => x.traceback,
        _ => Value::NONE,
    };
    Ok(p.new_tuple(vec![class, e, traceback]))
}

/// `settrace` and `setprofile` for the running thread or all of them.
fn set_hook(p: &mut Process, args: Args<'_>, name: &'static str, tool: usize, all: bool) -> NativeResult {
    let [hook] = p.exactly(args, name)?;
    let hook = if hook.is_none() { Value::NULL } else { hook };
    for thread in 0..p.threads.len() {
        if (all && !p.threads[thread].ended) || thread == p.current as usize {
            p.set_watcher(thread, tool, hook);
        }
    }
    Ok(Value::NONE)
}

fn get_hook(p: &mut Process, args: Args<'_>, name: &'static str, tool: usize) -> NativeResult {
    p.exactly::<0>(args, name)?;
    let thread = &p.threads[p.current as usize];
    let hook = if tool == TRACE { thread.trace } else { thread.profile };
    Ok(if hook.is_null() { Value::NONE } else { hook })
}

fn get_asyncgen_hooks(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_asyncgen_hooks")?;
    let hooks = p.threads[p.current as usize].asyncgen_hooks;
    let values = hooks.map(|v| if v.is_null() { Value::NONE } else { v }).to_vec();
    let class = match p.module_state.get("sys").and_then(|s| s.first().copied()) {
        Some(class) => class,
        None => {
            let class = p.new_structseq_type("builtins", "asyncgen_hooks", &["firstiter", "finalizer"], 2)?;
            p.heap.incref(class);
            p.module_state.insert("sys", vec![class]);
            class
        }
    };
    Ok(p.new_structseq(class, values))
}

fn set_asyncgen_hooks(p: &mut Process, args: Args<'_>) -> NativeResult {
    let given = p.bind(args, "set_asyncgen_hooks", ["firstiter", "finalizer"], 0)?;
    for (i, hook) in given.into_iter().enumerate() {
        let Some(hook) = hook else { continue };
        if !hook.is_none() && !p.is_callable(hook) {
            let name = p.type_name(hook);
            let which = ["firstiter", "finalizer"][i];
            return Err(p.type_error(&format!("callable {which} expected, got {name}")));
        }
        let hook = if hook.is_none() { Value::NULL } else { hook };
        let current = p.current as usize;
        p.replace_counted(hook, |p| &mut p.threads[current].asyncgen_hooks[i]);
    }
    Ok(Value::NONE)
}

fn get_origin_depth(p: &mut Process, _: Args<'_>) -> NativeResult {
    let depth = p.threads[p.current as usize].origin_depth;
    Ok(p.new_int(i64::from(depth)))
}

fn set_origin_depth(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [depth] = p.bind(args, "set_coroutine_origin_tracking_depth", ["depth"], 1)?;
    let depth = p.index_i64(depth.unwrap_or(Value::NONE))?;
    if depth < 0 {
        return Err(p.value_error("depth must be >= 0"));
    }
    let current = p.current as usize;
    p.threads[current].origin_depth = depth.min(i64::from(u32::MAX)) as u32;
    Ok(Value::NONE)
}

/// Prints "Exception ignored in: …" for an exception that nobody can catch.
fn unraisablehook(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [info] = p.exactly(args, "unraisablehook")?;
    let mut fields = Vec::new();
    for name in ["exc_value", "err_msg", "object"] {
        let name = p.intern(name);
        fields.push(p.getattr(info, name)?);
    }
    let [value, message, object] = fields[..] else {
        return Ok(Value::NONE);
    };
    if p.dict_get_str(p.sys, names::STDERR).is_none_or(Value::is_none) {
        return Ok(Value::NONE);
    }
    let message = if message.is_none() {
        String::new()
    } else {
        p.text(message)
    };
    p.print_unraisable(value, &message, object)?;
    Ok(Value::NONE)
}

/// The functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("_getframe", getframe).sig("($module, depth=0, /)"),
    Native::function("_getframemodulename", getframemodulename).sig("($module, /, depth=0)"),
    Native::function("_current_frames", current_frames).sig("($module, /)"),
    Native::function("exception", exception).sig("($module, /)"),
    Native::function("exc_info", exc_info).sig("($module, /)"),
    Native::function("settrace", |p, a| set_hook(p, a, "settrace", TRACE, false)).sig("($module, function, /)"),
    Native::function("setprofile", |p, a| set_hook(p, a, "setprofile", PROFILE, false)).sig("($module, function, /)"),
    Native::function("_settraceallthreads", |p, a| {
        set_hook(p, a, "_settraceallthreads", TRACE, true)
    }),
    Native::function("_setprofileallthreads", |p, a| {
        set_hook(p, a, "_setprofileallthreads", PROFILE, true)
    }),
    Native::function("gettrace", |p, a| get_hook(p, a, "gettrace", TRACE)).sig("($module, /)"),
    Native::function("getprofile", |p, a| get_hook(p, a, "getprofile", PROFILE)).sig("($module, /)"),
    Native::function("get_asyncgen_hooks", get_asyncgen_hooks).sig("($module, /)"),
    Native::function("set_asyncgen_hooks", set_asyncgen_hooks),
    Native::function("get_coroutine_origin_tracking_depth", get_origin_depth).sig("($module, /)"),
    Native::function("set_coroutine_origin_tracking_depth", set_origin_depth).sig("($module, /, depth)"),
    Native::function("unraisablehook", unraisablehook).sig("($module, unraisable, /)"),
    Native::function("__unraisablehook__", unraisablehook),
];
