//! Python 3.14 source -> code objects.
//!
//! [`compile`] parses with `ruff_python_parser` and produces CPython 3.14's bytecode, laid out by [`op`] and [`code`].

pub mod assemble;
pub mod bytes;
pub mod code;
mod codegen;
mod constants;
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
pub use constants::{Constant, constants, with_constant};
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
    let (tree, numbers) = parse(&source, mode)?;
    // What CPython finds after its parser has the text of the file, if there is one.
    let late = |error| late_error(filename, error);
    let future = options.future | future::features(&source, &tree).map_err(late)?;
    let (code, mut warnings) = codegen::generate(&source, &tree, mode, future, options).map_err(late)?;
    warnings.extend(numbers);
    warnings.extend(finally::warnings(&source, &tree));
    warnings.sort_by_key(|warning| warning.line);
    Ok(Compiled { code, warnings })
}

fn late_error(filename: &str, mut error: Box<SyntaxError>) -> Box<SyntaxError> {
    let literal = [
        "(unicode error)",
        "(value error)",
        "Exceeds the limit",
        "bytes can only",
    ];
    if literal.iter().any(|start| error.message.starts_with(start)) {
        end_line(&mut error);
    } else if filename.starts_with('<') && filename.ends_with('>') {
        error.text = None;
    }
    error
}

/// CPython reads a line end behind a last line that has none.
fn end_line(error: &mut SyntaxError) {
    if let Some(text) = &mut error.text
        && !text.ends_with('\n')
    {
        text.push('\n');
    }
}

/// What CPython's tokenizer and parser do: a tree and warnings about numbers, or the error they find.
fn parse(source: &source::Source<'_>, mode: Mode) -> Result<(Mod, Vec<Warning>), Box<SyntaxError>> {
    if source.text.contains('\0') {
        return Err(source.error_at(
            SyntaxErrorKind::Syntax,
            source::Loc::NONE,
            "source code string cannot contain null bytes",
        ));
    }
    let lexed = lexer::lex(source);
    parse_lexed(source, &lexed, mode).map_err(|mut error| {
        let tokenizer = lexed
            .error
            .as_ref()
            .is_some_and(|(_, e)| e.message == error.message && e.line == error.line);
        if tokenizer && lexer::comes_at_once(&error) && !error.message.starts_with("bytes can only") {
            // The tokenizer itself shows its line without the end.
            if let Some(text) = &mut error.text {
                text.truncate(text.trim_end_matches(['\n', '\r']).len());
            }
        } else if mode == Mode::Exec {
            end_line(&mut error);
        } else if let Some(text) = &error.text
            && error.column as usize > text.chars().count()
        {
            // Without a line end there is no place behind the last character.
            (error.column, error.end_column) = (0, 0);
        }
        error
    })
}

fn parse_lexed(
    source: &source::Source<'_>,
    lexed: &lexer::Lexed,
    mode: Mode,
) -> Result<(Mod, Vec<Warning>), Box<SyntaxError>> {
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
    let parsed = ruff_python_parser::parse_unchecked(source.text, parse_options);
    if !parsed.errors().is_empty() || lexed.error.is_some() {
        return Err(diagnose::diagnose(source, lexed, parsed.errors()));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        return Err(source.error(error.range, diagnose::unsupported(source, error)));
    }
    if mode == Mode::Single {
        single::check(source, parsed.syntax())?;
    }
    Ok((parsed.into_syntax(), lexed.warnings.clone()))
}
