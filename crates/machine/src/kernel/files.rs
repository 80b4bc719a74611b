//! An in-memory file system: inodes in a vector, folders as ordered maps, contents shared until written.
//!
//! Not modelled: permissions (everything is the user's own), hard links. An inode lives while a
//! name or an open file refers to it; its number is not used again.

use super::errno::*;
use super::host::{HostKind, Mount};
use heddle_vm::contract::{DirEntry, FileStat};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Number of a file; the root folder is 0 inside, 1 more to the outside.
pub(crate) type InodeIndex = usize;

const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 4096;
const MOST_LINKS_FOLLOWED: u32 = 40;

/// What stands behind an inode.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    File(Rc<Vec<u8>>),
    /// A file of a mounted folder that nobody has read yet.
    HostFile {
        mount: Mount,
        path: Vec<u8>,
        size: u64,
    },
    Folder {
        entries: BTreeMap<Vec<u8>, InodeIndex>,
        parent: InodeIndex,
        host: Option<(Mount, Vec<u8>)>,
    },
    Symlink(Vec<u8>),
    /// `/dev/null`.
    Null,
    /// `/dev/zero`.
    Zero,
    /// `/dev/urandom`, seeded.
    Random,
    /// The name of a bound socket.
    Socket,
    /// Removed, and not open any more.
    Gone,
}

#[derive(Clone, Debug)]
pub(crate) struct Inode {
    pub node: Node,
    pub mode: u32,
    pub links: u32,
    /// How many open files refer to it.
    pub opened: u32,
    pub atime_ns: i64,
    pub mtime_ns: i64,
    pub ctime_ns: i64,
}

/// The tree of files.
#[derive(Clone, Debug)]
pub(crate) struct FileSystem {
    pub inodes: Vec<Inode>,
    pub cwd: InodeIndex,
    /// Bytes of all contents that the program wrote.
    pub used_bytes: u64,
    /// Most bytes that the program may write.
    pub max_bytes: u64,
    /// The time new files get, ns since 1970.
    pub time_ns: i64,
}

/// Where a path leads.
pub(crate) struct Target {
    pub folder: InodeIndex,
    pub name: Vec<u8>,
    /// What stands there, if anything.
    pub inode: Option<InodeIndex>,
}

impl FileSystem {
    /// `/`, `/dev`, `/tmp` and the current folder.
    pub fn new(cwd: &[u8], max_bytes: u64, time_ns: i64) -> FileSystem {
        let mut fs = FileSystem {
            inodes: Vec::new(),
            cwd: 0,
            used_bytes: 0,
            max_bytes,
            time_ns,
        };
        fs.add(
            Node::Folder {
                entries: BTreeMap::new(),
                parent: 0,
                host: None,
            },
            0o755,
        );
        for (path, node) in [
            (&b"/dev/null"[..], Node::Null),
            (b"/dev/zero", Node::Zero),
            (b"/dev/urandom", Node::Random),
            (b"/dev/random", Node::Random),
        ] {
            let _ = fs.put(path, node, 0o666);
        }
        let _ = fs.make_folders(b"/tmp");
        let _ = fs.make_folders(b"/dev/shm");
        fs.cwd = fs.make_folders(cwd).unwrap_or(0);
        fs
    }

    pub fn inode(&self, at: InodeIndex) -> Result<&Inode, i32> {
        self.inodes.get(at).ok_or(ENOENT)
    }

    pub fn inode_mut(&mut self, at: InodeIndex) -> Result<&mut Inode, i32> {
        self.inodes.get_mut(at).ok_or(ENOENT)
    }

    fn add(&mut self, node: Node, mode: u32) -> InodeIndex {
        let kind = match node {
            Node::Folder { .. } => S_IFDIR,
            Node::Symlink(_) => S_IFLNK,
            Node::Null | Node::Zero | Node::Random => S_IFCHR,
            Node::File(_) | Node::HostFile { .. } | Node::Gone => S_IFREG,
            Node::Socket => S_IFSOCK,
        };
        let (atime_ns, mtime_ns, ctime_ns) = (self.time_ns, self.time_ns, self.time_ns);
        let mode = kind | (mode & 0o7777);
        self.inodes.push(Inode {
            node,
            mode,
            links: 1,
            opened: 0,
            atime_ns,
            mtime_ns,
            ctime_ns,
        });
        self.inodes.len() - 1
    }

