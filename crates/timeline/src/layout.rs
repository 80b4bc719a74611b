//! Which rows there are, in which order, and how high.

use crate::format::duration;
use crate::model::{LaneKey, Timeline, WAIT_ROWS};
use crate::track::{Track, What};
use heddle_trace::{GilId, ObjectClass, ProcessId, ThreadId, ThreadKey};
use std::collections::BTreeSet;

/// The height of a group's head.
pub const GROUP_PX: f64 = 24.0;
const THREAD_PX: f64 = 28.0;
const OWNER_PX: f64 = 26.0;
const COUNTER_PX: f64 = 30.0;
/// The distance of one waiter's row to the next.
pub(crate) const WAIT_ROW_PX: f64 = 8.0;
/// GILs beyond this many (of short-lived interpreters) have no lanes.
const MAX_GILS: usize = 32;
/// Locks beyond this many have no lane of their own.
const MAX_LOCKS: usize = 24;

/// Machines up to this size show every core, idle ones too.
const ALL_CORES: usize = 8;

/// A group of lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// The cores.
    Cores,
    /// A GIL.
    Gil(ProcessId, GilId),
    /// A process and its threads.
    Process(ProcessId),
    /// The locks that have a name.
    Locks(ProcessId),
    /// Numbers over time.
    Counters,
}

/// What stands in the label column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowKind {
    /// A group's head, which folds and unfolds it.
    Group {
        /// Which.
        key: GroupKey,
        /// "Cores", "GIL", "main.py" …
        title: String,
        /// "2", "switch after 5 ms", "process 1 · 3 threads".
        note: String,
        /// Whether its lanes are hidden.
        collapsed: bool,
    },
    /// A lane.
    Lane {
        /// Which.
        key: LaneKey,
        /// The chip's text and hue, on thread lanes.
        chip: Option<(String, u8)>,
        /// The words beside it.
        caption: String,
    },
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its upper edge, from the top of the first row.
    pub y: f64,
    /// Its height.
    pub height: f64,
    /// What it is.
    pub kind: RowKind,
}

impl Row {
    /// The lane, if it is one.
    #[must_use]
    pub fn lane(&self) -> Option<LaneKey> {
        match self.kind {
            RowKind::Lane { key, .. } => Some(key),
            RowKind::Group { .. } => None,
        }
    }
}

/// All rows from top to bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The rows.
    pub rows: Vec<Row>,
    /// The sum of their heights.
    pub height: f64,
}

impl Layout {
    /// The row at a height.
    #[must_use]
    pub fn row_at(&self, y: f64) -> Option<&Row> {
        let index = self.rows.partition_point(|row| row.y + row.height <= y);
        self.rows.get(index).filter(|row| row.y <= y)
    }

    /// The row of a lane.
    #[must_use]
    pub fn row_of(&self, lane: LaneKey) -> Option<&Row> {
        self.rows.iter().find(|row| row.lane() == Some(lane))
    }

    /// The rows that every run will have, for a page on which nothing has run yet: cores, GIL, the program with its main thread.
    #[must_use]
    pub fn before_any_run(
        cores: u16,
        switch_interval_ns: u64,
        program: &str,
        collapsed: &BTreeSet<GroupKey>,
    ) -> Layout {
        let mut layout = Layout::default();
        let (process, gil) = (ProcessId(1), GilId(0));
        if layout.group(GroupKey::Cores, "Cores", cores.to_string(), collapsed) {
            for core in (0..cores).take(ALL_CORES) {
                layout.lane(OWNER_PX, LaneKey::Core(core), format!("core {core}"));
            }
        }
        let note = match switch_interval_ns {
            0 => String::new(),
            ns => format!("switch after {}", short_duration(ns)),
        };
        if layout.group(GroupKey::Gil(process, gil), "GIL", note, collapsed) {
            layout.lane(OWNER_PX, LaneKey::GilHeld(process, gil), "held by");
            layout.lane(6.0 + WAIT_ROW_PX * 2.0, LaneKey::GilWaiting(process, gil), "waiting");
        }
        let note = format!("process {} \u{b7} 1 thread", process.0);
        if layout.group(GroupKey::Process(process), program, note, collapsed) {
            let key = LaneKey::Thread(ThreadKey {
                process,
                thread: ThreadId(0),
            });
            let chip = Some(("main".to_owned(), 0));
            let caption = "MainThread".to_owned();
            layout.push(THREAD_PX, RowKind::Lane { key, chip, caption });
        }
        layout
    }

