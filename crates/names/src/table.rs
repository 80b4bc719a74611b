//! The table of names, read once: where each name stands in the text.

use rustc_hash::FxHashMap;
use std::ops::Range;
use std::rc::Rc;

/// See the module and the crate.
pub struct Table {
    text: Rc<str>,
    /// Code points with names of their own, ascending, and where in the text.
    names: Vec<(u32, Range<u32>)>,
    /// First and last code point, and where the prefix of their names is.
    ranges: Vec<(u32, u32, Range<u32>)>,
    /// Code points by name and alias.
    by_name: FxHashMap<Box<str>, u32>,
}

impl Table {
    /// Reads a table. A line that makes no sense names nothing.
    pub fn new(text: Rc<str>) -> Table {
        let mut table = Table {
            names: Vec::new(),
            ranges: Vec::new(),
            by_name: FxHashMap::default(),
            text: Rc::clone(&text),
        };
        let (mut at, mut next, mut aliases) = (0u32, 0u32, false);
        for line in text.split('\n') {
            let start = at;
            at += line.len() as u32 + 1;
            if aliases {
                if let Some((code, alias)) = line.split_once(' ')
                    && let Some(code) = hex(code)
                {
                    table.by_name.insert(alias.into(), code);
                }
            } else if let Some(code) = line.strip_prefix('=') {
                next = hex(code).unwrap_or(next);
            } else if let Some((last, prefix)) = line.strip_prefix('~').and_then(|rest| rest.split_once(' ')) {
                let last = hex(last).unwrap_or(next);
                table.ranges.push((next, last, at - 1 - prefix.len() as u32..at - 1));
                next = last.saturating_add(1);
            } else if line == "@" {
                aliases = true;
            } else {
                table.names.push((next, start..at - 1));
                table.by_name.insert(line.into(), next);
                next += 1;
            }
        }
        table
    }

    fn text(&self, place: &Range<u32>) -> &str {
        self.text
            .get(place.start as usize..place.end as usize)
            .unwrap_or_default()
    }

    /// The name of a character.
    pub fn name(&self, character: char) -> Option<String> {
        let code = character as u32;
        if let Ok(at) = self.names.binary_search_by_key(&code, |(known, _)| *known) {
            return Some(self.text(&self.names[at].1).to_owned());
        }
        let (.., prefix) = self
            .ranges
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&code))?;
        Some(format!("{}{code:04X}", self.text(prefix)))
    }

    /// The character of a name or alias in capitals.
    pub fn character(&self, name: &str) -> Option<char> {
        if let Some(&code) = self.by_name.get(name) {
            return char::from_u32(code);
        }
        self.ranges.iter().find_map(|(first, last, prefix)| {
            let digits = name.strip_prefix(self.text(prefix))?;
            let code = hex(digits).filter(|code| (*first..=*last).contains(code) && format!("{code:04X}") == digits)?;
            char::from_u32(code)
        })
    }
}

fn hex(digits: &str) -> Option<u32> {
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_ranges_and_aliases() {
        let table = Table::new("=41\nLATIN CAPITAL LETTER A\nLATIN CAPITAL LETTER B\n=3400\n~3402 CJK UNIFIED IDEOGRAPH-\nNEXT\n@\nA LINE FEED".into());
        assert_eq!(table.name('B').as_deref(), Some("LATIN CAPITAL LETTER B"));
        assert_eq!(table.name('C'), None);
        assert_eq!(table.name('\u{3402}').as_deref(), Some("CJK UNIFIED IDEOGRAPH-3402"));
        assert_eq!(table.name('\u{3403}').as_deref(), Some("NEXT"));
        assert_eq!(table.character("CJK UNIFIED IDEOGRAPH-3401"), Some('\u{3401}'));
        assert_eq!(table.character("CJK UNIFIED IDEOGRAPH-03401"), None);
        assert_eq!(table.character("CJK UNIFIED IDEOGRAPH-3404"), None);
        assert_eq!(table.character("LATIN CAPITAL LETTER A"), Some('A'));
        assert_eq!(table.character("LINE FEED"), Some('\n'));
        assert_eq!(table.name('\n'), None);
    }
}
