//! What an interactive statement must be: one, and complete.

use ruff_python_ast::{Mod, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::errors::SyntaxError;
use crate::source::{Loc, Source};

/// Refuses what an interactive console would not have sent.
pub(crate) fn check(source: &Source<'_>, tree: &Mod) -> Result<(), Box<SyntaxError>> {
    let Mod::Module(module) = tree else { return Ok(()) };
    let Some(first) = module.body.first() else {
        return Err(source.error_at(crate::SyntaxErrorKind::Syntax, Loc::NONE, "invalid syntax"));
    };
    let compound = matches!(
        first,
        Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Try(_)
            | Stmt::With(_)
            | Stmt::Match(_)
    );
    let end = first.end();
    if compound && !source.slice(TextRange::new(end, source.end())).contains(['\n', '\r']) {
        return Err(source.error(TextRange::empty(source.end()), "invalid syntax"));
    }
    let mut previous = end;
    for stmt in &module.body[1..] {
        let between = source.slice(TextRange::new(previous, stmt.start()));
        if compound || !between.contains(';') {
            let message = "multiple statements found while compiling a single statement";
            return Err(source.error(TextRange::empty(end), message));
        }
        previous = stmt.end();
    }
    Ok(())
}
