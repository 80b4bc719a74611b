//! The run that was kept, above the latest one: on the same ruler, with the same moment t, and what their totals say of each other.

use super::canvas::Canvas;
use super::labels::Labels;
use super::tracks::use_tracks;
use crate::components::icon::Icon;
use crate::components::page::use_page;
use crate::state::kept::{Kept, machine_words, program};
use crate::state::{Action, Lab};
use heddle_timeline::{Found, brief, difference};
use yew::prelude::*;

/// The two lines that name the runs, px.
const LINES: f64 = 56.0;
/// The ruler, px.
const RULER: f64 = 24.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub kept: Kept,
}

/// How much higher the pane is with the run that was kept, px.
pub fn height(lab: &Lab) -> f64 {
    match &lab.kept {
        Some(kept) if kept.recording != lab.recording => {
            kept.recording.read().timeline.layout(&Default::default()).height + RULER + LINES
        }
        Some(_) => LINES / 2.0,
        None => 0.0,
    }
}

/// How much of the pane a run gets: by the height of its rows.
pub fn share(rows_px: f64) -> String {
    format!("flex:{:.0} 1 0", rows_px + RULER)
}

/// See the module.
#[function_component(Beside)]
pub fn beside(props: &Props) -> Html {
    let page = use_page();
    let tracks = use_tracks();
    let kept = &props.kept;
    let layout = use_memo(
        (kept.recording.clone(), tracks.arrangement()),
        |(recording, arrangement)| recording.read().timeline.arranged(arrangement, &Found::default()),
    );
    let lab = &page.lab;
    let close = html! {
        <button class="btn sm" onclick={page.on(|| Action::Keep(false))}>{ Icon::Close.html() }{ "Close the comparison" }</button>
    };
    let total = |ns: u64| html! { <b class="num">{ brief(ns) }</b> };
    let line = |letter: &'static str, words: &str, ns: u64, rest: Html| {
        html! { <div class="ab"><b class="letter">{ letter }</b><span>{ words.to_owned() }</span>{ total(ns) }<span class="grow"></span>{ rest }</div> }
    };
    if kept.recording == lab.recording {
        let hint = html! { <><span class="t3">{ "Change the machine or the program and run: the next run is shown below this one." }</span>{ close }</> };
        return line("A", &kept.machine, kept.length_ns, hint);
    }
    let (words, now) = (machine_words(lab), lab.recording.read().timeline.end());
    let edited = if program(&kept.source) == program(&lab.recorded) {
        ""
    } else {
        ", another program"
    };
    let told = match lab.run.is_active() || lab.recording.is_empty() {
        true => html! {},
        false => html! { <span role="status">{ difference(kept.length_ns, now) }</span> },
    };
    html! {
        <>
            { line("A", &kept.machine, kept.length_ns, close) }
            if !lab.view.table {
                <div class="tlgrid kept" style={share(layout.height)}>
                    <Labels layout={layout.clone()} fixed=true kept=true />
                    <Canvas layout={layout.clone()} kept={kept.recording.clone()} />
                </div>
            }
            { line("B", &format!("{words}{edited}"), now, told) }
        </>
    }
}
