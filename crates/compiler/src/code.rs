//! Code objects: what the compiler makes and the interpreter runs.
//!
//! The slots of a frame ("fast locals") are, in this order: the local variables (`varnames`, arguments first), the cells
//! that are not also local variables, the free variables. An argument that is captured lives in its own slot, where
//! `MAKE_CELL` puts a cell around it. `LOAD_DEREF` and its like take a slot index, as in CPython.

use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use num_bigint::BigInt;
use rustpython_wtf8::Wtf8Buf;
use serde::{Deserialize, Serialize};

use crate::op::Instr;

/// Bits of [`Code::flags`] (CPython's `CO_*`).
pub mod flags {
    /// Variables live in slots.
    pub const OPTIMIZED: u32 = 0x1;
    /// A new locals mapping per call.
    pub const NEWLOCALS: u32 = 0x2;
    /// Has `*args`.
    pub const VARARGS: u32 = 0x4;
    /// Has `**kwargs`.
    pub const VARKEYWORDS: u32 = 0x8;
    /// A function inside a function.
    pub const NESTED: u32 = 0x10;
    /// A generator.
    pub const GENERATOR: u32 = 0x20;
    /// A coroutine (`async def`).
    pub const COROUTINE: u32 = 0x80;
    /// A generator that may be awaited (`types.coroutine`).
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// An asynchronous generator.
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// `from __future__ import barry_as_FLUFL`.
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x40_0000;
    /// `from __future__ import annotations`.
    pub const FUTURE_ANNOTATIONS: u32 = 0x100_0000;
    /// `consts[0]` is the docstring.
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    /// A function in a class body.
    pub const METHOD: u32 = 0x800_0000;
    /// The `__future__` flags that a compilation passes on.
    pub const FUTURE_MASK: u32 =
        FUTURE_BARRY_AS_BDFL | FUTURE_ANNOTATIONS | 0x2_0000 | 0x4_0000 | 0x8_0000 | 0x10_0000 | 0x20_0000 | 0x80_0000;
}

/// Argument of `SET_FUNCTION_ATTRIBUTE`.
pub mod function_attribute {
    /// Tuple of default values.
    pub const DEFAULTS: u32 = 1;
    /// Dict of keyword-only default values.
    pub const KWDEFAULTS: u32 = 2;
    /// Annotations as a tuple of names and values (strings, under `from __future__ import annotations`).
    pub const ANNOTATIONS: u32 = 4;
    /// Tuple of cells.
    pub const CLOSURE: u32 = 8;
    /// The `__annotate__` function.
    pub const ANNOTATE: u32 = 16;
}

/// What a slot holds: bits, as in CPython's `co_localspluskinds`.
pub mod local_kind {
    /// A variable of an inlined comprehension in a module or class: not seen by `locals()`.
    pub const HIDDEN: u8 = 0x10;
    /// A local variable.
    pub const LOCAL: u8 = 0x20;
    /// A cell made here.
    pub const CELL: u8 = 0x40;
    /// A cell that comes with the closure.
    pub const FREE: u8 = 0x80;
}

/// A constant. Equality and hash distinguish `0.0` from `-0.0`, `1` from `True` and `1.0`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Const {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An integer that fits 64 bits.
    Int(i64),
    /// Any other integer.
    #[serde(with = "big_int")]
    BigInt(BigInt),
    /// A float.
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
    /// A string, which may hold lone surrogates.
    #[serde(with = "wtf8")]
    Str(Wtf8Buf),
    /// Bytes.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    /// A tuple.
    Tuple(Vec<Const>),
    /// A frozenset, elements in source order without repetitions.
    FrozenSet(Vec<Const>),
    /// A slice: start, stop, step.
    Slice(Box<[Const; 3]>),
    /// The code of a function, class, lambda, generator expression …, in bytes and not read yet.
    Late(Rc<Late>),
    /// The same as the compiler makes it. Last, since skipping a variant must not renumber others.
    #[serde(skip)]
    Code(Rc<Code>),
}

