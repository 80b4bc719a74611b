//! What a program asks of the interpreters of its process, and the answers.

use super::parcel::Parcel;
use serde::{Deserialize, Serialize};

/// Number of an interpreter; the main one is 0. Never reused.
pub type InterpreterId = u32;

/// A [`SystemCall::Across`](crate::contract::SystemCall::Across). Numbers of interpreters and queues come from programs, hence `i64`.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Makes an interpreter, which the thread enters to start it. Answer: its number.
    Create(Settings),
    /// The thread runs a task in the `__main__` of that interpreter: `_interpreters._run(task)` there. Answer: what that returned.
    Run { id: i64, task: Parcel },
    /// The thread ends that interpreter. Answer: none.
    End { id: i64 },
    /// What the thread was to do in the interpreter that it is in is done; this is the answer to the request that led it there.
    Leave { result: Parcel },
    /// The numbers of all interpreters and where they come from, as tuples of two.
    List,
    /// Where that interpreter comes from.
    Whence { id: i64 },
    /// Its [`Settings::all`].
    Settings { id: i64 },
    /// Whether a thread runs its `__main__`.
    IsRunning { id: i64 },
    /// One reference more to an interpreter; `owned`: from now on it ends with the last one.
    Incref { id: i64, owned: bool },
    /// One reference less. Answer: whether the interpreter is to be ended now.
    Decref { id: i64 },
    /// To the queues between interpreters.
    Queue(QueueRequest),
}

/// Queues between interpreters, numbered from 1.
#[derive(Clone, Debug, PartialEq)]
pub enum QueueRequest {
    /// Answer: its number.
    Create { max_size: i64, unbound: i64 },
    /// Ends it, whoever may hold it.
    Destroy { id: i64 },
    /// Number, what becomes of unbound items, and room, of each.
    List,
    /// One holder more.
    Bind { id: i64 },
    /// One holder less; the last one ends it.
    Release { id: i64 },
    /// Puts an item at its end; `unbound` is what becomes of it when this interpreter ends, -1 for the queue's own answer to that.
    Put { id: i64, item: Parcel, unbound: i64 },
    /// Takes the first item: itself and None, or None and what became of it.
    Get { id: i64 },
    /// How many items it has.
    Count { id: i64 },
    /// Its room; 0 or less is without limit.
    MaxSize { id: i64 },
    /// Whether it has no more room.
    IsFull { id: i64 },
    /// What becomes of unbound items.
    Defaults { id: i64 },
}

/// How an interpreter is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Whether it gets a GIL of its own (where the version has that) or shares the main one's.
    pub own_gil: bool,
    /// Whether it may start daemon threads.
    pub daemon_threads: bool,
    /// Whether it may start threads at all.
    pub threads: bool,
    /// Whether it may fork.
    pub fork: bool,
    /// All of them as `_interpreters` shows them.
    pub all: Parcel,
}

impl Settings {
    /// Those of the main interpreter; what `_interpreters` shows of them it knows itself.
    pub const MAIN: Settings = Settings {
        own_gil: true,
        daemon_threads: true,
        threads: true,
        fork: true,
        all: Parcel::None,
    };
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such interpreter.
    NoInterpreter(i64),
    /// A thread runs its `__main__` already.
    AlreadyRunning,
    /// It is to be ended and a thread is in it.
    Running,
    /// The thread is in the interpreter that is to be ended.
    Current,
    /// There are too many, or there is too little memory.
    TooMany,
    /// There is no such queue.
    NoQueue(i64),
    /// It has no more room.
    Full(i64),
    /// It has no item.
    Empty(i64),
}

/// Where the request leaves the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Crossing {
    /// Where it was, with its answer, after so many ns.
    Stay { cost_ns: u64 },
    /// On its way to another interpreter: it lets go of its GIL, enters by [`Image::cross`](crate::contract::Image::cross), and takes this one.
    Go { interpreter: InterpreterId, gil: u32 },
}
