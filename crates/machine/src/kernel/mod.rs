//! A small virtual POSIX kernel: descriptors, files, pipes, sockets. Errors are `errno` numbers.
//!
//! A call either has an answer at once or blocks on a descriptor; then the hub keeps it and asks again when something
//! has changed. Standard output and error are captured, standard input comes from the scenario.

mod epoll;
pub mod errno;
mod far;
mod files;
mod host;
mod http;
mod locks;
mod memory;
mod network;
mod poll;
mod programs;
mod rights;
mod semaphores;
mod sockets;
mod table;

pub use host::{HostEntry, HostFolder, HostKind};
pub use http::filled;
pub(crate) use memory::Touched;
pub use network::RemoteHost;
pub use programs::PYTHON;

use crate::draws::Draws;
use errno::*;
use files::{FileSystem, Inode, InodeIndex, Node};
use heddle_trace::{Between, BlockReason, Flow, Stream};
use heddle_vm::contract::{FileStat, Posix, Resume, TERMINAL_INODE};
use host::Mount;
use network::Network;
use sockets::Socket;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// Where the program's files stand and where it starts.
pub const HOME: &[u8] = b"/lab";

/// Most descriptors of a process.
const MOST_DESCRIPTORS: usize = 1024;
/// What a pipe holds unless it is told, the least and the most, as under Linux.
const PIPE_BYTES: usize = 65_536;
const LEAST_PIPE_BYTES: usize = 4096;
const MOST_PIPE_BYTES: usize = 1 << 20;
/// Longest file.
const LONGEST_FILE: u64 = 1 << 30;
/// The simulated computer's clock starts in January 2026, so that file times look like times.
pub const EPOCH_NS: i64 = 1_767_225_600_000_000_000;

/// What an open file refers to.
#[derive(Clone, Debug)]
enum Behind {
    Inode(InodeIndex),
    Stdin,
    Out(Stream),
    PipeRead(usize),
    PipeWrite(usize),
    Socket(usize),
    Epoll(usize),
}

/// An open file; descriptors made by `dup` share it.
#[derive(Clone, Debug)]
struct OpenFile {
    behind: Behind,
    offset: u64,
    flags: i32,
    descriptors: u32,
}

#[derive(Clone, Debug, Default)]
struct PipeBuffer {
    bytes: VecDeque<u8>,
    /// How many it holds.
    size: usize,
    /// How many have come so far.
    written: u64,
    readers: u32,
    writers: u32,
    /// Its number for the trace.
    channel: u64,
}

impl PipeBuffer {
    fn flow(&self, bytes: usize, total: u64) -> Flow {
        Flow {
            channel: self.channel,
            bytes: bytes as u64,
            total,
            depth: self.bytes.len() as u64,
        }
    }
}

/// What the program wrote to a captured stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Captured {
    pub stream: Stream,
    pub bytes: Vec<u8>,
}

/// What a call led to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It is over.
    Now(Resume),
    /// It must be made again when [`Kernel::changed`] says so.
    Later(BlockReason, Posix),
}

/// The kernel.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    pub fs: FileSystem,
    /// Those of the current process.
    descriptors: Vec<Option<usize>>,
    /// Those that outlive `exec`.
    inherited: BTreeSet<i32>,
    /// The process whose calls these are.
    current: u32,
    /// What belongs to the others.
    tables: BTreeMap<u32, table::Table>,
    open: Vec<Option<OpenFile>>,
    pipes: Vec<PipeBuffer>,
    epolls: Vec<Vec<epoll::Watch>>,
    sockets: Vec<Option<Socket>>,
    network: Network,
    /// The other computers.
    pub outside: far::Outside,
    /// Open files that the last read of a socket has brought, counted as if they had a descriptor each.
    arrived: Vec<usize>,
    locks: locks::Locks,
    semaphores: semaphores::Semaphores,
    mappings: memory::Mappings,
    stdin: Rc<Vec<u8>>,
    terminal: bool,
    draws: Draws,
    /// Written since the hub last looked.
    pub captured: Vec<Captured>,
    /// What went into pipes and sockets of this computer and came out of them since the hub last looked.
    pub flows: Vec<Between>,
    /// How many channels there have been.
    channels: u64,
    /// Whether a pipe or socket has changed since the hub last looked.
    pub changed: bool,
}

