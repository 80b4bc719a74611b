//! The index of the packed library; its layout is told in `build/pack.rs`.

use std::sync::OnceLock;

static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.index"));

/// A section of the library.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Bytes of text.
    pub size: usize,
    /// Where its compressed form begins: in the first part for section 0, else in the rest.
    pub start: usize,
    /// Bytes of its compressed form.
    pub compressed: usize,
    /// The section whose text its compressed form may refer to. None: no other.
    pub dictionary: Option<usize>,
}

/// One module.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub name: &'static str,
    pub path: &'static str,
    /// The module whose source and code these are; "": its own.
    same_as: &'static str,
    pub is_package: bool,
    pub section: usize,
    /// Where the packed source begins in the section's text, in bytes.
    pub at: usize,
    /// Bytes of packed source.
    pub packed: usize,
    /// Bytes of source.
    pub size: usize,
    /// Where the code begins and how many bytes it has.
    #[cfg_attr(
        target_arch = "wasm32",
        expect(dead_code, reason = "the page compiles what it imports")
    )]
    pub code: (usize, usize),
}

/// See the module.
#[derive(Debug, Default)]
pub struct Index {
    /// Of all sections but the first, as they are delivered.
    pub rest_checksum: u64,
    /// Bytes of the same.
    pub rest_size: usize,
    pub sections: Vec<Section>,
    /// Sorted by name.
    pub entries: Vec<Entry>,
}

impl Entry {
    /// The entry that has its source and code.
    pub fn original(&self) -> &Entry {
        index().entry(self.same_as).unwrap_or(self)
    }
}

impl Index {
    /// A module by its dotted name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|e| e.name.cmp(name)).ok()?;
        self.entries.get(at)
    }
}

/// The index.
pub fn index() -> &'static Index {
    static READ: OnceLock<Index> = OnceLock::new();
    READ.get_or_init(|| read().unwrap_or_default())
}

struct Reader {
    at: usize,
}

impl Reader {
    fn bytes(&mut self, n: usize) -> Option<&'static [u8]> {
        let slice = INDEX.get(self.at..self.at.checked_add(n)?)?;
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
}

fn read() -> Option<Index> {
    let mut reader = Reader { at: 0 };
    let mut index = Index {
        rest_checksum: u64::from_le_bytes(reader.bytes(8)?.try_into().ok()?),
        rest_size: reader.number()?,
        ..Index::default()
    };
    let mut start = 0;
    for number in 0..reader.number()? {
        let (size, compressed, dictionary) = (reader.number()?, reader.number()?, reader.number()?);
        index.sections.push(Section {
            size,
            start,
            compressed,
            dictionary: (dictionary < number).then_some(dictionary),
        });
        start = if number == 0 { 0 } else { start + compressed };
    }
    for _ in 0..reader.number()? {
        index.entries.push(Entry {
            name: reader.text()?,
            path: reader.text()?,
            same_as: reader.text()?,
            is_package: reader.bytes(1)? == [1],
            section: reader.number()?,
            at: reader.number()?,
            packed: reader.number()?,
            size: reader.number()?,
            code: (reader.number()?, reader.number()?),
        });
    }
    Some(index)
}
