//! Where the machine writes its events.
//!
//! Events may be recorded a little out of order (cores run ahead of each other); the machine then says by
//! [`Recorder::advance`] up to where time is settled. Settled events are put into the order (time, process,
//! sequence), hashed, and stored under a budget.
//!
//! # What the hash absorbs
//!
//! First the header: cores, switch interval, the Python version's bytes. Then for each event: its time;
//! `process << 32 | sequence`; `thread << 32 | has_cause << 8 | tag` (the tag of the kind, as in the
//! encoding); with a cause `process << 32 | sequence` of it; then the words of [`payload`].

use crate::chunk::Chunk;
use crate::event::{Event, EventKind};
use crate::hash::{Hasher, TraceHash};
use crate::ids::{EventId, Nanos, ProcessId, StringId, ThreadId, ThreadKey};
use crate::own_time::OwnTime;
use crate::state::{BlockReason, ThreadState};
use crate::stats::Stats;
use crate::store::Store;
use crate::strings::StringTable;
use crate::tally::{Count, Tally};
use crate::tasks::LoopState;
use crate::trace::{Header, Trace};
use std::collections::BTreeMap;

/// How much a trace may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The number of stored events at which folding begins.
    pub events: usize,
    /// The number of output bytes after which further output is not stored (it is still hashed).
    pub output_bytes: usize,
}

impl Default for Budget {
    /// About 10 MB of memory and 3 MB of file at most.
    fn default() -> Self {
        Budget {
            events: 150_000,
            output_bytes: 4 << 20,
        }
    }
}

/// See [`Recorder::drain`].
const REPLACE_AFTER: u64 = 4;

/// Takes events, gives chunks and a trace.
#[derive(Clone, Debug)]
pub struct Recorder {
    header: Header,
    strings: StringTable,
    sequences: BTreeMap<ProcessId, u32>,
    pending: Vec<Event>,
    settled: Nanos,
    end: Nanos,
    hasher: Hasher,
    store: Store,
    tally: Tally,
    own_time: OwnTime,
    drained: Drained,
    /// How many events have been settled.
    recorded: u64,
    complete: bool,
}

/// What the last chunk reached.
#[derive(Clone, Copy, Debug, Default)]
struct Drained {
    events: usize,
    strings: usize,
    folds: u64,
    /// How many events had been recorded when a chunk replaced everything.
    replaced_at: u64,
    end: Nanos,
    hash: TraceHash,
    fold_ns: Nanos,
}

impl Drained {
    /// A chunk that changes nothing.
    fn quiet(&self, header: &Header) -> Chunk {
        Chunk {
            header: header.clone(),
            first_string: self.strings,
            strings: Vec::new(),
            replaces: false,
            events: Vec::new(),
            end: self.end,
            hash: self.hash,
            fold_ns: self.fold_ns,
            complete: false,
        }
    }
}

impl Recorder {
    /// An empty trace of this machine.
    #[must_use]
    pub fn new(header: Header, budget: Budget) -> Self {
        let mut hasher = Hasher::default();
        hasher.word(u64::from(header.cores));
        hasher.word(header.switch_interval_ns);
        hasher.bytes(header.python.as_bytes());
        Recorder {
            header,
            strings: StringTable::default(),
            sequences: BTreeMap::new(),
            pending: Vec::new(),
            settled: 0,
            end: 0,
            hasher,
            store: Store::new(budget),
            tally: Tally::default(),
            own_time: OwnTime::default(),
            drained: Drained::default(),
            recorded: 0,
            complete: false,
        }
    }

    /// The number of a string.
    pub fn intern(&mut self, text: &str) -> StringId {
        self.strings.intern(text)
    }

    /// Records one event and gives it a name, which later events may have as their cause. Events of one
    /// process must be recorded in an order that puts causes first. A time before the settled one counts as
    /// the settled one.
    pub fn record(
        &mut self,
        time: Nanos,
        process: ProcessId,
        thread: ThreadId,
        kind: EventKind,
        cause: Option<EventId>,
    ) -> EventId {
        debug_assert!(
            time >= self.settled,
            "event at {time} ns, but time is settled up to {} ns",
            self.settled
        );
        let next = self.sequences.entry(process).or_insert(0);
        let id = EventId {
            process,
            sequence: *next,
        };
        *next = next.saturating_add(1);
        self.pending.push(Event {
            id,
            time: time.max(self.settled),
            thread,
            kind,
            cause,
        });
        id
    }

    /// Counts something that is no event and no part of the trace, for the statistics.
    pub fn count(&mut self, process: ProcessId, thread: ThreadId, what: Count) {
        self.tally.count(ThreadKey { process, thread }, what);
    }

    /// A thread has run for so long, and stands in this function of this file. For the statistics.
    pub fn spent(&mut self, function: StringId, file: StringId, ns: Nanos) {
        self.own_time.add(function, file, ns);
    }

