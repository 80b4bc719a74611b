//! Numbers, and what CPython says about malformed ones.

use super::{Kind, Lexer, Step};
use crate::errors::{Warning, WarningKind};

/// Words that may follow a number without a space, with a warning.
const KEYWORDS: [&str; 9] = ["and", "else", "for", "if", "in", "is", "not", "or", "async"];

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Step {
        let start = self.at;
        let kind = if self.peek(0) == b'0' { self.peek(1) | 0x20 } else { 0 };
        match kind {
            b'x' => self.radix(16, "hexadecimal")?,
            b'o' => self.radix(8, "octal")?,
            b'b' => self.radix(2, "binary")?,
            _ => self.decimal(start)?,
        }
        self.push(Kind::Number, start, self.at);
        Ok(())
    }

    fn radix(&mut self, radix: u32, name: &str) -> Step {
        self.at += 2;
        loop {
            let underscore = self.peek(0) == b'_';
            if underscore {
                self.at += 1;
            }
            let byte = self.peek(0);
            if !(byte as char).is_digit(radix) {
                if byte.is_ascii_digit() {
                    let message = format!("invalid digit '{}' in {name} literal", byte as char);
                    return Err(self.error(self.at, self.at, message));
                }
                return Err(self.bad_number(name));
            }
            while (self.peek(0) as char).is_digit(radix) {
                self.at += 1;
            }
            if self.peek(0) != b'_' {
                break;
            }
        }
        if self.peek(0).is_ascii_digit() {
            let message = format!("invalid digit '{}' in {name} literal", self.peek(0) as char);
            return Err(self.error(self.at, self.at, message));
        }
        self.end_of_number(name)
    }

    fn bad_number(&self, name: &str) -> Box<crate::errors::SyntaxError> {
        let at = self.at.saturating_sub(1);
        self.error(at, at, format!("invalid {name} literal"))
    }

    /// Digits with single underscores between them.
    fn digits(&mut self) -> Step {
        loop {
            while self.peek(0).is_ascii_digit() {
                self.at += 1;
            }
            if self.peek(0) != b'_' {
                return Ok(());
            }
            self.at += 1;
            if !self.peek(0).is_ascii_digit() {
                return Err(self.bad_number("decimal"));
            }
        }
    }

    fn decimal(&mut self, start: usize) -> Step {
        let mut name = "decimal";
        if self.peek(0) != b'.' {
            self.digits()?;
        }
        let whole = self.bytes.get(start..self.at).unwrap_or(&[]);
        let leading_zero = whole.len() > 1 && whole[0] == b'0' && whole.iter().any(|byte| (b'1'..=b'9').contains(byte));
        let mut float = false;
        if self.peek(0) == b'.' {
            float = true;
            self.at += 1;
            if self.peek(0).is_ascii_digit() {
                self.digits()?;
            }
        }
        if self.peek(0) | 0x20 == b'e' {
            let signed = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + signed).is_ascii_digit() {
                float = true;
                self.at += 1 + signed;
                self.digits()?;
            } else if signed == 1 {
                self.at += 2;
                return Err(self.bad_number("decimal"));
            }
        }
        if self.peek(0) | 0x20 == b'j' {
            float = true;
            self.at += 1;
            name = "imaginary";
        }
        if leading_zero && !float {
            let message =
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
            let zeros = whole.iter().take_while(|byte| matches!(byte, b'0' | b'_')).count();
            return Err(self.error(start, start + zeros, message));
        }
        self.end_of_number(name)
    }

    /// A number must not run into a name.
    fn end_of_number(&mut self, name: &str) -> Step {
        let rest = self.source.text.get(self.at..).unwrap_or("");
        let Some(next) = rest.chars().next() else { return Ok(()) };
        if !super::is_name_char(next) {
            return Ok(());
        }
        let word_end = rest.find(|char: char| !super::is_name_char(char)).unwrap_or(rest.len());
        let word = &rest[..word_end];
        if KEYWORDS.iter().any(|keyword| word.starts_with(keyword)) {
            self.warnings.push(Warning {
                kind: WarningKind::Syntax,
                message: format!("invalid {name} literal"),
                line: self.source.line(ruff_text_size::TextSize::new(self.at as u32)).max(0) as u32,
            });
            return Ok(());
        }
        if !super::is_name_start(next) && !next.is_ascii() {
            return Ok(());
        }
        Err(self.bad_number(name))
    }
}
