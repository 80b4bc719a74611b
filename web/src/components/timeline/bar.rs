//! The timeline's bar: transport, minimap, arrows, table, zoom.

use super::export_menu::ExportMenu;
use super::minimap::Minimap;
use super::tracks::use_tracks;
use super::{extent, keys, length};
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::hooks::browser::matches;
use crate::state::Action;
use gloo::timers::callback::Interval;
use gloo::utils::window;
use heddle_timeline::{Layout, Rate, brief};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// How often t moves while it plays.
const TICK_MS: u32 = 33;
/// And how often where it jumps from event to event.
const EVENT_MS: u32 = 600;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub layout: Rc<Layout>,
}

/// See the module.
#[function_component(Bar)]
pub fn bar(props: &Props) -> Html {
    let page = use_page();
    let view = page.lab.view;
    use_playing(&page);
    let deed = |name: keys::Deed| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| keys::act(&page, name))
    };
    let span = view
        .scale
        .map_or_else(|| extent(&page), |scale| (scale.to_ns() - scale.from_ns) as u64);
    let keep = {
        let keep = page.lab.kept.is_none();
        page.on(move || Action::Keep(keep))
    };
    let play = if view.playing {
        ("Pause", Icon::Pause)
    } else {
        ("Play", Icon::Play)
    };
    let on = |yes: bool| classes!("btn", "sm", "sq", yes.then_some("on"));
    let empty = page.lab.recording.is_empty();
    let tracks = use_tracks();
    let filters = tracks.is_open() || tracks.arrangement().filter.is_active();
    let toggle = {
        let tracks = tracks.clone();
        Callback::from(move |_: MouseEvent| tracks.open(!tracks.is_open()))
    };
    html! {
        <div class="tlbar">
            <div class="transport">
                <button class="btn sm sq" aria-label="Start" onclick={deed(keys::Deed::Start)}>{ Icon::First.html() }</button>
                <button class="btn sm sq" aria-label="One step back" onclick={deed(keys::Deed::StepBack)}>{ Icon::Back.html() }</button>
                <button class="btn sm sq out" aria-label={play.0} onclick={deed(keys::Deed::Play)}>{ play.1.html() }</button>
                <button class="btn sm sq" aria-label="One step on" onclick={deed(keys::Deed::StepOn)}>{ Icon::Next.html() }</button>
                <button class="btn sm sq" aria-label="End" onclick={deed(keys::Deed::End)}>{ Icon::Last.html() }</button>
                <RateMenu />
            </div>
            <div class="r">
                <Minimap />
                <button class={on(view.arrows)} aria-label="Arrows" title="Arrows" aria-pressed={view.arrows.to_string()} onclick={deed(keys::Deed::Arrows)}>{ Icon::Arrow.html() }</button>
                <button class={on(filters)} id="tracks-button" aria-label="Tracks" title="Choose, find, arrange tracks (Ctrl+F)" aria-haspopup="dialog" aria-expanded={tracks.is_open().to_string()} onclick={toggle}>{ Icon::Filter.html() }</button>
                <button class={on(view.table)} aria-label="Table view" title="Table view (T)" aria-pressed={view.table.to_string()} onclick={deed(keys::Deed::Table)}>{ Icon::Table.html() }</button>
                <button class={classes!("btn", "sm", "sq", page.lab.kept.is_some().then_some("on"))} aria-label="Keep as run A" title="Keep this run as A, and compare the next ones with it" aria-pressed={page.lab.kept.is_some().to_string()} disabled={page.lab.kept.is_none() && (page.lab.recording.is_empty() || page.lab.run.is_active())} onclick={keep}>{ Icon::Two.html() }</button>
                <ExportMenu layout={props.layout.clone()} />
                <span class="sep" style="margin:0 2px"></span>
                <button class="btn sm sq" aria-label="Zoom out" onclick={deed(keys::Deed::ZoomOut)}>{ Icon::Minus.html() }</button>
                <span class="num t2" style="min-width:60px;text-align:center">{ if empty { "–".to_owned() } else { brief(span) } }</span>
                <button class="btn sm sq" aria-label="Zoom in" onclick={deed(keys::Deed::ZoomIn)}>{ Icon::Plus.html() }</button>
                <button class="btn sm sq" aria-label="Whole run" title="Whole run (F)" onclick={deed(keys::Deed::Whole)}>{ Icon::Fit.html() }</button>
            </div>
        </div>
    }
}

