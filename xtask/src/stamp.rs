//! Has anything changed since the page was built? A digest of the names, sizes and times of its sources, kept in `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::root;

/// Everything that goes into the page, and how it is built.
const SOURCES: [&str; 8] = [
    "crates",
    "web",
    "static",
    "xtask/src",
    ".cargo",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
];
/// Folders that are made from the sources, or of no weight.
const SKIPPED: [&str; 4] = ["node_modules", "dist", "target", ".git"];

/// The state of the sources, and where the last built state is kept.
pub struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    /// The state of the sources as they are now, for a build with `settings`.
    pub fn of_page(settings: &str) -> Stamp {
        let root = root();
        let mut lines = vec![settings.to_string()];
        for source in SOURCES {
            collect(&root.join(source), &mut lines);
        }
        lines.sort();
        Stamp {
            file: root.join("target/page.stamp"),
            now: digest(&lines),
        }
    }

    /// Whether the page in `web/dist` was built from just these sources.
    pub fn is_built(&self) -> bool {
        root().join("web/dist/index.html").is_file()
            && fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.now)
    }

    /// Remembers that the page has been built from these sources.
    pub fn remember(&self) {
        // Without the stamp the page is built again next time: nothing worse.
        let _ = fs::write(&self.file, &self.now);
    }

    /// Forgets the last build, before a new one that may fail half-way.
    pub fn forget(&self) {
        let _ = fs::remove_file(&self.file);
    }
}

fn collect(path: &Path, lines: &mut Vec<String>) {
    let Ok(meta) = path.metadata() else { return };
    if meta.is_dir() {
        let Ok(entries) = fs::read_dir(path) else { return };
        for entry in entries.flatten() {
            if !SKIPPED.iter().any(|name| entry.file_name() == *name) {
                collect(&entry.path(), lines);
            }
        }
        return;
    }
    let changed = meta
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    lines.push(format!("{} {} {:?}", path.display(), meta.len(), changed));
}

/// FNV-1a, 64 bits: stable from run to run, which the standard hasher does not promise.
fn digest(lines: &[String]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in lines.iter().flat_map(|line| line.bytes().chain([b'\n'])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
