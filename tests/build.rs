//! Writes one `#[test]` for each program of `conformance/` and of the gallery, so that a new case is one new file.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    list("conformance", "conformance.rs");
    list("../web/gallery", "gallery.rs");
}

/// A test for each program of a folder, which calls `check` with its name.
fn list(programs: &str, tests: &str) {
    println!("cargo::rerun-if-changed={programs}");
    let mut names: Vec<String> = fs::read_dir(programs)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".py").map(str::to_string))
        .collect();
    names.sort();
    let mut code = String::new();
    for name in names {
        let _ = writeln!(code, "#[test]\nfn {name}() {{\n    check(\"{name}\");\n}}\n");
    }
    let folder = env::var("OUT_DIR").unwrap_or_default();
    if let Err(error) = fs::write(Path::new(&folder).join(tests), code) {
        println!("cargo::error=cannot write the list of programs: {error}");
    }
}
