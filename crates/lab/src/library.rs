//! CPython's library as a folder of the simulated computer, so that programs can open and list its files.

use heddle_machine::{HostEntry, HostFolder, HostKind, errno};
use heddle_vm::imports::LIBRARY_PATH;
use std::collections::BTreeMap;

/// The packed library's source files, read (and inflated) when the program opens them.
pub(crate) struct LibraryFolder;

impl HostFolder for LibraryFolder {
    fn list(&self, path: &[u8]) -> Result<Vec<HostEntry>, i32> {
        let mut entries = BTreeMap::new();
        for (file, size) in heddle_stdlib::files() {
            let Some(rest) = below(path, file.as_bytes()) else {
                continue;
            };
            let (name, kind) = match rest.iter().position(|&byte| byte == b'/') {
                Some(end) => (&rest[..end], HostKind::Folder),
                None => (rest, HostKind::File { size: size as u64 }),
            };
            entries.insert(name.to_vec(), kind);
        }
        if entries.is_empty() {
            return Err(errno::ENOENT);
        }
        Ok(entries
            .into_iter()
            .map(|(name, kind)| HostEntry { name, kind })
            .collect())
    }

    fn read(&self, path: &[u8]) -> Result<Vec<u8>, i32> {
        let path = String::from_utf8_lossy(path);
        let text = (heddle_stdlib::LIBRARY.source)(&format!("{LIBRARY_PATH}/{path}"));
        text.map(|text| text.as_bytes().to_vec()).ok_or(errno::ENOENT)
    }
}

/// What of a file's path is below a folder ("" is the library's own).
fn below<'a>(folder: &[u8], file: &'a [u8]) -> Option<&'a [u8]> {
    if folder.is_empty() {
        return Some(file);
    }
    file.strip_prefix(folder)?.strip_prefix(b"/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_reads_packages() {
        let top = LibraryFolder.list(b"").expect("the library has files");
        let kind = |name: &[u8]| top.iter().find(|e| e.name == name).map(|e| &e.kind);
        assert_eq!(kind(b"collections"), Some(&HostKind::Folder));
        let Some(HostKind::File { size }) = kind(b"threading.py") else {
            panic!("threading.py is a file");
        };
        assert_eq!(
            LibraryFolder.read(b"threading.py").expect("it can be read").len() as u64,
            *size
        );
        let package = LibraryFolder.list(b"collections").expect("a folder");
        assert!(package.iter().any(|e| e.name == b"__init__.py"));
        assert_eq!(LibraryFolder.list(b"nowhere"), Err(errno::ENOENT));
        assert_eq!(LibraryFolder.read(b"nowhere.py"), Err(errno::ENOENT));
    }
}