impl Const {
    /// A string constant.
    pub fn str(text: &str) -> Const {
        Const::Str(Wtf8Buf::from(text))
    }

    /// The integer, if it is one that fits 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Const::Int(value) => Some(*value),
            _ => None,
        }
    }
}

impl PartialEq for Const {
    fn eq(&self, other: &Const) -> bool {
        match (self, other) {
            (Const::None, Const::None) | (Const::Ellipsis, Const::Ellipsis) => true,
            (Const::Bool(a), Const::Bool(b)) => a == b,
            (Const::Int(a), Const::Int(b)) => a == b,
            (Const::BigInt(a), Const::BigInt(b)) => a == b,
            (Const::Float(a), Const::Float(b)) => a.to_bits() == b.to_bits(),
            (Const::Complex(a, b), Const::Complex(c, d)) => a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits(),
            (Const::Str(a), Const::Str(b)) => a == b,
            (Const::Bytes(a), Const::Bytes(b)) => a == b,
            (Const::Tuple(a), Const::Tuple(b)) | (Const::FrozenSet(a), Const::FrozenSet(b)) => a == b,
            (Const::Slice(a), Const::Slice(b)) => a == b,
            (Const::Code(a), Const::Code(b)) => Rc::ptr_eq(a, b) || a == b,
            (Const::Late(a), Const::Late(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Const {}

impl Hash for Const {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Const::None | Const::Ellipsis => {}
            Const::Bool(value) => value.hash(state),
            Const::Int(value) => value.hash(state),
            Const::BigInt(value) => value.hash(state),
            Const::Float(value) => value.to_bits().hash(state),
            Const::Complex(re, im) => (re.to_bits(), im.to_bits()).hash(state),
            Const::Str(value) => value.as_bytes().hash(state),
            Const::Bytes(value) => value.hash(state),
            Const::Tuple(items) | Const::FrozenSet(items) => items.hash(state),
            Const::Slice(items) => items.hash(state),
            Const::Code(code) => (&code.name, code.first_line, code.instructions.len()).hash(state),
            Const::Late(late) => (&late.name, late.bytes.len()).hash(state),
        }
    }
}

/// Where an instruction comes from. Lines count from 1 and are 0 for an instruction that no source stands for; columns
/// count bytes of UTF-8 from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position {
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column, in bytes.
    pub col: u32,
    /// Column behind the last one, in bytes.
    pub end_col: u32,
}

/// A range of instructions whose exceptions go to `target`. Entries are sorted and do not overlap: each names the
/// innermost handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionEntry {
    /// First instruction covered.
    pub start: u32,
    /// First instruction not covered any more.
    pub end: u32,
    /// First instruction of the handler.
    pub target: u32,
    /// How many values stay on the stack.
    pub depth: u32,
    /// Whether the index of the instruction that raised is pushed before the exception.
    pub lasti: bool,
}

/// A code object inside another one that was read from bytes: most functions of a module that is imported are never called,
/// so each is read when somebody needs it ([`Late::read`](crate::bytes)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Late {
    /// `co_name`.
    pub name: String,
    /// `co_qualname`.
    pub qualname: String,
    /// Bits of [`flags`].
    pub flags: u32,
    /// All of it, without the name of the file.
    #[serde(with = "serde_bytes")]
    pub(crate) bytes: Vec<u8>,
    /// What was read from the bytes.
    #[serde(skip)]
    pub(crate) known: Known,
}

/// A code object, once it has been read from bytes. It says nothing that the bytes do not say, so any two of these are equal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(pub(crate) OnceCell<Rc<Code>>);

impl PartialEq for Known {
    fn eq(&self, _: &Known) -> bool {
        true
    }
}

