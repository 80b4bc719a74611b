//! The machine bar: which computer the program runs on, and what came of the run. Every change is written into the
//! program's `# /// lab` block, and a program that was run is run again.

use super::icon::Icon;
use super::page::{Page, use_page};
use crate::hooks::browser::closest;
use crate::state::words::{count, wall};
use crate::state::{Phase, Run};
use gloo::events::EventListener;
use gloo::utils::window;
use heddle_protocol::Ending;
use heddle_scenario::{MAX_CORES, OsScheduler, Policy, PythonVersion, format_duration};
use heddle_timeline::brief;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

/// The cores that the bar draws; more are chosen with the keys or in the program.
const DRAWN_CORES: u16 = 16;
/// The choices of "switch every", in ns.
const INTERVALS: [u64; 6] = [100_000, 500_000, 1_000_000, 5_000_000, 20_000_000, 100_000_000];
/// What Python takes where nothing is chosen.
pub const DEFAULT_INTERVAL: u64 = 5_000_000;

/// See the module.
#[function_component(MachineBar)]
pub fn machine_bar() -> Html {
    let page = use_page();
    let machine = &page.lab.machine;
    let bar = use_node_ref();
    use_fit(&bar, page.lab.run.is_active());
    html! {
        <section class="bare" aria-label="Machine settings"><div class="mach" ref={bar} role="group" aria-label="Machine">
            <span class="fld python">{ "Python " }
                <span class="seg" role="group" aria-label="Python">{ for versions(&page) }</span>{ other_versions(&page) }
                <span class="hint gil-words" title={machine.python.words()}>{ machine.python.words() }</span>
            </span>
            <span class="sep" style="margin:0"></span>
            <span class="fld"><Cores /><b class="num" style="color:var(--ink)">{ machine.cores }</b>{ if machine.cores == 1 { " core" } else { " cores" } }</span>
            <span class="sep" style="margin:0"></span>
            <label class="fld"><span><span class="roomy">{ "switch " }</span>{ "every" }</span>{ interval(&page) }</label>
            <label class="fld">{ "OS " }{ os_scheduler(&page) }</label>
            <label class="fld">{ policy(&page) }<span class="roomy roomier">{ " scheduler" }</span></label>
            <label class="fld">{ "seed " }{ seed(&page) }</label>
            <span class="grow"></span>
            <span class="came">if page.lab.run.is_active() { <CtrlC /> }{ status(&page.lab.run) }</span>
        </div></section>
    }
}

/// How many ways there are to leave words out, in `narrow.css`: none, the hash's digits, the words about the GIL, both, more, all.
const FITS: u8 = 6;

/// Leaves out the fewest words with which the bar is no wider than the window.
#[hook]
fn use_fit(bar: &NodeRef, is_running: bool) {
    // The width of what is told changes all the time while the program runs; words that come and go would be worse than none.
    let least = use_mut_ref(|| 0);
    {
        let (bar, least) = (bar.clone(), least.clone());
        use_effect(move || fit(&bar, &least, is_running));
    }
    let bar = bar.clone();
    use_effect_with((), move |()| {
        let listener = EventListener::new(&window(), "resize", move |_| fit(&bar, &least, false));
        move || drop(listener)
    });
}

fn fit(bar: &NodeRef, least: &RefCell<u8>, is_running: bool) {
    let Some(bar) = bar.cast::<web_sys::Element>() else {
        return;
    };
    let from = if is_running { *least.borrow() } else { 0 };
    for level in from..FITS {
        // An attribute of its own: Yew knows nothing of it.
        if bar.set_attribute("data-fit", &level.to_string()).is_err() || bar.scroll_width() <= bar.client_width() {
            *least.borrow_mut() = level;
            return;
        }
    }
}

/// The versions between which most is to be seen: Python 2's GIL, switches at most instructions, at few, and no GIL.
const SHOWN: [PythonVersion; 4] = [
    PythonVersion::V2_7,
    PythonVersion::V3_9,
    PythonVersion::V3_13,
    PythonVersion::V3_13t,
];

/// A button for each version of [`SHOWN`].
fn versions(page: &Page) -> Vec<Html> {
    let chosen = page.lab.machine.python;
    SHOWN
        .into_iter()
        .map(|version| {
            let on = version == chosen;
            let page = page.clone();
            let choose = Callback::from(move |_| page.set(move |settings| settings.python = version));
            html! { <button class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} onclick={choose}>{ version.name() }</button> }
        })
        .collect()
}