    /// Puts a node at an absolute path, making the folders above it.
    pub fn put(&mut self, path: &[u8], node: Node, mode: u32) -> Result<InodeIndex, i32> {
        let at = path.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
        let (above, name) = (path.get(..at).unwrap_or(b"/"), path.get(at + 1..).ok_or(EINVAL)?);
        let folder = self.make_folders(above)?;
        self.link(folder, name, node, mode)
    }

    /// Makes a folder and all above it.
    pub fn make_folders(&mut self, path: &[u8]) -> Result<InodeIndex, i32> {
        let mut at = if path.first() == Some(&b'/') { 0 } else { self.cwd };
        for name in path
            .split(|&byte| byte == b'/')
            .filter(|name| !name.is_empty() && *name != b".")
        {
            at = match self.look_up(at, name)? {
                Some(next) => next,
                None => self.link(
                    at,
                    name,
                    Node::Folder {
                        entries: BTreeMap::new(),
                        parent: at,
                        host: None,
                    },
                    0o755,
                )?,
            };
        }
        Ok(at)
    }

    /// Adds a node to a folder under a name that is free or gets replaced.
    pub fn link(&mut self, folder: InodeIndex, name: &[u8], node: Node, mode: u32) -> Result<InodeIndex, i32> {
        if name.len() > LONGEST_NAME {
            return Err(ENAMETOOLONG);
        }
        if self.inodes.len() as u64 > 1_000_000 {
            return Err(ENOSPC);
        }
        self.load(folder)?;
        self.permits(folder, 3)?;
        let inode = self.add(node, mode);
        let time_ns = self.time_ns;
        let above = self.inode_mut(folder)?;
        let Node::Folder { entries, .. } = &mut above.node else {
            return Err(ENOTDIR);
        };
        entries.insert(name.to_vec(), inode);
        above.mtime_ns = time_ns;
        Ok(inode)
    }

    /// A file without a name.
    pub fn nameless(&mut self, content: Vec<u8>) -> Result<InodeIndex, i32> {
        if self.inodes.len() as u64 > 1_000_000 {
            return Err(ENOSPC);
        }
        let inode = self.add(Node::File(Rc::new(content)), 0o600);
        self.inode_mut(inode)?.links = 0;
        Ok(inode)
    }

    /// The name that a folder has for an inode; empty if none has one.
    pub fn name_of(&self, wanted: InodeIndex) -> String {
        let named = |inode: &Inode| {
            match &inode.node {
                Node::Folder { entries, .. } => entries.iter().find(|(_, at)| **at == wanted),
                _ => None,
            }
            .map(|(name, _)| String::from_utf8_lossy(name).into_owned())
        };
        self.inodes.iter().find_map(named).unwrap_or_default()
    }

    /// Fetches the listing of a host folder.
    pub fn load(&mut self, folder: InodeIndex) -> Result<(), i32> {
        let Node::Folder { host, .. } = &mut self.inode_mut(folder)?.node else {
            return Err(ENOTDIR);
        };
        let Some((mount, path)) = host.take() else {
            return Ok(());
        };
        let listing = mount.0.list(&path)?;
        for entry in listing {
            let Node::Folder { entries, .. } = &self.inode(folder)?.node else {
                return Err(ENOTDIR);
            };
            if entries.contains_key(&entry.name) {
                continue; // the scenario's own files stand before the host's
            }
            let mut below = path.clone();
            if !below.is_empty() {
                below.push(b'/');
            }
            below.extend_from_slice(&entry.name);
            let node = match entry.kind {
                HostKind::Folder => Node::Folder {
                    entries: BTreeMap::new(),
                    parent: folder,
                    host: Some((mount.clone(), below)),
                },
                HostKind::File { size } => Node::HostFile {
                    mount: mount.clone(),
                    path: below,
                    size,
                },
            };
            self.link(folder, &entry.name, node, 0o755)?;
        }
        Ok(())
    }

    /// The entry of a folder.
    pub fn look_up(&mut self, folder: InodeIndex, name: &[u8]) -> Result<Option<InodeIndex>, i32> {
        self.load(folder)?;
        if let Node::Folder { .. } = self.inode(folder)?.node {
            self.permits(folder, 1)?;
        }
        match &self.inode(folder)?.node {
            Node::Folder { parent, .. } if name == b".." => Ok(Some(*parent)),
            Node::Folder { entries, .. } => Ok(entries.get(name).copied()),
            _ => Err(ENOTDIR),
        }
    }

