//! Which expressions are constants, and their values; numbers of operators.

use num_bigint::BigInt;
use ruff_python_ast::{Expr, ExprStringLiteral, Operator, UnaryOp};
use rustpython_wtf8::Wtf8Buf;

use super::{Compiler, Gen};
use crate::code::Const;
use crate::flow::int_const;
use crate::op;

/// The number of an operator.
pub(super) fn binary_op(operator: Operator, inplace: bool) -> op::BinaryOp {
    use op::BinaryOp as B;
    let (plain, in_place) = match operator {
        Operator::Add => (B::Add, B::InplaceAdd),
        Operator::Sub => (B::Subtract, B::InplaceSubtract),
        Operator::Mult => (B::Multiply, B::InplaceMultiply),
        Operator::MatMult => (B::MatrixMultiply, B::InplaceMatrixMultiply),
        Operator::Div => (B::TrueDivide, B::InplaceTrueDivide),
        Operator::Mod => (B::Remainder, B::InplaceRemainder),
        Operator::Pow => (B::Power, B::InplacePower),
        Operator::LShift => (B::Lshift, B::InplaceLshift),
        Operator::RShift => (B::Rshift, B::InplaceRshift),
        Operator::BitOr => (B::Or, B::InplaceOr),
        Operator::BitXor => (B::Xor, B::InplaceXor),
        Operator::BitAnd => (B::And, B::InplaceAnd),
        Operator::FloorDiv => (B::FloorDivide, B::InplaceFloorDivide),
    };
    if inplace { in_place } else { plain }
}

impl Compiler<'_> {
    /// Whether an expression is a literal constant (which a tuple, `-1` or an f-string is not).
    pub(super) fn is_constant(&self, expr: &Expr) -> bool {
        match expr {
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => true,
            Expr::Name(name) => name.id.as_str() == "__debug__",
            _ => false,
        }
    }

    /// The value of a literal constant.
    pub fn constant_value(&mut self, expr: &Expr) -> Gen<Option<Const>> {
        self.constant(expr)
    }

    /// The value of a literal constant.
    pub(super) fn constant(&mut self, expr: &Expr) -> Gen<Option<Const>> {
        match expr {
            Expr::Name(name) if name.id.as_str() == "__debug__" => Ok(Some(Const::Bool(self.options.optimize == 0))),
            _ => self.literals.constant(expr),
        }
    }

    /// The value of a string, its parts joined.
    pub(super) fn string_value(&mut self, string: &ExprStringLiteral) -> Gen<Wtf8Buf> {
        self.literals.text(string)
    }

    /// The value of a number in a pattern: with a sign, or a complex sum.
    pub(super) fn pattern_constant(&mut self, expr: &Expr) -> Gen<Option<Const>> {
        match expr {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => {
                let value = self.constant(&unary.operand)?;
                Ok(value.and_then(|value| match value {
                    Const::Int(value) => Some(int_const(-BigInt::from(value))),
                    Const::BigInt(value) => Some(int_const(-value)),
                    Const::Float(value) => Some(Const::Float(-value)),
                    Const::Complex(re, im) => Some(Const::Complex(-re, -im)),
                    _ => None,
                }))
            }
            Expr::BinOp(binary) => {
                let left = self.pattern_constant(&binary.left)?;
                let right = self.constant(&binary.right)?;
                let (Some(left), Some(right)) = (left, right) else {
                    return Ok(None);
                };
                Ok(crate::flow::fold_binary(binary_op(binary.op, false), &left, &right))
            }
            expr => self.constant(expr),
        }
    }
}
