//! What becomes of a future and its callbacks: result, exception, cancellation. A function here is a part of a native: whatever it changes
//! is changed once, before the first callback is scheduled (`loop.call_soon` is Python code).

use super::state::{self, Kept, State, future, future_mut, kept, put};
use crate::collections_module::deque;
use heddle_vm::function::Args;
use heddle_vm::names;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{core, type_flags};
use heddle_vm::value::Value;

/// `loop.call_soon(callback, *args, context=context)`
pub fn call_soon(p: &mut Process, event_loop: Value, args: &[Value], context: Value) -> NativeResult<()> {
    let at_once = p.once(|p| {
        let queue = may_soon(p, event_loop, args.len());
        if let Some(queue) = queue {
            soon(p, event_loop, args, context, queue)?;
        }
        Ok(Value::from_bool(queue.is_some()))
    })?;
    if at_once == Value::TRUE {
        return Ok(());
    }
    let kw = [(names::CONTEXT_ARG, context)];
    let function = p.once(|p| Ok(own_call_soon(p, event_loop).unwrap_or(Value::NONE)))?;
    if function.is_none() {
        let method = p.scope(|p| p.getattr(event_loop, names::CALL_SOON))?;
        p.call_kw(method, Args { pos: args, kw: &kw })?;
    } else {
        let answered = p.replaying();
        Args { pos: args, kw: &kw }.with_first(event_loop, |args| p.call_kw(function, args))?;
        if answered && !p.replaying() {
            p.soon_over(event_loop);
        }
    }
    Ok(())
}

/// The queue of a loop whose `call_soon` need not be run now ([`Process::may_soon`]).
pub fn may_soon(p: &mut Process, event_loop: Value, arguments: usize) -> Option<Value> {
    let queue = p.may_soon(event_loop, arguments)?;
    deque::is_plain(p, queue).then_some(queue)
}

/// [`Process::soon`]
pub fn soon(p: &mut Process, event_loop: Value, args: &[Value], context: Value, queue: Value) -> NativeResult<()> {
    p.soon(event_loop, args, context, queue, |p, queue, handle| {
        deque::push(p, queue, handle, false)
    })
}

/// The loop's `call_soon` if it is a function of its class that no attribute of its own hides: then it need not be bound.
pub fn own_call_soon(p: &mut Process, event_loop: Value) -> Option<Value> {
    let class = p.type_of(event_loop);
    let special = type_flags::CUSTOM_GETATTRIBUTE | type_flags::HAS_GETATTR;
    if p.as_type(class)?.flags & special != 0 || p.own_attribute(event_loop, names::CALL_SOON).is_some() {
        return None;
    }
    let found = p.lookup_in_type(class, names::CALL_SOON)?;
    p.is_exact(found, core::FUNCTION).then_some(found)
}

/// The future is done: its callbacks, taken out of it and flat, as a tuple; None if there are none.
fn take_callbacks(p: &mut Process, this: Value) -> Value {
    state::unregister(p, this);
    let callbacks = future_mut(p, this).map(|f| std::mem::take(&mut f.callbacks));
    state::mind_finalizer(p, this);
    let Some(callbacks) = callbacks.filter(|c| !c.is_empty()) else {
        return Value::NONE;
    };
    let flat: Vec<Value> = callbacks
        .iter()
        .flat_map(|&(callback, context)| [callback, context])
        .collect();
    let all = p.new_tuple(flat.clone());
    flat.into_iter().for_each(|v| p.heap.decref(v));
    all
}

fn schedule(p: &mut Process, this: Value, callbacks: Value) -> NativeResult<()> {
    if callbacks.is_none() {
        return Ok(());
    }
    let event_loop = future(p, this).map_or(Value::NULL, |f| f.event_loop);
    let all = p.as_tuple(callbacks).map(<[Value]>::to_vec).unwrap_or_default();
    for pair in all.chunks(2) {
        if let &[callback, context] = pair {
            call_soon(p, event_loop, &[callback, this], context)?;
        }
    }
    Ok(())
}

fn ensure_pending(p: &mut Process, this: Value) -> NativeResult<()> {
    match future(p, this).map(|f| (f.event_loop.is_null(), f.state)) {
        Some((false, State::Pending)) => Ok(()),
        Some((true, _)) => Err(p.runtime_error("Future object is not initialized.")),
        _ => Err(state::invalid_state(p, "invalid state")),
    }
}

/// `Future.set_result`
pub fn set_result(p: &mut Process, this: Value, result: Value) -> NativeResult<()> {
    let callbacks = p.once(|p| {
        ensure_pending(p, this)?;
        put(p, this, result, |f| &mut f.result);
        if let Some(f) = future_mut(p, this) {
            f.state = State::Finished;
        }
        Ok(take_callbacks(p, this))
    })?;
    schedule(p, this, callbacks)
}

