//! The scenario in the URL's fragment.

use crate::state::files::PROGRAM;
use gloo::utils::window;
use heddle_scenario::{File, Link, Scenario, Settings, encode_link};

/// The fragment of the page's address, without `#`; empty if there is none.
pub fn fragment() -> String {
    window()
        .location()
        .hash()
        .unwrap_or_default()
        .trim_start_matches('#')
        .to_owned()
}

/// Takes the fragment out of the address: it no longer says what the editor holds.
pub fn forget_fragment() {
    let location = window().location();
    if location.hash().unwrap_or_default().is_empty() {
        return;
    }
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if let Ok(history) = window().history() {
        // Where the browser forbids it, the address keeps an old link; nothing else.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
}

/// Puts a link to what the editor holds into the page's own address, without another entry in the history.
pub fn show_link(address: &str) {
    if let Ok(history) = window().history() {
        // Some browsers refuse very long addresses; the link can still be copied from the dialog.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(address));
    }
}

/// The scenario of a program whose settings were read, with the files beside it.
pub fn scenario(source: &str, beside: &[File], machine: &Settings) -> Scenario {
    let program = File {
        name: PROGRAM.to_owned(),
        text: source.to_owned(),
    };
    Scenario {
        files: std::iter::once(program).chain(beside.iter().cloned()).collect(),
        machine: machine.clone(),
        schedule: None,
        view: None,
    }
}

/// The fragment of a link to a scenario.
///
/// # Errors
/// A sentence, when the scenario is too large for a link.
pub fn fragment_of(scenario: Scenario, semantics: u32, trace_hash: Option<u64>) -> Result<String, String> {
    encode_link(&Link {
        scenario,
        semantics,
        trace_hash,
    })
    .map_err(|error| error.to_string())
}

/// The page's address without its fragment.
pub fn here() -> String {
    let page = window().location().href().unwrap_or_default();
    page.split('#').next().unwrap_or_default().to_owned()
}

/// The address of a file beside the page; of the lab itself with an empty name.
pub fn beside(file: &str) -> String {
    let page = here();
    let page = page.split('?').next().unwrap_or_default();
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{file}")
}
