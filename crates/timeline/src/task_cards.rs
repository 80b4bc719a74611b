//! The words on loops and tasks: what stands in their slices, and their hover cards.

use crate::captions::event_kind;
use crate::format::{duration, moment};
use crate::model::{LaneKey, Timeline};
use crate::tasks::{TaskKey, chain_of};
use crate::track::{Slice, What};
use crate::words::{Sentence, Word};
use heddle_trace::{
    AwaitReason, EventKind, LoopId, LoopState, Nanos, ProcessId, TaskEnd, TaskId, TaskState, Trace, TrackKey,
};

/// A card names at most so many tasks that had to wait.
const NAMED: usize = 4;

impl Timeline {
    /// What stands written in a loop's slice.
    pub(crate) fn loop_text(&self, trace: &Trace, lane: LaneKey, slice: &Slice, state: LoopState) -> Option<String> {
        let LaneKey::Loop(process, event_loop) = lane else {
            return None;
        };
        match state {
            LoopState::Turn { .. } | LoopState::Stopped => None,
            LoopState::Select { until: Some(until) } => Some(format!("select, until {}", moment(until))),
            LoopState::Select { until: None } => Some("select".to_owned()),
            LoopState::Callback { name, task, .. } => {
                let name = match task {
                    Some(task) => self.task_name((process, task)),
                    None => trace.text(name).to_owned(),
                };
                let waiting = match self.blocks(process, event_loop, slice) {
                    true => self.most_waiting_for(process, event_loop, slice),
                    false => 0,
                };
                Some(match waiting {
                    0 => name,
                    1 => format!("{name}: 1 task waits"),
                    n => format!("{name}: {n} tasks wait"),
                })
            }
        }
    }

    fn task_name(&self, key: TaskKey) -> String {
        self.task(key)
            .map_or_else(|| format!("task {}", key.1.0), |task| task.name.clone())
    }

    /// What stands written in a task's slice.
    pub(crate) fn task_text(
        &self,
        trace: &Trace,
        process: ProcessId,
        slice: &Slice,
        state: TaskState,
    ) -> Option<String> {
        match state {
            TaskState::Awaiting(reason) => Some(self.await_text(trace, process, slice, reason)),
            TaskState::Ready | TaskState::Running | TaskState::Done(_) => None,
        }
    }

    /// "pages.get()", "sleep(0.012)", "task fetch-1", "TaskGroup: 5 tasks".
    #[must_use]
    pub fn await_text(&self, trace: &Trace, process: ProcessId, slice: &Slice, reason: AwaitReason) -> String {
        use AwaitReason as R;
        let label = match event_kind(trace, slice.event) {
            Some(EventKind::TaskState { label, .. }) => trace.text(*label),
            _ => "",
        };
        let object = |class: &str, call: &str| match label {
            "" => format!("{class}{call}"),
            name => format!("{name}{call}"),
        };
        let named = |plain: &str| match label {
            "" => plain.to_owned(),
            name => name.to_owned(),
        };
        match reason {
            R::Future => named("a future"),
            R::Task { task } => self.task_name((process, task)),
            R::Several { pending: 0 } => "one of several".to_owned(),
            R::Several { pending: 1 } => "1 of several, the last".to_owned(),
            R::Several { pending } => format!("{pending} tasks or futures"),
            R::Group { group } => {
                let members = |task: &&crate::tasks::Task| task.group == Some(group);
                let range = (process, TaskId(0))..=(process, TaskId(u32::MAX));
                let all = self.tasks.all.range(range).map(|(_, task)| task);
                let open = |task: &&crate::tasks::Task| {
                    task.created <= slice.start && task.end.is_none_or(|(at, _)| at > slice.start)
                };
                match all.filter(members).filter(open).count() {
                    1 => "TaskGroup: 1 task".to_owned(),
                    n => format!("TaskGroup: {n} tasks"),
                }
            }
            R::Sleep { .. } => named("sleep"),
            R::Lock { .. } => object("lock", ".acquire()"),
            R::Event { .. } => object("event", ".wait()"),
            R::Condition { .. } => object("condition", ".wait()"),
            R::Semaphore { .. } => object("semaphore", ".acquire()"),
            R::Barrier { .. } => object("barrier", ".wait()"),
            R::QueueGet { .. } => object("queue", ".get()"),
            R::QueuePut { .. } => object("queue", ".put()"),
            R::QueueJoin { .. } => object("queue", ".join()"),
            R::Io => named("input or output"),
            R::Executor => named("a thread of the executor"),
            R::Process => named("a subprocess"),
            R::Resumer => match label {
                "" => "yield".to_owned(),
                value => format!("yield {value}"),
            },
        }
    }

