//! Writes indentation as the packed sources have it: see `src/pack/indent.rs`, which reads it.

/// The deepest indentation that is written as a number; what is deeper begins with spaces.
const DEEPEST: usize = 90;

/// A module's source in packed form: valid UTF-8 too, and shorter but for a few short modules.
pub fn pack(source: &str) -> String {
    let (mut out, mut before) = (String::with_capacity(source.len()), 0);
    for (number, line) in source.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        if line.is_empty() {
            continue;
        }
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let depth = spaces.min(DEEPEST);
        let rest = &line[depth..];
        // A line that could be taken for something else is written out.
        let plain = rest.bytes().next().is_some_and(|first| first > b'\x0e');
        match depth.abs_diff(before) {
            0 if plain => {}
            4 if plain && depth > before => out.push('\x01'),
            less @ (4 | 8 | 12 | 16 | 20 | 24 | 28) if plain && depth < before => {
                out.push(char::from(less as u8 / 4 + 1))
            }
            _ => out.extend(['\x0e', char::from(b' ' + depth as u8)]),
        }
        out.push_str(rest);
        before = depth;
    }
    out
}
