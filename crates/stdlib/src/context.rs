//! `_contextvars_native`: the running thread's current context.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

fn get_current(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "get_current")?;
    let context = p.threads[p.current as usize].context;
    Ok(if context.is_null() { Value::NONE } else { context })
}

fn set_current(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [context] = p.exactly(args, "set_current")?;
    let context = if context.is_none() { Value::NULL } else { context };
    let current = p.current as usize;
    p.replace_counted(context, |p| &mut p.threads[current].context);
    Ok(Value::NONE)
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_contextvars_native",
    doc: "",
    functions: &[
        Native::function("get_current", get_current),
        Native::function("set_current", set_current),
    ],
    types: &[],
    init: None,
};
