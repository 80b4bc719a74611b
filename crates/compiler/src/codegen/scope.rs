//! Beginning and finishing code objects, and making functions of them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::unit::{ConstTable, NameTable, Signature, Unit, UnitKind};
use super::{Compiler, Gen};
use crate::code::{Code, Const, flags, function_attribute, local_kind};
use crate::op::Ir;
use crate::source::{Ident, Loc};
use crate::symtable::{Block, BlockId, Meaning, SymbolTable, mangle, usage};

/// What a new unit starts from.
pub(super) struct NewUnit {
    pub name: Ident,
    pub kind: UnitKind,
    pub block: BlockId,
    pub first_line: i32,
    pub private: Option<Ident>,
    pub arg_count: u32,
    pub posonly_count: u32,
    pub kwonly_count: u32,
}

impl NewUnit {
    pub fn new(name: Ident, kind: UnitKind, block: BlockId, first_line: i32) -> NewUnit {
        NewUnit {
            name,
            kind,
            block,
            first_line,
            private: None,
            arg_count: 0,
            posonly_count: 0,
            kwonly_count: 0,
        }
    }

    pub fn args(mut self, arg_count: u32, posonly_count: u32, kwonly_count: u32) -> NewUnit {
        (self.arg_count, self.posonly_count, self.kwonly_count) = (arg_count, posonly_count, kwonly_count);
        self
    }

    pub fn private(mut self, class: Ident) -> NewUnit {
        self.private = Some(class);
        self
    }
}

/// Names with one of the given meanings or flags, sorted.
fn names_of(block: &Block, meaning: Meaning, flag: u32) -> NameTable {
    let chosen = block
        .symbols
        .iter()
        .filter(|(_, symbol)| symbol.meaning == meaning || symbol.flags & flag != 0);
    let mut names: Vec<Ident> = chosen.map(|(name, _)| name.clone()).collect();
    names.sort();
    let mut table = NameTable::default();
    for name in &names {
        table.add(name);
    }
    table
}

impl<'a> Compiler<'a> {
    pub(super) fn enter_unit(&mut self, new: NewUnit) -> Gen {
        let block = self.table.block(new.block);
        let mut varnames = NameTable::default();
        for name in &block.params {
            varnames.add(name);
        }
        let mut cellvars = names_of(block, Meaning::Cell, usage::COMP_CELL);
        let extra = [
            (block.needs_class_closure, "__class__"),
            (block.needs_classdict, "__classdict__"),
            (block.has_conditional_annotations, "__conditional_annotations__"),
        ];
        for (needed, name) in extra {
            if needed {
                cellvars.add(&Ident::from(name));
            }
        }
        let freevars = names_of(block, Meaning::Free, usage::FREE_CLASS);
        let private = new
            .private
            .or_else(|| self.units.last().and_then(|unit| unit.private.clone()));
        let qualname = self.qualname(&new.name, new.kind);
        self.units.push(Unit {
            block: new.block,
            kind: new.kind,
            name: new.name,
            qualname,
            private,
            first_line: new.first_line,
            arg_count: new.arg_count,
            posonly_count: new.posonly_count,
            kwonly_count: new.kwonly_count,
            code: Vec::new(),
            labels: Vec::new(),
            annotation_code: Vec::new(),
            names: NameTable::default(),
            params: varnames.len(),
            varnames,
            cellvars,
            freevars,
            fast_hidden: FxHashMap::default(),
            consts: ConstTable::default(),
            frames: Vec::new(),
            static_attributes: Default::default(),
            in_inlined_comprehension: 0,
            in_conditional_block: 0,
            deferred_annotations: Vec::new(),
            next_conditional_annotation: 0,
        });
        let mut loc = Loc::line_start(new.first_line);
        if new.kind == UnitKind::Module {
            loc.line = 0;
        }
        self.op_arg(loc, Ir::Resume, 0);
        if new.kind == UnitKind::Module {
            self.op(loc, Ir::AnnotationsPlaceholder);
        }
        Ok(())
    }

