//! Draw lists as text: what the page paints for a view. `HEDDLE_BLESS=1` writes the snapshots anew.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../trace/tests/support.rs"]
mod support;

use heddle_timeline::*;
use heddle_trace::*;
use std::collections::BTreeSet;
use std::fmt::Write;
use support::{P, turns};

fn view(scale: TimeScale) -> Viewport {
    Viewport {
        scale,
        scroll_y: 0.0,
        height: 1000.0,
        selected: None,
        arrows: true,
    }
}

fn lane_name(lane: LaneKey) -> String {
    match lane {
        LaneKey::Core(n) => format!("core{n}"),
        LaneKey::GilHeld(..) => "gil".into(),
        LaneKey::GilWaiting(..) => "gil-waiting".into(),
        LaneKey::Thread(key) => format!("thread{}", key.thread.0),
        LaneKey::Lock(_, object) => format!("lock{}", object.0),
        LaneKey::Waiting(..) | LaneKey::ReadyTasks(..) => "counter".into(),
        LaneKey::Loop(..) => "loop".into(),
        LaneKey::Task(_, task) => format!("task {}", task.0),
        LaneKey::Channel(_, number) => format!("channel {number}"),
        LaneKey::Memory(_, object) => format!("memory {}", object.0),
    }
}

fn line(item: &DrawItem) -> String {
    let r = |n: &f64| format!("{:.1}", n + 0.0);
    let place = |s: &SliceRef| format!("{}.{}[{}]", lane_name(s.lane), s.row, s.index);
    match item {
        DrawItem::Bar {
            slice,
            x,
            y,
            w,
            h,
            form,
            token,
            text,
            text_above,
        } => {
            let text = text
                .as_ref()
                .map(|t| format!(" {t:?}{}", if *text_above { " above" } else { "" }))
                .unwrap_or_default();
            format!(
                "bar {} {} {} {}x{} {form:?} {}{text}",
                place(slice),
                r(x),
                r(y),
                r(w),
                r(h),
                token.css()
            )
        }
        DrawItem::Merged {
            slice,
            x,
            y,
            w,
            h,
            parts,
        } => {
            let parts: Vec<_> = parts
                .iter()
                .map(|p| format!("{:?} {} {:.3}", p.form, p.token.css(), p.share))
                .collect();
            format!(
                "merged {} {} {} {}x{} {}",
                place(slice),
                r(x),
                r(y),
                r(w),
                r(h),
                parts.join(", ")
            )
        }
        DrawItem::Cap { x, y, w, h, token } => format!("cap {} {} {}x{} {}", r(x), r(y), r(w), r(h), token.css()),
        DrawItem::Cross { x, y } => format!("cross {} {}", r(x), r(y)),
        DrawItem::Notch { x, y } => format!("notch {} {}", r(x), r(y)),
        DrawItem::Post { x, y, h, token } => format!("post {} {} {} {}", r(x), r(y), r(h), token.css()),
        DrawItem::CtrlC { x, y, h } => format!("ctrl-c {} {} {}", r(x), r(y), r(h)),
        DrawItem::Steps { points, base, max } => {
            let points: Vec<_> = points.iter().map(|(x, y)| format!("{},{}", r(x), r(y))).collect();
            format!("steps base {} max {max} {}", r(base), points.join(" "))
        }
        DrawItem::Arrow { form, from, to, .. } => {
            format!("arrow {form:?} {},{} {},{}", r(&from.0), r(&from.1), r(&to.0), r(&to.1))
        }
        DrawItem::DeadRest { x, w } => format!("dead-rest {} {}", r(x), r(w)),
        DrawItem::Tear { x } => format!("tear {}", r(x)),
        DrawItem::Shelf { h } => format!("shelf {}", r(h)),
        DrawItem::Frame { x, y, w, h } => format!("frame {} {} {}x{}", r(x), r(y), r(w), r(h)),
    }
}

fn snapshot(name: &str, trace: &Trace, view: &Viewport) {
    let timeline = Timeline::of(trace);
    let layout = timeline.layout(&BTreeSet::new());
    let mut text = String::new();
    for row in &layout.rows {
        let words = match &row.kind {
            RowKind::Group { title, note, .. } => format!("{title} | {note}"),
            RowKind::Lane { key, chip, caption } => format!("  {} | {chip:?} {caption}", lane_name(*key)),
        };
        writeln!(text, "{:>5} {:>4} {words}", row.y, row.height).unwrap();
    }
    for item in timeline.draw_list(trace, &layout, view) {
        writeln!(text, "{}", line(&item)).unwrap();
    }
    let path = format!("{}/tests/snapshots/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("HEDDLE_BLESS").is_some() {
        std::fs::create_dir_all(format!("{}/tests/snapshots", env!("CARGO_MANIFEST_DIR"))).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, stored, "{name} differs; look at it, then HEDDLE_BLESS=1");
}

