//! What is wrong with a source that does not parse, in CPython's words.
//!
//! The parser recovers from errors and describes them its own way; CPython stops at the first token that fits no rule and
//! has rules for common mistakes. So the first error's place is kept, `kinds` translates what the parser says, and `rules`
//! looks at the tokens around the place for the mistakes CPython knows.

mod kinds;
mod rules;
mod targets;

use ruff_python_parser::{ParseError, UnsupportedSyntaxError, UnsupportedSyntaxErrorKind};
use ruff_text_size::TextRange;

use crate::errors::{SyntaxError, SyntaxErrorKind};
use crate::lexer::{Kind, Lexed, Token};
use crate::source::Source;

/// The error CPython would report.
pub(crate) fn diagnose(source: &Source<'_>, lexed: &Lexed, errors: &[ParseError]) -> Box<SyntaxError> {
    let view = View {
        source,
        tokens: &lexed.tokens,
    };
    let parse_error = errors.iter().min_by_key(|error| error.location.start());
    let Some(parse_error) = parse_error else {
        return match &lexed.error {
            Some((_, error)) => error.clone(),
            None => source.error(TextRange::default(), "invalid syntax"),
        };
    };
    let start = parse_error.location.start().to_u32();
    if let Some((at, error)) = &lexed.error {
        // Indentation counts where its line starts; CPython's tokenizer was there before its parser.
        let lexed_to = lexed.tokens.last().map_or(0, |token| token.end);
        if *at <= start || lexed_to <= start {
            return view.unclosed_before(lexed, error);
        }
    }
    let found = kinds::known(&view, parse_error).or_else(|| rules::known(&view, parse_error));
    let error = found
        .or_else(|| rules::misfit(&view, view.index_at(start)))
        .unwrap_or_else(|| view.generic(parse_error));
    if error.kind == SyntaxErrorKind::Indentation && error.message.starts_with("unexpected ") {
        return error;
    }
    // Before it reports, CPython reads the rest: an error of its tokenizer or an open bracket explains more.
    if let Some((_, found)) = &lexed.error {
        return match view.lexer_first(lexed, start, found, &error) {
            true => view.unclosed_before(lexed, found),
            false => error,
        };
    }
    let index = view.index_at(start);
    let token = view.tokens.get(index);
    // A brace behind an expression is read as a display, to its end.
    if let Some(token) = token
        && view.text(token) == "{"
        && index > 0
        && view.ends_expression(index - 1)
        && lexed.open.iter().any(|open| open.start == token.start)
    {
        return view.never_closed(token.start);
    }
    let line = token.map_or(0, |token| source.line(token.range().start()));
    match lexed.open.last() {
        Some(open)
            if token.is_none_or(|token| token.kind == Kind::End)
                || source.line(ruff_text_size::TextSize::new(open.start)) < line =>
        {
            view.never_closed(open.start)
        }
        _ => error,
    }
}

/// A source and its tokens.
pub(crate) struct View<'a> {
    pub source: &'a Source<'a>,
    pub tokens: &'a [Token],
}

impl<'a> View<'a> {
    /// Whether an error that the lexer found behind the parser's is the one that CPython reports.
    fn lexer_first(&self, lexed: &Lexed, start: u32, found: &SyntaxError, error: &SyntaxError) -> bool {
        if found.message.contains("-string: expecting '}'") {
            return !error.message.contains("-string: ");
        }
        if crate::lexer::comes_at_once(found) || found.message.contains("EOF") && !lexed.open.is_empty() {
            return true;
        }
        if found.kind == SyntaxErrorKind::Syntax {
            // Its parser looks a token or two ahead.
            return self.index_at(start) + 2 >= self.tokens.len();
        }
        self.source.line(ruff_text_size::TextSize::new(start)) as u32 >= found.line
    }

    /// The index of the first token at or behind an offset.
    pub fn index_at(&self, offset: u32) -> usize {
        self.tokens
            .partition_point(|token| token.start < offset && token.end <= offset)
    }

