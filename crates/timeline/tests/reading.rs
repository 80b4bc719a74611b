//! What the timeline answers: words, hits, tables, moves from event to event; and that it grows as it would have been built at once.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../trace/tests/support.rs"]
mod support;

use heddle_timeline::*;
use heddle_trace::*;
use std::collections::BTreeSet;
use support::{P, Rng, noise, turns};

const fn thread(n: u32) -> LaneKey {
    LaneKey::Thread(ThreadKey {
        process: P,
        thread: ThreadId(n),
    })
}

fn view(scale: TimeScale) -> Viewport {
    Viewport {
        scale,
        scroll_y: 0.0,
        height: 4000.0,
        selected: None,
        arrows: true,
    }
}

fn card(trace: &Trace, lane: LaneKey, at: Nanos) -> String {
    let timeline = Timeline::of(trace);
    timeline
        .describe(trace, timeline.slice_at(lane, at).unwrap())
        .unwrap()
        .text()
}

#[test]
fn a_compact_layout_has_the_gil_and_the_threads() {
    let timeline = Timeline::of(&turns(Budget::default(), 8).trace());
    let whole = timeline.layout(&BTreeSet::new());
    let compact = whole.clone().compact();
    let words: Vec<_> = compact
        .rows
        .iter()
        .map(|row| match &row.kind {
            RowKind::Group { title, .. } => format!("group {title}"),
            RowKind::Lane { chip, caption, .. } => chip.as_ref().map_or(caption.clone(), |chip| chip.0.clone()),
        })
        .collect();
    assert_eq!(words, ["GIL", "main", "T1", "T2"]);
    // The rows stand one below the other, as high as they were, and in the same order.
    let mut y = 0.0;
    for row in &compact.rows {
        assert_eq!(row.y, y);
        assert_eq!(
            Some(row.height),
            whole.row_of(row.lane().unwrap()).map(|same| same.height)
        );
        y += row.height;
    }
    assert_eq!(compact.height, y);
    let classes = timeline.classes();
    assert!(classes.contains(&StateClass::Running) && classes.contains(&StateClass::GilWait));
    assert!(!classes.contains(&StateClass::Asleep), "{classes:?}");
    assert!(!timeline.is_deadlocked());
}

#[test]
fn hover_cards_say_why() {
    let trace = turns(Budget::default(), 8).trace();
    assert_eq!(
        card(&trace, thread(2), 12_000_000),
        "T2 waits for the GIL, 5.012 ms, 10.632 \u{2192} 15.644 ms. T1 holds it. After the switch interval, at 15.638 ms, T2 asks for a drop; T1 lets go at its next jump back or call (line 15)."
    );
    assert_eq!(
        card(&trace, thread(1), 12_000_000),
        "T1 running, 5.000 ms, 10.638 \u{2192} 15.638 ms. countdown, lines 14\u{2013}15, on core 0. It lets go of the GIL because T2 asked for it."
    );
    assert_eq!(
        card(&trace, thread(0), 100),
        "main running, 620.000 \u{b5}s, 0.000 \u{2192} 0.620 ms. line 1, on core 0. Then it waits: join(T1)."
    );
    let gil = LaneKey::GilHeld(P, GilId(0));
    assert_eq!(
        card(&trace, gil, 12_000_000),
        "T1 holds the GIL, 5.000 ms, 10.638 \u{2192} 15.638 ms. T2 asked for it at 15.638 ms; it lets go at the next jump back or call (line 15)."
    );
    assert_eq!(
        card(&trace, LaneKey::Core(0), 12_000_000),
        "T1 runs on core 0, 5.000 ms, 10.638 \u{2192} 15.638 ms. lines 14\u{2013}15."
    );
    let waiting = Timeline::of(&trace);
    let slice = SliceRef {
        lane: LaneKey::GilWaiting(P, GilId(0)),
        row: 1,
        index: 1,
    };
    assert!(
        waiting
            .describe(&trace, slice)
            .unwrap()
            .text()
            .starts_with("T2 waits for the GIL")
    );
}

