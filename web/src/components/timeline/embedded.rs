//! The timeline of an embedded lab: fewer rows (`Layout::compact`), no bar, as high as its tracks.

use super::bar::use_playing;
use super::canvas::Canvas;
use super::labels::Labels;
use super::table::Table;
use super::tracks::{Tracks, use_arranged};
use crate::components::machine_bar::DEFAULT_INTERVAL;
use crate::components::page::use_page;
use crate::state::files::PROGRAM;
use heddle_timeline::{Found, Layout};
use yew::prelude::*;

/// The ruler, px.
const RULER: f64 = 24.0;
/// Higher it does not get by itself: what is below is scrolled to.
const MOST: f64 = 360.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// As high as its tracks, whatever the frame; else it gets smaller where the frame is low.
    pub fit: bool,
}

/// See the module.
#[function_component(EmbeddedTimeline)]
pub fn embedded_timeline(props: &Props) -> Html {
    let page = use_page();
    let lab = &page.lab;
    use_playing(&page);
    let tracks = use_arranged(&page);
    let shape = (lab.machine.cores, lab.machine.switch_interval_ns);
    let layout = use_memo(
        (lab.recording.clone(), tracks.arrangement(), shape),
        |(recording, arrangement, (cores, interval_ns))| {
            let whole = if recording.is_empty() {
                Layout::before_any_run(
                    *cores,
                    interval_ns.unwrap_or(DEFAULT_INTERVAL),
                    PROGRAM,
                    &arrangement.folded,
                )
            } else {
                recording.read().timeline.arranged(arrangement, &Found::default())
            };
            whole.compact()
        },
    );
    let height = (layout.height + RULER + 1.0).min(MOST);
    let style = format!("{}:{height:.0}px", if props.fit { "height" } else { "--high" });
    let stale = lab.is_stale().then_some("stale");
    let never = lab.recording.is_empty().then_some("never");
    html! {
        <ContextProvider<Tracks> context={tracks}>
        <section class={classes!("tl", stale, never)} aria-label="Timeline panel" {style}>
            if lab.view.table {
                <Table />
            } else {
                <div class="tlgrid">
                    <Labels layout={layout.clone()} fixed=true />
                    <Canvas layout={layout.clone()} />
                </div>
            }
        </section>
        </ContextProvider<Tracks>>
    }
}
