//! The machine's way into the trace: a recorder, and the names that were interned already.

use heddle_trace::{
    Budget, Chunk, Count, EventId, EventKind, Header, Note, ObjectClass, ObjectId, ProcessId, Recorder, StringId,
    ThreadId,
};
use heddle_vm::contract::{Here, ThreadIndex};

/// Records events of all processes.
#[derive(Clone, Debug)]
pub(crate) struct Tape {
    recorder: Recorder,
    /// The last few function and file names, so that a slice costs no look-up of its strings. Compared by content.
    recent: [(String, StringId); 4],
    next_recent: usize,
    /// Nothing is written: the same is written elsewhere.
    is_silent: bool,
}

impl Tape {
    /// Writes into this recorder.
    pub fn new(recorder: Recorder) -> Tape {
        Tape {
            recorder,
            recent: Default::default(),
            next_recent: 0,
            is_silent: false,
        }
    }

    /// Writes nothing.
    pub fn silent() -> Tape {
        let budget = Budget {
            events: 0,
            output_bytes: 0,
        };
        Tape {
            is_silent: true,
            ..Tape::new(Recorder::new(Header::default(), budget))
        }
    }

    /// Records one event.
    pub fn record(
        &mut self,
        time_ns: u64,
        pid: u32,
        thread: ThreadIndex,
        kind: EventKind,
        cause: Option<EventId>,
    ) -> EventId {
        if self.is_silent {
            return EventId::default();
        }
        self.recorder
            .record(time_ns, ProcessId(pid), ThreadId(thread), kind, cause)
    }

    /// Counts something for the statistics.
    pub fn count(&mut self, pid: u32, thread: ThreadIndex, what: Count) {
        if self.is_silent {
            return;
        }
        self.recorder.count(ProcessId(pid), ThreadId(thread), what);
    }

    /// A thread has run for so long and stands here.
    pub fn spent(&mut self, here: &Here<'_>, ns: u64) {
        if self.is_silent {
            return;
        }
        let (function, file) = (self.intern(here.function), self.intern(here.file));
        self.recorder.spent(function, file, ns);
    }

    /// The number of a string.
    pub fn intern(&mut self, text: &str) -> StringId {
        if text.is_empty() || self.is_silent {
            return StringId::EMPTY;
        }
        if let Some((_, id)) = self.recent.iter().find(|(known, _)| known == text) {
            return *id;
        }
        let id = self.recorder.intern(text);
        if let Some(slot) = self.recent.get_mut(self.next_recent) {
            slot.0.clear();
            slot.0.push_str(text);
            slot.1 = id;
        }
        self.next_recent = (self.next_recent + 1) % self.recent.len();
        id
    }

    /// An object's name became known.
    pub fn object_named(
        &mut self,
        time_ns: u64,
        pid: u32,
        thread: ThreadIndex,
        object: u32,
        named: (ObjectClass, &str),
    ) {
        let name = self.intern(named.1);
        let kind = EventKind::ObjectNamed {
            object: ObjectId(object),
            class: named.0,
            name,
        };
        self.record(time_ns, pid, thread, kind, None);
    }

    /// Tells the person something.
    pub fn note(&mut self, time_ns: u64, pid: u32, thread: ThreadIndex, note: Note, text: &str) {
        let text = self.intern(text);
        self.record(time_ns, pid, thread, EventKind::Note { note, text }, None);
    }

    /// Nothing before this moment will be recorded any more.
    pub fn settle(&mut self, time_ns: u64) {
        self.recorder.advance(time_ns);
    }

    /// The run is over.
    pub fn finish(&mut self, time_ns: u64) {
        self.recorder.finish(time_ns);
    }

    /// What is new since the last chunk.
    pub fn drain(&mut self) -> Chunk {
        self.recorder.drain()
    }

    /// For readers.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }
}