#[test]
fn around_a_moment() {
    let trace = turns(Budget::default(), 8).trace();
    let timeline = Timeline::of(&trace);
    let lines = |at, before, after| -> Vec<String> {
        let tell = |m: &Moment| {
            let words: String = m
                .words
                .iter()
                .map(|w| match w {
                    Word::Text(text) => text.as_str(),
                    Word::Thread { chip, .. } | Word::Task { chip, .. } => chip.as_str(),
                })
                .collect();
            format!("{} {} {words}", moment(m.at), timeline.people().chip(m.thread))
        };
        timeline.around(&trace, at, before, after).iter().map(tell).collect()
    };
    assert_eq!(
        lines(700_000, 6, 3),
        [
            "0.600 ms main starts T1",
            "0.600 ms T1 wants the GIL",
            "0.610 ms main starts T2",
            "0.610 ms T2 wants the GIL",
            "0.620 ms main calls join(T1), lets go of the GIL",
            "0.626 ms T1 takes the GIL on core 0, goes on at line 14",
            "5.626 ms T2 asks T1 for a drop: waited 5.016 ms",
            "5.626 ms T1 drops the GIL on request of T2, after 5.000 ms",
            "5.632 ms T2 takes the GIL on core 1, goes on at line 14",
        ]
    );
    assert_eq!(
        lines(trace.end, 4, 4),
        [
            "40.669 ms main writes \u{201c}0.0548 s\u{201d}",
            "40.669 ms T1 ends",
            "40.669 ms T2 ends",
            "40.669 ms main ends",
        ]
    );
}

#[test]
fn many_narrow_slices_are_summed_up() {
    let trace = turns(Budget::default(), 2000).trace();
    let timeline = Timeline::of(&trace);
    let layout = timeline.layout(&BTreeSet::new());
    let view = view(TimeScale::fit(trace.end, 300.0));
    let row = layout.row_of(thread(1)).unwrap();
    let hit = timeline.hit(&layout, &view, 150.0, row.y + 15.0).unwrap();
    assert_eq!(hit.lane, thread(1));
    assert!(hit.merged.is_some());
    let words = timeline.describe_hit(&trace, &hit).unwrap();
    assert!(words.title.ends_with(" slices"), "{}", words.title);
    assert_eq!(words.why_text(), "52 % running, 48 % wants GIL.");

    let folded = turns(
        Budget {
            events: 200,
            ..Budget::default()
        },
        2000,
    )
    .trace();
    let text = card(&folded, thread(1), folded.end / 2);
    assert!(text.contains("slices, folded") && text.contains("% running"), "{text}");
}

#[test]
fn hits_find_what_is_drawn() {
    let trace = turns(Budget::default(), 8).trace();
    let timeline = Timeline::of(&trace);
    let layout = timeline.layout(&BTreeSet::new());
    let view = view(TimeScale::fit(trace.end, 1000.0));
    let mut found = 0;
    for item in timeline.draw_list(&trace, &layout, &view) {
        let DrawItem::Bar { slice, x, y, w, h, .. } = item else {
            continue;
        };
        if w > 3.0 {
            let hit = timeline.hit(&layout, &view, x + w / 2.0, y + h / 2.0).unwrap();
            assert_eq!(hit.slice, Some(slice));
            found += 1;
        }
    }
    assert!(found > 40);
    // A slice of half a px is still found by a pointer beside it; a group's head and the space below are nothing.
    let narrow = layout.row_of(thread(1)).unwrap().y + 20.0;
    assert!(timeline.hit(&layout, &view, 14.4, narrow).unwrap().slice.is_some());
    assert_eq!(timeline.hit(&layout, &view, 10.0, 5.0), None);
    assert_eq!(timeline.hit(&layout, &view, 10.0, layout.height + 1.0), None);
}

#[test]
fn moving_from_event_to_event() {
    let trace = turns(Budget::default(), 8).trace();
    let timeline = Timeline::of(&trace);
    let lane = thread(1);
    let mut at = 0;
    let mut moments = Vec::new();
    while let Some(next) = timeline.next_event(lane, at, true) {
        assert!(next > at);
        moments.push(next);
        at = next;
    }
    let mut back = vec![];
    at = u64::MAX;
    while let Some(next) = timeline.next_event(lane, at, false) {
        assert!(next < at);
        back.push(next);
        at = next;
    }
    back.reverse();
    assert_eq!(moments, back);
    assert_eq!(moments.len(), 10);
    assert!(timeline.next_switch(0, true).is_some());
    let layout = timeline.layout(&BTreeSet::new());
    assert_eq!(layout.neighbour(Some(thread(1)), true), Some(thread(2)));
    assert_eq!(layout.neighbour(None, true), Some(LaneKey::Core(0)));
}

