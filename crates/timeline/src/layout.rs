//! Which rows there are, in which order, and how high.

use crate::format::{counted, duration};
use crate::memory::MOST_ROWS;
use crate::model::{LaneKey, Timeline, WAIT_ROWS};
use crate::people::{Person, Process};
use crate::processes::ended_short;
use crate::track::{Track, What};
use heddle_trace::{GilId, LoopId, ObjectClass, ProcessId, TaskId, ThreadId, ThreadKey};
use std::collections::{BTreeMap, BTreeSet};

/// The height of a group's head.
pub const GROUP_PX: f64 = 24.0;
pub(crate) const THREAD_PX: f64 = 28.0;
const OWNER_PX: f64 = 26.0;
pub(crate) const COUNTER_PX: f64 = 30.0;
/// The distance of one waiter's row to the next.
pub(crate) const WAIT_ROW_PX: f64 = 8.0;
/// GILs beyond this many (of short-lived interpreters) have no lanes.
const MAX_GILS: usize = 32;
/// Pipes beyond this many have none either.
const MAX_CHANNELS: usize = 24;
/// And memories.
const MAX_MEMORIES: usize = 24;
/// The distance of one thread's row of accesses to the next.
pub(crate) const ACCESS_ROW_PX: f64 = 10.0;
/// Locks beyond this many have no lane of their own.
const MAX_LOCKS: usize = 24;

/// Machines up to this size show every core, idle ones too.
const ALL_CORES: usize = 8;

/// A group of lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// A computer of several, by its place in their order; without several it is 0 in the other keys.
    Computer(usize),
    /// The cores of a computer.
    Cores(usize),
    /// A GIL.
    Gil(ProcessId, GilId),
    /// A process and its threads.
    Process(ProcessId),
    /// An interpreter of a process beside its main one, with the threads that work in it.
    Interpreter(ProcessId, u32),
    /// The locks that have a name.
    Locks(ProcessId),
    /// Numbers over time, of a computer.
    Counters(usize),
    /// What is in the pipes between its processes.
    Channels(usize),
    /// Who touches the memory that they share.
    Memories(usize),
    /// An event loop.
    Loop(ProcessId, LoopId),
    /// The tasks of a loop.
    Tasks(ProcessId, LoopId),
    /// Those of a loop's tasks that run the same function, by the first of them, where there are too many for a lane each. Unlike other
    /// groups it begins folded, and stands in the set of folded groups when it is not.
    Alike(ProcessId, TaskId),
}

/// What stands beside the title of a group, and on its card.
pub(crate) struct GroupNote {
    pub short: String,
    pub more: String,
}

impl GroupNote {
    fn new(short: impl Into<String>, more: impl Into<String>) -> GroupNote {
        let (short, more) = (short.into(), more.into());
        GroupNote { short, more }
    }
}

impl From<String> for GroupNote {
    fn from(short: String) -> GroupNote {
        GroupNote::new(short, "")
    }
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
        /// "2", "switch after 5 ms", "pid 4001 · 3 threads".
        note: String,
        /// What there is no room for: a sentence or two, or nothing.
        more: String,
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
    /// How many groups it is in beside its own.
    pub depth: u8,
    /// What it is.
    pub kind: RowKind,
    /// It stands in the bracket of a task group: whether that begins, and whether it ends here.
    pub bracket: Option<(bool, bool)>,
    /// The group it belongs to; of a head, the group around its own.
    pub group: Option<GroupKey>,
    /// It stays at the top while the others are scrolled.
    pub pinned: bool,
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

    /// Its upper edge in px from the top of what is in sight, where the rows are scrolled by so much.
    #[must_use]
    pub fn top(&self, scroll_y: f64) -> f64 {
        if self.pinned { self.y } else { self.y - scroll_y }
    }
}

