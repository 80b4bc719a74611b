//! Writes one `#[test]` for each program of `conformance/`, so that a new case is one new file.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=conformance");
    let mut names: Vec<String> = fs::read_dir("conformance")
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
    if let Err(error) = fs::write(Path::new(&folder).join("conformance.rs"), code) {
        println!("cargo::error=cannot write the list of programs: {error}");
    }
}
