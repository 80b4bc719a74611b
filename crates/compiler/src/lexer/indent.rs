//! Indentation: the start of each logical line.

use super::{Kind, Lexer, Step};
use crate::errors::SyntaxErrorKind;
use crate::source::Loc;
use ruff_text_size::TextSize;

/// CPython's `MAXINDENT`.
const MAX_INDENTS: usize = 100;

/// The open levels of indentation, measured with tabs to columns of 8 and of 1, which must agree.
#[derive(Default)]
pub(super) struct Indents(Vec<(u32, u32)>);

impl Indents {
    pub fn depth(&self) -> usize {
        self.0.len()
    }
}

impl Lexer<'_> {
    /// Measures the indentation of a line and notes how it changes. Blank lines do not count.
    pub(super) fn line_start(&mut self) -> Step {
        let start = self.at;
        let (mut column, mut alternate) = (0u32, 0u32);
        loop {
            match self.peek(0) {
                b' ' => {
                    column += 1;
                    alternate += 1;
                }
                b'\t' => {
                    column = (column / 8 + 1) * 8;
                    alternate += 1;
                }
                b'\x0c' => (column, alternate) = (0, 0),
                _ => break,
            }
            self.at += 1;
        }
        match self.peek(0) {
            b'#' => {
                self.comment();
                return Ok(());
            }
            b'\n' | b'\r' => {
                self.at += 1;
                return Ok(());
            }
            _ if self.at >= self.bytes.len() => return Ok(()),
            b'\\' if matches!(self.peek(1), b'\n' | b'\r') => {
                // A line that is only continued: its indentation is that of the first part.
                self.continuation()?;
                while matches!(self.peek(0), b' ' | b'\t') {
                    self.at += 1;
                }
            }
            _ => {}
        }
        self.at_line_start = false;
        self.change_indent(start, column, alternate)
    }

    fn change_indent(&mut self, start: usize, column: u32, alternate: u32) -> Step {
        let (last, last_alternate) = self.indents.0.last().copied().unwrap_or((0, 0));
        if column == last {
            return if alternate == last_alternate {
                Ok(())
            } else {
                Err(self.inconsistent())
            };
        }
        if column > last {
            if self.indents.0.len() + 1 >= MAX_INDENTS {
                let loc = self.line_loc();
                return Err(self.error_kind(SyntaxErrorKind::Indentation, loc, "too many levels of indentation"));
            }
            if alternate <= last_alternate {
                return Err(self.inconsistent());
            }
            self.indents.0.push((column, alternate));
            self.push(Kind::Indent, start, self.at);
            return Ok(());
        }
        while self.indents.0.last().is_some_and(|(open, _)| column < *open) {
            self.indents.0.pop();
            self.push(Kind::Dedent, self.at, self.at);
        }
        let (last, last_alternate) = self.indents.0.last().copied().unwrap_or((0, 0));
        if column != last {
            let loc = self.line_loc();
            let message = "unindent does not match any outer indentation level";
            return Err(self.error_kind(SyntaxErrorKind::Indentation, loc, message));
        }
        if alternate != last_alternate {
            return Err(self.inconsistent());
        }
        Ok(())
    }

    fn inconsistent(&self) -> Box<crate::errors::SyntaxError> {
        let message = "inconsistent use of tabs and spaces in indentation";
        let line = self.line_loc().line;
        self.error_kind(SyntaxErrorKind::Tab, Loc::line_start(line), message)
    }

    /// The end of the line, where CPython's tokenizer stands when it complains.
    fn line_loc(&self) -> Loc {
        let line = self.source.line(TextSize::new(self.at as u32));
        let length = self
            .source
            .line_text(line)
            .map_or(0, |text| text.trim_end_matches(['\n', '\r']).len()) as i32;
        Loc {
            line,
            end_line: line,
            col: length,
            end_col: length,
        }
    }
}
