//! How much a browser loads: the files of the optimised page that hold programs and Python's library, as they are and as they travel
//! (gzip), and what the engine and the library come to together.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::page;

/// Prints the sizes.
pub fn tell() {
    let mut engine = 0;
    for (name, bytes) in page::heavy_files().unwrap_or_default() {
        match gzipped(&page::dist().join(&name)) {
            Some(packed) => {
                println!("{name}: {} KiB, gzipped {} KiB", bytes / 1024, packed / 1024);
                if !name.starts_with("heddle-web") {
                    engine += packed;
                }
            }
            None => println!("{name}: {} KiB", bytes / 1024),
        }
    }
    println!("engine and library together, gzipped: {} KiB", engine / 1024);
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
