//! Folding: the budget is kept, totals stay exact, the same input folds to the same output, the hash does not notice.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use heddle_trace::*;
use support::{noise, turns};

const SMALL: Budget = Budget {
    events: 400,
    output_bytes: 4 << 20,
};

#[test]
fn a_long_run_fits_its_budget() {
    let full = turns(Budget::default(), 3000).trace();
    let folded = turns(SMALL, 3000).trace();
    assert!(full.events.len() > 20_000 && full.fold_ns == 0);
    assert!(folded.events.len() <= SMALL.events + 16, "{}", folded.events.len());
    assert!(folded.fold_ns > 5_000_000);
    assert_eq!(folded.hash, full.hash);
    assert_eq!(folded.end, full.end);
    assert_eq!(folded, turns(SMALL, 3000).trace());
}

#[test]
fn totals_stay_exact() {
    for switches in [1, 7, 100, 1001] {
        let full = Stats::of(&turns(Budget::default(), switches).trace());
        for events in [20, 50, 400, 5000] {
            let folded = turns(Budget { events, ..SMALL }, switches).trace();
            assert_eq!(Stats::of(&folded), full, "{switches} switches, {events} events");
        }
    }
    // Any events at all, meaningless ones too.
    for seed in 0..20 {
        let trace = noise(seed, 600);
        let again = |events| {
            let mut r = Recorder::new(support::header(), Budget { events, ..SMALL });
            trace.strings.since(0).iter().for_each(|text| {
                r.intern(text);
            });
            for event in trace
                .events
                .iter()
                .filter(|event| !matches!(event.kind, EventKind::Core { .. }))
            {
                r.advance(event.time);
                r.record(
                    event.time,
                    event.id.process,
                    event.thread,
                    event.kind.clone(),
                    event.cause,
                );
            }
            r.finish(trace.end);
            r.trace()
        };
        let (full, folded) = (again(1 << 20), again(100));
        assert!(folded.events.len() < full.events.len());
        assert_eq!(Stats::of(&folded), Stats::of(&full), "seed {seed}");
        assert_eq!(
            (folded.hash, folded.output(None, None)),
            (full.hash, full.output(None, None))
        );
        assert!(folded.events.is_sorted_by_key(|event| event.time));
    }
}

#[test]
fn density_slices_add_up() {
    let folded = turns(SMALL, 3000).trace();
    let mut seen = 0;
    for event in &folded.events {
        if let EventKind::Density { density, .. } = &event.kind {
            let time: u64 = density.shares.iter().map(|share| share.ns).sum();
            let slices: u64 = density.shares.iter().map(|share| share.slices).sum();
            assert_eq!((time, slices), (density.until - event.time, density.slices));
            assert!(density.shares.is_sorted_by_key(|share| share.of));
            seen += 1;
        }
    }
    assert!(seen > 50);
    assert_eq!(Trace::decode(&folded.encode()).unwrap(), folded);
}

#[test]
fn a_reader_of_chunks_follows_the_folds() {
    let mut recorder = Recorder::new(support::header(), SMALL);
    let mut reader = Trace::default();
    let (mut replaced, mut sent) = (0, 0);
    let state = |core| EventKind::State {
        state: ThreadState::Running { core: CoreId(core) },
        label: StringId::EMPTY,
        line: 1,
    };
    for n in 0..5000u64 {
        recorder.record(n * 1000, support::P, ThreadId(0), state((n % 2) as u16), None);
        recorder.advance(n * 1000);
        if n % 50 == 0 {
            let chunk = recorder.drain();
            sent += chunk.events.len();
            let applied = reader.apply(Chunk::decode(&chunk.encode()).unwrap()).unwrap();
            replaced += u32::from(applied == Applied::Replaced);
        }
    }
    recorder.finish(5_000_000);
    reader.apply(recorder.drain()).unwrap();
    assert_eq!(reader, recorder.trace());
    assert!(replaced > 1);
    // What is sent again is a fraction of what is recorded: the reader keeps up.
    assert!(sent < 5000 * 2, "{sent}");
}

/// More threads than the budget has room for: the budget gives way, but nothing becomes slow or wrong.
#[test]
fn more_tracks_than_room() {
    let mut r = Recorder::new(support::header(), SMALL);
    let name = r.intern("t");
    for n in 0..20_000u32 {
        let made = EventKind::ThreadCreated {
            by: Some(ThreadId(0)),
            name,
            daemon: false,
        };
        r.record(u64::from(n) * 10, support::P, ThreadId(n + 1), made, None);
        let state = EventKind::State {
            state: ThreadState::Ready,
            label: StringId::EMPTY,
            line: 0,
        };
        r.record(u64::from(n) * 10, support::P, ThreadId(n + 1), state, None);
        r.advance(u64::from(n) * 10);
    }
    r.finish(200_000);
    assert_eq!(Stats::of(&r.trace()).threads.len(), 20_000);
}

#[test]
fn output_is_limited_but_hashed() {
    let run = |limit, byte| {
        let mut r = Recorder::new(
            support::header(),
            Budget {
                events: 1000,
                output_bytes: limit,
            },
        );
        for n in 0..100 {
            let bytes = vec![if n == 99 { byte } else { b'x' }; 10].into_boxed_slice();
            r.record(
                n,
                support::P,
                ThreadId(0),
                EventKind::Output {
                    stream: Stream::Stdout,
                    bytes,
                },
                None,
            );
        }
        r.finish(100);
        r.trace()
    };
    assert_eq!(run(200, b'x').output(None, None).len(), 200);
    assert_eq!(run(200, b'x').hash, run(5000, b'x').hash);
    assert_ne!(run(200, b'x').hash, run(200, b'y').hash);
}

