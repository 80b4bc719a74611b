//! Export to the Trace Event Format (JSON), which ui.perfetto.dev and chrome://tracing open.
//!
//! Rows: a process "machine" with the cores; each Python process with its GIL, threads, event loops and their tasks. Slices are complete events
//! (`X`), causes are flows (`s`, `f`), output and notes are instants (`i`). Times are µs with three decimals, so exact.

use crate::event::{Event, EventKind, Stream};
use crate::ids::{EventId, Nanos, TrackKey};
use crate::slices::{SliceOf, slices};
use crate::told::Told;
use crate::trace::Trace;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The process number under which the cores stand; no Python process gets as far.
const MACHINE: u32 = 1_000_000_000;
/// Rows of a process: the GIL first, then threads, then locks.
const GIL_ROW: u64 = 1;
const THREAD_ROW: u64 = 10;
const LOCK_ROW: u64 = 1 << 33;
const LOOP_ROW: u64 = 1 << 34;
const TASK_ROW: u64 = 1 << 35;

impl Trace {
    /// The trace in the Trace Event Format.
    #[must_use]
    pub fn to_perfetto(&self) -> String {
        let mut export = Export {
            trace: self,
            told: Told::of(self),
            rows: BTreeSet::new(),
            events: Vec::new(),
        };
        slices(self, |slice| export.slice(&slice));
        export.flows();
        export.instants();
        export.metadata();
        let other = json!({
            "program": "Heddle",
            "python": self.header.python,
            "cores": self.header.cores,
            "hash": self.hash.to_string(),
            "folded_below_ns": self.fold_ns,
        });
        let mut text = String::from("{\"displayTimeUnit\":\"ns\",\"otherData\":");
        text.push_str(&other.to_string());
        text.push_str(",\"traceEvents\":[\n");
        for (n, event) in export.events.iter().enumerate() {
            text.push_str(if n > 0 { ",\n" } else { "" });
            text.push_str(event);
        }
        text.push_str("\n]}\n");
        text
    }
}

struct Export<'a> {
    trace: &'a Trace,
    told: Told<'a>,
    /// The rows used: process and row, with the track.
    rows: BTreeSet<(u32, u64, TrackKey)>,
    events: Vec<String>,
}

/// Nanoseconds as µs, exactly: a JSON number.
fn micros(ns: Nanos) -> String {
    format!("{}.{:03}", ns / 1_000, ns % 1_000)
}

fn row(track: TrackKey) -> (u32, u64) {
    match track {
        TrackKey::Core(core) => (MACHINE, u64::from(core.0) + 1),
        TrackKey::Gil(process, gil) => (process.number(), GIL_ROW + u64::from(gil.0.min(8))),
        TrackKey::Thread(key) => (key.process.number(), THREAD_ROW + u64::from(key.thread.0)),
        TrackKey::Object(process, object) => (process.number(), LOCK_ROW + u64::from(object.0)),
        TrackKey::Loop(process, event_loop) => (process.number(), LOOP_ROW + u64::from(event_loop.0)),
        TrackKey::Task(process, task) => (process.number(), TASK_ROW + u64::from(task.0)),
    }
}

