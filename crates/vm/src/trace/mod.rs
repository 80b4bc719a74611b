//! Tracing and profiling: `sys.settrace`, `sys.setprofile`, `sys.monitoring`.
//!
//! While anything is watched, the thread runs in a second copy of the loop (`run_loop::<true>`) that asks
//! [`Process::before_instruction`] before each instruction of a visible frame; the first copy knows nothing of it. Going from one copy to
//! the other is one of the things that [`Process::attend`] sees to, so programs that are not watched pay nothing.
//!
//! Events and their order are CPython 3.14's (`Python/instrumentation.c`, `Python/legacy_tracing.c`, described in PEP 669). An event is
//! one activation of a native ([`fire`]) that calls everybody who asked for it and then goes on where the event happened. While it
//! runs, the thread is not watched.

pub mod fire;
mod hook;
pub mod jump;
mod lines;
pub mod monitoring;
mod stacks;
pub(crate) mod unwinding;

pub use lines::line_starts;

use crate::process::Process;
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};

/// Number of tools of `sys.monitoring`.
pub const TOOLS: usize = 6;
/// The number under which `sys.setprofile` stands among the tools.
pub const PROFILE: usize = 6;
/// The number under which `sys.settrace` stands among the tools.
pub const TRACE: usize = 7;

/// Events of `sys.monitoring`, by the number of their bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
// The names of PEP 669.
#[allow(missing_docs)]
pub enum Event {
    PyStart,
    PyResume,
    PyReturn,
    PyYield,
    Call,
    Line,
    Instruction,
    Jump,
    BranchLeft,
    BranchRight,
    StopIteration,
    Raise,
    ExceptionHandled,
    PyUnwind,
    PyThrow,
    Reraise,
    CReturn,
    CRaise,
    Branch,
}

/// Number of events.
pub const EVENTS: usize = 19;

impl Event {
    /// Its bit in a set of events.
    pub const fn bit(self) -> u32 {
        1 << self as u8
    }

    /// Can it be switched off for one place by answering `DISABLE`?
    pub const fn is_local(self) -> bool {
        (self as u8) <= Event::StopIteration as u8 || matches!(self, Event::Branch)
    }
}

/// One tool of `sys.monitoring`.
#[derive(Clone, Debug, Default)]
pub struct Tool {
    /// Its name, or NULL if the number is free. Counted.
    pub name: Value,
    /// Events it wants everywhere.
    pub events: u32,
    /// Its callback for each event, or NULL. Counted.
    pub callbacks: [Value; EVENTS],
}

/// What `sys.monitoring` knows.
#[derive(Clone, Debug, Default)]
pub struct Monitoring {
    /// The tools.
    pub tools: [Tool; TOOLS],
    /// Events that tools want in one code object, by the code's number.
    pub local: FxHashMap<u32, [u32; TOOLS]>,
    /// Places where a tool answered `DISABLE`: code's number, instruction, tool, event.
    pub disabled: FxHashSet<(u32, u32, u8, u8)>,
    /// `sys.monitoring.DISABLE`. Counted.
    pub disable: Value,
    /// `sys.monitoring.MISSING`. Counted.
    pub missing: Value,
    /// Does any tool want any event?
    pub active: bool,
}

/// Where the watched thread stands among the events of one instruction.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// A callback runs: nothing is watched.
    pub busy: bool,
    /// An event is over and the instruction it belongs to can go on.
    pub done: bool,
    /// Depth of frames and instruction that [`Watch::stage`] speaks of.
    pub at: (u32, u32),
    /// How many kinds of events of that instruction have been seen to.
    pub stage: u8,
    /// The last instruction that each frame has executed while watched, plus 1, by depth of frames.
    pub previous: Vec<u32>,
    /// Calls under way that are told when they return: depth of frames, the callable and its first argument (both counted).
    pub calls: Vec<(u32, Value, Value)>,
}

impl Process {
    /// Is the running thread watched by anybody, now?
    #[inline]
    pub(crate) fn is_watched(&self) -> bool {
        let thread = &self.threads[self.current as usize];
        !thread.watch.busy && (self.monitoring.active || !thread.trace.is_null() || !thread.profile.is_null())
    }

    /// Who watches has changed: the loop has to look.
    pub(crate) fn watch_changed(&mut self) {
        let tools = &self.monitoring.tools;
        self.monitoring.active =
            tools.iter().any(|t| t.events != 0) || self.monitoring.local.values().flatten().any(|&e| e != 0);
        if !self.is_watched() && !self.current_thread().watch.busy {
            self.forget_watched_calls(0);
            self.current_thread().watch.previous.clear();
        }
        self.heap.alarm();
    }

    /// Calls deeper than this are over.
    pub(crate) fn forget_watched_calls(&mut self, depth: u32) {
        while let Some(&(at, callable, first)) = self.current_thread().watch.calls.last() {
            if at <= depth {
                break;
            }
            self.current_thread().watch.calls.pop();
            self.heap.decref(callable);
            self.heap.decref(first);
        }
    }

    /// Sets `sys.settrace`'s or `sys.setprofile`'s function of a thread (NULL: none).
    pub fn set_watcher(&mut self, thread: usize, tool: usize, function: Value) {
        self.replace_counted(function, |p| match tool {
            TRACE => &mut p.threads[thread].trace,
            _ => &mut p.threads[thread].profile,
        });
        self.watch_changed();
    }
}
