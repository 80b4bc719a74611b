//! The list of keys.

use super::dialog::Dialog;
use crate::components::icon::Icon;
use crate::components::page::use_page;
use crate::state::{Action, Overlay};
use yew::prelude::*;

const ANYWHERE: [(&str, &str); 7] = [
    ("Ctrl Enter", "run"),
    ("Esc", "stop; close what is open"),
    ("?", "this list"),
    ("F9", "breakpoint at the cursor's line"),
    (
        "F8, Shift F8",
        "to the next breakpoint that the run comes to, to the last one",
    ),
    ("Ctrl F10", "run to the cursor"),
    ("Esc, then Tab", "leave the editor"),
];
const TIMELINE: [(&str, &str); 18] = [
    ("W S, wheel", "zoom"),
    ("A D, drag", "pan"),
    ("Shift wheel", "scroll the tracks"),
    ("Shift drag", "measure a range"),
    (
        "← →",
        "a line back, a line on: of the selected thread, or of whoever runs",
    ),
    (", .", "an instruction back, an instruction on"),
    ("↑ ↓", "change the track"),
    ("[ ]", "previous and next event of the track"),
    ("Space", "play, as fast as the menu beside it says"),
    ("Home End", "start and end of the run"),
    ("F", "the whole run"),
    ("T", "the timeline as a table"),
    ("Ctrl F", "find and choose tracks; Enter goes to the next match"),
    ("P", "pin the track at the top, or let it go"),
    ("Alt ↑ ↓, drag a label", "move the track"),
    ("click", "select, and move the moment t"),
    ("double click", "zoom to the slice"),
    ("Esc", "clear the selection"),
];

/// See the module.
#[function_component(Help)]
pub fn help() -> Html {
    let page = use_page();
    let list = |keys: &'static [(&str, &str)]| {
        keys.iter()
            .map(|(key, what)| html! { <div><span><kbd>{ *key }</kbd></span><span>{ *what }</span></div> })
            .collect::<Html>()
    };
    html! {
        <Dialog label="Help" class="dlg small">
            <div class="head"><h2>{ "Keys" }</h2><span class="grow"></span>
                <button class="btn sq" aria-label="Close" data-first="" onclick={page.on(|| Action::Show(Overlay::None))}>{ Icon::Close.html() }</button>
            </div>
            <div class="keys">
                <h3>{ "Anywhere" }</h3>{ list(&ANYWHERE) }
                <h3>{ "While the timeline has the focus" }</h3>{ list(&TIMELINE) }
            </div>
        </Dialog>
    }
}
