//! object, type and the descriptors.

mod sequence_iterator;

use super::Defs;
use crate::types::core;

/// The types of this area.
pub static DEFS: Defs = &[(core::SEQUENCE_ITERATOR, &sequence_iterator::DEF)];
