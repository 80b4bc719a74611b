//! Event loops and tasks on the timeline: a loop that is blocked, tasks that are late, many tasks.
#![allow(clippy::unwrap_used, reason = "tests")]

use heddle_timeline::{ArrowForm, DrawItem, GroupKey, LaneKey, TimeScale, Timeline, Token, Viewport, What};
use heddle_trace::*;
use std::collections::BTreeSet;

const P: ProcessId = ProcessId(1);
const MAIN: ThreadId = ThreadId(0);
const LOOP: LoopId = LoopId(0);
const MS: u64 = 1_000_000;

struct Tape {
    recorder: Recorder,
}

impl Tape {
    fn new() -> Tape {
        let header = Header {
            cores: 1,
            switch_interval_ns: 5 * MS,
            python: "3.13".to_owned(),
        };
        let mut tape = Tape {
            recorder: Recorder::new(header, Budget::default()),
        };
        let name = tape.recorder.intern("main.py");
        tape.put(0, EventKind::ProcessStart { parent: None, name }, None);
        tape
    }

    fn put(&mut self, at: u64, kind: EventKind, cause: Option<EventId>) -> EventId {
        self.recorder.record(at, P, MAIN, kind, cause)
    }

    fn created(&mut self, at: u64, task: u32, name: &str, coroutine: &str, parent: Option<u32>) -> EventId {
        let name = self.recorder.intern(name);
        let coroutine = self.recorder.intern(coroutine);
        let made = self.recorder.intern("main\tmain.py\t20");
        let kind = EventKind::TaskCreated {
            task: TaskId(task),
            event_loop: LOOP,
            parent: parent.map(TaskId),
            group: None,
            name,
            coroutine,
            at: made,
        };
        self.put(at, kind, None)
    }

    fn state(&mut self, at: u64, task: u32, state: TaskState, label: &str, cause: Option<EventId>) -> EventId {
        let label = self.recorder.intern(label);
        let chain = self.recorder.intern("fetch\tmain.py\t6\nsleep\ttasks.py\t704");
        let kind = EventKind::TaskState {
            task: TaskId(task),
            state,
            label,
            chain,
        };
        self.put(at, kind, cause)
    }

    fn calls(&mut self, at: u64, task: Option<u32>, name: &str) -> EventId {
        let name = self.recorder.intern(name);
        let state = LoopState::Callback {
            task: task.map(TaskId),
            name,
            ready: 0,
        };
        self.put(
            at,
            EventKind::LoopState {
                event_loop: LOOP,
                state,
            },
            None,
        )
    }

    fn done(mut self, end: u64) -> (Trace, Timeline) {
        let state = LoopState::Stopped;
        self.put(
            end,
            EventKind::LoopState {
                event_loop: LOOP,
                state,
            },
            None,
        );
        self.recorder.finish(end);
        let trace = self.recorder.trace();
        let timeline = Timeline::of(&trace);
        (trace, timeline)
    }
}

/// Task 0 ("parse") blocks from 10 to 40 ms; task 1 ("fetch") sleeps until 20 ms and is found late at 40.
fn blocked() -> (Trace, Timeline) {
    let mut tape = Tape::new();
    let made = tape.created(0, 1, "fetch", "fetch", None);
    tape.state(0, 1, TaskState::Ready, "", Some(made));
    tape.calls(MS, Some(1), "fetch");
    tape.state(MS, 1, TaskState::Running, "", None);
    let until = 20 * MS;
    tape.state(
        2 * MS,
        1,
        TaskState::Awaiting(AwaitReason::Sleep { until }),
        "sleep(0.018)",
        None,
    );
    let state = LoopState::Select { until: Some(until) };
    tape.put(
        2 * MS,
        EventKind::LoopState {
            event_loop: LOOP,
            state,
        },
        None,
    );
    let made = tape.created(9 * MS, 0, "parse", "parse", None);
    tape.state(9 * MS, 0, TaskState::Ready, "", Some(made));
    tape.calls(10 * MS, Some(0), "parse");
    tape.state(10 * MS, 0, TaskState::Running, "", None);
    tape.state(40 * MS, 0, TaskState::Done(TaskEnd::Returned), "", None);
    let timer = tape.calls(40 * MS, None, "_set_result_unless_cancelled");
    tape.state(41 * MS, 1, TaskState::Ready, "", Some(timer));
    tape.calls(42 * MS, Some(1), "fetch");
    tape.state(42 * MS, 1, TaskState::Running, "", None);
    tape.state(43 * MS, 1, TaskState::Done(TaskEnd::Raised), "ValueError: no", None);
    tape.done(50 * MS)
}

