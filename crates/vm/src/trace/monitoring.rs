//! `sys.monitoring` (PEP 669): tools, their events and callbacks.

use super::{EVENTS, Event, TOOLS, Tool};
use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::object::{Instance, Obj};
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

/// Names of the events, by the number of their bit.
pub const EVENT_NAMES: [&str; EVENTS] = [
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

/// All events there are.
const ALL: i64 = (1 << EVENTS) - 1;
/// Events that come with calls and cannot be asked for alone.
const CALL_ENDS: u32 = Event::CReturn.bit() | Event::CRaise.bit();
/// Events that can be asked for in one code object.
const LOCAL: u32 = (Event::Raise.bit() - 1) | Event::Branch.bit();

/// The number of a tool, checked.
fn tool(p: &mut Process, v: Value) -> NativeResult<usize> {
    let n = p.index_i64(v)?;
    match usize::try_from(n) {
        Ok(n) if n < TOOLS => Ok(n),
        _ => Err(p.value_error(&format!("invalid tool {n} (must be between 0 and 5)"))),
    }
}

fn used_tool(p: &mut Process, v: Value) -> NativeResult<usize> {
    let n = tool(p, v)?;
    if p.monitoring.tools[n].name.is_null() {
        return Err(p.value_error(&format!("tool {n} is not in use")));
    }
    Ok(n)
}

fn use_tool_id(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, name] = p.exactly(args, "use_tool_id")?;
    let n = tool(p, id)?;
    if p.as_pystr(name).is_none() {
        return Err(p.value_error("tool name must be a str"));
    }
    if !p.monitoring.tools[n].name.is_null() {
        return Err(p.value_error(&format!("tool {n} is already in use")));
    }
    p.replace_counted(name, |p| &mut p.monitoring.tools[n].name);
    Ok(Value::NONE)
}

/// A tool lets go of its events and callbacks.
fn clear(p: &mut Process, n: usize) {
    let empty = Tool {
        name: p.monitoring.tools[n].name,
        ..Tool::default()
    };
    let old = std::mem::replace(&mut p.monitoring.tools[n], empty);
    for callback in old.callbacks {
        p.heap.decref(callback);
    }
    for events in p.monitoring.local.values_mut() {
        events[n] = 0;
    }
    p.monitoring.disabled.retain(|&(_, _, tool, _)| usize::from(tool) != n);
    p.watch_changed();
}

fn clear_tool_id(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id] = p.exactly(args, "clear_tool_id")?;
    let n = tool(p, id)?;
    if !p.monitoring.tools[n].name.is_null() {
        clear(p, n);
    }
    Ok(Value::NONE)
}

fn free_tool_id(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id] = p.exactly(args, "free_tool_id")?;
    let n = tool(p, id)?;
    if !p.monitoring.tools[n].name.is_null() {
        clear(p, n);
        p.replace_counted(Value::NULL, |p| &mut p.monitoring.tools[n].name);
    }
    Ok(Value::NONE)
}

fn or_none(v: Value) -> Value {
    if v.is_null() { Value::NONE } else { v }
}

fn get_tool(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id] = p.exactly(args, "get_tool")?;
    let n = tool(p, id)?;
    Ok(or_none(p.monitoring.tools[n].name))
}

fn register_callback(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, event, function] = p.exactly(args, "register_callback")?;
    let n = tool(p, id)?;
    let event = p.index_i64(event)?;
    if event <= 0 || event.count_ones() != 1 {
        return Err(p.value_error("The callback can only be set for one event at a time"));
    }
    if event > ALL {
        return Err(p.value_error(&format!("invalid event {event}")));
    }
    let at = event.trailing_zeros() as usize;
    let old = p.monitoring.tools[n].callbacks[at];
    let function = if function.is_none() { Value::NULL } else { function };
    p.replace_counted(function, |p| &mut p.monitoring.tools[n].callbacks[at]);
    Ok(or_none(old))
}

/// A set of events, checked.
fn event_set(p: &mut Process, v: Value) -> NativeResult<u32> {
    let events = p.index_i64(v)?;
    if !(0..=ALL).contains(&events) {
        return Err(p.value_error(&format!("invalid event set 0x{events:x}")));
    }
    let mut events = events as u32;
    if events & CALL_ENDS != 0 {
        if events & Event::Call.bit() == 0 {
            return Err(p.value_error("cannot set C_RETURN or C_RAISE events independently"));
        }
        events &= !CALL_ENDS;
    }
    if events & Event::Branch.bit() != 0 {
        events |= Event::BranchLeft.bit() | Event::BranchRight.bit();
    }
    Ok(events)
}

fn get_events(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id] = p.exactly(args, "get_events")?;
    let n = tool(p, id)?;
    let events = p.monitoring.tools[n].events & !Event::Branch.bit();
    Ok(Value::from_i32(events as i32))
}

