//! Telling about an event: one native that calls every callback, and what goes on when it is over.

use super::{Event, PROFILE, TRACE};
use crate::frame::Frame;
use crate::function::{Args, Native};
use crate::interp::Step;
use crate::native::{NativeFrame, NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;

/// Calls the callbacks of one event. Arguments: how to go on ([`next`]), the exception on its way or NULL, what `pc` the frame shows
/// meanwhile, the `pc` it has afterwards; then for each callback its tool, the event, the callback, a tuple of arguments.
pub static EVENT: Native = Native::function("<event>", run_event);

/// Arguments of [`EVENT`] before the callbacks.
const HEAD: usize = 4;
/// Arguments for each callback.
const EACH: usize = 4;

/// What follows an event.
pub(crate) mod next {
    /// The instruction goes on.
    pub const STEP: i32 = 0;
    /// An exception is raised in the generator that it was thrown into.
    pub const THROW: i32 = 1;
    /// The frame stands where it has to.
    pub const NOTHING: i32 = 2;
    /// The exception goes on at this stage of unwinding, plus 1 for one that is raised anew.
    pub const UNWIND: i32 = 16;
}

/// The name of an event for `sys.settrace`.
pub(crate) const fn trace_name(event: Event) -> Option<&'static str> {
    match event {
        Event::PyStart | Event::PyResume | Event::PyThrow => Some("call"),
        Event::PyReturn | Event::PyYield | Event::PyUnwind => Some("return"),
        Event::Line => Some("line"),
        Event::Raise => Some("exception"),
        Event::Instruction => Some("opcode"),
        _ => None,
    }
}

/// The name of an event for `sys.setprofile`.
pub(crate) const fn profile_name(event: Event) -> Option<&'static str> {
    match event {
        Event::PyStart | Event::PyResume | Event::PyThrow => Some("call"),
        Event::PyReturn | Event::PyYield | Event::PyUnwind => Some("return"),
        Event::Call => Some("c_call"),
        Event::CReturn => Some("c_return"),
        Event::CRaise => Some("c_exception"),
        _ => None,
    }
}

/// Who is told, and with what.
struct Callback {
    tool: usize,
    event: Event,
    callee: Value,
    args: Vec<Value>,
}

impl Process {
    /// An event before the instruction at `pc` is executed (or, for what has just returned, behind an earlier one). `values` are its
    /// arguments behind the code and the offset.
    pub(crate) fn fire_step(&mut self, event: Event, at: usize, values: &[Value]) -> bool {
        let mut told = self.tools_told(event, at, values);
        self.legacy_told(event, values, &mut told);
        let resume = self.top().pc;
        self.fire(told, next::STEP, Value::NULL, at as u32 + 1, resume)
    }

    /// A jump; `extra` says that `sys.settrace` hears of a line.
    pub(crate) fn fire_jump(&mut self, at: usize, dest: Value, extra: bool) -> bool {
        let mut told = self.tools_told(Event::Jump, at, &[dest]);
        if extra {
            self.legacy_told(Event::Line, &[], &mut told);
        }
        let resume = self.top().pc;
        self.fire(told, next::STEP, Value::NULL, at as u32 + 1, resume)
    }

    /// A branch that was taken at `at`.
    pub(crate) fn fire_branch(&mut self, event: Event, at: usize, dest: Value) -> bool {
        let mut told = self.tools_told(event, at, &[dest]);
        told.extend(self.tools_told(Event::Branch, at, &[dest]));
        let resume = self.top().pc;
        self.fire(told, next::STEP, Value::NULL, at as u32 + 1, resume)
    }

    /// An event about an exception on its way, in the top frame as it stands.
    pub(crate) fn fire_exception(&mut self, event: Event, e: Value, then: i32) -> bool {
        let pc = self.top().pc;
        let at = pc.saturating_sub(1) as usize;
        let mut told = self.tools_told(event, at, &[e]);
        self.legacy_told(event, &[e], &mut told);
        self.fire(told, then, e, pc, pc)
    }

    /// A C function has raised an exception.
    pub(crate) fn fire_c_raise(&mut self, callable: Value, first: Value, e: Value, then: i32) -> bool {
        let pc = self.top().pc;
        let at = pc.saturating_sub(1) as usize;
        let values = [callable, first];
        let mut told = self.tools_told(Event::CRaise, at, &values);
        self.legacy_told(Event::CRaise, &values, &mut told);
        self.fire(told, then, e, pc, pc)
    }

    /// The offset of an instruction in `co_code`, in bytes, of the top frame's code.
    pub(crate) fn offset_value(&mut self, at: usize) -> Value {
        let code = self.top().code;
        let offset = self.code_of(code).lasti(at as u32);
        Value::from_i32(offset as i32)
    }

