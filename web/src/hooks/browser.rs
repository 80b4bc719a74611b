//! Small things of the browser: storage, theme, clipboard, sizes, colours.

use gloo::utils::{document, window};
use heddle_protocol::RunLimits;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Names in the browser's storage.
pub mod keys {
    /// The program in the editor.
    pub const PROGRAM: &str = "heddle.program";
    /// The files beside it, as JSON.
    pub const FILES: &str = "heddle.files";
    /// Those of the earlier program.
    pub const EARLIER_FILES: &str = "heddle.earlier-files";
    /// The program that a link or the gallery took the place of.
    pub const EARLIER: &str = "heddle.earlier";
    /// The gallery's programs that were opened lately.
    pub const RECENT: &str = "heddle.recent";
    /// "light" or "dark", absent for the system's.
    pub const THEME: &str = "heddle.theme";
    /// The height a person gave the timeline.
    pub const HEIGHT: &str = "heddle.timeline-height";
    /// How many Web Workers the processes of a run may have; absent for what suits the computer.
    pub const WORKERS: &str = "heddle.workers";
    /// How much work one must save before a process moves to it, as [`heddle_protocol::RunLimits`] has it; absent for what pays. For tests.
    pub const WORTH: &str = "heddle.worth-a-worker";
}

/// What is stored; `None` also where storing is forbidden.
pub fn stored(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Stores; where that is forbidden or full, the page works without.
pub fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// How many Web Workers the person wants processes to have; `None`: what suits the computer.
pub fn chosen_workers() -> Option<u16> {
    stored(keys::WORKERS)?.parse().ok()
}

/// Keeps that.
pub fn choose_workers(workers: Option<u16>) {
    store(
        keys::WORKERS,
        &workers.map_or(String::new(), |workers| workers.to_string()),
    );
}

/// How many suit the computer: one for each of its cores but the lab's, 4 at most.
pub fn suitable_workers() -> u16 {
    let cores = window().navigator().hardware_concurrency();
    (cores - 1.0).clamp(0.0, 4.0) as u16
}

/// Gives the processes of a run workers of their own: as many as were chosen, or as suit.
pub fn with_workers(limits: RunLimits) -> RunLimits {
    let worth = stored(keys::WORTH).and_then(|worth| worth.parse().ok());
    RunLimits {
        workers: chosen_workers().unwrap_or_else(suitable_workers).min(64),
        worth_a_worker: worth.unwrap_or(limits.worth_a_worker),
        ..limits
    }
}

/// Whether the page is dark now.
pub fn is_dark() -> bool {
    match document()
        .document_element()
        .and_then(|root| root.get_attribute("data-theme"))
        .as_deref()
    {
        Some("dark") => true,
        Some("light") => false,
        _ => matches("(prefers-color-scheme: dark)"),
    }
}

/// Changes between light and dark, and remembers it.
pub fn toggle_theme() {
    let theme = if is_dark() { "light" } else { "dark" };
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
    store(keys::THEME, theme);
}

/// Whether a media query holds.
pub fn matches(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Whether a media query holds, drawn again when that changes.
#[hook]
pub fn use_media(query: &'static str) -> bool {
    let holds = use_state(|| matches(query));
    {
        let holds = holds.clone();
        use_effect_with((), move |()| {
            let list = window().match_media(query).ok().flatten();
            let listener =
                list.map(|list| gloo::events::EventListener::new(&list, "change", move |_| holds.set(matches(query))));
            move || drop(listener)
        });
    }
    *holds
}

/// The window's height in px, drawn again when that changes.
#[hook]
pub fn use_window_height() -> f64 {
    let measure = || window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(900.0);
    let height = use_state(measure);
    {
        let height = height.clone();
        use_effect_with((), move |()| {
            let listener = gloo::events::EventListener::new(&window(), "resize", move |_| height.set(measure()));
            move || drop(listener)
        });
    }
    *height
}

/// Puts text on the clipboard; false where that is forbidden.
pub async fn copy(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    if clipboard.is_undefined() {
        return false;
    }
    let clipboard: web_sys::Clipboard = clipboard.unchecked_into();
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The value of a CSS variable of the page.
pub fn token(name: &str) -> String {
    let style = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten());
    style
        .and_then(|style| style.get_property_value(name).ok())
        .map(|value| value.trim().to_owned())
        .unwrap_or_default()
}

/// Where the keyboard is.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// The element around an event's target that matches a selector. (Yew hears events at the root, so `current_target` is
/// always the root.)
pub fn closest(event: &web_sys::Event, selector: &str) -> Option<HtmlElement> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()?.dyn_into().ok()
}

/// Gives the keyboard to the first element that matches a selector, after the drawing that is due.
pub fn takes_focus(selector: &'static str) {
    gloo::timers::callback::Timeout::new(0, move || {
        let place = document().query_selector(selector).ok().flatten();
        if let Some(place) = place.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = place.focus();
        }
    })
    .forget();
}

/// Calls back with an element's size in CSS px whenever that changes.
#[hook]
pub fn use_size(node: NodeRef) -> (f64, f64) {
    let size = use_state(|| (0.0, 0.0));
    {
        let size = size.clone();
        use_effect_with(node, move |node| {
            let element = node.cast::<web_sys::Element>();
            let measured = element.clone();
            let seen = Closure::<dyn FnMut()>::new(move || {
                if let Some(element) = &measured {
                    size.set((f64::from(element.client_width()), f64::from(element.client_height())));
                }
            });
            let observer = web_sys::ResizeObserver::new(seen.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, &element) {
                observer.observe(element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(seen);
            }
        });
    }
    *size
}

/// Gives the person a file to keep.
pub fn download(name: &str, kind: &str, content: &str) {
    let parts = js_sys::Array::of1(&wasm_bindgen::JsValue::from_str(content));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    if let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) {
        download_blob(name, &blob);
    }
}

/// The same of bytes.
pub fn download_bytes(name: &str, kind: &str, content: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(content));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    if let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options) {
        download_blob(name, &blob);
    }
}

/// The same of what is a blob already.
pub fn download_blob(name: &str, blob: &web_sys::Blob) {
    let Ok(address) = web_sys::Url::create_object_url_with_blob(blob) else {
        return;
    };
    let link = gloo::utils::document().create_element("a").ok();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        // A link that cannot be given its attributes does nothing when it is clicked.
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", name);
        link.click();
    }
    // The browser has taken the content when the click returns.
    let _ = web_sys::Url::revoke_object_url(&address);
}
