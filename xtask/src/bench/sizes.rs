//! How much a browser loads: the wasm programs of the optimised page as they are and as they travel (gzip), and how much of
//! the engine's is the packed library.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::{page, root};

/// Prints the sizes.
pub fn tell() {
    for (name, bytes) in page::wasm_files().unwrap_or_default() {
        line(&name, bytes, &page::dist().join(&name));
    }
    if let Some((file, bytes)) = library() {
        line("of which the packed library", bytes, &file);
    }
}

fn line(name: &str, bytes: u64, file: &Path) {
    match gzipped(file) {
        Some(packed) => println!("{name}: {} KiB, gzipped {} KiB", bytes / 1024, packed / 1024),
        None => println!("{name}: {} KiB", bytes / 1024),
    }
}

/// The pack that the latest build of the engine for users contains; in cargo's folder for what build scripts make.
fn library() -> Option<(PathBuf, u64)> {
    let builds = root().join("target/wasm32-unknown-unknown/dist/build");
    let mut packs: Vec<(SystemTime, PathBuf, u64)> = std::fs::read_dir(builds)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let file = entry.path().join("out/library.pack");
            let meta = file.metadata().ok()?;
            Some((meta.modified().ok()?, file, meta.len()))
        })
        .collect();
    packs.sort();
    packs.pop().map(|(_, file, bytes)| (file, bytes))
}

/// The size of the file after `gzip -9`, if there is a gzip.
fn gzipped(file: &Path) -> Option<u64> {
    let mut child = Command::new("gzip")
        .arg("-9c")
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut packed = Vec::new();
    child.stdout.take()?.read_to_end(&mut packed).ok()?;
    let status = child.wait().ok()?;
    status.success().then_some(packed.len() as u64)
}
