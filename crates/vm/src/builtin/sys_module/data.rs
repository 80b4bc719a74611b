//! The values in `sys`: version, flags, limits, hash and float parameters.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

/// `sys.version_info` and friends: the language and library are 3.14's whatever GIL is simulated.
pub const VERSION: (i32, i32, i32) = (3, 14, 2);

fn put(p: &mut Process, dict: Value, name: &str, value: Value) {
    let name = p.intern(name);
    p.dict_set_str(dict, name, value);
}

fn text(p: &mut Process, dict: Value, name: &str, value: &str) {
    let value = p.new_str(value);
    put(p, dict, name, value);
}

fn texts(p: &mut Process, values: &[String]) -> Vec<Value> {
    values.iter().map(|v| p.new_str(v)).collect()
}

/// A struct sequence in `sys` with all its fields.
fn record(p: &mut Process, dict: Value, name: &str, class_name: &str, fields: &[(&str, Value)]) -> NativeResult<()> {
    let names: Vec<&str> = fields.iter().map(|f| f.0).collect();
    let class = p.new_structseq_type("sys", class_name, &names, names.len())?;
    let value = p.new_structseq(class, fields.iter().map(|f| f.1).collect());
    put(p, dict, name, value);
    Ok(())
}

/// Everything.
pub fn add(p: &mut Process, dict: Value) -> NativeResult<()> {
    names_and_paths(p, dict);
    version(p, dict)?;
    flags(p, dict)?;
    numbers(p, dict)?;
    modules(p, dict);
    let fields = ["exc_type", "exc_value", "exc_traceback", "err_msg", "object"];
    let class = p.new_structseq_type("sys", "UnraisableHookArgs", &fields, fields.len())?;
    put(p, dict, "UnraisableHookArgs", class);
    Ok(())
}

fn names_and_paths(p: &mut Process, dict: Value) {
    text(p, dict, "platform", "linux");
    text(p, dict, "byteorder", "little");
    text(p, dict, "prefix", "/usr");
    text(p, dict, "exec_prefix", "/usr");
    text(p, dict, "base_prefix", "/usr");
    text(p, dict, "base_exec_prefix", "/usr");
    text(p, dict, "executable", "/usr/bin/python3");
    text(p, dict, "_base_executable", "/usr/bin/python3");
    text(p, dict, "platlibdir", "lib");
    text(p, dict, "abiflags", "");
    text(p, dict, "_stdlib_dir", "/usr/lib/python3.14");
    text(
        p,
        dict,
        "copyright",
        "Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.",
    );
    text(p, dict, "float_repr_style", "short");
    put(p, dict, "pycache_prefix", Value::NONE);
    put(p, dict, "dont_write_bytecode", Value::TRUE);
    put(p, dict, "maxsize", Value::NONE);
    let maxsize = p.new_int(i64::MAX);
    put(p, dict, "maxsize", maxsize);
    put(p, dict, "maxunicode", Value::from_i32(0x10_ffff));
    put(p, dict, "api_version", Value::from_i32(1013));
    let argv = p.config.argv.clone();
    let items = texts(p, &argv);
    let list = p.new_list(items);
    put(p, dict, "argv", list);
    let mut original = p.config.switches.given.clone();
    if original.is_empty() {
        original.push("/usr/bin/python3".to_owned());
        original.extend(argv);
    }
    let items = texts(p, &original);
    let list = p.new_list(items);
    put(p, dict, "orig_argv", list);
}

fn version(p: &mut Process, dict: Value) -> NativeResult<()> {
    let (major, minor, micro) = VERSION;
    let plain = format!("{major}.{minor}.{micro}");
    text(
        p,
        dict,
        "version",
        // In the form that `platform` reads: version, build, compiler.
        &format!("{plain} (Heddle with the GIL of {}) [Rust]", p.config.python.clone()),
    );
    let level = p.new_str("final");
    let int = Value::from_i32;
    let fields = [
        ("major", int(major)),
        ("minor", int(minor)),
        ("micro", int(micro)),
        ("releaselevel", level),
        ("serial", int(0)),
    ];
    record(p, dict, "version_info", "version_info", &fields)?;
    let hex = major << 24 | minor << 16 | micro << 8 | 0xf0;
    put(p, dict, "hexversion", int(hex));
    let info = p.dict_get_str_text(dict, "version_info").unwrap_or(Value::NONE);
    let (name, tag, multiarch) = (
        p.new_str("cpython"),
        p.new_str("cpython-314"),
        p.new_str("x86_64-linux-gnu"),
    );
    let implementation = p.new_namespace(&[
        ("name", name),
        ("cache_tag", tag),
        ("version", info),
        ("hexversion", int(hex)),
        ("_multiarch", multiarch),
    ]);
    put(p, dict, "implementation", implementation);
    Ok(())
}

