//! The common step of a task without replay: `Context.run` with a step or a wake-up of ours that neither throws nor cancels, of a task over
//! a coroutine or generator, whose coroutine yields None or a pending future of ours.
//!
//! Such a step has three parts, told by the first entry of the log ([`LogEntry::Part`]): up to the coroutine, from its answer to
//! `loop.call_soon`, and after that. Whatever else an answer may be, the log becomes what the ordinary way (`step`) would have written
//! up to there, which then goes on.

use super::schedule;
use super::state::{self, State, future, future_mut, task, task_mut};
use super::step;
use crate::context;
use heddle_vm::names;
use heddle_vm::native::{CallRequest, GeneratorInput, LogEntry, NativeResult, Pending, Unwind};
use heddle_vm::process::Process;
use heddle_vm::value::Value;

/// The coroutine runs.
const COROUTINE: u8 = 1;
/// `loop.call_soon` runs.
const CALL_SOON: u8 = 2;

/// `Context.run(callable, *args)` begins. None: it is no such step.
pub fn begin(p: &mut Process, ctx: Value, callable: Value, args: &[Value]) -> Option<NativeResult> {
    // Without a GIL the ordinary way says what the locks of objects cost.
    if p.activation.depth != 0 || !p.config.rules.gil || !context::may_enter(p, ctx) {
        return None;
    }
    let this = match args {
        [] => step::plain_step(p, callable)?,
        &[awaited] => {
            let this = step::wakeup_of(p, callable)?;
            let done = future(p, awaited).filter(|_| state::is_exact(p, awaited))?;
            (done.state == State::Finished && done.exception.is_null()).then_some(this)?
        }
        _ => return None,
    };
    let f = future(p, this)?;
    let part = f.task.as_ref()?;
    let (event_loop, coro, waited) = (f.event_loop, part.coro, part.waits_for);
    let plain = f.state == State::Pending && !part.must_cancel && p.running_loop() == event_loop;
    if !plain || !p.running_task().is_null() || !step::is_generator(p, coro) {
        return None;
    }
    if let Err(error) = context::enter(p, ctx) {
        return Some(Err(error));
    }
    if let Some(&awaited) = args.first() {
        state::discard_awaited_by(p, awaited, this);
    }
    p.enter_task(this);
    if let Some(part) = task_mut(p, this) {
        part.waits_for = Value::NULL;
    }
    state::release(p, waited);
    p.activation.log.push(LogEntry::Part(COROUTINE));
    Some(Err(Unwind::Pending(Box::new(Pending::Generator {
        generator: coro,
        input: GeneratorInput::Send(Value::NONE),
        raise_at_end: true,
        tail: false,
    }))))
}

/// The step goes on with an answer. None: not this way, nor was it begun so.
pub fn go_on(p: &mut Process, ctx: Value, callable: Value, waked: bool) -> Option<NativeResult> {
    let Some(&LogEntry::Part(part)) = p.activation.log.first() else {
        return None;
    };
    p.activation.cursor = 1;
    let answer = p.next_log_entry();
    let this = step::task_of(p, callable)?;
    if part == CALL_SOON {
        if let Some(event_loop) = future(p, this).map(|f| f.event_loop) {
            p.soon_over(event_loop);
        }
        let result = match answer {
            Some(LogEntry::Raise(e)) => Err(Unwind::Raise(e)),
            _ => Ok(()),
        };
        return Some(over(p, ctx, this, result));
    }
    let result = match answer {
        Some(LogEntry::Value(v)) => yielded(p, ctx, this, v),
        _ => None,
    };
    if result.is_none() {
        ordinary(p, waked);
    }
    result
}

/// What the ordinary way would have logged by now: contexts and tasks are entered, None has been sent, this is the answer. The places that write
/// these entries (`context::run`, `step::wakeup`, `step::step`) say so.
fn ordinary(p: &mut Process, waked: bool) {
    let wakeup = [LogEntry::Open, LogEntry::Value(Value::NULL)];
    let before = wakeup
        .into_iter()
        .filter(|_| waked)
        .chain([LogEntry::Value(Value::NONE)]);
    let log = &mut p.activation.log;
    if let Some(first) = log.first_mut() {
        *first = LogEntry::Value(Value::NONE);
    }
    log.splice(1..1, before);
    p.activation.cursor = 0;
}

fn yielded(p: &mut Process, ctx: Value, this: Value, v: Value) -> Option<NativeResult> {
    let event_loop = future(p, this)?.event_loop;
    if p.running_loop() != event_loop || p.running_task() != this || v == this {
        return None;
    }
    let context = task(p, this)?.context;
    if v.is_none() {
        if let Some(queue) = schedule::may_soon(p, event_loop, 1) {
            let due = step::new_step(p, this, Value::NULL);
            let result = schedule::soon(p, event_loop, &[due], context, queue);
            return Some(over(p, ctx, this, result));
        }
        let callee = schedule::own_call_soon(p, event_loop)?;
        let due = step::new_step(p, this, Value::NULL);
        p.activation.log.clear();
        p.activation.log.push(LogEntry::Part(CALL_SOON));
        let request = CallRequest {
            callee,
            args: vec![event_loop, due],
            kw: vec![(names::CONTEXT_ARG, context)],
        };
        return Some(Err(Unwind::Pending(Box::new(Pending::Call(request)))));
    }
    if !state::is_exact(p, v) || task(p, this)?.must_cancel {
        return None;
    }
    let f = future(p, v)?;
    if f.event_loop != event_loop || !f.blocking || f.state != State::Pending {
        return None;
    }
    let f = future_mut(p, v)?;
    f.blocking = false;
    step::wait_on(p, this, v, context);
    Some(over(p, ctx, this, Ok(())))
}

/// The task and its context are left.
fn over(p: &mut Process, ctx: Value, this: Value, result: NativeResult<()>) -> NativeResult {
    let result = step::leave(p, this, result);
    if !matches!(result, Err(Unwind::Pending(_))) {
        context::leave(p, ctx);
    }
    result
}