    /// Whether the owner, whom all processes run as, may read (4), write (2), execute or search (1).
    pub fn permits(&self, at: InodeIndex, wanted: u32) -> Result<(), i32> {
        if (self.inode(at)?.mode >> 6) & wanted == wanted {
            Ok(())
        } else {
            Err(EACCES)
        }
    }

    /// Walks a path. With `follow`, a symlink at its end is followed too.
    pub fn walk(&mut self, path: &[u8], follow: bool) -> Result<Target, i32> {
        if path.is_empty() {
            return Err(ENOENT);
        }
        if path.len() >= LONGEST_PATH {
            return Err(ENAMETOOLONG);
        }
        let mut todo: Vec<Vec<u8>> = parts(path);
        let mut at = if path.first() == Some(&b'/') { 0 } else { self.cwd };
        let wants_folder = path.ends_with(b"/") || path.ends_with(b"/.");
        let mut links = 0;
        while let Some(name) = todo.pop() {
            let last = todo.is_empty();
            let Some(inode) = self.look_up(at, &name)? else {
                return if last {
                    Ok(Target {
                        folder: at,
                        name,
                        inode: None,
                    })
                } else {
                    Err(ENOENT)
                };
            };
            if let Node::Symlink(target) = &self.inode(inode)?.node
                && (!last || follow || wants_folder)
            {
                links += 1;
                if links > MOST_LINKS_FOLLOWED {
                    return Err(ELOOP);
                }
                let target = target.clone();
                if target.first() == Some(&b'/') {
                    at = 0;
                }
                todo.extend(parts(&target));
                continue;
            }
            if last {
                if wants_folder && !matches!(self.inode(inode)?.node, Node::Folder { .. }) {
                    return Err(ENOTDIR);
                }
                return Ok(Target {
                    folder: at,
                    name,
                    inode: Some(inode),
                });
            }
            at = inode;
        }
        Ok(Target {
            folder: at,
            name: b".".to_vec(),
            inode: Some(at),
        })
    }

    /// The file at a path.
    pub fn find(&mut self, path: &[u8], follow: bool) -> Result<InodeIndex, i32> {
        self.walk(path, follow)?.inode.ok_or(ENOENT)
    }

    /// The bytes of a file.
    pub fn content(&mut self, at: InodeIndex) -> Result<&mut Rc<Vec<u8>>, i32> {
        if let Node::HostFile { mount, path, .. } = &self.inode(at)?.node {
            let content = mount.0.read(path)?;
            self.inode_mut(at)?.node = Node::File(Rc::new(content));
        }
        match &mut self.inode_mut(at)?.node {
            Node::File(content) => Ok(content),
            Node::Folder { .. } => Err(EISDIR),
            _ => Err(EINVAL),
        }
    }

    /// Accounts a file's growth.
    pub fn grow(&mut self, from: usize, to: usize) -> Result<(), i32> {
        let used = self.used_bytes.saturating_sub(from as u64).saturating_add(to as u64);
        if to > from && used > self.max_bytes {
            return Err(ENOSPC);
        }
        self.used_bytes = used;
        Ok(())
    }

    /// Removes a name; the inode goes when nobody has it open.
    pub fn unlink(&mut self, target: &Target) -> Result<(), i32> {
        let inode = target.inode.ok_or(ENOENT)?;
        self.permits(target.folder, 3)?;
        let Node::Folder { entries, .. } = &mut self.inode_mut(target.folder)?.node else {
            return Err(ENOTDIR);
        };
        entries.remove(&target.name);
        let entry = self.inode_mut(inode)?;
        entry.links = entry.links.saturating_sub(1);
        self.forget_if_unused(inode);
        Ok(())
    }

    /// Frees the content of an inode that neither a name nor an open file refers to.
    pub fn forget_if_unused(&mut self, at: InodeIndex) {
        let Some(inode) = self.inodes.get_mut(at) else { return };
        if inode.links == 0 && inode.opened == 0 {
            if let Node::File(content) = &inode.node {
                self.used_bytes = self.used_bytes.saturating_sub(content.len() as u64);
            }
            inode.node = Node::Gone;
        }
    }

