//! Code objects as bytes, for the packed library.
//!
//! A version, the name of the file, then the code by `postcard`, each code object inside another one as a string of bytes of its own
//! ([`Late`]). Bytes are only read back by the build that wrote them or a later one of
//! the same version; they are still checked, since a damaged download must not crash the page.

use std::rc::Rc;

use crate::code::{Code, Const, Known, Late};
use crate::op::{Instr, Op};

/// Changed whenever the instruction set, the layout of [`Code`] or the meaning of an argument changes.
pub const FORMAT_VERSION: u16 = 2;

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
    bytes.extend(written(&*code.filename));
    bytes.extend(written(&with_late_parts(code)));
    bytes
}

fn written<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    // Serialising into memory a type whose impls never fail cannot fail.
    postcard::to_allocvec(value).unwrap_or_default()
}

/// The code with the code objects inside it in bytes.
fn with_late_parts(code: &Code) -> Code {
    let mut code = code.clone();
    for constant in &mut code.consts {
        if let Const::Code(inner) = constant {
            let late = Late {
                name: inner.name.clone(),
                qualname: inner.qualname.clone(),
                flags: inner.flags,
                bytes: written(&with_late_parts(inner)),
                known: Known::default(),
            };
            *constant = Const::Late(Rc::new(late));
        }
    }
    code
}

/// Reads what [`to_bytes`] wrote; the code objects inside it stay in bytes.
pub fn from_bytes(bytes: &[u8]) -> Result<Code, ReadError> {
    let Some((version, rest)) = bytes.split_first_chunk::<2>() else {
        return Err(ReadError::Damaged("too short"));
    };
    let version = u16::from_le_bytes(*version);
    if version != FORMAT_VERSION {
        return Err(ReadError::Version(version));
    }
    let (filename, rest) =
        postcard::take_from_bytes::<&str>(rest).map_err(|_| ReadError::Damaged("no name of a file"))?;
    read(rest, filename.into())
}

fn read(bytes: &[u8], filename: Rc<str>) -> Result<Code, ReadError> {
    let mut code: Code = postcard::from_bytes(bytes).map_err(|_| ReadError::Damaged("not a code object"))?;
    check(&code)?;
    code.filename = filename;
    Ok(code)
}

impl Late {
    /// Reads it, once; the file is the one of the code around it.
    pub fn read(&self, filename: Rc<str>) -> Result<Rc<Code>, ReadError> {
        if let Some(known) = self.known.0.get().filter(|known| known.filename == filename) {
            return Ok(Rc::clone(known));
        }
        let code = Rc::new(read(&self.bytes, filename)?);
        // Under another name of the file it stays as it was read first.
        let _ = self.known.0.set(Rc::clone(&code));
        Ok(code)
    }
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
