//! Export to the processed profile format of the Firefox Profiler (JSON), which profiler.firefox.com opens.
//!
//! Written is version 48 of the format, as its repository documents it (`docs-developer/CHANGELOG-formats.md`, `src/types/profile.js` of
//! github.com/firefox-devtools/profiler); the profiler brings older versions up to date by itself. Every track is a thread of the profile: of the process
//! "machine" the cores, of each Python process its threads, GIL, locks, event loops and tasks. Slices are interval markers of the type `State`. The trace has
//! no samples of stacks: each stretch in which a thread runs is one sample, of the function in which it was at the end, with its duration as weight.
//! Times are ms, exact to the nanosecond.

use crate::event::{EventKind, RunSummary, Stream};
use crate::ids::{Nanos, TrackKey};
use crate::slices::{SliceOf, slices};
use crate::told::Told;
use crate::trace::Trace;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The version of the processed format.
pub const FIREFOX_VERSION: u32 = 48;

/// The categories: their names as exports call them, and colours the profiler knows. The first one is grey, which it requires.
const CATEGORIES: [(&str, &str); 12] = [
    ("Other", "grey"),
    ("running", "blue"),
    ("C code", "lightblue"),
    ("ready", "yellow"),
    ("wants GIL", "orange"),
    ("blocked", "red"),
    ("joining", "grey"),
    ("asleep", "transparent"),
    ("I/O", "transparent"),
    ("held", "green"),
    ("core", "green"),
    ("callback", "purple"),
];

/// Nanoseconds as ms: the shortest decimal that means this number has all six places that matter.
fn millis(ns: Nanos) -> f64 {
    ns as f64 / 1e6
}

#[derive(Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Markers {
    data: Vec<Value>,
    name: Vec<usize>,
    start_time: Vec<f64>,
    end_time: Vec<Option<f64>>,
    phase: Vec<u8>,
    category: Vec<usize>,
    length: usize,
}

#[derive(Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Samples {
    stack: Vec<Option<usize>>,
    time: Vec<f64>,
    weight: Vec<f64>,
    weight_type: &'static str,
    length: usize,
}

/// A track's strings, functions and markers.
#[derive(Default)]
struct Row {
    strings: Vec<String>,
    known: BTreeMap<String, usize>,
    functions: BTreeMap<(usize, Option<usize>), usize>,
    /// Function and line of each frame; a stack is one frame.
    frames: Vec<(usize, u32)>,
    frame_of: BTreeMap<(usize, u32), usize>,
    markers: Vec<(Nanos, Option<Nanos>, usize, usize, Value)>,
    samples: Vec<(Nanos, Nanos, usize)>,
    from: Nanos,
}

impl Row {
    fn string(&mut self, text: &str) -> usize {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        self.strings.push(text.to_owned());
        self.known.insert(text.to_owned(), self.strings.len() - 1);
        self.strings.len() - 1
    }

    fn mark(&mut self, from: Nanos, to: Option<Nanos>, name: &str, category: &str, data: Value) {
        let name = self.string(name);
        let category = CATEGORIES.iter().position(|(one, _)| *one == category).unwrap_or(0);
        self.markers.push((from, to, name, category, data));
    }

    fn sample(&mut self, trace: &Trace, at: Nanos, length: Nanos, run: &RunSummary) {
        let name = self.string(trace.text(run.function));
        let file = match trace.text(run.file) {
            "" => None,
            file => Some(self.string(file)),
        };
        let next = self.functions.len();
        let function = *self.functions.entry((name, file)).or_insert(next);
        let key = (function, run.last_line);
        let frame = match self.frame_of.get(&key) {
            Some(frame) => *frame,
            None => {
                self.frames.push(key);
                self.frame_of.insert(key, self.frames.len() - 1);
                self.frames.len() - 1
            }
        };
        self.samples.push((at, length, frame));
    }
}

