//! Keys that work anywhere on the page: Ctrl+Enter runs, Esc stops, F8 goes from breakpoint to breakpoint, `?` lists the keys.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Run,
    Escape,
    Help,
    /// To the next breakpoint that the run comes to; or to the last one.
    Breakpoint {
        back: bool,
    },
}

/// Whether letters typed at this element are text.
pub fn takes_text(element: &Element) -> bool {
    let tag = element.tag_name();
    tag == "INPUT"
        || tag == "TEXTAREA"
        || tag == "SELECT"
        || element.closest("[contenteditable=true]").ok().flatten().is_some()
}

/// Listens on the window, before anything else sees the key.
#[hook]
pub fn use_page_keys(wish: Callback<Wish>) {
    let latest = use_mut_ref(|| wish.clone());
    *latest.borrow_mut() = wish;
    use_effect_with((), move |()| {
        let options = EventListenerOptions::run_in_capture_phase();
        let options = EventListenerOptions {
            passive: false,
            ..options
        };
        let listener = EventListener::new_with_options(&window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let typing = event
                .target()
                .and_then(|t| t.dyn_into::<Element>().ok())
                .is_some_and(|e| takes_text(&e));
            let wish = match event.key().as_str() {
                "Enter" if event.ctrl_key() || event.meta_key() => Wish::Run,
                "Escape" => Wish::Escape,
                "F8" => Wish::Breakpoint {
                    back: event.shift_key(),
                },
                "?" if !typing => Wish::Help,
                _ => return,
            };
            if wish != Wish::Escape {
                event.prevent_default();
            }
            let call = latest.borrow().clone();
            call.emit(wish);
        });
        move || drop(listener)
    });
}
