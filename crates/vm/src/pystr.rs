//! The payload of `str`: WTF-8 bytes (so lone surrogates are possible), with the number of code points and the hash kept beside.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};
use std::borrow::Cow;
use std::rc::Rc;

/// An immutable Python string. Indices of Python are code points; `bytes` are WTF-8.
#[derive(Clone, Debug)]
pub struct PyStr {
    data: Wtf8Buf,
    chars: u32,
    hash: i64,
}

impl PyStr {
    /// From WTF-8.
    pub fn new(data: Wtf8Buf) -> Rc<PyStr> {
        let bytes = data.as_bytes();
        let chars = if bytes.is_ascii() {
            bytes.len()
        } else {
            data.code_points().count()
        };
        let hash = hash_bytes(bytes);
        Rc::new(PyStr {
            data,
            chars: chars as u32,
            hash,
        })
    }

    /// From Rust text.
    pub fn from_text(text: &str) -> Rc<PyStr> {
        PyStr::new(Wtf8Buf::from(text))
    }

    /// Number of code points: Python's `len`.
    pub fn len(&self) -> usize {
        self.chars as usize
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.chars == 0
    }

    /// Are code points and bytes the same?
    pub fn is_ascii(&self) -> bool {
        self.chars as usize == self.data.len()
    }

    /// The WTF-8 data.
    pub fn wtf8(&self) -> &Wtf8 {
        &self.data
    }

    /// The bytes of the WTF-8 data.
    pub fn bytes(&self) -> &[u8] {
        self.data.as_bytes()
    }

    /// As Rust text; `None` if there are lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        self.data.as_str().ok()
    }

    /// As Rust text, lone surrogates replaced: for messages.
    pub fn lossy(&self) -> Cow<'_, str> {
        self.data.to_string_lossy()
    }

    /// Python's hash (deterministic, never -1).
    pub fn hash(&self) -> i64 {
        self.hash
    }

    /// The code point at a Python index.
    pub fn char_at(&self, index: usize) -> Option<CodePoint> {
        if self.is_ascii() {
            return self.bytes().get(index).map(|&b| CodePoint::from_char(b as char));
        }
        self.data.code_points().nth(index)
    }

    /// Byte offset of the code point with this Python index (the length in bytes when past the end).
    pub fn byte_offset(&self, index: usize) -> usize {
        if self.is_ascii() {
            return index.min(self.data.len());
        }
        self.bytes()
            .iter()
            .enumerate()
            .filter(|(_, b)| (**b & 0xC0) != 0x80)
            .nth(index)
            .map_or(self.data.len(), |(i, _)| i)
    }

    /// The code points `start..end` as a string of their own; `start <= end <= len`.
    pub fn slice(&self, start: usize, end: usize) -> Wtf8Buf {
        let (from, to) = (self.byte_offset(start), self.byte_offset(end.max(start)));
        Wtf8Buf::from_bytes(self.bytes()[from..to].to_vec()).unwrap_or_default()
    }
}

/// Hash of bytes and strings: FNV-1a of 64 bits with a finishing mix, the same on every platform, never -1 (CPython's own is keyed
/// SipHash, whose order no program may rely on).
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        h = (h ^ u64::from_le_bytes(word) ^ ((chunk.len() as u64) << 56)).wrapping_mul(0x0000_0100_0000_01b3);
        h ^= h >> 29;
    }
    h ^= h >> 32;
    h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^= h >> 29;
    if h as i64 == -1 { -2 } else { h as i64 }
}
