//! Finds loads of variables that may be unbound: they become `LOAD_FAST_CHECK`.
//!
//! As in CPython, the first 64 variables are followed through the whole graph, the others within one block.

use super::{Bid, Graph, Inst};
use crate::op::Ir;

/// How many variables fit the masks.
const MASKED: u32 = 64;

impl Graph {
    pub(super) fn check_unbound_locals(&mut self, locals: u32, params: u32) {
        if locals == 0 {
            return;
        }
        if locals > MASKED {
            self.check_many_locals(locals);
        }
        let mut todo = Vec::new();
        let mut queued = vec![false; self.blocks.len()];
        let mut start = 0u64;
        for index in params.min(MASKED)..locals.min(MASKED) {
            start |= 1 << index;
        }
        for block in &mut self.blocks {
            block.unsafe_locals = 0;
        }
        self.add_unsafe(Graph::ENTRY, start, &mut todo, &mut queued);
        for id in self.order() {
            self.scan_block(id, &mut todo, &mut queued);
        }
        while let Some(id) = todo.pop() {
            queued[id.0 as usize] = false;
            self.scan_block(id, &mut todo, &mut queued);
        }
    }

    fn add_unsafe(&mut self, id: Bid, mask: u64, todo: &mut Vec<Bid>, queued: &mut [bool]) {
        let block = self.block_mut(id);
        let both = block.unsafe_locals | mask;
        if both != block.unsafe_locals {
            block.unsafe_locals = both;
            if !std::mem::replace(&mut queued[id.0 as usize], true) {
                todo.push(id);
            }
        }
    }

    fn scan_block(&mut self, id: Bid, todo: &mut Vec<Bid>, queued: &mut [bool]) {
        let mut mask = self.block(id).unsafe_locals;
        for index in 0..self.block(id).code.len() {
            let inst = self.block(id).code[index];
            if let Some(handler) = inst.except {
                self.add_unsafe(handler, mask, todo, queued);
            }
            if inst.arg >= MASKED {
                continue;
            }
            let bit = 1u64 << inst.arg;
            match inst.op {
                Ir::DeleteFast | Ir::LoadFastAndClear | Ir::StoreFastMaybeNull => mask |= bit,
                Ir::StoreFast | Ir::LoadFastCheck => mask &= !bit,
                Ir::LoadFast => {
                    if mask & bit != 0 {
                        self.block_mut(id).code[index].op = Ir::LoadFastCheck;
                    }
                    mask &= !bit;
                }
                _ => {}
            }
        }
        let block = self.block(id);
        let next = block.next.filter(|_| block.falls_through());
        let jump = block
            .code
            .last()
            .filter(|last| last.op.is_jump())
            .and_then(|last| last.target);
        for target in [next, jump].into_iter().flatten() {
            self.add_unsafe(target, mask, todo, queued);
        }
    }

    fn check_many_locals(&mut self, locals: u32) {
        // The block in which a variable was last known to be bound.
        let mut known_in = vec![0usize; (locals - MASKED) as usize];
        for (number, id) in self.order().into_iter().enumerate() {
            let number = number + 1;
            for inst in &mut self.block_mut(id).code {
                check_one(inst, number, &mut known_in);
            }
        }
    }
}

fn check_one(inst: &mut Inst, number: usize, known_in: &mut [usize]) {
    let Some(slot) = inst
        .arg
        .checked_sub(MASKED)
        .and_then(|index| known_in.get_mut(index as usize))
    else {
        return;
    };
    match inst.op {
        Ir::DeleteFast | Ir::LoadFastAndClear | Ir::StoreFastMaybeNull => *slot = number - 1,
        Ir::StoreFast => *slot = number,
        Ir::LoadFast => {
            if *slot != number {
                inst.op = Ir::LoadFastCheck;
            }
            *slot = number;
        }
        _ => {}
    }
}
