//! The functions of the module `builtins`.

use crate::function::Native;

pub mod iteration;
pub mod objects;
pub mod output;
pub mod scopes;
pub mod source;
pub mod tree;

/// All functions.
pub static FUNCTIONS: &[&[Native]] = &[
    iteration::FUNCTIONS,
    objects::FUNCTIONS,
    output::FUNCTIONS,
    source::FUNCTIONS,
];

/// Natives that only the prelude sees.
pub static PRELUDE_FUNCTIONS: &[&[Native]] = &[iteration::PRELUDE_FUNCTIONS, tree::FUNCTIONS];
