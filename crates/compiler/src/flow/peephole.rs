//! Local improvements: constants, conditions, jumps to jumps, small rewrites.

use super::fold::{self, is_true};
use super::{Bid, Graph, Inst};
use crate::code::Const;
use crate::codegen::ConstTable;
use crate::op::{BinaryOp, Intrinsic1, Ir};
use crate::source::Loc;

/// Displays of more constants than this are not folded.
const MAX_FOLDED: usize = 30;

/// Displays of fewer constants are cheap to build.
const MIN_FOLDED: usize = 3;

/// The constant an instruction loads.
fn loaded(inst: &Inst, consts: &ConstTable) -> Option<Const> {
    match inst.op {
        Ir::LoadConst => consts.list.get(inst.arg as usize).cloned(),
        Ir::LoadSmallInt => Some(Const::Int(i64::from(inst.arg))),
        _ => None,
    }
}

/// Makes an instruction load a constant.
fn set_load(inst: &mut Inst, value: Const, consts: &mut ConstTable) {
    match value {
        Const::Int(value @ 0..=255) => inst.set(Ir::LoadSmallInt, value as u32),
        value => {
            let index = consts.add(value);
            inst.set(Ir::LoadConst, index);
        }
    }
}

fn clear(inst: &mut Inst) {
    inst.set_nop();
    inst.loc = Loc::NONE;
}

impl Graph {
    pub(super) fn optimize_load_const(&mut self, consts: &mut ConstTable) {
        for id in self.order() {
            let code = &mut self.block_mut(id).code;
            let mut value: Option<Const> = None;
            for index in 0..code.len() {
                let inst = &mut code[index];
                let copies = inst.op == Ir::Copy && inst.arg == 1 && value.is_some();
                if !copies {
                    value = loaded(inst, consts);
                    if inst.op == Ir::LoadConst
                        && let Some(Const::Int(small @ 0..=255)) = value
                    {
                        inst.set(Ir::LoadSmallInt, small as u32);
                    }
                }
                if let Some(value) = &value {
                    constant_and_next(code, index, value, consts);
                }
            }
        }
    }

    pub(super) fn optimize_block(&mut self, id: Bid, consts: &mut ConstTable) {
        let mut index = 0;
        while index < self.block(id).code.len() {
            let inst = self.block(id).code[index];
            let target = inst.target.and_then(|target| self.block(target).code.first().copied());
            match (inst.op, target) {
                (op, Some(target)) if op.is_jump() => {
                    if self.thread_jump(id, inst, target) {
                        continue;
                    }
                }
                _ => rewrite(&mut self.block_mut(id).code, index, consts),
            }
            index += 1;
        }
        super::stack_ops::optimize_swaps(&mut self.block_mut(id).code);
    }

    /// A jump to a jump goes where that goes; true if the instruction must be looked at again.
    fn thread_jump(&mut self, id: Bid, inst: Inst, target: Inst) -> bool {
        use Ir::*;
        let op = match (inst.op, target.op) {
            (PopJumpIfNone | PopJumpIfNotNone | PopJumpIfFalse | PopJumpIfTrue, Jump) => inst.op,
            (JumpIfFalse, Jump | JumpIfFalse) | (JumpIfTrue, Jump | JumpIfTrue) => inst.op,
            (JumpIfFalse, JumpIfTrue) | (JumpIfTrue, JumpIfFalse) => {
                // The other condition: it falls through there.
                let next = inst.target.and_then(|target| self.block(target).next);
                if let Some(last) = self.block_mut(id).code.last_mut()
                    && next.is_some()
                    && last.target != next
                {
                    last.target = next;
                    return true;
                }
                return false;
            }
            (Jump | JumpNoInterrupt, Jump) => Jump,
            (Jump | JumpNoInterrupt, JumpNoInterrupt) => inst.op,
            _ => return false,
        };
        if inst.target == target.target {
            return false;
        }
        let block = self.block_mut(id);
        // Jumps that lead round in a circle must not be followed for ever.
        if block.code.len() > 4 && block.code.iter().rev().take(64).filter(|inst| inst.op == Nop).count() > 48 {
            return false;
        }
        if let Some(last) = block.code.last_mut() {
            last.set_nop();
        }
        let mut jump = Inst::new(op, 0, target.loc);
        jump.target = target.target;
        block.code.push(jump);
        true
    }
}

