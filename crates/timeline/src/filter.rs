//! Which tracks are shown: by kind, by process, thread or task, and by what a search has found.

use crate::layout::{GroupKey, Row, RowKind};
use crate::model::{LaneKey, Timeline};
use crate::search::Found;
use heddle_trace::{ProcessId, TaskId, ThreadKey};
use std::collections::BTreeSet;

/// A kind of track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrackKind {
    /// Cores.
    Cores,
    /// Who holds a GIL, and who waits for it.
    Gil,
    /// Event loops and how many of their tasks are ready.
    Loops,
    /// Tasks, and generators that are driven by hand.
    Tasks,
    /// Threads, in their processes.
    Threads,
    /// Pipes and queues between processes.
    Pipes,
    /// Memory that processes share.
    Memory,
    /// Locks.
    Locks,
    /// Numbers over time.
    Counters,
}

impl TrackKind {
    /// All of them, in the order in which their tracks stand.
    pub const ALL: [TrackKind; 9] = [
        TrackKind::Loops,
        TrackKind::Tasks,
        TrackKind::Cores,
        TrackKind::Gil,
        TrackKind::Threads,
        TrackKind::Pipes,
        TrackKind::Memory,
        TrackKind::Locks,
        TrackKind::Counters,
    ];

    /// What a person calls it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            TrackKind::Cores => "Cores",
            TrackKind::Gil => "GIL",
            TrackKind::Loops => "Event loops",
            TrackKind::Tasks => "Tasks",
            TrackKind::Threads => "Threads",
            TrackKind::Pipes => "Pipes and queues",
            TrackKind::Memory => "Shared memory",
            TrackKind::Locks => "Locks",
            TrackKind::Counters => "Counters",
        }
    }
}

impl LaneKey {
    /// What kind of track it is.
    #[must_use]
    pub fn kind(self) -> TrackKind {
        match self {
            LaneKey::Core(_) => TrackKind::Cores,
            LaneKey::GilHeld(..) | LaneKey::GilWaiting(..) => TrackKind::Gil,
            LaneKey::Thread(_) => TrackKind::Threads,
            LaneKey::Lock(..) => TrackKind::Locks,
            LaneKey::Loop(..) | LaneKey::ReadyTasks(..) => TrackKind::Loops,
            LaneKey::Task(..) => TrackKind::Tasks,
            LaneKey::Waiting(..) => TrackKind::Counters,
            LaneKey::Channel(..) => TrackKind::Pipes,
            LaneKey::Memory(..) => TrackKind::Memory,
        }
    }

    /// The process that it belongs to, if it is one's.
    #[must_use]
    pub fn process(self) -> Option<ProcessId> {
        match self {
            LaneKey::Core(_) | LaneKey::Channel(..) | LaneKey::Memory(..) => None,
            LaneKey::Thread(key) => Some(key.process),
            LaneKey::GilHeld(process, _)
            | LaneKey::GilWaiting(process, _)
            | LaneKey::Waiting(process, _)
            | LaneKey::Lock(process, _)
            | LaneKey::Loop(process, _)
            | LaneKey::ReadyTasks(process, _)
            | LaneKey::Task(process, _) => Some(process),
        }
    }
}

/// Whose tracks can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// A process, with all that is its own.
    Process(ProcessId),
    /// A thread.
    Thread(ThreadKey),
    /// A task.
    Task(ProcessId, TaskId),
}

/// Somebody to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Who.
    pub who: Who,
    /// The chip's text and hue; processes have none.
    pub chip: Option<(String, u8)>,
    /// The words beside it.
    pub name: String,
}

/// What is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Tracks of these kinds.
    pub kinds: BTreeSet<TrackKind>,
    /// Those of these.
    pub who: BTreeSet<Who>,
    /// Those in which the search finds nothing.
    pub only_found: bool,
}

