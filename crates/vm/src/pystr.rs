//! The payload of `str`: WTF-8 bytes (so lone surrogates are possible), with the number of code points and the hash kept beside.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// An immutable Python string. Indices of Python are code points; `bytes` are WTF-8. A clone costs little: longer ones are shared.
#[derive(Clone, Debug)]
pub struct PyStr(Place);

/// Strings of at most this many bytes stand in the object itself, without an allocation: most names and words are such.
const TINY: usize = 14;

/// In `len` of a tiny string: some of its bytes are not ASCII.
const BEYOND_ASCII: u8 = 0x80;

#[derive(Clone, Debug)]
enum Place {
    /// Behind the bytes are zeros.
    Tiny {
        len: u8,
        bytes: [u8; TINY],
    },
    Shared(Rc<Shared>),
}

#[derive(Clone, Debug)]
struct Shared {
    /// -1 until asked for: most strings never are.
    hash: Cell<i64>,
    data: Data,
}

/// Strings of at most this many bytes need one allocation instead of two.
const SHORT: usize = 29;

#[derive(Clone, Debug)]
enum Data {
    Short {
        len: u8,
        chars: u8,
        bytes: [u8; SHORT],
    },
    /// `beyond`: of a string that is not ASCII.
    Long {
        text: Box<Wtf8>,
        beyond: Option<Box<Beyond>>,
    },
    /// Was appended to, and has room for more.
    Grown(Box<Grown>),
}

/// What only a long string that is not ASCII needs.
#[derive(Clone, Debug)]
struct Beyond {
    chars: usize,
    /// Byte offset of every [`STRIDE`]-th code point; made on the first far index.
    marks: OnceCell<Box<[u32]>>,
}

#[derive(Clone, Debug)]
struct Grown {
    text: Wtf8Buf,
    beyond: Option<Box<Beyond>>,
}

/// Distance of the marks in a string that is not ASCII, in code points.
const STRIDE: usize = 64;

// It fits beside the tag of an object; with glibc's allocator a shared string is 64 bytes and its slot.
const _: () = assert!(size_of::<PyStr>() == 16);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Shared>() == 40);

impl Data {
    /// Bytes that are short enough.
    #[inline]
    fn short(text: &[u8], chars: usize) -> Data {
        let mut bytes = [0; SHORT];
        if let Some(room) = bytes.get_mut(..text.len()) {
            room.copy_from_slice(text);
        }
        Data::Short {
            len: text.len() as u8,
            chars: chars as u8,
            bytes,
        }
    }

    fn long(text: Wtf8Buf, chars: usize) -> Data {
        Data::Long {
            beyond: Beyond::of(&text, chars),
            text: text.into_box(),
        }
    }

    /// The text and what is kept beside it; `None` of a short one.
    #[inline]
    fn parts(&self) -> Option<(&Wtf8, Option<&Beyond>)> {
        match self {
            Data::Short { .. } => None,
            Data::Long { text, beyond } => Some((text, beyond.as_deref())),
            Data::Grown(grown) => Some((&grown.text, grown.beyond.as_deref())),
        }
    }
}

impl Beyond {
    fn of(text: &Wtf8, chars: usize) -> Option<Box<Beyond>> {
        (chars != text.len()).then(|| {
            Box::new(Beyond {
                chars,
                marks: OnceCell::new(),
            })
        })
    }
}

impl Shared {
    /// Number of code points.
    #[inline]
    fn len(&self) -> usize {
        match &self.data {
            Data::Short { chars, .. } => *chars as usize,
            long => long
                .parts()
                .map_or(0, |(text, beyond)| beyond.map_or(text.len(), |beyond| beyond.chars)),
        }
    }

    #[inline]
    fn is_ascii(&self) -> bool {
        match &self.data {
            Data::Short { len, chars, .. } => len == chars,
            long => long.parts().is_none_or(|(_, beyond)| beyond.is_none()),
        }
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        match &self.data {
            Data::Short { len, bytes, .. } => bytes.get(..*len as usize).unwrap_or_default(),
            Data::Long { text, .. } => text.as_bytes(),
            Data::Grown(grown) => grown.text.as_bytes(),
        }
    }

    #[inline]
    fn hash(&self) -> i64 {
        if self.hash.get() == -1 {
            self.hash.set(hash_bytes(self.bytes()));
        }
        self.hash.get()
    }

