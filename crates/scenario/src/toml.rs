//! The subset of TOML that a `# /// lab` block may use, with the place of every value, so that one value can be
//! replaced without touching the rest.
//!
//! Accepted: comments, bare and quoted keys, dotted keys, `[table]` headers, basic and literal strings (both also
//! in their three-quote form), whole numbers (decimal, with `_`), booleans, inline tables. Tables are flattened: each
//! value comes with its full dotted path. Arrays, floats, dates and `[[arrays of tables]]` are refused by name.

use std::ops::Range;

/// Deeper nesting than this is refused.
const MAX_DEPTH: usize = 8;

/// A value without parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Number(i128),
    Bool(bool),
}

/// One value and where it stands (byte offsets in the text parsed).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The full dotted path.
    pub path: String,
    pub value: Value,
    /// Where the value stands.
    pub span: Range<usize>,
    /// Where the key stands.
    pub key_start: usize,
    /// How many parts of `path` come from a `[table]` header.
    pub header_parts: usize,
    /// The closing brace of the inline table it stands in.
    pub inline_end: Option<usize>,
}

/// Something that is not in the subset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub at: usize,
    pub message: String,
}

/// Reads the text.
pub(crate) fn parse(text: &str) -> Result<Vec<Entry>, Fault> {
    let mut parser = Parser {
        text,
        at: 0,
        entries: Vec::new(),
    };
    let mut table: Vec<String> = Vec::new();
    loop {
        parser.skip_blank_lines();
        match parser.peek() {
            None => break,
            Some('[') => table = parser.header()?,
            Some(_) => {
                parser.key_value(&table, table.len(), 0)?;
                parser.end_of_line()?;
            }
        }
    }
    parser.refuse_duplicates()?;
    Ok(parser.entries)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    entries: Vec<Entry>,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault {
            at: self.at,
            message: message.into(),
        })
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    fn skip_comment(&mut self) {
        if self.peek() == Some('#') {
            while !matches!(self.peek(), None | Some('\n')) {
                self.next();
            }
        }
    }

    fn skip_blank_lines(&mut self) {
        loop {
            self.skip_spaces();
            self.skip_comment();
            if !(self.eat('\n') || self.eat('\r')) {
                return;
            }
        }
    }

    fn end_of_line(&mut self) -> Result<(), Fault> {
        self.skip_spaces();
        self.skip_comment();
        self.eat('\r');
        match self.peek() {
            None => Ok(()),
            Some('\n') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => self.fail("there is something after the value; each setting stands on a line of its own"),
        }
    }

    fn header(&mut self) -> Result<Vec<String>, Fault> {
        self.eat('[');
        if self.peek() == Some('[') {
            return self.fail("arrays of tables ([[…]]) have no meaning here");
        }
        let path = self.key()?;
        if !self.eat(']') {
            return self.fail("a \"]\" is missing");
        }
        self.end_of_line()?;
        Ok(path)
    }

    fn key(&mut self) -> Result<Vec<String>, Fault> {
        let mut parts = Vec::new();
        loop {
            self.skip_spaces();
            let part = match self.peek() {
                Some('"' | '\'') => self.string()?,
                _ => {
                    let end = self
                        .rest()
                        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
                        .unwrap_or(self.rest().len());
                    let part = self.rest()[..end].to_owned();
                    self.at += end;
                    part
                }
            };
            if part.is_empty() {
                return self.fail("a key is missing: settings are written like cores = 2");
            }
            parts.push(part);
            if parts.len() > MAX_DEPTH {
                return self.fail("the key has too many parts");
            }
            self.skip_spaces();
            if !self.eat('.') {
                return Ok(parts);
            }
        }
    }

    fn key_value(&mut self, prefix: &[String], header_parts: usize, depth: usize) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return self.fail("tables are nested too deeply");
        }
        let key_start = self.at;
        let mut path = prefix.to_vec();
        path.extend(self.key()?);
        if !self.eat('=') {
            return self.fail(format!("a \"=\" is missing after \"{}\"", path.join(".")));
        }
        self.skip_spaces();
        if self.peek() == Some('{') {
            return self.inline_table(&path, header_parts, depth);
        }
        let start = self.at;
        let value = self.value(&path)?;
        let path = path.join(".");
        self.entries.push(Entry {
            path,
            value,
            span: start..self.at,
            key_start,
            header_parts,
            inline_end: None,
        });
        Ok(())
    }

    fn inline_table(&mut self, path: &[String], header_parts: usize, depth: usize) -> Result<(), Fault> {
        self.eat('{');
        let first = self.entries.len();
        self.skip_spaces();
        while self.peek() != Some('}') {
            self.key_value(path, header_parts, depth + 1)?;
            self.skip_spaces();
            if self.eat(',') {
                self.skip_spaces();
            } else if self.peek() != Some('}') {
                return self.fail("a \"}\" or \",\" is missing");
            }
        }
        for entry in &mut self.entries[first..] {
            entry.inline_end.get_or_insert(self.at);
        }
        self.eat('}');
        Ok(())
    }

    fn value(&mut self, path: &[String]) -> Result<Value, Fault> {
        match self.peek() {
            Some('"' | '\'') => Ok(Value::Text(self.string()?)),
            Some('[') => self.fail("lists have no meaning here"),
            Some(c) if c.is_ascii_alphanumeric() || c == '-' || c == '+' || c == '.' => self.bare(),
            _ => self.fail(format!("the value of \"{}\" is missing", path.join("."))),
        }
    }

    fn bare(&mut self) -> Result<Value, Fault> {
        let rest = self.rest();
        let end = rest.find([' ', '\t', '\r', '\n', ',', '}', '#']).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        let value = match word.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => match whole_number(&word) {
                Some(number) => Value::Number(number),
                None if word.parse::<f64>().is_ok() => {
                    return self.fail(format!("{word} is not a whole number"));
                }
                None => return self.fail(format!("{word} needs quotes: \"{word}\"")),
            },
        };
        self.at += end;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let quote = if self.peek() == Some('\'') { '\'' } else { '"' };
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let long = self.rest().starts_with(&triple);
        self.at += if long { 3 } else { 1 };
        if long && !self.eat('\n') && self.rest().starts_with("\r\n") {
            self.at += 2;
        }
        let mut text = String::new();
        loop {
            if long && self.rest().starts_with(&triple) {
                self.at += 3;
                // Up to two quotes may stand directly before the closing ones.
                while self.eat(quote) {
                    text.push(quote);
                }
                return Ok(text);
            }
            match self.next() {
                Some(c) if c == quote && !long => return Ok(text),
                Some('\n') if !long => {
                    self.at = start;
                    return self.fail("the string is not closed");
                }
                Some('\\') if quote == '"' => self.escape(&mut text, long)?,
                Some(c) => text.push(c),
                None => {
                    self.at = start;
                    return self.fail("the string is not closed");
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String, long: bool) -> Result<(), Fault> {
        let c = match self.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('e') => '\u{1b}',
            Some('"') => '"',
            Some('\\') => '\\',
            Some('x') => self.unicode(2)?,
            Some('u') => self.unicode(4)?,
            Some('U') => self.unicode(8)?,
            Some('\n' | ' ' | '\t' | '\r') if long => {
                while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
                    self.at += 1;
                }
                return Ok(());
            }
            _ => return self.fail("this escape is not known; write a backslash as \\\\"),
        };
        text.push(c);
        Ok(())
    }

    fn unicode(&mut self, digits: usize) -> Result<char, Fault> {
        let code = self
            .rest()
            .get(..digits)
            .filter(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()));
        let c = code
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        match c {
            Some(c) => {
                self.at += digits;
                Ok(c)
            }
            None => self.fail(format!("{digits} hexadecimal digits of a character must follow")),
        }
    }

    fn refuse_duplicates(&self) -> Result<(), Fault> {
        let mut seen: Vec<(&str, usize)> = self.entries.iter().map(|e| (e.path.as_str(), e.key_start)).collect();
        seen.sort_unstable();
        for pair in seen.windows(2) {
            if let [(first, _), (second, at)] = pair
                && first == second
            {
                return Err(Fault {
                    at: *at,
                    message: format!("\"{first}\" is set twice"),
                });
            }
        }
        Ok(())
    }
}

