//! Formatting: the mini-language of `format()`, `%` and `str.format`.

pub mod fields;
pub mod number;
pub mod percent;
pub mod percent_bytes;
mod quick;
pub mod spec;
pub mod text;

pub use spec::{Align, FormatSpec};
