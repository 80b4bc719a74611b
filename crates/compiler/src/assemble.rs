//! Code objects in the bytes of CPython 3.14, as `dis` and `inspect` read them: two bytes an instruction, EXTENDED_ARG before large
//! arguments, room for inline caches behind, relative jumps, and the tables of exceptions and places
//! (`Objects/exception_handling_notes.txt` and `InternalDocs/code_objects.md` of CPython). The interpreter itself does not use them.

use crate::code::{Code, Position};
use crate::op::{Instr, Op};

/// The number of EXTENDED_ARG.
const EXTENDED_ARG: u8 = 69;
/// The number of CACHE.
const CACHE: u8 = 0;
/// `EXTENDED_ARG`s an argument can have.
const MOST_EXTENDED: u32 = 3;

/// What assembling gives. Places are counted in code units of two bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assembled {
    /// `co_code`
    pub code: Vec<u8>,
    /// `co_exceptiontable`
    pub exceptions: Vec<u8>,
    /// `co_linetable`
    pub lines: Vec<u8>,
    /// Where each instruction begins, its EXTENDED_ARGs included; one more entry for the end.
    pub starts: Vec<u32>,
    /// Where each instruction's operation itself stands.
    pub places: Vec<u32>,
}

impl Assembled {
    /// The index of the instruction that covers a code unit.
    pub fn instruction_at(&self, unit: u32) -> u32 {
        (self.starts.partition_point(|&start| start <= unit) as u32).saturating_sub(1)
    }
}

/// Code units of an operation's inline cache.
pub const fn caches(op: Op) -> u32 {
    match op {
        Op::LoadGlobal | Op::StoreAttr => 4,
        Op::LoadAttr => 9,
        Op::BinaryOp => 5,
        Op::Call | Op::CallKw | Op::ToBool => 3,
        Op::UnpackSequence
        | Op::CompareOp
        | Op::ContainsOp
        | Op::ForIter
        | Op::LoadSuperAttr
        | Op::StoreSubscr
        | Op::Send
        | Op::JumpBackward
        | Op::PopJumpIfTrue
        | Op::PopJumpIfFalse
        | Op::PopJumpIfNone
        | Op::PopJumpIfNotNone => 1,
        _ => 0,
    }
}

const fn jumps_back(op: Op) -> bool {
    matches!(op, Op::JumpBackward | Op::JumpBackwardNoInterrupt | Op::EndAsyncFor)
}

/// Assembles a code object.
pub fn assemble(code: &Code) -> Assembled {
    let extended = extended_args(code);
    let mut all = Assembled::default();
    layout(code, &extended, &mut all);
    for (i, instr) in code.instructions.iter().enumerate() {
        let arg = argument(&all, i, *instr);
        for n in (1..=extended[i]).rev() {
            all.code.extend([EXTENDED_ARG, (arg >> (8 * n)) as u8]);
        }
        all.code.extend([instr.op() as u8, arg as u8]);
        for _ in 0..caches(instr.op()) {
            all.code.extend([CACHE, 0]);
        }
    }
    all.exceptions = exception_table(code, &all);
    all.lines = line_table(code, &all);
    all
}

/// How many EXTENDED_ARGs each instruction needs: what a jump needs depends on all others, so this goes on until nothing changes.
fn extended_args(code: &Code) -> Vec<u32> {
    let mut extended = vec![0; code.instructions.len()];
    loop {
        let mut all = Assembled::default();
        layout(code, &extended, &mut all);
        let mut changed = false;
        for (i, instr) in code.instructions.iter().enumerate() {
            let arg = argument(&all, i, *instr);
            let needs = (1..=MOST_EXTENDED).filter(|n| arg >> (8 * n) != 0).count() as u32;
            changed |= needs > extended[i];
            extended[i] = extended[i].max(needs);
        }
        if !changed {
            return extended;
        }
    }
}

fn layout(code: &Code, extended: &[u32], all: &mut Assembled) {
    let mut at = 0;
    for (instr, extended) in code.instructions.iter().zip(extended) {
        all.starts.push(at);
        all.places.push(at + extended);
        at += extended + 1 + caches(instr.op());
    }
    all.starts.push(at);
}

/// The argument as CPython has it: jumps are relative to the end of the instruction.
fn argument(all: &Assembled, index: usize, instr: Instr) -> u32 {
    let (op, arg) = (instr.op(), instr.arg());
    let start = |i: usize| all.starts.get(i).copied().unwrap_or_default();
    let end = start(index + 1);
    match () {
        () if jumps_back(op) => end.saturating_sub(start(arg as usize)),
        () if op.is_jump() => start(arg as usize).saturating_sub(end),
        () => arg,
    }
}

fn exception_table(code: &Code, all: &Assembled) -> Vec<u8> {
    let mut table = Vec::new();
    let start = |i: u32| all.starts.get(i as usize).copied().unwrap_or_default();
    for entry in &code.exceptions {
        let from = start(entry.start);
        let depth = entry.depth << 1 | u32::from(entry.lasti);
        for (i, n) in [from, start(entry.end) - from, start(entry.target), depth]
            .into_iter()
            .enumerate()
        {
            let mark = if i == 0 { 0x80 } else { 0 };
            big_endian_varint(n, mark, &mut table);
        }
    }
    table
}