/// All rows from top to bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The rows.
    pub rows: Vec<Row>,
    /// The sum of their heights.
    pub height: f64,
    /// That of the rows to come.
    pub(crate) depth: u8,
    /// Of which tasks there are lanes.
    pub(crate) find: String,
    /// The height of the pinned rows, which come first.
    pub pinned_px: f64,
    /// The groups around those to come.
    pub(crate) outer: Vec<GroupKey>,
    /// The group that the next lane belongs to.
    pub(crate) current: Option<GroupKey>,
}

impl Layout {
    /// The row at a height, from the top of what is in sight, where the rows are scrolled by so much.
    #[must_use]
    pub fn row_at(&self, y: f64, scroll_y: f64) -> Option<&Row> {
        let y = if y < self.pinned_px { y } else { y + scroll_y };
        let index = self.rows.partition_point(|row| row.y + row.height <= y);
        self.rows.get(index).filter(|row| row.y <= y)
    }

    /// How far to scroll so that a lane is in sight in so much height: as little as will do.
    #[must_use]
    pub fn reveal(&self, lane: LaneKey, scroll_y: f64, height: f64) -> f64 {
        let Some(row) = self.row_of(lane).filter(|row| !row.pinned) else {
            return scroll_y;
        };
        // Its group's head is worth seeing as well, where there is room.
        let highest = (row.y - self.pinned_px - GROUP_PX).max(0.0);
        let lowest = (row.y + row.height - height).max(0.0).min(row.y - self.pinned_px);
        if scroll_y > highest {
            highest
        } else {
            scroll_y.max(lowest)
        }
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
        if layout.group(GroupKey::Cores(0), "Cores", cores.to_string(), collapsed) {
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
        let note = format!("pid {} \u{b7} 1 thread", process.number());
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

    pub(crate) fn group(
        &mut self,
        key: GroupKey,
        title: &str,
        note: impl Into<GroupNote>,
        collapsed: &BTreeSet<GroupKey>,
    ) -> bool {
        let hidden = collapsed.contains(&key);
        let GroupNote { short: note, more } = note.into();
        let kind = RowKind::Group {
            key,
            title: title.to_owned(),
            note,
            more,
            collapsed: hidden,
        };
        self.push(GROUP_PX, kind);
        !hidden
    }

    pub(crate) fn lane(&mut self, height: f64, key: LaneKey, caption: impl Into<String>) {
        self.push(
            height,
            RowKind::Lane {
                key,
                chip: None,
                caption: caption.into(),
            },
        );
    }

    /// The groups to come are in this one.
    fn enter(&mut self, group: GroupKey) {
        self.outer.push(group);
        self.depth += 1;
    }

    fn leave(&mut self) {
        self.outer.pop();
        self.depth = self.depth.saturating_sub(1);
    }

    pub(crate) fn push(&mut self, height: f64, kind: RowKind) {
        let group = match &kind {
            RowKind::Lane { .. } => self.current,
            RowKind::Group { key, .. } => {
                self.current = Some(*key);
                self.outer.last().copied()
            }
        };
        self.rows.push(Row {
            y: self.height,
            height,
            depth: self.depth,
            kind,
            bracket: None,
            group,
            pinned: false,
        });
        self.height += height;
    }
}

impl Timeline {
    /// The rows, without those of collapsed groups: where there are several computers, a group for each.
    #[must_use]
    pub fn layout(&self, collapsed: &BTreeSet<GroupKey>) -> Layout {
        self.layout_finding(collapsed, "")
    }

    /// The same with only those tasks whose name or function contains these letters.
    #[must_use]
    pub fn layout_finding(&self, collapsed: &BTreeSet<GroupKey>, find: &str) -> Layout {
        let mut layout = Layout {
            find: find.to_owned(),
            ..Layout::default()
        };
        let computers = self.computers.all();
        if computers.is_empty() {
            self.lay_computer(&mut layout, 0, collapsed);
        }
        for (on, computer) in computers.iter().enumerate() {
            let processes = self.processes_of(on).count();
            let note = format!(
                "{} \u{b7} {}",
                counted(computer.cores.into(), "core", "cores"),
                counted(processes as u64, "process", "processes")
            );
            if layout.group(GroupKey::Computer(on), &computer.name, note, collapsed) {
                layout.enter(GroupKey::Computer(on));
                self.lay_computer(&mut layout, on, collapsed);
                layout.leave();
            }
        }
        layout
    }

    fn lay_computer(&self, layout: &mut Layout, on: usize, collapsed: &BTreeSet<GroupKey>) {
        // Who writes coroutines looks for them: cores and the GIL come below.
        for process in self.processes_of(on) {
            self.lay_loops(layout, process.id, collapsed);
        }
        self.lay_cores(layout, on, collapsed);
        let gils = self.shown_gils(on);
        let lay_gils = |layout: &mut Layout| {
            for (process, gil) in &gils {
                self.lay_gil(layout, *process, *gil, collapsed);
            }
        };
        // Many processes with a GIL each would push each other out of sight.
        let several = self.are_several(on);
        if !several {
            lay_gils(layout);
        }
        for process in self.processes_of(on) {
            self.lay_process(layout, process, &gils, collapsed);
        }
        self.lay_channels(layout, on, collapsed);
        self.lay_memories(layout, on, collapsed);
        if several {
            lay_gils(layout);
        }
        for process in self.processes_of(on) {
            self.lay_locks(layout, process.id, collapsed);
        }
        let waited = |key: &&(ProcessId, GilId)| self.gils.get(key).is_some_and(|gil| gil.most_waiting() > 0);
        let counted: Vec<_> = gils.iter().filter(waited).collect();
        if !counted.is_empty() && layout.group(GroupKey::Counters(on), "Counters", String::new(), collapsed) {
            for (process, gil) in counted {
                let whose = match gils.len() {
                    1 => "threads waiting for the GIL".to_owned(),
                    _ => format!("waiting for the {}", self.gil_name(*process, *gil)),
                };
                layout.lane(COUNTER_PX, LaneKey::Waiting(*process, *gil), whose);
            }
        }
    }

    fn lay_memories(&self, layout: &mut Layout, on: usize, collapsed: &BTreeSet<GroupKey>) {
        let all: Vec<_> = self.memories_of(on).collect();
        let note = GroupNote::new(
            first_of(all.len(), MAX_MEMORIES),
            "A row for each thread: low ticks read, high ticks write. A cross is where a thread writes what it has read before another one wrote it.",
        );
        if all.is_empty() || !layout.group(GroupKey::Memories(on), "Shared memory", note, collapsed) {
            return;
        }
        for (lane, memory) in all.into_iter().take(MAX_MEMORIES) {
            let mut caption = memory.title().to_owned();
            match memory.losses() {
                0 => {}
                // Of a folded trace it may be more.
                losses => caption.push_str(&format!(", {losses}{} lost", if self.is_folded { "+" } else { "" })),
            }
            if memory.rows.len() > MOST_ROWS {
                let threads = first_of(memory.rows.len(), MOST_ROWS);
                caption.push_str(&format!(", threads: {threads}"));
            }
            let rows = memory.rows.len().min(MOST_ROWS);
            layout.lane(8.0 + ACCESS_ROW_PX * rows as f64, lane, caption);
        }
    }

    fn lay_channels(&self, layout: &mut Layout, on: usize, collapsed: &BTreeSet<GroupKey>) {
        let all: Vec<_> = self.shown_channels(on).collect();
        let note = GroupNote::new(
            first_of(all.len(), MAX_CHANNELS),
            "How much is in each of them, over time.",
        );
        if all.is_empty() || !layout.group(GroupKey::Channels(on), "Pipes and queues", note, collapsed) {
            return;
        }
        for (lane, channel) in all.into_iter().take(MAX_CHANNELS) {
            let unit = if channel.framed { "messages" } else { "bytes" };
            layout.lane(COUNTER_PX, lane, format!("{}, {unit}", channel.title()));
        }
    }

    fn processes_of(&self, on: usize) -> impl Iterator<Item = &Process> {
        let all = self.people().processes.iter();
        all.filter(move |process| self.computers.of(process.id) == on)
    }

    /// Whether a computer has several processes.
    fn are_several(&self, on: usize) -> bool {
        self.processes_of(on).nth(1).is_some()
    }

    /// All cores of a small machine; of a large one those that have run something, so that the threads stay in sight.
    fn lay_cores(&self, layout: &mut Layout, on: usize, collapsed: &BTreeSet<GroupKey>) {
        let all: Vec<_> = self
            .cores
            .iter()
            .filter(|(core, _)| self.computers.has(on, **core))
            .collect();
        let used = |track: &Track| track.slices().iter().any(|slice| slice.what != What::Nobody);
        let shown: Vec<u16> = all
            .iter()
            .filter(|(_, track)| all.len() <= ALL_CORES || used(track))
            .map(|(core, _)| **core)
            .collect();
        let note = match all.len() - shown.len() {
            0 => shown.len().to_string(),
            idle => format!("{}, {idle} never used", all.len()),
        };
        if layout.group(GroupKey::Cores(on), "Cores", note, collapsed) {
            let first = self.computers.all().get(on).map_or(0, |computer| computer.first_core);
            for core in shown {
                layout.lane(
                    OWNER_PX,
                    LaneKey::Core(core),
                    format!("core {}", core.saturating_sub(first)),
                );
            }
        }
    }

    /// The GILs of a computer that have lanes: the only one there is, and of several those that a thread ever waited for.
    fn shown_gils(&self, on: usize) -> Vec<(ProcessId, GilId)> {
        let used = || self.gils.iter().filter(|(_, gil)| !gil.held.slices().is_empty());
        let single = used().nth(1).is_none();
        used()
            .filter(|(key, gil)| self.computers.of(key.0) == on && (single || gil.most_waiting() > 0))
            .map(|(key, _)| *key)
            .take(MAX_GILS)
            .collect()
    }

    fn gil_name(&self, process: ProcessId, gil: GilId) -> String {
        let several = self.are_several(self.computers.of(process));
        let mut name = if several {
            format!("GIL of pid {}", process.number())
        } else {
            "GIL".to_owned()
        };
        if gil.0 > 0 {
            name.push_str(&format!(", interpreter {}", gil.0));
        }
        name
    }

    fn lay_gil(&self, layout: &mut Layout, process: ProcessId, gil: GilId, collapsed: &BTreeSet<GroupKey>) {
        let note = match self.switch_interval_ns {
            0 => GroupNote::new("", ""),
            ns => {
                let after = short_duration(ns);
                let more = format!("Who waits for it for {after} asks its holder to let go.");
                // The titles of several need the room.
                let several = self.are_several(self.computers.of(process));
                let short = if several {
                    after
                } else {
                    format!("switch after {after}")
                };
                GroupNote::new(short, more)
            }
        };
        let title = self.gil_name(process, gil);
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

    /// A process: the threads of its main interpreter, then a group for each other one.
    fn lay_process(
        &self,
        layout: &mut Layout,
        process: &Process,
        gils: &[(ProcessId, GilId)],
        collapsed: &BTreeSet<GroupKey>,
    ) {
        let threads: Vec<_> = self
            .people()
            .threads()
            .iter()
            .filter(|p| p.key.process == process.id)
            .collect();
        // Of several processes each has a GIL; the lanes of their threads say how many those are.
        let several = self.are_several(self.computers.of(process.id));
        let mut note = format!("pid {}", process.id.number());
        let mut more = format!("Process {}", process.id.number());
        let mut add = |words: &str| note.extend([" \u{b7} ", words]);
        if !process.start.is_empty() {
            add(process.start);
            more.push_str(&format!(", started by {}", process.start));
        }
        let count = counted(threads.len() as u64, "thread", "threads");
        more.push_str(&format!(", with {count}"));
        if !several {
            add(&count);
        }
        let has_gil = self.has_gil(process.id, GilId(0));
        let is_shown = gils.contains(&(process.id, GilId(0)));
        if several && has_gil {
            add("GIL");
            more.push_str(" and a GIL of its own");
        } else if threads.len() > 1 && !is_shown && has_gil {
            add("own GIL");
        }
        let note = GroupNote::new(note, format!("{more}."));
        // Where computers have groups, "main.py on node1" says too much.
        let on = self.computers.name(process.id).map(|name| format!(" on {name}"));
        let on = on.unwrap_or_default();
        let name = process.name.strip_suffix(&on).unwrap_or(&process.name);
        if !layout.group(GroupKey::Process(process.id), name, note, collapsed) {
            return;
        }
        let mut elsewhere: BTreeMap<u32, Vec<&Person>> = BTreeMap::new();
        for person in threads {
            match (&self.places.visited(person.key)[..], person.key.thread.0) {
                // The main thread belongs to the process, wherever it goes.
                (&[interpreter], 1..) => elsewhere.entry(interpreter).or_default().push(person),
                _ => self.lay_thread(layout, person),
            }
        }
        layout.enter(GroupKey::Process(process.id));
        for (interpreter, persons) in elsewhere {
            let gil = persons.first().and_then(|one| self.places.gil_in(one.key, interpreter));
            let own = gil.is_some_and(|gil| gil.0 > 0);
            let note = if own { "own GIL" } else { "shares the GIL" }.to_owned();
            let title = format!("interpreter {interpreter}");
            if layout.group(GroupKey::Interpreter(process.id, interpreter), &title, note, collapsed) {
                persons.iter().for_each(|person| self.lay_thread(layout, person));
            }
        }
        layout.leave();
    }

    fn has_gil(&self, process: ProcessId, gil: GilId) -> bool {
        let gil = self.gils.get(&(process, gil));
        gil.is_some_and(|gil| !gil.held.slices().is_empty())
    }

    fn lay_thread(&self, layout: &mut Layout, person: &Person) {
        let chip = Some((person.chip.clone(), person.hue));
        let (key, mut caption) = (LaneKey::Thread(person.key), person.caption().to_owned());
        if let several @ [_, _, ..] = &self.places.visited(person.key)[..] {
            caption.push_str(&format!(" \u{b7} {} interpreters", several.len()));
        }
        let process = self.people().process_of(person.key.process);
        let ended = process.and_then(|one| one.status.filter(|status| one.parent.is_some() || *status != 0));
        if let Some(status) = ended.filter(|_| person.key.thread == ThreadId(0)) {
            caption.push_str(&format!(" \u{b7} {}", ended_short(status)));
        }
        layout.push(THREAD_PX, RowKind::Lane { key, chip, caption });
    }

    fn lay_locks(&self, layout: &mut Layout, process: ProcessId, collapsed: &BTreeSet<GroupKey>) {
        let shown = |class| matches!(class, ObjectClass::Lock | ObjectClass::RLock | ObjectClass::Semaphore);
        let named = |(key, lock): (&(ProcessId, _), &crate::model::Lock)| {
            let (class, named) = self.people().object_class(key.0, key.1)?;
            let owned = lock.held.slices().iter().any(|slice| slice.length() > 0);
            (key.0 == process && named && shown(class) && owned).then_some((key.1, used_rows(&lock.waiting)))
        };
        let locks: Vec<_> = self.locks.iter().filter_map(named).collect();
        if locks.is_empty() {
            return;
        }
        let several = self.are_several(self.computers.of(process));
        let title = if several {
            format!("Locks of pid {}", process.number())
        } else {
            "Locks".to_owned()
        };
        let short = if several || locks.len() > MAX_LOCKS {
            first_of(locks.len(), MAX_LOCKS)
        } else {
            "owner, waiters below".to_owned()
        };
        let note = GroupNote::new(short, "Above stands who holds it, below who waits for it.");
        if layout.group(GroupKey::Locks(process), &title, note, collapsed) {
            for (object, rows) in locks.into_iter().take(MAX_LOCKS) {
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

/// "40, the first 24" where not all are shown.
fn first_of(all: usize, shown: usize) -> String {
    if all > shown {
        format!("{all}, the first {shown}")
    } else {
        all.to_string()
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
