//! Syntax tree -> instructions with labels. Which instructions, in which order, at which places is CPython's choice.
//!
//! One file per kind of construct; this one has the state, the emitters and the entry point. A [`Unit`] is written for each
//! code object and handed to [`crate::flow`], which optimises and assembles it.

mod annotations;
mod assign;
mod call;
mod class;
mod compare;
mod comprehension;
mod constants;
mod exceptions;
mod expr;
mod fstring;
mod function;
mod import;
mod loops;
mod names;
mod pattern;
mod scope;
mod stmt;
mod type_params;
mod unit;
mod unwind;
mod warn;
mod with;

use ruff_python_ast::{Expr, Mod};
use ruff_text_size::{Ranged, TextRange};

pub(crate) use fstring::interpolation_text;
pub(crate) use unit::{ConstTable, Label, Raw, Signature, Unit, UnitKind};

use crate::code::{Code, Const, flags};
use crate::errors::SyntaxError;
use crate::literal::Literals;
use crate::op::Ir;
use crate::source::{Ident, Loc, Source};
use crate::symtable::{self, Part, SymbolTable};
use crate::{Mode, Options};

/// The result of generating something.
pub(crate) type Gen<T = ()> = Result<T, Box<SyntaxError>>;

/// How much may lie on the stack before a list is built step by step.
const STACK_USE_GUIDELINE: usize = 30;

/// What is done with a name or target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Load,
    Store,
    Delete,
}

/// The generator's state.
pub(crate) struct Compiler<'a> {
    pub source: &'a Source<'a>,
    pub table: SymbolTable,
    pub units: Vec<Unit<'a>>,
    pub literals: Literals<'a>,
    pub options: &'a Options,
    /// `CO_FUTURE_*`.
    pub future: u32,
    pub interactive: bool,
    /// How deep the walk is.
    depth: u32,
}

/// Generates the code of a source.
pub(crate) fn generate(
    source: &Source<'_>,
    tree: &Mod,
    mode: Mode,
    future: u32,
    options: &Options,
) -> Gen<(Code, Vec<crate::Warning>)> {
    let table = symtable::build(source, tree, future & flags::FUTURE_ANNOTATIONS != 0, options)?;
    let mut compiler = Compiler {
        source,
        table,
        units: Vec::new(),
        literals: Literals {
            source,
            warnings: Vec::new(),
        },
        options,
        future,
        interactive: mode == Mode::Single,
        depth: 0,
    };
    compiler.enter_unit(scope::NewUnit::new(
        Ident::from("<module>"),
        UnitKind::Module,
        SymbolTable::TOP,
        1,
    ))?;
    let add_none = match tree {
        Mod::Module(module) => {
            compiler.module(&module.body)?;
            true
        }
        Mod::Expression(expression) => {
            compiler.expr(&expression.body)?;
            false
        }
    };
    let code = compiler.finish_unit(add_none)?;
    let mut warnings = compiler.literals.warnings;
    warnings.sort_by_key(|warning| warning.line);
    // A finally body is generated twice, but warned about once.
    warnings.dedup();
    Ok((code, warnings))
}

