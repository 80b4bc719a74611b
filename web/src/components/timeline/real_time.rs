//! The strip "Real time in your browser": how long the Web Workers of a run's processes have worked, as measured, how long the same run took with other
//! numbers of them, and the menu for that number.

use crate::components::page::{Page, use_page};
use crate::hooks::browser::{choose_workers, chosen_workers, suitable_workers};
use crate::state::run::Phase;
use crate::state::words::{count, wall};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the menu offers besides what suits the computer.
const OFFERED: [u16; 5] = [0, 1, 2, 4, 8];

/// See the module. There is none for a run in which no process has made another.
#[function_component(RealTime)]
pub fn real_time() -> Html {
    let page = use_page();
    let run = &page.lab.run;
    let (Phase::Over { .. }, Some(measured)) = (&run.phase, &run.measured) else {
        return html! {};
    };
    let made_others = |page: &Page| {
        let data = page.lab.recording.read();
        data.timeline
            .people()
            .processes
            .iter()
            .any(|process| process.parent.is_some())
    };
    let workers = measured.workers_us.len();
    if workers == 0 && !made_others(&page) {
        return html! {};
    }
    let all_us: u64 = measured.workers_us.iter().sum::<u64>() + measured.lab_us;
    let own = measured.workers_us.iter().enumerate();
    html! {
        <section class="rt" aria-label="Real time in your browser">
            <div class="rt-head">
                <b>{ "Real time in your browser" }</b>
                { menu(&page) }
            </div>
            <div class="rt-bars">
                { bar("lab's".to_owned(), measured.lab_us, measured.whole_us, "lab") }
                { for own.map(|(at, us)| bar(format!("worker {}", at + 1), *us, measured.whole_us, "own")) }
            </div>
            <div class="rt-sum">
                <b>{ wall(measured.whole_us) }</b>
                <span class="t3">{ format!("in which workers worked for {} in all, measured", wall(all_us)) }</span>
            </div>
            { others(&page, workers) }
        </section>
    }
}

/// How much of the whole time somebody worked.
fn bar(name: String, us: u64, whole_us: u64, class: &'static str) -> Html {
    let width = format!("width:{:.1}%", us as f64 * 100.0 / whole_us.max(1) as f64);
    html! {
        <div class="rt-row"><span>{ name }</span><span class="rt-bar"><i class={class} style={width}></i></span><span class="num">{ wall(us) }</span></div>
    }
}

/// The same run with other numbers of workers, as far as it was made.
fn others(page: &Page, workers: usize) -> Html {
    let timings = &page.lab.timings;
    let longest_us = timings.all().map(|(_, us)| us).max().unwrap_or(1);
    if timings.all().count() < 2 {
        return html! {
            <div class="rt-sum t3"><span>{ "The timeline is the same, to the byte, for any number of workers." }</span>
            <span>{ "Choose another one to compare the times." }</span></div>
        };
    }
    let name = |workers: usize| match workers {
        0 => "none".to_owned(),
        some => count(some, "worker"),
    };
    let class = |of: usize| if of == workers { "own" } else { "lab" };
    let gain = |workers: usize| {
        timings
            .gain(workers)
            .map(|times| format!("{times:.1}× as fast as none"))
    };
    let best = timings.all().min_by_key(|(_, us)| *us).map(|(workers, _)| workers);
    let told = gain(workers).or_else(|| best.and_then(|best| Some(format!("{}: {}", name(best), gain(best)?))));
    html! {
        <>
            <div class="rt-bars" role="group" aria-label="The same run with other numbers of workers">
                { for timings.all().map(|(of, us)| bar(name(of), us, longest_us, class(of))) }
            </div>
            if let Some(told) = told { <div class="rt-sum"><b>{ told }</b><span class="t3">{ "measured; the timeline is the same" }</span></div> }
        </>
    }
}

/// The menu for the number of workers. Another choice runs the program again.
fn menu(page: &Page) -> Html {
    let chosen = chosen_workers();
    let page = page.clone();
    let change = Callback::from(move |event: Event| {
        let value = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        let Some(value) = value.map(|select| select.value()) else {
            return;
        };
        choose_workers(value.parse().ok());
        page.run.emit(());
    });
    let suits = format!("as suits: up to {}", suitable_workers());
    let others = chosen.filter(|chosen| !OFFERED.contains(chosen));
    let name = |workers: u16| match workers {
        0 => "none".to_owned(),
        some => format!("up to {some}"),
    };
    html! {
        <label class="t3">{ "Web Workers for processes " }
            <select class="val" onchange={change}>
                <option value="" selected={chosen.is_none()}>{ suits }</option>
                { for OFFERED.into_iter().chain(others).map(|workers| html! {
                    <option value={workers.to_string()} selected={chosen == Some(workers)}>{ name(workers) }</option>
                }) }
            </select>
        </label>
    }
}
