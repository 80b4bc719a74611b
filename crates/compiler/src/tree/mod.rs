//! The abstract syntax tree as Python shows it (`ast.parse`): the parser's tree in the node classes, fields and places of CPython 3.14.

mod expr;
mod pattern;
mod stmt;
mod strings;

use ruff_python_ast::{Expr, Identifier, Mod, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::Mode;
use crate::code::{Const, Position};
use crate::codegen::Gen;
use crate::errors::{SyntaxError, Warning};
use crate::literal::Literals;
use crate::source::{Loc, Source};

/// A node: an instance of a class of `_ast`.
#[derive(Clone, Debug)]
pub struct Node {
    /// The name of its class.
    pub kind: &'static str,
    /// Its fields, in the order of the class's `_fields`.
    pub fields: Vec<(&'static str, Field)>,
    /// Its place, if its class has places. Columns are bytes from 0.
    pub at: Option<Position>,
}

/// The value of a field.
#[derive(Clone, Debug)]
pub enum Field {
    /// `None`.
    None,
    /// An identifier.
    Name(String),
    /// A number that is no constant of the program: a level, a conversion, a flag.
    Int(i32),
    /// A constant of the program.
    Const(Const),
    /// A node.
    Node(Box<Node>),
    /// A list.
    List(Vec<Field>),
}

/// A source's tree and what there was to warn about.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// `Module`, `Expression` or `Interactive`.
    pub root: Node,
    /// Warnings, in the order of their places.
    pub warnings: Vec<Warning>,
}

/// Parses a source to the tree that `ast.parse` shows. Errors that only code generation finds are not raised.
pub fn parse_tree(source: &str, filename: &str, mode: Mode) -> Result<Parsed, SyntaxError> {
    let source = Source::new(source, filename);
    crate::parse(&source, mode)
        .and_then(|(tree, numbers)| build(&source, &tree, mode, numbers))
        .map_err(|error| *error)
}

fn build(source: &Source<'_>, tree: &Mod, mode: Mode, numbers: Vec<Warning>) -> Gen<Parsed> {
    let mut builder = Builder {
        source,
        literals: Literals {
            source,
            warnings: numbers,
        },
        depth: 0,
    };
    let root = match tree {
        Mod::Module(module) => {
            let body = builder.stmts(&module.body)?;
            let mut fields = vec![("body", body)];
            if mode == Mode::Exec {
                fields.push(("type_ignores", Field::List(Vec::new())));
            }
            let kind = if mode == Mode::Exec { "Module" } else { "Interactive" };
            Node { kind, fields, at: None }
        }
        Mod::Expression(expression) => Node {
            kind: "Expression",
            fields: vec![("body", builder.expr(&expression.body)?)],
            at: None,
        },
    };
    let mut warnings = builder.literals.warnings;
    warnings.sort_by_key(|warning| warning.line);
    Ok(Parsed { root, warnings })
}

/// What it takes to build a tree.
struct Builder<'a> {
    source: &'a Source<'a>,
    literals: Literals<'a>,
    depth: u32,
}

fn node(kind: &'static str, loc: Loc, fields: Vec<(&'static str, Field)>) -> Field {
    Field::Node(Box::new(Node {
        kind,
        fields,
        at: Some(loc.position()),
    }))
}

/// A node of a class without places.
fn placeless(kind: &'static str, fields: Vec<(&'static str, Field)>) -> Field {
    Field::Node(Box::new(Node { kind, fields, at: None }))
}

fn name(identifier: &Identifier) -> Field {
    Field::Name(identifier.id.as_str().to_owned())
}

fn optional_name(identifier: Option<&Identifier>) -> Field {
    identifier.map_or(Field::None, name)
}

fn names(identifiers: &[Identifier]) -> Field {
    Field::List(identifiers.iter().map(name).collect())
}

impl Builder<'_> {
    fn loc(&self, ranged: &impl Ranged) -> Loc {
        self.source.loc_of(ranged.range())
    }

    /// The place of a compound statement: a semicolon behind its last statement belongs to it.
    fn block_loc(&self, range: TextRange) -> Loc {
        let end = self.source.skip_semicolon(range.end());
        self.source.loc_of(TextRange::new(range.start(), end))
    }

    fn stmts(&mut self, body: &[Stmt]) -> Gen<Field> {
        let body: Gen<Vec<Field>> = body.iter().map(|stmt| self.deeper(|this| this.stmt(stmt))).collect();
        body.map(Field::List)
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Gen<Field> {
        let exprs: Gen<Vec<Field>> = exprs.into_iter().map(|expr| self.expr(expr)).collect();
        exprs.map(Field::List)
    }

    fn optional(&mut self, expr: Option<&Expr>) -> Gen<Field> {
        expr.map_or(Ok(Field::None), |expr| self.expr(expr))
    }

    /// Counts a level of the walk.
    fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> Gen<T>) -> Gen<T> {
        if self.depth >= crate::limits::MAX_WALK_DEPTH {
            return Err(crate::limits::too_deep(self.source));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }
}
