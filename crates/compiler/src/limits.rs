//! Bounds that hostile sources run into before they can hurt.

use crate::errors::{SyntaxError, SyntaxErrorKind};
use crate::source::{Loc, Source};

/// How deep the generator's walk may go.
pub(crate) const MAX_WALK_DEPTH: u32 = 1200;

/// How many instructions a code object may have while it is generated.
pub(crate) const MAX_INSTRUCTIONS: usize = 2_000_000;

/// Nested or complex beyond what is compiled.
pub(crate) fn too_deep(source: &Source<'_>) -> Box<SyntaxError> {
    source.error_at(SyntaxErrorKind::Memory, Loc::NONE, "too complex to compile")
}
