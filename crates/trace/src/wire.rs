//! Reading and writing of bytes: variable-length integers (LEB128), strings, and the errors of damaged input.

/// Why stored bytes are not a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The bytes do not begin as a trace does.
    NotATrace,
    /// Written by a later Heddle; the version is given.
    FutureVersion(u8),
    /// The bytes end too early.
    Truncated,
    /// The checksum does not fit.
    Altered,
    /// A field holds what it cannot; its name is given.
    Malformed(&'static str),
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DecodeError::NotATrace => f.write_str("this is not a Heddle trace"),
            DecodeError::FutureVersion(version) => {
                write!(
                    f,
                    "this trace has format {version}, which is newer than this version of Heddle reads"
                )
            }
            DecodeError::Truncated => f.write_str("the trace is cut off"),
            DecodeError::Altered => f.write_str("the trace was altered: its checksum does not fit"),
            DecodeError::Malformed(what) => write!(f, "the trace is damaged: {what}"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Collects bytes.
#[derive(Default)]
pub(crate) struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub fn number(&mut self, n: impl Into<u64>) {
        let mut n = n.into();
        while n >= 0x80 {
            self.bytes.push((n as u8) | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    /// A signed number, small ones of either sign being short.
    pub fn signed(&mut self, n: i64) {
        self.number(((n << 1) ^ (n >> 63)).cast_unsigned());
    }

    pub fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    pub fn blob(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    pub fn option(&mut self, n: Option<u32>) {
        self.number(n.map_or(0, |n| u64::from(n) + 1));
    }
}

/// Takes bytes apart; every method fails rather than reading past the end.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.rest.split_first().ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    pub fn number(&mut self) -> Result<u64, DecodeError> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            n |= bits << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(DecodeError::Malformed("a number is too large"))
    }

    pub fn signed(&mut self) -> Result<i64, DecodeError> {
        let n = self.number()?;
        Ok((n >> 1).cast_signed() ^ -((n & 1).cast_signed()))
    }

    pub fn small(&mut self) -> Result<u32, DecodeError> {
        u32::try_from(self.number()?).map_err(|_| DecodeError::Malformed("a number is too large"))
    }

    /// A count of things of at least `size` bytes each: never more than the rest can hold.
    pub fn count(&mut self, size: usize) -> Result<usize, DecodeError> {
        let n = usize::try_from(self.number()?).map_err(|_| DecodeError::Truncated)?;
        if n > self.rest.len() / size.max(1) {
            Err(DecodeError::Truncated)
        } else {
            Ok(n)
        }
    }

    pub fn blob(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.count(1)?;
        self.take(length)
    }

    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.blob()?).map_err(|_| DecodeError::Malformed("a string is not UTF-8"))
    }

    pub fn option(&mut self) -> Result<Option<u32>, DecodeError> {
        match self.number()?.checked_sub(1) {
            None => Ok(None),
            Some(n) => u32::try_from(n)
                .map(Some)
                .map_err(|_| DecodeError::Malformed("a number is too large")),
        }
    }
}
