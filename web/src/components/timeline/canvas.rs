//! The canvas of ruler and lanes, and everything a pointer or key does on it: the wheel zooms at the pointer, Shift and the
//! wheel scroll, a drag pans, Shift and a drag select a range, a click selects and moves t, a double click zooms to
//! the slice, two fingers zoom, a long press moves t.

use super::card::card;
use super::keys::{act, act_by_key, change_track, deed_of, scale_of};
use super::tracks::{Tracks, use_tracks};
use super::{extent, keys};
use crate::components::page::{Page, use_page};
use crate::hooks::browser::{closest, use_size};
use crate::host_js::is_embedded;
use crate::paint::{CanvasPen, palette_now};
use crate::state::Selection;
use crate::state::recording::Recording;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::render::request_animation_frame;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use heddle_timeline::paint::{Scene, Surface, paint};
use heddle_timeline::{Hit, Layout, RowKey, TimeScale, Viewport, moment};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlCanvasElement, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

const RULER: f64 = 24.0;
/// How long the pointer rests before the card appears.
const HOVER_MS: u32 = 120;
/// A press this long without moving moves t.
const LONG_PRESS_MS: u32 = 450;
/// The card's width and the room it needs above the pointer.
const CARD: (f64, f64) = (316.0, 130.0);
/// In frames narrower than this it is a sheet.
const SHEET: f64 = 520.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub layout: Rc<Layout>,
    /// The run that was kept, where that is shown.
    #[prop_or_default]
    pub kept: Option<Recording>,
}

/// What the pointers are doing.
#[derive(Clone, Default)]
struct Gesture {
    /// Pointers that are down, with their places.
    down: Vec<(i32, f64, f64)>,
    /// Where the drag began, and the view then.
    start: Option<(f64, f64, TimeScale, f64)>,
    /// Whether it has moved far enough to be a drag.
    moved: bool,
    /// The range's first edge in ns, while one is drawn.
    range: Option<u64>,
    /// The distance of two fingers.
    pinch: Option<f64>,
}

/// Everything a handler needs, as it was at the latest rendering.
#[derive(Clone)]
struct Now {
    page: Page,
    recording: Recording,
    /// Whether it shows the run that was kept: nothing is selected there.
    is_kept: bool,
    tracks: Tracks,
    layout: Rc<Layout>,
    size: (f64, f64),
}

impl Now {
    fn scale(&self) -> TimeScale {
        scale_of(&self.page.lab.view, extent(&self.page), self.size.0)
    }

    fn viewport(&self) -> Viewport {
        let view = self.page.lab.view;
        Viewport {
            scale: self.scale(),
            scroll_y: self.scroll(),
            height: (self.size.1 - RULER).max(0.0),
            selected: view.selection.slice.filter(|_| !self.is_kept),
            arrows: view.arrows,
        }
    }

    fn hit(&self, x: f64, y: f64) -> Option<Hit> {
        if y < RULER {
            return None;
        }
        self.recording
            .read()
            .timeline
            .hit(&self.layout, &self.viewport(), x, y - RULER)
    }

    fn scroll(&self) -> f64 {
        let view = &self.page.lab.view;
        if self.is_kept { view.kept_scroll } else { view.scroll }
    }

    fn set_scale(&self, scale: TimeScale) {
        self.page.look(move |view| view.scale = Some(scale));
    }

    /// Scrolls the lanes, within what there is.
    fn scroll_to(&self, scroll: f64) {
        let most = (self.layout.height - (self.size.1 - RULER)).max(0.0);
        let is_kept = self.is_kept;
        self.page.look(move |view| {
            let place = if is_kept {
                &mut view.kept_scroll
            } else {
                &mut view.scroll
            };
            *place = scroll.clamp(0.0, most);
        });
    }
}

