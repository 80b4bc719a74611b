//! object, type and the descriptors.

use super::Defs;

/// The types of this area.
pub static DEFS: Defs = &[];
