//! What stands written in a slice: lines, chips, and the name of what a thread waits for.

use crate::between::receiving;
use crate::format::seconds;
use crate::model::{LaneKey, Timeline};
use crate::processes::ended_short;
use crate::track::{Slice, What};
use heddle_trace::{BlockReason, DropWhy, EventKind, Nanos, ObjectId, ProcessId, ThreadKey, ThreadState, Trace};

impl Timeline {
    /// What stands written in a slice, or in its part from the moment `at`; `None` where its form says it all.
    #[must_use]
    pub fn slice_text(&self, trace: &Trace, lane: LaneKey, slice: &Slice, at: Nanos) -> Option<String> {
        match (&slice.what, lane) {
            (What::Owned(key), _) => Some(self.people().chip(*key)),
            (What::Pickle { text, loads }, _) => {
                let verb = if *loads { "unpickle" } else { "pickle" };
                Some(format!("{verb} {}", trace.text(*text)))
            }
            (What::Zombie(0), _) => Some("zombie".to_owned()),
            (What::Zombie(status), _) => Some(format!("zombie, {}", ended_short(*status))),
            (What::Loop(state), lane) => self.loop_text(trace, lane, slice, *state),
            (What::Task(state), LaneKey::Task(process, _)) => self.task_text(trace, process, slice, *state),
            (What::State(ThreadState::Running { .. }), _) => self.lines(trace, slice),
            (What::State(ThreadState::Native { .. }), _) => label(trace, slice),
            (What::State(ThreadState::Blocked(reason)), LaneKey::Thread(key)) => {
                Some(self.wait_text(trace, key.process, slice, *reason, at))
            }
            _ => None,
        }
    }

    /// "lines 14–15".
    pub(crate) fn lines(&self, trace: &Trace, slice: &Slice) -> Option<String> {
        let (from, to) = match slice
            .run
            .and_then(|run| trace.events.get(run as usize))
            .map(|event| &event.kind)
        {
            Some(EventKind::Ran(run)) => (run.min_line, run.max_line),
            _ => match event_kind(trace, slice.event)? {
                EventKind::State { line, .. } => (*line, *line),
                _ => return None,
            },
        };
        match (from, to) {
            (0, _) => None,
            (a, b) if a == b => Some(format!("line {a}")),
            (a, b) => Some(format!("lines {a}\u{2013}{b}")),
        }
    }

    /// What a thread waits for, as written into its slice, and who holds it at the moment `at`.
    pub(crate) fn wait_text(
        &self,
        trace: &Trace,
        process: ProcessId,
        slice: &Slice,
        reason: BlockReason,
        at: Nanos,
    ) -> String {
        let read = || receiving(trace.text(*self.reads.get(&slice.event)?));
        let name = label(trace, slice)
            .or_else(read)
            .unwrap_or_else(|| self.reason_text(process, slice, reason));
        match owned(reason).and_then(|object| self.holder(process, object, at)) {
            Some(holder) => format!("{name}, held by {}", self.people().chip(holder)),
            None => name,
        }
    }

    /// Who holds what a slice waits for, one after the other, each with the moment since when; the first one since the slice's start.
    /// Empty where nobody does, or not that of the whole wait.
    pub(crate) fn holders(&self, process: ProcessId, slice: &Slice, reason: BlockReason) -> Vec<(Nanos, ThreadKey)> {
        let Some(held) = owned(reason).and_then(|object| self.locks.get(&(process, object))) else {
            return Vec::new();
        };
        let held = &held.held;
        let first = held.first_after(slice.start);
        let mut holders: Vec<(Nanos, ThreadKey)> = Vec::new();
        for one in held.slices().get(first..).unwrap_or(&[]) {
            if one.start >= slice.end {
                break;
            }
            // The waiter itself gets it at the end of its wait, perhaps before it runs.
            if let What::Owned(key) = one.what
                && holders.last().is_none_or(|(_, last)| *last != key)
            {
                holders.push((one.start.max(slice.start), key));
            }
        }
        holders
    }

    pub(crate) fn reason_text(&self, process: ProcessId, slice: &Slice, reason: BlockReason) -> String {
        use BlockReason as R;
        let object = |object: ObjectId, class: &str| self.people().object(process, object, class);
        let chip = |thread| self.people().chip(ThreadKey { process, thread });
        match reason {
            R::Lock { object: o } => object(o, "lock"),
            R::RLock { object: o } => object(o, "RLock"),
            R::Condition { object: o } => object(o, "condition"),
            R::Semaphore { object: o } | R::SharedSemaphore { object: o } => object(o, "semaphore"),
            R::Event { object: o } => object(o, "event"),
            R::Barrier { object: o } => object(o, "barrier"),
            R::QueueGet { object: o } => format!("{}.get()", object(o, "queue")),
            R::QueuePut { object: o } => format!("{}.put()", object(o, "queue")),
            R::QueueJoin { object: o } => format!("{}.join()", object(o, "queue")),
            R::Future { object: o } => format!("result of {}", object(o, "future")),
            R::ImportLock { object: o } => object(o, "import lock"),
            R::Join { thread } => format!("join({})", chip(thread)),
            R::ThreadStart { thread } => format!("waits for {} to start", chip(thread)),
            R::Sleep { until } => format!("sleep({})", seconds(until.saturating_sub(slice.start))),
            R::Read { fd } => format!("read {fd}"),
            R::Write { fd } => format!("write {fd}"),
            R::Accept { fd } => format!("accept {fd}"),
            R::Connect { fd } => format!("connect {fd}"),
            R::FileLock { fd } => format!("lock of file {fd}"),
            R::Select => "select".to_owned(),
            R::WaitPid { process: Some(pid) } => format!("waits for pid {}", pid.number()),
            R::WaitPid { process: None } => "waits for a child process".to_owned(),
            R::Signal => "waits for a signal".to_owned(),
            R::Shutdown => "the interpreter has ended".to_owned(),
        }
    }

    /// Who holds a lock at a moment.
    pub(crate) fn holder(&self, process: ProcessId, object: ObjectId, at: Nanos) -> Option<ThreadKey> {
        let held = &self.locks.get(&(process, object))?.held;
        match held.get(held.at(at)?)?.what {
            What::Owned(key) => Some(key),
            _ => None,
        }
    }

    /// Whether an event is a GIL drop that honours a request.
    pub(crate) fn forced_drop(&self, trace: &Trace, event: u32) -> bool {
        matches!(
            event_kind(trace, event),
            Some(EventKind::GilDrop {
                why: DropWhy::Requested,
                ..
            })
        )
    }
}

/// The object of a wait for something that one thread holds.
fn owned(reason: BlockReason) -> Option<ObjectId> {
    match reason {
        BlockReason::Lock { object } | BlockReason::RLock { object } => Some(object),
        _ => None,
    }
}

pub(crate) fn event_kind(trace: &Trace, index: u32) -> Option<&EventKind> {
    trace.events.get(index as usize).map(|event| &event.kind)
}

/// The VM's label of a slice's state, if it has one.
pub(crate) fn label(trace: &Trace, slice: &Slice) -> Option<String> {
    match event_kind(trace, slice.event)? {
        EventKind::State { label, .. } if !label.is_empty() => Some(trace.text(*label).to_owned()),
        _ => None,
    }
}