fn view(end: u64) -> Viewport {
    Viewport {
        scale: TimeScale::fit(end, 1000.0),
        scroll_y: 0.0,
        height: 2000.0,
        selected: None,
        arrows: true,
    }
}

#[test]
fn a_timer_that_is_due_while_the_loop_is_blocked_makes_its_task_late() {
    let (trace, timeline) = blocked();
    let lane = LaneKey::Task(P, TaskId(1));
    let late = timeline.slice_at(lane, 30 * MS).unwrap();
    let slice = timeline.slice(late).unwrap();
    assert_eq!((slice.start, slice.end), (20 * MS, 42 * MS));
    assert_eq!(slice.what, What::Task(TaskState::Ready));
    let card = timeline.describe(&trace, late).unwrap();
    assert_eq!(card.title, "ready, the loop is busy");
    assert_eq!(
        card.why_text(),
        "Its timer was due at 20.000 ms. parse runs since 10.000 ms without an await that has to wait."
    );
}

#[test]
fn the_loop_says_whom_it_kept_waiting() {
    let (trace, timeline) = blocked();
    let lane = LaneKey::Loop(P, LOOP);
    let at = timeline.slice_at(lane, 30 * MS).unwrap();
    let slice = timeline.slice(at).unwrap();
    let all = timeline.all_blocked(&trace, P, LOOP);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].span, (10 * MS, 40 * MS));
    assert_eq!(all[0].waited, [(TaskId(1), 20 * MS)]);
    assert_eq!(
        timeline.slice_text(&trace, lane, slice, slice.start).unwrap(),
        "parse: 1 task waits"
    );
    let card = timeline.describe(&trace, at).unwrap();
    assert_eq!(card.title, "blocks the loop");
    assert!(
        card.why_text().contains("Ready and waiting: fetch for 20.000 ms"),
        "{}",
        card.why_text()
    );
    let layout = timeline.layout(&BTreeSet::new());
    let red = timeline
        .draw_list(&trace, &layout, &view(50 * MS))
        .into_iter()
        .filter(|item| matches!(item, DrawItem::Bar { slice, token: Token::Bad, .. } if slice.lane == lane));
    assert_eq!(red.count(), 1);
}

/// The step of a task that nobody waits for is not red, however the task ends its step.
#[test]
fn a_long_step_that_keeps_nobody_waiting_blocks_nothing() {
    let mut tape = Tape::new();
    let made = tape.created(0, 0, "alone", "alone", None);
    tape.state(0, 0, TaskState::Ready, "", Some(made));
    tape.calls(MS, Some(0), "alone");
    tape.state(MS, 0, TaskState::Running, "", None);
    tape.state(60 * MS, 0, TaskState::Ready, "", None);
    tape.calls(61 * MS, Some(0), "alone");
    tape.state(61 * MS, 0, TaskState::Running, "", None);
    tape.state(62 * MS, 0, TaskState::Done(TaskEnd::Returned), "", None);
    let (trace, timeline) = tape.done(70 * MS);
    assert_eq!(timeline.all_blocked(&trace, P, LOOP), []);
    let lane = LaneKey::Loop(P, LOOP);
    let slice = timeline.slice(timeline.slice_at(lane, 30 * MS).unwrap()).unwrap();
    assert_eq!(timeline.slice_text(&trace, lane, slice, slice.start).unwrap(), "alone");
}

