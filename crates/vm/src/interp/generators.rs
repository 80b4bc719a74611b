//! Generators and coroutines: making, resuming, yielding, ending.

use super::Step;
use crate::frame::{Frame, StackOf, bits};
use crate::generator::{Generator, GeneratorState};
use crate::native::{GeneratorInput, NativeResult, Unwind};
use crate::object::Obj;
use crate::payload::Sent;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::Op;
use heddle_compiler::code::flags;
use heddle_trace::TaskEnd;

impl Process {
    /// The generator behind a value.
    pub fn as_generator(&self, v: Value) -> Option<&Generator> {
        match self.heap.object(v)? {
            Obj::Generator(g) => Some(g),
            _ => None,
        }
    }

    pub(crate) fn generator_mut(&mut self, v: Value) -> Option<&mut Generator> {
        if !v.is_heap() {
            return None;
        }
        match self.heap.get_mut(v) {
            Obj::Generator(g) => Some(g),
            _ => None,
        }
    }

    /// `RETURN_GENERATOR`: the frame moves into a new generator, which is the call's result.
    pub(crate) fn op_return_generator(&mut self) -> Step {
        let Some(Frame::Python(mut frame)) = self.frames.pop() else {
            return Ok(());
        };
        self.depth -= 1;
        let bits_of_call = frame.bits;
        let code = std::rc::Rc::clone(self.code_of(frame.code));
        let class = match code.code.flags {
            f if f & flags::COROUTINE != 0 => core::COROUTINE,
            f if f & flags::ASYNC_GENERATOR != 0 => core::ASYNC_GENERATOR,
            _ => core::GENERATOR,
        };
        let (name, qualname) = match self.heap.object(frame.function) {
            Some(Obj::Function(f)) => (f.name, f.qualname),
            _ => (code.name, code.qualname),
        };
        self.heap.incref(name);
        self.heap.incref(qualname);
        let values = self.stack[frame.base as usize..frame.sp as usize].to_vec();
        frame.bits = 0;
        let generator = self.heap.insert(
            class,
            Obj::Generator(Box::new(Generator {
                frame,
                values,
                room: code.room,
                state: GeneratorState::Created,
                handled: Value::NULL,
                name,
                qualname,
                origin: Value::NULL,
                finalizer: Value::NULL,
                hooks_inited: false,
                ag_running: false,
                closed: false,
            })),
        );
        self.heap.header_mut(generator).flags |= crate::heap::flags::HAS_FINALIZER;
        self.forget_by_hand(generator, TaskEnd::Lost);
        if class == core::COROUTINE {
            self.note_origin(generator);
        }
        if let Some(Frame::Python(below)) = self.frames.last_mut() {
            below.sp = below.sp.min(frame.return_to);
        }
        if bits_of_call & bits::DISCARD != 0 {
            self.heap.decref(generator);
            return Ok(());
        }
        self.deliver(generator)
    }

    /// `cr_origin`: who called the coroutine function that has just left its frame, innermost first.
    fn note_origin(&mut self, coroutine: Value) {
        let depth = self.current_thread().origin_depth as usize;
        if depth == 0 {
            return;
        }
        let callers: Vec<(Value, u32)> = self
            .frames
            .iter()
            .rev()
            .filter_map(|frame| match frame {
                Frame::Python(f) => Some((f.code, f.pc)),
                Frame::Native(_) => None,
            })
            .filter(|(code, _)| !self.code_of(*code).hidden)
            .take(depth)
            .collect();
        let mut entries = Vec::new();
        for (code, pc) in callers {
            let code = std::rc::Rc::clone(self.code_of(code));
            let line = code
                .code
                .positions
                .get(pc.saturating_sub(1) as usize)
                .map_or(0, |p| p.line);
            let line = self.new_int(i64::from(line));
            entries.push(self.new_tuple(vec![code.filename, line, code.name]));
        }
        let origin = self.new_tuple(entries);
        self.heap.incref(origin);
        if let Some(g) = self.generator_mut(coroutine) {
            g.origin = origin;
        }
    }

