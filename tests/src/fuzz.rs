//! Programs made by chance: a grammar-aware generator, and a mutator of programs that people wrote.
//!
//! All choices come from a seed, so a failure is repeated by its number. Generated programs end by themselves, print only what
//! the language promises, and tell each exception by its class.

use std::fmt::Write as _;

/// A stream of choices.
#[derive(Clone, Debug)]
pub enum Chance {
    /// Without end, from a seed (SplitMix64).
    Seed(u64),
    /// A byte for each choice, last one first, as a fuzzer gives them; after them the first of what there is to choose, which ends.
    Bytes(Vec<u8>),
}

impl Chance {
    /// The choices of a seed.
    pub fn new(seed: u64) -> Chance {
        Chance::Seed(seed)
    }

    /// The choices that a fuzzer's bytes are.
    pub fn from_bytes(bytes: &[u8]) -> Chance {
        Chance::Bytes(bytes.iter().rev().copied().collect())
    }

    fn next(&mut self) -> u64 {
        match self {
            Chance::Seed(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                z ^ (z >> 31)
            }
            Chance::Bytes(left) => left.pop().map_or(0, u64::from),
        }
    }

    fn is_used_up(&self) -> bool {
        matches!(self, Chance::Bytes(left) if left.is_empty())
    }

    /// A number below `n`, which must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// One of several.
    pub fn of<'a>(&mut self, several: &[&'a str]) -> &'a str {
        several[self.below(several.len())]
    }
}

/// Variables of generated programs; all are always bound.
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

const BINARY: [&str; 20] = [
    "+", "-", "*", "//", "%", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "and", "or", "/",
];

const LITERALS: [&str; 30] = [
    "0",
    "1",
    "-1",
    "7",
    "10**20",
    "2.5",
    "-0.0",
    "1e300",
    "True",
    "None",
    "''",
    "'abc'",
    "'h\\u00e9llo'",
    "'a b  c'",
    "b'xyz'",
    "[]",
    "[1, 2, 3]",
    "['x', None]",
    "()",
    "(1,)",
    "(3, 'q')",
    "{}",
    "{'k': 1}",
    "{1: 'one', 2: 'two'}",
    "{1, 2}",
    "range(4)",
    "slice(1, 3)",
    "3j",
    "frozenset()",
    "...",
];

const UNARY_CALLS: [&str; 24] = [
    "len",
    "str",
    "repr",
    "bool",
    "abs",
    "list",
    "tuple",
    "sorted",
    "sum",
    "min",
    "max",
    "int",
    "float",
    "type",
    "dict",
    "any",
    "all",
    "ascii",
    "hash",
    "ord",
    "chr",
    "bin",
    "enumerate",
    "bytes",
];

const METHODS: [&str; 28] = [
    "upper()",
    "split()",
    "strip()",
    "title()",
    "find('a')",
    "replace('a', 'bb')",
    "join(['1', '2'])",
    "encode()",
    "count(1)",
    "index(2)",
    "copy()",
    "keys()",
    "values()",
    "items()",
    "get('k')",
    "pop()",
    "append(5)",
    "extend([1])",
    "sort()",
    "reverse()",
    "bit_length()",
    "is_integer()",
    "startswith('a')",
    "center(9, '*')",
    "zfill(5)",
    "partition('b')",
    "setdefault(3, 4)",
    "union([9])",
];

const FORMATS: [&str; 12] = [
    "", ":>8", ":<8", ":^9", ":05", ":x", ":.2f", ":,", "!r", "!s:>6", ":+d", ":e",
];

/// A program of `statements` statements, each guarded, with its own tail of prints.
pub fn program(seed: u64, statements: usize) -> String {
    program_by(Chance::new(seed), statements)
}

/// The program that a fuzzer's bytes choose: as long as there are bytes, up to `statements` statements.
pub fn program_of_bytes(bytes: &[u8], statements: usize) -> String {
    program_by(Chance::from_bytes(bytes), statements)
}

fn program_by(chance: Chance, statements: usize) -> String {
    let mut maker = Maker {
        chance,
        text: String::from(
            "def show(x):\n    shown = '' if ' object at 0x' in repr(x) else repr(x)[:300]\n    print(type(x).__name__, shown)\n\n",
        ),
        indent: 0,
        functions: 0,
        in_loop: false,
    };
    maker.line("a, b, c, d, e, f = 1, 'two', [3, 4], {'k': 5}, (6, 7), 2.5");
    for _ in 0..statements {
        if maker.chance.is_used_up() {
            break;
        }
        maker.line("try:");
        maker.indent += 1;
        maker.statement(3);
        maker.indent -= 1;
        maker.line("except Exception as error:");
        maker.line("    print('raised', type(error).__name__)");
    }
    maker.line("for x in (a, b, c, d, e, f): show(x)");
    maker.text
}

struct Maker {
    chance: Chance,
    text: String,
    indent: usize,
    functions: usize,
    in_loop: bool,
}

