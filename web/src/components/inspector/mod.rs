//! The inspector: tabs about the run and the moment t.

mod bytecode;
mod others;
mod output;
mod profile;
mod scene;
mod state;
mod stats;
mod sweep;
mod tasks;
mod wait_for;
mod wait_graph;
mod watches;

pub use output::OutputTab;

use super::page::use_page;
use crate::state::{Action, Tab};
use heddle_protocol::Ending;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// The tabs there are, in their order, with their words.
const TABS: [(Tab, &str); 5] = [
    (Tab::Output, "Output"),
    (Tab::State, "State"),
    (Tab::WaitFor, "Wait-for"),
    (Tab::Bytecode, "Bytecode"),
    (Tab::Stats, "Stats"),
];

/// More threads, processes, pipes than this are not listed one by one.
const MOST_CARDS: usize = 100;

/// Says how many of these are not listed.
fn left_out(more: usize, of: &str) -> Html {
    if more == 0 {
        Html::default()
    } else {
        html! { <p class="t3 s12">{ format!("and {}", crate::state::words::count(more, &format!("more {of}"))) }</p> }
    }
}

/// How it is drawn.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// With a tab for the code (and without a column of its own): windows under 1100.
    #[prop_or_default]
    pub beside_code: bool,
    /// Only the body: a phone has its own tabs.
    #[prop_or_default]
    pub bare: bool,
    #[prop_or_default]
    pub hidden: bool,
}

/// See the module.
#[function_component(Inspector)]
pub fn inspector(props: &Props) -> Html {
    let page = use_page();
    let tab = shown_tab(page.lab.tab);
    html! {
        <aside class="pane" aria-label="Inspector" hidden={props.hidden}>
            if !props.bare { <Tabs code={props.beside_code} /> }
            <div class="insp" role="tabpanel" id="inspector-panel" aria-labelledby={format!("tab-{tab:?}")} tabindex="0">
                { body(tab) }
            </div>
        </aside>
    }
}

/// The inspector's tab for whatever is chosen (code and timeline are tabs only on narrow windows).
fn shown_tab(tab: Tab) -> Tab {
    match tab {
        Tab::Code | Tab::Timeline => Tab::Output,
        other => other,
    }
}

fn body(tab: Tab) -> Html {
    match tab {
        Tab::State => html! { <state::StateTab /> },
        Tab::Bytecode => html! { <bytecode::BytecodeTab /> },
        Tab::WaitFor => html! { <wait_for::WaitForTab /> },
        Tab::Stats => html! { <stats::StatsTab /> },
        Tab::More => html! { <><wait_for::WaitForTab /><stats::StatsTab /></> },
        _ => html! { <output::OutputTab /> },
    }
}

/// The list of tabs, with arrow keys between them.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// With a tab for the code.
    pub code: bool,
}

/// See [`TabsProps`].
#[function_component(Tabs)]
pub fn tabs(props: &TabsProps) -> Html {
    let page = use_page();
    let lab = &page.lab;
    let chosen = if props.code { lab.tab } else { shown_tab(lab.tab) };
    let all: Vec<(Tab, &str)> = props
        .code
        .then_some((Tab::Code, "Code"))
        .into_iter()
        .chain(TABS)
        .collect();
    let keys = {
        let (page, all) = (page.clone(), all.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = all.iter().position(|(tab, _)| *tab == chosen).unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowRight" => (at + 1) % all.len(),
                "ArrowLeft" => (at + all.len() - 1) % all.len(),
                "Home" => 0,
                "End" => all.len() - 1,
                _ => return,
            };
            event.prevent_default();
            if let Some((tab, _)) = all.get(next) {
                page.send(Action::Tab(*tab));
                focus_tab(*tab);
            }
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label="Inspector" onkeydown={keys}>
            { for all.iter().map(|(tab, name)| {
                let tab = *tab;
                let on = tab == chosen;
                html! {
                    <button class={classes!("tab", on.then_some("on"))} role="tab" id={format!("tab-{tab:?}")} aria-selected={on.to_string()}
                        aria-controls="inspector-panel" tabindex={if on { "0" } else { "-1" }} onclick={page.on(move || Action::Tab(tab))}>
                        { *name }{ badge(&page, tab) }
                    </button>
                }
            }) }
        </div>
    }
}

fn badge(page: &super::page::Page, tab: Tab) -> Html {
    let run = &page.lab.run;
    match tab {
        Tab::Output => {
            let lines = run.output.read().ended();
            if lines == 0 {
                Html::default()
            } else {
                html! { <span class="n" aria-hidden="true">{ lines }</span> }
            }
        }
        Tab::WaitFor if matches!(run.ending(), Some(Ending::Deadlock { .. })) => {
            html! { <span class="n bad" aria-hidden="true">{ "1" }</span> }
        }
        _ => Html::default(),
    }
}

fn focus_tab(tab: Tab) {
    let element = gloo::utils::document().get_element_by_id(&format!("tab-{tab:?}"));
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        // Nothing to do where an element refuses the focus.
        let _ = element.focus();
    }
}
