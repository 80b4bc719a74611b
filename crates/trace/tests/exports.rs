//! Exports against the formats as they are published.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use heddle_trace::*;
use serde_json::Value;
use support::{noise, turns};

fn samples() -> Vec<Trace> {
    let few = Budget {
        events: 60,
        ..Budget::default()
    };
    vec![
        turns(Budget::default(), 8).trace(),
        turns(few, 300).trace(),
        noise(4, 300),
        Trace::default(),
    ]
}

/// RFC 4180, section 2: records end in CR LF, fields may stand in quotes, a quote in a quoted field is doubled; anything else is refused.
fn read_csv(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut record = Vec::new();
        loop {
            let field = if let Some(quoted) = rest.strip_prefix('"') {
                let mut field = String::new();
                rest = quoted;
                loop {
                    let (before, after) = rest.split_once('"').expect("a quoted field has an end");
                    field.push_str(before);
                    rest = after;
                    match rest.strip_prefix('"') {
                        Some(after) => {
                            field.push('"');
                            rest = after;
                        }
                        None => break field,
                    }
                }
            } else {
                let end = rest.find([',', '\r', '\n', '"']).expect("the last record has an end");
                let (field, after) = rest.split_at(end);
                rest = after;
                field.to_owned()
            };
            record.push(field);
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => break,
            }
        }
        rest = rest.strip_prefix("\r\n").expect("a record ends in CR LF");
        records.push(record);
    }
    records
}

#[test]
fn csv_is_that_of_rfc_4180() {
    for trace in samples() {
        let records = read_csv(&trace.to_csv());
        assert_eq!(records[0], CSV_COLUMNS);
        assert!(records.iter().all(|record| record.len() == CSV_COLUMNS.len()));
        let number = |record: &Vec<String>, column: usize| record[column].parse::<u64>().unwrap();
        let rows = &records[1..];
        assert!(rows.is_sorted_by_key(|row| number(row, 0)));
        assert!(
            rows.iter()
                .all(|row| number(row, 0) + number(row, 1) <= trace.end.max(number(row, 0)))
        );
    }
}

#[test]
fn csv_says_what_threads_do() {
    let records = read_csv(&turns(Budget::default(), 3).trace().to_csv());
    let running: Vec<_> = records
        .iter()
        .filter(|row| row[3] == "T1" && row[5] == "running")
        .collect();
    assert!(!running.is_empty());
    for row in running {
        assert_eq!(
            (row[4].as_str(), row[9].as_str(), row[10].as_str()),
            ("thread", "countdown", "main.py"),
            "{row:?}"
        );
        assert!(row[11].parse::<u32>().unwrap() <= row[12].parse::<u32>().unwrap());
    }
    assert!(records.iter().any(|row| row[3] == "T1" && row[5] == "wants GIL"));
}

#[test]
fn csv_fields_with_commas_quotes_and_lines_come_back() {
    let mut recorder = Recorder::new(support::header(), Budget::default());
    let [file, name, label] = ["main.py", "a \"b\", c", "first\r\nsecond"].map(|text| recorder.intern(text));
    let (process, thread) = (support::P, ThreadId(0));
    let start = EventKind::ProcessStart {
        parent: None,
        name: file,
    };
    recorder.record(0, process, thread, start, None);
    recorder.record(
        0,
        process,
        thread,
        EventKind::ThreadRenamed {
            name,
            target: StringId::EMPTY,
        },
        None,
    );
    let state = ThreadState::Blocked(BlockReason::Lock { object: ObjectId(7) });
    recorder.record(10, process, thread, EventKind::State { state, label, line: 3 }, None);
    recorder.finish(20);
    let records = read_csv(&recorder.trace().to_csv());
    let row = records.iter().find(|row| row[5] == "blocked").unwrap();
    assert_eq!(
        (row[3].as_str(), row[6].as_str(), row[7].as_str()),
        ("a \"b\", c", "first\r\nsecond", "lock lock 7")
    );
    assert_eq!((row[0].as_str(), row[1].as_str(), row[11].as_str()), ("10", "10", "3"));
}

/// The columns of a table: all as long as it says.
fn table<'a>(thread: &'a Value, name: &str, columns: &[&str]) -> (&'a Value, usize) {
    let table = &thread[name];
    let length = usize::try_from(table["length"].as_u64().unwrap()).unwrap();
    for column in columns {
        assert_eq!(
            table[column]
                .as_array()
                .unwrap_or_else(|| panic!("{name}.{column}"))
                .len(),
            length,
            "{name}.{column}"
        );
    }
    (table, length)
}

