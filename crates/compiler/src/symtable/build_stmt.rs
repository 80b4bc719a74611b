//! The first pass over statements and patterns.

use ruff_python_ast::{
    Alias, ExceptHandler, Expr, Pattern, PatternMatchClass, PatternMatchMapping, Stmt, StmtAnnAssign, StmtClassDef,
    StmtFunctionDef, StmtImportFrom, StmtTypeAlias,
};
use ruff_text_size::{Ranged, TextRange};

use super::build::{Builder, Step};
use super::{BlockKind, Part, key, usage};
use crate::source::Ident;

impl Builder<'_> {
    pub fn visit_body(&mut self, body: &[Stmt]) -> Step {
        body.iter().try_for_each(|stmt| self.visit_stmt(stmt))
    }

    fn visit_stmt(&mut self, stmt: &Stmt) -> Step {
        match stmt {
            Stmt::FunctionDef(def) => self.visit_function(def),
            Stmt::ClassDef(def) => self.visit_class(def),
            Stmt::TypeAlias(alias) => self.visit_type_alias(alias),
            Stmt::Return(stmt) => self.visit_opt_expr(stmt.value.as_deref()),
            Stmt::Delete(stmt) => self.visit_exprs(&stmt.targets),
            Stmt::Assign(stmt) => {
                self.visit_exprs(&stmt.targets)?;
                self.visit_expr(&stmt.value)
            }
            Stmt::AugAssign(stmt) => {
                self.visit_expr(&stmt.target)?;
                self.visit_expr(&stmt.value)
            }
            Stmt::AnnAssign(stmt) => self.visit_ann_assign(stmt),
            Stmt::Raise(stmt) => {
                self.visit_opt_expr(stmt.exc.as_deref())?;
                self.visit_opt_expr(stmt.cause.as_deref())
            }
            Stmt::Assert(stmt) => {
                self.visit_expr(&stmt.test)?;
                self.visit_opt_expr(stmt.msg.as_deref())
            }
            Stmt::Import(stmt) => stmt.names.iter().try_for_each(|alias| self.visit_alias(alias)),
            Stmt::ImportFrom(stmt) => self.visit_import_from(stmt),
            Stmt::Global(stmt) => stmt
                .names
                .iter()
                .try_for_each(|name| self.declare(name, usage::GLOBAL, stmt.range)),
            Stmt::Nonlocal(stmt) => stmt
                .names
                .iter()
                .try_for_each(|name| self.declare(name, usage::NONLOCAL, stmt.range)),
            Stmt::Expr(stmt) => self.visit_expr(&stmt.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::IpyEscapeCommand(_) => Ok(()),
            Stmt::For(_) | Stmt::While(_) | Stmt::If(_) | Stmt::Match(_) | Stmt::Try(_) | Stmt::With(_) => {
                let before = self.current().in_conditional_block;
                self.current_mut().in_conditional_block = true;
                self.visit_compound(stmt)?;
                self.current_mut().in_conditional_block = before;
                Ok(())
            }
        }
    }

    fn visit_compound(&mut self, stmt: &Stmt) -> Step {
        match stmt {
            Stmt::For(stmt) => {
                if stmt.is_async {
                    self.require_async(stmt, "'async for' outside async function")?;
                }
                self.visit_expr(&stmt.target)?;
                self.visit_expr(&stmt.iter)?;
                self.visit_body(&stmt.body)?;
                self.visit_body(&stmt.orelse)
            }
            Stmt::While(stmt) => {
                self.visit_expr(&stmt.test)?;
                self.visit_body(&stmt.body)?;
                self.visit_body(&stmt.orelse)
            }
            Stmt::If(stmt) => {
                self.visit_expr(&stmt.test)?;
                self.visit_body(&stmt.body)?;
                for clause in &stmt.elif_else_clauses {
                    self.visit_opt_expr(clause.test.as_ref())?;
                    self.visit_body(&clause.body)?;
                }
                Ok(())
            }
            Stmt::Match(stmt) => {
                self.visit_expr(&stmt.subject)?;
                for case in &stmt.cases {
                    self.visit_pattern(&case.pattern)?;
                    self.visit_opt_expr(case.guard.as_deref())?;
                    self.visit_body(&case.body)?;
                }
                Ok(())
            }
            Stmt::Try(stmt) => {
                self.visit_body(&stmt.body)?;
                for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                    self.visit_opt_expr(handler.type_.as_deref())?;
                    if let Some(name) = &handler.name {
                        self.add_def(name, usage::LOCAL, handler.range)?;
                    }
                    self.visit_body(&handler.body)?;
                }
                self.visit_body(&stmt.orelse)?;
                self.visit_body(&stmt.finalbody)
            }
            Stmt::With(stmt) => {
                if stmt.is_async {
                    self.require_async(stmt, "'async with' outside async function")?;
                }
                for item in &stmt.items {
                    self.visit_expr(&item.context_expr)?;
                    self.visit_opt_expr(item.optional_vars.as_deref())?;
                }
                self.visit_body(&stmt.body)
            }
            _ => Ok(()),
        }
    }

    fn require_async(&mut self, node: &impl Ranged, message: &str) -> Step {
        let top = self.current().kind == BlockKind::Module && self.top_level_await;
        if top {
            self.current_mut().coroutine = true;
            return Ok(());
        }
        if self.current().is_async {
            Ok(())
        } else {
            self.error(node, message)
        }
    }

    fn visit_function(&mut self, def: &StmtFunctionDef) -> Step {
        self.add_def(&def.name, usage::LOCAL, def.name.range)?;
        let params = &*def.parameters;
        self.visit_defaults(params)?;
        self.visit_exprs(def.decorator_list.iter().map(|decorator| &decorator.expression))?;
        if let Some(type_params) = def.type_params.as_deref() {
            // CPython has the variable whether there are defaults or not.
            let keyword = params.kwonlyargs.iter().any(|param| param.default.is_some());
            self.enter_type_params(&def.name, type_params, true, keyword, false)?;
            self.visit_type_params(type_params)?;
        }
        let name = Ident::from(def.name.as_str());
        let function = self.new_block(name, BlockKind::Function, Some(key(def, Part::Body)));
        self.visit_function_annotations(def)?;
        self.enter_existing(function);
        self.current_mut().is_async = def.is_async;
        self.current_mut().coroutine = def.is_async;
        self.mark_docstring(&def.body);
        self.visit_parameters(params)?;
        self.visit_body(&def.body)?;
        self.exit();
        if def.type_params.is_some() {
            self.exit();
        }
        Ok(())
    }

    fn visit_function_annotations(&mut self, def: &StmtFunctionDef) -> Step {
        let sees_class = self.current().can_see_class_scope || self.current().kind == BlockKind::Class;
        let params = &*def.parameters;
        let block_key = key(params, Part::Annotations);
        self.enter(
            Ident::from("__annotate__"),
            BlockKind::Annotation,
            Some(block_key),
            def.range,
        )?;
        self.see_class(sees_class, def.range)?;
        for param in params.posonlyargs.iter().chain(&params.args) {
            self.visit_function_annotation(param.parameter.annotation.as_deref())?;
        }
        self.visit_function_annotation(params.vararg.as_deref().and_then(|param| param.annotation.as_deref()))?;
        self.visit_function_annotation(params.kwarg.as_deref().and_then(|param| param.annotation.as_deref()))?;
        for param in &params.kwonlyargs {
            self.visit_function_annotation(param.parameter.annotation.as_deref())?;
        }
        self.visit_function_annotation(def.returns.as_deref())?;
        self.exit();
        Ok(())
    }

    fn visit_function_annotation(&mut self, annotation: Option<&Expr>) -> Step {
        let Some(annotation) = annotation else { return Ok(()) };
        self.current_mut().annotations_used = true;
        match annotation {
            Expr::Starred(starred) => self.visit_expr(&starred.value),
            annotation => self.visit_expr(annotation),
        }
    }

    /// Lets the open block look names up in the class around it.
    pub fn see_class(&mut self, sees: bool, range: TextRange) -> Step {
        if !sees {
            return Ok(());
        }
        self.current_mut().can_see_class_scope = true;
        self.add_def("__classdict__", usage::USE, range)
    }

    fn visit_class(&mut self, def: &StmtClassDef) -> Step {
        self.add_def(&def.name, usage::LOCAL, def.name.range)?;
        self.visit_exprs(def.decorator_list.iter().map(|decorator| &decorator.expression))?;
        let outer_private = self.private.clone();
        let name = Ident::from(def.name.as_str());
        if let Some(type_params) = def.type_params.as_deref() {
            self.enter_type_params(&def.name, type_params, false, false, true)?;
            self.private = Some(name.clone());
            self.start_mangled_set();
            self.visit_type_params(type_params)?;
        }
        if let Some(arguments) = def.arguments.as_deref() {
            self.visit_exprs(&arguments.args)?;
            self.visit_exprs(arguments.keywords.iter().map(|keyword| &keyword.value))?;
        }
        self.enter(name.clone(), BlockKind::Class, Some(key(def, Part::Body)), def.range)?;
        self.private = Some(name);
        if def.type_params.is_some() {
            self.add_def("__type_params__", usage::LOCAL, def.range)?;
            self.add_def(".type_params", usage::USE, def.range)?;
        }
        self.mark_docstring(&def.body);
        self.visit_body(&def.body)?;
        self.exit();
        if def.type_params.is_some() {
            self.exit();
        }
        self.private = outer_private;
        Ok(())
    }

    fn visit_type_alias(&mut self, alias: &StmtTypeAlias) -> Step {
        self.visit_expr(&alias.name)?;
        let name = match &*alias.name {
            Expr::Name(name) => name.id.as_str(),
            _ => "",
        };
        let in_class = self.current().kind == BlockKind::Class;
        if let Some(type_params) = alias.type_params.as_deref() {
            self.enter_type_params(name, type_params, false, false, false)?;
            self.visit_type_params(type_params)?;
        }
        let block_key = key(alias, Part::Body);
        self.enter(Ident::from(name), BlockKind::TypeAlias, Some(block_key), alias.range)?;
        self.current_mut().scope_info = Some("a type alias");
        self.see_class(in_class, alias.range)?;
        self.visit_expr(&alias.value)?;
        self.exit();
        if alias.type_params.is_some() {
            self.exit();
        }
        Ok(())
    }

    fn visit_ann_assign(&mut self, stmt: &StmtAnnAssign) -> Step {
        self.current_mut().annotations_used = true;
        if let Expr::Name(target) = &*stmt.target {
            let flags = self.lookup(&target.id);
            let at_top = self.current_id() == super::SymbolTable::TOP;
            if stmt.simple && !at_top && flags & (usage::GLOBAL | usage::NONLOCAL) != 0 {
                let kind = if flags & usage::GLOBAL != 0 {
                    "global"
                } else {
                    "nonlocal"
                };
                return self.error(stmt, format!("annotated name '{}' can't be {kind}", target.id));
            }
            if stmt.simple {
                self.add_def(&target.id, usage::ANNOT | usage::LOCAL, target.range)?;
            } else if stmt.value.is_some() {
                self.add_def(&target.id, usage::LOCAL, target.range)?;
            }
        } else {
            self.visit_expr(&stmt.target)?;
        }
        self.visit_annotation(&stmt.annotation)?;
        self.visit_opt_expr(stmt.value.as_deref())
    }

    fn visit_annotation(&mut self, annotation: &Expr) -> Step {
        let outer = self.current_id();
        let kind = self.current().kind;
        let unevaluated = kind == BlockKind::Function;
        let conditional =
            kind == BlockKind::Module || (kind == BlockKind::Class && self.current().in_conditional_block);
        if conditional && !self.current().has_conditional_annotations {
            self.current_mut().has_conditional_annotations = true;
            self.add_def("__conditional_annotations__", usage::USE, annotation.range())?;
        }
        match self.current().annotation_block {
            Some(block) => self.enter_existing(block),
            None => {
                self.enter(
                    Ident::from("__annotate__"),
                    BlockKind::Annotation,
                    None,
                    annotation.range(),
                )?;
                let block = self.current_id();
                self.table.block_mut(outer).annotation_block = Some(block);
                self.see_class(kind == BlockKind::Class, annotation.range())?;
            }
        }
        self.current_mut().in_unevaluated_annotation = unevaluated;
        self.visit_expr(annotation)?;
        self.current_mut().in_unevaluated_annotation = false;
        self.exit();
        Ok(())
    }

    fn visit_alias(&mut self, alias: &Alias) -> Step {
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        let first = name.split('.').next().unwrap_or_default();
        self.add_def(first, usage::IMPORT, alias.range)
    }

    fn visit_import_from(&mut self, stmt: &StmtImportFrom) -> Step {
        for alias in &stmt.names {
            if alias.name.as_str() == "*" {
                if self.current().kind != BlockKind::Module {
                    return self.error(alias, "import * only allowed at module level");
                }
                continue;
            }
            self.visit_alias(alias)?;
        }
        Ok(())
    }

    fn declare(&mut self, name: &str, flag: u32, range: TextRange) -> Step {
        let kind = if flag == usage::GLOBAL { "global" } else { "nonlocal" };
        let flags = self.lookup(name);
        let message = if flags & usage::PARAM != 0 {
            Some(format!("name '{name}' is parameter and {kind}"))
        } else if flags & usage::USE != 0 {
            Some(format!("name '{name}' is used prior to {kind} declaration"))
        } else if flags & usage::ANNOT != 0 {
            Some(format!("annotated name '{name}' can't be {kind}"))
        } else if flags & usage::LOCAL != 0 {
            Some(format!("name '{name}' is assigned to before {kind} declaration"))
        } else {
            None
        };
        if let Some(message) = message {
            return Err(self.source.error(range, message));
        }
        self.add_def(name, flag, range)?;
        self.directive(name, range);
        Ok(())
    }

    fn visit_pattern(&mut self, pattern: &Pattern) -> Step {
        match pattern {
            Pattern::MatchValue(pattern) => self.visit_expr(&pattern.value),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(pattern) => pattern.patterns.iter().try_for_each(|inner| self.visit_pattern(inner)),
            Pattern::MatchMapping(pattern) => self.visit_mapping_pattern(pattern),
            Pattern::MatchClass(pattern) => self.visit_class_pattern(pattern),
            Pattern::MatchStar(pattern) => self.capture(pattern.name.as_ref()),
            Pattern::MatchAs(pattern) => {
                if let Some(inner) = &pattern.pattern {
                    self.visit_pattern(inner)?;
                }
                self.capture(pattern.name.as_ref())
            }
            Pattern::MatchOr(pattern) => pattern.patterns.iter().try_for_each(|inner| self.visit_pattern(inner)),
        }
    }

    fn visit_mapping_pattern(&mut self, pattern: &PatternMatchMapping) -> Step {
        self.visit_exprs(&pattern.keys)?;
        pattern
            .patterns
            .iter()
            .try_for_each(|inner| self.visit_pattern(inner))?;
        self.capture(pattern.rest.as_ref())
    }

    fn visit_class_pattern(&mut self, pattern: &PatternMatchClass) -> Step {
        self.visit_expr(&pattern.cls)?;
        pattern
            .arguments
            .patterns
            .iter()
            .try_for_each(|inner| self.visit_pattern(inner))?;
        pattern
            .arguments
            .keywords
            .iter()
            .try_for_each(|keyword| self.visit_pattern(&keyword.pattern))
    }

    fn capture(&mut self, name: Option<&ruff_python_ast::Identifier>) -> Step {
        name.map_or(Ok(()), |name| self.add_def(name, usage::LOCAL, name.range))
    }
}
