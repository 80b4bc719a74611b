//! Statements, with the parts that only statements have: handlers, parameters, type parameters, cases.

use ruff_python_ast::{
    Alias, Decorator, ElifElseClause, ExceptHandler, MatchCase, Operator, Parameter, ParameterWithDefault, Parameters,
    Stmt, StmtClassDef, StmtFunctionDef, StmtIf, TypeParam, TypeParams, WithItem,
};
use ruff_text_size::{Ranged, TextRange};

use super::{Builder, Field, name, names, node, optional_name, placeless};
use crate::codegen::Gen;
use crate::limits::{MAX_WALK_DEPTH, too_deep};
use crate::source::Loc;

impl Builder<'_> {
    pub(super) fn stmt(&mut self, stmt: &Stmt) -> Gen<Field> {
        let loc = self.loc(stmt);
        Ok(match stmt {
            Stmt::FunctionDef(def) => return self.function(def),
            Stmt::ClassDef(def) => return self.class(def),
            Stmt::Return(stmt) => node("Return", loc, vec![("value", self.optional(stmt.value.as_deref())?)]),
            Stmt::Delete(stmt) => node("Delete", loc, vec![("targets", self.exprs(&stmt.targets)?)]),
            Stmt::Raise(stmt) => {
                let exc = self.optional(stmt.exc.as_deref())?;
                let cause = self.optional(stmt.cause.as_deref())?;
                node("Raise", loc, vec![("exc", exc), ("cause", cause)])
            }
            Stmt::Assert(stmt) => {
                let test = self.expr(&stmt.test)?;
                let msg = self.optional(stmt.msg.as_deref())?;
                node("Assert", loc, vec![("test", test), ("msg", msg)])
            }
            Stmt::Import(stmt) => node("Import", loc, vec![("names", self.aliases(&stmt.names))]),
            Stmt::ImportFrom(stmt) => {
                let fields = vec![
                    ("module", optional_name(stmt.module.as_ref())),
                    ("names", self.aliases(&stmt.names)),
                    ("level", Field::Int(stmt.level as i32)),
                ];
                node("ImportFrom", loc, fields)
            }
            Stmt::Global(stmt) => node("Global", loc, vec![("names", names(&stmt.names))]),
            Stmt::Nonlocal(stmt) => node("Nonlocal", loc, vec![("names", names(&stmt.names))]),
            Stmt::Expr(stmt) => node("Expr", loc, vec![("value", self.expr(&stmt.value)?)]),
            Stmt::Pass(_) => node("Pass", loc, Vec::new()),
            Stmt::Break(_) => node("Break", loc, Vec::new()),
            Stmt::Continue(_) => node("Continue", loc, Vec::new()),
            Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::AnnAssign(_) | Stmt::TypeAlias(_) => {
                return self.assignment(loc, stmt);
            }
            other => return self.compound(self.block_loc(other.range()), other),
        })
    }

    fn assignment(&mut self, loc: Loc, stmt: &Stmt) -> Gen<Field> {
        Ok(match stmt {
            Stmt::Assign(stmt) => {
                let targets = self.exprs(&stmt.targets)?;
                let value = self.expr(&stmt.value)?;
                let fields = vec![("targets", targets), ("value", value), ("type_comment", Field::None)];
                node("Assign", loc, fields)
            }
            Stmt::AugAssign(stmt) => {
                let target = self.expr(&stmt.target)?;
                let value = self.expr(&stmt.value)?;
                let op = placeless(operator(stmt.op), Vec::new());
                node("AugAssign", loc, vec![("target", target), ("op", op), ("value", value)])
            }
            Stmt::AnnAssign(stmt) => {
                let fields = vec![
                    ("target", self.expr(&stmt.target)?),
                    ("annotation", self.expr(&stmt.annotation)?),
                    ("value", self.optional(stmt.value.as_deref())?),
                    ("simple", Field::Int(i32::from(stmt.simple))),
                ];
                node("AnnAssign", loc, fields)
            }
            Stmt::TypeAlias(stmt) => {
                let fields = vec![
                    ("name", self.expr(&stmt.name)?),
                    ("type_params", self.type_params(stmt.type_params.as_deref())?),
                    ("value", self.expr(&stmt.value)?),
                ];
                node("TypeAlias", loc, fields)
            }
            _ => Field::None,
        })
    }

    fn compound(&mut self, loc: Loc, stmt: &Stmt) -> Gen<Field> {
        Ok(match stmt {
            Stmt::For(stmt) => {
                let fields = vec![
                    ("target", self.expr(&stmt.target)?),
                    ("iter", self.expr(&stmt.iter)?),
                    ("body", self.stmts(&stmt.body)?),
                    ("orelse", self.stmts(&stmt.orelse)?),
                    ("type_comment", Field::None),
                ];
                node(if stmt.is_async { "AsyncFor" } else { "For" }, loc, fields)
            }
            Stmt::While(stmt) => {
                let fields = vec![
                    ("test", self.expr(&stmt.test)?),
                    ("body", self.stmts(&stmt.body)?),
                    ("orelse", self.stmts(&stmt.orelse)?),
                ];
                node("While", loc, fields)
            }
            Stmt::If(stmt) => return self.if_stmt(loc, stmt),
            Stmt::With(stmt) => {
                let items: Gen<Vec<Field>> = stmt.items.iter().map(|item| self.with_item(item)).collect();
                let fields = vec![
                    ("items", Field::List(items?)),
                    ("body", self.stmts(&stmt.body)?),
                    ("type_comment", Field::None),
                ];
                node(if stmt.is_async { "AsyncWith" } else { "With" }, loc, fields)
            }
            Stmt::Match(stmt) => {
                let subject = self.expr(&stmt.subject)?;
                let cases: Gen<Vec<Field>> = stmt.cases.iter().map(|case| self.case(case)).collect();
                node("Match", loc, vec![("subject", subject), ("cases", Field::List(cases?))])
            }
            Stmt::Try(stmt) => {
                let body = self.stmts(&stmt.body)?;
                let handlers: Gen<Vec<Field>> = stmt.handlers.iter().map(|handler| self.handler(handler)).collect();
                let fields = vec![
                    ("body", body),
                    ("handlers", Field::List(handlers?)),
                    ("orelse", self.stmts(&stmt.orelse)?),
                    ("finalbody", self.stmts(&stmt.finalbody)?),
                ];
                node(if stmt.is_star { "TryStar" } else { "Try" }, loc, fields)
            }
            other => return Err(self.source.error(other.range(), "invalid syntax")),
        })
    }

    /// `elif` is an `If` alone in `orelse`. A chain is built from its end; each clause is a level for those who walk the tree.
    fn if_stmt(&mut self, loc: Loc, stmt: &StmtIf) -> Gen<Field> {
        if self.depth as usize + stmt.elif_else_clauses.len() > MAX_WALK_DEPTH as usize {
            return Err(too_deep(self.source));
        }
        let test = self.expr(&stmt.test)?;
        let body = self.stmts(&stmt.body)?;
        let clauses: Gen<Vec<_>> = stmt
            .elif_else_clauses
            .iter()
            .map(|clause| self.clause(clause))
            .collect();
        let mut orelse = Vec::new();
        for (range, test, body) in clauses?.into_iter().rev() {
            let Some(test) = test else {
                if let Field::List(body) = body {
                    orelse = body;
                }
                continue;
            };
            let loc = self.block_loc(TextRange::new(range.start(), stmt.range.end()));
            let fields = vec![("test", test), ("body", body), ("orelse", Field::List(orelse))];
            orelse = vec![node("If", loc, fields)];
        }
        Ok(node(
            "If",
            loc,
            vec![("test", test), ("body", body), ("orelse", Field::List(orelse))],
        ))
    }

    fn clause(&mut self, clause: &ElifElseClause) -> Gen<(TextRange, Option<Field>, Field)> {
        let test = clause.test.as_ref().map(|test| self.expr(test)).transpose()?;
        Ok((clause.range, test, self.stmts(&clause.body)?))
    }

    fn with_item(&mut self, item: &WithItem) -> Gen<Field> {
        let context = self.expr(&item.context_expr)?;
        let vars = self.optional(item.optional_vars.as_deref())?;
        Ok(placeless(
            "withitem",
            vec![("context_expr", context), ("optional_vars", vars)],
        ))
    }

    fn case(&mut self, case: &MatchCase) -> Gen<Field> {
        let fields = vec![
            ("pattern", self.pattern(&case.pattern)?),
            ("guard", self.optional(case.guard.as_deref())?),
            ("body", self.stmts(&case.body)?),
        ];
        Ok(placeless("match_case", fields))
    }

    fn handler(&mut self, handler: &ExceptHandler) -> Gen<Field> {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let fields = vec![
            ("type", self.optional(handler.type_.as_deref())?),
            ("name", optional_name(handler.name.as_ref())),
            ("body", self.stmts(&handler.body)?),
        ];
        Ok(node("ExceptHandler", self.block_loc(handler.range), fields))
    }

    fn aliases(&mut self, aliases: &[Alias]) -> Field {
        let one = |alias: &Alias| {
            let fields = vec![
                ("name", name(&alias.name)),
                ("asname", optional_name(alias.asname.as_ref())),
            ];
            node("alias", self.loc(alias), fields)
        };
        Field::List(aliases.iter().map(one).collect())
    }

    /// The place of a `def` or `class`, which starts behind its decorators.
    fn definition_loc(&self, range: TextRange, decorators: &[Decorator]) -> Loc {
        let start = match decorators.last() {
            Some(last) => self.source.skip_trivia(last.range().end().max(last.expression.end())),
            None => range.start(),
        };
        self.block_loc(TextRange::new(start, range.end()))
    }

    fn function(&mut self, def: &StmtFunctionDef) -> Gen<Field> {
        let loc = self.definition_loc(def.range, &def.decorator_list);
        let fields = vec![
            ("name", name(&def.name)),
            ("args", self.parameters(Some(&def.parameters))?),
            ("body", self.stmts(&def.body)?),
            (
                "decorator_list",
                self.exprs(def.decorator_list.iter().map(|decorator| &decorator.expression))?,
            ),
            ("returns", self.optional(def.returns.as_deref())?),
            ("type_comment", Field::None),
            ("type_params", self.type_params(def.type_params.as_deref())?),
        ];
        let kind = if def.is_async {
            "AsyncFunctionDef"
        } else {
            "FunctionDef"
        };
        Ok(node(kind, loc, fields))
    }

    fn class(&mut self, def: &StmtClassDef) -> Gen<Field> {
        let loc = self.definition_loc(def.range, &def.decorator_list);
        let (bases, keywords) = match &def.arguments {
            Some(arguments) => (self.exprs(&arguments.args)?, self.keywords(&arguments.keywords)?),
            None => (Field::List(Vec::new()), Field::List(Vec::new())),
        };
        let fields = vec![
            ("name", name(&def.name)),
            ("bases", bases),
            ("keywords", keywords),
            ("body", self.stmts(&def.body)?),
            (
                "decorator_list",
                self.exprs(def.decorator_list.iter().map(|decorator| &decorator.expression))?,
            ),
            ("type_params", self.type_params(def.type_params.as_deref())?),
        ];
        Ok(node("ClassDef", loc, fields))
    }

    fn type_params(&mut self, params: Option<&TypeParams>) -> Gen<Field> {
        let mut list = Vec::new();
        for param in params.iter().flat_map(|params| &params.type_params) {
            let loc = self.loc(param);
            list.push(match param {
                TypeParam::TypeVar(var) => {
                    let bound = self.optional(var.bound.as_deref())?;
                    let default = self.optional(var.default.as_deref())?;
                    let fields = vec![("name", name(&var.name)), ("bound", bound), ("default_value", default)];
                    node("TypeVar", loc, fields)
                }
                TypeParam::ParamSpec(spec) => {
                    let default = self.optional(spec.default.as_deref())?;
                    node(
                        "ParamSpec",
                        loc,
                        vec![("name", name(&spec.name)), ("default_value", default)],
                    )
                }
                TypeParam::TypeVarTuple(tuple) => {
                    let default = self.optional(tuple.default.as_deref())?;
                    node(
                        "TypeVarTuple",
                        loc,
                        vec![("name", name(&tuple.name)), ("default_value", default)],
                    )
                }
            });
        }
        Ok(Field::List(list))
    }

    pub(super) fn parameters(&mut self, params: Option<&Parameters>) -> Gen<Field> {
        let empty = Parameters::default();
        let params = params.unwrap_or(&empty);
        let mut defaults = Vec::new();
        for param in params.posonlyargs.iter().chain(&params.args) {
            if let Some(default) = &param.default {
                defaults.push(self.expr(default)?);
            }
        }
        let kw_defaults: Gen<Vec<Field>> = params
            .kwonlyargs
            .iter()
            .map(|param| self.optional(param.default.as_deref()))
            .collect();
        let fields = vec![
            ("posonlyargs", self.plain_parameters(&params.posonlyargs)?),
            ("args", self.plain_parameters(&params.args)?),
            ("vararg", self.starred_parameter(params.vararg.as_deref())?),
            ("kwonlyargs", self.plain_parameters(&params.kwonlyargs)?),
            ("kw_defaults", Field::List(kw_defaults?)),
            ("kwarg", self.starred_parameter(params.kwarg.as_deref())?),
            ("defaults", Field::List(defaults)),
        ];
        Ok(placeless("arguments", fields))
    }

    fn plain_parameters(&mut self, params: &[ParameterWithDefault]) -> Gen<Field> {
        let list: Gen<Vec<Field>> = params.iter().map(|param| self.parameter(&param.parameter)).collect();
        list.map(Field::List)
    }

    fn starred_parameter(&mut self, param: Option<&Parameter>) -> Gen<Field> {
        param.map_or(Ok(Field::None), |param| self.parameter(param))
    }

    fn parameter(&mut self, param: &Parameter) -> Gen<Field> {
        let annotation = self.optional(param.annotation.as_deref())?;
        let loc = self
            .source
            .loc_of(TextRange::new(param.name.range.start(), param.range.end()));
        let fields = vec![
            ("arg", name(&param.name)),
            ("annotation", annotation),
            ("type_comment", Field::None),
        ];
        Ok(node("arg", loc, fields))
    }

    pub(super) fn keywords(&mut self, keywords: &[ruff_python_ast::Keyword]) -> Gen<Field> {
        let mut list = Vec::new();
        for keyword in keywords {
            let value = self.expr(&keyword.value)?;
            let fields = vec![("arg", optional_name(keyword.arg.as_ref())), ("value", value)];
            list.push(node("keyword", self.loc(keyword), fields));
        }
        Ok(Field::List(list))
    }
}

/// The class of an operator.
pub(super) fn operator(op: Operator) -> &'static str {
    match op {
        Operator::Add => "Add",
        Operator::Sub => "Sub",
        Operator::Mult => "Mult",
        Operator::MatMult => "MatMult",
        Operator::Div => "Div",
        Operator::Mod => "Mod",
        Operator::Pow => "Pow",
        Operator::LShift => "LShift",
        Operator::RShift => "RShift",
        Operator::BitOr => "BitOr",
        Operator::BitXor => "BitXor",
        Operator::BitAnd => "BitAnd",
        Operator::FloorDiv => "FloorDiv",
    }
}
