//! What kinds of values stand on a frame's operand stack at each instruction: where a debugger may jump.
//!
//! As `mark_stacks` in CPython 3.14's `Objects/frameobject.c`.

use heddle_compiler::{Code, Op, stack_effect};

/// What an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Iterator,
    Except,
    Object,
    Null,
    Lasti,
}

/// Operands, the deepest first; None where no path leads.
pub(super) type Stack = Option<Vec<Kind>>;

/// The stack before each instruction.
pub(super) fn mark_stacks(code: &Code) -> Vec<Stack> {
    let mut stacks: Vec<Stack> = vec![None; code.instructions.len() + 1];
    if let Some(first) = stacks.first_mut() {
        *first = Some(Vec::new());
    }
    loop {
        let mut changed = false;
        for i in 0..code.instructions.len() {
            if let Some(stack) = stacks[i].clone() {
                changed |= step(code, i, stack, &mut stacks);
            }
        }
        for entry in &code.exceptions {
            let Some(Some(stack)) = stacks.get(entry.start as usize) else {
                continue;
            };
            let mut stack = stack.clone();
            stack.truncate(entry.depth as usize);
            if entry.lasti {
                stack.push(Kind::Lasti);
            }
            stack.push(Kind::Except);
            changed |= reach(&mut stacks, entry.target as usize, stack);
        }
        if !changed {
            return stacks;
        }
    }
}

fn reach(stacks: &mut [Stack], at: usize, stack: Vec<Kind>) -> bool {
    match stacks.get_mut(at) {
        Some(slot @ None) => {
            *slot = Some(stack);
            true
        }
        _ => false,
    }
}

/// Carries the stack over one instruction to those that follow it; true if something new was reached.
fn step(code: &Code, i: usize, mut stack: Vec<Kind>, stacks: &mut [Stack]) -> bool {
    let (op, arg) = (code.instructions[i].op(), code.instructions[i].arg());
    let n = arg as usize;
    match op {
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::PopJumpIfNone | Op::PopJumpIfNotNone => {
            stack.pop();
            reach(stacks, n, stack.clone()) | reach(stacks, i + 1, stack)
        }
        Op::JumpForward | Op::JumpBackward | Op::JumpBackwardNoInterrupt => reach(stacks, n, stack),
        Op::ForIter => {
            let behind = reach(stacks, n + 1, stack.clone());
            stack.push(Kind::Object);
            behind | reach(stacks, i + 1, stack)
        }
        Op::Send => reach(stacks, n, stack.clone()) | reach(stacks, i + 1, stack),
        Op::ReturnValue | Op::RaiseVarargs | Op::Reraise => false,
        Op::GetIter | Op::GetAiter => {
            stack.pop();
            stack.push(Kind::Iterator);
            reach(stacks, i + 1, stack)
        }
        Op::PushExcInfo => {
            stack.push(Kind::Except);
            reach(stacks, i + 1, stack)
        }
        Op::PushNull => {
            stack.push(Kind::Null);
            reach(stacks, i + 1, stack)
        }
        Op::LoadGlobal | Op::LoadAttr if arg & 1 == 1 => {
            if op == Op::LoadAttr {
                stack.pop();
            }
            stack.extend([Kind::Object, Kind::Null]);
            reach(stacks, i + 1, stack)
        }
        Op::Swap => {
            let len = stack.len();
            if n >= 1 && n <= len {
                stack.swap(len - 1, len - n);
            }
            reach(stacks, i + 1, stack)
        }
        Op::Copy => {
            if let Some(&kind) = stack.len().checked_sub(n).and_then(|at| stack.get(at)) {
                stack.push(kind);
            }
            reach(stacks, i + 1, stack)
        }
        _ => {
            let effect = stack_effect(op, arg, false);
            for _ in effect..0 {
                stack.pop();
            }
            // A result takes the place of an operand.
            if effect <= 0
                && matches!(op, Op::Call | Op::CallKw | Op::CallFunctionEx)
                && let Some(top) = stack.last_mut()
            {
                *top = Kind::Object;
            }
            for _ in 0..effect.max(0) {
                stack.push(Kind::Object);
            }
            reach(stacks, i + 1, stack)
        }
    }
}

/// May a frame with the operands `from` go on where `to` is expected (after dropping what is above)?
pub(super) fn compatible(from: &[Kind], to: &[Kind]) -> bool {
    let fits = |from: Kind, to: Kind| match to {
        Kind::Object => from != Kind::Null,
        Kind::Null => true,
        other => from == other,
    };
    from.len() >= to.len() && from.iter().zip(to).all(|(&from, &to)| fits(from, to))
}
