//! Prints the listing of Python files, or with `--check` only whether they compile.

use std::process::ExitCode;

use heddle_compiler::{Mode, Options, compile, disassemble};

fn main() -> ExitCode {
    let mut check = false;
    let mut failed = 0;
    for path in std::env::args().skip(1) {
        if path == "--check" {
            check = true;
            continue;
        }
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("{path}: {error}");
                continue;
            }
        };
        match compile(&text, &path, Mode::Exec, &Options::default()) {
            Ok(compiled) if !check => {
                print!("{}", disassemble(&compiled.code));
                for warning in compiled.warnings {
                    eprintln!("{path}:{}: {}", warning.line, warning.message);
                }
            }
            Ok(_) => {}
            Err(error) => {
                failed += 1;
                eprintln!("{path}:{}:{}: {}", error.line, error.column, error.message);
            }
        }
    }
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
