//! Printing exceptions as CPython's interpreter does, without running its `traceback` module.

pub mod anchors;
pub mod carets;
pub mod hints;
pub mod print;
pub mod suggest;
