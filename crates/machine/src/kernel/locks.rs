//! Advisory locks on files: those of open files (`flock`) and those of processes on parts of a file (`fcntl`, `lockf`). They know nothing of
//! each other, as under Linux.
//!
//! A lock of an open file goes when its last descriptor is closed; forked processes share it. A process loses all its locks on a file when it
//! closes any descriptor of that file; a fork does not inherit them. Who would wait for a process that waits for it, over however many others,
//! is told EDEADLK; locks of open files have no such check.

use super::errno::*;
use super::files::InodeIndex;
use super::{Answer, Behind, Kernel, Outcome};
use heddle_trace::BlockReason;
use heddle_vm::contract::{FileLock, Posix, Resume};
use std::collections::BTreeMap;

const LOCK_SH: i32 = 1;
const LOCK_EX: i32 = 2;
const LOCK_NB: i32 = 4;
const LOCK_UN: i32 = 8;

const F_RDLCK: i16 = 0;
const F_WRLCK: i16 = 1;
const F_UNLCK: i16 = 2;
/// Most locks on parts of one file, as a limit on what hostile programs keep.
const MOST_RECORDS: usize = 4096;

/// A lock of a process on the bytes from `start` up to and with `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Record {
    pid: u32,
    exclusive: bool,
    start: i64,
    last: i64,
}

impl Record {
    fn meets(&self, other: &Record) -> bool {
        self.start <= other.last && other.start <= self.last
    }

    /// Whether both cannot be.
    fn excludes(&self, other: &Record) -> bool {
        self.pid != other.pid && (self.exclusive || other.exclusive) && self.meets(other)
    }
}

/// All locks of a computer.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks {
    /// By file: the open files that have it, and whether for themselves alone.
    whole: BTreeMap<InodeIndex, Vec<(usize, bool)>>,
    /// By file, in order of their beginnings.
    records: BTreeMap<InodeIndex, Vec<Record>>,
    /// Which process waits for a lock of which other one.
    waiting: BTreeMap<u32, u32>,
}

impl Locks {
    /// Whether something was let go with the open file.
    pub fn forget_open(&mut self, file: InodeIndex, open: usize) -> bool {
        let Some(holders) = self.whole.get_mut(&file) else {
            return false;
        };
        let before = holders.len();
        holders.retain(|(holder, _)| *holder != open);
        let gone = holders.len() < before;
        if holders.is_empty() {
            self.whole.remove(&file);
        }
        gone
    }

    /// Whether something was let go with the process's use of the file.
    pub fn forget_process(&mut self, file: InodeIndex, pid: u32) -> bool {
        let Some(records) = self.records.get_mut(&file) else {
            return false;
        };
        let before = records.len();
        records.retain(|record| record.pid != pid);
        let gone = records.len() < before;
        if records.is_empty() {
            self.records.remove(&file);
        }
        gone
    }

    /// Whether a process that waits for `holder` would wait for itself.
    fn is_circle(&self, pid: u32, holder: u32) -> bool {
        let mut at = holder;
        for _ in 0..=self.waiting.len() {
            if at == pid {
                return true;
            }
            match self.waiting.get(&at) {
                Some(&next) => at = next,
                None => return false,
            }
        }
        false
    }
}

impl Kernel {
    fn lockable(&self, fd: i32) -> Result<(InodeIndex, usize, i32), i32> {
        let open = self.index(fd)?;
        let file = self.file(fd)?;
        match file.behind {
            Behind::Inode(inode) => Ok((inode, open, file.flags)),
            _ => Err(EINVAL),
        }
    }

    /// A process does not wait any more.
    pub fn gives_up(&mut self, pid: u32) {
        self.locks.waiting.remove(&pid);
    }

    /// `flock`. One that is there already is given back first, as under Linux: who changes its kind may lose it.
    pub(super) fn flock(&mut self, fd: i32, operation: i32) -> Answer {
        let (inode, open, _) = match self.lockable(fd) {
            Ok(found) => found,
            Err(error) => return Answer::Now(Resume::Error(error)),
        };
        let exclusive = match operation & !LOCK_NB {
            LOCK_SH => false,
            LOCK_EX => true,
            LOCK_UN => {
                self.changed |= self.locks.forget_open(inode, open);
                return Answer::Now(Resume::Done);
            }
            _ => return Answer::Now(Resume::Error(EINVAL)),
        };
        let holders = self.locks.whole.entry(inode).or_default();
        if holders.contains(&(open, exclusive)) {
            return Answer::Now(Resume::Done);
        }
        let before = holders.len();
        holders.retain(|(holder, _)| *holder != open);
        self.changed |= holders.len() < before;
        let taken = holders.iter().any(|(_, alone)| exclusive || *alone);
        if !taken {
            holders.push((open, exclusive));
            return Answer::Now(Resume::Done);
        }
        if operation & LOCK_NB != 0 {
            return Answer::Now(Resume::Error(EAGAIN));
        }
        let reason = BlockReason::FileLock { fd: fd.unsigned_abs() };
        Answer::Later(reason, Posix::Flock { fd, operation })
    }

