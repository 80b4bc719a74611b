//! From instructions with labels to a code object: a control-flow graph, its optimisation, its layout, its assembly.
//!
//! The passes and their order are CPython's, because positions, the exception table and dead code follow from them:
//! `build` (blocks) -> `except` (handlers of each instruction) -> `clean`, `lines`, `peephole` (optimisation) ->
//! `locals` (variables that may be unbound) -> `layout` (cold blocks last, jump directions) -> `depth` -> `emit`.

mod build;
mod clean;
mod depth;
mod emit;
mod except;
mod fold;
mod layout;
mod lines;
mod locals;
mod peephole;
mod stack_ops;

pub(crate) use fold::{fold_binary, int_const};

use crate::code::Code;
use crate::codegen::{ConstTable, Signature, Unit};
use crate::op::Ir;
use crate::source::Loc;

/// Index of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bid(pub u32);

/// One instruction in a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inst {
    pub op: Ir,
    pub arg: u32,
    pub loc: Loc,
    /// Of jumps and of the operations that open a handler.
    pub target: Option<Bid>,
    /// The handler of exceptions that it raises.
    pub except: Option<Bid>,
}

impl Inst {
    fn new(op: Ir, arg: u32, loc: Loc) -> Inst {
        Inst {
            op,
            arg,
            loc,
            target: None,
            except: None,
        }
    }

    /// Leaves nothing but the place.
    fn set_nop(&mut self) {
        self.set(Ir::Nop, 0);
    }

    fn set(&mut self, op: Ir, arg: u32) {
        (self.op, self.arg, self.target) = (op, arg, None);
    }
}

/// Instructions that run one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct BasicBlock {
    pub code: Vec<Inst>,
    /// The block that follows in the text.
    pub next: Option<Bid>,
    pub is_target: bool,
    pub is_handler: bool,
    /// As a handler: the index of the raising instruction is pushed too.
    pub preserve_lasti: bool,
    /// How many values are on the stack at the start; negative if unknown.
    pub start_depth: i32,
    pub predecessors: u32,
    pub cold: bool,
    pub warm: bool,
    /// Bit i: variable i may be unbound at the start.
    pub unsafe_locals: u64,
}

/// The control-flow graph. The first block is the entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub blocks: Vec<BasicBlock>,
}

impl Ir {
    /// Jumps as the graph knows them.
    pub(crate) fn is_jump(self) -> bool {
        use Ir::*;
        matches!(
            self,
            Jump | JumpNoInterrupt
                | JumpIfFalse
                | JumpIfTrue
                | PopJumpIfFalse
                | PopJumpIfTrue
                | PopJumpIfNone
                | PopJumpIfNotNone
                | ForIter
                | Send
                | JumpForward
                | JumpBackward
                | JumpBackwardNoInterrupt
        )
    }

    pub(crate) fn is_block_push(self) -> bool {
        matches!(self, Ir::SetupFinally | Ir::SetupCleanup | Ir::SetupWith)
    }

    fn has_target(self) -> bool {
        self.is_jump() || self.is_block_push()
    }

    fn is_unconditional_jump(self) -> bool {
        use Ir::*;
        matches!(
            self,
            Jump | JumpNoInterrupt | JumpForward | JumpBackward | JumpBackwardNoInterrupt
        )
    }

    fn is_conditional_jump(self) -> bool {
        matches!(
            self,
            Ir::PopJumpIfFalse | Ir::PopJumpIfTrue | Ir::PopJumpIfNone | Ir::PopJumpIfNotNone
        )
    }

    fn is_scope_exit(self) -> bool {
        matches!(self, Ir::ReturnValue | Ir::RaiseVarargs | Ir::Reraise)
    }

    /// Where CPython looks at its eval breaker.
    fn has_eval_break(self) -> bool {
        matches!(
            self,
            Ir::Resume | Ir::Jump | Ir::JumpBackward | Ir::Call | Ir::CallKw | Ir::CallFunctionEx
        )
    }
}

impl BasicBlock {
    fn last_op(&self) -> Option<Ir> {
        self.code.last().map(|inst| inst.op)
    }

    /// Whether control may run on into the next block.
    fn falls_through(&self) -> bool {
        !self
            .last_op()
            .is_some_and(|op| op.is_scope_exit() || op.is_unconditional_jump())
    }

    fn exits_scope(&self) -> bool {
        self.last_op().is_some_and(Ir::is_scope_exit)
    }

    fn has_no_line(&self) -> bool {
        self.code.iter().all(|inst| inst.loc.line < 0)
    }
}

impl Graph {
    const ENTRY: Bid = Bid(0);

    fn block(&self, id: Bid) -> &BasicBlock {
        &self.blocks[id.0 as usize]
    }

    fn block_mut(&mut self, id: Bid) -> &mut BasicBlock {
        &mut self.blocks[id.0 as usize]
    }

    fn add_block(&mut self, block: BasicBlock) -> Bid {
        self.blocks.push(block);
        Bid(self.blocks.len() as u32 - 1)
    }

    /// The blocks in the order of the text.
    fn order(&self) -> Vec<Bid> {
        let mut order = Vec::with_capacity(self.blocks.len());
        let mut at = (!self.blocks.is_empty()).then_some(Graph::ENTRY);
        while let Some(id) = at {
            order.push(id);
            at = self.block(id).next;
        }
        order
    }

    /// The first block with instructions from here on.
    fn nonempty(&self, mut at: Option<Bid>) -> Option<Bid> {
        while let Some(id) = at {
            if !self.block(id).code.is_empty() {
                return Some(id);
            }
            at = self.block(id).next;
        }
        None
    }
}

/// Turns a unit into a code object. The error is a message for a program that is too big.
pub(crate) fn assemble(mut unit: Unit<'_>, signature: Signature) -> Result<Code, String> {
    let mut graph = build::build(&mut unit);
    graph.mark_handlers();
    graph.label_exception_targets();
    let mut consts = std::mem::take(&mut unit.consts);
    graph.optimize(&mut consts);
    let list = graph.remove_unused_consts(consts);
    let params = unit.param_count();
    graph.check_unbound_locals(unit.varnames.len(), params);
    graph.push_cold_blocks_to_end();
    graph.resolve_lines();
    graph.convert_pseudo_jumps();
    let stack_size = graph.stack_depth()?;
    graph.add_prefix(&unit, signature.flags);
    graph.convert_pseudo_ops();
    graph.normalize_jumps();
    graph.emit(unit, signature, list, stack_size)
}

impl Graph {
    fn optimize(&mut self, consts: &mut ConstTable) {
        self.inline_small_exits();
        self.remove_unreachable();
        self.resolve_lines();
        self.optimize_load_const(consts);
        for id in self.order() {
            self.optimize_block(id, consts);
        }
        self.remove_nops_and_pairs();
        self.remove_unreachable();
        self.remove_nops_and_jumps();
    }
}
