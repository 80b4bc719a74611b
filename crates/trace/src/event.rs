//! The events a run consists of.
//!
//! A *state event* ends the thread's slice and begins the next; GIL and lock events do the same on the tracks
//! of the GIL and of the lock, and the states of loops and tasks on theirs. All others are instants. Where an event ends a wait, `cause` names the event
//! that ended it (the release, put, exit, timer …).
//!
//! Two kinds are never recorded by the machine: the recorder derives [`EventKind::Core`] from the state events,
//! and folding makes [`EventKind::Density`] ([`crate::fold`]). Neither is part of the trace hash.

use crate::between::Between;
use crate::ids::{
    CoreId, EventId, GilId, GroupId, LoopId, Nanos, ObjectId, ProcessId, StringId, TaskId, ThreadId, ThreadKey,
    TrackKey,
};
use crate::state::{StateClass, ThreadState};
use crate::tasks::{GroupPhase, LoopState, TaskState};
use serde::{Deserialize, Serialize};

/// One event. Its process is `id.process`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name; causes refer to it.
    pub id: EventId,
    /// When, in virtual nanoseconds since the start.
    pub time: Nanos,
    /// The thread it happened to.
    pub thread: ThreadId,
    /// What happened.
    pub kind: EventKind,
    /// The event that made it happen, where that is another thread's doing, or a timer's.
    pub cause: Option<EventId>,
}

impl Event {
    /// The thread it happened to, with its process.
    #[must_use]
    pub fn key(&self) -> ThreadKey {
        ThreadKey {
            process: self.id.process,
            thread: self.thread,
        }
    }

