//! `_asyncio.Task`: what it has besides a future's methods.

use super::fields::{task_field, this_task};
use super::future;
use super::schedule;
use super::state::{self, Kept, State, kept, or_none, put, put_task, task, task_mut};
use super::step;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// `_asyncio.Task`
pub static TASK: TypeDef = TypeDef {
    name: "Task",
    module: "_asyncio",
    base: Some(TypeRef::Def(&future::FUTURE)),
    layout: Layout::Payload(0x1501),
    flags: type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[
        &[
            Native::method("__init__", init)
                .sig("($self, /, coro, *, loop=None, name=None, context=None, eager_start=False)"),
            Native::method("__repr__", repr).sig("($self, /)"),
            Native::method("__del__", delete).sig("($self, /)"),
            Native::method("set_result", |p, _| {
                Err(p.runtime_error("Task does not support set_result operation"))
            })
            .sig("($self, result, /)"),
            Native::method("set_exception", |p, _| {
                Err(p.runtime_error("Task does not support set_exception operation"))
            })
            .sig("($self, exception, /)"),
            Native::method("cancel", cancel).sig("($self, /, msg=None)"),
            Native::method("cancelling", cancelling).sig("($self, /)"),
            Native::method("uncancel", uncancel).sig("($self, /)"),
            Native::method("get_stack", get_stack).sig("($self, /, *, limit=None)"),
            Native::method("print_stack", print_stack).sig("($self, /, *, limit=None, file=None)"),
            Native::method("get_name", get_name).sig("($self, /)"),
            Native::method("set_name", set_name).sig("($self, value, /)"),
            Native::method("get_coro", |p, a| task_field(p, a, "get_coro", |t| t.coro)).sig("($self, /)"),
            Native::method("get_context", |p, a| task_field(p, a, "get_context", |t| t.context)).sig("($self, /)"),
            Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
        ],
        super::fields::TASK,
    ],
    doc: "A coroutine wrapped in a Future.",
    finish: None,
};

fn is_coroutine(p: &mut Process, coro: Value) -> NativeResult<bool> {
    if p.is_exact(coro, core::COROUTINE) {
        return Ok(true);
    }
    let ask = kept(p, Kept::IsCoroutine)?;
    let answer = p.call(ask, &[coro])?;
    p.truth(answer)
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "__init__")?;
    let names = ["coro", "*loop", "*name", "*context", "*eager_start"];
    let [coro, event_loop, name, context, eager] = p.bind(args.rest(), "Task", names, 1)?;
    let coro = coro.unwrap_or(Value::NONE);
    let eager = match eager {
        Some(v) => p.truth(v)?,
        None => false,
    };
    let event_loop = future::start(p, this, event_loop)?;
    if !is_coroutine(p, coro)? {
        if let Some(t) = task_mut(p, this) {
            t.log_destroy_pending = false;
        }
        state::mind_finalizer(p, this);
        let text = p.repr_text(coro)?;
        return Err(p.type_error(&format!("a coroutine was expected, got {text}")));
    }
    let name = match name.filter(|v| !v.is_none()) {
        Some(name) if p.is_exact(name, core::STR) => name,
        Some(name) => p.str(name)?,
        None => Value::NULL,
    };
    p.once(|p| {
        let context = match context.filter(|v| !v.is_none()) {
            Some(context) => context,
            None => crate::context::copy_current(p),
        };
        fill(p, this, coro, name, context);
        Ok(Value::NONE)
    })?;
    if eager {
        let running = state::call_method(p, event_loop, "is_running", &[])?;
        if running == Value::TRUE {
            step::start_eagerly(p, this)?;
            return Ok(Value::NONE);
        }
    }
    step::call_soon(p, this, Value::NULL)?;
    state::register(p, this);
    Ok(Value::NONE)
}

fn fill(p: &mut Process, this: Value, coro: Value, name: Value, context: Value) {
    let name = if name.is_null() {
        let n = p.next_task_name();
        p.new_int(n as i64)
    } else {
        name
    };
    put_task(p, this, context, |t| &mut t.context);
    put_task(p, this, Value::NULL, |t| &mut t.waits_for);
    put_task(p, this, coro, |t| &mut t.coro);
    state::put_name(p, this, name);
    if let Some(t) = task_mut(p, this) {
        (t.must_cancel, t.cancels, t.log_destroy_pending) = (false, 0, true);
    }
    state::mind_finalizer(p, this);
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "__repr__")?;
    let function = kept(p, Kept::TaskRepr)?;
    p.tail_call(function, &[this])
}

