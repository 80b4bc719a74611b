//! The program `heddle`.

fn main() {
    std::process::exit(heddle_cli::main(std::env::args().skip(1)));
}