    fn qualname(&self, name: &Ident, kind: UnitKind) -> String {
        let mut outer = &self.units[..];
        let Some(direct) = outer.last() else {
            return name.to_string();
        };
        let mut parent = direct;
        let mut base = None;
        if outer.len() > 1 && parent.kind == UnitKind::Annotations {
            outer = &outer[..outer.len() - 1];
            parent = &outer[outer.len() - 1];
        }
        if outer.len() > 1 {
            let mut force_global = false;
            if matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
                let mangled = mangle(parent.private.as_deref(), name);
                force_global = self.table.meaning(parent.block, &mangled) == Meaning::GlobalExplicit;
            }
            if !force_global {
                let locals = matches!(
                    parent.kind,
                    UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda
                );
                base = Some(if locals {
                    format!("{}.<locals>", parent.qualname)
                } else {
                    parent.qualname.clone()
                });
            }
        }
        base.map_or(name.to_string(), |base| format!("{base}.{name}"))
    }

    /// Ends the innermost unit: returns, optimises, assembles.
    pub(super) fn finish_unit(&mut self, add_none: bool) -> Gen<Code> {
        if add_none {
            self.load_none(Loc::NONE);
        }
        self.op(Loc::NONE, Ir::ReturnValue);
        let flags = self.code_flags();
        let Some(unit) = self.units.pop() else {
            return self.error_at(Loc::NONE, "internal error: no unit to finish");
        };
        let signature = Signature {
            name: unit.name.clone(),
            qualname: unit.qualname.clone(),
            filename: self.source.filename.clone(),
            first_line: unit.first_line,
            arg_count: unit.arg_count,
            posonly_count: unit.posonly_count,
            kwonly_count: unit.kwonly_count,
            flags,
        };
        crate::flow::assemble(unit, signature).map_err(|message| {
            self.source
                .error_at(crate::errors::SyntaxErrorKind::Recursion, Loc::NONE, message)
        })
    }

    fn code_flags(&self) -> u32 {
        let block = self.block();
        let mut bits = self.future & flags::FUTURE_MASK;
        if block.kind.is_function_like() {
            bits |= flags::NEWLOCALS | flags::OPTIMIZED;
            let choices = [
                (block.nested, flags::NESTED),
                (block.generator && !block.coroutine, flags::GENERATOR),
                (block.generator && block.coroutine, flags::ASYNC_GENERATOR),
                (!block.generator && block.coroutine, flags::COROUTINE),
                (block.varargs, flags::VARARGS),
                (block.varkeywords, flags::VARKEYWORDS),
                (block.has_docstring, flags::HAS_DOCSTRING),
                (block.method, flags::METHOD),
            ];
            for (holds, bit) in choices {
                if holds {
                    bits |= bit;
                }
            }
        } else if self.units.len() == 1 && block.coroutine {
            bits |= flags::COROUTINE;
        }
        bits
    }

    /// Loads the cells a code object closes over, and makes a function of it.
    pub(super) fn make_closure(&mut self, loc: Loc, code: Code, mut attributes: u32) -> Gen {
        if !code.freevars.is_empty() {
            let names: Vec<Ident> = code.freevars.iter().map(|name| Ident::from(name.as_str())).collect();
            for name in &names {
                let index = self.closure_index(name);
                self.op_arg(loc, Ir::LoadClosure, index);
            }
            self.op_arg(loc, Ir::BuildTuple, names.len() as u32);
            attributes |= function_attribute::CLOSURE;
        }
        self.load_const(loc, Const::Code(Rc::new(code)));
        self.op(loc, Ir::MakeFunction);
        for attribute in [
            function_attribute::CLOSURE,
            function_attribute::ANNOTATIONS,
            function_attribute::ANNOTATE,
            function_attribute::KWDEFAULTS,
            function_attribute::DEFAULTS,
        ] {
            if attributes & attribute != 0 {
                self.op_arg(loc, Ir::SetFunctionAttribute, attribute);
            }
        }
        Ok(())
    }

    /// Which of our cells an inner function's free variable is.
    fn closure_index(&mut self, name: &Ident) -> u32 {
        let unit = self.unit_ref();
        let is_class = unit.kind == UnitKind::Class;
        let special = matches!(&**name, "__class__" | "__classdict__" | "__conditional_annotations__");
        let cell = if is_class && special {
            true
        } else {
            match self.table.meaning(unit.block, name) {
                Meaning::Cell => true,
                Meaning::Free => false,
                _ => unit.cellvars.get(name).is_some(),
            }
        };
        self.unit().deref_index(name, !cell)
    }

    /// Bits of [`local_kind`] for each slot.
    pub(crate) fn local_kinds(unit: &Unit<'_>) -> Vec<u8> {
        let mut kinds = Vec::new();
        for name in &unit.varnames.order {
            let mut kind = local_kind::LOCAL;
            if unit.fast_hidden.contains_key(name) {
                kind |= local_kind::HIDDEN;
            }
            if unit.cellvars.get(name).is_some() {
                kind |= local_kind::CELL;
            }
            kinds.push(kind);
        }
        for name in &unit.cellvars.order {
            if unit.varnames.get(name).is_none() {
                kinds.push(local_kind::CELL);
            }
        }
        kinds.extend(unit.freevars.order.iter().map(|_| local_kind::FREE));
        kinds
    }

    /// Whether a name is imported at the top of the module.
    pub(super) fn is_imported(&self, name: &str) -> bool {
        self.table.flags(SymbolTable::TOP, name) & usage::IMPORT != 0
    }
}
