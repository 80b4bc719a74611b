//! A checker of code objects, and where the library is.

use std::path::{Path, PathBuf};

use heddle_compiler::{Code, Const, Op, stack_effect};

/// Checks a code object and those inside it.
pub fn verify(code: &Code) -> Result<(), String> {
    let fail = |message: String| Err(format!("{}: {message}", code.qualname));
    let count = code.instructions.len();
    let mut depths: Vec<Option<i32>> = vec![None; count];
    let mut todo = vec![(0usize, 0i32)];
    let mut deepest = 0;
    while let Some((at, depth)) = todo.pop() {
        let Some(slot) = depths.get_mut(at) else {
            return fail(format!("runs off the end at {at}"));
        };
        match *slot {
            Some(known) if known == depth => continue,
            Some(known) => return fail(format!("depths {known} and {depth} meet at {at}")),
            None => *slot = Some(depth),
        }
        deepest = deepest.max(depth);
        let instr = code.instructions[at];
        let op = instr.op();
        // The generator's frame starts with what the first `send` leaves.
        let after = depth + stack_effect(op, instr.arg(), false);
        if after < 0 {
            return fail(format!("{} at {at} pops below the bottom", op.name()));
        }
        deepest = deepest.max(after);
        if let Some(handler) = code.handler(at as u32) {
            let kept = handler.depth as i32;
            if kept > depth {
                return fail(format!("the handler of {at} keeps {kept} of {depth} values"));
            }
            todo.push((handler.target as usize, kept + 1 + i32::from(handler.lasti)));
        }
        if op.is_jump() {
            let jumped = depth + stack_effect(op, instr.arg(), true);
            let target = instr.arg() as usize;
            if op == Op::ForIter {
                // Exhausted, it goes on behind the END_FOR without a value.
                if code.instructions.get(target).map(|instr| instr.op()) != Some(Op::EndFor) {
                    return fail(format!("FOR_ITER at {at} does not lead to an END_FOR"));
                }
                todo.push((target + 1, depth));
            }
            todo.push((target, jumped));
        }
        if !op.is_terminator() {
            todo.push((at + 1, after));
        }
    }
    if deepest > code.stack_size as i32 {
        return fail(format!("needs {deepest} values, declares {}", code.stack_size));
    }
    check_table(code)?;
    check_arguments(code)?;
    code.consts.iter().try_for_each(|value| match value {
        Const::Code(inner) => verify(inner),
        _ => Ok(()),
    })
}

fn check_table(code: &Code) -> Result<(), String> {
    let mut end = 0;
    for entry in &code.exceptions {
        if entry.start < end || entry.end <= entry.start || entry.target as usize >= code.instructions.len() {
            return Err(format!("{}: exception table entry {entry:?}", code.qualname));
        }
        end = entry.end;
    }
    Ok(())
}

/// Arguments that index something stay inside it.
fn check_arguments(code: &Code) -> Result<(), String> {
    for instr in &code.instructions {
        let arg = instr.arg() as usize;
        let bound = match instr.op() {
            Op::LoadConst => (arg, code.consts.len()),
            Op::LoadFast | Op::StoreFast | Op::DeleteFast | Op::LoadFastCheck | Op::LoadFastAndClear => {
                (arg, code.slot_count())
            }
            Op::LoadDeref | Op::StoreDeref | Op::DeleteDeref | Op::MakeCell | Op::LoadFromDictOrDeref => {
                (arg, code.slot_count())
            }
            Op::LoadName | Op::StoreName | Op::DeleteName | Op::StoreGlobal | Op::DeleteGlobal => {
                (arg, code.names.len())
            }
            Op::StoreAttr | Op::DeleteAttr | Op::ImportName | Op::ImportFrom => (arg, code.names.len()),
            Op::LoadGlobal | Op::LoadAttr => (arg >> 1, code.names.len()),
            Op::LoadSuperAttr => (arg >> 2, code.names.len()),
            _ => continue,
        };
        if bound.0 >= bound.1 {
            return Err(format!("{}: {instr:?} is out of range", code.qualname));
        }
    }
    Ok(())
}

/// CPython's library in the package registry's sources.
pub fn library() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")))?;
    let registries = std::fs::read_dir(home.join("registry/src")).ok()?;
    registries
        .flatten()
        .map(|entry| entry.path().join("rustpython-pylib-0.6.0/Lib"))
        .find(|path| path.is_dir())
}

/// All Python files below a folder, sorted.
pub fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|extension| extension == "py") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
