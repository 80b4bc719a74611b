//! Annotations: `__annotate__` functions (PEP 649), and strings under `from __future__ import annotations`.

use ruff_python_ast::{Expr, Parameter, StmtAnnAssign, StmtFunctionDef};

use super::scope::NewUnit;
use super::unit::UnitKind;
use super::{Compiler, Gen};
use crate::code::{Const, function_attribute};
use crate::op::{CommonConstant, CompareOp, Ir};
use crate::source::{Ident, Loc};
use crate::symtable::{BlockId, Part};

/// `annotationlib.Format.VALUE_WITH_FAKE_GLOBALS`.
const VALUE_WITH_FAKE_GLOBALS: i64 = 2;

impl<'a> Compiler<'a> {
    /// Begins an `__annotate__`-like function: it refuses formats it does not know.
    pub(super) fn enter_annotations(&mut self, loc: Loc, block: BlockId, name: Ident) -> Gen {
        self.enter_unit(NewUnit::new(name, UnitKind::Annotations, block, loc.line).args(1, 1, 0))?;
        self.op_arg(loc, Ir::LoadFast, 0);
        self.load_const(loc, Const::Int(VALUE_WITH_FAKE_GLOBALS));
        self.op_arg(loc, Ir::CompareOp, CompareOp::Gt.instr_arg());
        let body = self.label();
        self.jump(loc, Ir::PopJumpIfFalse, body);
        self.op_arg(loc, Ir::LoadCommonConstant, CommonConstant::NotImplementedError as u32);
        self.op_arg(loc, Ir::RaiseVarargs, 1);
        self.place(body);
        Ok(())
    }

    fn leave_annotations(&mut self, loc: Loc) -> Gen {
        self.op(loc, Ir::ReturnValue);
        let mut code = self.finish_unit(true)?;
        // Inside, the parameter has a name that no annotation can mean.
        if let Some(first) = code.varnames.first_mut() {
            *first = "format".to_string();
        }
        self.make_closure(loc, code, 0)
    }

    /// Pushes a function that computes the annotations of a function; returns the [`function_attribute`].
    pub(super) fn function_annotations(&mut self, loc: Loc, def: &'a StmtFunctionDef) -> Gen<u32> {
        let block = self.find_block(&*def.parameters, Part::Annotations)?;
        if !self.table.block(block).annotations_used {
            return Ok(0);
        }
        self.enter_annotations(loc, block, Ident::from("__annotate__"))?;
        let count = self.each_annotation(loc, def)?;
        self.op_arg(loc, Ir::BuildMap, count);
        self.leave_annotations(loc)?;
        Ok(function_attribute::ANNOTATE)
    }

    fn each_annotation(&mut self, loc: Loc, def: &'a StmtFunctionDef) -> Gen<u32> {
        let params = &*def.parameters;
        let mut count = 0;
        for param in params.args.iter().chain(&params.posonlyargs) {
            self.parameter_annotation(loc, &param.parameter, &mut count)?;
        }
        if let Some(param) = params.vararg.as_deref() {
            self.parameter_annotation(loc, param, &mut count)?;
        }
        for param in &params.kwonlyargs {
            self.parameter_annotation(loc, &param.parameter, &mut count)?;
        }
        if let Some(param) = params.kwarg.as_deref() {
            self.parameter_annotation(loc, param, &mut count)?;
        }
        if let Some(returns) = def.returns.as_deref() {
            self.one_annotation(loc, "return", returns)?;
            count += 1;
        }
        Ok(count)
    }

    fn parameter_annotation(&mut self, loc: Loc, param: &'a Parameter, count: &mut u32) -> Gen {
        let Some(annotation) = param.annotation.as_deref() else {
            return Ok(());
        };
        *count += 1;
        self.one_annotation(loc, &param.name, annotation)
    }

