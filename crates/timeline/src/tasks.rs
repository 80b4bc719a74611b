//! Event loops and their tasks: who they are, their tracks, and what blocked a loop.

use crate::format::visible;
use crate::model::{End, LaneKey, Timeline};
use crate::people::HUES;
use crate::track::{Slice, Track, What};
use heddle_trace::{
    AwaitReason, Event, EventKind, GroupId, GroupPhase, LoopId, LoopState, Nanos, ProcessId, StringId, TaskEnd, TaskId,
    TaskState, ThreadKey, Trace, await_chain,
};
use std::collections::BTreeMap;

/// A callback that runs for at least so long while others are ready blocks its loop: the interval in which threads switch.
pub const BLOCKS_OTHERS_NS: Nanos = 5_000_000;
/// One that runs for so long does in any case: `slow_callback_duration` of asyncio.
pub const BLOCKS_ALWAYS_NS: Nanos = 100_000_000;
/// A chip of a task has at most so many characters.
const CHIP_CHARS: usize = 8;

/// A task, with its process.
pub type TaskKey = (ProcessId, TaskId);

/// An event loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The thread that ran it last.
    pub thread: ThreadKey,
    pub(crate) track: Track,
    /// Its tasks, in order of creation.
    pub tasks: Vec<TaskId>,
    /// (moment, ready tasks in thousandths), rising in time: as counters are drawn.
    pub(crate) ready: Vec<(Nanos, u64)>,
}

/// A task.
#[derive(Clone, Debug, Default)]
pub struct Task {
    /// Its name ("fetch-1", "Task-7").
    pub name: String,
    /// The few letters of its chip.
    pub chip: String,
    /// Its hue, 0 to 7.
    pub hue: u8,
    /// The qualified name of its coroutine's function.
    pub coroutine: String,
    /// The loop it belongs to.
    pub event_loop: LoopId,
    /// The task that made it.
    pub parent: Option<TaskId>,
    /// The group it belongs to.
    pub group: Option<GroupId>,
    /// When it was made.
    pub created: Nanos,
    /// Where it was made: function, file, line.
    pub made_at: Option<(String, String, u32)>,
    /// When and how it ended.
    pub end: Option<(Nanos, TaskEnd)>,
    pub(crate) track: Track,
}

/// A task group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The task in which it stands.
    pub owner: Option<TaskId>,
    /// Its phases, in order of time.
    pub phases: Vec<(Nanos, GroupPhase)>,
}

impl Loop {
    /// The greatest number of ready tasks at once.
    pub(crate) fn most_ready(&self) -> u64 {
        self.ready.iter().map(|(_, level)| level / 1000).max().unwrap_or(0)
    }
}

impl Group {
    /// From when to when it was open; `None` for the end if it still is.
    #[must_use]
    pub fn span(&self) -> Option<(Nanos, Option<Nanos>)> {
        let start = self.phases.first()?.0;
        let end = self.phases.iter().find(|(_, phase)| *phase == GroupPhase::Left);
        Some((start, end.map(|(at, _)| *at)))
    }
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    pub loops: BTreeMap<(ProcessId, LoopId), Loop>,
    pub all: BTreeMap<TaskKey, Task>,
    pub groups: BTreeMap<(ProcessId, GroupId), Group>,
}

/// A stretch in which a loop did one thing for so long that others had to wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    /// The callback's name.
    pub name: String,
    /// The task, if it is one's step.
    pub task: Option<TaskId>,
    /// From when to when.
    pub span: (Nanos, Nanos),
    /// The tasks that were ready meanwhile, each with how long it waited during this stretch; the longest first.
    pub waited: Vec<(TaskId, Nanos)>,
}

impl Tasks {
    /// The track of a loop or task; for folded slices.
    pub fn loop_track(&mut self, process: ProcessId, event_loop: LoopId, thread: ThreadKey) -> &mut Track {
        &mut self.event_loop(process, event_loop, thread).track
    }

    fn event_loop(&mut self, process: ProcessId, event_loop: LoopId, thread: ThreadKey) -> &mut Loop {
        self.loops.entry((process, event_loop)).or_insert_with(|| Loop {
            thread,
            track: Track::default(),
            tasks: Vec::new(),
            ready: Vec::new(),
        })
    }