    /// Resumes a generator with a counted input; `generator` is counted too and both counts are taken over.
    pub(crate) fn resume_generator(&mut self, generator: Value, input: GeneratorInput, bits: u8) -> Step {
        let Some(g) = self.as_generator(generator) else {
            return Ok(());
        };
        let state = g.state;
        let (GeneratorInput::Send(value) | GeneratorInput::Throw(value)) = input;
        let problem = match (state, input) {
            (GeneratorState::Running, _) => Some(Err(format!("{} already executing", self.kind_of(generator)))),
            (GeneratorState::Finished, GeneratorInput::Send(_)) => Some(Ok(())),
            (GeneratorState::Created, GeneratorInput::Send(v)) if !v.is_none() => Some(Err(format!(
                "can't send non-None value to a just-started {}",
                self.kind_of(generator)
            ))),
            _ => None,
        };
        if let Some(problem) = problem {
            let coroutine = self.type_of(generator) == core::COROUTINE;
            self.heap.decref(generator);
            self.heap.decref(value);
            return match problem {
                Err(text) if state == GeneratorState::Running => {
                    let error = self.value_error(&text);
                    self.raise_here(error)
                }
                Err(text) => {
                    let error = self.type_error(&text);
                    self.raise_here(error)
                }
                Ok(()) if coroutine => {
                    let error = self.runtime_error("cannot reuse already awaited coroutine");
                    self.raise_here(error)
                }
                Ok(()) => self.finish_generator_call(Value::NONE, bits),
            };
        }
        if state == GeneratorState::Finished {
            // throw() into a finished generator raises there and then.
            let coroutine = self.type_of(generator) == core::COROUTINE;
            self.heap.decref(generator);
            if coroutine {
                self.heap.decref(value);
                let error = self.runtime_error("cannot reuse already awaited coroutine");
                return self.raise_here(error);
            }
            return self.raise_counted(value);
        }
        if self.too_deep() {
            self.heap.decref(generator);
            self.heap.decref(value);
            let error = self.recursion_error();
            return self.raise_here(error);
        }
        let inner = match input {
            GeneratorInput::Throw(_) => self.yield_from_of(generator),
            GeneratorInput::Send(_) => Value::NULL,
        };
        self.enter_generator(generator, bits);
        match input {
            GeneratorInput::Throw(e) if !inner.is_null() => self.throw_through(inner, e),
            GeneratorInput::Send(v) => {
                self.push_counted(v);
                Ok(())
            }
            GeneratorInput::Throw(e) => {
                self.chain_thrown(e);
                if state == GeneratorState::Created {
                    // Nothing has run yet: the frame ends at once, with the place of the `def`.
                    self.top().pc = self.top().pc.max(1);
                }
                // As if something had been sent: handlers count on it.
                self.push_counted(Value::NONE);
                if self.tell_thrown(e) {
                    return Ok(());
                }
                self.unwind(e, true)
            }
        }
    }

    /// The frame on top delegates: what it delegates to gets a counted exception, and its answer is that of the `SEND`.
    fn throw_through(&mut self, inner: Value, e: Value) -> Step {
        let (code, pc) = (self.top().code, self.top().pc as usize);
        let ops = &self.code_of(code).ops;
        // The `SEND` that belongs to this yield stands in front of it.
        let sent = ops[..pc.min(ops.len())].iter().rposition(|ins| ins.op == Op::Send);
        if let Some(sent) = sent {
            self.top().pc = sent as u32 + 1;
        }
        self.push(inner);
        self.push_counted(e);
        self.op_native(&super::slow::SEND_THROW, 2, None)
    }

