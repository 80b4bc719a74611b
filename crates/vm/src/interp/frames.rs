//! Pushing and popping frames, and the running thread's operands between two instructions.

use crate::code::CodeObj;
use crate::frame::{Frame, FrameObj, PyFrame, StackOf};
use crate::native::NativeFrame;
use crate::object::Obj;
use crate::process::{Process, Thread};
use crate::value::Value;
use std::rc::Rc;

/// Where a new frame stands on the operand stack.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// Its first slot: arguments stand here and above.
    pub base: usize,
    /// How many slots are filled already.
    pub filled: usize,
    /// Below this belongs to the caller.
    pub return_to: usize,
}

#[cold]
#[inline(never)]
fn no_python_frame() -> ! {
    unreachable!("an instruction runs in a Python frame")
}

impl Process {
    /// The record of the running thread.
    pub fn current_thread(&mut self) -> &mut Thread {
        &mut self.threads[self.current as usize]
    }

    /// The top frame, which is a Python frame.
    #[inline(always)]
    pub(crate) fn top(&mut self) -> &mut PyFrame {
        match self.frames.last_mut() {
            Some(Frame::Python(f)) => f,
            _ => no_python_frame(),
        }
    }

    /// Behind the last operand of the innermost Python frame.
    pub(crate) fn stack_top(&self) -> usize {
        self.frames
            .iter()
            .rev()
            .find_map(|f| match f {
                Frame::Python(f) => Some(f.sp as usize),
                Frame::Native(_) => None,
            })
            .unwrap_or(0)
    }

    /// The code of a code object.
    #[inline(always)]
    pub(crate) fn code_of(&self, code: Value) -> &Rc<CodeObj> {
        match self.heap.get(code) {
            Obj::Code(c) => c,
            _ => no_python_frame(),
        }
    }

    /// Pushes an operand on the top frame; counts it.
    pub(crate) fn push(&mut self, v: Value) {
        self.heap.incref(v);
        self.push_counted(v);
    }

    /// Pushes an operand that is already counted.
    pub(crate) fn push_counted(&mut self, v: Value) {
        let sp = self.top().sp as usize;
        if sp >= self.stack.len() {
            self.stack.resize(sp + 16, Value::NULL);
        }
        self.stack[sp] = v;
        self.top().sp += 1;
    }

    /// Takes the top operand off; the caller owns its count.
    pub(crate) fn pop_counted(&mut self) -> Value {
        let f = self.top();
        f.sp -= 1;
        let sp = f.sp as usize;
        self.stack[sp]
    }

    /// Takes the top operand off and lets go of it; it lives to the end of the instruction.
    pub(crate) fn pop(&mut self) -> Value {
        let v = self.pop_counted();
        self.heap.decref(v);
        v
    }

    /// The operand at depth `n` (1 = the top).
    pub(crate) fn peek(&mut self, n: usize) -> Value {
        let sp = self.top().sp as usize;
        self.stack[sp - n]
    }

    /// Lets go of the operands from `from` up.
    pub(crate) fn truncate_operands(&mut self, from: usize) {
        let sp = self.top().sp as usize;
        for i in from..sp {
            let v = self.stack[i];
            self.heap.decref(v);
        }
        self.top().sp = from as u32;
    }

    /// What a call of this code needs that is missing: room on the stack for a frame at `base`, inline caches.
    #[cold]
    #[inline(never)]
    pub(crate) fn make_room(&mut self, code: &CodeObj, base: usize) {
        let need = base + code.room as usize;
        if need > self.stack.len() {
            self.stack.resize(need + 64, Value::NULL);
        }
        if self.caches[code.number as usize].is_empty() {
            self.caches[code.number as usize] = vec![super::Cache::Empty; code.ops.len()].into_boxed_slice();
        }
    }

    /// A frame of a function called with just its parameters: base, end of its slots, what it returns to. The slots are filled.
    #[inline(always)]
    pub(crate) fn push_plain_frame(&mut self, code: Value, function: Value, [base, sp, return_to]: [usize; 3]) {
        self.depth += 1;
        self.frames.push(Frame::Python(PyFrame {
            code,
            function,
            locals: Value::NULL,
            pc: 0,
            base: base as u32,
            sp: sp as u32,
            return_to: return_to as u32,
            generator: Value::NULL,
            object: Value::NULL,
            bits: crate::frame::bits::PLAIN,
        }));
    }

    /// Makes a frame the top one; the slots that are not filled are cleared here. `function` is counted by the caller for the frame,
    /// `locals` too.
    #[inline]
    pub(crate) fn push_frame(&mut self, function: Value, code: &CodeObj, place: Place, bits: u8, locals: Value) {
        let Place {
            base,
            filled,
            return_to,
        } = place;
        let slots = code.slots as usize;
        self.make_room(code, base);
        for slot in &mut self.stack[base + filled..base + slots] {
            *slot = Value::NULL;
        }
        let (code_value, globals) = match self.heap.get(function) {
            Obj::Function(f) => (f.code, f.globals),
            _ => no_python_frame(),
        };
        // Code of a module called as a function: its names are the globals.
        let locals = if locals.is_null() && code.code.flags & heddle_compiler::code::flags::OPTIMIZED == 0 {
            self.heap.incref(globals);
            globals
        } else {
            locals
        };
        self.depth += 1;
        self.frames.push(Frame::Python(PyFrame {
            code: code_value,
            function,
            locals,
            pc: 0,
            base: base as u32,
            sp: (base + slots) as u32,
            return_to: return_to as u32,
            generator: Value::NULL,
            object: Value::NULL,
            bits,
        }));
    }

