//! The first pass over expressions.

use ruff_python_ast::{Expr, ExprAwait, ExprContext, ExprName, InterpolatedStringElement};
use ruff_text_size::Ranged;

use super::build::{Builder, Step};
use super::build_scope::ComprehensionNode;
use super::{BlockKind, Comprehension, Part, key, usage};

impl Builder<'_> {
    pub fn visit_expr(&mut self, expr: &Expr) -> Step {
        match expr {
            Expr::BoolOp(expr) => self.visit_exprs(&expr.values),
            Expr::Named(expr) => {
                self.refuse_in_annotation(expr, "named expression")?;
                if self.current().comp_iter_expr > 0 {
                    let message = "assignment expression cannot be used in a comprehension iterable expression";
                    return self.error(expr, message);
                }
                if self.current().comprehension != Comprehension::No {
                    self.extend_named_expr_scope(expr)?;
                }
                self.visit_expr(&expr.value)?;
                self.visit_expr(&expr.target)
            }
            Expr::BinOp(expr) => {
                self.visit_expr(&expr.left)?;
                self.visit_expr(&expr.right)
            }
            Expr::UnaryOp(expr) => self.visit_expr(&expr.operand),
            Expr::Lambda(expr) => self.visit_lambda(expr),
            Expr::If(expr) => {
                self.visit_expr(&expr.test)?;
                self.visit_expr(&expr.body)?;
                self.visit_expr(&expr.orelse)
            }
            Expr::Dict(expr) => {
                // CPython keeps keys and values apart.
                self.visit_exprs(expr.items.iter().filter_map(|item| item.key.as_ref()))?;
                self.visit_exprs(expr.items.iter().map(|item| &item.value))
            }
            Expr::Set(expr) => self.visit_exprs(&expr.elts),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.visit_any_comprehension(expr)
            }
            Expr::Await(expr) => self.visit_await(expr),
            Expr::Yield(node) => {
                self.refuse_in_annotation(expr, "yield expression")?;
                self.visit_opt_expr(node.value.as_deref())?;
                self.mark_generator(expr)
            }
            Expr::YieldFrom(node) => {
                self.refuse_in_annotation(expr, "yield expression")?;
                self.visit_expr(&node.value)?;
                self.mark_generator(expr)
            }
            Expr::Compare(expr) => {
                self.visit_expr(&expr.left)?;
                self.visit_exprs(expr.comparators.iter())
            }
            Expr::Call(expr) => {
                self.visit_expr(&expr.func)?;
                self.visit_exprs(expr.arguments.args.iter())?;
                self.visit_exprs(expr.arguments.keywords.iter().map(|keyword| &keyword.value))
            }
            Expr::FString(expr) => expr
                .value
                .elements()
                .try_for_each(|element| self.visit_element(element)),
            Expr::TString(expr) => expr
                .value
                .elements()
                .try_for_each(|element| self.visit_element(element)),
            Expr::Attribute(expr) => self.visit_expr(&expr.value),
            Expr::Subscript(expr) => {
                self.visit_expr(&expr.value)?;
                self.visit_expr(&expr.slice)
            }
            Expr::Starred(expr) => self.visit_expr(&expr.value),
            Expr::Name(expr) => self.visit_name(expr),
            Expr::List(expr) => self.visit_exprs(&expr.elts),
            Expr::Tuple(expr) => self.visit_exprs(&expr.elts),
            Expr::Slice(expr) => {
                self.visit_opt_expr(expr.lower.as_deref())?;
                self.visit_opt_expr(expr.upper.as_deref())?;
                self.visit_opt_expr(expr.step.as_deref())
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn visit_any_comprehension(&mut self, expr: &Expr) -> Step {
        let range = expr.range();
        let node = match expr {
            Expr::ListComp(node) => ComprehensionNode {
                key: key(node, Part::Body),
                range,
                kind: Comprehension::List,
                generators: &node.generators,
                element: &node.elt,
                value: None,
            },
            Expr::SetComp(node) => ComprehensionNode {
                key: key(node, Part::Body),
                range,
                kind: Comprehension::Set,
                generators: &node.generators,
                element: &node.elt,
                value: None,
            },
            Expr::Generator(node) => ComprehensionNode {
                key: key(node, Part::Body),
                range,
                kind: Comprehension::Generator,
                generators: &node.generators,
                element: &node.elt,
                value: None,
            },
            Expr::DictComp(node) => {
                let Some(element) = node.key.as_deref() else {
                    return self.error(expr, "dict unpacking cannot be used in dict comprehension");
                };
                ComprehensionNode {
                    key: key(node, Part::Body),
                    range,
                    kind: Comprehension::Dict,
                    generators: &node.generators,
                    element,
                    value: Some(&node.value),
                }
            }
            _ => return Ok(()),
        };
        self.visit_comprehension(&node)
    }

    fn visit_element(&mut self, element: &InterpolatedStringElement) -> Step {
        let InterpolatedStringElement::Interpolation(element) = element else {
            return Ok(());
        };
        self.visit_expr(&element.expression)?;
        match &element.format_spec {
            Some(spec) => spec.elements.iter().try_for_each(|element| self.visit_element(element)),
            None => Ok(()),
        }
    }

    fn visit_name(&mut self, name: &ExprName) -> Step {
        if self.current().in_unevaluated_annotation {
            return Ok(());
        }
        let load = matches!(name.ctx, ExprContext::Load | ExprContext::Invalid);
        // `del x` makes x local just as an assignment does.
        self.add_def(&name.id, if load { usage::USE } else { usage::LOCAL }, name.range)?;
        if load && self.current().kind.is_function_like() && name.id.as_str() == "super" {
            self.add_def("__class__", usage::USE, name.range)?;
        }
        Ok(())
    }

    fn visit_await(&mut self, expr: &ExprAwait) -> Step {
        self.refuse_in_annotation(expr, "await expression")?;
        let current = self.current();
        let top = self.top_level_await && current.kind == BlockKind::Module;
        if !top {
            if !current.kind.is_function_like() {
                return self.error(expr, "'await' outside function");
            }
            if !current.is_async && current.comprehension == Comprehension::No {
                return self.error(expr, "'await' outside async function");
            }
        }
        self.visit_expr(&expr.value)?;
        self.current_mut().coroutine = true;
        Ok(())
    }

    fn mark_generator(&mut self, expr: &Expr) -> Step {
        self.current_mut().generator = true;
        let place = match self.current().comprehension {
            Comprehension::No => return Ok(()),
            Comprehension::List => "'yield' inside list comprehension",
            Comprehension::Set => "'yield' inside set comprehension",
            Comprehension::Dict => "'yield' inside dict comprehension",
            Comprehension::Generator => "'yield' inside generator expression",
        };
        self.error(expr, place)
    }

    fn refuse_in_annotation(&self, node: &impl Ranged, what: &str) -> Step {
        let current = self.current();
        let place = match current.kind {
            BlockKind::Annotation => "an annotation",
            BlockKind::TypeVariable | BlockKind::TypeAlias | BlockKind::TypeParameters => {
                current.scope_info.unwrap_or("the definition of a generic")
            }
            _ => return Ok(()),
        };
        self.error(node, format!("{what} cannot be used within {place}"))
    }
}
