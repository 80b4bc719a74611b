//! What a thread can be doing. Both enums are closed: from the machine that decides to the colour of a lane,
//! everyone matches on the same list.

use crate::event::Switch;
use crate::ids::{CoreId, Nanos, ObjectId, ProcessId, ThreadId};
use serde::{Deserialize, Serialize};

/// Why a thread is blocked. The machine itself knows only lock-like reasons; the VM looks at the Python
/// frames and refines a lock to the condition, event, queue … it was built for. `object` is then the handle
/// of that condition, event, queue …, and [`crate::EventKind::ObjectNamed`] gives its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockReason {
    /// A `Lock` that is held (or was never released).
    Lock { object: ObjectId },
    /// An `RLock` that another thread holds.
    RLock { object: ObjectId },
    /// `Condition.wait`.
    Condition { object: ObjectId },
    /// `Semaphore.acquire` at zero.
    Semaphore { object: ObjectId },
    /// `Event.wait`.
    Event { object: ObjectId },
    /// `Barrier.wait`.
    Barrier { object: ObjectId },
    /// `get` from an empty queue, or a wait for `task_done`.
    QueueGet { object: ObjectId },
    /// `put` into a full queue.
    QueuePut { object: ObjectId },
    /// `Queue.join`: until all tasks are done.
    QueueJoin { object: ObjectId },
    /// `Thread.join`.
    Join { thread: ThreadId },
    /// `Thread.start` waits until the new thread runs.
    ThreadStart { thread: ThreadId },
    /// `Future.result`, `wait`, `as_completed`.
    Future { object: ObjectId },
    /// `time.sleep` until this moment.
    Sleep { until: Nanos },
    /// Reading a descriptor.
    Read { fd: u32 },
    /// Writing a descriptor.
    Write { fd: u32 },
    /// Accepting a connection.
    Accept { fd: u32 },
    /// Making a connection.
    Connect { fd: u32 },
    /// `select`, `poll`, `epoll`: any of several descriptors.
    Select,
    /// Waiting for a child process; `None` is any child.
    WaitPid { process: Option<ProcessId> },
    /// Waiting for a signal.
    Signal,
    /// The import lock of a module that another thread imports.
    ImportLock { object: ObjectId },
    /// A semaphore that processes share.
    SharedSemaphore { object: ObjectId },
    /// A lock on a file that another open file or process has.
    FileLock { fd: u32 },
    /// The interpreter is shutting down and this (daemon) thread may never run again.
    Shutdown,
}

impl BlockReason {
    /// The object waited for, if it is one.
    #[must_use]
    pub fn object(self) -> Option<ObjectId> {
        use BlockReason as R;
        match self {
            R::Lock { object }
            | R::RLock { object }
            | R::Condition { object }
            | R::Semaphore { object }
            | R::Event { object }
            | R::Barrier { object }
            | R::QueueGet { object }
            | R::QueuePut { object }
            | R::QueueJoin { object }
            | R::Future { object }
            | R::ImportLock { object }
            | R::SharedSemaphore { object } => Some(object),
            _ => None,
        }
    }

    /// The thread waited for, if it is one.
    #[must_use]
    pub fn thread(self) -> Option<ThreadId> {
        match self {
            BlockReason::Join { thread } | BlockReason::ThreadStart { thread } => Some(thread),
            _ => None,
        }
    }

    /// The class that decides colour and height on the timeline.
    #[must_use]
    pub fn class(self) -> StateClass {
        use BlockReason as R;
        match self {
            R::Lock { .. }
            | R::RLock { .. }
            | R::Condition { .. }
            | R::Semaphore { .. }
            | R::Event { .. }
            | R::Barrier { .. }
            | R::QueueGet { .. }
            | R::QueuePut { .. }
            | R::ImportLock { .. }
            | R::SharedSemaphore { .. }
            | R::FileLock { .. } => StateClass::Blocked,
            R::QueueJoin { .. } | R::Join { .. } | R::ThreadStart { .. } | R::Future { .. } | R::WaitPid { .. } => {
                StateClass::Joining
            }
            R::Sleep { .. } | R::Signal | R::Shutdown => StateClass::Asleep,
            R::Read { .. } | R::Write { .. } | R::Accept { .. } | R::Connect { .. } | R::Select => StateClass::Io,
        }
    }
}

/// What a thread is doing, from one state event to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ThreadState {
    /// Executes bytecode on this core (with the GIL, where there is one).
    Running { core: CoreId },
    /// Wants a core.
    Ready,
    /// Wants the GIL; needs no core meanwhile.
    GilWait,
    /// Waits for something else than core and GIL.
    Blocked(BlockReason),
    /// Executes C code without the GIL on this core.
    Native { core: CoreId },
    /// Is over.
    Finished,
}

impl ThreadState {
    /// The core that the thread occupies.
    #[must_use]
    pub fn core(self) -> Option<CoreId> {
        match self {
            ThreadState::Running { core } | ThreadState::Native { core } => Some(core),
            _ => None,
        }
    }

    /// The class that decides colour and height on the timeline.
    #[must_use]
    pub fn class(self) -> StateClass {
        match self {
            ThreadState::Running { .. } => StateClass::Running,
            ThreadState::Ready => StateClass::Ready,
            ThreadState::GilWait => StateClass::GilWait,
            ThreadState::Blocked(reason) => reason.class(),
            ThreadState::Native { .. } => StateClass::Native,
            ThreadState::Finished => StateClass::Finished,
        }
    }
}

/// The rows of the timeline's vocabulary: what states are summed and drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum StateClass {
    /// Executes bytecode.
    Running = 0,
    /// Executes C code without the GIL.
    Native = 1,
    /// Wants a core.
    Ready = 2,
    /// Wants the GIL.
    GilWait = 3,
    /// Blocked on a lock, condition, queue …
    Blocked = 4,
    /// Waits for another thread, process, task or group to end.
    Joining = 5,
    /// Sleeps.
    Asleep = 6,
    /// Waits for input or output.
    Io = 7,
    /// Over.
    Finished = 8,
}

impl StateClass {
    /// All classes, in the order of their numbers.
    pub const ALL: [StateClass; 9] = [
        StateClass::Running,
        StateClass::Native,
        StateClass::Ready,
        StateClass::GilWait,
        StateClass::Blocked,
        StateClass::Joining,
        StateClass::Asleep,
        StateClass::Io,
        StateClass::Finished,
    ];

    /// What sort of switch it is to come to this state from running, if it is one.
    #[must_use]
    pub fn switch_from_running(self) -> Option<Switch> {
        match self {
            StateClass::GilWait | StateClass::Ready => Some(Switch::Forced),
            StateClass::Running | StateClass::Finished => None,
            StateClass::Native | StateClass::Blocked | StateClass::Joining | StateClass::Asleep | StateClass::Io => {
                Some(Switch::Voluntary)
            }
        }
    }

    /// Its place in [`StateClass::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self as u8)
    }

    /// The word for it in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            StateClass::Running => "running",
            StateClass::Native => "C code",
            StateClass::Ready => "ready",
            StateClass::GilWait => "wants GIL",
            StateClass::Blocked => "blocked",
            StateClass::Joining => "joining",
            StateClass::Asleep => "asleep",
            StateClass::Io => "I/O",
            StateClass::Finished => "finished",
        }
    }
}
