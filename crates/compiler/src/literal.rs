//! Literals: strings and bytes with their escapes, numbers, docstrings.
//!
//! The parser's own values are not used for strings, because a Python string may hold lone surrogates (`"\ud800"`)
//! and because unknown escapes are warned about.

use num_bigint::BigInt;
use ruff_python_ast::{Expr, ExprNumberLiteral, ExprStringLiteral, Number, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustpython_wtf8::{CodePoint, Wtf8Buf};

use crate::code::Const;
use crate::errors::{SyntaxError, SyntaxErrorKind, Warning, WarningKind};
use crate::source::Source;

/// More decimal digits than this are refused, as by CPython's default.
const MAX_INT_DIGITS: usize = 4300;

/// The docstring of a body.
pub(crate) fn docstring(body: &[Stmt]) -> Option<&ExprStringLiteral> {
    match body.first()? {
        Stmt::Expr(stmt) => match &*stmt.value {
            Expr::StringLiteral(string) => Some(string),
            _ => None,
        },
        _ => None,
    }
}

/// What kind of text is decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    Str,
    Bytes,
    /// The literal parts of an f-string: doubled braces stand for one.
    Interpolated,
}

/// Reads literals of one source and collects the warnings about them.
pub(crate) struct Literals<'a> {
    pub source: &'a Source<'a>,
    pub warnings: Vec<Warning>,
}

type Decoded<T> = Result<T, Box<SyntaxError>>;

impl<'a> Literals<'a> {
    /// The value of an expression that is a literal.
    pub fn constant(&mut self, expr: &Expr) -> Decoded<Option<Const>> {
        Ok(Some(match expr {
            Expr::StringLiteral(string) => Const::Str(self.text(string)?),
            Expr::BytesLiteral(bytes) => {
                let mut value = Vec::new();
                for part in &bytes.value {
                    value.extend(self.bytes(part.range)?);
                }
                Const::Bytes(value)
            }
            Expr::NumberLiteral(number) => self.number(number)?,
            Expr::BooleanLiteral(literal) => Const::Bool(literal.value),
            Expr::NoneLiteral(_) => Const::None,
            Expr::EllipsisLiteral(_) => Const::Ellipsis,
            _ => return Ok(None),
        }))
    }

    /// The value of a string, its parts joined.
    pub fn text(&mut self, string: &ExprStringLiteral) -> Decoded<Wtf8Buf> {
        let mut value = Wtf8Buf::new();
        for part in &string.value {
            value.push_wtf8(&self.string(part.range)?);
        }
        Ok(value)
    }

    /// The value of one string literal with its prefix and quotes.
    pub fn string(&mut self, range: TextRange) -> Decoded<Wtf8Buf> {
        let (body, raw) = self.body(range);
        let mut text = Wtf8Buf::new();
        self.decode(body, raw, TextKind::Str, &mut text)?;
        Ok(text)
    }

    /// The value of one bytes literal with its prefix and quotes.
    pub fn bytes(&mut self, range: TextRange) -> Decoded<Vec<u8>> {
        let (body, raw) = self.body(range);
        let mut text = Wtf8Buf::new();
        self.decode(body, raw, TextKind::Bytes, &mut text)?;
        Ok(text.code_points().map(|point| point.to_u32() as u8).collect())
    }

    /// The value of a literal part of an f-string.
    pub fn interpolated(&mut self, range: TextRange, raw: bool) -> Decoded<Wtf8Buf> {
        let mut text = Wtf8Buf::new();
        self.decode(range, raw, TextKind::Interpolated, &mut text)?;
        Ok(text)
    }

    /// The range between the quotes, and whether the prefix has an `r`.
    fn body(&self, range: TextRange) -> (TextRange, bool) {
        let text = self.source.slice(range);
        let prefix = text.find(['"', '\'']).unwrap_or(0);
        let raw = text[..prefix].contains(['r', 'R']);
        let rest = &text[prefix..];
        let quotes = if rest.len() >= 6 && (rest.starts_with("\"\"\"") || rest.starts_with("'''")) {
            3
        } else {
            1
        };
        let start = range.start() + TextSize::new((prefix + quotes) as u32);
        let end = range.end() - TextSize::new(quotes as u32);
        (TextRange::new(start.min(end), end), raw)
    }

