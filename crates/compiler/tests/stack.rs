//! Simulates the value stack over compiled code: every way through a function must agree on its depth.

mod verify;

use heddle_compiler::{Code, Const, Mode, Options, compile};
use std::rc::Rc;

fn check(source: &str, mode: Mode) {
    let compiled = match compile(source, "test", mode, &Options::default()) {
        Ok(compiled) => compiled,
        Err(error) => panic!("{error} in:\n{source}"),
    };
    if let Err(message) = verify::verify(&compiled.code) {
        panic!("{message}\n{}", heddle_compiler::disassemble(&compiled.code));
    }
}

#[test]
fn constructs() {
    for block in include_str!("constructs.py").split("\n# ---\n") {
        check(block, Mode::Exec);
    }
}

#[test]
fn modes() {
    check("1 + a", Mode::Eval);
    check("[x for x in y if x]", Mode::Eval);
    check("(yield_ := 3)", Mode::Eval);
    check("a; b = 1", Mode::Single);
}

fn read_late_parts(code: &mut Code) {
    for constant in &mut code.consts {
        if let Const::Late(late) = constant {
            let read = late.read(Rc::clone(&code.filename)).expect("it was just written");
            let mut inner = Code::clone(&read);
            read_late_parts(&mut inner);
            *constant = Const::Code(Rc::new(inner));
        }
    }
}

/// The library that is packed into the engine compiles, and its code is sound.
#[test]
fn library() {
    let Some(lib) = verify::library() else { return };
    let mut checked = 0;
    for path in verify::python_files(&lib) {
        let Ok(source) = std::fs::read_to_string(&path) else {
            continue;
        };
        match compile(&source, "lib", Mode::Exec, &Options::default()) {
            Ok(compiled) => {
                if let Err(message) = verify::verify(&compiled.code) {
                    panic!("{}: {message}", path.display());
                }
                let bytes = heddle_compiler::to_bytes(&compiled.code);
                let mut read = heddle_compiler::from_bytes(&bytes).expect("it was just written");
                read_late_parts(&mut read);
                assert!(read == compiled.code, "{}", path.display());
                checked += 1;
            }
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }
    assert!(checked > 500, "only {checked} files were found");
}