    /// A task, made known if it was not.
    pub fn task(&mut self, key: TaskKey) -> &mut Task {
        self.all.entry(key).or_insert_with(|| Task {
            name: format!("task {}", key.1.0),
            chip: format!("#{}", key.1.0),
            hue: hue_of(key.1),
            ..Task::default()
        })
    }
}

/// Tasks take the hues after that of the main thread, in which the loop mostly runs.
fn hue_of(task: TaskId) -> u8 {
    (task.0 % HUES) as u8
}

/// "fetch-1" as it stands, "a-very-long-name-12" as "a-very…2": the end of a name is what tells tasks apart.
fn chip_of(name: &str) -> String {
    if let Some(number) = name.strip_prefix("Task-").filter(|rest| rest.len() < CHIP_CHARS) {
        return format!("t{number}");
    }
    let length = name.chars().count();
    if length <= CHIP_CHARS {
        return name.to_owned();
    }
    let digits = name.chars().rev().take_while(char::is_ascii_digit).count().min(3);
    let tail: String = name.chars().skip(length - digits).collect();
    let head: String = name.chars().take(CHIP_CHARS - 1 - digits).collect();
    format!("{head}\u{2026}{tail}")
}

impl Timeline {
    /// The event loops.
    pub fn loops(&self) -> impl Iterator<Item = (ProcessId, LoopId, &Loop)> {
        self.tasks.loops.iter().map(|(key, one)| (key.0, key.1, one))
    }

    /// A task.
    #[must_use]
    pub fn task(&self, key: TaskKey) -> Option<&Task> {
        self.tasks.all.get(&key)
    }

    /// How many tasks there are.
    #[must_use]
    pub fn task_count(&self) -> usize {
        self.tasks.all.len()
    }

    /// A task group.
    #[must_use]
    pub fn task_group(&self, process: ProcessId, group: GroupId) -> Option<&Group> {
        self.tasks.groups.get(&(process, group))
    }

    /// The tasks that a task has made, in order.
    pub fn children(&self, key: TaskKey) -> impl Iterator<Item = (TaskId, &Task)> {
        let range = (key.0, TaskId(0))..=(key.0, TaskId(u32::MAX));
        let all = self.tasks.all.range(range);
        all.filter(move |(_, task)| task.parent == Some(key.1))
            .map(|(key, task)| (key.1, task))
    }

    pub(crate) fn add_task_event(&mut self, trace: &Trace, event: &Event, index: u32) {
        let (at, process, thread) = (event.time, event.id.process, event.key());
        match &event.kind {
            EventKind::LoopState { event_loop, state } => {
                let one = self.tasks.event_loop(process, *event_loop, thread);
                one.thread = thread;
                match state {
                    LoopState::Stopped => one.track.close(at, index),
                    _ => one.track.begin(at, What::Loop(*state), index),
                }
            }
            EventKind::TaskCreated {
                task: id,
                event_loop,
                parent,
                group,
                name,
                coroutine,
                at: made,
            } => {
                let task = self.tasks.task((process, *id));
                task.name = visible(trace.text(*name));
                task.chip = chip_of(&task.name);
                if *coroutine == StringId::EMPTY {
                    // It has only been given another name.
                    return;
                }
                task.coroutine = visible(trace.text(*coroutine));
                (task.event_loop, task.parent, task.group) = (*event_loop, *parent, *group);
                task.created = at;
                task.made_at = await_chain(trace.text(*made))
                    .next()
                    .map(|row| (visible(row.function), visible(row.file), row.line));
                self.tasks.event_loop(process, *event_loop, thread).tasks.push(*id);
            }
            EventKind::TaskState { task, state, .. } => self.task_state(event, *task, *state, index),
            EventKind::Group { group, owner, phase } => {
                let group = self.tasks.groups.entry((process, *group)).or_default();
                group.owner = group.owner.or(*owner);
                group.phases.push((at, *phase));
            }
            _ => {}
        }
    }