    fn decode(&mut self, range: TextRange, raw: bool, kind: TextKind, out: &mut Wtf8Buf) -> Decoded<()> {
        let mut scanner = Scanner {
            text: self.source.slice(range),
            at: 0,
            escape: 0,
        };
        while let Some(char) = scanner.next() {
            match char {
                '\r' => {
                    scanner.eat('\n');
                    out.push_char('\n');
                }
                '{' if kind == TextKind::Interpolated => {
                    scanner.eat('{');
                    out.push_char('{');
                }
                '}' if kind == TextKind::Interpolated => {
                    scanner.eat('}');
                    out.push_char('}');
                }
                '\\' if !raw => {
                    scanner.escape = scanner.at - 1;
                    let at = range.start() + TextSize::new(scanner.escape as u32);
                    self.escape(&mut scanner, at, kind, out)?;
                }
                char => out.push_char(char),
            }
        }
        Ok(())
    }

    fn escape(&mut self, scanner: &mut Scanner<'_>, at: TextSize, kind: TextKind, out: &mut Wtf8Buf) -> Decoded<()> {
        let Some(char) = scanner.next() else {
            out.push_char('\\');
            // The brace of a field behind it is no escape.
            let next = at.to_usize() + 1;
            if kind == TextKind::Interpolated && self.source.text.as_bytes().get(next) == Some(&b'{') {
                self.invalid_escape('{', at);
            }
            return Ok(());
        };
        let text = kind != TextKind::Bytes;
        match char {
            '\n' => {}
            '\r' => {
                scanner.eat('\n');
            }
            '\\' | '\'' | '"' => out.push_char(char),
            'a' => out.push_char('\x07'),
            'b' => out.push_char('\x08'),
            'f' => out.push_char('\x0c'),
            'n' => out.push_char('\n'),
            'r' => out.push_char('\r'),
            't' => out.push_char('\t'),
            'v' => out.push_char('\x0b'),
            '0'..='7' => self.octal(scanner, char, at, kind, out),
            'x' => match scanner.hex(2) {
                Some(value) => push(out, value),
                None if text => return self.unicode_error(at, scanner, "truncated \\xXX escape"),
                None => {
                    let message = format!("(value error) invalid \\x escape at position {}", scanner.escape);
                    return Err(self.source.error(TextRange::empty(at), message));
                }
            },
            'u' if text => match scanner.hex(4) {
                Some(value) => push(out, value),
                None => return self.unicode_error(at, scanner, "truncated \\uXXXX escape"),
            },
            'U' if text => match scanner.hex(8) {
                Some(value) if value <= 0x10_ffff => push(out, value),
                Some(_) => return self.unicode_error(at, scanner, "illegal Unicode character"),
                None => return self.unicode_error(at, scanner, "truncated \\UXXXXXXXX escape"),
            },
            'N' if text => match scanner.braced() {
                Some(name) => match heddle_names::character(name) {
                    Some(char) => out.push_char(char),
                    None => return self.unicode_error(at, scanner, "unknown Unicode character name"),
                },
                None => return self.unicode_error(at, scanner, "malformed \\N character escape"),
            },
            other => {
                self.invalid_escape(other, at);
                out.push_char('\\');
                // A brace keeps its meaning, and a line end too.
                scanner.back(other);
                if kind != TextKind::Interpolated || !matches!(other, '{' | '}') {
                    scanner.next();
                    out.push_char(other);
                }
            }
        }
        Ok(())
    }

    fn octal(&mut self, scanner: &mut Scanner<'_>, first: char, at: TextSize, kind: TextKind, out: &mut Wtf8Buf) {
        let mut value = first.to_digit(8).unwrap_or(0);
        let mut digits = String::from(first);
        while digits.len() < 3
            && let Some(digit) = scanner.peek().and_then(|char| char.to_digit(8))
        {
            digits.extend(scanner.next());
            value = value * 8 + digit;
        }
        if value > 0o377 {
            let message = format!(
                "\"\\{digits}\" is an invalid octal escape sequence. Such sequences will not work in the future. \
                 Did you mean \"\\\\{digits}\"? A raw string is also an option."
            );
            self.warn(at, message);
        }
        push(out, if kind == TextKind::Bytes { value & 0xff } else { value });
    }

    fn invalid_escape(&mut self, char: char, at: TextSize) {
        let message = format!(
            "\"\\{char}\" is an invalid escape sequence. Such sequences will not work in the future. \
             Did you mean \"\\\\{char}\"? A raw string is also an option."
        );
        self.warn(at, message);
    }

    fn warn(&mut self, at: TextSize, message: String) {
        let line = self.source.line(at).max(0) as u32;
        self.warnings.push(Warning {
            kind: WarningKind::Syntax,
            message,
            line,
        });
    }

    fn unicode_error(&self, at: TextSize, scanner: &Scanner<'_>, what: &str) -> Decoded<()> {
        let start = scanner.escape;
        let end = scanner.at.saturating_sub(1).max(start);
        let message =
            format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {what}");
        Err(self.source.error(TextRange::empty(at), message))
    }

