//! Packs the part of CPython's library that `library.txt` lists, taken from the package `rustpython-pylib` (CPython 3.14's `Lib`), and
//! the tables of Unicode's characters and their names.
//!
//! `OUT_DIR` gets four files. `library.index` says where everything is. `first.lzma` and `rest.lzma` hold the source texts, each section
//! of the list compressed as a whole by LZMA2: the first section is part of the program everywhere, the rest is fetched by the page
//! when a program asks for it. `library.code` holds the compiled modules; only programs for the command line carry it, the page
//! compiles what it imports (source text is a third of the size of code).

mod characters;
mod comments;
mod indent;
mod list;
mod names;
mod pack;

/// The rest's checksum, by which the page knows that what it fetched belongs to it.
#[path = "../src/checksum.rs"]
mod checksum;

/// What the program unpacks sources with: every source is tried.
#[path = "../src/pack/indent.rs"]
mod unindent;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    for path in [
        "library.txt",
        "aliases.txt",
        "src/prelude",
        "src/library",
        "src/stand_ins",
        "src/versions",
        "src/checksum.rs",
        "src/pack/indent.rs",
        "build",
    ] {
        println!("cargo:rerun-if-changed={path}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let sections = list::read();
    let with_code = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch != "wasm32");
    let packed = pack::pack(&sections, [characters::table(), names::table()], with_code);
    for (name, bytes) in [
        ("library.index", packed.index),
        ("first.lzma", packed.first),
        ("rest.lzma", packed.rest),
        ("library.code", packed.code),
    ] {
        fs::write(out.join(name), bytes).expect("OUT_DIR can be written");
    }
}
