//! The stack of open statements, and what `return`, `break` and `continue` undo on their way out.

use super::unit::{Frame, FrameBlock, Label};
use super::{Compiler, Gen};
use crate::op::Ir;
use crate::source::Loc;

/// CPython's `CO_MAXBLOCKS`.
const MAX_FRAMES: usize = 40;

impl<'a> Compiler<'a> {
    pub(super) fn push_frame(&mut self, loc: Loc, frame: Frame<'a>, start: Option<Label>, exit: Option<Label>) -> Gen {
        if self.unit_ref().frames.len() >= MAX_FRAMES {
            return self.error_at(loc, "too many statically nested blocks");
        }
        self.unit().frames.push(FrameBlock {
            frame,
            start,
            exit,
            loc,
        });
        Ok(())
    }

    pub(super) fn pop_frame(&mut self) {
        self.unit().frames.pop();
    }

    /// Undoes all open statements up to the function, or up to the innermost loop, which is returned.
    pub(super) fn unwind(&mut self, loc: &mut Loc, keep_top: bool, to_loop: bool) -> Gen<Option<FrameBlock<'a>>> {
        // The frames are taken off while their clean-up is generated (it may itself contain `return`), then put back.
        let saved = self.unit_ref().frames.clone();
        let mut found = None;
        while let Some(&top) = self.unit_ref().frames.last() {
            if matches!(top.frame, Frame::ExceptionGroupHandler) {
                let message = "'break', 'continue' and 'return' cannot appear in an except* block";
                return self.error_at(*loc, message);
            }
            if to_loop && matches!(top.frame, Frame::While | Frame::For | Frame::AsyncFor) {
                found = Some(top);
                break;
            }
            self.pop_frame();
            self.unwind_frame(loc, &top, keep_top)?;
        }
        self.unit().frames = saved;
        Ok(found)
    }

    pub(super) fn unwind_frame(&mut self, loc: &mut Loc, block: &FrameBlock<'a>, keep_top: bool) -> Gen {
        match block.frame {
            Frame::While
            | Frame::ExceptionHandler
            | Frame::ExceptionGroupHandler
            | Frame::AsyncComprehension
            | Frame::StopIteration => {}
            Frame::For | Frame::AsyncFor | Frame::PopValue => {
                self.keep_under(*loc, keep_top, 2);
                self.op(*loc, Ir::PopTop);
            }
            Frame::TryExcept => self.op(*loc, Ir::PopBlock),
            Frame::FinallyTry(body) => {
                self.op(*loc, Ir::PopBlock);
                if keep_top {
                    self.push_frame(*loc, Frame::PopValue, None, None)?;
                }
                self.body(body)?;
                if keep_top {
                    self.pop_frame();
                }
                *loc = Loc::NONE;
            }
            Frame::FinallyEnd => {
                self.keep_under(*loc, keep_top, 2);
                self.op(*loc, Ir::PopTop);
                self.keep_under(*loc, keep_top, 2);
                self.op(*loc, Ir::PopBlock);
                self.op(*loc, Ir::PopExcept);
            }
            Frame::With | Frame::AsyncWith => {
                *loc = block.loc;
                self.op(*loc, Ir::PopBlock);
                if keep_top {
                    self.op_arg(*loc, Ir::Swap, 3);
                    self.op_arg(*loc, Ir::Swap, 2);
                }
                self.call_exit_with_nones(*loc);
                if matches!(block.frame, Frame::AsyncWith) {
                    self.await_top(*loc, 2);
                }
                self.op(*loc, Ir::PopTop);
                *loc = Loc::NONE;
            }
            Frame::HandlerCleanup(name) => {
                if name.is_some() {
                    self.op(*loc, Ir::PopBlock);
                }
                self.keep_under(*loc, keep_top, 2);
                self.op(*loc, Ir::PopBlock);
                self.op(*loc, Ir::PopExcept);
                if let Some(name) = name {
                    self.clear_name(*loc, name)?;
                }
            }
        }
        Ok(())
    }

    fn keep_under(&mut self, loc: Loc, keep_top: bool, depth: u32) {
        if keep_top {
            self.op_arg(loc, Ir::Swap, depth);
        }
    }

    /// `name = None; del name`.
    pub(super) fn clear_name(&mut self, loc: Loc, name: &str) -> Gen {
        self.load_none(loc);
        self.store_name(loc, name)?;
        self.delete_name(loc, name)
    }

    pub(super) fn call_exit_with_nones(&mut self, loc: Loc) {
        for _ in 0..3 {
            self.load_none(loc);
        }
        self.op_arg(loc, Ir::Call, 3);
    }
}
