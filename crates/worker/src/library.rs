//! Gets the part of CPython's library that is not in the engine.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// What is in a file beside the worker's script, as an `ArrayBuffer` (`static/worker.js`).
    #[wasm_bindgen(catch, js_name = heddleFile)]
    fn file(name: &str) -> Result<Promise, JsValue>;
}

/// Gets it and hands it to the engine. Err: a sentence.
pub async fn fetch() -> Result<(), String> {
    let name = heddle_lab::library_file();
    let bytes = bytes_of(&name).await.map_err(|why| {
        format!(
            "The rest of Python's library ({name}) could not be loaded: {}.",
            in_words(why)
        )
    })?;
    heddle_lab::install_library(bytes).map_err(|why| format!("Python's library cannot be used: {why}."))
}

async fn bytes_of(name: &str) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(file(name)?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The text of a JavaScript error.
fn in_words(error: JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