    pub fn stat(&self, at: InodeIndex) -> Result<FileStat, i32> {
        let inode = self.inode(at)?;
        let size = match &inode.node {
            Node::File(content) => content.len() as u64,
            Node::HostFile { size, .. } => *size,
            Node::Folder { .. } => 4096,
            Node::Symlink(target) => target.len() as u64,
            Node::Null | Node::Zero | Node::Random | Node::Socket | Node::Gone => 0,
        };
        Ok(FileStat {
            mode: inode.mode,
            inode: at as u64 + 1,
            device: 1,
            links: u64::from(inode.links),
            uid: 1000,
            gid: 1000,
            size,
            atime_ns: inode.atime_ns,
            mtime_ns: inode.mtime_ns,
            ctime_ns: inode.ctime_ns,
        })
    }

    /// What stands in a folder, by name.
    pub fn entries(&mut self, at: InodeIndex) -> Result<Vec<DirEntry>, i32> {
        self.load(at)?;
        let Node::Folder { entries, .. } = &self.inode(at)?.node else {
            return Err(ENOTDIR);
        };
        let entry = |(name, &inode): (&Vec<u8>, &InodeIndex)| DirEntry {
            name: name.clone(),
            inode: inode as u64 + 1,
            kind: self.inodes.get(inode).map_or(0, |inode| inode.mode & S_IFMT),
        };
        Ok(entries.iter().map(entry).collect())
    }

    /// Moves a file or folder.
    pub fn rename(&mut self, from: &[u8], to: &[u8]) -> Result<(), i32> {
        let (from, to) = (self.walk(from, false)?, self.walk(to, false)?);
        let moved = from.inode.ok_or(ENOENT)?;
        self.permits(from.folder, 3)?;
        self.permits(to.folder, 3)?;
        if to.inode == Some(moved) {
            return Ok(());
        }
        let moves_folder = matches!(self.inode(moved)?.node, Node::Folder { .. });
        if let Some(old) = to.inode {
            let replaces_folder = matches!(self.inode(old)?.node, Node::Folder { .. });
            match (moves_folder, replaces_folder) {
                (true, false) => return Err(ENOTDIR),
                (false, true) => return Err(EISDIR),
                (true, true) if !self.entries(old)?.is_empty() => return Err(ENOTEMPTY),
                _ => self.unlink(&to)?,
            }
        }
        let mut above = to.folder;
        while moves_folder && above != 0 {
            if above == moved {
                return Err(EINVAL);
            }
            above = match &self.inode(above)?.node {
                Node::Folder { parent, .. } => *parent,
                _ => 0,
            };
        }
        if let Node::Folder { entries, .. } = &mut self.inode_mut(from.folder)?.node {
            entries.remove(&from.name);
        }
        if let Node::Folder { parent, .. } = &mut self.inode_mut(moved)?.node {
            *parent = to.folder;
        }
        let Node::Folder { entries, .. } = &mut self.inode_mut(to.folder)?.node else {
            return Err(ENOTDIR);
        };
        entries.insert(to.name, moved);
        Ok(())
    }

    /// The absolute path of a folder.
    pub fn path_of(&self, folder: InodeIndex) -> Vec<u8> {
        let mut names: Vec<&[u8]> = Vec::new();
        let mut at = folder;
        while at != 0 {
            let Ok(Inode {
                node: Node::Folder { parent, .. },
                ..
            }) = self.inode(at)
            else {
                break;
            };
            let Ok(Inode {
                node: Node::Folder { entries, .. },
                ..
            }) = self.inode(*parent)
            else {
                break;
            };
            let Some((name, _)) = entries.iter().find(|(_, inode)| **inode == at) else {
                break;
            };
            names.push(name);
            at = *parent;
        }
        let mut path = Vec::new();
        for name in names.iter().rev() {
            path.push(b'/');
            path.extend_from_slice(name);
        }
        if path.is_empty() { b"/".to_vec() } else { path }
    }
}

/// The parts of a path, last one first.
fn parts(path: &[u8]) -> Vec<Vec<u8>> {
    let names = path
        .split(|&byte| byte == b'/')
        .filter(|name| !name.is_empty() && *name != b".");
    let mut parts: Vec<Vec<u8>> = names.map(<[u8]>::to_vec).collect();
    parts.reverse();
    parts
}
