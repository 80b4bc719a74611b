//! Runs a Python file in the interpreter alone, without library and computer: `cargo run -p heddle-vm --example run FILE`.

#![allow(clippy::disallowed_methods, reason = "it tells how long the run really took")]

use heddle_vm::testing::{NO_LIBRARY, run_with};

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: run FILE");
        return;
    };
    let source = match std::fs::read_to_string(&path) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("{path}: {error}");
            return;
        }
    };
    let start = std::time::Instant::now();
    let outcome = run_with(&source, &NO_LIBRARY);
    print!("{}", outcome.stdout);
    eprint!("{}", outcome.stderr);
    eprintln!(
        "status {}, virtual {} ms, real {} ms",
        outcome.status,
        outcome.time_ns / 1_000_000,
        start.elapsed().as_millis()
    );
}
