//! The payload of `Future` and `Task`, and how its counted fields are changed.

use heddle_vm::heap::flags;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::object::Obj;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use smallvec::SmallVec;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Where a future stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Pending,
    Cancelled,
    Finished,
}

/// Who waits for a future: seldom more than one.
#[derive(Clone, Debug, Default)]
pub enum AwaitedBy {
    #[default]
    Nobody,
    One(Value),
    /// By heap index.
    Many(BTreeSet<u32>),
}

impl AwaitedBy {
    /// All of them.
    pub fn all(&self) -> Vec<Value> {
        match self {
            AwaitedBy::Nobody => Vec::new(),
            AwaitedBy::One(v) => vec![*v],
            AwaitedBy::Many(all) => all.iter().map(|&i| Value::from_handle(i)).collect(),
        }
    }

    /// False if it is known already.
    fn add(&mut self, v: Value) -> bool {
        match self {
            AwaitedBy::Nobody => *self = AwaitedBy::One(v),
            AwaitedBy::One(known) if *known == v => return false,
            AwaitedBy::One(known) => {
                *self = AwaitedBy::Many([*known, v].iter().filter_map(|v| v.handle()).collect());
            }
            AwaitedBy::Many(all) => return v.handle().is_some_and(|i| all.insert(i)),
        }
        true
    }

    fn discard(&mut self, v: Value) -> bool {
        match self {
            AwaitedBy::One(known) if *known == v => *self = AwaitedBy::Nobody,
            AwaitedBy::Many(all) => return v.handle().is_some_and(|i| all.remove(&i)),
            AwaitedBy::Nobody | AwaitedBy::One(_) => return false,
        }
        true
    }
}

/// What a task has besides.
#[derive(Clone, Debug, Default)]
pub struct TaskPart {
    /// What it waits for, or NULL.
    pub waits_for: Value,
    /// NULL: not initialised, or an eager task that is done.
    pub coro: Value,
    /// A str, or the int in `Task-n` until somebody asks; NULL before `__init__`.
    pub name: Value,
    /// The name for whoever watches; made once, since it is asked for at every step.
    pub shown: Rc<str>,
    pub context: Value,
    pub must_cancel: bool,
    pub log_destroy_pending: bool,
    /// `cancelling()`
    pub cancels: u32,
    /// Its number among the tasks that are not done; 0: not among them.
    pub number: u64,
}

/// A future or task. Values are counted; NULL where there is none.
#[derive(Clone, Debug, Default)]
pub struct Future {
    /// NULL: `__init__` has not run.
    pub event_loop: Value,
    /// Callbacks with their contexts.
    pub callbacks: SmallVec<[(Value, Value); 1]>,
    pub result: Value,
    pub exception: Value,
    /// Its traceback as it was set, until somebody takes the exception.
    pub traceback: Value,
    pub source_traceback: Value,
    pub cancel_message: Value,
    /// The CancelledError that ended a task, for whoever asks first.
    pub cancelled_error: Value,
    pub awaited_by: AwaitedBy,
    pub state: State,
    /// Its exception is to be logged if nobody takes it.
    pub log_traceback: bool,
    /// `_asyncio_future_blocking`
    pub blocking: bool,
    /// Tasks have one.
    pub task: Option<Box<TaskPart>>,
}
heddle_vm::impl_payload!(Future, |this, f| {
    [
        this.event_loop,
        this.result,
        this.exception,
        this.traceback,
        this.source_traceback,
        this.cancel_message,
        this.cancelled_error,
    ]
    .into_iter()
    .for_each(&mut *f);
    for &(callback, context) in &this.callbacks {
        f(callback);
        f(context);
    }
    match &this.awaited_by {
        AwaitedBy::Nobody => {}
        AwaitedBy::One(v) => f(*v),
        AwaitedBy::Many(all) => all.iter().for_each(|&i| f(Value::from_handle(i))),
    }
    if let Some(task) = &this.task {
        [task.waits_for, task.coro, task.name, task.context]
            .into_iter()
            .for_each(f);
    }
});