type Outcome = Result<Resume, i32>;

impl Kernel {
    pub fn new(stdin: Vec<u8>, terminal: bool, file_bytes: u64, seed: u64, hosts: Vec<RemoteHost>) -> Kernel {
        let file = |behind, flags| {
            Some(OpenFile {
                behind,
                offset: 0,
                flags,
                descriptors: 1,
            })
        };
        Kernel {
            fs: FileSystem::new(HOME, file_bytes, EPOCH_NS),
            descriptors: vec![Some(0), Some(1), Some(2)],
            inherited: BTreeSet::from([0, 1, 2]),
            current: crate::FIRST_PID,
            tables: BTreeMap::new(),
            open: vec![
                file(Behind::Stdin, 0),
                file(Behind::Out(Stream::Stdout), O_WRONLY),
                file(Behind::Out(Stream::Stderr), O_WRONLY),
            ],
            pipes: Vec::new(),
            epolls: Vec::new(),
            sockets: Vec::new(),
            network: Network::new(hosts),
            outside: far::Outside::default(),
            arrived: Vec::new(),
            locks: locks::Locks::default(),
            semaphores: semaphores::Semaphores::default(),
            mappings: memory::Mappings::default(),
            stdin: Rc::new(stdin),
            terminal,
            draws: Draws::new(seed, u32::MAX),
            captured: Vec::new(),
            flows: Vec::new(),
            channels: 0,
            changed: false,
        }
    }

    /// Puts a file of the scenario at a path, relative to [`HOME`] or absolute.
    pub fn add_file(&mut self, path: &[u8], content: Vec<u8>) -> Result<(), i32> {
        let path = absolute(path);
        self.fs.put(&path, Node::File(Rc::new(content)), 0o644).map(|_| ())
    }

    /// Shows a folder of the host at a path.
    pub fn mount(&mut self, path: &[u8], folder: Rc<dyn HostFolder>) -> Result<(), i32> {
        let path = absolute(path);
        let at = self.fs.make_folders(&path)?;
        self.fs.load(at)?; // what is mounted there already
        let Node::Folder { host, .. } = &mut self.fs.inode_mut(at)?.node else {
            return Err(ENOTDIR);
        };
        *host = Some((Mount(folder), Vec::new()));
        Ok(())
    }

    /// Carries out a call at this moment.
    pub fn call(&mut self, now_ns: u64, call: Posix) -> Answer {
        self.fs.time_ns = EPOCH_NS.saturating_add(now_ns.cast_signed());
        match call {
            Posix::Read { fd, len } => self.read(fd, len),
            Posix::Write { fd, data } => self.write(now_ns, fd, data),
            Posix::Poll { wanted, deadline_ns } => self.poll(now_ns, wanted, deadline_ns),
            Posix::EpollWait {
                epoll,
                most,
                deadline_ns,
            } => self.epoll_wait(now_ns, epoll, most, deadline_ns),
            Posix::Flock { fd, operation } => self.flock(fd, operation),
            Posix::Semaphore(call) => self.semaphore(now_ns, call),
            Posix::Lockf { fd, lock, wait } => self.lockf(fd, lock, wait),
            Posix::Connect { fd, address } => self.connect(now_ns, fd, address),
            Posix::Resolve { name } => self.resolve(now_ns, name),
            Posix::Accept { fd } => self.accept(fd),
            Posix::Receive { fd, len, peek, wait } => self.receive(fd, len, peek, wait),
            Posix::SendRights { fd, data, rights, wait } => self.send_rights(now_ns, fd, data, rights, wait),
            Posix::ReceiveRights { fd, len, most, wait } => self.receive_rights(fd, len, most, wait),
            Posix::Send { fd, data, to, wait } => self.send(now_ns, fd, data, to, wait),
            other => Answer::Now(self.quick(other).unwrap_or_else(Resume::Error)),
        }
    }

