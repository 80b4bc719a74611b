//! "Yours, in this browser": the scenarios that were kept, each to be opened, renamed or deleted.

use crate::components::icon::Icon;
use crate::components::page::use_page;
use crate::hooks::shelf::{self, Kept};
use crate::state::words::count;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// The chapter's name.
pub const OWN: &str = "Yours, in this browser";

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is shown of them.
    pub kept: Vec<Kept>,
    /// Asks for the list again.
    pub changed: Callback<()>,
}

/// See the module.
#[function_component(Own)]
pub fn own(props: &Props) -> Html {
    html! {
        <section aria-label={OWN}>
            <h3>{ OWN }<span class="sr">{ format!(", {}", count(props.kept.len(), "program")) }</span></h3>
            <div class="gl">{ for props.kept.iter().map(|kept| html! { <Entry key={kept.id.clone()} kept={kept.clone()} changed={props.changed.clone()} /> }) }</div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct EntryProps {
    kept: Kept,
    changed: Callback<()>,
}

#[function_component(Entry)]
fn entry(props: &EntryProps) -> Html {
    let page = use_page();
    let renaming = use_state(|| false);
    let deleting = use_state(|| false);
    let kept = &props.kept;
    let is_current = *page.lab.source == kept.source && *page.lab.files.beside == kept.files;
    let open = {
        let (page, kept) = (page.clone(), kept.clone());
        Callback::from(move |_: MouseEvent| page.open.emit((kept.source.clone(), kept.files.clone())))
    };
    let begin = {
        let renaming = renaming.clone();
        Callback::from(move |_: MouseEvent| renaming.set(true))
    };
    let commit = {
        let (page, kept, renaming, changed) = (page.clone(), kept.clone(), renaming.clone(), props.changed.clone());
        Callback::from(move |event: Event| {
            let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            let title = field.value().trim().to_owned();
            renaming.set(false);
            let (page, kept, changed) = (page.clone(), kept.clone(), changed.clone());
            spawn_local(async move {
                if shelf::rename(&kept, &title).await {
                    page.set(move |settings| settings.title = title);
                }
                changed.emit(());
            });
        })
    };
    let leave = {
        let renaming = renaming.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                // Leaving the field commits it.
                if let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
                    let _ = field.blur();
                }
            }
            "Escape" => {
                event.stop_propagation();
                renaming.set(false);
            }
            _ => {}
        })
    };
    let delete = {
        let (id, deleting, changed) = (kept.id.clone(), deleting.clone(), props.changed.clone());
        Callback::from(move |_: MouseEvent| {
            if !*deleting {
                return deleting.set(true);
            }
            let (id, changed) = (id.clone(), changed.clone());
            spawn_local(async move {
                shelf::remove(&id).await;
                changed.emit(());
            });
        })
    };
    let name = kept.name().to_owned();
    html! {
        <div class={classes!("gi", "own", is_current.then_some("cur"))}>
            if *renaming {
                <input class="val grow" aria-label={format!("New name of {name}")} value={kept.title.clone()} onchange={commit} onkeydown={leave} />
            } else {
                <button class="grow" data-title={name.clone()} onclick={open}>
                    <span class="row"><b class="b nm">{ name.clone() }</b>
                        if is_current { <span class="tag acc">{ "open" }</span> }
                        <span class="grow"></span><span class="s11 t3">{ kept.day() }</span></span>
                    <span class="s12 t2 ds">{ first_words(&kept.source) }</span>
                </button>
            }
            <button class="btn sm sq" aria-label={format!("Rename {name}")} title="Rename" onclick={begin}>{ Icon::Pen.html() }</button>
            if *deleting {
                <button class="btn sm out" aria-label={format!("Really delete {name}")} onclick={delete}>{ "Delete?" }</button>
            } else {
                <button class="btn sm sq" aria-label={format!("Delete {name}")} title="Delete" onclick={delete}>{ Icon::Close.html() }</button>
            }
        </div>
    }
}

/// The first line that is neither settings, import nor empty.
fn first_words(source: &str) -> String {
    let body = source.split_once("# ///\n").map_or(source, |(_, rest)| rest);
    let mut lines = body.lines().map(str::trim);
    let said = lines.find(|line| !line.is_empty() && !line.starts_with("import ") && !line.starts_with("from "));
    said.unwrap_or("empty").to_owned()
}
