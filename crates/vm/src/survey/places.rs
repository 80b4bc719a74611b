//! What there is to note at the instructions of a code object.

use super::Book;
use crate::code::CodeObj;
use crate::image::is_library;
use crate::interp::SUBSCRIPT;
use heddle_compiler::{Code, Op};
use heddle_trace::{FunctionTimes, LineTimes, Order, Watched};
use std::rc::Rc;

/// No row.
pub(super) const NONE: u32 = u32::MAX;

/// See the module.
#[derive(Debug)]
pub(super) struct CodePlaces {
    /// Its place among the functions.
    pub function: u32,
    /// By instruction: its line's place among the lines, or [`NONE`].
    rows: Box<[u32]>,
    /// By instruction: whether it begins a line.
    starts: Box<[bool]>,
    /// By instruction: the line.
    lines: Box<[u32]>,
    /// By instruction: whether a call begins or goes on there.
    resumes: Box<[bool]>,
    /// By instruction: whether a line or variable is looked out for.
    wanted: Box<[bool]>,
    /// Instructions that begin a chosen line, and which.
    chosen: Vec<(usize, u32)>,
    variables: Vec<VariablePlace>,
}

/// An instruction that may read or write a watched variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct VariablePlace {
    pc: usize,
    /// Its place in the order.
    pub variable: u32,
    pub deed: Deed,
    pub kind: Kind,
}

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Read,
    Write,
    Delete,
    /// Its function begins: it may be an argument.
    Bind,
}

/// What it does it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A global: what is meant is known.
    Global,
    /// The variable in this slot of the frame, or in the cell in it.
    Slot(u32),
    /// An attribute of the object on top: it may be another one's.
    Attribute,
    /// An item of a container: the same.
    Item,
}

impl CodePlaces {
    pub fn new(code: &CodeObj, order: &Order, main_file: &str, book: &mut Book) -> CodePlaces {
        let instructions = &code.code.instructions;
        let count = instructions.len();
        let is_own = !is_library(&code.code.filename);
        let line_of = |pc: usize| code.code.positions.get(pc).map_or(0, |place| place.line);
        let starts: Box<[bool]> = code.starts().into();
        let (mut function, mut rows) = (NONE, vec![NONE; count]);
        if order.times {
            let file: Rc<str> = Rc::from(&*code.code.filename);
            function = book.function(&file, code);
            if is_own {
                for (pc, row) in rows.iter_mut().enumerate() {
                    *row = book.line(&file, line_of(pc));
                }
            }
        }
        let mut places = CodePlaces {
            function,
            rows: rows.into(),
            lines: (0..count).map(line_of).collect(),
            resumes: instructions.iter().map(|i| i.op() == Op::Resume).collect(),
            wanted: vec![false; count].into(),
            chosen: Vec::new(),
            variables: Vec::new(),
            starts,
        };
        places.choose_lines(code, order);
        for (at, watched) in order.variables.iter().enumerate() {
            let file = if watched.file.is_empty() {
                main_file
            } else {
                &watched.file
            };
            let places_in = || (0..count).filter_map(|pc| variable_at(&code.code, pc, watched, file));
            places
                .variables
                .extend(places_in().map(|(pc, deed, kind)| VariablePlace {
                    pc,
                    variable: at as u32,
                    deed,
                    kind,
                }));
        }
        for at in places
            .chosen
            .iter()
            .map(|one| one.0)
            .chain(places.variables.iter().map(|one| one.pc))
        {
            if let Some(wanted) = places.wanted.get_mut(at) {
                *wanted = true;
            }
        }
        places.variables.sort_by_key(|place| place.pc);
        places
    }

    fn choose_lines(&mut self, code: &CodeObj, order: &Order) {
        for (at, (file, line)) in order.lines.iter().enumerate() {
            if **file == *code.code.filename {
                let begins = |&pc: &usize| self.lines.get(pc) == Some(line) && self.starts.get(pc) == Some(&true);
                let found: Vec<_> = (0..self.lines.len()).filter(begins).map(|pc| (pc, at as u32)).collect();
                self.chosen.extend(found);
            }
        }
    }

    pub fn is_wanted(&self, pc: usize) -> bool {
        self.wanted.get(pc).copied().unwrap_or(false)
    }

    pub fn row(&self, pc: usize) -> u32 {
        self.rows.get(pc).copied().unwrap_or(NONE)
    }

    pub fn line(&self, pc: usize) -> u32 {
        self.lines.get(pc).copied().unwrap_or(0)
    }

    pub fn begins_line(&self, pc: usize) -> bool {
        self.starts.get(pc).copied().unwrap_or(false)
    }

    pub fn is_resume(&self, pc: usize) -> bool {
        self.resumes.get(pc).copied().unwrap_or(false)
    }

