//! Memory that processes share: mappings of parts of files (`mmap` with `MAP_SHARED`). What is mapped is the file's own content, so `read`, `write` and
//! all mappings of a file see one thing; memory without a file is a file without a name.
//!
//! Who touches a page that lies wholly behind the file's end gets SIGBUS. The rest of the file's last page reads as zeros, and what is written there
//! is lost at once (under Linux it stays until the page is dropped).

use super::{Behind, Kernel, Outcome};
use crate::kernel::errno::{EACCES, EFAULT, EINVAL, ENODEV, ENOMEM, O_ACCMODE, O_RDWR, O_WRONLY};
use crate::kernel::files::{InodeIndex, Node};
use heddle_trace::ObjectId;
use heddle_vm::contract::{Apart, FIRST_MEMORY, Memory, Posix, Resume};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Bytes of a page.
const PAGE: u64 = 4096;
/// Most mappings of a computer at once.
const MOST: usize = 65_536;

#[derive(Clone, Debug)]
struct Mapping {
    inode: InodeIndex,
    offset: u64,
    len: u64,
    writes: bool,
    /// How often processes use it.
    users: BTreeMap<u32, u32>,
}

/// Those of one computer, by number; a number is not used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Mappings {
    all: BTreeMap<u32, Mapping>,
    next: u32,
}

/// What a call touched, for the trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touched {
    pub object: ObjectId,
    /// From this byte of the object on.
    pub at: u64,
    /// So many bytes.
    pub size: u32,
    pub writes: bool,
}

impl Mappings {
    /// A process maps what another one does.
    pub fn fork(&mut self, parent: u32, child: u32) {
        for mapping in self.all.values_mut() {
            if let Some(&times) = mapping.users.get(&parent) {
                mapping.users.insert(child, times);
            }
        }
    }

    fn used_by(&mut self, mapping: u32, pid: u32) -> Result<&mut Mapping, i32> {
        let found = self.all.get_mut(&mapping).ok_or(EINVAL)?;
        if found.users.contains_key(&pid) {
            Ok(found)
        } else {
            Err(EINVAL)
        }
    }
}

impl Kernel {
    pub(super) fn memory(&mut self, call: Memory) -> Outcome {
        match call {
            Memory::Map {
                fd,
                offset,
                len,
                writes,
            } => self.map(fd, offset, len, writes),
            Memory::Copy { fd, offset, len } => {
                let inode = self.mappable(fd, false)?;
                let Some(inode) = inode else {
                    return Ok(Resume::Bytes(vec![0; usize::try_from(len).map_err(|_| ENOMEM)?]));
                };
                let content = self.fs.content(inode)?;
                let mut bytes = part(content, offset, len);
                bytes.resize(usize::try_from(len).map_err(|_| ENOMEM)?, 0);
                Ok(Resume::Bytes(bytes))
            }
            Memory::Resize { mapping, len } => {
                self.mappings.used_by(mapping, self.current)?.len = len;
                Ok(Resume::Done)
            }
            Memory::Unmap { mapping } => {
                let found = self.mappings.used_by(mapping, self.current)?;
                let times = found.users.entry(self.current).or_default();
                *times = times.saturating_sub(1);
                if *times == 0 {
                    found.users.remove(&self.current);
                }
                self.drop_unused_mapping(mapping);
                Ok(Resume::Done)
            }
            Memory::Read { mapping, at, len } => {
                let (inode, from) = self.place_in_memory(mapping, at, len, false)?;
                let mut bytes = part(self.fs.content(inode)?, from, len);
                bytes.resize(usize::try_from(len).map_err(|_| ENOMEM)?, 0);
                Ok(Resume::Bytes(bytes))
            }
            Memory::Write {
                mapping,
                at,
                data,
                apart,
            } => {
                let (first, len) = span(at, &data, apart).ok_or(EFAULT)?;
                let (inode, from) = self.place_in_memory(mapping, first, len, true)?;
                let content = Rc::make_mut(self.fs.content(inode)?);
                let mut from = from + (at - first);
                let (item_size, step) = apart.map_or((data.len(), 0), |apart| (apart.item_size as usize, apart.step));
                for item in data.chunks(item_size.max(1)) {
                    let place = usize::try_from(from).map_err(|_| EFAULT)?.min(content.len());
                    let fits = item.len().min(content.len() - place);
                    content[place..place + fits].copy_from_slice(&item[..fits]);
                    from = from.wrapping_add_signed(step);
                }
                Ok(Resume::Done)
            }
        }
    }