    /// Grows by another string.
    fn push(&mut self, other: &PyStr) {
        self.hash = Cell::new(-1);
        let (len, chars) = (self.bytes().len() + other.bytes().len(), self.len() + other.len());
        if let Data::Grown(grown) = &mut self.data {
            grown.text.push_wtf8(other.wtf8());
            grown.beyond = Beyond::of(&grown.text, chars);
            return;
        }
        let mut text = Wtf8Buf::with_capacity(2 * len);
        text.push_wtf8(wtf8_of(self.bytes()));
        text.push_wtf8(other.wtf8());
        self.data = if len <= SHORT {
            Data::short(text.as_bytes(), chars)
        } else {
            let beyond = Beyond::of(&text, chars);
            Data::Grown(Box::new(Grown { text, beyond }))
        };
    }
}

/// Bytes of a string, which are WTF-8.
fn wtf8_of(bytes: &[u8]) -> &Wtf8 {
    Wtf8::from_bytes(bytes).unwrap_or(Wtf8::new(""))
}

impl PyStr {
    #[inline]
    fn shared(data: Data) -> PyStr {
        PyStr(Place::Shared(Rc::new(Shared {
            hash: Cell::new(-1),
            data,
        })))
    }

    /// From WTF-8, if it is tiny.
    #[inline]
    fn tiny(text: &[u8]) -> Option<PyStr> {
        let mut bytes = [0; TINY];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        let beyond = if text.is_ascii() { 0 } else { BEYOND_ASCII };
        let len = text.len() as u8 | beyond;
        Some(PyStr(Place::Tiny { len, bytes }))
    }

    /// From WTF-8, if it is tiny or short.
    #[inline]
    fn short(bytes: &[u8]) -> Option<PyStr> {
        PyStr::tiny(bytes)
            .or_else(|| (bytes.len() <= SHORT).then(|| PyStr::shared(Data::short(bytes, count_code_points(bytes)))))
    }

    /// From WTF-8.
    pub fn new(data: Wtf8Buf) -> PyStr {
        let chars = count_code_points(data.as_bytes());
        PyStr::with_length(data, chars)
    }

    /// From WTF-8 whose number of code points is known.
    pub fn with_length(data: Wtf8Buf, chars: usize) -> PyStr {
        debug_assert_eq!(chars, count_code_points(data.as_bytes()));
        if let Some(tiny) = PyStr::tiny(data.as_bytes()) {
            return tiny;
        }
        if data.len() <= SHORT {
            return PyStr::shared(Data::short(data.as_bytes(), chars));
        }
        PyStr::shared(Data::long(data, chars))
    }

    /// From ASCII.
    pub fn from_ascii(text: &[u8]) -> PyStr {
        debug_assert!(text.is_ascii());
        let mut bytes = [0; TINY];
        if let Some(room) = bytes.get_mut(..text.len()) {
            room.copy_from_slice(text);
            let len = text.len() as u8;
            return PyStr(Place::Tiny { len, bytes });
        }
        if text.len() <= SHORT {
            return PyStr::shared(Data::short(text, text.len()));
        }
        PyStr::from_text(std::str::from_utf8(text).unwrap_or_default())
    }

    /// A short ASCII string whose letters a function changes to other ASCII; `None` if it is not one. Itself if nothing changes.
    pub fn recased(&self, change: fn(&mut [u8])) -> Option<PyStr> {
        let mut bytes = [0; SHORT];
        let text = bytes.get_mut(..self.bytes().len())?;
        if !self.is_ascii() {
            return None;
        }
        text.copy_from_slice(self.bytes());
        change(text);
        if text == self.bytes() {
            return Some(self.clone());
        }
        Some(PyStr::from_ascii(text))
    }

    /// From a piece of WTF-8, which is copied.
    pub fn from_wtf8(text: &Wtf8) -> PyStr {
        PyStr::short(text.as_bytes()).unwrap_or_else(|| PyStr::new(text.to_wtf8_buf()))
    }

    /// From Rust text.
    pub fn from_text(text: &str) -> PyStr {
        PyStr::short(text.as_bytes()).unwrap_or_else(|| PyStr::new(Wtf8Buf::from(text)))
    }

    /// The bytes `from..to` of this string, at boundaries of code points.
    pub fn piece(&self, from: usize, to: usize) -> PyStr {
        if let Some(part) = self.bytes().get(from..to) {
            if self.is_ascii() {
                return PyStr::from_ascii(part);
            }
            if let Some(short) = PyStr::short(part) {
                return short;
            }
        }
        self.wtf8()
            .get(from..to)
            .map_or_else(|| PyStr::from_text(""), PyStr::from_wtf8)
    }