    /// The chosen line that begins here, by its place in the order.
    pub fn chosen_line(&self, pc: usize) -> Option<u32> {
        self.chosen.iter().find(|one| one.0 == pc).map(|one| one.1)
    }

    pub fn variables_at(&self, pc: usize) -> impl Iterator<Item = VariablePlace> + use<> {
        let from = self.variables.partition_point(|place| place.pc < pc);
        let found: Vec<_> = self.variables[from..]
            .iter()
            .take_while(|place| place.pc == pc)
            .copied()
            .collect();
        found.into_iter()
    }
}

impl Book {
    fn function(&mut self, file: &Rc<str>, code: &CodeObj) -> u32 {
        let name: Rc<str> = Rc::from(code.code.qualname.as_str());
        let key = (Rc::clone(file), name, code.code.first_line);
        let rows = &mut self.findings.functions;
        *self.functions.entry(key).or_insert_with(|| {
            rows.push(FunctionTimes {
                function: code.code.qualname.clone(),
                file: file.to_string(),
                line: code.code.first_line,
                ..FunctionTimes::default()
            });
            rows.len() as u32 - 1
        })
    }

    fn line(&mut self, file: &Rc<str>, line: u32) -> u32 {
        if line == 0 {
            return NONE;
        }
        let rows = &mut self.findings.lines;
        *self.lines.entry((Rc::clone(file), line)).or_insert_with(|| {
            rows.push(LineTimes {
                file: file.to_string(),
                line,
                ..LineTimes::default()
            });
            rows.len() as u32 - 1
        })
    }
}

/// What an instruction may do to a watched variable; `file` is that of the module whose globals are meant.
fn variable_at(code: &Code, pc: usize, watched: &Watched, file: &str) -> Option<(usize, Deed, Kind)> {
    let instruction = *code.instructions.get(pc)?;
    let arg = instruction.arg();
    let is_named = |index: u32| code.names.get(index as usize) == Some(&watched.name);
    let is_plain = watched.owner.is_empty();
    let in_file = is_plain && *code.filename == *file;
    // What is stored by name in the body of a class is the class's.
    let in_module = in_file && code.name == "<module>";
    let is_slot = |inner: bool| {
        let own = *code.qualname == watched.owner;
        let within = || {
            code.qualname
                .strip_prefix(&watched.owner)
                .is_some_and(|rest| rest.starts_with(".<locals>."))
        };
        !is_plain && (own || inner && within()) && code.slot_name(arg as usize) == Some(&watched.name)
    };
    let item = (watched.is_item && !is_plain).then_some(Kind::Item);
    if watched.is_item {
        let deed = match instruction.op() {
            Op::BinaryOp if arg == SUBSCRIPT => Deed::Read,
            Op::StoreSubscr => Deed::Write,
            Op::DeleteSubscr => Deed::Delete,
            _ => return None,
        };
        return Some((pc, deed, item?));
    }
    let attribute = |index: u32, deed: Deed| is_named(index).then_some((pc, deed, Kind::Attribute));
    let global =
        |index: u32, is_there: bool, deed: Deed| (is_there && is_named(index)).then_some((pc, deed, Kind::Global));
    let slot = |inner: bool, deed: Deed| is_slot(inner).then_some((pc, deed, Kind::Slot(arg)));
    match instruction.op() {
        Op::LoadGlobal => global(arg >> 1, in_file, Deed::Read),
        Op::LoadName => global(arg, in_module, Deed::Read),
        Op::StoreName => global(arg, in_module, Deed::Write),
        Op::DeleteName => global(arg, in_module, Deed::Delete),
        Op::StoreGlobal => global(arg, in_file, Deed::Write),
        Op::DeleteGlobal => global(arg, in_file, Deed::Delete),
        Op::LoadFast | Op::LoadFastCheck | Op::LoadFastAndClear => slot(false, Deed::Read),
        Op::StoreFast => slot(false, Deed::Write),
        Op::DeleteFast => slot(false, Deed::Delete),
        Op::LoadDeref => slot(true, Deed::Read),
        Op::StoreDeref => slot(true, Deed::Write),
        Op::DeleteDeref => slot(true, Deed::Delete),
        Op::LoadAttr => attribute(arg >> 1, Deed::Read),
        Op::StoreAttr => attribute(arg, Deed::Write),
        Op::DeleteAttr => attribute(arg, Deed::Delete),
        Op::Resume if arg & 3 == 0 && *code.qualname == watched.owner => {
            let arguments = (code.arg_count + code.kwonly_count) as usize;
            let at = code
                .varnames
                .iter()
                .take(arguments)
                .position(|name| *name == watched.name)?;
            Some((pc, Deed::Bind, Kind::Slot(at as u32)))
        }
        _ => None,
    }
}
