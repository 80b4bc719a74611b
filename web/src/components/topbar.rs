//! The top bar: brand, title, Run and Stop, Share, Gallery, theme, help.

use super::icon::{Icon, logo};
use super::page::use_page;
use crate::gallery;
use crate::hooks::browser::{is_dark, toggle_theme};
use crate::state::{Action, Overlay};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// See the module.
#[function_component(TopBar)]
pub fn top_bar() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let active = lab.run.is_active();
    let category = gallery::find(&lab.source).map(|item| item.category);
    html! {
        <header class="top">
            <button class="btn sq only-phone" aria-label="Gallery" onclick={page.on(|| Action::Show(Overlay::Gallery))}>{ Icon::Menu.html() }</button>
            <h1 class="brand">{ logo() }<span class="name">{ "Heddle" }</span></h1>
            if let Some(category) = category {
                <span class="crumb no-phone">{ category }</span>
                <span class="crumb no-phone" style="margin:0 0 0 8px">{ "/" }</span>
            }
            <Title />
            if !lab.run.source.is_empty() && lab.is_stale() && !active {
                <span class="tag idle no-phone">{ "edited" }</span>
            }
            <span class="grow no-phone"></span>
            <button class="btn pri no-phone" style="padding:0 8px 0 10px" aria-keyshortcuts="Control+Enter" onclick={page.run.reform(|_| ())}>
                { Icon::Play.html() }{ "Run " }<kbd aria-hidden="true">{ "Ctrl ↵" }</kbd>
            </button>
            <button class="btn sq no-phone" aria-label="Stop" title="Stop (Esc)" disabled={!active} onclick={page.stop.reform(|_| ())}>{ Icon::Stop.html() }</button>
            <span class="sep no-phone"></span>
            <button class="btn no-phone" onclick={page.on(|| Action::Show(Overlay::Share))}>{ Icon::Share.html() }{ "Share" }</button>
            <button class="btn no-phone" onclick={page.on(|| Action::Show(Overlay::Gallery))}>{ Icon::Gallery.html() }{ "Gallery" }</button>
            <button class="btn sq only-phone" aria-label="Share" onclick={page.on(|| Action::Show(Overlay::Share))}>{ Icon::Share.html() }</button>
            <span class="sep no-phone"></span>
            <button class="btn sq no-phone" aria-label="Theme" title="Light or dark" onclick={page.on(|| { toggle_theme(); Action::Dark(is_dark()) })}>{ Icon::Theme.html() }</button>
            <button class="btn sq no-phone" aria-label="Help" title="Keys (?)" onclick={page.on(|| Action::Show(Overlay::Help))}>{ Icon::Help.html() }</button>
        </header>
    }
}

/// The title, which is a setting of the program and can be written over.
#[function_component(Title)]
fn title() -> Html {
    let page = use_page();
    let commit = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                let title = input.value().trim().to_owned();
                page.set(move |settings| settings.title = title);
            }
        })
    };
    let leave = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Enter"
            && let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlElement>().ok())
        {
            // Leaving the field commits it.
            let _ = input.blur();
        }
    });
    html! {
        <label class="title">
            // Not every browser knows `field-sizing`.
            <input aria-label="Scenario title" placeholder="Untitled" size={page.lab.machine.title.chars().count().max(8).to_string()} value={page.lab.machine.title.clone()} onchange={commit} onkeydown={leave} />
            { Icon::Pen.html() }
        </label>
    }
}
