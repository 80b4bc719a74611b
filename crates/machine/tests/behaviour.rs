//! The GIL, the cores, waits, deadlocks and limits, each in a program of a few lines.

mod fake;

use fake::{Done, Op, run};
use heddle_machine::{Config, End, LimitKind, Limits};
use heddle_trace::{BlockReason, DropWhy, EventKind, ObjectId, StateClass, ThreadState};
use heddle_vm::contract::{Posix, Resume};

const MS: u64 = 1_000_000;

fn config(cores: u16) -> Config {
    Config {
        cores,
        ..Config::default()
    }
}

/// The moments at which a thread took the GIL.
fn takes(done: &Done) -> Vec<(u64, u32)> {
    let take = |event: &heddle_trace::Event| matches!(event.kind, EventKind::GilTake { .. });
    done.trace
        .events
        .iter()
        .filter(|event| take(event))
        .map(|event| (event.time, event.thread.0))
        .collect()
}

fn count(done: &Done, wanted: impl Fn(&EventKind) -> bool) -> usize {
    done.trace.events.iter().filter(|event| wanted(&event.kind)).count()
}

#[test]
fn two_cpu_bound_threads_take_turns_of_one_interval() {
    let main = vec![Op::Start(vec![Op::Run(50 * MS)]), Op::Run(50 * MS), Op::Join(1)];
    for cores in [1, 2, 8] {
        let done = run(main.clone(), &config(cores));
        assert_eq!(done.end, End::Exited(0));
        let forced = count(&done, |kind| {
            matches!(
                kind,
                EventKind::GilDrop {
                    why: DropWhy::Requested,
                    ..
                }
            )
        });
        assert!((17..=21).contains(&forced), "{cores} cores: {forced} forced switches");
        assert!(
            done.now_ns > 100 * MS && done.now_ns < 104 * MS,
            "{cores} cores: {} ns",
            done.now_ns
        );
        let turns = takes(&done);
        for pair in turns[3..turns.len() - 2].windows(2) {
            let turn = pair[1].0 - pair[0].0;
            assert_ne!(pair[0].1, pair[1].1, "{cores} cores: the GIL goes to the other thread");
            assert!(
                (5 * MS..5 * MS + 120_000).contains(&turn),
                "{cores} cores: a turn of {turn} ns"
            );
        }
    }
}

#[test]
fn a_lone_thread_never_switches() {
    let done = run(vec![Op::Run(500 * MS)], &config(2));
    assert_eq!(takes(&done).len(), 1);
    assert_eq!(count(&done, |kind| matches!(kind, EventKind::State { .. })), 3); // ready, running, finished
}

#[test]
fn io_threads_wait_an_interval_behind_a_cpu_hog() {
    // The convoy: each short wait of the I/O thread costs it one switch interval to get the GIL back.
    let io: Vec<Op> = (0..10).flat_map(|_| [Op::Sleep(MS), Op::Run(10_000)]).collect();
    let done = run(vec![Op::Start(io), Op::Run(200 * MS), Op::Join(1)], &config(2));
    let end = done
        .trace
        .events
        .iter()
        .find(|e| e.thread.0 == 1 && matches!(e.kind, EventKind::ThreadFinished { .. }));
    let end = end.expect("the I/O thread ends").time;
    assert!((60 * MS..70 * MS).contains(&end), "the I/O thread ends at {end} ns");
}

#[test]
fn native_code_without_the_gil_runs_in_parallel() {
    let main = vec![Op::Start(vec![Op::Native(100 * MS)]), Op::Native(100 * MS), Op::Join(1)];
    let two = run(main.clone(), &config(2)).now_ns;
    let one = run(main, &config(1)).now_ns;
    assert!(two < 101 * MS, "two cores: {two} ns");
    assert!(one > 200 * MS, "one core: {one} ns");
}

#[test]
fn native_code_shares_cores_by_quanta() {
    let main = vec![
        Op::Start(vec![Op::Native(40 * MS)]),
        Op::Start(vec![Op::Native(40 * MS)]),
        Op::Join(1),
        Op::Join(2),
    ];
    let done = run(main, &config(1));
    let slices = count(&done, |kind| {
        matches!(
            kind,
            EventKind::State {
                state: ThreadState::Native { .. },
                ..
            }
        )
    });
    assert!((18..=24).contains(&slices), "{slices} slices of 4 ms");
    assert!((80 * MS..81 * MS).contains(&done.now_ns), "{} ns", done.now_ns);
}

#[test]
fn sleeping_costs_no_core_and_takes_its_time() {
    let done = run(vec![Op::Sleep(1000 * MS)], &config(1));
    assert!(done.now_ns > 1000 * MS && done.now_ns < 1001 * MS);
    assert!(done.busy_ns < MS);
}

#[test]
fn updates_are_lost_where_a_switch_falls_between_read_and_write() {
    let worker: Vec<Op> = vec![Op::Increment; 20_000];
    let main = vec![Op::Start(worker.clone()), Op::Start(worker), Op::Join(1), Op::Join(2)];
    let done = run(main, &config(2));
    assert!(done.image.number < 40_000, "{} updates survived", done.image.number);
    assert!(done.image.number > 20_000);
}

