//! Runs a Python file with the packed library and no computer around it: for trying out natives. With `HEDDLE_LIB=DIR`, modules are taken
//! from `DIR/NAME.py` first, so that changes to the library's Python files can be tried without packing them.

use heddle_vm::process::{Library, PackedModule};

static TRIAL: Library = Library {
    modules: heddle_stdlib::LIBRARY.modules,
    find,
    place: heddle_stdlib::LIBRARY.place,
    names: heddle_stdlib::LIBRARY.names,
    source: heddle_stdlib::LIBRARY.source,
    eyes: heddle_vm::watchers::Eyes::BLIND,
};

fn find(name: &str) -> Option<PackedModule> {
    let own = std::env::var("HEDDLE_LIB")
        .ok()
        .and_then(|dir| std::fs::read_to_string(format!("{dir}/{name}.py")).ok());
    let Some(source) = own else {
        return (heddle_stdlib::LIBRARY.find)(name);
    };
    let path = format!("<heddle {name}>");
    let options = heddle_compiler::Options::default();
    match heddle_compiler::compile(&source, &path, heddle_compiler::Mode::Exec, &options) {
        Ok(compiled) => Some(PackedModule {
            code: compiled.code.into(),
            is_package: false,
            path,
        }),
        Err(error) => {
            eprintln!("{name}:{}: {}", error.line, error.message);
            None
        }
    }
}

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        return eprintln!("usage: py FILE.py");
    };
    match std::fs::read_to_string(&path) {
        Ok(source) => {
            let outcome = heddle_vm::testing::run_with(&source, &TRIAL);
            print!("{}", outcome.stdout);
            eprint!("{}", outcome.stderr);
            std::process::exit(outcome.status);
        }
        Err(error) => eprintln!("{path}: {error}"),
    }
}
