//! The menu that saves a run's timeline as a file: the part in view as a picture, the whole of it as data.

use super::extent;
use super::keys::scale_of;
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::hooks::browser::{download, download_blob, takes_focus};
use crate::paint::{CanvasPen, palette_now};
use crate::state::{Action, Notice, Severity};
use gloo::events::EventListener;
use gloo::utils::{document, window};
use heddle_timeline::paint::Picture;
use heddle_timeline::{Layout, Viewport};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, Element, HtmlCanvasElement, KeyboardEvent};
use yew::prelude::*;

/// The ruler, px.
const RULER: f64 = 24.0;
/// The size of a picture where no canvas is drawn, as beside the table.
const SOME_SIZE: (f64, f64) = (1232.0, 400.0);

/// What can be saved.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    Png,
    Svg,
    Csv,
    Perfetto,
    Firefox,
}

const ALL: [(Format, &str, &str); 5] = [
    (Format::Png, "Picture of what is in view", "PNG"),
    (Format::Svg, "Picture of what is in view", "SVG"),
    (Format::Csv, "Table of all slices", "CSV"),
    (Format::Perfetto, "Trace for Chrome and Perfetto", "JSON"),
    (Format::Firefox, "Profile for the Firefox Profiler", "JSON"),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub layout: Rc<Layout>,
}

/// The button and, while it is open, the menu.
#[function_component(ExportMenu)]
pub fn export_menu(props: &Props) -> Html {
    let page = use_page();
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| {
            if !*open {
                takes_focus(".exports [role=menuitem]");
            }
            open.set(!*open);
        })
    };
    {
        let open = open.clone();
        use_effect_with(*open, move |is_open| {
            let listener = is_open.then(|| {
                EventListener::new(&window(), "pointerdown", move |event| {
                    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                    let inside =
                        target.is_some_and(|target| target.closest(".export").is_ok_and(|found| found.is_some()));
                    if !inside {
                        open.set(false);
                    }
                })
            });
            move || drop(listener)
        });
    }
    let keydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => ALL.len() - 1,
                "Escape" | "Tab" => {
                    open.set(false);
                    return takes_focus(".export > .btn");
                }
                _ => return,
            };
            event.prevent_default();
            let Ok(items) = document().query_selector_all(".exports [role=menuitem]") else {
                return;
            };
            let focused = document().active_element();
            let at =
                (0..items.length()).find(|at| items.item(*at).is_some_and(|item| focused.as_ref() == item.dyn_ref()));
            let next = at.map_or(0, |at| (at as usize + step) % ALL.len());
            let item = items.item(u32::try_from(next).unwrap_or(0));
            if let Some(item) = item.and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = item.focus();
            }
        })
    };
    let item = |(format, what, name): (Format, &'static str, &'static str)| {
        let (page, layout, open) = (page.clone(), props.layout.clone(), open.clone());
        let press = Callback::from(move |_: MouseEvent| {
            open.set(false);
            takes_focus(".export > .btn");
            if write(&page, &layout, format).is_none() {
                page.send(Action::Tell(Some(Notice {
                    severity: Severity::Error,
                    text: "The browser makes no picture of this size: make the timeline smaller.".to_owned(),
                })));
            }
        });
        html! { <button role="menuitem" tabindex="-1" onclick={press}><span>{ what }</span><span class="t3">{ name }</span></button> }
    };
    html! {
        <span class="export" onkeydown={keydown}>
            <button class={classes!("btn", "sm", "sq", open.then_some("on"))} aria-label="Export" title="Save as a file" aria-haspopup="menu" aria-expanded={open.to_string()} disabled={page.lab.recording.is_empty()} onclick={toggle}>{ Icon::Save.html() }</button>
            if *open { <div class="pop exports" role="menu" aria-label="Export">{ for ALL.into_iter().map(item) }</div> }
        </span>
    }
}

/// Saves the file; `None` where the browser does not make it.
fn write(page: &Page, layout: &Rc<Layout>, format: Format) -> Option<()> {
    let name = file_name(page.lab.title());
    let data = page.lab.recording.read();
    match format {
        Format::Csv => download(&format!("{name}.csv"), "text/csv;charset=utf-8", &data.trace.to_csv()),
        Format::Perfetto => download(
            &format!("{name}.trace.json"),
            "application/json",
            &data.trace.to_perfetto(),
        ),
        Format::Firefox => download(
            &format!("{name}.firefox.json"),
            "application/json",
            &data.trace.to_firefox(),
        ),
        Format::Svg => {
            let picture = picture(page, &data.trace, layout);
            let title = format!("{}: {}", page.lab.title(), "the timeline of a run in Heddle");
            let svg = data.timeline.to_svg(&palette_now(), &picture, &title);
            download(&format!("{name}.svg"), "image/svg+xml", &svg);
        }
        Format::Png => {
            let picture = picture(page, &data.trace, layout);
            let (width, height) = data.timeline.picture_size(&picture);
            let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
            let pen = CanvasPen::of(&canvas, width, height)?;
            data.timeline.paint_picture(&pen, &palette_now(), &picture);
            let done = Closure::once_into_js(move |blob: Option<Blob>| {
                if let Some(blob) = blob {
                    download_blob(&format!("{name}.png"), &blob);
                }
            });
            canvas.to_blob(done.unchecked_ref()).ok()?;
        }
    }
    Some(())
}

/// What is in view.
fn picture<'a>(page: &Page, trace: &'a heddle_trace::Trace, layout: &'a Layout) -> Picture<'a> {
    let view = page.lab.view;
    let canvas = document().query_selector(".can:not(.a)").ok().flatten();
    let size = canvas.map(|canvas| {
        (
            f64::from(canvas.client_width()),
            f64::from(canvas.client_height()) - RULER,
        )
    });
    let (width, height) = size
        .filter(|(width, height)| *width >= 1.0 && *height >= 1.0)
        .unwrap_or(SOME_SIZE);
    Picture {
        trace,
        layout,
        view: Viewport {
            scale: scale_of(&view, extent(page), width),
            scroll_y: view.scroll,
            height,
            selected: view.selection.slice,
            arrows: view.arrows,
        },
        moment: Some(view.moment),
    }
}

/// A title as the name of a file: letters and digits, the rest as dashes.
fn file_name(title: &str) -> String {
    let words: Vec<String> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    match words.is_empty() {
        true => "timeline".to_owned(),
        false => words.join("-").chars().take(80).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_names_of_files() {
        assert_eq!(file_name("Two threads: count/down?"), "two-threads-count-down");
        assert_eq!(file_name("../.."), "timeline");
        assert_eq!(file_name(&"x".repeat(200)).len(), 80);
    }
}
