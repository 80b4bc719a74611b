//! The source lines under a traceback entry, with the markers: `StackSummary.format_frame_summary` of CPython 3.13.

use super::anchors::{Anchors, anchors, whole_statement};
use heddle_compiler::Position;

/// What is printed below `File …`: lines indented by four, markers included. `source` gives a line (from 1) without its newline.
pub fn lines_of(position: Position, source: impl Fn(u32) -> Option<String>) -> Option<String> {
    let first = source(position.line)?;
    if position.end_line < position.line || position.end_line == 0 {
        return Some(format!("    {}\n", first.trim()));
    }
    let mut original = Vec::new();
    for line in position.line..=position.end_line {
        original.push(source(line)?);
    }
    let dedented = dedent(&original);
    if dedented.iter().all(|l| l.trim().is_empty()) {
        return None;
    }
    let removed = original[0].chars().count() - dedented[0].chars().count();
    let last = original.len() - 1;
    let column = |line: &str, byte: u32| line.char_indices().take_while(|(i, _)| *i < byte as usize).count();
    let start = column(&original[0], position.col).saturating_sub(removed);
    let end = column(&original[last], position.end_col).saturating_sub(removed);
    Some(marked(&dedented, start, end))
}

/// Takes the margin that all lines share away (empty lines do not count), and spaces at the ends.
fn dedent(lines: &[String]) -> Vec<String> {
    let margin = lines
        .iter()
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.len() - l.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    lines
        .iter()
        .map(|l| l.get(margin..).unwrap_or_default().trim_end().to_owned())
        .collect()
}

fn marked(lines: &[String], start: usize, end: usize) -> String {
    let last = lines.len() - 1;
    let joined = lines.join("\n");
    let total = joined.chars().count();
    let behind = lines[last].chars().count().saturating_sub(end);
    let segment: String = joined
        .chars()
        .skip(start)
        .take(total.saturating_sub(behind + start))
        .collect();
    let found = anchors(&segment);
    let carets = show_carets(lines, start, end, found);
    let mut significant = vec![0, last];
    if let Some(a) = found {
        for at in [a.left.0, a.right.0] {
            significant.extend([at.wrapping_sub(1), at, at + 1]);
        }
    }
    significant.retain(|&l| l <= last);
    significant.sort_unstable();
    significant.dedup();
    let mut out = Vec::new();
    for (i, &line) in significant.iter().enumerate() {
        if i > 0 {
            match line - significant[i - 1] {
                1 => {}
                2 => output(&mut out, lines, line - 1, start, end, found, carets),
                gap => out.push(format!("...<{} lines>...", gap - 1)),
            }
        }
        output(&mut out, lines, line, start, end, found, carets);
    }
    out.iter().map(|l| format!("    {l}\n")).collect()
}

fn show_carets(lines: &[String], start: usize, end: usize, found: Option<Anchors>) -> bool {
    if whole_statement(&lines.join("\n"), start, end) {
        return false;
    }
    if found.is_some() {
        return true;
    }
    let before: String = lines[0].chars().take(start).collect();
    let behind: String = lines[lines.len() - 1].chars().skip(end).collect();
    !before.trim().is_empty() || !behind.trim_end().is_empty()
}

/// One line and, if wanted, the markers below it.
fn output(
    out: &mut Vec<String>,
    lines: &[String],
    line: usize,
    start: usize,
    end: usize,
    found: Option<Anchors>,
    carets: bool,
) {
    let text = &lines[line];
    out.push(text.clone());
    if !carets {
        return;
    }
    let spaces = text.chars().take_while(|c| c.is_whitespace()).count();
    let width = if line + 1 == lines.len() {
        end
    } else {
        text.chars().count()
    };
    let shift = |(l, c): (usize, usize)| (l, if l == 0 { c + start } else { c });
    let mut row = String::new();
    for column in 0..width {
        let blank = column < spaces || (line == 0 && column < start);
        row.push(match found {
            _ if blank => ' ',
            Some(a) if (line, column) >= shift(a.left) && (line, column) < shift(a.right) => '^',
            Some(_) => '~',
            None => '^',
        });
    }
    out.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_the_operator() {
        let position = Position {
            line: 1,
            end_line: 1,
            col: 4,
            end_col: 13,
        };
        let text = lines_of(position, |_| Some("x = a + b[0] / 0".to_owned()));
        assert_eq!(
            text.as_deref(),
            Some(
                "    x = a + b[0] / 0\n        ~~^~~~~~\n"
                    .replace("~~^~~~~~\n", "~~^~~~~~~\n")
                    .as_str()
            )
        );
    }

    #[test]
    fn leaves_whole_lines_unmarked() {
        let position = Position {
            line: 1,
            end_line: 1,
            col: 0,
            end_col: 5,
        };
        assert_eq!(
            lines_of(position, |_| Some("raise".to_owned())).as_deref(),
            Some("    raise\n")
        );
    }
}
