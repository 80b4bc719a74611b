//! Reads `library.txt`: which modules are packed, and in which sections.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where library files seem to lie in tracebacks and `__file__`.
const PREFIX: &str = "/usr/lib/python3.14/";

/// Modules that stand for C modules: their code is invisible in tracebacks and is never switched away from (`heddle_vm::boot::HIDDEN`).
const HIDDEN: &str = "<heddle ";

/// Our own modules in Python: those that are C in CPython, and those that are Python there too but not in `rustpython-pylib`.
const PRELUDE: &str = "src/prelude";
const LIBRARY: &str = "src/library";

/// Library modules that stand for C modules under their own names.
const ALWAYS_HIDDEN: [&str; 2] = ["_pyio", "_pycodecs"];

pub struct Module {
    pub name: String,
    pub path: String,
    pub package: bool,
    /// Without the comments that have lines to themselves.
    pub source: String,
    /// Code and source are those of the module of this name (and `source` is empty); or "".
    pub same_as: String,
}

/// Text before and after the library's own source of modules that stand for C modules.
const STAND_INS: &str = "src/stand_ins";

/// What modules of the library get at their end so that they follow the version of Python that a program runs under: files by module.
const VERSIONS: &str = "src/versions";

/// Expressions of library modules that follow the version: module, what stands there, and what stands there instead.
const BY_VERSION: [(&str, &str, &str); 1] = [(
    "concurrent.futures.thread",
    "max_workers = min(32, (os.process_cpu_count() or 1) + 4)",
    "max_workers = _library_rules()[2]",
)];

/// The line of such a file where the library's own source comes in.
const LIBRARY_STANDS_HERE: &str = "# The library's module stands here.\n";

/// The sections in their order; no module is in two.
pub fn read() -> Vec<Vec<Module>> {
    let mut list = List {
        lib: PathBuf::from(rustpython_pylib::LIB_PATH),
        sections: Vec::new(),
        known: BTreeSet::new(),
    };
    let text = fs::read_to_string("library.txt").expect("library.txt stands in the crate");
    let lines = text.lines().map(|l| l.split('#').next().unwrap_or("").trim());
    for line in lines.filter(|l| !l.is_empty()) {
        list.add_line(line);
    }
    list.add_prelude();
    list.sections
}

struct List {
    lib: PathBuf,
    sections: Vec<Vec<Module>>,
    known: BTreeSet<String>,
}

impl List {
    fn add_line(&mut self, line: &str) {
        if line.starts_with('[') {
            self.sections.push(Vec::new());
        } else if let Some((name, source)) = line.split_once(" <- ") {
            self.add_stand_in(name, source);
        } else if let Some(package) = line.strip_suffix("/*") {
            self.add_folder(&self.lib.join(package.replace('.', "/")));
        } else if Path::new(PRELUDE).join(line).with_extension("py").exists() {
            self.add_own(PRELUDE, line);
        } else if Path::new(LIBRARY).join(line).with_extension("py").exists() {
            self.add_own(LIBRARY, line);
        } else {
            let base = self.lib.join(line.replace('.', "/"));
            let package = base.join("__init__.py");
            let file = if package.exists() {
                package
            } else {
                base.with_extension("py")
            };
            assert!(
                file.exists(),
                "library.txt names {line}, which the library does not have"
            );
            self.add_file(&file);
        }
    }

