//! `time`: every clock is the virtual one. The wall clock begins at the scenario's epoch; the time zone is UTC until `tzset` reads another.

use heddle_vm::contract::{Posix, Resume, SystemCall};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

mod calendar;
mod format;
mod zone;

fn seconds(p: &mut Process, ns: u64) -> Value {
    p.new_float(ns as f64 / 1e9)
}

fn wall_ns(p: &Process) -> u64 {
    p.config.epoch_ns.saturating_add(p.clock_ns())
}

fn time(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "time")?;
    let now = wall_ns(p);
    Ok(seconds(p, now))
}

fn time_ns(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "time_ns")?;
    let now = wall_ns(p);
    Ok(p.new_int(now as i64))
}

fn monotonic(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "monotonic")?;
    let now = p.clock_ns();
    Ok(seconds(p, now))
}

fn monotonic_ns(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "monotonic_ns")?;
    let now = p.clock_ns();
    Ok(p.new_int(now as i64))
}

/// Time in bytecode: of the running thread, or of all threads together.
pub(crate) fn user_ns(p: &Process, whole: bool) -> u64 {
    let current = p.current as usize;
    let counted = p.threads.iter().enumerate().filter(|(at, _)| whole || *at == current);
    counted.map(|(_, t)| t.cpu_ns).sum::<u64>() + p.clock_ns().saturating_sub(p.slice_start_ns)
}

/// CPU time of the running thread or of the process, ns: in bytecode, in C code and in the kernel.
fn cpu_ns(p: &mut Process, whole: bool) -> NativeResult<u64> {
    Ok(match p.system_call(SystemCall::Usage { whole })? {
        Resume::Usage { core_ns, .. } => core_ns,
        _ => user_ns(p, whole),
    })
}

fn time_value(p: &mut Process, ns: u64, as_int: bool) -> Value {
    if as_int { p.new_int(ns as i64) } else { seconds(p, ns) }
}

fn clock(p: &mut Process, args: Args<'_>, name: &str, whole: bool, as_int: bool) -> NativeResult {
    p.exactly::<0>(args, name)?;
    let ns = cpu_ns(p, whole)?;
    Ok(time_value(p, ns, as_int))
}

/// Linux's clocks. The last three run as the monotonic one does here.
const CLOCKS: [(&str, i32); 6] = [
    ("CLOCK_REALTIME", 0),
    ("CLOCK_PROCESS_CPUTIME_ID", 2),
    ("CLOCK_THREAD_CPUTIME_ID", 3),
    ("CLOCK_MONOTONIC", 1),
    ("CLOCK_MONOTONIC_RAW", 4),
    ("CLOCK_BOOTTIME", 7),
];

/// A clock's number.
fn clock_of(p: &mut Process, v: Value) -> NativeResult<i64> {
    let clock = p.index_i64(v)?;
    if CLOCKS.iter().any(|(_, known)| i64::from(*known) == clock) {
        return Ok(clock);
    }
    Err(p.os_error(heddle_vm::errno::EINVAL, None))
}

fn clock_gettime(p: &mut Process, args: Args<'_>, name: &str, as_int: bool) -> NativeResult {
    let [clock] = p.exactly(args, name)?;
    let ns = match clock_of(p, clock)? {
        0 => wall_ns(p),
        clock @ (2 | 3) => cpu_ns(p, clock == 2)?,
        _ => p.clock_ns(),
    };
    Ok(time_value(p, ns, as_int))
}

fn clock_getres(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [clock] = p.exactly(args, "clock_getres")?;
    clock_of(p, clock)?;
    Ok(p.new_float(1e-9))
}

/// Nobody but the superuser may set a clock.
fn clock_settime(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let [clock, _] = p.exactly(args, name)?;
    let errno = if clock_of(p, clock)? == 0 {
        heddle_vm::errno::EPERM
    } else {
        heddle_vm::errno::EINVAL
    };
    Err(p.os_error(errno, None))
}