    /// The lane below (or above) a lane, for the arrow keys; the first one where none is selected.
    #[must_use]
    pub fn neighbour(&self, lane: Option<LaneKey>, down: bool) -> Option<LaneKey> {
        let lanes: Vec<_> = self.rows.iter().filter_map(Row::lane).collect();
        let Some(at) = lane.and_then(|lane| lanes.iter().position(|one| *one == lane)) else {
            return lanes.first().copied();
        };
        let next = if down {
            (at + 1).min(lanes.len() - 1)
        } else {
            at.saturating_sub(1)
        };
        lanes.get(next).copied()
    }

    fn group(&mut self, key: GroupKey, title: &str, note: String, collapsed: &BTreeSet<GroupKey>) -> bool {
        let hidden = collapsed.contains(&key);
        let kind = RowKind::Group {
            key,
            title: title.to_owned(),
            note,
            collapsed: hidden,
        };
        self.push(GROUP_PX, kind);
        !hidden
    }

    fn lane(&mut self, height: f64, key: LaneKey, caption: impl Into<String>) {
        self.push(
            height,
            RowKind::Lane {
                key,
                chip: None,
                caption: caption.into(),
            },
        );
    }

    fn push(&mut self, height: f64, kind: RowKind) {
        self.rows.push(Row {
            y: self.height,
            height,
            kind,
        });
        self.height += height;
    }
}

impl Timeline {
    /// The rows, without those of collapsed groups.
    #[must_use]
    pub fn layout(&self, collapsed: &BTreeSet<GroupKey>) -> Layout {
        let mut layout = Layout::default();
        let used: Vec<_> = self.shown_cores().collect();
        let note = match self.cores.len() - used.len() {
            0 => used.len().to_string(),
            idle => format!("{}, {idle} never used", self.cores.len()),
        };
        if layout.group(GroupKey::Cores, "Cores", note, collapsed) {
            for core in used {
                layout.lane(OWNER_PX, LaneKey::Core(*core), format!("core {core}"));
            }
        }
        for (process, gil) in self.used_gils() {
            self.lay_gil(&mut layout, process, gil, collapsed);
        }
        for process in &self.people().processes {
            self.lay_process(&mut layout, process.id, &process.name, collapsed);
        }
        for process in &self.people().processes {
            self.lay_locks(&mut layout, process.id, collapsed);
        }
        let gils: Vec<_> = self.used_gils().collect();
        if !gils.is_empty() && layout.group(GroupKey::Counters, "Counters", String::new(), collapsed) {
            for (process, gil) in gils {
                layout.lane(
                    COUNTER_PX,
                    LaneKey::Waiting(process, gil),
                    "threads waiting for the GIL",
                );
            }
        }
        layout
    }

    /// All cores of a small machine; of a large one those that have run something, so that the threads stay in sight.
    fn shown_cores(&self) -> impl Iterator<Item = &u16> {
        let all = self.cores.len() <= ALL_CORES;
        let used = move |track: &Track| track.slices().iter().any(|slice| slice.what != What::Nobody);
        self.cores
            .iter()
            .filter(move |(_, track)| all || used(track))
            .map(|(core, _)| core)
    }

    fn used_gils(&self) -> impl Iterator<Item = (ProcessId, GilId)> {
        self.gils
            .iter()
            .filter(|(_, gil)| !gil.held.slices().is_empty())
            .map(|(key, _)| *key)
            .take(MAX_GILS)
    }

