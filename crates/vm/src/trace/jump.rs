//! Setting `f_lineno`: a debugger moves a frame to another line.

use super::fire::EVENT;
use super::stacks::{Kind, Stack, compatible, mark_stacks};
use super::{Event, line_starts};
use crate::frame::Frame;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use heddle_compiler::code::local_kind;
use std::rc::Rc;

impl Process {
    /// `frame.f_lineno = line`, possible in a trace function at a `line` event of that frame.
    pub(crate) fn jump_to_line(&mut self, frame: Value, line: Value) -> NativeResult {
        if line.is_null() {
            return Err(self.error(crate::types::core::ATTRIBUTE_ERROR, "cannot delete attribute"));
        }
        if !self.is_int(line) {
            return Err(self.value_error("lineno must be an integer"));
        }
        let depth = self.frame_at_event(frame)?;
        let line = self.index_i64(line)?;
        let Some(Frame::Python(top)) = self.frames.get(depth).cloned() else {
            return Ok(Value::NONE);
        };
        let code = Rc::clone(self.code_of(top.code));
        if line < i64::from(code.code.first_line) {
            return Err(self.value_error(&format!("line {line} comes before the current code block")));
        }
        let lines = line_table(&code.code);
        // The first line with code at or behind the one asked for.
        let Some(line) = lines.iter().copied().filter(|&l| i64::from(l) >= line).min() else {
            return Err(self.value_error(&format!("line {line} comes after the current code block")));
        };
        let stacks = mark_stacks(&code.code);
        let here = top.pc.saturating_sub(1) as usize;
        let from: Stack = stacks.get(here).cloned().flatten();
        let mut best: Option<(usize, usize)> = None;
        let mut problem = None;
        for (i, &l) in lines.iter().enumerate() {
            if l != line {
                continue;
            }
            let to = stacks.get(i).cloned().flatten();
            match (&from, &to) {
                (Some(from), Some(to)) if compatible(from, to) => {
                    if best.is_none_or(|(_, deep)| to.len() > deep) {
                        best = Some((i, to.len()));
                    }
                }
                _ => problem = Some(explain(to.as_deref())),
            }
        }
        let Some((target, keep)) = best else {
            return Err(self.value_error(problem.unwrap_or("cannot find bytecode for specified line")));
        };
        self.bind_unbound(top.base as usize, &code.code.local_kinds)?;
        self.drop_operands(depth, from.as_deref().unwrap_or_default(), keep);
        if let Some(Frame::Python(f)) = self.frames.get_mut(depth) {
            f.pc = target as u32 + 1;
        }
        Ok(Value::NONE)
    }

    /// The place of a frame whose event is being told, if it may jump.
    fn frame_at_event(&mut self, frame: Value) -> NativeResult<usize> {
        let found = self.frames.iter().rposition(|f| match f {
            Frame::Native(n) => std::ptr::eq(n.def, &raw const EVENT),
            Frame::Python(_) => false,
        });
        let event = found.and_then(|at| match &self.frames[at] {
            Frame::Native(n) => n.args.get(5).and_then(|v| v.as_small()),
            Frame::Python(_) => None,
        });
        let owner = found
            .and_then(|at| at.checked_sub(1))
            .filter(|&at| matches!(&self.frames[at], Frame::Python(f) if f.object == frame));
        let (Some(depth), Some(event)) = (owner, event) else {
            return Err(self.value_error("f_lineno can only be set in a trace function"));
        };
        const START: i64 = Event::PyStart as i64;
        const RESUME: i64 = Event::PyResume as i64;
        const LINE: i64 = Event::Line as i64;
        const INSTRUCTION: i64 = Event::Instruction as i64;
        const JUMP: i64 = Event::Jump as i64;
        match event {
            LINE | INSTRUCTION | JUMP | RESUME => Ok(depth),
            START => Err(self.value_error("can't jump from the 'call' trace event of a new frame")),
            _ => Err(self.value_error("can only jump from a 'line' trace event")),
        }
    }

    /// Variables without a value get None, and a warning says so.
    fn bind_unbound(&mut self, base: usize, kinds: &[u8]) -> NativeResult<()> {
        let unbound: Vec<usize> = (0..kinds.len())
            .filter(|&i| kinds[i] & local_kind::LOCAL != 0 && kinds[i] & (local_kind::CELL | local_kind::FREE) == 0)
            .filter(|&i| self.stack.get(base + i).is_some_and(|v| v.is_null()))
            .collect();
        if unbound.is_empty() {
            return Ok(());
        }
        let plural = if unbound.len() == 1 { "" } else { "s" };
        let text = format!("assigning None to {} unbound local{plural}", unbound.len());
        let warn = self.prelude_function("_warn");
        let text = self.new_str(&text);
        self.call(warn, &[crate::types::core::RUNTIME_WARNING, text])?;
        for i in unbound {
            self.stack[base + i] = Value::NONE;
        }
        Ok(())
    }

    /// Lets go of the operands of a frame above the `keep` deepest; what was being handled there is forgotten.
    fn drop_operands(&mut self, depth: usize, kinds: &[Kind], keep: usize) {
        let Some(Frame::Python(f)) = self.frames.get_mut(depth) else {
            return;
        };
        let drop = kinds.len() - keep;
        let sp = f.sp as usize;
        f.sp = (sp - drop) as u32;
        for (n, kind) in kinds[keep..].iter().rev().enumerate() {
            let v = self.stack[sp - 1 - n];
            if *kind == Kind::Except {
                let v = if v.is_none() { Value::NULL } else { v };
                let old = std::mem::replace(&mut self.current_thread().handled, v);
                self.heap.decref(old);
            } else {
                self.heap.decref(v);
            }
        }
    }
}

/// The line of each instruction that begins one or goes on in it; 0 for others.
fn line_table(code: &heddle_compiler::Code) -> Vec<u32> {
    let starts = line_starts(code);
    code.positions
        .iter()
        .zip(starts)
        .map(|(p, start)| if start { p.line } else { 0 })
        .collect()
}

fn explain(to: Option<&[Kind]>) -> &'static str {
    match to.and_then(|to| to.last()) {
        _ if to.is_none() => "can't jump into an exception handler, or code may be unreachable",
        Some(Kind::Except) => "can't jump into an 'except' block as there's no exception",
        Some(Kind::Lasti) => "can't jump into a re-raising block as there's no location",
        Some(Kind::Iterator) => "can't jump into the body of a for loop",
        _ => "incompatible stacks",
    }
}
