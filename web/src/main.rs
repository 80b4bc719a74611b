//! The page of Heddle: a lab for Python concurrency. It edits a scenario, has it run in a Web Worker, and draws what
//! happened; it computes nothing about programs itself.

mod components;
mod editor_js;
mod gallery;
mod hooks;
mod host_js;
mod marks;
mod paint;
mod shelf_js;
mod state;

fn main() {
    if host_js::is_embedded() {
        yew::Renderer::<components::embed::EmbeddedApp>::new().render();
    } else {
        yew::Renderer::<components::app::App>::new().render();
    }
}
