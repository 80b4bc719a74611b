//! `_lsprof`: the profiler behind `cProfile`, in virtual time.
//!
//! Calls and returns come from `sys.monitoring` as in CPython 3.14; they cost no virtual time, so the times are the program's own. Only
//! the thread that switched it on is measured (CPython mixes the calls of all threads into one stack).

use heddle_vm::function::{Args, Native};
use heddle_vm::impl_payload;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::trace::Event;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// `sys.monitoring.PROFILER_ID`
const TOOL: usize = 2;

/// Counts and times of a function, or of it when called by another one.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    calls: i64,
    recursive: i64,
    /// Time in it and what it calls, ns; recursive calls count once.
    total_ns: i64,
    /// Time in it alone, ns.
    own_ns: i64,
    /// Activations under way.
    level: i64,
}

impl Counts {
    fn enter(&mut self) {
        self.level += 1;
    }

    fn leave(&mut self, total_ns: i64, own_ns: i64) {
        self.level -= 1;
        if self.level == 0 {
            self.total_ns += total_ns;
        } else {
            self.recursive += 1;
        }
        self.own_ns += own_ns;
        self.calls += 1;
    }
}

/// What names a function: its code object, or the table entry of a native.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Code(u32),
    Native(&'static str, usize),
}

#[derive(Clone, Debug)]
struct Entry {
    /// The code object, or a native's description. Counted.
    name: Value,
    counts: Counts,
    /// By number of the callee's entry.
    callees: BTreeMap<usize, Counts>,
}

/// A call under way.
#[derive(Clone, Copy, Debug)]
struct Open {
    entry: usize,
    began_ns: i64,
    callees_ns: i64,
}

#[derive(Clone, Debug, Default)]
struct Profiler {
    timer: Value,
    /// Seconds of a unit of the timer; 0 for a timer in seconds.
    unit: f64,
    subcalls: bool,
    builtins: bool,
    on: bool,
    thread: u32,
    /// The timer given by the program runs.
    timing: bool,
    index: FxHashMap<Key, usize>,
    entries: Vec<Entry>,
    stack: Vec<Open>,
}

impl_payload!(Profiler, |this, f| {
    f(this.timer);
    this.entries.iter().for_each(|e| f(e.name));
});

impl Profiler {
    fn enter(&mut self, entry: usize, now_ns: i64) {
        self.entries[entry].counts.enter();
        if self.subcalls
            && let Some(caller) = self.stack.last()
        {
            self.entries[caller.entry].callees.entry(entry).or_default().enter();
        }
        self.stack.push(Open {
            entry,
            began_ns: now_ns,
            callees_ns: 0,
        });
    }

    fn leave(&mut self, now_ns: i64) {
        let Some(open) = self.stack.pop() else { return };
        let total = now_ns - open.began_ns;
        let own = total - open.callees_ns;
        self.entries[open.entry].counts.leave(total, own);
        if let Some(caller) = self.stack.last_mut() {
            caller.callees_ns += total;
            if self.subcalls
                && let Some(counts) = self.entries[caller.entry].callees.get_mut(&open.entry)
            {
                counts.leave(total, own);
            }
        }
    }
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_lsprof",
    doc: "Fast profiler",
    functions: &[],
    types: &[&PROFILER],
    init: Some(init),
};

static PROFILER: TypeDef = TypeDef {
    name: "Profiler",
    module: "_lsprof",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x4C53),
    flags: type_flags::BASETYPE,
    members: &[MEMBERS],
    doc: "Profiler(timer=None, timeunit=0.0, subcalls=True, builtins=True)\n--\n\nBuild a profiler object using the specified timer function.",
    finish: None,
};

static MEMBERS: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__init__", set_up),
    Native::method("enable", enable),
    Native::method("disable", disable),
    Native::method("clear", clear),
    Native::method("getstats", getstats),
    Native::method("_py_enter", py_enter),
    Native::method("_leave", py_leave),
    Native::method("_c_enter", c_enter),
    Native::method("_c_leave", c_leave),
];

static PY_ENTER: Native = Native::method("_py_enter", py_enter);
static LEAVE: Native = Native::method("_leave", py_leave);
static C_ENTER: Native = Native::method("_c_enter", c_enter);
static C_LEAVE: Native = Native::method("_c_leave", c_leave);

const FIELDS: [&str; 6] = ["code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls"];

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let entry = p.new_structseq_type("_lsprof", "profiler_entry", &FIELDS, FIELDS.len())?;
    let subentry = p.new_structseq_type("_lsprof", "profiler_subentry", &FIELDS[..5], 5)?;
    for (name, class) in [("profiler_entry", entry), ("profiler_subentry", subentry)] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, class);
    }
    p.heap.incref(entry);
    p.heap.incref(subentry);
    p.module_state.insert("_lsprof", vec![entry, subentry]);
    Ok(())
}

