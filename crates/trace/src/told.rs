//! What exports say of slices and tracks: names, categories, details.

use crate::event::EventKind;
use crate::ids::{GilId, ProcessId, TaskId, ThreadKey, TrackKey};
use crate::slices::SliceOf;
use crate::state::{BlockReason, StateClass, ThreadState};
use crate::stats::Names;
use crate::tasks::{LoopState, TaskState, await_chain};
use crate::trace::Trace;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

/// A trace, with the names of what is in it.
pub(crate) struct Told<'a> {
    trace: &'a Trace,
    names: Names,
    tasks: FxHashMap<(ProcessId, TaskId), String>,
}

impl<'a> Told<'a> {
    pub fn of(trace: &'a Trace) -> Told<'a> {
        let created = trace.events.iter().filter_map(|event| match event.kind {
            EventKind::TaskCreated { task, name, .. } => Some(((event.id.process, task), trace.text(name).to_owned())),
            _ => None,
        });
        Told {
            trace,
            names: Names::of(trace),
            tasks: created.collect(),
        }
    }

    /// A track's name.
    pub fn track(&self, track: TrackKey) -> String {
        match track {
            TrackKey::Core(core) => format!("core {}", core.0),
            TrackKey::Gil(_, GilId(0)) => "GIL".to_owned(),
            TrackKey::Gil(_, gil) => format!("GIL of interpreter {}", gil.0),
            TrackKey::Thread(key) => self.names.thread(key),
            TrackKey::Object(process, object) => self.names.object(process, object),
            TrackKey::Loop(_, event_loop) => format!("event loop {}", event_loop.0),
            TrackKey::Task(process, task) => match self.tasks.get(&(process, task)) {
                Some(name) => format!("task {name}"),
                None => format!("task {}", task.0),
            },
        }
    }

    /// The program that a process ran last.
    pub fn process(&self, pid: u32) -> String {
        let name = self.trace.events.iter().rev().find_map(|event| match event.kind {
            EventKind::ProcessStart { name, .. } | EventKind::Exec { program: name }
                if event.id.process.number() == pid =>
            {
                Some(self.trace.text(name).to_owned())
            }
            _ => None,
        });
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("process {pid}"))
    }

    /// What a blocked thread waits for: the variant's words with the object's name, the thread or the descriptor.
    pub fn reason(&self, process: ProcessId, reason: BlockReason) -> String {
        let debug = format!("{reason:?}");
        let mut words = String::new();
        for letter in debug.chars().take_while(|letter| letter.is_ascii_alphanumeric()) {
            if letter.is_ascii_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.push(letter.to_ascii_lowercase());
        }
        match reason {
            BlockReason::Join { thread } | BlockReason::ThreadStart { thread } => {
                format!("{words} {}", self.names.thread(ThreadKey { process, thread }))
            }
            BlockReason::Read { fd }
            | BlockReason::Write { fd }
            | BlockReason::Accept { fd }
            | BlockReason::Connect { fd }
            | BlockReason::FileLock { fd } => format!("{words} {fd}"),
            BlockReason::WaitPid { process: Some(pid) } => format!("{words} {}", pid.number()),
            reason => match reason.object() {
                Some(object) => format!("{words} {}", self.names.object(process, object)),
                None => words,
            },
        }
    }

    /// Name, category and details of a slice; `None` for what is drawn as a gap.
    pub fn slice(&self, slice: &SliceOf) -> Option<(String, &'static str, Value)> {
        match &slice.event.kind {
            EventKind::State { state, label, line } => {
                let class = state.class();
                if class == StateClass::Finished {
                    return None;
                }
                let mut args = json!({ "state": class.word() });
                if let ThreadState::Blocked(reason) = state {
                    args["reason"] = format!("{reason:?}").into();
                }
                if *line > 0 {
                    args["line"] = (*line).into();
                }
                let mut name = class.word().to_owned();
                if let Some(EventKind::Ran(run)) = slice.run.and_then(|run| self.trace.events.get(run)).map(|e| &e.kind)
                {
                    let function = self.trace.text(run.function);
                    if !function.is_empty() {
                        name = function.to_owned();
                        args["file"] = self.trace.text(run.file).into();
                    }
                    if run.min_line > 0 {
                        args["lines"] = format!("{}-{}", run.min_line, run.max_line).into();
                    }
                } else if !label.is_empty() {
                    name = self.trace.text(*label).to_owned();
                }
                Some((name, class.word(), args))
            }
            EventKind::GilTake { .. } | EventKind::LockAcquire { .. } => {
                Some((self.names.thread(slice.event.key()), "held", json!({})))
            }
            EventKind::Core { running: Some(key), .. } => Some((self.names.thread(*key), "core", json!({}))),
            EventKind::LoopState { state, .. } => match state {
                LoopState::Stopped => None,
                LoopState::Turn { ready } => Some(("turn".to_owned(), "loop", json!({ "ready": ready }))),
                LoopState::Select { until } => Some(("select".to_owned(), "idle", json!({ "until_ns": until }))),
                LoopState::Callback { name, ready, .. } => {
                    Some((self.trace.text(*name).to_owned(), "callback", json!({ "ready": ready })))
                }
            },
            EventKind::TaskState {
                state, label, chain, ..
            } => {
                let class = state.class();
                if class == StateClass::Finished {
                    return None;
                }
                let chain: Vec<_> = await_chain(self.trace.text(*chain))
                    .map(|row| format!("{}, {}:{}", row.function, row.file, row.line))
                    .collect();
                let mut args = json!({ "state": class.word(), "chain": chain });
                if let TaskState::Awaiting(reason) = state {
                    args["awaits"] = format!("{reason:?}").into();
                }
                let name = match self.trace.text(*label) {
                    "" => class.word().to_owned(),
                    label => label.to_owned(),
                };
                Some((name, class.word(), args))
            }
            EventKind::Density { density, .. } => {
                let shares: Vec<_> = density
                    .shares
                    .iter()
                    .map(|s| format!("{:?}: {} ns in {}", s.of, s.ns, s.slices))
                    .collect();
                let name = format!("{} slices", density.slices);
                Some((
                    name,
                    "folded",
                    json!({ "shares": shares, "forced": density.forced, "voluntary": density.voluntary }),
                ))
            }
            _ => None,
        }
    }
}