/// A code object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// `co_name`.
    pub name: String,
    /// `co_qualname`.
    pub qualname: String,
    /// `co_filename`. In bytes it stands once, in front.
    #[serde(skip)]
    pub filename: Rc<str>,
    /// `co_firstlineno`.
    pub first_line: u32,
    /// Positional arguments, those that are positional-only among them.
    pub arg_count: u32,
    /// Positional-only arguments.
    pub posonly_count: u32,
    /// Keyword-only arguments.
    pub kwonly_count: u32,
    /// Bits of [`flags`].
    pub flags: u32,
    /// Local variables, arguments first (positional, keyword-only, `*args`, `**kwargs`).
    pub varnames: Vec<String>,
    /// Variables that inner scopes capture; those that are also in `varnames` first.
    pub cellvars: Vec<String>,
    /// Variables captured from outer scopes.
    pub freevars: Vec<String>,
    /// One entry per slot: bits of [`local_kind`].
    pub local_kinds: Vec<u8>,
    /// Names of globals, attributes, imports.
    pub names: Vec<String>,
    /// Constants.
    pub consts: Vec<Const>,
    /// The instructions.
    pub instructions: Vec<Instr>,
    /// Exception handlers.
    pub exceptions: Vec<ExceptionEntry>,
    /// One per instruction.
    pub positions: Vec<Position>,
    /// The deepest the value stack can get.
    pub stack_size: u32,
}

impl Code {
    /// How many slots a frame has.
    pub fn slot_count(&self) -> usize {
        self.local_kinds.len()
    }

    /// The name of the variable in a slot.
    pub fn slot_name(&self, slot: usize) -> Option<&str> {
        if let Some(name) = self.varnames.get(slot) {
            return Some(name);
        }
        let own_cells = self.slot_count() - self.freevars.len() - self.varnames.len();
        let shared = self.cellvars.len() - own_cells;
        let cell = slot - self.varnames.len();
        let name = if cell < own_cells {
            self.cellvars.get(shared + cell)
        } else {
            self.freevars.get(cell - own_cells)
        };
        name.map(String::as_str)
    }

    /// The slot of a variable.
    pub fn slot_of(&self, name: &str) -> Option<usize> {
        (0..self.slot_count()).find(|&slot| self.slot_name(slot) == Some(name))
    }

    /// How many arguments a frame is filled with (`*args` and `**kwargs` count).
    pub fn total_args(&self) -> usize {
        let star = u32::from(self.flags & flags::VARARGS != 0) + u32::from(self.flags & flags::VARKEYWORDS != 0);
        (self.arg_count + self.kwonly_count + star) as usize
    }

    /// The docstring, if the code has one.
    pub fn docstring(&self) -> Option<&Const> {
        (self.flags & flags::HAS_DOCSTRING != 0)
            .then(|| self.consts.first())
            .flatten()
    }

    /// The innermost handler for an exception raised by an instruction.
    pub fn handler(&self, instruction: u32) -> Option<&ExceptionEntry> {
        let after = self.exceptions.partition_point(|entry| entry.start <= instruction);
        let entry = self.exceptions.get(after.checked_sub(1)?)?;
        (instruction < entry.end).then_some(entry)
    }
}

/// Big integers as signed little-endian bytes.
mod big_int {
    use num_bigint::BigInt;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &BigInt, serializer: S) -> Result<S::Ok, S::Error> {
        serde_bytes::serialize(&value.to_signed_bytes_le(), serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BigInt, D::Error> {
        let bytes: Vec<u8> = serde_bytes::deserialize(deserializer)?;
        Ok(BigInt::from_signed_bytes_le(&bytes))
    }
}

/// Strings as their WTF-8 bytes.
mod wtf8 {
    use rustpython_wtf8::Wtf8Buf;
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &Wtf8Buf, serializer: S) -> Result<S::Ok, S::Error> {
        serde_bytes::serialize(value.as_bytes(), serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Wtf8Buf, D::Error> {
        let bytes: Vec<u8> = serde_bytes::deserialize(deserializer)?;
        Wtf8Buf::from_bytes(bytes).map_err(|_| D::Error::custom("a string is not WTF-8"))
    }
}