#[test]
fn ways_between_interpreters_fold_and_the_last_one_of_each_slice_stays() {
    let mut recorder = Recorder::new(support::header(), SMALL);
    for n in 0..4000u64 {
        let gil = GilId((n % 2) as u32);
        let way = EventKind::Interpreter {
            interpreter: gil.0,
            gil,
        };
        recorder.record(n * 1000, support::P, ThreadId(0), way, None);
        for kind in [
            EventKind::GilTake { gil },
            EventKind::State {
                state: ThreadState::Running { core: CoreId(0) },
                label: StringId::EMPTY,
                line: 1,
            },
        ] {
            recorder.record(n * 1000, support::P, ThreadId(0), kind, None);
        }
        recorder.advance(n * 1000);
    }
    recorder.finish(4_000_000);
    let folded = recorder.trace();
    assert!(folded.events.len() <= SMALL.events + 16, "{}", folded.events.len());
    let ways = folded.events.iter().filter_map(|event| match event.kind {
        EventKind::Interpreter { interpreter, .. } => Some(interpreter),
        _ => None,
    });
    let ways: Vec<u32> = ways.collect();
    assert!(ways.len() > 2, "{ways:?}");
    assert_eq!(ways.last(), Some(&1));
    assert_eq!(Trace::decode(&folded.encode()).unwrap(), folded);
}

/// A process that does nothing but touch shared memory, in one long slice: the first access of each kind within δ is left.
#[test]
fn accesses_to_shared_memory_are_thinned_out() {
    let touch = |time: u64| EventKind::Memory {
        object: ObjectId(9),
        at: time % 64,
        size: 4,
        writes: time.is_multiple_of(400),
    };
    let mut recorder = Recorder::new(support::header(), SMALL);
    let count = 50_000;
    for time in (0..count).map(|n| n * 200) {
        recorder.record(time, ProcessId(1), ThreadId(0), touch(time), None);
        recorder.advance(time);
    }
    recorder.finish(count * 200);
    let trace = recorder.trace();
    assert!(trace.events.len() <= SMALL.events + 16, "{}", trace.events.len());
    let writes = |event: &&heddle_trace::Event| matches!(event.kind, EventKind::Memory { writes: true, .. });
    let written = trace.events.iter().filter(writes).count();
    assert!(
        written > 100 && written < trace.events.len() - 100,
        "{written} of {}",
        trace.events.len()
    );
}

/// Accesses within short slices, which are merged, are thinned out and do not go.
#[test]
fn accesses_within_merged_slices_stay_to_be_seen() {
    let mut recorder = Recorder::new(support::header(), SMALL);
    let count = 10_000;
    for n in 0..count {
        let state = [ThreadState::Ready, ThreadState::GilWait][(n % 2) as usize];
        let state = EventKind::State {
            state,
            label: StringId::EMPTY,
            line: 0,
        };
        let touch = EventKind::Memory {
            object: ObjectId(9),
            at: 0,
            size: 4,
            writes: false,
        };
        for kind in [state, touch] {
            recorder.record(n * 200, support::P, ThreadId(0), kind, None);
        }
        recorder.advance(n * 200);
    }
    recorder.finish(count * 200);
    let trace = recorder.trace();
    assert!(trace.fold_ns > 0 && trace.events.len() <= SMALL.events + 16);
    let touched = trace
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Memory { .. }));
    let parts: std::collections::BTreeSet<u64> = touched.map(|event| event.time / 200_000).collect();
    assert_eq!(parts, (0..10).collect());
}

/// Of a run in which processes touch the same bytes in any order, a folded trace shows lost updates all along, and none that is not one.
#[test]
fn folding_keeps_lost_updates_and_makes_none() {
    let run = |seed, budget| {
        let mut rng = support::Rng(seed);
        let mut recorder = Recorder::new(support::header(), budget);
        for n in 0..20_000u64 {
            let touch = EventKind::Memory {
                object: ObjectId(9),
                at: rng.below(2),
                size: 1,
                writes: rng.below(2) == 0,
            };
            let process = ProcessId(rng.below(3) as u32);
            recorder.record(n * 200, process, ThreadId(0), touch, None);
            recorder.advance(n * 200);
        }
        recorder.finish(4_000_000);
        recorder.trace()
    };
    let losing = |trace: &Trace| -> std::collections::BTreeSet<(u64, EventId)> {
        let mut updates = LostUpdates::default();
        let events = trace.events.iter().enumerate();
        let losing = events.filter(|(place, event)| updates.see(*place, event, 0).is_some());
        losing.map(|(_, event)| (event.time, event.id)).collect()
    };
    let budget = Budget { events: 1_500, ..SMALL };
    for seed in 0..5 {
        let (full, folded) = (run(seed, Budget::default()), run(seed, budget));
        assert!(folded.fold_ns > 0 && folded.events.len() <= budget.events + 16);
        let (all, kept) = (losing(&full), losing(&folded));
        assert!(kept.is_subset(&all), "seed {seed}: {:?}", kept.difference(&all));
        let parts: std::collections::BTreeSet<u64> = kept.iter().map(|(time, _)| time / 500_000).collect();
        assert_eq!(parts.len(), 8, "seed {seed}: {} of {}", kept.len(), all.len());
    }
}
