//! What whoever watches tasks (`heddle_vm::watchers`) is told of ours, without running Python code.

use super::state::{Future, State, future};
use super::step;
use heddle_trace::TaskEnd;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use heddle_vm::watchers::TaskParts;
use std::rc::Rc;

/// The task whose step or wake-up this callback is.
pub fn task_of_step(p: &Process, callback: Value) -> Option<Value> {
    step::task_of(p, callback)
}

fn end(f: &Future) -> Option<TaskEnd> {
    match f.state {
        State::Pending => None,
        State::Cancelled => Some(TaskEnd::Cancelled),
        State::Finished if f.exception.is_null() => Some(TaskEnd::Returned),
        State::Finished => Some(TaskEnd::Raised),
    }
}

/// What a task consists of.
pub fn task(p: &Process, v: Value) -> Option<TaskParts> {
    let f = future(p, v)?;
    let part = f.task.as_deref()?;
    Some(TaskParts {
        coroutine: part.coro,
        waiter: part.waits_for,
        event_loop: f.event_loop,
        name: Rc::clone(&part.shown),
        end: end(f),
        exception: f.exception,
    })
}

/// Whether a future is done.
pub fn is_done(p: &Process, v: Value) -> Option<bool> {
    future(p, v).map(|f| f.state != State::Pending)
}