/// The menu of the versions that have no button.
fn other_versions(page: &Page) -> Html {
    let chosen = page.lab.machine.python;
    let page = page.clone();
    let change = Callback::from(move |event: Event| {
        let Some(name) = selected(&event) else { return };
        if let Some(version) = PythonVersion::ALL.into_iter().find(|version| version.name() == name) {
            page.set(move |settings| settings.python = version);
        }
    });
    let others = PythonVersion::ALL
        .into_iter()
        .filter(|version| !SHOWN.contains(version));
    html! {
        <select class="val" aria-label="Other versions of Python" onchange={change}>
            <option value="" selected={SHOWN.contains(&chosen)} disabled=true>{ "other" }</option>
            { for others.map(|version| html! { <option value={version.name()} selected={version == chosen}>{ version.name() }</option> }) }
        </select>
    }
}

fn interval(page: &Page) -> Html {
    let chosen = page.lab.machine.switch_interval_ns.unwrap_or(DEFAULT_INTERVAL);
    let mut all = INTERVALS.to_vec();
    if !all.contains(&chosen) {
        all.push(chosen);
        all.sort_unstable();
    }
    let page = page.clone();
    let change = Callback::from(move |event: Event| {
        let Some(ns) = selected(&event).and_then(|value| value.parse::<u64>().ok()) else {
            return;
        };
        page.set(move |settings| settings.switch_interval_ns = if ns == DEFAULT_INTERVAL { None } else { Some(ns) });
    });
    html! {
        <select class="val" aria-label="Switch interval" onchange={change}>
            { for all.into_iter().map(|ns| html! { <option value={ns.to_string()} selected={ns == chosen}>{ spaced(&format_duration(ns)) }</option> }) }
        </select>
    }
}

/// "5ms", as a scenario writes it, as a person does: "5 ms".
pub fn spaced(duration: &str) -> String {
    let digits = duration
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(duration.len());
    format!("{} {}", &duration[..digits], duration[digits..].replace("us", "µs"))
}

/// How the operating system shares its cores.
fn os_scheduler(page: &Page) -> Html {
    let chosen = page.lab.machine.os_scheduler;
    let page = page.clone();
    let change = Callback::from(move |event: Event| {
        let Some(name) = selected(&event) else { return };
        if let Some(policy) = OsScheduler::ALL.into_iter().find(|policy| policy.name() == name) {
            page.set(move |settings| settings.os_scheduler = policy);
        }
    });
    let word = |policy: OsScheduler| match policy {
        OsScheduler::FairShare => "Fair share",
        OsScheduler::RoundRobin => "Round robin",
        OsScheduler::Cooperative => "Cooperative",
    };
    html! {
        <select class="val" aria-label="Operating system" title="How the operating system shares its cores" onchange={change}>
            { for OsScheduler::ALL.into_iter().map(|policy| html! { <option value={policy.name()} selected={policy == chosen}>{ word(policy) }</option> }) }
        </select>
    }
}

/// SIGINT for the program that runs, at the moment it has reached.
#[function_component(CtrlC)]
pub fn ctrl_c() -> Html {
    let page = use_page();
    html! {
        <button class="btn sm out" aria-label="Ctrl-C" title="Interrupts the program now (SIGINT). The moment is written into the settings, so that a link repeats it."
            onclick={page.interrupt.reform(|_| ())}>{ "Ctrl-C" }</button>
    }
}

fn policy(page: &Page) -> Html {
    let chosen = page.lab.machine.policy;
    let page = page.clone();
    let change = Callback::from(move |event: Event| {
        let Some(name) = selected(&event) else { return };
        if let Some(policy) = Policy::ALL.into_iter().find(|policy| policy.name() == name) {
            page.set(move |settings| settings.policy = policy);
        }
    });
    let word = |policy: Policy| match policy {
        Policy::Fair => "Fair",
        Policy::Random => "Random",
        Policy::Pct => "PCT",
    };
    html! {
        <select class="val" aria-label="Scheduler" onchange={change}>
            { for Policy::ALL.into_iter().map(|policy| html! { <option value={policy.name()} selected={policy == chosen}>{ word(policy) }</option> }) }
        </select>
    }
}

fn seed(page: &Page) -> Html {
    let other = {
        let page = page.clone();
        Callback::from(move |_| {
            let seed = (js_sys::Math::random() * 9_999.0) as u64 + 1;
            page.set(move |settings| settings.seed = seed);
        })
    };
    let change = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            match input.value().trim().parse::<u64>() {
                Ok(seed) => page.set(move |settings| settings.seed = seed),
                Err(_) => input.set_value(&page.lab.machine.seed.to_string()),
            }
        })
    };
    html! {
        <span class="seedbox">
            <input class="val num" aria-label="Seed" inputmode="numeric" value={page.lab.machine.seed.to_string()} onchange={change} />
            <button class="dice" type="button" aria-label="Another seed" title="Another seed" onclick={other}>{ Icon::Dice.html() }</button>
        </span>
    }
}