#[test]
fn the_table_tells_the_same() {
    let trace = turns(Budget::default(), 8).trace();
    let timeline = Timeline::of(&trace);
    let rows = timeline.table(&trace, 0, trace.end, 1000);
    assert!(rows.is_sorted_by_key(|row| row.at));
    let lines: Vec<_> = rows
        .iter()
        .take(4)
        .map(|r| format!("{} {} {} {}", moment(r.at), r.chip, r.state, duration(r.length)))
        .collect();
    assert_eq!(
        lines,
        [
            "0.000 ms main running 620.000 \u{b5}s",
            "0.600 ms T1 waits for the GIL 26.000 \u{b5}s",
            "0.610 ms T2 waits for the GIL 5.022 ms",
            "0.620 ms main waits for another to finish 40.049 ms",
        ]
    );
    assert_eq!(timeline.table(&trace, 0, trace.end, 3).len(), 3);
    assert!(rows.iter().all(|row| row.slice.lane == LaneKey::Thread(row.thread)));
}

#[test]
fn collapsing_hides_lanes() {
    let trace = turns(Budget::default(), 2).trace();
    let timeline = Timeline::of(&trace);
    let all = timeline.layout(&BTreeSet::new());
    let fewer = timeline.layout(&BTreeSet::from([GroupKey::Cores(0), GroupKey::Process(P)]));
    assert_eq!(all.rows.len() - fewer.rows.len(), 5);
    assert!(fewer.row_of(thread(0)).is_none());
    for (row, next) in all.rows.iter().zip(&all.rows[1..]) {
        assert_eq!(row.y + row.height, next.y);
    }
}

/// Everything a reader can ask, as text.
fn everything(trace: &Trace, timeline: &Timeline) -> String {
    let layout = timeline.layout(&BTreeSet::new());
    let mut text = format!("{layout:?}\n");
    for scale in [
        TimeScale::fit(timeline.extent(), 400.0),
        TimeScale::of_range(trace.end / 3, trace.end / 2, timeline.extent(), 400.0),
    ] {
        text += &format!("{:?}\n", timeline.draw_list(trace, &layout, &view(scale)));
    }
    text += &format!(
        "{:?}\n{:?}",
        timeline.table(trace, 0, u64::MAX, 10_000),
        timeline.minimap(200.0, 32.0)
    );
    text
}

/// A trace that arrives in chunks of any size gives the timeline of the whole.
#[test]
fn growing_equals_building_at_once() {
    let mut traces: Vec<Trace> = (0..8).map(|seed| noise(seed, 500)).collect();
    traces.push(turns(Budget::default(), 60).trace());
    traces.push(
        turns(
            Budget {
                events: 60,
                ..Budget::default()
            },
            300,
        )
        .trace(),
    );
    for (n, whole) in traces.into_iter().enumerate() {
        let mut rng = Rng(n as u64);
        let mut part = Trace {
            events: Vec::new(),
            end: 0,
            ..whole.clone()
        };
        let mut timeline = Timeline::default();
        while part.events.len() < whole.events.len() {
            let from = part.events.len();
            let to = (from + 1 + rng.below(40) as usize).min(whole.events.len());
            part.events.extend_from_slice(&whole.events[from..to]);
            part.end = part.events[to - 1].time;
            timeline.update(&part, Applied::Appended(from));
        }
        part.end = whole.end;
        timeline.update(&part, Applied::Appended(part.events.len()));
        assert_eq!(
            everything(&part, &timeline),
            everything(&whole, &Timeline::of(&whole)),
            "trace {n}"
        );
    }
}

/// Meaningless events from a stranger's file: any question gets an answer, none a panic.
#[test]
fn nonsense_is_drawn_too() {
    for seed in 100..130 {
        let trace = noise(seed, 300);
        let timeline = Timeline::of(&trace);
        let layout = timeline.layout(&BTreeSet::new());
        let mut rng = Rng(seed);
        for _ in 0..200 {
            let from = rng.below(trace.end + 1);
            let scale = TimeScale::of_range(
                from,
                from + rng.below(1 << 42),
                timeline.extent(),
                1.0 + rng.below(900) as f64,
            );
            let view = view(scale);
            let hit = timeline.hit(
                &layout,
                &view,
                rng.below(1000) as f64 - 20.0,
                rng.below(1200) as f64 - 20.0,
            );
            if let Some(hit) = hit {
                let _ = timeline.describe_hit(&trace, &hit);
                assert!(timeline.around(&trace, hit.at, 5, 5).len() <= 10);
                let selected = hit.slice;
                let items = timeline.draw_list(&trace, &layout, &Viewport { selected, ..view });
                assert!(items.len() < 40_000);
            }
        }
    }
}

