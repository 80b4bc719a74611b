//! Which instructions begin a line for tracing.
//!
//! The rule is CPython 3.14's (`_PyCode_Instrument`): an instruction whose line differs from that of the one before it, or that is jumped
//! to from another line, or that begins an exception handler. What only balances the stack behind a loop begins none.

use heddle_compiler::{Code, Op};

/// One truth for each instruction of the code.
pub fn line_starts(code: &Code) -> Box<[bool]> {
    let line = |i: usize| code.positions.get(i).map_or(0, |p| p.line);
    let ops: Vec<Op> = code.instructions.iter().map(|i| i.op()).collect();
    let first = ops.iter().position(|&op| op == Op::Resume).unwrap_or(0);
    let never = |op: Op| matches!(op, Op::Resume | Op::EndFor | Op::EndSend | Op::PopIter);
    let mut starts = vec![false; ops.len()];
    let mut current = 0;
    for (i, &op) in ops.iter().enumerate().skip(first) {
        if never(op) {
            continue;
        }
        let line = line(i);
        starts[i] = line != current && line != 0;
        current = line;
    }
    for (i, instruction) in code.instructions.iter().enumerate().skip(first) {
        let op = instruction.op();
        if !op.is_jump() {
            continue;
        }
        let mut target = instruction.arg() as usize;
        if op == Op::ForIter {
            // Behind END_FOR stands POP_ITER, which begins no line either.
            target += 2;
        }
        if line(target) != 0 && line(target) != line(i) && ops.get(target).is_some_and(|&op| !never(op)) {
            starts[target] = true;
        }
    }
    for entry in &code.exceptions {
        let target = entry.target as usize;
        if line(target) != 0
            && let Some(start) = starts.get_mut(target)
        {
            *start = true;
        }
    }
    starts.into_boxed_slice()
}
