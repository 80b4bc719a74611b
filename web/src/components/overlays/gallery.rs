//! The gallery's drawer: chapters at the left, programs with their pictures, a search over titles and code, files.

use super::dialog::Dialog;
use super::thumb::thumb;
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::gallery::{ALL, CATEGORIES, Item};
use crate::hooks::browser::{keys, stored};
use crate::state::files::Files;
use crate::state::words::count;
use crate::state::{Action, Notice, Overlay, Severity};
use heddle_scenario::File;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Larger files are refused.
const MOST_BYTES: f64 = 1_048_576.0;

/// See the module.
#[function_component(Gallery)]
pub fn gallery() -> Html {
    let page = use_page();
    let words = use_state(String::new);
    let chapter = use_state(|| None::<&'static str>);
    let search = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                words.set(input.value());
            }
        })
    };
    let shown: Vec<Item> = ALL
        .into_iter()
        .filter(|item| item.matches(&words) && chapter.is_none_or(|chapter| chapter == item.category))
        .collect();
    let earlier = stored(keys::EARLIER).filter(|text| !text.is_empty());
    html! {
        <Dialog label="Gallery" class="drawer">
            <div class="head">
                <h2>{ "Gallery" }</h2><span class="t3 s12">{ format!("{} programs, each with its timeline", ALL.len()) }</span><span class="grow"></span>
                <label class="srch">{ Icon::Search.html() }<input placeholder="Search programs, modules, words in the code" aria-label="Search" data-first="" value={(*words).clone()} oninput={search} /></label>
                <button class="btn sq" aria-label="Close" onclick={page.on(|| Action::Show(Overlay::None))}>{ Icon::Close.html() }</button>
            </div>
            <div class="db">
                <nav aria-label="Chapters">
                    { chapter_button("All", ALL.len(), chapter.is_none(), { let chapter = chapter.clone(); Callback::from(move |()| chapter.set(None)) }) }
                    { for CATEGORIES.into_iter().map(|name| {
                        let number = ALL.iter().filter(|item| item.category == name).count();
                        let set = { let chapter = chapter.clone(); Callback::from(move |()| chapter.set(Some(name))) };
                        chapter_button(name, number, *chapter == Some(name), set)
                    }) }
                    <span class="sep no-phone" style="width:auto;height:1px;margin:12px 8px;display:block"></span>
                    if let Some(source) = earlier {
                        <button onclick={open(&page, source, Files::from_json(stored(keys::EARLIER_FILES)))}><span>{ "Your earlier program" }</span></button>
                    }
                    <label>{ "Open a .py file…" }<input class="sr" type="file" accept=".py,text/x-python" onchange={open_file(&page)} /></label>
                </nav>
                <div class="ds-b">
                    if shown.is_empty() { <p class="t3">{ "No program has all these words." }</p> }
                    { for CATEGORIES.into_iter().map(|name| section(&page, name, &shown)) }
                </div>
            </div>
        </Dialog>
    }
}

fn chapter_button(name: &'static str, number: usize, on: bool, set: Callback<()>) -> Html {
    html! {
        <button class={classes!(on.then_some("on"))} aria-current={on.then_some("true")} onclick={set.reform(|_| ())}>
            <span>{ name }</span><span class="num t3">{ number }</span>
        </button>
    }
}

fn section(page: &Page, name: &'static str, shown: &[Item]) -> Html {
    let items: Vec<_> = shown.iter().filter(|item| item.category == name).collect();
    if items.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-label={name}>
            <h3>{ name }<span class="sr">{ format!(", {}", count(items.len(), "program")) }</span></h3>
            <div class="gl">{ for items.into_iter().map(|item| entry(page, *item)) }</div>
        </section>
    }
}

fn entry(page: &Page, item: Item) -> Html {
    let current = crate::gallery::find(&page.lab.source) == Some(item);
    html! {
        <button class={classes!("gi", current.then_some("cur"))} data-title={item.title()} onclick={open(page, item.source.to_owned(), item.beside())}>
            <span class="th">{ thumb(item.picture) }</span>
            <span class="grow">
                <span class="row" style="gap:6px"><b class="b nm">{ item.title() }</b>
                    if current { <span class="tag acc" style="height:16px">{ "open" }</span> }
                    <span class="grow"></span><span class="s11 t3">{ item.machine() }</span>
                </span>
                <span class="s12 t2 ds">{ item.about }</span>
            </span>
        </button>
    }
}

fn open(page: &Page, source: String, files: Vec<File>) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |_| page.open.emit((source.clone(), files.clone())))
}

fn open_file(page: &Page) -> Callback<Event> {
    let page = page.clone();
    Callback::from(move |event: Event| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else {
            return;
        };
        let page = page.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let refuse = |why: &str| {
                let text = format!("{} was not opened: {why}.", file.name());
                page.send(Action::Show(Overlay::None));
                page.send(Action::Tell(Some(Notice {
                    severity: Severity::Error,
                    text,
                })));
            };
            if file.size() > MOST_BYTES {
                return refuse("it is larger than 1 MiB");
            }
            let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
            match text.ok().and_then(|text| text.as_string()) {
                Some(text) => page.open.emit((text, Vec::new())),
                None => refuse("it could not be read"),
            }
        });
    })
}
