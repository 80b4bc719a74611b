//! How every overlay behaves: it takes the focus, keeps Tab inside, closes on Escape (which the page hears) and on a
//! click beside it, and gives the focus back.

use crate::components::page::use_page;
use crate::hooks::browser::focused;
use crate::state::{Action, Overlay};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, NodeList};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Its name.
    pub label: AttrValue,
    /// `drawer` or `dlg`.
    pub class: Classes,
    pub children: Html,
}

/// What the focus can rest on.
const STOPS: &str = "button:not([disabled]),input,select,textarea,a[href],[tabindex='0']";

/// See the module.
#[function_component(Dialog)]
pub fn dialog(props: &Props) -> Html {
    let page = use_page();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let before = focused();
            if let Some(dialog) = node.cast::<HtmlElement>() {
                let first = dialog
                    .query_selector("[data-first]")
                    .ok()
                    .flatten()
                    .and_then(|e| e.dyn_into::<HtmlElement>().ok());
                // A thing that refuses the focus leaves it where it was.
                let _ = first.unwrap_or(dialog).focus();
            }
            move || {
                if let Some(before) = before {
                    let _ = before.focus();
                }
            }
        });
    }
    let keep = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Tab"
                && let Some(dialog) = node.cast::<HtmlElement>()
                && let Ok(stops) = dialog.query_selector_all(STOPS)
                && let Some(next) = wrap(&stops, event.shift_key())
            {
                event.prevent_default();
                let _ = next.focus();
            }
        })
    };
    let close = page.on(|| Action::Show(Overlay::None));
    html! {
        <>
            <div class="scrim" onclick={close}></div>
            <div class={props.class.clone()} role="dialog" aria-modal="true" aria-label={props.label.clone()} tabindex="-1" ref={node} onkeydown={keep}>
                { props.children.clone() }
            </div>
        </>
    }
}

/// The first stop when the focus is on the last one, or the other way round.
fn wrap(stops: &NodeList, backwards: bool) -> Option<HtmlElement> {
    let at = |index: u32| stops.item(index).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let (first, last) = (at(0)?, at(stops.length().checked_sub(1)?)?);
    let here = focused()?;
    match backwards {
        true if here == first => Some(last),
        false if here == last => Some(first),
        _ => None,
    }
}
