//! The statistics that a recorder counts, on a run small enough to be added up by hand.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use heddle_trace::*;
use support::{header, noise, turns};

const P: ProcessId = ProcessId(1);
const MAIN: ThreadId = ThreadId(0);
const T1: ThreadId = ThreadId(1);
const LOCK: ObjectId = ObjectId(7);

/// Times in ns. Main runs 0 to 50 and waits for `lock_a` to 80, is ready to 85, runs to 100. T1 is ready from 10, in C code on the other
/// core from 20 to 80 with the lock from 25 on, sleeps to 110, is ready to 112, runs to 120.
fn by_hand() -> Recorder {
    let mut r = Recorder::new(header(), Budget::default());
    let [main_py, t1, lock_a] = ["main.py", "T1", "lock_a"].map(|text| r.intern(text));
    let running = |core| ThreadState::Running { core: CoreId(core) };
    let state = |r: &mut Recorder, at, thread, state| {
        let label = StringId::EMPTY;
        r.record(at, P, thread, EventKind::State { state, label, line: 1 }, None);
    };
    let start = EventKind::ProcessStart {
        parent: None,
        name: main_py,
    };
    r.record(0, P, MAIN, start, None);
    state(&mut r, 0, MAIN, running(0));
    let created = EventKind::ThreadCreated {
        by: Some(MAIN),
        name: t1,
        daemon: false,
    };
    r.record(10, P, T1, created, None);
    state(&mut r, 10, T1, ThreadState::Ready);
    state(&mut r, 20, T1, ThreadState::Native { core: CoreId(1) });
    r.record(25, P, T1, EventKind::LockAcquire { object: LOCK }, None);
    let named = EventKind::ObjectNamed {
        object: LOCK,
        class: ObjectClass::Lock,
        name: lock_a,
    };
    r.record(50, P, MAIN, named, None);
    state(
        &mut r,
        50,
        MAIN,
        ThreadState::Blocked(BlockReason::Lock { object: LOCK }),
    );
    r.record(80, P, T1, EventKind::LockRelease { object: LOCK }, None);
    state(&mut r, 80, MAIN, ThreadState::Ready);
    state(&mut r, 80, T1, ThreadState::Blocked(BlockReason::Sleep { until: 110 }));
    state(&mut r, 85, MAIN, running(1));
    state(&mut r, 100, MAIN, ThreadState::Finished);
    state(&mut r, 110, T1, ThreadState::Ready);
    state(&mut r, 112, T1, running(0));
    state(&mut r, 120, T1, ThreadState::Finished);
    r.count(P, T1, Count::Call("write"));
    r.count(P, T1, Count::Call("read"));
    r.count(P, T1, Count::Call("read"));
    r.count(P, MAIN, Count::Failed);
    r.finish(120);
    r
}

#[test]
fn sums_are_those_made_by_hand() {
    let stats = by_hand().stats();
    let [main, t1] = stats.threads.as_slice() else {
        panic!("two threads, not {:?}", stats.threads);
    };
    assert_eq!((main.name.as_str(), t1.name.as_str()), ("MainThread", "T1"));
    assert_eq!(
        (main.totals.cpu_ns(), t1.totals.cpu_ns(), stats.totals.cpu_ns()),
        (65, 68, 133)
    );
    assert_eq!(
        (main.totals.time(StateClass::Ready), t1.totals.time(StateClass::Ready)),
        (5, 12)
    );
    assert_eq!(t1.totals.time(StateClass::Asleep), 30);
    let waited = Waited {
        process: 1,
        object: 7,
        name: "lock_a".into(),
        ns: 30,
        times: 1,
    };
    assert_eq!(main.totals.waits, std::slice::from_ref(&waited));
    assert_eq!(stats.totals.waits, [waited]);
    let [lock] = stats.locks.as_slice() else {
        panic!("one lock")
    };
    assert_eq!(
        (lock.held_ns, lock.acquired, lock.waited_ns, lock.waits),
        (55, 1, 30, 1)
    );
    assert_eq!(
        (
            main.totals.sums.failed,
            stats.totals.sums.failed,
            main.totals.sums.voluntary
        ),
        (1, 1, 1)
    );
    let calls: Vec<_> = stats
        .totals
        .calls
        .iter()
        .map(|calls| (calls.name.as_str(), calls.count))
        .collect();
    assert_eq!(calls, [("read", 2), ("write", 1)]);
    let cores: Vec<_> = stats
        .cores
        .iter()
        .map(|core| (core.busy_ns, core.idle_ns, core.switches))
        .collect();
    assert_eq!(cores, [(58, 62, 2), (75, 45, 2)]);
    let [process] = stats.processes.as_slice() else {
        panic!("one process")
    };
    assert_eq!(
        (process.name.as_str(), process.threads, &process.totals),
        ("main.py", 2, &stats.totals)
    );
}