    /// Both, one behind the other.
    pub fn concat(a: &PyStr, b: &PyStr) -> PyStr {
        let (x, y) = (a.bytes(), b.bytes());
        let len = x.len() + y.len();
        let mut bytes = [0; SHORT];
        if let Some(room) = bytes.get_mut(..len) {
            let (left, right) = room.split_at_mut(x.len());
            left.copy_from_slice(x);
            right.copy_from_slice(y);
            return PyStr::tiny(room).unwrap_or_else(|| {
                PyStr::shared(Data::Short {
                    len: len as u8,
                    chars: (a.len() + b.len()) as u8,
                    bytes,
                })
            });
        }
        let mut data = Wtf8Buf::with_capacity(len);
        data.push_wtf8(a.wtf8());
        data.push_wtf8(b.wtf8());
        PyStr::with_length(data, a.len() + b.len())
    }

    /// Grows by another string, so that `s += t` in a loop stays linear; false if others share it.
    pub fn push(&mut self, other: &PyStr) -> bool {
        match &mut self.0 {
            Place::Tiny { .. } => *self = PyStr::concat(self, other),
            Place::Shared(shared) => match Rc::get_mut(shared) {
                Some(own) => own.push(other),
                None => return false,
            },
        }
        true
    }

    /// One text with another handle? Two that are equal need not be one.
    pub fn is_same(&self, other: &PyStr) -> bool {
        match (&self.0, &other.0) {
            (Place::Shared(a), Place::Shared(b)) => Rc::ptr_eq(a, b),
            (Place::Tiny { .. }, Place::Tiny { .. }) => self.bytes() == other.bytes(),
            _ => false,
        }
    }

    /// Number of code points: Python's `len`.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Place::Tiny { len, .. } if len & BEYOND_ASCII == 0 => *len as usize,
            Place::Tiny { .. } => count_code_points(self.bytes()),
            Place::Shared(shared) => shared.len(),
        }
    }

    /// Is it empty?
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Are code points and bytes the same?
    #[inline]
    pub fn is_ascii(&self) -> bool {
        match &self.0 {
            Place::Tiny { len, .. } => len & BEYOND_ASCII == 0,
            Place::Shared(shared) => shared.is_ascii(),
        }
    }

    /// The WTF-8 data.
    pub fn wtf8(&self) -> &Wtf8 {
        match &self.0 {
            Place::Shared(shared) => match shared.data.parts() {
                Some((text, _)) => text,
                None => wtf8_of(shared.bytes()),
            },
            Place::Tiny { .. } => wtf8_of(self.bytes()),
        }
    }

    /// The bytes of the WTF-8 data.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Place::Tiny { len, bytes } => bytes.get(..(len & !BEYOND_ASCII) as usize).unwrap_or_default(),
            Place::Shared(shared) => shared.bytes(),
        }
    }

    /// As Rust text; `None` if there are lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes()).ok()
    }

    /// As Rust text, lone surrogates replaced: for messages.
    pub fn lossy(&self) -> Cow<'_, str> {
        self.wtf8().to_string_lossy()
    }

    /// Python's hash (deterministic, never -1).
    #[inline]
    pub fn hash(&self) -> i64 {
        match &self.0 {
            Place::Tiny { len, bytes } => hash_tiny((len & !BEYOND_ASCII) as usize, *bytes),
            Place::Shared(shared) => shared.hash(),
        }
    }

    /// The code point at a Python index.
    pub fn char_at(&self, index: usize) -> Option<CodePoint> {
        if self.is_ascii() {
            return self.bytes().get(index).map(|&b| CodePoint::from_char(b as char));
        }
        if index >= self.len() {
            return None;
        }
        self.wtf8().get(self.byte_offset(index)..)?.code_points().next()
    }

    /// Byte offset of the code point with this Python index (the length in bytes when past the end).
    pub fn byte_offset(&self, index: usize) -> usize {
        if self.is_ascii() {
            return index.min(self.bytes().len());
        }
        if index >= self.len() {
            return self.bytes().len();
        }
        let from = match index / STRIDE {
            0 => 0,
            n => self.marks().get(n).map_or(0, |&at| at as usize),
        };
        let rest = self.bytes().get(from..).unwrap_or_default();
        rest.iter()
            .enumerate()
            .filter(|(_, b)| is_start(**b))
            .nth(index % STRIDE)
            .map_or(self.bytes().len(), |(i, _)| from + i)
    }

    /// The Python index of the code point that begins at a byte offset.
    pub fn index_of_offset(&self, offset: usize) -> usize {
        if self.is_ascii() {
            return offset;
        }
        let (n, from) = if offset < STRIDE {
            (0, 0)
        } else {
            let marks = self.marks();
            let n = marks.partition_point(|&at| at as usize <= offset).max(1) - 1;
            (n, marks.get(n).map_or(0, |&at| at as usize))
        };
        n * STRIDE + count_code_points(self.bytes().get(from..offset).unwrap_or_default())
    }

    fn marks(&self) -> &[u32] {
        let Place::Shared(shared) = &self.0 else {
            return &[];
        };
        let Some((_, Some(beyond))) = shared.data.parts() else {
            return &[];
        };
        beyond.marks.get_or_init(|| {
            let starts = self.bytes().iter().enumerate().filter(|(_, b)| is_start(**b));
            starts.step_by(STRIDE).map(|(i, _)| i as u32).collect()
        })
    }

    /// The code points `start..end` as a string of their own; `start <= end <= len`.
    pub fn slice(&self, start: usize, end: usize) -> Wtf8Buf {
        let (from, to) = (self.byte_offset(start), self.byte_offset(end.max(start)));
        self.wtf8().get(from..to).map(Wtf8::to_wtf8_buf).unwrap_or_default()
    }
}

fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn count_code_points(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes.iter().filter(|b| is_start(**b)).count()
}

/// What mixes one word of at most 8 bytes into a hash.
#[inline]
fn mix(h: u64, word: u64, len: usize) -> u64 {
    let h = (h ^ word ^ ((len as u64) << 56)).wrapping_mul(0x0000_0100_0000_01b3);
    h ^ (h >> 29)
}

#[inline]
fn finish(h: u64) -> i64 {
    let h = (h ^ (h >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let h = (h ^ (h >> 29)) as i64;
    if h == -1 { -2 } else { h }
}

/// Where a hash begins.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// Hash of bytes and strings: FNV-1a of 64 bits with a finishing mix, the same on every platform, never -1 (CPython's own is keyed
/// SipHash, whose order no program may rely on).
pub fn hash_bytes(bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    let words = bytes.chunks(8).fold(BASIS, |h, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(h, u64::from_le_bytes(word), chunk.len())
    });
    finish(words)
}

/// The same of a tiny string, in two words.
#[inline]
fn hash_tiny(len: usize, bytes: [u8; TINY]) -> i64 {
    if len == 0 {
        return 0;
    }
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = bytes;
    let first = mix(BASIS, u64::from_le_bytes([a, b, c, d, e, f, g, h]), len.min(8));
    if len <= 8 {
        return finish(first);
    }
    finish(mix(first, u64::from_le_bytes([i, j, k, l, m, n, 0, 0]), len - 8))
}

#[cfg(test)]
mod tests {
    use super::{PyStr, SHORT, hash_bytes};

    #[test]
    fn strings_of_every_size_hash_compare_and_count_alike() {
        for text in ["", "a", "é", "ééééééé", "é€😀é", "12345678", "123456789"] {
            for times in 0..9 {
                let whole = text.repeat(times);
                let string = PyStr::from_text(&whole);
                assert_eq!(string.bytes(), whole.as_bytes());
                assert_eq!(string.hash(), hash_bytes(whole.as_bytes()), "{whole}");
                assert_eq!(string.len(), whole.chars().count(), "{whole}");
                assert_eq!(string.is_ascii(), whole.is_ascii());
                assert_eq!(string.as_str(), Some(whole.as_str()));
                let copy = string.clone();
                assert!(copy.is_same(&string));
            }
        }
    }

    #[test]
    fn growing_keeps_what_there_was() {
        let (mut string, mut told) = (PyStr::from_text(""), String::new());
        for n in 0..3 * SHORT {
            let more = if n % 3 == 0 { "é" } else { "x" };
            let joined = PyStr::concat(&string, &PyStr::from_text(more));
            assert!(string.push(&PyStr::from_text(more)));
            told.push_str(more);
            assert_eq!(
                (string.as_str(), string.len()),
                (Some(told.as_str()), told.chars().count())
            );
            assert_eq!((joined.bytes(), joined.hash()), (string.bytes(), string.hash()));
            assert_eq!(
                string.byte_offset(n),
                told.char_indices().nth(n).map_or(0, |(at, _)| at)
            );
        }
        let other = string.clone();
        assert!(!string.push(&other), "it is shared");
    }
}