    fn task_state(&mut self, event: &Event, id: TaskId, state: TaskState, index: u32) {
        let (at, process) = (event.time, event.id.process);
        let task = self.tasks.task((process, id));
        let event_loop = task.event_loop;
        let before = task.track.slices().last().filter(|_| task.track.is_open()).cloned();
        let was_ready = matches!(
            before,
            Some(Slice {
                what: What::Task(TaskState::Ready),
                ..
            })
        );
        match state {
            TaskState::Done(end) => {
                task.track.close(at, index);
                task.end = Some((at, end));
            }
            TaskState::Ready | TaskState::Running => {
                // A timer that was due while the loop did something else: from then on the task waited for the loop.
                if let Some(Slice {
                    what: What::Task(TaskState::Awaiting(AwaitReason::Sleep { until })),
                    start,
                    ..
                }) = before
                    && until < at
                    && state == TaskState::Ready
                    && event.cause.is_some_and(|cause| self.arrows.is_loop(cause))
                {
                    let due = until.max(start);
                    let task = self.tasks.task((process, id));
                    task.track.begin(due, What::Task(TaskState::Ready), index);
                    self.step_ready(process, event_loop, due, true);
                    return;
                }
                task.track.begin(at, What::Task(state), index);
            }
            TaskState::Awaiting(_) => task.track.begin(at, What::Task(state), index),
        }
        let lane = LaneKey::Task(process, id);
        self.arrows
            .wake_task(event, lane, before.as_ref().map(|slice| &slice.what));
        match (was_ready, state == TaskState::Ready) {
            (false, true) => self.step_ready(process, event_loop, at, true),
            (true, false) => self.step_ready(process, event_loop, at, false),
            _ => {}
        }
    }

    /// One ready task more or less. A timer that was due earlier counts from the moment it is known, so that the steps rise in time.
    fn step_ready(&mut self, process: ProcessId, event_loop: LoopId, at: Nanos, more: bool) {
        let Some(one) = self.tasks.loops.get_mut(&(process, event_loop)) else {
            return;
        };
        let (last, level) = one.ready.last().copied().unwrap_or((0, 0));
        let level = if more { level + 1000 } else { level.saturating_sub(1000) };
        one.ready.push((at.max(last), level));
    }

    /// What a loop's slice held up, if it ran so long that it did.
    #[must_use]
    pub fn blocked(&self, trace: &Trace, process: ProcessId, event_loop: LoopId, slice: &Slice) -> Option<Blocked> {
        let What::Loop(LoopState::Callback { task, name, .. }) = slice.what else {
            return None;
        };
        if slice.length() < BLOCKS_OTHERS_NS {
            return None;
        }
        let during = self.step_of(process, slice)?;
        let waited = self.waited_during(process, event_loop, task, during);
        (!waited.is_empty() || slice.length() >= BLOCKS_ALWAYS_NS).then(|| Blocked {
            name: visible(trace.text(name)),
            task,
            span: (slice.start, slice.end),
            waited,
        })
    }

    /// Whether a loop's slice runs so long that it blocks the loop: [`Timeline::blocked`] without saying whom.
    pub(crate) fn blocks(&self, process: ProcessId, event_loop: LoopId, slice: &Slice) -> bool {
        let callback = matches!(slice.what, What::Loop(LoopState::Callback { .. }));
        let waiting = || self.most_waiting_for(process, event_loop, slice) > 0;
        callback && (slice.length() >= BLOCKS_ALWAYS_NS || slice.length() >= BLOCKS_OTHERS_NS && waiting())
    }

    /// From when to when the task's step takes that a callback is: before and after it the task itself may be ready. None if it never ran.
    fn step_of(&self, process: ProcessId, slice: &Slice) -> Option<(Nanos, Nanos)> {
        let What::Loop(LoopState::Callback { task: Some(task), .. }) = slice.what else {
            return Some((slice.start, slice.end));
        };
        let track = &self.task((process, task))?.track;
        let steps = track.slices().get(track.first_after(slice.start)..)?;
        let mut steps = steps.iter().take_while(|step| step.start < slice.end);
        let step = steps.find(|step| step.what == What::Task(TaskState::Running))?;
        Some((step.start.max(slice.start), step.end.min(slice.end)))
    }