    /// The statistics of everything settled.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            functions: self.own_time.functions(&self.strings),
            ..self.tally.stats(&self.strings, self.end, self.header.cores)
        }
    }

    /// Says that no event before this moment will be recorded any more. Calling it often (once per grant)
    /// keeps memory small; calling it with an earlier moment than before does nothing.
    pub fn advance(&mut self, settled: Nanos) {
        self.settled = self.settled.max(settled);
        self.end = self.end.max(self.settled);
        self.flush();
    }

    /// How far the trace is known.
    #[must_use]
    pub fn settled(&self) -> Nanos {
        self.settled
    }

    /// The hash of everything settled.
    #[must_use]
    pub fn hash(&self) -> TraceHash {
        TraceHash(self.hasher.finish())
    }

    /// What is new since the last chunk: to be posted while the run goes on.
    ///
    /// After a fold the reader needs all events anew, which costs it far more than an append. Such a chunk is therefore held
    /// back until [`REPLACE_AFTER`] times as many events have been recorded as it holds; until then, chunks are empty
    /// and leave the reader where it is. (Counted in events, not in real time, which this crate does not know.)
    pub fn drain(&mut self) -> Chunk {
        let (events, folds) = (self.store.events(), self.store.folds());
        let replaces = folds != self.drained.folds;
        if replaces && !self.complete {
            let since = self.recorded - self.drained.replaced_at;
            if since < REPLACE_AFTER.saturating_mul(events.len() as u64) {
                return self.drained.quiet(&self.header);
            }
        }
        let from = if replaces { 0 } else { self.drained.events };
        let chunk = Chunk {
            header: self.header.clone(),
            first_string: self.drained.strings,
            strings: self.strings.since(self.drained.strings).to_vec(),
            replaces,
            events: events.get(from..).unwrap_or(&[]).to_vec(),
            end: self.end,
            hash: self.hash(),
            fold_ns: self.store.fold_ns(),
            complete: self.complete,
        };
        self.drained = Drained {
            events: events.len(),
            strings: self.strings.len(),
            folds,
            replaced_at: if replaces {
                self.recorded
            } else {
                self.drained.replaced_at
            },
            end: chunk.end,
            hash: chunk.hash,
            fold_ns: chunk.fold_ns,
        };
        chunk
    }

    /// Settles everything; the run ended at this moment. Later chunks are marked as complete.
    pub fn finish(&mut self, end: Nanos) {
        let last = self.pending.iter().map(|event| event.time).max().unwrap_or(0);
        self.advance(end.max(last).saturating_add(1));
        self.end = end.max(last);
        self.complete = true;
    }

    /// Everything settled so far, as one trace.
    #[must_use]
    pub fn trace(&self) -> Trace {
        Trace {
            header: self.header.clone(),
            strings: self.strings.clone(),
            events: self.store.events().to_vec(),
            end: self.end,
            hash: self.hash(),
            fold_ns: self.store.fold_ns(),
            complete: self.complete,
        }
    }

    /// Orders, hashes and stores what is settled.
    fn flush(&mut self) {
        let key = |event: &Event| (event.time, event.id);
        if !self.pending.is_sorted_by_key(key) {
            self.pending.sort_by_key(key);
        }
        let settled = self.settled;
        let ready = self.pending.partition_point(|event| event.time < settled);
        for event in self.pending.drain(..ready) {
            absorb(&mut self.hasher, &self.strings, &event);
            self.end = self.end.max(event.time);
            self.recorded += 1;
            self.tally.add(&event);
            self.store.push(event);
        }
    }
}

fn id_word(id: EventId) -> u64 {
    u64::from(id.process.0) << 32 | u64::from(id.sequence)
}

/// Hashes one event.
fn absorb(hasher: &mut Hasher, strings: &StringTable, event: &Event) {
    hasher.word(event.time);
    hasher.word(id_word(event.id));
    let flag = u64::from(event.cause.is_some());
    hasher.word(u64::from(event.thread.0) << 32 | flag << 8 | u64::from(event.kind.tag()));
    if let Some(cause) = event.cause {
        hasher.word(id_word(cause));
    }
    payload(hasher, strings, &event.kind);
}

