//! Writing the code object: slots, first instructions, jump targets, exception table.

use super::{Bid, Graph, Inst};
use crate::code::{Code, Const, ExceptionEntry, Position, flags};
use crate::codegen::{Compiler, Signature, Unit};
use crate::op::{Instr, Ir};
use crate::source::{Ident, Loc};

impl Unit<'_> {
    /// How many variables are arguments.
    pub(super) fn param_count(&self) -> u32 {
        // Those of the symbol table come first; `*args` and `**kwargs` are among them.
        self.params
    }

    /// The slot of each cell, then of each free variable.
    fn deref_slots(&self) -> Vec<u32> {
        let mut slots = Vec::new();
        let mut next = self.varnames.len();
        let names = self.cellvars.order.iter().map(|name| self.varnames.get(name));
        for shared in names.chain(self.freevars.order.iter().map(|_| None)) {
            slots.push(shared.unwrap_or_else(|| {
                next += 1;
                next - 1
            }));
        }
        slots
    }
}

impl Graph {
    /// Puts the instructions at the start that make the generator and the cells, and gives cells their slots.
    pub(super) fn add_prefix(&mut self, unit: &Unit<'_>, code_flags: u32) {
        let mut prefix = Vec::new();
        let free = unit.freevars.len();
        if free > 0 {
            prefix.push(Inst::new(Ir::CopyFreeVars, free, Loc::NONE));
        }
        let slots = unit.deref_slots();
        let mut cells: Vec<(u32, u32)> = slots.iter().copied().take(unit.cellvars.order.len()).zip(0..).collect();
        cells.sort_unstable();
        prefix.extend(
            cells
                .into_iter()
                .map(|(_, index)| Inst::new(Ir::MakeCell, index, Loc::NONE)),
        );
        if code_flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0 {
            let loc = Loc::whole_line(unit.first_line);
            prefix.push(Inst::new(Ir::ReturnGenerator, 0, loc));
            prefix.push(Inst::new(Ir::PopTop, 0, loc));
        }
        if let Some(entry) = self.blocks.first_mut() {
            entry.code.splice(0..0, prefix);
        }
        for block in &mut self.blocks {
            for inst in &mut block.code {
                use Ir::*;
                if matches!(
                    inst.op,
                    MakeCell | LoadClosure | LoadDeref | StoreDeref | DeleteDeref | LoadFromDictOrDeref
                ) && let Some(slot) = slots.get(inst.arg as usize)
                {
                    inst.arg = *slot;
                }
            }
        }
    }

    /// `JUMP_IF_…` keeps the value, which takes three instructions.
    pub(super) fn convert_pseudo_jumps(&mut self) {
        for block in &mut self.blocks {
            let Some(last) = block.code.last_mut() else { continue };
            let op = match last.op {
                Ir::JumpIfFalse => Ir::PopJumpIfFalse,
                Ir::JumpIfTrue => Ir::PopJumpIfTrue,
                _ => continue,
            };
            last.op = op;
            let mut copy = Inst::new(Ir::Copy, 1, last.loc);
            copy.except = last.except;
            let mut to_bool = Inst::new(Ir::ToBool, 0, last.loc);
            to_bool.except = last.except;
            let at = block.code.len() - 1;
            block.code.splice(at..at, [copy, to_bool]);
        }
    }

    pub(super) fn convert_pseudo_ops(&mut self) {
        for block in &mut self.blocks {
            for inst in &mut block.code {
                match inst.op {
                    op if op.is_block_push() => inst.set_nop(),
                    Ir::LoadClosure => inst.op = Ir::LoadFast,
                    Ir::StoreFastMaybeNull => inst.op = Ir::StoreFast,
                    _ => {}
                }
            }
        }
        self.remove_nops_and_jumps();
    }

    /// Writes everything out.
    pub(super) fn emit(
        self,
        unit: Unit<'_>,
        signature: Signature,
        consts: Vec<Const>,
        stack_size: u32,
    ) -> Result<Code, String> {
        let order = self.order();
        let mut start = vec![0u32; self.blocks.len()];
        let mut count = 0;
        for id in &order {
            start[id.0 as usize] = count;
            count += self.block(*id).code.len() as u32;
        }
        let mut instructions = Vec::with_capacity(count as usize);
        let mut locs: Vec<Loc> = Vec::with_capacity(count as usize);
        let mut handlers = Vec::with_capacity(count as usize);
        for id in &order {
            for inst in &self.block(*id).code {
                let Some(op) = inst.op.op() else {
                    return Err(format!("internal error: {} was left", inst.op.name()));
                };
                let arg = inst.target.map_or(inst.arg, |target| start[target.0 as usize]);
                if arg > Instr::MAX_ARG {
                    return Err("code is too large".into());
                }
                instructions.push(Instr::new(op, arg));
                locs.push(inst.loc);
                handlers.push(inst.except);
            }
        }
        let exceptions = self.exception_table(&handlers, &start);
        // Some instructions belong to what follows.
        for index in (0..locs.len().saturating_sub(1)).rev() {
            if locs[index] == Loc::NEXT {
                locs[index] = locs[index + 1];
            }
        }
        let positions: Vec<Position> = locs.into_iter().map(Loc::position).collect();
        let names = |list: Vec<Ident>| list.iter().map(|name| name.to_string()).collect::<Vec<String>>();
        let local_kinds = Compiler::local_kinds(&unit);
        let (mut cellvars, own): (Vec<Ident>, Vec<Ident>) = unit
            .cellvars
            .order
            .iter()
            .cloned()
            .partition(|name| unit.varnames.get(name).is_some());
        cellvars.sort_by_key(|name| unit.varnames.get(name));
        cellvars.extend(own);
        Ok(Code {
            name: signature.name.to_string(),
            qualname: signature.qualname,
            filename: signature.filename,
            first_line: signature.first_line.max(0) as u32,
            arg_count: signature.arg_count,
            posonly_count: signature.posonly_count,
            kwonly_count: signature.kwonly_count,
            flags: signature.flags,
            varnames: names(unit.varnames.order),
            cellvars: names(cellvars),
            freevars: names(unit.freevars.order),
            local_kinds,
            names: names(unit.names.order),
            consts,
            instructions,
            exceptions,
            positions,
            stack_size: stack_size.max(1),
        })
    }

    fn exception_table(&self, handlers: &[Option<Bid>], start: &[u32]) -> Vec<ExceptionEntry> {
        let mut entries: Vec<ExceptionEntry> = Vec::new();
        let mut previous = None;
        for (index, handler) in handlers.iter().enumerate() {
            let index = index as u32;
            match (handler, entries.last_mut()) {
                (Some(_), Some(entry)) if previous == Some(*handler) => entry.end = index + 1,
                (Some(handler), _) => {
                    let block = self.block(*handler);
                    let lasti = block.preserve_lasti;
                    let depth = (block.start_depth - 1 - i32::from(lasti)).max(0) as u32;
                    let target = start[handler.0 as usize];
                    entries.push(ExceptionEntry {
                        start: index,
                        end: index + 1,
                        target,
                        depth,
                        lasti,
                    });
                }
                (None, _) => {}
            }
            previous = Some(*handler);
        }
        entries
    }
}
