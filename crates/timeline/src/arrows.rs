//! Arrows between threads, and between tasks: who started whom, who handed what to whom, who woke whom.
//!
//! An arrow comes from the cause of a state event. Its form follows from the wait that ended: leaving a queue's `get` is a
//! put (square), leaving a condition or event a notify (dot), leaving a lock or join a release (diamond); a thread's first
//! state, caused by its creation, is a spawn (ring). Hand-overs of the GIL have no arrows: the GIL's track shows them.

use crate::model::LaneKey;
use crate::track::What;
use heddle_trace::{
    AwaitReason, Between, BlockReason, Event, EventId, EventKind, Nanos, ProcessId, TaskState, ThreadKey, ThreadState,
};
use rustc_hash::FxHashMap;

/// With more arrows than this in view, only the selection's are drawn.
pub const ARROWS_IN_VIEW: usize = 40;

/// What an arrow says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArrowForm {
    /// A thread or process was started: ring, solid line.
    Spawn,
    /// Something was handed over: filled square, solid line.
    Put,
    /// A release, end or result woke it: diamond, dashed line.
    Release,
    /// A notify or set woke it: filled dot, dotted line.
    Notify,
    /// It was cancelled: cross, solid line.
    Cancel,
}

/// What goes along an arrow between processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    /// A message, by its number.
    Message(u32),
    /// A copy of the process.
    Copy(ProcessId),
}

/// An arrow between two moments of two threads or tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// What it says.
    pub form: ArrowForm,
    /// The lane and moment it comes from.
    pub from: (LaneKey, Nanos),
    /// The lane and moment it leads to.
    pub to: (LaneKey, Nanos),
    pub(crate) carries: Option<Carried>,
}

/// Where an event is, for those that look for a cause.
#[derive(Clone, Copy, Debug)]
struct Origin {
    time: Nanos,
    key: ThreadKey,
    creates: bool,
    /// The process that came to be by a copy of another one.
    copies: Option<ProcessId>,
    /// The task or loop whose state the event is, or which it is done by.
    lane: Option<LaneKey>,
    cancels: bool,
}

/// All arrows, rising by the moment they lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrows {
    all: Vec<Arrow>,
    /// The longest time any of them spans.
    longest: Nanos,
    /// Per process, its events by number. Numbers mostly rise, so looking up is a binary search; stragglers go beside.
    origins: FxHashMap<ProcessId, Vec<(u32, Origin)>>,
    stragglers: FxHashMap<EventId, Origin>,
}

impl Arrows {
    /// Remembers an event as a possible cause.
    pub fn see(&mut self, event: &Event) {
        let creates = matches!(
            event.kind,
            EventKind::ThreadCreated { .. } | EventKind::ProcessStart { .. } | EventKind::TaskCreated { .. }
        );
        let copies = match event.kind {
            EventKind::Between(Between::Forked { child, .. }) => Some(child),
            _ => None,
        };
        let key = match event.kind {
            // The creation is the creator's doing.
            EventKind::ThreadCreated { by: Some(by), .. } => ThreadKey {
                process: event.id.process,
                thread: by,
            },
            _ => event.key(),
        };
        let process = event.id.process;
        let lane = match event.kind {
            EventKind::LoopState { event_loop, .. } => Some(LaneKey::Loop(process, event_loop)),
            EventKind::TaskState { task, .. } => Some(LaneKey::Task(process, task)),
            EventKind::TaskCreated { parent, .. } => parent.map(|by| LaneKey::Task(process, by)),
            EventKind::TaskCancel { .. } => event.cause.and_then(|cause| self.origin(cause)?.lane),
            _ => None,
        };
        let origin = Origin {
            time: event.time,
            key,
            copies,
            creates: creates || copies.is_some(),
            lane,
            cancels: matches!(event.kind, EventKind::TaskCancel { .. }),
        };
        let list = self.origins.entry(event.id.process).or_default();
        match list.last() {
            Some((last, _)) if *last >= event.id.sequence => {
                self.stragglers.insert(event.id, origin);
            }
            _ => list.push((event.id.sequence, origin)),
        }
    }

    fn origin(&self, id: EventId) -> Option<Origin> {
        let list = self.origins.get(&id.process)?;
        match list.binary_search_by_key(&id.sequence, |(sequence, _)| *sequence) {
            Ok(place) => list.get(place).map(|(_, origin)| *origin),
            Err(_) => self.stragglers.get(&id).copied(),
        }
    }

    /// Who did an event, and when.
    pub fn place_of(&self, id: EventId) -> Option<(ThreadKey, Nanos)> {
        self.origin(id).map(|origin| (origin.key, origin.time))
    }

