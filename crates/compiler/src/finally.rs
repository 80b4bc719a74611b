//! Warnings about `return`, `break` and `continue` that leave a `finally` block (PEP 765).

use ruff_python_ast::{ExceptHandler, Mod, Stmt};
use ruff_text_size::Ranged;

use crate::errors::{Warning, WarningKind};
use crate::source::Source;

/// Where a statement stands.
#[derive(Clone, Copy, Default)]
struct Place {
    /// In a `finally` block of this function.
    in_finally: bool,
    /// In a loop inside that block.
    in_loop: bool,
}

/// The warnings of a module.
pub(crate) fn warnings(source: &Source<'_>, tree: &Mod) -> Vec<Warning> {
    let mut found = Vec::new();
    if let Mod::Module(module) = tree {
        walk(source, &module.body, Place::default(), &mut found);
    }
    found
}

fn walk(source: &Source<'_>, body: &[Stmt], place: Place, found: &mut Vec<Warning>) {
    for stmt in body {
        let leaves = match stmt {
            Stmt::Return(_) if place.in_finally => Some("return"),
            Stmt::Break(_) if place.in_finally && !place.in_loop => Some("break"),
            Stmt::Continue(_) if place.in_finally && !place.in_loop => Some("continue"),
            _ => None,
        };
        if let Some(word) = leaves {
            let line = source.line(stmt.start()).max(0) as u32;
            let message = format!("'{word}' in a 'finally' block");
            found.push(Warning {
                kind: WarningKind::Syntax,
                message,
                line,
            });
        }
        let in_loop = Place { in_loop: true, ..place };
        match stmt {
            Stmt::FunctionDef(def) => walk(source, &def.body, Place::default(), found),
            Stmt::ClassDef(def) => walk(source, &def.body, Place::default(), found),
            Stmt::For(stmt) => {
                walk(source, &stmt.body, in_loop, found);
                walk(source, &stmt.orelse, place, found);
            }
            Stmt::While(stmt) => {
                walk(source, &stmt.body, in_loop, found);
                walk(source, &stmt.orelse, place, found);
            }
            Stmt::If(stmt) => {
                walk(source, &stmt.body, place, found);
                stmt.elif_else_clauses
                    .iter()
                    .for_each(|clause| walk(source, &clause.body, place, found));
            }
            Stmt::With(stmt) => walk(source, &stmt.body, place, found),
            Stmt::Match(stmt) => stmt
                .cases
                .iter()
                .for_each(|case| walk(source, &case.body, place, found)),
            Stmt::Try(stmt) => {
                walk(source, &stmt.body, place, found);
                for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                    walk(source, &handler.body, place, found);
                }
                walk(source, &stmt.orelse, place, found);
                walk(
                    source,
                    &stmt.finalbody,
                    Place {
                        in_finally: true,
                        in_loop: false,
                    },
                    found,
                );
            }
            _ => {}
        }
    }
}