fn profiler(p: &mut Process, v: Value) -> Option<&mut Profiler> {
    p.heap.payload_mut::<Profiler>(v)
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let fresh = Profiler {
        subcalls: true,
        builtins: true,
        ..Profiler::default()
    };
    Ok(p.new_payload(args.this(), fresh))
}

fn set_up(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = p.bind(
        args.rest(),
        "Profiler",
        ["timer", "timeunit", "subcalls", "builtins"],
        0,
    )?;
    let timer = given[0].filter(|v| !v.is_none()).unwrap_or(Value::NULL);
    let unit = match given[1] {
        Some(v) => p.float_of(v)?,
        None => 0.0,
    };
    let subcalls = given[2].map_or(Ok(true), |v| p.truth(v))?;
    let builtins = given[3].map_or(Ok(true), |v| p.truth(v))?;
    p.heap.incref(timer);
    let mut old = Value::NULL;
    if let Some(state) = profiler(p, this) {
        old = std::mem::replace(&mut state.timer, timer);
        state.unit = unit;
        (state.subcalls, state.builtins) = (subcalls, builtins);
    }
    p.heap.decref(old);
    Ok(Value::NONE)
}

fn enable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = p.bind(args.rest(), "enable", ["subcalls", "builtins"], 0)?;
    let subcalls = given[0].map(|v| p.truth(v)).transpose()?;
    let builtins = given[1].map(|v| p.truth(v)).transpose()?;
    let thread = p.current;
    let Some(state) = profiler(p, this) else {
        return Ok(Value::NONE);
    };
    let already = state.on;
    state.subcalls = subcalls.unwrap_or(state.subcalls);
    state.builtins = builtins.unwrap_or(state.builtins);
    let with_builtins = state.builtins;
    let mut callbacks = Vec::new();
    let enter = p.new_native(&PY_ENTER, this);
    let leave = p.new_native(&LEAVE, this);
    for event in [Event::PyStart, Event::PyResume, Event::PyThrow] {
        callbacks.push((event, enter));
    }
    for event in [Event::PyReturn, Event::PyYield, Event::PyUnwind] {
        callbacks.push((event, leave));
    }
    if with_builtins {
        let (enter, leave) = (p.new_native(&C_ENTER, this), p.new_native(&C_LEAVE, this));
        callbacks.extend([(Event::Call, enter), (Event::CReturn, leave), (Event::CRaise, leave)]);
    }
    if !already && !p.take_tool(TOOL, "cProfile") {
        return Err(p.value_error("Another profiling tool is already active"));
    }
    p.watch_by_tool(TOOL, &callbacks);
    if let Some(state) = profiler(p, this) {
        state.on = true;
        state.thread = thread;
    }
    Ok(Value::NONE)
}

fn disable(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, []) = p.method_args(args, "disable")?;
    if !p.replaying() && profiler(p, this).is_some_and(|s| s.timing) {
        return Err(p.runtime_error("cannot disable profiler in external timer"));
    }
    if profiler(p, this).is_some_and(|s| std::mem::replace(&mut s.on, false)) {
        // The timer is not measured.
        p.release_tool(TOOL);
    }
    if profiler(p, this).is_some_and(|s| !s.stack.is_empty()) || p.replaying() {
        let now = now_ns(p, this)?;
        if let Some(state) = profiler(p, this) {
            while !state.stack.is_empty() {
                state.leave(now);
            }
        }
    }
    Ok(Value::NONE)
}

fn clear(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, []) = p.method_args(args, "clear")?;
    let old = match profiler(p, this) {
        Some(state) => {
            state.stack.clear();
            state.index.clear();
            std::mem::take(&mut state.entries)
        }
        None => Vec::new(),
    };
    for entry in old {
        p.heap.decref(entry.name);
    }
    Ok(Value::NONE)
}

/// What the timer says, ns. The computer's clock unless the profiler was given one of its own.
fn now_ns(p: &mut Process, this: Value) -> NativeResult<i64> {
    let Some((timer, unit)) = profiler(p, this).map(|s| (s.timer, s.unit)) else {
        return Ok(0);
    };
    if timer.is_null() {
        return Ok(p.clock_ns() as i64);
    }
    if let Some(state) = profiler(p, this) {
        state.timing = true;
    }
    let told = p.call(timer, &[]);
    if !matches!(told, Err(Unwind::Pending(_)))
        && let Some(state) = profiler(p, this)
    {
        state.timing = false;
    }
    let told = match told.and_then(|told| p.float_of(told)) {
        Ok(told) => told,
        Err(Unwind::Raise(e)) => {
            p.report_unraisable(e, "Exception ignored while calling _lsprof timer", timer)?;
            0.0
        }
        Err(pending) => return Err(pending),
    };
    let unit = if unit > 0.0 { unit } else { 1.0 };
    Ok((told * unit * 1e9).round() as i64)
}

