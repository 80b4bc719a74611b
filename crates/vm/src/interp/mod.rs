//! The interpreter loop.

/// An inline cache: one per instruction that wants one.
#[derive(Clone, Copy, Debug, Default)]
pub enum Cache {
    /// Nothing known.
    #[default]
    Empty,
}