/// What of the bar a phone has above its tracks; steps and the minimap are at the foot of the page.
#[function_component(Tools)]
pub fn tools(props: &Props) -> Html {
    let page = use_page();
    let view = page.lab.view;
    use_playing(&page);
    let tracks = use_tracks();
    let deed = |name: keys::Deed| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| keys::act(&page, name))
    };
    let filters = tracks.is_open() || tracks.arrangement().filter.is_active();
    let toggle = {
        let tracks = tracks.clone();
        Callback::from(move |_: MouseEvent| tracks.open(!tracks.is_open()))
    };
    let keep = {
        let keep = page.lab.kept.is_none();
        page.on(move || Action::Keep(keep))
    };
    let play = if view.playing {
        ("Pause", Icon::Pause)
    } else {
        ("Play", Icon::Play)
    };
    let on = |yes: bool| classes!("btn", "sq", yes.then_some("on"));
    html! {
        <div class="tltools" role="group" aria-label="Timeline tools">
            <button class="btn sq" aria-label={play.0} onclick={deed(keys::Deed::Play)}>{ play.1.html() }</button>
            <RateMenu />
            <span class="grow"></span>
            <button class={on(view.arrows)} aria-label="Arrows" aria-pressed={view.arrows.to_string()} onclick={deed(keys::Deed::Arrows)}>{ Icon::Arrow.html() }</button>
            <button class={on(filters)} aria-label="Tracks" aria-haspopup="dialog" aria-expanded={tracks.is_open().to_string()} onclick={toggle}>{ Icon::Filter.html() }</button>
            <button class={on(view.table)} aria-label="Table view" aria-pressed={view.table.to_string()} onclick={deed(keys::Deed::Table)}>{ Icon::Table.html() }</button>
            <button class={classes!("btn", "sq", page.lab.kept.is_some().then_some("on"))} aria-label="Keep as run A" title="Keep this run as A, and compare the next ones with it" aria-pressed={page.lab.kept.is_some().to_string()} disabled={page.lab.kept.is_none() && (page.lab.recording.is_empty() || page.lab.run.is_active())} onclick={keep}>{ Icon::Two.html() }</button>
            <ExportMenu layout={props.layout.clone()} />
            <button class="btn sq" aria-label="Whole run" onclick={deed(keys::Deed::Whole)}>{ Icon::Fit.html() }</button>
        </div>
    }
}

/// The menu for how fast it plays.
#[function_component(RateMenu)]
fn rate_menu() -> Html {
    let page = use_page();
    let chosen = rate_of(&page);
    let change = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let value = event
                .target_dyn_into::<HtmlSelectElement>()
                .map(|select| select.value());
            if let Some(rate) = value.and_then(|value| Rate::named(&value)) {
                page.look(move |view| view.rate = Some(rate));
            }
        })
    };
    html! {
        <select class="rate" aria-label="Speed" title="How fast it plays: virtual time by real time" onchange={change}>
            { for Rate::ALL.into_iter().map(|rate| html! { <option value={rate.name()} selected={rate == chosen}>{ rate.label() }</option> }) }
        </select>
    }
}

/// How fast it plays: as was chosen, else with reduced motion from event to event.
fn rate_of(page: &Page) -> Rate {
    page.lab
        .view
        .rate
        .unwrap_or_else(|| match matches("(prefers-reduced-motion: reduce)") {
            true => Rate::Events,
            false => Rate::default(),
        })
}

/// While it plays, t moves at the chosen rate and stops at the end; by event it jumps from event to event of the selected track, or from switch to switch.
#[hook]
pub(super) fn use_playing(page: &Page) {
    let latest = use_mut_ref(|| page.clone());
    *latest.borrow_mut() = page.clone();
    let by_event = rate_of(page) == Rate::Events;
    use_effect_with((page.lab.view.playing, by_event), move |(playing, by_event)| {
        let tick = if *by_event { EVENT_MS } else { TICK_MS };
        let clock = || window().performance().map_or(0.0, |clock| clock.now());
        let mut before = clock();
        let interval = playing.then(|| {
            Interval::new(tick, move || {
                let page = latest.borrow().clone();
                let now = clock();
                let real_ms = std::mem::replace(&mut before, now);
                let end = length(&page);
                let view = page.lab.view;
                let next = match rate_of(&page).advance(end, now - real_ms) {
                    Some(step) => view.moment.saturating_add(step),
                    None => keys::next_event(&page, true).unwrap_or(end),
                };
                keys::go_to(&page, next.min(end));
                if next >= end {
                    page.look(|view| view.playing = false);
                }
            })
        });
        move || drop(interval)
    });
}
