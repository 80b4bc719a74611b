//! A trace as its readers hold it: the page, the command line, tests.

use crate::event::{Event, EventKind};
use crate::hash::TraceHash;
use crate::ids::{EventId, Nanos, ProcessId, StringId};
use crate::strings::StringTable;

/// What a reader must know of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Header {
    /// How many cores the machine has.
    pub cores: u16,
    /// The GIL's switch interval in ns; 0 where there is none (Python 2, free-threaded).
    pub switch_interval_ns: Nanos,
    /// The Python version of the profile ("3.13").
    pub python: String,
}

/// A whole trace, or what of it has arrived so far.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Trace {
    /// The machine.
    pub header: Header,
    /// All names.
    pub strings: StringTable,
    /// The events, in order of (time, process, sequence).
    pub events: Vec<Event>,
    /// Up to which moment the trace is known.
    pub end: Nanos,
    /// The hash of the unfolded stream up to `end`.
    pub hash: TraceHash,
    /// Slices shorter than this have been folded; 0 if none have.
    pub fold_ns: Nanos,
    /// Whether the run is over and nothing more will come.
    pub complete: bool,
}

impl Trace {
    /// The string with this number.
    #[must_use]
    pub fn text(&self, id: StringId) -> &str {
        self.strings.get(id)
    }

    /// The event with this name, unless it was folded away.
    #[must_use]
    pub fn event(&self, id: EventId) -> Option<&Event> {
        // Sequence numbers of one process mostly rise with time, but not strictly so: no binary search.
        self.events.iter().find(|event| event.id == id)
    }

    /// What a process wrote to a stream, or to both where `stream` is `None`.
    #[must_use]
    pub fn output(&self, process: Option<ProcessId>, stream: Option<crate::Stream>) -> Vec<u8> {
        let mut all = Vec::new();
        for event in &self.events {
            if let EventKind::Output { stream: to, bytes } = &event.kind
                && process.is_none_or(|p| p == event.id.process)
                && stream.is_none_or(|s| s == *to)
            {
                all.extend_from_slice(bytes);
            }
        }
        all
    }
}
