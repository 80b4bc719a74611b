//! Expressions: dispatch, operators, displays, `yield`, `await`.

use ruff_python_ast::{BoolOp, Expr, ExprBinOp, ExprBoolOp, ExprDict, ExprIf, ExprUnaryOp, UnaryOp};

use super::unit::UnitKind;
use super::{Access, Compiler, Gen, STACK_USE_GUIDELINE};
use crate::code::Const;
use crate::op::{Intrinsic1, Ir};
use crate::source::Loc;

/// How a display of elements is built.
#[derive(Clone, Copy)]
pub(super) struct Display {
    pub build: Ir,
    pub add: Ir,
    pub extend: Ir,
    pub tuple: bool,
}

impl Display {
    pub const LIST: Display = Display {
        build: Ir::BuildList,
        add: Ir::ListAppend,
        extend: Ir::ListExtend,
        tuple: false,
    };
    pub const TUPLE: Display = Display {
        tuple: true,
        ..Display::LIST
    };
    const SET: Display = Display {
        build: Ir::BuildSet,
        add: Ir::SetAdd,
        extend: Ir::SetUpdate,
        tuple: false,
    };
}

impl<'a> Compiler<'a> {
    /// Pushes the value of an expression.
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Gen {
        self.deeper(|this| this.expr_inner(expr))
    }

    fn expr_inner(&mut self, expr: &'a Expr) -> Gen {
        let loc = self.expr_loc(expr);
        if let Some(value) = self.constant(expr)? {
            self.load_const(loc, value);
            return Ok(());
        }
        match expr {
            Expr::Named(named) => {
                self.expr(&named.value)?;
                self.op_arg(loc, Ir::Copy, 1);
                self.store_target(&named.target)
            }
            Expr::BoolOp(bool_op) => self.bool_op(loc, bool_op),
            Expr::BinOp(binary) => self.binary(loc, binary),
            Expr::UnaryOp(unary) => self.unary(loc, unary),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::If(if_expr) => self.if_expr(loc, if_expr),
            Expr::Dict(dict) => self.dict(loc, dict),
            Expr::Set(set) => self.display(loc, &set.elts, None, 0, Display::SET),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => self.comprehension(expr),
            Expr::Await(node) => {
                self.expr(&node.value)?;
                self.await_top(loc, 0);
                Ok(())
            }
            Expr::Yield(node) => {
                if !self.block().kind.is_function_like() {
                    return self.error(expr, "'yield' outside function");
                }
                match &node.value {
                    Some(value) => self.expr(value)?,
                    None => self.load_none(loc),
                }
                self.yield_top(loc);
                Ok(())
            }
            Expr::YieldFrom(node) => {
                if !self.block().kind.is_function_like() {
                    return self.error(expr, "'yield from' outside function");
                }
                if self.unit_ref().kind == UnitKind::AsyncFunction {
                    return self.error(expr, "'yield from' inside async function");
                }
                self.expr(&node.value)?;
                self.op(loc, Ir::GetYieldFromIter);
                self.load_none(loc);
                self.yield_from(loc, false);
                Ok(())
            }
            Expr::Compare(compare) => self.compare(loc, compare),
            Expr::Call(call) => self.call(expr, call),
            Expr::FString(string) => self.f_string(loc, string),
            Expr::TString(string) => self.t_string(loc, string),
            Expr::Attribute(attribute) => self.attribute(loc, attribute),
            Expr::Subscript(subscript) => self.subscript(loc, subscript, Access::Load),
            Expr::Starred(starred) => self.error(starred, "can't use starred expression here"),
            Expr::Name(name) => self.load_name(loc, &name.id),
            Expr::List(list) => self.display(loc, &list.elts, None, 0, Display::LIST),
            Expr::Tuple(tuple) => self.display(loc, &tuple.elts, None, 0, Display::TUPLE),
            Expr::Slice(slice) => self.slice(slice),
            other => self.error(other, "invalid syntax"),
        }
    }

