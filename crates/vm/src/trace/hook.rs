//! The events around one instruction, in CPython's order.

use super::{Event, Watch};
use crate::frame::Frame;
use crate::function::NativeKind;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_compiler::{Code, Op};
use std::rc::Rc;

/// Kinds of events of one instruction; the number is [`Watch::stage`].
const AFTER_BRANCH: u8 = 0;
const AFTER_CALL: u8 = 1;
const START: u8 = 2;
const LINE: u8 = 3;
const INSTRUCTION: u8 = 4;
const OPERATION: u8 = 5;
const JUMP: u8 = 6;
const EXECUTE: u8 = 7;
/// The stage of a place that a debugger has jumped to.
pub(crate) const BEHIND_LINE: u8 = INSTRUCTION;

impl Process {
    /// Tells whoever watches about the instruction at `pc` of the top frame, which is about to be executed (and about the end of the one
    /// before). False if something else has to run first: the loop then starts afresh, and asks again. The frame is saved.
    pub(crate) fn before_instruction(&mut self, pc: usize) -> bool {
        let depth = self.frames.len() as u32;
        let watch = &mut self.current_thread().watch;
        if watch.at != (depth, pc as u32) {
            watch.at = (depth, pc as u32);
            watch.stage = AFTER_BRANCH;
        }
        let Some(Frame::Python(frame)) = self.frames.last() else {
            return true;
        };
        let code = Rc::clone(&self.code_of(frame.code).code);
        if pc == 0 || code.instructions.get(pc).is_some_and(|i| i.op() == Op::Resume) {
            // What stands there is from another frame of this depth.
            self.current_thread().watch.previous.truncate(depth as usize);
        }
        loop {
            let watch = &mut self.current_thread().watch;
            let stage = watch.stage;
            if stage >= EXECUTE {
                watch.at = (0, 0);
                remember(watch, depth, pc);
                return true;
            }
            watch.stage += 1;
            watch.done = false;
            if !self.is_watched() {
                continue;
            }
            if self.tell_stage(stage, pc, depth, &code) {
                // Callbacks that are natives have run already.
                if !std::mem::take(&mut self.current_thread().watch.done) || self.frames.len() as u32 != depth {
                    return false;
                }
                if self.top().pc as usize != pc {
                    return false;
                }
            }
        }
    }

    /// One kind of events; true if somebody was told.
    fn tell_stage(&mut self, stage: u8, pc: usize, depth: u32, code: &Code) -> bool {
        let Some(instruction) = code.instructions.get(pc) else {
            return false;
        };
        let (op, arg) = (instruction.op(), instruction.arg());
        match stage {
            AFTER_BRANCH => self.tell_branch(pc, depth, code),
            AFTER_CALL => self.tell_returned(depth),
            START if op == Op::Resume => {
                let event = if arg & 3 == 0 { Event::PyStart } else { Event::PyResume };
                self.fire_step(event, pc, &[])
            }
            LINE => self.tell_line(pc, depth, code),
            INSTRUCTION => self.fire_step(Event::Instruction, pc, &[]),
            OPERATION => match op {
                Op::ReturnValue => {
                    let value = self.peek(1);
                    self.fire_step(Event::PyReturn, pc, &[value])
                }
                Op::YieldValue => {
                    let value = self.peek(1);
                    self.fire_step(Event::PyYield, pc, &[value])
                }
                Op::Call | Op::CallKw | Op::CallFunctionEx => self.tell_call(op, arg as usize, pc, depth),
                _ => false,
            },
            JUMP if matches!(op, Op::JumpBackward | Op::JumpForward | Op::JumpBackwardNoInterrupt) => {
                self.tell_jump(pc, arg as usize, code)
            }
            _ => false,
        }
    }

    fn tell_line(&mut self, pc: usize, depth: u32, code: &Code) -> bool {
        let starts = match self.frames.last() {
            Some(Frame::Python(f)) => self.code_of(f.code).starts(),
            _ => return false,
        };
        if !starts.get(pc).copied().unwrap_or_default() {
            return false;
        }
        let line = |i: usize| code.positions.get(i).map_or(0, |p| p.line);
        if let Some(before) = self.previous_instruction(depth)
            && line(before) == line(pc)
            && code.instructions.get(before).is_some_and(|i| i.op() != Op::Resume)
        {
            return false;
        }
        self.fire_step(Event::Line, pc, &[])
    }

