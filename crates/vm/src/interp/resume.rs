//! Generators and coroutines that the loop resumes and suspends without leaving it: `for`, `yield`, `await`. Whatever is not plain (a
//! frame object to be kept up to date, an error, an asynchronous generator) is left to `generators`, with nothing done yet.

use super::{Step, cost};
use crate::frame::{Frame, PyFrame, bits};
use crate::generator::GeneratorState;
use crate::native::{Gathering, GeneratorInput, LogEntry};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

/// What an item costs that a native takes from a generator, besides what the generator does, ns.
const GATHERED: u64 = cost::ITERATE;

impl Process {
    /// `FOR_ITER` (before `pc`) over a generator, on top of the operands: its frame is the top one now. False if nothing was done.
    #[inline(never)]
    pub(crate) fn for_generator(&mut self, stack: &mut [Value], generator: Value, [pc, sp]: [usize; 2]) -> bool {
        self.heap.has_class(generator, core::GENERATOR) == Some(true)
            && self.resume_plainly(stack, generator, Value::NONE, [pc, sp], 0)
    }

    /// `SEND` (before `pc`) to a generator or coroutine that stands below what it is sent, likewise.
    #[inline(never)]
    pub(crate) fn send_to_generator(&mut self, stack: &mut [Value], [pc, sp]: [usize; 2]) -> bool {
        let (receiver, sent) = (stack[sp - 2], stack[sp - 1]);
        [core::GENERATOR, core::COROUTINE]
            .map(|class| self.heap.has_class(receiver, class))
            .contains(&Some(true))
            && self.resume_plainly(stack, receiver, sent, [pc, sp - 1], bits::SENT)
    }

    /// Resumes a generator with a counted value, its frame at `sp`, where the operands of the top frame end.
    fn resume_plainly(
        &mut self,
        stack: &mut [Value],
        generator: Value,
        sent: Value,
        [pc, sp]: [usize; 2],
        bits: u8,
    ) -> bool {
        if self.too_deep() {
            return false;
        }
        let Some(Frame::Python(caller)) = self.frames.last_mut() else {
            return false;
        };
        let Obj::Generator(g) = self.heap.get_mut(generator) else {
            return false;
        };
        let ready = match g.state {
            GeneratorState::Suspended => true,
            GeneratorState::Created => sent.is_none(),
            GeneratorState::Running | GeneratorState::Finished => false,
        };
        if !ready || !g.frame.object.is_null() || sp + g.room as usize > stack.len() {
            return false;
        }
        (caller.pc, caller.sp) = (pc as u32, sp as u32);
        self.heap.incref(generator);
        let top = self.put_on_top(stack, generator, sp, bits | bits::PUSHED);
        stack[top] = sent;
        self.top().sp += 1;
        true
    }

    /// A suspended generator (counted) goes on: its frame becomes the top one, its values stand from `base` up. Where they end.
    #[inline(always)]
    pub(crate) fn put_on_top(&mut self, stack: &mut [Value], generator: Value, base: usize, bits: u8) -> usize {
        let Obj::Generator(g) = self.heap.get_mut(generator) else {
            return base;
        };
        let sp = base + g.values.len();
        stack[base..sp].copy_from_slice(&g.values);
        // It keeps its memory, so that the next yield need not allocate.
        g.values.clear();
        g.state = GeneratorState::Running;
        let handled = std::mem::take(&mut g.handled);
        self.depth += 1;
        self.frames.push(Frame::Python(PyFrame {
            base: base as u32,
            return_to: base as u32,
            sp: sp as u32,
            bits,
            generator,
            ..g.frame
        }));
        let thread = &mut self.threads[self.current as usize];
        let outer = std::mem::replace(&mut thread.handled, handled);
        thread.handled_outer.push(outer);
        sp
    }

    /// The top frame, whose operands end at `sp`, goes back into its generator and lets go of it.
    #[inline(always)]
    pub(crate) fn put_back(&mut self, stack: &[Value], pc: usize, sp: usize) {
        let frame = *self.top();
        // A Python frame owns nothing: there is nothing to drop.
        std::mem::forget(self.frames.pop());
        self.depth -= 1;
        let thread = &mut self.threads[self.current as usize];
        let outer = thread.handled_outer.pop().unwrap_or(Value::NULL);
        let handled = std::mem::replace(&mut thread.handled, outer);
        if let Obj::Generator(g) = self.heap.get_mut(frame.generator) {
            g.values.extend_from_slice(&stack[frame.base as usize..sp]);
            g.state = GeneratorState::Suspended;
            g.handled = handled;
            g.frame = PyFrame {
                pc: pc as u32,
                generator: Value::NULL,
                ..frame
            };
        }
        self.heap.decref(frame.generator);
    }

    /// `YIELD_VALUE` (before `pc`) of a generator that an instruction of the frame below has resumed: that frame is the top one now, with
    /// the value on its operands. Or the value is an item for a native below that gathers them, and the generator goes on. What that
    /// costs besides, ns; None if nothing was done.
    #[inline(never)]
    pub(crate) fn yield_plainly(&mut self, stack: &mut [Value], [pc, sp]: [usize; 2]) -> Option<u64> {
        let value = stack[sp - 1];
        let (caller, frame) = match self.frames.as_mut_slice() {
            [.., Frame::Python(caller), Frame::Python(frame)] => (caller, frame),
            [.., Frame::Native(native), Frame::Python(frame)] => {
                let gathering = native.gathering?;
                if gathering.generator != frame.generator {
                    return None;
                }
                stack[sp - 1] = Value::NONE;
                (frame.pc, frame.sp) = (pc as u32, sp as u32);
                self.add_gathered(gathering.items, value);
                return Some(GATHERED);
            }
            _ => return None,
        };
        if frame.bits & bits::PUSHED == 0 || !frame.object.is_null() {
            return None;
        }
        let at = caller.sp as usize;
        caller.sp += 1;
        self.put_back(stack, pc, sp - 1);
        stack[at] = value;
        Some(0)
    }

    /// Runs a generator (counted) to its end for the native on top, which is to get all it yields.
    pub(crate) fn start_gathering(&mut self, generator: Value) -> Step {
        let items = self.heap.insert(core::LIST, Obj::List(Vec::new()));
        if let Some(Frame::Native(n)) = self.frames.last_mut() {
            n.gathering = Some(Gathering { generator, items });
        }
        self.gather_next(generator)
    }

    fn gather_next(&mut self, generator: Value) -> Step {
        self.heap.incref(generator);
        self.resume_generator(generator, GeneratorInput::Send(Value::NONE), 0)
    }

    /// An item (counted) for the native on top; NULL: there are no more.
    pub(crate) fn gather(&mut self, gathering: Gathering, item: Value) -> Step {
        if !item.is_null() {
            self.now_ns += GATHERED;
            self.add_gathered(gathering.items, item);
            return self.gather_next(gathering.generator);
        }
        if let Some(Frame::Native(n)) = self.frames.last_mut() {
            n.gathering = None;
            n.log.push(LogEntry::Value(gathering.items));
        }
        self.heap.decref(gathering.generator);
        Ok(())
    }

    fn add_gathered(&mut self, items: Value, item: Value) {
        if let Obj::List(items) = self.heap.get_mut(items) {
            items.push(item);
        }
        self.heap.adjust_size(8);
    }

    /// What the generator has yielded goes nowhere.
    pub(crate) fn drop_gathering(&mut self, gathering: Option<Gathering>) {
        if let Some(Gathering { generator, items }) = gathering {
            self.heap.decref(generator);
            self.heap.decref(items);
        }
    }
}
