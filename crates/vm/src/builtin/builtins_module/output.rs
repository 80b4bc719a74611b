//! `print` and `input`.

use crate::contract::{Posix, SystemCall};
use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

/// An attribute of `sys`, if it is there.
fn sys_attribute(p: &mut Process, name: Value) -> Option<Value> {
    p.dict_get_str(p.sys, name)
}

fn text_option(p: &mut Process, v: Option<Value>, name: &str, default: &str) -> NativeResult {
    match v {
        Some(v) if p.as_pystr(v).is_some() => Ok(v),
        Some(v) if !v.is_none() => {
            let given = p.type_name(v);
            Err(p.type_error(&format!("{name} must be None or a string, not {given}")))
        }
        _ => Ok(p.intern(default)),
    }
}

/// Each argument, separator and the end is a write of its own, as in CPython: with an unbuffered file another thread can come between.
fn print(p: &mut Process, args: Args<'_>) -> NativeResult {
    let options = Args { pos: &[], kw: args.kw };
    let [sep, end, file, flush] = p.bind(options, "print", ["*sep", "*end", "*file", "*flush"], 0)?;
    let sep = text_option(p, sep, "sep", " ")?;
    let end = text_option(p, end, "end", "\n")?;
    let file = match file.filter(|f| !f.is_none()) {
        Some(file) => file,
        None => match sys_attribute(p, names::STDOUT) {
            Some(v) if v.is_none() => return Ok(Value::NONE),
            Some(v) => v,
            None => return print_raw(p, args.pos, sep, end),
        },
    };
    let write = p.getattr(file, names::WRITE)?;
    for (i, &v) in args.pos.iter().enumerate() {
        if i > 0 {
            p.call(write, &[sep])?;
        }
        let text = p.str(v)?;
        p.call(write, &[text])?;
    }
    p.call(write, &[end])?;
    if let Some(flush) = flush
        && p.truth(flush)?
    {
        let method = p.getattr(file, names::FLUSH)?;
        p.call(method, &[])?;
    }
    Ok(Value::NONE)
}

/// Without `sys.stdout` (before it exists): straight to descriptor 1.
fn print_raw(p: &mut Process, values: &[Value], sep: Value, end: Value) -> NativeResult {
    let mut text = String::new();
    for (i, &v) in values.iter().enumerate() {
        if i > 0 {
            text.push_str(&p.text(sep));
        }
        let s = p.str(v)?;
        text.push_str(&p.text(s));
    }
    text.push_str(&p.text(end));
    p.system_call(SystemCall::Posix(Posix::Write {
        fd: 1,
        data: text.into_bytes(),
    }))?;
    Ok(Value::NONE)
}

fn input(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [prompt] = p.bind(args, "input", [""], 0)?;
    if let Some(prompt) = prompt
        && let Some(out) = sys_attribute(p, names::STDOUT).filter(|v| !v.is_none())
    {
        let text = p.str(prompt)?;
        let write = p.getattr(out, names::WRITE)?;
        p.call(write, &[text])?;
    }
    if let Some(out) = sys_attribute(p, names::STDOUT).filter(|v| !v.is_none()) {
        let flush = p.getattr(out, names::FLUSH)?;
        p.call(flush, &[])?;
    }
    let Some(stdin) = sys_attribute(p, names::STDIN).filter(|v| !v.is_none()) else {
        return Err(p.runtime_error("input(): lost sys.stdin"));
    };
    let name = p.intern("readline");
    let readline = p.getattr(stdin, name)?;
    let line = p.call(readline, &[])?;
    let Some(s) = p.as_pystr(line).cloned() else {
        return Err(p.type_error("object.readline() returned non-string"));
    };
    match s.bytes() {
        [] => Err(p.error(crate::types::core::EOF_ERROR, "EOF when reading a line")),
        [.., b'\n'] => {
            let text = s.slice(0, s.len() - 1);
            Ok(p.new_wtf8(text))
        }
        _ => Ok(line),
    }
}

/// The functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("print", print).sig("($module, /, *args, sep=' ', end='\\n', file=None, flush=False)"),
    Native::function("input", input).sig("($module, prompt='', /)"),
];
