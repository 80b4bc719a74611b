//! What the tests and the chores share: finding and running Pythons, ours and the real ones, and comparing what they say.

#![allow(clippy::disallowed_methods, reason = "watches real programs in real time")]

pub mod conformance;
pub mod cpython;
pub mod fuzz;
pub mod program;
pub mod python;