    /// The file that can be mapped; `None` for `/dev/zero`, which is new memory.
    fn mappable(&self, fd: i32, writes: bool) -> Result<Option<InodeIndex>, i32> {
        let file = self.file(fd)?;
        let Behind::Inode(inode) = file.behind else {
            return Err(ENODEV);
        };
        let access = file.flags & O_ACCMODE;
        if access == O_WRONLY || writes && access != O_RDWR {
            return Err(EACCES);
        }
        match self.fs.inode(inode)?.node {
            Node::File(_) | Node::HostFile { .. } => Ok(Some(inode)),
            Node::Zero => Ok(None),
            _ => Err(ENODEV),
        }
    }

    fn map(&mut self, fd: Option<i32>, offset: u64, len: u64, writes: bool) -> Outcome {
        if len == 0 || !offset.is_multiple_of(PAGE) {
            return Err(EINVAL);
        }
        if self.mappings.all.len() >= MOST {
            return Err(ENOMEM);
        }
        let file = match fd {
            Some(fd) => self.mappable(fd, writes)?,
            None => None,
        };
        let inode = match file {
            Some(inode) => inode,
            None => {
                let bytes = usize::try_from(len).map_err(|_| ENOMEM)?;
                self.fs.grow(0, bytes).map_err(|_| ENOMEM)?;
                self.fs.nameless(vec![0; bytes])?
            }
        };
        self.fs.inode_mut(inode)?.opened += 1;
        let number = self.mappings.next;
        self.mappings.next += 1;
        let mapping = Mapping {
            inode,
            offset: if file.is_some() { offset } else { 0 },
            len,
            writes,
            users: BTreeMap::from([(self.current, 1)]),
        };
        self.mappings.all.insert(number, mapping);
        Ok(Resume::Int(number.into()))
    }

    /// The file behind some bytes of a mapping, and where in it they begin.
    fn place_in_memory(&mut self, mapping: u32, at: u64, len: u64, writes: bool) -> Result<(InodeIndex, u64), i32> {
        let found = self.mappings.used_by(mapping, self.current)?;
        let end = at.checked_add(len).filter(|end| *end <= found.len).ok_or(EFAULT)?;
        if writes && !found.writes {
            return Err(EFAULT);
        }
        let (inode, from, end) = (found.inode, found.offset + at, found.offset + end);
        let there = self.fs.content(inode)?.len() as u64;
        if end > there.next_multiple_of(PAGE) {
            return Err(EFAULT);
        }
        Ok((inode, from))
    }

    /// What a call is about to touch, if it is one that reads or writes shared memory.
    pub fn touches(&self, call: &Posix) -> Option<Touched> {
        let (mapping, at, len, writes) = match call {
            Posix::Memory(Memory::Read { mapping, at, len }) => (mapping, *at, *len, false),
            Posix::Memory(Memory::Write {
                mapping,
                at,
                data,
                apart,
            }) => {
                let (at, len) = span(*at, data, *apart)?;
                (mapping, at, len, true)
            }
            _ => return None,
        };
        let found = self.mappings.all.get(mapping)?;
        Some(Touched {
            object: ObjectId(FIRST_MEMORY + u32::try_from(found.inode).ok()?),
            at: found.offset.saturating_add(at),
            size: u32::try_from(len).unwrap_or(u32::MAX),
            writes,
        })
    }

    /// What people call the memory of that number: the name of its file, or nothing.
    pub fn name_of_memory(&self, object: ObjectId) -> String {
        let inode = object.0.saturating_sub(FIRST_MEMORY) as InodeIndex;
        self.fs.name_of(inode)
    }

    /// A process maps nothing any more.
    pub(super) fn unmap_all(&mut self, pid: u32) {
        let used: Vec<u32> = self.mappings.all.keys().copied().collect();
        for number in used {
            if let Some(mapping) = self.mappings.all.get_mut(&number) {
                mapping.users.remove(&pid);
            }
            self.drop_unused_mapping(number);
        }
    }

