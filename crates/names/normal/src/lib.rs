//! What `ruff_python_parser` asks of the crate `unicode-normalization`, answered by `heddle-names`: one table of what characters are
//! made of instead of two, and that one outside the program. See `[patch.crates-io]` in the workspace's `Cargo.toml`.

/// Text that can be normalized.
pub trait UnicodeNormalization {
    /// The characters of the text in NFKC.
    fn nfkc(self) -> std::vec::IntoIter<char>;
}

impl UnicodeNormalization for &str {
    fn nfkc(self) -> std::vec::IntoIter<char> {
        heddle_names::normal::nfkc(self).chars().collect::<Vec<_>>().into_iter()
    }
}