impl Filter {
    /// Whether it leaves anything out.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.kinds.is_empty() || !self.who.is_empty() || self.only_found
    }

    /// Whether it lets a track through, apart from what the search finds.
    #[must_use]
    pub fn lets(&self, lane: LaneKey) -> bool {
        if self.kinds.contains(&lane.kind()) {
            return false;
        }
        let own = match lane {
            LaneKey::Thread(key) => Some(Who::Thread(key)),
            LaneKey::Task(process, task) => Some(Who::Task(process, task)),
            _ => None,
        };
        let process = lane.process().map(Who::Process);
        ![own, process].into_iter().flatten().any(|who| self.who.contains(&who))
    }

    /// Whether it shows a track.
    #[must_use]
    pub fn keeps(&self, lane: LaneKey, found: &Found) -> bool {
        self.lets(lane) && (!self.only_found || found.lanes.contains(&lane))
    }
}

impl Timeline {
    /// The kinds of tracks that there are.
    #[must_use]
    pub fn kinds(&self) -> Vec<TrackKind> {
        let all: BTreeSet<_> = self.all_lanes().into_iter().map(LaneKey::kind).collect();
        TrackKind::ALL.into_iter().filter(|kind| all.contains(kind)).collect()
    }

    /// The processes, threads and tasks in whose names these letters stand, and how many there are beyond the limit. A process comes before its threads.
    #[must_use]
    pub fn choices(&self, letters: &str, limit: usize) -> (Vec<Choice>, usize) {
        let letters = letters.to_lowercase();
        let people = self.people();
        let mut all: Vec<Choice> = Vec::new();
        for process in &people.processes {
            if people.processes.len() > 1 {
                let name = format!("{} \u{b7} pid {}", process.name, process.id.number());
                let (who, chip) = (Who::Process(process.id), None);
                all.push(Choice { who, chip, name });
            }
            let threads = people.threads().iter().filter(|one| one.key.process == process.id);
            all.extend(threads.map(|one| Choice {
                who: Who::Thread(one.key),
                chip: Some((one.chip.clone(), one.hue)),
                name: one.caption().to_owned(),
            }));
        }
        all.extend(self.tasks.all.iter().map(|((process, id), task)| Choice {
            who: Who::Task(*process, *id),
            chip: Some((task.chip.clone(), task.hue)),
            name: match task.name == task.chip {
                true => task.coroutine.clone(),
                false => format!("{} \u{b7} {}", task.name, task.coroutine),
            },
        }));
        let has = |text: &str| text.to_lowercase().contains(&letters);
        all.retain(|one| has(&one.name) || one.chip.as_ref().is_some_and(|(chip, _)| has(chip)));
        let beyond = all.len().saturating_sub(limit);
        all.truncate(limit);
        (all, beyond)
    }

    /// The rows that a filter leaves, of rows of which none are folded but tasks that are alike.
    pub(crate) fn filtered(&self, rows: Vec<Row>, filter: &Filter, found: &Found) -> Vec<Row> {
        let stays = |row: &Row| match &row.kind {
            RowKind::Lane { key, .. } => filter.keeps(*key, found),
            RowKind::Group {
                key: GroupKey::Alike(process, first),
                collapsed: true,
                ..
            } => {
                filter.lets(LaneKey::Task(*process, *first))
                    && (!filter.only_found || self.finds_alike(*process, *first, found))
            }
            RowKind::Group { .. } => true,
        };
        let rows: Vec<Row> = rows.into_iter().filter(|row| stays(row)).collect();
        // From the end: heads with nothing below them go, and then those around them.
        let mut used: BTreeSet<GroupKey> = BTreeSet::new();
        let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
        for row in rows.into_iter().rev() {
            let is_needed = match &row.kind {
                RowKind::Lane { .. } => true,
                RowKind::Group { key, collapsed, .. } => {
                    used.contains(key) || matches!(key, GroupKey::Alike(..)) && *collapsed
                }
            };
            if is_needed {
                used.extend(row.group);
                kept.push(row);
            }
        }
        kept.reverse();
        kept
    }

    /// Whether any of the tasks was found that run the same function as this one.
    fn finds_alike(&self, process: ProcessId, first: TaskId, found: &Found) -> bool {
        let Some(function) = self.task((process, first)).map(|task| &task.coroutine) else {
            return false;
        };
        found.lanes.iter().any(|lane| match lane {
            LaneKey::Task(of, task) => {
                *of == process && self.task((*of, *task)).is_some_and(|task| task.coroutine == *function)
            }
            _ => false,
        })
    }
}
