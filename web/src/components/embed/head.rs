//! The head of an embedded lab: its title, its machine, the way to the lab, Run or Stop.

use crate::components::icon::{Icon, logo};
use crate::components::page::{Page, use_page};
use crate::hooks::link;
use crate::state::Lab;
use crate::state::words::count;
use heddle_scenario::write_settings;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether the reader has changed the program.
    pub is_edited: bool,
    /// Brings the author's program back.
    pub reset: Callback<()>,
}

/// What people call the program.
pub fn title(lab: &Lab) -> &str {
    match lab.machine.title.as_str() {
        "" => "Python program",
        title => title,
    }
}

/// See the module.
#[function_component(Head)]
pub fn head(props: &Props) -> Html {
    let page = use_page();
    let lab = &page.lab;
    let machine = &lab.machine;
    let address = use_memo(
        (
            lab.source.clone(),
            lab.files.beside.clone(),
            machine.clone(),
            lab.semantics,
        ),
        |_| address(&page),
    );
    html! {
        <header class="eh">
            <h1 class="row">{ logo() }<span class="nm">{ title(lab).to_owned() }</span></h1>
            <span class="tag idle">{ machine.python.name() }</span>
            <span class="tag idle">{ count(machine.cores.into(), "core") }</span>
            if props.is_edited {
                <button class="btn sm" title="Back to the program as it was" onclick={props.reset.reform(|_| ())}>{ "Reset" }</button>
            }
            <span class="grow"></span>
            if let Ok(address) = &*address {
                <a class="open" href={address.clone()} target="_blank" rel="noopener" title="Open in the lab, with what you have changed"><span>{ "Open in the lab" }</span>{ Icon::Outside.html() }</a>
            }
            if lab.run.is_active() {
                <button class="btn sm out" title="Stop (Esc)" onclick={page.stop.reform(|_| ())}>{ Icon::Stop.html() }{ "Stop" }</button>
            } else {
                <button class="btn sm pri" title="Run (Ctrl+Enter)" onclick={page.run.reform(|_| ())}>{ Icon::Play.html() }{ "Run" }</button>
            }
        </header>
    }
}

/// The address of the lab with the program as it is now; settings that win over its own are written into it.
fn address(page: &Page) -> Result<String, String> {
    let lab = &page.lab;
    let source = match lab.imposed.is_empty() {
        true => lab.source.to_string(),
        false => write_settings(&lab.source, &lab.machine).unwrap_or_else(|_| lab.source.to_string()),
    };
    let scenario = link::scenario(&source, &lab.files.beside, &lab.machine);
    let fragment = link::fragment_of(scenario, lab.semantics, None)?;
    Ok(format!("{}#{fragment}", link::beside("")))
}