/// Three philosophers' beginning: every kind of wait, named locks, arrows, and a deadlock at the end.
fn deadlock() -> Trace {
    let mut r = Recorder::new(support::header(), Budget::default());
    let [file, p0, p1, fork0, fork1, work] =
        ["main.py", "P0", "P1", "fork 0", "fork 1", "philosopher"].map(|t| r.intern(t));
    let (main, a, b) = (ThreadId(0), ThreadId(1), ThreadId(2));
    let (gil, o0, o1, q) = (GilId(0), ObjectId(10), ObjectId(11), ObjectId(12));
    let s = |state, line| EventKind::State {
        state,
        label: StringId::EMPTY,
        line,
    };
    let run = |core| ThreadState::Running { core: CoreId(core) };
    let blocked = |reason| ThreadState::Blocked(reason);
    r.record(
        0,
        P,
        main,
        EventKind::ProcessStart {
            parent: None,
            name: file,
        },
        None,
    );
    r.record(0, P, main, EventKind::GilTake { gil }, None);
    r.record(0, P, main, s(run(0), 1), None);
    for (object, name) in [(o0, fork0), (o1, fork1)] {
        r.record(
            5_000,
            P,
            main,
            EventKind::ObjectNamed {
                object,
                class: ObjectClass::Lock,
                name,
            },
            None,
        );
    }
    for (t, thread, name) in [(100_000, a, p0), (200_000, b, p1)] {
        let by = Some(main);
        let made = r.record(
            t,
            P,
            thread,
            EventKind::ThreadCreated {
                by,
                name,
                daemon: false,
            },
            None,
        );
        r.record(
            t,
            P,
            thread,
            EventKind::ThreadRenamed {
                name: StringId::EMPTY,
                target: work,
            },
            None,
        );
        r.record(t, P, thread, s(ThreadState::Ready, 0), Some(made));
    }
    let drop = |line| EventKind::GilDrop {
        gil,
        why: DropWhy::Blocking,
        requested: false,
        line,
    };
    r.record(300_000, P, main, drop(25), None);
    r.record(300_000, P, main, s(blocked(BlockReason::Join { thread: a }), 25), None);
    let turn = |r: &mut Recorder, from: u64, to: u64, who, core, then, line| {
        r.record(from, P, who, EventKind::GilTake { gil }, None);
        r.record(from, P, who, s(run(core), line), None);
        r.record(to, P, who, drop(line), None);
        r.record(to, P, who, s(then, line), None);
    };
    turn(
        &mut r,
        310_000,
        400_000,
        a,
        0,
        blocked(BlockReason::Sleep { until: 900_000 }),
        16,
    );
    turn(
        &mut r,
        410_000,
        500_000,
        b,
        1,
        blocked(BlockReason::QueueGet { object: q }),
        17,
    );
    r.record(900_000, P, a, EventKind::GilTake { gil }, None);
    r.record(900_000, P, a, s(run(0), 17), None);
    r.record(950_000, P, a, EventKind::LockAcquire { object: o0 }, None);
    let put = r.record(
        960_000,
        P,
        a,
        EventKind::Wake {
            thread: b,
            object: Some(q),
        },
        None,
    );
    r.record(965_000, P, b, s(ThreadState::GilWait, 17), Some(put));
    r.record(1_000_000, P, a, drop(18), None);
    r.record(1_000_000, P, a, s(blocked(BlockReason::Read { fd: 3 }), 18), None);
    r.record(1_000_000, P, b, EventKind::GilTake { gil }, None);
    r.record(1_000_000, P, b, s(run(0), 17), None);
    r.record(1_050_000, P, b, EventKind::LockAcquire { object: o1 }, None);
    r.record(1_100_000, P, b, drop(19), None);
    r.record(1_100_000, P, b, s(blocked(BlockReason::Lock { object: o0 }), 19), None);
    turn(
        &mut r,
        1_200_000,
        1_250_000,
        a,
        0,
        ThreadState::Native { core: CoreId(0) },
        18,
    );
    turn(
        &mut r,
        1_500_000,
        1_600_000,
        a,
        0,
        blocked(BlockReason::Lock { object: o1 }),
        19,
    );
    for thread in [main, a, b] {
        r.record(
            1_600_000,
            P,
            thread,
            EventKind::Note {
                note: Note::Deadlock,
                text: StringId::EMPTY,
            },
            None,
        );
    }
    r.finish(1_600_000);
    r.trace()
}