/// A duration argument in seconds as CPython reads it: a float, or anything with `__index__`.
pub fn duration_of(p: &mut Process, v: Value) -> NativeResult<f64> {
    let seconds = match p.as_float(v) {
        Some(seconds) => seconds,
        None => p.index_i64(v)? as f64,
    };
    if seconds.is_nan() {
        return Err(p.value_error("Invalid value NaN (not a number)"));
    }
    if seconds.abs() > 9_223_372_036.854_775 {
        return Err(p.overflow_error("timestamp out of range for platform time_t"));
    }
    Ok(seconds)
}

/// `sleep(seconds)`: gives up core and GIL until the moment has come; `sleep(0)` only offers them.
fn sleep(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [duration] = p.exactly(args, "sleep")?;
    let seconds = duration_of(p, duration)?;
    if seconds < 0.0 {
        return Err(p.value_error("sleep length must be non-negative"));
    }
    let until_ns = p.clock_ns().saturating_add((seconds * 1e9).ceil() as u64);
    let call = if seconds == 0.0 {
        SystemCall::Yield
    } else {
        SystemCall::Sleep { until_ns }
    };
    p.system_call(call)?;
    Ok(Value::NONE)
}

const CLOCK_FIELDS: &[&str] = &["implementation", "monotonic", "adjustable", "resolution"];

