//! A light lexer of our own, run before the parser.
//!
//! It finds what CPython's tokenizer refuses, with CPython's words (the parser recovers from such errors and says little
//! about them), and gives the tokens that [`crate::diagnose`] looks at to explain a syntax error. Depth that only
//! operators make is bounded by [`crate::nesting`].

mod indent;
mod numbers;
mod strings;

use ruff_text_size::{TextRange, TextSize};

use crate::errors::{SyntaxError, SyntaxErrorKind, Warning};
use crate::source::{Loc, Source};

/// CPython's `MAXLEVEL`: open brackets.
const MAX_BRACKETS: usize = 200;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    Number,
    Str,
    /// The start of an f-string or t-string, up to its quotes.
    FStringStart,
    /// Literal text in one.
    FStringMiddle,
    FStringEnd,
    /// An operator or bracket.
    Op,
    Newline,
    Indent,
    Dedent,
    End,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    /// How many brackets are open around it.
    pub level: u16,
}

impl Token {
    pub fn range(&self) -> TextRange {
        TextRange::new(TextSize::new(self.start), TextSize::new(self.end))
    }
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    pub char: u8,
    pub start: u32,
    /// The interpolated string it is a field of.
    field: bool,
}

/// The tokens of a source, up to the first that CPython's tokenizer refuses.
pub(crate) struct Lexed {
    pub tokens: Vec<Token>,
    /// What was refused, and where.
    pub error: Option<(u32, Box<SyntaxError>)>,
    /// Brackets that are still open at the end.
    pub open: Vec<Bracket>,
    /// Numbers that run into words.
    pub warnings: Vec<Warning>,
}

type Step = Result<(), Box<SyntaxError>>;

/// The lexer's state.
struct Lexer<'a> {
    source: &'a Source<'a>,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    brackets: Vec<Bracket>,
    indents: indent::Indents,
    strings: Vec<strings::Interpolated>,
    at_line_start: bool,
    warnings: Vec<Warning>,
}

/// Splits a source into tokens.
pub(crate) fn lex(source: &Source<'_>) -> Lexed {
    let mut lexer = Lexer {
        source,
        bytes: source.text.as_bytes(),
        at: 0,
        tokens: Vec::new(),
        brackets: Vec::new(),
        indents: indent::Indents::default(),
        strings: Vec::new(),
        at_line_start: true,
        warnings: Vec::new(),
    };
    if source.text.starts_with('\u{feff}') {
        lexer.at = 3;
    }
    let error = lexer.run().err().map(|error| (lexer.at as u32, error));
    Lexed {
        tokens: lexer.tokens,
        error,
        open: lexer.brackets,
        warnings: lexer.warnings,
    }
}

