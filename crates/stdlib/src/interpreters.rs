//! `_crossing`: what interpreters of one process ask of each other, on plain values; `prelude/_interpreters.py`, `_interpqueues.py` make of it the
//! modules that CPython's library knows.
//!
//! Plain values are what [`Parcel`] holds: None, bool, int of a word, float, str, bytes, tuples of these, and code objects.

use heddle_compiler::{Const, Op};
use heddle_vm::contract::{Resume, SystemCall};
use heddle_vm::function::{Args, Native};
use heddle_vm::interpreters::{Parcel, QueueRequest, Refusal, Request, Settings, Unfit};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Where the exceptions stand that Python defines: those of interpreters, and those of queues.
const ERRORS: &str = "_crossing.errors";
const QUEUE_ERRORS: &str = "_crossing.queue_errors";

/// Asks, and gives the answer as a value; a refusal is an exception.
fn ask(p: &mut Process, request: Request) -> NativeResult {
    match p.system_call(SystemCall::Across(Box::new(request)))? {
        Resume::Crossed(Ok(answer)) => Ok(p.unpack(&answer)),
        Resume::Crossed(Err(refusal)) => Err(refused(p, refusal)),
        _ => Err(p.system_error("no answer from the other interpreter")),
    }
}

fn refused(p: &mut Process, refusal: Refusal) -> Unwind {
    let (place, at, message) = match refusal {
        Refusal::NoInterpreter(id) => (ERRORS, 1, format!("unrecognized interpreter ID {id}")),
        Refusal::AlreadyRunning => (ERRORS, 0, "interpreter already running".to_owned()),
        Refusal::Running => (ERRORS, 0, "interpreter running".to_owned()),
        Refusal::Current => (ERRORS, 0, "cannot destroy the current interpreter".to_owned()),
        Refusal::TooMany => (ERRORS, 0, "interpreter creation failed".to_owned()),
        Refusal::NoQueue(id) => (QUEUE_ERRORS, 0, format!("queue {id} not found")),
        Refusal::Full(id) => (QUEUE_ERRORS, 1, format!("queue {id} is full")),
        Refusal::Empty(id) => (QUEUE_ERRORS, 2, format!("queue {id} is empty")),
    };
    let class = p.module_state.get(place).and_then(|classes| classes.get(at)).copied();
    p.error(class.unwrap_or(core::RUNTIME_ERROR), &message)
}

/// Keeps exception classes for [`refused`].
fn keep(p: &mut Process, place: &'static str, classes: &[Value]) {
    for &class in classes {
        p.heap.incref(class);
    }
    for old in p.module_state.insert(place, classes.to_vec()).into_iter().flatten() {
        p.heap.decref(old);
    }
}

/// `errors(InterpreterError, InterpreterNotFoundError)`
fn errors(p: &mut Process, args: Args<'_>) -> NativeResult {
    let classes = p.exactly::<2>(args, "errors")?;
    keep(p, ERRORS, &classes);
    Ok(Value::NONE)
}

/// `queue_errors(QueueNotFoundError, QueueFull, QueueEmpty)`
fn queue_errors(p: &mut Process, args: Args<'_>) -> NativeResult {
    let classes = p.exactly::<3>(args, "queue_errors")?;
    keep(p, QUEUE_ERRORS, &classes);
    Ok(Value::NONE)
}

/// The number of an interpreter or a queue ("interpreter", "queue").
fn number_of(p: &mut Process, v: Value, what: &str) -> NativeResult<i64> {
    if !p.is_int(v) {
        let message = format!("{what} ID must be an int, got {}", p.type_name(v));
        return Err(p.type_error(&message));
    }
    match p.as_i64(v) {
        Some(n) if n >= 0 => Ok(n),
        Some(n) => {
            let message = format!("{what} ID must be a non-negative int, got {n}");
            Err(p.value_error(&message))
        }
        None => Err(p.overflow_error("int too big to convert")),
    }
}

fn parcel(p: &mut Process, v: Value) -> NativeResult<Parcel> {
    p.pack(v).map_err(|unfit| match unfit {
        Unfit::Int => p.overflow_error("try sending as bytes"),
        Unfit::Depth => p.recursion_error(),
        Unfit::Memory => p.memory_error(),
        Unfit::Type(_) => p.system_error("not a plain value"),
    })
}

/// `plain(value)`: whether it can go as it is.
fn plain(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "plain")?;
    match p.pack(v) {
        // Code objects go only as parts of functions.
        Ok(Parcel::Code(_)) | Err(Unfit::Type(_)) => Ok(Value::FALSE),
        Ok(parcel) => Ok(Value::from_bool(!has_code(&parcel))),
        Err(Unfit::Int) => Err(p.overflow_error("try sending as bytes")),
        Err(Unfit::Depth) => Err(p.recursion_error()),
        Err(Unfit::Memory) => Err(p.memory_error()),
    }
}

fn has_code(parcel: &Parcel) -> bool {
    match parcel {
        Parcel::Code(_) => true,
        Parcel::Tuple(items) => items.iter().any(has_code),
        _ => false,
    }
}

