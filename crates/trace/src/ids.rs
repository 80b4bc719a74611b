//! Names of the things a trace speaks of. All are small integers of fixed width, so that a stored trace
//! means the same on every machine.

use serde::{Deserialize, Serialize};

/// Virtual nanoseconds since the start of the run.
pub type Nanos = u64;

/// A simulated process. 0 is the hub (what processes share); the first Python process is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ProcessId(pub u32);

/// What `os.getpid()` says beyond a [`ProcessId`]: real ones are not so small.
pub const OS_PIDS: u32 = 4000;

impl ProcessId {
    /// The number by which the program, and so a person, knows the process: what `os.getpid()` says.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.saturating_add(OS_PIDS)
    }
}

/// A thread within its process, in order of creation; 0 is the main thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ThreadId(pub u32);

/// A lock, condition, queue … within its process: its heap handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ObjectId(pub u32);

/// An interpreter's GIL within its process; 0 belongs to the main interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct GilId(pub u32);

/// A core of the simulated computer, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct CoreId(pub u16);

/// An event loop within its process, in the order in which loops first did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct LoopId(pub u32);

impl LoopId {
    /// No loop: generators and coroutines that a program drives by hand are tasks of this.
    pub const BY_HAND: LoopId = LoopId(u32::MAX);
}

/// A task of an event loop within its process, in order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct TaskId(pub u32);

/// A task group within its process, in the order in which groups were entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct GroupId(pub u32);

/// A string of the trace's string table. [`StringId::EMPTY`] is `""` in every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct StringId(pub u32);

impl StringId {
    /// The empty string, which also stands for "no name", "no label".
    pub const EMPTY: StringId = StringId(0);

    /// Whether this is the empty string.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }
}

/// An event: the process it belongs to and its number there, in the order in which the process's site made
/// it. Numbers of one process rise with its causality, also where times are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct EventId {
    /// The process whose site recorded the event.
    pub process: ProcessId,
    /// Its number in that process, from 0.
    pub sequence: u32,
}

/// A thread of any process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ThreadKey {
    /// Its process.
    pub process: ProcessId,
    /// Its number there.
    pub thread: ThreadId,
}

impl ThreadKey {
    /// The main thread of a process.
    #[must_use]
    pub fn main(process: ProcessId) -> ThreadKey {
        ThreadKey {
            process,
            thread: ThreadId(0),
        }
    }
}

/// What a timeline draws as one row of slices. Every event that begins or ends a slice belongs to one track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TrackKey {
    /// What a core runs.
    Core(CoreId),
    /// Who holds a GIL.
    Gil(ProcessId, GilId),
    /// A thread's states.
    Thread(ThreadKey),
    /// Who holds a lock.
    Object(ProcessId, ObjectId),
    /// What an event loop does.
    Loop(ProcessId, LoopId),
    /// A task's states.
    Task(ProcessId, TaskId),
}
