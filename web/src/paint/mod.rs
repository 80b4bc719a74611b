//! Paints on canvases what `heddle_timeline` lists (see the README of this folder).

mod canvas;
mod minimap;

pub use canvas::{CanvasPen, palette_now};
pub use minimap::{MiniScene, paint_minimap};
