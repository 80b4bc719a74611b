//! `_functools`: `partial`, `lru_cache`'s wrapper, `cmp_to_key`, `reduce`.

mod key;
mod lru;
mod partial;

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

/// `__dict__`, which cannot be deleted.
fn namespace(p: &mut Process, args: Args<'_>) -> NativeResult {
    if args.get(1).is_some_and(Value::is_null) {
        return Err(p.type_error("cannot delete __dict__"));
    }
    (heddle_vm::builtin::objects::object::INSTANCE_DICT_ENTRY.run)(p, args)
}

/// The loop calls back any number of times, so it is Python (`loops.py` of the VM).
fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    if args.kw.is_empty() && args.len() < 2 {
        let given = args.len();
        return Err(p.type_error(&format!("reduce expected at least 2 arguments, got {given}")));
    }
    let [function, iterable, initial] = p.bind(args, "reduce", ["", "", "initial"], 2)?;
    let (function, iterable) = (function.unwrap_or(Value::NONE), iterable.unwrap_or(Value::NONE));
    let iterator = match p.get_iter(iterable) {
        Err(heddle_vm::native::Unwind::Raise(e)) if p.exception_matches(e, heddle_vm::types::core::TYPE_ERROR) => {
            return Err(p.type_error("reduce() arg 2 must support iteration"));
        }
        other => other?,
    };
    let first = match initial {
        Some(v) => v,
        None => match p.iter_next(iterator)? {
            Some(v) => v,
            None => return Err(p.type_error("reduce() of empty iterable with no initial value")),
        },
    };
    let run = p.prelude_function("_reduce");
    p.tail_call(run, &[function, iterator, first])
}

fn init(p: &mut Process, dict: Value) -> NativeResult<()> {
    let placeholder = partial::placeholder(p);
    let name = p.intern("Placeholder");
    p.dict_set_str(dict, name, placeholder);
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_functools",
    doc: "Tools that operate on functions.",
    functions: &[
        Native::function("reduce", reduce)
            .sig("($module, function, iterable, /, initial=<functools._initial_missing>)"),
        Native::function("cmp_to_key", key::cmp_to_key).sig("($module, /, mycmp)"),
    ],
    types: &[&partial::PARTIAL, &partial::PLACEHOLDER_TYPE, &lru::LRU_CACHE],
    init: Some(init),
};
