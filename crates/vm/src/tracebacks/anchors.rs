//! Which part of an expression is to blame: CPython's `_extract_caret_anchors_from_line_segment`.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

/// The operator, brackets or argument list inside a segment: lines from 0, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchors {
    /// Where the blamed part begins.
    pub left: (usize, usize),
    /// Behind it.
    pub right: (usize, usize),
}

/// The segment's lines as characters.
struct Text {
    lines: Vec<Vec<char>>,
}

/// In front of the segment for parsing.
const OPEN: &str = "(\n";

impl Text {
    /// Line and column of a byte offset into the wrapped text.
    fn place(&self, wrapped: &str, offset: usize) -> (usize, usize) {
        let before = wrapped.get(OPEN.len()..offset).unwrap_or_default();
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().map_or(0, |s| s.chars().count());
        (line, column)
    }

    /// The next character from here that is no space, closing parenthesis, comment or line joint.
    fn next_valid(&self, (mut line, mut column): (usize, usize)) -> Option<(usize, usize)> {
        loop {
            let text = self.lines.get(line)?;
            match text.get(column) {
                None | Some('\\' | '#') => {
                    line += 1;
                    column = 0;
                }
                Some(c) if c.is_whitespace() || *c == ')' => column += 1,
                Some(_) => return Some((line, column)),
            }
        }
    }
}

/// The anchors of a segment, if it is an operation, a subscript or a call.
pub fn anchors(segment: &str) -> Option<Anchors> {
    let wrapped = format!("{OPEN}{segment}\n)");
    let parsed = ruff_python_parser::parse_module(&wrapped).ok()?;
    let Stmt::Expr(statement) = parsed.syntax().body.first()? else {
        return None;
    };
    let text = Text {
        lines: segment.split('\n').map(|l| l.chars().collect()).collect(),
    };
    let end = |e: &Expr| text.place(&wrapped, usize::from(e.end()));
    match &*statement.value {
        Expr::BinOp(op) => {
            let (line, column) = text.next_valid(end(&op.left))?;
            let (right_line, right_column) = text.place(&wrapped, usize::from(op.right.start()));
            let mut behind = column + 1;
            if let Some(&c) = text.lines.get(line)?.get(behind)
                && (right_line > line || behind < right_column)
                && !c.is_whitespace()
                && c != '\\'
                && c != '#'
            {
                behind += 1;
            }
            Some(Anchors {
                left: (line, column),
                right: (line, behind),
            })
        }
        Expr::Subscript(subscript) => {
            let left = text.next_valid(end(&subscript.value))?;
            let mut at = text.next_valid(end(&subscript.slice))?;
            while text.lines.get(at.0)?.get(at.1) != Some(&']') {
                at.1 += 1;
                at = text.next_valid(at)?;
            }
            Some(Anchors {
                left,
                right: (at.0, at.1 + 1),
            })
        }
        Expr::Call(call) => {
            let left = text.next_valid(end(&call.func))?;
            let last = text.lines.len() - 1;
            Some(Anchors {
                left,
                right: (last, text.lines[last].len()),
            })
        }
        _ => None,
    }
}

/// Is the segment the whole of a call that stands alone, is assigned or (of a plain name) returned? Then it needs no carets.
pub fn whole_statement(lines: &str, start: usize, end: usize) -> bool {
    let Ok(parsed) = ruff_python_parser::parse_module(lines) else {
        return false;
    };
    let value = match parsed.syntax().body.first() {
        Some(Stmt::Return(r)) => match r.value.as_deref() {
            Some(e @ Expr::Call(c)) if matches!(&*c.func, Expr::Name(_)) => e,
            _ => return false,
        },
        Some(Stmt::Assign(a)) => match &*a.value {
            e @ Expr::Call(_) => e,
            _ => return false,
        },
        _ => return false,
    };
    let count = |to: usize| lines.get(..to).map_or(0, |s| s.matches('\n').count());
    let column = |to: usize| lines.get(..to).and_then(|s| s.rsplit('\n').next()).map_or(0, str::len);
    let (from, to) = (usize::from(value.start()), usize::from(value.end()));
    count(from) == 0 && count(to) == lines.matches('\n').count() && column(from) == start && column(to) == end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_operators_brackets_and_arguments() {
        let at = |s: &str| anchors(s).map(|a| (a.left, a.right));
        assert_eq!(at("a // b"), Some(((0, 2), (0, 4))));
        assert_eq!(at("x['k']"), Some(((0, 1), (0, 6))));
        assert_eq!(at("f(1, 2)"), Some(((0, 1), (0, 7))));
        assert_eq!(at("name"), None);
    }
}