    /// The calls that never block.
    fn quick(&mut self, call: Posix) -> Outcome {
        match call {
            Posix::Open { path, flags, mode } => self.open_file(&path, flags, mode),
            Posix::Close { fd } => self.close(fd),
            Posix::CloseAll { first, end, keep } => {
                self.close_all(|_, fd| (first..end).contains(&fd) && !keep.contains(&fd));
                Ok(Resume::Done)
            }
            Posix::Lseek { fd, offset, whence } => self.lseek(fd, offset, whence),
            Posix::Ftruncate { fd, length } => self.truncate(fd, length),
            Posix::Fstat { fd } => self.fstat(fd).map(Resume::Stat),
            Posix::Stat { path, follow } => {
                let at = self.fs.find(&path, follow)?;
                self.fs.stat(at).map(Resume::Stat)
            }
            Posix::Isatty { fd } => {
                let captured = matches!(self.file(fd)?.behind, Behind::Stdin | Behind::Out(_));
                Ok(Resume::Int(i64::from(captured && self.terminal)))
            }
            Posix::Dup { fd } => {
                let index = self.index(fd)?;
                self.install(index)
            }
            Posix::Dup2 { from, to, inheritable } => self.dup2(from, to, inheritable),
            Posix::Inheritable { fd, set } => self.inheritable(fd, set),
            Posix::Memory(call) => self.memory(call),
            Posix::Space => {
                let pages = |bytes: u64| i32::try_from(bytes / 4096).unwrap_or(i32::MAX);
                let free = self.fs.max_bytes.saturating_sub(self.fs.used_bytes);
                Ok(Resume::Pair(pages(free), pages(self.fs.max_bytes)))
            }
            Posix::Pipe => self.pipe(),
            Posix::ReadDir { path } => {
                let at = self.fs.find(&path, true)?;
                self.fs.permits(at, 4)?;
                self.fs.entries(at).map(Resume::Entries)
            }
            Posix::Mkdir { path, mode } => self.mkdir(&path, mode),
            Posix::Rmdir { path } => self.rmdir(&path),
            Posix::Unlink { path } => self.unlink(&path),
            Posix::Rename { from, to } => self.fs.rename(&from, &to).map(|()| Resume::Done),
            Posix::Symlink { target, path } => {
                let at = self.fs.walk(&path, false)?;
                match at.inode {
                    Some(_) => Err(EEXIST),
                    None => self
                        .fs
                        .link(at.folder, &at.name, Node::Symlink(target), 0o777)
                        .map(|_| Resume::Done),
                }
            }
            Posix::Readlink { path } => {
                let at = self.fs.find(&path, false)?;
                match &self.fs.inode(at)?.node {
                    Node::Symlink(target) => Ok(Resume::Bytes(target.clone())),
                    _ => Err(EINVAL),
                }
            }
            Posix::Access { path, mode } => {
                let at = self.fs.find(&path, true)?;
                let wanted = u32::try_from(mode & 0o7).unwrap_or(0);
                self.fs.permits(at, wanted).map(|()| Resume::Done)
            }
            Posix::Chmod { path, mode } => {
                let at = self.fs.find(&path, true)?;
                let inode = self.fs.inode_mut(at)?;
                inode.mode = (inode.mode & S_IFMT) | (mode & 0o7777);
                Ok(Resume::Done)
            }
            Posix::Utime { path, times_ns } => {
                let at = self.fs.find(&path, true)?;
                let now = self.fs.time_ns;
                let inode = self.fs.inode_mut(at)?;
                (inode.atime_ns, inode.mtime_ns) = times_ns.unwrap_or((now, now));
                Ok(Resume::Done)
            }
            Posix::Chdir { path } => {
                let at = self.fs.find(&path, true)?;
                let Node::Folder { .. } = self.fs.inode(at)?.node else {
                    return Err(ENOTDIR);
                };
                self.fs.cwd = at;
                Ok(Resume::Done)
            }
            Posix::Getcwd => Ok(Resume::Bytes(self.fs.path_of(self.fs.cwd))),
            Posix::Nonblocking { fd, set } => {
                let file = self.file_mut(fd)?;
                let before = file.flags & O_NONBLOCK != 0;
                if let Some(on) = set {
                    file.flags = file.flags & !O_NONBLOCK | if on { O_NONBLOCK } else { 0 };
                }
                Ok(Resume::Int(i64::from(before)))
            }
            Posix::FileFlags { fd } => Ok(Resume::Int(i64::from(self.file(fd)?.flags))),
            Posix::EpollCreate => self.epoll_create(),
            Posix::EpollControl {
                epoll,
                operation,
                fd,
                events,
            } => self.epoll_control(epoll, operation, fd, events),
            Posix::Available { fd } => self.available(fd),
            Posix::PipeSize { fd, set } => self.pipe_size(fd, set),
            Posix::FindLock { fd, lock } => self.find_lock(fd, lock),
            other => self.socket_call(other),
        }
    }

