//! Fewer `SWAP`s: a run of them is replaced by a shortest equivalent, and some disappear by exchanging the stores behind.

use super::Inst;
use crate::op::Ir;

/// Optimises every run of `SWAP`s in a block.
pub(super) fn optimize_swaps(code: &mut [Inst]) {
    let mut index = 0;
    while index < code.len() {
        if code[index].op == Ir::Swap {
            let end = shorten_run(code, index);
            apply_to_stores(code, end);
            index = end;
        }
        index += 1;
    }
}

/// Rewrites the run of `SWAP`s and NOPs that starts here; returns the index of its last instruction.
fn shorten_run(code: &mut [Inst], start: usize) -> usize {
    let mut depth = code[start].arg as usize;
    let mut length = 1;
    let mut more = false;
    while let Some(inst) = code.get(start + length) {
        match inst.op {
            Ir::Swap => {
                depth = depth.max(inst.arg as usize);
                more = true;
            }
            Ir::Nop => {}
            _ => break,
        }
        length += 1;
    }
    if !more {
        return start;
    }
    let run = &mut code[start..start + length];
    // What the run does to the stack: the value that ends up at each depth.
    let mut stack: Vec<Option<usize>> = (0..depth).map(Some).collect();
    for inst in run.iter().filter(|inst| inst.op == Ir::Swap) {
        stack.swap(0, (inst.arg as usize).saturating_sub(1));
    }
    // Each cycle of the permutation is walked once, and written from the end of the run backwards.
    let mut free = length;
    for first in 0..depth {
        if stack[first].is_none() || stack[first] == Some(first) {
            continue;
        }
        let mut at = first;
        loop {
            if at > 0 {
                free -= 1;
                run[free].op = Ir::Swap;
                run[free].arg = at as u32 + 1;
            }
            let Some(next) = stack[at].take() else { break };
            at = next;
        }
    }
    for inst in &mut run[..free] {
        inst.set_nop();
    }
    start + length - 1
}

/// Instructions that only take the top of the stack and cannot run other code first.
fn may_be_exchanged(op: Ir) -> bool {
    matches!(op, Ir::StoreFast | Ir::StoreFastMaybeNull | Ir::PopTop)
}

fn next_exchangeable(code: &[Inst], mut index: usize, line: i32) -> Option<usize> {
    loop {
        index += 1;
        let inst = code.get(index)?;
        if line >= 0 && inst.loc.line != line {
            return None;
        }
        match inst.op {
            Ir::Nop => {}
            op if may_be_exchanged(op) => return Some(index),
            _ => return None,
        }
    }
}

fn stores_to(inst: &Inst) -> Option<u32> {
    matches!(inst.op, Ir::StoreFast | Ir::StoreFastMaybeNull).then_some(inst.arg)
}

/// `SWAP 2; STORE a; STORE b` is `STORE b; STORE a`, seen from the end of a run backwards.
fn apply_to_stores(code: &mut [Inst], end: usize) {
    for index in (0..=end).rev() {
        let swap = code[index];
        if swap.op != Ir::Swap {
            if swap.op == Ir::Nop || may_be_exchanged(swap.op) {
                continue;
            }
            return;
        }
        let Some(first) = next_exchangeable(code, index, -1) else {
            return;
        };
        let line = code[first].loc.line;
        let mut second = first;
        for _ in 1..swap.arg {
            match next_exchangeable(code, second, line) {
                Some(next) => second = next,
                None => return,
            }
        }
        let stores = (stores_to(&code[first]), stores_to(&code[second]));
        if stores != (None, None) {
            if stores.0 == stores.1 {
                return;
            }
            let between = code.get(first + 1..second).unwrap_or(&[]).iter().filter_map(stores_to);
            for slot in between {
                if Some(slot) == stores.0 || Some(slot) == stores.1 {
                    return;
                }
            }
        }
        code[index].set_nop();
        code.swap(first, second);
    }
}