impl Maker {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{:1$}{line}", "", self.indent * 4);
    }

    fn name(&mut self) -> &'static str {
        self.chance.of(&NAMES)
    }

    fn block(&mut self, depth: usize) {
        self.indent += 1;
        for _ in 0..=self.chance.below(2) {
            self.statement(depth);
        }
        self.indent -= 1;
    }

    fn statement(&mut self, depth: usize) {
        let kinds = if depth == 0 { 7 } else { 17 };
        match self.chance.below(kinds) {
            0 | 1 => {
                let (name, value) = (self.name(), self.expression(3));
                self.line(&format!("{name} = {value}"));
            }
            2 => {
                let value = self.expression(3);
                self.line(&format!("show({value})"));
            }
            3 => {
                let operator = self.chance.of(&["+=", "-=", "*=", "|=", "//="]);
                // Growth by multiplication must not explode: only small factors.
                let value = if operator == "*=" {
                    "2".to_owned()
                } else {
                    self.expression(1)
                };
                let name = self.name();
                self.line(&format!("{name} {operator} {value}"));
            }
            4 => {
                let (x, y, value) = (self.name(), self.name(), self.expression(2));
                let star = self.chance.of(&["", "*"]);
                self.line(&format!("{x}, {star}{y} = {value}"));
            }
            5 => {
                let (name, key, value) = (self.name(), self.expression(1), self.expression(1));
                let target = self.chance.of(&["[KEY]", "[KEY:]", ".attribute"]).replace("KEY", &key);
                self.line(&format!("{name}{target} = {value}"));
            }
            6 => {
                let (name, key) = (self.name(), self.expression(1));
                self.line(&format!("del {name}[{key}]"));
            }
            kind => self.compound(kind, depth - 1),
        }
    }

    fn compound(&mut self, kind: usize, depth: usize) {
        match kind {
            7 | 8 => {
                let condition = self.expression(2);
                self.line(&format!("if {condition}:"));
                self.block(depth);
                self.line("else:");
                self.block(depth);
            }
            9 | 10 => {
                let (name, over) = (
                    self.name(),
                    self.chance
                        .of(&["range(3)", "[1, 'x', None]", "'ab'", "{'p': 1}", "zip('ab', (1, 2))"]),
                );
                self.line(&format!("for {name} in {over}:"));
                let outer = std::mem::replace(&mut self.in_loop, true);
                self.block(depth);
                if self.chance.below(3) == 0 {
                    let (condition, jump) = (self.expression(1), self.chance.of(&["break", "continue"]));
                    self.line(&format!("    if {condition}: {jump}"));
                }
                self.in_loop = outer;
                self.line("else:");
                self.block(0);
            }
            11 | 12 => {
                self.line("try:");
                self.block(depth);
                let class = self
                    .chance
                    .of(&["TypeError", "(ValueError, KeyError)", "ArithmeticError", "Exception"]);
                self.line(&format!("except {class} as error:"));
                self.line("    print(type(error).__name__)");
                self.line("finally:");
                self.block(0);
            }
            13 => self.function(depth),
            14 => self.class(depth),
            15 => {
                let subject = self.expression(2);
                self.line(&format!("match {subject}:"));
                for pattern in ["int(n) if n > 2", "[x, *_]", "{'k': v}", "str() | bytes()", "_"] {
                    self.line(&format!("    case {pattern}:"));
                    self.indent += 1;
                    self.block(0);
                    self.indent -= 1;
                }
            }
            _ => {
                let value = self.expression(2);
                let format = self.chance.of(&FORMATS);
                self.line(&format!("print(f'<{{({value}){format}}}>'[:200])"));
            }
        }
    }

    fn function(&mut self, depth: usize) {
        self.functions += 1;
        let name = format!("fun{}", self.functions);
        let parameters = self
            .chance
            .of(&["x", "x, y=2", "*xs", "x, *, k=None", "x, /, **ks", "x=1, *xs, y=3"]);
        self.line(&format!("def {name}({parameters}):"));
        self.indent += 1;
        self.line("a, b, c, d, e, f = 1, 'two', [3], {'k': 5}, (6, 7), 2.5");
        self.indent -= 1;
        self.block(depth);
        let value = self.expression(2);
        let keyword = self
            .chance
            .of(&["return", "yield", "return", "raise ValueError from None if 0 else"]);
        let end = if keyword.starts_with("raise") {
            "raise ValueError".to_owned()
        } else {
            format!("{keyword} {value}")
        };
        self.line(&format!("    {end}"));
        let call = self.chance.of(&[
            "()",
            "(1)",
            "(1, 2)",
            "(1, y=5)",
            "(*[1, 2, 3])",
            "(**{'k': 1})",
            "(1, k=2)",
        ]);
        let whole = self
            .chance
            .of(&["show(CALL)", "show(list(CALL))"])
            .replace("CALL", &format!("{name}{call}"));
        // What a function's repr says (an address) is no promise.
        self.line(&format!("if '{keyword}' != 'yield' or 'list' in {whole:?}: {whole}"));
    }

    fn class(&mut self, depth: usize) {
        self.functions += 1;
        let name = format!("Class{}", self.functions);
        let base = self.chance.of(&["", "(int)", "(list)", "(dict)", "(Exception)"]);
        self.line(&format!("class {name}{base}:"));
        let value = self.expression(1);
        self.line(&format!("    field = {value}"));
        self.line("    def __repr__(self): return 'made'");
        let special = self.chance.of(&[
            "__len__(self)",
            "__eq__(self, o)",
            "__getattr__(self, n)",
            "__call__(self)",
            "__bool__(self)",
            "__iter__(self)",
        ]);
        let answer = self.chance.of(&["3", "True", "'text'", "iter([1])", "None"]);
        self.line(&format!("    def {special}: return {answer}"));
        let probe = self.chance.of(&[
            "len(o)",
            "o == 3",
            "o.missing",
            "o()",
            "bool(o)",
            "list(o)",
            "o.field",
            "o + 1",
            "o",
        ]);
        self.line(&format!("o = {name}()"));
        self.line(&format!("show({probe})"));
        let _ = depth;
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.chance.below(2) {
                0 => self.name().to_owned(),
                _ => self.chance.of(&LITERALS).to_owned(),
            };
        }
        let inner = depth - 1;
        match self.chance.below(12) {
            0..=2 => self.expression(0),
            3 | 4 => {
                let (left, operator, right) = (self.expression(inner), self.chance.of(&BINARY), self.expression(inner));
                format!("({left} {operator} {right})")
            }
            5 => {
                let (function, argument) = (self.chance.of(&UNARY_CALLS), self.expression(inner));
                // What an iterator's repr or a text's hash says is no promise.
                match function {
                    "enumerate" => format!("list(enumerate({argument}))"),
                    "hash" => format!("(hash({argument}) == hash({argument}))"),
                    "bytes" | "chr" => format!("{function}(min(99, {argument}))"),
                    _ => format!("{function}({argument})"),
                }
            }
            6 => {
                let (object, method) = (self.expression(inner), self.chance.of(&METHODS));
                format!("{object}.{method}", object = in_parentheses(&object))
            }
            7 => {
                let (object, index) = (self.expression(inner), self.expression(0));
                let place = self
                    .chance
                    .of(&["[INDEX]", "[1:]", "[::-1]", "[:INDEX]"])
                    .replace("INDEX", &index);
                format!("{}{place}", in_parentheses(&object))
            }
            8 => {
                let (yes, condition, no) = (self.expression(inner), self.expression(inner), self.expression(inner));
                format!("({yes} if {condition} else {no})")
            }
            9 => {
                let (value, over) = (self.expression(inner), self.chance.of(&["range(3)", "'xy'", "[1, 2]"]));
                let (open, close) = [("[", "]"), ("list(", ")"), ("tuple(", ")")][self.chance.below(3)];
                let condition = self.chance.of(&["", " if q", " if q != 1"]);
                format!("{open}{value} for q in {over}{condition}{close}")
            }
            10 => {
                let (x, y) = (self.expression(inner), self.expression(inner));
                self.chance
                    .of(&["[X, Y]", "(X, Y)", "{'m': X, 'n': Y}", "[*[X], Y]"])
                    .replace('X', &x)
                    .replace('Y', &y)
            }
            _ => {
                let value = self.expression(inner);
                self.chance
                    .of(&["not V", "-V", "~V", "(lambda v: v)(V)", "(z := V)"])
                    .replace('V', &in_parentheses(&value))
            }
        }
    }
}

