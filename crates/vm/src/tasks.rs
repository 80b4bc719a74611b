//! What the process knows of event loops and tasks: the loop and the task that run in each thread, and which tasks there are. `_asyncio`
//! (in `stdlib`) stands on it, both its own `Task` and its functions for tasks of other classes; so each moment in the life of a task is
//! one function here or in `watchers/observe.rs`. What the trace's observer is not told so it sees by itself: it follows functions of the library
//! that call these, such as `Handle._run`, and what a task waits for when its step is over.
//!
//! As in CPython 3.14 a thread has at most one running loop and one current task; that these are the program's is not checked further.
//! Unlike there, the registered tasks are numbered instead of linked: a number stands in the task too, which tells a task from another
//! object that has taken its place since, so that nothing has to be done when a task dies.

use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use std::collections::BTreeMap;

/// Registered tasks are looked through for dead ones when their number has doubled since the last time, from this number on.
const LEAST_TO_SWEEP: usize = 4096;

/// The tasks of a process.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    /// Tasks that are not done, by number (not counted: they may have died).
    registered: BTreeMap<u64, Value>,
    /// The last number given.
    last: u64,
    /// Numbers of tasks in `registered` at the last sweep.
    swept: usize,
    /// The last number given to a task as its name.
    last_name: u64,
    /// What `_asyncio` keeps (counted): classes and functions of the package `asyncio`.
    pub kept: Vec<Value>,
    /// Classes that `_asyncio` has made, for comparisons (not counted: types are immortal).
    pub classes: Vec<Value>,
}

impl Process {
    /// The loop that runs in this thread, or NULL.
    #[inline]
    pub fn running_loop(&self) -> Value {
        self.threads
            .get(self.current as usize)
            .map_or(Value::NULL, |thread| thread.running_loop)
    }

    /// The current task of this thread, or NULL.
    #[inline]
    pub fn running_task(&self) -> Value {
        self.threads
            .get(self.current as usize)
            .map_or(Value::NULL, |thread| thread.running_task)
    }

    /// This thread runs a loop from now on (None or NULL: none).
    pub fn set_running_loop(&mut self, event_loop: Value) {
        let event_loop = if event_loop.is_none() { Value::NULL } else { event_loop };
        self.replace_counted(event_loop, |p| &mut p.current_thread().running_loop);
    }

    fn set_running_task(&mut self, task: Value) {
        self.replace_counted(task, |p| &mut p.current_thread().running_task);
    }

    /// The task that is current in the thread that runs this loop; NULL for none.
    pub fn task_of_loop(&self, event_loop: Value) -> Value {
        if self.running_loop() == event_loop {
            return self.running_task();
        }
        self.threads
            .iter()
            .find(|thread| !thread.ended && thread.running_loop == event_loop)
            .map_or(Value::NULL, |thread| thread.running_task)
    }

    /// May a step of a task of this loop begin here? RuntimeError otherwise.
    pub fn may_enter_task(&mut self, event_loop: Value, task: Value) -> NativeResult<()> {
        if self.running_loop() != event_loop {
            return Err(self.not_running(event_loop)?);
        }
        let other = self.running_task();
        if other.is_null() {
            return Ok(());
        }
        let (task, other) = (self.repr_text(task)?, self.repr_text(other)?);
        Err(self.runtime_error(&format!(
            "Cannot enter into task {task} while another task {other} is being executed."
        )))
    }

    /// A step of a task begins, which [`Process::may_enter_task`] has allowed.
    #[inline]
    pub fn enter_task(&mut self, task: Value) {
        self.set_running_task(task);
        self.task_entered(task);
    }

    /// A step of a task of this loop is over. Changes nothing where it fails.
    pub fn leave_task(&mut self, event_loop: Value, task: Value) -> NativeResult<()> {
        if self.running_loop() != event_loop {
            return Err(self.not_running(event_loop)?);
        }
        let current = self.running_task();
        if current != task {
            let current = if current.is_null() { Value::NONE } else { current };
            let (task, current) = (self.repr_text(task)?, self.repr_text(current)?);
            return Err(self.runtime_error(&format!(
                "Invalid attempt to leave task {task} while task {current} is entered."
            )));
        }
        self.set_running_task(Value::NULL);
        self.task_left(task);
        Ok(())
    }

    /// May the current task of this loop be changed here? RuntimeError otherwise.
    pub fn may_swap_task(&mut self, event_loop: Value) -> NativeResult<()> {
        if self.running_loop() == event_loop {
            return Ok(());
        }
        Err(self.not_running(event_loop)?)
    }

    /// Makes a task (None: none) the current one; the one before, or None. [`Process::may_swap_task`] has allowed it.
    pub fn swap_task(&mut self, task: Value) -> Value {
        let task = if task.is_none() { Value::NULL } else { task };
        let before = self.running_task();
        self.set_running_task(task);
        self.task_swapped(task);
        if before.is_null() { Value::NONE } else { before }
    }

    fn not_running(&mut self, event_loop: Value) -> NativeResult<Unwind> {
        let text = self.repr_text(event_loop)?;
        Ok(self.runtime_error(&format!("loop {text} is not the running loop")))
    }

    /// A number for a task that is to be among those that are not done; the task keeps it (`number` of [`Process::live_tasks`]).
    pub fn register_task(&mut self, task: Value, number: fn(&Obj) -> u64) -> u64 {
        if self.tasks.registered.len() >= LEAST_TO_SWEEP.max(2 * self.tasks.swept) {
            self.live_tasks(number);
            self.tasks.swept = self.tasks.registered.len();
        }
        self.tasks.last += 1;
        let n = self.tasks.last;
        self.tasks.registered.insert(n, task);
        self.task_registered(task);
        n
    }

    /// The task with this number is done, or not to be known any more.
    pub fn unregister_task(&mut self, n: u64) {
        self.tasks.registered.remove(&n);
    }

    /// The registered tasks that are alive, oldest first. `number` tells the number that an object has, if it is a task; 0 otherwise.
    pub fn live_tasks(&mut self, number: fn(&Obj) -> u64) -> Vec<Value> {
        let heap = &self.heap;
        self.tasks
            .registered
            .retain(|&n, &mut task| heap.object(task).is_some_and(|object| number(object) == n));
        self.tasks.registered.values().copied().collect()
    }

    /// The number in the name of the next task without one.
    pub fn next_task_name(&mut self) -> u64 {
        self.tasks.last_name += 1;
        self.tasks.last_name
    }

    /// In a forked process no loop runs and no task is known.
    pub(crate) fn forget_tasks(&mut self) {
        self.tasks.registered.clear();
        for at in 0..self.threads.len() {
            let thread = &mut self.threads[at];
            let kept = [
                std::mem::take(&mut thread.running_loop),
                std::mem::take(&mut thread.running_task),
            ];
            kept.into_iter().for_each(|v| self.heap.decref(v));
        }
    }
}
