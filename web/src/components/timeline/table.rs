//! The timeline as a table: the same slices, for screen readers and for reading exactly.

use super::extent;
use super::keys;
use super::tracks::use_tracks;
use crate::components::chip::chip;
use crate::components::page::use_page;
use heddle_timeline::{duration, moment};
use yew::prelude::*;

/// More rows than this are not drawn; zooming in shows the rest.
const MOST_ROWS: usize = 600;

/// See the module.
#[function_component(Table)]
pub fn table() -> Html {
    let page = use_page();
    let view = page.lab.view;
    let data = page.lab.recording.read();
    let (from, to) = view.scale.map_or((0, extent(&page)), |scale| scale.range());
    let tracks = use_tracks();
    let filter = &tracks.arrangement().filter;
    let rows = data.timeline.table_of(&data.trace, from, to, MOST_ROWS, |lane| {
        filter.keeps(lane, &tracks.found)
    });
    let full = rows.len() == MOST_ROWS;
    let filtered = filter.is_active();
    let keydown = {
        let (page, tracks) = (page.clone(), tracks.clone());
        Callback::from(move |event: KeyboardEvent| {
            let control = event.ctrl_key() || event.meta_key();
            match event.key().as_str() {
                "t" | "T" if !control => keys::act_by_key(&page, keys::Deed::Table, 0.0),
                "f" | "F" if control => tracks.open(true),
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <div class="tltable" tabindex="0" role="region" aria-label="Timeline table" onkeydown={keydown}>
            <table>
                <caption>
                    { words(full, filtered) }
                </caption>
                <thead><tr><th scope="col">{ "Time" }</th><th scope="col">{ "Thread" }</th><th scope="col">{ "State" }</th><th scope="col">{ "Duration" }</th><th scope="col">{ "Reason" }</th></tr></thead>
                <tbody>
                    { for rows.into_iter().map(|row| {
                        let (at, slice) = (row.at, row.slice);
                        let now = (row.at <= view.moment && view.moment < row.at.saturating_add(row.length)).then_some("now");
                        let go = {
                            let page = page.clone();
                            Callback::from(move |_: MouseEvent| page.look(move |view| {
                                view.moment = at;
                                view.selection.lane = Some(slice.lane);
                                view.selection.slice = Some(slice);
                            }))
                        };
                        html! {
                            <tr class={classes!(now)} onclick={go}>
                                <td class="num">{ moment(row.at) }</td>
                                <td>{ chip(row.hue, &row.chip, false) }</td>
                                <td>{ row.state }</td>
                                <td class="num">{ duration(row.length) }</td>
                                <td>{ row.reason }</td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn words(full: bool, filtered: bool) -> String {
    let of = if filtered {
        " of the tracks that the filter shows"
    } else {
        ""
    };
    match full {
        true => format!("The first {MOST_ROWS} events in view{of}; zoom in for the others."),
        false => format!("All events in view{of}. T goes back to the picture."),
    }
}
