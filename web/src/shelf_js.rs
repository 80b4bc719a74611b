//! The scenarios of this browser, as Rust sees them (`web/js/shelf.mjs`).

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/shelf.mjs")]
extern "C" {
    /// What to do when nothing can be stored, with the reason; called once.
    #[wasm_bindgen(js_name = onTrouble)]
    pub fn on_trouble(tell: &Closure<dyn FnMut(String)>);
    /// The editor holds this now: JSON of `{title, source, files}`; what is not the person's own is not stored.
    pub fn keep(opened: u32, json: &str, own: bool);
    /// Stores at once what waits to be stored.
    pub fn flush();
    /// All of them as JSON, the latest first.
    #[wasm_bindgen(catch)]
    pub async fn list() -> Result<JsValue, JsValue>;
    /// Takes one away.
    #[wasm_bindgen(catch, js_name = drop)]
    pub async fn take_away(id: &str) -> Result<(), JsValue>;
    /// Gives one another title, which also stands in its text.
    #[wasm_bindgen(catch)]
    pub async fn rename(id: &str, title: &str, source: &str) -> Result<(), JsValue>;
    /// Whether it is the one in the editor.
    #[wasm_bindgen(js_name = isCurrent)]
    pub fn is_current(id: &str) -> bool;
}