/// The words of each kind: its fields in their order; `None` as 0 and `Some(n)` as n + 1; enums as their
/// numbers in the encoding; strings as the hash of their content; bytes as [`Hasher::bytes`] does.
fn payload(hasher: &mut Hasher, strings: &StringTable, kind: &EventKind) {
    let option = |n: Option<u32>| n.map_or(0, |n| u64::from(n) + 1);
    match kind {
        EventKind::ProcessStart { parent, name } => {
            hasher.word(option(parent.map(|p| p.0)));
            hasher.word(strings.hash_of(*name));
        }
        EventKind::ProcessExit { status } => hasher.word(u64::from(status.cast_unsigned())),
        EventKind::ThreadCreated { by, name, daemon } => {
            hasher.word(option(by.map(|t| t.0)) << 1 | u64::from(*daemon));
            hasher.word(strings.hash_of(*name));
        }
        EventKind::ThreadStarted => {}
        EventKind::ThreadFinished { how } => hasher.word(how.number().into()),
        EventKind::ThreadRenamed { name, target } => {
            hasher.word(strings.hash_of(*name));
            hasher.word(strings.hash_of(*target));
        }
        EventKind::State { state, label, line } => {
            hasher.word(state_word(*state));
            if let ThreadState::Blocked(reason) = state {
                hasher.word(reason_word(*reason));
            }
            hasher.word(strings.hash_of(*label));
            hasher.word(u64::from(*line));
        }
        EventKind::Ran(run) => {
            hasher.word(strings.hash_of(run.function));
            hasher.word(strings.hash_of(run.file));
            hasher.word(u64::from(run.first_line) << 32 | u64::from(run.last_line));
            hasher.word(u64::from(run.min_line) << 32 | u64::from(run.max_line));
        }
        EventKind::GilTake { gil } => hasher.word(gil.0.into()),
        EventKind::GilDrop {
            gil,
            why,
            requested,
            line,
        } => {
            hasher.word(u64::from(gil.0));
            hasher.word(u64::from(*line) << 8 | u64::from(why.number()) << 1 | u64::from(*requested));
        }
        EventKind::GilRequest { gil, holder } => hasher.word(u64::from(gil.0) << 32 | u64::from(holder.0)),
        EventKind::LockAcquire { object } | EventKind::LockRelease { object } => hasher.word(object.0.into()),
        EventKind::Wake { thread, object } => {
            hasher.word(thread.0.into());
            hasher.word(option(object.map(|o| o.0)));
        }
        EventKind::ObjectNamed { object, class, name } => {
            hasher.word(u64::from(object.0) << 8 | u64::from(class.number()));
            hasher.word(strings.hash_of(*name));
        }
        EventKind::Output { stream, bytes } => {
            hasher.word(stream.number().into());
            hasher.bytes(bytes);
        }
        EventKind::Note { note, text } => {
            hasher.word(note.number().into());
            hasher.word(strings.hash_of(*text));
        }
        EventKind::Interpreter { interpreter, gil } => hasher.word(u64::from(*interpreter) << 32 | u64::from(gil.0)),
        EventKind::Computer {
            name,
            first_core,
            cores,
        } => {
            hasher.word(strings.hash_of(*name));
            hasher.word(u64::from(first_core.0) << 16 | u64::from(*cores));
        }
        EventKind::Exec { program } => hasher.word(strings.hash_of(*program)),
        EventKind::Memory {
            object,
            at,
            size,
            writes,
        } => {
            hasher.word(u64::from(object.0) << 1 | u64::from(*writes));
            hasher.word(*at);
            hasher.word((*size).into());
        }
        EventKind::Between(between) => {
            let (number, words, texts) = between.parts();
            hasher.word(number.into());
            words.into_iter().for_each(|word| hasher.word(word));
            texts.into_iter().for_each(|text| hasher.word(strings.hash_of(text)));
        }
        EventKind::LoopState { event_loop, state } => {
            hasher.word(event_loop.0.into());
            loop_words(hasher, strings, *state);
        }
        EventKind::TaskCreated {
            task,
            event_loop,
            parent,
            group,
            name,
            coroutine,
            at,
        } => {
            hasher.word(u64::from(task.0) << 32 | u64::from(event_loop.0));
            hasher.word(option(parent.map(|task| task.0)));
            hasher.word(option(group.map(|group| group.0)));
            [name, coroutine, at]
                .into_iter()
                .for_each(|text| hasher.word(strings.hash_of(*text)));
        }
        EventKind::TaskState {
            task,
            state,
            label,
            chain,
        } => {
            let (number, operand) = state.parts();
            hasher.word(u64::from(task.0) << 8 | u64::from(number));
            operand.into_iter().for_each(|operand| hasher.word(operand));
            hasher.word(strings.hash_of(*label));
            hasher.word(strings.hash_of(*chain));
        }
        EventKind::TaskCancel { task } => hasher.word(task.0.into()),
        EventKind::Group { group, owner, phase } => {
            hasher.word(u64::from(group.0) << 8 | u64::from(phase.number()));
            hasher.word(option(owner.map(|task| task.0)));
        }
        // Derived, so not part of the stream; the store makes them after hashing.
        EventKind::Core { .. } | EventKind::Density { .. } => {}
    }
}

fn loop_words(hasher: &mut Hasher, strings: &StringTable, state: LoopState) {
    match state {
        LoopState::Turn { ready } => hasher.word(u64::from(ready) << 8),
        LoopState::Select { until } => {
            hasher.word(1);
            hasher.word(until.map_or(0, |until| until.saturating_add(1)));
        }
        LoopState::Callback { task, name, ready } => {
            hasher.word(u64::from(ready) << 8 | 2);
            hasher.word(task.map_or(0, |task| u64::from(task.0) + 1));
            hasher.word(strings.hash_of(name));
        }
        LoopState::Stopped => hasher.word(3),
    }
}

fn state_word(state: ThreadState) -> u64 {
    u64::from(state.number()) << 16 | state.core().map_or(0, |core| u64::from(core.0))
}

fn reason_word(reason: BlockReason) -> u64 {
    let operand = reason.operand();
    operand.rotate_left(8) ^ u64::from(reason.number())
}
