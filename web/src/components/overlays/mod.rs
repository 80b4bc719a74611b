//! What lies above the page: all of it dialogs.

mod dialog;
mod gallery;
mod help;
mod own;
mod share;
mod thumb;

use super::page::use_page;
use crate::state::Overlay;
use yew::prelude::*;

/// The overlay that is open.
#[function_component(Overlays)]
pub fn overlays() -> Html {
    match use_page().lab.overlay {
        Overlay::None => Html::default(),
        Overlay::Gallery => html! { <gallery::Gallery /> },
        Overlay::Share => html! { <share::Share /> },
        Overlay::Help => html! { <help::Help /> },
    }
}
