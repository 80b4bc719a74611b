//! `_csv`: dialects, the reader's state machine and the writer's quoting.

mod dialect;
mod reader;
mod writer;

use crate::arguments::fixed;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

static ERROR: TypeDef = TypeDef {
    name: "Error",
    module: "_csv",
    base: Some(TypeRef::Core(core::EXCEPTION)),
    layout: Layout::Exception,
    flags: type_flags::BASETYPE,
    members: &[],
    doc: "",
    finish: None,
};

#[cold]
fn error(p: &mut Process, message: &str) -> Unwind {
    let class = p.native_type(&ERROR);
    p.error(class, message)
}

const STATE: &str = "_csv";

/// The dict of registered dialects, and the limit of a field's length.
fn state(p: &mut Process, part: usize) -> Value {
    if !p.module_state.contains_key(STATE) {
        let values = vec![p.new_dict(), p.new_int(131_072)];
        for &v in &values {
            p.heap.incref(v);
        }
        p.module_state.insert(STATE, values);
    }
    let values = p.module_state.get(STATE);
    values.and_then(|v| v.get(part).copied()).unwrap_or(Value::NONE)
}

fn field_limit(p: &mut Process) -> usize {
    let limit = state(p, 1);
    p.as_i64(limit).unwrap_or(131_072).max(0) as usize
}

fn field_size_limit(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [new] = p.bind(args, "field_size_limit", ["new_limit"], 0)?;
    let old = state(p, 1);
    if let Some(new) = new {
        if !p.is_int(new) {
            return Err(p.type_error("limit must be an integer"));
        }
        let limit = p.index_i64(new)?;
        let limit = p.new_int(limit);
        p.heap.incref(limit);
        if let Some(slot) = p.module_state.get_mut(STATE).and_then(|s| s.get_mut(1)) {
            *slot = limit;
        }
    }
    Ok(old)
}

fn name_argument(p: &mut Process, v: Value) -> NativeResult<()> {
    if p.as_pystr(v).is_none() {
        return Err(p.type_error("dialect name must be a string"));
    }
    Ok(())
}

fn register_dialect(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (Some(name), true) = (args.get(0), args.len() <= 2) else {
        let (bound, given) = if args.is_empty() {
            ("at least 1", 0)
        } else {
            ("at most 2", args.len())
        };
        let plural = if args.is_empty() { "" } else { "s" };
        return Err(p.type_error(&format!(
            "register_dialect expected {bound} argument{plural}, got {given}"
        )));
    };
    name_argument(p, name)?;
    let made = dialect::make(p, args.get(1), args.kw)?;
    let all = state(p, 0);
    p.dict_set(all, name, made)?;
    Ok(Value::NONE)
}

fn unregister_dialect(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.bind(args, "unregister_dialect", ["name"], 1)?;
    let all = state(p, 0);
    match p.dict_remove(all, name.unwrap_or(Value::NONE))? {
        Some(_) => Ok(Value::NONE),
        None => Err(error(p, "unknown dialect")),
    }
}

fn get_dialect(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.bind(args, "get_dialect", ["name"], 1)?;
    registered(p, name.unwrap_or(Value::NONE))
}

fn registered(p: &mut Process, name: Value) -> NativeResult {
    let all = state(p, 0);
    match p.dict_get(all, name)? {
        Some(dialect) => Ok(dialect),
        None => Err(error(p, "unknown dialect")),
    }
}

fn list_dialects(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [] = fixed(p, args, "_csv", "list_dialects")?;
    let all = state(p, 0);
    let names = heddle_vm::builtin::containers::dict::pairs(p, all);
    Ok(p.new_list(names.into_iter().map(|(name, _)| name).collect()))
}

fn init(p: &mut Process, dict: Value) -> NativeResult<()> {
    for (i, name) in [
        "QUOTE_MINIMAL",
        "QUOTE_ALL",
        "QUOTE_NONNUMERIC",
        "QUOTE_NONE",
        "QUOTE_STRINGS",
        "QUOTE_NOTNULL",
    ]
    .into_iter()
    .enumerate()
    {
        let name = p.intern(name);
        p.dict_set_str(dict, name, Value::from_i32(i as i32));
    }
    let (name, version) = (p.intern("__version__"), p.new_str("1.0"));
    p.dict_set_str(dict, name, version);
    let (name, dialects) = (p.intern("_dialects"), state(p, 0));
    p.dict_set_str(dict, name, dialects);
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_csv",
    doc: "CSV parsing and writing.",
    functions: &[
        Native::function("reader", reader::reader),
        Native::function("writer", writer::writer),
        Native::function("register_dialect", register_dialect),
        Native::function("unregister_dialect", unregister_dialect).sig("($module, /, name)"),
        Native::function("get_dialect", get_dialect).sig("($module, /, name)"),
        Native::function("list_dialects", list_dialects).sig("($module, /)"),
        Native::function("field_size_limit", field_size_limit).sig("($module, /, new_limit=<unrepresentable>)"),
    ],
    types: &[&ERROR, &dialect::DIALECT, &reader::READER, &writer::WRITER],
    init: Some(init),
};
