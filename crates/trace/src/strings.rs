//! The string table: every name in a trace is stored once and spoken of by its number.

use crate::hash::hash_bytes;
use crate::ids::StringId;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Strings in order of first use. Number 0 is the empty string.
#[derive(Clone, Debug)]
pub struct StringTable {
    strings: Vec<Arc<str>>,
    /// The hash of each string's content: what the trace hash absorbs in place of the number.
    hashes: Vec<u64>,
    ids: FxHashMap<Arc<str>, StringId>,
}

impl Default for StringTable {
    fn default() -> Self {
        let mut table = StringTable {
            strings: Vec::new(),
            hashes: Vec::new(),
            ids: FxHashMap::default(),
        };
        table.intern("");
        table
    }
}

impl PartialEq for StringTable {
    fn eq(&self, other: &Self) -> bool {
        self.strings == other.strings
    }
}

impl StringTable {
    /// The number of a string, which is added if it is new.
    pub fn intern(&mut self, text: &str) -> StringId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        // More than 2^32 strings do not fit into memory; should it happen, names are lost, nothing else.
        let Ok(number) = u32::try_from(self.strings.len()) else {
            return StringId::EMPTY;
        };
        let text: Arc<str> = Arc::from(text);
        self.strings.push(Arc::clone(&text));
        self.hashes.push(hash_bytes(text.as_bytes()));
        self.ids.insert(text, StringId(number));
        StringId(number)
    }

    /// The string with this number; unknown numbers read as `""`.
    #[must_use]
    pub fn get(&self, id: StringId) -> &str {
        self.strings.get(id.0 as usize).map_or("", |text| text)
    }

    /// The content's hash; unknown numbers hash as 0.
    #[must_use]
    pub(crate) fn hash_of(&self, id: StringId) -> u64 {
        self.hashes.get(id.0 as usize).copied().unwrap_or(0)
    }

    /// The number of a string that is there already.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<StringId> {
        self.ids.get(text).copied()
    }

    /// How many strings there are, the empty one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether only the empty string is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.strings.len() <= 1
    }

    /// The strings from this number on.
    #[must_use]
    pub fn since(&self, from: usize) -> &[Arc<str>] {
        self.strings.get(from..).unwrap_or(&[])
    }
}
