//! What the trace learns of event loops and tasks, and of messages between processes.
//!
//! CPython's `asyncio`, `pickle` and `multiprocessing` run unmodified; nothing in them is patched. Instead a few of their functions, known by file and qualified name
//! ([`WATCHED`]), carry a mark in the argument of their first `RESUME`, which sends the loop of the interpreter past here when one of
//! them is entered. The observer ([`observe`]) reads arguments and fields without running Python code, charges no time and changes nothing
//! that a program can see; it pushes [`crate::contract::ImageEventKind::Task`] and `Message` for the trace. Functions without a mark pay nothing.
//!
//! | file | what |
//! |---|---|
//! | `mod.rs` | which functions are watched, and the way from the interpreter to the observer |
//! | `observe.rs` | what is known of loops, tasks and groups, and what each moment means for them |
//! | `by_hand.rs` | generators and coroutines that a program drives by hand, and when they are told |
//! | `greenlets.rs` | greenlets likewise |
//! | `chain.rs` | the await chain of a suspended task, and what it awaits |
//! | `messages.rs` | what is pickled, sent and received |
//! | `in_short.rs` | a value in a few letters |
//! | `fields.rs` | reading attributes of instances without Python code |
//!
//! Not seen: loops and tasks that do not go through `asyncio.base_events` and `asyncio.tasks`, unless their coroutines are driven by hand.

mod by_hand;
mod chain;
mod fields;
mod greenlets;
mod in_short;
mod messages;
pub(crate) mod observe;

use crate::boot::HIDDEN;
use crate::code::Ins;
use crate::contract::Stop;
use crate::frame::Frame;
use crate::imports::LIBRARY_PATH;
use crate::interp::Step;
use crate::process::Process;
use crate::value::Value;
use heddle_compiler::Op;

pub use fields::{Eyes, TaskParts};
pub(crate) use observe::Observer;

/// Where in the argument of a marked `RESUME` the mark stands; below it is what the compiler wrote.
pub(crate) const MARK_SHIFT: u32 = 8;

/// A moment in the library's life that the trace wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watched {
    LoopMade,
    Turn,
    LoopStopped,
    LoopClosed,
    CallSoon,
    SelectBegins,
    SelectOver,
    Callback,
    Registered,
    Entered,
    Left,
    Swapped,
    CancelAsked,
    Destroyed,
    Renamed,
    /// A future gets what another one will have: that of an executor.
    Chained,
    Unchained,
    GroupEntered,
    GroupWaits,
    GroupAborts,
    /// Seen at its end, not at its beginning.
    GroupLeft,
    PickleBegins,
    PickleEnds,
    UnpickleBegins,
    UnpickleEnds,
    ConnectionSends,
    ConnectionReceives,
    ConnectionGoes,
}

