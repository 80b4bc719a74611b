//! Free-threaded: the lock that every list, dict and set has (PEP 703, "critical sections"), as far as it costs time.
//!
//! Natives are one step of the simulation, so they are atomic anyway. What the lock adds: a section that begins while another core is
//! still in one of the same object waits until that is over, and one that follows another core's within a microsecond pays for the cache
//! lines to come over. Reading (`len`, subscripts, `get`, `in`, steps of iterators) takes no lock. An uncontended section is part of the pace.

use crate::function::{Args, Native, NativeKind};
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

/// How long an object stays locked besides the work itself, ns (estimate: two atomic operations).
const SECTION_NS: u64 = 15;
/// A cache line that another core wrote last, ns (40 to 100 on current processors: `core-to-core-latency` measurements).
const TRANSFER_NS: u64 = 60;
/// How long a core's write keeps the line there, ns (estimate).
const WARM_NS: u64 = 1_000;

/// What takes no lock.
const LOCK_FREE: &[&str] = &[
    "__contains__",
    "__getitem__",
    "__iter__",
    "__len__",
    "get",
    "items",
    "keys",
    "values",
];

/// The last section of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    thread: u32,
    until_ns: u64,
}

impl Process {
    /// A native is about to run without a GIL: it takes the locks of the containers that it works on.
    #[cold]
    #[inline(never)]
    pub(crate) fn enter_section(&mut self, def: &'static Native, args: Args<'_>) {
        let at = match (def.kind, def.name) {
            _ if self.replaying() => return,
            // value, container, key
            (_, "<store subscript>") => 1,
            (NativeKind::Method, name) if !LOCK_FREE.contains(&name) => 0,
            (_, "<delete subscript>") => 0,
            _ => return,
        };
        let Some(&v) = args.pos.get(at) else { return };
        if [core::LIST, core::DICT, core::SET]
            .iter()
            .any(|&class| self.is_exact(v, class))
        {
            self.lock_container(v);
        }
    }

    fn lock_container(&mut self, container: Value) {
        let (thread, at) = (self.current, container.index() as u32);
        if let Some(&last) = self.sections.get(&at)
            && last.thread != thread
        {
            self.catch_up(last.until_ns);
            if self.clock_ns() < last.until_ns.saturating_add(WARM_NS) {
                self.now_ns += TRANSFER_NS;
            }
        }
        if self.sections.len() > 4096 {
            self.sections.clear();
        }
        let until_ns = self.clock_ns().saturating_add(SECTION_NS);
        self.sections.insert(at, Section { thread, until_ns });
    }
}
