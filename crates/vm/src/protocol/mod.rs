//! The protocols of Python's data model: what operators, iteration, truth, hashing and printing do with any value.

mod compare;
mod hash;
mod isinstance;
mod items;
mod iterate;
mod numbers;
mod operators;
mod special;
mod text;

pub use hash::{hash_bigint, hash_float};
pub use operators::{Operator, operator};
