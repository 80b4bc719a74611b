//! The editor's bundle, as Rust sees it (`web/js/bridge.mjs`, `web/js/editor/index.mjs`).

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen(module = "/js/bridge.mjs")]
extern "C" {
    /// Loads the bundle and puts an editor into `parent`; gives an [`Editor`]. `on_line` hears what is wanted of a line: `break` sets a breakpoint or takes
    /// it away, `here` runs to it.
    #[wasm_bindgen(catch)]
    pub async fn mount(
        parent: &HtmlElement,
        doc: &str,
        on_change: &Closure<dyn FnMut(String)>,
        on_line: &Closure<dyn FnMut(String, u32)>,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The object that `create` of the bundle gives.
    #[derive(Clone)]
    pub type Editor;

    /// Brings the text to this one by the smallest change.
    #[wasm_bindgen(method, js_name = setDoc)]
    pub fn set_doc(this: &Editor, text: &str);
    /// Shows another program.
    #[wasm_bindgen(method, js_name = replaceDoc)]
    pub fn replace_doc(this: &Editor, text: &str);
    /// Shows a part of the program: JSON of `{from, to, readonly}`, the lines from 1, both included.
    #[wasm_bindgen(method, js_name = setPart)]
    pub fn set_part(this: &Editor, json: &str);
    /// Chips and tints: JSON of `[{line, tint, hue, chips: [{hue, text, runs, title}]}]`, rising by line, or `null`.
    #[wasm_bindgen(method, js_name = setMarks)]
    pub fn set_marks(this: &Editor, json: &str);
    /// Breakpoints: JSON of a list of lines, from 1.
    #[wasm_bindgen(method, js_name = setBreaks)]
    pub fn set_breaks(this: &Editor, json: &str);
    /// Where the time went: JSON of `[{line, share, title}]`, the share in percent, or `null`.
    #[wasm_bindgen(method, js_name = setHeat)]
    pub fn set_heat(this: &Editor, json: &str);
    /// The place of an error: JSON of `{line, col, endLine, endCol, message}`, from 1, end exclusive, or `null`.
    #[wasm_bindgen(method, js_name = setError)]
    pub fn set_error(this: &Editor, json: &str);
    /// Scrolls a line into sight.
    #[wasm_bindgen(method, js_name = showLine)]
    pub fn show_line(this: &Editor, line: u32);
    /// Takes the editor away.
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Editor);
}