    /// Adds the arrow of a state event that ends a wait, if there is one.
    pub fn wake(&mut self, event: &Event, before: Option<&What>) {
        let Some(origin) = event.cause.and_then(|cause| self.origin(cause)) else {
            return;
        };
        let to = event.key();
        if origin.key == to {
            return;
        }
        let form = match before {
            None if origin.creates => ArrowForm::Spawn,
            Some(What::State(ThreadState::Blocked(reason))) => match form_of(*reason) {
                Some(form) => form,
                None => return,
            },
            _ => return,
        };
        let copied = origin
            .copies
            .filter(|child| form == ArrowForm::Spawn && *child == to.process);
        let carries = copied.map(Carried::Copy);
        self.add(form, (origin.key, origin.time), (to, event.time), carries);
    }

    /// Adds the arrow of a message from one process to another.
    pub fn message(&mut self, number: u32, from: (ThreadKey, Nanos), to: (ThreadKey, Nanos)) {
        self.add(ArrowForm::Put, from, to, Some(Carried::Message(number)));
    }

    fn add(&mut self, form: ArrowForm, from: (ThreadKey, Nanos), to: (ThreadKey, Nanos), carries: Option<Carried>) {
        self.longest = self.longest.max(to.1.saturating_sub(from.1));
        self.all.push(Arrow {
            form,
            from: (LaneKey::Thread(from.0), from.1),
            to: (LaneKey::Thread(to.0), to.1),
            carries,
        });
    }

    /// Whether an event says what a loop does.
    pub fn is_loop(&self, id: EventId) -> bool {
        let lane = self.origin(id).and_then(|origin| origin.lane);
        matches!(lane, Some(LaneKey::Loop(..)))
    }

    /// Adds the arrow of a task's state that another task has brought about, if there is one. It leaves at the moment itself: the cause is
    /// the state that the other one was in. Timers and input, which a loop's own callbacks pass on, have none.
    pub fn wake_task(&mut self, event: &Event, to: LaneKey, before: Option<&What>) {
        let Some(origin) = event.cause.and_then(|cause| self.origin(cause)) else {
            return;
        };
        let Some(from @ LaneKey::Task(..)) = origin.lane.filter(|from| *from != to) else {
            return;
        };
        let form = match before {
            None => ArrowForm::Spawn,
            Some(What::Task(TaskState::Awaiting(_))) if origin.cancels => ArrowForm::Cancel,
            Some(What::Task(TaskState::Awaiting(reason))) => form_of_await(*reason),
            _ => return,
        };
        let left = if origin.cancels || origin.creates {
            origin.time
        } else {
            event.time
        };
        self.longest = self.longest.max(event.time.saturating_sub(left));
        self.all.push(Arrow {
            form,
            from: (from, left),
            to: (to, event.time),
            carries: None,
        });
    }

    /// The arrows that touch a stretch of time.
    pub fn between(&self, from: Nanos, to: Nanos) -> impl Iterator<Item = &Arrow> {
        let first = self.all.partition_point(|arrow| arrow.to.1 < from);
        let last = to.saturating_add(self.longest);
        self.all[first..]
            .iter()
            .take_while(move |arrow| arrow.to.1 <= last)
            .filter(move |arrow| arrow.from.1 <= to)
    }
}

fn form_of_await(reason: AwaitReason) -> ArrowForm {
    use AwaitReason as R;
    match reason {
        R::QueueGet { .. } | R::QueuePut { .. } | R::Io | R::Resumer => ArrowForm::Put,
        R::Event { .. } | R::Condition { .. } | R::Barrier { .. } => ArrowForm::Notify,
        _ => ArrowForm::Release,
    }
}

fn form_of(reason: BlockReason) -> Option<ArrowForm> {
    use BlockReason as R;
    match reason {
        R::QueueGet { .. } | R::QueuePut { .. } | R::Read { .. } | R::Write { .. } | R::Accept { .. } => {
            Some(ArrowForm::Put)
        }
        R::Condition { .. } | R::Event { .. } | R::Barrier { .. } | R::ThreadStart { .. } => Some(ArrowForm::Notify),
        R::Lock { .. }
        | R::RLock { .. }
        | R::Semaphore { .. }
        | R::QueueJoin { .. }
        | R::Join { .. }
        | R::Future { .. }
        | R::WaitPid { .. }
        | R::ImportLock { .. }
        | R::SharedSemaphore { .. }
        | R::FileLock { .. }
        | R::Signal => Some(ArrowForm::Release),
        R::Sleep { .. } | R::Connect { .. } | R::Select | R::Shutdown => None,
    }
}