/// See the module.
#[function_component(Canvas)]
pub fn canvas(props: &Props) -> Html {
    let page = use_page();
    let node = use_node_ref();
    let surface = use_node_ref();
    let size = use_size(node.clone());
    let hover = use_state(|| None::<(f64, f64, Hit)>);
    let resting = use_mut_ref(|| None::<Timeout>);
    let gesture = use_mut_ref(Gesture::default);
    let now = Now {
        page: page.clone(),
        recording: props.kept.clone().unwrap_or_else(|| page.lab.recording.clone()),
        is_kept: props.kept.is_some(),
        tracks: use_tracks(),
        layout: props.layout.clone(),
        size,
    };
    let latest = use_mut_ref(|| now.clone());
    *latest.borrow_mut() = now.clone();

    use_painting(&now, &surface);
    use_wheel(&node, latest.clone());

    let pointer = {
        let (latest, gesture, hover, resting) = (latest.clone(), gesture.clone(), hover.clone(), resting.clone());
        Callback::from(move |event: PointerEvent| {
            let now = latest.borrow().clone();
            let Some((x, y)) = place_in(&event) else { return };
            match event.type_().as_str() {
                "pointerdown" => {
                    press(&now, &mut gesture.borrow_mut(), &event, x, y);
                    hover.set(None);
                    let held = (event.pointer_type() == "touch").then(|| {
                        let (latest, gesture) = (latest.clone(), gesture.clone());
                        Timeout::new(LONG_PRESS_MS, move || {
                            if !gesture.borrow().moved {
                                let now = latest.borrow().clone();
                                keys::go_to(&now.page, now.scale().ns(x));
                            }
                        })
                    });
                    *resting.borrow_mut() = held;
                }
                "pointermove" => {
                    let dragging = drag(&now, &mut gesture.borrow_mut(), &event, x, y);
                    if dragging {
                        resting.take();
                        hover.set(None);
                    } else if event.pointer_type() != "touch" {
                        rest(&now, &hover, &resting, x, y);
                    }
                }
                "pointerup" | "pointercancel" => {
                    resting.take();
                    release(&now, &mut gesture.borrow_mut(), &event, x, y);
                    if event.pointer_type() == "touch" {
                        // On a touch screen the card is a sheet that a tap opens.
                        hover.set(now.hit(x, y).filter(Hit::has_card).map(|hit| (x, y, hit)));
                    }
                }
                _ => {
                    resting.take();
                    if event.pointer_type() != "touch" {
                        hover.set(None);
                    }
                }
            }
        })
    };
    let double = {
        let latest = latest.clone();
        Callback::from(move |event: MouseEvent| {
            let now = latest.borrow().clone();
            let Some((x, y)) = place_in(&event) else { return };
            let Some(hit) = now.hit(x, y) else { return };
            let slice = || {
                let data = now.recording.read();
                let slice = data.timeline.slice(hit.slice?)?;
                Some((slice.start, slice.end))
            };
            // What has a moment and no length: a twentieth of what is in view.
            let around = || {
                let reach = (now.scale().ns_per_px * now.size.0 / 40.0) as u64;
                Some((hit.at.saturating_sub(reach), hit.at.saturating_add(reach))).filter(|_| hit.has_card())
            };
            let span = hit.merged.or_else(slice).or_else(around);
            if let Some((from, to)) = span {
                now.set_scale(TimeScale::around(from, to, extent(&now.page), now.size.0));
            }
        })
    };
    let keydown = {
        let latest = latest.clone();
        Callback::from(move |event: KeyboardEvent| key(&latest.borrow().clone(), &event))
    };
    let over = (*hover).filter(|_| !now.recording.is_empty());
    let (class, label) = match now.is_kept {
        true => ("can a", "Run A"),
        false => ("can", "Timeline"),
    };
    html! {
        <div {class} ref={node} role="application" aria-label={label} aria-roledescription="timeline" aria-describedby={(!now.is_kept).then_some("timeline-keys")} tabindex="0"
            onpointerdown={pointer.clone()} onpointermove={pointer.clone()} onpointerup={pointer.clone()} onpointercancel={pointer.clone()}
            onpointerleave={pointer} ondblclick={double} onkeydown={keydown}>
            <canvas ref={surface} aria-hidden="true"></canvas>
            if !now.is_kept { <span class="sr" id="timeline-keys">{ "W and S zoom, A and D pan, arrows step and change the track, brackets go to the previous and next event, Space plays, F shows the whole run, T shows a table. Control F searches, P pins the track, Alt with the up and down arrows moves it." }</span> }
            <span class="sr" role="status" aria-live="polite">{ if now.is_kept { String::new() } else { spoken(&now) } }</span>
            if now.recording.is_empty() { { empty(&page) } }
            if let Some((x, y, hit)) = over { { hover_card(&now, x, y, &hit) } }
        </div>
    }
}