/// What can be done with a constant and the instruction behind it.
fn constant_and_next(code: &mut [Inst], index: usize, value: &Const, consts: &mut ConstTable) {
    let Some(next) = code.get(index + 1).copied() else {
        return;
    };
    match next.op {
        Ir::PopJumpIfFalse | Ir::PopJumpIfTrue | Ir::JumpIfFalse | Ir::JumpIfTrue => {
            if matches!(next.op, Ir::PopJumpIfFalse | Ir::PopJumpIfTrue) {
                code[index].set_nop();
            }
            let jumps_if = matches!(next.op, Ir::PopJumpIfTrue | Ir::JumpIfTrue);
            if is_true(value) == jumps_if {
                code[index + 1].op = Ir::Jump;
            } else {
                code[index + 1].set_nop();
            }
        }
        Ir::IsOp if matches!(value, Const::None) => {
            let mut at = index + 2;
            if code.get(at).is_some_and(|inst| inst.op == Ir::ToBool) {
                code[at].set_nop();
                at += 1;
            }
            let Some(jump) = code.get_mut(at) else { return };
            let invert = match jump.op {
                Ir::PopJumpIfFalse => next.arg == 0,
                Ir::PopJumpIfTrue => next.arg != 0,
                _ => return,
            };
            jump.op = if invert {
                Ir::PopJumpIfNotNone
            } else {
                Ir::PopJumpIfNone
            };
            code[index].set_nop();
            code[index + 1].set_nop();
        }
        Ir::ToBool => {
            let truth = consts.add(Const::Bool(is_true(value)));
            code[index].set_nop();
            code[index + 1].set(Ir::LoadConst, truth);
        }
        _ => {}
    }
}

/// Rewrites the instruction at an index with its neighbours.
fn rewrite(code: &mut [Inst], index: usize, consts: &mut ConstTable) {
    let inst = code[index];
    let next = code.get(index + 1).copied();
    let next_op = next.map_or(Ir::Nop, |next| next.op);
    match inst.op {
        Ir::BuildTuple => {
            if next_op == Ir::UnpackSequence && next.is_some_and(|next| next.arg == inst.arg) {
                match inst.arg {
                    1 => {
                        code[index].set_nop();
                        code[index + 1].set_nop();
                        return;
                    }
                    2 | 3 => {
                        code[index].set_nop();
                        code[index + 1].op = Ir::Swap;
                        return;
                    }
                    _ => {}
                }
            }
            fold_tuple(code, index, consts);
        }
        Ir::BuildList | Ir::BuildSet => fold_display(code, index, next_op, consts),
        Ir::StoreFast => {
            if let Some(next) = next
                && next.op == Ir::StoreFast
                && next.arg == inst.arg
                && next.loc.line == inst.loc.line
            {
                code[index].set(Ir::PopTop, 0);
            }
        }
        Ir::Swap if inst.arg == 1 => code[index].set_nop(),
        Ir::LoadGlobal if next_op == Ir::PushNull && inst.arg & 1 == 0 => {
            code[index].arg |= 1;
            code[index + 1].set_nop();
        }
        Ir::CompareOp if next_op == Ir::ToBool => {
            code[index].set_nop();
            code[index + 1].set(Ir::CompareOp, inst.arg | 16);
        }
        Ir::ContainsOp | Ir::IsOp if next_op == Ir::ToBool => {
            code[index].set_nop();
            code[index + 1].set(inst.op, inst.arg);
        }
        Ir::ContainsOp | Ir::IsOp if next_op == Ir::UnaryNot => {
            code[index].set_nop();
            code[index + 1].set(inst.op, inst.arg ^ 1);
        }
        Ir::ToBool if next_op == Ir::ToBool => code[index].set_nop(),
        Ir::UnaryNot if next_op == Ir::ToBool => {
            code[index].set_nop();
            code[index + 1].set(Ir::UnaryNot, 0);
        }
        Ir::UnaryNot if next_op == Ir::UnaryNot => {
            code[index].set_nop();
            code[index + 1].set_nop();
        }
        Ir::UnaryNot | Ir::UnaryNegative | Ir::UnaryInvert => fold_unary(code, index, consts),
        Ir::CallIntrinsic1 if inst.arg == Intrinsic1::UnaryPositive as u32 => fold_unary(code, index, consts),
        Ir::CallIntrinsic1 if inst.arg == Intrinsic1::ListToTuple as u32 => {
            if next_op == Ir::GetIter {
                code[index].set_nop();
            } else {
                fold_list_to_tuple(code, index, consts);
            }
        }
        Ir::BinaryOp => fold_binary_op(code, index, consts),
        _ => {}
    }
}

