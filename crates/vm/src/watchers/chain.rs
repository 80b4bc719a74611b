//! The await chain of a suspended task: its coroutine, what that awaits, and so on; and what sort of thing stands at its end.
//!
//! Everything is read from suspended activations. The last library functions of the chain tell what is awaited: `Queue.get` of
//! `asyncio/queues.py` is a wait for an item, whatever future it is made of.

use crate::builtin::code_objects::{async_generator, generator};
use crate::generator::Generator;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{AwaitReason, ObjectId};
use smallvec::SmallVec;
use std::fmt::Write;
use std::rc::Rc;

/// Longer chains are cut off: recursion through `await` can be as deep as the program likes.
const LONGEST_CHAIN: usize = 48;

/// What a wait in one of the library's functions means; `self` is the object meant.
#[derive(Clone, Copy)]
enum Meaning {
    Object(fn(ObjectId) -> AwaitReason),
    Sleep,
    Several,
    Group,
    Thread,
    Plain(AwaitReason),
}

const WAITS: &[(&str, &str, Meaning)] = &[
    ("asyncio/tasks.py", "sleep", Meaning::Sleep),
    ("asyncio/tasks.py", "_wait", Meaning::Several),
    (
        "asyncio/tasks.py",
        "_AsCompletedIterator._wait_for_one",
        Meaning::Plain(AwaitReason::Several { pending: 0 }),
    ),
    ("asyncio/taskgroups.py", "TaskGroup._aexit", Meaning::Group),
    (
        "asyncio/locks.py",
        "Lock.acquire",
        Meaning::Object(|object| AwaitReason::Lock { object }),
    ),
    (
        "asyncio/locks.py",
        "Event.wait",
        Meaning::Object(|object| AwaitReason::Event { object }),
    ),
    (
        "asyncio/locks.py",
        "Condition.wait",
        Meaning::Object(|object| AwaitReason::Condition { object }),
    ),
    (
        "asyncio/locks.py",
        "Semaphore.acquire",
        Meaning::Object(|object| AwaitReason::Semaphore { object }),
    ),
    (
        "asyncio/locks.py",
        "Barrier.wait",
        Meaning::Object(|object| AwaitReason::Barrier { object }),
    ),
    (
        "asyncio/queues.py",
        "Queue.get",
        Meaning::Object(|object| AwaitReason::QueueGet { object }),
    ),
    (
        "asyncio/queues.py",
        "Queue.put",
        Meaning::Object(|object| AwaitReason::QueuePut { object }),
    ),
    (
        "asyncio/queues.py",
        "Queue.join",
        Meaning::Object(|object| AwaitReason::QueueJoin { object }),
    ),
    ("asyncio/threads.py", "to_thread", Meaning::Thread),
];

/// Files all of whose waits are of one sort.
const FILES: &[(&str, AwaitReason)] = &[
    ("asyncio/streams.py", AwaitReason::Io),
    ("asyncio/base_events.py", AwaitReason::Io),
    ("asyncio/selector_events.py", AwaitReason::Io),
    ("asyncio/unix_events.py", AwaitReason::Io),
    ("asyncio/subprocess.py", AwaitReason::Process),
    ("asyncio/base_subprocess.py", AwaitReason::Process),
];

/// What a suspended task awaits, and where.
pub(super) struct Waiting {
    pub reason: AwaitReason,
    /// What a person calls it, or empty.
    pub label: Rc<str>,
    /// See [`heddle_trace::await_chain`].
    pub chain: Rc<str>,
}

/// Where the activations of a chain stand: the code's number and the instruction of each. Many tasks stand at the same places.
pub(super) type Places = SmallVec<[(u32, u32); 6]>;

impl Process {
    /// The activations of a suspended coroutine, itself first.
    fn suspended(&self, coroutine: Value) -> SmallVec<[&Generator; 6]> {
        let mut all = SmallVec::new();
        let mut at = self.behind_wrapper(coroutine);
        while all.len() < LONGEST_CHAIN
            && let Some(generator) = self.as_generator(at)
        {
            all.push(generator);
            at = self.behind_wrapper(self.yield_from_of(at));
        }
        all
    }