    /// Yields the top of the stack and leaves what is sent.
    pub(super) fn yield_top(&mut self, loc: Loc) {
        let block = self.block();
        if block.generator && block.coroutine {
            self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::AsyncGenWrap as u32);
        }
        self.op_arg(loc, Ir::YieldValue, 0);
        self.op_arg(loc, Ir::Resume, 1);
    }

    fn bool_op(&mut self, loc: Loc, node: &'a ExprBoolOp) -> Gen {
        let op = if node.op == BoolOp::And {
            Ir::JumpIfFalse
        } else {
            Ir::JumpIfTrue
        };
        let end = self.label();
        let Some((last, first)) = node.values.split_last() else {
            return Ok(());
        };
        for value in first {
            self.expr(value)?;
            self.jump(loc, op, end);
            self.op(loc, Ir::PopTop);
        }
        self.expr(last)?;
        self.place(end);
        Ok(())
    }

    fn binary(&mut self, loc: Loc, node: &'a ExprBinOp) -> Gen {
        if self.format_operator(loc, node)? {
            return Ok(());
        }
        self.expr(&node.left)?;
        self.expr(&node.right)?;
        self.op_arg(loc, Ir::BinaryOp, super::constants::binary_op(node.op, false) as u32);
        Ok(())
    }

    fn unary(&mut self, loc: Loc, node: &'a ExprUnaryOp) -> Gen {
        self.expr(&node.operand)?;
        match node.op {
            UnaryOp::UAdd => self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::UnaryPositive as u32),
            UnaryOp::Not => {
                self.op(loc, Ir::ToBool);
                self.op(loc, Ir::UnaryNot);
            }
            UnaryOp::USub => self.op(loc, Ir::UnaryNegative),
            UnaryOp::Invert => self.op(loc, Ir::UnaryInvert),
        }
        Ok(())
    }

    fn if_expr(&mut self, loc: Loc, node: &'a ExprIf) -> Gen {
        let (end, next) = (self.label(), self.label());
        self.jump_if(loc, &node.test, next, false)?;
        self.expr(&node.body)?;
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
        self.place(next);
        self.expr(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    /// A list, set or tuple; `pushed` values lie on the stack already, `injected` is a name put at the end.
    pub(super) fn display(
        &mut self,
        loc: Loc,
        elts: &'a [Expr],
        injected: Option<&str>,
        pushed: usize,
        kind: Display,
    ) -> Gen {
        let count = elts.len() + pushed + usize::from(injected.is_some());
        let big = count > STACK_USE_GUIDELINE;
        let has_star = elts.iter().any(|elt| matches!(elt, Expr::Starred(_)));
        if !has_star && !big {
            elts.iter().try_for_each(|elt| self.expr(elt))?;
            if let Some(name) = injected {
                self.load_name(loc, name)?;
            }
            self.op_arg(loc, if kind.tuple { Ir::BuildTuple } else { kind.build }, count as u32);
            return Ok(());
        }
        let mut built = big;
        if big {
            self.op_arg(loc, kind.build, pushed as u32);
        }
        for (index, elt) in elts.iter().enumerate() {
            match elt {
                Expr::Starred(starred) => {
                    if !built {
                        self.op_arg(loc, kind.build, (index + pushed) as u32);
                        built = true;
                    }
                    self.expr(&starred.value)?;
                    self.op_arg(loc, kind.extend, 1);
                }
                elt => {
                    self.expr(elt)?;
                    if built {
                        self.op_arg(loc, kind.add, 1);
                    }
                }
            }
        }
        if let Some(name) = injected {
            self.load_name(loc, name)?;
            self.op_arg(loc, kind.add, 1);
        }
        if kind.tuple {
            self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::ListToTuple as u32);
        }
        Ok(())
    }

    fn dict(&mut self, loc: Loc, dict: &'a ExprDict) -> Gen {
        let items = &dict.items;
        let mut have_dict = false;
        let mut waiting = 0;
        for (index, item) in items.iter().enumerate() {
            if item.key.is_none() {
                if waiting > 0 {
                    self.part_of_dict(loc, dict, index - waiting, index, &mut have_dict)?;
                    waiting = 0;
                }
                if !have_dict {
                    self.op_arg(loc, Ir::BuildMap, 0);
                    have_dict = true;
                }
                self.expr(&item.value)?;
                self.op_arg(loc, Ir::DictUpdate, 1);
            } else if waiting * 2 > STACK_USE_GUIDELINE {
                self.part_of_dict(loc, dict, index - waiting, index + 1, &mut have_dict)?;
                waiting = 0;
            } else {
                waiting += 1;
            }
        }
        if waiting > 0 {
            self.part_of_dict(loc, dict, items.len() - waiting, items.len(), &mut have_dict)?;
        }
        if !have_dict {
            self.op_arg(loc, Ir::BuildMap, 0);
        }
        Ok(())
    }

    /// Builds a dict of some items, and joins it to the one that is there.
    fn part_of_dict(&mut self, loc: Loc, dict: &'a ExprDict, from: usize, to: usize, have_dict: &mut bool) -> Gen {
        let big = (to - from) * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_arg(loc, Ir::BuildMap, 0);
        }
        for item in &dict.items[from..to] {
            if let Some(key) = &item.key {
                self.expr(key)?;
            }
            self.expr(&item.value)?;
            if big {
                self.op_arg(loc, Ir::MapAdd, 1);
            }
        }
        if !big {
            self.op_arg(loc, Ir::BuildMap, (to - from) as u32);
        }
        if *have_dict {
            self.op_arg(loc, Ir::DictUpdate, 1);
        }
        *have_dict = true;
        Ok(())
    }

    /// Loads a tuple of names.
    pub(super) fn load_names<'n>(&mut self, loc: Loc, names: impl Iterator<Item = &'n str>) {
        self.load_const(loc, Const::Tuple(names.map(Const::str).collect()));
    }
}