    /// The track on which this event begins a slice, if it begins one.
    #[must_use]
    pub fn track(&self) -> Option<TrackKey> {
        let process = self.id.process;
        match &self.kind {
            EventKind::State { .. } => Some(TrackKey::Thread(self.key())),
            EventKind::GilTake { gil } | EventKind::GilDrop { gil, .. } => Some(TrackKey::Gil(process, *gil)),
            EventKind::LockAcquire { object } | EventKind::LockRelease { object } => {
                Some(TrackKey::Object(process, *object))
            }
            EventKind::Core { core, .. } => Some(TrackKey::Core(*core)),
            EventKind::LoopState { event_loop, .. } => Some(TrackKey::Loop(process, *event_loop)),
            EventKind::TaskState { task, .. } => Some(TrackKey::Task(process, *task)),
            EventKind::Density { track, .. } => Some(*track),
            _ => None,
        }
    }
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A process begins; the event's thread is its main thread (which needs no `ThreadCreated`).
    ProcessStart {
        /// Who made it; `None` for the first.
        parent: Option<ProcessId>,
        /// What people call it ("main.py").
        name: StringId,
    },
    /// A process is over.
    ProcessExit {
        /// As the shell sees it: 0 to 255, or minus the signal.
        status: i32,
    },
    /// A thread was made; the event's thread is the new one.
    ThreadCreated {
        /// Who made it.
        by: Option<ThreadId>,
        /// Its name as far as known ("T1", "Thread-1 (countdown)").
        name: StringId,
        /// Whether the process ends without waiting for it.
        daemon: bool,
    },
    /// The thread executes its first instruction.
    ThreadStarted,
    /// The thread is over (its last state, `Finished`, is recorded as well).
    ThreadFinished {
        /// How it ended.
        how: Finish,
    },
    /// The thread got another name, or the name of the function it runs became known.
    ThreadRenamed {
        /// The new name.
        name: StringId,
        /// The function it runs ("countdown"), or empty.
        target: StringId,
    },
    /// The thread enters a state.
    State {
        /// Which.
        state: ThreadState,
        /// What a person calls this wait ("not_empty of the queue q"), or empty: then reason and object say it.
        label: StringId,
        /// The source line at which the thread stands, 0 if unknown.
        line: u32,
    },
    /// Describes the bytecode that ran in the thread's `Running` slice, which ends now. Recorded just before
    /// the state event that ends the slice.
    Ran(RunSummary),
    /// The thread has taken the GIL.
    GilTake {
        /// Which.
        gil: GilId,
    },
    /// The thread has let go of the GIL.
    GilDrop {
        /// Which.
        gil: GilId,
        /// Why.
        why: DropWhy,
        /// Whether a drop request was pending (also when it let go for another reason).
        requested: bool,
        /// The source line at which it let go, 0 if unknown.
        line: u32,
    },
    /// The thread, which waits for the GIL, asks its holder to let go.
    GilRequest {
        /// Which.
        gil: GilId,
        /// The thread that holds it.
        holder: ThreadId,
    },
    /// The thread now owns the lock (for re-entrant locks: the outermost acquire only).
    LockAcquire {
        /// Which.
        object: ObjectId,
    },
    /// The lock is free again; the event's thread released it (for re-entrant locks: the outermost release only).
    LockRelease {
        /// Which.
        object: ObjectId,
    },
    /// The thread wakes another one, which then becomes ready.
    Wake {
        /// Whom.
        thread: ThreadId,
        /// What it waited for, where it was an object.
        object: Option<ObjectId>,
    },
    /// An object got a name or class that a person knows.
    ObjectNamed {
        /// Which.
        object: ObjectId,
        /// What it is.
        class: ObjectClass,
        /// Its name ("lock_a", "not_empty"), or empty.
        name: StringId,
    },
    /// The program wrote to a terminal.
    Output {
        /// Where.
        stream: Stream,
        /// What; not always UTF-8, and a character may be split over two chunks.
        bytes: Box<[u8]>,
    },
    /// Something to tell the person.
    Note {
        /// What sort of thing.
        note: Note,
        /// The text (a message, a limit's name).
        text: StringId,
    },
    /// The thread goes on in this interpreter of its process; threads begin in the main one, 0, or in that of their maker.
    Interpreter {
        /// Which.
        interpreter: u32,
        /// Its GIL.
        gil: GilId,
    },
    /// The event's process is the first on this computer; where there is only one computer, nothing says so.
    Computer {
        /// Its name.
        name: StringId,
        /// The number of its first core among those of all computers.
        first_core: CoreId,
        /// How many cores it has.
        cores: u16,
    },
    /// The process runs another program from now on, in its main thread; its other threads are over, the numbers of its objects mean others.
    Exec {
        /// What people call that program ("child.py").
        program: StringId,
    },
    /// Something happens between processes.
    Between(Between),
    /// An event loop goes on to something else. The event's thread is the one that runs the loop.
    LoopState {
        /// Which.
        event_loop: LoopId,
        /// To what.
        state: LoopState,
    },
    /// A task was made; its first `TaskState` follows. Again, without a coroutine, when it is given another name: then only the name
    /// counts.
    TaskCreated {
        /// Which.
        task: TaskId,
        /// The loop it belongs to.
        event_loop: LoopId,
        /// The task that made it, if one did.
        parent: Option<TaskId>,
        /// The group it was made by.
        group: Option<GroupId>,
        /// Its name ("Task-3").
        name: StringId,
        /// The qualified name of its coroutine's function.
        coroutine: StringId,
        /// Where it was made: one row as of [`crate::await_chain`].
        at: StringId,
    },
    /// A task enters a state. The event's thread is the one that made it so; the cause of `Ready` is the state (of a task or a loop) during
    /// which that happened, or the `TaskCancel`.
    TaskState {
        /// Which.
        task: TaskId,
        /// To what.
        state: TaskState,
        /// What a person calls what it awaits ("pages"), or how it ended ("ValueError: no"), or empty.
        label: StringId,
        /// Where it is suspended: see [`crate::await_chain`]. Empty unless it awaits something or was suspended and is ready.
        chain: StringId,
    },
    /// Somebody asks for a task to be cancelled; the cause is the state during which that happened.
    TaskCancel {
        /// Which.
        task: TaskId,
    },
    /// A task group goes on to another phase.
    Group {
        /// Which.
        group: GroupId,
        /// The task in which it stands, if it is known.
        owner: Option<TaskId>,
        /// To which.
        phase: GroupPhase,
    },
    /// The thread reads or writes memory that processes share.
    Memory {
        /// Which: the same number in all processes of a computer.
        object: ObjectId,
        /// From this byte of it on.
        at: u64,
        /// So many bytes.
        size: u32,
        /// Whether it writes.
        writes: bool,
    },
    /// The core runs this thread from now on, or nothing. Derived by the recorder.
    Core {
        /// Which.
        core: CoreId,
        /// Who runs there.
        running: Option<ThreadKey>,
    },
    /// Many short slices of a track, merged. Made by folding.
    Density {
        /// Whose slices.
        track: TrackKey,
        /// What they were.
        density: Box<Density>,
    },
}

