//! Folders of this computer, read when the program looks at them.

use heddle_lab::{HostEntry, HostFolder, HostKind, errno};
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::PathBuf;

/// A folder of this computer. Symlinks are followed when read, and shown as what they lead to.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at this path; the error is a sentence.
    pub fn new(path: &str) -> Result<Folder, String> {
        let root = PathBuf::from(path);
        if root.is_dir() {
            Ok(Folder { root })
        } else {
            Err(format!("\"{path}\" is not a folder."))
        }
    }

    fn at(&self, path: &[u8]) -> PathBuf {
        let mut all = self.root.clone();
        all.extend(
            path.split(|&byte| byte == b'/')
                .filter(|part| !part.is_empty())
                .map(name_of),
        );
        all
    }
}

#[cfg(unix)]
fn name_of(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

#[cfg(unix)]
fn bytes_of(name: &OsStr) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(name).to_vec()
}

#[cfg(not(unix))]
fn name_of(bytes: &[u8]) -> &OsStr {
    OsStr::new(str::from_utf8(bytes).unwrap_or("\u{FFFD}"))
}

#[cfg(not(unix))]
fn bytes_of(name: &OsStr) -> Vec<u8> {
    name.to_string_lossy().into_owned().into_bytes()
}

fn number_of(error: &std::io::Error) -> i32 {
    match error.kind() {
        ErrorKind::NotFound => errno::ENOENT,
        ErrorKind::NotADirectory => errno::ENOTDIR,
        _ => errno::EACCES,
    }
}

impl HostFolder for Folder {
    fn list(&self, path: &[u8]) -> Result<Vec<HostEntry>, i32> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(self.at(path)).map_err(|error| number_of(&error))? {
            let Ok(entry) = entry else { continue };
            // What cannot be looked at (a dangling symlink) is not there.
            let Ok(metadata) = std::fs::metadata(entry.path()) else {
                continue;
            };
            let kind = if metadata.is_dir() {
                HostKind::Folder
            } else if metadata.is_file() {
                HostKind::File { size: metadata.len() }
            } else {
                continue;
            };
            entries.push(HostEntry {
                name: bytes_of(&entry.file_name()),
                kind,
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn read(&self, path: &[u8]) -> Result<Vec<u8>, i32> {
        std::fs::read(self.at(path)).map_err(|error| number_of(&error))
    }
}
