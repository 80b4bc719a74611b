//! Paints what the draw list says, with any pen: a canvas's context (in the page) or an SVG file. It decides nothing itself.
//!
//! `lanes.rs`: grid, bars, posts, counters; `arrows.rs`: arrows; `ruler.rs`: ticks and the playhead; `palette.rs`: colours; `pen.rs`: what a pen can do, and
//! the patterns; `svg.rs`: the pen that writes SVG; `picture.rs`: all of it beside a column of names, for export.

mod arrows;
mod lanes;
mod palette;
mod pen;
mod picture;
mod ruler;
mod svg;

pub use lanes::{RULER, Scene, paint};
pub use palette::Palette;
pub use pen::{Pen, Surface, Type, tile, tile_px};
pub use picture::{LABELS_PX, Picture};
pub use svg::SvgPen;
