//! A unit: one code object while it is being written.

use std::collections::BTreeSet;
use std::rc::Rc;

use ruff_python_ast::{Stmt, StmtAnnAssign};
use rustc_hash::FxHashMap;

use crate::code::Const;
use crate::op::Ir;
use crate::source::{Ident, Loc};
use crate::symtable::BlockId;

/// A place that can be jumped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(pub u32);

/// An instruction as the generator writes it. The argument of a jump is a [`Label`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    pub op: Ir,
    pub arg: u32,
    pub loc: Loc,
}

/// Names with indices, in order of first use.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameTable {
    pub order: Vec<Ident>,
    map: FxHashMap<Ident, u32>,
}

impl NameTable {
    /// The index of a name, which is entered if need be.
    pub fn add(&mut self, name: &Ident) -> u32 {
        if let Some(&index) = self.map.get(name) {
            return index;
        }
        let index = self.order.len() as u32;
        self.order.push(name.clone());
        self.map.insert(name.clone(), index);
        index
    }

    pub fn get(&self, name: &str) -> Option<u32> {
        self.map.get(name).copied()
    }

    pub fn len(&self) -> u32 {
        self.order.len() as u32
    }
}

/// Constants with indices, without repetitions.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConstTable {
    pub list: Vec<Const>,
    map: FxHashMap<Const, u32>,
}

impl ConstTable {
    pub fn add(&mut self, value: Const) -> u32 {
        if let Some(&index) = self.map.get(&value) {
            return index;
        }
        let index = self.list.len() as u32;
        self.list.push(value.clone());
        self.map.insert(value, index);
        index
    }
}

/// What kind of code a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    /// Annotations, type parameters, type aliases.
    Annotations,
}

/// What a jump out of a statement has to undo.
#[derive(Clone, Copy)]
pub(crate) enum Frame<'a> {
    While,
    For,
    AsyncFor,
    TryExcept,
    FinallyTry(&'a [Stmt]),
    FinallyEnd,
    With,
    AsyncWith,
    /// The body of `except E as name`, with the name.
    HandlerCleanup(Option<&'a str>),
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehension,
    StopIteration,
}

/// One entry of the stack of open statements.
#[derive(Clone, Copy)]
pub(crate) struct FrameBlock<'a> {
    pub frame: Frame<'a>,
    pub start: Option<Label>,
    pub exit: Option<Label>,
    pub loc: Loc,
}

/// A code object while it is being written.
pub(crate) struct Unit<'a> {
    pub block: BlockId,
    pub kind: UnitKind,
    pub name: Ident,
    pub qualname: String,
    pub private: Option<Ident>,
    pub first_line: i32,
    pub arg_count: u32,
    pub posonly_count: u32,
    pub kwonly_count: u32,
    pub code: Vec<Raw>,
    /// Instruction index of each label.
    pub labels: Vec<Option<u32>>,
    /// A module's `__annotate__`, which is made at its start.
    pub annotation_code: Vec<Raw>,
    pub names: NameTable,
    pub varnames: NameTable,
    /// How many of the variables are arguments.
    pub params: u32,
    pub cellvars: NameTable,
    pub freevars: NameTable,
    /// Variables of inlined comprehensions outside functions; the value says whether it is one right now.
    pub fast_hidden: FxHashMap<Ident, bool>,
    pub consts: ConstTable,
    pub frames: Vec<FrameBlock<'a>>,
    pub static_attributes: BTreeSet<Ident>,
    pub in_inlined_comprehension: u32,
    pub in_conditional_block: u32,
    /// Annotated names whose annotations are evaluated later, with their index if that depends on control flow.
    pub deferred_annotations: Vec<(&'a StmtAnnAssign, Option<u32>)>,
    pub next_conditional_annotation: u32,
}

impl Unit<'_> {
    /// Where the instructions of a name's cell point: cells first, then free variables.
    pub fn deref_index(&mut self, name: &Ident, free: bool) -> u32 {
        if free {
            self.cellvars.len() + self.freevars.add(name)
        } else {
            self.cellvars.add(name)
        }
    }
}

/// The finished parts that assembly needs.
pub(crate) struct Signature {
    pub name: Ident,
    pub qualname: String,
    pub filename: Rc<str>,
    pub first_line: i32,
    pub arg_count: u32,
    pub posonly_count: u32,
    pub kwonly_count: u32,
    pub flags: u32,
}
