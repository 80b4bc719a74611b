//! Runs a Python file with the packed library and no computer around it: for trying out natives.

fn main() {
    let Some(path) = std::env::args().nth(1) else { return eprintln!("usage: py FILE.py") };
    match std::fs::read_to_string(&path) {
        Ok(source) => {
            let outcome = heddle_vm::testing::run_with(&source, &heddle_stdlib::LIBRARY);
            print!("{}", outcome.stdout);
            eprint!("{}", outcome.stderr);
            std::process::exit(outcome.status);
        }
        Err(error) => eprintln!("{path}: {error}"),
    }
}