/// From afar a frame costs as much as there are px, not as there are slices.
#[test]
fn a_long_trace_has_a_short_draw_list() {
    let trace = turns(
        Budget {
            events: 10_000_000,
            ..Budget::default()
        },
        40_000,
    )
    .trace();
    let timeline = Timeline::of(&trace);
    let layout = timeline.layout(&BTreeSet::new());
    let items = timeline.draw_list(&trace, &layout, &view(TimeScale::fit(trace.end, 900.0)));
    // Seven rows of slices with a bar per 3 px, a cap per waiter's slice in view, and a few signs.
    assert!(items.len() < 7 * 2 * 300 + 200, "{}", items.len());
    let shares: f64 = items
        .iter()
        .filter_map(|item| match item {
            DrawItem::Merged { slice, w, parts, .. } if slice.lane == LaneKey::GilHeld(P, GilId(0)) => {
                Some(parts.iter().map(|part| part.share).sum::<f64>() * w)
            }
            _ => None,
        })
        .sum();
    assert!(
        (shares - 900.0 / 1.02).abs() < 15.0,
        "the GIL is held nearly always: {shares}"
    );
}

/// A trace with these threads (beside the main one), each made and named.
fn named(names: &[&str], cores: u16) -> Trace {
    let mut recorder = Recorder::new(
        Header {
            cores,
            ..Header::default()
        },
        Budget::default(),
    );
    let main = recorder.intern("main.py");
    let start = EventKind::ProcessStart {
        parent: None,
        name: main,
    };
    recorder.record(0, P, ThreadId(0), start, None);
    for (number, name) in (1..).zip(names) {
        let name = recorder.intern(name);
        let made = EventKind::ThreadCreated {
            by: Some(ThreadId(0)),
            name,
            daemon: false,
        };
        recorder.record(10, P, ThreadId(number), made, None);
    }
    recorder.finish(1_000);
    recorder.trace()
}

#[test]
fn chips_are_told_apart_and_names_cannot_hide_anything() {
    let trace = named(&["T2", "Thread-2 (f)", "\u{202e}live", "a\u{0}b", "main"], 2);
    let timeline = Timeline::of(&trace);
    let people: Vec<_> = timeline
        .people()
        .threads()
        .iter()
        .map(|p| (p.chip.as_str(), p.name.as_str()))
        .collect();
    assert_eq!(
        people[1..],
        [
            ("T2", "T2"),
            ("#2", "Thread-2 (f)"),
            ("T3", "\\u202elive"),
            ("a\\x00b", "a\\x00b"),
            ("#5", "main"),
        ]
    );
}

#[test]
fn the_lanes_of_a_page_on_which_nothing_ran_are_those_of_the_first_run() {
    let before = Layout::before_any_run(2, 5_000_000, "main.py", &BTreeSet::new());
    let words = |layout: &Layout| -> Vec<String> {
        let row = |row: &Row| match &row.kind {
            RowKind::Group { title, note, .. } => format!("{title} {note}"),
            RowKind::Lane { caption, .. } => caption.clone(),
        };
        layout.rows.iter().map(row).collect()
    };
    let trace = turns(Budget::default(), 8).trace();
    let after = words(&Timeline::of(&trace).layout(&BTreeSet::new()));
    assert_eq!(words(&before)[..6], after[..6]);
    assert_eq!(words(&before)[6..], ["main.py pid 4001 \u{b7} 1 thread", "MainThread"]);
    let many = Layout::before_any_run(64, 5_000_000, "main.py", &BTreeSet::new());
    assert!(many.height < 500.0, "{}", many.height);
}

#[test]
fn a_selected_range_is_summed_up() {
    let timeline = Timeline::of(&turns(Budget::default(), 8).trace());
    // Two threads take turns under the GIL on two cores: one of them is busy at any time, and each turn is a switch.
    let summary = timeline.range_summary(6_000_000, 16_000_000);
    assert_eq!(summary.length, 10_000_000);
    assert!((9_900_000..=10_000_000).contains(&summary.busy), "{summary:?}");
    assert_eq!(summary.switches, 2);
    assert_eq!(summary.words(), "10.000 ms \u{b7} 2 switches \u{b7} 50 % busy");
    assert_eq!(timeline.range_summary(5, 5).busy, 0);
    assert_eq!(
        timeline.range_summary(9, 3),
        RangeSummary {
            cores: 2,
            ..RangeSummary::default()
        }
    );
}