    /// Title and reason of a loop's slice.
    pub(crate) fn loop_card(
        &self,
        trace: &Trace,
        (process, event_loop): (ProcessId, LoopId),
        slice: &Slice,
        state: LoopState,
    ) -> (String, Vec<Word>) {
        let s = self.sentence();
        match state {
            LoopState::Turn { ready } => (
                "the loop's own work".to_owned(),
                s.text(match ready {
                    0 => "It looks for input and timers that are due.".to_owned(),
                    1 => "1 callback is ready.".to_owned(),
                    n => format!("{n} callbacks are ready."),
                })
                .words,
            ),
            LoopState::Select { until } => (
                "select: nothing is ready".to_owned(),
                s.text(match until {
                    Some(until) => format!("It waits for input, or for the next timer at {}.", moment(until)),
                    None => "It waits for input; no timer is set.".to_owned(),
                })
                .words,
            ),
            LoopState::Callback { task, name, .. } => {
                let blocked = self.blocked(trace, process, event_loop, slice);
                let what = match task {
                    Some(_) => "a step of".to_owned(),
                    None => format!("callback {}", trace.text(name)),
                };
                let title = match &blocked {
                    Some(_) => "blocks the loop".to_owned(),
                    None => "callback".to_owned(),
                };
                let mut s = match task {
                    Some(task) => s.text(format!("{what} ")).task((process, task)).text("."),
                    None => s.text(format!("{what}.")),
                };
                if let Some(blocked) = blocked {
                    s = s.text(" No other task runs until it awaits something.");
                    for (n, (waiter, ns)) in blocked.waited.iter().take(NAMED).enumerate() {
                        s = s.text(if n == 0 { " Ready and waiting: " } else { ", " });
                        s = s.task((process, *waiter)).text(format!(" for {}", duration(*ns)));
                    }
                    s = match blocked.waited.len() {
                        0 => s,
                        n if n > NAMED => s.text(format!(" and {} more.", n - NAMED)),
                        _ => s.text("."),
                    };
                }
                (title, s.words)
            }
            LoopState::Stopped => ("stopped".to_owned(), Vec::new()),
        }
    }

    /// Title and reason of a task's slice.
    pub(crate) fn task_card(
        &self,
        trace: &Trace,
        key: TaskKey,
        slice: &Slice,
        state: TaskState,
    ) -> (String, Vec<Word>) {
        let s = self.sentence();
        match state {
            TaskState::Running => ("running".to_owned(), self.running_why(trace, key, slice)),
            TaskState::Ready => self.ready_card(trace, key, slice),
            TaskState::Awaiting(reason) => {
                let mut s = match reason {
                    AwaitReason::Task { task } => s.text("It goes on when ").task((key.0, task)).text(" is done."),
                    AwaitReason::Resumer => s.text("It goes on when somebody resumes it."),
                    AwaitReason::Sleep { until } => s.text(format!("Its timer is due at {}.", moment(until))),
                    _ => s,
                };
                let chain = chain_of(trace, slice);
                for (n, row) in chain.iter().enumerate() {
                    s = s.text(if n == 0 { " Stands at " } else { ", in it " });
                    s = s.text(format!("{} line {}", row.function, row.line));
                }
                if !chain.is_empty() {
                    s = s.text(".");
                }
                let what = self.await_text(trace, key.0, slice, reason);
                let title = match reason {
                    AwaitReason::Resumer => format!("suspended by {what}"),
                    _ => format!("awaits {what}"),
                };
                (title, s.words)
            }
            TaskState::Done(end) => (end_word(end).to_owned(), Vec::new()),
        }
    }

