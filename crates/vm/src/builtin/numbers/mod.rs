//! Numbers: `int` and `bool`, `float`, `complex`, and what they share.

use super::Defs;
use crate::types::core;

pub mod big_work;
pub mod compare;
pub mod complex;
pub mod exact;
pub mod float;
pub mod float_text;
pub mod int;
pub mod int_arith;
pub mod int_text;
pub mod long;
pub mod operands;

pub use complex::complex_repr;
pub use float_text::{format_float_repr, parse_float};
pub use int_text::{int_to_string, parse_int, prefixed};

/// The types of this area.
pub static DEFS: Defs = &[
    (core::INT, &int::INT),
    (core::BOOL, &int::BOOL),
    (core::FLOAT, &float::FLOAT),
    (core::COMPLEX, &complex::COMPLEX),
];