/// `global_names(code)`: what it and the code inside it look up outside of themselves; None if that cannot be told.
fn global_names(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [code] = p.exactly(args, "global_names")?;
    let Ok(Parcel::Code(code)) = p.pack(code) else {
        return Ok(Value::NONE);
    };
    let (mut names, mut left) = (BTreeSet::new(), vec![code]);
    while let Some(code) = left.pop() {
        for instruction in &code.instructions {
            let arg = instruction.arg();
            let at = match instruction.op() {
                Op::LoadGlobal => arg >> 1,
                Op::LoadName | Op::LoadFromDictOrGlobals | Op::StoreGlobal | Op::DeleteGlobal => arg,
                _ => continue,
            };
            names.extend(code.names.get(at as usize).cloned());
        }
        for constant in &code.consts {
            match constant {
                Const::Code(inner) => left.push(Rc::clone(inner)),
                Const::Late(_) => return Ok(Value::NONE),
                _ => {}
            }
        }
    }
    let names = names.iter().map(|name| p.new_str(name)).collect();
    Ok(p.new_tuple(names))
}

/// `current()`: the number of this interpreter.
fn current(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "current")?;
    Ok(p.new_int(i64::from(p.interpreter)))
}

/// `create(own_gil, daemon_threads, threads, fork, all)`
fn create(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [own_gil, daemon_threads, threads, fork, all] = p.exactly(args, "create")?;
    let all = parcel(p, all)?;
    let settings = Settings {
        own_gil: own_gil == Value::TRUE,
        daemon_threads: daemon_threads == Value::TRUE,
        threads: threads == Value::TRUE,
        fork: fork == Value::TRUE,
        all,
    };
    ask(p, Request::Create(settings))
}

/// `run(id, task)`
fn run(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, task] = p.exactly(args, "run")?;
    let id = number_of(p, id, "interpreter")?;
    let task = parcel(p, task)?;
    ask(p, Request::Run { id, task })
}

/// `list()`
fn list(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "list")?;
    ask(p, Request::List)
}

/// `incref(id, owned)`
fn incref(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, owned] = p.exactly(args, "incref")?;
    let (id, owned) = (number_of(p, id, "interpreter")?, owned == Value::TRUE);
    ask(p, Request::Incref { id, owned })
}

/// A request about one interpreter.
fn about(p: &mut Process, args: Args<'_>, request: impl FnOnce(i64) -> Request) -> NativeResult {
    let [id] = p.exactly(args, "_crossing")?;
    let id = number_of(p, id, "interpreter")?;
    ask(p, request(id))
}

fn end(p: &mut Process, args: Args<'_>) -> NativeResult {
    about(p, args, |id| Request::End { id })
}

fn whence(p: &mut Process, args: Args<'_>) -> NativeResult {
    about(p, args, |id| Request::Whence { id })
}

fn settings(p: &mut Process, args: Args<'_>) -> NativeResult {
    about(p, args, |id| Request::Settings { id })
}

fn is_running(p: &mut Process, args: Args<'_>) -> NativeResult {
    about(p, args, |id| Request::IsRunning { id })
}

fn decref(p: &mut Process, args: Args<'_>) -> NativeResult {
    about(p, args, |id| Request::Decref { id })
}

/// A request about one queue.
fn about_queue(p: &mut Process, args: Args<'_>, request: impl FnOnce(i64) -> QueueRequest) -> NativeResult {
    let [id] = p.exactly(args, "_crossing")?;
    let id = number_of(p, id, "queue")?;
    ask(p, Request::Queue(request(id)))
}

/// `queue_create(maxsize, unbound)`
fn queue_create(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [max_size, unbound] = p.exactly(args, "create")?;
    let (max_size, unbound) = (p.index_i64(max_size)?, p.index_i64(unbound)?);
    ask(p, Request::Queue(QueueRequest::Create { max_size, unbound }))
}

/// `queue_put(id, item, unbound)`
fn queue_put(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, item, unbound] = p.exactly(args, "put")?;
    let (id, unbound) = (number_of(p, id, "queue")?, p.index_i64(unbound)?);
    let item = parcel(p, item)?;
    ask(p, Request::Queue(QueueRequest::Put { id, item, unbound }))
}

fn queue_list(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "list_all")?;
    ask(p, Request::Queue(QueueRequest::List))
}

fn queue_get(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::Get { id })
}

fn queue_destroy(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::Destroy { id })
}

fn queue_bind(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::Bind { id })
}

fn queue_release(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::Release { id })
}

fn queue_count(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::Count { id })
}

fn queue_max_size(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::MaxSize { id })
}

fn queue_is_full(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::IsFull { id })
}

fn queue_defaults(p: &mut Process, args: Args<'_>) -> NativeResult {
    about_queue(p, args, |id| QueueRequest::Defaults { id })
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_crossing",
    doc: "",
    functions: &[
        Native::function("errors", errors),
        Native::function("queue_errors", queue_errors),
        Native::function("plain", plain),
        Native::function("global_names", global_names),
        Native::function("current", current),
        Native::function("create", create),
        Native::function("run", run),
        Native::function("end", end),
        Native::function("list", list),
        Native::function("whence", whence),
        Native::function("settings", settings),
        Native::function("is_running", is_running),
        Native::function("incref", incref),
        Native::function("decref", decref),
        Native::function("queue_create", queue_create),
        Native::function("queue_list", queue_list),
        Native::function("queue_put", queue_put),
        Native::function("queue_get", queue_get),
        Native::function("queue_destroy", queue_destroy),
        Native::function("queue_bind", queue_bind),
        Native::function("queue_release", queue_release),
        Native::function("queue_count", queue_count),
        Native::function("queue_max_size", queue_max_size),
        Native::function("queue_is_full", queue_is_full),
        Native::function("queue_defaults", queue_defaults),
    ],
    types: &[],
    init: None,
};
