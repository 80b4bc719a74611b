//! Tracks as a person arranges them: folded, filtered, found, pinned, moved.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../trace/tests/support.rs"]
mod support;

use heddle_timeline::*;
use heddle_trace::*;
use support::P;

/// Two threads that take turns under the GIL.
fn turns() -> Trace {
    support::turns(Budget::default(), 6).trace()
}

fn thread(number: u32) -> LaneKey {
    LaneKey::Thread(ThreadKey {
        process: P,
        thread: ThreadId(number),
    })
}

/// The rows' names, pinned ones with a star, heads of folded groups with a plus.
fn names(layout: &Layout) -> Vec<String> {
    let name = |row: &Row| match &row.kind {
        RowKind::Group { collapsed: true, .. } => format!("+{}", row.name()),
        RowKind::Group { .. } => format!("[{}]", row.name()),
        RowKind::Lane { .. } if row.pinned => format!("*{}", row.name()),
        RowKind::Lane { .. } => row.name(),
    };
    layout.rows.iter().map(name).collect()
}

/// Rows stand one below the other, without gaps.
fn check(layout: &Layout) {
    let mut y = 0.0;
    for row in &layout.rows {
        assert_eq!(row.y, y);
        y += row.height;
    }
    assert_eq!(layout.height, y);
    let pinned: f64 = layout.rows.iter().filter(|row| row.pinned).map(|row| row.height).sum();
    assert_eq!(layout.pinned_px, pinned);
}

fn arranged(timeline: &Timeline, arrangement: &Arrangement, found: &Found) -> Layout {
    let layout = timeline.arranged(arrangement, found);
    check(&layout);
    layout
}

#[test]
fn nothing_arranged_is_the_plain_layout() {
    let timeline = Timeline::of(&turns());
    let plain = timeline.layout(&Default::default());
    assert_eq!(timeline.arranged(&Arrangement::default(), &Found::default()), plain);
    assert!(
        plain
            .rows
            .iter()
            .filter(|row| row.lane().is_some())
            .all(|row| row.group.is_some())
    );
}

#[test]
fn pinned_tracks_stay_at_the_top_and_leave_their_group() {
    let trace = turns();
    let timeline = Timeline::of(&trace);
    let mut arrangement = Arrangement::default();
    let gil = LaneKey::GilHeld(P, GilId(0));
    assert!(arrangement.pin(thread(1)) && arrangement.pin(gil));
    let layout = arranged(&timeline, &arrangement, &Found::default());
    let all = names(&layout);
    assert!(all[0].starts_with("*T1") && all[1] == "*GIL held by", "{all:?}");
    assert_eq!(
        layout.rows.iter().filter(|row| row.lane() == Some(thread(1))).count(),
        1
    );
    // They are hit where they are drawn, however far the others are scrolled.
    let scale = TimeScale::fit(timeline.extent(), 1000.0);
    let view = Viewport {
        scale,
        scroll_y: 60.0,
        height: 150.0,
        selected: None,
        arrows: true,
    };
    let y = layout.rows[0].height / 2.0 + 4.0;
    assert_eq!(timeline.hit(&layout, &view, 500.0, y).unwrap().lane, thread(1));
    let under = layout
        .rows
        .iter()
        .find(|row| !row.pinned && row.lane().is_some() && row.top(60.0) >= layout.pinned_px)
        .unwrap();
    assert_eq!(
        timeline
            .hit(&layout, &view, 500.0, under.top(60.0) + under.height / 2.0)
            .unwrap()
            .lane,
        under.lane().unwrap()
    );
    // What is scrolled under them is covered before they are drawn.
    let items = timeline.draw_list(&trace, &layout, &view);
    let shelf = items
        .iter()
        .position(|item| matches!(item, DrawItem::Shelf { h } if *h == layout.pinned_px))
        .unwrap();
    let lane_of = |item: &DrawItem| match item {
        DrawItem::Bar { slice, y, .. } | DrawItem::Merged { slice, y, .. } => Some((slice.lane, *y)),
        _ => None,
    };
    assert!(
        items[..shelf]
            .iter()
            .filter_map(lane_of)
            .all(|(lane, _)| lane != gil && lane != thread(1))
    );
    let above: Vec<_> = items[shelf..].iter().filter_map(lane_of).collect();
    assert!(
        above
            .iter()
            .any(|(lane, y)| *lane == thread(1) && *y < layout.rows[0].height),
        "{above:?}"
    );
    assert!(above.iter().all(|(lane, _)| *lane == gil || *lane == thread(1)));
    // Pinned again, it goes back; there is room for so many and no more.
    assert!(arrangement.pin(thread(1)) && !arrangement.is_pinned(thread(1)));
    let mut full = Arrangement::default();
    assert!((0..MOST_PINNED as u32).all(|n| full.pin(thread(n))));
    assert!(!full.pin(thread(99)) && !full.is_pinned(thread(99)));
}

