//! Steps of a task: the coroutine goes on, and what it yields or how it ends says what becomes of the task.
//!
//! A step is a part of a native (`replay`): it is run from its start again whenever the coroutine, or Python code of the loop, has
//! answered. Whatever it changes before that stands in [`Process::once`].

use super::schedule;
use super::state::{self, Class, Future, Kept, State, future, future_mut, kept, put, put_task, task, task_mut};
use super::task::{ends_loop, raised};
use crate::context;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::{GeneratorInput, NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;

/// A step that is due: what a loop calls.
#[derive(Clone, Debug)]
struct Step {
    task: Value,
    /// An exception to be thrown into the coroutine, or NULL.
    exception: Value,
}
heddle_vm::impl_payload!(Step, |this, f| {
    f(this.task);
    f(this.exception);
});

/// `_asyncio.TaskStepMethWrapper`
pub static STEP: TypeDef = TypeDef {
    name: "TaskStepMethWrapper",
    module: "_asyncio",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1503),
    flags: 0,
    members: &[&[
        Native::static_method("__new__", |p, _| {
            Err(p.type_error("cannot create 'TaskStepMethWrapper' instances"))
        }),
        Native::method("__call__", call).sig("($self, /, *args, **kwargs)"),
        Native::getter("__self__", |p, a| {
            Ok(p.heap.payload::<Step>(a.this()).map_or(Value::NONE, |s| s.task))
        }),
    ]],
    doc: "",
    finish: None,
};

/// Bound to a task: the callback of what it waits for.
static WAKEUP: Native = Native::function("task_wakeup", wakeup).sig("($self, object, /)");

/// Is this a step of a task? Then `Context.run` runs it as a part of itself.
pub fn is_step(p: &Process, v: Value) -> bool {
    v.is_heap() && p.is_exact(v, state::class(p, Class::Step))
}

/// The task whose step or wake-up this is.
pub fn task_of(p: &Process, callback: Value) -> Option<Value> {
    if let Some(step) = p.heap.payload::<Step>(callback) {
        return Some(step.task);
    }
    wakeup_of(p, callback)
}

/// The task whose wake-up this is.
pub fn wakeup_of(p: &Process, callback: Value) -> Option<Value> {
    let (def, bound) = p.as_native(callback)?;
    std::ptr::eq(def, &raw const WAKEUP).then_some(bound)
}

/// The task whose step this is, if nothing is to be thrown into it.
pub fn plain_step(p: &Process, callback: Value) -> Option<Value> {
    let step = p.heap.payload::<Step>(callback)?;
    step.exception.is_null().then_some(step.task)
}

/// A step to be called, which throws the exception (or NULL) into the coroutine.
pub fn new_step(p: &mut Process, task: Value, exception: Value) -> Value {
    let class = state::class(p, Class::Step);
    p.new_payload(class, Step { task, exception })
}

/// `TaskStepMethWrapper.__call__`
pub fn call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(due) = p.heap.payload::<Step>(this).cloned() else {
        let name = p.type_name(this);
        return Err(p.type_error(&format!(
            "descriptor '__call__' requires a 'TaskStepMethWrapper' object but received a '{name}'"
        )));
    };
    if !args.kw.is_empty() {
        return Err(p.type_error("function takes no keyword arguments"));
    }
    if args.len() > 1 {
        return Err(p.type_error("function takes no positional arguments"));
    }
    step(p, due.task, due.exception)
}

/// What a task waited for is done.
fn wakeup(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [this, awaited] = p.exactly(args, "task_wakeup")?;
    let ours = state::is_exact(p, awaited);
    // `quick::ordinary` writes what is logged here: NULL.
    let exception = p.once(|p| {
        state::discard_awaited_by(p, awaited, this);
        if !ours {
            return Ok(Value::NULL);
        }
        match schedule::result(p, awaited) {
            Ok(_) => Ok(Value::NULL),
            Err(error) => raised(error),
        }
    })?;
    if ours {
        return step(p, this, exception);
    }
    match state::call_method(p, awaited, "result", &[]) {
        Ok(_) => step(p, this, Value::NULL),
        Err(error) => {
            let exception = raised(error)?;
            step(p, this, exception)
        }
    }
}

/// A step of the task, from entering it to leaving it. `exception` (or NULL) is thrown into the coroutine.
fn step(p: &mut Process, this: Value, exception: Value) -> NativeResult {
    let event_loop = future(p, this).map_or(Value::NULL, |f| f.event_loop);
    // `quick::ordinary` writes what is logged here, and the answer of `resume` behind it: None.
    let sent = p.once(|p| {
        if p.running_loop() != event_loop || !p.running_task().is_null() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        p.enter_task(this);
        begin(p, this, exception)
    })?;
    if sent == Value::NOT_IMPLEMENTED {
        p.may_enter_task(event_loop, this)?;
        return Err(p.runtime_error("the task was entered while this was found out"));
    }
    let result = run(p, this, exception, sent);
    leave(p, this, result)
}

