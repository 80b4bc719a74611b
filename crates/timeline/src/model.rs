//! The timeline's data: tracks built from a trace, event by event, while the run is still going on.

use crate::arrows::Arrows;
use crate::between::Exchange;
use crate::computers::{Computer, Computers};
use crate::format::visible;
use crate::memory::{Access, MemoryKey, SharedMemory};
use crate::people::People;
use crate::places::Places;
use crate::tasks::Tasks;
use crate::track::{Slice, Track, What, add_kinds, share_of};
use heddle_trace::{
    Applied, BlockReason, Event, EventKind, GilId, LoopId, LostUpdates, Nanos, Note, ObjectId, ProcessId, StateClass,
    StringId, TaskId, ThreadKey, ThreadState, Trace, TrackKey,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Waiters of one GIL are drawn on at most this many rows.
pub(crate) const WAIT_ROWS: usize = 3;

/// What a row of the timeline shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaneKey {
    /// A core.
    Core(u16),
    /// Who holds a GIL.
    GilHeld(ProcessId, GilId),
    /// Who waits for it.
    GilWaiting(ProcessId, GilId),
    /// A thread.
    Thread(ThreadKey),
    /// A lock: owner above, waiters beneath.
    Lock(ProcessId, ObjectId),
    /// What an event loop does.
    Loop(ProcessId, LoopId),
    /// How many of a loop's tasks are ready.
    ReadyTasks(ProcessId, LoopId),
    /// A task.
    Task(ProcessId, TaskId),
    /// How many threads wait for a GIL.
    Waiting(ProcessId, GilId),
    /// What is in a pipe: its computer and its number there.
    Channel(usize, u64),
    /// Who touches a memory that processes share: its computer and its number there.
    Memory(usize, ObjectId),
}

/// A slice on the timeline. Stays valid while the trace only grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SliceRef {
    /// Its row.
    pub lane: LaneKey,
    /// The row within the lane (waiters of a GIL or lock, threads that touch a memory), else 0.
    pub row: u8,
    /// Its number there; in the lane of a memory, that of an access.
    pub index: u32,
}

/// A request to drop the GIL.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub at: Nanos,
    pub by: ThreadKey,
}

/// What belongs to one GIL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gil {
    pub held: Track,
    pub waiting: [Track; WAIT_ROWS],
    /// Who waits on which row.
    rows: [Option<ThreadKey>; WAIT_ROWS],
    pub requests: Vec<Request>,
    /// (moment, waiting threads in thousandths), rising in time.
    pub steps: Vec<(Nanos, u64)>,
    level: u64,
    /// Levels that end at a known moment (of density slices).
    ends: BTreeMap<Nanos, u64>,
}

/// What belongs to one lock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lock {
    pub held: Track,
    pub waiting: [Track; WAIT_ROWS],
    rows: [Option<ThreadKey>; WAIT_ROWS],
}

/// The machine's remark where somebody presses Ctrl-C.
const CTRL_C: &str = "Ctrl-C";

/// A thread's end: where the post stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    pub at: Nanos,
    pub failed: bool,
}

/// The timeline of one trace.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    people: People,
    pub(crate) cores: BTreeMap<u16, Track>,
    pub(crate) threads: BTreeMap<ThreadKey, Track>,
    pub(crate) ends: BTreeMap<ThreadKey, End>,
    pub(crate) gils: BTreeMap<(ProcessId, GilId), Gil>,
    pub(crate) locks: BTreeMap<(ProcessId, ObjectId), Lock>,
    pub(crate) places: Places,
    pub(crate) computers: Computers,
    pub(crate) tasks: Tasks,
    pub(crate) exchange: Exchange,
    pub(crate) memories: BTreeMap<MemoryKey, SharedMemory>,
    updates: LostUpdates,
    /// Whether events are missing.
    pub(crate) is_folded: bool,
    /// When threads pickle.
    pub(crate) pickles: BTreeMap<ThreadKey, Track>,
    /// From what threads receive that wait in a read, as their programs know it, by the index of the event that begins the wait.
    pub(crate) reads: FxHashMap<u32, StringId>,
    pub(crate) arrows: Arrows,
    /// When nothing could run any more, and who was blocked then.
    pub(crate) deadlock: Option<(Nanos, Vec<ThreadKey>)>,
    pub(crate) torn: Option<Nanos>,
    /// When Ctrl-C was pressed, and whose thread has to notice.
    pub(crate) ctrl_c: Vec<(ThreadKey, Nanos)>,
    /// How many events of the trace are in.
    seen: usize,
    pub(crate) end: Nanos,
    pub(crate) core_count: u16,
    pub(crate) switch_interval_ns: Nanos,
}