/// Is this the thread that is measured?
fn is_mine(p: &mut Process, this: Value) -> bool {
    let current = p.current;
    profiler(p, this).is_some_and(|s| s.thread == current)
}

fn enter(p: &mut Process, this: Value, key: Key, name: Value) -> NativeResult {
    let now = now_ns(p, this)?;
    let mut fresh = false;
    if let Some(state) = profiler(p, this) {
        let entry = match state.index.get(&key) {
            Some(&entry) => entry,
            None => {
                fresh = true;
                state.entries.push(Entry {
                    name,
                    counts: Counts::default(),
                    callees: BTreeMap::new(),
                });
                state.index.insert(key, state.entries.len() - 1);
                state.entries.len() - 1
            }
        };
        state.enter(entry, now);
    }
    if fresh {
        p.heap.incref(name);
    }
    Ok(Value::NONE)
}

fn py_enter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let &[this, code, ..] = args.pos else {
        return Ok(Value::NONE);
    };
    if !is_mine(p, this) {
        return Ok(Value::NONE);
    }
    enter(p, this, Key::Code(code.index() as u32), code)
}

fn py_leave(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if is_mine(p, this) {
        let now = now_ns(p, this)?;
        if let Some(state) = profiler(p, this) {
            state.leave(now);
        }
    }
    Ok(Value::NONE)
}

fn c_enter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let &[this, _, _, callable, first] = args.pos else {
        return Ok(Value::NONE);
    };
    if !is_mine(p, this) {
        return Ok(Value::NONE);
    }
    let Some(function) = p.profiled_callable(callable, first) else {
        return Ok(Value::NONE);
    };
    let Some((def, bound)) = p.as_native(function) else {
        return Ok(Value::NONE);
    };
    let key = Key::Native(def.name, std::ptr::from_ref(def).addr());
    let known = profiler(p, this).is_some_and(|s| s.index.contains_key(&key));
    let name = if known {
        Value::NONE
    } else {
        describe(p, function, def, bound)?
    };
    enter(p, this, key, name)
}

fn c_leave(p: &mut Process, args: Args<'_>) -> NativeResult {
    let &[_, _, _, callable, first] = args.pos else {
        return Ok(Value::NONE);
    };
    if p.profiled_callable(callable, first).is_none() {
        return Ok(Value::NONE);
    }
    py_leave(p, args)
}

/// A native function as CPython's profiler names it.
fn describe(p: &mut Process, function: Value, def: &'static Native, bound: Value) -> NativeResult {
    if !bound.is_null() {
        let class = p.type_of(bound);
        let name = p.intern(def.name);
        if let Some((owner, _)) = p.walk_mro(class, name) {
            let (module, class) = (p.intern("__module__"), p.name_of_type(owner));
            let module = p.getattr(owner, module)?;
            let class = match p.text(module).as_str() {
                "builtins" => class,
                module => format!("{module}.{class}"),
            };
            return Ok(p.new_str(&format!("<method '{}' of '{class}' objects>", def.name)));
        }
    }
    let name = p.intern("__module__");
    let module = p.getattr_opt(function, name)?.filter(|&m| p.as_pystr(m).is_some());
    let text = match module {
        Some(module) => format!("<built-in method {}.{}>", p.text(module), def.name),
        None => format!("<built-in method {}>", def.name),
    };
    Ok(p.new_str(&text))
}

fn getstats(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, []) = p.method_args(args, "getstats")?;
    let Some(state) = profiler(p, this) else {
        return Ok(Value::NONE);
    };
    let entries = state.entries.clone();
    let classes = p.module_state.get("_lsprof").cloned().unwrap_or_default();
    let &[entry_class, subentry_class] = classes.as_slice() else {
        return Ok(Value::NONE);
    };
    let mut rows = Vec::new();
    for entry in &entries {
        let mut callees = Vec::new();
        for (&callee, counts) in &entry.callees {
            let fields = row(p, entries[callee].name, counts);
            callees.push(p.new_structseq(subentry_class, fields));
        }
        let calls = if callees.is_empty() {
            Value::NONE
        } else {
            p.new_list(callees)
        };
        let mut fields = row(p, entry.name, &entry.counts);
        fields.push(calls);
        rows.push(p.new_structseq(entry_class, fields));
    }
    Ok(p.new_list(rows))
}

fn row(p: &mut Process, name: Value, counts: &Counts) -> Vec<Value> {
    let seconds = |ns: i64| ns as f64 * 1e-9;
    vec![
        name,
        p.new_int(counts.calls),
        p.new_int(counts.recursive),
        p.new_float(seconds(counts.total_ns)),
        p.new_float(seconds(counts.own_ns)),
    ]
}