fn get_clock_info(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.exactly(args, "get_clock_info")?;
    let (implementation, monotonic, adjustable) = match p.as_str(name) {
        Some("monotonic" | "perf_counter") => ("clock_gettime(CLOCK_MONOTONIC)", true, false),
        Some("time") => ("clock_gettime(CLOCK_REALTIME)", false, true),
        Some("process_time") => ("clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
        Some("thread_time") => ("clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
        _ => return Err(p.value_error("unknown clock")),
    };
    let implementation = p.new_str(implementation);
    let resolution = p.new_float(1e-9);
    let values = [
        implementation,
        Value::from_bool(monotonic),
        Value::from_bool(adjustable),
        resolution,
    ];
    let namespace = p.new_namespace(CLOCK_FIELDS.iter().copied().zip(values).collect::<Vec<_>>().as_slice());
    Ok(namespace)
}

/// The zone that `tzset` found; empty for UTC.
fn zone_of(p: &Process) -> &[u8] {
    let zone = p.module_state.get("time").and_then(|state| state.get(1).copied());
    zone.and_then(|zone| p.as_bytes(zone)).unwrap_or_default()
}

/// Local time's distance from UTC at a moment in seconds since 1970.
fn offset_at(p: &Process, seconds: i64) -> zone::Offset {
    let zone = zone_of(p);
    if zone.is_empty() {
        return zone::Offset::utc();
    }
    zone::at(zone, seconds)
}

/// Longest zone file that is read.
const LONGEST_ZONE: u64 = 1 << 16;

/// The content of a file of the zone database; `None` where there is none.
fn zone_file(p: &mut Process, name: &str) -> NativeResult<Option<Vec<u8>>> {
    if name.is_empty() || name.starts_with('/') || name.split('/').any(|part| part == "..") {
        return Ok(None);
    }
    let path = format!("/usr/share/zoneinfo/{name}").into_bytes();
    let (flags, mode) = (0, 0);
    let Resume::Int(fd) = p.system_call(SystemCall::Posix(Posix::Open { path, flags, mode }))? else {
        return Ok(None);
    };
    let fd = fd as i32;
    let len = LONGEST_ZONE;
    let content = p.system_call(SystemCall::Posix(Posix::Read { fd, len }))?;
    p.system_call(SystemCall::Posix(Posix::Close { fd }))?;
    Ok(match content {
        Resume::Bytes(bytes) => Some(bytes),
        _ => None,
    })
}

/// `tzset()`: the zone is a file of the zone database, a rule in the form of POSIX, or UTC.
fn tzset(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "tzset")?;
    let name = p.config.environ.iter().find(|(key, _)| key == "TZ");
    let name = name
        .map(|(_, value)| value.trim_start_matches(':').to_owned())
        .unwrap_or_default();
    let file = zone_file(p, &name)?;
    let zone = file.unwrap_or_else(|| name.into_bytes());
    let zone = if zone::is_zone(&zone) { zone } else { Vec::new() };
    p.once(|p| {
        let zone = p.new_bytes(&zone);
        p.heap.incref(zone);
        if let Some(state) = p.module_state.get_mut("time") {
            let old = state.get(1).copied();
            state.truncate(1);
            state.push(zone);
            if let Some(old) = old {
                p.heap.decref(old);
            }
        }
        Ok(Value::NONE)
    })?;
    let module = p.import_module("time")?;
    if let Some(dict) = p.module_dict(module) {
        name_zone(p, dict);
    }
    Ok(Value::NONE)
}

/// `tzname` and the others, by the offsets in January and July.
fn name_zone(p: &mut Process, dict: Value) {
    const YEAR: i64 = (365 * 24 + 6) * 3600;
    let january = (wall_ns(p) / 1_000_000_000) as i64 / YEAR * YEAR;
    let (mut standard, mut other) = (offset_at(p, january), offset_at(p, january + YEAR / 2));
    if standard.dst || standard.east > other.east && !other.dst {
        std::mem::swap(&mut standard, &mut other);
    }
    let names = [p.new_str(&standard.name), p.new_str(&other.name)];
    let names = p.new_tuple(names.to_vec());
    let numbers = [
        ("timezone", -standard.east),
        ("altzone", -other.east),
        ("daylight", i64::from(standard.east != other.east)),
    ];
    let key = p.intern("tzname");
    p.dict_set_str(dict, key, names);
    for (name, n) in numbers {
        let (name, n) = (p.intern(name), p.new_int(n));
        p.dict_set_str(dict, name, n);
    }
}

fn init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let class = p.new_structseq_type("time", "struct_time", calendar::FIELDS, 9)?;
    name_zone(p, dict);
    for (name, value) in [("struct_time", class), ("_STRUCT_TM_ITEMS", Value::from_i32(11))] {
        let name = p.intern(name);
        p.dict_set_str(dict, name, value);
    }
    for (name, clock) in CLOCKS {
        let name = p.intern(name);
        p.dict_set_str(dict, name, Value::from_i32(clock));
    }
    p.heap.incref(class);
    p.module_state.insert("time", vec![class]);
    Ok(())
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "time",
    doc: "This module provides various functions to manipulate time values.",
    functions: &[
        Native::function("time", time),
        Native::function("time_ns", time_ns),
        Native::function("monotonic", monotonic),
        Native::function("monotonic_ns", monotonic_ns),
        Native::function("perf_counter", monotonic),
        Native::function("perf_counter_ns", monotonic_ns),
        Native::function("process_time", |p, a| clock(p, a, "process_time", true, false)),
        Native::function("process_time_ns", |p, a| clock(p, a, "process_time_ns", true, true)),
        Native::function("thread_time", |p, a| clock(p, a, "thread_time", false, false)),
        Native::function("thread_time_ns", |p, a| clock(p, a, "thread_time_ns", false, true)),
        Native::function("clock_gettime", |p, a| clock_gettime(p, a, "clock_gettime", false)),
        Native::function("clock_gettime_ns", |p, a| clock_gettime(p, a, "clock_gettime_ns", true)),
        Native::function("clock_getres", clock_getres),
        Native::function("clock_settime", |p, a| clock_settime(p, a, "clock_settime")),
        Native::function("clock_settime_ns", |p, a| clock_settime(p, a, "clock_settime_ns")),
        Native::function("sleep", sleep).sig("($module, object, /)"),
        Native::function("get_clock_info", get_clock_info),
        Native::function("gmtime", calendar::gmtime),
        Native::function("localtime", calendar::localtime),
        Native::function("mktime", calendar::mktime),
        Native::function("asctime", calendar::asctime),
        Native::function("ctime", calendar::ctime),
        Native::function("strftime", format::strftime),
        Native::function("strptime", format::strptime),
        Native::function("tzset", tzset).sig("($module, /)"),
    ],
    types: &[],
    init: Some(init),
};
