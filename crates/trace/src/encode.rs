//! The stored form of traces and chunks, version 1.
//!
//! ```text
//! "HDLT"  version: byte  flags: byte (1 replaces, 2 complete)
//! cores  switch interval  python  first string  count strings  end  hash: 8 bytes  fold  count events
//! checksum: 4 bytes (low half of the bytes' hash, little-endian)
//! ```
//!
//! Numbers are LEB128, strings are a length and UTF-8, optional numbers are 0 or n + 1. An event is
//!
//! ```text
//! head: byte (tag, 32 has a cause, 64 same process as before, 128 same thread as before)
//! time since the event before  [process]  [thread]  sequence (signed, from the process's event before)
//! [cause: (sequence - cause) zigzag << 1 | other process, [process]]  fields of the kind
//! ```
//!
//! Nothing here depends on the width of `usize`. Version 1 stays readable for ever (`tests/traces/v1`).

use crate::chunk::Chunk;
use crate::event::{Density, DropWhy, Event, EventKind, Finish, Note, ObjectClass, RunSummary, Share, ShareOf, Stream};
use crate::hash::{TraceHash, hash_bytes};
use crate::ids::{CoreId, EventId, GilId, ObjectId, ProcessId, StringId, ThreadId, ThreadKey, TrackKey};
use crate::state::{BlockReason, StateClass, ThreadState};
use crate::trace::{Header, Trace};
use crate::wire::{DecodeError, Reader, Writer};
use std::collections::BTreeMap;
use std::sync::Arc;

const MAGIC: &[u8; 4] = b"HDLT";
/// The version written.
pub const FORMAT_VERSION: u8 = 1;

const HAS_CAUSE: u8 = 32;
const SAME_PROCESS: u8 = 64;
const SAME_THREAD: u8 = 128;

impl Chunk {
    /// The chunk as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.bytes.extend_from_slice(MAGIC);
        w.byte(FORMAT_VERSION);
        w.byte(u8::from(self.replaces) | u8::from(self.complete) << 1);
        w.number(self.header.cores);
        w.number(self.header.switch_interval_ns);
        w.blob(self.header.python.as_bytes());
        w.length(self.first_string);
        w.length(self.strings.len());
        for text in &self.strings {
            w.blob(text.as_bytes());
        }
        w.number(self.end);
        w.bytes.extend_from_slice(&self.hash.0.to_le_bytes());
        w.number(self.fold_ns);
        w.length(self.events.len());
        let mut last = Last::default();
        for event in &self.events {
            write_event(&mut w, &mut last, event);
        }
        let checksum = hash_bytes(&w.bytes) as u32;
        w.bytes.extend_from_slice(&checksum.to_le_bytes());
        w.bytes
    }

    /// Reads what [`Chunk::encode`] wrote, by this version or an earlier one.
    ///
    /// # Errors
    /// Whatever is wrong with the bytes; nothing makes it panic or allocate more than a small multiple of them.
    pub fn decode(bytes: &[u8]) -> Result<Chunk, DecodeError> {
        let head = bytes.get(..bytes.len().min(4)).unwrap_or(&[]);
        if !MAGIC.starts_with(head) {
            return Err(DecodeError::NotATrace);
        }
        let version = *bytes.get(4).ok_or(DecodeError::Truncated)?;
        if version > FORMAT_VERSION {
            return Err(DecodeError::FutureVersion(version));
        }
        if version == 0 {
            return Err(DecodeError::NotATrace);
        }
        let body = bytes
            .len()
            .checked_sub(4)
            .filter(|n| *n >= 6)
            .ok_or(DecodeError::Truncated)?;
        let (body, checksum) = bytes.split_at(body);
        let mut r = Reader::new(body.get(5..).unwrap_or(&[]));
        let chunk = read_chunk(&mut r);
        // A chunk that is cut off reads as truncated, one that ends in order but sums up wrongly as altered.
        match chunk {
            Err(DecodeError::Truncated) => Err(DecodeError::Truncated),
            _ if (hash_bytes(body) as u32).to_le_bytes() != checksum => Err(DecodeError::Altered),
            Ok(_) if !r.is_empty() => Err(DecodeError::Malformed("something follows its end")),
            chunk => chunk,
        }
    }
}

