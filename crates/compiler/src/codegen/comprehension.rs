//! Comprehensions, inlined as PEP 709 says, and generator expressions.

use ruff_python_ast::{Comprehension as Generator, Expr};

use super::scope::NewUnit;
use super::unit::{Frame, UnitKind};
use super::{Compiler, Gen, Label};
use crate::op::{Intrinsic1, Ir};
use crate::source::{Ident, Loc};
use crate::symtable::{BlockId, BlockKind, Meaning, Part, Symbol, usage};

/// What is collected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Generator,
    List,
    Set,
    Dict,
}

/// The parts of a comprehension.
struct Node<'a> {
    kind: Kind,
    loc: Loc,
    generators: &'a [Generator],
    element: &'a Expr,
    /// The value, in a dict's.
    value: Option<&'a Expr>,
}

/// What inlining has changed and must change back.
#[derive(Default)]
struct Inlined {
    pushed: Vec<Ident>,
    cleanup: Option<Label>,
    hidden: Vec<Ident>,
    symbols: Vec<(Ident, Option<Symbol>)>,
}

impl<'a> Compiler<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr) -> Gen {
        let loc = self.expr_loc(expr);
        let (block, node) = match expr {
            Expr::ListComp(list) => {
                let block = self.find_block(list, Part::Body)?;
                (
                    block,
                    Node {
                        kind: Kind::List,
                        loc,
                        generators: &list.generators,
                        element: &list.elt,
                        value: None,
                    },
                )
            }
            Expr::SetComp(set) => {
                let block = self.find_block(set, Part::Body)?;
                (
                    block,
                    Node {
                        kind: Kind::Set,
                        loc,
                        generators: &set.generators,
                        element: &set.elt,
                        value: None,
                    },
                )
            }
            Expr::Generator(generator) => {
                let block = self.find_block(generator, Part::Body)?;
                let generators = &generator.generators;
                (
                    block,
                    Node {
                        kind: Kind::Generator,
                        loc,
                        generators,
                        element: &generator.elt,
                        value: None,
                    },
                )
            }
            Expr::DictComp(dict) => {
                let block = self.find_block(dict, Part::Body)?;
                let Some(element) = dict.key.as_deref() else {
                    return self.error(expr, "invalid syntax");
                };
                let value = Some(&*dict.value);
                (
                    block,
                    Node {
                        kind: Kind::Dict,
                        loc,
                        generators: &dict.generators,
                        element,
                        value,
                    },
                )
            }
            _ => return Ok(()),
        };
        let Some(outermost) = node.generators.first() else {
            return Ok(());
        };
        if self.table.block(block).comp_inlined {
            self.outermost_iterator(outermost)?;
            return self.inlined(block, &node);
        }
        self.nested(block, &node)?;
        self.outermost_iterator(outermost)?;
        self.op_arg(loc, Ir::Call, 0);
        if self.table.block(block).coroutine && node.kind != Kind::Generator {
            self.await_top(loc, 0);
        }
        Ok(())
    }

    /// The first iterable is evaluated outside.
    fn outermost_iterator(&mut self, generator: &'a Generator) -> Gen {
        self.expr(&generator.iter)?;
        let loc = self.expr_loc(&generator.iter);
        self.op(loc, if generator.is_async { Ir::GetAiter } else { Ir::GetIter });
        Ok(())
    }

    /// A function of its own.
    fn nested(&mut self, block: BlockId, node: &Node<'a>) -> Gen {
        let name = self.table.block(block).name.clone();
        let new = NewUnit::new(name, UnitKind::Comprehension, block, node.loc.line).args(1, 0, 0);
        self.enter_unit(new)?;
        self.start_collection(node, false);
        self.generator(node, 0, 0, false)?;
        if node.kind == Kind::Generator {
            self.wrap_in_stop_iteration_handler();
        } else {
            self.op(node.loc, Ir::ReturnValue);
        }
        let code = self.finish_unit(true)?;
        self.make_closure(node.loc, code, 0)
    }

    fn inlined(&mut self, block: BlockId, node: &Node<'a>) -> Gen {
        let mut state = Inlined::default();
        self.tweak_symbols(block, &mut state);
        self.push_locals(block, node.loc, &mut state);
        self.start_collection(node, true);
        self.generator(node, 0, 0, true)?;
        self.pop_locals(node.loc, &state);
        self.revert_symbols(state);
        Ok(())
    }

    fn start_collection(&mut self, node: &Node<'a>, inlined: bool) {
        let op = match node.kind {
            Kind::Generator => return,
            Kind::List => Ir::BuildList,
            Kind::Set => Ir::BuildSet,
            Kind::Dict => Ir::BuildMap,
        };
        self.op_arg(node.loc, op, 0);
        if inlined {
            self.op_arg(node.loc, Ir::Swap, 2);
        }
    }

    /// Gives names the meaning they have inside the comprehension.
    fn tweak_symbols(&mut self, comp: BlockId, state: &mut Inlined) {
        let in_class = self.block().kind == BlockKind::Class && self.unit_ref().in_inlined_comprehension == 0;
        self.unit().in_inlined_comprehension += 1;
        let outer = self.unit_ref().block;
        let function_like = self.block().kind.is_function_like();
        let symbols: Vec<_> = self
            .table
            .block(comp)
            .symbols
            .iter()
            .map(|(name, s)| (name.clone(), s))
            .collect();
        for (name, symbol) in symbols {
            let outside = self.table.block(outer).symbols.get(&name);
            let meaning = outside.map_or(Meaning::Unknown, |symbol| symbol.meaning);
            let differs = symbol.meaning != meaning
                && symbol.meaning != Meaning::Free
                && !(symbol.meaning == Meaning::Cell && meaning == Meaning::Free);
            if differs || in_class {
                state.symbols.push((name.clone(), outside));
                self.table.blocks[outer.0 as usize].symbols.set(&name, symbol);
            }
            let bound = symbol.flags & usage::LOCAL != 0 && symbol.flags & usage::NONLOCAL == 0;
            if (bound || in_class) && !function_like && self.unit_ref().fast_hidden.get(&name) != Some(&true) {
                self.unit().fast_hidden.insert(name.clone(), true);
                state.hidden.push(name);
            }
        }
    }

    fn revert_symbols(&mut self, state: Inlined) {
        self.unit().in_inlined_comprehension -= 1;
        let outer = self.unit_ref().block;
        for (name, symbol) in state.symbols {
            let symbols = &mut self.table.blocks[outer.0 as usize].symbols;
            match symbol {
                Some(symbol) => symbols.set(&name, symbol),
                None => symbols.remove(&name),
            }
        }
        for name in state.hidden {
            self.unit().fast_hidden.insert(name, false);
        }
    }

    /// Saves variables of the same names on the stack.
    fn push_locals(&mut self, comp: BlockId, loc: Loc, state: &mut Inlined) {
        // The level was raised just now.
        let in_class = self.block().kind == BlockKind::Class && self.unit_ref().in_inlined_comprehension == 0;
        let symbols: Vec<_> = self
            .table
            .block(comp)
            .symbols
            .iter()
            .map(|(name, s)| (name.clone(), s))
            .collect();
        for (name, symbol) in symbols {
            let bound = symbol.flags & usage::LOCAL != 0 && symbol.flags & usage::NONLOCAL == 0;
            if !bound && !in_class {
                continue;
            }
            let slot = self.unit().varnames.add(&name);
            self.op_arg(loc, Ir::LoadFastAndClear, slot);
            if symbol.meaning == Meaning::Cell {
                let free = self.table.meaning(self.unit_ref().block, &name) == Meaning::Free;
                let index = self.unit().deref_index(&name, free);
                self.op_arg(loc, Ir::MakeCell, index);
            }
            state.pushed.push(name);
        }
        if !state.pushed.is_empty() {
            self.op_arg(loc, Ir::Swap, state.pushed.len() as u32 + 1);
            let cleanup = self.label();
            state.cleanup = Some(cleanup);
            self.jump(loc, Ir::SetupFinally, cleanup);
        }
    }

    fn pop_locals(&mut self, loc: Loc, state: &Inlined) {
        let Some(cleanup) = state.cleanup else { return };
        self.op(Loc::NONE, Ir::PopBlock);
        let end = self.label();
        self.jump(Loc::NONE, Ir::JumpNoInterrupt, end);
        self.place(cleanup);
        self.op_arg(Loc::NONE, Ir::Swap, 2);
        self.op(Loc::NONE, Ir::PopTop);
        self.restore_locals(loc, &state.pushed);
        self.op_arg(Loc::NONE, Ir::Reraise, 0);
        self.place(end);
        self.restore_locals(loc, &state.pushed);
    }

    fn restore_locals(&mut self, loc: Loc, pushed: &[Ident]) {
        self.op_arg(loc, Ir::Swap, pushed.len() as u32 + 1);
        for name in pushed.iter().rev() {
            let slot = self.unit().varnames.add(name);
            self.op_arg(loc, Ir::StoreFastMaybeNull, slot);
        }
    }

    fn generator(&mut self, node: &Node<'a>, index: usize, depth: u32, on_stack: bool) -> Gen {
        let Some(generator) = node.generators.get(index) else {
            return Ok(());
        };
        if generator.is_async {
            self.deeper(|this| this.async_generator(node, generator, index, depth, on_stack))
        } else {
            self.deeper(|this| this.sync_generator(node, generator, index, depth, on_stack))
        }
    }

    fn sync_generator(
        &mut self,
        node: &Node<'a>,
        generator: &'a Generator,
        index: usize,
        mut depth: u32,
        on_stack: bool,
    ) -> Gen {
        let (start, if_cleanup, anchor) = (self.label(), self.label(), self.label());
        let iter_loc = self.expr_loc(&generator.iter);
        let mut loops = true;
        if !on_stack {
            if index == 0 {
                self.op_arg(node.loc, Ir::LoadFast, 0);
            } else if let Some(only) = single_element(&generator.iter) {
                // `for y in [f(x)]` is an assignment.
                self.expr(only)?;
                loops = false;
            } else {
                self.expr(&generator.iter)?;
                self.op(iter_loc, Ir::GetIter);
            }
        }
        if loops {
            depth += 1;
            self.place(start);
            self.jump(iter_loc, Ir::ForIter, anchor);
        }
        self.store_target(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(node.loc, condition, if_cleanup, false)?;
        }
        let element_loc = self.inner_of_generator(node, index + 1, depth)?;
        self.place(if_cleanup);
        if loops {
            self.jump(element_loc, Ir::Jump, start);
            self.place(anchor);
            self.op(Loc::NONE, Ir::EndFor);
            self.op(Loc::NONE, Ir::PopIter);
        }
        Ok(())
    }

    fn async_generator(
        &mut self,
        node: &Node<'a>,
        generator: &'a Generator,
        index: usize,
        depth: u32,
        on_stack: bool,
    ) -> Gen {
        let (start, except, if_cleanup) = (self.label(), self.label(), self.label());
        let iter_loc = self.expr_loc(&generator.iter);
        let loc = node.loc;
        if !on_stack {
            if index == 0 {
                self.op_arg(loc, Ir::LoadFast, 0);
            } else {
                self.expr(&generator.iter)?;
                self.op(iter_loc, Ir::GetAiter);
            }
        }
        self.place(start);
        self.push_frame(loc, Frame::AsyncComprehension, Some(start), None)?;
        self.jump(loc, Ir::SetupFinally, except);
        self.op(loc, Ir::GetAnext);
        self.load_none(loc);
        self.yield_from(loc, true);
        self.op(loc, Ir::PopBlock);
        self.store_target(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(loc, condition, if_cleanup, false)?;
        }
        let element_loc = self.inner_of_generator(node, index + 1, depth + 1)?;
        self.place(if_cleanup);
        self.jump(element_loc, Ir::Jump, start);
        self.pop_frame();
        self.place(except);
        self.op(loc, Ir::EndAsyncFor);
        Ok(())
    }

    /// The next `for`, or what is done with the element; returns the element's place.
    fn inner_of_generator(&mut self, node: &Node<'a>, index: usize, depth: u32) -> Gen<Loc> {
        let mut loc = self.expr_loc(node.element);
        if index < node.generators.len() {
            self.generator(node, index, depth, false)?;
            return Ok(loc);
        }
        self.expr(node.element)?;
        match (node.kind, node.value) {
            (Kind::Generator, _) => {
                self.yield_top(loc);
                self.op(loc, Ir::PopTop);
            }
            (Kind::List, _) => self.op_arg(loc, Ir::ListAppend, depth + 1),
            (Kind::Set, _) => self.op_arg(loc, Ir::SetAdd, depth + 1),
            (Kind::Dict, value) => {
                if let Some(value) = value {
                    self.expr(value)?;
                    let value_loc = self.expr_loc(value);
                    (loc.end_line, loc.end_col) = (value_loc.end_line, value_loc.end_col);
                }
                self.op_arg(loc, Ir::MapAdd, depth + 1);
            }
        }
        Ok(loc)
    }

    /// A `StopIteration` that leaves a generator becomes a `RuntimeError`.
    pub(super) fn wrap_in_stop_iteration_handler(&mut self) {
        let handler = self.label();
        let unit = self.unit();
        unit.code.insert(
            0,
            super::Raw {
                op: Ir::SetupCleanup,
                arg: handler.0,
                loc: Loc::NONE,
            },
        );
        for at in unit.labels.iter_mut().flatten() {
            *at += 1;
        }
        self.load_none(Loc::NONE);
        self.op(Loc::NONE, Ir::ReturnValue);
        self.place(handler);
        self.op_arg(Loc::NONE, Ir::CallIntrinsic1, Intrinsic1::StopIterationError as u32);
        self.op_arg(Loc::NONE, Ir::Reraise, 1);
    }
}

fn single_element(iter: &Expr) -> Option<&Expr> {
    let elts = match iter {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        _ => return None,
    };
    match elts.as_slice() {
        [only] if !matches!(only, Expr::Starred(_)) => Some(only),
        _ => None,
    }
}
