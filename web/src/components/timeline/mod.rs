//! The timeline's pane: bar, label column, canvas (or table), legend. Its height is that of its tracks, at most three
//! fifths of the window, unless a person has dragged its upper edge.

mod bar;
mod canvas;
pub mod card;
mod compare;
mod embedded;
mod export_menu;
pub mod keys;
mod labels;
mod legend;
mod minimap;
mod real_time;
mod table;
mod tracks;
mod tracks_menu;

pub use embedded::EmbeddedTimeline;
pub use legend::CompactLegend;
pub use minimap::Minimap;

use super::page::use_page;
use crate::components::machine_bar::DEFAULT_INTERVAL;
use crate::hooks::browser::{keys as names, store, stored, use_window_height};
use crate::state::files::PROGRAM;
use bar::{Bar, Tools};
use canvas::Canvas;
use compare::Beside;
use gloo::utils::window;
use heddle_timeline::{Filter, Layout};
use heddle_trace::Nanos;
use labels::Labels;
use legend::Legend;
use real_time::RealTime;
use tracks::{Tracks, use_arranged, use_tracks};
use tracks_menu::TracksMenu;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

/// Bar, ruler and legend, in px.
const AROUND_LANES: f64 = 40.0 + 24.0 + 28.0 + 3.0;
/// The least the timeline can be dragged to.
const LEAST: f64 = 140.0;

/// How it is drawn.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// As the only thing on a phone: no bar, all the height there is.
    #[prop_or_default]
    pub fill: bool,
    #[prop_or_default]
    pub hidden: bool,
}

/// See the module.
#[function_component(TimelinePane)]
pub fn timeline_pane(props: &Props) -> Html {
    let page = use_page();
    let lab = &page.lab;
    let tracks = use_arranged(&page);
    let chosen = use_state(|| stored(names::HEIGHT).and_then(|text| text.parse::<f64>().ok()));
    let layout = use_memo(
        (
            lab.recording.clone(),
            tracks.arrangement(),
            tracks.found.clone(),
            lab.machine.cores,
            lab.machine.switch_interval_ns,
        ),
        |(recording, arrangement, found, cores, interval_ns)| {
            if recording.is_empty() {
                let interval_ns = interval_ns.unwrap_or(DEFAULT_INTERVAL);
                Layout::before_any_run(*cores, interval_ns, PROGRAM, &arrangement.folded)
            } else {
                recording.read().timeline.arranged(arrangement, found)
            }
        },
    );
    let window_height = use_window_height();
    let style = if props.fill {
        String::new()
    } else {
        format!(
            "height:{:.0}px",
            height(layout.height + compare::height(lab), *chosen, window_height)
        )
    };
    let stale = lab.is_stale().then_some("stale");
    let never = lab.recording.is_empty().then_some("never");
    html! {
        <ContextProvider<Tracks> context={tracks.clone()}>
        <section class={classes!("tl", stale, never)} aria-label="Timeline panel" {style} hidden={props.hidden}>
            if !props.fill { <Grip {chosen} /> }
            if props.fill { <Tools layout={layout.clone()} /> } else { <Bar layout={layout.clone()} /> }
            <TracksMenu layout={layout.clone()} />
            <span class="sr" role="status" aria-live="polite">{ tracks.said() }</span>
            if lab.is_stale() && !lab.recording.is_empty() && !lab.run.is_active() {
                <span class="tag idle stale-note">{ "from the previous version" }</span>
            }
            if let Some(kept) = &lab.kept { <Beside kept={kept.clone()} /> }
            if lab.view.table {
                <table::Table />
            } else {
                <div class="tlgrid" style={compare::share(layout.height)}>
                    <Labels layout={layout.clone()} />
                    <Canvas layout={layout.clone()} />
                    if layout.rows.is_empty() { <Nothing /> }
                </div>
            }
            <RealTime />
            <Legend />
        </section>
        </ContextProvider<Tracks>>
    }
}

/// What stands there where the filter leaves no track.
#[function_component(Nothing)]
fn nothing() -> Html {
    let tracks = use_tracks();
    let all =
        Callback::from(move |_: MouseEvent| tracks.change(|state| state.arrangement_mut().filter = Filter::default()));
    html! {
        <div class="none" role="note"><span>{ "The filter shows no track." }</span><button class="btn sm out" onclick={all}>{ "Show all tracks" }</button></div>
    }
}

/// The pane's height in px: the tracks', within bounds, or what was chosen.
fn height(rows: f64, chosen: Option<f64>, window: f64) -> f64 {
    let most = (window * 0.6).min(window - 44.0 - 44.0 - 260.0).max(LEAST);
    chosen.unwrap_or(rows + AROUND_LANES).clamp(LEAST, most)
}

/// How long the trace is, at least 1; beside a run that was kept, the longer one.
pub(super) fn extent(page: &super::page::Page) -> Nanos {
    let kept = page
        .lab
        .kept
        .as_ref()
        .map(|kept| kept.recording.read().timeline.extent());
    page.lab.recording.read().timeline.extent().max(kept.unwrap_or(0))
}

/// Until when there is something to play; likewise.
pub(super) fn length(page: &super::page::Page) -> Nanos {
    let kept = page.lab.kept.as_ref().map(|kept| kept.length_ns);
    page.lab.recording.read().timeline.end().max(kept.unwrap_or(0))
}

#[derive(Properties, PartialEq)]
struct GripProps {
    chosen: UseStateHandle<Option<f64>>,
}

/// The upper edge, to be dragged; a double click gives the height back to the tracks.
#[function_component(Grip)]
fn grip(props: &GripProps) -> Html {
    let down = Callback::from(|event: PointerEvent| {
        if let Some(edge) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) {
            // Without capture the drag ends at the edge; that is all.
            let _ = edge.set_pointer_capture(event.pointer_id());
        }
    });
    let drag = {
        let chosen = props.chosen.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 0 {
                return;
            }
            let window = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(900.0);
            let height = (window - f64::from(event.client_y())).max(LEAST);
            store(names::HEIGHT, &format!("{height:.0}"));
            chosen.set(Some(height));
        })
    };
    let reset = {
        let chosen = props.chosen.clone();
        Callback::from(move |_: MouseEvent| {
            store(names::HEIGHT, "");
            chosen.set(None);
        })
    };
    html! { <div class="grip" aria-hidden="true" onpointerdown={down} onpointermove={drag} ondblclick={reset}></div> }
}
