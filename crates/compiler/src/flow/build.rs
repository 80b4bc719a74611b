//! Cuts the instructions into blocks.

use super::{BasicBlock, Bid, Graph, Inst};
use crate::codegen::Unit;
use crate::op::Ir;

/// Builds the graph of a unit, whose instructions are taken.
pub(super) fn build(unit: &mut Unit<'_>) -> Graph {
    insert_annotations(unit);
    let code = std::mem::take(&mut unit.code);
    let position = |label: u32| unit.labels.get(label as usize).copied().flatten().map(|at| at as usize);
    let mut is_target = vec![false; code.len() + 1];
    for raw in &code {
        if raw.op.has_target()
            && let Some(at) = position(raw.arg)
            && let Some(flag) = is_target.get_mut(at)
        {
            *flag = true;
        }
    }
    let mut graph = Graph::default();
    let mut block_at = vec![None; code.len() + 1];
    let mut ended = true;
    for (index, raw) in code.iter().enumerate() {
        if ended || is_target[index] {
            let id = graph.add_block(BasicBlock {
                is_target: is_target[index],
                start_depth: -1,
                ..Default::default()
            });
            if id.0 > 0 {
                graph.block_mut(Bid(id.0 - 1)).next = Some(id);
            }
            block_at[index] = Some(id);
        }
        let last = Bid(graph.blocks.len() as u32 - 1);
        graph.block_mut(last).code.push(Inst::new(raw.op, raw.arg, raw.loc));
        ended = raw.op.is_jump() || raw.op.is_scope_exit() || raw.op == Ir::EndAsyncFor;
    }
    for block in &mut graph.blocks {
        for inst in &mut block.code {
            if inst.op.has_target() {
                inst.target = position(inst.arg).and_then(|at| block_at[at]);
                inst.arg = 0;
            }
        }
    }
    graph
}

/// Puts the making of a module's `__annotate__` at its start.
fn insert_annotations(unit: &mut Unit<'_>) {
    let Some(at) = unit.code.iter().position(|raw| raw.op == Ir::AnnotationsPlaceholder) else {
        return;
    };
    let inserted = std::mem::take(&mut unit.annotation_code);
    let grown = inserted.len();
    unit.code.splice(at..=at, inserted);
    for label in unit.labels.iter_mut().flatten() {
        if *label as usize > at {
            *label = *label - 1 + grown as u32;
        }
    }
}