    pub fn text(&self, token: &Token) -> &'a str {
        self.source.slice(token.range())
    }

    pub fn text_at(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| self.text(token))
    }

    /// "invalid syntax", at the token that fits nowhere.
    pub fn generic(&self, error: &ParseError) -> Box<SyntaxError> {
        let index = self.index_at(error.location.start().to_u32());
        // `await` itself fits where a statement begins, and `not` behind an expression: what follows does not.
        let fits = match self.text_at(index) {
            "await" => rules::starts_statement(self, index) && !self.begins_operand(index + 1),
            "not" => index > 0 && self.ends_expression(index - 1) && self.text_at(index + 1) != "in",
            _ => false,
        };
        self.generic_at(index + usize::from(fits))
    }

    pub fn generic_at(&self, index: usize) -> Box<SyntaxError> {
        let Some(token) = self.tokens.get(index.min(self.tokens.len().saturating_sub(1))) else {
            return self.source.error(TextRange::default(), "invalid syntax");
        };
        let mut range = token.range();
        if token.kind == Kind::Newline {
            range = TextRange::at(range.start(), ruff_text_size::TextSize::new(1));
        }
        let mut error = self.source.error(range, "invalid syntax");
        if token.kind == Kind::Newline {
            (error.end_line, error.end_column) = (error.line, error.column + 1);
        }
        error
    }

    pub fn error(&self, range: TextRange, message: impl Into<String>) -> Box<SyntaxError> {
        self.source.error(range, message)
    }

    pub fn error_at_token(&self, index: usize, message: impl Into<String>) -> Box<SyntaxError> {
        let mut error = self.generic_at(index);
        error.message = message.into();
        error
    }

    pub fn indentation(&self, index: usize, message: impl Into<String>) -> Box<SyntaxError> {
        let mut error = self.error_at_token(index, message);
        error.kind = SyntaxErrorKind::Indentation;
        error
    }

    /// The innermost bracket that is open in front of an offset.
    pub fn open_bracket_at(&self, offset: u32) -> Option<&'a Token> {
        let mut open: Vec<&'a Token> = Vec::new();
        for token in self.tokens.iter().take_while(|token| token.start < offset) {
            if token.kind == Kind::Op {
                match self.text(token) {
                    "(" | "[" | "{" => open.push(token),
                    ")" | "]" | "}" => {
                        open.pop();
                    }
                    _ => {}
                }
            }
        }
        open.pop()
    }

    fn never_closed(&self, start: u32) -> Box<SyntaxError> {
        let at = ruff_text_size::TextSize::new(start);
        let range = TextRange::at(at, ruff_text_size::TextSize::new(1));
        let char = self.source.slice(range).to_string();
        self.error(TextRange::empty(at), format!("'{char}' was never closed"))
    }

    /// The end of the source inside brackets is about the brackets.
    fn unclosed_before(&self, lexed: &Lexed, error: &SyntaxError) -> Box<SyntaxError> {
        match lexed.open.last() {
            Some(open) if error.message.contains("EOF") => self.never_closed(open.start),
            _ => Box::new(error.clone()),
        }
    }

    /// Whether a token can end an expression.
    pub fn ends_expression(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else {
            return false;
        };
        match token.kind {
            Kind::Name => !is_keyword(self.text(token)) || matches!(self.text(token), "None" | "True" | "False"),
            Kind::Number | Kind::Str | Kind::FStringEnd => true,
            Kind::Op => matches!(self.text(token), ")" | "]" | "}" | "..."),
            _ => false,
        }
    }

    /// Whether a token can begin an expression that does not continue the one before.
    pub fn begins_operand(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else {
            return false;
        };
        match token.kind {
            Kind::Name => {
                let text = self.text(token);
                !is_keyword(text) || matches!(text, "None" | "True" | "False" | "not" | "lambda" | "await")
            }
            Kind::Number | Kind::Str | Kind::FStringStart => true,
            Kind::Op => matches!(self.text(token), "{" | "~" | "..."),
            _ => false,
        }
    }
}

/// Python's keywords (the soft ones are names).
pub(crate) fn is_keyword(text: &str) -> bool {
    matches!(
        text,
        "False"
            | "None"
            | "True"
            | "and"
            | "as"
            | "assert"
            | "async"
            | "await"
            | "break"
            | "class"
            | "continue"
            | "def"
            | "del"
            | "elif"
            | "else"
            | "except"
            | "finally"
            | "for"
            | "from"
            | "global"
            | "if"
            | "import"
            | "in"
            | "is"
            | "lambda"
            | "nonlocal"
            | "not"
            | "or"
            | "pass"
            | "raise"
            | "return"
            | "try"
            | "while"
            | "with"
            | "yield"
    )
}

/// A construct of a later Python.
pub(crate) fn unsupported(source: &Source<'_>, error: &UnsupportedSyntaxError) -> &'static str {
    match error.kind {
        UnsupportedSyntaxErrorKind::UnpackingInComprehension(_) if source.slice(error.range).starts_with("**") => {
            "dict unpacking cannot be used in dict comprehension"
        }
        UnsupportedSyntaxErrorKind::UnpackingInComprehension(_) => "iterable unpacking cannot be used in comprehension",
        _ => "invalid syntax",
    }
}