impl Trace {
    /// The trace in the processed profile format of the Firefox Profiler.
    #[must_use]
    pub fn to_firefox(&self) -> String {
        let told = Told::of(self);
        let mut rows: BTreeMap<TrackKey, Row> = BTreeMap::new();
        slices(self, |slice| {
            add(self, &told, rows.entry(slice.track).or_default(), &slice)
        });
        instants(self, &mut rows);
        let categories: Vec<_> = CATEGORIES
            .iter()
            .map(|(name, color)| json!({ "name": name, "color": color, "subcategories": ["Other"] }))
            .collect();
        let fields = ["state", "reason", "line", "lines", "file", "text"];
        let fields: Vec<_> = fields
            .iter()
            .map(|key| json!({ "key": key, "label": key, "format": "string", "searchable": true }))
            .collect();
        let meta = json!({
            "interval": 1,
            "startTime": 0,
            "endTime": millis(self.end),
            "abi": "",
            "misc": "",
            "oscpu": format!("{} simulated cores", self.header.cores),
            "platform": "Heddle",
            "processType": 0,
            "categories": categories,
            "product": format!("Python {} in Heddle", self.header.python),
            "stackwalk": 0,
            "debug": false,
            "toolkit": "",
            "version": 29,
            "preprocessedProfileVersion": FIREFOX_VERSION,
            "importedFrom": "Heddle",
            "symbolicated": true,
            "usesOnlyOneStackType": true,
            "doesNotUseFrameImplementation": true,
            "sourceCodeIsNotOnSearchfox": true,
            "logicalCPUs": self.header.cores,
            "physicalCPUs": self.header.cores,
            "markerSchema": [{
                "name": "State",
                "display": ["marker-chart", "marker-table", "timeline-overview"],
                "chartLabel": "{marker.name}",
                "tooltipLabel": "{marker.name}",
                "tableLabel": "{marker.data.state} {marker.data.reason}",
                "data": fields,
            }],
        });
        let mut text = format!("{{\"meta\":{meta},\"libs\":[],\"pages\":[],\"counters\":[],\"threads\":[");
        for (n, (track, row)) in rows.into_iter().enumerate() {
            text.push_str(if n > 0 { ",\n" } else { "\n" });
            text.push_str(&thread(self, &told, track, row, n));
        }
        text.push_str("\n]}\n");
        text
    }
}

fn add(trace: &Trace, told: &Told, row: &mut Row, slice: &SliceOf) {
    if row.markers.is_empty() {
        row.from = slice.event.time;
    }
    let Some((name, category, mut data)) = told.slice(slice) else {
        return;
    };
    data["type"] = "State".into();
    if let (
        EventKind::State {
            state: crate::ThreadState::Blocked(reason),
            ..
        },
        TrackKey::Thread(key),
    ) = (&slice.event.kind, slice.track)
    {
        data["reason"] = told.reason(key.process, *reason).into();
    }
    row.mark(slice.event.time, Some(slice.end), &name, category, data);
    if let Some(EventKind::Ran(run)) = slice.run.and_then(|run| trace.events.get(run)).map(|event| &event.kind)
        && !trace.text(run.function).is_empty()
    {
        row.sample(trace, slice.event.time, slice.length(), run);
    }
}

/// What a program writes, and notes.
fn instants(trace: &Trace, rows: &mut BTreeMap<TrackKey, Row>) {
    for event in &trace.events {
        let (name, text) = match &event.kind {
            EventKind::Output { stream, bytes } => {
                let name = if *stream == Stream::Stdout { "stdout" } else { "stderr" };
                (name.to_owned(), String::from_utf8_lossy(bytes).into_owned())
            }
            EventKind::Note { note, text } => (format!("{note:?}"), trace.text(*text).to_owned()),
            _ => continue,
        };
        let row = rows.entry(TrackKey::Thread(event.key())).or_default();
        row.mark(
            event.time,
            None,
            &name,
            "Other",
            json!({ "type": "State", "text": text }),
        );
    }
}