/// Indices of the `count` constant loads before an instruction, with nothing but NOPs between.
fn constants_before(code: &[Inst], index: usize, count: usize) -> Option<Vec<usize>> {
    let mut found = Vec::with_capacity(count);
    let mut at = index;
    while found.len() < count {
        at = at.checked_sub(1)?;
        match code[at].op {
            Ir::Nop => {}
            Ir::LoadConst | Ir::LoadSmallInt => found.push(at),
            _ => return None,
        }
    }
    found.reverse();
    Some(found)
}

fn values_of(code: &[Inst], indices: &[usize], consts: &ConstTable) -> Option<Vec<Const>> {
    indices.iter().map(|&at| loaded(&code[at], consts)).collect()
}

fn fold_tuple(code: &mut [Inst], index: usize, consts: &mut ConstTable) {
    let count = code[index].arg as usize;
    if count > MAX_FOLDED {
        return;
    }
    let Some(loads) = constants_before(code, index, count) else {
        return;
    };
    let Some(values) = values_of(code, &loads, consts) else {
        return;
    };
    loads.into_iter().for_each(|at| clear(&mut code[at]));
    set_load(&mut code[index], Const::Tuple(values), consts);
}

/// A list or set of constants: a constant if it is only iterated over or searched, else an extension by one.
fn fold_display(code: &mut [Inst], index: usize, next: Ir, consts: &mut ConstTable) {
    let inst = code[index];
    let count = inst.arg as usize;
    let only_read = matches!(next, Ir::GetIter | Ir::ContainsOp);
    if count > MAX_FOLDED || (count < MIN_FOLDED && !only_read) {
        return;
    }
    let Some(loads) = constants_before(code, index, count) else {
        if only_read && inst.op == Ir::BuildList {
            code[index].set(Ir::BuildTuple, inst.arg);
        }
        return;
    };
    let Some(values) = values_of(code, &loads, consts) else {
        return;
    };
    let value = if inst.op == Ir::BuildSet {
        Const::FrozenSet(fold::distinct(values))
    } else {
        Const::Tuple(values)
    };
    loads.into_iter().for_each(|at| clear(&mut code[at]));
    if only_read {
        set_load(&mut code[index], value, consts);
        return;
    }
    code[index - 2].set(inst.op, 0);
    code[index - 2].loc = inst.loc;
    set_load(&mut code[index - 1], value, consts);
    code[index - 1].loc = inst.loc;
    code[index].set(
        if inst.op == Ir::BuildSet {
            Ir::SetUpdate
        } else {
            Ir::ListExtend
        },
        1,
    );
}

/// `BUILD_LIST 0`, constants appended one by one, `LIST_TO_TUPLE`: a big tuple of constants.
fn fold_list_to_tuple(code: &mut [Inst], index: usize, consts: &mut ConstTable) {
    let mut values = Vec::new();
    let mut expects_append = true;
    let mut at = index;
    while let Some(before) = at.checked_sub(1) {
        at = before;
        let inst = code[at];
        match inst.op {
            Ir::Nop => {}
            Ir::BuildList if inst.arg == 0 && expects_append => break,
            Ir::ListAppend if inst.arg == 1 && expects_append => expects_append = false,
            Ir::LoadConst | Ir::LoadSmallInt if !expects_append => {
                let Some(value) = loaded(&inst, consts) else { return };
                values.push(value);
                expects_append = true;
            }
            _ => return,
        }
    }
    if code[at].op != Ir::BuildList {
        return;
    }
    values.reverse();
    for inst in &mut code[at..index] {
        clear(inst);
    }
    set_load(&mut code[index], Const::Tuple(values), consts);
}

fn fold_unary(code: &mut [Inst], index: usize, consts: &mut ConstTable) {
    let Some(loads) = constants_before(code, index, 1) else {
        return;
    };
    let Some(value) = loaded(&code[loads[0]], consts) else {
        return;
    };
    let Some(folded) = fold::fold_unary(code[index].op, &value) else {
        return;
    };
    clear(&mut code[loads[0]]);
    set_load(&mut code[index], folded, consts);
}

fn fold_binary_op(code: &mut [Inst], index: usize, consts: &mut ConstTable) {
    let Some(op) = BinaryOp::from_arg(code[index].arg) else {
        return;
    };
    let Some(loads) = constants_before(code, index, 2) else {
        return;
    };
    let Some(values) = values_of(code, &loads, consts) else {
        return;
    };
    let [left, right] = values.as_slice() else { return };
    let Some(folded) = fold::fold_binary(op, left, right) else {
        return;
    };
    loads.into_iter().for_each(|at| clear(&mut code[at]));
    set_load(&mut code[index], folded, consts);
}
