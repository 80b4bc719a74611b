//! The processes of one computer, as its kernel knows them: each has descriptors and a current folder of its own, everything else they share.
//!
//! The one whose call is carried out has its table in the kernel itself; the others' are put aside.

use super::files::InodeIndex;
use super::{EPOCH_NS, Kernel};
use std::collections::BTreeSet;

/// What belongs to one process.
#[derive(Clone, Debug)]
pub(super) struct Table {
    descriptors: Vec<Option<usize>>,
    inherited: BTreeSet<i32>,
    cwd: InodeIndex,
}

impl Kernel {
    /// Says which process the computer begins with.
    pub fn begin_with(&mut self, pid: u32) {
        self.current = pid;
    }

    /// The calls that follow are this process's.
    pub fn switch_to(&mut self, pid: u32) {
        if pid == self.current {
            return;
        }
        let Some(next) = self.tables.remove(&pid) else {
            return;
        };
        let before = Table {
            descriptors: std::mem::replace(&mut self.descriptors, next.descriptors),
            inherited: std::mem::replace(&mut self.inherited, next.inherited),
            cwd: std::mem::replace(&mut self.fs.cwd, next.cwd),
        };
        self.tables.insert(self.current, before);
        self.current = pid;
    }

    /// How many descriptors the current process has.
    pub fn descriptors(&self) -> u64 {
        self.descriptors.iter().flatten().count() as u64
    }

    /// A process has a copy of all that another one has.
    pub fn fork_process(&mut self, parent: u32, child: u32) {
        self.switch_to(parent);
        for index in self.descriptors.iter().flatten() {
            if let Some(Some(file)) = self.open.get_mut(*index) {
                file.descriptors += 1;
            }
        }
        let table = Table {
            descriptors: self.descriptors.clone(),
            inherited: self.inherited.clone(),
            cwd: self.fs.cwd,
        };
        self.tables.insert(child, table);
        self.semaphores.fork(parent, child);
        self.mappings.fork(parent, child);
    }

    /// The process runs another program from now on, which has those of its descriptors that are inherited.
    pub fn close_on_exec(&mut self, now_ns: u64, pid: u32) {
        self.fs.time_ns = EPOCH_NS.saturating_add(now_ns.cast_signed());
        self.switch_to(pid);
        self.close_all(|kernel, fd| !kernel.inherited.contains(&fd));
        self.semaphores.leave(pid);
        self.unmap_all(pid);
        self.gives_up(pid);
        self.changed = true;
    }

    /// The process is over: its descriptors are closed.
    pub fn close_process(&mut self, now_ns: u64, pid: u32) {
        self.fs.time_ns = EPOCH_NS.saturating_add(now_ns.cast_signed());
        self.switch_to(pid);
        if self.current != pid {
            return;
        }
        self.close_all(|_, _| true);
        self.semaphores.leave(pid);
        self.unmap_all(pid);
        self.gives_up(pid);
        self.first_listener();
    }
}
