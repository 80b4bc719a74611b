//! The stored form: round trips, damage, chunks, and vectors that must stay readable.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use heddle_trace::*;
use support::{Rng, noise, turns};

#[test]
fn round_trips() {
    for seed in 0..40 {
        let trace = noise(seed, 400);
        assert_eq!(Trace::decode(&trace.encode()).unwrap(), trace, "seed {seed}");
    }
    let trace = turns(
        Budget {
            events: 60,
            ..Budget::default()
        },
        200,
    )
    .trace();
    assert_eq!(Trace::decode(&trace.encode()).unwrap(), trace);
}

#[test]
fn damage_is_an_error() {
    let bytes = noise(3, 200).encode();
    for length in 0..bytes.len() {
        let error = Trace::decode(&bytes[..length]).unwrap_err();
        assert!(
            matches!(error, DecodeError::Truncated | DecodeError::Altered),
            "{length}: {error:?}"
        );
    }
    let mut rng = Rng(11);
    for _ in 0..3000 {
        let mut damaged = bytes.clone();
        let at = rng.below(bytes.len() as u64) as usize;
        damaged[at] ^= 1 << rng.below(8);
        assert!(Trace::decode(&damaged).is_err(), "byte {at}");
    }
    assert_eq!(Trace::decode(b"GIF89a"), Err(DecodeError::NotATrace));
    let mut future = bytes.clone();
    future[4] = 2;
    assert_eq!(Trace::decode(&future), Err(DecodeError::FutureVersion(2)));
}

/// Bytes with a right checksum but any content: what an attacker sends.
#[test]
fn forged_content_never_panics() {
    let bytes = noise(5, 60).encode();
    let mut rng = Rng(2);
    let mut accepted = 0;
    for _ in 0..20_000 {
        let mut forged = bytes[..bytes.len() - 4].to_vec();
        for _ in 0..=rng.below(3) {
            let at = 5 + rng.below(forged.len() as u64 - 5) as usize;
            forged[at] = rng.below(256) as u8;
        }
        let checksum = hash_bytes(&forged) as u32;
        forged.extend_from_slice(&checksum.to_le_bytes());
        if let Ok(trace) = Trace::decode(&forged) {
            accepted += 1;
            assert!(trace.events.is_sorted_by_key(|event| event.time));
        }
    }
    assert!(accepted > 0, "the test must reach past the checksum");
}

#[test]
fn chunks_add_up_to_the_trace() {
    let whole = turns(Budget::default(), 30).trace();
    let mut recorder = Recorder::new(support::header(), Budget::default());
    let mut reader = Trace::default();
    // The same strings and events again, drained in between.
    for text in whole.strings.since(0) {
        recorder.intern(text);
    }
    for (n, event) in whole.events.iter().enumerate() {
        if matches!(event.kind, EventKind::Core { .. }) {
            continue;
        }
        recorder.record(
            event.time,
            event.id.process,
            event.thread,
            event.kind.clone(),
            event.cause,
        );
        recorder.advance(event.time);
        if n % 7 == 0 {
            let chunk = Chunk::decode(&recorder.drain().encode()).unwrap();
            reader.apply(chunk).unwrap();
        }
    }
    recorder.finish(whole.end);
    let last = recorder.drain();
    reader.apply(last.clone()).unwrap();
    assert_eq!(reader, whole);
    let mut late = Trace::default();
    assert!(
        late.apply(Chunk {
            first_string: 3,
            ..last
        })
        .is_err()
    );
}

#[test]
fn vectors_stay_readable() {
    let vectors = [
        ("turns", turns(Budget::default(), 8).trace()),
        ("every-kind", noise(1, 300)),
    ];
    for (name, trace) in &vectors {
        support::check_vector(name, trace);
    }
    // Where folding itself may change, the bytes still mean what they meant.
    let budget = Budget {
        events: 60,
        ..Budget::default()
    };
    let stored = support::stored_vector("folded", || turns(budget, 200).trace());
    let folded = Trace::decode(&stored).unwrap();
    assert_eq!(folded.encode(), stored);
    assert_eq!(Stats::of(&folded), Stats::of(&turns(Budget::default(), 200).trace()));
    let dense = |event: &Event| matches!(event.kind, EventKind::Density { .. });
    assert!(folded.events.iter().any(dense));
}

/// `tests/tasks.rs` checks the one of loops and tasks, `tests/between.rs` that of what happens between processes, the test above the others.
#[test]
fn every_stored_trace_is_checked() {
    let names = std::fs::read_dir(support::VECTORS).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    let checked = ["between", "every-kind", "folded", "tasks", "turns"];
    assert_eq!(names, checked.map(|name| format!("{name}.trace")));
}

#[test]
fn a_process_is_called_by_the_program_that_it_ran_last() {
    let mut recorder = Recorder::new(support::header(), Budget::default());
    let (first, second) = (recorder.intern("parent.py"), recorder.intern("child.py"));
    let process = ProcessId(4);
    let start = EventKind::ProcessStart {
        parent: None,
        name: first,
    };
    recorder.record(0, process, ThreadId(0), start, None);
    recorder.record(5, process, ThreadId(0), EventKind::Exec { program: second }, None);
    let ready = EventKind::State {
        state: ThreadState::Ready,
        label: StringId::EMPTY,
        line: 1,
    };
    recorder.record(6, process, ThreadId(0), ready, None);
    recorder.finish(9);
    let trace = recorder.trace();
    assert_eq!(Trace::decode(&trace.encode()).unwrap(), trace);
    let shown = trace.to_perfetto();
    assert!(shown.contains("child.py") && !shown.contains("parent.py"), "{shown}");
}

/// Accesses to shared memory: their offsets and sizes may be large, and reading is not writing.
#[test]
fn accesses_to_shared_memory_come_back() {
    let mut recorder = Recorder::new(support::header(), Budget::default());
    let access = |at, size, writes| EventKind::Memory {
        object: ObjectId(0xE000_0007),
        at,
        size,
        writes,
    };
    let process = ProcessId(2);
    for (time, kind) in [access(0, 1, false), access(1 << 40, u32::MAX, true)]
        .into_iter()
        .enumerate()
    {
        recorder.record(time as u64, process, ThreadId(1), kind, None);
    }
    recorder.finish(9);
    let trace = recorder.trace();
    assert_eq!(Trace::decode(&trace.encode()).unwrap(), trace);
    let mut other = Recorder::new(support::header(), Budget::default());
    other.record(0, process, ThreadId(1), access(0, 1, true), None);
    other.record(1, process, ThreadId(1), access(1 << 40, u32::MAX, true), None);
    other.finish(9);
    assert_ne!(other.trace().hash, trace.hash);
}
