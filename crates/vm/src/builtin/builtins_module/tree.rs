//! `compile(…, ast.PyCF_ONLY_AST)`: the compiler's tree as instances of the classes of `_ast`; and back: the code of a tree that was
//! written out as source, at the places its nodes had.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use heddle_compiler::tree::{Field, Node};
use heddle_compiler::{Code, Const, Mode, Options, Position};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Makes nodes; operators and contexts are one object per tree.
struct Maker {
    classes: Value,
    shared: FxHashMap<&'static str, Value>,
    places: [Value; 4],
}

impl Maker {
    fn class(&self, p: &mut Process, kind: &str) -> NativeResult {
        let key = p.intern(kind);
        match p.dict_get_str(self.classes, key) {
            Some(class) if p.as_type(class).is_some() => Ok(class),
            _ => Err(p.runtime_error(&format!("_ast has no class {kind}"))),
        }
    }

    fn node(&mut self, p: &mut Process, node: &Node) -> NativeResult {
        if node.fields.is_empty()
            && node.at.is_none()
            && let Some(known) = self.shared.get(node.kind)
        {
            return Ok(*known);
        }
        let class = self.class(p, node.kind)?;
        let made = p.new_instance(class);
        for (name, field) in &node.fields {
            let value = self.field(p, field)?;
            let name = p.intern(name);
            p.set_own_attribute(made, name, value);
        }
        if let Some(at) = node.at {
            for (name, n) in self.places.into_iter().zip([at.line, at.col, at.end_line, at.end_col]) {
                let n = p.new_int(i64::from(n));
                p.set_own_attribute(made, name, n);
            }
        } else if node.fields.is_empty() {
            self.shared.insert(node.kind, made);
        }
        Ok(made)
    }

    fn field(&mut self, p: &mut Process, field: &Field) -> NativeResult {
        Ok(match field {
            Field::None => Value::NONE,
            Field::Name(name) => p.intern(name),
            Field::Int(n) => p.new_int(i64::from(*n)),
            Field::Const(value) => p.constant(value, &Rc::from("")),
            Field::Node(node) => self.node(p, node)?,
            Field::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(self.field(p, item)?);
                }
                p.new_list(list)
            }
        })
    }
}

impl Process {
    /// The tree of a source.
    pub(super) fn parse_source(&mut self, source: &str, filename: &str, mode: Mode) -> NativeResult {
        let module = self.import_module("_ast")?;
        let answer = self.once(|vm| match heddle_compiler::parse_tree(source, filename, mode) {
            Ok(parsed) => {
                let classes = vm.module_dict(module).unwrap_or(vm.builtins);
                let places = ["lineno", "col_offset", "end_lineno", "end_col_offset"].map(|name| vm.intern(name));
                let shared = FxHashMap::default();
                let mut maker = Maker {
                    classes,
                    shared,
                    places,
                };
                let tree = maker.node(vm, &parsed.root)?;
                Ok(vm.with_warnings(tree, &parsed.warnings))
            }
            Err(error) => Err(vm.syntax_error(&error, filename)),
        })?;
        self.tell_warnings(answer, filename, source)
    }
}

/// The place `(line, column, end line, end column)` of a list of numbers.
fn place(p: &Process, values: &[Value]) -> Option<Position> {
    let [line, col, end_line, end_col] = values else {
        return None;
    };
    let number = |v: Value| p.as_i64(v).and_then(|n| u32::try_from(n).ok());
    Some(Position {
        line: number(*line)?,
        end_line: number(*end_line)?,
        col: number(*col)?,
        end_col: number(*end_col)?,
    })
}

/// Where things written out stood before.
#[derive(Default)]
struct Places {
    exact: FxHashMap<Position, Position>,
    lines: FxHashMap<u32, u32>,
}

impl Places {
    fn line(&self, line: u32) -> u32 {
        self.lines.get(&line).copied().unwrap_or(line)
    }

    fn position(&self, at: Position) -> Position {
        if let Some(found) = self.exact.get(&at) {
            return *found;
        }
        let line = self.line(at.line);
        let end_line = if at.end_line == at.line {
            line
        } else {
            self.line(at.end_line).max(line)
        };
        Position { line, end_line, ..at }
    }

    fn code(&self, code: &mut Code) {
        for at in &mut code.positions {
            if at.line > 0 {
                *at = self.position(*at);
            }
        }
        // A module begins at line 1, whatever its first statement does.
        if code.name != "<module>" {
            code.first_line = self.line(code.first_line);
        }
        for value in &mut code.consts {
            if let Const::Code(inner) = value {
                let mut own = Code::clone(inner);
                self.code(&mut own);
                *value = Const::Code(Rc::new(own));
            }
        }
    }
}

/// `_compile_written(text, filename, mode, flags, optimize, places)`: the code of a tree that was written out as `text`; `places` has
/// pairs of places, in the text and in the tree.
fn compile_written(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [text, filename, mode, flags, optimize, pairs] = p.exactly::<6>(args, "_compile_written")?;
    let (text, filename) = (p.text(text), p.text(filename));
    let mode = match p.as_str(mode) {
        Some("eval") => Mode::Eval,
        Some("single") => Mode::Single,
        _ => Mode::Exec,
    };
    let options = Options {
        future: p.as_i64(flags).unwrap_or(0) as u32 & heddle_compiler::code::flags::FUTURE_MASK,
        optimize: p.as_i64(optimize).unwrap_or(0).clamp(0, 2) as u8,
        top_level_await: p.as_i64(flags).unwrap_or(0) & 0x2000 != 0,
    };
    let mut places = Places::default();
    for pair in p.as_list(pairs).cloned().unwrap_or_default() {
        let Some(numbers) = p.as_tuple(pair) else { continue };
        let (from, to) = numbers.split_at(numbers.len().min(4));
        let (Some(from), Some(to)) = (place(p, from), place(p, to)) else {
            continue;
        };
        places.exact.entry(from).or_insert(to);
        places.lines.entry(from.line).or_insert(to.line);
        places.lines.entry(from.end_line).or_insert(to.end_line);
    }
    let answer = p.once(|vm| match heddle_compiler::compile(&text, &filename, mode, &options) {
        Ok(mut compiled) => {
            places.code(&mut compiled.code);
            compiled.warnings.iter_mut().for_each(|w| w.line = places.line(w.line));
            let code = vm.load_code(&Rc::new(compiled.code));
            Ok(vm.with_warnings(code, &compiled.warnings))
        }
        Err(mut error) => {
            error.text = None;
            error.line = places.line(error.line);
            error.end_line = places.line(error.end_line);
            Err(vm.syntax_error(&error, &filename))
        }
    })?;
    p.tell_warnings(answer, &filename, "")
}

/// What the prelude gives to the module `_ast`.
pub static FUNCTIONS: &[Native] = &[Native::function("_compile_written", compile_written)];
