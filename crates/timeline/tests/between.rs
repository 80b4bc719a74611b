//! Processes on the timeline: how they were started, what went through their pipes, pickling, zombies.
#![allow(clippy::unwrap_used, reason = "tests")]

use heddle_timeline::{ArrowForm, DrawItem, Hit, LaneKey, RowKind, TimeScale, Timeline, Viewport, What};
use heddle_trace::*;
use std::collections::BTreeSet;

const PARENT: ProcessId = ProcessId(1);
const CHILD: ProcessId = ProcessId(2);
const MAIN: ThreadId = ThreadId(0);
const US: u64 = 1_000;

struct Tape(Recorder);

impl Tape {
    fn put(&mut self, at_us: u64, process: ProcessId, kind: EventKind, cause: Option<EventId>) -> EventId {
        self.0.record(at_us * US, process, MAIN, kind, cause)
    }

    fn between(&mut self, at_us: u64, process: ProcessId, between: Between) -> EventId {
        self.put(at_us, process, EventKind::Between(between), None)
    }

    fn state(&mut self, at_us: u64, process: ProcessId, state: ThreadState, cause: Option<EventId>) {
        let kind = EventKind::State {
            state,
            label: StringId::EMPTY,
            line: 7,
        };
        self.put(at_us, process, kind, cause);
    }
}

fn running(core: u16) -> ThreadState {
    ThreadState::Running { core: CoreId(core) }
}

fn flow(bytes: u64, total: u64, depth: u64) -> Flow {
    Flow {
        channel: 3,
        bytes,
        total,
        depth,
    }
}

/// A parent forks at 10 µs; its child waits for a message of 20 bytes from 30 µs, sent at 50 µs after 8 µs of pickling, and is a zombie with
/// exit code 3 from 80 to 120 µs.
fn trace() -> Trace {
    let header = Header {
        cores: 2,
        switch_interval_ns: 5_000_000,
        python: "3.13".to_owned(),
    };
    let mut tape = Tape(Recorder::new(header, Budget::default()));
    let [name, text, writer, reader] =
        ["main.py", "['Hello', 'World']", "q._writer", "q._reader"].map(|text| tape.0.intern(text));
    let start = |parent| EventKind::ProcessStart { parent, name };
    tape.put(0, PARENT, start(None), None);
    tape.state(0, PARENT, running(0), None);
    let forked = Between::Forked {
        child: CHILD,
        objects: 12_345,
        bytes: 8_200_000,
        descriptors: 7,
    };
    let forked = tape.between(10, PARENT, forked);
    tape.put(10, CHILD, start(Some(PARENT)), None);
    tape.state(10, CHILD, ThreadState::Ready, Some(forked));
    tape.state(20, CHILD, running(1), None);
    tape.between(30, CHILD, Between::Receives { name: reader });
    let read = ThreadState::Blocked(BlockReason::Read { fd: 5 });
    tape.state(30, CHILD, read, None);
    let pickled = Between::Pickled {
        ns: 8 * US,
        text,
        loads: false,
    };
    tape.between(48, PARENT, pickled);
    let sends = Between::Sends {
        bytes: 20,
        text,
        name: writer,
    };
    tape.between(49, PARENT, sends);
    tape.between(50, PARENT, Between::Written(flow(24, 24, 24)));
    tape.between(51, CHILD, Between::Read(flow(4, 4, 20)));
    tape.state(52, CHILD, running(1), None);
    tape.between(60, CHILD, Between::Read(flow(20, 24, 0)));
    tape.state(80, CHILD, ThreadState::Finished, None);
    tape.put(80, CHILD, EventKind::ProcessExit { status: 3 }, None);
    tape.between(120, PARENT, Between::Reaped { child: CHILD });
    tape.0.finish(200 * US);
    tape.0.trace()
}

fn view(timeline: &Timeline) -> Viewport {
    Viewport {
        scale: TimeScale::around(0, 200 * US, timeline.extent(), 1_000.0),
        scroll_y: 0.0,
        height: 1_000.0,
        selected: None,
        arrows: true,
    }
}

fn child() -> LaneKey {
    LaneKey::Thread(ThreadKey {
        process: CHILD,
        thread: MAIN,
    })
}

fn parent() -> LaneKey {
    LaneKey::Thread(ThreadKey {
        process: PARENT,
        thread: MAIN,
    })
}

fn card(trace: &Trace, timeline: &Timeline, lane: LaneKey, at_us: u64) -> String {
    let slice = timeline.slice_at(lane, at_us * US).unwrap();
    timeline.describe(trace, slice).unwrap().text()
}