    fn index(&self, fd: i32) -> Result<usize, i32> {
        usize::try_from(fd)
            .ok()
            .and_then(|fd| *self.descriptors.get(fd)?)
            .ok_or(EBADF)
    }

    fn file(&self, fd: i32) -> Result<&OpenFile, i32> {
        self.open.get(self.index(fd)?).and_then(Option::as_ref).ok_or(EBADF)
    }

    fn is_nonblocking(&self, fd: i32) -> bool {
        self.file(fd).is_ok_and(|file| file.flags & O_NONBLOCK != 0)
    }

    fn file_mut(&mut self, fd: i32) -> Result<&mut OpenFile, i32> {
        let index = self.index(fd)?;
        self.open.get_mut(index).and_then(Option::as_mut).ok_or(EBADF)
    }

    /// Makes an open file, with no descriptor yet.
    fn add_open(&mut self, behind: Behind, flags: i32) -> usize {
        let file = Some(OpenFile {
            behind,
            offset: 0,
            flags,
            descriptors: 0,
        });
        if let Some(at) = self.open.iter().position(Option::is_none) {
            self.open[at] = file;
            return at;
        }
        self.open.push(file);
        self.open.len() - 1
    }

    /// Gives an open file the lowest free descriptor.
    fn install(&mut self, index: usize) -> Outcome {
        let fd = self
            .descriptors
            .iter()
            .position(Option::is_none)
            .unwrap_or(self.descriptors.len());
        if fd >= MOST_DESCRIPTORS {
            self.drop_if_unused(index);
            return Err(EMFILE);
        }
        if fd == self.descriptors.len() {
            self.descriptors.push(None);
        }
        self.descriptors[fd] = Some(index);
        if let Some(Some(file)) = self.open.get_mut(index) {
            file.descriptors += 1;
        }
        Ok(Resume::Int(fd as i64))
    }

    fn open_file(&mut self, path: &[u8], flags: i32, mode: u32) -> Outcome {
        let target = self.fs.walk(path, flags & O_NOFOLLOW == 0)?;
        let writes = flags & O_ACCMODE != 0;
        let inode = match target.inode {
            Some(_) if flags & (O_CREAT | O_EXCL) == O_CREAT | O_EXCL => return Err(EEXIST),
            Some(inode) => {
                let wanted = match flags & O_ACCMODE {
                    0 => 4,
                    O_WRONLY => 2,
                    _ => 6,
                };
                // Symbolic links have no permissions of their own: what is wrong with them is said below.
                if !matches!(self.fs.inode(inode)?.node, Node::Symlink(_)) {
                    self.fs.permits(inode, wanted)?;
                }
                inode
            }
            None if flags & O_CREAT == 0 || path.ends_with(b"/") => return Err(ENOENT),
            None => self
                .fs
                .link(target.folder, &target.name, Node::File(Rc::default()), mode)?,
        };
        match &self.fs.inode(inode)?.node {
            Node::Folder { .. } if writes => return Err(EISDIR),
            Node::Symlink(_) => return Err(ELOOP),
            Node::Socket => return Err(ENXIO),
            Node::Folder { .. } => {}
            _ if flags & O_DIRECTORY != 0 => return Err(ENOTDIR),
            Node::File(_) | Node::HostFile { .. } if writes && flags & O_TRUNC != 0 => self.set_length(inode, 0)?,
            _ => {}
        }
        self.fs.inode_mut(inode)?.opened += 1;
        let index = self.add_open(Behind::Inode(inode), flags);
        self.install(index)
    }

