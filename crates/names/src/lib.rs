//! Unicode's names of characters, for `\N{…}` and `unicodedata`; and, each with a table of its own that arrives in the same way, their
//! properties ([`characters`]) and normalization forms ([`normal`]).
//!
//! The table (a megabyte of text) is not part of this crate: whoever has it says how to get it with [`set_source`], and it is asked
//! for when a name is first needed. Names of Hangul syllables are computed.
//!
//! # The table
//!
//! Lines, beginning at code point 0: `=HEX` goes to a code point, `~HEX PREFIX` names all from here to that one with the prefix and
//! their number, everything else is the name of one character. After a line `@`, lines `HEX NAME` are aliases.

pub mod characters;
mod hangul;
pub mod normal;
mod table;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;
use table::Table;

/// Gives the table's text. None: it is not here (yet).
pub type Source = fn() -> Option<Rc<str>>;

static SOURCE: OnceLock<Source> = OnceLock::new();

thread_local! {
    static TABLE: RefCell<Option<Rc<Table>>> = const { RefCell::new(None) };
}

/// Says where the table is. The first call counts.
pub fn set_source(source: Source) {
    SOURCE.get_or_init(|| source);
}

fn table() -> Option<Rc<Table>> {
    TABLE.with_borrow_mut(|slot| {
        if slot.is_none() {
            let text = SOURCE.get()?()?;
            *slot = Some(Rc::new(Table::new(text)));
        }
        slot.clone()
    })
}

/// The name of a character (not an alias).
pub fn name(character: char) -> Option<String> {
    hangul::name(character).or_else(|| table()?.name(character))
}

/// The character of a name or alias, in letters of either case.
pub fn character(name: &str) -> Option<char> {
    let name = name.to_ascii_uppercase();
    hangul::character(&name).or_else(|| table()?.character(&name))
}
