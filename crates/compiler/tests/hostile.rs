//! Sources made to hurt: nothing panics, nothing overflows the stack, everything ends.

use heddle_compiler::{Mode, Options, SyntaxErrorKind, compile};

fn error(source: &str) -> String {
    match compile(source, "hostile", Mode::Exec, &Options::default()) {
        Ok(_) => "compiled".into(),
        Err(error) => error.message,
    }
}

#[test]
fn brackets() {
    assert_eq!(error(&"(".repeat(100_000)), "too many nested parentheses");
    assert_eq!(error(&format!("{}1{}", "(".repeat(150), ")".repeat(150))), "compiled");
    assert_eq!(
        error(&format!("x = {}", "[".repeat(201))),
        "too many nested parentheses"
    );
    assert_eq!(error(&"f'{".repeat(1000)), "too many nested f-strings or t-strings");
}

#[test]
fn chains() {
    let deep = "too complex to compile";
    for piece in [
        "-",
        "not ",
        "~",
        "lambda: ",
        "a + ",
        "a ** ",
        "a.b.",
        "a if b else ",
        "await ",
    ] {
        assert_eq!(error(&format!("x = {}1", piece.repeat(100_000))), deep, "{piece:?}");
    }
    // Long is not deep.
    assert_eq!(error(&format!("x = [{}]", "-1, ".repeat(50_000))), "compiled");
    assert_eq!(error(&format!("x = {}1", "a + ".repeat(550))), "compiled");
    assert_eq!(error(&format!("x = {}1", "-".repeat(550))), "compiled");
    assert_eq!(error(&format!("x = a{}", ".b(c)[d]".repeat(180))), "compiled");
    assert_eq!(error(&format!("x = {}", "'a' ".repeat(50_000))), "compiled");
}

#[test]
fn indentation() {
    let nested: String = (0..150).map(|level| format!("{}if x:\n", " ".repeat(level))).collect();
    assert_eq!(error(&nested), "too many levels of indentation");
    let frames: String = (0..60)
        .map(|level| format!("{}while x:\n", " ".repeat(level)))
        .collect::<String>()
        + &format!("{}pass\n", " ".repeat(60));
    assert_eq!(error(&frames), "too many statically nested blocks");
    let functions: String = (0..90)
        .map(|level| format!("{}def f():\n", " ".repeat(level)))
        .collect::<String>()
        + &" ".repeat(90)
        + "pass\n";
    assert_eq!(error(&functions), "compiled");
    let chain = "if x:\n pass\n".to_string() + &"elif y:\n pass\n".repeat(20_000);
    assert_eq!(error(&chain), "compiled");
}

/// A `finally` body is generated twice, so nested ones grow as powers of two.
#[test]
fn nested_finally() {
    let mut source = String::new();
    for level in 0..38 {
        source += &format!("{0}try: pass\n{0}finally:\n", " ".repeat(level));
    }
    source += &format!("{}pass\n", " ".repeat(38));
    assert_eq!(error(&source), "too complex to compile");
}

#[test]
fn numbers_and_nul() {
    assert!(error(&format!("x = {}", "9".repeat(5000))).starts_with("Exceeds the limit (4300 digits)"));
    assert_eq!(error(&format!("x = 0x{}", "f".repeat(20_000))), "compiled");
    assert_eq!(error("x = 2 ** 10 ** 10 ** 10"), "compiled");
    assert_eq!(
        error("x = 'a' * 10 ** 9 * 10 ** 9; y = 1 << 10 ** 12; z = ((1,) * 20000) * 20000"),
        "compiled"
    );
    assert_eq!(error("x\0y"), "source code string cannot contain null bytes");
}

/// A small generator of its own, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }
}

const PIECES: &[&str] = &[
    "if",
    "else",
    "elif",
    "for",
    "while",
    "def",
    "class",
    "lambda",
    "return",
    "yield",
    "await",
    "async",
    "with",
    "as",
    "try",
    "except",
    "finally",
    "match",
    "case",
    "import",
    "from",
    "global",
    "nonlocal",
    "del",
    "raise",
    "not",
    "in",
    "is",
    "and",
    "or",
    "None",
    "x",
    "y",
    "_",
    "f",
    "1",
    "0x",
    "1.5e",
    "1j",
    "'a'",
    "\"",
    "'''",
    "f'",
    "f\"{x",
    "}",
    "{",
    "t'{",
    "(",
    ")",
    "[",
    "]",
    ":",
    ";",
    ",",
    ".",
    "...",
    "=",
    "==",
    ":=",
    "->",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "@",
    "%",
    "!",
    "\\\n",
    "\n",
    "\n    ",
    "\n\t",
    "\n        ",
    " ",
    "#c\n",
    "é",
    "\u{a0}",
    "\u{feff}",
    "\\",
    "\r",
    "type",
    "print",
    "*x",
];

#[test]
fn random_tokens() {
    let mut random = Random(1);
    for round in 0..20_000 {
        let length = 1 + random.below(30);
        let mut source = String::new();
        for _ in 0..length {
            source.push_str(PIECES[random.below(PIECES.len())]);
            if random.below(3) == 0 {
                source.push(' ');
            }
        }
        let mode = [Mode::Exec, Mode::Eval, Mode::Single][round % 3];
        if let Err(error) = compile(&source, "random", mode, &Options::default()) {
            assert!(
                !error.message.contains("internal error"),
                "{}: {source:?}",
                error.message
            );
            assert_ne!(error.kind, SyntaxErrorKind::Memory, "{source:?}");
        }
    }
}

#[test]
fn random_bytes_and_cuts() {
    let mut random = Random(7);
    let sample = include_str!("constructs.py");
    let chars: Vec<char> = sample.chars().collect();
    for _ in 0..1500 {
        let start = random.below(chars.len());
        let length = random.below(400);
        let mut cut: Vec<char> = chars[start..(start + length).min(chars.len())].to_vec();
        for _ in 0..random.below(4) {
            if !cut.is_empty() {
                let at = random.below(cut.len());
                cut[at] = char::from_u32(random.below(0x300) as u32).unwrap_or('?');
            }
        }
        let source: String = cut.into_iter().collect();
        if let Err(error) = compile(&source, "cut", Mode::Exec, &Options::default()) {
            assert!(
                !error.message.contains("internal error"),
                "{}: {source:?}",
                error.message
            );
        }
    }
}

#[test]
fn damaged_code_is_refused() {
    let compiled = compile(
        "def f(a):\n return [x for x in a]\n",
        "x",
        Mode::Exec,
        &Options::default(),
    );
    let Ok(compiled) = compiled else {
        panic!("does not compile")
    };
    let bytes = heddle_compiler::to_bytes(&compiled.code);
    let mut random = Random(3);
    for _ in 0..5000 {
        let mut damaged = bytes.clone();
        let at = random.below(damaged.len());
        damaged[at] = random.below(256) as u8;
        damaged.truncate(damaged.len() - random.below(3));
        // Either refused or something sound to look at; never a panic.
        if let Ok(code) = heddle_compiler::from_bytes(&damaged) {
            let _ = heddle_compiler::disassemble(&code);
        }
    }
}