/// Groups of six bits, the highest first; 0x40 says that more follow. `mark` goes into the first byte.
fn big_endian_varint(n: u32, mark: u8, into: &mut Vec<u8>) {
    let groups = (1..6).filter(|i| n >> (6 * i) != 0).count();
    for i in (0..=groups).rev() {
        let more = if i > 0 { 0x40 } else { 0 };
        let first = if i == groups { mark } else { 0 };
        into.push(first | more | (n >> (6 * i)) as u8 & 0x3f);
    }
}

/// Longest range of one entry of the table of places.
const LONGEST: u32 = 8;
/// The entry of places: all numbers written out.
const LONG_FORM: u8 = 14;
/// The entry of places for code that no source stands for.
const NO_PLACE: u8 = 15;

fn line_table(code: &Code, all: &Assembled) -> Vec<u8> {
    let mut table = Vec::new();
    let mut line = code.first_line;
    for (i, position) in code.positions.iter().enumerate() {
        let Some(&[from, to]) = all.starts.get(i..i + 2) else {
            break;
        };
        let mut left = to - from;
        while left > 0 {
            let units = left.min(LONGEST);
            left -= units;
            place(told(code, i, *position), units, &mut line, &mut table);
        }
    }
    table
}

/// The place that CPython tells of an instruction, if any: the RESUME of a module stands in line 0, before its first line.
pub fn told(code: &Code, instruction: usize, position: Position) -> Option<Position> {
    let begins_module =
        instruction == 0 && code.name == "<module>" && code.instructions.first().is_some_and(|i| i.op() == Op::Resume);
    match position.line {
        0 if begins_module => Some(Position {
            end_line: 1,
            ..Position::default()
        }),
        0 => None,
        _ => Some(position),
    }
}

fn place(position: Option<Position>, units: u32, line: &mut u32, into: &mut Vec<u8>) {
    let form = if position.is_none() { NO_PLACE } else { LONG_FORM };
    into.push(0x80 | form << 3 | (units - 1) as u8);
    let Some(position) = position else { return };
    signed_varint(i64::from(position.line) - i64::from(*line), into);
    varint(position.end_line.saturating_sub(position.line), into);
    varint(position.col + 1, into);
    varint(position.end_col + 1, into);
    *line = position.line;
}

/// Groups of six bits, the lowest first; 0x40 says that more follow.
fn varint(mut n: u32, into: &mut Vec<u8>) {
    while n >= 0x40 {
        into.push(0x40 | (n & 0x3f) as u8);
        n >>= 6;
    }
    into.push(n as u8);
}

fn signed_varint(n: i64, into: &mut Vec<u8>) {
    let n = if n < 0 {
        (n.unsigned_abs() << 1) | 1
    } else {
        n.unsigned_abs() << 1
    };
    varint(n as u32, into);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, Options, compile};

    fn assembled(source: &str) -> (Code, Assembled) {
        let code = compile(source, "t.py", Mode::Exec, &Options::default())
            .expect("it compiles")
            .code;
        let all = assemble(&code);
        (code, all)
    }

    #[test]
    fn a_loop_jumps_relatively() {
        let (code, all) = assembled("for x in y:\n    x\n");
        let at = code
            .instructions
            .iter()
            .position(|i| i.op() == Op::JumpBackward)
            .expect("a loop");
        let unit = all.places[at] as usize;
        let back = u32::from(all.code[2 * unit + 1]);
        let target = code.instructions[at].arg() as usize;
        // one code unit for the instruction, one for its cache
        assert_eq!(all.starts[target], all.starts[at] + 2 - back);
        assert_eq!(all.code.len(), 2 * *all.starts.last().expect("an end") as usize);
    }

    #[test]
    fn large_arguments_are_extended() {
        let many: String = (0..300).map(|i| format!("v{i}\n")).collect();
        let (code, all) = assembled(&many);
        let at = code
            .instructions
            .iter()
            .position(|i| i.arg() >= 256)
            .expect("a name beyond 255");
        assert_eq!(all.places[at], all.starts[at] + 1);
        assert_eq!(all.code[2 * all.starts[at] as usize], EXTENDED_ARG);
        assert_eq!(all.instruction_at(all.starts[at]), at as u32);
        assert_eq!(all.instruction_at(all.places[at]), at as u32);
    }

    #[test]
    fn varints() {
        let mut out = Vec::new();
        big_endian_varint(5, 0x80, &mut out);
        big_endian_varint(100, 0, &mut out);
        assert_eq!(out, [0x85, 0x41, 36]);
        out.clear();
        signed_varint(-3, &mut out);
        varint(200, &mut out);
        assert_eq!(out, [7, 0x48, 3]);
    }
}
