//! Superinstructions: the first of several instructions that often stand together is replaced, when code is loaded, by one that does
//! the work of all of them.
//!
//! The others stay in place with their operations and arguments. A fused instruction that finds no short path (other types, an empty
//! cache) does its first part alone and the loop goes on with the second, so fusion needs no slow paths, jumps may lead into the middle,
//! and tables by instruction (positions, handlers, caches) hold. It charges what its parts charge. None of the parts but the last can
//! stop, so switch points stay where they are.

use crate::code::Ins;
use heddle_compiler::{Instr, Op};

/// Instructions ready to be dispatched.
pub(crate) fn fuse(instructions: &[Instr]) -> Box<[Ins]> {
    let plain: Vec<Op> = instructions.iter().map(|i| i.op()).collect();
    instructions
        .iter()
        .enumerate()
        .map(|(at, i)| Ins {
            op: fused(plain.get(at..).unwrap_or_default()),
            arg: i.arg(),
        })
        .collect()
}

/// What replaces the first of these.
fn fused(ops: &[Op]) -> Op {
    match *ops {
        [Op::LoadFast, Op::LoadFast, Op::BinaryOp, ..] => Op::FastFastBinary,
        [Op::LoadFast, Op::LoadSmallInt, Op::BinaryOp, ..] => Op::FastSmallBinary,
        [
            Op::LoadFast,
            Op::LoadFast,
            Op::CompareOp,
            Op::PopJumpIfFalse | Op::PopJumpIfTrue,
            ..,
        ] => Op::FastFastCompare,
        [
            Op::LoadFast,
            Op::LoadSmallInt,
            Op::CompareOp,
            Op::PopJumpIfFalse | Op::PopJumpIfTrue,
            ..,
        ] => Op::FastSmallCompare,
        [Op::LoadFast, Op::LoadFast, Op::LoadAttr | Op::StoreAttr, ..] => Op::LoadFast,
        [Op::LoadFast, Op::LoadFast, ..] => Op::LoadFastLoadFast,
        [Op::LoadFast, Op::LoadAttr, ..] => Op::FastAttr,
        [Op::LoadFast, Op::StoreAttr, ..] => Op::FastStoreAttr,
        [Op::LoadFast, Op::BinaryOp, ..] => Op::FastBinary,
        // A load that itself begins something longer is worth more there.
        [
            Op::StoreFast,
            Op::LoadFast,
            Op::LoadFast | Op::LoadSmallInt | Op::LoadAttr | Op::StoreAttr,
            ..,
        ] => Op::StoreFast,
        [Op::StoreFast, Op::LoadFast, ..] => Op::StoreFastLoadFast,
        [first, ..] => first,
        [] => Op::Nop,
    }
}
