//! Memory that processes share on the timeline: who reads and writes it, and which updates are lost.
#![allow(clippy::unwrap_used, reason = "tests")]

use heddle_timeline::{DrawItem, GroupKey, Hit, LaneKey, RowKind, TimeScale, Timeline, Token, Viewport};
use heddle_trace::*;
use std::collections::BTreeSet;

const FIRST: ProcessId = ProcessId(1);
const SECOND: ProcessId = ProcessId(2);
const COUNTER: ObjectId = ObjectId(0xE000_0007);
const US: u64 = 1_000;

fn budget(events: usize) -> Budget {
    Budget {
        events,
        ..Budget::default()
    }
}

/// Who touches the four bytes at this place of the counter, when (µs), and whether it writes.
type Touch = (u64, ProcessId, u64, bool);

fn trace(touches: &[Touch], budget: Budget) -> Trace {
    let header = Header {
        cores: 2,
        switch_interval_ns: 5_000_000,
        python: "3.13".to_owned(),
    };
    let mut recorder = Recorder::new(header, budget);
    let [main, counter] = ["main.py", "counter"].map(|text| recorder.intern(text));
    for process in [FIRST, SECOND] {
        let parent = (process == SECOND).then_some(FIRST);
        let named = EventKind::ObjectNamed {
            object: COUNTER,
            class: ObjectClass::Memory,
            name: counter,
        };
        for kind in [EventKind::ProcessStart { parent, name: main }, named] {
            recorder.record(0, process, ThreadId(0), kind, None);
        }
    }
    for (at_us, process, at, writes) in touches {
        let kind = EventKind::Memory {
            object: COUNTER,
            at: *at,
            size: 4,
            writes: *writes,
        };
        recorder.record(at_us * US, *process, ThreadId(0), kind, None);
        recorder.advance(at_us * US);
    }
    let end = touches.last().map_or(0, |touch| touch.0) + 10;
    recorder.finish(end * US);
    recorder.trace()
}

/// Both add one to the same four bytes: the second reads before the first has written, and the first's write is lost. Then the first adds one
/// again, and the second to other bytes, where nothing is lost.
const RACE: [Touch; 8] = [
    (10, FIRST, 16, false),
    (20, SECOND, 16, false),
    (30, FIRST, 16, true),
    (40, SECOND, 16, true),
    (50, FIRST, 16, false),
    (55, SECOND, 32, false),
    (60, FIRST, 16, true),
    (65, SECOND, 32, true),
];

struct Seen {
    trace: Trace,
    timeline: Timeline,
    view: Viewport,
}

impl Seen {
    /// The first `us` µs on 1,000 px.
    fn new(trace: Trace, us: u64) -> Seen {
        let timeline = Timeline::of(&trace);
        let view = Viewport {
            scale: TimeScale::around(0, us * US, timeline.extent(), 1_000.0),
            scroll_y: 0.0,
            height: 1_000.0,
            selected: None,
            arrows: true,
        };
        Seen { trace, timeline, view }
    }

    /// What is under the pointer in a row of the lane.
    fn hit(&self, at_us: u64, row: u8) -> Hit {
        let layout = self.timeline.layout(&BTreeSet::new());
        let lane = layout.row_of(LaneKey::Memory(0, COUNTER)).unwrap();
        let (x, y) = (
            self.view.scale.px(at_us * US) + 1.0,
            lane.y + 9.0 + 10.0 * f64::from(row),
        );
        self.timeline.hit(&layout, &self.view, x, y).unwrap()
    }

    fn card(&self, at_us: u64, row: u8) -> String {
        let hit = self.hit(at_us, row);
        assert!(hit.has_card());
        self.timeline.describe_hit(&self.trace, &hit).unwrap().text()
    }

    fn items(&self) -> Vec<DrawItem> {
        let layout = self.timeline.layout(&BTreeSet::new());
        self.timeline.draw_list(&self.trace, &layout, &self.view)
    }
}

#[test]
fn a_memory_has_a_lane_which_tells_lost_updates() {
    let seen = Seen::new(trace(&RACE, Budget::default()), 75);
    let layout = seen.timeline.layout(&BTreeSet::new());
    let said = layout.rows.iter().filter_map(|row| match &row.kind {
        RowKind::Group { key, title, note, .. } if *key == GroupKey::Memories(0) => Some(format!("{title}, {note}")),
        RowKind::Lane { key, caption, .. } if *key == LaneKey::Memory(0, COUNTER) => Some(caption.clone()),
        _ => None,
    });
    assert_eq!(said.collect::<Vec<_>>(), ["Shared memory, 1", "counter, 1 lost"]);
}

