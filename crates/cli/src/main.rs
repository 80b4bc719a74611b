//! The program `heddle`.

/// Objects of Python are many small allocations: about a tenth faster than with glibc's.
#[cfg(not(target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    std::process::exit(heddle_cli::main(std::env::args().skip(1)));
}
