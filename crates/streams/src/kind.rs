//! What follows each opcode (WebAssembly core specification 2.0, section 5.4 "Instructions"; no vectors, no threads).

use crate::Error;

/// What follows an opcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing.
    Bare,
    /// So many LEB128 numbers that go with the opcode.
    Plain(u8),
    /// A list of bytes that go with the opcode.
    List,
    /// A local.
    Local,
    /// How many blocks to leave.
    Branch,
    /// A table of them.
    Table,
    /// A function.
    Call,
    /// An alignment, of which this is the natural one, and an offset.
    Memory(u8),
    /// A number of 32 bits.
    Number,
    /// A number of 64 bits.
    Long,
    /// So many bytes of a float.
    Float(u8),
    /// A further opcode.
    Prefix,
}

/// What follows an opcode.
pub fn kind(code: u8) -> Result<Kind, Error> {
    Ok(match code {
        0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Kind::Bare,
        0x02..=0x04 | 0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => Kind::Plain(1),
        0x11 => Kind::Plain(2),
        0x0c | 0x0d => Kind::Branch,
        0x0e => Kind::Table,
        0x10 => Kind::Call,
        0x1c => Kind::List,
        0x20..=0x22 => Kind::Local,
        0x2c | 0x2d | 0x30 | 0x31 | 0x3a | 0x3c => Kind::Memory(0),
        0x2e | 0x2f | 0x32 | 0x33 | 0x3b | 0x3d => Kind::Memory(1),
        0x28 | 0x2a | 0x34 | 0x35 | 0x36 | 0x38 | 0x3e => Kind::Memory(2),
        0x29 | 0x2b | 0x37 | 0x39 => Kind::Memory(3),
        0x41 => Kind::Number,
        0x42 => Kind::Long,
        0x43 => Kind::Float(4),
        0x44 => Kind::Float(8),
        0xfc => Kind::Prefix,
        _ => return Err(Error::Instruction(code)),
    })
}

/// How many numbers follow a further opcode after 0xfc.
pub fn after_prefix(code: u32) -> Result<u8, Error> {
    Ok(match code {
        0..=7 => 0,
        9 | 11 | 13 | 15..=17 => 1,
        8 | 10 | 12 | 14 => 2,
        _ => return Err(Error::Instruction(0xfc)),
    })
}
