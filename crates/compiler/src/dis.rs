//! Listings of code objects, much as `dis` prints them.

use std::fmt::Write;

use crate::code::{Code, Const, Position};
use crate::op::{BinaryOp, CommonConstant, CompareOp, Instr, Intrinsic1, Intrinsic2, Op, SpecialMethod};

/// A listing of a code object and of those inside it.
pub fn disassemble(code: &Code) -> String {
    let mut out = String::new();
    list(code, &mut out);
    out
}

fn list(code: &Code, out: &mut String) {
    let _ = writeln!(
        out,
        "{} (line {}, args {}/{}/{}, flags {:#x}, stack {})",
        code.qualname,
        code.first_line,
        code.arg_count,
        code.posonly_count,
        code.kwonly_count,
        code.flags,
        code.stack_size
    );
    let mut line = 0;
    for (index, instr) in code.instructions.iter().enumerate() {
        let position = code.positions.get(index).copied().unwrap_or_default();
        let shown = if position.line != line && position.line != 0 {
            position.line.to_string()
        } else {
            String::new()
        };
        line = position.line;
        let text = argument(code, *instr);
        let arg = if instr.op().has_arg() {
            instr.arg().to_string()
        } else {
            String::new()
        };
        let row = format!("{shown:>5} {index:>5} {:<24}{arg:>5} {text}", instr.op().name());
        let _ = writeln!(out, "{:<70}{}", row.trim_end(), place(position));
    }
    for entry in &code.exceptions {
        let lasti = if entry.lasti { " lasti" } else { "" };
        let _ = writeln!(
            out,
            "  {} to {} -> {} [{}]{lasti}",
            entry.start, entry.end, entry.target, entry.depth
        );
    }
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            out.push('\n');
            list(inner, out);
        }
    }
}

/// An instruction in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line, 0 if it has none.
    pub line: u32,
    /// What it is called.
    pub name: &'static str,
    /// Its argument, if it has one.
    pub arg: Option<u32>,
    /// What that means; empty if nothing is to be said.
    pub meaning: String,
    /// The instruction to which it jumps.
    pub target: Option<u32>,
}

/// The instructions of a code object without those inside it.
pub fn rows(code: &Code) -> Vec<Row> {
    let row = |(index, instr): (usize, &Instr)| {
        let op = instr.op();
        Row {
            line: code.positions.get(index).map_or(0, |place| place.line),
            name: op.name(),
            arg: op.has_arg().then(|| instr.arg()),
            meaning: argument(code, *instr),
            target: op.is_jump().then(|| instr.arg()),
        }
    };
    code.instructions.iter().enumerate().map(row).collect()
}

fn place(position: Position) -> String {
    format!(
        "  {}:{}-{}:{}",
        position.line, position.col, position.end_line, position.end_col
    )
}

/// What an argument means.
fn argument(code: &Code, instr: Instr) -> String {
    let arg = instr.arg();
    let name = |index: u32| code.names.get(index as usize).cloned().unwrap_or_default();
    let slot = || code.slot_name(arg as usize).unwrap_or_default().to_string();
    let with_bit = |index: u32, bit: bool, text: &str| {
        let name = name(index);
        if bit {
            format!("({name} + {text})")
        } else {
            format!("({name})")
        }
    };
    match instr.op() {
        Op::LoadConst => code
            .consts
            .get(arg as usize)
            .map_or(String::new(), |value| format!("({})", repr(value))),
        Op::LoadGlobal => with_bit(arg >> 1, arg & 1 != 0, "NULL"),
        Op::LoadAttr => with_bit(arg >> 1, arg & 1 != 0, "self"),
        Op::LoadSuperAttr => with_bit(arg >> 2, arg & 1 != 0, "self"),
        Op::LoadName | Op::StoreName | Op::DeleteName | Op::StoreGlobal | Op::DeleteGlobal => {
            format!("({})", name(arg))
        }
        Op::StoreAttr | Op::DeleteAttr | Op::ImportName | Op::ImportFrom => format!("({})", name(arg)),
        Op::LoadFromDictOrGlobals => format!("({})", name(arg)),
        Op::LoadFast | Op::LoadFastCheck | Op::LoadFastAndClear | Op::StoreFast | Op::DeleteFast => {
            format!("({})", slot())
        }
        Op::LoadDeref | Op::StoreDeref | Op::DeleteDeref | Op::MakeCell => format!("({})", slot()),
        Op::LoadFromDictOrDeref => format!("({})", slot()),
        Op::BinaryOp => BinaryOp::from_arg(arg).map_or(String::new(), |op| format!("({})", op.text())),
        Op::CompareOp => CompareOp::of_instr_arg(arg).map_or(String::new(), |op| {
            if arg & 16 != 0 {
                format!("(bool({}))", op.text())
            } else {
                format!("({})", op.text())
            }
        }),
        Op::CallIntrinsic1 => Intrinsic1::from_arg(arg).map_or(String::new(), |op| format!("({})", op.text())),
        Op::CallIntrinsic2 => Intrinsic2::from_arg(arg).map_or(String::new(), |op| format!("({})", op.text())),
        Op::LoadCommonConstant => CommonConstant::from_arg(arg).map_or(String::new(), |op| format!("({})", op.text())),
        Op::LoadSpecial => SpecialMethod::from_arg(arg).map_or(String::new(), |op| format!("({})", op.text())),
        op if op.is_jump() => format!("(to {arg})"),
        _ => String::new(),
    }
}

/// A constant, as Python would show it.
pub fn repr(value: &Const) -> String {
    match value {
        Const::None => "None".into(),
        Const::Bool(true) => "True".into(),
        Const::Bool(false) => "False".into(),
        Const::Ellipsis => "Ellipsis".into(),
        Const::Int(value) => value.to_string(),
        Const::BigInt(value) => value.to_string(),
        Const::Float(value) => format!("{value:?}"),
        Const::Complex(re, im) if *re == 0.0 && re.is_sign_positive() => format!("{im:?}j"),
        Const::Complex(re, im) => format!("({re:?}{im:+?}j)"),
        Const::Str(text) => str_repr(&text.to_string_lossy(), ""),
        Const::Bytes(bytes) => {
            let text: String = bytes.iter().map(|byte| byte.escape_ascii().to_string()).collect();
            format!("b'{text}'")
        }
        Const::Tuple(items) => match items.as_slice() {
            [single] => format!("({},)", repr(single)),
            items => format!("({})", join(items)),
        },
        Const::FrozenSet(items) => format!("frozenset({{{}}})", join(items)),
        Const::Slice(parts) => format!("slice({})", join(parts.as_slice())),
        Const::Code(code) => format!("<code object {}, line {}>", code.name, code.first_line),
        Const::Late(late) => format!("<code object {}>", late.name),
    }
}

fn join(items: &[Const]) -> String {
    items.iter().map(repr).collect::<Vec<_>>().join(", ")
}

/// A string in quotes, as `repr` chooses them.
pub(crate) fn str_repr(text: &str, prefix: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = format!("{prefix}{quote}");
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            char if char == quote => out.extend(['\\', char]),
            char if (char as u32) < 0x20 || char as u32 == 0x7f => {
                let _ = write!(out, "\\x{:02x}", char as u32);
            }
            char => out.push(char),
        }
    }
    out.push(quote);
    out
}
