//! Native modules of a few names each: `errno`, `_imp`, `_warnings`.

use heddle_vm::errno;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::core;
use heddle_vm::value::Value;

fn put(p: &mut Process, dict: Value, name: &str, value: Value) {
    let name = p.intern(name);
    p.dict_set_str(dict, name, value);
}

fn errno_init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    let codes = p.new_dict();
    for &(number, name, _) in errno::ALL {
        put(p, dict, name, Value::from_i32(number));
        let name = p.new_str(name);
        p.dict_set(codes, Value::from_i32(number), name)?;
    }
    for (name, number) in [
        ("EWOULDBLOCK", errno::EAGAIN),
        ("EDEADLOCK", errno::EDEADLK),
        ("ENOTSUP", errno::EOPNOTSUPP),
    ] {
        put(p, dict, name, Value::from_i32(number));
        // Of two names CPython's table has the one that it adds last.
        if name != "EWOULDBLOCK" {
            let name = p.new_str(name);
            p.dict_set(codes, Value::from_i32(number), name)?;
        }
    }
    put(p, dict, "errorcode", codes);
    Ok(())
}

/// `errno`
pub static ERRNO: ModuleDef = ModuleDef {
    name: "errno",
    doc: "",
    functions: &[],
    types: &[],
    init: Some(errno_init),
};

fn always_false(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::FALSE)
}

fn nothing(_: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::NONE)
}

fn is_builtin(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.exactly(args, "is_builtin")?;
    let name = p.text(name);
    Ok(Value::from_i32(i32::from(p.is_builtin(&name))))
}

/// The second half of importlib is the one frozen module: the library's others come from its folder.
const FROZEN: &str = "_frozen_importlib_external";

fn is_frozen(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.exactly(args, "is_frozen")?;
    let name = p.text(name);
    Ok(Value::from_bool(name == FROZEN || name == "_frozen_importlib"))
}

fn find_frozen(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name, _withdata] = p.bind(args, "find_frozen", ["", "*withdata"], 1)?;
    if name.map(|n| p.text(n)).as_deref() != Some(FROZEN) {
        return Ok(Value::NONE);
    }
    let origin = p.new_str("importlib._bootstrap_external");
    Ok(p.new_tuple(vec![Value::NONE, Value::FALSE, origin]))
}

fn get_frozen_object(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name, _data] = p.bind(args, "get_frozen_object", ["", ""], 1)?;
    let name = name.map(|n| p.text(n)).unwrap_or_default();
    match (p.config.library.find)(&name) {
        Some(found) if name == FROZEN => Ok(p.load_code(&found.code)),
        _ => Err(p.error(core::IMPORT_ERROR, &format!("No such frozen object named {name}"))),
    }
}

fn extension_suffixes(p: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(p.new_list(Vec::new()))
}

fn refuse(p: &mut Process, _: Args<'_>) -> NativeResult {
    Err(p.error(core::IMPORT_ERROR, "Heddle has no extension modules"))
}

/// The module of a spec, not executed yet where it is in Python.
fn create_builtin(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [spec] = p.exactly(args, "create_builtin")?;
    let name = p.getattr(spec, heddle_vm::names::NAME_ARG)?;
    let text = p.text(name);
    let loaded = p.once(|p| Ok(p.dict_get_str(p.modules, name).unwrap_or(Value::NULL)))?;
    if !loaded.is_null() {
        return Ok(loaded);
    }
    match p.make_builtin(&text)? {
        Some(module) => Ok(module),
        None => Err(p.error(core::IMPORT_ERROR, &format!("{text:?} is not a built-in module"))),
    }
}

fn exec_builtin(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [module] = p.exactly(args, "exec_builtin")?;
    let Some(dict) = p.module_dict(module) else {
        return Ok(Value::from_i32(0));
    };
    let name = p.dict_get_str(dict, heddle_vm::names::NAME).unwrap_or(Value::NONE);
    let name = p.text(name);
    p.execute_builtin(&name, dict)?;
    Ok(Value::from_i32(0))
}

/// `_warnings` without the names that `warnings` looks for: it then keeps its Python version. `importlib` wants the module to exist.
pub static WARNINGS: ModuleDef = ModuleDef {
    name: "_warnings",
    doc: "",
    functions: &[],
    types: &[],
    init: None,
};

fn source_hash(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [_key, source] = p.exactly(args, "source_hash")?;
    let bytes = p.buffer_bytes(source)?;
    let hash = heddle_vm::pystr::hash_bytes(&bytes) as u64;
    Ok(p.new_bytes(&hash.to_le_bytes()))
}

fn imp_init(p: &mut Process, module: Value) -> NativeResult<()> {
    let Some(dict) = p.module_dict(module) else {
        return Ok(());
    };
    put(p, dict, "pyc_magic_number_token", Value::from_i32(168_627_187));
    let text = p.new_str("default");
    put(p, dict, "check_hash_based_pycs", text);
    Ok(())
}

/// `_imp`: there are no extension modules. The prelude (`importing.py`) puts a real lock behind `acquire_lock`, `release_lock` and
/// `lock_held`.
pub static IMP: ModuleDef = ModuleDef {
    name: "_imp",
    doc: "",
    functions: &[
        Native::function("acquire_lock", nothing),
        Native::function("release_lock", nothing),
        Native::function("lock_held", always_false),
        Native::function("is_builtin", is_builtin),
        Native::function("is_frozen", is_frozen),
        Native::function("is_frozen_package", always_false),
        Native::function("find_frozen", find_frozen),
        Native::function("get_frozen_object", get_frozen_object),
        Native::function("create_builtin", create_builtin),
        Native::function("exec_builtin", exec_builtin),
        Native::function("create_dynamic", refuse),
        Native::function("exec_dynamic", refuse),
        Native::function("extension_suffixes", extension_suffixes),
        Native::function("source_hash", source_hash),
        Native::function("_fix_co_filename", nothing),
        Native::function("_override_multi_interp_extensions_check", nothing),
        Native::function("_override_frozen_modules_for_tests", nothing),
    ],
    types: &[],
    init: Some(imp_init),
};
