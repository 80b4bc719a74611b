//! Expressions as text, for annotations under `from __future__ import annotations`.
//!
//! Not the source but a normal form of it, as CPython's: single quotes, one space around operators, as few parentheses
//! as the precedence allows.

use std::fmt::Write;

use ruff_python_ast::{
    BoolOp, CmpOp, Comprehension, ConversionFlag, Expr, ExprCall, ExprSubscript, InterpolatedElement,
    InterpolatedStringElement, Operator, Parameters, UnaryOp,
};

use crate::code::Const;
use crate::codegen::{Compiler, Gen};

/// The text of an annotation.
pub(crate) fn unparse<'a>(compiler: &mut Compiler<'a>, expr: &'a Expr) -> Gen<String> {
    let mut printer = Printer {
        compiler,
        out: String::new(),
    };
    printer.expr(expr, Level::Test)?;
    Ok(printer.out)
}

/// How tightly an expression binds; a part that binds less is put in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Named,
    Test,
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    const ALL: [Level; 17] = [
        Level::Tuple,
        Level::Named,
        Level::Test,
        Level::Or,
        Level::And,
        Level::Not,
        Level::Compare,
        Level::BitOr,
        Level::BitXor,
        Level::BitAnd,
        Level::Shift,
        Level::Arith,
        Level::Term,
        Level::Factor,
        Level::Power,
        Level::Await,
        Level::Atom,
    ];

    fn tighter(self) -> Level {
        Level::ALL.get(self as usize + 1).copied().unwrap_or(Level::Atom)
    }
}

struct Printer<'c, 'a> {
    compiler: &'c mut Compiler<'a>,
    out: String,
}

fn binary(op: Operator) -> (&'static str, Level) {
    match op {
        Operator::Add => (" + ", Level::Arith),
        Operator::Sub => (" - ", Level::Arith),
        Operator::Mult => (" * ", Level::Term),
        Operator::MatMult => (" @ ", Level::Term),
        Operator::Div => (" / ", Level::Term),
        Operator::Mod => (" % ", Level::Term),
        Operator::FloorDiv => (" // ", Level::Term),
        Operator::LShift => (" << ", Level::Shift),
        Operator::RShift => (" >> ", Level::Shift),
        Operator::BitOr => (" | ", Level::BitOr),
        Operator::BitXor => (" ^ ", Level::BitXor),
        Operator::BitAnd => (" & ", Level::BitAnd),
        Operator::Pow => (" ** ", Level::Power),
    }
}

fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}

