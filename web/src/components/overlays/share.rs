//! The Share dialog: the whole scenario as a link, or as what puts it into other pages, and what the link holds.

use super::dialog::Dialog;
use crate::components::icon::Icon;
use crate::components::page::use_page;
use crate::hooks::{browser, link};
use crate::state::snippets::{Kind, Look, Shared, USUAL_HEIGHT};
use crate::state::words::count;
use crate::state::{Action, Overlay};
use heddle_scenario::{Scenario, Shown, Theme, zip};
use heddle_timeline::moment;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

/// See the module.
#[function_component(Share)]
pub fn share() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let copied = use_state(|| None::<bool>);
    let kind = use_state(Kind::default);
    let look = use_state(Look::default);
    let hash = (!lab.is_stale()).then_some(lab.run.shared_hash()).flatten();
    let keeps_view = use_state(|| false);
    let has_view = !lab.is_stale() && !lab.recording.is_empty();
    let view = (*keeps_view && has_view).then(|| lab.view.shared());
    let scenario = Scenario {
        view,
        ..link::scenario(&lab.source, &lab.files.beside, &lab.machine)
    };
    let fragment = use_memo(
        (
            lab.source.clone(),
            lab.files.beside.clone(),
            lab.machine.clone(),
            hash,
            lab.semantics,
            view,
        ),
        |(_, _, _, hash, semantics, _)| link::fragment_of(scenario, *semantics, *hash),
    );
    use_effect_with(fragment.clone(), |fragment| {
        if let Ok(fragment) = &**fragment {
            link::show_link(&format!("#{fragment}"));
        }
    });
    let several = !lab.files.beside.is_empty();
    let shared = |fragment: &str, kind: Kind| {
        let (page, base) = (link::here(), link::beside(""));
        let shared = Shared {
            source: &lab.source,
            several,
            title: lab.title(),
            page: &page,
            base: &base,
            link: fragment,
            look: *look,
        };
        (shared.snippet(kind), shared.file_stem())
    };
    let text = match &*fragment {
        Ok(fragment) => shared(fragment, *kind).0,
        Err(_) if *kind == Kind::File => shared("", *kind).0,
        Err(sentence) => sentence.clone(),
    };
    let file_name = format!("{}.{}", shared("", Kind::File).1, if several { "zip" } else { "py" });
    let save = {
        let (page, name) = (page.clone(), file_name.clone());
        Callback::from(move |_: MouseEvent| {
            let lab = &page.lab;
            if lab.files.beside.is_empty() {
                browser::download(&name, "text/x-python", &lab.source);
            } else {
                let files = link::scenario(&lab.source, &lab.files.beside, &lab.machine).files;
                browser::download_bytes(&name, "application/zip", &zip(&files));
            }
        })
    };
    let is_link = fragment.is_ok();
    let copy = {
        let (text, copied) = (text.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (text, copied) = (text.clone(), copied.clone());
            wasm_bindgen_futures::spawn_local(async move { copied.set(Some(browser::copy(&text).await)) });
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
        Some(false) => "The browser does not allow copying: mark the text and copy it yourself.",
    };
    let length = match &*fragment {
        Ok(fragment) => count(link::here().chars().count() + 1 + fragment.len(), "character"),
        Err(_) => "–".to_owned(),
    };
    let choose = {
        let (kind, copied) = (kind.clone(), copied.clone());
        Callback::from(move |chosen| {
            kind.set(chosen);
            copied.set(None);
        })
    };
    let keep_view = {
        let keeps_view = keeps_view.clone();
        Callback::from(move |_: Event| keeps_view.set(!*keeps_view))
    };
    let now = (!lab.recording.is_empty() && lab.view.moment > 0).then_some(lab.view.moment);
    html! {
        <Dialog label="Share" class="dlg">
            <div class="head"><h2>{ "Share this run" }</h2>
                if is_link { <span class="tag ok no-phone">{ Icon::Check.html() }{ "the whole scenario is inside the link" }</span> }
                <span class="grow"></span>
                <button class="btn sq" aria-label="Close" onclick={page.on(|| Action::Show(Overlay::None))}>{ Icon::Close.html() }</button>
            </div>
            <div class="dl">
                <div class="main">
                    <div class="tabs">
                        <Kinds chosen={*kind} {choose} />
                        <span class="end">
                            <button class="btn sm pri" data-first="" disabled={!is_link && *kind != Kind::File} onclick={copy}>{ Icon::Copy.html() }{ "Copy" }</button>
                        </span>
                    </div>
                    <div role="tabpanel" id="share-panel" aria-labelledby={format!("share-{:?}", *kind)}>
                        <div class="snip"><textarea readonly=true aria-label={kind.name()} spellcheck="false" onfocus={mark_all} value={text} /></div>
                        if *kind == Kind::File {
                            <div class="op"><button class="btn out" onclick={save}>{ format!("Download {file_name}") }</button></div>
                        }
                        if has_view && *kind != Kind::File {
                            <div class="op" role="group" aria-label="View"><span class="t2">{ "View" }</span>
                                <label class="tick"><input type="checkbox" checked={*keeps_view} onchange={keep_view} />
                                    { format!("keep the moment {}, the zoom and the selection", moment(lab.view.moment)) }</label>
                            </div>
                        }
                        if kind.is_embedded() { <Looks kind={*kind} look={look.clone()} {now} /> }
                    </div>
                    <p class="s12 t2" role="status">{ said }</p>
                    <p class="s12 t3">{ kind.words() }</p>
                </div>
                <div class="prev">
                    <div class="lbl" style="margin-bottom:8px">{ "Preview" }</div>
                    <div class="pv">
                        <div class="row" style="height:28px;padding:0 8px;border-bottom:1px solid var(--line);font-size:11px"><b class="b">{ lab.title().to_owned() }</b></div>
                        <pre class="pc">{ preview(&lab.source) }</pre>
                    </div>
                    <dl class="facts">
                        <div><dt>{ "Link" }</dt><dd class="num">{ length }</dd></div>
                        <div><dt>{ "Holds" }</dt><dd>{ format!("{}, machine, seed{}", count(lab.files.names().count(), "file"), if view.is_some() { ", view" } else { "" }) }</dd></div>
                        <div><dt>{ "Server" }</dt><dd>{ "none: nothing is uploaded" }</dd></div>
                        <div><dt>{ "Trace hash" }</dt><dd class="num">{ hash.map_or("not run yet".to_owned(), |hash| format!("{hash:016x}")) }</dd></div>
                    </dl>
                </div>
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct KindsProps {
    chosen: Kind,
    choose: Callback<Kind>,
}

/// The tabs: a kind each, with arrow keys between them.
#[function_component(Kinds)]
fn kinds(props: &KindsProps) -> Html {
    let chosen = props.chosen;
    let keys = {
        let choose = props.choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let all = Kind::ALL;
            let at = all.iter().position(|kind| *kind == chosen).unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowRight" => (at + 1) % all.len(),
                "ArrowLeft" => (at + all.len() - 1) % all.len(),
                "Home" => 0,
                "End" => all.len() - 1,
                _ => return,
            };
            event.prevent_default();
            choose.emit(all[next]);
            let id = format!("share-{:?}", all[next]);
            let element = gloo::utils::document().get_element_by_id(&id);
            if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
                // An element that refuses the focus leaves it where it was.
                let _ = element.focus();
            }
        })
    };
    html! {
        <div class="row kinds" role="tablist" aria-label="What to copy" onkeydown={keys}>
            { for Kind::ALL.into_iter().map(|kind| {
                let on = kind == chosen;
                html! {
                    <button class={classes!("tab", on.then_some("on"))} role="tab" id={format!("share-{kind:?}")} aria-selected={on.to_string()} aria-controls="share-panel"
                        tabindex={if on { "0" } else { "-1" }} onclick={props.choose.reform(move |_| kind)}>{ kind.name() }</button>
                }
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct LooksProps {
    kind: Kind,
    look: UseStateHandle<Look>,
    /// The moment that is shown now, if there is a run.
    now: Option<u64>,
}

/// How it looks inside another page.
#[function_component(Looks)]
fn looks(props: &LooksProps) -> Html {
    let look = *props.look;
    let set = |change: fn(&mut Look)| {
        let state = props.look.clone();
        Callback::from(move |()| {
            let mut look = *state;
            change(&mut look);
            state.set(look);
        })
    };
    let start = {
        let (state, now) = (props.look.clone(), props.now);
        Callback::from(move |()| state.set(Look { at: now, ..*state }))
    };
    let height = {
        let state = props.look.clone();
        Callback::from(move |event: Event| {
            if let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                let px = field
                    .value()
                    .trim()
                    .parse()
                    .ok()
                    .filter(|px| (120..=4_000).contains(px));
                state.set(Look {
                    height: px.or(state.height),
                    ..*state
                });
            }
        })
    };
    let is_fixed = look.height.is_some() || props.kind == Kind::Iframe;
    html! {
        <div class="opts">
            { option("People can", &[
                ("Run and edit", !look.watch, set(|look| look.watch = false)),
                ("Watch", look.watch, set(|look| look.watch = true)),
            ]) }
            if let Some(now) = props.now {
                { option("Starts at", &[
                    ("The beginning", look.at.is_none(), set(|look| look.at = None)),
                    (&moment(look.at.unwrap_or(now)), look.at.is_some(), start),
                ]) }
            }
            { option("Theme", &[
                ("As the page", look.theme == Theme::Auto, set(|look| look.theme = Theme::Auto)),
                ("Light", look.theme == Theme::Light, set(|look| look.theme = Theme::Light)),
                ("Dark", look.theme == Theme::Dark, set(|look| look.theme = Theme::Dark)),
            ]) }
            { option("Shows", &[
                ("Code and timeline", look.shown == Shown::Both, set(|look| look.shown = Shown::Both)),
                ("Code", look.shown == Shown::Code, set(|look| look.shown = Shown::Code)),
                ("Timeline", look.shown == Shown::Timeline, set(|look| look.shown = Shown::Timeline)),
                ("Output", look.shown == Shown::Output, set(|look| look.shown = Shown::Output)),
            ]) }
            <div class="op" role="group" aria-label="Height"><span class="t2">{ "Height" }</span>
                if props.kind != Kind::Iframe {
                    <span class="seg">
                        <button class={classes!((!is_fixed).then_some("on"))} aria-pressed={(!is_fixed).to_string()} onclick={set(|look| look.height = None).reform(|_: MouseEvent| ())}>{ "Automatic" }</button>
                        <button class={classes!(is_fixed.then_some("on"))} aria-pressed={is_fixed.to_string()} onclick={set(|look| look.height = Some(USUAL_HEIGHT)).reform(|_: MouseEvent| ())}>{ "Fixed" }</button>
                    </span>
                }
                if is_fixed {
                    <label class="row"><input class="val num" aria-label="Height in px" inputmode="numeric" autocomplete="off" value={look.height.unwrap_or(USUAL_HEIGHT).to_string()} onchange={height} /><span class="t3 s12">{ "px" }</span></label>
                }
            </div>
        </div>
    }
}

/// A choice between a few words: what it is about, and each with whether it is chosen and what choosing it does.
fn option(label: &'static str, choices: &[(&str, bool, Callback<()>)]) -> Html {
    html! {
        <div class="op" role="group" aria-label={label}><span class="t2">{ label }</span>
            <span class="seg">
                { for choices.iter().map(|(words, on, choose)| html! {
                    <button class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} onclick={choose.reform(|_: MouseEvent| ())}>{ words.to_string() }</button>
                }) }
            </span>
        </div>
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
