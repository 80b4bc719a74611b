//! What only a phone shows: the machine as chips that open a sheet, tabs for everything, and Run always at the bottom.

use super::icon::Icon;
use super::machine_bar::{CtrlC, DEFAULT_INTERVAL, MachineBar, spaced};
use super::page::use_page;
use super::timeline::Minimap;
use crate::components::timeline::keys;
use crate::state::words::count;
use crate::state::{Action, Overlay, Tab};
use heddle_scenario::format_duration;
use heddle_timeline::moment;
use yew::prelude::*;

const TABS: [(Tab, &str); 5] = [
    (Tab::Code, "Code"),
    (Tab::Timeline, "Timeline"),
    (Tab::State, "State"),
    (Tab::Output, "Output"),
    (Tab::More, "More"),
];

/// The machine as chips; a tap shows the bar.
#[function_component(MachineChips)]
pub fn machine_chips() -> Html {
    let page = use_page();
    let open = use_state(|| false);
    let machine = &page.lab.machine;
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <section aria-label="Machine">
            <button class="pm" aria-expanded={open.to_string()} onclick={toggle}>
                <span class="sr">{ "Machine settings: " }</span>
                <span class="tag idle">{ format!("{}, {} GIL", machine.python.name(), if machine.python.has_gil() { "one" } else { "no" }) }</span>
                <span class="tag idle">{ count(machine.cores.into(), "core") }</span>
                <span class="tag idle">{ spaced(&format_duration(machine.switch_interval_ns.unwrap_or(DEFAULT_INTERVAL))) }</span>
                <span class="tag idle">{ format!("seed {}", machine.seed) }</span>
                <span class="grow"></span>{ Icon::Chevron.html() }
            </button>
            if *open { <MachineBar /> }
        </section>
    }
}

/// The tabs.
#[function_component(PhoneTabs)]
pub fn phone_tabs() -> Html {
    let page = use_page();
    let shown = match page.lab.tab {
        Tab::WaitFor | Tab::Stats => Tab::More,
        tab => tab,
    };
    html! {
        <nav aria-label="Views"><div class="pn" role="tablist" aria-label="Views">
            { for TABS.into_iter().map(|(tab, name)| {
                let on = shown == tab;
                html! { <button role="tab" aria-selected={on.to_string()} class={classes!(on.then_some("on"))} onclick={page.on(move || Action::Tab(tab))}>{ name }</button> }
            }) }
        </div></nav>
    }
}

/// Scrubber, steps and Run.
#[function_component(PhoneFoot)]
pub fn phone_foot() -> Html {
    let page = use_page();
    let active = page.lab.run.is_active();
    let step = |deed| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| keys::act(&page, deed))
    };
    html! {
        <footer>
            <div style="display:flex;padding:8px 16px;border-top:1px solid var(--line);background:var(--chrome)"><Minimap /></div>
            <div class={classes!("pr", active.then_some("busy"))}>
                <button class="btn sq" aria-label="One step back" onclick={step(keys::Deed::StepBack)}>{ Icon::Back.html() }</button>
                <span class="num b" style="color:var(--accent-ink)">{ moment(page.lab.view.moment) }</span>
                <button class="btn sq" aria-label="One step on" onclick={step(keys::Deed::StepOn)}>{ Icon::Next.html() }</button>
                <span class="grow"></span>
                if active {
                    <CtrlC />
                } else {
                    <button class="btn sq" aria-label="Help" onclick={page.on(|| Action::Show(Overlay::Help))}>{ Icon::Help.html() }</button>
                }
                <button class="btn out" disabled={!active} onclick={page.stop.reform(|_| ())}>{ Icon::Stop.html() }{ "Stop" }</button>
                <button class="btn pri" onclick={page.run.reform(|_| ())}>{ Icon::Play.html() }{ "Run" }</button>
            </div>
        </footer>
    }
}
