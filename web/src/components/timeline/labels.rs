//! The label column: a head per group, which folds it, and says on a card what there is no room for; a chip and a caption per lane.

use crate::components::chip::chip;
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::components::timeline::keys;
use crate::hooks::browser::{closest, use_window_height};
use heddle_timeline::{GroupKey, LaneKey, Layout, Row, RowKind};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub layout: Rc<Layout>,
    /// Folds or unfolds a group.
    pub toggle: Callback<GroupKey>,
    /// Which tasks have lanes: those with these letters in their name.
    pub find: String,
    /// Other letters were typed.
    pub on_find: Callback<String>,
}

/// With more tasks than this one can look for them.
const TASKS_TO_FIND: usize = 40;

/// The height of what is above the labels, px.
const HEAD: f64 = 24.0;

/// Above the labels: a field to look for tasks in, where there are many.
fn head(page: &Page, props: &Props) -> Html {
    let many = !page.lab.recording.is_empty() && page.lab.recording.read().timeline.task_count() > TASKS_TO_FIND;
    if !many {
        return html! { <div class="t3 s11" style="height:24px;padding-left:12px;background:var(--sunken)">{ "virtual time" }</div> };
    }
    let typed = {
        let on_find = props.on_find.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                on_find.emit(field.value());
            }
        })
    };
    html! {
        <div style="height:24px;background:var(--sunken)">
            <input class="find" type="search" aria-label="Find tasks" placeholder="Find tasks" value={props.find.clone()} oninput={typed} />
        </div>
    }
}

/// Whether some of the words of a group's head are not to be seen.
fn is_cut_off(head: &Element) -> bool {
    let Ok(words) = head.query_selector_all(".nm, .sub") else {
        return false;
    };
    let elements = (0..words.length()).filter_map(|at| words.item(at)?.dyn_into::<Element>().ok());
    elements
        .filter(|words| !words.text_content().unwrap_or_default().is_empty())
        .any(|words| words.client_width() == 0 || words.scroll_width() > words.client_width())
}

/// Whether the pointer leaves one part of a group's head for another one.
fn stays(event: &MouseEvent) -> bool {
    let to = event.related_target().and_then(|to| to.dyn_into::<Element>().ok());
    let head = to.and_then(|to| to.closest(".g").ok().flatten());
    head.is_some() && head == closest(event, ".g").map(Element::from)
}

/// See the module.
#[function_component(Labels)]
pub fn labels(props: &Props) -> Html {
    let page = use_page();
    let view = page.lab.view;
    let told = use_state(|| None::<(f64, [String; 3])>);
    // A program can have thousands of threads: only the rows near what is in sight are made.
    let reach = use_window_height();
    let near = move |row: &&Row| row.y + row.height + reach >= view.scroll && row.y <= view.scroll + reach;
    let rows = props.layout.rows.iter().filter(near).map(|row| {
        let place = format!("top:{:.0}px;height:{:.0}px;--depth:{}", row.y, row.height, row.depth);
        match &row.kind {
            RowKind::Group { key, title, note, more, collapsed } => {
                let toggle = {
                    let (toggle, key) = (props.toggle.clone(), *key);
                    Callback::from(move |_: MouseEvent| toggle.emit(key))
                };
                let arrow = if *collapsed { Icon::Right } else { Icon::Chevron };
                let tell = {
                    let (told, words) = (told.clone(), (row.y + row.height / 2.0, [title, note, more].map(String::clone)));
                    move |head: Option<HtmlElement>| {
                        let has_more = !words.1[2].is_empty() || head.is_some_and(|head| is_cut_off(&head));
                        if has_more && told.as_ref() != Some(&words) {
                            told.set(Some(words.clone()));
                        }
                    }
                };
                let point = {
                    let tell = tell.clone();
                    Callback::from(move |event: MouseEvent| tell(closest(&event, ".g")))
                };
                let focus = Callback::from(move |event: FocusEvent| tell(closest(&event, ".g")));
                let leave = {
                    let told = told.clone();
                    Callback::from(move |event: MouseEvent| {
                        if !stays(&event) {
                            told.set(None);
                        }
                    })
                };
                let blur = {
                    let told = told.clone();
                    Callback::from(move |_: FocusEvent| told.set(None))
                };
                html! {
                    <div class="g" style={place} onmouseover={point} onmouseout={leave} onfocusin={focus} onfocusout={blur}>
                        <button class="row" style="gap:6px" aria-expanded={(!collapsed).to_string()} onclick={toggle}>{ arrow.html() }<span class="nm">{ title.clone() }</span></button>
                        <span class="sub">{ note.clone() }</span>
                    </div>
                }
            }
            RowKind::Lane { key, chip: who, caption } => {
                let lane = *key;
                let select = {
                    let page = page.clone();
                    Callback::from(move |_: MouseEvent| keys::select_at(&page, Some(lane), page.lab.view.moment))
                };
                let selected = (view.selection.lane == Some(lane)).then_some("sel");
                let plain = who.is_none().then_some("plain");
                html! {
                    <div class={classes!(selected, plain)} style={place} onclick={select} title={caption.clone()}>
                        if let Some((text, hue)) = who { { chip(*hue, text, !page.lab.recording.is_empty()) } }
                        if matches!(lane, LaneKey::Lock(..)) { { Icon::Lock.html() } }
                        <span class={if who.is_some() { "nm" } else { "nm t2" }}>{ caption.clone() }</span>
                        if let Some((begins, ends)) = row.bracket { <i class={classes!("grp", begins.then_some("from"), ends.then_some("to"))} title="task group"></i> }
                    </div>
                }
            }
        }
    });
    html! {
        <div class="lab">
            { head(&page, props) }
            <div class="scroll"><div class="rows" style={format!("transform:translateY({:.0}px);height:{:.0}px", -view.scroll, props.layout.height)}>{ for rows }</div></div>
            if let Some((middle, [title, note, more])) = &*told {
                <span class="pop hover whole" role="tooltip" style={format!("top:{:.0}px", middle - view.scroll + HEAD)}><b class="b">{ title.clone() }</b>{ " " }{ note.clone() }if !more.is_empty() { <br/><span class="t2">{ more.clone() }</span> }</span>
            }
        </div>
    }
}
