//! The Stats tab: where the time of cores, GIL and threads went, summed over the trace.

use super::MOST_CARDS;
use crate::components::chip::thread_chip;
use crate::components::page::use_page;
use crate::state::recording::Data;
use crate::summary::{Summary, summary};
use heddle_timeline::{brief, percent};
use heddle_trace::{StateClass, ThreadKey};
use yew::prelude::*;

/// See the module.
#[function_component(StatsTab)]
pub fn stats_tab() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let sums = use_memo(lab.recording.clone(), |recording| summary(&recording.read().trace));
    if lab.recording.is_empty() {
        return html! { <p class="t3 s12">{ "Run the program: here stands where its time went." }</p> };
    }
    let data = lab.recording.read();
    let cores = u64::from(data.trace.header.cores);
    let figure = |name: &str, value: String, note: String| {
        html! { <div><div class="lbl">{ name.to_owned() }</div><div style="font:520 18px/24px var(--font-ui)">{ value }</div><div class="s11 t3">{ note }</div></div> }
    };
    html! {
        <>
            <div style="display:grid;grid-template-columns:repeat(auto-fit,minmax(96px,1fr));gap:8px;margin-bottom:12px">
                { figure("wall", brief(sums.end), "virtual".into()) }
                { figure("CPU", brief(sums.busy), format!("of {cores} × {}", brief(sums.end))) }
                { figure("GIL held", percent(sums.gil_held, sums.end), crate::state::words::count(sums.hand_overs as usize, "hand-over")) }
                { figure("waited", brief(sums.class(StateClass::GilWait)), "for the GIL".into()) }
                { figure("forced", sums.forced.to_string(), "switches on request".into()) }
            </div>
            <div class="card">
                <div class="lbl" style="margin-bottom:8px">{ "Where each thread's time went" }</div>
                <table class="kv" aria-label="Time per thread">
                    <thead><tr class="lbl"><th scope="col">{ "thread" }</th><th scope="col" style="width:100%"><span class="sr">{ "what it did" }</span></th><th scope="col">{ "ran" }</th></tr></thead>
                    <tbody>{ for sums.threads.iter().take(MOST_CARDS).map(|(key, totals)| thread(&data, &sums, *key, totals)) }</tbody>
                </table>
                { super::left_out(sums.threads.len().saturating_sub(MOST_CARDS)) }
            </div>
        </>
    }
}

fn thread(data: &Data, sums: &Summary, key: ThreadKey, totals: &[u64; 9]) -> Html {
    let lived = totals.iter().sum::<u64>().max(1);
    let hue = data.timeline.people().hue(key);
    let part = |class: StateClass| {
        let ns = totals.get(class.index()).copied().unwrap_or(0);
        let width = ns as f64 / sums.end.max(1) as f64 * 100.0;
        if ns == 0 {
            return Html::default();
        }
        let look = match class {
            StateClass::Running => format!("background:var(--th-{hue})"),
            StateClass::Native => format!("background:color-mix(in srgb,var(--th-{hue}) 35%,var(--panel))"),
            StateClass::GilWait => {
                "background:repeating-linear-gradient(135deg,var(--gil) 0 2px,var(--gil-soft) 2px 6px)".to_owned()
            }
            StateClass::Ready => "background:var(--core-soft);box-shadow:inset 0 0 0 1px var(--core)".to_owned(),
            StateClass::Blocked => "background:var(--lock-soft);box-shadow:inset 0 0 0 1px var(--lock)".to_owned(),
            StateClass::Joining => "background:var(--hover);box-shadow:inset 0 0 0 1px var(--idle)".to_owned(),
            _ => "background:var(--idle);opacity:.5".to_owned(),
        };
        html! { <i style={format!("width:{width:.2}%;{look}")} title={format!("{}: {}", class.word(), brief(ns))}></i> }
    };
    let classes = StateClass::ALL
        .into_iter()
        .filter(|class| *class != StateClass::Finished);
    html! {
        <tr>
            <td style="padding-right:8px">{ thread_chip(&data.timeline, key, true) }</td>
            <td><div style="display:flex;height:12px;margin:4px 8px 4px 0;border-radius:2px;overflow:hidden;gap:1px">{ for classes.map(part) }</div></td>
            <td class="num" style="white-space:nowrap">{ percent(totals.get(StateClass::Running.index()).copied().unwrap_or(0), lived) }</td>
        </tr>
    }
}
