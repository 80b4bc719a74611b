//! The command line `heddle`: the engine for terminals, tests and benchmarks.

mod args;
mod export;
mod look;
mod mount;
mod run;
mod survey;
mod sweep;

use args::{Command, help};

/// Does what the arguments (without the program's name) say; the exit status.
pub fn main(arguments: impl IntoIterator<Item = String>) -> i32 {
    let done = args::parse(arguments).and_then(|command| match command {
        Command::Help => {
            print!("{}", help());
            Ok(0)
        }
        Command::Version => {
            println!("heddle {}", env!("CARGO_PKG_VERSION"));
            Ok(0)
        }
        Command::Run(args) => run::run(&args),
        Command::Sweep(args) => sweep::sweep(&args),
        Command::Look(args) => look::look(&args),
        Command::Survey(args) => survey::survey(&args),
        Command::Link(path) => export::link(&path),
        Command::Open(link) => export::open(&link),
    });
    done.unwrap_or_else(|sentence| {
        eprintln!("heddle: {sentence}");
        2
    })
}
