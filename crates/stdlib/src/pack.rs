//! Reads the packed library that `build.rs` wrote.

use heddle_vm::process::PackedModule;
use std::cell::RefCell;
use std::rc::Rc;

static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.pack"));

/// Where a module's parts stand.
#[derive(Clone, Copy, Debug)]
struct Part {
    offset: usize,
    deflated: usize,
    size: usize,
}

/// One module of the index.
#[derive(Clone, Debug)]
struct Entry {
    name: &'static str,
    path: &'static str,
    is_package: bool,
    code: Part,
    source: Part,
}

/// The index, sorted by name.
struct Index {
    entries: Vec<Entry>,
    data: &'static [u8],
}

thread_local! {
    // Read once per thread; the pack itself never changes.
    static INDEX: RefCell<Option<Rc<Index>>> = const { RefCell::new(None) };
}

fn index() -> Rc<Index> {
    INDEX.with(|slot| {
        Rc::clone(slot.borrow_mut().get_or_insert_with(|| {
            Rc::new(read_index().unwrap_or(Index {
                entries: Vec::new(),
                data: &[],
            }))
        }))
    })
}

struct Reader {
    at: usize,
}

impl Reader {
    fn bytes(&mut self, n: usize) -> Option<&'static [u8]> {
        let slice = PACK.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(slice)
    }

    fn number(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?) as usize)
    }

    fn text(&mut self) -> Option<&'static str> {
        let n = self.number()?;
        std::str::from_utf8(self.bytes(n)?).ok()
    }

    fn part(&mut self) -> Option<Part> {
        Some(Part {
            offset: self.number()?,
            deflated: self.number()?,
            size: self.number()?,
        })
    }
}

fn read_index() -> Option<Index> {
    let mut reader = Reader { at: 0 };
    let n = reader.number()?;
    let mut entries = Vec::with_capacity(n);
    for _ in 0..n {
        entries.push(Entry {
            name: reader.text()?,
            path: reader.text()?,
            is_package: reader.bytes(1)? == [1],
            code: reader.part()?,
            source: reader.part()?,
        });
    }
    Some(Index {
        entries,
        data: PACK.get(reader.at..)?,
    })
}

impl Index {
    fn inflate(&self, part: Part) -> Option<Vec<u8>> {
        let deflated = self.data.get(part.offset..part.offset + part.deflated)?;
        miniz_oxide::inflate::decompress_to_vec_with_limit(deflated, part.size).ok()
    }
}

/// A module of the library by its dotted name.
pub fn find(name: &str) -> Option<PackedModule> {
    let index = index();
    let at = index.entries.binary_search_by(|e| e.name.cmp(name)).ok()?;
    let entry = &index.entries[at];
    let code = heddle_compiler::from_bytes(&index.inflate(entry.code)?).ok()?;
    Some(PackedModule {
        code: Rc::new(code),
        is_package: entry.is_package,
        path: entry.path.to_owned(),
    })
}

/// Path and "is a package" of a module by its dotted name.
pub fn place(name: &str) -> Option<(&'static str, bool)> {
    let index = index();
    let at = index.entries.binary_search_by(|e| e.name.cmp(name)).ok()?;
    let entry = &index.entries[at];
    Some((entry.path, entry.is_package))
}

/// Names and paths of all modules, sorted by name.
pub fn names() -> Vec<(&'static str, &'static str)> {
    index().entries.iter().map(|e| (e.name, e.path)).collect()
}

/// Paths below the library's folder and sizes (in bytes) of all source files.
pub fn files() -> Vec<(&'static str, usize)> {
    let prefix = heddle_vm::imports::LIBRARY_PATH;
    let relative = |e: &Entry| Some((e.path.strip_prefix(prefix)?.strip_prefix('/')?, e.source.size));
    index().entries.iter().filter_map(relative).collect()
}

/// The source text of a library file by its path.
pub fn source(path: &str) -> Option<Rc<str>> {
    let index = index();
    let entry = index.entries.iter().find(|e| e.path == path)?;
    String::from_utf8(index.inflate(entry.source)?).ok().map(Rc::from)
}
