//! Processes on the timeline: how they were started, what went through their pipes, pickling, zombies.
#![allow(clippy::unwrap_used, reason = "tests")]

use heddle_timeline::{
    ArrowForm, ChannelNow, DrawItem, Hit, LaneKey, Row, RowKind, Signs, SliceRef, TimeScale, Timeline, Token, Viewport,
    What, Word,
};
use heddle_trace::*;
use std::collections::BTreeSet;

const PARENT: ProcessId = ProcessId(1);
const CHILD: ProcessId = ProcessId(2);
const MAIN: ThreadId = ThreadId(0);
const US: u64 = 1_000;

struct Tape(Recorder);

impl Tape {
    fn new() -> Tape {
        let header = Header {
            cores: 2,
            switch_interval_ns: 5_000_000,
            python: "3.13".to_owned(),
        };
        Tape(Recorder::new(header, Budget::default()))
    }

    /// A process begins to run; the event with which its parent has copied itself, if that is how it came to be.
    fn start(&mut self, at_us: u64, process: ProcessId, parent: Option<ProcessId>, forked: Option<EventId>) {
        let name = self.0.intern("main.py");
        self.put(at_us, process, EventKind::ProcessStart { parent, name }, None);
        self.state(at_us, process, ThreadState::Ready, forked);
        self.state(at_us, process, running(process.0 as u16 - 1), None);
    }

    fn fork(&mut self, at_us: u64) {
        let forked = Between::Forked {
            child: CHILD,
            objects: 1,
            bytes: 1,
            descriptors: 1,
        };
        let forked = self.between(at_us, PARENT, forked);
        self.start(at_us, CHILD, Some(PARENT), Some(forked));
    }

