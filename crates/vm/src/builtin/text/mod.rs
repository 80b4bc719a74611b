//! Text and bytes: `str`, `bytes`, `bytearray`, `memoryview`, and what they share.

use super::Defs;
use crate::types::core;
use rustpython_wtf8::Wtf8;

pub mod buffer;
pub mod bytearray;
pub mod bytes;
pub mod bytes_methods;
pub mod bytes_search;
pub mod codec_errors;
pub mod decode;
pub mod encode;
pub mod memory_items;
pub mod memoryview;
pub mod repr;
pub mod str;
pub mod str_case;
pub mod str_layout;
pub mod str_search;
pub mod str_split;
pub mod str_translate;

pub use repr::{bytes_repr, str_repr};

/// The types of this area.
pub static DEFS: Defs = &[
    (core::STR, &str::STR),
    (core::BYTES, &bytes::BYTES),
    (core::BYTEARRAY, &bytearray::BYTEARRAY),
    (core::MEMORYVIEW, &memoryview::MEMORYVIEW),
];

/// Rust text as WTF-8.
pub fn wtf8(text: &str) -> &Wtf8 {
    text.as_ref()
}

/// Does Python's `str` count the character as white space?
pub fn is_space(c: char) -> bool {
    // Written out: asking the database would bring its table of directions into the program.
    matches!(
        c,
        ' ' | '\t'..='\r'
            | '\x1c'..='\x1f'
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
    )
}
