//! The payload of `str`: WTF-8 bytes (so lone surrogates are possible), with the number of code points and the hash kept beside.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// An immutable Python string. Indices of Python are code points; `bytes` are WTF-8.
#[derive(Clone, Debug)]
pub struct PyStr {
    /// -1 until asked for: most strings never are.
    hash: Cell<i64>,
    data: Data,
}

/// Strings of at most this many bytes stand in the object itself: one allocation instead of two, and most strings are such.
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

// With glibc's allocator a string is then 64 bytes and its slot.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<PyStr>() == 40);

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

impl PyStr {
    #[inline]
    fn with_data(data: Data) -> Rc<PyStr> {
        Rc::new(PyStr {
            hash: Cell::new(-1),
            data,
        })
    }

    /// From WTF-8, if it is short.
    #[inline]
    fn short(bytes: &[u8]) -> Option<Rc<PyStr>> {
        (bytes.len() <= SHORT).then(|| PyStr::with_data(Data::short(bytes, count_code_points(bytes))))
    }

    /// From WTF-8.
    pub fn new(data: Wtf8Buf) -> Rc<PyStr> {
        let chars = count_code_points(data.as_bytes());
        PyStr::with_length(data, chars)
    }

    /// From WTF-8 whose number of code points is known.
    pub fn with_length(data: Wtf8Buf, chars: usize) -> Rc<PyStr> {
        debug_assert_eq!(chars, count_code_points(data.as_bytes()));
        if data.len() <= SHORT {
            return PyStr::with_data(Data::short(data.as_bytes(), chars));
        }
        PyStr::with_data(Data::long(data, chars))
    }

    /// From ASCII.
    pub fn from_ascii(text: &[u8]) -> Rc<PyStr> {
        debug_assert!(text.is_ascii());
        if text.len() <= SHORT {
            return PyStr::with_data(Data::short(text, text.len()));
        }
        PyStr::from_text(std::str::from_utf8(text).unwrap_or_default())
    }

    /// A short ASCII string whose letters a function changes to other ASCII; `None` if it is not one. Itself if nothing changes.
    pub fn recased(self: &Rc<PyStr>, change: fn(&mut [u8])) -> Option<Rc<PyStr>> {
        let &Data::Short { len, chars, mut bytes } = &self.data else {
            return None;
        };
        if len != chars {
            return None;
        }
        let text = bytes.get_mut(..len as usize)?;
        change(text);
        if text == self.bytes() {
            return Some(Rc::clone(self));
        }
        Some(PyStr::with_data(Data::Short { len, chars, bytes }))
    }

    /// From a piece of WTF-8, which is copied.
    pub fn from_wtf8(text: &Wtf8) -> Rc<PyStr> {
        PyStr::short(text.as_bytes()).unwrap_or_else(|| PyStr::new(text.to_wtf8_buf()))
    }

    /// From Rust text.
    pub fn from_text(text: &str) -> Rc<PyStr> {
        PyStr::short(text.as_bytes()).unwrap_or_else(|| PyStr::new(Wtf8Buf::from(text)))
    }

    /// The bytes `from..to` of this string, at boundaries of code points.
    pub fn piece(&self, from: usize, to: usize) -> Rc<PyStr> {
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
    pub fn concat(a: &PyStr, b: &PyStr) -> Rc<PyStr> {
        let (x, y) = (a.bytes(), b.bytes());
        let len = x.len() + y.len();
        let mut bytes = [0; SHORT];
        if let Some(room) = bytes.get_mut(..len) {
            let (left, right) = room.split_at_mut(x.len());
            left.copy_from_slice(x);
            right.copy_from_slice(y);
            return PyStr::with_data(Data::Short {
                len: len as u8,
                chars: (a.len() + b.len()) as u8,
                bytes,
            });
        }
        let mut data = Wtf8Buf::with_capacity(len);
        data.push_wtf8(a.wtf8());
        data.push_wtf8(b.wtf8());
        PyStr::with_length(data, a.len() + b.len())
    }

    /// Grows by another string: for the owner of the only reference, so that `s += t` in a loop stays linear.
    pub fn push(&mut self, other: &PyStr) {
        self.hash = Cell::new(-1);
        let (len, chars) = (self.bytes().len() + other.bytes().len(), self.len() + other.len());
        if let Data::Grown(grown) = &mut self.data {
            grown.text.push_wtf8(other.wtf8());
            grown.beyond = Beyond::of(&grown.text, chars);
            return;
        }
        let mut text = Wtf8Buf::with_capacity(2 * len);
        text.push_wtf8(self.wtf8());
        text.push_wtf8(other.wtf8());
        self.data = if len <= SHORT {
            Data::short(text.as_bytes(), chars)
        } else {
            let beyond = Beyond::of(&text, chars);
            Data::Grown(Box::new(Grown { text, beyond }))
        };
    }

    /// Number of code points: Python's `len`.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Short { chars, .. } => *chars as usize,
            long => long
                .parts()
                .map_or(0, |(text, beyond)| beyond.map_or(text.len(), |beyond| beyond.chars)),
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
        match &self.data {
            Data::Short { len, chars, .. } => len == chars,
            long => long.parts().is_none_or(|(_, beyond)| beyond.is_none()),
        }
    }

    /// The WTF-8 data.
    pub fn wtf8(&self) -> &Wtf8 {
        match self.data.parts() {
            Some((text, _)) => text,
            None => Wtf8::from_bytes(self.bytes()).unwrap_or(Wtf8::new("")),
        }
    }

    /// The bytes of the WTF-8 data.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match &self.data {
            Data::Short { len, bytes, .. } => bytes.get(..*len as usize).unwrap_or_default(),
            Data::Long { text, .. } => text.as_bytes(),
            Data::Grown(grown) => grown.text.as_bytes(),
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
        if self.hash.get() == -1 {
            self.hash.set(hash_bytes(self.bytes()));
        }
        self.hash.get()
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
        let Some((_, Some(beyond))) = self.data.parts() else {
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
