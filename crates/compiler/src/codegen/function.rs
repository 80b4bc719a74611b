//! Functions and lambdas.

use ruff_python_ast::{Decorator, Expr, ExprLambda, Parameters, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::scope::NewUnit;
use super::unit::{Frame, UnitKind};
use super::{Compiler, Gen};
use crate::code::{Const, function_attribute};
use crate::literal;
use crate::op::{Intrinsic2, Ir};
use crate::source::{Ident, Loc};
use crate::symtable::Part;

/// Positional (with positional-only), positional-only and keyword-only parameters.
pub(super) fn counts(params: &Parameters) -> (u32, u32, u32) {
    let posonly = params.posonlyargs.len() as u32;
    (
        posonly + params.args.len() as u32,
        posonly,
        params.kwonlyargs.len() as u32,
    )
}

impl<'a> Compiler<'a> {
    /// The place of a `def` or `class` statement, which starts behind its decorators; and its first line, which does not.
    pub(super) fn definition_loc(&self, range: TextRange, decorators: &[Decorator]) -> (Loc, i32) {
        let start = match decorators.last() {
            Some(last) => self.source.skip_trivia(self.decorator_end(last)),
            None => range.start(),
        };
        let loc = self.block_loc(TextRange::new(start, range.end()));
        let first_line = decorators
            .first()
            .map_or(loc.line, |first| self.expr_loc(&first.expression).line);
        (loc, first_line)
    }

    fn decorator_end(&self, decorator: &Decorator) -> TextSize {
        // A parenthesised decorator ends behind its parenthesis, as its statement does.
        decorator.range().end().max(decorator.expression.end())
    }

    pub(super) fn decorators(&mut self, decorators: &'a [Decorator]) -> Gen {
        decorators
            .iter()
            .try_for_each(|decorator| self.expr(&decorator.expression))
    }

    pub(super) fn apply_decorators(&mut self, decorators: &'a [Decorator]) {
        for decorator in decorators.iter().rev() {
            let loc = self.expr_loc(&decorator.expression);
            self.op_arg(loc, Ir::Call, 0);
        }
    }

    pub(super) fn function(&mut self, def: &'a StmtFunctionDef) -> Gen {
        let (loc, first_line) = self.definition_loc(def.range, &def.decorator_list);
        self.decorators(&def.decorator_list)?;
        let mut attributes = self.default_arguments(loc, &def.parameters)?;
        let mut type_args = 0;
        if let Some(params) = def.type_params.as_deref() {
            type_args = (attributes & function_attribute::DEFAULTS != 0) as u32
                + (attributes & function_attribute::KWDEFAULTS != 0) as u32;
            if type_args == 2 {
                self.op_arg(loc, Ir::Swap, 2);
            }
            let block = self.find_block(params, Part::TypeParams)?;
            let name = Ident::from(format!("<generic parameters of {}>", def.name));
            let new = NewUnit::new(name, UnitKind::Annotations, block, first_line).args(type_args, 0, 0);
            self.enter_unit(new)?;
            self.type_params(params)?;
            for arg in 0..type_args {
                self.op_arg(loc, Ir::LoadFast, arg);
            }
        }
        attributes |= self.function_annotations(loc, def)?;
        self.function_body(loc, def, attributes, first_line)?;
        if def.type_params.is_some() {
            self.op_arg(loc, Ir::Swap, 2);
            self.op_arg(loc, Ir::CallIntrinsic2, Intrinsic2::SetFunctionTypeParams as u32);
            let code = self.finish_unit(false)?;
            self.make_closure(loc, code, 0)?;
            if type_args > 0 {
                self.op_arg(loc, Ir::Swap, type_args + 1);
                self.op_arg(loc, Ir::Call, type_args - 1);
            } else {
                self.op(loc, Ir::PushNull);
                self.op_arg(loc, Ir::Call, 0);
            }
        }
        self.apply_decorators(&def.decorator_list);
        self.store_name(loc, &def.name)
    }

    fn check_parameters(&mut self, params: &Parameters) -> Gen {
        for param in params.iter() {
            let loc = self.loc(param.as_parameter());
            self.refuse_debug(loc, param.name(), super::Access::Store)?;
        }
        Ok(())
    }

    /// Pushes default values; returns which [`function_attribute`]s they are.
    pub(super) fn default_arguments(&mut self, loc: Loc, params: &'a Parameters) -> Gen<u32> {
        let mut attributes = 0;
        let positional = params.posonlyargs.iter().chain(&params.args);
        let defaults: Vec<&'a Expr> = positional.filter_map(|param| param.default.as_deref()).collect();
        if !defaults.is_empty() {
            defaults.iter().try_for_each(|default| self.expr(default))?;
            self.op_arg(loc, Ir::BuildTuple, defaults.len() as u32);
            attributes |= function_attribute::DEFAULTS;
        }
        let mut count = 0;
        for param in &params.kwonlyargs {
            let Some(default) = param.default.as_deref() else {
                continue;
            };
            let mangled = self.mangle(&Ident::from(param.parameter.name.as_str()));
            self.load_str(loc, &mangled);
            self.expr(default)?;
            count += 1;
        }
        if count > 0 {
            self.op_arg(loc, Ir::BuildMap, count);
            attributes |= function_attribute::KWDEFAULTS;
        }
        Ok(attributes)
    }

    fn function_body(&mut self, loc: Loc, def: &'a StmtFunctionDef, attributes: u32, first_line: i32) -> Gen {
        self.check_parameters(&def.parameters)?;
        let block = self.find_block(def, Part::Body)?;
        let kind = if def.is_async {
            UnitKind::AsyncFunction
        } else {
            UnitKind::Function
        };
        let (args, posonly, kwonly) = counts(&def.parameters);
        let name = Ident::from(def.name.as_str());
        self.enter_unit(NewUnit::new(name, kind, block, first_line).args(args, posonly, kwonly))?;
        let mut body = &*def.body;
        if self.block().has_docstring
            && let Some(doc) = literal::docstring(body)
        {
            let text = self.string_value(doc)?;
            self.unit().consts.add(Const::Str(literal::clean_docstring(&text)));
            body = &body[1..];
        }
        let start = self.label();
        self.place(start);
        let wrap = self.block().coroutine || self.block().generator;
        if wrap {
            self.push_frame(Loc::NONE, Frame::StopIteration, Some(start), None)?;
        }
        self.body(body)?;
        if wrap {
            self.wrap_in_stop_iteration_handler();
            self.pop_frame();
        }
        let code = self.finish_unit(true)?;
        self.make_closure(loc, code, attributes)
    }

    pub(super) fn lambda(&mut self, lambda: &'a ExprLambda) -> Gen {
        let loc = self.loc(lambda);
        let mut attributes = 0;
        let mut sizes = (0, 0, 0);
        if let Some(params) = lambda.parameters.as_deref() {
            self.check_parameters(params)?;
            attributes = self.default_arguments(loc, params)?;
            sizes = counts(params);
        }
        let block = self.find_block(lambda, Part::Body)?;
        let new = NewUnit::new(Ident::from("<lambda>"), UnitKind::Lambda, block, loc.line);
        self.enter_unit(new.args(sizes.0, sizes.1, sizes.2))?;
        self.expr(&lambda.body)?;
        let generator = self.block().generator;
        if !generator {
            let body_loc = self.expr_loc(&lambda.body);
            self.op(body_loc, Ir::ReturnValue);
        }
        let code = self.finish_unit(!generator)?;
        self.make_closure(loc, code, attributes)
    }
}