/// The step is over, with this result, unless something has to run first.
pub fn leave(p: &mut Process, this: Value, result: NativeResult<()>) -> NativeResult {
    let event_loop = future(p, this).map_or(Value::NULL, |f| f.event_loop);
    let error = match result {
        Ok(()) => return p.leave_task(event_loop, this).map(|()| Value::NONE),
        Err(Unwind::Raise(e)) => e,
        Err(pending) => return Err(pending),
    };
    if let Err(other) = p.leave_task(event_loop, this) {
        let other = raised(other)?;
        p.set_exception_link(other, error, |e| &mut e.context);
        return Err(Unwind::Raise(other));
    }
    Err(Unwind::Raise(error))
}

/// How a coroutine has answered.
enum Answer {
    Yielded(Value),
    Returned(Value),
    Raised(Value),
}

/// The first step of a task, before whoever makes it goes on.
pub fn start_eagerly(p: &mut Process, this: Value) -> NativeResult<()> {
    let event_loop = future(p, this).map_or(Value::NULL, |f| f.event_loop);
    let context = task(p, this).map_or(Value::NULL, |t| t.context);
    let entered = p.once(|p| Ok(Value::from_bool(p.running_loop() == event_loop)))?;
    if entered != Value::TRUE {
        p.may_swap_task(event_loop)?;
    }
    let before = p.once(|p| {
        context::enter(p, context)?;
        let before = p.swap_task(this);
        state::register(p, this);
        Ok(before)
    })?;
    let sent = p.once(|p| begin(p, this, Value::NULL))?;
    let result = run(p, this, Value::NULL, sent);
    if matches!(result, Err(Unwind::Pending(_))) {
        return result;
    }
    p.swap_task(before);
    context::leave(p, context);
    if future(p, this).is_some_and(|f| f.state != State::Pending) {
        put_task(p, this, Value::NULL, |t| &mut t.coro);
    }
    result
}

/// The step without entering and leaving; `sent` is what it begins with.
fn run(p: &mut Process, this: Value, exception: Value, sent: Value) -> NativeResult<()> {
    if sent == Value::FALSE {
        let exception = state::or_none(exception);
        let (task, exception) = (p.repr_text(this)?, p.repr_text(exception)?);
        return Err(state::invalid_state(
            p,
            &format!("__step(): already done: {task} {exception}"),
        ));
    }
    if sent == Value::TRUE {
        return Err(p.runtime_error("uninitialized Task object"));
    }
    let coro = task(p, this).map_or(Value::NULL, |t| t.coro);
    match resume(p, coro, sent)? {
        Answer::Yielded(v) => yielded(p, this, v),
        Answer::Returned(v) => returned(p, this, v),
        Answer::Raised(e) => failed(p, this, e),
    }
}

/// What the coroutine gets: None, or the exception that is thrown into it. False: the task is done; true: it has no coroutine.
fn begin(p: &mut Process, this: Value, exception: Value) -> NativeResult {
    let Some(Future {
        state,
        task: Some(part),
        ..
    }) = future_mut(p, this)
    else {
        return Ok(Value::FALSE);
    };
    if *state != State::Pending {
        return Ok(Value::FALSE);
    }
    let cancel = std::mem::take(&mut part.must_cancel);
    let waited = std::mem::take(&mut part.waits_for);
    let uninitialized = part.coro.is_null();
    state::release(p, waited);
    let mut sent = state::or_none(exception);
    if cancel {
        let class = kept(p, Kept::CancelledError)?;
        if exception.is_null() || !p.exception_matches(exception, class) {
            sent = state::make_cancelled_error(p, this)?;
        }
    }
    Ok(if uninitialized { Value::TRUE } else { sent })
}

/// Sends None or throws an exception: generators and coroutines directly, whatever else looks like one by its methods.
fn resume(p: &mut Process, coro: Value, sent: Value) -> NativeResult<Answer> {
    let result = match (is_generator(p, coro), sent.is_none()) {
        (true, true) => p.step_generator(coro, GeneratorInput::Send(Value::NONE), true),
        (true, false) => p.step_generator(coro, GeneratorInput::Throw(sent), true),
        (false, true) => send_none(p, coro),
        (false, false) => state::call_method(p, coro, "throw", &[sent]),
    };
    match result {
        Ok(v) if v.is_null() => Ok(Answer::Returned(Value::NONE)),
        Ok(v) => Ok(Answer::Yielded(v)),
        Err(error) => {
            let e = raised(error)?;
            if p.is_instance(e, core::STOP_ITERATION) {
                return Ok(Answer::Returned(p.stop_iteration_value(e)));
            }
            Ok(Answer::Raised(e))
        }
    }
}

