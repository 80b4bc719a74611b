//! What a run has written, joined into lines as it comes. One value shared by everything that draws; a version number tells
//! Yew when it has changed. A program may write without end, so only the last lines are kept, with their number.

use heddle_protocol::OutputChunk;
use heddle_trace::{ProcessId, ThreadId, ThreadKey};
use std::cell::{Ref, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// More lines than this are not kept.
pub const KEPT_LINES: usize = 2_000;
/// A piece goes on where its thread left off, if that is not further back than this.
const OPEN_LINES: usize = 64;

/// A line of output, made of the pieces that one thread wrote to one stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// When its first piece was written, in virtual ns.
    pub time_ns: u64,
    /// Whether it went to stderr.
    pub is_error: bool,
    /// Who wrote it.
    pub thread: ThreadKey,
    /// The text, without the line break.
    pub text: String,
    ended: bool,
}

impl Line {
    /// The line of the program that a traceback's frame names.
    pub fn frame(&self, file: &str) -> Option<u32> {
        // Groups of exceptions are drawn with bars at the left.
        let text = self.text.trim_start_matches([' ', '|']);
        let rest = text.strip_prefix("File \"")?.strip_prefix(file)?;
        let rest = rest.strip_prefix("\", line ")?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok().filter(|line| *line > 0)
    }
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Written {
    lines: Rc<RefCell<Lines>>,
    version: u64,
}

/// The lines that are kept.
#[derive(Debug, Default)]
pub struct Lines {
    kept: VecDeque<Line>,
    dropped: usize,
    ended: usize,
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && Rc::ptr_eq(&self.lines, &other.lines)
    }
}

impl Written {
    /// Adds what was written since.
    pub fn add(&mut self, chunks: &[OutputChunk]) {
        if chunks.is_empty() {
            return;
        }
        let mut lines = self.lines.borrow_mut();
        for chunk in chunks {
            lines.add(chunk);
        }
        drop(lines);
        self.version += 1;
    }

    /// To read them.
    pub fn read(&self) -> Ref<'_, Lines> {
        self.lines.borrow()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.version == 0
    }
}

impl Lines {
    /// The last `count` lines.
    pub fn last(&self, count: usize) -> impl Iterator<Item = &Line> {
        self.kept.iter().skip(self.kept.len().saturating_sub(count))
    }

    /// How many lines there are, ended or not, those that were not kept too.
    pub fn total(&self) -> usize {
        self.dropped + self.kept.len()
    }

    /// How many lines have been ended.
    pub fn ended(&self) -> usize {
        self.ended
    }

    /// Joins pieces into lines: a piece goes on where its own thread and stream left off.
    fn add(&mut self, chunk: &OutputChunk) {
        let thread = ThreadKey {
            process: ProcessId(chunk.process),
            thread: ThreadId(chunk.thread),
        };
        for piece in chunk.text.split_inclusive('\n') {
            let ended = piece.ends_with('\n');
            let text = piece.strip_suffix('\n').unwrap_or(piece);
            self.ended += usize::from(ended);
            let mut latest = self.kept.iter_mut().rev().take(OPEN_LINES);
            let open = latest.find(|line| line.thread == thread && line.is_error == chunk.is_error);
            match open {
                Some(line) if !line.ended => {
                    line.text.push_str(text);
                    line.ended = ended;
                }
                _ => self.kept.push_back(Line {
                    time_ns: chunk.time_ns,
                    is_error: chunk.is_error,
                    thread,
                    text: text.to_owned(),
                    ended,
                }),
            }
        }
        while self.kept.len() > KEPT_LINES {
            self.kept.pop_front();
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(thread: u32, is_error: bool, text: &str) -> OutputChunk {
        OutputChunk {
            time_ns: u64::from(thread),
            is_error,
            process: 1,
            thread,
            text: text.into(),
        }
    }

    #[test]
    fn pieces_join_by_thread_and_stream() {
        let mut written = Written::default();
        written.add(&[chunk(1, false, "a"), chunk(2, false, "b\n")]);
        written.add(&[chunk(1, false, "c\nd"), chunk(1, true, "e\n")]);
        let lines = written.read();
        let texts: Vec<_> = lines.last(9).map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["ac", "b", "d", "e"]);
        assert_eq!((lines.total(), lines.ended()), (4, 3));
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        let mut written = Written::default();
        for n in 0..KEPT_LINES + 10 {
            written.add(&[chunk(1, false, &format!("{n}\n"))]);
        }
        let lines = written.read();
        assert_eq!(lines.total(), KEPT_LINES + 10);
        assert_eq!(lines.last(KEPT_LINES + 10).count(), KEPT_LINES);
        assert_eq!(
            lines.last(1).next().map(|line| line.text.clone()),
            Some(format!("{}", KEPT_LINES + 9))
        );
    }

    #[test]
    fn frames_of_the_program_are_found() {
        let frame = |text: &str| {
            let mut written = Written::default();
            written.add(&[chunk(1, true, text)]);
            let lines = written.read();
            lines.last(1).next().and_then(|line| line.frame("main.py"))
        };
        assert_eq!(frame("  File \"main.py\", line 12, in f"), Some(12));
        assert_eq!(frame("  |   File \"main.py\", line 3"), Some(3));
        assert_eq!(
            frame("  File \"/usr/lib/python3.14/threading.py\", line 12, in run"),
            None
        );
        assert_eq!(frame("  File \"main.py\", line 99999999999999999999"), None);
        assert_eq!(frame("File \"main.py\", line x"), None);
    }
}
