//! A piece of a trace on its way from the worker to the page.

use crate::event::Event;
use crate::hash::TraceHash;
use crate::ids::Nanos;
use crate::trace::{Header, Trace};
use std::sync::Arc;

/// What is new since the chunk before: [`crate::Recorder::drain`] makes it, [`Trace::apply`] takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// The machine; the same in every chunk of a run.
    pub header: Header,
    /// The number of the first new string.
    pub first_string: usize,
    /// The new strings.
    pub strings: Vec<Arc<str>>,
    /// Whether `events` take the place of all earlier ones (the trace was folded meanwhile), instead of following them.
    pub replaces: bool,
    /// The events.
    pub events: Vec<Event>,
    /// Up to which moment the trace is known now.
    pub end: Nanos,
    /// The hash up to there.
    pub hash: TraceHash,
    /// See [`Trace::fold_ns`].
    pub fold_ns: Nanos,
    /// Whether this is the last chunk.
    pub complete: bool,
}

/// What a chunk did to a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Events were appended, the first at this index.
    Appended(usize),
    /// All events were replaced: whatever was computed from them is void.
    Replaced,
}

/// A chunk that does not fit: one before it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap;

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a part of the trace is missing")
    }
}

impl std::error::Error for Gap {}

impl Trace {
    /// Adds a chunk.
    ///
    /// # Errors
    /// [`Gap`] when the chunk does not follow what is there; the trace is then as it was.
    pub fn apply(&mut self, chunk: Chunk) -> Result<Applied, Gap> {
        if chunk.first_string > self.strings.len() {
            return Err(Gap);
        }
        let known = self.strings.len() - chunk.first_string;
        for text in chunk.strings.iter().skip(known) {
            self.strings.intern(text);
        }
        let applied = if chunk.replaces {
            self.events = chunk.events;
            Applied::Replaced
        } else {
            let from = self.events.len();
            self.events.extend(chunk.events);
            Applied::Appended(from)
        };
        self.header = chunk.header;
        self.end = chunk.end;
        self.hash = chunk.hash;
        self.fold_ns = chunk.fold_ns;
        self.complete = chunk.complete;
        Ok(applied)
    }
}
