//! The strip "Real time in your browser": how long the Web Workers of a run's processes have worked, as measured.

use crate::components::page::use_page;
use crate::state::run::Phase;
use crate::state::words::{count, wall};
use yew::prelude::*;

/// See the module. There is none for a run whose processes had no workers of their own.
#[function_component(RealTime)]
pub fn real_time() -> Html {
    let page = use_page();
    let run = &page.lab.run;
    let (Phase::Over { wall_us, .. }, Some(measured)) = (&run.phase, &run.measured) else {
        return html! {};
    };
    let all_us: u64 = measured.workers_us.iter().sum::<u64>() + measured.lab_us;
    let longest = (*wall_us).max(1);
    let bar = |name: String, us: u64, class: &'static str| {
        let width = format!("width:{:.1}%", us as f64 * 100.0 / longest as f64);
        html! {
            <div class="rt-row"><span>{ name }</span><span class="rt-bar"><i class={class} style={width}></i></span><span class="num">{ wall(us) }</span></div>
        }
    };
    let workers = measured.workers_us.iter().enumerate();
    html! {
        <section class="rt" aria-label="Real time in your browser">
            <div class="rt-head">
                <b>{ "Real time in your browser" }</b>
                <span class="t3">{ format!("{} of processes, and the lab's", count(measured.workers_us.len(), "Web Worker")) }</span>
            </div>
            <div class="rt-bars">
                { bar("lab's".to_owned(), measured.lab_us, "lab") }
                { for workers.map(|(at, us)| bar(format!("worker {}", at + 1), *us, "own")) }
            </div>
            <div class="rt-sum">
                <b>{ wall(*wall_us) }</b>
                <span class="t3">{ format!("in which workers worked for {} in all, measured", wall(all_us)) }</span>
            </div>
        </section>
    }
}
