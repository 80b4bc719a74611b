//! Exceptions on their way: context, traceback entries, handlers, and what becomes of those that nobody can catch.

use crate::frame::{Frame, bits};
use crate::interp::{Step, cost};
use crate::native::{LogEntry, NativeFrame, Unwind};
use crate::object::{Obj, Traceback};
use crate::process::Process;
use crate::trace::unwinding::stage;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// `sys.exception()`: the exception being handled, or NULL.
    pub fn current_exception(&self) -> Value {
        let Some(thread) = self.threads.get(self.current as usize) else {
            return Value::NULL;
        };
        std::iter::once(&thread.handled)
            .chain(thread.handled_outer.iter().rev())
            .copied()
            .find(|v| !v.is_null() && !v.is_none())
            .unwrap_or(Value::NULL)
    }

    /// Raises in the top frame what an operation answered.
    pub(crate) fn raise_here(&mut self, error: Unwind) -> Step {
        match error {
            Unwind::Raise(e) => {
                self.heap.incref(e);
                self.raise_counted(e)
            }
            Unwind::Pending(_) => {
                let Unwind::Raise(e) = self.system_error("an instruction would have to wait") else {
                    return Ok(());
                };
                self.heap.incref(e);
                self.raise_counted(e)
            }
        }
    }

    /// Raises an exception that is counted already. A fresh one gets the handled exception as its context.
    pub(crate) fn raise_counted(&mut self, e: Value) -> Step {
        let fresh = matches!(self.heap.object(e), Some(Obj::Exception(x)) if x.traceback.is_null());
        if fresh {
            self.chain_context(e);
        }
        self.unwind(e, true)
    }

    /// `__context__` becomes the handled exception, unless that would close a circle.
    pub fn chain_context(&mut self, e: Value) {
        let handled = self.current_exception();
        if handled.is_null() || handled == e {
            return;
        }
        // If `e` stands somewhere in the chain of the handled one, the chain is cut there.
        let mut at = handled;
        for _ in 0..10_000 {
            let Some(Obj::Exception(x)) = self.heap.object(at) else {
                break;
            };
            let next = x.context;
            self.now_ns += cost::CONTEXT;
            if next.is_null() {
                break;
            }
            if next == e {
                if let Obj::Exception(x) = self.heap.get_mut(at) {
                    x.context = Value::NULL;
                }
                self.heap.decref(e);
                break;
            }
            at = next;
        }
        self.heap.incref(handled);
        if let Obj::Exception(x) = self.heap.get_mut(e) {
            let old = std::mem::replace(&mut x.context, handled);
            self.heap.decref(old);
        }
    }

    /// An exception that was thrown into the generator on top (or came out of what that delegates to) goes on there, also one that has been
    /// raised before: what the generator handles becomes its context.
    pub(crate) fn chain_thrown(&mut self, e: Value) {
        let own = self.current_thread().handled;
        if !own.is_null() && !own.is_none() {
            self.chain_context(e);
        }
    }

    /// Looks for the handler of a counted exception, frame by frame. `entry` says whether the top frame gets a traceback entry.
    pub(crate) fn unwind(&mut self, e: Value, entry: bool) -> Step {
        self.unwind_from(e, entry, stage::ARRIVED)
    }

    /// [`Process::unwind`] from a stage in the top frame on: whoever watches is told in between.
    pub(crate) fn unwind_from(&mut self, e: Value, entry: bool, at: u8) -> Step {
        let (mut entry, mut at) = (entry, at);
        loop {
            if at == stage::ARRIVED {
                self.now_ns += cost::RAISE;
            }
            match self.frames.last() {
                None => {
                    self.heap.decref(e);
                    return Ok(());
                }
                Some(Frame::Native(_)) => {
                    let Some(Frame::Native(mut n)) = self.frames.pop() else {
                        return Ok(());
                    };
                    if !n.tail {
                        self.drop_gathering(n.gathering.take());
                        n.log.push(LogEntry::Raise(e));
                        self.frames.push(Frame::Native(n));
                        return Ok(());
                    }
                    self.drop_native(&n);
                    if n.discard {
                        self.unraisable_in_native(e, &n);
                        self.heap.decref(e);
                        return Ok(());
                    }
                }
                Some(Frame::Python(_)) => {
                    if entry && at == stage::ARRIVED {
                        self.add_traceback(e);
                    }
                    if self.unwind_top(e, entry, at) {
                        return Ok(());
                    }
                }
            }
            entry = true;
            at = stage::ARRIVED;
        }
    }

    /// An exception in the top frame. False if it goes on in the frame below; true if that was all for now.
    fn unwind_top(&mut self, e: Value, entry: bool, at: u8) -> bool {
        let watched = self.top_is_watched();
        for at in at..=stage::GONE {
            if watched && self.tell_exception(e, entry, at) {
                // The event holds a count of its own.
                self.heap.decref(e);
                return true;
            }
            let raised_at = self.top().pc;
            if at == stage::HANDLER && self.enter_handler(e) {
                if watched {
                    self.tell_handled(e, raised_at);
                }
                return true;
            }
        }
        self.leave_frame_by_exception(e)
    }

    /// Goes to the handler in the top frame, if there is one; the exception's count goes to the stack.
    fn enter_handler(&mut self, e: Value) -> bool {
        let (code, pc, base) = {
            let f = self.top();
            (f.code, f.pc, f.base as usize)
        };
        let code = std::rc::Rc::clone(self.code_of(code));
        let Some(&handler) = code.code.handler(pc.saturating_sub(1)) else {
            return false;
        };
        let keep = base + code.slots as usize + handler.depth as usize;
        self.truncate_operands(keep);
        if handler.lasti {
            self.push_counted(Value::from_i32(pc.saturating_sub(1) as i32));
        }
        self.push_counted(e);
        self.top().pc = handler.target;
        true
    }

    /// Ends the top frame because of an exception. True if that was the end of it (nobody below is concerned).
    fn leave_frame_by_exception(&mut self, e: Value) -> bool {
        let Some(Frame::Python(frame)) = self.frames.last().copied_frame() else {
            return true;
        };
        if !frame.generator.is_null() {
            self.ends_by_hand(frame.generator, heddle_trace::TaskEnd::Raised, e);
            self.generator_ends(frame.generator);
        }
        self.pop_frame();
        if frame.bits & bits::DISCARD != 0 {
            self.write_unraisable(e, Value::NULL, "");
            self.heap.decref(e);
            return true;
        }
        false
    }

    /// Puts an entry for the top frame at the outer end of the traceback.
    fn add_traceback(&mut self, e: Value) {
        let at = self.frames.len() - 1;
        let (code, pc) = {
            let f = self.top();
            (f.code, f.pc.saturating_sub(1))
        };
        let code = self.code_of(code);
        if code.hidden {
            return;
        }
        let line = code.code.positions.get(pc as usize).map_or(0, |p| p.line);
        let frame = self.frame_object_at(at);
        let next = match self.heap.object(e) {
            Some(Obj::Exception(x)) => x.traceback,
            _ => return,
        };
        self.heap.incref(frame);
        // The count of `next` passes from the exception to the new entry.
        let entry = self.heap.insert(
            core::TRACEBACK,
            Obj::Traceback(Box::new(Traceback {
                next,
                frame,
                instruction: pc,
                line,
            })),
        );
        if let Obj::Exception(x) = self.heap.get_mut(e) {
            x.traceback = entry;
        }
    }

    /// The traceback that a `RERAISE` with the index of the first raise belongs to needs no new entry, but its line may have moved on.
    pub(crate) fn reraise(&mut self, e: Value, lasti: Option<u32>) -> Step {
        if let Some(lasti) = lasti {
            // The frame stands where the exception came from, so that an enclosing handler notes that place.
            let pc = self.top().pc;
            let handler_of_reraise = pc.saturating_sub(1);
            return self.unwind_at(e, lasti, handler_of_reraise);
        }
        self.unwind(e, false)
    }

    /// Unwinds with the handler of one instruction, while traceback and `lasti` speak of another.
    fn unwind_at(&mut self, e: Value, lasti: u32, raised_at: u32) -> Step {
        let (code, base) = {
            let f = self.top();
            (f.code, f.base as usize)
        };
        let code = std::rc::Rc::clone(self.code_of(code));
        match code.code.handler(raised_at) {
            Some(&handler) => {
                let keep = base + code.slots as usize + handler.depth as usize;
                self.truncate_operands(keep);
                if handler.lasti {
                    self.push_counted(Value::from_i32(lasti as i32));
                }
                self.push_counted(e);
                self.top().pc = handler.target;
                self.now_ns += cost::RAISE;
                Ok(())
            }
            None => {
                self.top().pc = lasti + 1;
                if self.top_is_watched() && self.tell_reraised(e) {
                    self.heap.decref(e);
                    return Ok(());
                }
                self.unwind_from(e, false, stage::LEAVING)
            }
        }
    }

    /// An exception left a finalizer or callback.
    pub(crate) fn unraisable_in_native(&mut self, e: Value, frame: &NativeFrame) {
        let object = frame.args.first().copied().unwrap_or(Value::NULL);
        self.write_unraisable(e, object, frame.def.name);
    }

    /// The value of a StopIteration.
    pub fn stop_iteration_value(&self, e: Value) -> Value {
        match self.heap.object(e) {
            Some(Obj::Exception(x)) => match x.fields.first() {
                Some(&v) if !v.is_null() => v,
                _ => self
                    .as_tuple(x.args)
                    .and_then(|a| a.first().copied())
                    .unwrap_or(Value::NONE),
            },
            _ => Value::NONE,
        }
    }

    /// `raise exc from cause`, or `raise exc`: makes an instance of a class, checks, raises. Values are counted by the caller.
    pub fn name_error(&mut self, name: Value) -> Unwind {
        let text = self.text(name);
        let error = self.error(core::NAME_ERROR, &format!("name '{text}' is not defined"));
        self.set_error_field(&error, 0, name);
        error
    }

    /// Sets a field of a fresh exception (counted by it).
    pub(crate) fn set_error_field(&mut self, error: &Unwind, at: usize, v: Value) {
        let Unwind::Raise(e) = *error else { return };
        self.heap.incref(v);
        if let Obj::Exception(x) = self.heap.get_mut(e) {
            if x.fields.len() <= at {
                x.fields.resize(at + 1, Value::NULL);
            }
            let old = std::mem::replace(&mut x.fields[at], v);
            self.heap.decref(old);
        }
    }
}

trait CopiedFrame {
    fn copied_frame(self) -> Option<Frame>;
}

impl CopiedFrame for Option<&Frame> {
    fn copied_frame(self) -> Option<Frame> {
        match self {
            Some(Frame::Python(f)) => Some(Frame::Python(*f)),
            _ => None,
        }
    }
}