/// How a thread ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Finish {
    /// Its function returned.
    Returned,
    /// An exception left its function.
    Raised,
    /// The process ended under it (a daemon thread).
    Abandoned,
}

/// Why a thread let go of the GIL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DropWhy {
    /// It honours a drop request at a switch point: a forced switch.
    Requested,
    /// It is about to block, sleep or run C code without the GIL: a voluntary switch.
    Blocking,
    /// Python 2: its ticks are used up.
    Ticks,
    /// It is over.
    Finished,
}

impl DropWhy {
    /// What sort of switch that is.
    #[must_use]
    pub fn switch(self) -> Switch {
        match self {
            DropWhy::Requested | DropWhy::Ticks => Switch::Forced,
            DropWhy::Blocking | DropWhy::Finished => Switch::Voluntary,
        }
    }
}

/// Why something else runs now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Core or GIL was taken away.
    Forced,
    /// It was let go, to wait for something or because the thread was done.
    Voluntary,
}

/// What an object is to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ObjectClass {
    /// `threading.Lock`.
    Lock,
    /// `threading.RLock`.
    RLock,
    /// `threading.Condition`.
    Condition,
    /// `threading.Semaphore` and `BoundedSemaphore`.
    Semaphore,
    /// `threading.Event`.
    Event,
    /// `threading.Barrier`.
    Barrier,
    /// Any queue.
    Queue,
    /// `concurrent.futures.Future`.
    Future,
    /// A module's import lock.
    ImportLock,
    /// Memory that processes share.
    Memory,
    /// Something else.
    Other,
}

impl ObjectClass {
    /// The word a person uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ObjectClass::Lock => "lock",
            ObjectClass::RLock => "RLock",
            ObjectClass::Condition => "condition",
            ObjectClass::Semaphore => "semaphore",
            ObjectClass::Event => "event",
            ObjectClass::Barrier => "barrier",
            ObjectClass::Queue => "queue",
            ObjectClass::Future => "future",
            ObjectClass::ImportLock => "import lock",
            ObjectClass::Memory => "shared memory",
            ObjectClass::Other => "object",
        }
    }
}

/// Where output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stream {
    /// Descriptor 1.
    Stdout,
    /// Descriptor 2.
    Stderr,
}

/// Sorts of notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Note {
    /// An exception nobody caught; the text is its last line.
    UncaughtException,
    /// Nothing can ever run again. One per blocked thread, with what it waits for.
    Deadlock,
    /// The run was ended by a limit; the text names it.
    LimitReached,
    /// The run was ended by the person, or cannot go on; the timeline's edge is torn here.
    Tear,
    /// Anything else worth reading.
    Remark,
}

/// The bytecode of one `Running` slice, in lines a person can look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct RunSummary {
    /// The function's qualified name at the end of the slice.
    pub function: StringId,
    /// The file it stands in.
    pub file: StringId,
    /// The line at the start of the slice.
    pub first_line: u32,
    /// The line at its end.
    pub last_line: u32,
    /// The smallest line executed in that function.
    pub min_line: u32,
    /// The largest line executed in that function.
    pub max_line: u32,
}

/// Many short slices merged into one, with exact totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Density {
    /// Where the merged stretch ends; the track's next event has this time.
    pub until: Nanos,
    /// How many slices it stands for.
    pub slices: u64,
    /// How often the track's thread (or the GIL, the core) was switched away by force.
    pub forced: u64,
    /// How often voluntarily.
    pub voluntary: u64,
    /// How many drop requests fell into it.
    pub requests: u64,
    /// What the last of the merged slices was.
    pub last: ShareOf,
    /// Time by what it was spent on, ascending by `of`; the sum is the length.
    pub shares: Vec<Share>,
}

impl Density {
    /// Nothing yet, up to this moment.
    #[must_use]
    pub fn empty(until: Nanos) -> Density {
        Density {
            until,
            slices: 0,
            forced: 0,
            voluntary: 0,
            requests: 0,
            last: ShareOf::Nobody,
            shares: Vec::new(),
        }
    }
}

/// A part of a [`Density`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Spent on what.
    pub of: ShareOf,
    /// How long, in ns.
    pub ns: Nanos,
    /// In how many slices.
    pub slices: u64,
}

/// What a share of a density slice was spent on: on thread tracks a class of states, elsewhere an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShareOf {
    /// Idle, or held by nobody.
    Nobody,
    /// A class of states.
    State(StateClass),
    /// A thread that ran or held it.
    Thread(ThreadKey),
}
