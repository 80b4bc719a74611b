//! The timeline's pane: bar, label column, canvas (or table), legend. Its height is that of its tracks, at most three
//! fifths of the window, unless a person has dragged its upper edge.

mod bar;
mod canvas;
pub mod card;
mod embedded;
pub mod keys;
mod labels;
mod legend;
mod minimap;
mod real_time;
mod table;

pub use embedded::EmbeddedTimeline;
pub use legend::CompactLegend;
pub use minimap::Minimap;

use super::page::use_page;
use crate::components::machine_bar::DEFAULT_INTERVAL;
use crate::hooks::browser::{keys as names, store, stored, use_window_height};
use crate::state::files::PROGRAM;
use bar::Bar;
use canvas::Canvas;
use gloo::utils::window;
use heddle_timeline::{GroupKey, Layout};
use heddle_trace::Nanos;
use labels::Labels;
use legend::Legend;
use real_time::RealTime;
use std::collections::BTreeSet;
use std::rc::Rc;
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
    let collapsed = use_state(BTreeSet::<GroupKey>::new);
    let find = use_state(String::new);
    let chosen = use_state(|| stored(names::HEIGHT).and_then(|text| text.parse::<f64>().ok()));
    let layout = use_memo(
        (
            lab.recording.clone(),
            (*collapsed).clone(),
            (*find).clone(),
            lab.machine.cores,
            lab.machine.switch_interval_ns,
        ),
        |(recording, collapsed, find, cores, interval_ns)| {
            if recording.is_empty() {
                let interval_ns = interval_ns.unwrap_or(DEFAULT_INTERVAL);
                Layout::before_any_run(*cores, interval_ns, PROGRAM, collapsed)
            } else {
                recording.read().timeline.layout_finding(collapsed, find)
            }
        },
    );
    let toggle = {
        let collapsed = collapsed.clone();
        Callback::from(move |key: GroupKey| {
            let mut next = (*collapsed).clone();
            if !next.remove(&key) {
                next.insert(key);
            }
            collapsed.set(next);
        })
    };
    let on_find = {
        let find = find.clone();
        Callback::from(move |text: String| find.set(text))
    };
    let window_height = use_window_height();
    let style = if props.fill {
        String::new()
    } else {
        format!("height:{:.0}px", height(&layout, *chosen, window_height))
    };
    let stale = lab.is_stale().then_some("stale");
    let never = lab.recording.is_empty().then_some("never");
    html! {
        <section class={classes!("tl", stale, never)} aria-label="Timeline panel" {style} hidden={props.hidden}>
            if !props.fill { <Grip {chosen} /> }
            <Bar />
            if lab.is_stale() && !lab.recording.is_empty() && !lab.run.is_active() {
                <span class="tag idle stale-note">{ "from the previous version" }</span>
            }
            if lab.view.table {
                <table::Table />
            } else {
                <div class="tlgrid">
                    <Labels layout={layout.clone()} {toggle} find={(*find).clone()} on_find={on_find} />
                    <Canvas layout={layout.clone()} />
                </div>
            }
            <RealTime />
            <Legend />
        </section>
    }
}

/// The pane's height in px: the tracks', within bounds, or what was chosen.
fn height(layout: &Rc<Layout>, chosen: Option<f64>, window: f64) -> f64 {
    let most = (window * 0.6).min(window - 44.0 - 44.0 - 260.0).max(LEAST);
    chosen.unwrap_or(layout.height + AROUND_LANES).clamp(LEAST, most)
}

/// How long the trace is, at least 1.
pub(super) fn extent(page: &super::page::Page) -> Nanos {
    page.lab.recording.read().timeline.extent()
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