    /// All modules of a package, sub-packages included.
    fn add_folder(&mut self, folder: &Path) {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
            .flatten()
            .map(|entry| entry.path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                if path.join("__init__.py").exists() && !path.ends_with("test") && !path.ends_with("tests") {
                    self.add_folder(&path);
                }
            } else if path.extension().is_some_and(|e| e == "py") {
                self.add_file(&path);
            }
        }
    }

    fn add_file(&mut self, file: &Path) {
        let relative = file
            .strip_prefix(&self.lib)
            .expect("files lie below the library")
            .to_path_buf();
        let package = relative.file_name().is_some_and(|n| n == "__init__.py");
        let stem = if package {
            relative.parent().unwrap_or(Path::new("")).to_path_buf()
        } else {
            relative.with_extension("")
        };
        let parts: Vec<_> = stem.iter().map(|part| part.to_string_lossy()).collect();
        let name = parts.join(".");
        match name.as_str() {
            // The two parts of the importer are known by the names of CPython's frozen modules too, and compiled as those.
            "importlib._bootstrap" => self.add_frozen(&name, "_frozen_importlib", &relative),
            "importlib._bootstrap_external" => self.add_frozen(&name, "_frozen_importlib_external", &relative),
            _ if ALWAYS_HIDDEN.contains(&name.as_str()) => self.add(&name, &format!("{HIDDEN}{name}>"), false, file),
            _ => self.add(&name, &format!("{PREFIX}{}", relative.display()), package, file),
        }
    }

    /// Our own modules that no section names: behind those of the second one.
    fn add_prelude(&mut self) {
        let later = self.sections.split_off(2);
        for folder in [PRELUDE, LIBRARY] {
            let mut names: Vec<String> = fs::read_dir(folder)
                .unwrap_or_else(|e| panic!("{folder}: {e}"))
                .flatten()
                .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".py")?.to_owned()))
                .collect();
            names.sort();
            names.iter().for_each(|name| self.add_own(folder, name));
        }
        self.sections.extend(later);
    }

    fn add_own(&mut self, folder: &str, name: &str) {
        let file = Path::new(folder).join(name).with_extension("py");
        let path = if folder == PRELUDE {
            format!("{HIDDEN}{name}>")
        } else {
            format!("{PREFIX}{name}.py")
        };
        self.add(name, &path, false, &file);
    }

    /// A built-in module that is C in CPython, made of the library's own Python version of it, and of what [`STAND_INS`] puts before
    /// and after that to make it what the C module is.
    fn add_stand_in(&mut self, name: &str, source: &str) {
        let mut source = read_text(&self.lib.join(source).with_extension("py"));
        let around = Path::new(STAND_INS).join(name).with_extension("py");
        if around.exists() {
            let text = read_text(&around);
            let (before, after) = text
                .split_once(LIBRARY_STANDS_HERE)
                .unwrap_or_else(|| panic!("{} does not say where the library's module stands", around.display()));
            source = format!("{before}{source}{after}");
        }
        self.put(name, &format!("{HIDDEN}{name}>"), source);
    }

    fn add_frozen(&mut self, name: &str, frozen: &str, file: &Path) {
        let source = read_text(&self.lib.join(file));
        if self.put(frozen, &format!("<frozen {name}>"), source) {
            self.put(name, &format!("{PREFIX}{}", file.display()), String::new());
            if let Some(module) = self.sections.last_mut().and_then(|section| section.last_mut()) {
                module.same_as = frozen.to_owned();
            }
        }
    }

    fn add(&mut self, name: &str, path: &str, package: bool, file: &Path) {
        let mut source = read_text(file);
        follow_version(name, &mut source);
        if self.put(name, path, source)
            && let Some(module) = self.sections.last_mut().and_then(|section| section.last_mut())
        {
            module.package = package;
        }
    }

    /// Adds a module to the last section; false: it is known already.
    fn put(&mut self, name: &str, path: &str, source: String) -> bool {
        if !self.known.insert(name.to_owned()) {
            return false;
        }
        let section = self.sections.last_mut().expect("library.txt begins with a section");
        section.push(Module {
            name: name.to_owned(),
            path: path.to_owned(),
            package: false,
            source: crate::comments::leave_out(&source, path),
            same_as: String::new(),
        });
        true
    }
}

/// Makes a module of the library follow the version of Python that its program runs under. Lines keep their numbers.
fn follow_version(name: &str, source: &mut String) {
    for (_, old, new) in BY_VERSION.iter().filter(|(module, ..)| *module == name) {
        assert_eq!(source.matches(old).count(), 1, "{name}: {old}");
        *source = source.replace(old, new);
    }
    let more = Path::new(VERSIONS).join(format!("{name}.py"));
    if more.exists() {
        source.push_str(&read_text(&more));
    }
}

fn read_text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}
