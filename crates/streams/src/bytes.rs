//! Reading bytes and LEB128 numbers.

use crate::Error;

/// What is left to read.
#[derive(Clone, Copy)]
pub struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    pub fn new(all: &'a [u8]) -> Bytes<'a> {
        Bytes { all, at: 0 }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn is_empty(&self) -> bool {
        self.at == self.all.len()
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(count).ok_or(Error::Short)?;
        let taken = self.all.get(self.at..end).ok_or(Error::Short)?;
        self.at = end;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8, Error> {
        Ok(self.take(1)?[0])
    }

    /// The bytes of a LEB128 number of at most 64 bits.
    pub fn leb(&mut self) -> Result<&'a [u8], Error> {
        let rest = self.all.get(self.at..).ok_or(Error::Short)?;
        let last = rest.iter().position(|byte| byte & 0x80 == 0).ok_or(Error::Short)?;
        if last >= 10 {
            return Err(Error::Number);
        }
        self.take(last + 1)
    }

    /// An unsigned LEB128 number of 32 bits.
    pub fn number(&mut self) -> Result<u32, Error> {
        value(self.leb()?)
    }
}

/// What an unsigned LEB128 number of 32 bits says.
pub fn value(leb: &[u8]) -> Result<u32, Error> {
    let mut value = 0u64;
    for (place, byte) in leb.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * place);
    }
    if leb.len() > 5 {
        return Err(Error::Number);
    }
    u32::try_from(value).map_err(|_| Error::Number)
}

/// Writes an unsigned LEB128 number in the shortest way.
pub fn put(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
