//! The Share dialog: the whole scenario as a link, and what the link holds.

use super::dialog::Dialog;
use crate::components::icon::Icon;
use crate::components::page::use_page;
use crate::hooks::{browser, link};
use crate::state::words::count;
use crate::state::{Action, Overlay};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// See the module.
#[function_component(Share)]
pub fn share() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let copied = use_state(|| None::<bool>);
    let hash = (!lab.is_stale()).then_some(lab.run.shared_hash()).flatten();
    let scenario = link::scenario(&lab.source, &lab.files.beside, &lab.machine);
    let address = use_memo(
        (
            lab.source.clone(),
            lab.files.beside.clone(),
            lab.machine.clone(),
            hash,
            lab.semantics,
        ),
        |(_, _, _, hash, semantics)| link::address(scenario, *semantics, *hash),
    );
    use_effect_with(address.clone(), |address| {
        if let Ok(address) = &**address {
            link::show_link(address);
        }
    });
    let copy = {
        let (address, copied) = (address.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (address, copied) = (address.clone(), copied.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if let Ok(address) = &*address {
                    copied.set(Some(browser::copy(address).await));
                }
            });
        })
    };
    let mark_all = Callback::from(|event: FocusEvent| {
        if let Some(area) = event.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok()) {
            area.select();
        }
    });
    let said = match *copied {
        None => "",
        Some(true) => "Copied.",
        Some(false) => "The browser does not allow copying: mark the link and copy it yourself.",
    };
    let (text, length) = match &*address {
        Ok(address) => (address.clone(), count(address.chars().count(), "character")),
        Err(sentence) => (sentence.clone(), "–".to_owned()),
    };
    html! {
        <Dialog label="Share" class="dlg">
            <div class="head"><h2>{ "Share this run" }</h2>
                if address.is_ok() { <span class="tag ok no-phone">{ Icon::Check.html() }{ "the whole scenario is inside the link" }</span> }
                <span class="grow"></span>
                <button class="btn sq" aria-label="Close" onclick={page.on(|| Action::Show(Overlay::None))}>{ Icon::Close.html() }</button>
            </div>
            <div class="dl">
                <div class="main">
                    <div class="tabs"><h3 class="tab on">{ "Link" }</h3>
                        <span class="end"><button class="btn sm pri" data-first="" disabled={address.is_err()} onclick={copy}>{ Icon::Copy.html() }{ "Copy" }</button></span>
                    </div>
                    <div class="snip"><textarea readonly=true aria-label="Link" spellcheck="false" onfocus={mark_all} value={text.clone()} /></div>
                    <p class="s12 t2" role="status">{ said }</p>
                    <p class="s12 t3">{ "Everything is in the link itself: nothing is uploaded. Whoever opens it gets this program on this machine and, after running it, the same timeline." }</p>
                </div>
                <div class="prev">
                    <div class="lbl" style="margin-bottom:8px">{ "Preview" }</div>
                    <div class="pv">
                        <div class="row" style="height:28px;padding:0 8px;border-bottom:1px solid var(--line);font-size:11px"><b class="b">{ lab.title().to_owned() }</b></div>
                        <pre class="pc">{ preview(&lab.source) }</pre>
                    </div>
                    <dl class="facts">
                        <div><dt>{ "Link" }</dt><dd class="num">{ length }</dd></div>
                        <div><dt>{ "Holds" }</dt><dd>{ format!("{}, machine, seed", count(lab.files.names().count(), "file")) }</dd></div>
                        <div><dt>{ "Server" }</dt><dd>{ "none: nothing is uploaded" }</dd></div>
                        <div><dt>{ "Trace hash" }</dt><dd class="num">{ hash.map_or("not run yet".to_owned(), |hash| format!("{hash:016x}")) }</dd></div>
                    </dl>
                </div>
            </div>
        </Dialog>
    }
}

/// The first lines of the program proper.
fn preview(source: &str) -> String {
    let body = source.split_once("# ///\n").map_or(source, |(_, rest)| rest);
    body.lines()
        .skip_while(|line| line.trim().is_empty())
        .take(13)
        .collect::<Vec<_>>()
        .join("\n")
}