fn set_events(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, events] = p.exactly(args, "set_events")?;
    let n = tool(p, id)?;
    let events = event_set(p, events)?;
    used_tool(p, id)?;
    p.monitoring.tools[n].events = events;
    p.watch_changed();
    Ok(Value::NONE)
}

/// The number of a code object.
fn code_number(p: &mut Process, v: Value) -> NativeResult<u32> {
    match p.code_object(v) {
        Some(code) => Ok(code.number),
        None => Err(p.type_error("code must be a code object")),
    }
}

fn get_local_events(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, code] = p.exactly(args, "get_local_events")?;
    let number = code_number(p, code)?;
    let n = tool(p, id)?;
    let events = p.monitoring.local.get(&number).map_or(0, |e| e[n]);
    Ok(Value::from_i32((events & !Event::Branch.bit()) as i32))
}

fn set_local_events(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [id, code, events] = p.exactly(args, "set_local_events")?;
    let number = code_number(p, code)?;
    let n = tool(p, id)?;
    let given = p.index_i64(events)?;
    let events = event_set(p, events)?;
    if events & !LOCAL != 0 {
        return Err(p.value_error(&format!("invalid local event set 0x{given:x}")));
    }
    used_tool(p, id)?;
    p.monitoring.local.entry(number).or_default()[n] = events;
    p.watch_changed();
    Ok(Value::NONE)
}

fn restart_events(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "restart_events")?;
    p.monitoring.disabled.clear();
    Ok(Value::NONE)
}

fn all_events(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "_all_events")?;
    let dict = p.new_dict();
    for (i, name) in EVENT_NAMES.iter().enumerate() {
        let bit = 1 << i;
        let mut tools = 0;
        for (n, tool) in p.monitoring.tools.iter().enumerate() {
            if tool.events & bit != 0 {
                tools |= 1 << n;
            }
        }
        if tools != 0 {
            let name = p.intern(name);
            p.dict_set_str(dict, name, Value::from_i32(tools));
        }
    }
    Ok(dict)
}

static FUNCTIONS: &[Native] = &[
    Native::function("use_tool_id", use_tool_id).sig("($module, tool_id, name, /)"),
    Native::function("clear_tool_id", clear_tool_id).sig("($module, tool_id, /)"),
    Native::function("free_tool_id", free_tool_id).sig("($module, tool_id, /)"),
    Native::function("get_tool", get_tool).sig("($module, tool_id, /)"),
    Native::function("register_callback", register_callback).sig("($module, tool_id, event, func, /)"),
    Native::function("get_events", get_events).sig("($module, tool_id, /)"),
    Native::function("set_events", set_events).sig("($module, tool_id, event_set, /)"),
    Native::function("get_local_events", get_local_events).sig("($module, tool_id, code, /)"),
    Native::function("set_local_events", set_local_events).sig("($module, tool_id, code, event_set, /)"),
    Native::function("restart_events", restart_events).sig("($module, /)"),
    Native::function("_all_events", all_events).sig("($module, /)"),
];

fn plain_object(p: &mut Process) -> Value {
    let instance = Instance {
        shape: 0,
        values: smallvec::SmallVec::new(),
        dict: Value::NULL,
    };
    p.heap.alloc_counted(core::OBJECT, Obj::Instance(Box::new(instance)))
}

/// Adds the namespace to the dict of `sys`.
pub fn add(p: &mut Process, dict: Value) -> Result<(), Unwind> {
    let mut events: Vec<(&str, Value)> = EVENT_NAMES
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
    p.monitoring.disable = plain_object(p);
    p.monitoring.missing = plain_object(p);
    members.extend([("DISABLE", p.monitoring.disable), ("MISSING", p.monitoring.missing)]);
    let monitoring = p.new_namespace(&members);
    let name = p.intern("monitoring");
    p.dict_set_str(dict, name, monitoring);
    Ok(())
}

impl Process {
    /// Takes a tool for a native module; false if somebody has it.
    pub fn take_tool(&mut self, tool: usize, name: &str) -> bool {
        if !self.monitoring.tools[tool].name.is_null() {
            return false;
        }
        let name = self.new_str(name);
        self.replace_counted(name, |p| &mut p.monitoring.tools[tool].name);
        true
    }

    /// Has a tool watch these events everywhere, and no others.
    pub fn watch_by_tool(&mut self, tool: usize, callbacks: &[(Event, Value)]) {
        clear(self, tool);
        for &(event, callback) in callbacks {
            self.replace_counted(callback, |p| &mut p.monitoring.tools[tool].callbacks[event as usize]);
            self.monitoring.tools[tool].events |= event.bit() & !CALL_ENDS;
        }
        self.watch_changed();
    }

    /// Lets go of a tool.
    pub fn release_tool(&mut self, tool: usize) {
        clear(self, tool);
        self.replace_counted(Value::NULL, |p| &mut p.monitoring.tools[tool].name);
    }
}