#[test]
fn groups_say_how_their_processes_were_started_and_ended() {
    let timeline = Timeline::of(&trace());
    let layout = timeline.layout(&BTreeSet::new());
    let notes: Vec<&str> = layout
        .rows
        .iter()
        .filter_map(|row| match &row.kind {
            RowKind::Group { note, .. } if note.starts_with("pid") => Some(note.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(notes, ["pid 4001", "pid 4002 · fork"]);
    let row = layout.row_of(child()).unwrap();
    assert!(matches!(&row.kind, RowKind::Lane { caption, .. } if caption == "MainThread · exit 3"));
}

#[test]
fn a_fork_and_a_message_have_arrows_with_what_they_carry() {
    let trace = trace();
    let timeline = Timeline::of(&trace);
    let layout = timeline.layout(&BTreeSet::new());
    let view = view(&timeline);
    let items = timeline.draw_list(&trace, &layout, &view);
    let arrows: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            DrawItem::Arrow { form, from, to, text } => Some((*form, *from, *to, text.clone().unwrap_or_default())),
            _ => None,
        })
        .collect();
    let told: Vec<_> = arrows.iter().map(|(form, .., text)| (*form, text.as_str())).collect();
    assert_eq!(
        told,
        [
            (ArrowForm::Spawn, "copies 8.2 MB"),
            (ArrowForm::Put, "['Hello', 'World'], 20 B"),
        ]
    );
    let at = |(x, y): (f64, f64)| timeline.hit(&layout, &view, x, y).unwrap();
    let said = |hit: Hit| timeline.describe_hit(&trace, &hit).unwrap().text();
    assert_eq!(
        said(at(arrows[0].1)),
        "main forks, 0 ns, 0.010 → 0.010 ms. p4002 is a copy: 12345 objects, 8.2 MB, 7 descriptors. It shares nothing with the original but \
         descriptors."
    );
    assert_eq!(
        said(at(arrows[1].2)),
        "main sends 20 B, 10.000 µs, 0.050 → 0.060 ms. To p4002 through q: ['Hello', 'World']"
    );
}

#[test]
fn cards_say_who_sent_and_what_was_copied() {
    let trace = trace();
    let timeline = Timeline::of(&trace);
    let ready = card(&trace, &timeline, child(), 15);
    assert!(
        ready.contains("A copy of main: 12345 objects, 8.2 MB, 7 descriptors."),
        "{ready}"
    );
    let waits = card(&trace, &timeline, child(), 40);
    assert!(waits.contains("q.get() (line 7)."), "{waits}");
    assert!(
        waits.contains("main sends ['Hello', 'World'] (20 B) at 0.050 ms."),
        "{waits}"
    );
    let runs = card(&trace, &timeline, parent(), 100);
    assert!(runs.contains("It forks p4002, a copy"), "{runs}");
    assert!(runs.contains("It writes ['Hello', 'World'] (20 B) into q."), "{runs}");
    assert!(
        runs.contains("It asks how p4002 has ended: it has ended with exit code 3."),
        "{runs}"
    );
}

#[test]
fn a_process_that_nobody_has_asked_for_is_a_zombie() {
    let trace = trace();
    let timeline = Timeline::of(&trace);
    let zombie = timeline.slice_at(child(), 100 * US).unwrap();
    let slice = timeline.slice(zombie).unwrap();
    assert_eq!(
        (slice.start, slice.end, &slice.what),
        (80 * US, 120 * US, &What::Zombie(3))
    );
    let text = timeline.slice_text(&trace, child(), slice, slice.start);
    assert_eq!(text.as_deref(), Some("zombie, exit 3"));
    let said = timeline.describe(&trace, zombie).unwrap().why_text();
    assert_eq!(
        said,
        "It has ended with exit code 3. main asks for that at 0.120 ms, and it is gone."
    );
    assert_eq!(timeline.slice_at(child(), 150 * US), None);
}

#[test]
fn pickling_is_a_slice_above_its_thread() {
    let trace = trace();
    let timeline = Timeline::of(&trace);
    let (layout, view) = (timeline.layout(&BTreeSet::new()), view(&timeline));
    let row = layout.row_of(parent()).unwrap();
    let hit = |y: f64| timeline.hit(&layout, &view, view.scale.px(44 * US), y).unwrap();
    let said = |hit: &Hit| timeline.describe_hit(&trace, hit).unwrap();
    let pickle = said(&hit(row.y + 3.0));
    assert_eq!(
        (pickle.title.as_str(), pickle.duration.as_str()),
        ("pickles", "8.000 µs")
    );
    assert!(pickle.why_text().ends_with("['Hello', 'World']"), "{pickle:?}");
    assert_eq!(said(&hit(row.y + 15.0)).title, "running");
}

#[test]
fn a_counter_shows_what_is_in_the_pipe() {
    let trace = trace();
    let timeline = Timeline::of(&trace);
    let (layout, view) = (timeline.layout(&BTreeSet::new()), view(&timeline));
    let row = layout
        .rows
        .iter()
        .find(|row| matches!(row.lane(), Some(LaneKey::Channel(..))))
        .unwrap();
    assert!(matches!(&row.kind, RowKind::Lane { caption, .. } if caption == "q, messages"));
    let said = |at_us: u64| {
        let hit = timeline
            .hit(&layout, &view, view.scale.px(at_us * US) + 0.5, row.y + 5.0)
            .unwrap();
        let card = timeline.describe_hit(&trace, &hit).unwrap();
        (card.title.clone(), card.duration.clone())
    };
    let told = |messages: &str, bytes: &str| (format!("q: {messages}"), bytes.to_owned());
    assert_eq!(said(40), told("0 messages", "0 B"));
    assert_eq!(said(55), told("1 message", "20 B"));
    assert_eq!(said(100), told("0 messages", "0 B"));
}

#[test]
fn processes_and_pipes_are_told_at_any_moment() {
    let timeline = Timeline::of(&trace());
    let states = |at_us: u64| {
        let all = timeline.processes_at(at_us * US);
        all.into_iter()
            .map(|one| (one.main.process.0, one.state))
            .collect::<Vec<_>>()
    };
    let lives = || "lives".to_owned();
    assert_eq!(states(5), [(1, lives())]);
    assert_eq!(states(50), [(1, lives()), (2, lives())]);
    assert_eq!(states(100)[1].1, "zombie, has ended with exit code 3");
    assert_eq!(states(150)[1].1, "has ended with exit code 3");
    let child = &timeline.processes_at(50 * US)[1];
    assert_eq!(
        (child.name.as_str(), child.started.map(|(_, how)| how)),
        ("main.py", Some("fork"))
    );
    let pipe = ("q".to_owned(), Some("1 message".to_owned()), "20 B".to_owned());
    assert_eq!(timeline.channels_at(55 * US), [pipe]);
    assert_eq!(timeline.sent(), (1, "20 B".to_owned()));
}