impl<'a> Printer<'_, 'a> {
    /// Writes an expression where `level` is the loosest that needs no parentheses.
    fn expr(&mut self, expr: &'a Expr, level: Level) -> Gen {
        if let Some(value) = self.compiler.constant_value(expr)? {
            self.constant(&value);
            return Ok(());
        }
        let own = own_level(expr);
        let parenthesised = own < level;
        if parenthesised {
            self.out.push('(');
        }
        self.bare(expr)?;
        if parenthesised {
            self.out.push(')');
        }
        Ok(())
    }

    fn bare(&mut self, expr: &'a Expr) -> Gen {
        match expr {
            Expr::BoolOp(node) => {
                let (text, level) = if node.op == BoolOp::And {
                    (" and ", Level::And)
                } else {
                    (" or ", Level::Or)
                };
                self.joined(&node.values, text, level.tighter())
            }
            Expr::Named(node) => {
                self.expr(&node.target, Level::Tuple)?;
                self.out.push_str(" := ");
                self.expr(&node.value, Level::Atom)
            }
            Expr::BinOp(node) => {
                let (text, level) = binary(node.op);
                let power = node.op == Operator::Pow;
                self.expr(&node.left, if power { level.tighter() } else { level })?;
                self.out.push_str(text);
                self.expr(&node.right, if power { Level::Factor } else { level.tighter() })
            }
            Expr::UnaryOp(node) => {
                let (text, level) = match node.op {
                    UnaryOp::Invert => ("~", Level::Factor),
                    UnaryOp::Not => ("not ", Level::Not),
                    UnaryOp::UAdd => ("+", Level::Factor),
                    UnaryOp::USub => ("-", Level::Factor),
                };
                self.out.push_str(text);
                self.expr(&node.operand, level)
            }
            Expr::Lambda(node) => {
                self.out.push_str("lambda");
                if let Some(params) = node.parameters.as_deref() {
                    self.parameters(params)?;
                }
                self.out.push_str(": ");
                self.expr(&node.body, Level::Test)
            }
            Expr::If(node) => {
                self.expr(&node.body, Level::Test.tighter())?;
                self.out.push_str(" if ");
                self.expr(&node.test, Level::Test.tighter())?;
                self.out.push_str(" else ");
                self.expr(&node.orelse, Level::Test)
            }
            Expr::Compare(node) => {
                self.expr(&node.left, Level::Compare.tighter())?;
                for (op, right) in node.ops.iter().zip(&node.comparators) {
                    self.out.push_str(comparison(*op));
                    self.expr(right, Level::Compare.tighter())?;
                }
                Ok(())
            }
            Expr::Await(node) => {
                self.out.push_str("await ");
                self.expr(&node.value, Level::Atom)
            }
            Expr::Starred(node) => {
                self.out.push('*');
                self.expr(&node.value, Level::BitOr)
            }
            Expr::Attribute(node) => {
                self.expr(&node.value, Level::Atom)?;
                // `1 .real` is not a float.
                let integer = matches!(&*node.value, Expr::NumberLiteral(number) if number.value.is_int());
                self.out.push_str(if integer { " ." } else { "." });
                self.out.push_str(&node.attr);
                Ok(())
            }
            Expr::Name(node) => {
                self.out.push_str(&node.id);
                Ok(())
            }
            Expr::Call(node) => self.call(node),
            Expr::Subscript(node) => self.subscript(node),
            Expr::FString(_) | Expr::TString(_) => self.interpolated(expr),
            other => self.display(other),
        }
    }

    fn display(&mut self, expr: &'a Expr) -> Gen {
        match expr {
            Expr::List(node) => self.bracketed("[", &node.elts, "]"),
            Expr::Set(node) => self.bracketed("{", &node.elts, "}"),
            Expr::Tuple(node) => {
                if node.elts.is_empty() {
                    self.out.push_str("()");
                    return Ok(());
                }
                self.joined(&node.elts, ", ", Level::Test)?;
                if node.elts.len() == 1 {
                    self.out.push(',');
                }
                Ok(())
            }
            Expr::Dict(node) => {
                self.out.push('{');
                for (index, item) in node.items.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(", ");
                    }
                    match &item.key {
                        Some(key) => {
                            self.expr(key, Level::Test)?;
                            self.out.push_str(": ");
                            self.expr(&item.value, Level::Test)?;
                        }
                        None => {
                            self.out.push_str("**");
                            self.expr(&item.value, Level::BitOr)?;
                        }
                    }
                }
                self.out.push('}');
                Ok(())
            }
            Expr::ListComp(node) => self.comprehension("[", &node.elt, None, &node.generators, "]"),
            Expr::SetComp(node) => self.comprehension("{", &node.elt, None, &node.generators, "}"),
            Expr::Generator(node) => self.comprehension("(", &node.elt, None, &node.generators, ")"),
            Expr::DictComp(node) => {
                let key = node.key.as_deref().unwrap_or(&node.value);
                self.comprehension("{", key, Some(&node.value), &node.generators, "}")
            }
            Expr::Slice(node) => {
                if let Some(lower) = &node.lower {
                    self.expr(lower, Level::Test)?;
                }
                self.out.push(':');
                if let Some(upper) = &node.upper {
                    self.expr(upper, Level::Test)?;
                }
                if let Some(step) = &node.step {
                    self.out.push(':');
                    self.expr(step, Level::Test)?;
                }
                Ok(())
            }
            Expr::Yield(node) => {
                self.out.push_str("(yield");
                if let Some(value) = &node.value {
                    self.out.push(' ');
                    self.expr(value, Level::Test)?;
                }
                self.out.push(')');
                Ok(())
            }
            Expr::YieldFrom(node) => {
                self.out.push_str("(yield from ");
                self.expr(&node.value, Level::Test)?;
                self.out.push(')');
                Ok(())
            }
            other => self.compiler.error(other, "invalid syntax"),
        }
    }

    fn joined(&mut self, exprs: &'a [Expr], separator: &str, level: Level) -> Gen {
        for (index, expr) in exprs.iter().enumerate() {
            if index > 0 {
                self.out.push_str(separator);
            }
            self.expr(expr, level)?;
        }
        Ok(())
    }

    fn bracketed(&mut self, open: &str, exprs: &'a [Expr], close: &str) -> Gen {
        self.out.push_str(open);
        self.joined(exprs, ", ", Level::Test)?;
        self.out.push_str(close);
        Ok(())
    }

    fn comprehension(
        &mut self,
        open: &str,
        element: &'a Expr,
        value: Option<&'a Expr>,
        generators: &'a [Comprehension],
        close: &str,
    ) -> Gen {
        self.out.push_str(open);
        self.expr(element, Level::Test)?;
        if let Some(value) = value {
            self.out.push_str(": ");
            self.expr(value, Level::Test)?;
        }
        for generator in generators {
            self.out
                .push_str(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, Level::Tuple)?;
            self.out.push_str(" in ");
            self.expr(&generator.iter, Level::Test.tighter())?;
            for condition in &generator.ifs {
                self.out.push_str(" if ");
                self.expr(condition, Level::Test.tighter())?;
            }
        }
        self.out.push_str(close);
        Ok(())
    }

    fn call(&mut self, call: &'a ExprCall) -> Gen {
        self.expr(&call.func, Level::Atom)?;
        let arguments = &call.arguments;
        if let ([Expr::Generator(_)], []) = (&*arguments.args, &*arguments.keywords) {
            return self.joined(&arguments.args, "", Level::Test);
        }
        self.out.push('(');
        self.joined(&arguments.args, ", ", Level::Test)?;
        for (index, keyword) in arguments.keywords.iter().enumerate() {
            if index > 0 || !arguments.args.is_empty() {
                self.out.push_str(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    self.out.push_str(name);
                    self.out.push('=');
                }
                None => self.out.push_str("**"),
            }
            self.expr(&keyword.value, Level::Test)?;
        }
        self.out.push(')');
        Ok(())
    }

    fn subscript(&mut self, node: &'a ExprSubscript) -> Gen {
        self.expr(&node.value, Level::Atom)?;
        self.out.push('[');
        self.expr(&node.slice, Level::Tuple)?;
        self.out.push(']');
        Ok(())
    }

    fn parameters(&mut self, params: &'a Parameters) -> Gen {
        let mut first = true;
        let mut separate = |out: &mut String| {
            out.push_str(if std::mem::take(&mut first) { " " } else { ", " });
        };
        let posonly = params.posonlyargs.len();
        for (index, param) in params.posonlyargs.iter().chain(&params.args).enumerate() {
            separate(&mut self.out);
            self.out.push_str(&param.parameter.name);
            if let Some(default) = param.default.as_deref() {
                self.out.push('=');
                self.expr(default, Level::Test)?;
            }
            if index + 1 == posonly {
                self.out.push_str(", /");
            }
        }
        if params.vararg.is_some() || !params.kwonlyargs.is_empty() {
            separate(&mut self.out);
            self.out.push('*');
            if let Some(param) = params.vararg.as_deref() {
                self.out.push_str(&param.name);
            }
        }
        for param in &params.kwonlyargs {
            separate(&mut self.out);
            self.out.push_str(&param.parameter.name);
            if let Some(default) = param.default.as_deref() {
                self.out.push('=');
                self.expr(default, Level::Test)?;
            }
        }
        if let Some(param) = params.kwarg.as_deref() {
            separate(&mut self.out);
            self.out.push_str("**");
            self.out.push_str(&param.name);
        }
        Ok(())
    }

    fn interpolated(&mut self, expr: &'a Expr) -> Gen {
        let (prefix, elements): (&str, Vec<&'a InterpolatedStringElement>) = match expr {
            Expr::FString(node) => ("f", node.value.elements().collect()),
            Expr::TString(node) => ("t", node.value.elements().collect()),
            _ => return Ok(()),
        };
        let outer = std::mem::take(&mut self.out);
        for element in elements {
            self.element(element)?;
        }
        let body = std::mem::replace(&mut self.out, outer);
        self.out.push_str(&crate::dis::str_repr(&body, prefix));
        Ok(())
    }

    fn element(&mut self, element: &'a InterpolatedStringElement) -> Gen {
        match element {
            InterpolatedStringElement::Literal(literal) => {
                self.out.push_str(&literal.value.replace('{', "{{").replace('}', "}}"));
                Ok(())
            }
            InterpolatedStringElement::Interpolation(value) => self.interpolation(value),
        }
    }

    fn interpolation(&mut self, value: &'a InterpolatedElement) -> Gen {
        if let Some(debug) = &value.debug_text {
            self.out.push_str(debug.as_str());
        }
        let outer = std::mem::take(&mut self.out);
        self.expr(&value.expression, Level::Test.tighter())?;
        let text = std::mem::replace(&mut self.out, outer);
        self.out.push_str(if text.starts_with('{') { "{ " } else { "{" });
        self.out.push_str(&text);
        let conversion = match value.conversion {
            ConversionFlag::None if value.debug_text.is_some() && value.format_spec.is_none() => "!r",
            ConversionFlag::None => "",
            ConversionFlag::Str => "!s",
            ConversionFlag::Repr => "!r",
            ConversionFlag::Ascii => "!a",
        };
        self.out.push_str(conversion);
        if let Some(spec) = value.format_spec.as_deref() {
            self.out.push(':');
            for element in &spec.elements {
                self.element(element)?;
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn constant(&mut self, value: &Const) {
        match value {
            Const::Ellipsis => self.out.push_str("..."),
            Const::Float(value) if value.is_infinite() => self.out.push_str("1e309"),
            value => {
                let _ = write!(self.out, "{}", crate::dis::repr(value));
            }
        }
    }
}

fn own_level(expr: &Expr) -> Level {
    match expr {
        Expr::BoolOp(node) if node.op == BoolOp::And => Level::And,
        Expr::BoolOp(_) => Level::Or,
        Expr::Named(_) => Level::Named,
        Expr::BinOp(node) => binary(node.op).1,
        Expr::UnaryOp(node) if node.op == UnaryOp::Not => Level::Not,
        Expr::UnaryOp(_) => Level::Factor,
        Expr::Lambda(_) | Expr::If(_) => Level::Test,
        Expr::Compare(_) => Level::Compare,
        Expr::Await(_) => Level::Await,
        Expr::Tuple(node) if !node.elts.is_empty() => Level::Tuple,
        _ => Level::Atom,
    }
}
