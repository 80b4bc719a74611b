//! Expressions as text, for annotations under `from __future__ import annotations`.

use crate::codegen::{Compiler, Gen};
use ruff_python_ast::Expr;

/// The text of an annotation.
pub(crate) fn unparse(compiler: &mut Compiler<'_>, expr: &Expr) -> Gen<String> {
    Ok(compiler.source.slice(compiler.expr_range(expr)).to_string())
}
