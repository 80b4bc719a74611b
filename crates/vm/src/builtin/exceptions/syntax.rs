//! `SyntaxError`: msg, filename, lineno, offset, text, end_lineno, end_offset, print_file_and_line.

use super::base::set_args;
use super::fields::{field, first, fourth, second, third};
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let rest = args.rest();
    set_args(vm, this, rest.pos);
    if let Some(&message) = rest.pos.first() {
        vm.put_exception_field(this, 0, message);
    }
    if rest.len() == 2 {
        let details = vm.list_from_iterable(rest.pos[1])?;
        if !(4..=7).contains(&details.len()) || details.len() == 5 {
            return Err(vm.type_error(&format!(
                "function takes at least 4 arguments ({} given)",
                details.len()
            )));
        }
        for (i, &detail) in details.iter().take(6).enumerate() {
            vm.put_exception_field(this, i + 1, detail);
        }
    }
    Ok(Value::NONE)
}

fn str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let message = vm.exception_field(this, 0);
    let message = if message.is_null() { Value::NONE } else { message };
    let text = vm.str_text(message)?;
    let file = vm.exception_field(this, 1);
    let file = vm
        .as_pystr(file)
        .map(|f| f.lossy().rsplit('/').next().unwrap_or_default().to_owned());
    let line = vm.as_i64(vm.exception_field(this, 2));
    let shown = match (file, line) {
        (Some(file), Some(line)) => format!("{text} ({file}, line {line})"),
        (Some(file), None) => format!("{text} ({file})"),
        (None, Some(line)) => format!("{text} (line {line})"),
        (None, None) => text,
    };
    Ok(vm.new_str(&shown))
}

fn text(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, 4)
}

fn end_lineno(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, 5)
}

fn end_offset(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, 6)
}

fn print_file_and_line(vm: &mut Process, args: Args<'_>) -> NativeResult {
    field(vm, args, 7)
}

/// The table.
pub static MEMBERS: &[Native] = &[
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__str__", str).sig("($self, /)"),
    Native::getset("msg", first),
    Native::getset("filename", second),
    Native::getset("lineno", third),
    Native::getset("offset", fourth),
    Native::getset("text", text),
    Native::getset("end_lineno", end_lineno),
    Native::getset("end_offset", end_offset),
    Native::getset("print_file_and_line", print_file_and_line),
];