/// Can it be resumed without its methods?
pub fn is_generator(p: &Process, coro: Value) -> bool {
    p.is_exact(coro, core::COROUTINE) || p.is_exact(coro, core::GENERATOR)
}

/// By `__next__` if it has one, else by `send`.
fn send_none(p: &mut Process, coro: Value) -> NativeResult {
    let class = p.type_of(coro);
    match p.lookup_in_type(class, names::NEXT) {
        Some(next) => p.call_found(next, coro, &[]),
        None => state::call_method(p, coro, "send", &[Value::NONE]),
    }
}

fn returned(p: &mut Process, this: Value, result: Value) -> NativeResult<()> {
    // Cancelled just before it ended.
    let cancel = p.once(|p| {
        let cancel = task_mut(p, this).is_some_and(|t| std::mem::take(&mut t.must_cancel));
        Ok(Value::from_bool(cancel))
    })?;
    if cancel == Value::TRUE {
        let message = future(p, this).map_or(Value::NULL, |f| f.cancel_message);
        return schedule::cancel(p, this, message).map(|_| ());
    }
    schedule::set_result(p, this, result)
}

fn failed(p: &mut Process, this: Value, e: Value) -> NativeResult<()> {
    let class = kept(p, Kept::CancelledError)?;
    if p.exception_matches(e, class) {
        p.once(|p| {
            put(p, this, e, |f| &mut f.cancelled_error);
            Ok(Value::NONE)
        })?;
        return schedule::cancel(p, this, Value::NULL).map(|_| ());
    }
    schedule::set_exception(p, this, e)?;
    if ends_loop(p, e) {
        return Err(Unwind::Raise(e));
    }
    Ok(())
}

/// `loop.call_soon` of the task's next step.
pub fn call_soon(p: &mut Process, this: Value, exception: Value) -> NativeResult<()> {
    let due = p.once(|p| Ok(new_step(p, this, exception)))?;
    let event_loop = future(p, this).map_or(Value::NULL, |f| f.event_loop);
    let context = task(p, this).map_or(Value::NULL, |t| t.context);
    schedule::call_soon(p, event_loop, &[due], context)
}

/// The next step gets a RuntimeError.
fn fail_soon(p: &mut Process, this: Value, message: &str) -> NativeResult<()> {
    let error = p.once(|p| raised(p.runtime_error(message)))?;
    call_soon(p, this, error)
}

/// What is wrong with what a coroutine has yielded.
#[derive(Clone, Copy)]
enum Misfit {
    OtherLoop,
    NotBlocking,
}

fn misfit(p: &mut Process, this: Value, v: Value, what: Misfit) -> NativeResult<()> {
    let (task, result) = (p.repr_text(this)?, p.repr_text(v)?);
    let text = match what {
        Misfit::OtherLoop => format!("Task {task} got Future {result} attached to a different loop"),
        Misfit::NotBlocking => format!("yield was used instead of yield from in task {task} with {result}"),
    };
    fail_soon(p, this, &text)
}

/// The coroutine waits for something, or only lets others run.
fn yielded(p: &mut Process, this: Value, v: Value) -> NativeResult<()> {
    if v.is_none() {
        return call_soon(p, this, Value::NULL);
    }
    if v == this {
        let task = p.repr_text(this)?;
        return fail_soon(p, this, &format!("Task cannot await on itself: {task}"));
    }
    if state::is_exact(p, v) {
        return wait_for(p, this, v);
    }
    let blocking = p.scope(|p| {
        let found = p.getattr_text(v, "_asyncio_future_blocking");
        match found {
            Err(Unwind::Raise(e)) if p.exception_matches(e, core::ATTRIBUTE_ERROR) => Ok(Value::NONE),
            other => other,
        }
    })?;
    if !blocking.is_none() {
        return wait_for_other(p, this, v, blocking);
    }
    let text = p.repr_text(v)?;
    if p.is_instance(v, core::GENERATOR) {
        let task = p.repr_text(this)?;
        let message = format!("yield was used instead of yield from for generator in task {task} with {text}");
        return fail_soon(p, this, &message);
    }
    fail_soon(p, this, &format!("Task got bad yield: {text}"))
}

/// What [`wait_for`] found.
mod found {
    use heddle_vm::value::Value;
    pub const WAITS: Value = Value::NONE;
    pub const MUST_CANCEL: Value = Value::TRUE;
    pub const OTHER_LOOP: Value = Value::FALSE;
    pub const NOT_BLOCKING: Value = Value::ELLIPSIS;
    pub const DONE: Value = Value::NOT_IMPLEMENTED;
}