#[test]
fn a_pinned_track_stays_when_its_group_is_folded_or_filtered_away() {
    let timeline = Timeline::of(&turns());
    let mut arrangement = Arrangement::default();
    arrangement.pin(thread(1));
    arrangement.fold(GroupKey::Process(P));
    let layout = arranged(&timeline, &arrangement, &Found::default());
    assert!(layout.row_of(thread(1)).unwrap().pinned && layout.row_of(thread(0)).is_none());
    arrangement.filter.kinds.insert(TrackKind::Threads);
    let layout = arranged(&timeline, &arrangement, &Found::default());
    assert!(layout.row_of(thread(1)).unwrap().pinned);
}

#[test]
fn rows_move_among_their_siblings() {
    let timeline = Timeline::of(&turns());
    let mut arrangement = Arrangement::default();
    let found = Found::default();
    let plain = arranged(&timeline, &arrangement, &found);
    let (cores, gil) = (
        RowKey::Group(GroupKey::Cores(0)),
        RowKey::Group(GroupKey::Gil(P, GilId(0))),
    );
    let heads = plain.siblings(cores);
    let place = |layout: &Layout, key: RowKey| layout.siblings(key).iter().position(|one| *one == key).unwrap() + 1;
    let first = place(&plain, cores);
    assert_eq!(arrangement.shift(&plain, cores, true), Some((first + 1, heads.len())));
    let moved = arranged(&timeline, &arrangement, &found);
    assert_eq!(place(&moved, cores), place(&plain, gil));
    // All of a group goes along.
    let at = moved.rows.iter().position(|row| row.key() == cores).unwrap();
    assert!(matches!(moved.rows[at + 1].lane(), Some(LaneKey::Core(0))));
    assert_eq!(moved.rows.len(), plain.rows.len());
    // And back again; over the end it does not go.
    assert_eq!(arrangement.shift(&moved, cores, false), Some((first, heads.len())));
    let back = arranged(&timeline, &arrangement, &found);
    assert_eq!(names(&back), names(&plain));
    assert_eq!(arrangement.shift(&back, heads[0], false), None);
    assert_eq!(arrangement.shift(&back, *heads.last().unwrap(), true), None);
    // A lane stays in its group.
    let lane = RowKey::Lane(thread(1));
    let threads = back.siblings(lane);
    assert!(arrangement.put(&back, lane, Some(threads[0])) && !arrangement.put(&back, lane, Some(cores)));
    let first = arranged(&timeline, &arrangement, &found);
    assert_eq!(first.siblings(lane)[0], lane);
    assert!(arrangement.is_moved());
    arrangement.reset_places();
    assert_eq!(timeline.arranged(&arrangement, &found), plain);
}

