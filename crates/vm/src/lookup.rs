//! Finding attributes in classes: MRO walks behind a cache keyed by class and name.

use crate::value::Value;

/// Results of lookups in classes, valid while the class's version is the one noted. A direct-mapped table.
#[derive(Clone, Debug, Default)]
pub struct MethodCache {
    /// (class version, name, result or NULL when absent)
    pub lines: Vec<(u64, Value, Value)>,
}
