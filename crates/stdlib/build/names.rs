//! The table of Unicode's names in the form that `heddle_names` reads.

use std::fmt::Write as _;

/// The first and last Hangul syllable: their names are computed.
const HANGUL: std::ops::RangeInclusive<u32> = 0xAC00..=0xD7A3;

pub fn table() -> String {
    let mut table = String::new();
    // The next code point a reader expects; the prefix of the range that is open, and its last code point.
    let mut next = 0;
    let mut open: Option<(String, u32)> = None;
    for code in (0..=char::MAX as u32).filter(|code| !HANGUL.contains(code)) {
        let Some(name) = char::from_u32(code).and_then(unicode_names2_16::name) else {
            continue;
        };
        let name = name.to_string();
        let prefix = name
            .strip_suffix(&format!("{code:04X}"))
            .filter(|prefix| prefix.ends_with('-'));
        if let (Some((before, last)), Some(prefix)) = (&mut open, prefix)
            && before == prefix
            && *last + 1 == code
        {
            *last = code;
            continue;
        }
        close(&mut table, &mut open, &mut next);
        if code != next {
            let _ = writeln!(table, "={code:X}");
            next = code;
        }
        match prefix {
            Some(prefix) => open = Some((prefix.to_owned(), code)),
            None => {
                let _ = writeln!(table, "{name}");
                next = code + 1;
            }
        }
    }
    close(&mut table, &mut open, &mut next);
    table.push('@');
    let aliases = std::fs::read_to_string("aliases.txt").expect("aliases.txt stands in the crate");
    for line in aliases.lines().filter(|line| !line.starts_with('#')) {
        let _ = write!(table, "\n{line}");
    }
    table
}

fn close(table: &mut String, open: &mut Option<(String, u32)>, next: &mut u32) {
    if let Some((prefix, last)) = open.take() {
        let _ = writeln!(table, "~{last:X} {prefix}");
        *next = last + 1;
    }
}
