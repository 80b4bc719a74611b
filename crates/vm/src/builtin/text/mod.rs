//! Strings and bytes.

use super::Defs;

/// The types of this area.
pub static DEFS: Defs = &[];
