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
use crate::encode_kind::{read_kind, write_kind};
use crate::event::Event;
use crate::hash::{TraceHash, hash_bytes};
use crate::ids::{EventId, ProcessId, ThreadId};
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