/// A decimal whole number; underscores only between digits.
fn whole_number(word: &str) -> Option<i128> {
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    let fine = digits
        .split('_')
        .all(|group| !group.is_empty() && group.chars().all(|c| c.is_ascii_digit()));
    let canonical = digits == "0" || !digits.starts_with('0');
    if fine && canonical {
        word.replace('_', "").parse().ok()
    } else {
        None
    }
}

/// A string as TOML, on one line.
#[must_use]
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Value {
        let entries = parse(&format!("k = {text}\n")).unwrap();
        assert_eq!(entries.len(), 1, "{text}");
        entries[0].value.clone()
    }

    #[test]
    fn values() {
        assert_eq!(one("12"), Value::Number(12));
        assert_eq!(one("1_000 # comment"), Value::Number(1000));
        assert_eq!(one("-3"), Value::Number(-3));
        assert_eq!(one("true"), Value::Bool(true));
        assert_eq!(one(r#""a # \"b\" \u00e9\n""#), Value::Text("a # \"b\" \u{e9}\n".into()));
        assert_eq!(one(r"'C:\n'"), Value::Text(r"C:\n".into()));
        assert_eq!(
            one("\"\"\"\none\ntwo \\\n   three\"\"\""),
            Value::Text("one\ntwo three".into())
        );
        assert_eq!(one("'''it''s'''"), Value::Text("it''s".into()));
    }

    #[test]
    fn paths() {
        let entries = parse("a.b = 1\nt = { x = 2, y.z = 3 }\n[u]\nv = 4\n").unwrap();
        let paths: Vec<_> = entries.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, ["a.b", "t.x", "t.y.z", "u.v"]);
        assert!(entries[1].inline_end.is_some() && entries[0].inline_end.is_none());
        assert_eq!(entries[3].header_parts, 1);
    }

    #[test]
    fn refusals_name_the_place() {
        for (text, at, part) in [
            ("a = 1\nb\n", 7, "\"=\" is missing"),
            ("a = 1 2\n", 6, "something after"),
            ("a = \n", 4, "value of \"a\" is missing"),
            ("a = 3.5\n", 4, "not a whole number"),
            ("a = fair\n", 4, "needs quotes"),
            ("a = 007\n", 4, "not a whole number"),
            ("a = \"x\nb = 1\n", 4, "not closed"),
            ("a = [1]\n", 4, "lists"),
            ("[[a]]\n", 1, "arrays of tables"),
            ("a = 1\na = 2\n", 6, "set twice"),
            ("a = { b = 1\n", 11, "missing"),
            ("a = \"\\q\"", 7, "escape"),
            ("= 1", 0, "key is missing"),
        ] {
            let fault = parse(text).unwrap_err();
            assert!(fault.message.contains(part) && fault.at == at, "{text:?}: {fault:?}");
        }
        let deep = "a = ".to_owned() + &"{a=".repeat(100_000);
        assert!(parse(&deep).is_err());
    }

    #[test]
    fn quoting_round_trips() {
        for text in ["", "plain", "a\"b\\c\n\t\r\u{7f}\u{1}é🧵"] {
            assert_eq!(one(&quote(text)), Value::Text(text.into()));
        }
    }
}