fn empty(page: &Page) -> Html {
    html! {
        <div class="empty">
            if page.lab.run.is_active() { <span>{ "Running…" }</span> } else { <span>{ "Press " }<kbd>{ "Ctrl" }</kbd><kbd>{ "Enter" }</kbd></span> }
        </div>
    }
}

/// Paints before the next frame; a newer wish replaces an older one.
#[hook]
fn use_painting(now: &Now, surface: &NodeRef) {
    let lab = &now.page.lab;
    let extent = extent(&now.page);
    let deps = (
        now.recording.clone(),
        now.layout.clone(),
        lab.view,
        now.size,
        lab.dark,
        extent,
    );
    let (now, surface) = (now.clone(), surface.clone());
    use_effect_with(deps, move |_| {
        let frame = request_animation_frame(move |_| {
            let Some(canvas) = surface.cast::<HtmlCanvasElement>() else {
                return;
            };
            let lab = &now.page.lab;
            let data = now.recording.read();
            let viewport = now.viewport();
            let items = data.timeline.draw_list(&data.trace, &now.layout, &viewport);
            let empty = now.recording.is_empty();
            let px = |ns| viewport.scale.px(ns);
            let range = lab
                .view
                .selection
                .range
                .filter(|_| !now.is_kept)
                .map(|(from, to)| (px(from), px(to), data.timeline.range_summary(from, to).words()));
            let scene = Scene {
                items: &items,
                layout: &now.layout,
                scroll: viewport.scroll_y,
                ticks: &if empty { Vec::new() } else { viewport.scale.ticks() },
                playhead: (!empty).then(|| (px(lab.view.moment), moment(lab.view.moment))),
                range,
            };
            let Some(pen) = CanvasPen::of(&canvas, now.size.0, now.size.1) else {
                return;
            };
            let (pen, (width, height)) = (&pen, now.size);
            paint(&Surface { pen, width, height }, &palette_now(), &scene);
        });
        move || drop(frame)
    });
}

/// The wheel must be heard actively: it would scroll the page otherwise.
#[hook]
fn use_wheel(node: &NodeRef, latest: Rc<std::cell::RefCell<Now>>) {
    use_effect_with(node.clone(), move |node| {
        let listener = node.cast::<Element>().map(|element| {
            EventListener::new_with_options(
                &element,
                "wheel",
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    let Some(event) = event.dyn_ref::<WheelEvent>() else {
                        return;
                    };
                    let step = if event.delta_mode() == 0 { 1.0 } else { 30.0 };
                    let (dx, dy) = (event.delta_x() * step, event.delta_y() * step);
                    let is_plain = !event.ctrl_key() && !event.meta_key() && !event.shift_key() && dx.abs() <= dy.abs();
                    if is_plain && is_embedded() {
                        // Who reads the page around scrolls it.
                        return;
                    }
                    event.prevent_default();
                    let now = latest.borrow().clone();
                    let Some((x, _)) = place_in(event) else { return };
                    let extent = extent(&now.page);
                    if event.shift_key() {
                        // Browsers turn Shift and the wheel into a sideways wheel.
                        now.scroll_to(now.scroll() + if dy == 0.0 { dx } else { dy });
                    } else if dx.abs() > dy.abs() {
                        now.set_scale(now.scale().pan(-dx, extent));
                    } else {
                        now.set_scale(now.scale().zoom(x, (-dy * 0.002).exp(), extent));
                    }
                },
            )
        });
        move || drop(listener)
    });
}

/// Where on the canvas a pointer is.
fn place_in(event: &web_sys::MouseEvent) -> Option<(f64, f64)> {
    let rect = closest(event, ".can")?.get_bounding_client_rect();
    Some((
        f64::from(event.client_x()) - rect.left(),
        f64::from(event.client_y()) - rect.top(),
    ))
}

