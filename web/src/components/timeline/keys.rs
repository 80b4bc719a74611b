//! What keys and buttons do to the timeline's view.

use super::{extent, length};
use crate::components::page::Page;
use crate::hooks::browser::takes_focus;
use crate::state::View;
use heddle_timeline::{LaneKey, Layout, TimeScale};
use heddle_trace::{Nanos, Step, Stride};

/// The deeds that have a button or a key of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Start,
    End,
    StepBack,
    StepOn,
    LineBack,
    LineOn,
    InstructionBack,
    InstructionOn,
    Play,
    ZoomIn,
    ZoomOut,
    PanLeft,
    PanRight,
    Whole,
    Arrows,
    Table,
    PreviousEvent,
    NextEvent,
    Clear,
}

/// How much one key zooms.
const ZOOM: f64 = 1.5;
/// Before the canvas has been measured.
const SOME_WIDTH: f64 = 1000.0;

/// The deed of a key, while the timeline has the focus.
pub fn deed_of(key: &str) -> Option<Deed> {
    Some(match key {
        "w" | "W" => Deed::ZoomIn,
        "s" | "S" => Deed::ZoomOut,
        "a" | "A" => Deed::PanLeft,
        "d" | "D" => Deed::PanRight,
        "f" | "F" => Deed::Whole,
        "t" | "T" => Deed::Table,
        "ArrowLeft" => Deed::LineBack,
        "ArrowRight" => Deed::LineOn,
        "," => Deed::InstructionBack,
        "." => Deed::InstructionOn,
        "[" => Deed::PreviousEvent,
        "]" => Deed::NextEvent,
        " " => Deed::Play,
        "Home" => Deed::Start,
        "End" => Deed::End,
        _ => return None,
    })
}

/// The view's scale, also where the whole run is shown.
pub fn scale_of(view: &View, extent: Nanos, width: f64) -> TimeScale {
    match view.scale {
        Some(scale) => scale.resize(width, extent),
        None => TimeScale::fit(extent, width),
    }
}

/// Moves t and brings it into sight.
pub fn go_to(page: &Page, moment: Nanos) {
    let extent = extent(page);
    page.look(move |view| {
        view.moment = moment.min(extent);
        view.scale = view.scale.map(|scale| scale.reveal(view.moment, extent));
    });
}

/// Does it, from a button.
pub fn act(page: &Page, deed: Deed) {
    act_on(
        page,
        deed,
        page.lab.view.scale.map_or(SOME_WIDTH, |scale| scale.width_px),
    );
}

/// Does it, from a key on the timeline: where table and picture change places, the keyboard goes along.
pub fn act_by_key(page: &Page, deed: Deed, width: f64) {
    act_on(page, deed, width);
    if deed == Deed::Table {
        takes_focus(".tltable, .can:not(.a)");
    }
}

/// Does it on a canvas of this width.
pub fn act_on(page: &Page, deed: Deed, width: f64) {
    let extent = extent(page);
    let view = page.lab.view;
    let change_scale = |change: &dyn Fn(TimeScale) -> TimeScale| {
        let scale = change(scale_of(&view, extent, width));
        page.look(move |view| view.scale = Some(scale));
    };
    // Zooming keeps t where it is, if it is in sight, else the middle.
    let middle = |scale: &TimeScale| {
        let x = scale.px(view.moment);
        if (0.0..=scale.width_px).contains(&x) {
            x
        } else {
            scale.width_px / 2.0
        }
    };
    match deed {
        Deed::Start => go_to(page, 0),
        Deed::End => {
            go_to(page, length(page));
        }
        Deed::StepBack => step(page, None, false),
        Deed::StepOn => step(page, None, true),
        Deed::LineBack => ask(page, Stride::Line, true),
        Deed::LineOn => ask(page, Stride::Line, false),
        Deed::InstructionBack => ask(page, Stride::Instruction, true),
        Deed::InstructionOn => ask(page, Stride::Instruction, false),
        Deed::PreviousEvent => step(page, view.selection.lane, false),
        Deed::NextEvent => step(page, view.selection.lane, true),
        Deed::Play => {
            let at_end = view.moment >= length(page);
            page.look(move |view| {
                view.playing = !view.playing;
                if view.playing && at_end {
                    view.moment = 0;
                }
            });
        }
        Deed::ZoomIn => change_scale(&|scale| scale.zoom(middle(&scale), ZOOM, extent)),
        Deed::ZoomOut => change_scale(&|scale| scale.zoom(middle(&scale), 1.0 / ZOOM, extent)),
        Deed::PanLeft => change_scale(&|scale| scale.pan(scale.width_px / 8.0, extent)),
        Deed::PanRight => change_scale(&|scale| scale.pan(-scale.width_px / 8.0, extent)),
        Deed::Whole => page.look(|view| view.scale = None),
        Deed::Arrows => page.look(|view| view.arrows = !view.arrows),
        Deed::Table => page.look(|view| view.table = !view.table),
        Deed::Clear => page.look(|view| view.selection = crate::state::Selection::default()),
    }
}

/// Asks the worker for a step of the selected thread, or of whoever moves first. A thread that does not run moves when it runs next, or has moved when
/// it ran last.
fn ask(page: &Page, stride: Stride, back: bool) {
    if page.lab.run.is_active() || page.lab.seen.steps {
        return;
    }
    let at = page.lab.view.moment;
    let of = match page.lab.view.selection.lane {
        Some(LaneKey::Thread(key)) => Some(key),
        _ => None,
    };
    let from = of.and_then(|key| page.lab.recording.read().timeline.next_run(key, at, !back));
    page.step.emit(Step {
        from: from.unwrap_or(at),
        of,
        stride,
        back,
    });
}

/// To the next event of a lane, or of any core.
fn step(page: &Page, lane: Option<LaneKey>, forward: bool) {
    let at = page.lab.view.moment;
    let next = event_of(page, lane, at, forward);
    if let Some(next) = next {
        go_to(page, next);
        select_at(page, page.lab.view.selection.lane, next);
    }
}

fn event_of(page: &Page, lane: Option<LaneKey>, at: Nanos, forward: bool) -> Option<Nanos> {
    let data = page.lab.recording.read();
    match lane {
        Some(lane) => data.timeline.next_event(lane, at, forward),
        None => data.timeline.next_switch(at, forward),
    }
}

/// The next event after t (or the one before it) of the selected track, or of any core.
pub fn next_event(page: &Page, forward: bool) -> Option<Nanos> {
    event_of(page, page.lab.view.selection.lane, page.lab.view.moment, forward)
}

/// Selects the slice of a lane at a moment.
pub fn select_at(page: &Page, lane: Option<LaneKey>, at: Nanos) {
    let slice = lane.and_then(|lane| page.lab.recording.read().timeline.slice_at(lane, at));
    page.look(move |view| {
        view.selection.lane = lane;
        view.selection.slice = slice;
    });
}

/// Selects the track above or below.
pub fn change_track(page: &Page, layout: &Layout, down: bool) {
    let view = page.lab.view;
    let lane = layout.neighbour(view.selection.lane, down);
    select_at(page, lane, view.moment);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_work_in_both_cases() {
        assert_eq!(deed_of("w"), Some(Deed::ZoomIn));
        assert_eq!(deed_of("T"), deed_of("t"));
        assert_eq!(deed_of("q"), None);
    }
}
