//! The built-in types and the modules `builtins` and `sys`.
//!
//! Each area lists its types in a `DEFS` table: (fixed handle, table entry).

use crate::types::TypeDef;
use crate::value::Value;

pub mod builtins_module;
pub mod code_objects;
pub mod containers;
pub mod exceptions;
pub mod numbers;
pub mod objects;
pub mod structseq;
pub mod sys_module;
pub mod text;

/// Types of the core with their handles.
pub type Defs = &'static [(Value, &'static TypeDef)];

/// Every type of the core.
pub fn all_defs() -> impl Iterator<Item = &'static (Value, &'static TypeDef)> {
    [objects::DEFS, numbers::DEFS, text::DEFS, code_objects::DEFS]
        .into_iter()
        .chain(containers::TABLES.iter().copied())
        .flatten()
        .chain(exceptions::defs())
}
