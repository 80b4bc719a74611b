//! Strings, and the literal text of f-strings and t-strings.

use ruff_text_size::TextSize;

use super::{Bracket, Kind, Lexer, Step};
use crate::errors::SyntaxError;

/// CPython's `MAXFSTRINGLEVEL`.
const MAX_INTERPOLATED: usize = 150;

/// Fields within the specifications of fields (CPython's `MAX_EXPR_NESTING`).
const MAX_NESTED_FIELDS: u32 = 3;

/// An open f-string or t-string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interpolated {
    quote: u8,
    triple: bool,
    raw: bool,
    letter: char,
    start: usize,
    /// How many of its fields are open.
    pub fields: u32,
    /// How many of those are in their format specification, where text is literal again.
    specs: u32,
}

/// Whether letters in front of a quote are a prefix.
pub(super) fn is_prefix(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "r" | "u" | "b" | "f" | "t" | "br" | "rb" | "fr" | "rf" | "tr" | "rt"
    )
}

/// Two letters in front of a quote that do not go together, if it is made of letters that do alone.
pub(super) fn incompatible_prefix(name: &str) -> Option<(char, char)> {
    let lower = name.to_ascii_lowercase();
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() != lower.len() || !letters.iter().all(|letter| "bfrtu".contains(*letter)) {
        return None;
    }
    let has = |letter: char| letters.contains(&letter);
    [
        ('u', 'b'),
        ('u', 'r'),
        ('u', 'f'),
        ('u', 't'),
        ('b', 'f'),
        ('b', 't'),
        ('f', 't'),
    ]
    .into_iter()
    .find(|(first, second)| has(*first) && has(*second))
}

