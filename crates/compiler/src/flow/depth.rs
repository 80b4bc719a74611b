//! How deep the value stack gets, and how deep it is at the start of each block.

use super::{Bid, Graph, Inst};
use crate::op::{Ir, stack_effect};

/// The effect of an instruction on the stack.
fn effect(inst: &Inst, jumps: bool) -> i32 {
    match inst.op.op() {
        Some(op) => stack_effect(op, inst.arg, jumps),
        None => match inst.op {
            Ir::SetupFinally | Ir::SetupWith if jumps => 1,
            Ir::SetupCleanup if jumps => 2,
            Ir::LoadClosure => 1,
            Ir::StoreFastMaybeNull => -1,
            _ => 0,
        },
    }
}

impl Graph {
    /// The deepest the stack gets. Notes the depth at the start of each block that can be reached.
    pub(super) fn stack_depth(&mut self) -> Result<u32, String> {
        for block in &mut self.blocks {
            block.start_depth = -1;
        }
        let mut deepest = 0;
        let mut todo = Vec::new();
        self.reach(Graph::ENTRY, 0, &mut todo)?;
        while let Some(id) = todo.pop() {
            let mut depth = self.block(id).start_depth;
            let mut next = self.block(id).next;
            for index in 0..self.block(id).code.len() {
                let inst = self.block(id).code[index];
                let after = depth + effect(&inst, false);
                if after < 0 {
                    return Err("internal error: the stack is popped empty".into());
                }
                deepest = deepest.max(after);
                if let Some(target) = inst.target
                    && !matches!(inst.op, Ir::EndAsyncFor)
                {
                    let there = depth + effect(&inst, true);
                    deepest = deepest.max(there);
                    self.reach(target, there, &mut todo)?;
                }
                depth = after;
                if inst.op.is_unconditional_jump() || inst.op.is_scope_exit() {
                    next = None;
                    break;
                }
            }
            if let Some(next) = next {
                self.reach(next, depth, &mut todo)?;
            }
        }
        Ok(deepest as u32)
    }

    fn reach(&mut self, id: Bid, depth: i32, todo: &mut Vec<Bid>) -> Result<(), String> {
        let block = self.block_mut(id);
        if block.start_depth < 0 {
            block.start_depth = depth;
            todo.push(id);
        } else if block.start_depth != depth {
            return Err("internal error: ways of different stack depth meet".into());
        }
        Ok(())
    }
}
