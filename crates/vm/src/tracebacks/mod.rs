//! Printing exceptions as CPython's interpreter does, without running its `traceback` module.

pub mod print;
pub mod suggest;
