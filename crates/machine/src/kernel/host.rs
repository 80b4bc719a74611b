//! Folders of the host, shown inside the simulated computer.
//!
//! The machine reads no host file itself; whoever mounts a folder says how. Listings and contents are fetched when
//! first looked at and kept: what the program writes stays in the simulated computer.

use std::rc::Rc;

/// One entry of a host folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEntry {
    /// Its name in the folder.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: HostKind,
}

/// What a host entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// A folder.
    Folder,
    /// A file of so many bytes.
    File { size: u64 },
}

/// A folder of the host. Paths are relative to it, without a leading `/`; the empty path is the folder itself.
pub trait HostFolder {
    /// What stands in a folder; the error is an `errno`.
    fn list(&self, path: &[u8]) -> Result<Vec<HostEntry>, i32>;
    /// The content of a file; the error is an `errno`.
    fn read(&self, path: &[u8]) -> Result<Vec<u8>, i32>;
}

/// A shared [`HostFolder`].
#[derive(Clone)]
pub(crate) struct Mount(pub Rc<dyn HostFolder>);

impl std::fmt::Debug for Mount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mount")
    }
}