impl Trace {
    /// The whole trace as bytes: one chunk that replaces everything.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let chunk = Chunk {
            header: self.header.clone(),
            first_string: 0,
            strings: self.strings.since(0).to_vec(),
            replaces: true,
            events: self.events.clone(),
            end: self.end,
            hash: self.hash,
            fold_ns: self.fold_ns,
            complete: self.complete,
        };
        chunk.encode()
    }

    /// Reads a stored trace.
    ///
    /// # Errors
    /// As [`Chunk::decode`]; a chunk that is not the first of its run is malformed.
    pub fn decode(bytes: &[u8]) -> Result<Trace, DecodeError> {
        let mut trace = Trace::default();
        trace
            .apply(Chunk::decode(bytes)?)
            .map_err(|_| DecodeError::Malformed("its beginning is missing"))?;
        Ok(trace)
    }
}

fn read_chunk(r: &mut Reader) -> Result<Chunk, DecodeError> {
    let flags = r.byte()?;
    if flags > 3 {
        return Err(DecodeError::Malformed("flags"));
    }
    let cores = u16::try_from(r.number()?).map_err(|_| DecodeError::Malformed("cores"))?;
    let header = Header {
        cores,
        switch_interval_ns: r.number()?,
        python: r.text()?.to_owned(),
    };
    let first_string = usize::try_from(r.small()?).map_err(|_| DecodeError::Malformed("strings"))?;
    let count = r.count(1)?;
    let mut strings = Vec::with_capacity(count);
    for _ in 0..count {
        strings.push(Arc::from(r.text()?));
    }
    let end = r.number()?;
    let mut hash = [0; 8];
    hash.copy_from_slice(r.take(8)?);
    let fold_ns = r.number()?;
    // The smallest event has three bytes.
    let count = r.count(3)?;
    let mut events = Vec::with_capacity(count);
    let mut last = Last::default();
    for _ in 0..count {
        events.push(read_event(r, &mut last)?);
    }
    Ok(Chunk {
        header,
        first_string,
        strings,
        replaces: flags & 1 != 0,
        events,
        end,
        hash: TraceHash(u64::from_le_bytes(hash)),
        fold_ns,
        complete: flags & 2 != 0,
    })
}

/// What an event is written relative to.
#[derive(Default)]
struct Last {
    time: u64,
    process: ProcessId,
    thread: ThreadId,
    sequences: BTreeMap<ProcessId, u32>,
}

impl Last {
    fn sequence(&self, process: ProcessId) -> i64 {
        self.sequences.get(&process).copied().unwrap_or(0).into()
    }

    fn see(&mut self, event: &Event) {
        self.time = event.time;
        self.process = event.id.process;
        self.thread = event.thread;
        self.sequences.insert(event.id.process, event.id.sequence);
    }
}

fn write_event(w: &mut Writer, last: &mut Last, event: &Event) {
    let process = event.id.process;
    let (same_process, same_thread) = (process == last.process, event.thread == last.thread);
    let mut head = event.kind.tag();
    head |= if event.cause.is_some() { HAS_CAUSE } else { 0 };
    head |= if same_process { SAME_PROCESS } else { 0 };
    head |= if same_thread { SAME_THREAD } else { 0 };
    w.byte(head);
    // Times never fall in a trace; were one to, it would be written as the one before.
    w.number(event.time.saturating_sub(last.time));
    if !same_process {
        w.number(process.0);
    }
    if !same_thread {
        w.number(event.thread.0);
    }
    w.signed(i64::from(event.id.sequence) - last.sequence(process));
    if let Some(cause) = event.cause {
        let delta = i64::from(event.id.sequence) - i64::from(cause.sequence);
        let zigzag = ((delta << 1) ^ (delta >> 63)).cast_unsigned();
        w.number(zigzag << 1 | u64::from(cause.process != process));
        if cause.process != process {
            w.number(cause.process.0);
        }
    }
    write_kind(w, &event.kind, event.time);
    last.see(event);
    last.time = last.time.max(event.time);
}

