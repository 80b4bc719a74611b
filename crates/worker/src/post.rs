//! Sending to the page.

use heddle_protocol::{ToPage, encode};
use wasm_bindgen::JsCast;
use web_sys::{DedicatedWorkerGlobalScope, MessagePort};

/// Sends a message; its buffer is handed over, not copied.
pub fn post(message: &ToPage) {
    send(message, None);
}

/// The same, and a port with it.
pub fn post_with(message: &ToPage, port: &MessagePort) {
    send(message, Some(port));
}

fn send(message: &ToPage, port: Option<&MessagePort>) {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let bytes = js_sys::Uint8Array::from(encode(message).as_slice());
    let handed_over = js_sys::Array::of1(&bytes.buffer());
    if let Some(port) = port {
        handed_over.push(port);
    }
    // Nobody is left to tell when posting fails: the page is gone.
    let _ = scope.post_message_with_transfer(&bytes.buffer(), &handed_over);
}

/// Real time in milliseconds, for the length of slices and the time a run took; never for anything a program sees.
pub fn now_ms() -> f64 {
    js_sys::global()
        .dyn_into::<DedicatedWorkerGlobalScope>()
        .ok()
        .and_then(|scope| scope.performance())
        .map_or(0.0, |performance| performance.now())
}

/// How much work the next slice is given, when the last one was given `budget` and took so long, and slices shall take `slice` (both ms). One badly
/// measured slice must not make the next one endless.
pub fn next_budget(budget: u64, took: f64, slice: f64, (least, most): (u64, u64)) -> u64 {
    let next = budget as f64 * (slice / took.max(0.05)).clamp(0.25, 4.0);
    (next as u64).clamp(least, most)
}
