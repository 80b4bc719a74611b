//! Indentation in packed sources. Most lines are indented like the one before, so that is what is written: nothing. Other lines begin
//! with a byte: 1 is a step of four spaces deeper, 2 to 8 are one to seven such steps less deep, 14 and a byte `n` are `n - 32` spaces. An
//! empty line is that, and does not count as the one before. This saves a thirtieth of the compressed size.

/// The spaces of one step.
const STEP: usize = 4;

/// A source as it was before it was packed.
pub fn unpack(packed: &str, size: usize) -> String {
    let mut out = String::with_capacity(size);
    let mut depth = 0usize;
    for (number, line) in packed.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        if line.is_empty() {
            continue;
        }
        let mut rest = line;
        match line.as_bytes() {
            [1, ..] => (depth, rest) = (depth + STEP, line.get(1..).unwrap_or_default()),
            [steps @ 2..=8, ..] => {
                depth = depth.saturating_sub((*steps as usize - 1) * STEP);
                rest = line.get(1..).unwrap_or_default();
            }
            [14, spaces, ..] => {
                depth = spaces.saturating_sub(b' ').into();
                rest = line.get(2..).unwrap_or_default();
            }
            _ => {}
        }
        out.extend(std::iter::repeat_n(' ', depth));
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn lines_are_indented_as_they_were() {
        let packed = "def f():\n\u{1}if x:\n\u{1}return\n\nagain\n\u{3}\u{c}\n\u{e}'odd\n\u{e} \n";
        let source = "def f():\n    if x:\n        return\n\n        again\n\u{c}\n       odd\n\n";
        assert_eq!(unpack(packed, 0), source);
    }
}
