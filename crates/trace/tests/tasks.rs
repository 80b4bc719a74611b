//! Events of event loops and tasks: their stored form, their hash, how they fold and how they are exported.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use heddle_trace::*;
use support::P;

const MAIN: ThreadId = ThreadId(0);

/// Every state of a loop, a task and a group, once.
fn every_state() -> Recorder {
    let mut r = Recorder::new(support::header(), Budget::default());
    let [name, coroutine, label, chain] = [
        "fetch-1",
        "fetch",
        "pages",
        "fetch\tmain.py\t6\nQueue.get\tqueues.py\t186",
    ]
    .map(|text| r.intern(text));
    let (task, event_loop, group, object) = (TaskId(7), LoopId(1), GroupId(2), ObjectId(300));
    let mut kinds = vec![EventKind::TaskCreated {
        task,
        event_loop,
        parent: Some(TaskId(0)),
        group: Some(group),
        name,
        coroutine,
        at: chain,
    }];
    let loops = [
        LoopState::Turn { ready: 3 },
        LoopState::Select { until: None },
        LoopState::Select { until: Some(1 << 40) },
        LoopState::Callback {
            task: Some(task),
            name,
            ready: 2,
        },
        LoopState::Callback {
            task: None,
            name: coroutine,
            ready: 0,
        },
        LoopState::Stopped,
    ];
    kinds.extend(loops.map(|state| EventKind::LoopState { event_loop, state }));
    use AwaitReason as R;
    let awaited = [
        R::Future,
        R::Task { task: TaskId(9) },
        R::Several { pending: 4 },
        R::Group { group },
        R::Sleep { until: 1 << 50 },
        R::Lock { object },
        R::Event { object },
        R::Condition { object },
        R::Semaphore { object },
        R::Barrier { object },
        R::QueueGet { object },
        R::QueuePut { object },
        R::QueueJoin { object },
        R::Io,
        R::Executor,
        R::Process,
    ];
    let ends = [TaskEnd::Returned, TaskEnd::Raised, TaskEnd::Cancelled, TaskEnd::Lost];
    let states = [TaskState::Ready, TaskState::Running]
        .into_iter()
        .chain(awaited.map(TaskState::Awaiting))
        .chain(ends.map(TaskState::Done));
    kinds.extend(states.map(|state| EventKind::TaskState {
        task,
        state,
        label,
        chain,
    }));
    kinds.push(EventKind::TaskCancel { task });
    let phases = [
        GroupPhase::Entered,
        GroupPhase::Waiting,
        GroupPhase::Aborting,
        GroupPhase::Left,
    ];
    kinds.extend(phases.map(|phase| EventKind::Group {
        group,
        owner: (phase != GroupPhase::Left).then_some(task),
        phase,
    }));
    let mut cause = None;
    for (at, kind) in kinds.into_iter().enumerate() {
        cause = Some(r.record(at as u64 * 1_000, P, MAIN, kind, cause));
    }
    r.finish(100_000);
    r
}

#[test]
fn the_vector_stays_readable() {
    support::check_vector("tasks", &every_state().trace());
}

/// Two runs that differ in one word of one event have different hashes.
#[test]
fn every_field_enters_the_hash() {
    let (a, b) = (StringId(1), StringId(2));
    let state = |task, state, label, chain| EventKind::TaskState {
        task: TaskId(task),
        state,
        label,
        chain,
    };
    let sleep = |until| TaskState::Awaiting(AwaitReason::Sleep { until });
    let callback = |task, name, ready| EventKind::LoopState {
        event_loop: LoopId(0),
        state: LoopState::Callback { task, name, ready },
    };
    let select = |until| EventKind::LoopState {
        event_loop: LoopId(0),
        state: LoopState::Select { until },
    };
    let all = [
        state(1, sleep(3), a, a),
        state(2, sleep(3), a, a),
        state(1, sleep(4), a, a),
        state(1, sleep(3), b, a),
        state(1, sleep(3), a, b),
        state(1, TaskState::Awaiting(AwaitReason::Several { pending: 3 }), a, a),
        state(1, TaskState::Done(TaskEnd::Cancelled), a, a),
        state(1, TaskState::Done(TaskEnd::Lost), a, a),
        callback(None, a, 1),
        callback(Some(TaskId(0)), a, 1),
        callback(None, b, 1),
        callback(None, a, 2),
        select(None),
        select(Some(0)),
        EventKind::TaskCancel { task: TaskId(1) },
        EventKind::TaskCancel { task: TaskId(2) },
    ]
    .map(support::hash_of);
    let different: std::collections::BTreeSet<_> = all.iter().map(|hash| hash.0).collect();
    assert_eq!(different.len(), all.len());
}

#[test]
fn a_chain_is_read_row_by_row() {
    let rows: Vec<_> = await_chain("main\tmain.py\t23\nTaskGroup.__aexit__\ttaskgroups.py\t72").collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[1],
        Awaiting {
            function: "TaskGroup.__aexit__",
            file: "taskgroups.py",
            line: 72,
        }
    );
    assert_eq!(await_chain("").count(), 0);
}

/// A task that takes many short steps: the stored trace stays within its budget and the time per state is exact.
#[test]
fn tasks_fold() {
    let budget = Budget {
        events: 100,
        ..Budget::default()
    };
    let mut r = Recorder::new(support::header(), budget);
    let states = [TaskState::Ready, TaskState::Running];
    for at in 0..1_000u64 {
        let kind = EventKind::TaskState {
            task: TaskId(0),
            state: states[(at % 2) as usize],
            label: StringId::EMPTY,
            chain: StringId::EMPTY,
        };
        r.record(at * 100, P, MAIN, kind, None);
        r.advance(at * 100);
    }
    r.finish(100_000);
    let trace = r.trace();
    assert!(trace.events.len() <= 101, "{}", trace.events.len());
    let mut ns = [0; 9];
    slices(&trace, |slice| {
        assert_eq!(slice.track, TrackKey::Task(P, TaskId(0)));
        match &slice.event.kind {
            EventKind::Density { density, .. } => {
                for share in &density.shares {
                    if let ShareOf::State(class) = share.of {
                        ns[class.index()] += share.ns;
                    }
                }
            }
            EventKind::TaskState { state, .. } => ns[state.class().index()] += slice.length(),
            _ => {}
        }
    });
    assert_eq!(ns[StateClass::Ready.index()], 50_000);
    assert_eq!(ns[StateClass::Running.index()], 50_000);
}

#[test]
fn the_export_has_loops_and_tasks() {
    let json: serde_json::Value = serde_json::from_str(&every_state().trace().to_perfetto()).unwrap();
    let events = json["traceEvents"].as_array().unwrap();
    let named = |name: &str| events.iter().any(|event| event["args"]["name"] == name);
    assert!(named("event loop 1"));
    assert!(named("task fetch-1"));
    let slice = |category: &str| events.iter().find(|event| event["cat"] == category).unwrap();
    assert_eq!(slice("callback")["name"], "fetch-1");
    assert_eq!(slice("asleep")["name"], "pages");
    assert_eq!(slice("asleep")["args"]["chain"][1], "Queue.get, queues.py:186");
    assert!(events.iter().any(|event| event["ph"] == "s"));
}
