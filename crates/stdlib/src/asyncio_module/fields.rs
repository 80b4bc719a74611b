//! The attributes of futures and tasks that tell what is in them.

use super::future::{alive, not_initialized, this};
use super::state::{self, AwaitedBy, Future, State, TaskPart, future, future_mut, or_none, put, task, task_mut};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// Of futures.
pub static FUTURE: &[Native] = &[
    Native::getter("_state", get_state),
    Native::getset("_asyncio_future_blocking", blocking),
    Native::getter("_loop", |p, a| field(p, a, "_loop", |f| f.event_loop)),
    Native::getter("_callbacks", callbacks),
    Native::getter("_result", |p, a| alive_field(p, a, "_result", |f| f.result)),
    Native::getter("_exception", |p, a| alive_field(p, a, "_exception", |f| f.exception)),
    Native::getset("_log_traceback", log_traceback),
    Native::getter("_source_traceback", |p, a| {
        field(p, a, "_source_traceback", |f| f.source_traceback)
    }),
    Native::getset("_cancel_message", cancel_message),
    Native::getter("_asyncio_awaited_by", awaited_by),
];

/// Of tasks, besides.
pub static TASK: &[Native] = &[
    Native::getset("_log_destroy_pending", log_destroy_pending),
    Native::getter("_must_cancel", |p, a| {
        let v = this(p, a, "_must_cancel")?;
        Ok(Value::from_bool(task(p, v).is_some_and(|t| t.must_cancel)))
    }),
    Native::getter("_coro", |p, a| task_field(p, a, "_coro", |t| t.coro)),
    Native::getter("_fut_waiter", |p, a| task_field(p, a, "_fut_waiter", |t| t.waits_for)),
];

fn field(p: &mut Process, args: Args<'_>, name: &str, which: fn(&Future) -> Value) -> NativeResult {
    let v = this(p, args, name)?;
    Ok(or_none(future(p, v).map_or(Value::NULL, which)))
}

fn alive_field(p: &mut Process, args: Args<'_>, name: &str, which: fn(&Future) -> Value) -> NativeResult {
    alive(p, args, name)?;
    field(p, args, name, which)
}

/// A field of the part of a task.
pub fn task_field(p: &mut Process, args: Args<'_>, name: &str, which: fn(&TaskPart) -> Value) -> NativeResult {
    let v = this(p, args, name)?;
    Ok(or_none(task(p, v).map_or(Value::NULL, which)))
}

/// What an attribute is set to: None means it is only asked for; deleting it is an AttributeError.
fn new_value(p: &mut Process, args: Args<'_>) -> NativeResult<Option<Value>> {
    match args.get(1) {
        Some(v) if v.is_null() => Err(p.error(core::ATTRIBUTE_ERROR, "cannot delete attribute")),
        given => Ok(given),
    }
}

fn get_state(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "_state")?;
    let text = match future(p, v).map(|f| f.state) {
        Some(State::Cancelled) => "CANCELLED",
        Some(State::Finished) => "FINISHED",
        _ => "PENDING",
    };
    Ok(p.intern(text))
}

fn blocking(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "_asyncio_future_blocking")?;
    let started = future(p, v).is_some_and(|f| !f.event_loop.is_null());
    if args.len() == 1 {
        let is = started && future(p, v).is_some_and(|f| f.blocking);
        return Ok(Value::from_bool(is));
    }
    if !started {
        return Err(not_initialized(p));
    }
    let Some(value) = new_value(p, args)? else {
        return Ok(Value::NONE);
    };
    let on = p.truth(value)?;
    if let Some(f) = future_mut(p, v) {
        f.blocking = on;
    }
    Ok(Value::NONE)
}

fn callbacks(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "_callbacks")?;
    let pairs = future(p, v).map(|f| f.callbacks.to_vec()).unwrap_or_default();
    if pairs.is_empty() {
        return Ok(Value::NONE);
    }
    let tuples = pairs
        .into_iter()
        .map(|(callback, context)| p.new_tuple(vec![callback, context]))
        .collect();
    Ok(p.new_list(tuples))
}

fn log_traceback(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "_log_traceback")?;
    let Some(value) = new_value(p, args)? else {
        let v = alive(p, args, "_log_traceback")?;
        return Ok(Value::from_bool(future(p, v).is_some_and(|f| f.log_traceback)));
    };
    if p.truth(value)? {
        return Err(p.value_error("_log_traceback can only be set to False"));
    }
    if let Some(f) = future_mut(p, v) {
        f.log_traceback = false;
    }
    state::mind_finalizer(p, v);
    Ok(Value::NONE)
}

fn cancel_message(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "_cancel_message")?;
    match new_value(p, args)? {
        None => field(p, args, "_cancel_message", |f| f.cancel_message),
        Some(value) => {
            put(p, v, value, |f| &mut f.cancel_message);
            Ok(Value::NONE)
        }
    }
}

fn awaited_by(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "_asyncio_awaited_by")?;
    let all = match future(p, v).map(|f| &f.awaited_by) {
        None | Some(AwaitedBy::Nobody) => return Ok(Value::NONE),
        Some(some) => some.all(),
    };
    let list = p.once(|p| Ok(p.new_list(all)))?;
    p.call(core::FROZENSET, &[list])
}

fn log_destroy_pending(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "_log_destroy_pending")?;
    let Some(value) = new_value(p, args)? else {
        return Ok(Value::from_bool(task(p, v).is_some_and(|t| t.log_destroy_pending)));
    };
    let on = p.truth(value)?;
    if let Some(t) = task_mut(p, v) {
        t.log_destroy_pending = on;
    }
    state::mind_finalizer(p, v);
    Ok(Value::NONE)
}

/// Is it a future or task of ours, or of a subclass? What only those record is nobody else's affair.
pub fn is_future(p: &Process, v: Value) -> bool {
    v.is_heap() && future(p, v).is_some()
}

/// What a method of tasks was called on; TypeError for a plain future.
pub fn this_task(p: &mut Process, args: Args<'_>, method: &str) -> NativeResult {
    let v = args.this();
    if task(p, v).is_some() {
        return Ok(v);
    }
    Err(wrong_self(p, v, method))
}

#[cold]
fn wrong_self(p: &mut Process, v: Value, method: &str) -> Unwind {
    let name = p.type_name(v);
    p.type_error(&format!(
        "descriptor '{method}' for '_asyncio.Task' objects doesn't apply to a '{name}' object"
    ))
}