#[test]
fn a_row_that_was_away_when_others_moved_follows_the_one_before_it() {
    let timeline = Timeline::of(&turns());
    let mut arrangement = Arrangement::default();
    let found = Found::default();
    // Without the GIL's group the counters are put first.
    arrangement.filter.kinds.insert(TrackKind::Gil);
    let fewer = arranged(&timeline, &arrangement, &found);
    assert!(!names(&fewer).iter().any(|name| name == "[GIL]"));
    let counters = RowKey::Group(GroupKey::Counters(0));
    let top = fewer.siblings(counters)[0];
    assert!(arrangement.put(&fewer, counters, Some(top)));
    arrangement.filter.kinds.clear();
    let whole = arranged(&timeline, &arrangement, &found);
    let order: Vec<_> = whole.siblings(counters);
    let at = |key: RowKey| order.iter().position(|one| *one == key).unwrap();
    assert_eq!(at(counters), 0);
    assert_eq!(
        at(RowKey::Group(GroupKey::Gil(P, GilId(0)))),
        at(RowKey::Group(GroupKey::Cores(0))) + 1
    );
}

#[test]
fn labels_are_dropped_between_siblings() {
    let timeline = Timeline::of(&turns());
    let layout = timeline.layout(&Default::default());
    let cores = RowKey::Group(GroupKey::Cores(0));
    let siblings = layout.siblings(cores);
    assert_eq!(layout.drop_place(cores, -5.0, 0.0).unwrap(), (Some(siblings[0]), 0.0));
    assert_eq!(
        layout.drop_place(cores, layout.height + 50.0, 0.0).unwrap(),
        (None, layout.height)
    );
    // A group is as high as all that is in it.
    let end = layout.row(siblings[1]).unwrap().y;
    assert_eq!(layout.drop_place(cores, end - 1.0, 0.0).unwrap().0, Some(siblings[1]));
    assert_eq!(layout.drop_place(cores, end - 21.0, 20.0).unwrap().0, Some(siblings[1]));
    // A lane cannot leave its group.
    let lane = RowKey::Lane(thread(1));
    let of_group = layout.siblings(lane);
    let last = layout.row(*of_group.last().unwrap()).unwrap();
    assert_eq!(
        layout.drop_place(lane, 10_000.0, 0.0).unwrap(),
        (None, last.y + last.height)
    );
}

#[test]
fn filters_leave_out_kinds_and_people_and_the_heads_above_them() {
    let timeline = Timeline::of(&turns());
    let kinds = timeline.kinds();
    assert!(
        kinds.contains(&TrackKind::Cores) && kinds.contains(&TrackKind::Threads) && !kinds.contains(&TrackKind::Pipes)
    );
    let mut arrangement = Arrangement::default();
    arrangement.filter.kinds = kinds
        .iter()
        .copied()
        .filter(|kind| *kind != TrackKind::Threads)
        .collect();
    let layout = arranged(&timeline, &arrangement, &Found::default());
    assert_eq!(
        layout.rows.iter().filter(|row| row.lane().is_none()).count(),
        1,
        "{:?}",
        names(&layout)
    );
    assert!(
        layout
            .rows
            .iter()
            .filter_map(Row::lane)
            .all(|lane| lane.kind() == TrackKind::Threads)
    );
    let ThreadKey {
        process,
        thread: number,
    } = match thread(1) {
        LaneKey::Thread(key) => key,
        _ => unreachable!(),
    };
    arrangement.filter.who.insert(Who::Thread(ThreadKey {
        process,
        thread: number,
    }));
    assert!(
        arranged(&timeline, &arrangement, &Found::default())
            .row_of(thread(1))
            .is_none()
    );
    // A folded group is still there, as long as there is something in it.
    arrangement.fold(GroupKey::Process(P));
    assert_eq!(arranged(&timeline, &arrangement, &Found::default()).rows.len(), 1);
    arrangement.filter.who.insert(Who::Process(P));
    assert!(arranged(&timeline, &arrangement, &Found::default()).rows.is_empty());
}

#[test]
fn people_are_chosen_by_their_letters() {
    let timeline = Timeline::of(&turns());
    let (all, beyond) = timeline.choices("", 100);
    assert_eq!((all.len(), beyond), (timeline.people().threads().len(), 0));
    let (some, beyond) = timeline.choices("", 1);
    assert_eq!((some.len(), beyond), (1, all.len() - 1));
    let (found, _) = timeline.choices("t1", 100);
    assert_eq!(
        found.iter().map(|one| one.who).collect::<Vec<_>>(),
        [Who::Thread(ThreadKey {
            process: P,
            thread: ThreadId(1)
        })]
    );
}