    /// The generator that an iterator of the kinds that `await` makes goes on with.
    fn behind_wrapper(&self, v: Value) -> Value {
        generator::wrapped_coroutine(self, v)
            .or_else(|| async_generator::stepped_generator(self, v))
            .unwrap_or(v)
    }

    /// One row of an await chain.
    pub(super) fn chain_row(&self, chain: &mut String, code: Value, pc: u32) {
        let Some(Obj::Code(code)) = self.heap.object(code) else {
            return;
        };
        let line = code.code.positions.get(pc as usize).map_or(0, |p| p.line);
        let [function, file] = [code.qualname, code.filename].map(|text| self.as_str(text).unwrap_or_default());
        if !chain.is_empty() {
            chain.push('\n');
        }
        let plain = |text: &str| text.replace(['\t', '\n'], " ");
        let _ = write!(chain, "{}\t{}\t{line}", plain(function), plain(file));
    }

    /// What a task whose coroutine is suspended awaits: the future `waiter`.
    pub(super) fn awaited(&mut self, coroutine: Value, waiter: Value) -> Waiting {
        let chain = self.chain_of(coroutine);
        let frames = self.suspended(coroutine);
        let mut found = None;
        let mut label = String::new();
        let mut inside = true;
        let library = |generator: &Generator| -> Option<(&str, &str)> {
            let (file, name) = self.names_of_code(generator.frame.code)?;
            Some((super::library_file(file)?, name))
        };
        // From the inside out: the library's functions next to the end of the chain tell what it is about.
        for generator in frames.iter().rev() {
            let Some((file, name)) = library(generator).filter(|_| inside) else {
                inside = false;
                continue;
            };
            let meaning = WAITS.iter().find(|(f, n, _)| *f == file && *n == name).map(|w| w.2);
            let reason = match meaning {
                Some(Meaning::Object(make)) => self
                    .slot_of(generator, "self")
                    .and_then(Value::handle)
                    .map(|handle| make(ObjectId(handle))),
                Some(Meaning::Sleep) => {
                    let delay = self
                        .slot_of(generator, "delay")
                        .and_then(|delay| self.seconds_of(delay));
                    label = delay.map_or_else(String::new, |delay| format!("sleep({delay})"));
                    self.deadline_of(generator)
                }
                Some(Meaning::Several) => {
                    let pending = self
                        .slot_of(generator, "counter")
                        .and_then(|counter| self.as_i64(counter))
                        .and_then(|counter| u32::try_from(counter).ok());
                    Some(AwaitReason::Several {
                        pending: pending.unwrap_or(0),
                    })
                }
                Some(Meaning::Group) => self
                    .slot_of(generator, "self")
                    .and_then(|group| self.observer.group(group))
                    .map(|group| AwaitReason::Group { group }),
                Some(Meaning::Thread) => {
                    let function = self.slot_of(generator, "func");
                    label = function.map_or_else(String::new, |f| format!("to_thread({})", self.callback_name(f)));
                    Some(AwaitReason::Executor)
                }
                Some(Meaning::Plain(reason)) => Some(reason),
                None => FILES.iter().find(|(f, _)| *f == file).map(|(_, reason)| {
                    label = name.to_owned();
                    *reason
                }),
            };
            found = reason.or(found);
        }
        drop(frames);
        let reason = found.unwrap_or_else(|| self.reason_of_future(waiter));
        if reason == AwaitReason::Executor
            && label.is_empty()
            && let Some(name) = waiter
                .handle()
                .and_then(|handle| self.observer.executors.get(&handle).map(|future| &future.text))
        {
            label = name.to_string();
        }
        let label = match reason.object() {
            Some(ObjectId(object)) => self.name_in_chain(coroutine, Value::from_handle(object)),
            None if label.is_empty() => self.observer.no_text(),
            None => Rc::from(label),
        };
        Waiting { reason, label, chain }
    }