    /// Takes the top Python frame off: lets go of its slots and operands, or gives them to its frame object.
    pub(crate) fn pop_frame(&mut self) -> Option<PyFrame> {
        let Some(Frame::Python(frame)) = self.frames.last().cloned() else {
            return None;
        };
        if frame.object.is_null() {
            for i in frame.base as usize..frame.sp as usize {
                let v = self.stack[i];
                self.heap.decref(v);
            }
        } else {
            self.detach_frame_object(&frame);
        }
        self.frames.pop();
        self.depth -= 1;
        self.heap.decref(frame.object);
        self.heap.decref(frame.locals);
        self.heap.decref(frame.function);
        self.heap.decref(frame.generator);
        if let Some(Frame::Python(below)) = self.frames.last_mut() {
            below.sp = below.sp.min(frame.return_to);
        }
        Some(frame)
    }

    /// The activation of a frame object ends: its slots move into it.
    pub(crate) fn detach_frame_object(&mut self, frame: &PyFrame) {
        let slots = self.code_of(frame.code).slots as usize;
        let base = frame.base as usize;
        for i in base + slots..frame.sp as usize {
            let v = self.stack[i];
            self.heap.decref(v);
        }
        let values = self.stack[base..base + slots].to_vec();
        let back = self.object_of_caller();
        self.heap.incref(back);
        if let Obj::Frame(f) = self.heap.get_mut(frame.object) {
            f.slots = values;
            f.live = None;
            f.instruction = frame.pc.saturating_sub(1);
            let old = std::mem::replace(&mut f.back, back);
            self.heap.decref(old);
        }
    }

    /// The frame object of the visible Python frame below the top frame, or NULL.
    fn object_of_caller(&mut self) -> Value {
        let mut at = self.frames.len().saturating_sub(1);
        while at > 0 {
            at -= 1;
            if matches!(&self.frames[at], Frame::Python(f) if !self.code_of(f.code).hidden) {
                return self.frame_object_at(at);
            }
        }
        Value::NULL
    }

    /// The frame object of the activation at this position of the running thread, made now if there is none.
    pub(crate) fn frame_object_at(&mut self, at: usize) -> Value {
        self.frame_object_on(StackOf::Thread(self.current), at)
    }

    /// The same on the running thread's stack or on that of a greenlet.
    pub(crate) fn frame_object_on(&mut self, stack: StackOf, at: usize) -> Value {
        let frames = match stack {
            StackOf::Thread(_) => &self.frames[..],
            StackOf::Greenlet(greenlet) => self.greenlet_stack(greenlet).map_or(&[][..], |(frames, _)| frames),
        };
        let Some(&Frame::Python(frame)) = frames.get(at) else {
            return Value::NULL;
        };
        if !frame.object.is_null() {
            return frame.object;
        }
        let (globals, builtins) = match self.heap.get(frame.function) {
            Obj::Function(f) => (f.globals, f.builtins),
            _ => (Value::NULL, Value::NULL),
        };
        let n = Value::NULL;
        let object = FrameObj {
            code: frame.code,
            globals,
            builtins,
            function: frame.function,
            locals: frame.locals,
            back: n,
            slots: Vec::new(),
            live: Some((stack, at as u32)),
            instruction: frame.pc,
            generator: n,
            owner: frame.generator,
            extra: n,
            trace: n,
            trace_lines: true,
            trace_opcodes: false,
        };
        let v = self
            .heap
            .alloc_counted(crate::types::core::FRAME, Obj::Frame(Box::new(object)));
        let frames = match stack {
            StackOf::Thread(_) => Some(&mut self.frames),
            StackOf::Greenlet(greenlet) => self.greenlet_stack_mut(greenlet).map(|(frames, _)| frames),
        };
        if let Some(Frame::Python(f)) = frames.and_then(|frames| frames.get_mut(at)) {
            f.object = v;
        }
        v
    }

    /// The frame object `depth` visible Python frames out (0 = the innermost), or None if the stack is not so deep.
    pub fn frame_object(&mut self, depth: usize) -> Option<Value> {
        let mut left = depth;
        for at in (0..self.frames.len()).rev() {
            let visible = matches!(&self.frames[at], Frame::Python(f) if !self.code_of(f.code).hidden);
            if visible {
                if left == 0 {
                    return Some(self.frame_object_at(at));
                }
                left -= 1;
            }
        }
        None
    }

    /// The innermost Python frame that is not the prelude's.
    pub fn visible_frame(&self) -> Option<&PyFrame> {
        self.frames.iter().rev().find_map(|f| match f {
            Frame::Python(f) if !self.code_of(f.code).hidden => Some(f),
            _ => None,
        })
    }

    /// The file of the innermost frame that is not hidden; None before the program starts.
    pub fn visible_file(&self) -> Option<String> {
        let frame = self.visible_frame()?;
        Some(self.text(self.code_of(frame.code).filename))
    }

    /// Lets go of what a native's activation holds.
    pub(crate) fn drop_native(&mut self, frame: &NativeFrame) {
        for &v in &frame.args {
            self.heap.decref(v);
        }
        for &(name, v) in &frame.kw {
            self.heap.decref(name);
            self.heap.decref(v);
        }
        self.drop_gathering(frame.gathering);
        for entry in &frame.log {
            if let Some(v) = entry.value() {
                self.heap.decref(v);
            }
        }
    }

    /// Is another Python frame too much?
    #[inline(always)]
    pub(crate) fn too_deep(&self) -> bool {
        self.depth >= self.recursion_limit
    }

    /// Charges time to the running thread.
    #[inline(always)]
    pub fn charge(&mut self, ns: u64) {
        self.now_ns += ns;
    }
}