/// A column's numbers are indices into something of this length; null (or -1) where that is allowed.
fn indices(column: &Value, below: usize, absent: bool) {
    for index in column.as_array().unwrap() {
        match index.as_u64() {
            Some(index) => assert!(usize::try_from(index).unwrap() < below, "{index} of {below}"),
            None => assert!(absent && (index.is_null() || *index == -1), "{index}"),
        }
    }
}

fn times(column: &Value) -> Vec<f64> {
    column
        .as_array()
        .unwrap()
        .iter()
        .map(|time| time.as_f64().unwrap())
        .collect()
}

/// Version 48 of the processed format: every field that `src/types/profile.js` does not mark as optional, tables whose columns are equally long,
/// indices within their tables, times that rise.
#[test]
fn firefox_profiles_are_version_48() {
    for trace in samples() {
        let profile: Value = serde_json::from_str(&trace.to_firefox()).unwrap();
        let meta = &profile["meta"];
        assert_eq!(meta["preprocessedProfileVersion"], FIREFOX_VERSION);
        for field in ["interval", "startTime", "processType", "stackwalk", "version"] {
            assert!(meta[field].is_number(), "meta.{field}");
        }
        assert!(meta["product"].is_string() && profile["libs"].as_array().unwrap().is_empty());
        let categories = meta["categories"].as_array().unwrap();
        assert!(
            categories.iter().any(|one| one["color"] == "grey"),
            "the default category is grey"
        );
        assert!(
            categories
                .iter()
                .all(|one| one["name"].is_string() && one["subcategories"][0] == "Other")
        );
        let colours = [
            "transparent",
            "purple",
            "green",
            "orange",
            "yellow",
            "lightblue",
            "blue",
            "brown",
            "magenta",
            "red",
            "lightred",
            "darkgrey",
            "grey",
        ];
        assert!(
            categories
                .iter()
                .all(|one| colours.contains(&one["color"].as_str().unwrap()))
        );
        let schemas = meta["markerSchema"].as_array().unwrap();
        assert!(
            schemas
                .iter()
                .all(|one| one["name"].is_string() && one["display"].is_array() && one["data"].is_array())
        );
        let threads = profile["threads"].as_array().unwrap();
        let mut numbers = std::collections::BTreeSet::new();
        for thread in threads {
            for field in ["processType", "name", "pid"] {
                assert!(thread[field].is_string(), "{field}");
            }
            assert!(thread["isMainThread"].is_boolean() && thread["pausedRanges"].is_array());
            assert!(thread["processStartupTime"].is_number() && thread["registerTime"].is_number());
            assert!(thread["processShutdownTime"].is_null() && thread["unregisterTime"].is_null());
            assert!(numbers.insert(thread["tid"].as_u64().unwrap()));
            let strings = thread["stringArray"].as_array().unwrap();
            assert!(strings.iter().all(Value::is_string));

            let (functions, function_count) = table(
                thread,
                "funcTable",
                &[
                    "name",
                    "isJS",
                    "relevantForJS",
                    "resource",
                    "fileName",
                    "lineNumber",
                    "columnNumber",
                ],
            );
            indices(&functions["name"], strings.len(), false);
            indices(&functions["fileName"], strings.len(), true);
            let (frames, frame_count) = table(
                thread,
                "frameTable",
                &[
                    "address",
                    "inlineDepth",
                    "category",
                    "subcategory",
                    "func",
                    "nativeSymbol",
                    "innerWindowID",
                    "implementation",
                    "line",
                    "column",
                ],
            );
            indices(&frames["func"], function_count, false);
            indices(&frames["category"], categories.len(), true);
            let (stacks, stack_count) = table(thread, "stackTable", &["frame", "category", "subcategory", "prefix"]);
            indices(&stacks["frame"], frame_count, false);
            indices(&stacks["category"], categories.len(), false);
            for (at, prefix) in stacks["prefix"].as_array().unwrap().iter().enumerate() {
                assert!(
                    prefix.as_u64().is_none_or(|prefix| prefix < at as u64),
                    "a prefix comes before its stack"
                );
            }
            let (samples, _) = table(thread, "samples", &["stack", "time", "weight"]);
            assert_eq!(samples["weightType"], "tracing-ms");
            indices(&samples["stack"], stack_count, true);
            assert!(times(&samples["time"]).is_sorted());
            let (markers, _) = table(
                thread,
                "markers",
                &["data", "name", "startTime", "endTime", "phase", "category"],
            );
            indices(&markers["name"], strings.len(), false);
            indices(&markers["category"], categories.len(), false);
            let starts = times(&markers["startTime"]);
            assert!(starts.is_sorted());
            for (at, phase) in markers["phase"].as_array().unwrap().iter().enumerate() {
                let end = &markers["endTime"][at];
                match phase.as_u64().unwrap() {
                    0 => assert!(end.is_null()),
                    1 => assert!(end.as_f64().unwrap() >= starts[at]),
                    phase => panic!("phase {phase}"),
                }
                let kind = markers["data"][at]["type"].as_str().unwrap();
                assert!(schemas.iter().any(|schema| schema["name"] == kind));
            }
            table(thread, "resourceTable", &["lib", "name", "host", "type"]);
            table(
                thread,
                "nativeSymbols",
                &["libIndex", "address", "name", "functionSize"],
            );
        }
    }
}

