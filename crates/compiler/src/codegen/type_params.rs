//! Type parameters and `type` statements (PEP 695, 696).

use ruff_python_ast::{Expr, StmtTypeAlias, TypeParam, TypeParams};

use super::scope::NewUnit;
use super::unit::UnitKind;
use super::{Compiler, Gen};
use crate::code::{Const, function_attribute};
use crate::op::{Intrinsic1, Intrinsic2, Ir};
use crate::source::{Ident, Loc};
use crate::symtable::{BlockId, Part};

impl<'a> Compiler<'a> {
    /// Makes and stores each parameter, and pushes a tuple of all.
    pub(super) fn type_params(&mut self, params: &'a TypeParams) -> Gen {
        let mut seen_default = false;
        for param in &params.type_params {
            let loc = self.loc(param);
            let (name, bound, default, plain) = match param {
                TypeParam::TypeVar(param) => (&param.name, param.bound.as_deref(), &param.default, Intrinsic1::TypeVar),
                TypeParam::TypeVarTuple(param) => (&param.name, None, &param.default, Intrinsic1::TypeVarTuple),
                TypeParam::ParamSpec(param) => (&param.name, None, &param.default, Intrinsic1::ParamSpec),
            };
            self.load_str(loc, name);
            match bound {
                Some(bound) => {
                    let block = self.find_block(param, Part::Bound)?;
                    self.lazy_expr(bound, block, name, false)?;
                    let intrinsic = match bound {
                        Expr::Tuple(_) => Intrinsic2::TypeVarWithConstraints,
                        _ => Intrinsic2::TypeVarWithBound,
                    };
                    self.op_arg(loc, Ir::CallIntrinsic2, intrinsic as u32);
                }
                None => self.op_arg(loc, Ir::CallIntrinsic1, plain as u32),
            }
            match default.as_deref() {
                Some(default) => {
                    seen_default = true;
                    let block = self.find_block(param, Part::Default)?;
                    self.lazy_expr(default, block, name, matches!(param, TypeParam::TypeVarTuple(_)))?;
                    self.op_arg(loc, Ir::CallIntrinsic2, Intrinsic2::SetTypeParamDefault as u32);
                }
                None if seen_default => {
                    let message = format!("non-default type parameter '{name}' follows default type parameter");
                    return self.error(param, message);
                }
                None => {}
            }
            self.op_arg(loc, Ir::Copy, 1);
            self.store_name(loc, name)?;
        }
        let loc = params.type_params.first().map_or(Loc::NONE, |first| self.loc(first));
        self.op_arg(loc, Ir::BuildTuple, params.type_params.len() as u32);
        Ok(())
    }

    /// Pushes a function that computes a bound or default when it is asked for.
    fn lazy_expr(&mut self, expr: &'a Expr, block: BlockId, name: &str, allow_star: bool) -> Gen {
        let loc = self.expr_loc(expr);
        self.load_const(loc, Const::Tuple(vec![Const::Int(1)]));
        self.enter_annotations(loc, block, Ident::from(name))?;
        match expr {
            Expr::Starred(starred) if allow_star => {
                self.expr(&starred.value)?;
                self.op_arg(loc, Ir::UnpackSequence, 1);
            }
            expr => self.expr(expr)?,
        }
        self.op(loc, Ir::ReturnValue);
        let code = self.finish_unit(true)?;
        self.make_closure(loc, code, function_attribute::DEFAULTS)
    }

    pub(super) fn type_alias(&mut self, alias: &'a StmtTypeAlias) -> Gen {
        let loc = self.loc(alias);
        let Expr::Name(name) = &*alias.name else {
            return self.error(alias, "invalid syntax");
        };
        let name = name.id.as_str();
        match alias.type_params.as_deref() {
            Some(params) => {
                let block = self.find_block(params, Part::TypeParams)?;
                let generic = Ident::from(format!("<generic parameters of {name}>"));
                self.enter_unit(NewUnit::new(generic, UnitKind::Annotations, block, loc.line))?;
                self.load_str(loc, name);
                self.type_params(params)?;
            }
            None => {
                self.load_str(loc, name);
                self.load_none(loc);
            }
        }
        self.load_const(loc, Const::Tuple(vec![Const::Int(1)]));
        let block = self.find_block(alias, Part::Body)?;
        self.enter_annotations(loc, block, Ident::from(name))?;
        self.expr(&alias.value)?;
        self.op(loc, Ir::ReturnValue);
        let code = self.finish_unit(false)?;
        self.make_closure(loc, code, function_attribute::DEFAULTS)?;
        self.op_arg(loc, Ir::BuildTuple, 3);
        self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::TypeAlias as u32);
        if alias.type_params.is_some() {
            let code = self.finish_unit(false)?;
            self.make_closure(loc, code, 0)?;
            self.op(loc, Ir::PushNull);
            self.op_arg(loc, Ir::Call, 0);
        }
        self.store_name(loc, name)
    }
}