    fn running_why(&self, trace: &Trace, key: TaskKey, slice: &Slice) -> Vec<Word> {
        let s = self.sentence();
        // Of one that is driven by hand it is known who resumed it, and with what.
        if let Some(row) = chain_of(trace, slice).first() {
            let label = match event_kind(trace, slice.event) {
                Some(EventKind::TaskState { label, .. }) => trace.text(*label),
                _ => "",
            };
            let with = if label.is_empty() { "next" } else { label };
            let text = format!("Resumed by {} line {}, with {with}.", row.function, row.line);
            return s.text(text).words;
        }
        match self
            .task(key)
            .and_then(|task| task.end)
            .filter(|(at, _)| *at == slice.end)
        {
            Some((_, end)) => s.text(format!("A step of it; then it is {}.", end_word(end))).words,
            None => s.text("A step of it, up to its next await that has to wait.").words,
        }
    }

    /// Why it is ready, and why it does not run yet.
    fn ready_card(&self, trace: &Trace, key: TaskKey, slice: &Slice) -> (String, Vec<Word>) {
        let mut s = self.sentence();
        let event = trace.events.get(slice.event as usize);
        if event.is_some_and(|event| event.time > slice.start) {
            s = s.text(format!("Its timer was due at {}. ", moment(slice.start)));
        } else {
            s = self.woken_by(trace, key, slice, s);
        }
        let busy = self
            .task(key)
            .and_then(|task| self.longest_callback(key, task.event_loop, slice));
        let (title, s) = match busy {
            Some((Some(other), since)) => (
                "ready, the loop is busy",
                s.task((key.0, other)).text(format!(
                    " runs since {} without an await that has to wait.",
                    moment(since)
                )),
            ),
            Some((None, since)) => (
                "ready, the loop is busy",
                s.text(format!("A callback runs since {}.", moment(since))),
            ),
            None => ("ready", s.text("It stands in the loop's queue.")),
        };
        (title.to_owned(), s.words)
    }

    /// What ended a task's wait.
    fn woken_by<'a>(&self, trace: &Trace, key: TaskKey, slice: &Slice, s: Sentence<'a>) -> Sentence<'a> {
        let Some(event) = trace.events.get(slice.event as usize) else {
            return s;
        };
        let cause = event.cause.and_then(|cause| trace.event(cause));
        match cause.map(|cause| (&cause.kind, cause.track())) {
            Some((EventKind::TaskCancel { .. }, _)) => {
                s.text("It was cancelled: CancelledError comes with its next step. ")
            }
            Some((EventKind::TaskCreated { parent: Some(by), .. }, _)) => {
                s.text("Made by ").task((key.0, *by)).text(". ")
            }
            Some((EventKind::TaskCreated { .. }, _)) => s.text("Just made. "),
            Some((_, Some(TrackKey::Task(process, by)))) if (process, by) == key => s.text("It gave way to others. "),
            Some((_, Some(TrackKey::Task(process, by)))) => s.text("Woken by ").task((process, by)).text(". "),
            Some((
                EventKind::LoopState {
                    state: LoopState::Callback { name, .. },
                    ..
                },
                _,
            )) => s.text(format!("Woken by the callback {}. ", trace.text(*name))),
            _ => s,
        }
    }

    /// Of the callbacks that ran while a task was ready the longest, if it ran most of that time: whose step, and since when.
    fn longest_callback(&self, key: TaskKey, event_loop: LoopId, slice: &Slice) -> Option<(Option<TaskId>, Nanos)> {
        let track = &self.tasks.loops.get(&(key.0, event_loop))?.track;
        let meanwhile = track
            .slices()
            .get(track.first_after(slice.start)..track.first_from(slice.end))?;
        let within = |s: &Slice| s.end.min(slice.end).saturating_sub(s.start.max(slice.start));
        let longest = meanwhile.iter().max_by_key(|s| within(s))?;
        match longest.what {
            What::Loop(LoopState::Callback { task, .. })
                if within(longest) * 2 >= slice.length() && task != Some(key.1) =>
            {
                Some((task, longest.start))
            }
            _ => None,
        }
    }
}

/// How a task ended, in a word.
#[must_use]
pub fn end_word(end: TaskEnd) -> &'static str {
    match end {
        TaskEnd::Returned => "done",
        TaskEnd::Raised => "failed",
        TaskEnd::Cancelled => "cancelled",
        TaskEnd::Lost => "lost: destroyed while it was pending",
    }
}