    /// A jump back within a line is a new line for `sys.settrace`.
    fn tell_jump(&mut self, pc: usize, target: usize, code: &Code) -> bool {
        let line = |i: usize| code.positions.get(i).map_or(0, |p| p.line);
        let dest = self.offset_value(target);
        let extra = target <= pc && line(pc) == line(target) && line(pc) != 0;
        self.fire_jump(pc, dest, extra)
    }

    /// The instruction before was a branch: which way it went.
    fn tell_branch(&mut self, pc: usize, depth: u32, code: &Code) -> bool {
        if !self.monitoring.active {
            return false;
        }
        let Some(before) = self.previous_instruction(depth) else {
            return false;
        };
        let Some(instruction) = code.instructions.get(before) else {
            return false;
        };
        let left = pc == before + 1;
        let right = match instruction.op() {
            Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::PopJumpIfNone | Op::PopJumpIfNotNone => {
                pc == instruction.arg() as usize
            }
            Op::ForIter => pc == instruction.arg() as usize + 1,
            _ => return false,
        };
        if !left && !right {
            return false;
        }
        let dest = self.offset_value(pc);
        let event = if left { Event::BranchLeft } else { Event::BranchRight };
        self.fire_branch(event, before, dest)
    }

    /// The call before has returned to this frame.
    fn tell_returned(&mut self, depth: u32) -> bool {
        self.forget_watched_calls(depth);
        let Some(&(at, callable, first)) = self.current_thread().watch.calls.last() else {
            return false;
        };
        if at != depth {
            return false;
        }
        self.current_thread().watch.calls.pop();
        let before = self.previous_instruction(depth).unwrap_or_default();
        let told = self.fire_step(Event::CReturn, before, &[callable, first]);
        self.heap.decref(callable);
        self.heap.decref(first);
        told
    }

    fn tell_call(&mut self, op: Op, n: usize, pc: usize, depth: u32) -> bool {
        if !self.wants(Event::Call) {
            return false;
        }
        let operands = match op {
            Op::CallFunctionEx => 4,
            Op::CallKw => n + 3,
            _ => n + 2,
        };
        let (mut callable, this) = (self.peek(operands), self.peek(operands - 1));
        let mut first = self.monitoring.missing;
        if !this.is_null() {
            first = this;
        } else if op == Op::CallFunctionEx {
            let arguments = self.peek(2);
            first = self
                .as_tuple(arguments)
                .and_then(|a| a.first().copied())
                .unwrap_or(first);
        } else if n > 0 {
            first = self.peek(operands - 2);
        }
        if let Some(Obj::BoundMethod(b)) = self.heap.object(callable) {
            (callable, first) = (b.function, b.this);
        }
        // Calls of Python functions have their own events.
        if !matches!(self.heap.object(callable), Some(Obj::Function(_))) {
            self.heap.incref(callable);
            self.heap.incref(first);
            self.current_thread().watch.calls.push((depth, callable, first));
        }
        self.fire_step(Event::Call, pc, &[callable, first])
    }

    fn previous_instruction(&self, depth: u32) -> Option<usize> {
        let previous = &self.threads[self.current as usize].watch.previous;
        (*previous.get(depth as usize)? as usize).checked_sub(1)
    }

    /// What `sys.setprofile` is told about a call: a built-in function, methods of built-in types bound. None for everything else.
    pub fn profiled_callable(&mut self, callable: Value, first: Value) -> Option<Value> {
        let &Obj::Native { def, bound } = self.heap.object(callable)? else {
            return None;
        };
        match def.kind {
            NativeKind::Method if bound.is_null() && def.name.starts_with("__") => None,
            NativeKind::Method if bound.is_null() && first != self.monitoring.missing => {
                Some(self.new_native(def, first))
            }
            NativeKind::Getter | NativeKind::GetSet => None,
            _ => Some(callable),
        }
    }

    /// Does anybody want this event in the running frame?
    pub(crate) fn wants(&self, event: Event) -> bool {
        let thread = &self.threads[self.current as usize];
        let legacy = !thread.trace.is_null() && super::fire::trace_name(event).is_some()
            || !thread.profile.is_null() && super::fire::profile_name(event).is_some();
        legacy || self.monitoring.active
    }
}

fn remember(watch: &mut Watch, depth: u32, pc: usize) {
    let depth = depth as usize;
    watch.previous.truncate(depth + 1);
    if watch.previous.len() <= depth {
        watch.previous.resize(depth + 1, 0);
    }
    watch.previous[depth] = pc as u32 + 1;
}
