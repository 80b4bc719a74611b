//! `try` with `except`, `except*`, `else` and `finally`.
//!
//! A `finally` body is generated twice, once for the ways out without an exception (and again for each `return`,
//! `break` or `continue` out of the body) and once for exceptions.

use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, StmtTry};

use super::unit::Frame;
use super::{Compiler, Gen, Label};
use crate::op::{Intrinsic2, Ir};
use crate::source::Loc;

impl<'a> Compiler<'a> {
    pub(super) fn try_stmt(&mut self, stmt: &'a StmtTry) -> Gen {
        if stmt.finalbody.is_empty() {
            self.try_except(stmt)
        } else {
            self.try_finally(stmt)
        }
    }

    fn try_finally(&mut self, stmt: &'a StmtTry) -> Gen {
        let loc = self.block_loc(stmt.range);
        let (body, end, exit, cleanup) = (self.label(), self.label(), self.label(), self.label());
        self.jump(loc, Ir::SetupFinally, end);
        self.place(body);
        self.push_frame(loc, Frame::FinallyTry(&stmt.finalbody), Some(body), Some(end))?;
        if stmt.handlers.is_empty() {
            self.body(&stmt.body)?;
        } else {
            self.try_except(stmt)?;
        }
        self.op(Loc::NONE, Ir::PopBlock);
        self.pop_frame();
        self.body(&stmt.finalbody)?;
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, exit);

