//! Files that a person gives the page: chosen in the gallery, dropped anywhere, or pasted. A `.py` or a `.zip` becomes the program; what cannot be opened is told.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::window;
use heddle_scenario::{File, open_file};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ClipboardEvent, DragEvent, FileList};
use yew::prelude::*;

/// Larger files are refused.
const MOST_BYTES: f64 = 1_048_576.0;

/// The files of a scenario, the program first, or a sentence that says why there are none.
pub type Given = Result<Vec<File>, String>;

/// Opens the first of these files.
pub fn open(take: &Callback<Given>, files: &FileList) {
    let Some(file) = files.get(0) else {
        return;
    };
    let take = take.clone();
    spawn_local(async move {
        let opened = if file.size() > MOST_BYTES {
            Err("it is larger than 1 MiB".to_owned())
        } else {
            let bytes = JsFuture::from(file.array_buffer()).await.ok();
            match bytes.and_then(|bytes| bytes.dyn_into::<ArrayBuffer>().ok()) {
                Some(bytes) => open_file(&Uint8Array::new(&bytes).to_vec()),
                None => Err("it could not be read".to_owned()),
            }
        };
        let sentence = |why| format!("{} was not opened: {why}. Your program is as it was.", file.name());
        take.emit(opened.map_err(sentence));
    });
}

/// Hears files that are dropped or pasted anywhere, before the editor takes them for text.
#[hook]
pub fn use_given_files(take: Callback<Given>) {
    let latest = use_mut_ref(|| take.clone());
    *latest.borrow_mut() = take;
    use_effect_with((), move |()| {
        let options = EventListenerOptions {
            phase: gloo::events::EventListenerPhase::Capture,
            passive: false,
        };
        let listen = |kind: &'static str, hear: Box<dyn FnMut(&Event)>| {
            EventListener::new_with_options(&window(), kind, options, hear)
        };
        let hear = move |event: &Event, files: Option<FileList>| {
            if let Some(files) = files.filter(|files| files.length() > 0) {
                event.prevent_default();
                event.stop_propagation();
                open(&latest.borrow().clone(), &files);
            }
        };
        let dropped = {
            let hear = hear.clone();
            move |event: &Event| {
                let data = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
                hear(event, data.and_then(|data| data.files()));
            }
        };
        let pasted = move |event: &Event| {
            let data = event
                .dyn_ref::<ClipboardEvent>()
                .and_then(ClipboardEvent::clipboard_data);
            hear(event, data.and_then(|data| data.files()));
        };
        // Else the browser leaves the page to show the file.
        let over = |event: &Event| {
            let data = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
            if data.is_some_and(|data| data.types().includes(&"Files".into(), 0)) {
                event.prevent_default();
            }
        };
        let listeners = [
            listen("dragover", Box::new(over)),
            listen("drop", Box::new(dropped)),
            listen("paste", Box::new(pasted)),
        ];
        move || drop(listeners)
    });
}
