//! "Yours, in this browser": what a person writes is kept in IndexedDB by itself, and listed in the gallery. Embedded labs keep nothing.

use crate::shelf_js;
use gloo::events::EventListener;
use gloo::utils::{document, window};
use heddle_scenario::{File, read_settings, write_settings};
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

/// A scenario that is kept.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Kept {
    pub id: String,
    pub title: String,
    pub source: String,
    pub files: Vec<File>,
    /// When it was changed, in ms since 1970.
    pub changed: f64,
}

impl Kept {
    /// Its title, or what stands for it.
    pub fn name(&self) -> &str {
        match self.title.trim() {
            "" => "Untitled",
            title => title,
        }
    }

    /// The day of its latest change, as people here write it.
    pub fn day(&self) -> String {
        let date = js_sys::Date::new(&self.changed.into());
        date.to_locale_date_string("en-GB", &wasm_bindgen::JsValue::UNDEFINED)
            .into()
    }

    /// Whether all the words occur in it.
    pub fn matches(&self, words: &str) -> bool {
        let all = format!("{} {}", self.title, self.source).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }
}

#[derive(Serialize)]
struct Told<'a> {
    title: &'a str,
    source: &'a str,
    files: &'a [File],
}

/// Tells the shelf every change of the program, and the page when nothing can be stored. `own` is whether it is the person's own and not a program as the gallery has it.
#[hook]
pub fn use_shelf(opened: u32, title: &str, source: &str, files: &[File], own: bool, trouble: Callback<()>) {
    let told = serde_json::to_string(&Told { title, source, files }).unwrap_or_default();
    use_effect_with((), move |()| {
        let tell = Closure::<dyn FnMut(String)>::new(move |_| trouble.emit(()));
        shelf_js::on_trouble(&tell);
        // It may be told as long as the page lives.
        tell.forget();
        // A tab that is hidden may be closed without another word.
        let hidden = EventListener::new(&document(), "visibilitychange", |_| shelf_js::flush());
        let left = EventListener::new(&window(), "pagehide", |_| shelf_js::flush());
        move || drop((hidden, left))
    });
    use_effect_with((opened, told, own), |(opened, told, own)| {
        shelf_js::keep(*opened, told, *own);
    });
}

/// All that are kept, the latest first; none where nothing can be stored.
pub async fn list() -> Vec<Kept> {
    let listed = shelf_js::list().await.ok();
    let json = listed.and_then(|json| json.as_string());
    json.and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default()
}

/// Takes one away.
pub async fn remove(id: &str) {
    // What cannot be removed is still listed.
    let _ = shelf_js::take_away(id).await;
}

/// Gives one another title, in its settings too, where these can be read. True if it is the one in the editor.
pub async fn rename(kept: &Kept, title: &str) -> bool {
    let source = match read_settings(&kept.source) {
        Ok(mut settings) => {
            title.clone_into(&mut settings.title);
            write_settings(&kept.source, &settings).unwrap_or_else(|_| kept.source.clone())
        }
        Err(_) => kept.source.clone(),
    };
    // What cannot be renamed is listed under its old name.
    let _ = shelf_js::rename(&kept.id, title, &source).await;
    shelf_js::is_current(&kept.id)
}