/// The place of a class in [`heddle_vm::tasks::Tasks::classes`].
#[derive(Clone, Copy)]
pub enum Class {
    Future,
    Task,
    FutureIter,
    Step,
}

/// The place of what Python code of `asyncio` gives us in [`heddle_vm::tasks::Tasks::kept`]; as `_asyncio.py` hands them over.
#[derive(Clone, Copy)]
pub enum Kept {
    CancelledError,
    InvalidStateError,
    GetPolicy,
    FutureRepr,
    TaskRepr,
    GetStack,
    PrintStack,
    IsCoroutine,
    ExtractStack,
    /// A WeakSet of tasks of other classes.
    OtherTasks,
    /// A set of those in their first, eager step.
    OtherEagerTasks,
}

/// What `_asyncio` keeps of `asyncio`.
pub fn kept(p: &mut Process, which: Kept) -> NativeResult {
    match p.tasks.kept.get(which as usize) {
        Some(&v) => Ok(v),
        None => Err(p.runtime_error("_asyncio has not been imported")),
    }
}

/// A class of ours; NULL before `_asyncio` has been imported.
pub fn class(p: &Process, which: Class) -> Value {
    p.tasks.classes.get(which as usize).copied().unwrap_or(Value::NULL)
}

/// Is it a future or task, but of no subclass?
pub fn is_exact(p: &Process, v: Value) -> bool {
    v.is_heap() && (p.is_exact(v, class(p, Class::Future)) || p.is_exact(v, class(p, Class::Task)))
}

/// The payload, of subclasses too.
#[inline]
pub fn future(p: &Process, v: Value) -> Option<&Future> {
    p.heap.payload::<Future>(v)
}

/// The payload to be changed.
#[inline]
pub fn future_mut(p: &mut Process, v: Value) -> Option<&mut Future> {
    p.heap.payload_mut::<Future>(v)
}

/// The part of a task.
#[inline]
pub fn task(p: &Process, v: Value) -> Option<&TaskPart> {
    future(p, v)?.task.as_deref()
}

/// The part of a task to be changed.
#[inline]
pub fn task_mut(p: &mut Process, v: Value) -> Option<&mut TaskPart> {
    future_mut(p, v)?.task.as_deref_mut()
}

/// A field as Python sees it.
pub fn or_none(v: Value) -> Value {
    if v.is_null() { Value::NONE } else { v }
}

/// Replaces a field of a future: counts the new value (NULL for none) and lets go of the old.
pub fn put(p: &mut Process, this: Value, value: Value, field: fn(&mut Future) -> &mut Value) {
    p.heap.incref(value);
    if let Some(f) = future_mut(p, this) {
        let old = std::mem::replace(field(f), value);
        p.heap.decref(old);
    }
}

/// The same for the part of a task.
pub fn put_task(p: &mut Process, this: Value, value: Value, field: fn(&mut TaskPart) -> &mut Value) {
    p.heap.incref(value);
    if let Some(t) = task_mut(p, this) {
        let old = std::mem::replace(field(t), value);
        p.heap.decref(old);
    }
}

/// Gives a task its name: a str, or the int in `Task-n`.
pub fn put_name(p: &mut Process, this: Value, name: Value) {
    let shown: Rc<str> = match name.as_small() {
        Some(n) => Rc::from(format!("Task-{n}")),
        None => Rc::from(p.as_str(name).unwrap_or_default()),
    };
    put_task(p, this, name, |t| &mut t.name);
    if let Some(t) = task_mut(p, this) {
        t.shown = shown;
    }
}

/// Takes a field out. The value keeps its count, which passes to the caller: see [`release`].
pub fn take(p: &mut Process, this: Value, field: fn(&mut Future) -> &mut Value) -> Value {
    future_mut(p, this).map_or(Value::NULL, |f| std::mem::take(field(f)))
}

/// Lets go of a count; the value lives to the end of the native.
pub fn release(p: &mut Process, v: Value) -> Value {
    p.heap.decref(v);
    v
}