        self.place(end);
        self.jump(Loc::NONE, Ir::SetupCleanup, cleanup);
        self.op(Loc::NONE, Ir::PushExcInfo);
        self.push_frame(Loc::NONE, Frame::FinallyEnd, Some(end), None)?;
        self.body(&stmt.finalbody)?;
        self.pop_frame();
        self.op_arg(Loc::NONE, Ir::Reraise, 0);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(exit);
        Ok(())
    }

    pub(super) fn pop_except_and_reraise(&mut self, loc: Loc) {
        self.op_arg(loc, Ir::Copy, 3);
        self.op(loc, Ir::PopExcept);
        self.op_arg(loc, Ir::Reraise, 1);
    }

    fn try_except(&mut self, stmt: &'a StmtTry) -> Gen {
        if stmt.is_star {
            return self.try_star(stmt);
        }
        let loc = self.block_loc(stmt.range);
        let (body, except, end, cleanup) = (self.label(), self.label(), self.label(), self.label());
        self.jump(loc, Ir::SetupFinally, except);
        self.place(body);
        self.push_frame(loc, Frame::TryExcept, Some(body), None)?;
        self.body(&stmt.body)?;
        self.pop_frame();
        self.op(Loc::NONE, Ir::PopBlock);
        self.body(&stmt.orelse)?;
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);

        self.place(except);
        self.jump(Loc::NONE, Ir::SetupCleanup, cleanup);
        self.op(Loc::NONE, Ir::PushExcInfo);
        self.push_frame(loc, Frame::ExceptionHandler, None, None)?;
        let count = stmt.handlers.len();
        for (index, ExceptHandler::ExceptHandler(handler)) in stmt.handlers.iter().enumerate() {
            if handler.type_.is_none() && index + 1 < count {
                return self.error(handler, "default 'except:' must be last");
            }
            self.except_handler(handler, end)?;
        }
        self.pop_frame();
        self.op_arg(Loc::NONE, Ir::Reraise, 0);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(end);
        Ok(())
    }

    fn except_handler(&mut self, handler: &'a ExceptHandlerExceptHandler, end: Label) -> Gen {
        let loc = self.block_loc(handler.range);
        let next = self.label();
        if let Some(kind) = &handler.type_ {
            self.expr(kind)?;
            self.op(loc, Ir::CheckExcMatch);
            self.jump(loc, Ir::PopJumpIfFalse, next);
        }
        match &handler.name {
            Some(name) => {
                let (cleanup_end, cleanup_body) = (self.label(), self.label());
                self.store_name(loc, name)?;
                self.jump(loc, Ir::SetupCleanup, cleanup_end);
                self.place(cleanup_body);
                self.push_frame(loc, Frame::HandlerCleanup(Some(name)), Some(cleanup_body), None)?;
                self.body(&handler.body)?;
                self.pop_frame();
                self.op(Loc::NONE, Ir::PopBlock);
                self.op(Loc::NONE, Ir::PopBlock);
                self.op(Loc::NONE, Ir::PopExcept);
                self.clear_name(Loc::NONE, name)?;
                self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
                self.place(cleanup_end);
                self.clear_name(Loc::NONE, name)?;
                self.op_arg(Loc::NONE, Ir::Reraise, 1);
            }
            None => {
                let cleanup_body = self.label();
                self.op(loc, Ir::PopTop);
                self.place(cleanup_body);
                self.push_frame(loc, Frame::HandlerCleanup(None), Some(cleanup_body), None)?;
                self.body(&handler.body)?;
                self.pop_frame();
                self.op(Loc::NONE, Ir::PopBlock);
                self.op(Loc::NONE, Ir::PopExcept);
                self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
            }
        }
        self.place(next);
        Ok(())
    }

    fn try_star(&mut self, stmt: &'a StmtTry) -> Gen {
        let loc = self.block_loc(stmt.range);
        let (body, except, orelse) = (self.label(), self.label(), self.label());
        let (end, cleanup, reraise_star) = (self.label(), self.label(), self.label());
        self.jump(loc, Ir::SetupFinally, except);
        self.place(body);
        self.push_frame(loc, Frame::TryExcept, Some(body), None)?;
        self.body(&stmt.body)?;
        self.pop_frame();
        self.op(Loc::NONE, Ir::PopBlock);
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, orelse);

        self.place(except);
        self.jump(Loc::NONE, Ir::SetupCleanup, cleanup);
        self.op(Loc::NONE, Ir::PushExcInfo);
        self.push_frame(loc, Frame::ExceptionGroupHandler, None, None)?;
        let count = stmt.handlers.len();
        for (index, ExceptHandler::ExceptHandler(handler)) in stmt.handlers.iter().enumerate() {
            if index == 0 {
                // Below: the group, a list of what the handlers raise, what is left of the group.
                let loc = self.block_loc(handler.range);
                self.op_arg(loc, Ir::BuildList, 0);
                self.op_arg(loc, Ir::Copy, 2);
            }
            let last = (index + 1 == count).then_some(reraise_star);
            self.star_handler(handler, last)?;
        }
        self.pop_frame();
        let reraise = self.label();
        self.place(reraise_star);
        self.op_arg(Loc::NONE, Ir::CallIntrinsic2, Intrinsic2::PrepReraiseStar as u32);
        self.op_arg(Loc::NONE, Ir::Copy, 1);
        self.jump(Loc::NONE, Ir::PopJumpIfNotNone, reraise);
        self.op(Loc::NONE, Ir::PopTop);
        self.op(Loc::NONE, Ir::PopBlock);
        self.op(Loc::NONE, Ir::PopExcept);
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
        self.place(reraise);
        self.op(Loc::NONE, Ir::PopBlock);
        self.op_arg(Loc::NONE, Ir::Swap, 2);
        self.op(Loc::NONE, Ir::PopExcept);
        self.op_arg(Loc::NONE, Ir::Reraise, 0);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(orelse);
        self.body(&stmt.orelse)?;
        self.place(end);
        Ok(())
    }

    fn star_handler(&mut self, handler: &'a ExceptHandlerExceptHandler, last: Option<Label>) -> Gen {
        let loc = self.block_loc(handler.range);
        let (next, with_error, no_match) = (self.label(), self.label(), self.label());
        if let Some(kind) = &handler.type_ {
            self.expr(kind)?;
            self.op(loc, Ir::CheckEgMatch);
            self.op_arg(loc, Ir::Copy, 1);
            self.jump(loc, Ir::PopJumpIfNone, no_match);
        }
        let (cleanup_end, cleanup_body) = (self.label(), self.label());
        let name = handler.name.as_deref();
        match name {
            Some(name) => self.store_name(loc, name)?,
            None => self.op(loc, Ir::PopTop),
        }
        self.jump(loc, Ir::SetupCleanup, cleanup_end);
        self.place(cleanup_body);
        self.push_frame(loc, Frame::HandlerCleanup(name), Some(cleanup_body), None)?;
        self.body(&handler.body)?;
        self.pop_frame();
        self.op(Loc::NONE, Ir::PopBlock);
        if let Some(name) = name {
            self.clear_name(Loc::NONE, name)?;
        }
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, next);
        self.place(cleanup_end);
        if let Some(name) = name {
            self.clear_name(Loc::NONE, name)?;
        }
        self.op_arg(Loc::NONE, Ir::ListAppend, 3);
        self.op(Loc::NONE, Ir::PopTop);
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, with_error);
        self.place(next);
        self.op(Loc::NONE, Ir::Nop);
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, with_error);
        self.place(no_match);
        self.op(loc, Ir::PopTop);
        self.place(with_error);
        if let Some(reraise_star) = last {
            self.op_arg(Loc::NONE, Ir::ListAppend, 1);
            self.jump(Loc::NONE, Ir::JumpNoInterrupt, reraise_star);
        }
        Ok(())
    }
}