/// One thread wants to run in 0–10 (10 ns of work), 50–80 (30), 85–100 (15) and 112–120 (8), two do from 10 to 50 (10 + 60), none from 100
/// to 110.
#[test]
fn speed_up_and_bound_are_those_made_by_hand() {
    let speed = by_hand().stats().speed.unwrap();
    assert_eq!((speed.serial_ns, speed.parallel_ns, speed.idle_ns), (63, 70, 10));
    assert_eq!(speed.sequential_ns(), 143);
    assert!((speed.speed_up() - 143.0 / 120.0).abs() < 1e-12);
    assert!((speed.serial_part() - 73.0 / 143.0).abs() < 1e-12);
    assert!((speed.bound(Some(2)) - 143.0 / (73.0 + 35.0)).abs() < 1e-12);
    assert!((speed.bound(None) - 143.0 / 73.0).abs() < 1e-12);
}

#[test]
fn counted_and_read_from_the_trace_agree() {
    let recorder = turns(Budget::default(), 9);
    let (counted, read) = (recorder.stats(), Stats::of(&recorder.trace()));
    assert_eq!(counted.threads.len(), read.threads.len());
    for (a, b) in counted.threads.iter().zip(&read.threads) {
        assert_eq!((&a.name, a.totals.sums.times_ns), (&b.name, b.totals.sums.times_ns));
        let switches = |totals: &Totals| (totals.sums.forced, totals.sums.voluntary, totals.sums.requests);
        assert_eq!(switches(&a.totals), switches(&b.totals), "{}", a.name);
    }
    assert_eq!(counted.gils, read.gils);
    let held: u64 = counted.threads.iter().map(|thread| thread.totals.sums.gil_ns).sum();
    assert_eq!(held, counted.gils[0].held_ns);
    let busy = |stats: &Stats| stats.cores.iter().map(|core| core.busy_ns).collect::<Vec<_>>();
    assert_eq!(busy(&counted), busy(&read));
    assert_eq!(Stats::from_bytes(&counted.to_bytes()), Some(counted));
}

/// Folding forgets nothing that was counted.
#[test]
fn a_small_budget_changes_nothing() {
    let small = Budget {
        events: 50,
        ..Budget::default()
    };
    assert_eq!(turns(small, 1001).stats(), turns(Budget::default(), 1001).stats());
}

/// A hundred thousand threads and locks leave some thousand rows, and every ns is in one of them.
#[test]
fn rows_stay_few() {
    let mut r = Recorder::new(
        header(),
        Budget {
            events: 1 << 20,
            ..Budget::default()
        },
    );
    let label = StringId::EMPTY;
    let name = r.intern("main.py");
    r.record(0, P, MAIN, EventKind::ProcessStart { parent: None, name }, None);
    for n in 0..100_000u32 {
        let (at, thread, object) = (u64::from(n) * 10, ThreadId(n), ObjectId(n));
        let run = ThreadState::Running { core: CoreId(0) };
        r.record(
            at,
            P,
            thread,
            EventKind::State {
                state: run,
                label,
                line: 1,
            },
            None,
        );
        r.record(at, P, thread, EventKind::LockAcquire { object }, None);
        r.record(at + 4, P, thread, EventKind::LockRelease { object }, None);
        let state = ThreadState::Finished;
        r.record(at + 10, P, thread, EventKind::State { state, label, line: 0 }, None);
        r.advance(at);
    }
    r.finish(1_000_000);
    let stats = r.stats();
    assert!(stats.threads.len() < 5_000 && stats.locks.len() < 9_000);
    assert_eq!(stats.totals.cpu_ns(), 1_000_000);
    assert_eq!(stats.processes[0].threads, 100_000);
    let held: u64 = stats.locks.iter().map(|lock| lock.held_ns).sum();
    assert_eq!(
        (held, stats.locks.iter().map(|lock| lock.acquired).sum::<u64>()),
        (400_000, 100_000)
    );
}

/// No speed-up is above Amdahl's bound; tables and JSON are made of anything.
#[test]
fn bounds_hold_for_turns_and_nothing_breaks_on_noise() {
    for switches in 1..30 {
        let speed = turns(Budget::default(), switches).stats().speed.unwrap();
        assert!(speed.speed_up() <= speed.bound(Some(2)) + 1e-9);
        assert!(speed.bound(Some(2)) <= speed.bound(None) + 1e-9);
    }
    for seed in 0..20 {
        let trace = noise(seed, 400);
        let mut r = Recorder::new(header(), Budget::default());
        for text in trace.strings.since(0) {
            r.intern(text);
        }
        for event in trace.events {
            if !matches!(event.kind, EventKind::Core { .. }) {
                r.record(event.time, event.id.process, event.thread, event.kind, None);
            }
        }
        r.finish(trace.end);
        let stats = r.stats();
        assert!(stats.to_text().contains("Amdahl"));
        assert!(serde_json::from_str::<serde_json::Value>(&stats.to_json()).is_ok());
    }
}
