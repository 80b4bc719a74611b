//! Export as a table of comma-separated values, as RFC 4180 has it: a header, lines that end in CR LF, quotes around fields that need them.
//!
//! A row for each slice of every track, in order of time; times in nanoseconds of virtual time.

use crate::event::EventKind;
use crate::ids::{Nanos, TrackKey};
use crate::slices::{SliceOf, slices};
use crate::state::{StateClass, ThreadState};
use crate::tasks::await_chain;
use crate::told::Told;
use crate::trace::Trace;

/// The columns.
pub const CSV_COLUMNS: [&str; 13] = [
    "time_ns",
    "duration_ns",
    "process",
    "track",
    "kind",
    "state",
    "what",
    "reason",
    "core",
    "function",
    "file",
    "line",
    "last_line",
];

impl Trace {
    /// All slices as a table in the form of RFC 4180; its columns are [`CSV_COLUMNS`]. What does not apply is empty.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let told = Told::of(self);
        let mut rows: Vec<(Nanos, TrackKey, [String; 13])> = Vec::new();
        slices(self, |slice| {
            if let Some(row) = row(self, &told, &slice) {
                rows.push((slice.event.time, slice.track, row));
            }
        });
        rows.sort_by_key(|(at, track, _)| (*at, *track));
        let mut text = String::new();
        line(&mut text, CSV_COLUMNS.into_iter());
        for (.., row) in &rows {
            line(&mut text, row.iter().map(String::as_str));
        }
        text
    }
}

fn row(trace: &Trace, told: &Told, slice: &SliceOf) -> Option<[String; 13]> {
    let (what, state, _) = told.slice(slice)?;
    let (process, kind) = match slice.track {
        TrackKey::Core(_) => (None, "core"),
        TrackKey::Gil(process, _) => (Some(process), "GIL"),
        TrackKey::Thread(key) => (Some(key.process), "thread"),
        TrackKey::Object(process, _) => (Some(process), "lock"),
        TrackKey::Loop(process, _) => (Some(process), "event loop"),
        TrackKey::Task(process, _) => (Some(process), "task"),
    };
    let number = |number: u32| if number > 0 { number.to_string() } else { String::new() };
    let (mut reason, mut core) = (String::new(), String::new());
    let (mut function, mut file, mut first, mut last) = (String::new(), String::new(), 0, 0);
    match &slice.event.kind {
        EventKind::State { state, line, .. } => {
            (first, last) = (*line, *line);
            core = state.core().map_or(core, |core| core.0.to_string());
            if let (ThreadState::Blocked(why), Some(process)) = (state, process) {
                reason = told.reason(process, *why);
            }
        }
        EventKind::TaskState { chain, .. } => {
            if let Some(at) = await_chain(trace.text(*chain)).last() {
                (function, file) = (at.function.to_owned(), at.file.to_owned());
                (first, last) = (at.line, at.line);
            }
        }
        _ => {}
    }
    if let Some(EventKind::Ran(run)) = slice.run.and_then(|run| trace.events.get(run)).map(|event| &event.kind) {
        (function, file) = (trace.text(run.function).to_owned(), trace.text(run.file).to_owned());
        (first, last) = (run.min_line, run.max_line);
    }
    // The name of a state that is not called otherwise stands in its own column already.
    let what = if what == state || StateClass::ALL.iter().any(|class| class.word() == what) {
        String::new()
    } else {
        what
    };
    Some([
        slice.event.time.to_string(),
        slice.length().to_string(),
        process.map_or_else(String::new, |process| process.number().to_string()),
        told.track(slice.track),
        kind.to_owned(),
        state.to_owned(),
        what,
        reason,
        core,
        function,
        file,
        number(first),
        number(last),
    ])
}

/// One record.
fn line<'a>(text: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (n, field) in fields.enumerate() {
        if n > 0 {
            text.push(',');
        }
        if field.contains(['"', ',', '\r', '\n']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push_str("\r\n");
}