impl Timeline {
    /// The timeline of a whole trace.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let mut timeline = Timeline::default();
        timeline.extend(trace);
        timeline
    }

    /// Brings the timeline up to date after [`Trace::apply`].
    pub fn update(&mut self, trace: &Trace, applied: Applied) {
        if applied == Applied::Replaced {
            *self = Timeline::default();
        }
        self.extend(trace);
    }

    /// Adds the events of the trace that are not in yet.
    pub fn extend(&mut self, trace: &Trace) {
        self.core_count = trace.header.cores;
        self.is_folded = trace.fold_ns > 0;
        self.switch_interval_ns = trace.header.switch_interval_ns;
        for number in 0..trace.header.cores {
            self.cores.entry(number).or_default();
        }
        for (index, event) in trace.events.iter().enumerate().skip(self.seen) {
            // More events than this do not fit into a page's memory.
            let Ok(index) = u32::try_from(index) else { break };
            self.arrows.see(event);
            let on = self.computers.of(event.id.process);
            let loses = self.updates.see(index as usize, event, on).is_some();
            self.add(trace, event, index, loses);
        }
        self.seen = trace.events.len();
        self.end = self.end.max(trace.end);
        self.grow();
    }

    /// Who is on it.
    #[must_use]
    pub fn people(&self) -> &People {
        &self.people
    }

    /// What a person calls a core.
    #[must_use]
    pub fn core_name(&self, core: u16) -> String {
        self.computers.core(core)
    }

    /// The computer of a process, where there are several.
    #[must_use]
    pub fn computer_name(&self, process: ProcessId) -> Option<&str> {
        self.computers.name(process)
    }

    /// How far the trace is known.
    #[must_use]
    pub fn end(&self) -> Nanos {
        self.end
    }

    /// How much time there is to show: the run, and after a deadlock some of the rest of time.
    #[must_use]
    pub fn extent(&self) -> Nanos {
        match self.deadlock {
            Some((at, _)) => self.end.max(at).saturating_add(at / 6).max(1),
            None => self.end.max(1),
        }
    }

    /// When nothing could run any more.
    #[must_use]
    pub fn deadlock(&self) -> Option<Nanos> {
        self.deadlock.as_ref().map(|(at, _)| *at)
    }

    /// The rows of tracks of a lane.
    pub(crate) fn rows(&self, lane: LaneKey) -> Vec<&Track> {
        match lane {
            LaneKey::Core(core) => self.cores.get(&core).into_iter().collect(),
            LaneKey::GilHeld(process, gil) => self.gils.get(&(process, gil)).map(|g| &g.held).into_iter().collect(),
            LaneKey::GilWaiting(process, gil) => self
                .gils
                .get(&(process, gil))
                .map(|g| g.waiting.iter().collect())
                .unwrap_or_default(),
            LaneKey::Thread(key) => {
                let states = self.threads.get(&key);
                states.into_iter().chain(self.pickles.get(&key)).collect()
            }
            LaneKey::Lock(process, object) => {
                let lock = self.locks.get(&(process, object));
                lock.map(|l| std::iter::once(&l.held).chain(&l.waiting).collect())
                    .unwrap_or_default()
            }
            LaneKey::Loop(process, event_loop) => {
                let one = self.tasks.loops.get(&(process, event_loop));
                one.map(|one| &one.track).into_iter().collect()
            }
            LaneKey::Task(process, task) => {
                let task = self.tasks.all.get(&(process, task));
                task.map(|task| &task.track).into_iter().collect()
            }
            LaneKey::Waiting(..) | LaneKey::ReadyTasks(..) | LaneKey::Channel(..) | LaneKey::Memory(..) => Vec::new(),
        }
    }

    /// The slice a reference means.
    #[must_use]
    pub fn slice(&self, at: SliceRef) -> Option<&Slice> {
        self.rows(at.lane)
            .get(usize::from(at.row))
            .and_then(|track| track.get(at.index as usize))
    }

    /// The slice of a lane's first row at a moment.
    #[must_use]
    pub fn slice_at(&self, lane: LaneKey, at: Nanos) -> Option<SliceRef> {
        let index = self.rows(lane).first()?.at(at)?;
        Some(SliceRef {
            lane,
            row: 0,
            index: u32::try_from(index).ok()?,
        })
    }

    /// The moment of the next (or previous) event of a lane: where one of its slices begins or ends.
    #[must_use]
    pub fn next_event(&self, lane: LaneKey, at: Nanos, forward: bool) -> Option<Nanos> {
        let edges = self.rows(lane).into_iter().filter_map(|track| {
            if forward {
                let index = track.first_after(at);
                let slice = track.get(index)?;
                Some(if slice.start > at { slice.start } else { slice.end })
            } else {
                let index = track.first_from(at).checked_sub(1)?;
                let slice = track.get(index)?;
                Some(if slice.end < at { slice.end } else { slice.start })
            }
        });
        if forward { edges.min() } else { edges.max() }
    }

    /// When a thread begins to run next (or has ended to run last): the moment itself, if it runs then.
    #[must_use]
    pub fn next_run(&self, key: ThreadKey, at: Nanos, forward: bool) -> Option<Nanos> {
        let runs = |slice: &&Slice| matches!(slice.what, What::State(ThreadState::Running { .. }));
        let rows = self.rows(LaneKey::Thread(key));
        let slices = rows.first()?.slices();
        if forward {
            let later = slices.iter().skip_while(|slice| slice.end <= at);
            later.clone().find(runs).map(|slice| slice.start.max(at))
        } else {
            let earlier = slices.iter().rev().skip_while(|slice| slice.start >= at);
            earlier.clone().find(runs).map(|slice| slice.end.min(at))
        }
    }

    /// The next (or previous) moment at which any core's occupant changes.
    #[must_use]
    pub fn next_switch(&self, at: Nanos, forward: bool) -> Option<Nanos> {
        let all = self
            .cores
            .keys()
            .filter_map(|core| self.next_event(LaneKey::Core(*core), at, forward));
        if forward { all.min() } else { all.max() }
    }

    /// Adds an event, which may be a write that loses another one.
    fn add(&mut self, trace: &Trace, event: &Event, index: u32, loses: bool) {
        let (at, key, process) = (event.time, event.key(), event.id.process);
        match &event.kind {
            EventKind::ProcessStart { name, parent } => {
                trace.text(*name).clone_into(&mut self.people.process(process).name);
                if let Some(parent) = *parent {
                    self.computers.born(process, parent);
                    self.people.fork(process, parent);
                }
                self.people.ensure(key, at);
            }
            EventKind::Computer {
                name,
                first_core,
                cores,
            } => {
                let (name, first_core, cores) = (visible(trace.text(*name)), first_core.0, *cores);
                let computer = Computer {
                    name,
                    first_core,
                    cores,
                };
                self.computers.add(process, computer);
            }
            EventKind::Exec { program } => self.people.exec(process, trace.text(*program)),
            EventKind::ProcessExit { status } => {
                self.people.process(process).status = Some(*status);
                self.becomes_zombie(process, at, *status, index);
            }
            EventKind::ThreadCreated { by, name, .. } => {
                self.people.rename(key, at, trace.text(*name), "");
                if let Some(by) = *by {
                    self.places.born(key, ThreadKey { process, thread: by });
                }
            }
            EventKind::Interpreter { interpreter, gil } => self.places.enter(key, at, *interpreter, *gil),
            EventKind::ThreadRenamed { name, target } => {
                self.people.rename(key, at, trace.text(*name), trace.text(*target));
            }
            EventKind::ThreadFinished { how } => {
                let person = self.people.ensure(key, at);
                person.finished = Some((at, *how));
                person.failed |= *how == heddle_trace::Finish::Raised;
            }
            EventKind::State { state, .. } => {
                if let ThreadState::Blocked(BlockReason::Read { .. }) = state
                    && let Some(name) = self.exchange.receives.get(&key)
                {
                    self.reads.insert(index, *name);
                }
                self.state(event, *state, index);
            }
            EventKind::Ran(_) => {
                if let Some(track) = self.threads.get_mut(&key)
                    && let Some(slice) = track.last_mut()
                {
                    slice.run = Some(index);
                }
            }
            EventKind::GilTake { gil } => {
                self.gils
                    .entry((process, *gil))
                    .or_default()
                    .held
                    .begin(at, What::Owned(key), index);
            }
            EventKind::GilDrop { gil, .. } => {
                self.gils
                    .entry((process, *gil))
                    .or_default()
                    .held
                    .begin(at, What::Nobody, index);
            }
            EventKind::GilRequest { gil, .. } => {
                self.gils
                    .entry((process, *gil))
                    .or_default()
                    .requests
                    .push(Request { at, by: key });
            }
            EventKind::LockAcquire { object } => {
                self.locks
                    .entry((process, *object))
                    .or_default()
                    .held
                    .begin(at, What::Owned(key), index);
            }
            EventKind::LockRelease { object } => {
                self.locks
                    .entry((process, *object))
                    .or_default()
                    .held
                    .begin(at, What::Nobody, index);
            }
            EventKind::ObjectNamed { object, class, name } => {
                self.people.name_object(process, *object, *class, trace.text(*name));
            }
            EventKind::Core { core, running } => {
                let what = running.map_or(What::Nobody, What::Owned);
                self.cores.entry(core.0).or_default().begin(at, what, index);
            }
            EventKind::Note { note, text } => {
                if *note == Note::Remark && trace.text(*text) == CTRL_C {
                    self.ctrl_c.push((key, at));
                }
                self.note(*note, at, key);
            }
            EventKind::Density { track, density } => {
                let row = match *track {
                    TrackKey::Loop(process, event_loop) => self.tasks.loop_track(process, event_loop, key),
                    TrackKey::Task(process, task) => &mut self.tasks.task((process, task)).track,
                    TrackKey::Core(core) => self.cores.entry(core.0).or_default(),
                    TrackKey::Gil(process, gil) => &mut self.gils.entry((process, gil)).or_default().held,
                    TrackKey::Object(process, object) => &mut self.locks.entry((process, object)).or_default().held,
                    TrackKey::Thread(key) => {
                        self.leave_waits(key, at, index);
                        self.people.ensure(key, at);
                        let gil = self.places.gil(key, at);
                        let gil = self.gils.entry((key.process, gil)).or_default();
                        gil.add_waiting_share(at, density.until, share_of(density, StateClass::GilWait));
                        self.threads.entry(key).or_default()
                    }
                };
                row.add_density(at, density, index);
            }
            EventKind::ThreadStarted | EventKind::Wake { .. } | EventKind::Output { .. } => {}
            EventKind::Memory {
                object,
                at: offset,
                size,
                writes,
            } => {
                let access = Access {
                    at,
                    bytes: (*offset, *size),
                    event: index,
                    writes: *writes,
                    loses,
                };
                self.add_access(key, *object, access);
            }
            EventKind::Between(between) => self.add_between(trace, event, *between, index),
            EventKind::LoopState { .. }
            | EventKind::TaskCreated { .. }
            | EventKind::TaskState { .. }
            | EventKind::TaskCancel { .. }
            | EventKind::Group { .. } => self.add_task_event(trace, event, index),
        }
    }

    fn note(&mut self, note: Note, at: Nanos, key: ThreadKey) {
        match note {
            Note::Deadlock => {
                let (_, blocked) = self.deadlock.get_or_insert((at, Vec::new()));
                if !blocked.contains(&key) {
                    blocked.push(key);
                }
            }
            Note::UncaughtException => self.people.ensure(key, at).failed = true,
            Note::LimitReached | Note::Tear => self.torn = Some(at),
            Note::Remark => {}
        }
    }

    fn state(&mut self, event: &Event, state: ThreadState, index: u32) {
        let (at, key) = (event.time, event.key());
        self.people.ensure(key, at);
        self.leave_waits(key, at, index);
        let track = self.threads.entry(key).or_default();
        let before = track
            .slices()
            .last()
            .filter(|_| track.is_open())
            .map(|slice| slice.what.clone());
        self.arrows.wake(event, before.as_ref());
        if state == ThreadState::Finished {
            track.close(at, index);
            let failed = self.people.get(key).is_some_and(|person| person.failed);
            self.ends.insert(key, End { at, failed });
            return;
        }
        track.begin(at, What::State(state), index);
        match state {
            ThreadState::GilWait => {
                let gil = self.places.gil(key, at);
                let gil = self.gils.entry((key.process, gil)).or_default();
                begin_row(&mut gil.waiting, &mut gil.rows, key, at, index);
                gil.step(at, 1000, true);
            }
            ThreadState::Blocked(reason) if reason.class() == StateClass::Blocked => {
                if let Some(object) = reason.object() {
                    let lock = self.locks.entry((key.process, object)).or_default();
                    begin_row(&mut lock.waiting, &mut lock.rows, key, at, index);
                }
            }
            _ => {}
        }
    }

    /// Ends what the thread's open slice means on the tracks of the GIL and of locks.
    fn leave_waits(&mut self, key: ThreadKey, at: Nanos, index: u32) {
        let Some(track) = self.threads.get(&key).filter(|track| track.is_open()) else {
            return;
        };
        let Some(What::State(state)) = track.slices().last().map(|slice| &slice.what) else {
            return;
        };
        match *state {
            ThreadState::GilWait => {
                let gil = self.places.gil(key, at);
                if let Some(gil) = self.gils.get_mut(&(key.process, gil)) {
                    end_row(&mut gil.waiting, &mut gil.rows, key, at, index);
                    gil.step(at, 1000, false);
                }
            }
            ThreadState::Blocked(reason) => {
                if let Some(object) = reason.object()
                    && let Some(lock) = self.locks.get_mut(&(key.process, object))
                {
                    end_row(&mut lock.waiting, &mut lock.rows, key, at, index);
                }
            }
            _ => {}
        }
    }

    /// Draws open slices out to the end.
    fn grow(&mut self) {
        let (end, people) = (self.end, &self.people);
        let kinds = |slice: &Slice, totals: &mut _| add_kinds(slice, totals, |key| people.hue(key));
        let gils = self
            .gils
            .values_mut()
            .flat_map(|gil| std::iter::once(&mut gil.held).chain(&mut gil.waiting));
        let locks = self
            .locks
            .values_mut()
            .flat_map(|lock| std::iter::once(&mut lock.held).chain(&mut lock.waiting));
        for track in self
            .cores
            .values_mut()
            .chain(self.threads.values_mut())
            .chain(gils)
            .chain(locks)
            .chain(self.pickles.values_mut())
            .chain(self.tasks.loops.values_mut().map(|one| &mut one.track))
            .chain(self.tasks.all.values_mut().map(|task| &mut task.track))
        {
            track.grow(end, kinds);
        }
    }
}

