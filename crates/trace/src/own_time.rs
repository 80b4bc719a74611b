//! Which functions the time went to: the time of each stretch that a thread runs goes to the function of the program in which it stands at the
//! stretch's end. Stretches are short (the machine says how short), so this is a profile by samples, without any choice by chance.

use crate::ids::{Nanos, StringId};
use crate::strings::StringTable;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// More functions than this are added up in one row.
const FUNCTIONS: usize = 1_024;

/// Time spent in a function itself, and in what it calls of the library.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FunctionStats {
    /// Its qualified name; empty where it is not known, or for what is added up.
    pub name: String,
    /// Its file.
    pub file: String,
    /// How long, ns.
    pub ns: Nanos,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnTime {
    all: FxHashMap<(StringId, StringId), Nanos>,
    others: Nanos,
}

impl OwnTime {
    /// A stretch ended in this function of this file.
    pub fn add(&mut self, function: StringId, file: StringId, ns: Nanos) {
        let room = self.all.len() < FUNCTIONS;
        match self.all.get_mut(&(function, file)) {
            Some(known) => *known += ns,
            None if room => {
                self.all.insert((function, file), ns);
            }
            None => self.others += ns,
        }
    }

    /// All functions, longest first.
    pub fn functions(&self, strings: &StringTable) -> Vec<FunctionStats> {
        let rows = self.all.iter().map(|((name, file), ns)| FunctionStats {
            name: strings.get(*name).to_owned(),
            file: strings.get(*file).to_owned(),
            ns: *ns,
        });
        let mut rows: Vec<_> = rows.collect();
        if self.others > 0 {
            rows.push(FunctionStats {
                ns: self.others,
                ..FunctionStats::default()
            });
        }
        // The order of a map must not reach a result.
        rows.sort_by(|a, b| (b.ns, &a.name, &a.file).cmp(&(a.ns, &b.name, &b.file)));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_add_up_longest_first() {
        let mut strings = StringTable::default();
        let [f, g, file] = ["f", "g", "main.py"].map(|name| strings.intern(name));
        let mut own = OwnTime::default();
        for (function, ns) in [(f, 3), (g, 5), (f, 4)] {
            own.add(function, file, ns);
        }
        let rows = own.functions(&strings);
        let rows: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.ns)).collect();
        assert_eq!(rows, [("f", 7), ("g", 5)]);
        for n in 0..FUNCTIONS + 10 {
            own.add(strings.intern(&format!("f{n}")), file, 1);
        }
        let rows = own.functions(&strings);
        assert_eq!(rows.len(), FUNCTIONS + 1);
        assert_eq!(rows.iter().map(|row| row.ns).sum::<u64>(), 12 + FUNCTIONS as u64 + 10);
        assert_eq!((rows[0].name.as_str(), rows[0].ns), ("", 12));
    }
}
