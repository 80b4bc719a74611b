//! Search over the names of tracks and what stands in their slices.
//!
//! Every slice of threads, tasks and event loops is looked at, but the words of those that say the same are made once: what a slice says is told apart
//! by its state and its event's texts, of which even a trace of a million slices has few.

use crate::captions::event_kind;
use crate::filter::Filter;
use crate::format::visible;
use crate::model::{LaneKey, SliceRef, Timeline};
use crate::track::{Slice, What};
use heddle_trace::{
    BlockReason, CoreId, EventKind, LoopState, Nanos, ProcessId, RunSummary, StateClass, StringId, TaskState,
    ThreadState, Trace,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// More matches than this are not told.
pub const MOST_MATCHES: usize = 10_000;

/// A place where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// Its moment: that of the slice, or of the first one of a track whose name it is.
    pub at: Nanos,
    /// The track.
    pub lane: LaneKey,
    /// The slice, unless it is the track's name.
    pub slice: Option<SliceRef>,
}

/// What a search has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Where, in order of time; at most [`MOST_MATCHES`].
    pub matches: Vec<Match>,
    /// The tracks with a match.
    pub lanes: BTreeSet<LaneKey>,
    /// Whether there are more matches.
    pub is_cut: bool,
}

impl Found {
    /// The match after (or before) the one at this place in their order; over the end it goes on at the other one. Without a place, the first one
    /// from a moment on (or the last one up to it).
    #[must_use]
    pub fn next(&self, from: Option<usize>, at: Nanos, back: bool) -> Option<usize> {
        let count = self.matches.len();
        if count == 0 {
            return None;
        }
        Some(match (from.filter(|from| *from < count), back) {
            (Some(from), false) => (from + 1) % count,
            (Some(from), true) => from.checked_sub(1).unwrap_or(count - 1),
            (None, false) => self.matches.partition_point(|one| one.at < at) % count,
            (None, true) => self
                .matches
                .partition_point(|one| one.at <= at)
                .checked_sub(1)
                .unwrap_or(count - 1),
        })
    }
}

/// All that the words of a slice depend on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Says {
    Thread(ProcessId, ThreadState, StringId, RunSummary),
    Task(StateClass, StringId, StringId),
    Loop(StateClass, Option<StringId>),
}

struct Search<'a> {
    timeline: &'a Timeline,
    trace: &'a Trace,
    letters: String,
    known: FxHashMap<Says, bool>,
}

impl Timeline {
    /// Every track there is, whether it has a row or not.
    pub(crate) fn all_lanes(&self) -> Vec<LaneKey> {
        let computers = 0..self.computers.all().len().max(1);
        let gils = self.gils.iter().filter(|(_, gil)| !gil.held.slices().is_empty());
        let gils = gils.flat_map(|((process, gil), one)| {
            let waited = (one.most_waiting() > 0).then_some(LaneKey::Waiting(*process, *gil));
            let own = [LaneKey::GilHeld(*process, *gil), LaneKey::GilWaiting(*process, *gil)];
            own.into_iter().chain(waited)
        });
        let loops = self.tasks.loops.keys();
        let loops = loops.filter(|(_, id)| *id != heddle_trace::LoopId::BY_HAND);
        let named = |key: &&(ProcessId, heddle_trace::ObjectId)| {
            self.people().object_class(key.0, key.1).is_some_and(|(_, named)| named)
        };
        let mut all: Vec<LaneKey> = self.cores.keys().map(|core| LaneKey::Core(*core)).collect();
        all.extend(gils);
        all.extend(self.threads.keys().map(|key| LaneKey::Thread(*key)));
        all.extend(loops.flat_map(|(process, id)| [LaneKey::Loop(*process, *id), LaneKey::ReadyTasks(*process, *id)]));
        all.extend(
            self.tasks
                .all
                .keys()
                .map(|(process, task)| LaneKey::Task(*process, *task)),
        );
        all.extend(
            self.locks
                .keys()
                .filter(named)
                .map(|(process, object)| LaneKey::Lock(*process, *object)),
        );
        for on in computers {
            all.extend(self.shown_channels(on).map(|(lane, _)| lane));
            all.extend(self.memories_of(on).map(|(lane, _)| lane));
        }
        all
    }

    /// Where these letters stand (in either case): in the names of tracks, and in what the slices of threads, tasks and event loops say. Only in
    /// tracks that the filter lets through. Nothing is found for no letters.
    #[must_use]
    pub fn search(&self, trace: &Trace, letters: &str, filter: &Filter) -> Found {
        let mut found = Found::default();
        let letters = letters.trim().to_lowercase();
        if letters.is_empty() {
            return found;
        }
        let mut search = Search {
            timeline: self,
            trace,
            letters,
            known: FxHashMap::default(),
        };
        for lane in self.all_lanes().into_iter().filter(|lane| filter.lets(*lane)) {
            search.lane(lane, &mut found);
        }
        found.matches.sort_unstable();
        found.is_cut = found.matches.len() > MOST_MATCHES;
        found.matches.truncate(MOST_MATCHES);
        found
    }