impl Lexer<'_> {
    /// A string whose quotes are here and whose prefix starts at `start`.
    pub(super) fn string(&mut self, start: usize) -> Step {
        let quote = self.peek(0);
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        let prefix = self.source.text.get(start..self.at).unwrap_or("").to_ascii_lowercase();
        self.at += if triple { 3 } else { 1 };
        let letter = prefix.chars().find(|char| matches!(char, 'f' | 't'));
        if let Some(letter) = letter {
            if self.strings.len() >= MAX_INTERPOLATED {
                return Err(self.error(start, start, "too many nested f-strings or t-strings"));
            }
            self.push(Kind::FStringStart, start, self.at);
            let raw = prefix.contains('r');
            self.strings.push(Interpolated {
                quote,
                triple,
                raw,
                letter,
                start,
                fields: 0,
                specs: 0,
            });
            return Ok(());
        }
        let mut escaped_quote = false;
        loop {
            let byte = self.peek(0);
            if self.at >= self.bytes.len() || (!triple && matches!(byte, b'\n' | b'\r')) {
                return Err(self.unterminated(start, triple, escaped_quote));
            }
            if byte == b'\\' {
                escaped_quote |= self.peek(1) == quote;
                self.at += if self.peek(1) == b'\r' && self.peek(2) == b'\n' {
                    3
                } else {
                    2
                };
                continue;
            }
            if byte == quote && (!triple || (self.peek(1) == quote && self.peek(2) == quote)) {
                self.at += if triple { 3 } else { 1 };
                break;
            }
            self.at += 1;
        }
        self.at = self.at.min(self.bytes.len());
        if prefix.contains('b') && !self.bytes[start..self.at].is_ascii() {
            return Err(self.error(start, self.at, "bytes can only contain ASCII literal characters"));
        }
        self.push(Kind::Str, start, self.at);
        Ok(())
    }

    fn unterminated(&self, start: usize, triple: bool, escaped_quote: bool) -> Box<SyntaxError> {
        // The quote of the f-string around it ends that one too early: its field is open.
        if let Some(string) = self.strings.last()
            && !triple
            && self.bytes.get(start) == Some(&string.quote)
        {
            return self.error(start, start, format!("{}-string: expecting '}}'", string.letter));
        }
        let end = self.at.min(self.bytes.len());
        let mut line = self.source.line(TextSize::new(end as u32));
        if triple {
            // A text that ends with a line end has no further line.
            if self.bytes.get(end.wrapping_sub(1)) == Some(&b'\n') {
                line -= 1;
            }
            let message = format!("unterminated triple-quoted string literal (detected at line {line})");
            return self.error(start, start, message);
        }
        let hint = if escaped_quote {
            "; perhaps you escaped the end quote?"
        } else {
            ""
        };
        self.error(
            start,
            start,
            format!("unterminated string literal (detected at line {line}){hint}"),
        )
    }

    pub(super) fn unterminated_interpolated(&self, string: &Interpolated) -> Box<SyntaxError> {
        let end = self.at.min(self.bytes.len());
        let mut line = self.source.line(TextSize::new(end as u32));
        let letter = string.letter;
        let what = if string.triple {
            if self.bytes.get(end.wrapping_sub(1)) == Some(&b'\n') {
                line -= 1;
            }
            "triple-quoted "
        } else {
            ""
        };
        let message = format!("unterminated {what}{letter}-string literal (detected at line {line})");
        self.error(string.start, string.start, message)
    }

    /// Whether literal text of an f-string stands here.
    pub(super) fn in_literal_text(&self) -> bool {
        self.strings.last().is_some_and(|string| {
            // Brackets opened inside a field end its literal text.
            string.fields == string.specs && self.brackets.last().is_none_or(|open| string.specs == 0 || open.field)
        })
    }

    /// Literal text up to a field, the end of a field, or the closing quotes.
    pub(super) fn interpolated_text(&mut self) -> Step {
        let start = self.at;
        let Some(string) = self.strings.last().copied() else {
            return Ok(());
        };
        let in_spec = string.specs > 0;
        loop {
            let byte = self.peek(0);
            if self.at >= self.bytes.len() || (!string.triple && matches!(byte, b'\n' | b'\r')) {
                return self.end_of_line_in_text(&string, in_spec);
            }
            match byte {
                b'\\' if !string.raw => {
                    if self.peek(1) == b'N' && self.peek(2) == b'{' {
                        let rest = self.source.text.get(self.at..).unwrap_or("");
                        self.at += rest.find('}').map_or(2, |end| end + 1);
                    } else if matches!(self.peek(1), b'{' | b'}') {
                        self.at += 1;
                    } else {
                        self.at += if self.peek(1) == b'\r' && self.peek(2) == b'\n' {
                            3
                        } else {
                            2
                        };
                    }
                }
                b'\\' => self.at += if matches!(self.peek(1), b'{' | b'}') { 1 } else { 2 },
                b'{' if self.peek(1) == b'{' && !in_spec => self.at += 2,
                b'{' => return self.start_of_field(start),
                b'}' if in_spec => {
                    self.text_token(start);
                    // `token` closes the field.
                    if let Some(string) = self.strings.last_mut() {
                        string.specs -= 1;
                    }
                    return self.close(b'}');
                }
                b'}' if self.peek(1) == b'}' => self.at += 2,
                b'}' => {
                    let message = format!("{}-string: single '}}' is not allowed", string.letter);
                    return Err(self.error(self.at, self.at, message));
                }
                byte if byte == string.quote => {
                    let closes = !string.triple || (self.peek(1) == byte && self.peek(2) == byte);
                    if closes {
                        return self.end_of_string(&string, start, in_spec);
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    fn end_of_line_in_text(&mut self, string: &Interpolated, in_spec: bool) -> Step {
        if in_spec && self.at < self.bytes.len() {
            let letter = string.letter;
            let message = format!(
                "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
            );
            return Err(self.error(self.at, self.at, message));
        }
        Err(self.unterminated_interpolated(string))
    }

    fn text_token(&mut self, start: usize) {
        if self.at > start {
            self.push(Kind::FStringMiddle, start, self.at);
        }
    }

    fn end_of_string(&mut self, string: &Interpolated, start: usize, in_spec: bool) -> Step {
        self.text_token(start);
        if in_spec {
            let message = format!("{}-string: expecting '}}', or format specs", string.letter);
            let end = self.at + usize::from(!string.triple);
            return Err(self.error(self.at, end, message));
        }
        let end = self.at + if string.triple { 3 } else { 1 };
        self.push(Kind::FStringEnd, self.at, end);
        self.at = end;
        self.strings.pop();
        Ok(())
    }

    fn start_of_field(&mut self, start: usize) -> Step {
        self.text_token(start);
        if let Some(string) = self.strings.last()
            && string.fields >= MAX_NESTED_FIELDS
        {
            let message = format!("{}-string: expressions nested too deeply", string.letter);
            return Err(self.error(self.at, self.at, message));
        }
        self.open(b'{')?;
        if let Some(string) = self.strings.last_mut() {
            string.fields += 1;
        }
        if let Some(Bracket { field, .. }) = self.brackets.last_mut() {
            *field = true;
        }
        Ok(())
    }

    pub(super) fn start_of_spec(&mut self) {
        if let Some(string) = self.strings.last_mut() {
            string.specs += 1;
        }
    }

    pub(super) fn end_of_field(&mut self) {
        if let Some(string) = self.strings.last_mut() {
            string.fields = string.fields.saturating_sub(1);
        }
    }
}
