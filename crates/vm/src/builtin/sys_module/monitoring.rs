//! `sys.monitoring`: the names that the library reads at import. Registering callbacks is refused by name.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

const EVENTS: &[&str] = &[
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];

fn refuse(p: &mut Process, _: Args<'_>) -> NativeResult {
    Err(p.not_supported("sys.monitoring"))
}

fn get_tool(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::NONE)
}

static FUNCTIONS: &[Native] = &[
    Native::function("use_tool_id", refuse),
    Native::function("clear_tool_id", refuse),
    Native::function("free_tool_id", refuse),
    Native::function("get_tool", get_tool),
    Native::function("register_callback", refuse),
    Native::function("get_events", refuse),
    Native::function("set_events", refuse),
    Native::function("get_local_events", refuse),
    Native::function("set_local_events", refuse),
    Native::function("restart_events", refuse),
];

/// Adds the namespace.
pub fn add(p: &mut Process, dict: Value) -> NativeResult<()> {
    let mut events: Vec<(&str, Value)> = EVENTS
        .iter()
        .enumerate()
        .map(|(i, name)| (*name, Value::from_i32(1 << i)))
        .collect();
    events.push(("NO_EVENTS", Value::from_i32(0)));
    let events = p.new_namespace(&events);
    let mut members = vec![
        ("events", events),
        ("DEBUGGER_ID", Value::from_i32(0)),
        ("COVERAGE_ID", Value::from_i32(1)),
        ("PROFILER_ID", Value::from_i32(2)),
        ("OPTIMIZER_ID", Value::from_i32(5)),
    ];
    for native in FUNCTIONS {
        members.push((native.name, p.new_native(native, Value::NULL)));
    }
    let (disable, missing) = (p.new_str("DISABLE"), p.new_str("MISSING"));
    members.extend([("DISABLE", disable), ("MISSING", missing)]);
    let monitoring = p.new_namespace(&members);
    let name = p.intern("monitoring");
    p.dict_set_str(dict, name, monitoring);
    Ok(())
}
