//! Accesses to memory that processes share: a lane for each such memory, in it a row for each thread that touches it.
//!
//! Which of them lose what another thread wrote, also in a folded trace, is told by [`heddle_trace::LostUpdates`].

use crate::model::{LaneKey, SliceRef, Timeline};
use heddle_trace::{Nanos, ObjectId, ThreadKey};
use std::collections::BTreeMap;

/// Threads beyond this many have no row.
pub(crate) const MOST_ROWS: usize = 8;

/// Bytes of a memory: from which on, how many.
pub(crate) type Bytes = (u64, u32);

/// A memory: its computer and its number there.
pub(crate) type MemoryKey = (usize, ObjectId);

/// What a thread did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub at: Nanos,
    pub bytes: Bytes,
    /// The index of its event in the trace.
    pub event: u32,
    pub writes: bool,
    /// It overwrites what it has not seen.
    pub loses: bool,
}

/// The accesses of a thread, in order of time, and which of them are of interest, by their places.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccessRow {
    pub all: Vec<Access>,
    writes: Vec<u32>,
    losses: Vec<u32>,
}

/// The accesses of a row within a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Within {
    /// The place of the first of them.
    pub first: usize,
    pub count: usize,
    pub writes: usize,
    pub losses: usize,
}

impl AccessRow {
    fn add(&mut self, access: Access) {
        // More events than this do not fit into a page's memory.
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        if access.writes {
            self.writes.push(place);
        }
        if access.loses {
            self.losses.push(place);
        }
        self.all.push(access);
    }

    /// Those from one moment up to another, which is not included.
    pub fn within(&self, from: Nanos, to: Nanos) -> Within {
        let place = |at| self.all.partition_point(|access| access.at < at);
        let (first, end) = (place(from), place(to).max(place(from)));
        let among = |places: &[u32]| {
            let before = |end: usize| places.partition_point(|place| (*place as usize) < end);
            before(end) - before(first)
        };
        Within {
            first,
            count: end - first,
            writes: among(&self.writes),
            losses: among(&self.losses),
        }
    }

    /// The last write of these bytes before an event.
    fn last_write(&self, bytes: Bytes, event: u32) -> Option<&Access> {
        let before = |place: &u32| self.all.get(*place as usize).is_some_and(|access| access.event < event);
        let end = self.writes.partition_point(before);
        let mut earlier = self.writes[..end].iter().rev();
        earlier.find_map(|place| self.all.get(*place as usize).filter(|access| access.bytes == bytes))
    }
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedMemory {
    /// What a person calls it, or nothing.
    pub name: String,
    pub rows: BTreeMap<ThreadKey, AccessRow>,
}

impl SharedMemory {
    /// How many writes lose what another thread wrote.
    pub fn losses(&self) -> usize {
        self.rows.values().map(|row| row.losses.len()).sum()
    }

    /// How many accesses there are, and how many of them are writes.
    pub fn counts(&self) -> (usize, usize) {
        let rows = self.rows.values();
        rows.fold((0, 0), |(all, writes), row| {
            (all + row.all.len(), writes + row.writes.len())
        })
    }

    /// The row of that number.
    pub fn row(&self, number: usize) -> Option<(ThreadKey, &AccessRow)> {
        self.rows.iter().nth(number).map(|(key, row)| (*key, row))
    }

    /// Who wrote these bytes last before an event.
    pub fn last_write(&self, bytes: Bytes, event: u32) -> Option<(ThreadKey, &Access)> {
        let all = self.rows.iter();
        let writes = all.filter_map(|(key, row)| Some((*key, row.last_write(bytes, event)?)));
        writes.max_by_key(|(_, access)| access.event)
    }
}

impl Timeline {
    pub(crate) fn add_access(&mut self, key: ThreadKey, object: ObjectId, access: Access) {
        let on = self.computers.of(key.process);
        let name = self.people().object_name(key.process, object).map(str::to_owned);
        let memory = self.memories.entry((on, object)).or_insert_with(|| SharedMemory {
            name: name.unwrap_or_default(),
            ..SharedMemory::default()
        });
        memory.rows.entry(key).or_default().add(access);
    }

    /// The memories of a computer, with their lanes.
    pub(crate) fn memories_of(&self, on: usize) -> impl Iterator<Item = (LaneKey, &SharedMemory)> {
        let all = self.memories.range((on, ObjectId(0))..=(on, ObjectId(u32::MAX)));
        all.map(|(key, memory)| (LaneKey::Memory(key.0, key.1), memory))
    }

    /// The access that a reference means, of whom, in which memory.
    pub(crate) fn access(&self, at: SliceRef) -> Option<(&SharedMemory, ThreadKey, &Access)> {
        let LaneKey::Memory(on, object) = at.lane else {
            return None;
        };
        let memory = self.memories.get(&(on, object))?;
        let (key, row) = memory.row(at.row.into())?;
        Some((memory, key, row.all.get(at.index as usize)?))
    }
}