/// `waiter` waits for `this`.
pub fn add_awaited_by(p: &mut Process, this: Value, waiter: Value) {
    if future_mut(p, this).is_some_and(|f| f.awaited_by.add(waiter)) {
        p.heap.incref(waiter);
    }
}

/// It waits no longer.
pub fn discard_awaited_by(p: &mut Process, this: Value, waiter: Value) {
    if future_mut(p, this).is_some_and(|f| f.awaited_by.discard(waiter)) {
        p.heap.decref(waiter);
    }
}

/// Everything that was in a future goes, as in CPython's `future_init` and `tp_clear`.
pub fn clear(p: &mut Process, this: Value) {
    let Some(f) = future_mut(p, this) else { return };
    let old = Future {
        task: f.task.take(),
        ..std::mem::take(f)
    };
    f.task = old.task;
    let fields = [
        old.event_loop,
        old.result,
        old.exception,
        old.traceback,
        old.source_traceback,
        old.cancel_message,
        old.cancelled_error,
    ];
    let pairs = old
        .callbacks
        .into_iter()
        .flat_map(|(callback, context)| [callback, context]);
    for v in fields.into_iter().chain(pairs).chain(old.awaited_by.all()) {
        p.heap.decref(v);
    }
    mind_finalizer(p, this);
}

/// Futures and tasks proper (nothing of theirs can be overridden) are asked when they die only if they have something to say then.
pub fn mind_finalizer(p: &mut Process, this: Value) {
    if !is_exact(p, this) {
        return;
    }
    let wants = future(p, this).is_some_and(|f| {
        f.log_traceback
            || f.state == State::Pending
                && f.task
                    .as_ref()
                    .is_some_and(|t| t.log_destroy_pending && !f.event_loop.is_null())
    });
    let header = p.heap.header_mut(this);
    if wants {
        header.flags |= flags::HAS_FINALIZER;
    } else {
        header.flags &= !flags::HAS_FINALIZER;
    }
}

/// The number of a registered task; 0 for anything else.
pub fn number(object: &Obj) -> u64 {
    match object {
        Obj::Payload(payload) => payload
            .as_any()
            .downcast_ref::<Future>()
            .and_then(|f| f.task.as_ref())
            .map_or(0, |t| t.number),
        _ => 0,
    }
}

/// A task is among those that are not done.
pub fn register(p: &mut Process, this: Value) {
    if task(p, this).is_some_and(|t| t.number == 0) {
        let n = p.register_task(this, number);
        if let Some(t) = task_mut(p, this) {
            t.number = n;
        }
    }
}

/// It is not any more.
pub fn unregister(p: &mut Process, this: Value) {
    let n = task_mut(p, this).map_or(0, |t| std::mem::take(&mut t.number));
    if n != 0 {
        p.unregister_task(n);
    }
}

/// InvalidStateError.
pub fn invalid_state(p: &mut Process, message: &str) -> Unwind {
    match kept(p, Kept::InvalidStateError) {
        Ok(class) => p.error(class, message),
        Err(error) => error,
    }
}

/// The exception to be raised where a cancelled future is asked: the one that ended the task, once; else a new one.
pub fn make_cancelled_error(p: &mut Process, this: Value) -> NativeResult {
    let saved = take(p, this, |f| &mut f.cancelled_error);
    if !saved.is_null() {
        return Ok(release(p, saved));
    }
    let class = kept(p, Kept::CancelledError)?;
    let message = future(p, this).map_or(Value::NULL, |f| f.cancel_message);
    let args = if message.is_null() || message.is_none() {
        Vec::new()
    } else {
        vec![message]
    };
    Ok(p.new_exception(class, args))
}

/// Calls a method by name: found once, then called.
pub fn call_method(p: &mut Process, v: Value, name: &str, args: &[Value]) -> NativeResult {
    let method = p.scope(|p| p.getattr_text(v, name))?;
    p.call(method, args)
}
