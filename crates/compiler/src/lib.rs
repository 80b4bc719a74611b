//! Python 3.14 source -> code objects.
//!
//! [`compile`] parses with `ruff_python_parser` and produces CPython 3.14's bytecode, laid out by [`op`] and [`code`].

pub mod assemble;
pub mod bytes;
pub mod code;
mod codegen;
mod diagnose;
pub mod dis;
pub mod errors;
mod finally;
mod flow;
mod future;
mod lexer;
mod limits;
mod literal;
mod nesting;
pub mod op;
mod single;
mod source;
mod symtable;
pub mod tree;
mod unparse;

use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{Mode as ParseMode, ParseOptions};

pub use bytes::{from_bytes, to_bytes};
pub use code::{Code, Const, ExceptionEntry, Position};
pub use dis::disassemble;
pub use errors::{SyntaxError, SyntaxErrorKind, Warning, WarningKind};
pub use op::{BinaryOp, CommonConstant, CompareOp, Instr, Intrinsic1, Intrinsic2, Op, SpecialMethod, stack_effect};
pub use tree::parse_tree;

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

/// Compiles a source to the code object of its module, expression or interactive statement.
pub fn compile(source: &str, filename: &str, mode: Mode, options: &Options) -> Result<Compiled, SyntaxError> {
    compile_boxed(source, filename, mode, options).map_err(|error| *error)
}

fn compile_boxed(text: &str, filename: &str, mode: Mode, options: &Options) -> Result<Compiled, Box<SyntaxError>> {
    let source = source::Source::new(text, filename);
    let tree = parse(&source, mode)?;
    let future = options.future | future::features(&source, &tree)?;
    let (code, mut warnings) = codegen::generate(&source, &tree, mode, future, options)?;
    warnings.extend(finally::warnings(&source, &tree));
    warnings.sort_by_key(|warning| warning.line);
    Ok(Compiled { code, warnings })
}

/// What CPython's tokenizer and parser do: a tree, or the error they find.
fn parse(source: &source::Source<'_>, mode: Mode) -> Result<Mod, Box<SyntaxError>> {
    let text = source.text;
    if text.contains('\0') {
        return Err(source.error_at(
            SyntaxErrorKind::Syntax,
            source::Loc::NONE,
            "source code string cannot contain null bytes",
        ));
    }
    let lexed = lexer::lex(source);
    if let Some((_, error)) = &lexed.error
        && lexer::guards_the_parser(error)
    {
        return Err(error.clone());
    }
    nesting::check(source)?;
    let parse_mode = if mode == Mode::Eval {
        ParseMode::Expression
    } else {
        ParseMode::Module
    };
    let parse_options = ParseOptions::from(parse_mode).with_target_version(PythonVersion::PY314);
    let parsed = ruff_python_parser::parse_unchecked(text, parse_options);
    if !parsed.errors().is_empty() || lexed.error.is_some() {
        return Err(diagnose::diagnose(source, &lexed, parsed.errors()));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        return Err(source.error(error.range, diagnose::unsupported(source, error)));
    }
    if mode == Mode::Single {
        single::check(source, parsed.syntax())?;
    }
    Ok(parsed.into_syntax())
}