/// What the command line says. Fields in CPython's order; the last two are read by `threading` and `warnings`.
fn flags(p: &mut Process, dict: Value) -> NativeResult<()> {
    let int = Value::from_i32;
    let switches = p.config.switches.clone();
    let fields = [
        ("debug", int(0)),
        ("inspect", int(0)),
        ("interactive", int(0)),
        ("optimize", int(switches.optimize.into())),
        ("dont_write_bytecode", int(1)),
        ("no_user_site", int(1)),
        ("no_site", int(1)),
        ("ignore_environment", int(switches.ignore_environment.into())),
        ("verbose", int(0)),
        ("bytes_warning", int(0)),
        ("quiet", int(switches.quiet.into())),
        ("hash_randomization", int(0)),
        ("isolated", int(switches.isolated.into())),
        ("dev_mode", Value::from_bool(switches.dev_mode)),
        ("utf8_mode", int(1)),
        ("warn_default_encoding", int(0)),
        ("safe_path", Value::from_bool(switches.safe_path)),
        ("int_max_str_digits", int(4300)),
        ("gil", int(1)),
        ("thread_inherit_context", int(0)),
        ("context_aware_warnings", int(0)),
    ];
    record(p, dict, "flags", "flags", &fields)?;
    let filters = texts(p, &switches.warnings);
    let warnoptions = p.new_list(filters);
    put(p, dict, "warnoptions", warnoptions);
    let options = p.new_dict();
    for (name, value) in &switches.options {
        let value = value.as_ref().map_or(Value::TRUE, |value| p.new_str(value));
        let name = p.intern(name);
        p.dict_set_str(options, name, value);
    }
    put(p, dict, "_xoptions", options);
    Ok(())
}

fn numbers(p: &mut Process, dict: Value) -> NativeResult<()> {
    let int = Value::from_i32;
    let (max, min, epsilon) = (
        p.new_float(f64::MAX),
        p.new_float(f64::MIN_POSITIVE),
        p.new_float(f64::EPSILON),
    );
    let fields = [
        ("max", max),
        ("max_exp", int(1024)),
        ("max_10_exp", int(308)),
        ("min", min),
        ("min_exp", int(-1021)),
        ("min_10_exp", int(-307)),
        ("dig", int(15)),
        ("mant_dig", int(53)),
        ("epsilon", epsilon),
        ("radix", int(2)),
        ("rounds", int(1)),
    ];
    record(p, dict, "float_info", "float_info", &fields)?;
    let fields = [
        ("bits_per_digit", int(30)),
        ("sizeof_digit", int(4)),
        ("default_max_str_digits", int(4300)),
        ("str_digits_check_threshold", int(640)),
    ];
    record(p, dict, "int_info", "int_info", &fields)?;
    let modulus = p.new_int((1 << 61) - 1);
    let algorithm = p.new_str("siphash13");
    let fields = [
        ("width", int(64)),
        ("modulus", modulus),
        ("inf", int(314_159)),
        ("nan", int(0)),
        ("imag", int(1_000_003)),
        ("algorithm", algorithm),
        ("hash_bits", int(64)),
        ("seed_bits", int(128)),
        ("cutoff", int(0)),
    ];
    record(p, dict, "hash_info", "hash_info", &fields)?;
    let (name, lock, version) = (p.new_str("pthread"), p.new_str("semaphore"), p.new_str("NPTL 2.36"));
    record(
        p,
        dict,
        "thread_info",
        "thread_info",
        &[("name", name), ("lock", lock), ("version", version)],
    )
}

fn modules(p: &mut Process, dict: Value) {
    let modules = p.modules;
    put(p, dict, "modules", modules);
    let packed = (p.config.library.names)();
    // Modules that are C in CPython and Python here are no less built in.
    let hidden = packed.iter().filter(|(_, path)| path.starts_with(crate::boot::HIDDEN));
    let mut names: Vec<String> = p.config.library.modules.iter().map(|m| m.name.to_owned()).collect();
    names.extend(hidden.map(|(name, _)| (*name).to_owned()));
    names.extend(["builtins", "sys"].map(str::to_owned));
    names.sort();
    let items = texts(p, &names);
    let tuple = p.new_tuple(items);
    put(p, dict, "builtin_module_names", tuple);
    names.extend(
        packed
            .iter()
            .filter(|(name, _)| !name.contains('.'))
            .map(|(name, _)| (*name).to_owned()),
    );
    names.sort();
    names.dedup();
    let items = texts(p, &names);
    if let Ok(set) = crate::builtin::containers::set::set_of(p, crate::types::core::FROZENSET, items) {
        put(p, dict, "stdlib_module_names", set);
    }
    for name in ["meta_path", "path_hooks"] {
        let list = p.new_list(Vec::new());
        put(p, dict, name, list);
    }
    let cache = p.new_dict();
    put(p, dict, "path_importer_cache", cache);
    let mut folders = p.config.switches.path.clone();
    folders.push(crate::imports::LIBRARY_PATH.to_owned());
    let folders = texts(p, &folders);
    let list = p.new_list(folders);
    put(p, dict, "path", list);
}
