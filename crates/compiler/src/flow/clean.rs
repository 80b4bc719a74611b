//! Removing what does nothing: unreachable blocks, NOPs, jumps to the next instruction, unused constants.

use super::{Bid, Graph};
use crate::code::Const;
use crate::codegen::ConstTable;
use crate::op::Ir;
use crate::source::Loc;

/// The largest exit block that is copied to where it is jumped to from.
const MAX_COPY_SIZE: usize = 4;

impl Graph {
    /// Counts the ways into each block and empties those without any.
    pub(super) fn remove_unreachable(&mut self) {
        for block in &mut self.blocks {
            block.predecessors = 0;
        }
        let mut visited = vec![false; self.blocks.len()];
        let mut todo = vec![Graph::ENTRY];
        if let Some(entry) = self.blocks.first_mut() {
            entry.predecessors = 1;
            visited[0] = true;
        }
        while let Some(id) = todo.pop() {
            let block = self.block(id);
            let mut targets: Vec<Bid> = Vec::new();
            if block.falls_through() {
                targets.extend(block.next);
            }
            targets.extend(block.code.iter().filter_map(|inst| inst.target));
            for target in targets {
                self.block_mut(target).predecessors += 1;
                if !std::mem::replace(&mut visited[target.0 as usize], true) {
                    todo.push(target);
                }
            }
        }
        for block in &mut self.blocks {
            if block.predecessors == 0 {
                block.code.clear();
                block.is_handler = false;
            }
        }
    }

    /// Replaces jumps to small blocks that leave the function, and to blocks without lines, by copies.
    pub(super) fn inline_small_exits(&mut self) {
        // Blocks without lines that jump to one another must not be copied for ever.
        let mut budget = 16 * self.blocks.len() + 64;
        loop {
            let mut changed = false;
            for id in self.order() {
                if budget > 0 && self.inline_jump_target(id) {
                    changed = true;
                    budget -= 1;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn inline_jump_target(&mut self, id: Bid) -> bool {
        let Some(last) = self.block(id).code.last() else {
            return false;
        };
        if !last.op.is_unconditional_jump() {
            return false;
        }
        let (Some(target), removed) = (last.target, last.op) else {
            return false;
        };
        if target == id {
            return false;
        }
        let block = self.block(target);
        let small_exit = block.exits_scope() && block.code.len() <= MAX_COPY_SIZE;
        let no_line = block.has_no_line() && !block.falls_through();
        if !small_exit && !no_line {
            return false;
        }
        let copied = block.code.clone();
        let this = self.block_mut(id);
        if let Some(last) = this.code.last_mut() {
            last.set_nop();
        }
        this.code.extend(copied);
        if no_line
            && removed == Ir::Jump
            && let Some(last) = this.code.last_mut()
            && last.op.is_unconditional_jump()
        {
            // A jump where the eval breaker is looked at stays one.
            last.op = Ir::Jump;
        }
        let block = self.block_mut(target);
        block.predecessors = block.predecessors.saturating_sub(1);
        true
    }

    /// Removes NOPs that no line needs; returns how many.
    fn remove_nops(&mut self) -> usize {
        self.order().into_iter().map(|id| self.remove_block_nops(id)).sum()
    }

    fn remove_block_nops(&mut self, id: Bid) -> usize {
        let following = self.line_after(self.block(id).next);
        let block = self.block_mut(id);
        let before = block.code.len();
        let mut kept = Vec::with_capacity(before);
        let mut previous_line = -1;
        for index in 0..before {
            let inst = block.code[index];
            let line = inst.loc.line;
            if inst.op == Ir::Nop {
                if line < 0 || previous_line == line {
                    continue;
                }
                match block.code.get_mut(index + 1) {
                    Some(next) if next.loc.line == line => continue,
                    Some(next) if next.loc.line < 0 => {
                        next.loc = inst.loc;
                        continue;
                    }
                    Some(_) => {}
                    None if following == Some(line) => continue,
                    None => {}
                }
            }
            kept.push(inst);
            previous_line = line;
        }
        let removed = before - kept.len();
        block.code = kept;
        removed
    }

    /// The line on which the block after another starts.
    fn line_after(&self, next: Option<Bid>) -> Option<i32> {
        let next = self.nonempty(next)?;
        let first = self
            .block(next)
            .code
            .iter()
            .find(|inst| inst.op != Ir::Nop || inst.loc.line != Loc::NONE.line);
        Some(first.map_or(Loc::NONE.line, |inst| inst.loc.line))
    }

    /// Also removes values that are pushed and popped at once.
    pub(super) fn remove_nops_and_pairs(&mut self) {
        loop {
            let mut done = true;
            let mut previous: Option<(Bid, usize)> = None;
            for id in self.order() {
                self.remove_block_nops(id);
                if self.block(id).is_target {
                    previous = None;
                }
                for index in 0..self.block(id).code.len() {
                    let op = self.block(id).code[index].op;
                    if op == Ir::PopTop
                        && let Some((before, at)) = previous
                    {
                        let pushed = self.block(before).code[at];
                        let useless = matches!(pushed.op, Ir::LoadConst | Ir::LoadSmallInt)
                            || (pushed.op == Ir::Copy && pushed.arg == 1);
                        if useless {
                            self.block_mut(before).code[at].set_nop();
                            self.block_mut(id).code[index].set_nop();
                            done = false;
                        }
                    }
                    previous = Some((id, index));
                }
                let block = self.block(id);
                if !block.falls_through() || (!block.code.is_empty() && block.last_op().is_some_and(Ir::is_jump)) {
                    previous = None;
                }
            }
            if done {
                return;
            }
        }
    }

    /// Removes jumps to what follows anyway; returns how many.
    fn remove_jumps(&mut self) -> usize {
        let mut changes = 0;
        for id in self.order() {
            let Some(last) = self.block(id).code.last() else {
                continue;
            };
            if !last.op.is_unconditional_jump() {
                continue;
            }
            let target = self.nonempty(last.target);
            if target.is_some()
                && target == self.nonempty(self.block(id).next)
                && let Some(last) = self.block_mut(id).code.last_mut()
            {
                last.set_nop();
                changes += 1;
            }
        }
        changes
    }

    pub(super) fn remove_nops_and_jumps(&mut self) {
        loop {
            let nops = self.remove_nops();
            let jumps = self.remove_jumps();
            if nops + jumps == 0 {
                return;
            }
        }
    }

    /// Keeps the constants that are loaded, and the first, which may be a docstring.
    pub(super) fn remove_unused_consts(&mut self, consts: ConstTable) -> Vec<Const> {
        let list = consts.list;
        let mut used = vec![false; list.len()];
        if let Some(first) = used.first_mut() {
            *first = true;
        }
        for id in self.order() {
            for inst in &self.block(id).code {
                if inst.op == Ir::LoadConst
                    && let Some(flag) = used.get_mut(inst.arg as usize)
                {
                    *flag = true;
                }
            }
        }
        let mut new_index = Vec::with_capacity(list.len());
        let mut count = 0;
        for flag in &used {
            new_index.push(count);
            count += u32::from(*flag);
        }
        for block in &mut self.blocks {
            for inst in &mut block.code {
                if inst.op == Ir::LoadConst
                    && let Some(index) = new_index.get(inst.arg as usize)
                {
                    inst.arg = *index;
                }
            }
        }
        list.into_iter()
            .zip(used)
            .filter_map(|(value, used)| used.then_some(value))
            .collect()
    }
}