    /// The greatest number of a loop's tasks that were ready at once while a callback ran.
    pub(crate) fn most_waiting_for(&self, process: ProcessId, event_loop: LoopId, slice: &Slice) -> u64 {
        let Some(one) = self.tasks.loops.get(&(process, event_loop)) else {
            return 0;
        };
        let Some((from, to)) = self.step_of(process, slice) else {
            return 0;
        };
        let first = one.ready.partition_point(|(at, _)| *at <= from).saturating_sub(1);
        let last = one.ready.partition_point(|(at, _)| *at < to);
        let levels = one.ready.get(first..last).unwrap_or(&[]).iter();
        // Level 0 stands before the first step.
        levels.map(|(_, level)| level / 1000).max().unwrap_or(0)
    }

    /// Which tasks of a loop were ready in a stretch of time, and for how long.
    fn waited_during(
        &self,
        process: ProcessId,
        event_loop: LoopId,
        not: Option<TaskId>,
        (from, to): (Nanos, Nanos),
    ) -> Vec<(TaskId, Nanos)> {
        let Some(one) = self.tasks.loops.get(&(process, event_loop)) else {
            return Vec::new();
        };
        let waited = one.tasks.iter().filter(|id| Some(**id) != not).filter_map(|id| {
            let track = &self.tasks.all.get(&(process, *id))?.track;
            let slices = track.slices().get(track.first_after(from)..track.first_from(to))?;
            let ready = slices.iter().filter(|s| s.what == What::Task(TaskState::Ready));
            let ns: Nanos = ready.map(|s| s.end.min(to).saturating_sub(s.start.max(from))).sum();
            (ns > 0).then_some((*id, ns))
        });
        let mut waited: Vec<_> = waited.collect();
        waited.sort_by_key(|(id, ns)| (std::cmp::Reverse(*ns), *id));
        waited
    }

    /// All stretches in which a loop was blocked.
    #[must_use]
    pub fn all_blocked(&self, trace: &Trace, process: ProcessId, event_loop: LoopId) -> Vec<Blocked> {
        let Some(one) = self.tasks.loops.get(&(process, event_loop)) else {
            return Vec::new();
        };
        let long = one.track.slices().iter().filter(|s| s.length() >= BLOCKS_OTHERS_NS);
        long.filter_map(|slice| self.blocked(trace, process, event_loop, slice))
            .collect()
    }

    /// What the loop executes at a moment.
    #[must_use]
    pub fn loop_at(&self, process: ProcessId, event_loop: LoopId, at: Nanos) -> Option<&Slice> {
        let track = &self.tasks.loops.get(&(process, event_loop))?.track;
        track.get(track.at(at)?)
    }

    /// A task's end, as its post is drawn.
    pub(crate) fn task_end(&self, key: TaskKey) -> Option<(End, TaskEnd)> {
        let (at, how) = self.task(key)?.end?;
        let failed = matches!(how, TaskEnd::Raised | TaskEnd::Lost);
        Some((End { at, failed }, how))
    }

    /// The tasks of a loop whose name or function contains these letters; all for none. In order of creation.
    pub(crate) fn found_tasks<'a>(
        &'a self,
        process: ProcessId,
        one: &'a Loop,
        find: &'a str,
    ) -> impl Iterator<Item = (TaskId, &'a Task)> {
        let find = find.to_lowercase();
        let tasks = one.tasks.iter();
        tasks
            .filter_map(move |id| Some((*id, self.tasks.all.get(&(process, *id))?)))
            .filter(move |(_, task)| {
                find.is_empty()
                    || task.name.to_lowercase().contains(&find)
                    || task.coroutine.to_lowercase().contains(&find)
            })
    }
}

/// The rows of a slice's await chain, the task's own coroutine first: function, file, line.
#[must_use]
pub fn chain_of<'a>(trace: &'a Trace, slice: &Slice) -> Vec<heddle_trace::Awaiting<'a>> {
    match trace.events.get(slice.event as usize).map(|event| &event.kind) {
        Some(EventKind::TaskState { chain, .. }) => await_chain(trace.text(*chain)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_keep_what_tells_tasks_apart() {
        assert_eq!(chip_of("fetch-1"), "fetch-1");
        assert_eq!(chip_of("Task-7"), "t7");
        assert_eq!(chip_of("Task-12345"), "t12345");
        assert_eq!(chip_of("a-very-long-name-12"), "a-ver\u{2026}12");
        assert_eq!(chip_of("producer-consumer"), "produce\u{2026}");
    }
}
