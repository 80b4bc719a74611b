//! What is around the page's program: the worker's script, and for an embedded lab the page that frames it (`web/js/bridge.mjs`).

use wasm_bindgen::prelude::*;
use web_sys::Worker;

#[wasm_bindgen(module = "/js/bridge.mjs")]
extern "C" {
    /// Whether this is a lab inside another page.
    #[wasm_bindgen(js_name = isEmbedded)]
    pub fn is_embedded() -> bool;
    /// Keeps the page's files for when there is no network.
    #[wasm_bindgen(js_name = keepOffline)]
    pub fn keep_offline();
    /// Starts a worker with the engine's script; the name says what it is to be, empty for the lab's own.
    #[wasm_bindgen(catch, js_name = startWorker)]
    pub fn start_worker(name: &str) -> Result<Worker, JsValue>;
    /// Waits until this lab may have an engine: a page holds only so many at once.
    #[wasm_bindgen(js_name = claimEngine)]
    pub async fn claim_engine();
    /// Gives back what was claimed.
    #[wasm_bindgen(js_name = releaseEngine)]
    pub fn release_engine();
    /// Says whether the engine has work: one that has none is the first to be given up.
    #[wasm_bindgen(js_name = busyEngine)]
    pub fn busy_engine(busy: bool);
    /// What to do when the engine must be given up.
    #[wasm_bindgen(js_name = onYield)]
    pub fn on_yield(yields: &Closure<dyn FnMut()>);
    /// Sends a message, as JSON, to the page around.
    #[wasm_bindgen(js_name = tellHost)]
    pub fn tell_host(json: &str);
    /// What to do with messages, as JSON, from the page around.
    #[wasm_bindgen(js_name = hearHost)]
    pub fn hear_host(hear: &Closure<dyn FnMut(String)>);
}