#[test]
fn turns_under_the_gil() {
    let trace = turns(Budget::default(), 8).trace();
    snapshot("turns", &trace, &view(TimeScale::fit(trace.end, 1000.0)));
}

#[test]
fn close_up_with_selection() {
    let trace = turns(Budget::default(), 8).trace();
    let timeline = Timeline::of(&trace);
    let thread = LaneKey::Thread(ThreadKey {
        process: P,
        thread: ThreadId(2),
    });
    let selected = timeline.slice_at(thread, 12_000_000);
    let scale = TimeScale::of_range(10_000_000, 16_000_000, trace.end, 600.0);
    snapshot(
        "close-up",
        &trace,
        &Viewport {
            selected,
            scroll_y: 50.0,
            height: 200.0,
            ..view(scale)
        },
    );
}

#[test]
fn far_away() {
    let trace = turns(Budget::default(), 2000).trace();
    snapshot("far", &trace, &view(TimeScale::fit(trace.end, 60.0)));
}

#[test]
fn deadlocked() {
    let trace = deadlock();
    snapshot(
        "deadlock",
        &trace,
        &view(TimeScale::fit(Timeline::of(&trace).extent(), 1000.0)),
    );
}

#[test]
fn a_wait_that_never_ends_is_drawn_however_short_it_was() {
    let trace = deadlock();
    let timeline = Timeline::of(&trace);
    // So far away that all that came before is narrower than a bar can be.
    let far = view(TimeScale::fit(timeline.extent(), 20.0));
    let items = timeline.draw_list(&trace, &timeline.layout(&BTreeSet::new()), &far);
    let dead: Vec<String> = items
        .iter()
        .filter_map(|item| match item {
            DrawItem::Bar {
                slice,
                form: Form::CrossHatch,
                ..
            } => Some(lane_name(slice.lane)),
            _ => None,
        })
        .filter(|lane| lane.starts_with("thread"))
        .collect();
    assert_eq!(dead, ["thread0", "thread1", "thread2"]);
}

#[test]
fn a_deadlock_is_a_cycle_with_the_main_thread_beside_it() {
    let trace = deadlock();
    let timeline = Timeline::of(&trace);
    let graph = timeline.wait_graph(&trace, 1_600_000);
    let name = |index: usize| match &graph.boxes[index].node {
        WaitNode::Thread { chip, line, .. } => format!("{chip} line {line}"),
        WaitNode::Object { name } => name.clone(),
    };
    let mut arrows: Vec<String> = graph
        .edges
        .iter()
        .map(|edge| format!("{} {:?} {}", name(edge.boxes.0), edge.says, name(edge.boxes.1)))
        .collect();
    arrows.sort();
    assert_eq!(arrows.len(), 5, "{arrows:?}");
    assert_eq!(arrows.iter().filter(|arrow| arrow.contains("WaitsFor")).count(), 2);
    assert_eq!(arrows.iter().filter(|arrow| arrow.contains("HeldBy")).count(), 2);
    assert!(
        arrows.iter().any(|arrow| arrow.starts_with("main line 25 Joins ")),
        "{arrows:?}"
    );
    assert_eq!(graph.cycle_threads, 2);
    for (index, one) in graph.boxes.iter().enumerate() {
        assert_eq!(one.in_cycle, !name(index).starts_with("main"), "{}", name(index));
        let inside = one.at.0 - one.half.0 >= 0.0 && one.at.0 + one.half.0 <= graph.size.0;
        assert!(
            inside && one.at.1 - one.half.1 >= 0.0 && one.at.1 + one.half.1 <= graph.size.1,
            "{one:?} {:?}",
            graph.size
        );
        for other in &graph.boxes[..index] {
            let apart = (one.at.0 - other.at.0).abs() >= one.half.0 + other.half.0
                || (one.at.1 - other.at.1).abs() >= one.half.1 + other.half.1;
            assert!(apart, "{one:?} lies on {other:?}");
        }
    }
    assert_eq!(timeline.wait_graph(&trace, 100), WaitGraph::default());
}
