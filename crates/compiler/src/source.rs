//! The source text and the places in it.

use std::rc::Rc;

use ruff_text_size::{TextRange, TextSize};

use crate::code::Position;
use crate::errors::{SyntaxError, SyntaxErrorKind};

/// A shared identifier.
pub(crate) type Ident = Rc<str>;

/// Where an instruction comes from, while it is being worked on: as [`Position`], with negative lines for "nowhere".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Loc {
    pub line: i32,
    pub end_line: i32,
    pub col: i32,
    pub end_col: i32,
}

impl Loc {
    /// No place: takes one over from its neighbours.
    pub const NONE: Loc = Loc {
        line: -1,
        end_line: -1,
        col: -1,
        end_col: -1,
    };
    /// The place of the next instruction.
    pub const NEXT: Loc = Loc {
        line: -2,
        end_line: -2,
        col: -2,
        end_col: -2,
    };

    /// The start of a line, as functions and classes have for their first instructions.
    pub fn line_start(line: i32) -> Loc {
        Loc {
            line,
            end_line: line,
            col: 0,
            end_col: 0,
        }
    }

    /// A whole line, without columns.
    pub fn whole_line(line: i32) -> Loc {
        Loc {
            line,
            end_line: line,
            col: -1,
            end_col: -1,
        }
    }

    pub fn position(self) -> Position {
        if self.line < 0 {
            return Position::default();
        }
        Position {
            line: self.line as u32,
            end_line: self.end_line.max(0) as u32,
            col: self.col.max(0) as u32,
            end_col: self.end_col.max(0) as u32,
        }
    }
}

/// A source text with the starts of its lines.
pub(crate) struct Source<'a> {
    pub text: &'a str,
    pub filename: Rc<str>,
    /// Byte offset of each line.
    lines: Vec<u32>,
}

impl<'a> Source<'a> {
    pub fn new(text: &'a str, filename: &str) -> Source<'a> {
        let bytes = text.as_bytes();
        let mut lines = vec![0];
        for (index, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(index + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                lines.push(index as u32 + 1);
            }
        }
        Source {
            text,
            filename: Rc::from(filename),
            lines,
        }
    }

    /// The offset behind the last character.
    pub fn end(&self) -> TextSize {
        TextSize::new(self.text.len() as u32)
    }

    /// The text of a range.
    pub fn slice(&self, range: TextRange) -> &'a str {
        self.text
            .get(range.start().to_usize()..range.end().to_usize())
            .unwrap_or("")
    }

    /// Line (from 1) and column (bytes, from 0) of an offset.
    pub fn line_col(&self, offset: TextSize) -> (i32, i32) {
        let offset = offset.to_u32();
        let line = self.lines.partition_point(|&start| start <= offset);
        let start = self.lines.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        // A byte order mark is no column.
        let mark = if line == 1 && self.text.starts_with('\u{feff}') {
            3
        } else {
            0
        };
        (line as i32, (offset - start).saturating_sub(mark) as i32)
    }

    /// The line of an offset.
    pub fn line(&self, offset: TextSize) -> i32 {
        self.line_col(offset).0
    }

    /// The place of a range.
    pub fn loc_of(&self, range: TextRange) -> Loc {
        let (line, col) = self.line_col(range.start());
        let (end_line, end_col) = self.line_col(range.end());
        Loc {
            line,
            end_line,
            col,
            end_col,
        }
    }

    /// The text of a line (from 1), with its newline.
    pub fn line_text(&self, line: i32) -> Option<&'a str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = *self.lines.get(index)? as usize;
        let end = self.lines.get(index + 1).map_or(self.text.len(), |&end| end as usize);
        self.text.get(start..end)
    }

    /// Column in characters, from 1, of a column in bytes.
    fn char_column(&self, line: i32, col: i32) -> u32 {
        let Some(text) = self.line_text(line) else {
            return col.max(0) as u32 + 1;
        };
        let text = if line == 1 {
            text.trim_start_matches('\u{feff}')
        } else {
            text
        };
        let mut end = (col.max(0) as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let beyond = (col.max(0) as usize).saturating_sub(text.len());
        (text[..end].chars().count() + beyond) as u32 + 1
    }

    /// An error at a place.
    pub fn error_at(&self, kind: SyntaxErrorKind, loc: Loc, message: impl Into<String>) -> Box<SyntaxError> {
        let (line, end_line) = (loc.line.max(0), loc.end_line.max(0));
        let column = if loc.line > 0 {
            self.char_column(line, loc.col)
        } else {
            0
        };
        let end_column = if loc.line > 0 {
            self.char_column(end_line, loc.end_col)
        } else {
            0
        };
        Box::new(SyntaxError {
            kind,
            message: message.into(),
            line: line as u32,
            column,
            end_line: end_line as u32,
            end_column,
            endless: false,
            text: self.line_text(line).map(str::to_string),
        })
    }

    /// A `SyntaxError` about a range.
    pub fn error(&self, range: TextRange, message: impl Into<String>) -> Box<SyntaxError> {
        self.error_at(SyntaxErrorKind::Syntax, self.loc_of(range), message)
    }

    /// The offset behind a semicolon that follows on the line, or else the same offset.
    pub fn skip_semicolon(&self, offset: TextSize) -> TextSize {
        let rest = self.text.as_bytes().get(offset.to_usize()..).unwrap_or(&[]);
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if rest.get(blanks) == Some(&b';') {
            offset + TextSize::new(blanks as u32 + 1)
        } else {
            offset
        }
    }

    /// The offset of the next token at or behind an offset: skips white space, line ends, comments and continuations.
    pub fn skip_trivia(&self, offset: TextSize) -> TextSize {
        let bytes = self.text.as_bytes();
        let mut at = offset.to_usize();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'\\' => at += 1,
                b'#' => {
                    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        TextSize::new(at as u32)
    }
}