#[test]
fn a_released_lock_wakes_its_waiter_and_says_so() {
    let main = vec![
        Op::Acquire(0, None),
        Op::Start(vec![Op::Acquire(0, None), Op::Release(0)]),
        Op::Sleep(10 * MS),
        Op::Release(0),
        Op::Join(1),
    ];
    let done = run(main, &config(2));
    assert_eq!(done.end, End::Exited(0));
    let reason = BlockReason::Lock { object: ObjectId(0) };
    let events = &done.trace.events;
    let blocked = events
        .iter()
        .position(|e| matches!(e.kind, EventKind::State { state: ThreadState::Blocked(r), .. } if r == reason));
    let blocked = blocked.expect("the thread blocks");
    let is_ready = |e: &EventKind| {
        matches!(
            e,
            EventKind::State {
                state: ThreadState::Ready,
                ..
            }
        )
    };
    let woken = events[blocked + 1..]
        .iter()
        .find(|e| e.thread.0 == 1 && is_ready(&e.kind))
        .expect("it is woken");
    let cause = events.iter().find(|e| Some(e.id) == woken.cause).expect("by an event");
    assert!(matches!(
        cause.kind,
        EventKind::Wake {
            object: Some(ObjectId(0)),
            ..
        }
    ));
    assert_eq!(cause.thread.0, 0);
}

#[test]
fn a_wait_with_a_timeout_ends() {
    let main = vec![
        Op::Acquire(0, None),
        Op::Start(vec![Op::Acquire(0, Some(30 * MS)), Op::Run(1), Op::Release(0)]),
        Op::Join(1),
    ];
    let done = run(main, &config(2));
    assert_eq!(done.end, End::Exited(0));
    assert!((30 * MS..31 * MS).contains(&done.now_ns), "{} ns", done.now_ns);
}

#[test]
fn two_locks_taken_crosswise_are_a_deadlock() {
    let crossing = |a, b| vec![Op::Acquire(a, None), Op::Sleep(5 * MS), Op::Acquire(b, None)];
    let main = vec![
        Op::Start(crossing(0, 1)),
        Op::Start(crossing(1, 0)),
        Op::Join(1),
        Op::Join(2),
    ];
    let done = run(main, &config(2));
    let End::Deadlock(report) = &done.end else {
        panic!("ends with {:?}", done.end)
    };
    let sentences: Vec<String> = report.threads.iter().map(|thread| thread.sentence()).collect();
    assert_eq!(
        sentences,
        [
            "MainThread waits for thread Thread-1 to end",
            "Thread-1 waits for lock `lock_1`, held by Thread-2",
            "Thread-2 waits for lock `lock_0`, held by Thread-1",
        ]
    );
    assert_eq!(report.threads[1].stack[0].line, 3);
}

#[test]
fn a_thread_that_waits_for_itself_is_told_so() {
    let done = run(vec![Op::Acquire(0, None), Op::Acquire(0, None)], &config(2));
    let End::Deadlock(report) = &done.end else {
        panic!("ends with {:?}", done.end)
    };
    assert_eq!(
        report.threads[0].sentence(),
        "MainThread waits for lock `lock_0`, which it holds itself"
    );
}

#[test]
fn pipes_carry_bytes_between_threads() {
    let reader = vec![Op::Call(Posix::Read { fd: 3, len: 10 })];
    let main = vec![
        Op::Call(Posix::Pipe),
        Op::Start(reader),
        Op::Sleep(5 * MS),
        Op::Call(Posix::Write {
            fd: 4,
            data: b"hello".to_vec(),
        }),
        Op::Join(1),
    ];
    let done = run(main, &config(2));
    assert_eq!(done.end, End::Exited(0));
    assert_eq!(
        done.image.answers,
        [Resume::Pair(3, 4), Resume::Int(5), Resume::Bytes(b"hello".to_vec())]
    );
    let io = |e: &EventKind| matches!(e, EventKind::State { state, .. } if state.class() == StateClass::Io);
    assert_eq!(count(&done, io), 1);
}

#[test]
fn limits_end_the_run_and_say_which() {
    let limits = |limits: Limits, main: Vec<Op>| match run(main, &Config { limits, ..config(2) }).end {
        End::Limit(kind, sentence) => (kind, sentence),
        other => panic!("ends with {other:?}"),
    };
    let all = Limits::default();
    let (kind, sentence) = limits(
        Limits {
            virtual_ns: 40 * MS,
            ..all
        },
        vec![Op::Run(1 << 40)],
    );
    assert_eq!(
        (kind, sentence.as_str()),
        (
            LimitKind::VirtualTime,
            "The run was ended at its limit of 40 ms of virtual time."
        )
    );
    let sleeper = vec![Op::Sleep(1 << 50)];
    assert_eq!(
        limits(
            Limits {
                virtual_ns: 40 * MS,
                ..all
            },
            sleeper
        )
        .0,
        LimitKind::VirtualTime
    );
    assert_eq!(
        limits(Limits { work: 1000, ..all }, vec![Op::Run(1 << 40)]).0,
        LimitKind::Work
    );
    assert_eq!(
        limits(
            Limits { threads: 3, ..all },
            vec![Op::Start(vec![Op::Sleep(1 << 40)]); 5]
        )
        .0,
        LimitKind::Threads
    );
    let writer = vec![
        Op::Call(Posix::Write {
            fd: 1,
            data: vec![b'x'; 600]
        });
        3
    ];
    assert_eq!(
        limits(
            Limits {
                output_bytes: 1000,
                ..all
            },
            writer
        )
        .0,
        LimitKind::Output
    );
}
