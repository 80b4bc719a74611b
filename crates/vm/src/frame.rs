//! Activations: the interpreter's own records on a thread's frame stack, and Python's frame objects.

use crate::native::NativeFrame;
use crate::value::Value;

/// What stands on a thread's frame stack.
#[derive(Clone, Debug)]
pub enum Frame {
    /// Bytecode.
    Python(PyFrame),
    /// A native that waits for a callee (see `native`).
    Native(Box<NativeFrame>),
}

/// An activation of a code object. Its slots (locals, cells, free variables) stand on the thread's value stack from `base`, its operands
/// behind them; below `base` are the callable (and self or NULL) as the caller pushed them.
#[derive(Clone, Copy, Debug)]
pub struct PyFrame {
    /// The code object (kept alive by `function`).
    pub code: Value,
    /// The function object, counted by the frame.
    pub function: Value,
    /// `f_locals` of module and class bodies: a mapping, counted; NULL for optimized code.
    pub locals: Value,
    /// Next instruction.
    pub pc: u32,
    /// First slot on the value stack.
    pub base: u32,
    /// Behind the last operand; up to date while the frame is not the one that runs.
    pub sp: u32,
    /// Length of the value stack to return to: the caller's operands without callable and arguments.
    pub return_to: u32,
    /// The generator this frame belongs to, counted, or NULL.
    pub generator: Value,
    /// The frame object, if one was asked for (counted), or NULL.
    pub object: Value,
    /// See [`bits`].
    pub bits: u8,
}

/// Bits of [`PyFrame::bits`].
pub mod bits {
    /// What it returns goes nowhere (a finalizer, a callback).
    pub const DISCARD: u8 = 1;
    /// `__init__` called by a class: it must return None, and the instance (at `return_to`) is the result.
    pub const INIT: u8 = 2;
    /// The end of the generator is StopIteration for whoever resumed it (else NULL).
    pub const RAISE_AT_END: u8 = 4;
    /// The outermost frame of its thread.
    pub const ENTRY: u8 = 8;
    /// Called by a call instruction: what it returns is pushed and nothing else.
    pub const PLAIN: u8 = 16;
    /// A generator resumed by `SEND`: when it returns, the value is pushed and the instruction jumps.
    pub const SENT: u8 = 32;
    /// Runs the handlers of signals, on top of a frame that counts as one instruction further meanwhile; what it returns goes nowhere.
    pub const HANDLERS: u8 = 64;
    /// A generator that an instruction of the Python frame below has resumed: what it yields goes on that frame's operands.
    pub const PUSHED: u8 = 128;
}

/// Whose stack of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackOf {
    /// A thread's, by its index.
    Thread(u32),
    /// That of a greenlet that waits (not counted: it is let go before the greenlet).
    Greenlet(Value),
}

/// Python's frame object: made when someone looks (a traceback, `sys._getframe`). While the activation lives, `stack_index` finds it.
#[derive(Clone, Debug)]
pub struct FrameObj {
    pub code: Value,
    pub globals: Value,
    pub builtins: Value,
    pub function: Value,
    /// `f_locals` mapping of module and class bodies, or NULL.
    pub locals: Value,
    /// `f_back` when the activation is gone (NULL for none); while it lives the stack tells.
    pub back: Value,
    /// Slots, moved here when the activation ends; empty before.
    pub slots: Vec<Value>,
    /// The stack of frames and the position in it while the activation lives.
    pub live: Option<(StackOf, u32)>,
    /// Last instruction when the activation is gone.
    pub instruction: u32,
    pub generator: Value,
    /// The generator whose activation this is, or NULL: not counted, it may be gone and another object in its place.
    pub owner: Value,
    /// Keys stored in `f_locals` that are no variables: a dict, or NULL.
    pub extra: Value,
    /// `f_trace`, or NULL.
    pub trace: Value,
    /// `f_trace_lines`
    pub trace_lines: bool,
    /// `f_trace_opcodes`
    pub trace_opcodes: bool,
}

impl FrameObj {
    /// Calls `f` with every value held.
    pub fn children<F: FnMut(Value) + ?Sized>(&self, f: &mut F) {
        [
            self.code,
            self.globals,
            self.builtins,
            self.function,
            self.locals,
            self.back,
            self.generator,
            self.extra,
            self.trace,
        ]
        .into_iter()
        .for_each(&mut *f);
        self.slots.iter().copied().for_each(f);
    }
}