    /// The await chain of a suspended coroutine.
    pub(super) fn chain_of(&mut self, coroutine: Value) -> Rc<str> {
        let mut places = Places::new();
        for generator in self.suspended(coroutine) {
            if let Some(Obj::Code(code)) = self.heap.object(generator.frame.code) {
                places.push((code.number, generator.frame.pc));
            }
        }
        if let Some(known) = self.observer.known_chain(&places) {
            return known;
        }
        let mut chain = String::new();
        for generator in self.suspended(coroutine) {
            let inner = self.names_of_code(generator.frame.code);
            let future = inner.and_then(|(file, _)| super::library_file(file)) == Some("asyncio/futures.py");
            if !future {
                self.chain_row(&mut chain, generator.frame.code, generator.frame.pc.saturating_sub(1));
            }
        }
        self.observer.keep_chain(places, chain)
    }

    /// What a future is that a task awaits without any function of the library in between.
    fn reason_of_future(&self, waiter: Value) -> AwaitReason {
        if let Some(task) = self.observer.task(waiter) {
            return AwaitReason::Task { task };
        }
        let children = self.look_up_some(waiter, "_children");
        match self.as_list(children) {
            Some(children) if !children.is_empty() => {
                let pending = children.iter().filter(|child| !self.future_is_done(**child)).count();
                AwaitReason::Several {
                    pending: u32::try_from(pending).unwrap_or(u32::MAX),
                }
            }
            _ if waiter
                .handle()
                .is_some_and(|handle| self.observer.executors.contains_key(&handle)) =>
            {
                AwaitReason::Executor
            }
            _ => AwaitReason::Future,
        }
    }

    fn future_is_done(&self, future: Value) -> bool {
        if let Some(done) = (self.config.library.eyes.is_done)(self, future) {
            return done;
        }
        let state = self.look_up(future, "_state");
        state.and_then(|state| self.as_str(state)) != Some("PENDING")
    }

    /// A variable of a suspended activation.
    fn slot_of(&self, generator: &Generator, name: &str) -> Option<Value> {
        self.slot_among(generator.frame.code, &generator.values, name)
    }

    /// In `asyncio.sleep`: when its timer is due.
    fn deadline_of(&self, generator: &Generator) -> Option<AwaitReason> {
        let handle = self.slot_of(generator, "h")?;
        let when = self.seconds_of(self.look_up(handle, "_when")?)?;
        Some(AwaitReason::Sleep {
            until: nanoseconds(when),
        })
    }

    /// A float or an int, as seconds.
    pub(super) fn seconds_of(&self, v: Value) -> Option<f64> {
        self.as_float(v).or_else(|| self.as_i64(v).map(|n| n as f64))
    }

    /// What a person calls the object: by the variables of the coroutines that await it, or of the program.
    fn name_in_chain(&mut self, coroutine: Value, object: Value) -> Rc<str> {
        if let Some(handle) = object.handle()
            && let Some(known) = self.observer.object_name(handle)
        {
            return known;
        }
        let by_chain = self.suspended(coroutine).into_iter().find_map(|generator| {
            let (file, _) = self.names_of_code(generator.frame.code)?;
            let own = super::library_file(file).is_none();
            own.then(|| self.name_among(&self.variables_among(generator.frame.code, &generator.values), object))?
        });
        let name = match by_chain {
            Some(name) => name,
            None => self.name_of_object(object),
        };
        self.observer.name_object(object.handle().unwrap_or(0), &name)
    }
}

/// Seconds of the loop's clock as virtual time: both begin with the run.
pub(super) fn nanoseconds(seconds: f64) -> u64 {
    // A float that is negative or NaN becomes 0, one that is too large the largest number.
    (seconds * 1e9).round() as u64
}
