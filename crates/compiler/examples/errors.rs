//! Compiles snippets that are separated by `#----` lines and prints the error of each, for comparison with CPython.

use heddle_compiler::{Mode, Options, SyntaxErrorKind, compile};

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    for (index, snippet) in text.split("\n#----\n").enumerate() {
        match compile(snippet, "f", Mode::Exec, &Options::default()) {
            Ok(_) => println!("{index} OK"),
            Err(error) => {
                let kind = match error.kind {
                    SyntaxErrorKind::Syntax => "SyntaxError",
                    SyntaxErrorKind::Indentation => "IndentationError",
                    SyntaxErrorKind::Tab => "TabError",
                    SyntaxErrorKind::Memory => "MemoryError",
                    SyntaxErrorKind::Recursion => "RecursionError",
                    SyntaxErrorKind::Value => "ValueError",
                    SyntaxErrorKind::Incomplete => "_IncompleteInputError",
                };
                let (line, end_line) = (error.line, error.end_line);
                println!(
                    "{index} {kind}|{}|{line}|{}|{end_line}|{}",
                    error.message, error.column, error.end_column
                );
            }
        }
    }
}
