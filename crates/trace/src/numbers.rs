//! The number of every variant, as stored and hashed. Never change one; new variants take new numbers.

use crate::event::{DropWhy, EventKind, Finish, Note, ObjectClass, Stream};
use crate::ids::{CoreId, ObjectId, ProcessId, ThreadId};
use crate::state::{BlockReason, ThreadState};
use crate::tasks::{GroupPhase, TaskEnd};

impl EventKind {
    /// The stored tag of the kind.
    #[must_use]
    pub(crate) fn tag(&self) -> u8 {
        match self {
            EventKind::ProcessStart { .. } => 1,
            EventKind::ProcessExit { .. } => 2,
            EventKind::ThreadCreated { .. } => 3,
            EventKind::ThreadStarted => 4,
            EventKind::ThreadFinished { .. } => 5,
            EventKind::ThreadRenamed { .. } => 6,
            EventKind::State { .. } => 7,
            EventKind::Ran(_) => 8,
            EventKind::GilTake { .. } => 9,
            EventKind::GilDrop { .. } => 10,
            EventKind::GilRequest { .. } => 11,
            EventKind::LockAcquire { .. } => 12,
            EventKind::LockRelease { .. } => 13,
            EventKind::Wake { .. } => 14,
            EventKind::ObjectNamed { .. } => 15,
            EventKind::Output { .. } => 16,
            EventKind::Note { .. } => 17,
            EventKind::Core { .. } => 18,
            EventKind::Density { .. } => 19,
            EventKind::Interpreter { .. } => 20,
            EventKind::Computer { .. } => 21,
            EventKind::LoopState { .. } => 22,
            EventKind::TaskCreated { .. } => 23,
            EventKind::TaskState { .. } => 24,
            EventKind::TaskCancel { .. } => 25,
            EventKind::Group { .. } => 26,
            EventKind::Exec { .. } => 27,
            EventKind::Memory { .. } => 30,
            EventKind::Between(_) => 28,
        }
    }
}

/// Gives a field-less enum `number` and `from_number`.
macro_rules! numbered {
    ($name:ident { $($variant:ident = $number:literal),+ $(,)? }) => {
        impl $name {
            pub(crate) fn number(self) -> u8 {
                match self { $($name::$variant => $number),+ }
            }

            pub(crate) fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

numbered!(Finish { Returned = 0, Raised = 1, Abandoned = 2 });
numbered!(DropWhy { Requested = 0, Blocking = 1, Ticks = 2, Finished = 3 });
numbered!(Stream { Stdout = 1, Stderr = 2 });
numbered!(Note { UncaughtException = 0, Deadlock = 1, LimitReached = 2, Tear = 3, Remark = 4 });
numbered!(TaskEnd { Returned = 0, Raised = 1, Cancelled = 2, Lost = 3 });
numbered!(GroupPhase { Entered = 0, Waiting = 1, Aborting = 2, Left = 3 });
numbered!(ObjectClass {
    Lock = 0,
    RLock = 1,
    Condition = 2,
    Semaphore = 3,
    Event = 4,
    Barrier = 5,
    Queue = 6,
    Future = 7,
    ImportLock = 8,
    Other = 9,
    Memory = 10,
});

impl ThreadState {
    pub(crate) fn number(self) -> u8 {
        match self {
            ThreadState::Running { .. } => 0,
            ThreadState::Ready => 1,
            ThreadState::GilWait => 2,
            ThreadState::Blocked(_) => 3,
            ThreadState::Native { .. } => 4,
            ThreadState::Finished => 5,
        }
    }

    /// The state with this number, but for blocked ones; `core` is used where it has one.
    pub(crate) fn from_number(number: u64, core: CoreId) -> Option<Self> {
        Some(match number {
            0 => ThreadState::Running { core },
            1 => ThreadState::Ready,
            2 => ThreadState::GilWait,
            4 => ThreadState::Native { core },
            5 => ThreadState::Finished,
            _ => return None,
        })
    }
}

impl BlockReason {
    pub(crate) fn number(self) -> u8 {
        use BlockReason as R;
        match self {
            R::Lock { .. } => 0,
            R::RLock { .. } => 1,
            R::Condition { .. } => 2,
            R::Semaphore { .. } => 3,
            R::Event { .. } => 4,
            R::Barrier { .. } => 5,
            R::QueueGet { .. } => 6,
            R::QueuePut { .. } => 7,
            R::QueueJoin { .. } => 8,
            R::Join { .. } => 9,
            R::ThreadStart { .. } => 10,
            R::Future { .. } => 11,
            R::Sleep { .. } => 12,
            R::Read { .. } => 13,
            R::Write { .. } => 14,
            R::Accept { .. } => 15,
            R::Connect { .. } => 16,
            R::Select => 17,
            R::WaitPid { .. } => 18,
            R::Signal => 19,
            R::ImportLock { .. } => 20,
            R::SharedSemaphore { .. } => 21,
            R::Shutdown => 22,
            R::FileLock { .. } => 23,
        }
    }

    /// The one operand of the reason: an object, thread, descriptor, moment; for `WaitPid` 0 or pid + 1.
    pub(crate) fn operand(self) -> u64 {
        use BlockReason as R;
        if let Some(object) = self.object() {
            return object.0.into();
        }
        match self {
            R::Join { thread } | R::ThreadStart { thread } => thread.0.into(),
            R::Sleep { until } => until,
            R::Read { fd } | R::Write { fd } | R::Accept { fd } | R::Connect { fd } | R::FileLock { fd } => fd.into(),
            R::WaitPid { process } => process.map_or(0, |p| u64::from(p.0) + 1),
            _ => 0,
        }
    }

    pub(crate) fn from_number(number: u64, operand: u64) -> Option<Self> {
        use BlockReason as R;
        let small = u32::try_from(operand).ok();
        let object = || small.map(ObjectId);
        let thread = || small.map(ThreadId);
        Some(match number {
            0 => R::Lock { object: object()? },
            1 => R::RLock { object: object()? },
            2 => R::Condition { object: object()? },
            3 => R::Semaphore { object: object()? },
            4 => R::Event { object: object()? },
            5 => R::Barrier { object: object()? },
            6 => R::QueueGet { object: object()? },
            7 => R::QueuePut { object: object()? },
            8 => R::QueueJoin { object: object()? },
            9 => R::Join { thread: thread()? },
            10 => R::ThreadStart { thread: thread()? },
            11 => R::Future { object: object()? },
            12 => R::Sleep { until: operand },
            13 => R::Read { fd: small? },
            14 => R::Write { fd: small? },
            15 => R::Accept { fd: small? },
            16 => R::Connect { fd: small? },
            17 => R::Select,
            18 => match operand.checked_sub(1) {
                None => R::WaitPid { process: None },
                Some(pid) => R::WaitPid {
                    process: Some(ProcessId(u32::try_from(pid).ok()?)),
                },
            },
            19 => R::Signal,
            20 => R::ImportLock { object: object()? },
            21 => R::SharedSemaphore { object: object()? },
            22 => R::Shutdown,
            23 => R::FileLock { fd: small? },
            _ => return None,
        })
    }
}