    fn close(&mut self, fd: i32) -> Outcome {
        let index = self.index(fd)?;
        self.descriptors[fd as usize] = None;
        self.inherited.remove(&fd);
        if let Some(Some(file)) = self.open.get_mut(index) {
            file.descriptors = file.descriptors.saturating_sub(1);
            if let Behind::Inode(inode) = file.behind {
                self.changed |= self.locks.forget_process(inode, self.current);
            }
        }
        self.drop_if_unused(index);
        Ok(Resume::Done)
    }

    /// Closes the descriptors of the process of which this is true.
    fn close_all(&mut self, is_wanted: impl Fn(&Kernel, i32) -> bool) {
        for fd in 0..self.descriptors.len() as i32 {
            if is_wanted(self, fd) {
                // Those that are closed already say so.
                let _ = self.close(fd);
            }
        }
    }

    /// Closes an open file without descriptors.
    fn drop_if_unused(&mut self, index: usize) {
        let Some(slot) = self.open.get_mut(index) else { return };
        let Some(file) = slot.take_if(|file| file.descriptors == 0) else {
            return;
        };
        match file.behind {
            Behind::Inode(inode) => {
                self.locks.forget_open(inode, index);
                if let Ok(entry) = self.fs.inode_mut(inode) {
                    entry.opened = entry.opened.saturating_sub(1);
                }
                self.fs.forget_if_unused(inode);
            }
            Behind::PipeRead(pipe) => self.pipes[pipe].readers -= 1,
            Behind::PipeWrite(pipe) => self.pipes[pipe].writers -= 1,
            Behind::Socket(socket) => self.close_socket(socket),
            Behind::Epoll(at) => self.epolls[at] = Vec::new(),
            Behind::Stdin | Behind::Out(_) => {}
        }
        self.epoll_forget(index);
        self.changed = true;
    }

    /// Asks or says whether a descriptor outlives `exec`.
    fn inheritable(&mut self, fd: i32, set: Option<bool>) -> Outcome {
        self.index(fd)?;
        let before = self.inherited.contains(&fd);
        match set {
            Some(true) => self.inherited.insert(fd),
            Some(false) => self.inherited.remove(&fd),
            None => false,
        };
        Ok(Resume::Int(i64::from(before)))
    }

    fn dup2(&mut self, from: i32, to: i32, inheritable: bool) -> Outcome {
        let index = self.index(from)?;
        let at = usize::try_from(to)
            .ok()
            .filter(|&at| at < MOST_DESCRIPTORS)
            .ok_or(EBADF)?;
        if from == to {
            return Ok(Resume::Int(i64::from(to)));
        }
        if self.index(to).is_ok() {
            self.close(to)?;
        }
        if at >= self.descriptors.len() {
            self.descriptors.resize(at + 1, None);
        }
        self.descriptors[at] = Some(index);
        if inheritable {
            self.inherited.insert(to);
        }
        if let Some(Some(file)) = self.open.get_mut(index) {
            file.descriptors += 1;
        }
        Ok(Resume::Int(i64::from(to)))
    }

