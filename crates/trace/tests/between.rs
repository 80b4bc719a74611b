//! Events between processes: their stored form, their hash, and what folding leaves of them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use heddle_trace::*;
use support::P;

const MAIN: ThreadId = ThreadId(0);

/// Every kind, with numbers that are all different.
fn every_kind(text: StringId, name: StringId) -> [Between; 7] {
    let child = ProcessId(9);
    let flow = |from| Flow {
        channel: from,
        bytes: from + 1,
        total: 1 << 40,
        depth: from + 3,
    };
    [
        Between::Forked {
            child,
            objects: 12_345,
            bytes: 8_200_000,
            descriptors: 7,
        },
        Between::Reaped { child },
        Between::Written(flow(20)),
        Between::Read(flow(30)),
        Between::Sends { bytes: 34, text, name },
        Between::Receives { name },
        Between::Pickled {
            ns: 1 << 33,
            text,
            loads: true,
        },
    ]
}

fn trace() -> Trace {
    let mut r = Recorder::new(support::header(), Budget::default());
    let [text, name] = ["['Hello', 'World']", "q._writer"].map(|text| r.intern(text));
    let mut cause = None;
    for (at, kind) in (0..).zip(every_kind(text, name)) {
        cause = Some(r.record(at * 1_000, P, MAIN, EventKind::Between(kind), cause));
    }
    r.finish(100_000);
    r.trace()
}

#[test]
fn the_vector_stays_readable() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/traces/v1/between.trace");
    let trace = trace();
    assert_eq!(Trace::decode(&trace.encode()).unwrap(), trace);
    if std::env::var_os("HEDDLE_BLESS").is_some() && !std::path::Path::new(path).exists() {
        std::fs::write(path, trace.encode()).unwrap();
    }
    let stored = std::fs::read(path).unwrap();
    assert_eq!(Trace::decode(&stored).unwrap(), trace);
    assert_eq!(trace.encode(), stored);
}

/// Two runs that differ in one field of one event have different hashes.
#[test]
fn every_field_enters_the_hash() {
    let hash = |kind: Between| {
        let mut r = Recorder::new(support::header(), Budget::default());
        let _ = ["a", "b"].map(|text| r.intern(text));
        r.record(5, P, MAIN, EventKind::Between(kind), None);
        r.finish(9);
        r.hash()
    };
    let (a, b) = (StringId(1), StringId(2));
    let flow = |channel, bytes, total, depth| {
        Between::Written(Flow {
            channel,
            bytes,
            total,
            depth,
        })
    };
    let sends = |bytes, text, name| Between::Sends { bytes, text, name };
    let pickled = |ns, text, loads| Between::Pickled { ns, text, loads };
    let mut all: Vec<Between> = every_kind(a, b).to_vec();
    all.extend([
        flow(1, 1, 1, 1),
        flow(2, 1, 1, 1),
        flow(1, 2, 1, 1),
        flow(1, 1, 2, 1),
        flow(1, 1, 1, 2),
    ]);
    all.extend([sends(1, a, b), sends(2, a, b), sends(1, b, b), sends(1, a, a)]);
    all.extend([
        pickled(1, a, false),
        pickled(2, a, false),
        pickled(1, b, false),
        pickled(1, a, true),
    ]);
    let mut hashes: Vec<u64> = all.iter().map(|kind| hash(*kind).0).collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), all.len());
}

/// Of a thread that does nothing for long, what it wrote goes with its slices; whom it forked stays.
#[test]
fn folding_keeps_forks_and_drops_writes() {
    let budget = Budget {
        events: 200,
        ..Budget::default()
    };
    let mut r = Recorder::new(support::header(), budget);
    let (text, name) = (StringId::EMPTY, StringId::EMPTY);
    for at in 0..1_000u64 {
        let state = if at % 2 == 0 {
            ThreadState::Ready
        } else {
            ThreadState::GilWait
        };
        let kind = EventKind::State {
            state,
            label: StringId::EMPTY,
            line: 0,
        };
        r.record(at * 100, P, MAIN, kind, None);
        let kinds = every_kind(text, name);
        let kind = if at == 500 { kinds[0] } else { kinds[2] };
        r.record(at * 100, P, MAIN, EventKind::Between(kind), None);
    }
    r.finish(100_000);
    let trace = r.trace();
    let count = |wanted: fn(&Between) -> bool| {
        let kinds = trace.events.iter().filter_map(|event| match &event.kind {
            EventKind::Between(between) => Some(between),
            _ => None,
        });
        kinds.filter(|between| wanted(between)).count()
    };
    assert_eq!(count(|between| matches!(between, Between::Forked { .. })), 1);
    assert!(count(|between| matches!(between, Between::Written(_))) < 200);
}
