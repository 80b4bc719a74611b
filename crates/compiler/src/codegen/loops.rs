//! `for`, `async for`, `while`, and waiting for an awaitable.

use ruff_python_ast::{StmtFor, StmtWhile};

use super::unit::Frame;
use super::{Compiler, Gen};
use crate::op::Ir;
use crate::source::Loc;

impl<'a> Compiler<'a> {
    pub(super) fn for_stmt(&mut self, stmt: &'a StmtFor) -> Gen {
        let (start, cleanup, end) = (self.label(), self.label(), self.label());
        let loc = self.block_loc(stmt.range);
        self.push_frame(loc, Frame::For, Some(start), Some(end))?;
        self.expr(&stmt.iter)?;
        let iter_loc = self.expr_loc(&stmt.iter);
        self.op(iter_loc, Ir::GetIter);
        self.place(start);
        self.jump(iter_loc, Ir::ForIter, cleanup);
        let target_loc = self.expr_loc(&stmt.target);
        self.op(target_loc, Ir::Nop);
        self.store_target(&stmt.target)?;
        self.body(&stmt.body)?;
        self.jump(Loc::NONE, Ir::Jump, start);
        self.place(cleanup);
        self.op(Loc::NONE, Ir::EndFor);
        self.op(Loc::NONE, Ir::PopIter);
        self.pop_frame();
        self.body(&stmt.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn async_for(&mut self, stmt: &'a StmtFor) -> Gen {
        let (start, except, end) = (self.label(), self.label(), self.label());
        let loc = self.block_loc(stmt.range);
        let iter_loc = self.expr_loc(&stmt.iter);
        self.expr(&stmt.iter)?;
        self.op(iter_loc, Ir::GetAiter);
        self.place(start);
        self.push_frame(loc, Frame::AsyncFor, Some(start), Some(end))?;
        self.jump(loc, Ir::SetupFinally, except);
        self.op(loc, Ir::GetAnext);
        self.load_none(loc);
        self.yield_from(loc, true);
        self.op(loc, Ir::PopBlock);
        self.store_target(&stmt.target)?;
        self.body(&stmt.body)?;
        self.jump(Loc::NONE, Ir::Jump, start);
        self.pop_frame();
        self.place(except);
        self.op(iter_loc, Ir::EndAsyncFor);
        self.body(&stmt.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn while_stmt(&mut self, stmt: &'a StmtWhile) -> Gen {
        let (start, end, anchor) = (self.label(), self.label(), self.label());
        let loc = self.block_loc(stmt.range);
        self.place(start);
        self.push_frame(loc, Frame::While, Some(start), Some(end))?;
        self.jump_if(loc, &stmt.test, anchor, false)?;
        self.body(&stmt.body)?;
        self.jump(Loc::NONE, Ir::Jump, start);
        self.pop_frame();
        self.place(anchor);
        self.body(&stmt.orelse)?;
        self.place(end);
        Ok(())
    }

    /// Delegates to the iterator under the top (the value to send first).
    pub(super) fn yield_from(&mut self, loc: Loc, is_await: bool) {
        let (send, fail, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.jump(loc, Ir::Send, exit);
        self.jump(loc, Ir::SetupFinally, fail);
        self.op_arg(loc, Ir::YieldValue, 1);
        self.op(Loc::NONE, Ir::PopBlock);
        self.op_arg(loc, Ir::Resume, if is_await { 3 } else { 2 });
        self.jump(loc, Ir::JumpNoInterrupt, send);
        self.place(fail);
        self.op(loc, Ir::CleanupThrow);
        self.place(exit);
        self.op(loc, Ir::EndSend);
    }

    /// Awaits the top of the stack; `kind` is `GET_AWAITABLE`'s argument.
    pub(super) fn await_top(&mut self, loc: Loc, kind: u32) {
        self.op_arg(loc, Ir::GetAwaitable, kind);
        self.load_none(loc);
        self.yield_from(loc, true);
    }
}
