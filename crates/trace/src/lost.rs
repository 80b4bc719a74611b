//! Lost updates in memory that processes share.
//!
//! A thread writes bytes that it has read before, and in between another thread has written them: what that one wrote is gone, and who writes now
//! has not seen it. Only accesses to exactly the same bytes are held against each other.
//!
//! In a folded trace events are missing, but not unnoticed: those of a process are numbered. A write is held against a read only if no event of
//! its process is missing in between, so that nothing is called lost that is not; some that are lost are not found.

use crate::event::{Event, EventKind};
use crate::ids::{ObjectId, ProcessId, ThreadKey};
use rustc_hash::FxHashMap;

/// A write that loses another one, by places in the list of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The read before it.
    pub read: usize,
    /// What is lost: the last write since then.
    pub written: usize,
}

/// Finds them in a list of events, seen one after the other.
#[derive(Clone, Debug, Default)]
pub struct LostUpdates {
    /// By computer, memory, first byte and size. Looked up, never iterated.
    bytes: FxHashMap<(usize, ObjectId, u64, u32), Bytes>,
    known: FxHashMap<ProcessId, Known>,
}

/// Who did what with the same bytes last.
#[derive(Clone, Debug, Default)]
struct Bytes {
    written: Option<usize>,
    /// Who has read them and not written them since: where in the list, and the event's number.
    reads: Vec<(ThreadKey, usize, u32)>,
}

/// Which events of a process there are without a gap up to now: from this number on, and the next one.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    since: u32,
    next: u32,
}

impl LostUpdates {
    /// The next event, where it is in the list, and the computer that it happens on. What is lost by it, if something is.
    pub fn see(&mut self, place: usize, event: &Event, computer: usize) -> Option<Lost> {
        let number = event.id.sequence;
        let known = self.known.entry(event.id.process).or_default();
        if number > known.next {
            known.since = number;
        }
        known.next = known.next.max(number.saturating_add(1));
        let EventKind::Memory {
            object,
            at,
            size,
            writes,
        } = event.kind
        else {
            return None;
        };
        let key = event.key();
        let bytes = self.bytes.entry((computer, object, at, size)).or_default();
        let read = bytes.reads.iter().position(|(reader, ..)| *reader == key);
        let read = read.map(|read| bytes.reads.swap_remove(read));
        if !writes {
            bytes.reads.push((key, place, number));
            return None;
        }
        let before = bytes.written.replace(place);
        let (_, read, _) = read.filter(|(_, _, number)| *number >= known.since)?;
        let written = before.filter(|written| *written > read)?;
        Some(Lost { read, written })
    }
}
