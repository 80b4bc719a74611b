//! `from __future__ import …` at the start of a module.

use ruff_python_ast::{Expr, Mod, Stmt, StmtImportFrom};

use crate::code::flags;
use crate::errors::SyntaxError;
use crate::source::Source;

/// Features that are always on by now.
const MANDATORY: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "generator_stop",
];

/// The flags a module asks for.
pub(crate) fn features(source: &Source<'_>, tree: &Mod) -> Result<u32, Box<SyntaxError>> {
    let Mod::Module(module) = tree else { return Ok(0) };
    let mut bits = 0;
    let mut rest = &module.body[..];
    if let Some(Stmt::Expr(first)) = rest.first()
        && matches!(&*first.value, Expr::StringLiteral(_))
    {
        rest = &rest[1..];
    }
    let mut at = 0;
    while let Some(Stmt::ImportFrom(import)) = rest.get(at)
        && is_future(import)
    {
        bits |= one_import(source, import)?;
        at += 1;
    }
    match rest[at..].iter().find_map(late_import) {
        Some(import) => Err(source.error(
            import.range,
            "from __future__ imports must occur at the beginning of the file",
        )),
        None => Ok(bits),
    }
}

fn is_future(import: &StmtImportFrom) -> bool {
    import.level == 0 && import.module.as_deref() == Some("__future__")
}

fn one_import(source: &Source<'_>, import: &StmtImportFrom) -> Result<u32, Box<SyntaxError>> {
    let mut bits = 0;
    for alias in &import.names {
        match alias.name.as_str() {
            "annotations" => bits |= flags::FUTURE_ANNOTATIONS,
            "barry_as_FLUFL" => bits |= flags::FUTURE_BARRY_AS_BDFL,
            "braces" => return Err(source.error(alias.range, "not a chance")),
            name if MANDATORY.contains(&name) => {}
            name => return Err(source.error(alias.range, format!("future feature {name} is not defined"))),
        }
    }
    Ok(bits)
}

/// A `__future__` import where it is too late; inside other statements too.
fn late_import(stmt: &Stmt) -> Option<&StmtImportFrom> {
    let bodies: Vec<&[Stmt]> = match stmt {
        Stmt::ImportFrom(import) => return is_future(import).then_some(import),
        Stmt::FunctionDef(stmt) => vec![&stmt.body],
        Stmt::ClassDef(stmt) => vec![&stmt.body],
        Stmt::For(stmt) => vec![&stmt.body, &stmt.orelse],
        Stmt::While(stmt) => vec![&stmt.body, &stmt.orelse],
        Stmt::If(stmt) => {
            let clauses = stmt.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*stmt.body).chain(clauses).collect()
        }
        Stmt::With(stmt) => vec![&stmt.body],
        Stmt::Match(stmt) => stmt.cases.iter().map(|case| &*case.body).collect(),
        Stmt::Try(stmt) => {
            let handlers = stmt.handlers.iter().map(|handler| {
                let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                &*handler.body
            });
            [&*stmt.body, &*stmt.orelse, &*stmt.finalbody]
                .into_iter()
                .chain(handlers)
                .collect()
        }
        _ => return None,
    };
    bodies.into_iter().flatten().find_map(late_import)
}