fn read_event(r: &mut Reader, last: &mut Last) -> Result<Event, DecodeError> {
    let head = r.byte()?;
    let time = last
        .time
        .checked_add(r.number()?)
        .ok_or(DecodeError::Malformed("a time is too late"))?;
    let process = if head & SAME_PROCESS != 0 {
        last.process
    } else {
        ProcessId(r.small()?)
    };
    let thread = if head & SAME_THREAD != 0 {
        last.thread
    } else {
        ThreadId(r.small()?)
    };
    let sequence = sequence(last.sequence(process), r.signed()?)?;
    let id = EventId { process, sequence };
    let cause = if head & HAS_CAUSE != 0 {
        Some(read_cause(r, id)?)
    } else {
        None
    };
    let kind = read_kind(r, head & 31, time)?;
    let event = Event {
        id,
        time,
        thread,
        kind,
        cause,
    };
    last.see(&event);
    Ok(event)
}

fn sequence(base: i64, delta: i64) -> Result<u32, DecodeError> {
    base.checked_add(delta)
        .and_then(|sequence| u32::try_from(sequence).ok())
        .ok_or(DecodeError::Malformed("an event's number"))
}

fn read_cause(r: &mut Reader, id: EventId) -> Result<EventId, DecodeError> {
    let word = r.number()?;
    let zigzag = word >> 1;
    let delta = (zigzag >> 1).cast_signed() ^ -((zigzag & 1).cast_signed());
    let process = if word & 1 != 0 {
        ProcessId(r.small()?)
    } else {
        id.process
    };
    Ok(EventId {
        process,
        sequence: sequence(id.sequence.into(), -delta)?,
    })
}

fn write_kind(w: &mut Writer, kind: &EventKind, time: u64) {
    match kind {
        EventKind::ProcessStart { parent, name } => {
            w.option(parent.map(|p| p.0));
            w.number(name.0);
        }
        EventKind::ProcessExit { status } => w.signed((*status).into()),
        EventKind::ThreadCreated { by, name, daemon } => {
            w.option(by.map(|t| t.0));
            w.number(name.0);
            w.byte((*daemon).into());
        }
        EventKind::ThreadStarted => {}
        EventKind::ThreadFinished { how } => w.byte(how.number()),
        EventKind::ThreadRenamed { name, target } => {
            w.number(name.0);
            w.number(target.0);
        }
        EventKind::State { state, label, line } => write_state(w, *state, *label, *line),
        EventKind::Ran(run) => {
            for n in [
                run.function.0,
                run.file.0,
                run.first_line,
                run.last_line,
                run.min_line,
                run.max_line,
            ] {
                w.number(n);
            }
        }
        EventKind::GilTake { gil } => w.number(gil.0),
        EventKind::GilDrop {
            gil,
            why,
            requested,
            line,
        } => {
            w.number(gil.0);
            w.byte(why.number() << 1 | u8::from(*requested));
            w.number(*line);
        }
        EventKind::GilRequest { gil, holder } => {
            w.number(gil.0);
            w.number(holder.0);
        }
        EventKind::LockAcquire { object } | EventKind::LockRelease { object } => w.number(object.0),
        EventKind::Wake { thread, object } => {
            w.number(thread.0);
            w.option(object.map(|o| o.0));
        }
        EventKind::ObjectNamed { object, class, name } => {
            w.number(object.0);
            w.byte(class.number());
            w.number(name.0);
        }
        EventKind::Output { stream, bytes } => {
            w.byte(stream.number());
            w.blob(bytes);
        }
        EventKind::Note { note, text } => {
            w.byte(note.number());
            w.number(text.0);
        }
        EventKind::Core { core, running } => {
            w.number(core.0);
            w.option(running.map(|key| key.process.0));
            w.number(running.map_or(0, |key| key.thread.0));
        }
        EventKind::Density { track, density } => {
            write_track(w, *track);
            write_density(w, density, time);
        }
    }
}

