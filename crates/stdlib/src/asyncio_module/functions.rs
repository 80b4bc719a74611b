//! The functions of `_asyncio`: the running loop, the current task, and the tasks that there are.

use super::fields::is_future;
use super::future::FUTURE;
use super::iter::FUTURE_ITER;
use super::state::{self, Kept, kept, or_none, task};
use super::step::STEP;
use super::task::TASK;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;

/// `get_event_loop()`: the running loop, else the policy's.
pub fn event_loop(p: &mut Process) -> NativeResult {
    let running = p.once(|p| Ok(or_none(p.running_loop())))?;
    if !running.is_none() {
        return Ok(running);
    }
    let policy = kept(p, Kept::GetPolicy)?;
    let policy = p.call(policy, &[])?;
    state::call_method(p, policy, "get_event_loop", &[])
}

fn get_event_loop(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_event_loop")?;
    event_loop(p)
}

fn get_running_loop(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_running_loop")?;
    running_loop(p)
}

fn running_loop(p: &mut Process) -> NativeResult {
    let running = p.running_loop();
    if running.is_null() {
        return Err(p.runtime_error("no running event loop"));
    }
    Ok(running)
}

fn get_running_loop_or_none(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_get_running_loop")?;
    Ok(or_none(p.running_loop()))
}

fn set_running_loop(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [event_loop] = p.exactly(args, "_asyncio._set_running_loop")?;
    p.set_running_loop(event_loop);
    Ok(Value::NONE)
}

fn current_task(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [event_loop] = p.bind(args, "current_task", ["loop"], 0)?;
    let event_loop = match event_loop.filter(|v| !v.is_none()) {
        Some(v) => v,
        None => running_loop(p)?,
    };
    Ok(or_none(p.task_of_loop(event_loop)))
}

/// A task of another class goes into a set of Python's.
fn tell_set(p: &mut Process, which: Kept, method: &str, task: Value) -> NativeResult {
    let set = kept(p, which)?;
    state::call_method(p, set, method, &[task])?;
    Ok(Value::NONE)
}

fn register(p: &mut Process, args: Args<'_>, name: &str, eager: bool) -> NativeResult {
    let [v] = p.bind(args, name, ["task"], 1)?;
    let v = v.unwrap_or(Value::NONE);
    if task(p, v).is_some() {
        state::register(p, v);
        return Ok(Value::NONE);
    }
    let set = if eager { Kept::OtherEagerTasks } else { Kept::OtherTasks };
    tell_set(p, set, "add", v)?;
    p.task_registered(v);
    Ok(Value::NONE)
}

fn unregister(p: &mut Process, args: Args<'_>, name: &str, eager: bool) -> NativeResult {
    let [v] = p.bind(args, name, ["task"], 1)?;
    let v = v.unwrap_or(Value::NONE);
    if task(p, v).is_some() {
        state::unregister(p, v);
        return Ok(Value::NONE);
    }
    let set = if eager { Kept::OtherEagerTasks } else { Kept::OtherTasks };
    tell_set(p, set, "discard", v)
}

fn loop_and_task(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<(Value, Value)> {
    let [event_loop, task] = p.bind(args, name, ["loop", "task"], 2)?;
    Ok((event_loop.unwrap_or(Value::NONE), task.unwrap_or(Value::NONE)))
}

fn enter_task(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (event_loop, task) = loop_and_task(p, args, "_enter_task")?;
    p.may_enter_task(event_loop, task)?;
    p.enter_task(task);
    Ok(Value::NONE)
}

fn leave_task(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (event_loop, task) = loop_and_task(p, args, "_leave_task")?;
    p.leave_task(event_loop, task)?;
    Ok(Value::NONE)
}

fn swap_current_task(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (event_loop, task) = loop_and_task(p, args, "_swap_current_task")?;
    p.may_swap_task(event_loop)?;
    Ok(p.swap_task(task))
}

fn add_to_awaited_by(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [awaited, waiter] = p.exactly(args, "future_add_to_awaited_by")?;
    if is_future(p, awaited) && is_future(p, waiter) {
        state::add_awaited_by(p, awaited, waiter);
    }
    Ok(Value::NONE)
}

fn discard_from_awaited_by(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [awaited, waiter] = p.exactly(args, "future_discard_from_awaited_by")?;
    if is_future(p, awaited) && is_future(p, waiter) {
        state::discard_awaited_by(p, awaited, waiter);
    }
    Ok(Value::NONE)
}

/// The tasks of our class that are not done, of all loops: what `all_tasks` picks from.
fn registered(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_registered")?;
    let tasks = p.live_tasks(state::number);
    Ok(p.new_list(tasks))
}

/// Takes what [`Kept`] lists.
fn keep(p: &mut Process, args: Args<'_>) -> NativeResult {
    let classes = [&FUTURE, &TASK, &FUTURE_ITER, &STEP].map(|def| p.native_type(def));
    p.tasks.classes = classes.to_vec();
    for &v in args.pos {
        p.heap.incref(v);
    }
    let old = std::mem::replace(&mut p.tasks.kept, args.pos.to_vec());
    old.into_iter().for_each(|v| p.heap.decref(v));
    Ok(Value::NONE)
}

/// All of them.
pub static FUNCTIONS: &[Native] = &[
    Native::function("get_event_loop", get_event_loop).sig("($module, /)"),
    Native::function("get_running_loop", get_running_loop).sig("($module, /)"),
    Native::function("_get_running_loop", get_running_loop_or_none).sig("($module, /)"),
    Native::function("_set_running_loop", set_running_loop).sig("($module, loop, /)"),
    Native::function("current_task", current_task).sig("($module, /, loop=None)"),
    Native::function("_register_task", |p, a| register(p, a, "_register_task", false)).sig("($module, /, task)"),
    Native::function("_register_eager_task", |p, a| {
        register(p, a, "_register_eager_task", true)
    })
    .sig("($module, /, task)"),
    Native::function("_unregister_task", |p, a| unregister(p, a, "_unregister_task", false)).sig("($module, /, task)"),
    Native::function("_unregister_eager_task", |p, a| {
        unregister(p, a, "_unregister_eager_task", true)
    })
    .sig("($module, /, task)"),
    Native::function("_enter_task", enter_task).sig("($module, /, loop, task)"),
    Native::function("_leave_task", leave_task).sig("($module, /, loop, task)"),
    Native::function("_swap_current_task", swap_current_task).sig("($module, /, loop, task)"),
    Native::function("future_add_to_awaited_by", add_to_awaited_by).sig("($module, fut, waiter, /)"),
    Native::function("future_discard_from_awaited_by", discard_from_awaited_by).sig("($module, fut, waiter, /)"),
    Native::function("_registered", registered),
    Native::function("_keep", keep),
];