impl Lexer<'_> {
    fn run(&mut self) -> Step {
        while self.at < self.bytes.len() {
            if self.in_literal_text() {
                self.interpolated_text()?;
            } else if self.at_line_start && self.brackets.is_empty() {
                self.line_start()?;
            } else {
                self.token()?;
            }
        }
        if let Some(string) = self.strings.last().copied()
            && string.fields == 0
        {
            return Err(self.unterminated_interpolated(&string));
        }
        if self.brackets.is_empty() {
            if self
                .tokens
                .last()
                .is_some_and(|token| !matches!(token.kind, Kind::Newline | Kind::Dedent))
            {
                self.push(Kind::Newline, self.at, self.at);
            }
            for _ in 0..self.indents.depth() {
                self.push(Kind::Dedent, self.at, self.at);
            }
        }
        self.push(Kind::End, self.at, self.at);
        Ok(())
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let level = self.brackets.len() as u16;
        self.tokens.push(Token {
            kind,
            start: start as u32,
            end: end as u32,
            level,
        });
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> Box<SyntaxError> {
        self.source.error(
            TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32)),
            message,
        )
    }

    fn error_kind(&self, kind: SyntaxErrorKind, loc: Loc, message: &str) -> Box<SyntaxError> {
        self.source.error_at(kind, loc, message)
    }

    /// One token, or a stretch of white space.
    fn token(&mut self) -> Step {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' | b'\x0c' => self.at += 1,
            b'\n' | b'\r' => self.newline(),
            b'#' => self.comment(),
            b'\\' => self.continuation()?,
            b'0'..=b'9' => self.number()?,
            b'.' if self.peek(1).is_ascii_digit() => self.number()?,
            b'"' | b'\'' => self.string(self.at)?,
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.name()?,
            b'(' | b'[' | b'{' => self.open(byte)?,
            b')' | b']' | b'}' => self.close(byte)?,
            _ => self.operator()?,
        }
        Ok(())
    }

    fn newline(&mut self) {
        let start = self.at;
        self.at += if self.peek(0) == b'\r' && self.peek(1) == b'\n' {
            2
        } else {
            1
        };
        if self.brackets.is_empty() {
            self.push(Kind::Newline, start, self.at);
            self.at_line_start = true;
        }
    }

    fn comment(&mut self) {
        while self.at < self.bytes.len() && !matches!(self.peek(0), b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn continuation(&mut self) -> Step {
        let start = self.at;
        self.at += 1;
        match self.peek(0) {
            b'\r' if self.peek(1) == b'\n' => self.at += 2,
            b'\n' | b'\r' => self.at += 1,
            _ if self.at >= self.bytes.len() => {
                return Err(self.error(start + 1, start + 1, "unexpected EOF while parsing"));
            }
            _ => {
                let message = "unexpected character after line continuation character";
                return Err(self.error(start + 1, start + 1, message));
            }
        }
        if self.at >= self.bytes.len() {
            return Err(self.error(start + 1, start + 1, "unexpected EOF while parsing"));
        }
        Ok(())
    }

    fn name(&mut self) -> Step {
        let start = self.at;
        let rest = self.source.text.get(start..).unwrap_or("");
        let end = rest.find(|char: char| !is_name_char(char)).unwrap_or(rest.len());
        let name = &rest[..end];
        let first = rest.chars().next().unwrap_or(' ');
        if end == 0 || !is_name_start(first) {
            return Err(self.invalid_character(start, first));
        }
        self.at = start + end;
        if matches!(self.peek(0), b'"' | b'\'') {
            if strings::is_prefix(name) {
                return self.string(start);
            }
            if let Some((first, second)) = strings::incompatible_prefix(name) {
                let message = format!("'{first}' and '{second}' prefixes are incompatible");
                return Err(self.error(start, self.at, message));
            }
        }
        self.push(Kind::Name, start, self.at);
        Ok(())
    }

    fn invalid_character(&self, at: usize, char: char) -> Box<SyntaxError> {
        let code = char as u32;
        let message = if is_printable(char) {
            format!("invalid character '{char}' (U+{code:04X})")
        } else {
            format!("invalid non-printable character U+{code:04X}")
        };
        let mut error = self.error(at, at + char.len_utf8(), message);
        (error.end_line, error.end_column) = (error.line, error.column);
        error
    }

    fn open(&mut self, char: u8) -> Step {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.error(self.at, self.at + 1, "too many nested parentheses"));
        }
        self.push(Kind::Op, self.at, self.at + 1);
        self.brackets.push(Bracket {
            char,
            start: self.at as u32,
            field: false,
        });
        self.at += 1;
        Ok(())
    }

    fn close(&mut self, char: u8) -> Step {
        let shown = char as char;
        let in_field = self.strings.last().is_some_and(|string| string.fields > 0);
        let Some(open) = self.brackets.last().copied() else {
            return Err(self.error(self.at, self.at, format!("unmatched '{shown}'")));
        };
        if open.field && char != b'}' {
            return Err(self.error(self.at, self.at, format!("f-string: unmatched '{shown}'")));
        }
        let matching = matches!((open.char, char), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
        if !matching {
            return Err(self.mismatch(open, shown, in_field));
        }
        self.brackets.pop();
        self.push(Kind::Op, self.at, self.at + 1);
        self.at += 1;
        if open.field {
            self.end_of_field();
        }
        Ok(())
    }

    fn mismatch(&self, open: Bracket, shown: char, in_field: bool) -> Box<SyntaxError> {
        let line = self.source.line(TextSize::new(open.start));
        let here = self.source.line(TextSize::new(self.at as u32));
        let opening = open.char as char;
        let prefix = if in_field && open.field { "f-string: " } else { "" };
        let message = if line == here {
            format!("{prefix}closing parenthesis '{shown}' does not match opening parenthesis '{opening}'")
        } else {
            format!(
                "{prefix}closing parenthesis '{shown}' does not match opening parenthesis '{opening}' on line {line}"
            )
        };
        self.error(self.at, self.at, message)
    }

    fn operator(&mut self) -> Step {
        const LONG: [&str; 25] = [
            "**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "**", "//", ">>", "<<", "<=", ">=", "==", "+=", "-=",
            "*=", "/=", "%=", "&=", "|=", "^=", "@=", "<>",
        ];
        let rest = self.source.text.get(self.at..).unwrap_or("");
        let in_field = self.brackets.last().is_some_and(|bracket| bracket.field);
        let long = LONG.iter().find(|op| rest.starts_with(**op)).copied();
        // In a field of an f-string, `:=` is a colon and `!=` an operator.
        let long = long.filter(|op| !(in_field && *op == ":="));
        let length = long.map_or(1, str::len);
        let first = rest.chars().next().unwrap_or(' ');
        if long.is_none() && !"+-*/%&|^~<>=@,:;.!?$`".contains(first) {
            return Err(self.invalid_character(self.at, first));
        }
        let start = self.at;
        self.at += length;
        self.push(Kind::Op, start, self.at);
        if in_field && &rest[..length] == ":" {
            self.start_of_spec();
        }
        Ok(())
    }
}

fn is_name_start(char: char) -> bool {
    char == '_' || unicode_ident::is_xid_start(char)
}

fn is_name_char(char: char) -> bool {
    char == '_' || unicode_ident::is_xid_continue(char)
}

/// Whether CPython would show a character itself in a message.
fn is_printable(char: char) -> bool {
    let hidden = char.is_control()
        || (char.is_whitespace() && char != ' ')
        || matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}');
    !hidden
}

/// Whether an error is about nesting, so that the parser must not even try.
pub(crate) fn guards_the_parser(error: &SyntaxError) -> bool {
    error.message.starts_with("too many ")
}

/// Whether CPython's tokenizer raises an error itself, and so before its parser has a say. Of the others it only tells the parser, which
/// speaks of them when it comes to that place.
pub(crate) fn comes_at_once(error: &SyntaxError) -> bool {
    let told = [
        "unindent does not match",
        "unexpected character after line continuation",
        "inconsistent use of tabs",
        "too many levels of indentation",
        "unexpected EOF",
    ];
    !told.iter().any(|start| error.message.starts_with(start))
}
