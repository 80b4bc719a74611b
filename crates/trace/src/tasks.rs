//! What event loops and their tasks can be doing. Closed enums, as [`crate::ThreadState`] is.

use crate::ids::{GroupId, Nanos, ObjectId, StringId, TaskId};
use crate::state::StateClass;
use serde::{Deserialize, Serialize};

/// What an event loop does, from one event of its track to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LoopState {
    /// An iteration begins (or goes on after the wait for input): the loop's own work.
    Turn {
        /// How many callbacks are ready.
        ready: u32,
    },
    /// It waits for input or the next timer; nothing is ready.
    Select {
        /// When the next timer is due, if there is one.
        until: Option<Nanos>,
    },
    /// It runs one callback.
    Callback {
        /// The task whose step that is, if it is one.
        task: Option<TaskId>,
        /// The callback's name: the task's, or the function's.
        name: StringId,
        /// How many other callbacks are ready and have to wait.
        ready: u32,
    },
    /// It is not running.
    Stopped,
}

impl LoopState {
    /// The class that decides colour and height on the timeline.
    #[must_use]
    pub fn class(self) -> StateClass {
        match self {
            LoopState::Turn { .. } | LoopState::Callback { .. } => StateClass::Running,
            LoopState::Select { .. } => StateClass::Io,
            LoopState::Stopped => StateClass::Finished,
        }
    }
}

/// What a task does, from one event of its track to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TaskState {
    /// Its next step stands in the loop's queue.
    Ready,
    /// The loop executes a step of it.
    Running,
    /// Suspended until what it awaits is done.
    Awaiting(AwaitReason),
    /// Is over.
    Done(TaskEnd),
}

impl TaskState {
    /// The class that decides colour and height on the timeline.
    #[must_use]
    pub fn class(self) -> StateClass {
        match self {
            TaskState::Ready => StateClass::Ready,
            TaskState::Running => StateClass::Running,
            TaskState::Awaiting(reason) => reason.class(),
            TaskState::Done(_) => StateClass::Finished,
        }
    }
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TaskEnd {
    /// Its coroutine returned.
    Returned,
    /// An exception left its coroutine.
    Raised,
    /// It was cancelled.
    Cancelled,
    /// It was destroyed while it was pending: nobody had a reference to it.
    Lost,
}

/// What a suspended task awaits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AwaitReason {
    /// A future of which nothing else is known.
    Future,
    /// Another task.
    Task { task: TaskId },
    /// Several tasks or futures: `gather`, `wait`, `as_completed`.
    Several { pending: u32 },
    /// The end of a task group.
    Group { group: GroupId },
    /// `asyncio.sleep` until this moment.
    Sleep { until: Nanos },
    /// `asyncio.Lock.acquire`.
    Lock { object: ObjectId },
    /// `asyncio.Event.wait`.
    Event { object: ObjectId },
    /// `asyncio.Condition.wait`.
    Condition { object: ObjectId },
    /// `asyncio.Semaphore.acquire`.
    Semaphore { object: ObjectId },
    /// `asyncio.Barrier.wait`.
    Barrier { object: ObjectId },
    /// `asyncio.Queue.get`.
    QueueGet { object: ObjectId },
    /// `asyncio.Queue.put`.
    QueuePut { object: ObjectId },
    /// `asyncio.Queue.join`.
    QueueJoin { object: ObjectId },
    /// Streams, sockets, servers: input or output.
    Io,
    /// A function that runs in an executor: `to_thread`, `run_in_executor`.
    Executor,
    /// A subprocess.
    Process,
    /// A generator or coroutine driven by hand: it has yielded, and goes on when somebody resumes it.
    Resumer,
}

impl AwaitReason {
    /// The object awaited, if it is one.
    #[must_use]
    pub fn object(self) -> Option<ObjectId> {
        use AwaitReason as R;
        match self {
            R::Lock { object }
            | R::Event { object }
            | R::Condition { object }
            | R::Semaphore { object }
            | R::Barrier { object }
            | R::QueueGet { object }
            | R::QueuePut { object }
            | R::QueueJoin { object } => Some(object),
            _ => None,
        }
    }