#[test]
fn reads_are_low_writes_are_high_and_losses_are_crossed() {
    let seen = Seen::new(trace(&RACE, Budget::default()), 75);
    let (mut ticks, mut crosses) = (Vec::new(), Vec::new());
    for item in seen.items() {
        match item {
            DrawItem::Cap { x, h, token, .. } => ticks.push((seen.view.scale.ns(x + 0.1) / US, h, token)),
            DrawItem::Cross { x, y } => crosses.push((seen.view.scale.ns(x) / US, y)),
            _ => {}
        }
    }
    let (first, second) = (Token::Thread(0), Token::Thread(1));
    let read = |at_us, token| (at_us, 3.0, token);
    let write = |at_us, token| (at_us, 8.0, token);
    assert_eq!(
        ticks,
        [
            read(10, first),
            write(30, first),
            read(50, first),
            write(60, first),
            read(20, second),
            write(40, second),
            read(55, second),
            write(65, second),
        ]
    );
    assert!(matches!(crosses[..], [(40, _)]), "{crosses:?}");
}

#[test]
fn cards_say_what_an_access_sees_and_overwrites() {
    let seen = Seen::new(trace(&RACE, Budget::default()), 75);
    let sums = " In the whole run 4 reads, 4 writes, of which 1 loses what another thread wrote.";
    assert_eq!(
        seen.card(10, 0),
        format!("main reads, 4 B, 0.010 ms. At byte 16 of counter.{sums}")
    );
    assert_eq!(
        seen.card(40, 1),
        format!(
            "p4002 writes, 4 B, 0.040 ms. At byte 16 of counter. It has not seen what main wrote there at 0.030 ms: that is lost.{sums}"
        )
    );
    assert_eq!(
        seen.card(50, 0),
        format!("main reads, 4 B, 0.050 ms. At byte 16 of counter. It sees what p4002 wrote there at 0.040 ms.{sums}")
    );
    assert_eq!(
        seen.card(60, 0),
        format!(
            "main writes, 4 B, 0.060 ms. At byte 16 of counter. It overwrites what p4002 wrote there at 0.040 ms.{sums}"
        )
    );
    assert!(!seen.hit(25, 0).has_card(), "nobody touches it there");
    assert!(!seen.hit(10, 1).has_card(), "another one does");
}

/// A write of what was not read before, or has been read again since, loses nothing.
#[test]
fn only_what_was_read_before_can_be_lost() {
    let blind = [(10, FIRST, 0, true), (20, SECOND, 0, true), (30, FIRST, 0, true)];
    let again = [
        (10, FIRST, 0, false),
        (20, SECOND, 0, true),
        (30, FIRST, 0, false),
        (40, FIRST, 0, true),
        (50, FIRST, 0, true),
    ];
    let own = [(10, FIRST, 0, false), (20, FIRST, 0, true), (30, FIRST, 0, true)];
    for touches in [&blind[..], &again, &own] {
        let seen = Seen::new(trace(touches, Budget::default()), 60);
        let crosses = seen
            .items()
            .iter()
            .filter(|item| matches!(item, DrawItem::Cross { .. }))
            .count();
        assert_eq!(crosses, 0, "{touches:?}");
    }
}

/// From afar ticks that would touch are one, which tells how many they are. A folded trace has fewer of them, but shows lost updates in each
/// part of the run.
#[test]
fn many_accesses_are_few_ticks() {
    let mut touches = Vec::new();
    for n in 0..2_000u64 {
        let process = if n % 2 == 0 { FIRST } else { SECOND };
        touches.push((n * 2, process, 0, false));
        if n > 0 {
            let other = if n % 2 == 0 { SECOND } else { FIRST };
            touches.push((n * 2 + 1, other, 0, true));
        }
    }
    let seen = Seen::new(trace(&touches, Budget::default()), 4_010);
    let count = |seen: &Seen, wanted: fn(&DrawItem) -> bool| seen.items().iter().filter(|item| wanted(item)).count();
    let is_tick = |item: &DrawItem| matches!(item, DrawItem::Cap { .. });
    let is_cross = |item: &DrawItem| matches!(item, DrawItem::Cross { .. });
    let ticks = count(&seen, is_tick);
    assert!((500..=700).contains(&ticks), "{ticks}");
    assert!(count(&seen, is_cross) > 300);
    let card = seen.card(2_000, 0);
    assert!(card.starts_with("main 6 accesses, "), "{card}");
    assert!(
        card.contains("3 reads, 3 writes, of which 3 lose what another thread wrote in counter."),
        "{card}"
    );

    let folded = Seen::new(trace(&touches, budget(200)), 4_010);
    assert!(folded.trace.fold_ns > 0);
    let ticks = count(&folded, is_tick);
    assert!((20..200).contains(&ticks), "{ticks}");
    let lost = folded.items().into_iter().filter_map(|item| match item {
        DrawItem::Cross { x, .. } => Some((x / 100.0) as u32),
        _ => None,
    });
    assert_eq!(lost.collect::<BTreeSet<_>>(), (0..10).collect());
    let layout = folded.timeline.layout(&BTreeSet::new());
    let row = layout.row_of(LaneKey::Memory(0, COUNTER)).unwrap();
    assert!(
        matches!(&row.kind, RowKind::Lane { caption, .. } if caption.starts_with("counter, ") && caption.ends_with("+ lost")),
        "{row:?}"
    );
}
