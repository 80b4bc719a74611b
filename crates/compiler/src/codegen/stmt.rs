//! Statements: bodies, dispatch, and the simple ones.

use ruff_python_ast::{ElifElseClause, Expr, Stmt, StmtAssert, StmtIf, StmtReturn};

use super::unit::UnitKind;
use super::{Access, Compiler, Gen};
use crate::code::Const;
use crate::literal;
use crate::op::{CommonConstant, Intrinsic1, Ir};
use crate::source::Loc;

impl<'a> Compiler<'a> {
    /// The body of a module.
    pub(super) fn module(&mut self, body: &'a [Stmt]) -> Gen {
        let loc = self.body_loc(body);
        if self.block().has_conditional_annotations {
            self.op_arg(loc, Ir::BuildSet, 0);
            self.op_name(loc, Ir::StoreName, "__conditional_annotations__");
        }
        self.body_with_docstring(loc, body)
    }

    /// Where a module begins: its first statement.
    fn body_loc(&self, body: &[Stmt]) -> Loc {
        match body.first() {
            Some(Stmt::FunctionDef(def)) => self.definition_loc(def.range, &def.decorator_list).0,
            Some(Stmt::ClassDef(def)) => self.definition_loc(def.range, &def.decorator_list).0,
            Some(first) => self.loc(first),
            None => Loc::NONE,
        }
    }

    /// The body of a module or class, with its docstring and annotations.
    pub(super) fn body_with_docstring(&mut self, loc: Loc, body: &'a [Stmt]) -> Gen {
        if self.future_annotations() && self.block().annotations_used {
            self.op(loc, Ir::SetupAnnotations);
        }
        if body.is_empty() {
            return Ok(());
        }
        let mut rest = body;
        if !self.interactive
            && self.block().has_docstring
            && let Some(doc) = literal::docstring(body)
        {
            let text = self.string_value(doc)?;
            let doc_loc = self.loc(doc);
            self.load_const(doc_loc, Const::Str(literal::clean_docstring(&text)));
            self.store_name(Loc::NONE, "__doc__")?;
            rest = &body[1..];
        }
        self.body(rest)?;
        if self.future_annotations() {
            Ok(())
        } else {
            self.deferred_annotations(loc)
        }
    }

    pub(super) fn body(&mut self, body: &'a [Stmt]) -> Gen {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    pub(super) fn stmt(&mut self, stmt: &'a Stmt) -> Gen {
        if self.unit_ref().code.len() > crate::limits::MAX_INSTRUCTIONS {
            return Err(crate::limits::too_deep(self.source));
        }
        self.deeper(|this| this.stmt_inner(stmt))
    }

    fn stmt_inner(&mut self, stmt: &'a Stmt) -> Gen {
        let loc = self.loc(stmt);
        match stmt {
            Stmt::FunctionDef(def) => self.function(def),
            Stmt::ClassDef(def) => self.class(def),
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::Return(stmt) => self.return_stmt(stmt),
            Stmt::Delete(stmt) => stmt.targets.iter().try_for_each(|target| self.delete_target(target)),
            Stmt::Assign(stmt) => {
                self.expr(&stmt.value)?;
                for (index, target) in stmt.targets.iter().enumerate() {
                    if index + 1 < stmt.targets.len() {
                        self.op_arg(loc, Ir::Copy, 1);
                    }
                    self.store_target(target)?;
                }
                Ok(())
            }
            Stmt::AugAssign(stmt) => self.aug_assign(stmt),
            Stmt::AnnAssign(stmt) => self.ann_assign(stmt),
            Stmt::Raise(stmt) => {
                let mut count = 0;
                for part in [&stmt.exc, &stmt.cause].into_iter().flatten() {
                    self.expr(part)?;
                    count += 1;
                }
                self.op_arg(loc, Ir::RaiseVarargs, count);
                Ok(())
            }
            Stmt::Assert(stmt) => self.assert_stmt(stmt),
            Stmt::Import(stmt) => self.import(stmt),
            Stmt::ImportFrom(stmt) => self.import_from(stmt),
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::Expr(stmt) => self.expr_stmt(loc, &stmt.value),
            Stmt::Pass(_) => {
                self.op(loc, Ir::Nop);
                Ok(())
            }
            Stmt::Break(_) => self.break_stmt(loc),
            Stmt::Continue(_) => self.continue_stmt(loc),
            Stmt::IpyEscapeCommand(stmt) => self.error(stmt, "invalid syntax"),
            Stmt::For(_) | Stmt::While(_) | Stmt::If(_) | Stmt::Match(_) | Stmt::Try(_) | Stmt::With(_) => {
                self.unit().in_conditional_block += 1;
                let result = self.compound(stmt);
                self.unit().in_conditional_block -= 1;
                result
            }
        }
    }

    fn compound(&mut self, stmt: &'a Stmt) -> Gen {
        match stmt {
            Stmt::For(stmt) if stmt.is_async => self.async_for(stmt),
            Stmt::For(stmt) => self.for_stmt(stmt),
            Stmt::While(stmt) => self.while_stmt(stmt),
            Stmt::If(stmt) => self.if_stmt(stmt),
            Stmt::Match(stmt) => self.match_stmt(stmt),
            Stmt::Try(stmt) => self.try_stmt(stmt),
            Stmt::With(stmt) => self.with_stmt(stmt, 0),
            _ => Ok(()),
        }
    }