fn write_state(w: &mut Writer, state: ThreadState, label: StringId, line: u32) {
    let reason = if let ThreadState::Blocked(reason) = state {
        Some(reason)
    } else {
        None
    };
    // State in the low three bits, reason above.
    w.byte(state.number() | reason.map_or(0, BlockReason::number) << 3);
    match reason {
        Some(reason) => w.number(reason.operand()),
        None => {
            if let Some(core) = state.core() {
                w.number(core.0);
            }
        }
    }
    w.number(label.0);
    w.number(line);
}

fn read_state(r: &mut Reader) -> Result<EventKind, DecodeError> {
    let bad = DecodeError::Malformed("a thread's state");
    let byte = r.byte()?;
    let (number, reason) = (u64::from(byte & 7), u64::from(byte >> 3));
    let state = match number {
        3 => {
            let reason = BlockReason::from_number(reason, r.number()?).ok_or(bad)?;
            ThreadState::Blocked(reason)
        }
        0 | 4 if reason == 0 => {
            let core = CoreId(u16::try_from(r.number()?).map_err(|_| bad)?);
            ThreadState::from_number(number, core).ok_or(bad)?
        }
        _ if reason == 0 => ThreadState::from_number(number, CoreId(0)).ok_or(bad)?,
        _ => return Err(bad),
    };
    Ok(EventKind::State {
        state,
        label: StringId(r.small()?),
        line: r.small()?,
    })
}

fn read_kind(r: &mut Reader, tag: u8, time: u64) -> Result<EventKind, DecodeError> {
    let enumeration = DecodeError::Malformed("an unknown variant");
    Ok(match tag {
        1 => EventKind::ProcessStart {
            parent: r.option()?.map(ProcessId),
            name: StringId(r.small()?),
        },
        2 => EventKind::ProcessExit {
            status: i32::try_from(r.signed()?).map_err(|_| enumeration)?,
        },
        3 => EventKind::ThreadCreated {
            by: r.option()?.map(ThreadId),
            name: StringId(r.small()?),
            daemon: flag(r.byte()?)?,
        },
        4 => EventKind::ThreadStarted,
        5 => EventKind::ThreadFinished {
            how: Finish::from_number(r.byte()?).ok_or(enumeration)?,
        },
        6 => EventKind::ThreadRenamed {
            name: StringId(r.small()?),
            target: StringId(r.small()?),
        },
        7 => read_state(r)?,
        8 => EventKind::Ran(RunSummary {
            function: StringId(r.small()?),
            file: StringId(r.small()?),
            first_line: r.small()?,
            last_line: r.small()?,
            min_line: r.small()?,
            max_line: r.small()?,
        }),
        9 => EventKind::GilTake { gil: GilId(r.small()?) },
        10 => {
            let gil = GilId(r.small()?);
            let byte = r.byte()?;
            let why = DropWhy::from_number(byte >> 1).ok_or(enumeration)?;
            EventKind::GilDrop {
                gil,
                why,
                requested: byte & 1 != 0,
                line: r.small()?,
            }
        }
        11 => EventKind::GilRequest {
            gil: GilId(r.small()?),
            holder: ThreadId(r.small()?),
        },
        12 => EventKind::LockAcquire {
            object: ObjectId(r.small()?),
        },
        13 => EventKind::LockRelease {
            object: ObjectId(r.small()?),
        },
        14 => EventKind::Wake {
            thread: ThreadId(r.small()?),
            object: r.option()?.map(ObjectId),
        },
        15 => EventKind::ObjectNamed {
            object: ObjectId(r.small()?),
            class: ObjectClass::from_number(r.byte()?).ok_or(enumeration)?,
            name: StringId(r.small()?),
        },
        16 => EventKind::Output {
            stream: Stream::from_number(r.byte()?).ok_or(enumeration)?,
            bytes: Box::from(r.blob()?),
        },
        17 => EventKind::Note {
            note: Note::from_number(r.byte()?).ok_or(enumeration)?,
            text: StringId(r.small()?),
        },
        18 => {
            let core = CoreId(u16::try_from(r.number()?).map_err(|_| enumeration)?);
            let process = r.option()?.map(ProcessId);
            let thread = ThreadId(r.small()?);
            EventKind::Core {
                core,
                running: process.map(|process| ThreadKey { process, thread }),
            }
        }
        19 => {
            let track = read_track(r)?;
            EventKind::Density {
                track,
                density: Box::new(read_density(r, time)?),
            }
        }
        _ => return Err(enumeration),
    })
}