    fn pipe(&mut self) -> Outcome {
        self.pipes.push(PipeBuffer {
            bytes: VecDeque::new(),
            size: PIPE_BYTES,
            written: 0,
            readers: 1,
            writers: 1,
            channel: self.channels,
        });
        self.channels += 1;
        let pipe = self.pipes.len() - 1;
        let read = self.add_open(Behind::PipeRead(pipe), 0);
        let Resume::Int(read) = self.install(read)? else {
            return Err(EINVAL);
        };
        let write = self.add_open(Behind::PipeWrite(pipe), O_WRONLY);
        let Resume::Int(write) = self.install(write).inspect_err(|_| drop(self.close(read as i32)))? else {
            return Err(EINVAL);
        };
        Ok(Resume::Pair(read as i32, write as i32))
    }

    fn read(&mut self, fd: i32, len: u64) -> Answer {
        let again = Posix::Read { fd, len };
        match self.read_some(fd, len.min(1 << 26) as usize) {
            Ok(Some(bytes)) => Answer::Now(Resume::Bytes(bytes)),
            Ok(None) => Answer::Later(BlockReason::Read { fd: fd.unsigned_abs() }, again),
            Err(error) => Answer::Now(Resume::Error(error)),
        }
    }

    /// `None`: nothing there yet.
    fn read_some(&mut self, fd: i32, len: usize) -> Result<Option<Vec<u8>>, i32> {
        let file = self.file(fd)?;
        if file.flags & O_ACCMODE == O_WRONLY {
            return Err(EBADF);
        }
        let (offset, flags) = (usize::try_from(file.offset).unwrap_or(usize::MAX), file.flags);
        let bytes = match file.behind {
            Behind::Stdin => slice(&self.stdin, offset, len),
            Behind::Inode(inode) => match self.fs.inode(inode)?.node {
                Node::Null => Vec::new(),
                Node::Zero => vec![0; len],
                Node::Random => (0..len).map(|_| self.draws.next() as u8).collect(),
                _ => slice(self.fs.content(inode)?, offset, len),
            },
            Behind::PipeRead(pipe) => {
                let pipe = &mut self.pipes[pipe];
                if pipe.bytes.is_empty() && pipe.writers > 0 && len > 0 {
                    return if flags & O_NONBLOCK != 0 { Err(EAGAIN) } else { Ok(None) };
                }
                let take = len.min(pipe.bytes.len());
                let found = pipe.bytes.drain(..take).collect();
                let flow = pipe.flow(take, pipe.written - pipe.bytes.len() as u64);
                self.flows.push(Between::Read(flow));
                self.changed = true;
                return Ok(Some(found));
            }
            Behind::Socket(socket) => {
                let found = self.receive_now(socket, len, false)?;
                self.changed |= found.is_some();
                self.drop_arrived();
                return match found {
                    None if flags & O_NONBLOCK != 0 => Err(EAGAIN),
                    found => Ok(found.map(|(data, _)| data)),
                };
            }
            Behind::Out(_) | Behind::PipeWrite(_) => return Err(EBADF),
            Behind::Epoll(_) => return Err(EINVAL),
        };
        self.file_mut(fd)?.offset += bytes.len() as u64;
        Ok(Some(bytes))
    }

    fn write(&mut self, now_ns: u64, fd: i32, data: Vec<u8>) -> Answer {
        let total = data.len() as i64;
        let behind = match self.file(fd) {
            Ok(file) if file.flags & O_ACCMODE == 0 => return Answer::Now(Resume::Error(EBADF)),
            Ok(file) => file.behind.clone(),
            Err(error) => return Answer::Now(Resume::Error(error)),
        };
        let done = match behind {
            Behind::Out(stream) => {
                if !data.is_empty() {
                    self.captured.push(Captured { stream, bytes: data });
                }
                Ok(())
            }
            Behind::Inode(inode) => self.write_file(fd, inode, &data),
            Behind::PipeWrite(pipe) => return self.write_pipe(fd, pipe, data),
            Behind::Socket(_) => return self.send(now_ns, fd, data, None, true),
            Behind::Stdin | Behind::PipeRead(_) => Err(EBADF),
            Behind::Epoll(_) => Err(EINVAL),
        };
        Answer::Now(done.map_or_else(Resume::Error, |()| Resume::Int(total)))
    }

