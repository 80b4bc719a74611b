//! Which handler each instruction's exceptions go to.

use super::{Bid, Graph};
use crate::op::Ir;

impl Graph {
    pub(super) fn mark_handlers(&mut self) {
        for index in 0..self.blocks.len() {
            let targets: Vec<Bid> = self.blocks[index]
                .code
                .iter()
                .filter(|inst| inst.op.is_block_push())
                .filter_map(|inst| inst.target)
                .collect();
            for target in targets {
                self.block_mut(target).is_handler = true;
            }
        }
    }

    /// Follows control with the stack of open handlers, and notes the innermost at each instruction.
    pub(super) fn label_exception_targets(&mut self) {
        let mut stacks: Vec<Option<Vec<Bid>>> = vec![None; self.blocks.len()];
        let mut todo = vec![Graph::ENTRY];
        if let Some(first) = stacks.first_mut() {
            *first = Some(Vec::new());
        }
        while let Some(id) = todo.pop() {
            let mut stack = stacks[id.0 as usize].clone().unwrap_or_default();
            let mut visit = |target: Option<Bid>, stack: &[Bid], todo: &mut Vec<Bid>| {
                if let Some(target) = target
                    && let slot @ None = &mut stacks[target.0 as usize]
                {
                    *slot = Some(stack.to_vec());
                    todo.push(target);
                }
            };
            for index in 0..self.block(id).code.len() {
                let inst = &mut self.block_mut(id).code[index];
                let (op, target) = (inst.op, inst.target);
                // What opens a handler raises nothing itself.
                inst.except = stack.last().copied().filter(|_| !op.is_block_push());
                if op.is_block_push() {
                    visit(target, &stack, &mut todo);
                    if let Some(target) = target {
                        if matches!(op, Ir::SetupWith | Ir::SetupCleanup) {
                            self.block_mut(target).preserve_lasti = true;
                        }
                        stack.push(target);
                    }
                } else if op == Ir::PopBlock {
                    stack.pop();
                    inst.set_nop();
                    inst.except = None;
                } else if op.is_jump() {
                    visit(target, &stack, &mut todo);
                }
            }
            if self.block(id).falls_through() {
                visit(self.block(id).next, &stack, &mut todo);
            }
        }
    }
}