#[test]
fn search_finds_names_and_what_slices_say() {
    let trace = turns();
    let timeline = Timeline::of(&trace);
    let filter = Filter::default();
    assert_eq!(timeline.search(&trace, "  ", &filter), Found::default());
    assert!(timeline.search(&trace, "no such thing", &filter).matches.is_empty());
    let waits = timeline.search(&trace, "Waits for the GIL", &filter);
    assert!(!waits.matches.is_empty() && waits.matches.is_sorted());
    for one in &waits.matches {
        let slice = timeline.slice(one.slice.unwrap()).unwrap();
        assert_eq!(slice.what, What::State(ThreadState::GilWait));
        assert_eq!(slice.start, one.at);
    }
    // As many as there are.
    let all = timeline.table(&trace, 0, Nanos::MAX, 10_000);
    assert_eq!(
        waits.matches.len(),
        all.iter().filter(|row| row.state == "waits for the GIL").count()
    );
    // A track by its name.
    let named = timeline.search(&trace, "core 1", &filter);
    assert!(
        named
            .matches
            .iter()
            .any(|one| one.lane == LaneKey::Core(1) && one.slice.is_none())
    );
    // Not in what the filter leaves out.
    let mut less = Filter::default();
    less.kinds.insert(TrackKind::Threads);
    assert!(
        timeline
            .search(&trace, "waits for the GIL", &less)
            .lanes
            .iter()
            .all(|lane| lane.kind() != TrackKind::Threads)
    );
    // Only tracks with a match.
    let mut arrangement = Arrangement::default();
    arrangement.filter.only_found = true;
    let layout = arranged(&timeline, &arrangement, &waits);
    assert!(
        layout
            .rows
            .iter()
            .filter_map(Row::lane)
            .all(|lane| waits.lanes.contains(&lane))
    );
    let rows = timeline.table_of(&trace, 0, Nanos::MAX, 10_000, |lane| {
        arrangement.filter.keeps(lane, &waits)
    });
    assert!(!rows.is_empty() && rows.iter().all(|row| waits.lanes.contains(&row.slice.lane)));
}

#[test]
fn matches_are_gone_through_in_both_ways_and_around() {
    let one = |at| Match {
        at,
        lane: thread(0),
        slice: None,
    };
    let found = Found {
        matches: vec![one(10), one(20), one(30)],
        ..Found::default()
    };
    assert_eq!(found.next(None, 15, false), Some(1));
    assert_eq!(found.next(None, 20, false), Some(1));
    assert_eq!(found.next(None, 15, true), Some(0));
    assert_eq!(found.next(None, 40, false), Some(0));
    assert_eq!(found.next(None, 5, true), Some(2));
    assert_eq!(found.next(Some(2), 0, false), Some(0));
    assert_eq!(found.next(Some(0), 0, true), Some(2));
    assert_eq!(found.next(Some(7), 25, false), Some(2));
    assert_eq!(Found::default().next(Some(0), 0, false), None);
}

#[test]
fn a_match_is_unfolded_and_scrolled_to() {
    let timeline = Timeline::of(&turns());
    let mut arrangement = Arrangement::default();
    arrangement.fold(GroupKey::Process(P));
    assert!(
        arranged(&timeline, &arrangement, &Found::default())
            .row_of(thread(1))
            .is_none()
    );
    arrangement.show(&timeline, thread(1));
    let layout = arranged(&timeline, &arrangement, &Found::default());
    let row = layout.row_of(thread(1)).unwrap();
    for (scroll, height) in [(0.0, 60.0), (500.0, 60.0), (0.0, 20.0), (row.y - 30.0, 100.0)] {
        let to = layout.reveal(thread(1), scroll, height);
        let top = row.top(to);
        assert!(
            top >= 0.0 && (top + row.height <= height || height < row.height && top < height),
            "{scroll} {height}: {top}"
        );
    }
    // What is in sight already is left where it is.
    assert_eq!(layout.reveal(thread(1), row.y - 30.0, 100.0), row.y - 30.0);
}
