//! Compiles the prelude's Python files, so that a process starts without compiling anything. Each becomes `OUT_DIR/NAME.code`, the
//! compiler's bytes.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=src/prelude");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for entry in fs::read_dir("src/prelude").expect("the prelude stands here").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "py") {
            compile(&path, &out);
        }
    }
}

fn compile(path: &Path, out: &Path) {
    let name = path
        .file_stem()
        .and_then(|s| s.to_str())
        .expect("prelude files have plain names");
    let source = fs::read_to_string(path).expect("prelude files are text");
    let (mode, options) = (heddle_compiler::Mode::Exec, heddle_compiler::Options::default());
    let compiled = heddle_compiler::compile(&source, &format!("<heddle {name}>"), mode, &options)
        .unwrap_or_else(|e| panic!("{}:{}: {}", path.display(), e.line, e.message));
    fs::write(
        out.join(format!("{name}.code")),
        heddle_compiler::to_bytes(&compiled.code),
    )
    .expect("OUT_DIR can be written");
}