    fn end(mut self, at_us: u64) -> Trace {
        self.0.finish(at_us * US);
        self.0.trace()
    }

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
    let mut tape = Tape::new();
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
    tape.end(200)
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
    let notes: Vec<_> = layout
        .rows
        .iter()
        .filter_map(|row| match &row.kind {
            RowKind::Group { note, more, .. } if note.starts_with("pid") => Some((note.as_str(), more.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        notes,
        [
            ("pid 4001", "Process 4001, with 1 thread."),
            ("pid 4002 · fork", "Process 4002, started by fork, with 1 thread."),
        ]
    );
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
            (ArrowForm::Put, "['Hello', 'World'] (20 B)"),
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
        "main sends a message, 10.000 µs, 0.050 → 0.060 ms. To p4002 through q: ['Hello', 'World'] (20 B)."
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
    let lives = timeline
        .processes_at(100 * US)
        .iter()
        .map(|one| one.lives)
        .collect::<Vec<_>>();
    assert_eq!(lives, [true, false]);
    let pipe = ChannelNow {
        name: "q".to_owned(),
        messages: Some("1 message".to_owned()),
        bytes: "20 B".to_owned(),
    };
    assert_eq!(timeline.channels_at(55 * US), [pipe]);
}

/// Of a pickle within another one the outer one is drawn, which is over later; what was before both stays.
#[test]
fn a_pickle_within_another_is_part_of_it() {
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    let [inner, outer] = ["1", "[1]"].map(|text| tape.0.intern(text));
    for (at_us, us, text) in [(5, 2, inner), (20, 4, inner), (25, 4, inner), (30, 20, outer)] {
        let pickled = Between::Pickled {
            ns: us * US,
            text,
            loads: false,
        };
        tape.between(at_us, PARENT, pickled);
    }
    let trace = tape.end(40);
    let timeline = Timeline::of(&trace);
    let slices = (0..4).map_while(|index| {
        let (lane, row) = (parent(), 1);
        timeline.slice(SliceRef { lane, row, index })
    });
    let seen: Vec<_> = slices
        .map(|slice| {
            let text = timeline.slice_text(&trace, parent(), slice, slice.start);
            (slice.start / US, slice.end / US, text.unwrap())
        })
        .collect();
    assert_eq!(seen, [(3, 5, "pickle 1".to_owned()), (10, 30, "pickle [1]".to_owned())]);
}

/// After a message has arrived, its reader reads from something else until it says that it receives again.
#[test]
fn a_wait_in_a_read_is_called_after_a_connection_only_while_it_receives() {
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    tape.start(0, CHILD, Some(PARENT), None);
    let name = tape.0.intern("conn");
    let read = ThreadState::Blocked(BlockReason::Read { fd: 5 });
    tape.between(10, CHILD, Between::Receives { name });
    tape.state(10, CHILD, read, None);
    tape.between(20, PARENT, Between::Written(flow(24, 24, 24)));
    tape.between(21, CHILD, Between::Read(flow(4, 4, 20)));
    tape.state(21, CHILD, read, None);
    tape.between(22, CHILD, Between::Read(flow(20, 24, 0)));
    tape.state(30, CHILD, read, None);
    let trace = tape.end(40);
    let timeline = Timeline::of(&trace);
    let text = |at_us: u64| {
        let slice = timeline.slice(timeline.slice_at(child(), at_us * US).unwrap()).unwrap();
        timeline.slice_text(&trace, child(), slice, slice.start).unwrap()
    };
    assert_eq!([15, 21, 35].map(text), ["conn.recv()", "conn.recv()", "read 5"]);
}

/// Where the parent ignores SIGCHLD, a process that ends is gone at once, and asks nobody how it ended.
#[test]
fn a_process_that_nobody_will_ask_for_does_not_ask_itself() {
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    tape.fork(10);
    tape.state(20, CHILD, ThreadState::Finished, None);
    tape.put(20, CHILD, EventKind::ProcessExit { status: 0 }, None);
    tape.between(20, CHILD, Between::Reaped { child: CHILD });
    let trace = tape.end(40);
    let timeline = Timeline::of(&trace);
    let runs = card(&trace, &timeline, child(), 15);
    assert!(!runs.contains("asks"), "{runs}");
    assert_eq!(timeline.slice_at(child(), 30 * US), None);
    let told = timeline.around(&trace, 20 * US, 4, 4);
    let asks = |word: &Word| matches!(word, Word::Text(text) if text.contains("asks"));
    assert!(!told.iter().any(|moment| moment.words.iter().any(asks)), "{told:?}");
}

/// A process that another one started without copying itself has an arrow, which carries nothing.
#[test]
fn an_arrow_to_a_process_that_is_no_copy_carries_nothing() {
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    let name = tape.0.intern("child.py");
    let parent = Some(PARENT);
    let started = tape.put(9, PARENT, EventKind::ProcessStart { parent: None, name }, None);
    tape.put(10, CHILD, EventKind::ProcessStart { parent, name }, None);
    tape.state(10, CHILD, ThreadState::Ready, Some(started));
    let trace = tape.end(40);
    let timeline = Timeline::of(&trace);
    let (layout, view) = (timeline.layout(&BTreeSet::new()), view(&timeline));
    let items = timeline.draw_list(&trace, &layout, &view);
    let arrows = items.iter().filter_map(|item| match item {
        DrawItem::Arrow { form, to, text, .. } => Some((*form, *to, text.clone())),
        _ => None,
    });
    let arrows: Vec<_> = arrows.collect();
    assert!(matches!(&arrows[..], [(ArrowForm::Spawn, _, None)]), "{arrows:?}");
    let (x, y) = arrows[0].1;
    let hit = timeline.hit(&layout, &view, x + 1.0, y).unwrap();
    assert_eq!(hit.arrow, None);
    assert_eq!(
        timeline.describe_hit(&trace, &hit).unwrap().title,
        "ready, no core free"
    );
}

/// A deed of many is told, and that there are more.
#[test]
fn a_card_tells_three_deeds_and_counts_the_rest() {
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    for n in 1..=5 {
        tape.between(n, PARENT, Between::Written(flow(7, 7 * n, 7 * n)));
    }
    let trace = tape.end(40);
    let timeline = Timeline::of(&trace);
    let runs = card(&trace, &timeline, parent(), 10);
    assert_eq!(runs.matches("It writes 7 B into pipe 1.").count(), 3, "{runs}");
    assert!(runs.ends_with(" And 2 more."), "{runs}");
}

/// What a counter says changes with the moment, what a slice says does not.
#[test]
fn the_card_of_a_counter_follows_the_pointer() {
    let timeline = Timeline::of(&trace());
    let (layout, view) = (timeline.layout(&BTreeSet::new()), view(&timeline));
    let channel = layout
        .rows
        .iter()
        .find(|row| matches!(row.lane(), Some(LaneKey::Channel(..))));
    let hit = |row: &Row, at_us: u64| {
        timeline
            .hit(&layout, &view, view.scale.px(at_us * US), row.y + 15.0)
            .unwrap()
    };
    let channel = channel.unwrap();
    assert!(hit(channel, 40).has_same_card(&hit(channel, 40)));
    assert!(!hit(channel, 40).has_same_card(&hit(channel, 55)));
    let thread = layout.row_of(parent()).unwrap();
    assert!(hit(thread, 130).has_same_card(&hit(thread, 150)));
    assert!(!hit(thread, 130).has_same_card(&hit(channel, 130)));
}

/// From afar a zombie does not look like a process that runs.
#[test]
fn a_zombie_does_not_look_as_if_it_ran() {
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    tape.fork(10);
    tape.state(11, CHILD, ThreadState::Finished, None);
    tape.put(11, CHILD, EventKind::ProcessExit { status: 0 }, None);
    let trace = tape.end(100);
    let timeline = Timeline::of(&trace);
    let bars = timeline.minimap(100.0, 4.0);
    let seen = bars
        .iter()
        .filter(|bar| bar.y > 2.0)
        .map(|bar| bar.token)
        .collect::<Vec<_>>();
    assert_eq!(seen, [Token::Thread(1), Token::Idle]);
    let card = timeline.describe_many(child(), 0, 12 * US, 90 * US).unwrap();
    assert_eq!(card.why_text(), "100 % finished.");
}

/// The legend shows what there is.
#[test]
fn the_legend_knows_pickles_and_zombies() {
    let signs = Timeline::of(&trace()).signs();
    assert_eq!((signs.pickles, signs.zombies, signs.accesses), (true, true, false));
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    tape.fork(10);
    assert_eq!(Timeline::of(&tape.end(40)).signs(), Signs::default());
}

/// Of more pipes than have lanes the group says how many there are.
#[test]
fn a_group_says_how_many_pipes_have_no_lane() {
    let mut tape = Tape::new();
    tape.start(0, PARENT, None, None);
    tape.fork(1);
    for channel in 0..40 {
        let flow = |depth| Flow {
            channel,
            bytes: 1,
            total: 1,
            depth,
        };
        tape.between(5, PARENT, Between::Written(flow(1)));
        tape.between(6, CHILD, Between::Read(flow(0)));
    }
    let timeline = Timeline::of(&tape.end(40));
    let layout = timeline.layout(&BTreeSet::new());
    let lanes = layout
        .rows
        .iter()
        .filter(|row| matches!(row.lane(), Some(LaneKey::Channel(..))));
    assert_eq!(lanes.count(), 24);
    let note = layout.rows.iter().find_map(|row| match &row.kind {
        RowKind::Group { title, note, .. } if title == "Pipes and queues" => Some(note.as_str()),
        _ => None,
    });
    assert_eq!(note, Some("40, the first 24"));
}
