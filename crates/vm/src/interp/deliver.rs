//! Running natives, and bringing results to whoever waits for them: an instruction or a native's log.

use super::frames::Place;
use super::{Step, cost};
use crate::contract::Stop;
use crate::frame::{Frame, bits};
use crate::function::{Args, Native};
use crate::native::{Activation, LogEntry, NativeFrame, NativeResult, Pending, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::Op;

/// Arguments up to this number are passed without a vector.
const FEW: usize = 8;

impl Process {
    /// Runs the native on top of the frames again (or for the first time): its log has grown.
    pub(crate) fn run_top_native(&mut self) -> Step {
        let Some(Frame::Native(mut frame)) = self.frames.pop() else {
            return Ok(());
        };
        if std::ptr::eq(frame.def, &raw const crate::finalize::FINALIZERS) {
            self.next_finalizer(frame);
            return Ok(());
        }
        if let Some((before, call)) = frame.retry.take()
            && frame.log.len() == before
        {
            match self.answer_interrupted(&call) {
                Some(answer) => frame.log.push(LogEntry::Resume(answer)),
                None => {
                    self.frames.push(Frame::Native(frame));
                    return Err(Stop::SystemCall(*call));
                }
            }
        }
        self.now_ns += cost::NATIVE;
        self.activation = Activation {
            log: std::mem::take(&mut frame.log),
            ..Activation::default()
        };
        let args = Args {
            pos: &frame.args,
            kw: &frame.kw,
        };
        let result = self.run_native(frame.def, args);
        frame.log = std::mem::take(&mut self.activation.log);
        self.finish_native(result, frame)
    }

    /// A native with a frame of its own has answered. The frame is off the stack.
    fn finish_native(&mut self, result: NativeResult, mut frame: Box<NativeFrame>) -> Step {
        if std::ptr::eq(frame.def, &raw const crate::trace::fire::EVENT) && !matches!(result, Err(Unwind::Pending(_))) {
            return self.event_over(result, &frame);
        }
        match result {
            Ok(v) => {
                self.heap.incref(v);
                self.drop_native(&frame);
                if frame.discard {
                    self.heap.decref(v);
                    return Ok(());
                }
                self.deliver_from(v, frame.def)
            }
            Err(Unwind::Raise(e)) => {
                self.heap.incref(e);
                if frame.discard {
                    self.unraisable_in_native(e, &frame);
                    self.drop_native(&frame);
                    self.heap.decref(e);
                    return Ok(());
                }
                self.drop_native(&frame);
                self.raise_counted(e)
            }
            Err(Unwind::Pending(pending)) => {
                let tail = self.is_tail(&pending);
                self.count_pending(&pending);
                if tail && !frame.discard {
                    self.drop_native(&frame);
                } else {
                    frame.tail = tail;
                    self.frames.push(Frame::Native(frame));
                }
                self.start_pending(*pending)
            }
        }
    }

    fn is_tail(&self, pending: &Pending) -> bool {
        matches!(
            pending,
            Pending::TailCall(_) | Pending::Generator { tail: true, .. } | Pending::Switch { tail: true, .. }
        )
    }

    /// What waits to be run is counted, so that it outlives the native.
    fn count_pending(&mut self, pending: &Pending) {
        match pending {
            Pending::Call(r) | Pending::TailCall(r) => {
                self.heap.incref(r.callee);
                for &v in &r.args {
                    self.heap.incref(v);
                }
                for &(name, v) in &r.kw {
                    self.heap.incref(name);
                    self.heap.incref(v);
                }
            }
            Pending::Generator { generator, input, .. } => {
                self.heap.incref(*generator);
                let (crate::native::GeneratorInput::Send(v) | crate::native::GeneratorInput::Throw(v)) = *input;
                self.heap.incref(v);
            }
            Pending::Items(generator) => self.heap.incref(*generator),
            Pending::Switch { target, passed, .. } => {
                for v in passed.values().into_iter().chain([*target]) {
                    self.heap.incref(v);
                }
            }
            Pending::System(_) => {}
            Pending::Execute { function, locals } => {
                self.heap.incref(*function);
                self.heap.incref(*locals);
            }
        }
    }

    /// Starts what a native waits for. Its values are counted.
    fn start_pending(&mut self, pending: Pending) -> Step {
        match pending {
            Pending::Call(r) | Pending::TailCall(r) => self.call_counted(r.callee, r.args, r.kw, 0),
            Pending::Generator {
                generator,
                input,
                raise_at_end,
                ..
            } => {
                let bits = if raise_at_end { bits::RAISE_AT_END } else { 0 };
                self.resume_generator(generator, input, bits)
            }
            Pending::Items(generator) => self.start_gathering(generator),
            Pending::Switch { target, passed, .. } => self.start_switch(target, passed),
            Pending::System(call) => {
                if self.tripped != 0 && self.current == 0 && call.may_wait() {
                    // Handlers are due: they do not wait until the call has.
                    self.interrupted(Box::new(call));
                    return Ok(());
                }
                Err(Stop::SystemCall(call))
            }
            Pending::Execute { function, locals } => {
                if self.too_deep() {
                    let error = self.recursion_error();
                    let step = self.raise_here(error);
                    self.heap.decref(function);
                    self.heap.decref(locals);
                    return step;
                }
                let top = self.stack_top();
                let Some(code) = self.function_code(function) else {
                    return Ok(());
                };
                self.push_frame(
                    function,
                    &code,
                    Place {
                        base: top,
                        filled: 0,
                        return_to: top,
                    },
                    0,
                    locals,
                );
                Ok(())
            }
        }
    }

    /// Runs an instruction's slow path: a native whose arguments are the top `n` operands (and the instruction's argument).
    pub(crate) fn op_native(&mut self, def: &'static Native, n: usize, arg: Option<u32>) -> Step {
        self.now_ns += cost::SLOW;
        let sp = self.top().sp as usize;
        self.run_on_stack(
            def,
            Value::NULL,
            sp - n,
            sp - n,
            arg.map(|a| Value::from_i32(a as i32)),
            Vec::new(),
        )
    }

    /// Runs a native on the operands from `from` up (after `bound`, before `extra`); when it is done, operands from `return_to` up are
    /// let go and the result is delivered. `kw` is counted.
    pub(crate) fn run_on_stack(
        &mut self,
        def: &'static Native,
        bound: Value,
        from: usize,
        return_to: usize,
        extra: Option<Value>,
        kw: Vec<(Value, Value)>,
    ) -> Step {
        let sp = self.top().sp as usize;
        let mut few = [Value::NULL; FEW];
        let mut many = Vec::new();
        let count = sp - from + usize::from(!bound.is_null()) + usize::from(extra.is_some());
        let args: &mut [Value] = if count <= FEW {
            &mut few[..count]
        } else {
            many.resize(count, Value::NULL);
            &mut many
        };
        let values = (!bound.is_null())
            .then_some(bound)
            .into_iter()
            .chain(self.stack[from..sp].iter().copied())
            .chain(extra);
        for (slot, v) in args.iter_mut().zip(values) {
            *slot = v;
        }
        self.activation.log.clear();
        self.activation.cursor = 0;
        self.activation.depth = 0;
        self.activation.shortened = false;
        self.activation.callable = self.stack.get(return_to).copied().unwrap_or_default();
        match self.run_native(def, Args { pos: args, kw: &kw }) {
            Ok(v) => {
                self.heap.keep(v);
                if std::mem::take(&mut self.activation.shortened) {
                    self.truncate_operands(return_to);
                    self.drop_kw(&kw);
                    self.drop_log();
                    return self.deliver_from(v, def);
                }
                if !self.activation.log.is_empty() {
                    self.drop_log();
                }
                for (name, value) in kw {
                    self.heap.decref(name);
                    self.heap.decref(value);
                }
                self.truncate_operands(return_to);
                self.deliver_from(v, def)
            }
            Err(error) => self.native_left(error, def, args, kw, return_to),
        }
    }

    /// A native that was run on operands has no result: it failed, or something has to run first. `kw` is counted.
    #[inline(never)]
    pub(crate) fn native_left(
        &mut self,
        error: Unwind,
        def: &'static Native,
        args: &[Value],
        kw: Vec<(Value, Value)>,
        return_to: usize,
    ) -> Step {
        match error {
            Unwind::Raise(e) => {
                self.heap.incref(e);
                self.drop_log();
                for (name, value) in kw {
                    self.heap.decref(name);
                    self.heap.decref(value);
                }
                self.raise_counted(e)
            }
            Unwind::Pending(pending) if self.is_tail(&pending) => {
                // Nobody comes back to it.
                self.count_pending(&pending);
                self.drop_log();
                self.drop_kw(&kw);
                self.truncate_operands(return_to);
                self.start_pending(*pending)
            }
            Unwind::Pending(pending) => {
                let frame = NativeFrame {
                    log: std::mem::take(&mut self.activation.log),
                    ..NativeFrame::new(def, args.to_vec(), kw)
                };
                for &v in &frame.args {
                    self.heap.incref(v);
                }
                self.truncate_operands(return_to);
                self.finish_native(Err(Unwind::Pending(pending)), Box::new(frame))
            }
        }
    }

    pub(crate) fn drop_log(&mut self) {
        for entry in &self.activation.log {
            if let Some(v) = entry.value() {
                self.heap.decref(v);
            }
        }
        self.activation.log.clear();
        self.activation.cursor = 0;
    }

    /// Runs a native with counted arguments and no operands.
    pub(crate) fn start_native(&mut self, def: &'static Native, args: Vec<Value>, kw: Vec<(Value, Value)>) -> Step {
        self.frames
            .push(Frame::Native(Box::new(NativeFrame::new(def, args, kw))));
        Ok(())
    }

    /// The result (counted) of a native goes where it is wanted.
    fn deliver_from(&mut self, v: Value, def: &'static Native) -> Step {
        if std::ptr::eq(def, &raw const super::slow::SEND) || std::ptr::eq(def, &raw const super::slow::SEND_THROW) {
            return self.deliver_sent(v);
        }
        self.deliver(v)
    }

    /// A value (counted) goes to the top frame: into a native's log, or where the instruction that called wants it.
    pub(crate) fn deliver(&mut self, v: Value) -> Step {
        match self.frames.last_mut() {
            None => {
                self.heap.decref(v);
                return Ok(());
            }
            Some(Frame::Native(n)) => {
                if let Some(gathering) = n.gathering {
                    return self.gather(gathering, v);
                }
                if !n.tail {
                    n.log.push(LogEntry::Value(v));
                    return Ok(());
                }
                let Some(Frame::Native(n)) = self.frames.pop() else {
                    return Ok(());
                };
                self.drop_native(&n);
                if n.discard {
                    self.heap.decref(v);
                    return Ok(());
                }
                return self.deliver(v);
            }
            Some(Frame::Python(_)) => {}
        }
        let (code, pc) = {
            let f = self.top();
            (f.code, f.pc as usize)
        };
        let ins = self.code_of(code).ops[pc.saturating_sub(1)];
        self.deliver_to(v, ins.op, ins.arg)
    }

    /// A value (counted) as the result of this instruction of the top frame.
    fn deliver_to(&mut self, v: Value, op: Op, arg: u32) -> Step {
        match op {
            Op::StoreAttr
            | Op::StoreSubscr
            | Op::StoreSlice
            | Op::StoreName
            | Op::StoreGlobal
            | Op::DeleteAttr
            | Op::DeleteSubscr
            | Op::DeleteName
            | Op::DeleteGlobal
            | Op::ListExtend
            | Op::SetUpdate
            | Op::SetAdd
            | Op::DictUpdate
            | Op::DictMerge
            | Op::MapAdd
            | Op::SetupAnnotations => self.heap.decref(v),
            Op::ForIter if v.is_null() => self.top().pc = arg + 1,
            Op::LoadAttr if arg & 1 == 1 => {
                self.push_counted(v);
                self.push_counted(Value::NULL);
            }
            Op::LoadSuperAttr if arg & 1 == 1 => {
                self.push_counted(v);
                self.push_counted(Value::NULL);
            }
            Op::LoadGlobal if arg & 1 == 1 => {
                self.push_counted(v);
                self.push_counted(Value::NULL);
            }
            Op::LoadSpecial => {
                self.push_counted(v);
                self.push_counted(Value::NULL);
            }
            Op::UnpackSequence | Op::UnpackEx => self.push_unpacked(v),
            Op::CheckEgMatch => {
                self.push_unpacked(v);
                self.handle_match();
            }
            Op::CallFunctionEx if v.is_null() => return self.raise_stop_iteration(Value::NONE),
            Op::Call | Op::CallKw => {
                if v.is_null() {
                    return self.raise_stop_iteration(Value::NONE);
                }
                self.push_counted(v);
            }
            _ => self.push_counted(v),
        }
        Ok(())
    }

    /// The items of a tuple (counted), the first one on top.
    fn push_unpacked(&mut self, v: Value) {
        let items = self.as_tuple(v).map(<[Value]>::to_vec).unwrap_or_default();
        for &item in items.iter().rev() {
            self.push(item);
        }
        self.heap.decref(v);
    }

    /// A `StopIteration` with this value (not counted) is raised in the top frame.
    pub(crate) fn raise_stop_iteration(&mut self, value: Value) -> Step {
        let e = self.new_stop_iteration(value);
        self.raise_here(Unwind::Raise(e))
    }

    /// `StopIteration(value)`, without arguments for None.
    pub fn new_stop_iteration(&mut self, value: Value) -> Value {
        let args = if value.is_none() || value.is_null() {
            Vec::new()
        } else {
            vec![value]
        };
        let args = self.new_tuple(args);
        let mut exception = crate::object::Exception::new(args);
        exception.fields = vec![if value.is_null() { Value::NONE } else { value }];
        self.heap
            .alloc(core::STOP_ITERATION, Obj::Exception(Box::new(exception)))
    }
}
