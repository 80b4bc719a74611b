//! Warnings about code that is probably a mistake.

use ruff_python_ast::{CmpOp, Expr, ExprCompare, ExprSubscript, Number};

use super::Compiler;
use crate::errors::{Warning, WarningKind};
use crate::source::Loc;

/// The name of the type a display or literal has.
fn type_name(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::FString(_) | Expr::StringLiteral(_) => "str",
        Expr::TString(_) => "string.templatelib.Template",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NumberLiteral(number) => match number.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        Expr::BooleanLiteral(_) => "bool",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::EllipsisLiteral(_) => "ellipsis",
        _ => return None,
    })
}

impl Compiler<'_> {
    pub(super) fn warn(&mut self, loc: Loc, message: impl Into<String>) {
        let warning = Warning {
            kind: WarningKind::Syntax,
            message: message.into(),
            line: loc.line.max(0) as u32,
        };
        self.literals.warnings.push(warning);
    }

    /// Whether identity with this expression makes sense.
    fn may_be_identical(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Tuple(tuple) => !tuple.elts.iter().all(|elt| self.is_constant(elt)),
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => false,
            _ => true,
        }
    }

    pub(super) fn check_compare(&mut self, loc: Loc, node: &ExprCompare) {
        let mut left = &*node.left;
        for (op, right) in node.ops.iter().zip(&node.comparators) {
            let (left_ok, right_ok) = (self.may_be_identical(left), self.may_be_identical(right));
            if matches!(op, CmpOp::Is | CmpOp::IsNot) && !(left_ok && right_ok) {
                let literal = if left_ok { right } else { left };
                let name = type_name(literal).unwrap_or("object");
                let (is, meant) = if *op == CmpOp::Is {
                    ("is", "==")
                } else {
                    ("is not", "!=")
                };
                self.warn(
                    loc,
                    format!("\"{is}\" with '{name}' literal. Did you mean \"{meant}\"?"),
                );
                return;
            }
            left = right;
        }
    }

    pub(super) fn check_caller(&mut self, func: &Expr) {
        if matches!(func, Expr::Lambda(_)) {
            return;
        }
        if let Some(name) = type_name(func) {
            let loc = self.expr_loc(func);
            self.warn(
                loc,
                format!("'{name}' object is not callable; perhaps you missed a comma?"),
            );
        }
    }

    pub(super) fn check_subscript(&mut self, node: &ExprSubscript) {
        let value = &*node.value;
        let loc = self.expr_loc(value);
        let never = matches!(
            value,
            Expr::NoneLiteral(_)
                | Expr::EllipsisLiteral(_)
                | Expr::NumberLiteral(_)
                | Expr::BooleanLiteral(_)
                | Expr::Set(_)
                | Expr::SetComp(_)
                | Expr::Generator(_)
                | Expr::TString(_)
                | Expr::Lambda(_)
        );
        if never && let Some(name) = type_name(value) {
            self.warn(
                loc,
                format!("'{name}' object is not subscriptable; perhaps you missed a comma?"),
            );
            return;
        }
        let Some(index) = type_name(&node.slice) else { return };
        if matches!(index, "int" | "bool") {
            return;
        }
        let sequence = matches!(
            value,
            Expr::Tuple(_)
                | Expr::List(_)
                | Expr::ListComp(_)
                | Expr::FString(_)
                | Expr::StringLiteral(_)
                | Expr::BytesLiteral(_)
        );
        if sequence && let Some(name) = type_name(value) {
            let message =
                format!("{name} indices must be integers or slices, not {index}; perhaps you missed a comma?");
            self.warn(loc, message);
        }
    }
}