/// Puts a waiter on the first free row; with more waiters than rows, the last row shows no more.
fn begin_row(
    rows: &mut [Track; WAIT_ROWS],
    who: &mut [Option<ThreadKey>; WAIT_ROWS],
    key: ThreadKey,
    at: Nanos,
    index: u32,
) {
    if let Some(row) = who.iter().position(Option::is_none) {
        who[row] = Some(key);
        rows[row].begin(at, What::Owned(key), index);
    }
}

fn end_row(
    rows: &mut [Track; WAIT_ROWS],
    who: &mut [Option<ThreadKey>; WAIT_ROWS],
    key: ThreadKey,
    at: Nanos,
    index: u32,
) {
    if let Some(row) = who.iter().position(|waiter| *waiter == Some(key)) {
        who[row] = None;
        rows[row].close(at, index);
    }
}

impl Gil {
    /// Changes the number of waiters (in thousandths) at a moment.
    fn step(&mut self, at: Nanos, by: u64, up: bool) {
        while let Some(entry) = self.ends.first_entry().filter(|entry| *entry.key() <= at) {
            let (when, amount) = entry.remove_entry();
            self.level = self.level.saturating_sub(amount);
            self.push(when);
        }
        self.level = if up {
            self.level.saturating_add(by)
        } else {
            self.level.saturating_sub(by)
        };
        self.push(at);
    }

    /// A density slice counts as its average over its length.
    fn add_waiting_share(&mut self, at: Nanos, until: Nanos, waited: Nanos) {
        let length = until.saturating_sub(at);
        if length == 0 || waited == 0 {
            return;
        }
        let amount = u64::try_from(u128::from(waited) * 1000 / u128::from(length)).unwrap_or(u64::MAX);
        self.step(at, amount, true);
        *self.ends.entry(until).or_insert(0) += amount;
    }

    fn push(&mut self, at: Nanos) {
        match self.steps.last_mut() {
            Some((last, level)) if *last >= at => *level = self.level,
            _ => self.steps.push((at, self.level)),
        }
    }

    /// The greatest number of waiters at once, rounded up.
    pub fn most_waiting(&self) -> u64 {
        self.steps
            .iter()
            .map(|(_, level)| level.div_ceil(1000))
            .max()
            .unwrap_or(0)
    }
}
