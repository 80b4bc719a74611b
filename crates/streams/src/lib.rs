//! A wasm program in a form that packs smaller, and back, byte for byte.
//!
//! A compressor that looks for repeated bytes finds few in code, where every instruction is followed by its own numbers. Here each kind of
//! operand stands in a *stream* of its own; locals are counted back from the one used last; and the most frequent operands are one byte
//! together with their instruction (`short.rs`).
//!
//! The form: lengths of the head, of the tail, the number of functions and the lengths of the streams (LEB128), then the head (all before the
//! first function), the streams in the order of [`Stream`], and the tail (all after the last function).

mod bytes;
mod join;
mod kind;
mod recent;
mod short;
mod split;
#[cfg(test)]
mod tests;

pub use join::join;
pub use split::split;

use std::fmt;

/// Why a program cannot be split or joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It ends too early.
    Short,
    /// It is no wasm program, or none with functions.
    NoProgram,
    /// An instruction that is not known here.
    Instruction(u8),
    /// A number that is not written in the shortest way, or is too large.
    Number,
    /// Something is left over.
    Rest,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Short => f.write_str("it ends too early"),
            Error::NoProgram => f.write_str("it is no wasm program with functions"),
            Error::Instruction(code) => write!(f, "its instruction {code:#04x} is not known"),
            Error::Number => f.write_str("a number in it is too large or too long"),
            Error::Rest => f.write_str("its lengths do not fit"),
        }
    }
}

impl std::error::Error for Error {}

/// What stands apart.
#[derive(Clone, Copy)]
enum Stream {
    /// Opcodes, with what is one byte together with them.
    Code,
    /// Locals, by how many others were used since.
    Local,
    /// Offsets of loads and stores.
    Offset,
    /// Numbers of 32 bits.
    Number,
    /// The larger ones of them, mostly addresses.
    Address,
    /// Numbers of 64 bits.
    Long,
    /// Functions called.
    Call,
    /// How many blocks a branch leaves.
    Branch,
    /// Tables of branches.
    Table,
    /// Floats.
    Float,
    /// Sizes of functions, and what locals they declare.
    Function,
}

impl Stream {
    const ALL: [Stream; 11] = [
        Stream::Code,
        Stream::Local,
        Stream::Offset,
        Stream::Number,
        Stream::Address,
        Stream::Long,
        Stream::Call,
        Stream::Branch,
        Stream::Table,
        Stream::Float,
        Stream::Function,
    ];
}
