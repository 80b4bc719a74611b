//! The order of blocks in the text, and the direction of jumps.

use super::{BasicBlock, Bid, Graph, Inst};
use crate::op::Ir;
use crate::source::Loc;

impl Graph {
    /// Marks blocks that control reaches without an exception, then those that only handlers reach.
    fn mark_cold(&mut self) {
        let mut visited = vec![false; self.blocks.len()];
        let mut todo = vec![Graph::ENTRY];
        if let Some(first) = visited.first_mut() {
            *first = true;
        }
        while let Some(id) = todo.pop() {
            self.block_mut(id).warm = true;
            for target in self.successors(id) {
                if !std::mem::replace(&mut visited[target.0 as usize], true) {
                    todo.push(target);
                }
            }
        }
        let mut visited = vec![false; self.blocks.len()];
        for id in self.order() {
            if self.block(id).is_handler {
                visited[id.0 as usize] = true;
                todo.push(id);
            }
        }
        while let Some(id) = todo.pop() {
            self.block_mut(id).cold = true;
            for target in self.successors(id) {
                if !self.block(target).warm && !std::mem::replace(&mut visited[target.0 as usize], true) {
                    todo.push(target);
                }
            }
        }
    }

    fn successors(&self, id: Bid) -> Vec<Bid> {
        let block = self.block(id);
        let next = block.next.filter(|_| block.falls_through());
        let jumps = block
            .code
            .iter()
            .filter(|inst| inst.op.is_jump())
            .filter_map(|inst| inst.target);
        next.into_iter().chain(jumps).collect()
    }

    /// Moves exception handlers behind everything else.
    pub(super) fn push_cold_blocks_to_end(&mut self) {
        if self.blocks.first().is_none_or(|entry| entry.next.is_none()) {
            return;
        }
        self.mark_cold();
        for id in self.order() {
            let block = self.block(id);
            let Some(next) = block.next else { continue };
            if block.cold && block.falls_through() && self.block(next).warm {
                self.jump_explicitly(id, next);
            }
        }
        let (cold, warm): (Vec<Bid>, Vec<Bid>) = self.order().into_iter().partition(|id| self.block(*id).cold);
        let any_cold = !cold.is_empty();
        let order: Vec<Bid> = warm.into_iter().chain(cold).collect();
        for pair in order.windows(2) {
            self.block_mut(pair[0]).next = Some(pair[1]);
        }
        if let Some(last) = order.last() {
            self.block_mut(*last).next = None;
        }
        if any_cold {
            self.remove_nops_and_jumps();
        }
    }

    fn jump_explicitly(&mut self, from: Bid, to: Bid) {
        let mut jump = Inst::new(Ir::JumpNoInterrupt, 0, Loc::NONE);
        jump.target = Some(to);
        self.block_mut(to).is_target = true;
        let id = self.add_block(BasicBlock {
            code: vec![jump],
            next: Some(to),
            cold: true,
            predecessors: 1,
            start_depth: -1,
            ..Default::default()
        });
        self.block_mut(from).next = Some(id);
    }

    /// Gives jumps their direction. Conditional jumps only go forward: a backward one is turned round.
    pub(super) fn normalize_jumps(&mut self) {
        let mut seen = vec![false; self.blocks.len()];
        let mut at = Some(Graph::ENTRY);
        while let Some(id) = at {
            if let Some(flag) = seen.get_mut(id.0 as usize) {
                *flag = true;
            }
            at = self.block(id).next;
            let Some(last) = self.block(id).code.last().copied() else {
                continue;
            };
            let Some(target) = last.target else { continue };
            let backward = seen.get(target.0 as usize) == Some(&true);
            if last.op.is_conditional_jump() && backward {
                self.reverse_condition(id, last);
                continue;
            }
            let op = match (last.op, backward) {
                (Ir::Jump, true) => Ir::JumpBackward,
                (Ir::JumpNoInterrupt, true) => Ir::JumpBackwardNoInterrupt,
                (Ir::Jump | Ir::JumpNoInterrupt, false) => Ir::JumpForward,
                (op, _) => op,
            };
            if let Some(last) = self.block_mut(id).code.last_mut() {
                last.op = op;
            }
        }
    }

    fn reverse_condition(&mut self, id: Bid, last: Inst) {
        let reversed = match last.op {
            Ir::PopJumpIfTrue => Ir::PopJumpIfFalse,
            Ir::PopJumpIfFalse => Ir::PopJumpIfTrue,
            Ir::PopJumpIfNone => Ir::PopJumpIfNotNone,
            _ => Ir::PopJumpIfNone,
        };
        let next = self.block(id).next;
        let mut jump = Inst::new(Ir::JumpBackward, 0, last.loc);
        jump.target = last.target;
        let (cold, warm) = (self.block(id).cold, self.block(id).warm);
        let jump_block = BasicBlock {
            code: vec![jump],
            next,
            cold,
            warm,
            start_depth: -1,
            predecessors: 1,
            ..Default::default()
        };
        let jump_id = self.add_block(jump_block);
        let block = self.block_mut(id);
        block.next = Some(jump_id);
        if let Some(last) = block.code.last_mut() {
            last.op = reversed;
            last.target = next;
        }
    }
}