fn thread(trace: &Trace, told: &Told, track: TrackKey, mut row: Row, number: usize) -> String {
    let (pid, process_name) = match track {
        TrackKey::Core(_) => ("machine".to_owned(), "machine".to_owned()),
        TrackKey::Thread(crate::ThreadKey { process, .. })
        | TrackKey::Gil(process, _)
        | TrackKey::Object(process, _)
        | TrackKey::Loop(process, _)
        | TrackKey::Task(process, _) => (process.number().to_string(), told.process(process.number())),
    };
    let is_main = matches!(track, TrackKey::Thread(key) if key.thread.0 == 0)
        || matches!(track, TrackKey::Core(core) if core.0 == 0);
    // The profiler searches these tables by time.
    row.markers.sort_by_key(|(from, ..)| *from);
    row.samples.sort_by_key(|(at, ..)| *at);
    let mut markers = Markers {
        length: row.markers.len(),
        ..Markers::default()
    };
    for (from, to, name, category, data) in row.markers {
        markers.data.push(data);
        markers.name.push(name);
        markers.start_time.push(millis(from));
        markers.end_time.push(to.map(millis));
        // 0: an instant, 1: an interval.
        markers.phase.push(u8::from(to.is_some()));
        markers.category.push(category);
    }
    let mut samples = Samples {
        weight_type: "tracing-ms",
        length: row.samples.len(),
        ..Samples::default()
    };
    for (at, length, frame) in row.samples {
        samples.stack.push(Some(frame));
        samples.time.push(millis(at));
        samples.weight.push(millis(length));
    }
    let mut functions: Vec<_> = row.functions.into_iter().collect();
    functions.sort_by_key(|(_, index)| *index);
    let functions: Vec<_> = functions.into_iter().map(|(key, _)| key).collect();
    let (count, frames) = (functions.len(), row.frames.len());
    let running = CATEGORIES.iter().position(|(name, _)| *name == "running").unwrap_or(0);
    let nulls = |count: usize| vec![Value::Null; count];
    let line = |line: u32| if line > 0 { json!(line) } else { Value::Null };
    let tables = json!({
        "processType": if is_main { "default" } else { "tab" },
        "processName": process_name,
        "name": told.track(track),
        "isMainThread": is_main,
        "pid": pid,
        "tid": number,
        "pausedRanges": [],
        "processShutdownTime": null,
        "unregisterTime": null,
        "stringArray": row.strings,
        "stackTable": {
            "frame": (0..frames).collect::<Vec<_>>(),
            "category": vec![running; frames],
            "subcategory": vec![0; frames],
            "prefix": nulls(frames),
            "length": frames,
        },
        "frameTable": {
            "address": vec![-1; frames],
            "inlineDepth": vec![0; frames],
            "category": vec![running; frames],
            "subcategory": vec![0; frames],
            "func": row.frames.iter().map(|(function, _)| *function).collect::<Vec<_>>(),
            "nativeSymbol": nulls(frames),
            "innerWindowID": nulls(frames),
            "implementation": nulls(frames),
            "line": row.frames.iter().map(|(_, at)| line(*at)).collect::<Vec<_>>(),
            "column": nulls(frames),
            "length": frames,
        },
        "funcTable": {
            "name": functions.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            "isJS": vec![false; count],
            "relevantForJS": vec![false; count],
            "resource": vec![-1; count],
            "fileName": functions.iter().map(|(_, file)| *file).collect::<Vec<_>>(),
            "lineNumber": nulls(count),
            "columnNumber": nulls(count),
            "length": count,
        },
        "resourceTable": { "lib": [], "name": [], "host": [], "type": [], "length": 0 },
        "nativeSymbols": { "libIndex": [], "address": [], "name": [], "functionSize": [], "length": 0 },
    });
    let Value::Object(mut tables) = tables else {
        unreachable!("written as an object above")
    };
    tables.insert("processStartupTime".to_owned(), json!(0.0));
    tables.insert("registerTime".to_owned(), json!(millis(row.from.min(trace.end))));
    tables.insert("markers".to_owned(), json!(markers));
    tables.insert("samples".to_owned(), json!(samples));
    Value::Object(tables).to_string()
}
