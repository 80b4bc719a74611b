//! CPython's library as the build script packed it (`build/main.rs`): source texts in compressed sections, the first of them part of
//! the program. The command line's program holds the other sections too, and all modules compiled; the page's engine is given the
//! rest when a program has asked for something in it ([`wanted`], [`install`]), and compiles what is imported.

mod compiled;
mod indent;
mod index;
mod sections;

use heddle_vm::process::PackedModule;
use index::{Entry, index};
use std::rc::Rc;

pub use sections::{forget_wishes, install, rest_name, wanted};

/// A module of the library by its dotted name.
pub fn find(name: &str) -> Option<PackedModule> {
    let entry = index().entry(name)?;
    Some(PackedModule {
        code: compiled::code(entry.original())?,
        is_package: entry.is_package,
        path: entry.path.to_owned(),
    })
}

/// Path and "is a package" of a module by its dotted name.
pub fn place(name: &str) -> Option<(&'static str, bool)> {
    let entry = index().entry(name)?;
    Some((entry.path, entry.is_package))
}

/// Names and paths of all modules, sorted by name.
pub fn names() -> Vec<(&'static str, &'static str)> {
    index().entries.iter().map(|e| (e.name, e.path)).collect()
}

/// Paths below the library's folder and sizes (in bytes) of all source files.
pub fn files() -> Vec<(&'static str, usize)> {
    let prefix = heddle_vm::imports::LIBRARY_PATH;
    let relative = |e: &Entry| Some((e.path.strip_prefix(prefix)?.strip_prefix('/')?, e.original().size));
    index().entries.iter().filter_map(relative).collect()
}

/// The source text of a library file by its path.
pub fn source(path: &str) -> Option<Rc<str>> {
    let entry = index().entries.iter().find(|e| e.path == path)?;
    sections::source(entry.original()).map(Rc::from)
}

/// The table of Unicode's characters, for `heddle_names`.
pub fn unicode_characters() -> Option<Rc<str>> {
    sections::text(index().sections.len().checked_sub(2)?)
}

/// The table of Unicode's names, for `heddle_names`.
pub fn unicode_names() -> Option<Rc<str>> {
    sections::text(index().sections.len().checked_sub(1)?)
}