    fn lay_gil(&self, layout: &mut Layout, process: ProcessId, gil: GilId, collapsed: &BTreeSet<GroupKey>) {
        let note = match self.switch_interval_ns {
            0 => String::new(),
            ns => format!("switch after {}", short_duration(ns)),
        };
        let several = self.people().processes.len() > 1;
        let mut title = match self.people().processes.iter().find(|p| p.id == process) {
            Some(owner) if several => format!("GIL of {} {}", owner.name, process.0),
            _ => "GIL".to_owned(),
        };
        if gil.0 > 0 {
            title.push_str(&format!(", interpreter {}", gil.0));
        }
        if layout.group(GroupKey::Gil(process, gil), &title, note, collapsed) {
            layout.lane(OWNER_PX, LaneKey::GilHeld(process, gil), "held by");
            let rows = self
                .gils
                .get(&(process, gil))
                .map_or(1, |gil| used_rows(&gil.waiting))
                .max(1);
            layout.lane(
                6.0 + WAIT_ROW_PX * (rows as f64).max(2.0),
                LaneKey::GilWaiting(process, gil),
                "waiting",
            );
        }
    }

    fn lay_process(&self, layout: &mut Layout, process: ProcessId, name: &str, collapsed: &BTreeSet<GroupKey>) {
        let threads: Vec<_> = self
            .people()
            .threads()
            .iter()
            .filter(|p| p.key.process == process)
            .collect();
        let plural = if threads.len() == 1 { "thread" } else { "threads" };
        let note = format!("process {} \u{b7} {} {plural}", process.0, threads.len());
        if layout.group(GroupKey::Process(process), name, note, collapsed) {
            for person in threads {
                let chip = Some((person.chip.clone(), person.hue));
                let (key, mut caption) = (LaneKey::Thread(person.key), person.caption().to_owned());
                // The main thread's own place says enough.
                if let (&[interpreter], true) = (&self.places.visited(person.key)[..], person.key.thread.0 > 0) {
                    caption.push_str(&format!(" \u{b7} interpreter {interpreter}"));
                }
                layout.push(THREAD_PX, RowKind::Lane { key, chip, caption });
            }
        }
    }

    fn lay_locks(&self, layout: &mut Layout, process: ProcessId, collapsed: &BTreeSet<GroupKey>) {
        let shown = |class| matches!(class, ObjectClass::Lock | ObjectClass::RLock | ObjectClass::Semaphore);
        let named = |(key, lock): (&(ProcessId, _), &crate::model::Lock)| {
            let (class, named) = self.people().object_class(key.0, key.1)?;
            let owned = lock.held.slices().iter().any(|slice| slice.length() > 0);
            (key.0 == process && named && shown(class) && owned).then_some((key.1, used_rows(&lock.waiting)))
        };
        let locks: Vec<_> = self.locks.iter().filter_map(named).take(MAX_LOCKS).collect();
        if locks.is_empty() {
            return;
        }
        if layout.group(
            GroupKey::Locks(process),
            "Locks",
            "owner, waiters below".to_owned(),
            collapsed,
        ) {
            for (object, rows) in locks {
                let height = 20.0 + WAIT_ROW_PX * (rows as f64).max(1.0);
                layout.lane(
                    height,
                    LaneKey::Lock(process, object),
                    self.people().object(process, object, "lock"),
                );
            }
        }
    }
}

/// How many waiters' rows have ever been used.
fn used_rows(rows: &[Track; WAIT_ROWS]) -> usize {
    rows.iter()
        .rposition(|row| !row.slices().is_empty())
        .map_or(0, |last| last + 1)
}

/// "5 ms" for the round numbers that settings are.
fn short_duration(ns: u64) -> String {
    for (unit, name) in [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "\u{b5}s")] {
        if ns >= unit && ns.is_multiple_of(unit) {
            return format!("{} {name}", ns / unit);
        }
    }
    duration(ns)
}
