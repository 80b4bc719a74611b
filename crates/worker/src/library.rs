//! Fetches the part of CPython's library that is not in the engine.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, Response};

/// Fetches it from beside the worker's script and hands it to the engine. Err: a sentence.
pub async fn fetch() -> Result<(), String> {
    let file = heddle_lab::library_file();
    let bytes = bytes_of(&file)
        .await
        .map_err(|why| format!("The rest of Python's library ({file}) could not be loaded: {why}."))?;
    heddle_lab::install_library(bytes).map_err(|why| format!("Python's library cannot be used: {why}."))
}

async fn bytes_of(file: &str) -> Result<Vec<u8>, String> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into().map_err(|_| "this is no worker")?;
    let response = JsFuture::from(scope.fetch_with_str(file)).await.map_err(in_words)?;
    let response: Response = response.dyn_into().map_err(in_words)?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    let body = response.array_buffer().map_err(in_words)?;
    let buffer: ArrayBuffer = JsFuture::from(body)
        .await
        .map_err(in_words)?
        .dyn_into()
        .map_err(in_words)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The text of a JavaScript error.
fn in_words(error: JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