fn selected(event: &Event) -> Option<String> {
    Some(event.target()?.dyn_into::<HtmlSelectElement>().ok()?.value())
}

/// The slider of cores: click or drag on the bars, arrow keys, Page keys by eight, Home and End.
#[function_component(Cores)]
fn cores() -> Html {
    let page = use_page();
    let cores = page.lab.machine.cores;
    let choose = {
        let page = page.clone();
        move |cores: u16| page.set(move |settings| settings.cores = cores.clamp(1, MAX_CORES))
    };
    // From what the settings are then: keys can come faster than the page draws.
    let step = {
        let page = page.clone();
        move |by: i32| {
            page.set(move |settings| {
                let cores = i32::from(settings.cores).saturating_add(by);
                settings.cores = u16::try_from(cores).unwrap_or(1).clamp(1, MAX_CORES);
            });
        }
    };
    let key = {
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => step(1),
                "ArrowLeft" | "ArrowDown" => step(-1),
                "PageUp" => step(8),
                "PageDown" => step(-8),
                "Home" => step(-i32::from(MAX_CORES)),
                "End" => step(i32::from(MAX_CORES)),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let drawn = DRAWN_CORES.max(cores.div_ceil(8).saturating_mul(8)).min(MAX_CORES);
    let point = {
        Callback::from(move |event: PointerEvent| {
            let Some(bars) = closest(&event, ".cores") else { return };
            let rect = bars.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
            choose((share * f64::from(drawn)).ceil().max(1.0) as u16);
        })
    };
    html! {
        <span class="cores" role="slider" tabindex="0" aria-label="Cores" aria-valuemin="1" aria-valuemax={MAX_CORES.to_string()}
            style={narrower(drawn)} aria-valuenow={cores.to_string()} aria-valuetext={count(cores.into(), "core")} onkeydown={key} onpointerdown={point}>
            { for (0..drawn).map(|i| html! { <i class={classes!((i < cores).then_some("on"))}></i> }) }
        </span>
    }
}

/// The bars of large machines are narrower, so that all take the room of [`DRAWN_CORES`].
fn narrower(drawn: u16) -> Option<String> {
    let share = f64::from(DRAWN_CORES) / f64::from(drawn.max(1));
    (drawn > DRAWN_CORES).then(|| format!("--core-w:{:.2}px;--core-gap:{:.2}px", 5.6 * share, 2.4 * share))
}

/// What came of the run.
fn status(run: &Run) -> Html {
    let time = |ns| html! { <b class="num" style="color:var(--ink)">{ brief(ns) }</b> };
    match &run.phase {
        Phase::Never => Html::default(),
        Phase::Starting => {
            html! { <span class="hint row" role="status"><span class="spin"></span>{ "starting" }</span> }
        }
        Phase::Running => {
            html! { <span class="hint row" role="status"><span class="spin"></span><span>{ "running, at " }{ time(run.now_ns) }</span></span> }
        }
        Phase::Refused(problem) if problem.line == 0 => html! { <span class="tag bad">{ "not run" }</span> },
        Phase::Refused(_) => html! { <span class="tag bad">{ "syntax error" }</span> },
        Phase::Crashed(_) => html! { <span class="tag bad">{ "the engine failed" }</span> },
        Phase::Over {
            ending,
            virtual_ns,
            wall_us,
            ..
        } => {
            let words = match ending {
                Ending::Exited { .. } => {
                    html! { <span class="hint" title={format!("{:.3} ms of real time", *wall_us as f64 / 1e3)}>{ "ran " }{ time(*virtual_ns) }{ format!(" of virtual time in {}", wall(*wall_us)) }</span> }
                }
                _ => html! { <span class="hint">{ "stopped at " }{ time(*virtual_ns) }</span> },
            };
            let badge = run.hash_number().map(|hash| {
                html! {
                    <span class="tag ok" title={format!("Same program, machine and seed: same timeline, to the byte. Trace hash {hash:016x}")}>
                        { Icon::Check.html() }{ "reproducible" }
                        <span class="hash" aria-label="Trace hash" data-hash={format!("{hash:016x}")}>{ format!("{:08x}", hash >> 32) }</span>
                    </span>
                }
            });
            html! { <><span role="status">{ words }</span>{ badge }</> }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn durations_are_spaced() {
        assert_eq!(spaced("5ms"), "5 ms");
        assert_eq!(spaced("100us"), "100 µs");
        assert_eq!(spaced("2s"), "2 s");
    }
}