    /// The words by which a person finds a track.
    pub(crate) fn lane_words(&self, lane: LaneKey) -> String {
        match lane {
            LaneKey::Core(core) => self.core_name(core),
            LaneKey::GilHeld(process, _) => format!("GIL held by, pid {}", process.number()),
            LaneKey::GilWaiting(process, _) => format!("GIL waiting, pid {}", process.number()),
            LaneKey::Waiting(process, _) => format!("threads waiting for the GIL, pid {}", process.number()),
            LaneKey::Thread(key) => match self.people().get(key) {
                Some(one) => format!("{} {} {} {}", one.chip, one.name, one.caption(), one.target),
                None => String::new(),
            },
            LaneKey::Lock(process, object) => self.people().object(process, object, "lock"),
            LaneKey::Loop(..) => "event loop runs".to_owned(),
            LaneKey::ReadyTasks(..) => "ready tasks".to_owned(),
            LaneKey::Task(process, task) => match self.task((process, task)) {
                Some(one) => format!("{} {} {}", one.chip, one.name, one.coroutine),
                None => String::new(),
            },
            LaneKey::Channel(on, number) => match self.exchange.channels.get(&(on, number)) {
                Some(channel) => channel.title().to_string(),
                None => String::new(),
            },
            LaneKey::Memory(on, object) => match self.memories.get(&(on, object)) {
                Some(memory) => memory.title().to_owned(),
                None => String::new(),
            },
        }
    }
}

impl Search<'_> {
    fn lane(&mut self, lane: LaneKey, found: &mut Found) {
        let timeline = self.timeline;
        let rows = timeline.rows(lane);
        let slices = rows.first().map(|track| track.slices()).unwrap_or_default();
        if self.has(&timeline.lane_words(lane)) {
            let at = slices.first().map_or(0, |slice| slice.start);
            found.lanes.insert(lane);
            found.matches.push(Match { at, lane, slice: None });
        }
        if !matches!(lane, LaneKey::Thread(_) | LaneKey::Task(..) | LaneKey::Loop(..)) {
            return;
        }
        let before = found.matches.len();
        for (index, slice) in (0u32..).zip(slices) {
            if found.matches.len() - before > MOST_MATCHES {
                break;
            }
            if self.slice(lane, slice) {
                let slice_ref = SliceRef { lane, row: 0, index };
                found.matches.push(Match {
                    at: slice.start,
                    lane,
                    slice: Some(slice_ref),
                });
            }
        }
        if found.matches.len() > before {
            found.lanes.insert(lane);
        }
    }

    fn has(&self, words: &str) -> bool {
        words.to_lowercase().contains(&self.letters)
    }

    fn slice(&mut self, lane: LaneKey, slice: &Slice) -> bool {
        if let What::Density(density) = &slice.what {
            return density.shares.iter().any(|share| match share.of {
                heddle_trace::ShareOf::State(class) => class.word().contains(&self.letters),
                _ => false,
            });
        }
        let Some(says) = self.says(lane, slice) else {
            return false;
        };
        if let Some(known) = self.known.get(&says) {
            return *known;
        }
        let matches = self.has(&self.words(lane, slice, &says));
        self.known.insert(says, matches);
        matches
    }

    fn says(&self, lane: LaneKey, slice: &Slice) -> Option<Says> {
        let event = event_kind(self.trace, slice.event);
        match (&slice.what, event) {
            (What::State(state), Some(EventKind::State { label, .. })) => {
                let run = match slice.run.and_then(|run| event_kind(self.trace, run)) {
                    Some(EventKind::Ran(run)) => *run,
                    _ => RunSummary::default(),
                };
                // On which core it runs, and until when it sleeps, says nothing that is looked for.
                let state = match *state {
                    ThreadState::Running { .. } => ThreadState::Running { core: CoreId(0) },
                    ThreadState::Native { .. } => ThreadState::Native { core: CoreId(0) },
                    ThreadState::Blocked(BlockReason::Sleep { .. }) => {
                        ThreadState::Blocked(BlockReason::Sleep { until: 0 })
                    }
                    state => state,
                };
                Some(Says::Thread(lane.process()?, state, *label, run))
            }
            (What::Task(state), Some(EventKind::TaskState { label, chain, .. })) => {
                Some(Says::Task(TaskState::class(*state), *label, *chain))
            }
            (What::Loop(state), _) => {
                let name = match state {
                    LoopState::Callback { name, .. } => Some(*name),
                    _ => None,
                };
                Some(Says::Loop(LoopState::class(*state), name))
            }
            _ => None,
        }
    }

    /// The words of a slice: its state, what it waits for, the function and file that it runs.
    fn words(&self, lane: LaneKey, slice: &Slice, says: &Says) -> String {
        let text = |id: StringId| visible(self.trace.text(id));
        match *says {
            Says::Thread(process, state, label, run) => {
                let state_words = match (state, lane) {
                    (state, LaneKey::Thread(key)) => self.timeline.state_title(key, slice, state),
                    _ => state.class().word().to_owned(),
                };
                let reason = match state {
                    ThreadState::Blocked(BlockReason::Sleep { .. }) => "sleep".to_owned(),
                    ThreadState::Blocked(reason) => self.timeline.reason_text(process, slice, reason),
                    _ => String::new(),
                };
                let lines = match (run.min_line, run.max_line) {
                    (0, _) => String::new(),
                    (from, to) if from == to => format!("line {from}"),
                    (from, to) => format!("lines {from}\u{2013}{to}"),
                };
                [
                    state_words,
                    state.class().word().to_owned(),
                    text(label),
                    reason,
                    text(run.function),
                    text(run.file),
                    lines,
                ]
                .join("\n")
            }
            Says::Task(class, label, chain) => [class.word().to_owned(), text(label), text(chain)].join("\n"),
            Says::Loop(class, name) => [class.word().to_owned(), name.map(text).unwrap_or_default()].join("\n"),
        }
    }
}