    fn kind_of(&self, generator: Value) -> &'static str {
        match self.type_of(generator) {
            core::COROUTINE => "coroutine",
            core::ASYNC_GENERATOR => "async generator",
            _ => "generator",
        }
    }

    /// Puts a suspended generator's frame on top. Takes over a count of the generator.
    pub(crate) fn enter_generator(&mut self, generator: Value, bits: u8) {
        let base = self.stack_top();
        let Some(g) = self.as_generator(generator) else { return };
        let (need, object) = (base + g.room as usize, g.frame.object);
        let mut stack = std::mem::take(&mut self.stack);
        if need > stack.len() {
            stack.resize(need + 64, Value::NULL);
        }
        let at = self.frames.len() as u32;
        self.put_on_top(&mut stack, generator, base, bits);
        self.stack = stack;
        let current = self.current;
        if !object.is_null()
            && let Obj::Frame(f) = self.heap.get_mut(object)
        {
            f.live = Some((StackOf::Thread(current), at));
        }
    }

    /// `YIELD_VALUE`: the frame goes back into its generator, the value to whoever resumed it.
    pub(crate) fn op_yield(&mut self) -> Step {
        let value = self.pop_counted();
        let frame = *self.top();
        if !frame.object.is_null()
            && let Obj::Frame(f) = self.heap.get_mut(frame.object)
        {
            f.live = None;
            f.instruction = frame.pc.saturating_sub(1);
        }
        let stack = std::mem::take(&mut self.stack);
        self.put_back(&stack, frame.pc as usize, frame.sp as usize);
        self.stack = stack;
        self.yields_by_hand(frame.generator, value);
        self.deliver(value)
    }

    /// The generator's frame is about to be popped for good.
    pub(crate) fn generator_ends(&mut self, generator: Value) {
        self.watched_end(generator);
        let thread = self.current_thread();
        let outer = thread.handled_outer.pop().unwrap_or(Value::NULL);
        let own = std::mem::replace(&mut thread.handled, outer);
        self.heap.decref(own);
        if let Some(g) = self.generator_mut(generator) {
            g.state = GeneratorState::Finished;
            g.values = Vec::new();
            // The frame's values are let go by whoever pops it.
            g.frame.function = Value::NULL;
            g.frame.locals = Value::NULL;
            g.frame.object = Value::NULL;
            g.frame.generator = Value::NULL;
        }
        self.heap.header_mut(generator).flags |= crate::heap::flags::FINALIZED;
    }

    /// The generator returned this (counted, taken over): StopIteration, the jump of `SEND`, or NULL.
    pub(crate) fn finish_generator_call(&mut self, value: Value, bits: u8) -> Step {
        if bits & bits::SENT != 0 {
            return self.send_done(value);
        }
        if bits & bits::RAISE_AT_END != 0 {
            let result = self.raise_stop_iteration(value);
            self.heap.decref(value);
            return result;
        }
        self.heap.decref(value);
        self.deliver(Value::NULL)
    }

    /// The receiver of the top frame's `SEND` is done.
    fn send_done(&mut self, value: Value) -> Step {
        let (code, pc) = {
            let f = self.top();
            (f.code, f.pc as usize)
        };
        let ins = self.code_of(code).ops[pc.saturating_sub(1)];
        self.push_counted(value);
        if ins.op == Op::Send {
            self.top().pc = ins.arg;
        }
        Ok(())
    }

    /// What the native behind `SEND` answers: (done, value).
    pub(crate) fn deliver_sent(&mut self, pair: Value) -> Step {
        let (done, value) = match self.as_tuple(pair) {
            Some(&[done, value]) => (done == Value::TRUE, value),
            _ => (true, Value::NONE),
        };
        self.heap.incref(value);
        self.heap.decref(pair);
        if done {
            self.send_done(value)
        } else {
            self.deliver(value)
        }
    }

    /// `SEND`
    pub(crate) fn op_send(&mut self) -> Step {
        let receiver = self.peek(2);
        if self.as_generator(receiver).is_some() && self.type_of(receiver) != core::ASYNC_GENERATOR {
            let value = self.pop_counted();
            self.heap.incref(receiver);
            return self.resume_generator(receiver, GeneratorInput::Send(value), bits::SENT | bits::PUSHED);
        }
        if self.peek(1).is_none()
            && let Some(Obj::Payload(payload)) = self.heap.object(receiver)
            && let Some(step) = payload.sending()
        {
            return self.send_to_payload(receiver, step);
        }
        // The receiver stays on the stack; the native gets a second count of it.
        let value = self.pop_counted();
        self.push(receiver);
        self.push_counted(value);
        self.op_native(&super::slow::SEND, 2, None)
    }

    /// `SEND` of None to a native iterator that says itself what comes of it.
    fn send_to_payload(&mut self, receiver: Value, step: fn(&mut Process, Value) -> NativeResult<Sent>) -> Step {
        self.now_ns += super::cost::SLOW;
        self.pop();
        self.activation.log.clear();
        self.activation.cursor = 0;
        match step(self, receiver) {
            Ok(Sent::Yielded(v)) => {
                self.push(v);
                Ok(())
            }
            Ok(Sent::Done(v)) => {
                self.heap.incref(v);
                self.send_done(v)
            }
            Err(error) => self.raise_here(error),
        }
    }

    /// `FOR_ITER` over what the loop does not step itself. The iterator stays on the stack.
    pub(crate) fn op_for_iter(&mut self, iterator: Value) -> Step {
        if let Some(g) = self.as_generator(iterator)
            && self.type_of(iterator) == core::GENERATOR
        {
            if g.state == GeneratorState::Finished {
                return self.deliver(Value::NULL);
            }
            let ready = matches!(g.state, GeneratorState::Created | GeneratorState::Suspended);
            self.heap.incref(iterator);
            if ready && !self.too_deep() {
                self.enter_generator(iterator, bits::PUSHED);
                self.push_counted(Value::NONE);
                return Ok(());
            }
            return self.resume_generator(iterator, GeneratorInput::Send(Value::NONE), bits::PUSHED);
        }
        self.push(iterator);
        self.op_native(&super::slow::FOR_ITER, 1, None)
    }

    /// Resumes a generator from a native: a logged step. NULL at its end (or StopIteration, if asked for).
    pub fn step_generator(&mut self, generator: Value, input: GeneratorInput, raise_at_end: bool) -> NativeResult {
        match self.next_log_entry() {
            Some(crate::native::LogEntry::Value(v)) => return Ok(v),
            Some(crate::native::LogEntry::Raise(e)) => return Err(Unwind::Raise(e)),
            Some(_) => return Err(self.system_error("a native was not deterministic (generator)")),
            None => {}
        }
        Err(Unwind::Pending(Box::new(crate::native::Pending::Generator {
            generator,
            input,
            raise_at_end,
            tail: false,
        })))
    }

    /// `RETURN_VALUE` of frames that are not plain calls.
    pub(crate) fn op_return(&mut self) -> Step {
        let value = self.pop_counted();
        let frame = *self.top();
        if !frame.generator.is_null() {
            self.ends_by_hand(frame.generator, TaskEnd::Returned, value);
            self.generator_ends(frame.generator);
            self.pop_frame();
            return self.finish_generator_call(value, frame.bits);
        }
        self.pop_frame();
        if frame.bits & bits::DISCARD != 0 {
            self.heap.decref(value);
            return Ok(());
        }
        if frame.bits & bits::HANDLERS != 0 {
            self.heap.decref(value);
            if let Some(Frame::Python(below)) = self.frames.last_mut() {
                below.pc = below.pc.saturating_sub(1);
            }
            return Ok(());
        }
        if frame.bits & bits::INIT != 0 {
            return self.finish_init(value, frame.return_to as usize - 1);
        }
        self.deliver(value)
    }

    /// `__init__` has returned; the instance stands at `at`.
    fn finish_init(&mut self, value: Value, at: usize) -> Step {
        let instance = self.stack[at];
        if let Some(Frame::Python(below)) = self.frames.last_mut() {
            below.sp = at as u32;
        }
        let checked = self.check_init_result(value);
        self.heap.decref(value);
        match checked {
            Ok(()) => {
                self.push_counted(instance);
                Ok(())
            }
            Err(error) => {
                self.heap.decref(instance);
                self.raise_here(error)
            }
        }
    }

    /// A generator that is about to be freed: does it have to be closed first?
    pub(crate) fn needs_closing(&self, generator: Value) -> bool {
        self.as_generator(generator).is_some_and(|g| {
            g.state == GeneratorState::Suspended
                || (g.state == GeneratorState::Created && self.type_of(generator) == core::COROUTINE)
        })
    }
}