    /// A write that does not fit waits for room, as POSIX wants it for up to `PIPE_BUF` bytes; longer ones are
    /// written in part, which POSIX allows too.
    fn write_pipe(&mut self, fd: i32, pipe: usize, mut data: Vec<u8>) -> Answer {
        let nonblocking = self.is_nonblocking(fd);
        let pipe = &mut self.pipes[pipe];
        if pipe.readers == 0 {
            return Answer::Now(Resume::Error(EPIPE));
        }
        let room = pipe.size.saturating_sub(pipe.bytes.len());
        if room < data.len().min(4096) {
            if nonblocking {
                return Answer::Now(Resume::Error(EAGAIN));
            }
            return Answer::Later(BlockReason::Write { fd: fd.unsigned_abs() }, Posix::Write { fd, data });
        }
        data.truncate(room);
        pipe.bytes.extend(&data);
        pipe.written += data.len() as u64;
        let flow = pipe.flow(data.len(), pipe.written);
        self.flows.push(Between::Written(flow));
        self.changed = true;
        Answer::Now(Resume::Int(data.len() as i64))
    }

    fn write_file(&mut self, fd: i32, inode: InodeIndex, data: &[u8]) -> Result<(), i32> {
        if let Node::Null | Node::Zero | Node::Random = self.fs.inode(inode)?.node {
            return Ok(());
        }
        let old = self.fs.content(inode)?.len();
        let file = self.file(fd)?;
        let at = if file.flags & O_APPEND != 0 {
            old as u64
        } else {
            file.offset
        };
        let end = at.saturating_add(data.len() as u64);
        if end > LONGEST_FILE {
            return Err(EFBIG);
        }
        let (start, end) = (at as usize, end as usize);
        self.fs.grow(old, old.max(end))?;
        let content = Rc::make_mut(self.fs.content(inode)?);
        if content.len() < end {
            content.resize(end, 0);
        }
        content[start..end].copy_from_slice(data);
        let time_ns = self.fs.time_ns;
        self.fs.inode_mut(inode)?.mtime_ns = time_ns;
        self.file_mut(fd)?.offset = end as u64;
        Ok(())
    }

    fn set_length(&mut self, inode: InodeIndex, length: u64) -> Result<(), i32> {
        if length > LONGEST_FILE {
            return Err(EFBIG);
        }
        let old = self.fs.content(inode)?.len();
        self.fs.grow(old, length as usize)?;
        Rc::make_mut(self.fs.content(inode)?).resize(length as usize, 0);
        let time_ns = self.fs.time_ns;
        self.fs.inode_mut(inode)?.mtime_ns = time_ns;
        Ok(())
    }

    fn truncate(&mut self, fd: i32, length: i64) -> Outcome {
        let length = u64::try_from(length).map_err(|_| EINVAL)?;
        match self.file(fd)? {
            OpenFile {
                behind: Behind::Inode(inode),
                flags,
                ..
            } if flags & O_ACCMODE != 0 => {
                let inode = *inode;
                self.set_length(inode, length).map(|()| Resume::Done)
            }
            _ => Err(EINVAL),
        }
    }

    /// `F_GETPIPE_SZ` and `F_SETPIPE_SZ`
    fn pipe_size(&mut self, fd: i32, set: Option<i64>) -> Outcome {
        let (Behind::PipeRead(pipe) | Behind::PipeWrite(pipe)) = self.file(fd)?.behind else {
            return Err(EBADF);
        };
        let pipe = &mut self.pipes[pipe];
        if let Some(wanted) = set {
            let wanted = usize::try_from(wanted).map_err(|_| EINVAL)?;
            if wanted > MOST_PIPE_BYTES {
                return Err(EPERM);
            }
            let size = wanted.max(LEAST_PIPE_BYTES).next_power_of_two();
            if size < pipe.bytes.len() {
                return Err(EBUSY);
            }
            pipe.size = size;
            self.changed = true;
        }
        Ok(Resume::Int(pipe.size as i64))
    }