    /// The bytes that a lock means.
    fn record_of(&mut self, fd: i32, lock: FileLock) -> Result<Record, i32> {
        let base = match lock.whence {
            0 => 0,
            1 => self.file(fd)?.offset.cast_signed(),
            2 => {
                let (inode, ..) = self.lockable(fd)?;
                self.fs.stat(inode)?.size.cast_signed()
            }
            _ => return Err(EINVAL),
        };
        let from = base.checked_add(lock.start).ok_or(EOVERFLOW)?;
        let (start, last) = match lock.len {
            0 => (from, i64::MAX),
            len if len > 0 => (from, from.checked_add(len - 1).ok_or(EOVERFLOW)?),
            len => (from.checked_add(len).ok_or(EINVAL)?, from - 1),
        };
        if start < 0 {
            return Err(EINVAL);
        }
        Ok(Record {
            pid: self.current,
            exclusive: lock.kind == F_WRLCK,
            start,
            last,
        })
    }

    /// `F_SETLK` and `F_SETLKW`
    pub(super) fn lockf(&mut self, fd: i32, lock: FileLock, wait: bool) -> Answer {
        match self.try_lockf(fd, lock, wait) {
            Ok(true) => {
                self.locks.waiting.remove(&self.current);
                Answer::Now(Resume::Done)
            }
            Ok(false) => {
                let reason = BlockReason::FileLock { fd: fd.unsigned_abs() };
                Answer::Later(reason, Posix::Lockf { fd, lock, wait })
            }
            Err(error) => {
                self.locks.waiting.remove(&self.current);
                Answer::Now(Resume::Error(error))
            }
        }
    }

    /// False: it must wait.
    fn try_lockf(&mut self, fd: i32, lock: FileLock, wait: bool) -> Result<bool, i32> {
        let (inode, _, flags) = self.lockable(fd)?;
        let wanted = self.record_of(fd, lock)?;
        let allowed = match lock.kind {
            F_RDLCK => flags & O_ACCMODE != O_WRONLY,
            F_WRLCK => flags & O_ACCMODE != 0,
            F_UNLCK => true,
            _ => return Err(EINVAL),
        };
        if !allowed {
            return Err(EBADF);
        }
        let records = self.locks.records.entry(inode).or_default();
        if lock.kind != F_UNLCK
            && let Some(holder) = records.iter().find(|record| record.excludes(&wanted))
        {
            let holder = holder.pid;
            if !wait {
                return Err(EAGAIN);
            }
            if self.locks.is_circle(wanted.pid, holder) {
                return Err(EDEADLK);
            }
            self.locks.waiting.insert(wanted.pid, holder);
            return Ok(false);
        }
        if records.len() >= MOST_RECORDS && lock.kind != F_UNLCK {
            return Err(ENOLCK);
        }
        let mut kept = Vec::with_capacity(records.len() + 2);
        for record in records.drain(..) {
            if record.pid != wanted.pid || !record.meets(&wanted) {
                kept.push(record);
                continue;
            }
            self.changed = true;
            if record.start < wanted.start {
                kept.push(Record {
                    last: wanted.start - 1,
                    ..record
                });
            }
            if record.last > wanted.last {
                kept.push(Record {
                    start: wanted.last + 1,
                    ..record
                });
            }
        }
        if lock.kind != F_UNLCK {
            kept.push(wanted);
        }
        kept.sort_unstable_by_key(|record| (record.start, record.pid));
        if kept.is_empty() {
            self.locks.records.remove(&inode);
        } else {
            self.locks.records.insert(inode, kept);
        }
        Ok(true)
    }

    /// `F_GETLK`
    pub(super) fn find_lock(&mut self, fd: i32, lock: FileLock) -> Outcome {
        let (inode, ..) = self.lockable(fd)?;
        let wanted = self.record_of(fd, lock)?;
        if !matches!(lock.kind, F_RDLCK | F_WRLCK) {
            return Err(EINVAL);
        }
        let records = self.locks.records.get(&inode).map_or(&[][..], Vec::as_slice);
        let found = records.iter().find(|record| record.excludes(&wanted));
        Ok(Resume::Lock(found.map(|record| {
            let lock = FileLock {
                kind: if record.exclusive { F_WRLCK } else { F_RDLCK },
                whence: 0,
                start: record.start,
                len: if record.last == i64::MAX {
                    0
                } else {
                    record.last - record.start + 1
                },
            };
            (lock, record.pid + heddle_trace::OS_PIDS)
        })))
    }
}