fn press(now: &Now, gesture: &mut Gesture, event: &PointerEvent, x: f64, y: f64) {
    if event.pointer_type() == "mouse" && event.button() != 0 {
        return;
    }
    if let Some(element) = closest(event, ".can") {
        let _ = element.set_pointer_capture(event.pointer_id());
        let _ = element.focus();
    }
    gesture.down.retain(|(id, ..)| *id != event.pointer_id());
    gesture.down.push((event.pointer_id(), x, y));
    gesture.moved = gesture.down.len() > 1;
    gesture.start = Some((x, y, now.scale(), now.scroll()));
    gesture.pinch = None;
    gesture.range = event.shift_key().then(|| now.scale().ns(x));
}

/// Whether the movement belongs to a drag.
fn drag(now: &Now, gesture: &mut Gesture, event: &PointerEvent, x: f64, y: f64) -> bool {
    let Some(finger) = gesture.down.iter_mut().find(|(id, ..)| *id == event.pointer_id()) else {
        return false;
    };
    (finger.1, finger.2) = (x, y);
    let extent = extent(&now.page);
    if let [(_, x1, _), (_, x2, _), ..] = gesture.down[..] {
        let apart = (x1 - x2).abs().max(8.0);
        if let Some(before) = gesture.pinch {
            now.set_scale(now.scale().zoom(f64::midpoint(x1, x2), apart / before, extent));
        }
        gesture.pinch = Some(apart);
        return true;
    }
    let Some((x0, y0, scale, scroll)) = gesture.start else {
        return false;
    };
    if !gesture.moved && (x - x0).hypot(y - y0) < 4.0 {
        return false;
    }
    gesture.moved = true;
    if let Some(first) = gesture.range {
        let other = now.scale().ns(x).min(extent);
        let range = (first.min(other), first.max(other));
        now.page.look(move |view| view.selection.range = Some(range));
    } else if y0 < RULER {
        // On the ruler a drag moves t.
        keys::go_to(&now.page, now.scale().ns(x));
    } else {
        now.set_scale(scale.pan(x - x0, extent));
        now.scroll_to(scroll - (y - y0));
    }
    true
}

fn release(now: &Now, gesture: &mut Gesture, event: &PointerEvent, x: f64, y: f64) {
    let was_down = gesture.down.iter().any(|(id, ..)| *id == event.pointer_id());
    gesture.down.retain(|(id, ..)| *id != event.pointer_id());
    gesture.pinch = None;
    if let (Some((_, x, y)), true) = (gesture.down.first().copied(), gesture.moved) {
        gesture.start = Some((x, y, now.scale(), now.scroll()));
    }
    if was_down && !gesture.moved && event.type_() == "pointerup" && !now.recording.is_empty() {
        click(now, x, y);
    }
}

/// Selects what is there and moves t.
fn click(now: &Now, x: f64, y: f64) {
    let hit = now.hit(x, y);
    let at = now.scale().ns(x).min(extent(&now.page));
    let is_kept = now.is_kept;
    now.page.look(move |view| {
        view.moment = at;
        view.playing = false;
        if is_kept {
            return;
        }
        view.selection = match hit {
            Some(hit) => Selection {
                lane: Some(hit.lane),
                slice: hit.slice,
                range: None,
            },
            None => Selection {
                range: None,
                ..view.selection
            },
        };
    });
}

/// Shows the card once the pointer rests.
fn rest(
    now: &Now,
    hover: &UseStateHandle<Option<(f64, f64, Hit)>>,
    resting: &Rc<std::cell::RefCell<Option<Timeout>>>,
    x: f64,
    y: f64,
) {
    let hit = now.hit(x, y).filter(Hit::has_card);
    if let (Some((.., before)), Some(hit)) = (&**hover, &hit)
        && before.has_same_card(hit)
    {
        return;
    }
    if hover.is_some() {
        hover.set(None);
    }
    let hover = hover.clone();
    *resting.borrow_mut() = hit.map(|hit| Timeout::new(HOVER_MS, move || hover.set(Some((x, y, hit)))));
}

