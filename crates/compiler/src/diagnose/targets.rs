//! Things that cannot be assigned to or deleted.

use ruff_python_ast::Expr;
use ruff_text_size::{Ranged, TextRange};

use super::View;
use crate::errors::SyntaxError;

/// What CPython calls an expression in messages.
pub(crate) fn expr_name(expr: &Expr) -> &'static str {
    match expr {
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        Expr::Starred(_) => "starred",
        Expr::Name(name) if name.id.as_str() == "__debug__" => "__debug__",
        Expr::Name(_) => "name",
        Expr::List(_) => "list",
        Expr::Tuple(_) => "tuple",
        Expr::Lambda(_) => "lambda",
        Expr::Call(_) => "function call",
        Expr::BoolOp(_) | Expr::BinOp(_) | Expr::UnaryOp(_) => "expression",
        Expr::Generator(_) => "generator expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Await(_) => "await expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::FString(_) => "f-string expression",
        Expr::TString(_) => "t-string expression",
        Expr::NoneLiteral(_) => "None",
        Expr::BooleanLiteral(literal) if literal.value => "True",
        Expr::BooleanLiteral(_) => "False",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => "literal",
        Expr::Compare(_) => "comparison",
        Expr::If(_) => "conditional expression",
        Expr::Named(_) => "named expression",
        _ => "expression",
    }
}

/// Whether an expression binds at least as tightly as `|`, so that `==` may have been meant.
fn is_bitwise(expr: &Expr) -> bool {
    match expr {
        Expr::BoolOp(_) | Expr::Compare(_) | Expr::Lambda(_) | Expr::If(_) | Expr::Named(_) | Expr::Starred(_) => false,
        Expr::UnaryOp(unary) => unary.op != ruff_python_ast::UnaryOp::Not,
        _ => true,
    }
}

/// The innermost part of a target that is none.
fn invalid_part(expr: &Expr, deleting: bool) -> Option<&Expr> {
    match expr {
        Expr::List(list) => list.elts.iter().find_map(|elt| invalid_part(elt, deleting)),
        Expr::Tuple(tuple) => tuple.elts.iter().find_map(|elt| invalid_part(elt, deleting)),
        Expr::Starred(starred) if !deleting => invalid_part(&starred.value, deleting),
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => None,
        other => Some(other),
    }
}

impl View<'_> {
    /// Parses a part of the source as an expression of its own.
    pub fn parse(&self, range: TextRange) -> Option<Expr> {
        if let Ok(parsed) = ruff_python_parser::parse_expression_range(self.source.text, range) {
            return Some(*parsed.into_syntax().body);
        }
        // `yield` and `:=` are expressions only in parentheses.
        if self.source.slice(range).starts_with("yield") {
            return Some(Expr::Yield(ruff_python_ast::ExprYield {
                node_index: ruff_python_ast::AtomicNodeIndex::NONE,
                range,
                value: None,
            }));
        }
        let start = range.start().checked_sub(ruff_text_size::TextSize::new(1))?;
        let wider = TextRange::new(start, range.end() + ruff_text_size::TextSize::new(1));
        if !self.source.slice(wider).starts_with('(') || !self.source.slice(wider).ends_with(')') {
            return None;
        }
        let parsed = ruff_python_parser::parse_expression_range(self.source.text, wider).ok()?;
        Some(*parsed.into_syntax().body)
    }

    /// `… = value`, where `…` cannot be assigned to.
    pub fn invalid_assignment(&self, range: TextRange) -> Option<Box<SyntaxError>> {
        let expr = self.parse(range)?;
        let index = self.index_at(range.end().to_u32());
        let valued = self
            .tokens
            .get(index + 1)
            .is_some_and(|token| !matches!(token.kind, crate::lexer::Kind::Newline | crate::lexer::Kind::End));
        let whole = matches!(self.text_at(index), "=") && valued;
        let first = {
            let start = self.index_at(range.start().to_u32());
            start == 0
                || matches!(
                    self.tokens[start - 1].kind,
                    crate::lexer::Kind::Newline | crate::lexer::Kind::Indent
                )
                || matches!(self.text_at(start - 1), ";" | ":")
        };
        let excluded = matches!(
            expr,
            Expr::List(_)
                | Expr::Tuple(_)
                | Expr::Generator(_)
                | Expr::NoneLiteral(_)
                | Expr::BooleanLiteral(_)
                | Expr::Yield(_)
                | Expr::YieldFrom(_)
        );
        let parenthesised = matches!(expr, Expr::Yield(_) | Expr::YieldFrom(_)) && {
            let start = self.index_at(range.start().to_u32());
            start > 0 && self.text_at(start - 1) == "("
        };
        if matches!(expr, Expr::Yield(_) | Expr::YieldFrom(_)) && !parenthesised {
            return Some(self.error(range, "assignment to yield expression not possible"));
        }
        if (whole && first && !excluded && is_bitwise(&expr) && !self.more_equals(index))
            || (parenthesised && !self.more_equals(index + 1))
        {
            let name = expr_name(&expr);
            let message = format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?");
            return Some(self.error(range, message));
        }
        let part = invalid_part(&expr, false)?;
        Some(self.error(part.range(), format!("cannot assign to {}", expr_name(part))))
    }

    /// Whether another `=` follows on the line.
    fn more_equals(&self, index: usize) -> bool {
        let rest = self.tokens.get(index + 1..).unwrap_or(&[]);
        let level = self.tokens.get(index).map_or(0, |token| token.level);
        rest.iter()
            .take_while(|token| token.kind != crate::lexer::Kind::Newline)
            .any(|token| token.level == level && matches!(self.text(token), "=" | ":="))
    }

    pub fn invalid_delete(&self, range: TextRange) -> Option<Box<SyntaxError>> {
        if self.source.slice(range).starts_with('*') {
            return Some(self.error(range, "cannot delete starred"));
        }
        let expr = self.parse(range)?;
        let part = invalid_part(&expr, true)?;
        Some(self.error(part.range(), format!("cannot delete {}", expr_name(part))))
    }
}