#[test]
fn firefox_times_are_exact_and_weights_are_durations() {
    let trace = turns(Budget::default(), 3).trace();
    let profile: Value = serde_json::from_str(&trace.to_firefox()).unwrap();
    let threads = profile["threads"].as_array().unwrap();
    let thread = threads.iter().find(|thread| thread["name"] == "T1").unwrap();
    let ns = |ms: &Value| (ms.as_f64().unwrap() * 1e6).round() as u64;
    let text = |index: &Value| {
        thread["stringArray"][usize::try_from(index.as_u64().unwrap()).unwrap()]
            .as_str()
            .unwrap()
    };
    let csv = read_csv(&trace.to_csv());
    let rows: Vec<_> = csv.iter().filter(|row| row[3] == "T1" && row[4] == "thread").collect();
    let markers = &thread["markers"];
    assert_eq!(markers["length"], rows.len());
    for (at, row) in rows.iter().enumerate() {
        let (start, end) = (ns(&markers["startTime"][at]), ns(&markers["endTime"][at]));
        assert_eq!(
            (start.to_string(), (end - start).to_string()),
            (row[0].clone(), row[1].clone())
        );
    }
    let ran = rows.iter().filter(|row| row[9] == "countdown").count();
    assert!(ran > 0);
    assert_eq!(thread["samples"]["length"], ran);
    let total: u64 = thread["samples"]["weight"].as_array().unwrap().iter().map(ns).sum();
    let wanted: u64 = rows
        .iter()
        .filter(|row| row[9] == "countdown")
        .map(|row| row[1].parse::<u64>().unwrap())
        .sum();
    assert_eq!(total, wanted);
    assert_eq!(text(&thread["funcTable"]["name"][0]), "countdown");
}

/// The Trace Event Format: which fields each phase must have.
#[test]
fn perfetto_events_have_the_fields_of_their_phase() {
    for trace in samples() {
        let json: Value = serde_json::from_str(&trace.to_perfetto()).unwrap();
        let mut open = std::collections::BTreeMap::new();
        for event in json["traceEvents"].as_array().unwrap() {
            assert!(event["name"].is_string() && event["pid"].is_u64() && event["tid"].is_u64());
            let ts = event["ts"].as_f64().unwrap();
            assert!(ts >= 0.0);
            match event["ph"].as_str().unwrap() {
                "X" => assert!(
                    event["dur"].as_f64().unwrap() >= 0.0 && event["cat"].is_string() && event["args"].is_object()
                ),
                "M" => assert!(event["args"]["name"].is_string() || event["args"]["sort_index"].is_i64()),
                "i" => assert!(["g", "p", "t"].contains(&event["s"].as_str().unwrap())),
                "s" => assert!(
                    open.insert(event["id"].as_u64().unwrap(), (ts, event["cat"].clone()))
                        .is_none()
                ),
                "f" => {
                    let (began, category) = open.remove(&event["id"].as_u64().unwrap()).unwrap();
                    assert!(began <= ts && event["bp"] == "e" && event["cat"] == category);
                }
                phase => panic!("{phase}"),
            }
        }
        assert!(open.is_empty());
    }
}