impl Export<'_> {
    /// One event; times are put in as text so that they stay exact.
    fn push(&mut self, phase: &str, at: Nanos, row: (u32, u64), name: &str, more: &str) {
        let name = Value::from(name);
        let (pid, tid) = row;
        let ts = micros(at);
        self.events.push(format!(
            "{{\"ph\":\"{phase}\",\"ts\":{ts},\"pid\":{pid},\"tid\":{tid},\"name\":{name}{more}}}"
        ));
    }

    fn slice(&mut self, slice: &SliceOf) {
        let place = row(slice.track);
        self.rows.insert((place.0, place.1, slice.track));
        let Some((name, category, args)) = self.told.slice(slice) else {
            return;
        };
        let more = format!(
            ",\"dur\":{},\"cat\":\"{category}\",\"args\":{args}",
            micros(slice.length())
        );
        self.push("X", slice.event.time, place, &name, &more);
    }

    /// An arrow from each cause in another thread to what it caused.
    fn flows(&mut self) {
        let trace = self.trace;
        let is_cause: FxHashMap<EventId, ()> = trace
            .events
            .iter()
            .filter_map(|event| event.cause)
            .map(|id| (id, ()))
            .collect();
        let origins: FxHashMap<EventId, &Event> = trace
            .events
            .iter()
            .filter(|event| is_cause.contains_key(&event.id))
            .map(|event| (event.id, event))
            .collect();
        let mut number = 0u64;
        for event in &trace.events {
            let Some(origin) = event.cause.and_then(|cause| origins.get(&cause)) else {
                continue;
            };
            if let EventKind::TaskState { .. } = event.kind {
                self.task_flow(origin, event, &mut number);
            }
            let EventKind::State { .. } = event.kind else { continue };
            let from = match origin.kind {
                EventKind::ThreadCreated { by: Some(by), .. } => crate::ThreadKey {
                    process: origin.id.process,
                    thread: by,
                },
                _ => origin.key(),
            };
            if from == event.key() {
                continue;
            }
            number += 1;
            let id = format!(",\"cat\":\"cause\",\"id\":{number}");
            // A flow binds to the slice that encloses it: step back into the one that the cause ends.
            self.push(
                "s",
                origin.time.saturating_sub(1),
                row(TrackKey::Thread(from)),
                "cause",
                &id,
            );
            self.push(
                "f",
                event.time,
                row(TrackKey::Thread(event.key())),
                "cause",
                &format!("{id},\"bp\":\"e\""),
            );
        }
    }

    /// An arrow to a task's state: from the task or loop during whose state it came about.
    fn task_flow(&mut self, origin: &Event, event: &Event, number: &mut u64) {
        let from = origin.track().filter(|track| Some(*track) != event.track());
        let (Some(from), Some(to)) = (from, event.track()) else {
            return;
        };
        *number += 1;
        let id = format!(",\"cat\":\"cause\",\"id\":{number}");
        self.push("s", event.time.saturating_sub(1), row(from), "cause", &id);
        self.push("f", event.time, row(to), "cause", &format!("{id},\"bp\":\"e\""));
    }

    fn instants(&mut self) {
        for event in &self.trace.events {
            let place = row(TrackKey::Thread(event.key()));
            match &event.kind {
                EventKind::Output { stream, bytes } => {
                    let name = if *stream == Stream::Stdout { "stdout" } else { "stderr" };
                    let text = String::from_utf8_lossy(bytes);
                    self.push(
                        "i",
                        event.time,
                        place,
                        name,
                        &format!(",\"s\":\"t\",\"args\":{}", json!({ "text": text })),
                    );
                }
                EventKind::Note { note, text } => {
                    let args = json!({ "text": self.trace.text(*text) });
                    self.push(
                        "i",
                        event.time,
                        place,
                        &format!("{note:?}"),
                        &format!(",\"s\":\"p\",\"args\":{args}"),
                    );
                }
                EventKind::TaskCancel { task } => {
                    let place = row(TrackKey::Task(event.id.process, *task));
                    self.push("i", event.time, place, "cancel", ",\"s\":\"t\"");
                }
                EventKind::GilRequest { .. } => self.push("i", event.time, place, "asks for the GIL", ",\"s\":\"t\""),
                _ => {}
            }
        }
    }

    fn metadata(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let mut processes: BTreeSet<u32> = BTreeSet::new();
        for (pid, tid, track) in rows {
            processes.insert(pid);
            let name = self.told.track(track);
            self.describe_row("thread_name", (pid, tid), &json!({ "name": name }));
            self.describe_row("thread_sort_index", (pid, tid), &json!({ "sort_index": tid }));
        }
        for pid in processes {
            let name = if pid == MACHINE {
                "machine".to_owned()
            } else {
                self.told.process(pid)
            };
            self.describe_row("process_name", (pid, 0), &json!({ "name": name }));
            self.describe_row(
                "process_sort_index",
                (pid, 0),
                &json!({ "sort_index": if pid == MACHINE { -1 } else { i64::from(pid) } }),
            );
        }
    }

    fn describe_row(&mut self, what: &str, row: (u32, u64), args: &Value) {
        self.push("M", 0, row, what, &format!(",\"args\":{args}"));
    }
}