    /// The callbacks of `sys.monitoring` for an event.
    fn tools_told(&mut self, event: Event, at: usize, values: &[Value]) -> Vec<Callback> {
        let mut told = Vec::new();
        if !self.monitoring.active {
            return told;
        }
        let code = self.top().code;
        let number = self.code_of(code).number;
        // The ends of calls come with the calls.
        let bit = match event {
            Event::CReturn | Event::CRaise => Event::Call.bit(),
            other => other.bit(),
        };
        let local = self.monitoring.local.get(&number).copied().unwrap_or_default();
        for (tool, own) in local.into_iter().enumerate() {
            let t = &self.monitoring.tools[tool];
            let callee = t.callbacks[event as usize];
            if callee.is_null() || (t.events | own) & bit == 0 {
                continue;
            }
            let place = (number, at as u32, tool as u8, event as u8);
            if self.monitoring.disabled.contains(&place) {
                continue;
            }
            let mut args = vec![code];
            if event == Event::Line {
                let line = self.code_of(code).code.positions.get(at).map_or(0, |p| p.line);
                args.push(Value::from_i32(line as i32));
            } else {
                args.push(self.offset_value(at));
            }
            args.extend_from_slice(values);
            told.push(Callback {
                tool,
                event,
                callee,
                args,
            });
        }
        told
    }

    /// The functions of `sys.setprofile` and `sys.settrace` for an event.
    fn legacy_told(&mut self, event: Event, values: &[Value], told: &mut Vec<Callback>) {
        let thread = self.current_thread();
        let (trace, profile) = (thread.trace, thread.profile);
        if !profile.is_null()
            && let Some(name) = profile_name(event)
        {
            let arg = match event {
                Event::Call | Event::CReturn | Event::CRaise => {
                    self.profiled_callable(values[0], values.get(1).copied().unwrap_or(Value::NULL))
                }
                _ => Some(self.legacy_argument(event, values)),
            };
            if let Some(arg) = arg {
                let args = self.legacy_arguments(name, arg);
                told.push(Callback {
                    tool: PROFILE,
                    event,
                    callee: profile,
                    args,
                });
            }
        }
        if !trace.is_null()
            && let Some(name) = trace_name(event)
        {
            let callee = if name == "call" { trace } else { self.local_trace(event) };
            if !callee.is_null() {
                let arg = self.legacy_argument(event, values);
                let args = self.legacy_arguments(name, arg);
                told.push(Callback {
                    tool: TRACE,
                    event,
                    callee,
                    args,
                });
            }
        }
    }

    /// `f_trace` of the top frame, if it wants this event; else NULL.
    fn local_trace(&mut self, event: Event) -> Value {
        let object = self.top().object;
        match self.heap.object(object) {
            Some(Obj::Frame(f)) => match event {
                Event::Line if !f.trace_lines => Value::NULL,
                Event::Instruction if !f.trace_opcodes => Value::NULL,
                _ => f.trace,
            },
            _ => Value::NULL,
        }
    }

    fn legacy_argument(&mut self, event: Event, values: &[Value]) -> Value {
        match event {
            Event::PyReturn | Event::PyYield => values.first().copied().unwrap_or(Value::NONE),
            Event::Raise => {
                let e = values.first().copied().unwrap_or(Value::NONE);
                let traceback = match self.heap.object(e) {
                    Some(Obj::Exception(x)) if !x.traceback.is_null() => x.traceback,
                    _ => Value::NONE,
                };
                let class = self.type_of(e);
                self.new_tuple(vec![class, e, traceback])
            }
            _ => Value::NONE,
        }
    }

    fn legacy_arguments(&mut self, name: &str, arg: Value) -> Vec<Value> {
        let at = self.frames.len() - 1;
        let frame = self.frame_object_at(at);
        vec![frame, self.intern(name), arg]
    }

    /// Calls the callbacks; true if there are any. What can be done at once is done when this returns.
    fn fire(&mut self, told: Vec<Callback>, then: i32, e: Value, shown: u32, resume: u32) -> bool {
        if told.is_empty() {
            return false;
        }
        let number = |n: usize| Value::from_i32(n as i32);
        let mut args = vec![
            Value::from_i32(then),
            e,
            number(shown as usize),
            number(resume as usize),
        ];
        for callback in told {
            let values = self.new_tuple(callback.args);
            args.extend([
                number(callback.tool),
                number(callback.event as usize),
                callback.callee,
                values,
            ]);
        }
        for &v in &args {
            self.heap.incref(v);
        }
        self.top().pc = shown;
        self.current_thread().watch.busy = true;
        self.frames
            .push(Frame::Native(Box::new(NativeFrame::new(&EVENT, args, Vec::new()))));
        // A stop here would be a system call by a callback that is a native; the loop runs such a one again.
        if then == next::STEP && self.all_native() {
            let _ = self.run_top_native();
        }
        true
    }

    /// Are all callbacks of the event on top natives that need no frames?
    fn all_native(&self) -> bool {
        let Some(Frame::Native(n)) = self.frames.last() else {
            return false;
        };
        n.args[HEAD..]
            .chunks(EACH)
            .all(|c| matches!(self.heap.object(c[2]), Some(Obj::Native { .. })))
    }

