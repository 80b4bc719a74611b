//! The label column: a head per group, which folds it, and says on a card what there is no room for; a chip and a caption per lane. A label that is dragged
//! moves its row among those of its group.

use crate::components::chip::chip;
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::components::timeline::keys;
use crate::components::timeline::tracks::{Tracks, use_tracks};
use crate::hooks::browser::{closest, use_window_height};
use heddle_timeline::{LaneKey, Layout, Row, RowKey, RowKind};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub layout: Rc<Layout>,
    /// Whether rows can neither be moved nor pinned.
    #[prop_or_default]
    pub fixed: bool,
    /// Whether they are those of the run that was kept: nothing is selected there.
    #[prop_or_default]
    pub kept: bool,
}

/// A label that is dragged.
#[derive(Clone, Copy, PartialEq)]
struct Drag {
    row: RowKey,
    /// Where the pointer went down, px.
    from: f64,
    /// Before which row it would be put, and where the line is that shows it; `None` until it has moved.
    to: Option<(Option<RowKey>, f64)>,
}

/// A press that moves less than this is a click, px.
const STILL: f64 = 4.0;

/// With more tasks than this one can look for them.
const TASKS_TO_FIND: usize = 40;

/// The height of what is above the labels, px.
const HEAD: f64 = 24.0;

/// Above the labels: a field to look for tasks in, where there are many.
fn head(page: &Page, tracks: &Tracks) -> Html {
    let many = !page.lab.recording.is_empty() && page.lab.recording.read().timeline.task_count() > TASKS_TO_FIND;
    if !many {
        return plain_head();
    }
    let typed = {
        let tracks = tracks.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                let letters = field.value();
                tracks.change(move |state| state.arrangement_mut().find = letters);
            }
        })
    };
    html! {
        <div style="height:24px;background:var(--sunken)">
            <input class="find" type="search" aria-label="Find tasks" placeholder="Find tasks" value={tracks.arrangement().find.clone()} oninput={typed} />
        </div>
    }
}

fn plain_head() -> Html {
    html! { <div class="t3 s11" style="height:24px;padding-left:12px;background:var(--sunken)">{ "virtual time" }</div> }
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
    let scroll = if props.kept { view.kept_scroll } else { view.scroll };
    let tracks = use_tracks();
    let dragged = use_state(|| None::<Drag>);
    let told = use_state(|| None::<(f64, [String; 3])>);
    // A program can have thousands of threads: only the rows near what is in sight are made.
    let reach = use_window_height();
    let near = move |row: &&Row| row.pinned || row.y + row.height + reach >= scroll && row.y <= scroll + reach;
    let draw = |row: &Row| {
        let place = format!("top:{:.0}px;height:{:.0}px;--depth:{}", row.y, row.height, row.depth);
        let lifted = dragged
            .is_some_and(|drag| drag.to.is_some() && drag.row == row.key())
            .then_some("lifted");
        match &row.kind {
            RowKind::Group {
                key,
                title,
                note,
                more,
                collapsed,
            } => {
                let toggle = {
                    let (tracks, key) = (tracks.clone(), *key);
                    Callback::from(move |_: MouseEvent| tracks.change(move |state| state.arrangement_mut().fold(key)))
                };
                let shift = shifts(&tracks, props, RowKey::Group(*key));
                let arrow = if *collapsed { Icon::Right } else { Icon::Chevron };
                let tell = {
                    let (told, words) = (
                        told.clone(),
                        (row.y + row.height / 2.0, [title, note, more].map(String::clone)),
                    );
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
                    <div class={classes!("g", lifted)} style={place} onkeydown={shift} onmouseover={point} onmouseout={leave} onfocusin={focus} onfocusout={blur}>
                        <button class="row" style="gap:6px" aria-expanded={(!collapsed).to_string()} onclick={toggle}>{ arrow.html() }<span class="nm">{ title.clone() }</span></button>
                        <span class="sub">{ note.clone() }</span>
                    </div>
                }
            }
            RowKind::Lane {
                key,
                chip: who,
                caption,
            } => {
                let lane = *key;
                let select = {
                    let (page, kept) = (page.clone(), props.kept);
                    Callback::from(move |_: MouseEvent| {
                        if !kept {
                            keys::select_at(&page, Some(lane), page.lab.view.moment)
                        }
                    })
                };
                let selected = (!props.kept && view.selection.lane == Some(lane)).then_some("sel");
                let plain = who.is_none().then_some("plain");
                let pin = (!props.fixed).then(|| pin(&tracks, props, row, lane));
                html! {
                    <div class={classes!(selected, plain, lifted)} style={place} onclick={select} title={caption.clone()}>
                        if let Some((text, hue)) = who { { chip(*hue, text, !page.lab.recording.is_empty()) } }
                        if matches!(lane, LaneKey::Lock(..)) { { Icon::Lock.html() } }
                        <span class={if who.is_some() { "nm" } else { "nm t2" }}>{ caption.clone() }</span>
                        if let Some((begins, ends)) = row.bracket { <i class={classes!("grp", begins.then_some("from"), ends.then_some("to"))} title="task group"></i> }
                        { for pin }
                    </div>
                }
            }
        }
    };
    let (pinned, others): (Vec<&Row>, Vec<&Row>) = props.layout.rows.iter().filter(near).partition(|row| row.pinned);
    let pointer = drags(props, &tracks, &dragged, scroll);
    let line = dragged.and_then(|drag| drag.to).map(|(_, y)| y);
    let pinned_px = props.layout.pinned_px;
    html! {
        <div class="lab" onpointerdown={pointer.clone()} onpointermove={pointer.clone()} onpointerup={pointer.clone()} onpointercancel={pointer}>
            if props.kept { { plain_head() } } else { { head(&page, &tracks) } }
            <div class="scroll"><div class="rows" style={format!("transform:translateY({:.0}px);height:{:.0}px", -scroll, props.layout.height)}>{ for others.into_iter().map(draw) }</div></div>
            if !pinned.is_empty() {
                <div class="scroll pins" role="group" aria-label="Pinned tracks" style={format!("height:{pinned_px:.0}px")}><div class="rows">{ for pinned.into_iter().map(draw) }</div></div>
            }
            if let Some(y) = line { <i class="drop" style={format!("top:{:.0}px", y + HEAD - 1.0)}></i> }
            if let Some((middle, [title, note, more])) = &*told {
                <span class="pop hover whole" role="tooltip" style={format!("top:{:.0}px", middle - scroll + HEAD)}><b class="b">{ title.clone() }</b>{ " " }{ note.clone() }if !more.is_empty() { <br/><span class="t2">{ more.clone() }</span> }</span>
            }
        </div>
    }
}

