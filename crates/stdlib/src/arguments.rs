//! Arguments of module functions that take positional ones only, with CPython's messages.

use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;

/// Exactly `N` positional arguments of `module.name`.
pub fn fixed<const N: usize>(p: &mut Process, args: Args<'_>, module: &str, name: &str) -> NativeResult<[Value; N]> {
    if !args.kw.is_empty() {
        return Err(p.type_error(&format!("{module}.{name}() takes no keyword arguments")));
    }
    match <[Value; N]>::try_from(args.pos) {
        Ok(values) => Ok(values),
        Err(_) => {
            let given = args.len();
            let message = match N {
                0 => format!("{module}.{name}() takes no arguments ({given} given)"),
                1 => format!("{module}.{name}() takes exactly one argument ({given} given)"),
                _ => format!("{name} expected {N} arguments, got {given}"),
            };
            Err(p.type_error(&message))
        }
    }
}

/// A list as an argument; TypeError in Argument Clinic's words otherwise. `number` is 0 for the only argument.
pub fn list_argument(p: &mut Process, v: Value, function: &str, number: usize) -> NativeResult<()> {
    if p.as_list(v).is_some() {
        return Ok(());
    }
    let name = p.type_name(v);
    let number = if number == 0 {
        String::new()
    } else {
        format!(" {number}")
    };
    Err(p.type_error(&format!("{function}() argument{number} must be list, not {name}")))
}