    /// The native of an event has come to its end; its frame is off the stack.
    pub(crate) fn event_over(&mut self, result: NativeResult, frame: &NativeFrame) -> Step {
        self.current_thread().watch.busy = false;
        self.heap.alarm();
        let head = |i: usize| frame.args.get(i).and_then(|v| v.as_small()).unwrap_or_default();
        let then = head(0) as i32;
        let e = frame.args.get(1).copied().unwrap_or(Value::NULL);
        if let Err(Unwind::Raise(new)) = result {
            self.heap.incref(new);
            self.drop_native(frame);
            if then < next::UNWIND {
                return self.raise_counted(new);
            }
            // It takes the place of the one on its way.
            self.chain_context(new);
            return self.unwind_from(new, then & 1 == 1, ((then - next::UNWIND) / 2) as u8);
        }
        self.heap.incref(e);
        self.drop_native(frame);
        match then {
            next::STEP => {
                let (shown, resume) = (head(2) as u32, head(3) as u32);
                let depth = self.frames.len() as u32;
                let top = self.top();
                if top.pc == shown {
                    top.pc = resume;
                } else {
                    // A debugger has set `f_lineno`: the place it chose is not told about.
                    top.pc -= 1;
                    let pc = top.pc;
                    let watch = &mut self.current_thread().watch;
                    watch.at = (depth, pc);
                    watch.stage = super::hook::BEHIND_LINE;
                }
                self.current_thread().watch.done = true;
                Ok(())
            }
            next::THROW => self.raise_counted(e),
            next::NOTHING => {
                self.heap.decref(e);
                Ok(())
            }
            _ => self.unwind_from(e, then & 1 == 1, ((then - next::UNWIND) / 2) as u8),
        }
    }

    fn callback_answered(&mut self, tool: usize, event: u8, call: &[Value], answer: Value) -> NativeResult<()> {
        match tool {
            TRACE => {
                let frame = self.as_tuple(call[3]).and_then(|a| a.first().copied());
                if !answer.is_none()
                    && let Some(frame) = frame
                    && matches!(self.heap.object(frame), Some(Obj::Frame(_)))
                {
                    self.set_frame_trace(frame, answer);
                }
                Ok(())
            }
            PROFILE => Ok(()),
            _ if answer == self.monitoring.disable => self.disable_here(tool, event, call),
            _ => Ok(()),
        }
    }

    /// A tool answered `DISABLE`.
    fn disable_here(&mut self, tool: usize, event: u8, call: &[Value]) -> NativeResult<()> {
        if event > Event::StopIteration as u8 && event != Event::Branch as u8 {
            let name = super::monitoring::EVENT_NAMES[event as usize];
            self.replace_counted(Value::NULL, |p| &mut p.monitoring.tools[tool].callbacks[event as usize]);
            return Err(self.value_error(&format!("Cannot disable {name} events. Callback removed.")));
        }
        let arguments = self.as_tuple(call[3]).map(<[Value]>::to_vec).unwrap_or_default();
        let Some(code) = arguments.first().and_then(|&c| self.code_object(c)) else {
            return Ok(());
        };
        let number = code.number;
        let at = match self.frames.iter().rev().find_map(|f| match f {
            Frame::Python(f) => Some(f.pc),
            Frame::Native(_) => None,
        }) {
            Some(pc) => pc.saturating_sub(1),
            None => return Ok(()),
        };
        self.monitoring.disabled.insert((number, at, tool as u8, event));
        Ok(())
    }

    /// Sets `f_trace` (NULL: none).
    pub(crate) fn set_frame_trace(&mut self, frame: Value, function: Value) {
        self.heap.incref(function);
        if let Obj::Frame(f) = self.heap.get_mut(frame) {
            let old = std::mem::replace(&mut f.trace, function);
            self.heap.decref(old);
        }
    }

    /// A callback raised an exception: functions of `sys.settrace` and `sys.setprofile` are taken off.
    fn callback_failed(&mut self, tool: usize, call: &[Value]) {
        let current = self.current as usize;
        match tool {
            TRACE => {
                if let Some(frame) = self.as_tuple(call[3]).and_then(|a| a.first().copied())
                    && matches!(self.heap.object(frame), Some(Obj::Frame(_)))
                {
                    self.set_frame_trace(frame, Value::NULL);
                }
                self.set_watcher(current, TRACE, Value::NULL);
            }
            PROFILE => self.set_watcher(current, PROFILE, Value::NULL),
            _ => {}
        }
    }
}

fn run_event(vm: &mut Process, args: Args<'_>) -> NativeResult {
    for call in args.pos.get(HEAD..).unwrap_or_default().chunks_exact(EACH) {
        let tool = call[0].as_small().unwrap_or_default() as usize;
        let event = call[1].as_small().unwrap_or_default() as u8;
        let values = vm.as_tuple(call[3]).map(<[Value]>::to_vec).unwrap_or_default();
        match vm.call(call[2], &values) {
            Ok(answer) => vm.callback_answered(tool, event, call, answer)?,
            Err(Unwind::Raise(e)) => {
                vm.callback_failed(tool, call);
                return Err(Unwind::Raise(e));
            }
            Err(pending) => return Err(pending),
        }
    }
    Ok(Value::NONE)
}
