//! What `ruff_python_parser` asks of the crate `unicode_names2`, answered by `heddle-names`: one table of names instead of two, and
//! that one outside the program (half a megabyte less before the first run). See `[patch.crates-io]` in the workspace's `Cargo.toml`.

pub use heddle_names::character;