/// The task waits for a future or task of ours.
fn wait_for(p: &mut Process, this: Value, v: Value) -> NativeResult<()> {
    let found = p.once(|p| {
        let (event_loop, context) = (
            future(p, this).map_or(Value::NULL, |f| f.event_loop),
            task(p, this).map_or(Value::NULL, |t| t.context),
        );
        let Some(f) = future_mut(p, v) else {
            return Ok(found::NOT_BLOCKING);
        };
        if f.event_loop != event_loop {
            return Ok(found::OTHER_LOOP);
        }
        if !f.blocking {
            return Ok(found::NOT_BLOCKING);
        }
        f.blocking = false;
        if f.state != State::Pending {
            state::add_awaited_by(p, v, this);
            return Ok(found::DONE);
        }
        wait_on(p, this, v, context);
        Ok(must_cancel(p, this))
    })?;
    match found {
        found::OTHER_LOOP => misfit(p, this, v, Misfit::OtherLoop),
        found::NOT_BLOCKING => misfit(p, this, v, Misfit::NotBlocking),
        found::MUST_CANCEL => cancel_awaited(p, this, v),
        found::DONE => {
            let (wakeup, context) = wakeup_in_context(p, this)?;
            schedule::add_done_callback(p, v, wakeup, context)?;
            let found = p.once(|p| Ok(waits(p, this, v)))?;
            if found == found::MUST_CANCEL {
                return cancel_awaited(p, this, v);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The task's wake-up call, and the context in which it is to be called.
fn wakeup_in_context(p: &mut Process, this: Value) -> NativeResult<(Value, Value)> {
    let wakeup = p.once(|p| Ok(p.new_native(&WAKEUP, this)))?;
    Ok((wakeup, task(p, this).map_or(Value::NULL, |t| t.context)))
}

/// A pending future is to wake the task.
pub fn wait_on(p: &mut Process, this: Value, v: Value, context: Value) {
    state::add_awaited_by(p, v, this);
    let wakeup = p.new_native(&WAKEUP, this);
    if let Some(f) = future_mut(p, v) {
        f.callbacks.push((wakeup, context));
        p.heap.incref(wakeup);
        p.heap.incref(context);
    }
    put_task(p, this, v, |t| &mut t.waits_for);
}

/// `_fut_waiter` is set. Is the task to be cancelled at once?
fn waits(p: &mut Process, this: Value, v: Value) -> Value {
    put_task(p, this, v, |t| &mut t.waits_for);
    must_cancel(p, this)
}

fn must_cancel(p: &Process, this: Value) -> Value {
    if task(p, this).is_some_and(|t| t.must_cancel) {
        found::MUST_CANCEL
    } else {
        found::WAITS
    }
}

/// The task was to be cancelled, and now what it waits for is.
fn cancel_awaited(p: &mut Process, this: Value, v: Value) -> NativeResult<()> {
    let message = p.once(|p| {
        Ok(state::or_none(
            future(p, this).map_or(Value::NULL, |f| f.cancel_message),
        ))
    })?;
    let answer = state::call_method(p, v, "cancel", &[message])?;
    if p.truth(answer)?
        && let Some(t) = task_mut(p, this)
    {
        t.must_cancel = false;
    }
    Ok(())
}

/// `futures._get_loop`
fn loop_of(p: &mut Process, v: Value) -> NativeResult {
    let method = p.scope(|p| match p.getattr_text(v, "get_loop") {
        Err(Unwind::Raise(e)) if p.exception_matches(e, core::ATTRIBUTE_ERROR) => Ok(Value::NONE),
        other => other,
    })?;
    if method.is_none() {
        return p.scope(|p| p.getattr_text(v, "_loop"));
    }
    p.call(method, &[])
}

/// The task waits for something else that is like a future, or for a subclass's instance.
fn wait_for_other(p: &mut Process, this: Value, v: Value, blocking: Value) -> NativeResult<()> {
    let blocking = p.truth(blocking)?;
    let event_loop = loop_of(p, v)?;
    if future(p, this).is_none_or(|f| f.event_loop != event_loop) {
        return misfit(p, this, v, Misfit::OtherLoop);
    }
    if !blocking {
        return misfit(p, this, v, Misfit::NotBlocking);
    }
    p.once(|p| {
        state::add_awaited_by(p, v, this);
        Ok(Value::NONE)
    })?;
    p.scope(|p| {
        let name = p.intern("_asyncio_future_blocking");
        p.setattr(v, name, Value::FALSE).map(|()| Value::NONE)
    })?;
    let (wakeup, context) = wakeup_in_context(p, this)?;
    let add = p.scope(|p| p.getattr_text(v, "add_done_callback"))?;
    let kw = [(names::CONTEXT_ARG, context)];
    p.call_kw(
        add,
        Args {
            pos: &[wakeup],
            kw: &kw,
        },
    )?;
    let found = p.once(|p| Ok(waits(p, this, v)))?;
    if found == found::MUST_CANCEL {
        return cancel_awaited(p, this, v);
    }
    Ok(())
}