/// Alt and an arrow key on a group's head move the group.
fn shifts(tracks: &Tracks, props: &Props, row: RowKey) -> Callback<KeyboardEvent> {
    let (tracks, layout, fixed) = (tracks.clone(), props.layout.clone(), props.fixed);
    Callback::from(move |event: KeyboardEvent| {
        let down = match event.key().as_str() {
            "ArrowUp" => false,
            "ArrowDown" => true,
            _ => return,
        };
        if event.alt_key() && !fixed {
            event.prevent_default();
            tracks.shift(&layout, row, down);
        }
    })
}

/// The button that pins a track. The keyboard has a key for it, so that there is not one more stop for each track.
fn pin(tracks: &Tracks, props: &Props, row: &Row, lane: LaneKey) -> Html {
    let (tracks, layout) = (tracks.clone(), props.layout.clone());
    let press = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        tracks.pin(&layout, lane);
    });
    let (label, pinned) = (format!("Pin {}", row.name()), row.pinned.to_string());
    html! { <button class="btn sq pin" tabindex="-1" aria-label={label} aria-pressed={pinned} title="Pin at the top (P)" onclick={press}>{ Icon::Pin.html() }</button> }
}

/// What pointers do on the labels.
fn drags(
    props: &Props,
    tracks: &Tracks,
    dragged: &UseStateHandle<Option<Drag>>,
    scroll: f64,
) -> Callback<PointerEvent> {
    if props.fixed {
        return Callback::noop();
    }
    let (layout, tracks, dragged) = (props.layout.clone(), tracks.clone(), dragged.clone());
    Callback::from(move |event: PointerEvent| {
        let Some(column) = closest(&event, ".lab") else { return };
        let y = f64::from(event.client_y()) - column.get_bounding_client_rect().top() - HEAD;
        match (event.type_().as_str(), *dragged) {
            ("pointerdown", _) if event.button() == 0 && y >= 0.0 => {
                let row = layout.row_at(y, scroll).map(Row::key);
                dragged.set(row.map(|row| Drag { row, from: y, to: None }));
            }
            ("pointermove", Some(_)) if event.buttons() & 1 == 0 => {
                // It was let go elsewhere.
                dragged.set(None);
            }
            ("pointermove", Some(drag)) if drag.to.is_some() || (y - drag.from).abs() >= STILL => {
                if drag.to.is_none() {
                    // Without capture the drag ends at the column's edge; that is all.
                    let _ = column.set_pointer_capture(event.pointer_id());
                }
                let to = layout.drop_place(drag.row, y, scroll);
                dragged.set(Some(Drag { to, ..drag }));
            }
            ("pointerup", Some(drag)) => {
                if let Some((before, _)) = drag.to {
                    tracks.put(&layout, drag.row, before);
                }
                dragged.set(None);
            }
            ("pointercancel", Some(_)) => dragged.set(None),
            _ => {}
        }
    })
}
