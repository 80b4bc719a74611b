//! Paints on canvases what `heddle_timeline` lists (see the README of this folder).

mod arrows;
mod lanes;
mod minimap;
mod palette;
mod ruler;
mod surface;

pub use lanes::{Scene, paint};
pub use minimap::{MiniScene, paint_minimap};
pub use palette::Palette;
