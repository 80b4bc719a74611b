//! The popover of the timeline's bar: search with next and previous, kinds of tracks, processes, threads and tasks, and the way back.

use super::tracks::{TrackState, Tracks, use_tracks};
use crate::components::chip::chip;
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::hooks::browser::takes_focus;
use gloo::events::EventListener;
use gloo::utils::{document, window};
use heddle_timeline::{Choice, Filter, Layout, RowKey, TrackKind, Who};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// More processes, threads and tasks than this are found by their letters.
const MOST_CHOICES: usize = 100;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub layout: Rc<Layout>,
}

/// See the module.
#[function_component(TracksMenu)]
pub fn tracks_menu(props: &Props) -> Html {
    let tracks = use_tracks();
    if tracks.is_open() {
        html! { <Open layout={props.layout.clone()} /> }
    } else {
        html! {}
    }
}

#[function_component(Open)]
fn open(props: &Props) -> Html {
    let page = use_page();
    let tracks = use_tracks();
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
                field.select();
            }
        });
    }
    use_outside(&tracks);
    let keydown = {
        let (tracks, page) = (tracks.clone(), page.clone());
        Callback::from(move |event: KeyboardEvent| keydown(&page, &tracks, &event))
    };
    let typed = {
        let tracks = tracks.clone();
        Callback::from(move |event: InputEvent| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let letters: Rc<str> = field.value().into();
            tracks.change(move |state| {
                (state.letters, state.at) = (letters, None);
                if state.letters.trim().is_empty() {
                    state.arrangement_mut().filter.only_found = false;
                }
            });
        })
    };
    let go = |back: bool| {
        let (tracks, page) = (tracks.clone(), page.clone());
        Callback::from(move |_: MouseEvent| tracks.go(&page, back))
    };
    let close = {
        let tracks = tracks.clone();
        Callback::from(move |_: MouseEvent| shut(&tracks))
    };
    let arrangement = tracks.arrangement();
    let none = tracks.found.matches.is_empty();
    let change = |change: fn(&mut TrackState)| {
        let tracks = tracks.clone();
        Callback::from(move |_: MouseEvent| tracks.change(change))
    };
    html! {
        <div class="pop tracks" role="dialog" aria-label="Tracks" onkeydown={keydown}>
            <div class="row" style="gap:4px">
                <label class="srch">{ Icon::Search.html() }<input ref={field} type="search" aria-label="Find in tracks and slices" placeholder="Find in tracks and slices" value={tracks.letters().to_string()} oninput={typed} /></label>
                <button class="btn sm sq" aria-label="Previous match" title="Previous match (Shift+Enter)" disabled={none} onclick={go(true)}>{ Icon::Up.html() }</button>
                <button class="btn sm sq" aria-label="Next match" title="Next match (Enter)" disabled={none} onclick={go(false)}>{ Icon::Down.html() }</button>
                <button class="btn sm sq" aria-label="Close" onclick={close}>{ Icon::Close.html() }</button>
            </div>
            <div class="row t2" style="gap:12px;min-height:24px">
                <span class="grow" role="status">{ count(&tracks) }</span>
                { only_found(&tracks) }
            </div>
            <div class="cols">
                { kinds(&page, &tracks) }
                { people(&page, &tracks) }
            </div>
            <div class="row foot" style="gap:8px">
                { moving(&page, &tracks, &props.layout) }
                <span class="grow"></span>
                <button class="btn sm" disabled={!arrangement.is_moved()} onclick={change(|state| state.arrangement_mut().reset_places())}>{ "Own order, no pins" }</button>
                <button class="btn sm" disabled={!arrangement.filter.is_active()} onclick={change(|state| state.arrangement_mut().filter = Filter::default())}>{ "Show all" }</button>
            </div>
        </div>
    }
}

fn keydown(page: &Page, tracks: &Tracks, event: &KeyboardEvent) {
    let in_field = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        .is_some_and(|field| field.type_() == "search");
    match event.key().as_str() {
        "Enter" if in_field => tracks.go(page, event.shift_key()),
        "f" | "F" if event.ctrl_key() || event.meta_key() => {
            let field = document().query_selector(".tracks input[type=search]").ok().flatten();
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
                let _ = field.focus();
                field.select();
            }
        }
        "Escape" => shut(tracks),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// Closes it and gives the keyboard back to the timeline.
fn shut(tracks: &Tracks) {
    tracks.open(false);
    takes_focus(".can:not(.a), .tltable");
}

/// A press anywhere else closes it.
#[hook]
fn use_outside(tracks: &Tracks) {
    let tracks = tracks.clone();
    use_effect_with((), move |()| {
        let listener = EventListener::new(&window(), "pointerdown", move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let inside = target.is_some_and(|target| {
                target
                    .closest(".tracks, [aria-haspopup], .tl")
                    .is_ok_and(|found| found.is_some())
            });
            if !inside {
                tracks.open(false);
            }
        });
        move || drop(listener)
    });
}

fn count(tracks: &Tracks) -> String {
    let found = &tracks.found;
    let more = if found.is_cut { "more than " } else { "" };
    match (tracks.letters().trim(), found.matches.len(), tracks.at()) {
        ("", ..) => "Enter goes from match to match.".to_owned(),
        (_, 0, _) => "Nothing is found.".to_owned(),
        (_, count, Some(at)) => format!("{} of {more}{count}", at + 1),
        (_, 1, None) => "1 match".to_owned(),
        (_, count, None) => format!("{more}{count} matches in {} tracks", found.lanes.len()),
    }
}