#[test]
fn arrows_lead_from_who_cancels_and_who_puts() {
    let mut tape = Tape::new();
    for (task, name) in [(0, "main"), (1, "getter"), (2, "victim")] {
        let made = tape.created(0, task, name, name, (task > 0).then_some(0));
        tape.state(0, task, TaskState::Ready, "", Some(made));
    }
    let get = TaskState::Awaiting(AwaitReason::QueueGet { object: ObjectId(7) });
    let sleep = TaskState::Awaiting(AwaitReason::Sleep { until: 900 * MS });
    tape.state(MS, 1, TaskState::Running, "", None);
    tape.state(2 * MS, 1, get, "pages", None);
    tape.state(2 * MS, 2, TaskState::Running, "", None);
    tape.state(3 * MS, 2, sleep, "sleep(1)", None);
    let running = tape.state(4 * MS, 0, TaskState::Running, "", None);
    tape.state(5 * MS, 1, TaskState::Ready, "", Some(running));
    let cancel = tape.put(6 * MS, EventKind::TaskCancel { task: TaskId(2) }, Some(running));
    tape.state(7 * MS, 2, TaskState::Ready, "", Some(cancel));
    let (trace, timeline) = tape.done(10 * MS);
    let layout = timeline.layout(&BTreeSet::new());
    let items = timeline.draw_list(&trace, &layout, &view(10 * MS));
    let arrows: Vec<(ArrowForm, f64)> = items
        .iter()
        .filter_map(|item| match item {
            DrawItem::Arrow { form, from, .. } => Some((*form, from.0)),
            _ => None,
        })
        .collect();
    let x = |ms: u64| view(10 * MS).scale.px(ms * MS);
    assert!(arrows.contains(&(ArrowForm::Put, x(5))), "{arrows:?}");
    assert!(arrows.contains(&(ArrowForm::Cancel, x(6))), "{arrows:?}");
    let slice = timeline.slice_at(LaneKey::Task(P, TaskId(1)), 3 * MS).unwrap();
    assert_eq!(timeline.describe(&trace, slice).unwrap().title, "awaits pages.get()");
}

/// Thousands of tasks are a few rows until somebody unfolds them or looks for one.
#[test]
fn many_tasks_are_folded_and_found() {
    let mut tape = Tape::new();
    for task in 0..3_000 {
        let (name, coroutine) = match task {
            0 => ("Task-1".to_owned(), "main"),
            n if n % 2 == 0 => (format!("fetch-{n}"), "fetch"),
            n => (format!("parse-{n}"), "parse"),
        };
        let made = tape.created(task.into(), task, &name, coroutine, None);
        tape.state(task.into(), task, TaskState::Ready, "", Some(made));
    }
    let (_, timeline) = tape.done(MS);
    let mut folded = BTreeSet::new();
    let lanes = |folded: &BTreeSet<GroupKey>, find: &str| {
        let layout = timeline.layout_finding(folded, find);
        let of_task = layout
            .rows
            .iter()
            .filter(|row| matches!(row.lane(), Some(LaneKey::Task(..))));
        of_task.count()
    };
    assert_eq!(lanes(&folded, ""), 1, "main alone has a lane");
    folded.insert(GroupKey::Alike(P, TaskId(2)));
    assert_eq!(lanes(&folded, ""), 201);
    assert_eq!(lanes(&folded, "fetch-24"), 1 + 5 + 50, "24, 240 to 248, 2400 to 2498");
    assert_eq!(lanes(&folded, "PARSE-17"), 1 + 5 + 50);
    assert_eq!(lanes(&folded, "nobody"), 0);
}

#[test]
fn the_table_has_tasks_too() {
    let (trace, timeline) = blocked();
    let rows = timeline.table(&trace, 0, 50 * MS, 100);
    let of_fetch: Vec<&str> = rows
        .iter()
        .filter(|row| row.chip == "fetch")
        .map(|row| row.state.as_str())
        .collect();
    assert_eq!(
        of_fetch,
        [
            "ready",
            "running",
            "awaits sleep(0.018)",
            "ready, the loop is busy",
            "running"
        ]
    );
}
