//! Unicode's properties of characters, for `unicodedata`; `normal` builds on what characters are made of.
//!
//! # The table
//!
//! Lines, beginning at code point 0: a number of characters that are alike, and their properties, each behind a `;`: general category,
//! direction, width ("": N), combining class ("": 0), "Y" if mirrored, number (`D` decimal digit, `d` digit, `n` other, and its value),
//! category and direction in Unicode 3.2 ("": the same; "-": none), decomposition (behind a `!` where composing does not bring the character back).
//! What is missing at the end of a line is empty.

use crate::Source;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

static SOURCE: OnceLock<Source> = OnceLock::new();

thread_local! {
    static TABLE: RefCell<Option<Rc<Table>>> = const { RefCell::new(None) };
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    Category = 1,
    Direction = 2,
    Width = 3,
    Combining = 4,
    Mirrored = 5,
    Number = 6,
    OldCategory = 7,
    OldDirection = 8,
    MadeOf = 9,
}

/// What is known of all characters.
#[derive(Debug)]
pub struct Table {
    text: Rc<str>,
    /// The first code point of each line, ascending, and where the line begins in the text.
    lines: Vec<(u32, u32)>,
}

/// The number a character stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A decimal digit's value.
    Decimal(u8),
    /// The value of a digit that does not make numbers with others, as superscripts.
    Digit(u8),
    /// Every other number's value.
    Other(f64),
}

/// Says where the table is. The first call counts.
pub fn set_source(source: Source) {
    SOURCE.get_or_init(|| source);
}

/// The table. None: it is not here (yet).
pub fn table() -> Option<Rc<Table>> {
    TABLE.with_borrow_mut(|slot| {
        if slot.is_none() {
            let text = SOURCE.get()?()?;
            *slot = Some(Rc::new(Table::new(text)));
        }
        slot.clone()
    })
}

impl Table {
    /// Reads a table. A line that makes no sense is one of no characters.
    pub fn new(text: Rc<str>) -> Table {
        let (mut code, mut at, mut lines) = (0u32, 0u32, Vec::new());
        for line in text.split('\n') {
            lines.push((code, at));
            let count = line.split(';').next().and_then(|count| count.parse().ok());
            code = code.saturating_add(count.unwrap_or(0));
            at += line.len() as u32 + 1;
        }
        Table { text, lines }
    }

    /// A property of a character (or of a surrogate), as it stands in the table.
    pub fn property(&self, code: u32, property: Property) -> &str {
        let next = self.lines.partition_point(|(first, _)| *first <= code);
        let line = next.checked_sub(1).and_then(|line| self.lines.get(line));
        line.map_or("", |(_, at)| self.column(*at, property))
    }

    fn column(&self, line: u32, property: Property) -> &str {
        let text = self.text.get(line as usize..).unwrap_or_default();
        let line = text.split('\n').next().unwrap_or_default();
        line.split(';').nth(property as usize).unwrap_or_default()
    }

    /// The canonical combining class.
    pub fn combining(&self, code: u32) -> u8 {
        self.property(code, Property::Combining).parse().unwrap_or(0)
    }

    /// The number a character stands for.
    pub fn number(&self, code: u32) -> Option<Number> {
        let number = self.property(code, Property::Number);
        let value = number.get(1..)?;
        Some(match number.as_bytes().first()? {
            b'D' => Number::Decimal(value.parse().ok()?),
            b'd' => Number::Digit(value.parse().ok()?),
            _ => Number::Other(value.parse().ok()?),
        })
    }

    /// All characters that are made of others, and of what: as it stands in the table.
    pub(crate) fn made(&self) -> impl Iterator<Item = (u32, &str)> {
        let parts = |(code, at): &(u32, u32)| (*code, self.column(*at, Property::MadeOf));
        self.lines.iter().map(parts).filter(|(_, parts)| !parts.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_properties() {
        let table = Table::new("48;Cc;BN\n10;Nd;EN;Na;;;D1\n1;No;EN;;;;n0.25\n1;Mn;NSM;;230;;;;;!0041 0042".into());
        assert_eq!(table.property(47, Property::Category), "Cc");
        assert_eq!(table.property(48, Property::Width), "Na");
        assert_eq!(table.property(57, Property::MadeOf), "");
        assert_eq!(table.number(57), Some(Number::Decimal(1)));
        assert_eq!(table.number(58), Some(Number::Other(0.25)));
        assert_eq!(table.combining(59), 230);
        assert_eq!(table.made().collect::<Vec<_>>(), [(59, "!0041 0042")]);
    }
}
