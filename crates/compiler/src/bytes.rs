//! Code objects as bytes, for the packed library.
//!
//! A version, then the code by `postcard`. Bytes are only read back by the build that wrote them or a later one of
//! the same version; they are still checked, since a damaged download must not crash the page.

use crate::code::Code;
use crate::op::{Instr, Op};

/// Changed whenever the instruction set, the layout of [`Code`] or the meaning of an argument changes.
pub const FORMAT_VERSION: u16 = 1;

/// Why bytes are not a code object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Written with another version of the format.
    Version(u16),
    /// Cut off or damaged.
    Damaged(&'static str),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::Version(found) => write!(f, "code of format {found}, this is format {FORMAT_VERSION}"),
            ReadError::Damaged(what) => write!(f, "damaged code: {what}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Writes a code object.
pub fn to_bytes(code: &Code) -> Vec<u8> {
    let mut bytes = FORMAT_VERSION.to_le_bytes().to_vec();
    // Serialising into memory a type whose impls never fail cannot fail.
    bytes.extend(postcard::to_allocvec(code).unwrap_or_default());
    bytes
}

/// Reads what [`to_bytes`] wrote.
pub fn from_bytes(bytes: &[u8]) -> Result<Code, ReadError> {
    let Some((version, rest)) = bytes.split_first_chunk::<2>() else {
        return Err(ReadError::Damaged("too short"));
    };
    let version = u16::from_le_bytes(*version);
    if version != FORMAT_VERSION {
        return Err(ReadError::Version(version));
    }
    let code: Code = postcard::from_bytes(rest).map_err(|_| ReadError::Damaged("not a code object"))?;
    check(&code)?;
    Ok(code)
}

/// Checks what the interpreter relies on without looking: operations exist, jumps and handlers stay inside.
fn check(code: &Code) -> Result<(), ReadError> {
    let count = code.instructions.len() as u32;
    if code.positions.len() != code.instructions.len() {
        return Err(ReadError::Damaged("positions"));
    }
    if code.local_kinds.len() < code.varnames.len() + code.freevars.len() {
        return Err(ReadError::Damaged("slots"));
    }
    for instr in &code.instructions {
        check_instr(*instr, count)?;
    }
    if code
        .exceptions
        .iter()
        .any(|entry| entry.end > count || entry.target >= count)
    {
        return Err(ReadError::Damaged("exception table"));
    }
    for constant in &code.consts {
        if let crate::code::Const::Code(inner) = constant {
            check(inner)?;
        }
    }
    Ok(())
}

fn check_instr(instr: Instr, count: u32) -> Result<(), ReadError> {
    let Some(op) = Op::from_u8(instr.raw_op()) else {
        return Err(ReadError::Damaged("operation"));
    };
    if op.is_jump() && instr.arg() >= count {
        return Err(ReadError::Damaged("jump"));
    }
    Ok(())
}
