//! The first pass over what opens blocks inside expressions and headers: parameters, type parameters, lambdas,
//! comprehensions.

use ruff_python_ast::{Comprehension as Generator, Expr, ExprLambda, ExprNamed, Parameters, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextRange};

use super::build::{Builder, Step};
use super::{BlockKind, Comprehension, Key, Part, key, usage};
use crate::source::Ident;

/// A comprehension, whichever its brackets.
pub(super) struct ComprehensionNode<'e> {
    pub key: Key,
    pub range: TextRange,
    pub kind: Comprehension,
    pub generators: &'e [Generator],
    /// The element, or the key of a dict's.
    pub element: &'e Expr,
    /// The value of a dict's element.
    pub value: Option<&'e Expr>,
}

impl Builder<'_> {
    pub fn visit_defaults(&mut self, params: &Parameters) -> Step {
        let positional = params.posonlyargs.iter().chain(&params.args);
        for param in positional.chain(&params.kwonlyargs) {
            self.visit_opt_expr(param.default.as_deref())?;
        }
        Ok(())
    }

    pub fn visit_parameters(&mut self, params: &Parameters) -> Step {
        for param in params.posonlyargs.iter().chain(&params.args).chain(&params.kwonlyargs) {
            self.add_def(&param.parameter.name, usage::PARAM, param.parameter.range)?;
        }
        if let Some(param) = params.vararg.as_deref() {
            let range = TextRange::new(param.name.range.start(), param.range.end());
            self.add_def(&param.name, usage::PARAM, range)?;
            self.current_mut().varargs = true;
        }
        if let Some(param) = params.kwarg.as_deref() {
            let range = TextRange::new(param.name.range.start(), param.range.end());
            self.add_def(&param.name, usage::PARAM, range)?;
            self.current_mut().varkeywords = true;
        }
        Ok(())
    }

    pub fn enter_type_params(
        &mut self,
        name: &str,
        params: &TypeParams,
        has_defaults: bool,
        has_kwdefaults: bool,
        is_class: bool,
    ) -> Step {
        let in_class = self.current().kind == BlockKind::Class;
        let range = params.range;
        self.enter(
            Ident::from(name),
            BlockKind::TypeParameters,
            Some(key(params, Part::TypeParams)),
            range,
        )?;
        self.current_mut().scope_info = Some("the definition of a generic");
        self.see_class(in_class, range)?;
        if is_class {
            for hidden in [".type_params", ".generic_base"] {
                self.add_def(hidden, usage::LOCAL, range)?;
                self.add_def(hidden, usage::USE, range)?;
            }
        }
        if has_defaults {
            self.add_def(".defaults", usage::PARAM, range)?;
        }
        if has_kwdefaults {
            self.add_def(".kwdefaults", usage::PARAM, range)?;
        }
        Ok(())
    }

    pub fn visit_type_params(&mut self, params: &TypeParams) -> Step {
        for param in &params.type_params {
            let (name, bound, default) = match param {
                TypeParam::TypeVar(param) => (&param.name, param.bound.as_deref(), param.default.as_deref()),
                TypeParam::TypeVarTuple(param) => (&param.name, None, param.default.as_deref()),
                TypeParam::ParamSpec(param) => (&param.name, None, param.default.as_deref()),
            };
            if name.as_str() == "__classdict__" {
                return self.error(param, "reserved name '__classdict__' cannot be used for type parameter");
            }
            self.add_def(name, usage::TYPE_PARAM | usage::LOCAL, param.range())?;
            let bound_info = match bound {
                Some(Expr::Tuple(_)) => "a TypeVar constraint",
                _ => "a TypeVar bound",
            };
            self.visit_type_param_part(bound, name, key(param, Part::Bound), bound_info)?;
            let default_info = match param {
                TypeParam::TypeVar(_) => "a TypeVar default",
                TypeParam::TypeVarTuple(_) => "a TypeVarTuple default",
                TypeParam::ParamSpec(_) => "a ParamSpec default",
            };
            self.visit_type_param_part(default, name, key(param, Part::Default), default_info)?;
        }
        Ok(())
    }

    fn visit_type_param_part(&mut self, expr: Option<&Expr>, name: &str, key: Key, info: &'static str) -> Step {
        let Some(expr) = expr else { return Ok(()) };
        let sees_class = self.current().can_see_class_scope;
        self.enter(Ident::from(name), BlockKind::TypeVariable, Some(key), expr.range())?;
        self.current_mut().scope_info = Some(info);
        self.see_class(sees_class, expr.range())?;
        match expr {
            Expr::Starred(starred) => self.visit_expr(&starred.value)?,
            expr => self.visit_expr(expr)?,
        }
        self.exit();
        Ok(())
    }

    pub fn visit_lambda(&mut self, lambda: &ExprLambda) -> Step {
        if let Some(params) = lambda.parameters.as_deref() {
            self.visit_defaults(params)?;
        }
        let block_key = key(lambda, Part::Body);
        self.enter(
            Ident::from("<lambda>"),
            BlockKind::Function,
            Some(block_key),
            lambda.range,
        )?;
        if let Some(params) = lambda.parameters.as_deref() {
            self.visit_parameters(params)?;
        }
        self.visit_expr(&lambda.body)?;
        self.exit();
        Ok(())
    }

    pub fn visit_comprehension(&mut self, node: &ComprehensionNode<'_>) -> Step {
        let Some((outermost, inner)) = node.generators.split_first() else {
            return Ok(());
        };
        let is_generator = node.kind == Comprehension::Generator;
        self.current_mut().comp_iter_expr += 1;
        self.visit_expr(&outermost.iter)?;
        self.current_mut().comp_iter_expr -= 1;
        let name = match node.kind {
            Comprehension::List => "<listcomp>",
            Comprehension::Set => "<setcomp>",
            Comprehension::Dict => "<dictcomp>",
            _ => "<genexpr>",
        };
        self.enter(Ident::from(name), BlockKind::Function, Some(node.key), node.range)?;
        self.current_mut().comprehension = node.kind;
        if outermost.is_async {
            self.current_mut().coroutine = true;
        }
        self.add_def(".0", usage::PARAM, node.range)?;
        self.visit_comp_target(&outermost.target)?;
        self.visit_exprs(&outermost.ifs)?;
        for generator in inner {
            self.visit_comp_target(&generator.target)?;
            self.current_mut().comp_iter_expr += 1;
            self.visit_expr(&generator.iter)?;
            self.current_mut().comp_iter_expr -= 1;
            self.visit_exprs(&generator.ifs)?;
            if generator.is_async {
                self.current_mut().coroutine = true;
            }
        }
        self.visit_opt_expr(node.value)?;
        self.visit_expr(node.element)?;
        self.current_mut().generator = is_generator;
        let is_async = self.current().coroutine && !is_generator;
        self.exit();
        if is_async {
            let current = self.current();
            let allowed = current.is_async
                || current.comprehension != Comprehension::No
                || (self.top_level_await && current.kind == BlockKind::Module);
            if !allowed {
                let message = "asynchronous comprehension outside of an asynchronous function";
                return Err(self.source.error(node.range, message));
            }
            self.current_mut().coroutine = true;
        }
        Ok(())
    }

    fn visit_comp_target(&mut self, target: &Expr) -> Step {
        self.current_mut().comp_iter_target = true;
        self.visit_expr(target)?;
        self.current_mut().comp_iter_target = false;
        Ok(())
    }

    /// The target of `:=` in a comprehension belongs to the function around it.
    pub fn extend_named_expr_scope(&mut self, named: &ExprNamed) -> Step {
        let Expr::Name(target) = &*named.target else {
            return Ok(());
        };
        let name = target.id.as_str();
        let range = target.range;
        for &id in self.open_blocks().to_vec().iter().rev() {
            let block = self.table.block(id);
            if block.comprehension != Comprehension::No {
                let mangled = super::mangle(self.private.as_deref(), &Ident::from(name));
                if self.table.flags(id, &mangled) & usage::COMP_ITER != 0 {
                    let message =
                        format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                    return self.error(target, message);
                }
                continue;
            }
            match block.kind {
                BlockKind::Function => {
                    let mangled = super::mangle(self.private.as_deref(), &Ident::from(name));
                    let global = self.table.flags(id, &mangled) & usage::GLOBAL != 0;
                    self.add_def(name, if global { usage::GLOBAL } else { usage::NONLOCAL }, range)?;
                    self.directive(name, range);
                    return self.add_def_in(id, name, usage::LOCAL, range);
                }
                BlockKind::Module => {
                    self.add_def(name, usage::GLOBAL, range)?;
                    self.directive(name, range);
                    return self.add_def_in(id, name, usage::GLOBAL, range);
                }
                BlockKind::Class => {
                    let message = "assignment expression within a comprehension cannot be used in a class body";
                    return self.error(named, message);
                }
                _ => {
                    let place = block.scope_info.unwrap_or("an annotation");
                    let message = format!("assignment expression within a comprehension cannot be used in {place}");
                    return self.error(named, message);
                }
            }
        }
        Ok(())
    }
}
