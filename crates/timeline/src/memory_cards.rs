//! What hover cards say of accesses to memory that processes share.

use crate::format::{counted, duration, from_to, moment, size};
use crate::memory::{AccessRow, SharedMemory};
use crate::model::{LaneKey, SliceRef, Timeline};
use crate::words::Description;
use heddle_trace::Nanos;

impl Timeline {
    /// The card of one access: which bytes, whose value it sees or overwrites, and whether that is lost.
    pub(crate) fn describe_access(&self, at: SliceRef) -> Option<Description> {
        let (memory, key, access) = self.access(at)?;
        let (offset, length) = access.bytes;
        let title = if access.writes { "writes" } else { "reads" };
        let s = self.sentence().text(format!("At byte {offset} of {}.", memory.title()));
        let before = memory.last_write(access.bytes, access.event);
        // Of a folded trace the last write may be one that is left out, unless this one is known to lose it.
        let s = match before.filter(|_| access.loses || !self.is_folded) {
            Some((who, write)) if access.loses => {
                let s = s.text(" It has not seen what ").thread(who);
                s.text(format!(" wrote there at {}: that is lost.", moment(write.at)))
            }
            Some((who, write)) if who != key => {
                let s = s.text(if access.writes {
                    " It overwrites what "
                } else {
                    " It sees what "
                });
                let s = s.thread(who);
                s.text(format!(" wrote there at {}.", moment(write.at)))
            }
            _ => s,
        };
        Some(Description {
            who: Some(self.word(key)),
            runs: true,
            title: title.to_owned(),
            duration: size(length.into()),
            why: s.text(format!(" {}", memory.sums(self.is_folded))).words,
            span: moment(access.at),
        })
    }

    /// The card of a stretch in which a thread's accesses are too close to tell apart.
    pub(crate) fn describe_accesses(&self, lane: LaneKey, row: u8, from: Nanos, to: Nanos) -> Option<Description> {
        let LaneKey::Memory(on, object) = lane else { return None };
        let memory = self.memories.get(&(on, object))?;
        let (key, row) = memory.row(row.into())?;
        let within = row.within(from, to.saturating_add(1));
        let reads = (within.count - within.writes) as u64;
        let words = format!(
            "{}, {}{} in {}. {}",
            counted(reads, "read", "reads"),
            counted(within.writes as u64, "write", "writes"),
            lost(within.losses),
            memory.title(),
            memory.sums(self.is_folded)
        );
        Some(Description {
            who: Some(self.word(key)),
            runs: true,
            title: counted(within.count as u64, "access", "accesses"),
            duration: duration(to.saturating_sub(from)),
            why: self.sentence().text(words).words,
            span: from_to(from, to),
        })
    }
}

impl SharedMemory {
    /// What a person calls it.
    pub fn title(&self) -> &str {
        if self.name.is_empty() {
            "shared memory"
        } else {
            &self.name
        }
    }

    /// "In the whole run 40 reads, 20 writes, of which 3 lose what another thread wrote." A folded trace knows some of them.
    fn sums(&self, is_folded: bool) -> String {
        let (all, writes) = self.counts();
        let reads = counted((all - writes) as u64, "read", "reads");
        let writes = counted(writes as u64, "write", "writes");
        let all = format!("{reads}, {writes}{}", lost(self.losses()));
        if is_folded {
            format!("Known of the whole run, short parts of which are left out: {all}.")
        } else {
            format!("In the whole run {all}.")
        }
    }
}

/// ", of which 3 lose what another thread wrote", or nothing.
fn lost(losses: usize) -> String {
    match losses {
        0 => String::new(),
        1 => ", of which 1 loses what another thread wrote".to_owned(),
        more => format!(", of which {more} lose what another thread wrote"),
    }
}

impl AccessRow {
    /// The first and the last moment of so many accesses from a place on.
    pub fn span(&self, first: usize, count: usize) -> Option<(Nanos, Nanos)> {
        let last = first.checked_add(count)?.checked_sub(1)?;
        Some((self.all.get(first)?.at, self.all.get(last)?.at))
    }
}
