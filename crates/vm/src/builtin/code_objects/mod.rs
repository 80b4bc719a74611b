//! Functions, frames, code, generators as Python sees them.

use super::Defs;

pub mod async_generator;

/// The types of this area.
pub static DEFS: Defs = &[];