impl<'a> Compiler<'a> {
    pub fn unit(&mut self) -> &mut Unit<'a> {
        // There is a unit from `generate` to the end.
        let last = self.units.len() - 1;
        &mut self.units[last]
    }

    pub fn unit_ref(&self) -> &Unit<'a> {
        &self.units[self.units.len() - 1]
    }

    pub fn block(&self) -> &crate::symtable::Block {
        self.table.block(self.unit_ref().block)
    }

    pub fn future_annotations(&self) -> bool {
        self.future & flags::FUTURE_ANNOTATIONS != 0
    }

    pub fn error<T>(&self, node: &impl Ranged, message: impl Into<String>) -> Gen<T> {
        Err(self.source.error(node.range(), message))
    }

    pub fn error_at<T>(&self, loc: Loc, message: impl Into<String>) -> Gen<T> {
        Err(self
            .source
            .error_at(crate::errors::SyntaxErrorKind::Syntax, loc, message))
    }

    /// Counts a level of the walk; hostile nesting is refused before, so this is the second line of defence.
    pub fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> Gen<T>) -> Gen<T> {
        if self.depth >= crate::limits::MAX_WALK_DEPTH {
            return Err(crate::limits::too_deep(self.source));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    /// The place of a node that is not an expression.
    pub fn loc(&self, node: &impl Ranged) -> Loc {
        self.source.loc_of(node.range())
    }

    /// The place of a compound statement or handler: a semicolon behind its last statement belongs to it.
    pub fn block_loc(&self, range: TextRange) -> Loc {
        self.source
            .loc_of(TextRange::new(range.start(), self.source.skip_semicolon(range.end())))
    }

    /// The place of an expression.
    pub fn expr_loc(&self, expr: &Expr) -> Loc {
        self.source.loc_of(self.expr_range(expr))
    }

    fn expr_range(&self, expr: &Expr) -> TextRange {
        expr_range(self.source, expr)
    }

    pub fn op(&mut self, loc: Loc, op: Ir) {
        self.op_arg(loc, op, 0);
    }

    pub fn op_arg(&mut self, loc: Loc, op: Ir, arg: u32) {
        self.unit().code.push(Raw { op, arg, loc });
    }

    pub fn jump(&mut self, loc: Loc, op: Ir, target: Label) {
        self.op_arg(loc, op, target.0);
    }

    pub fn label(&mut self) -> Label {
        let unit = self.unit();
        unit.labels.push(None);
        Label(unit.labels.len() as u32 - 1)
    }

    /// Puts a label here.
    pub fn place(&mut self, label: Label) {
        let unit = self.unit();
        let here = unit.code.len() as u32;
        if let Some(slot) = unit.labels.get_mut(label.0 as usize) {
            *slot = Some(here);
        }
    }

    pub fn load_const(&mut self, loc: Loc, value: Const) {
        let index = self.unit().consts.add(value);
        self.op_arg(loc, Ir::LoadConst, index);
    }

    pub fn load_none(&mut self, loc: Loc) {
        self.load_const(loc, Const::None);
    }

    pub fn load_str(&mut self, loc: Loc, text: &str) {
        self.load_const(loc, Const::str(text));
    }

    /// An instruction whose argument is the index of a (mangled) name.
    pub fn op_name(&mut self, loc: Loc, op: Ir, name: &str) {
        let arg = self.name_index(name);
        self.op_arg(loc, op, arg);
    }

    pub fn load_attr(&mut self, loc: Loc, name: &str) {
        let arg = self.name_index(name) << 1;
        self.op_arg(loc, Ir::LoadAttr, arg);
    }

    pub fn load_method(&mut self, loc: Loc, name: &str) {
        let arg = self.name_index(name) << 1 | 1;
        self.op_arg(loc, Ir::LoadAttr, arg);
    }

    pub fn name_index(&mut self, name: &str) -> u32 {
        let mangled = self.mangle(&Ident::from(name));
        self.unit().names.add(&mangled)
    }

    /// A name as this unit mangles it.
    pub fn mangle(&self, name: &Ident) -> Ident {
        let unit = self.unit_ref();
        self.table.maybe_mangle(unit.private.as_deref(), unit.block, name)
    }

    /// The block of a node's part; every such node was seen by the symbol table.
    pub fn find_block<T>(&self, node: &T, part: Part) -> Gen<crate::symtable::BlockId> {
        match self.table.find(symtable::key(node, part)) {
            Some(block) => Ok(block),
            None => self.error_at(Loc::NONE, "internal error: a block without symbols"),
        }
    }
}

/// A generator expression that is a call's only argument owns the call's parentheses.
pub(crate) fn expr_range(source: &Source<'_>, expr: &Expr) -> TextRange {
    let range = expr.range();
    match expr {
        Expr::Generator(generator) if !generator.parenthesized => {
            let bytes = source.text.as_bytes();
            let before = bytes[..range.start().to_usize()]
                .iter()
                .rposition(|byte| !byte.is_ascii_whitespace());
            let after = source.skip_trivia(range.end());
            match before {
                Some(before) if bytes[before] == b'(' && bytes.get(after.to_usize()) == Some(&b')') => {
                    let start = ruff_text_size::TextSize::new(before as u32);
                    TextRange::new(start, after + ruff_text_size::TextSize::new(1))
                }
                _ => range,
            }
        }
        _ => range,
    }
}
