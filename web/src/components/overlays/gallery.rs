//! The gallery's drawer: chapters at the left, programs with their pictures, a search over titles and code, the person's own, templates, files.

use super::dialog::Dialog;
use super::own::{OWN, Own};
use super::thumb::thumb;
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::gallery::{ALL, CATEGORIES, Item, TEMPLATES, recent, visited};
use crate::hooks::browser::{keys, store, stored};
use crate::hooks::opening;
use crate::hooks::shelf::{self, Kept};
use crate::state::files::Files;
use crate::state::words::count;
use crate::state::{Action, Overlay};
use heddle_scenario::File;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The chapter of what to begin with.
const NEW: &str = "Begin a new one";
/// So many of the person's own are shown beside all others.
const FEW: usize = 4;

/// See the module.
#[function_component(Gallery)]
pub fn gallery() -> Html {
    let page = use_page();
    let words = use_state(String::new);
    let chapter = use_state(|| None::<&'static str>);
    let kept = use_state(Vec::<Kept>::new);
    let list = {
        let kept = kept.clone();
        Callback::from(move |()| {
            let kept = kept.clone();
            spawn_local(async move { kept.set(shelf::list().await) });
        })
    };
    {
        let list = list.clone();
        use_effect_with((), move |()| list.emit(()));
    }
    let search = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                words.set(input.value());
            }
        })
    };
    let is_shown = |name: &'static str| chapter.is_none_or(|chapter| chapter == name);
    let shown: Vec<Item> = ALL
        .into_iter()
        .filter(|item| item.matches(&words) && is_shown(item.category))
        .collect();
    let own: Vec<Kept> = kept.iter().filter(|kept| kept.matches(&words)).cloned().collect();
    let own = match *chapter {
        Some(OWN) => own,
        None => own.into_iter().take(FEW).collect(),
        _ => Vec::new(),
    };
    let plain = chapter.is_none() && words.is_empty();
    let latest = if plain {
        recent(stored(keys::RECENT))
    } else {
        Vec::new()
    };
    let choose = |name: Option<&'static str>| {
        let chapter = chapter.clone();
        Callback::from(move |()| chapter.set(name))
    };
    let chapter_button =
        |name: &'static str, number: usize| chapter_button(name, number, *chapter == Some(name), choose(Some(name)));
    let earlier = stored(keys::EARLIER).filter(|text| !text.is_empty());
    let nothing = match *chapter {
        Some(OWN) if kept.is_empty() => {
            "What you write is kept here by itself, as far as this browser lets the page store anything."
        }
        _ => "No program has all these words.",
    };
    html! {
        <Dialog label="Gallery" class="drawer">
            <div class="head">
                <h2>{ "Gallery" }</h2><span class="t3 s12">{ format!("{} programs, each with its timeline", ALL.len()) }</span><span class="grow"></span>
                <label class="srch">{ Icon::Search.html() }<input placeholder="Search programs, modules, words in the code" aria-label="Search" data-first="" value={(*words).clone()} oninput={search} /></label>
                <button class="btn sq" aria-label="Close" onclick={page.on(|| Action::Show(Overlay::None))}>{ Icon::Close.html() }</button>
            </div>
            <div class="db">
                <nav aria-label="Chapters">
                    { self::chapter_button("All", ALL.len(), chapter.is_none(), choose(None)) }
                    { for CATEGORIES.into_iter().map(|name| chapter_button(name, ALL.iter().filter(|item| item.category == name).count())) }
                    <span class="sep no-phone line"></span>
                    { chapter_button(OWN, kept.len()) }
                    { chapter_button(NEW, TEMPLATES.len()) }
                    if let Some(source) = earlier {
                        <button onclick={open(&page, source, Files::from_json(stored(keys::EARLIER_FILES)))}><span>{ "Your earlier program" }</span></button>
                    }
                    <label>{ "Open a .py file…" }<input class="sr" type="file" accept=".py,.zip,text/x-python,application/zip" onchange={open_file(&page)} /></label>
                </nav>
                <div class="ds-b">
                    if !own.is_empty() { <Own kept={own.clone()} changed={list} /> }
                    { section(&page, "Recent", latest) }
                    if *chapter == Some(NEW) { { section(&page, NEW, TEMPLATES.to_vec()) } }
                    if shown.is_empty() && own.is_empty() && *chapter != Some(NEW) { <p class="t3">{ nothing }</p> }
                    { for CATEGORIES.into_iter().map(|name| section(&page, name, shown.iter().filter(|item| item.category == name).copied().collect())) }
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

fn section(page: &Page, name: &'static str, items: Vec<Item>) -> Html {
    if items.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-label={name}>
            <h3>{ name }<span class="sr">{ format!(", {}", count(items.len(), "program")) }</span></h3>
            <div class="gl">{ for items.into_iter().map(|item| entry(page, item)) }</div>
        </section>
    }
}

fn entry(page: &Page, item: Item) -> Html {
    let current = crate::gallery::find(&page.lab.source) == Some(item);
    let opens = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            store(keys::RECENT, &visited(stored(keys::RECENT), item.name));
            page.open.emit((item.source.to_owned(), item.beside()));
        })
    };
    html! {
        <button class={classes!("gi", current.then_some("cur"))} data-title={item.title()} onclick={opens}>
            if !item.picture.is_empty() { <span class="th">{ thumb(item.picture) }</span> }
            <span class="grow">
                <span class="row"><b class="b nm">{ item.title() }</b>
                    if current { <span class="tag acc">{ "open" }</span> }
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
    let take = page.take();
    Callback::from(move |event: Event| {
        let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        if let Some(files) = input.and_then(|input| input.files()) {
            opening::open(&take, &files);
        }
    })
}
