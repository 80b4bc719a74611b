//! The calendar of one site: what happens when.
//!
//! Entries are ordered by (time, sequence). An entry is cancelled by giving its thread or core a new ticket; stale
//! entries are dropped when they come up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Whom an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// A thread: the end of its wait or of what it does on its core.
    Thread(u32),
    /// A core: the end of a quantum.
    Core(u16),
    /// An interval timer of the process.
    Timer(u8),
    /// The process: somebody presses Ctrl-C.
    Interrupt,
}

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// When, ns.
    pub time_ns: u64,
    /// Ties are broken by order of entry.
    pub sequence: u64,
    /// For whom.
    pub who: Who,
    /// The ticket its owner had; another one since then cancels the entry.
    pub ticket: u32,
}

/// The calendar.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
}

impl Queue {
    /// Enters something.
    pub fn push(&mut self, time_ns: u64, who: Who, ticket: u32) {
        self.sequence += 1;
        self.heap.push(Reverse(Entry {
            time_ns,
            sequence: self.sequence,
            who,
            ticket,
        }));
    }

    /// Enters something that goes before all else of its moment, whenever it is entered: a Ctrl-C is known from the start when a run is
    /// repeated, and in the middle of it when it is pressed.
    pub fn push_first(&mut self, time_ns: u64, who: Who) {
        self.heap.push(Reverse(Entry {
            time_ns,
            sequence: 0,
            who,
            ticket: 0,
        }));
    }

    /// The calendar of a forked process: of its parent's entries those that the terminal makes.
    pub fn fork(&self) -> Queue {
        let interrupts = self.heap.iter().filter(|Reverse(entry)| entry.who == Who::Interrupt);
        Queue {
            heap: interrupts.copied().collect(),
            sequence: 0,
        }
    }

    /// The next entry that `valid` accepts; those before it are dropped.
    pub fn peek(&mut self, valid: impl Fn(&Entry) -> bool) -> Option<Entry> {
        while let Some(&Reverse(entry)) = self.heap.peek() {
            if valid(&entry) {
                return Some(entry);
            }
            self.heap.pop();
        }
        None
    }

    /// Removes the first entry.
    pub fn pop(&mut self) -> Option<Entry> {
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    /// Puts an entry back where it was.
    pub fn put_back(&mut self, entry: Entry) {
        self.heap.push(Reverse(entry));
    }
}