fn in_parentheses(expression: &str) -> String {
    format!("({expression})")
}

/// A program with some of its characters, words and lines lost, doubled, swapped or replaced.
pub fn mutated(text: &str, seed: u64) -> String {
    let mut chance = Chance::new(seed);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=chance.below(4) {
        if lines.is_empty() {
            break;
        }
        let at = chance.below(lines.len());
        match chance.below(6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => {
                let other = chance.below(lines.len());
                lines.swap(at, other);
            }
            3 => lines[at] = without_a_character(&lines[at], &mut chance),
            4 => {
                let piece = chance.of(&[
                    "(", ")", "[", "{", ":", "*", "**", "=", "lambda", "yield", "await ", "f'{", "\"\"\"", "\\", "\t",
                    "@", "->", "...", "None", "0x", "\u{e9}", "\0",
                ]);
                let middle = boundary(&lines[at], &mut chance);
                lines[at].insert_str(middle, piece);
            }
            _ => {
                let indent = chance.below(3);
                lines[at] = format!("{:1$}{2}", "", indent * 4, lines[at].trim_start());
            }
        }
    }
    lines.join("\n") + "\n"
}

fn boundary(line: &str, chance: &mut Chance) -> usize {
    let places: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
    places[chance.below(places.len())]
}

fn without_a_character(line: &str, chance: &mut Chance) -> String {
    let skipped = chance.below(line.chars().count().max(1));
    let kept = line.chars().enumerate().filter(|(at, _)| *at != skipped);
    kept.map(|(_, character)| character).collect()
}