/// `Future.set_exception`, with a class too.
pub fn set_exception(p: &mut Process, this: Value, given: Value) -> NativeResult<()> {
    p.once(|p| ensure_pending(p, this).map(|()| Value::NONE))?;
    let class = p.as_type(given).is_some() && p.is_subtype(given, core::BASE_EXCEPTION);
    let exception = if class { p.call(given, &[])? } else { given };
    let callbacks = p.once(|p| {
        ensure_pending(p, this)?;
        if !p.is_instance(exception, core::BASE_EXCEPTION) {
            return Err(p.type_error("invalid exception object"));
        }
        let exception = if p.is_instance(exception, core::STOP_ITERATION) {
            in_its_place(p, exception)
        } else {
            exception
        };
        let traceback = p.as_exception(exception).map_or(Value::NULL, |e| e.traceback);
        put(p, this, exception, |f| &mut f.exception);
        put(p, this, traceback, |f| &mut f.traceback);
        if let Some(f) = future_mut(p, this) {
            f.state = State::Finished;
        }
        Ok(take_callbacks(p, this))
    })?;
    schedule(p, this, callbacks)?;
    if let Some(f) = future_mut(p, this) {
        f.log_traceback = true;
    }
    state::mind_finalizer(p, this);
    Ok(())
}

/// What is set instead of a StopIteration.
fn in_its_place(p: &mut Process, exception: Value) -> Value {
    let text = "StopIteration interacts badly with generators and cannot be raised into a Future";
    let text = p.new_str(text);
    let other = p.new_exception(core::RUNTIME_ERROR, vec![text]);
    p.set_cause(other, exception);
    p.set_exception_link(other, exception, |e| &mut e.context);
    other
}

/// `Future.cancel`: false if it was done already. `message` NULL for none.
pub fn cancel(p: &mut Process, this: Value, message: Value) -> NativeResult<bool> {
    let callbacks = p.once(|p| {
        let Some(f) = future_mut(p, this) else {
            return Ok(Value::FALSE);
        };
        f.log_traceback = false;
        if f.state != State::Pending {
            state::mind_finalizer(p, this);
            return Ok(Value::FALSE);
        }
        f.state = State::Cancelled;
        put(p, this, message, |f| &mut f.cancel_message);
        Ok(take_callbacks(p, this))
    })?;
    if callbacks == Value::FALSE {
        return Ok(false);
    }
    schedule(p, this, callbacks)?;
    Ok(true)
}

/// `Future.result`, for who may change the future now: no Python code runs.
pub fn result(p: &mut Process, this: Value) -> NativeResult {
    let Some(f) = future(p, this) else {
        return Ok(Value::NONE);
    };
    match f.state {
        _ if f.event_loop.is_null() => Err(state::invalid_state(p, "Future object is not initialized.")),
        State::Cancelled => Err(Unwind::Raise(state::make_cancelled_error(p, this)?)),
        State::Pending => Err(state::invalid_state(p, "Result is not set.")),
        State::Finished if f.exception.is_null() => {
            let result = f.result;
            Ok(state::or_none(result))
        }
        State::Finished => {
            let (exception, traceback) = (f.exception, f.traceback);
            p.set_exception_link(exception, traceback, |e| &mut e.traceback);
            put(p, this, Value::NULL, |f| &mut f.traceback);
            if let Some(f) = future_mut(p, this) {
                f.log_traceback = false;
            }
            state::mind_finalizer(p, this);
            Err(Unwind::Raise(exception))
        }
    }
}

/// [`result`], whose exception is raised here: what is being handled becomes its context.
pub fn raise_result(p: &mut Process, this: Value) -> NativeResult {
    let result = result(p, this);
    if let Err(Unwind::Raise(e)) = result {
        p.chain_context(e);
    }
    result
}

/// `Future.add_done_callback` of a future that is initialised.
pub fn add_done_callback(p: &mut Process, this: Value, callback: Value, context: Value) -> NativeResult<()> {
    let done = p.once(|p| {
        let Some(f) = future_mut(p, this) else {
            return Ok(Value::FALSE);
        };
        if f.state != State::Pending {
            return Ok(Value::TRUE);
        }
        f.callbacks.push((callback, context));
        p.heap.incref(callback);
        p.heap.incref(context);
        Ok(Value::FALSE)
    })?;
    if done == Value::FALSE {
        return Ok(());
    }
    let event_loop = future(p, this).map_or(Value::NULL, |f| f.event_loop);
    call_soon(p, event_loop, &[callback, this], context)
}

/// What the logger of a loop gets.
pub fn tell_loop(p: &mut Process, this: Value, message: &str, entries: &[(&str, Value)]) -> NativeResult<()> {
    let Some((event_loop, source)) = future(p, this).map(|f| (f.event_loop, f.source_traceback)) else {
        return Ok(());
    };
    let context = p.once(|p| {
        let context = p.new_dict();
        let message = p.new_str(message);
        let source = [("source_traceback", source)];
        let source = source.iter().filter(|(_, v)| !v.is_null());
        for &(name, v) in [("message", message)].iter().chain(entries).chain(source) {
            let name = p.intern(name);
            p.dict_set_str(context, name, v);
        }
        Ok(context)
    })?;
    let method = p.scope(|p| p.getattr_text(event_loop, "call_exception_handler"))?;
    match p.call(method, &[context]) {
        Err(Unwind::Raise(e)) => {
            let text = p.repr_text(method)?;
            let text = format!("Exception ignored while calling asyncio function {text}");
            p.report_unraisable(e, &text, Value::NONE)
        }
        other => other.map(|_| ()),
    }
}

/// Runs `extract_stack` in debug mode.
pub fn source_traceback(p: &mut Process) -> NativeResult {
    let extract = kept(p, Kept::ExtractStack)?;
    p.call(extract, &[])
}