fn flag(byte: u8) -> Result<bool, DecodeError> {
    match byte {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::Malformed("a flag")),
    }
}

fn write_track(w: &mut Writer, track: TrackKey) {
    let (tag, process, number) = match track {
        TrackKey::Core(core) => (0, 0, core.0.into()),
        TrackKey::Gil(process, gil) => (1, process.0, gil.0),
        TrackKey::Thread(key) => (2, key.process.0, key.thread.0),
        TrackKey::Object(process, object) => (3, process.0, object.0),
    };
    w.byte(tag);
    w.number(process);
    w.number(number);
}

fn read_track(r: &mut Reader) -> Result<TrackKey, DecodeError> {
    let (tag, process, number) = (r.byte()?, ProcessId(r.small()?), r.small()?);
    let bad = DecodeError::Malformed("a track");
    Ok(match tag {
        0 => TrackKey::Core(CoreId(u16::try_from(number).map_err(|_| bad)?)),
        1 => TrackKey::Gil(process, GilId(number)),
        2 => TrackKey::Thread(ThreadKey {
            process,
            thread: ThreadId(number),
        }),
        3 => TrackKey::Object(process, ObjectId(number)),
        _ => return Err(bad),
    })
}

fn write_density(w: &mut Writer, density: &Density, time: u64) {
    w.number(density.until.saturating_sub(time));
    for n in [density.slices, density.forced, density.voluntary, density.requests] {
        w.number(n);
    }
    write_share_of(w, density.last);
    w.length(density.shares.len());
    for share in &density.shares {
        write_share_of(w, share.of);
        w.number(share.ns);
        w.number(share.slices);
    }
}

fn write_share_of(w: &mut Writer, of: ShareOf) {
    match of {
        ShareOf::Nobody => w.byte(0),
        ShareOf::State(class) => w.byte(1 + class as u8),
        ShareOf::Thread(key) => {
            w.byte(255);
            w.number(key.process.0);
            w.number(key.thread.0);
        }
    }
}

fn read_share_of(r: &mut Reader) -> Result<ShareOf, DecodeError> {
    Ok(match r.byte()? {
        0 => ShareOf::Nobody,
        255 => ShareOf::Thread(ThreadKey {
            process: ProcessId(r.small()?),
            thread: ThreadId(r.small()?),
        }),
        n => {
            let class = StateClass::ALL.get(usize::from(n) - 1);
            ShareOf::State(*class.ok_or(DecodeError::Malformed("a share"))?)
        }
    })
}

fn read_density(r: &mut Reader, time: u64) -> Result<Density, DecodeError> {
    let bad = DecodeError::Malformed("a density slice");
    let until = time.checked_add(r.number()?).ok_or(bad)?;
    let (slices, forced, voluntary, requests) = (r.number()?, r.number()?, r.number()?, r.number()?);
    let last = read_share_of(r)?;
    let count = r.count(3)?;
    let mut shares = Vec::with_capacity(count);
    for _ in 0..count {
        let of = read_share_of(r)?;
        shares.push(Share {
            of,
            ns: r.number()?,
            slices: r.number()?,
        });
    }
    Ok(Density {
        until,
        slices,
        forced,
        voluntary,
        requests,
        last,
        shares,
    })
}