    /// The class that decides colour and height on the timeline.
    #[must_use]
    pub fn class(self) -> StateClass {
        use AwaitReason as R;
        match self {
            R::Lock { .. }
            | R::Event { .. }
            | R::Condition { .. }
            | R::Semaphore { .. }
            | R::Barrier { .. }
            | R::QueueGet { .. }
            | R::QueuePut { .. } => StateClass::Blocked,
            R::Future
            | R::Task { .. }
            | R::Several { .. }
            | R::Group { .. }
            | R::QueueJoin { .. }
            | R::Executor
            | R::Process
            | R::Resumer => StateClass::Joining,
            R::Sleep { .. } => StateClass::Asleep,
            R::Io => StateClass::Io,
        }
    }

    /// Its number and operand as stored. Never change one.
    pub(crate) fn parts(self) -> (u8, u64) {
        use AwaitReason as R;
        let object = self.object().map_or(0, |object| u64::from(object.0));
        match self {
            R::Future => (0, 0),
            R::Task { task } => (1, task.0.into()),
            R::Several { pending } => (2, pending.into()),
            R::Group { group } => (3, group.0.into()),
            R::Sleep { until } => (4, until),
            R::Lock { .. } => (5, object),
            R::Event { .. } => (6, object),
            R::Condition { .. } => (7, object),
            R::Semaphore { .. } => (8, object),
            R::Barrier { .. } => (9, object),
            R::QueueGet { .. } => (10, object),
            R::QueuePut { .. } => (11, object),
            R::QueueJoin { .. } => (12, object),
            R::Io => (13, 0),
            R::Executor => (14, 0),
            R::Process => (15, 0),
            R::Resumer => (16, 0),
        }
    }

    pub(crate) fn from_parts(number: u8, operand: u64) -> Option<Self> {
        use AwaitReason as R;
        let small = u32::try_from(operand).ok();
        let object = small.map(ObjectId);
        Some(match number {
            0 => R::Future,
            1 => R::Task { task: TaskId(small?) },
            2 => R::Several { pending: small? },
            3 => R::Group { group: GroupId(small?) },
            4 => R::Sleep { until: operand },
            5 => R::Lock { object: object? },
            6 => R::Event { object: object? },
            7 => R::Condition { object: object? },
            8 => R::Semaphore { object: object? },
            9 => R::Barrier { object: object? },
            10 => R::QueueGet { object: object? },
            11 => R::QueuePut { object: object? },
            12 => R::QueueJoin { object: object? },
            13 => R::Io,
            14 => R::Executor,
            15 => R::Process,
            16 => R::Resumer,
            _ => return None,
        })
    }
}

/// What happens to a task group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GroupPhase {
    /// `async with` enters it.
    Entered,
    /// The body is over; it waits for its tasks.
    Waiting,
    /// It cancels its tasks, because one failed or its owner is cancelled.
    Aborting,
    /// It is over.
    Left,
}

/// One activation of an await chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaiting<'a> {
    /// Qualified name of the coroutine's (or generator's) function.
    pub function: &'a str,
    /// The file it stands in.
    pub file: &'a str,
    /// The line it stands at, 0 if unknown.
    pub line: u32,
}

/// The rows of an await chain as a trace stores it: one text, so that a thousand tasks at one place share it. A row per activation,
/// the task's own coroutine first; in a row function, file and line, separated by tabs.
pub fn await_chain(text: &str) -> impl Iterator<Item = Awaiting<'_>> {
    text.lines().filter_map(|row| {
        let mut parts = row.split('\t');
        Some(Awaiting {
            function: parts.next()?,
            file: parts.next()?,
            line: parts.next()?.parse().ok()?,
        })
    })
}
