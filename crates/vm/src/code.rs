//! Code objects as the interpreter runs them: the compiler's `Code` with its constants and names made into values.

use crate::value::Value;
use heddle_compiler::assemble::{Assembled, assemble};
use heddle_compiler::code::Late;
use heddle_compiler::{Code, Op};
use std::cell::OnceCell;
use std::rc::Rc;

/// One instruction.
#[derive(Clone, Copy, Debug)]
pub struct Ins {
    /// What to do.
    pub op: Op,
    /// With what.
    pub arg: u32,
}

/// A loaded code object (the payload of `code`). While `late` holds its body, only the names, `number`, `hidden` and `has_doc` mean
/// something: see [`crate::code_loading`].
#[derive(Clone, Debug)]
pub struct CodeObj {
    /// What is still to be made into values.
    pub(crate) late: Option<Body>,
    /// `consts[0]` is the docstring.
    pub(crate) has_doc: bool,
    /// What the compiler made.
    pub code: Rc<Code>,
    /// `co_consts`; nested code objects are `Obj::Code`.
    pub consts: Box<[Value]>,
    /// `co_names`, interned.
    pub names: Box<[Value]>,
    /// Names of the local slots (locals, then cells, then free variables), interned.
    pub slot_names: Box<[Value]>,
    /// `co_name`, `co_qualname`, `co_filename`
    pub name: Value,
    /// `co_qualname`
    pub qualname: Value,
    /// `co_filename`
    pub filename: Value,
    /// Number of the code object in this image: where its inline caches stand (`Process::caches`).
    pub number: u32,
    /// The instructions, ready to be dispatched.
    pub ops: Box<[Ins]>,
    /// Number of slots of a frame.
    pub slots: u32,
    /// Arguments are only positional ones without `*args`, `**kwargs` and keyword-only ones: a call with exactly `arg_count`
    /// arguments needs no binding.
    pub simple: bool,
    /// A simple call needs no mapping of locals either (not the body of a module or class).
    pub direct: bool,
    /// Slots, operands and what instructions put above them for a moment: the room a frame takes.
    pub room: u32,
    /// Positional arguments.
    pub arg_count: u32,
    /// Part of the prelude: invisible in tracebacks and to `sys._getframe`.
    pub hidden: bool,
    /// What the trace learns when it is called; 0: nothing. See [`crate::watchers`].
    pub mark: u8,
    /// The instructions one by one, none fused, once the code is watched (`trace`).
    pub plain: OnceCell<Box<[Ins]>>,
    /// Which instructions begin a line, once the code is watched.
    pub starts: OnceCell<Box<[bool]>>,
    /// The code in CPython's bytes, once somebody asked for it.
    pub assembled: OnceCell<Rc<Assembled>>,
}

/// Where the body of a code object is that nobody has needed yet.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// As the compiler made it.
    Compiled(Rc<Code>),
    /// In bytes, of the file named.
    Packed(Rc<Late>, Rc<str>),
}

impl CodeObj {
    /// The instructions one by one, none fused.
    pub(crate) fn plain(&self) -> &[Ins] {
        self.plain.get_or_init(|| {
            let plain = |i: &heddle_compiler::Instr| Ins {
                op: i.op(),
                arg: i.arg(),
            };
            let mut plain: Box<[Ins]> = self.code.instructions.iter().map(plain).collect();
            crate::watchers::put_mark(&mut plain, self.mark);
            plain
        })
    }

    /// Which instructions begin a line.
    pub(crate) fn starts(&self) -> &[bool] {
        self.starts.get_or_init(|| crate::trace::line_starts(&self.code))
    }

    /// The code in CPython's bytes.
    pub fn assembled(&self) -> &Rc<Assembled> {
        self.assembled.get_or_init(|| Rc::new(assemble(&self.code)))
    }

    /// `lasti` of an instruction: where it stands in `co_code`, in bytes.
    pub fn lasti(&self, instruction: u32) -> u32 {
        2 * self
            .assembled()
            .places
            .get(instruction as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Calls `f` with every value held.
    pub fn children(&self, f: &mut dyn FnMut(Value)) {
        self.consts
            .iter()
            .chain(self.names.iter())
            .chain(self.slot_names.iter())
            .copied()
            .for_each(&mut *f);
        [self.name, self.qualname, self.filename].into_iter().for_each(f);
    }
}