    fn one_annotation(&mut self, loc: Loc, name: &str, annotation: &'a Expr) -> Gen {
        let mangled = self.mangle(&Ident::from(name));
        self.load_str(loc, &mangled);
        if self.future_annotations() {
            return self.annotation_as_string(annotation);
        }
        match annotation {
            Expr::Starred(starred) => {
                self.expr(&starred.value)?;
                self.op_arg(loc, Ir::UnpackSequence, 1);
                Ok(())
            }
            annotation => self.expr(annotation),
        }
    }

    pub(super) fn annotation_as_string(&mut self, annotation: &'a Expr) -> Gen {
        let text = crate::unparse::unparse(self, annotation)?;
        let loc = self.expr_loc(annotation);
        self.load_str(loc, &text);
        Ok(())
    }

    /// Remembers an annotation of a module or class for its `__annotate__`.
    pub(super) fn defer_annotation(&mut self, loc: Loc, stmt: &'a StmtAnnAssign) -> Gen {
        let unit = self.unit();
        let conditional = unit.kind == UnitKind::Module || unit.in_conditional_block > 0;
        let index = conditional.then_some(unit.next_conditional_annotation);
        unit.deferred_annotations.push((stmt, index));
        let Some(index) = index else { return Ok(()) };
        unit.next_conditional_annotation += 1;
        let name = Ident::from("__conditional_annotations__");
        if self.unit_ref().kind == UnitKind::Class {
            let cell = self.unit().deref_index(&name, false);
            self.op_arg(loc, Ir::LoadDeref, cell);
        } else {
            self.op_name(loc, Ir::LoadName, &name);
        }
        self.load_const(loc, Const::Int(i64::from(index)));
        self.op_arg(loc, Ir::SetAdd, 1);
        self.op(loc, Ir::PopTop);
        Ok(())
    }

    /// Makes the `__annotate__` of a module or class. A module's is made at its start.
    pub(super) fn deferred_annotations(&mut self, loc: Loc) -> Gen {
        let deferred = std::mem::take(&mut self.unit().deferred_annotations);
        if deferred.is_empty() {
            return Ok(());
        }
        let is_module = self.unit_ref().kind == UnitKind::Module;
        let body = if is_module {
            std::mem::take(&mut self.unit().code)
        } else {
            Vec::new()
        };
        let Some(block) = self.block().annotation_block else {
            return self.error_at(loc, "internal error: annotations without symbols");
        };
        self.enter_annotations(loc, block, Ident::from("__annotate__"))?;
        self.op_arg(loc, Ir::BuildMap, 0);
        for (stmt, index) in deferred {
            self.deferred_annotation(loc, stmt, index, is_module)?;
        }
        self.leave_annotations(loc)?;
        self.store_name(loc, if is_module { "__annotate__" } else { "__annotate_func__" })?;
        if is_module {
            let unit = self.unit();
            unit.annotation_code = std::mem::replace(&mut unit.code, body);
        }
        Ok(())
    }

    fn deferred_annotation(&mut self, loc: Loc, stmt: &'a StmtAnnAssign, index: Option<u32>, is_module: bool) -> Gen {
        let Expr::Name(target) = &*stmt.target else {
            return Ok(());
        };
        let stmt_loc = self.loc(stmt);
        let not_set = self.label();
        if let Some(index) = index {
            self.load_const(stmt_loc, Const::Int(i64::from(index)));
            let name = Ident::from("__conditional_annotations__");
            if is_module {
                let index = self.unit().names.add(&name) << 1;
                self.op_arg(stmt_loc, Ir::LoadGlobal, index);
            } else {
                let cell = self.unit().deref_index(&name, true);
                self.op_arg(stmt_loc, Ir::LoadDeref, cell);
            }
            self.op_arg(stmt_loc, Ir::ContainsOp, 0);
            self.jump(stmt_loc, Ir::PopJumpIfFalse, not_set);
        }
        self.expr(&stmt.annotation)?;
        self.op_arg(stmt_loc, Ir::Copy, 2);
        let mangled = crate::symtable::mangle(self.unit_ref().private.as_deref(), &Ident::from(target.id.as_str()));
        self.load_str(stmt_loc, &mangled);
        self.op(loc, Ir::StoreSubscr);
        self.place(not_set);
        Ok(())
    }
}
