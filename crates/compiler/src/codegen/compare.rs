//! Comparisons, and jumps on conditions.

use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCompare, UnaryOp};

use super::{Compiler, Gen, Label};
use crate::op::{CompareOp, Ir};
use crate::source::Loc;

impl<'a> Compiler<'a> {
    pub(super) fn compare_op(&mut self, loc: Loc, op: CmpOp) {
        let compare = match op {
            CmpOp::Eq => CompareOp::Eq,
            CmpOp::NotEq => CompareOp::Ne,
            CmpOp::Lt => CompareOp::Lt,
            CmpOp::LtE => CompareOp::Le,
            CmpOp::Gt => CompareOp::Gt,
            CmpOp::GtE => CompareOp::Ge,
            CmpOp::Is => return self.op_arg(loc, Ir::IsOp, 0),
            CmpOp::IsNot => return self.op_arg(loc, Ir::IsOp, 1),
            CmpOp::In => return self.op_arg(loc, Ir::ContainsOp, 0),
            CmpOp::NotIn => return self.op_arg(loc, Ir::ContainsOp, 1),
        };
        self.op_arg(loc, Ir::CompareOp, compare.instr_arg());
    }

    pub(super) fn compare(&mut self, loc: Loc, node: &'a ExprCompare) -> Gen {
        self.check_compare(loc, node);
        self.expr(&node.left)?;
        let Some((last, first)) = node.comparators.split_last() else {
            return Ok(());
        };
        let Some((last_op, first_ops)) = node.ops.split_last() else {
            return Ok(());
        };
        if first.is_empty() {
            self.expr(last)?;
            self.compare_op(loc, *last_op);
            return Ok(());
        }
        let cleanup = self.label();
        for (op, comparator) in first_ops.iter().zip(first) {
            self.expr(comparator)?;
            self.op_arg(loc, Ir::Swap, 2);
            self.op_arg(loc, Ir::Copy, 2);
            self.compare_op(loc, *op);
            self.op_arg(loc, Ir::Copy, 1);
            self.op(loc, Ir::ToBool);
            self.jump(loc, Ir::PopJumpIfFalse, cleanup);
            self.op(loc, Ir::PopTop);
        }
        self.expr(last)?;
        self.compare_op(loc, *last_op);
        let end = self.label();
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
        self.place(cleanup);
        self.op_arg(loc, Ir::Swap, 2);
        self.op(loc, Ir::PopTop);
        self.place(end);
        Ok(())
    }

    /// Jumps to `next` if the expression's truth is `condition`, else falls through.
    pub(super) fn jump_if(&mut self, loc: Loc, expr: &'a Expr, next: Label, condition: bool) -> Gen {
        self.deeper(|this| this.jump_if_inner(loc, expr, next, condition))
    }

    fn jump_if_inner(&mut self, loc: Loc, expr: &'a Expr, next: Label, condition: bool) -> Gen {
        match expr {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                return self.jump_if(loc, &unary.operand, next, !condition);
            }
            Expr::BoolOp(node) => {
                let is_or = node.op == BoolOp::Or;
                let Some((last, first)) = node.values.split_last() else {
                    return Ok(());
                };
                let early = if is_or == condition { next } else { self.label() };
                for value in first {
                    self.jump_if(loc, value, early, is_or)?;
                }
                self.jump_if(loc, last, next, condition)?;
                if early != next {
                    self.place(early);
                }
                return Ok(());
            }
            Expr::If(node) => {
                let (end, orelse) = (self.label(), self.label());
                self.jump_if(loc, &node.test, orelse, false)?;
                self.jump_if(loc, &node.body, next, condition)?;
                self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
                self.place(orelse);
                self.jump_if(loc, &node.orelse, next, condition)?;
                self.place(end);
                return Ok(());
            }
            Expr::Compare(node) if node.ops.len() > 1 => return self.jump_if_chain(expr, node, next, condition),
            _ => {}
        }
        self.expr(expr)?;
        let loc = self.expr_loc(expr);
        self.op(loc, Ir::ToBool);
        self.jump(
            loc,
            if condition {
                Ir::PopJumpIfTrue
            } else {
                Ir::PopJumpIfFalse
            },
            next,
        );
        Ok(())
    }

    /// `a < b < c` as a condition.
    fn jump_if_chain(&mut self, expr: &'a Expr, node: &'a ExprCompare, next: Label, condition: bool) -> Gen {
        let loc = self.expr_loc(expr);
        self.check_compare(loc, node);
        let cleanup = self.label();
        self.expr(&node.left)?;
        let last = node.ops.len() - 1;
        for (op, comparator) in node.ops.iter().zip(&node.comparators).take(last) {
            self.expr(comparator)?;
            self.op_arg(loc, Ir::Swap, 2);
            self.op_arg(loc, Ir::Copy, 2);
            self.compare_op(loc, *op);
            self.op(loc, Ir::ToBool);
            self.jump(loc, Ir::PopJumpIfFalse, cleanup);
        }
        if let (Some(op), Some(comparator)) = (node.ops.get(last), node.comparators.get(last)) {
            self.expr(comparator)?;
            self.compare_op(loc, *op);
        }
        self.op(loc, Ir::ToBool);
        self.jump(
            loc,
            if condition {
                Ir::PopJumpIfTrue
            } else {
                Ir::PopJumpIfFalse
            },
            next,
        );
        let end = self.label();
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
        self.place(cleanup);
        self.op(loc, Ir::PopTop);
        if !condition {
            self.jump(Loc::NONE, Ir::JumpNoInterrupt, next);
        }
        self.place(end);
        Ok(())
    }
}
