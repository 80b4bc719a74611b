//! Giving a line to instructions that have none (PEP 626: every exit of a function has the right line).

use super::{Bid, Graph};
use crate::source::Loc;

impl Graph {
    pub(super) fn resolve_lines(&mut self) {
        self.duplicate_exits_without_line();
        self.propagate_lines();
    }

    fn is_exit_without_line(&self, id: Bid) -> bool {
        let block = self.block(id);
        let relevant = block.exits_scope() || block.code.iter().any(|inst| inst.op.has_eval_break());
        relevant && block.has_no_line()
    }

    /// Copies exits that several jumps share, so that each can take the line of its jump.
    fn duplicate_exits_without_line(&mut self) {
        // In the order of the text, which grows while we go.
        let mut at = Some(Graph::ENTRY);
        while let Some(id) = at {
            let jump = self
                .block(id)
                .code
                .last()
                .filter(|last| last.op.is_jump())
                .and_then(|last| last.target);
            if let Some(target) = self.nonempty(jump)
                && self.is_exit_without_line(target)
                && self.block(target).predecessors > 1
                && !self.block(target).falls_through()
            {
                self.split_exit(id, target);
            }
            at = self.block(id).next;
        }
        for id in self.order() {
            let block = self.block(id);
            let Some(next) = block.next else { continue };
            let Some(last) = block.code.last() else { continue };
            let loc = last.loc;
            if block.falls_through()
                && self.is_exit_without_line(next)
                && let Some(first) = self.block_mut(next).code.first_mut()
            {
                first.loc = loc;
            }
        }
    }

    fn split_exit(&mut self, from: Bid, target: Bid) {
        let mut copy = self.block(target).clone();
        let Some(last) = self.block(from).code.last() else {
            return;
        };
        if let Some(first) = copy.code.first_mut() {
            first.loc = last.loc;
        }
        copy.predecessors = 1;
        let id = self.add_block(copy);
        if let Some(last) = self.block_mut(from).code.last_mut() {
            last.target = Some(id);
        }
        let block = self.block_mut(target);
        block.predecessors -= 1;
        block.next = Some(id);
    }

    /// Instructions without line take that of the one before; a block with one way in, that of where it comes from.
    fn propagate_lines(&mut self) {
        for id in self.order() {
            let mut previous = Loc::NONE;
            let block = self.block_mut(id);
            if block.code.is_empty() {
                continue;
            }
            for inst in &mut block.code {
                if inst.loc.line == Loc::NONE.line {
                    inst.loc = previous;
                } else {
                    previous = inst.loc;
                }
            }
            let mut heirs = Vec::new();
            if block.falls_through() {
                heirs.extend(block.next);
            }
            if let Some(last) = block.code.last()
                && last.op.is_jump()
            {
                heirs.extend(last.target);
            }
            for heir in heirs {
                let heir = self.block_mut(heir);
                if heir.predecessors == 1
                    && let Some(first) = heir.code.first_mut()
                    && first.loc.line == Loc::NONE.line
                {
                    first.loc = previous;
                }
            }
        }
    }
}
