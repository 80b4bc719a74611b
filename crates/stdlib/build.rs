//! Compiles and packs the part of CPython's library that `library.txt` lists, taken from the package `rustpython-pylib` (CPython 3.14's `Lib`).
//!
//! The pack: for each module its code (the compiler's bytes) and its source text, each deflated on its own, so that an import inflates
//! what it needs. Layout: `u32` number of modules; for each: name, path, flags, and the places of code and source; then the data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where library files seem to lie in tracebacks and `__file__`.
const PREFIX: &str = "/usr/lib/python3.14/";

/// Modules that stand for C modules: their code is invisible in tracebacks and is never switched away from (`heddle_vm::boot::HIDDEN`).
const HIDDEN: &str = "<heddle ";

fn main() {
    println!("cargo:rerun-if-changed=library.txt");
    println!("cargo:rerun-if-changed=src/prelude");
    println!("cargo:rerun-if-changed=src/library");
    println!("cargo:rerun-if-changed=src/stand_ins");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let lib = PathBuf::from(rustpython_pylib::LIB_PATH);
    let list = fs::read_to_string("library.txt").expect("library.txt stands beside build.rs");
    let mut modules = BTreeMap::new();
    for line in list
        .lines()
        .map(|l| l.split('#').next().unwrap_or("").trim())
        .filter(|l| !l.is_empty())
    {
        if let Some((name, source)) = line.split_once(" <- ") {
            add_stand_in(&mut modules, &lib, name, source);
            continue;
        }
        let folder = line.strip_suffix("/*").map(|name| lib.join(name.replace('.', "/")));
        match folder {
            Some(folder) => add_folder(&mut modules, &lib, &folder),
            None => add_module(&mut modules, &lib, line),
        }
    }
    add_own(&mut modules, "src/prelude", |name| format!("{HIDDEN}{name}>"));
    // Modules that are Python in CPython too.
    add_own(&mut modules, "src/library", |name| format!("{PREFIX}{name}.py"));
    fs::write(out.join("library.pack"), pack(&modules)).expect("OUT_DIR can be written");
}

/// Adds the modules of a folder of this crate; `place` makes the file name of tracebacks from a module's name.
fn add_own(modules: &mut BTreeMap<String, Module>, folder: &str, place: impl Fn(&str) -> String) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "py") {
            let name = path
                .file_stem()
                .and_then(|s| s.to_str())
                .expect("these files have plain names")
                .to_owned();
            let source = fs::read_to_string(&path).expect("these files are text");
            let path = place(&name);
            modules.insert(name, Module::new(path, source));
        }
    }
}

struct Module {
    path: String,
    package: bool,
    source: String,
    /// Its code and source are those of the module of this name.
    same_as: Option<String>,
}

impl Module {
    fn new(path: String, source: String) -> Module {
        Module {
            path,
            package: false,
            source,
            same_as: None,
        }
    }
}

/// The line of a file in `src/stand_ins` where the library's own source comes in.
const LIBRARY_STANDS_HERE: &str = "# The library's module stands here.\n";

/// A built-in module that is C in CPython, made of the library's own Python version of it, and of what `src/stand_ins` puts before and
/// after that to make it what the C module is.
fn add_stand_in(modules: &mut BTreeMap<String, Module>, lib: &Path, name: &str, source: &str) {
    let file = lib.join(source).with_extension("py");
    let mut source = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let around = Path::new("src/stand_ins").join(name).with_extension("py");
    if let Ok(text) = fs::read_to_string(&around) {
        let (before, after) = text
            .split_once(LIBRARY_STANDS_HERE)
            .unwrap_or_else(|| panic!("{} does not say where the library's module stands", around.display()));
        source = format!("{before}{source}{after}");
    }
    let path = format!("{HIDDEN}{name}>");
    modules.insert(name.to_owned(), Module::new(path, source));
}

/// All modules of a package, sub-packages included.
fn add_folder(modules: &mut BTreeMap<String, Module>, lib: &Path, folder: &Path) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .flatten()
        .collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            if path.join("__init__.py").exists() && !path.ends_with("test") && !path.ends_with("tests") {
                add_folder(modules, lib, &path);
            }
        } else if path.extension().is_some_and(|e| e == "py") {
            add_file(modules, lib, &path);
        }
    }
}

fn add_module(modules: &mut BTreeMap<String, Module>, lib: &Path, name: &str) {
    let base = lib.join(name.replace('.', "/"));
    let package = base.join("__init__.py");
    let file = if package.exists() {
        package
    } else {
        base.with_extension("py")
    };
    assert!(
        file.exists(),
        "library.txt names {name}, which the library does not have"
    );
    add_file(modules, lib, &file);
}

fn add_file(modules: &mut BTreeMap<String, Module>, lib: &Path, file: &Path) {
    let relative = file.strip_prefix(lib).expect("files lie below the library");
    let package = relative.file_name().is_some_and(|n| n == "__init__.py");
    let stem = if package {
        relative.parent().unwrap_or(Path::new("")).to_path_buf()
    } else {
        relative.with_extension("")
    };
    let name = stem
        .iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(".");
    let source = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    // The two parts of the importer are known by the names of CPython's frozen modules.
    if let "importlib._bootstrap" | "importlib._bootstrap_external" = name.as_str() {
        let frozen = name
            .replace("importlib.", "_frozen_importlib")
            .replace("_bootstrap", "");
        let mut file = Module::new(format!("{PREFIX}{}", relative.display()), String::new());
        file.same_as = Some(frozen.clone());
        modules.insert(frozen, Module::new(format!("<frozen {name}>"), source));
        modules.insert(name, file);
        return;
    }
    let hidden = name == "_pyio" || name == "_pycodecs";
    let path = if hidden {
        format!("{HIDDEN}{name}>")
    } else {
        format!("{PREFIX}{}", relative.display())
    };
    let mut module = Module::new(path, source);
    module.package = package;
    modules.insert(name, module);
}

fn pack(modules: &BTreeMap<String, Module>) -> Vec<u8> {
    let mut index = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    index.extend((modules.len() as u32).to_le_bytes());
    let mut places: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for (name, module) in modules {
        if let Some(places) = module.same_as.as_deref().and_then(|other| places.get(other)) {
            text(&mut index, name);
            text(&mut index, &module.path);
            index.push(u8::from(module.package));
            index.extend(places);
            continue;
        }
        let options = heddle_compiler::Options::default();
        let code = heddle_compiler::compile(&module.source, &module.path, heddle_compiler::Mode::Exec, &options)
            .unwrap_or_else(|e| panic!("{}:{}: {}", module.path, e.line, e.message));
        let code = heddle_compiler::to_bytes(&code.code);
        text(&mut index, name);
        text(&mut index, &module.path);
        index.push(u8::from(module.package));
        let mut place = Vec::new();
        for part in [code.as_slice(), module.source.as_bytes()] {
            let deflated = miniz_oxide::deflate::compress_to_vec(part, 8);
            place.extend((data.len() as u32).to_le_bytes());
            place.extend((deflated.len() as u32).to_le_bytes());
            place.extend((part.len() as u32).to_le_bytes());
            data.extend(deflated);
        }
        index.extend(&place);
        places.insert(name, place);
    }
    [index, data].concat()
}

fn text(into: &mut Vec<u8>, s: &str) {
    into.extend((s.len() as u32).to_le_bytes());
    into.extend(s.as_bytes());
}