/// File below the library (or name of a hidden one), qualified name, what its call means. A mark is the place in this table plus 1.
const WATCHED: &[(&str, &str, Watched)] = &[
    ("asyncio/base_events.py", "BaseEventLoop.__init__", Watched::LoopMade),
    ("asyncio/base_events.py", "BaseEventLoop._run_once", Watched::Turn),
    (
        "asyncio/base_events.py",
        "BaseEventLoop._run_forever_cleanup",
        Watched::LoopStopped,
    ),
    ("asyncio/base_events.py", "BaseEventLoop.close", Watched::LoopClosed),
    ("asyncio/base_events.py", "BaseEventLoop._call_soon", Watched::CallSoon),
    ("selectors.py", "EpollSelector.select", Watched::SelectBegins),
    ("selectors.py", "SelectSelector.select", Watched::SelectBegins),
    ("selectors.py", "_PollLikeSelector.select", Watched::SelectBegins),
    (
        "asyncio/selector_events.py",
        "BaseSelectorEventLoop._process_events",
        Watched::SelectOver,
    ),
    ("asyncio/events.py", "Handle._run", Watched::Callback),
    ("asyncio/tasks.py", "_register_task", Watched::Registered),
    ("asyncio/tasks.py", "_register_eager_task", Watched::Registered),
    ("asyncio/tasks.py", "_enter_task", Watched::Entered),
    ("asyncio/tasks.py", "_leave_task", Watched::Left),
    ("asyncio/tasks.py", "_swap_current_task", Watched::Swapped),
    ("asyncio/tasks.py", "Task.cancel", Watched::CancelAsked),
    ("asyncio/tasks.py", "Task.__del__", Watched::Destroyed),
    ("asyncio/tasks.py", "Task.set_name", Watched::Renamed),
    ("asyncio/futures.py", "_chain_future", Watched::Chained),
    (
        "asyncio/futures.py",
        "_chain_future.<locals>._set_state",
        Watched::Unchained,
    ),
    ("asyncio/taskgroups.py", "TaskGroup.__aenter__", Watched::GroupEntered),
    ("asyncio/taskgroups.py", "TaskGroup._aexit", Watched::GroupWaits),
    ("asyncio/taskgroups.py", "TaskGroup._abort", Watched::GroupAborts),
    ("asyncio/taskgroups.py", "TaskGroup.__aexit__", Watched::GroupLeft),
    ("pickle.py", "_Pickler.dump", Watched::PickleBegins),
    // The last thing that `dump` does.
    ("pickle.py", "_Framer.end_framing", Watched::PickleEnds),
    ("pickle.py", "_Unpickler.load", Watched::UnpickleBegins),
    ("pickle.py", "_Unpickler.load_stop", Watched::UnpickleEnds),
    // What stands in for the C module.
    ("<heddle _pickle>", "_Pickler.dump", Watched::PickleBegins),
    ("<heddle _pickle>", "_Framer.end_framing", Watched::PickleEnds),
    ("<heddle _pickle>", "_load_all", Watched::UnpickleBegins),
    ("<heddle _pickle>", "_Unpickler.load_stop", Watched::UnpickleEnds),
    (
        "multiprocessing/connection.py",
        "Connection._send_bytes",
        Watched::ConnectionSends,
    ),
    (
        "multiprocessing/connection.py",
        "Connection._recv_bytes",
        Watched::ConnectionReceives,
    ),
    (
        "multiprocessing/connection.py",
        "_ConnectionBase.__del__",
        Watched::ConnectionGoes,
    ),
];

/// The path below the library's folder, of a file that belongs to the library.
pub(crate) fn library_file(path: &str) -> Option<&str> {
    path.strip_prefix(LIBRARY_PATH)?.strip_prefix('/')
}

/// The mark of a function, 0 for none.
pub(crate) fn mark_of(path: &str, qualname: &str) -> u8 {
    let file = match library_file(path) {
        Some(file) => file,
        None if path.starts_with(HIDDEN) => path,
        None => return 0,
    };
    let place = WATCHED.iter().position(|(f, name, _)| *f == file && *name == qualname);
    place.map_or(0, |place| place as u8 + 1)
}

/// Puts the mark into the `RESUME` at which a call of the code begins.
pub(crate) fn put_mark(ops: &mut [Ins], mark: u8) {
    if mark == 0 || means(mark) == Some(Watched::GroupLeft) {
        return;
    }
    if let Some(first) = ops.iter_mut().find(|i| i.op == Op::Resume && i.arg & 3 == 0) {
        first.arg |= u32::from(mark) << MARK_SHIFT;
    }
}

fn means(mark: u8) -> Option<Watched> {
    let place = usize::from(mark).checked_sub(1)?;
    WATCHED.get(place).map(|(_, _, watched)| *watched)
}

impl Process {
    /// `RESUME` of a marked function: tells the observer, then does what the loop does at every `RESUME`.
    pub(crate) fn op_marked_resume(&mut self, arg: u32) -> Step {
        if let Some(watched) = means((arg >> MARK_SHIFT) as u8) {
            let slots = self.first_slots();
            self.observe(watched, slots);
        }
        if arg & 3 < 2 && self.now_ns >= self.limit_ns {
            return Err(Stop::Limit);
        }
        Ok(())
    }

    /// The end of the activation of a generator, by a return or an exception: it may be a watched one.
    pub(crate) fn watched_end(&mut self, generator: Value) {
        let Some(Frame::Python(frame)) = self.frames.last() else {
            return;
        };
        if frame.generator != generator || means(self.code_of(frame.code).mark) != Some(Watched::GroupLeft) {
            return;
        }
        let slots = self.first_slots();
        self.observe(Watched::GroupLeft, slots);
    }

    /// The first two parameters of the top frame, NULL where there is none.
    fn first_slots(&self) -> [Value; 2] {
        let Some(Frame::Python(frame)) = self.frames.last() else {
            return [Value::NULL; 2];
        };
        let base = frame.base as usize;
        let slots = self.code_of(frame.code).slots as usize;
        [0, 1].map(|at| {
            let value = self.stack.get(base + at).copied().filter(|_| at < slots);
            self.behind_cell(value.unwrap_or(Value::NULL))
        })
    }
}