    fn drop_unused_mapping(&mut self, number: u32) {
        if self
            .mappings
            .all
            .get(&number)
            .is_none_or(|mapping| !mapping.users.is_empty())
        {
            return;
        }
        let Some(mapping) = self.mappings.all.remove(&number) else {
            return;
        };
        if let Ok(entry) = self.fs.inode_mut(mapping.inode) {
            entry.opened = entry.opened.saturating_sub(1);
        }
        self.fs.forget_if_unused(mapping.inode);
    }
}

/// Which bytes of a mapping data are written to, from the first to the last: where they begin, and how many.
fn span(at: u64, data: &[u8], apart: Option<Apart>) -> Option<(u64, u64)> {
    let len = data.len() as u64;
    apart.map_or(Some((at, len)), |apart| apart.span(at, len))
}

/// So many bytes of a content from a place on, as far as it goes.
fn part(content: &[u8], from: u64, len: u64) -> Vec<u8> {
    let from = usize::try_from(from).unwrap_or(usize::MAX).min(content.len());
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    content[from..from.saturating_add(len).min(content.len())].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Answer;
    use crate::kernel::errno::{EEXIST, O_CREAT};
    use heddle_vm::contract::Posix;

    fn kernel() -> Kernel {
        Kernel::new(Vec::new(), false, 1 << 20, 1, Vec::new())
    }

    fn now(kernel: &mut Kernel, call: Posix) -> Resume {
        match kernel.call(5, call) {
            Answer::Now(answer) => answer,
            Answer::Later(reason, _) => panic!("blocks: {reason:?}"),
        }
    }

    fn ask(kernel: &mut Kernel, call: Memory) -> Resume {
        now(kernel, Posix::Memory(call))
    }

    fn map(fd: Option<i32>, offset: u64, len: u64, writes: bool) -> Memory {
        Memory::Map {
            fd,
            offset,
            len,
            writes,
        }
    }

    fn read(mapping: u32, at: u64, len: u64) -> Memory {
        Memory::Read { mapping, at, len }
    }

    fn write(mapping: u32, at: u64, data: &[u8]) -> Memory {
        Memory::Write {
            mapping,
            at,
            data: data.to_vec(),
            apart: None,
        }
    }

    #[test]
    fn a_fork_sees_the_same_memory_and_others_do_not() {
        let k = &mut kernel();
        let (parent, child) = (crate::FIRST_PID, crate::FIRST_PID + 1);
        assert_eq!(ask(k, map(None, 0, 10, true)), Resume::Int(0));
        k.fork_process(parent, child);
        assert_eq!(ask(k, map(None, 0, 10, true)), Resume::Int(1));
        assert_eq!(ask(k, write(0, 3, b"ab")), Resume::Done);
        k.switch_to(child);
        assert_eq!(ask(k, read(0, 2, 4)), Resume::Bytes(b"\0ab\0".to_vec()));
        assert_eq!(ask(k, read(1, 0, 1)), Resume::Error(EINVAL));
        assert_eq!(ask(k, write(0, 9, b"xy")), Resume::Error(EFAULT));
        k.close_process(9, parent);
        k.switch_to(child);
        assert_eq!(ask(k, read(0, 3, 1)), Resume::Bytes(b"a".to_vec()));
        assert_eq!(ask(k, Memory::Unmap { mapping: 0 }), Resume::Done);
        assert_eq!(ask(k, read(0, 3, 1)), Resume::Error(EINVAL));
        assert_eq!(k.fs.used_bytes, 0);
    }

    #[test]
    fn a_mapped_file_is_the_file() {
        let k = &mut kernel();
        let open = Posix::Open {
            path: b"f".to_vec(),
            flags: O_CREAT | O_RDWR,
            mode: 0o644,
        };
        assert_eq!(now(k, open), Resume::Int(3));
        let data = b"0123456789".to_vec();
        assert_eq!(now(k, Posix::Write { fd: 3, data }), Resume::Int(10));
        assert_eq!(ask(k, map(Some(3), 0, 8, true)), Resume::Int(0));
        assert_eq!(ask(k, map(Some(3), 1, 8, true)), Resume::Error(EINVAL));
        assert_eq!(ask(k, map(Some(1), 0, 8, false)), Resume::Error(ENODEV));
        assert_eq!(ask(k, write(0, 2, b"XY")), Resume::Done);
        let seek = Posix::Lseek {
            fd: 3,
            offset: 0,
            whence: 0,
        };
        assert_eq!(now(k, seek), Resume::Int(0));
        assert_eq!(
            now(k, Posix::Read { fd: 3, len: 20 }),
            Resume::Bytes(b"01XY456789".to_vec())
        );
        // The file gets shorter: its last page reads as zeros, the pages behind it are gone.
        assert_eq!(now(k, Posix::Ftruncate { fd: 3, length: 3 }), Resume::Done);
        assert_eq!(ask(k, read(0, 1, 4)), Resume::Bytes(b"1X\0\0".to_vec()));
        assert_eq!(now(k, Posix::Ftruncate { fd: 3, length: 0 }), Resume::Done);
        assert_eq!(ask(k, read(0, 1, 4)), Resume::Error(EFAULT));
        // The name goes, the mapping keeps what there is.
        assert_eq!(now(k, Posix::Close { fd: 3 }), Resume::Done);
        assert_eq!(
            k.name_of_memory(k.touches(&Posix::Memory(read(0, 0, 1))).expect("it is mapped").object),
            "f"
        );
        assert_eq!(now(k, Posix::Unlink { path: b"f".to_vec() }), Resume::Done);
        assert_eq!(ask(k, Memory::Unmap { mapping: 0 }), Resume::Done);
        let again = Posix::Open {
            path: b"f".to_vec(),
            flags: O_CREAT | crate::kernel::errno::O_EXCL,
            mode: 0o644,
        };
        assert_ne!(now(k, again), Resume::Error(EEXIST));
    }

    #[test]
    fn items_that_lie_apart_are_written_by_one_call() {
        let k = &mut kernel();
        assert_eq!(ask(k, map(None, 0, 12, true)), Resume::Int(0));
        let apart = |at, data: &[u8], item_size, step| Memory::Write {
            mapping: 0,
            at,
            data: data.to_vec(),
            apart: Some(Apart { item_size, step }),
        };
        assert_eq!(ask(k, apart(1, b"abc", 1, 3)), Resume::Done);
        assert_eq!(ask(k, apart(10, b"ABCD", 2, -8)), Resume::Done);
        assert_eq!(ask(k, read(0, 0, 12)), Resume::Bytes(b"\0aCDb\0\0c\0\0AB".to_vec()));
        let touched = k.touches(&Posix::Memory(apart(10, b"ABCD", 2, -8)));
        assert_eq!(touched.map(|touched| (touched.at, touched.size)), Some((2, 10)));
        for outside in [
            apart(11, b"AB", 2, 1),
            apart(1, b"AB", 1, -2),
            apart(4, b"AB", 1, 8),
            apart(0, b"AB", 1, i64::MIN),
            apart(0, b"", 1, 1),
        ] {
            assert_eq!(ask(k, outside.clone()), Resume::Error(EFAULT), "{outside:?}");
        }
    }

    #[test]
    fn what_cannot_be_mapped_is_refused() {
        let k = &mut kernel();
        assert_eq!(ask(k, map(None, 0, 0, true)), Resume::Error(EINVAL));
        assert_eq!(ask(k, map(None, 0, 1 << 40, true)), Resume::Error(ENOMEM));
        let open = |flags| Posix::Open {
            path: b"f".to_vec(),
            flags,
            mode: 0o644,
        };
        assert_eq!(now(k, open(O_CREAT)), Resume::Int(3));
        assert_eq!(ask(k, map(Some(3), 0, 1, true)), Resume::Error(EACCES));
        assert_eq!(ask(k, map(Some(3), 0, 1, false)), Resume::Int(0));
        assert_eq!(ask(k, write(0, 0, b"a")), Resume::Error(EFAULT));
        assert_eq!(now(k, open(O_WRONLY)), Resume::Int(4));
        assert_eq!(ask(k, map(Some(4), 0, 1, false)), Resume::Error(EACCES));
    }
}
