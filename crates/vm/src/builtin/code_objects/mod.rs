//! Functions, frames, code, generators as Python sees them.

use super::Defs;

/// The types of this area.
pub static DEFS: Defs = &[];