    /// The value of a number.
    pub fn number(&self, number: &ExprNumberLiteral) -> Decoded<Const> {
        match &number.value {
            Number::Int(int) => match int.as_i64() {
                Some(value) => Ok(Const::Int(value)),
                None => self.big_int(number.range()),
            },
            Number::Float(value) => Ok(Const::Float(*value)),
            Number::Complex { real, imag } => Ok(Const::Complex(*real, *imag)),
        }
    }

    fn big_int(&self, range: TextRange) -> Decoded<Const> {
        let text: String = self.source.slice(range).chars().filter(|char| *char != '_').collect();
        let (radix, digits) = match text.get(..2) {
            Some("0x" | "0X") => (16, &text[2..]),
            Some("0o" | "0O") => (8, &text[2..]),
            Some("0b" | "0B") => (2, &text[2..]),
            _ => (10, text.as_str()),
        };
        if radix == 10 && digits.len() > MAX_INT_DIGITS {
            let message = format!(
                "Exceeds the limit ({MAX_INT_DIGITS} digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals \
                 to avoid decimal conversion limits.",
                digits.len()
            );
            return Err(self.source.error(range, message));
        }
        match BigInt::parse_bytes(digits.as_bytes(), radix) {
            Some(value) => Ok(crate::flow::int_const(value)),
            None => Err(self.source.error_at(
                SyntaxErrorKind::Syntax,
                self.source.loc_of(range),
                "invalid decimal literal",
            )),
        }
    }
}

fn push(out: &mut Wtf8Buf, value: u32) {
    if let Some(point) = CodePoint::from_u32(value) {
        out.push(point);
    }
}

/// Walks over the characters of a literal.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Where the escape that is being read starts.
    escape: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    fn back(&mut self, char: char) {
        self.at -= char.len_utf8();
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// Exactly so many hexadecimal digits.
    fn hex(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let digit = self.peek()?.to_digit(16)?;
            self.at += 1;
            value = value << 4 | digit;
        }
        Some(value)
    }

    /// `{…}`.
    fn braced(&mut self) -> Option<&'a str> {
        if !self.eat('{') {
            return None;
        }
        let rest = self.text.get(self.at..)?;
        let Some(end) = rest.find('}') else {
            self.at = self.text.len();
            return None;
        };
        self.at += end + 1;
        rest.get(..end)
    }
}

/// A docstring as CPython stores it: tabs expanded, without the common indentation of its lines.
pub(crate) fn clean_docstring(doc: &Wtf8Buf) -> Wtf8Buf {
    let doc = expand_tabs(doc);
    let points: Vec<CodePoint> = doc.code_points().collect();
    let is = |point: &CodePoint, char: char| point.to_u32() == char as u32;
    let lines: Vec<&[CodePoint]> = points.split(|point| is(point, '\n')).collect();
    let indent = |line: &[CodePoint]| line.iter().take_while(|point| is(point, ' ')).count();
    let margin = lines
        .iter()
        .skip(1)
        .filter(|line| indent(line) < line.len())
        .map(|line| indent(line))
        .min();
    let mut cleaned = Wtf8Buf::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            cleaned.push_char('\n');
        }
        let cut = if index == 0 {
            indent(line)
        } else {
            indent(line).min(margin.unwrap_or(0))
        };
        for point in &line[cut..] {
            cleaned.push(*point);
        }
    }
    cleaned
}

fn expand_tabs(text: &Wtf8Buf) -> Wtf8Buf {
    let mut expanded = Wtf8Buf::new();
    let mut column = 0;
    for point in text.code_points() {
        match point.to_char() {
            Some('\t') => {
                let spaces = 8 - column % 8;
                (0..spaces).for_each(|_| expanded.push_char(' '));
                column += spaces;
            }
            Some(char @ ('\n' | '\r')) => {
                expanded.push_char(char);
                column = 0;
            }
            _ => {
                expanded.push(point);
                column += 1;
            }
        }
    }
    expanded
}

/// The text that `{x=}` shows: the source without its comments.
pub(crate) fn shown_source(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    if !text.contains('#') {
        return text;
    }
    let mut shown = String::new();
    let mut quote = None;
    let mut comment = false;
    for char in text.chars() {
        match (char, quote) {
            ('\n', _) => comment = false,
            ('#', None) => comment = true,
            ('"' | '\'', None) if !comment => quote = Some(char),
            (char, Some(open)) if char == open => quote = None,
            _ => {}
        }
        if !comment {
            shown.push(char);
        }
    }
    shown
}
