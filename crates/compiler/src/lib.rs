//! Python 3.14 source -> code objects.
//!
//! [`compile`] parses with `ruff_python_parser` and produces CPython 3.14's bytecode, laid out by [`op`] and [`code`].

pub mod bytes;
pub mod code;
pub mod errors;
pub mod op;

pub use bytes::{from_bytes, to_bytes};
pub use code::{Code, Const, ExceptionEntry, Position};
pub use errors::{SyntaxError, SyntaxErrorKind, Warning};
pub use op::{BinaryOp, CommonConstant, CompareOp, Instr, Intrinsic1, Intrinsic2, Op, SpecialMethod, stack_effect};

/// What kind of source it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Statements.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement, whose expressions are printed.
    Single,
}

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Inherited `__future__` flags ([`code::flags::FUTURE_MASK`]).
    pub future: u32,
    /// 0: as it is; 1: no asserts, `__debug__` false; 2: no docstrings either.
    pub optimize: u8,
    /// Whether `await` may stand at the top (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub top_level_await: bool,
}

/// A compiled source and what there was to warn about.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The code of the module, expression or interactive statement.
    pub code: Code,
    /// Warnings, in the order of their places.
    pub warnings: Vec<Warning>,
}