fn key(now: &Now, event: &KeyboardEvent) {
    let name = event.key();
    let (control, alt) = (event.ctrl_key() || event.meta_key(), event.alt_key());
    let lane = now.page.lab.view.selection.lane;
    match name.as_str() {
        "f" | "F" if control && !alt => now.tracks.open(true),
        _ if control => return,
        "ArrowUp" | "ArrowDown" | "p" | "P" if now.is_kept => return,
        "ArrowUp" | "ArrowDown" if alt => match lane {
            Some(lane) => now.tracks.shift(&now.layout, RowKey::Lane(lane), name == "ArrowDown"),
            None => now.tracks.say("Select a track first: the arrow keys do."),
        },
        _ if alt => return,
        "p" | "P" => match lane {
            Some(lane) => now.tracks.pin(&now.layout, lane),
            None => now.tracks.say("Select a track first: the arrow keys do."),
        },
        "ArrowUp" | "ArrowDown" => {
            change_track(&now.page, &now.layout, name == "ArrowDown");
            let next = now.layout.neighbour(lane, name == "ArrowDown");
            if let Some(next) = next {
                let height = now.size.1 - RULER;
                now.scroll_to(now.layout.reveal(next, now.scroll(), height));
            }
        }
        "Escape" => act(&now.page, keys::Deed::Clear),
        _ => match deed_of(&name) {
            Some(deed) => act_by_key(&now.page, deed, now.size.0),
            None => return,
        },
    }
    event.prevent_default();
}

/// What a screen reader hears of the selected range, or else slice.
fn spoken(now: &Now) -> String {
    let data = now.recording.read();
    if let Some((from, to)) = now.page.lab.view.selection.range {
        let words = data.timeline.range_summary(from, to).words();
        return format!("Selected: {words}");
    }
    let slice = now.page.lab.view.selection.slice;
    slice
        .and_then(|slice| data.timeline.describe(&data.trace, slice))
        .map(|card| card.text())
        .unwrap_or_default()
}

fn hover_card(now: &Now, x: f64, y: f64, hit: &Hit) -> Html {
    let data = now.recording.read();
    let Some(words) = data.timeline.describe_hit(&data.trace, hit) else {
        return Html::default();
    };
    if is_embedded() {
        return html! { <div class="pop hover" role="tooltip" style={in_window(x, y)}>{ card(&words) }</div> };
    }
    let left = (x + 12.0).min(now.size.0 - CARD.0 - 8.0).max(8.0);
    // Above the pointer where there is room, else below.
    let place = if y > CARD.1 + RULER {
        format!("bottom:{:.0}px", now.size.1 - y + 14.0)
    } else {
        format!("top:{:.0}px", y + 18.0)
    };
    html! { <div class="pop hover" role="tooltip" style={format!("left:{left:.0}px;{place}")}>{ card(&words) }</div> }
}

/// The place of a card in a low window: below the pointer where there is room, else above it; in a narrow one it is a sheet.
fn in_window(x: f64, y: f64) -> String {
    let length = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let (width, height) = (length(window().inner_width()), length(window().inner_height()));
    let canvas = document().query_selector(".can").ok().flatten();
    let (left, top) = canvas.map_or((x, y), |canvas| {
        let rect = canvas.get_bounding_client_rect();
        (rect.left() + x, rect.top() + y)
    });
    if width < SHEET {
        return String::new();
    }
    let left = (left + 12.0).min(width - CARD.0 - 8.0).max(4.0);
    let (below, above) = if top + 18.0 + CARD.1 <= height || top < CARD.1 {
        (
            format!("{:.0}px", (top + 18.0).min(height - CARD.1).max(4.0)),
            "auto".to_owned(),
        )
    } else {
        ("auto".to_owned(), format!("{:.0}px", height - top + 14.0))
    };
    // A frame is mostly as narrow as a phone, where it would be a sheet at the window's lower edge.
    format!(
        "left:{left:.0}px!important;right:auto!important;top:{below}!important;bottom:{above}!important;width:{:.0}px",
        CARD.0
    )
}
