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
    support::check_vector("between", &trace());
}

/// Two runs that differ in one field of one event have different hashes.
#[test]
fn every_field_enters_the_hash() {
    let (a, b) = (StringId(1), StringId(2));
    let forked = |child, objects, bytes, descriptors| Between::Forked {
        child: ProcessId(child),
        objects,
        bytes,
        descriptors,
    };
    let reaped = |child| Between::Reaped {
        child: ProcessId(child),
    };
    let flow = |channel, bytes, total, depth| Flow {
        channel,
        bytes,
        total,
        depth,
    };
    let sends = |bytes, text, name| Between::Sends { bytes, text, name };
    let receives = |name| Between::Receives { name };
    let pickled = |ns, text, loads| Between::Pickled { ns, text, loads };
    // The first one of each kind, and then those that differ from it in one field.
    let mut all = vec![forked(1, 1, 1, 1), forked(2, 1, 1, 1), forked(1, 2, 1, 1)];
    all.extend([forked(1, 1, 2, 1), forked(1, 1, 1, 2)]);
    all.extend([reaped(1), reaped(2)]);
    for put in [Between::Written, Between::Read] {
        let flows = [flow(1, 1, 1, 1), flow(2, 1, 1, 1), flow(1, 2, 1, 1)];
        all.extend(flows.map(put));
        all.extend([flow(1, 1, 2, 1), flow(1, 1, 1, 2)].map(put));
    }
    all.extend([sends(1, a, b), sends(2, a, b), sends(1, b, b), sends(1, a, a)]);
    all.extend([receives(a), receives(b)]);
    all.extend([pickled(1, a, false), pickled(2, a, false)]);
    all.extend([pickled(1, b, false), pickled(1, a, true)]);
    let hash = |kind: &Between| support::hash_of(EventKind::Between(*kind)).0;
    let hashes: std::collections::BTreeSet<u64> = all.iter().map(hash).collect();
    assert_eq!(hashes.len(), all.len());
}

/// How many events of a kind a trace has.
fn count(trace: &Trace, wanted: fn(&Between) -> bool) -> usize {
    let is_wanted = |event: &&Event| matches!(&event.kind, EventKind::Between(between) if wanted(between));
    trace.events.iter().filter(is_wanted).count()
}

const SMALL: Budget = Budget {
    events: 200,
    output_bytes: 4 << 20,
};

/// Of a thread that does nothing for long, what it wrote goes with its slices; whom it forked stays.
#[test]
fn folding_keeps_forks_and_drops_writes() {
    let run = |budget| {
        let mut r = Recorder::new(support::header(), budget);
        let kinds = every_kind(StringId::EMPTY, StringId::EMPTY);
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
            let kind = if at == 500 { kinds[0] } else { kinds[2] };
            r.record(at * 100, P, MAIN, EventKind::Between(kind), None);
            r.advance(at * 100);
        }
        r.finish(100_000);
        r.trace()
    };
    let (full, folded) = (run(Budget::default()), run(SMALL));
    assert!(folded.fold_ns > 0 && folded.events.len() <= SMALL.events + 16);
    assert_eq!(folded.hash, full.hash);
    let forks = |trace| count(trace, |between| matches!(between, Between::Forked { .. }));
    let writes = |trace| count(trace, |between| matches!(between, Between::Written(_)));
    assert_eq!((forks(&full), forks(&folded)), (1, 1));
    assert_eq!(writes(&full), 999);
    assert!(writes(&folded) < 100, "{}", writes(&folded));
}

/// A thread that does the same again and again in one long slice: the budget is kept, and the first of them within δ is left of each kind. What
/// was sent is counted all the same.
#[test]
fn what_a_thread_does_in_one_slice_is_thinned_out() {
    let run = |kinds: &[Between], budget| {
        let mut r = Recorder::new(support::header(), budget);
        let runs = EventKind::State {
            state: ThreadState::Running { core: CoreId(0) },
            label: StringId::EMPTY,
            line: 1,
        };
        let start = EventKind::ProcessStart {
            parent: None,
            name: StringId::EMPTY,
        };
        r.record(0, P, MAIN, start, None);
        r.record(0, P, MAIN, runs, None);
        for at in (0..20_000u64).map(|n| n * 200) {
            for kind in kinds {
                r.record(at, P, MAIN, EventKind::Between(*kind), None);
            }
            r.advance(at);
        }
        r.finish(4_000_000);
        r
    };
    let budget = Budget { events: 1_000, ..SMALL };
    let all = every_kind(StringId::EMPTY, StringId::EMPTY);
    let repeated = &all[2..];
    for kinds in repeated.chunks(1).chain([repeated]) {
        let (full, folded) = (run(kinds, Budget::default()), run(kinds, budget));
        let trace = folded.trace();
        assert!(
            trace.events.len() <= budget.events + 16,
            "{kinds:?}: {}",
            trace.events.len()
        );
        assert!(
            trace.events.len() > budget.events / 4,
            "{kinds:?}: {}",
            trace.events.len()
        );
        for kind in kinds {
            let is_it = |event: &Event| event.kind == EventKind::Between(*kind);
            assert!(trace.events.iter().any(is_it), "{kind:?}");
        }
        assert_eq!(trace.hash, full.hash());
        assert_eq!(folded.stats(), full.stats());
    }
    let sums = run(&all[4..5], budget).stats().totals.sums;
    assert_eq!((sums.messages, sums.message_bytes), (20_000, 20_000 * 34));
}
