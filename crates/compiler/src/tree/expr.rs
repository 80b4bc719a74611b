//! Expressions.

use ruff_python_ast::{BoolOp, CmpOp, Comprehension, Expr, ExprContext, UnaryOp};

use super::stmt::operator;
use super::{Builder, Field, name, node, placeless};
use crate::code::Const;
use crate::codegen::Gen;
use crate::source::Loc;

fn context(ctx: ExprContext) -> Field {
    let kind = match ctx {
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
        ExprContext::Load | ExprContext::Invalid => "Load",
    };
    placeless(kind, Vec::new())
}

fn comparison(op: CmpOp) -> Field {
    let kind = match op {
        CmpOp::Eq => "Eq",
        CmpOp::NotEq => "NotEq",
        CmpOp::Lt => "Lt",
        CmpOp::LtE => "LtE",
        CmpOp::Gt => "Gt",
        CmpOp::GtE => "GtE",
        CmpOp::Is => "Is",
        CmpOp::IsNot => "IsNot",
        CmpOp::In => "In",
        CmpOp::NotIn => "NotIn",
    };
    placeless(kind, Vec::new())
}

impl Builder<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Gen<Field> {
        self.deeper(|this| this.expr_inner(expr))
    }

    fn expr_inner(&mut self, expr: &Expr) -> Gen<Field> {
        let loc = self.source.loc_of(crate::codegen::expr_range(self.source, expr));
        if expr.is_literal_expr() {
            return self.literal(loc, expr);
        }
        Ok(match expr {
            Expr::BoolOp(node_) => {
                let op = if node_.op == BoolOp::And { "And" } else { "Or" };
                let values = self.exprs(&node_.values)?;
                node(
                    "BoolOp",
                    loc,
                    vec![("op", placeless(op, Vec::new())), ("values", values)],
                )
            }
            Expr::Named(named) => {
                let target = self.expr(&named.target)?;
                node(
                    "NamedExpr",
                    loc,
                    vec![("target", target), ("value", self.expr(&named.value)?)],
                )
            }
            Expr::BinOp(binary) => {
                let left = self.expr(&binary.left)?;
                let right = self.expr(&binary.right)?;
                let op = placeless(operator(binary.op), Vec::new());
                node("BinOp", loc, vec![("left", left), ("op", op), ("right", right)])
            }
            Expr::UnaryOp(unary) => {
                let op = match unary.op {
                    UnaryOp::Invert => "Invert",
                    UnaryOp::Not => "Not",
                    UnaryOp::UAdd => "UAdd",
                    UnaryOp::USub => "USub",
                };
                let operand = self.expr(&unary.operand)?;
                node(
                    "UnaryOp",
                    loc,
                    vec![("op", placeless(op, Vec::new())), ("operand", operand)],
                )
            }
            Expr::Lambda(lambda) => {
                let args = self.parameters(lambda.parameters.as_deref())?;
                node("Lambda", loc, vec![("args", args), ("body", self.expr(&lambda.body)?)])
            }
            Expr::If(if_expr) => {
                let test = self.expr(&if_expr.test)?;
                let body = self.expr(&if_expr.body)?;
                let orelse = self.expr(&if_expr.orelse)?;
                node("IfExp", loc, vec![("test", test), ("body", body), ("orelse", orelse)])
            }
            Expr::Compare(compare) => {
                let ops = compare.ops.iter().map(|op| comparison(*op)).collect();
                let left = self.expr(&compare.left)?;
                let comparators = self.exprs(&*compare.comparators)?;
                let fields = vec![("left", left), ("ops", Field::List(ops)), ("comparators", comparators)];
                node("Compare", loc, fields)
            }
            Expr::Await(await_) => node("Await", loc, vec![("value", self.expr(&await_.value)?)]),
            Expr::Yield(yield_) => node("Yield", loc, vec![("value", self.optional(yield_.value.as_deref())?)]),
            Expr::YieldFrom(yield_) => node("YieldFrom", loc, vec![("value", self.expr(&yield_.value)?)]),
            Expr::FString(string) => return self.f_string(loc, string),
            Expr::TString(string) => return self.t_string(loc, string),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                return self.comprehension(loc, expr);
            }
            other => return self.display(loc, other),
        })
    }

    /// Displays, calls and whatever can be a target.
    fn display(&mut self, loc: Loc, expr: &Expr) -> Gen<Field> {
        Ok(match expr {
            Expr::Dict(dict) => {
                let keys: Gen<Vec<Field>> = dict.items.iter().map(|item| self.optional(item.key.as_ref())).collect();
                let values = self.exprs(dict.items.iter().map(|item| &item.value))?;
                node("Dict", loc, vec![("keys", Field::List(keys?)), ("values", values)])
            }
            Expr::Set(set) => node("Set", loc, vec![("elts", self.exprs(&set.elts)?)]),
            Expr::Call(call) => {
                let func = self.expr(&call.func)?;
                let args = self.exprs(&*call.arguments.args)?;
                let keywords = self.keywords(&call.arguments.keywords)?;
                node(
                    "Call",
                    loc,
                    vec![("func", func), ("args", args), ("keywords", keywords)],
                )
            }
            Expr::Attribute(attribute) => {
                let value = self.expr(&attribute.value)?;
                let fields = vec![
                    ("value", value),
                    ("attr", name(&attribute.attr)),
                    ("ctx", context(attribute.ctx)),
                ];
                node("Attribute", loc, fields)
            }
            Expr::Subscript(subscript) => {
                let value = self.expr(&subscript.value)?;
                let slice = self.expr(&subscript.slice)?;
                node(
                    "Subscript",
                    loc,
                    vec![("value", value), ("slice", slice), ("ctx", context(subscript.ctx))],
                )
            }
            Expr::Starred(starred) => {
                let value = self.expr(&starred.value)?;
                node("Starred", loc, vec![("value", value), ("ctx", context(starred.ctx))])
            }
            Expr::Name(found) => {
                let id = Field::Name(found.id.as_str().to_owned());
                node("Name", loc, vec![("id", id), ("ctx", context(found.ctx))])
            }
            Expr::List(list) => node(
                "List",
                loc,
                vec![("elts", self.exprs(&list.elts)?), ("ctx", context(list.ctx))],
            ),
            Expr::Tuple(tuple) => node(
                "Tuple",
                loc,
                vec![("elts", self.exprs(&tuple.elts)?), ("ctx", context(tuple.ctx))],
            ),
            Expr::Slice(slice) => {
                let fields = vec![
                    ("lower", self.optional(slice.lower.as_deref())?),
                    ("upper", self.optional(slice.upper.as_deref())?),
                    ("step", self.optional(slice.step.as_deref())?),
                ];
                node("Slice", loc, fields)
            }
            other => {
                return Err(self
                    .source
                    .error(ruff_text_size::Ranged::range(other), "invalid syntax"));
            }
        })
    }

    fn comprehension(&mut self, loc: Loc, expr: &Expr) -> Gen<Field> {
        Ok(match expr {
            Expr::ListComp(comp) => {
                let elt = self.expr(&comp.elt)?;
                node(
                    "ListComp",
                    loc,
                    vec![("elt", elt), ("generators", self.generators(&comp.generators)?)],
                )
            }
            Expr::SetComp(comp) => {
                let elt = self.expr(&comp.elt)?;
                node(
                    "SetComp",
                    loc,
                    vec![("elt", elt), ("generators", self.generators(&comp.generators)?)],
                )
            }
            Expr::Generator(comp) => {
                let elt = self.expr(&comp.elt)?;
                node(
                    "GeneratorExp",
                    loc,
                    vec![("elt", elt), ("generators", self.generators(&comp.generators)?)],
                )
            }
            Expr::DictComp(comp) => {
                let Some(key) = comp.key.as_deref() else {
                    return Err(self
                        .source
                        .error(comp.range, "dict unpacking cannot be used in dict comprehension"));
                };
                let key = self.expr(key)?;
                let value = self.expr(&comp.value)?;
                let generators = self.generators(&comp.generators)?;
                node(
                    "DictComp",
                    loc,
                    vec![("key", key), ("value", value), ("generators", generators)],
                )
            }
            _ => Field::None,
        })
    }

    fn generators(&mut self, generators: &[Comprehension]) -> Gen<Field> {
        let mut list = Vec::new();
        for generator in generators {
            let fields = vec![
                ("target", self.expr(&generator.target)?),
                ("iter", self.expr(&generator.iter)?),
                ("ifs", self.exprs(&generator.ifs)?),
                ("is_async", Field::Int(i32::from(generator.is_async))),
            ];
            list.push(placeless("comprehension", fields));
        }
        Ok(Field::List(list))
    }

    /// A `Constant`.
    pub(super) fn literal(&mut self, loc: Loc, expr: &Expr) -> Gen<Field> {
        let kind = match expr {
            Expr::StringLiteral(string) if string.value.is_unicode() => Field::Name("u".to_owned()),
            _ => Field::None,
        };
        let value = self.literals.constant(expr)?.unwrap_or(Const::None);
        Ok(node(
            "Constant",
            loc,
            vec![("value", Field::Const(value)), ("kind", kind)],
        ))
    }
}