/// A task that dies before it is done is told to the loop.
fn delete(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "__del__")?;
    let lost = p.once(|p| {
        state::unregister(p, this);
        p.task_destroyed(this);
        let pending = state::future(p, this).is_some_and(|f| f.state == State::Pending && !f.event_loop.is_null());
        let lost = pending && task(p, this).is_some_and(|t| t.log_destroy_pending);
        Ok(Value::from_bool(lost))
    })?;
    if lost == Value::TRUE {
        schedule::tell_loop(p, this, "Task was destroyed but it is pending!", &[("task", this)])?;
    }
    future::delete(p, args)
}

fn cancel(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "cancel")?;
    let [message] = p.bind(args.rest(), "cancel", ["msg"], 0)?;
    let message = message.unwrap_or(Value::NONE);
    let waits_for = p.once(|p| {
        let Some(f) = state::future_mut(p, this) else {
            return Ok(Value::FALSE);
        };
        f.log_traceback = false;
        let pending = f.state == State::Pending;
        let mut waits_for = Value::FALSE;
        if let Some(t) = f.task.as_mut().filter(|_| pending) {
            t.cancels = t.cancels.saturating_add(1);
            waits_for = or_none(t.waits_for);
        }
        state::mind_finalizer(p, this);
        if pending {
            p.task_cancel_asked(this);
        }
        Ok(waits_for)
    })?;
    if waits_for == Value::FALSE {
        return Ok(Value::FALSE);
    }
    if !waits_for.is_none() {
        let answer = state::call_method(p, waits_for, "cancel", &[message])?;
        if p.truth(answer)? {
            return Ok(Value::TRUE);
        }
    }
    if let Some(t) = task_mut(p, this) {
        t.must_cancel = true;
    }
    put(p, this, message, |f| &mut f.cancel_message);
    Ok(Value::TRUE)
}

fn cancelling(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "cancelling")?;
    p.exactly::<0>(args.rest(), "cancelling")?;
    let n = task(p, this).map_or(0, |t| t.cancels);
    Ok(p.new_int(i64::from(n)))
}

fn uncancel(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "uncancel")?;
    p.exactly::<0>(args.rest(), "uncancel")?;
    let n = task_mut(p, this).map_or(0, |t| {
        if t.cancels == 1 {
            t.must_cancel = false;
        }
        t.cancels = t.cancels.saturating_sub(1);
        t.cancels
    });
    Ok(p.new_int(i64::from(n)))
}

fn get_stack(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "get_stack")?;
    let [limit] = p.bind(args.rest(), "get_stack", ["*limit"], 0)?;
    let function = kept(p, Kept::GetStack)?;
    p.tail_call(function, &[this, limit.unwrap_or(Value::NONE)])
}

fn print_stack(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "print_stack")?;
    let [limit, file] = p.bind(args.rest(), "print_stack", ["*limit", "*file"], 0)?;
    let function = kept(p, Kept::PrintStack)?;
    p.tail_call(
        function,
        &[this, limit.unwrap_or(Value::NONE), file.unwrap_or(Value::NONE)],
    )
}

/// The name; made of its number when somebody first asks.
fn get_name(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "get_name")?;
    p.exactly::<0>(args.rest(), "get_name")?;
    let name = task(p, this).map_or(Value::NULL, |t| t.name);
    let Some(n) = name.as_small() else {
        return Ok(or_none(name));
    };
    let name = p.new_str(&format!("Task-{n}"));
    put_task(p, this, name, |t| &mut t.name);
    Ok(name)
}

fn set_name(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = this_task(p, args, "set_name")?;
    let [name] = p.exactly(args.rest(), "Task.set_name")?;
    let name = if p.is_exact(name, core::STR) {
        name
    } else {
        p.str(name)?
    };
    state::put_name(p, this, name);
    p.task_has_name(this);
    Ok(Value::NONE)
}

/// Is the exception one that ends the loop as well as the task?
pub fn ends_loop(p: &Process, e: Value) -> bool {
    p.is_instance(e, core::KEYBOARD_INTERRUPT) || p.is_instance(e, core::SYSTEM_EXIT)
}

/// What an error of a part of a step is, once nothing has to run any more.
pub fn raised(error: Unwind) -> Result<Value, Unwind> {
    match error {
        Unwind::Raise(e) => Ok(e),
        pending => Err(pending),
    }
}