    fn expr_stmt(&mut self, loc: Loc, value: &'a Expr) -> Gen {
        if self.interactive && self.units.len() == 1 {
            self.expr(value)?;
            self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::Print as u32);
            self.op(Loc::NONE, Ir::PopTop);
            return Ok(());
        }
        if self.is_constant(value) {
            // Its warnings are still given.
            self.constant(value)?;
            self.op(loc, Ir::Nop);
            return Ok(());
        }
        self.expr(value)?;
        self.op(Loc::NONE, Ir::PopTop);
        Ok(())
    }

    fn return_stmt(&mut self, stmt: &'a StmtReturn) -> Gen {
        let mut loc = self.loc(stmt);
        let stmt_loc = loc;
        let block = self.block();
        if !block.kind.is_function_like() {
            return self.error_at(loc, "'return' outside function");
        }
        if stmt.value.is_some() && block.coroutine && block.generator {
            return self.error_at(loc, "'return' with value in async generator");
        }
        let constant = match stmt.value.as_deref() {
            None => Some(Const::None),
            Some(value) => self.constant(value)?,
        };
        match stmt.value.as_deref() {
            Some(value) if constant.is_none() => self.expr(value)?,
            Some(value) => {
                loc = self.expr_loc(value);
                self.op(loc, Ir::Nop);
            }
            None => {}
        }
        let same_line = stmt
            .value
            .as_deref()
            .is_some_and(|value| self.expr_loc(value).line == stmt_loc.line);
        if !same_line {
            loc = stmt_loc;
            self.op(loc, Ir::Nop);
        }
        self.unwind(&mut loc, constant.is_none(), false)?;
        if let Some(constant) = constant {
            self.load_const(loc, constant);
        }
        self.op(loc, Ir::ReturnValue);
        Ok(())
    }

    fn break_stmt(&mut self, loc: Loc) -> Gen {
        let mut at = loc;
        self.op(loc, Ir::Nop);
        let Some(block) = self.unwind(&mut at, false, true)? else {
            return self.error_at(loc, "'break' outside loop");
        };
        self.unwind_frame(&mut at, &block, false)?;
        if let Some(exit) = block.exit {
            self.jump(at, Ir::Jump, exit);
        }
        Ok(())
    }

    fn continue_stmt(&mut self, loc: Loc) -> Gen {
        let mut at = loc;
        self.op(loc, Ir::Nop);
        let Some(block) = self.unwind(&mut at, false, true)? else {
            return self.error_at(loc, "'continue' not properly in loop");
        };
        if let Some(start) = block.start {
            self.jump(at, Ir::Jump, start);
        }
        Ok(())
    }

    fn if_stmt(&mut self, stmt: &'a StmtIf) -> Gen {
        let end = self.label();
        let loc = self.loc(stmt);
        self.if_branch(loc, &stmt.test, &stmt.body, &stmt.elif_else_clauses, end)?;
        // CPython nests an `elif` in the `else` before it, which only shows in the order of labels.
        for (index, clause) in stmt.elif_else_clauses.iter().enumerate() {
            match &clause.test {
                Some(test) => {
                    let loc = self.loc(clause);
                    let rest = &stmt.elif_else_clauses[index + 1..];
                    self.if_branch(loc, test, &clause.body, rest, end)?;
                }
                None => self.body(&clause.body)?,
            }
        }
        self.place(end);
        Ok(())
    }

    fn if_branch(
        &mut self,
        loc: Loc,
        test: &'a Expr,
        body: &'a [Stmt],
        rest: &'a [ElifElseClause],
        end: super::Label,
    ) -> Gen {
        let next = if rest.is_empty() { end } else { self.label() };
        self.jump_if(loc, test, next, false)?;
        self.body(body)?;
        if !rest.is_empty() {
            self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
            self.place(next);
        }
        Ok(())
    }

    fn assert_stmt(&mut self, stmt: &'a StmtAssert) -> Gen {
        let loc = self.loc(stmt);
        if let Expr::Tuple(tuple) = &*stmt.test
            && !tuple.elts.is_empty()
        {
            self.warn(loc, "assertion is always true, perhaps remove parentheses?");
        }
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.label();
        self.jump_if(loc, &stmt.test, end, true)?;
        self.op_arg(loc, Ir::LoadCommonConstant, CommonConstant::AssertionError as u32);
        if let Some(message) = &stmt.msg {
            self.expr(message)?;
            self.op_arg(loc, Ir::Call, 0);
        }
        let test_loc = self.expr_loc(&stmt.test);
        self.op_arg(test_loc, Ir::RaiseVarargs, 1);
        self.place(end);
        Ok(())
    }

    fn delete_target(&mut self, target: &'a Expr) -> Gen {
        self.target(target, Access::Delete)
    }

    /// Whether the unit is a module or class, where annotations are kept.
    pub(super) fn keeps_annotations(&self) -> bool {
        matches!(self.unit_ref().kind, UnitKind::Module | UnitKind::Class)
    }
}