    /// `FIONREAD`
    fn available(&mut self, fd: i32) -> Outcome {
        let count = match self.file(fd)?.behind {
            Behind::PipeRead(pipe) => self.pipes.get(pipe).map_or(0, |pipe| pipe.bytes.len()),
            Behind::Socket(at) => self.socket(at)?.held(),
            Behind::Stdin => {
                let offset = usize::try_from(self.file(fd)?.offset).unwrap_or(usize::MAX);
                self.stdin.len().saturating_sub(offset)
            }
            _ => return Err(ENOTTY),
        };
        Ok(Resume::Int(count as i64))
    }

    fn lseek(&mut self, fd: i32, offset: i64, whence: i32) -> Outcome {
        let file = self.file(fd)?;
        let base = match (whence, &file.behind) {
            (
                _,
                Behind::PipeRead(_)
                | Behind::PipeWrite(_)
                | Behind::Socket(_)
                | Behind::Epoll(_)
                | Behind::Out(_)
                | Behind::Stdin,
            ) => return Err(ESPIPE),
            (0, _) => 0,
            (1, _) => file.offset.cast_signed(),
            (2, Behind::Inode(inode)) => self.fs.stat(*inode)?.size.cast_signed(),
            _ => return Err(EINVAL),
        };
        let at = base.checked_add(offset).filter(|&at| at >= 0).ok_or(EINVAL)?;
        self.file_mut(fd)?.offset = at.cast_unsigned();
        Ok(Resume::Int(at))
    }

    fn fstat(&self, fd: i32) -> Result<FileStat, i32> {
        let special = |kind| FileStat {
            mode: kind | 0o600,
            inode: 0,
            device: 2,
            links: 1,
            ..FileStat::default()
        };
        Ok(match self.file(fd)?.behind {
            Behind::Inode(inode) => self.fs.stat(inode)?,
            Behind::Stdin | Behind::Out(_) => FileStat {
                inode: TERMINAL_INODE,
                ..special(if self.terminal { S_IFCHR } else { S_IFIFO })
            },
            Behind::Socket(_) => special(S_IFSOCK),
            Behind::Epoll(_) => special(0),
            Behind::PipeRead(_) | Behind::PipeWrite(_) => special(S_IFIFO),
        })
    }

    fn mkdir(&mut self, path: &[u8], mode: u32) -> Outcome {
        let at = self.fs.walk(path, false)?;
        if at.inode.is_some() {
            return Err(EEXIST);
        }
        let node = Node::Folder {
            entries: Default::default(),
            parent: at.folder,
            host: None,
        };
        self.fs.link(at.folder, &at.name, node, mode).map(|_| Resume::Done)
    }

    fn rmdir(&mut self, path: &[u8]) -> Outcome {
        let at = self.fs.walk(path, false)?;
        let inode = at.inode.ok_or(ENOENT)?;
        if at.name == b"." || at.name == b".." {
            return Err(EINVAL);
        }
        if !self.fs.entries(inode)?.is_empty() {
            return Err(ENOTEMPTY);
        }
        if inode == self.fs.cwd || inode == 0 {
            return Err(EBUSY);
        }
        self.fs.unlink(&at).map(|()| Resume::Done)
    }

    fn unlink(&mut self, path: &[u8]) -> Outcome {
        let at = self.fs.walk(path, false)?;
        match self.fs.inode(at.inode.ok_or(ENOENT)?)? {
            Inode {
                node: Node::Folder { .. },
                ..
            } => Err(EISDIR),
            _ => self.fs.unlink(&at).map(|()| Resume::Done),
        }
    }
}

/// A part of some bytes.
fn slice(bytes: &[u8], from: usize, len: usize) -> Vec<u8> {
    let from = from.min(bytes.len());
    bytes[from..from.saturating_add(len).min(bytes.len())].to_vec()
}

/// The path below [`HOME`], unless it is absolute.
fn absolute(path: &[u8]) -> Vec<u8> {
    if path.first() == Some(&b'/') {
        return path.to_vec();
    }
    let mut all = HOME.to_vec();
    all.push(b'/');
    all.extend_from_slice(path);
    all
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod network_tests;
