//! The sections' texts: unpacked when first needed, and kept.

use super::indent;
use super::index::{Entry, index};
use crate::checksum::checksum;
use lzma_rust2::Lzma2Reader;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::rc::Rc;

static FIRST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/first.lzma"));

/// The window the build script compresses with.
const WINDOW: u32 = 1 << 22;

thread_local! {
    static TEXTS: RefCell<BTreeMap<usize, Rc<str>>> = const { RefCell::new(BTreeMap::new()) };
    static WANTED: Cell<bool> = const { Cell::new(false) };
}

/// The rest of the library.
#[cfg(not(target_arch = "wasm32"))]
mod rest {
    static REST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rest.lzma"));

    pub fn with<T>(read: impl FnOnce(Option<&[u8]>) -> T) -> T {
        read(Some(REST))
    }

    pub fn put(_: Vec<u8>) {}
}

#[cfg(target_arch = "wasm32")]
mod rest {
    use std::cell::RefCell;

    thread_local! {
        static REST: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
    }

    pub fn with<T>(read: impl FnOnce(Option<&[u8]>) -> T) -> T {
        REST.with_borrow(|rest| read(rest.as_deref()))
    }

    pub fn put(bytes: Vec<u8>) {
        REST.set(Some(bytes));
    }
}

/// What the rest of the library is called where the page can fetch it: another library has another name.
pub fn rest_name() -> String {
    format!("library-{:016x}.lzma", index().rest_checksum)
}

/// Hands over the rest of the library. Err: it is not the one that belongs to this program.
pub fn install(bytes: Vec<u8>) -> Result<(), &'static str> {
    if bytes.len() != index().rest_size || checksum(&bytes) != index().rest_checksum {
        return Err("the library that was fetched is damaged or belongs to another version");
    }
    rest::put(bytes);
    WANTED.set(false);
    Ok(())
}

/// Whether something was asked for, since the last [`install`] or [`forget_wishes`], that stands in the rest of the library while it is
/// not here: what the program was told then is wrong, and the run must begin again once it is here.
pub fn wanted() -> bool {
    WANTED.get()
}

/// A new run begins.
pub fn forget_wishes() {
    WANTED.set(false);
}

/// A section's text. None: it is not here.
pub fn text(section: usize) -> Option<Rc<str>> {
    if let Some(text) = TEXTS.with_borrow(|texts| texts.get(&section).cloned()) {
        return Some(text);
    }
    let place = *index().sections.get(section)?;
    let dictionary = match place.dictionary {
        Some(other) => text(other)?,
        None => Rc::from(""),
    };
    let unpack = |part: Option<&[u8]>| {
        let bytes = part?.get(place.start..place.start + place.compressed)?;
        unpack(bytes, &dictionary, place.size)
    };
    let text = if section == 0 {
        unpack(Some(FIRST))
    } else {
        rest::with(|rest| {
            if rest.is_none() {
                WANTED.set(true);
            }
            unpack(rest)
        })
    }?;
    TEXTS.with_borrow_mut(|texts| texts.insert(section, Rc::clone(&text)));
    Some(text)
}

fn unpack(bytes: &[u8], dictionary: &str, size: usize) -> Option<Rc<str>> {
    let window = WINDOW.min((dictionary.len() + size).next_power_of_two() as u32);
    let mut text = String::with_capacity(size);
    Lzma2Reader::new(bytes, window, Some(dictionary.as_bytes()))
        .take(size as u64)
        .read_to_string(&mut text)
        .ok()?;
    Some(text.into())
}

/// A module's source. None: it is not here.
pub fn source(entry: &Entry) -> Option<String> {
    let section = text(entry.section)?;
    let packed = section.get(entry.at..entry.at + entry.packed)?;
    Some(indent::unpack(packed, entry.size))
}
