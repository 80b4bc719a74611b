//! Writes code objects line by line in the form that `compare/compare.py` writes CPython's, so that the two can be compared.

use std::process::ExitCode;

use heddle_compiler::{Code, Const, Mode, Op, Options, compile};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn constant(value: &Const) -> String {
    let join = |items: &[Const]| items.iter().map(constant).collect::<Vec<_>>().join(",");
    match value {
        Const::None => "None".into(),
        Const::Bool(value) => if *value { "True" } else { "False" }.into(),
        Const::Ellipsis => "Ellipsis".into(),
        Const::Int(value) => value.to_string(),
        Const::BigInt(value) => value.to_string(),
        Const::Float(value) => format!("f{:016x}", value.to_bits()),
        Const::Complex(re, im) => format!("c{:016x}{:016x}", re.to_bits(), im.to_bits()),
        Const::Str(text) => format!("s{}", hex(text.as_bytes())),
        Const::Bytes(bytes) => format!("b{}", hex(bytes)),
        Const::Tuple(items) => format!("({})", join(items)),
        Const::FrozenSet(items) => {
            let mut items: Vec<String> = items.iter().map(constant).collect();
            items.sort();
            format!("{{{}}}", items.join(","))
        }
        Const::Slice(parts) => format!("[{}]", join(parts.as_slice())),
        Const::Code(code) => format!("code {}", code.qualname),
        Const::Late(late) => format!("code {}", late.qualname),
    }
}

fn dump(code: &Code) {
    println!(
        "CODE {} {} {} {} {} {:x} {}",
        code.qualname,
        code.first_line,
        code.arg_count,
        code.posonly_count,
        code.kwonly_count,
        code.flags,
        code.stack_size
    );
    println!("V {}", code.varnames.join(" "));
    println!("C {}", code.cellvars.join(" "));
    println!("F {}", code.freevars.join(" "));
    println!("N {}", code.names.join(" "));
    println!("K {}", code.consts.iter().map(constant).collect::<Vec<_>>().join(" "));
    for (instr, at) in code.instructions.iter().zip(&code.positions) {
        let arg = match instr.op() {
            op if !op.has_arg() => 0,
            Op::Resume => instr.arg() & 3,
            Op::EndAsyncFor | Op::CallFunctionEx => 0,
            _ => instr.arg(),
        };
        println!(
            "I {} {} {} {} {} {}",
            instr.op().name(),
            arg,
            at.line,
            at.end_line,
            at.col,
            at.end_col
        );
    }
    for entry in &code.exceptions {
        println!(
            "E {} {} {} {} {}",
            entry.start,
            entry.end,
            entry.target,
            entry.depth,
            u8::from(entry.lasti)
        );
    }
    for value in &code.consts {
        if let Const::Code(inner) = value {
            dump(inner);
        }
    }
}

/// Lines `mode|source`, with escapes, as `compare/modes.txt` has them.
fn dump_modes(path: &str) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    for (index, line) in text.split('\n').enumerate() {
        let Some((mode, source)) = line.split_once('|') else {
            continue;
        };
        let mode = match mode {
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => Mode::Exec,
        };
        let mut source = source.replace("\\ufeff", "\u{feff}").replace("\\\\", "\u{1}");
        for (escape, char) in [
            ("\\n", "\n"),
            ("\\r", "\r"),
            ("\\t", "\t"),
            ("\\x0c", "\u{c}"),
            ("\u{1}", "\\"),
        ] {
            source = source.replace(escape, char);
        }
        println!("FILE {index} {line}");
        match compile(&source, "file", mode, &Options::default()) {
            Ok(compiled) => dump(&compiled.code),
            Err(error) => println!(
                "ERROR {:?}Error {} {} {}",
                error.kind, error.message, error.line, error.column
            ),
        }
    }
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("--modes") {
        dump_modes(&std::env::args().nth(2).unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    for path in std::env::args().skip(1) {
        println!("FILE {path}");
        match std::fs::read_to_string(&path) {
            Ok(text) => match compile(&text, "file", Mode::Exec, &Options::default()) {
                Ok(compiled) => dump(&compiled.code),
                Err(error) => println!("ERROR {} {} {}", error.line, error.column, error.message),
            },
            Err(_) => println!("UNREADABLE"),
        }
    }
    ExitCode::SUCCESS
}
