//! `with` and `async with`.

use ruff_python_ast::StmtWith;

use super::unit::Frame;
use super::{Compiler, Gen, Label};
use crate::op::{Ir, SpecialMethod};
use crate::source::Loc;

impl<'a> Compiler<'a> {
    /// The items from `index` on, and the body.
    pub(super) fn with_stmt(&mut self, stmt: &'a StmtWith, index: usize) -> Gen {
        let Some(item) = stmt.items.get(index) else {
            return self.body(&stmt.body);
        };
        let (body, finally, exit, cleanup) = (self.label(), self.label(), self.label(), self.label());
        self.expr(&item.context_expr)?;
        let loc = self.expr_loc(&item.context_expr);
        let (enter_method, exit_method) = match stmt.is_async {
            true => (SpecialMethod::Aenter, SpecialMethod::Aexit),
            false => (SpecialMethod::Enter, SpecialMethod::Exit),
        };
        self.op_arg(loc, Ir::Copy, 1);
        self.op_arg(loc, Ir::LoadSpecial, exit_method as u32);
        self.op_arg(loc, Ir::Swap, 2);
        self.op_arg(loc, Ir::Swap, 3);
        self.op_arg(loc, Ir::LoadSpecial, enter_method as u32);
        self.op_arg(loc, Ir::Call, 0);
        if stmt.is_async {
            self.await_top(loc, 1);
        }
        self.jump(loc, Ir::SetupWith, finally);
        self.place(body);
        let frame = if stmt.is_async { Frame::AsyncWith } else { Frame::With };
        self.push_frame(loc, frame, Some(body), Some(finally))?;
        match &item.optional_vars {
            Some(target) => self.store_target(target)?,
            None => self.op(loc, Ir::PopTop),
        }
        self.deeper(|this| this.with_stmt(stmt, index + 1))?;

        let end_loc = if stmt.is_async { loc } else { Loc::NONE };
        self.op(end_loc, Ir::PopBlock);
        self.pop_frame();
        self.call_exit_with_nones(loc);
        if stmt.is_async {
            self.await_top(loc, 2);
        }
        self.op(loc, Ir::PopTop);
        self.jump(loc, Ir::Jump, exit);

        self.place(finally);
        self.jump(loc, Ir::SetupCleanup, cleanup);
        self.op(loc, Ir::PushExcInfo);
        self.op(loc, Ir::WithExceptStart);
        if stmt.is_async {
            self.await_top(loc, 2);
        }
        self.with_except_finish(cleanup);
        self.place(exit);
        Ok(())
    }

    fn with_except_finish(&mut self, cleanup: Label) {
        let suppress = self.label();
        self.op(Loc::NONE, Ir::ToBool);
        self.jump(Loc::NONE, Ir::PopJumpIfTrue, suppress);
        self.op_arg(Loc::NONE, Ir::Reraise, 2);
        self.place(suppress);
        self.op(Loc::NONE, Ir::PopTop);
        self.op(Loc::NONE, Ir::PopBlock);
        self.op(Loc::NONE, Ir::PopExcept);
        for _ in 0..3 {
            self.op(Loc::NONE, Ir::PopTop);
        }
        let exit = self.label();
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, exit);
        self.place(cleanup);
        self.pop_except_and_reraise(Loc::NONE);
        self.place(exit);
    }
}
