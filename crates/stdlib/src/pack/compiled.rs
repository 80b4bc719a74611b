//! The modules' code: packed beside them for the command line, compiled when first imported on the page.

use super::index::Entry;
#[cfg(any(test, target_arch = "wasm32"))]
use super::sections;
use heddle_compiler::Code;

#[cfg(not(target_arch = "wasm32"))]
static CODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.code"));

/// A module's code.
#[cfg(not(target_arch = "wasm32"))]
pub fn code(entry: &Entry) -> Option<Code> {
    let (at, size) = entry.code;
    heddle_compiler::from_bytes(CODE.get(at..at + size)?).ok()
}

/// A module's code.
#[cfg(target_arch = "wasm32")]
pub fn code(entry: &Entry) -> Option<Code> {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    thread_local! {
        // In bytes, of which a run reads what it needs.
        static BYTES: RefCell<BTreeMap<&'static str, Vec<u8>>> = const { RefCell::new(BTreeMap::new()) };
    }
    BYTES.with_borrow_mut(|known| {
        if !known.contains_key(entry.name) {
            known.insert(entry.name, compile(entry)?);
        }
        heddle_compiler::from_bytes(known.get(entry.name)?).ok()
    })
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