fn only_found(tracks: &Tracks) -> Html {
    let on = tracks.arrangement().filter.only_found;
    let idle = tracks.letters().trim().is_empty();
    let toggle = {
        let tracks = tracks.clone();
        Callback::from(move |_: Event| tracks.change(move |state| state.arrangement_mut().filter.only_found = !on))
    };
    html! { <label class="ck"><input type="checkbox" checked={on} disabled={idle} onchange={toggle} />{ "only tracks with a match" }</label> }
}

fn kinds(page: &Page, tracks: &Tracks) -> Html {
    let there = page.lab.recording.read().timeline.kinds();
    let arrangement = tracks.arrangement();
    let choice = |kind: TrackKind| {
        let on = !arrangement.filter.kinds.contains(&kind);
        let tracks = tracks.clone();
        let toggle = Callback::from(move |_: Event| {
            tracks.change(move |state| {
                let kinds = &mut state.arrangement_mut().filter.kinds;
                if !kinds.remove(&kind) {
                    kinds.insert(kind);
                }
                state.at = None;
            });
        });
        html! { <label class="ck"><input type="checkbox" checked={on} onchange={toggle} />{ kind.title() }</label> }
    };
    html! { <fieldset><legend>{ "Kinds" }</legend>{ for there.into_iter().map(choice) }</fieldset> }
}

fn people(page: &Page, tracks: &Tracks) -> Html {
    let (all, beyond) = {
        let data = page.lab.recording.read();
        let (found, beyond) = data.timeline.choices(&tracks.letters(), MOST_CHOICES);
        // Letters that are nobody's name are looked for in slices.
        match found.is_empty() {
            true => data.timeline.choices("", MOST_CHOICES),
            false => (found, beyond),
        }
    };
    let arrangement = tracks.arrangement();
    let set = |whole: bool, who: Vec<Who>| {
        let tracks = tracks.clone();
        Callback::from(move |_: MouseEvent| {
            let who = who.clone();
            tracks.change(move |state| {
                let out = &mut state.arrangement_mut().filter.who;
                match whole {
                    true => out.retain(|one| !who.contains(one)),
                    false => out.extend(who),
                }
                state.at = None;
            });
        })
    };
    let listed: Vec<Who> = all.iter().map(|one| one.who).collect();
    let choice = |one: Choice| {
        let (who, on) = (one.who, !arrangement.filter.who.contains(&one.who));
        let tracks = tracks.clone();
        let toggle = Callback::from(move |_: Event| {
            tracks.change(move |state| {
                let out = &mut state.arrangement_mut().filter.who;
                if !out.remove(&who) {
                    out.insert(who);
                }
                state.at = None;
            });
        });
        html! {
            <label class="ck"><input type="checkbox" checked={on} onchange={toggle} />
                if let Some((text, hue)) = &one.chip { { chip(*hue, text, true) } }
                if one.chip.as_ref().is_none_or(|(text, _)| *text != one.name) { <span class="nm">{ one.name.clone() }</span> }
            </label>
        }
    };
    html! {
        <fieldset class="people"><legend>{ "Processes, threads, tasks" }</legend>
            <div class="row" style="gap:4px">
                <button class="btn sm" onclick={set(true, listed.clone())}>{ "All" }</button>
                <button class="btn sm" onclick={set(false, listed)}>{ "None" }</button>
            </div>
            { for all.into_iter().map(choice) }
            if beyond > 0 { <span class="t3">{ format!("and {beyond} more: type some of their letters above") }</span> }
        </fieldset>
    }
}

/// Buttons for the selected track: as the keys do, also where there are none.
fn moving(page: &Page, tracks: &Tracks, layout: &Rc<Layout>) -> Html {
    let Some(lane) = page.lab.view.selection.lane else {
        return html! { <span class="t3">{ "A selected track can be pinned and moved." }</span> };
    };
    let Some(name) = layout.row_of(lane).map(heddle_timeline::Row::name) else {
        return html! {};
    };
    let shift = |down: bool| {
        let (tracks, layout) = (tracks.clone(), layout.clone());
        Callback::from(move |_: MouseEvent| tracks.shift(&layout, RowKey::Lane(lane), down))
    };
    let pinned = tracks.arrangement().is_pinned(lane);
    let pin = {
        let (tracks, layout) = (tracks.clone(), layout.clone());
        Callback::from(move |_: MouseEvent| tracks.pin(&layout, lane))
    };
    let class = classes!("btn", "sm", "sq", pinned.then_some("on"));
    html! {
        <>
            <span class="nm b">{ name }</span>
            <button {class} aria-label="Pin the selected track" aria-pressed={pinned.to_string()} title="Pin (P)" onclick={pin}>{ Icon::Pin.html() }</button>
            <button class="btn sm sq" aria-label="Move the selected track up" title="Up (Alt+↑)" onclick={shift(false)}>{ Icon::Up.html() }</button>
            <button class="btn sm sq" aria-label="Move the selected track down" title="Down (Alt+↓)" onclick={shift(true)}>{ Icon::Down.html() }</button>
        </>
    }
}
