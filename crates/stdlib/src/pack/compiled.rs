//! The modules' code: packed beside them for the command line, compiled when first imported on the page.

use super::index::Entry;
#[cfg(any(test, target_arch = "wasm32"))]
use super::sections;
use heddle_compiler::Code;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

#[cfg(not(target_arch = "wasm32"))]
static CODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.code"));

thread_local! {
    /// What has been imported. A page runs one program after the other, and programs make processes and interpreters.
    static KNOWN: RefCell<BTreeMap<&'static str, Rc<Code>>> = const { RefCell::new(BTreeMap::new()) };
}

/// A module's code.
pub fn code(entry: &Entry) -> Option<Rc<Code>> {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(entry.name).map(Rc::clone)) {
        return Some(known);
    }
    let code = Rc::new(read(entry)?);
    KNOWN.with_borrow_mut(|known| known.insert(entry.name, Rc::clone(&code)));
    Some(code)
}

#[cfg(not(target_arch = "wasm32"))]
fn read(entry: &Entry) -> Option<Code> {
    let (at, size) = entry.code;
    heddle_compiler::from_bytes(CODE.get(at..at + size)?).ok()
}

/// By way of bytes, of which a run reads what it needs.
#[cfg(target_arch = "wasm32")]
fn read(entry: &Entry) -> Option<Code> {
    heddle_compiler::from_bytes(&compile(entry)?).ok()
}

/// A module's code in bytes, from its source.
#[cfg(any(test, target_arch = "wasm32"))]
fn compile(entry: &Entry) -> Option<Vec<u8>> {
    let (source, options) = (sections::source(entry)?, heddle_compiler::Options::default());
    let compiled = heddle_compiler::compile(&source, entry.path, heddle_compiler::Mode::Exec, &options).ok()?;
    Some(heddle_compiler::to_bytes(&compiled.code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::index::index;

    #[test]
    fn what_the_page_compiles_is_what_the_command_line_carries() {
        assert!(index().entries.len() > 300);
        for entry in &index().entries {
            let entry = entry.original();
            let (at, size) = entry.code;
            let compiled = compile(entry).expect("modules of the library compile");
            assert!(compiled == CODE[at..at + size], "{}", entry.name);
        }
    }
}
