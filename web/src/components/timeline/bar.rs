//! The timeline's bar: transport, minimap, arrows, table, zoom.

use super::export_menu::ExportMenu;
use super::minimap::Minimap;
use super::tracks::use_tracks;
use super::{extent, keys};
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use gloo::timers::callback::Interval;
use heddle_timeline::{Layout, brief};
use std::rc::Rc;
use yew::prelude::*;

/// How often t moves while it plays.
const TICK_MS: u32 = 33;
/// A whole view takes about this many ticks to play through.
const TICKS_PER_VIEW: u64 = 240;

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
            </div>
            <div class="r">
                <Minimap />
                <button class={on(view.arrows)} aria-label="Arrows" title="Arrows" aria-pressed={view.arrows.to_string()} onclick={deed(keys::Deed::Arrows)}>{ Icon::Arrow.html() }</button>
                <button class={on(filters)} id="tracks-button" aria-label="Tracks" title="Choose, find, arrange tracks (Ctrl+F)" aria-haspopup="dialog" aria-expanded={tracks.is_open().to_string()} onclick={toggle}>{ Icon::Filter.html() }</button>
                <button class={on(view.table)} aria-label="Table view" title="Table view (T)" aria-pressed={view.table.to_string()} onclick={deed(keys::Deed::Table)}>{ Icon::Table.html() }</button>
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
    let play = if view.playing {
        ("Pause", Icon::Pause)
    } else {
        ("Play", Icon::Play)
    };
    let on = |yes: bool| classes!("btn", "sq", yes.then_some("on"));
    html! {
        <div class="tltools" role="group" aria-label="Timeline tools">
            <button class="btn sq" aria-label={play.0} onclick={deed(keys::Deed::Play)}>{ play.1.html() }</button>
            <span class="grow"></span>
            <button class={on(view.arrows)} aria-label="Arrows" aria-pressed={view.arrows.to_string()} onclick={deed(keys::Deed::Arrows)}>{ Icon::Arrow.html() }</button>
            <button class={on(filters)} aria-label="Tracks" aria-haspopup="dialog" aria-expanded={tracks.is_open().to_string()} onclick={toggle}>{ Icon::Filter.html() }</button>
            <button class={on(view.table)} aria-label="Table view" aria-pressed={view.table.to_string()} onclick={deed(keys::Deed::Table)}>{ Icon::Table.html() }</button>
            <ExportMenu layout={props.layout.clone()} />
            <button class="btn sq" aria-label="Whole run" onclick={deed(keys::Deed::Whole)}>{ Icon::Fit.html() }</button>
        </div>
    }
}

/// While it plays, t moves through the view and stops at the end; with reduced motion it jumps from switch to switch.
#[hook]
pub(super) fn use_playing(page: &Page) {
    let latest = use_mut_ref(|| page.clone());
    *latest.borrow_mut() = page.clone();
    use_effect_with(page.lab.view.playing, move |playing| {
        let calm = crate::hooks::browser::matches("(prefers-reduced-motion: reduce)");
        let interval = playing.then(|| {
            Interval::new(if calm { 600 } else { TICK_MS }, move || {
                let page = latest.borrow().clone();
                let end = page.lab.recording.read().timeline.end();
                let view = page.lab.view;
                let span = view.scale.map_or(end, |scale| (scale.to_ns() - scale.from_ns) as u64);
                let next = if calm {
                    page.lab
                        .recording
                        .read()
                        .timeline
                        .next_switch(view.moment, true)
                        .unwrap_or(end)
                } else {
                    view.moment.saturating_add((span / TICKS_PER_VIEW).max(1))
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
