//! (being written)

pub mod binascii;
pub mod hashes;
pub mod math;
pub mod random;
pub mod string;
pub mod structs;
pub mod unicodedata;
