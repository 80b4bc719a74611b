//! The Wait-for tab: who waits for whom at the moment t, drawn and in words, and after a deadlock the whole report with source lines.

use super::MOST_CARDS;
use super::wait_graph::picture;
use crate::components::chip::thread_and_home;
use crate::components::icon::Icon;
use crate::components::page::use_page;
use crate::components::timeline::card;
use crate::state::recording::Data;
use crate::state::words::count;
use heddle_protocol::Ending;
use heddle_timeline::{LaneKey, What, moment};
use heddle_trace::{Nanos, StateClass};
use yew::prelude::*;

/// See the module.
#[function_component(WaitForTab)]
pub fn wait_for_tab() -> Html {
    let page = use_page();
    if page.lab.recording.is_empty() {
        return html! { <p class="t3 s12">{ "Run the program: here stands who waits for whom." }</p> };
    }
    let data = page.lab.recording.read();
    let at = page.lab.view.moment;
    let report = match page.lab.run.ending() {
        Some(Ending::Deadlock { report, held }) => Some((report, held.len())),
        _ => None,
    };
    let graph = data.timeline.wait_graph(&data.trace, at);
    let tag = match (graph.cycle_threads, report) {
        (0, None) => None,
        (0, Some((_, threads))) => Some(format!("deadlock of {}", count(threads, "thread"))),
        (threads, _) => Some(format!("cycle of {}", count(threads, "thread"))),
    };
    html! {
        <>
            <div class="moment"><span>{ "At " }<b class="num" style="color:var(--accent-ink)">{ moment(at) }</b></span>
                if let Some(words) = tag { <span class="tag bad">{ Icon::Warn.html() }{ words }</span> }
            </div>
            if !graph.edges.is_empty() { { picture(&page, &graph, at) } }
            if graph.left_out > 0 { <p class="t3 s12">{ format!("{} more wait; the cards below show everybody.", graph.left_out) }</p> }
            { waits(&data, at) }
            if let Some((report, _)) = report {
                <div class="lbl" style="margin:14px 0 4px">{ "The report" }</div>
                <pre class="fault" aria-label="Deadlock report">{ report.clone() }</pre>
            }
        </>
    }
}

/// Everybody who waits for somebody else at a moment.
fn waits(data: &Data, at: Nanos) -> Html {
    let mut rows = data
        .timeline
        .people()
        .threads()
        .iter()
        .filter_map(|person| {
            let reference = data.timeline.slice_at(LaneKey::Thread(person.key), at)?;
            let slice = data.timeline.slice(reference)?;
            let What::State(state) = &slice.what else { return None };
            if !matches!(state.class(), StateClass::Blocked | StateClass::Joining | StateClass::GilWait) {
                return None;
            }
            let words = data.timeline.describe(&data.trace, reference)?;
            Some(html! {
                <div class="card" style="margin-bottom:8px">
                    <div class="row">{ thread_and_home(&data.timeline, person.key, false) }<b class="b">{ words.title.clone() }</b></div>
                    <div class="s12 t2" style="margin-top:4px">{ card::sentence(&words.why, true) }</div>
                </div>
            })
        });
    let shown: Vec<Html> = rows.by_ref().take(MOST_CARDS).collect();
    if shown.is_empty() {
        html! { <p class="t3 s12">{ "Nobody waits for anybody." }</p> }
    } else {
        html! { <>{ for shown }{ super::left_out(rows.count(), "thread") }</> }
    }
}
