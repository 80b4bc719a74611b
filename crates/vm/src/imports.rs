//! `import`: what is loaded already is found natively; the rest is done by the prelude (`core.py`) with the natives here.

use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::{ModuleDef, Process};
use crate::types::core;
use crate::value::Value;
use heddle_compiler::{Mode, Options};

/// `IMPORT_NAME`: level, fromlist, name.
pub static IMPORT_NAME: Native = Native::function("<import>", import_name);
/// `IMPORT_FROM`: module, name.
pub static IMPORT_FROM: Native = Native::function("<import from>", import_from);

/// What `core.py` needs.
pub static PRELUDE_FUNCTIONS: &[Native] = &[
    Native::function("_find_library", find_library),
    Native::function("_make_native", make_native),
    Native::function("_is_native", is_native),
    Native::function("_native_names", native_names),
    Native::function("_execute", execute),
    Native::function("_compile_file", compile_file),
    Native::function("_new_module", new_module),
    Native::function("_modules", modules),
    Native::function("_sys_dict", sys_dict),
    Native::function("_builtins_dict", builtins_dict),
    Native::function("_read_path", read_path),
    Native::function("_path_kind", path_kind),
    Native::function("_source_text", source_text),
    Native::function("_thread_index", thread_index),
    Native::function("_wait_turn", wait_turn),
];

impl Process {
    /// Imports a module by its full name; the module itself, not its top package.
    pub fn import_module(&mut self, name: &str) -> NativeResult {
        let key = self.intern(name);
        // Logged: on a re-run the module is loaded, and the log still holds the call that loaded it.
        let loaded = self.once(|vm| Ok(vm.loaded_module(key).unwrap_or(Value::NULL)))?;
        if !loaded.is_null() {
            return Ok(loaded);
        }
        let function = self.prelude_function("_import_module");
        self.call(function, &[key])
    }

    /// A module in `sys.modules` that is not being imported just now.
    fn loaded_module(&mut self, name: Value) -> Option<Value> {
        let module = self.dict_get_str(self.modules, name)?;
        let Some(Obj::Module(m)) = self.heap.object(module) else {
            return None;
        };
        let spec = self.dict_get_str(m.dict, names::SPEC)?;
        match self.heap.object(spec) {
            Some(Obj::Instance(_)) => {}
            _ => return Some(module),
        }
        match self.getattr_opt(spec, names::INITIALIZING) {
            Ok(Some(v)) if v == Value::TRUE => None,
            _ => Some(module),
        }
    }
}

fn import_name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[level, fromlist, name] = args.pos else {
        return Ok(Value::NONE);
    };
    let (globals, builtins) = vm.globals_of_top();
    let import = vm.dict_get_str(builtins, names::IMPORT);
    let own = import.is_some_and(|f| {
        vm.as_native(f)
            .is_some_and(|(def, _)| std::ptr::eq(def, &raw const IMPORT))
    });
    if !own {
        let Some(import) = import else {
            return Err(vm.error(core::IMPORT_ERROR, "__import__ not found"));
        };
        let locals = match vm.visible_frame() {
            Some(f) if !f.locals.is_null() => f.locals,
            _ => Value::NONE,
        };
        return vm.tail_call(import, &[name, globals, locals, fromlist, level]);
    }
    import_with(vm, name, globals, fromlist, level)
}

/// `__import__`
pub static IMPORT: Native = Native::function("__import__", dunder_import);

fn dunder_import(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name, globals, _, fromlist, level] = vm.bind(
        args,
        "__import__",
        ["name", "globals", "locals", "fromlist", "level"],
        1,
    )?;
    let name = name.unwrap_or(Value::NONE);
    if vm.as_pystr(name).is_none() {
        return Err(vm.type_error("module name must be a string"));
    }
    let level = level.unwrap_or(Value::from_i32(0));
    let empty = vm.new_tuple(Vec::new());
    import_with(
        vm,
        name,
        globals.unwrap_or(Value::NONE),
        fromlist.unwrap_or(empty),
        level,
    )
}

fn import_with(vm: &mut Process, name: Value, globals: Value, fromlist: Value, level: Value) -> NativeResult {
    let wants_names = match vm.heap.object(fromlist) {
        Some(Obj::Tuple(items)) => !items.is_empty(),
        Some(Obj::List(items)) => !items.is_empty(),
        _ => false,
    };
    if level == Value::from_i32(0)
        && !vm.replaying()
        && let Some(module) = vm.loaded_module(name)
    {
        let text = vm.text(name);
        if !wants_names && !text.contains('.') {
            return Ok(module);
        }
        if !wants_names {
            let top = text.split('.').next().unwrap_or_default().to_owned();
            let top = vm.intern(&top);
            if let Some(module) = vm.loaded_module(top) {
                return Ok(module);
            }
        } else if let Some(Obj::Module(m)) = vm.heap.object(module)
            && vm.dict_get_str(m.dict, names::PATH).is_none()
        {
            return Ok(module);
        }
    }
    let function = vm.prelude_function("_import");
    vm.tail_call(function, &[name, globals, fromlist, level])
}

fn import_from(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[module, name] = args.pos else {
        return Ok(Value::NONE);
    };
    if let Some(v) = vm.getattr_opt(module, name)? {
        return Ok(v);
    }
    let function = vm.prelude_function("_import_from");
    vm.tail_call(function, &[module, name])
}

fn module_def(vm: &Process, name: &str) -> Option<&'static ModuleDef> {
    vm.config.library.modules.iter().copied().find(|m| m.name == name)
}

/// (code, is_package, path) of a module of CPython's library, or None.
fn find_library(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "_find_library")?;
    let name = vm.text(name);
    let Some(found) = (vm.config.library.find)(&name) else {
        return Ok(Value::NONE);
    };
    let code = vm.load_code(&found.code);
    let path = vm.new_str(&found.path);
    Ok(vm.new_tuple(vec![code, Value::from_bool(found.is_package), path]))
}

fn is_native(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "_is_native")?;
    let name = vm.text(name);
    Ok(Value::from_bool(module_def(vm, &name).is_some()))
}

fn native_names(vm: &mut Process, _: Args<'_>) -> NativeResult {
    let mut all: Vec<&str> = vm
        .config
        .library
        .modules
        .iter()
        .map(|m| m.name)
        .chain(["builtins", "sys"])
        .collect();
    all.sort_unstable();
    let all = all.into_iter().map(|n| vm.new_str(n)).collect();
    Ok(vm.new_tuple(all))
}

/// The module written in Rust, fresh.
fn make_native(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "_make_native")?;
    let name = vm.text(name);
    let Some(def) = module_def(vm, &name) else {
        return Ok(Value::NONE);
    };
    let dict = vm.new_dict();
    let module = vm.module_over(def.name, dict);
    if !def.doc.is_empty() {
        let doc = vm.new_str(def.doc);
        vm.dict_set_str(dict, names::DOC, doc);
    }
    vm.add_functions(dict, def.functions, def.name);
    for t in def.types {
        let class = vm.native_type(t);
        let name = vm.intern(t.name);
        vm.dict_set_str(dict, name, class);
    }
    if let Some(init) = def.init {
        init(vm, dict)?;
    }
    Ok(module)
}

/// Executes code in a dict.
fn execute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [code, dict] = vm.exactly(args, "_execute")?;
    let builtins = vm.dict_get_str(vm.modules, names::BUILTINS).unwrap_or(Value::NONE);
    if vm.dict_get_str(dict, names::BUILTINS_DUNDER).is_none() {
        vm.dict_set_str(dict, names::BUILTINS_DUNDER, builtins);
    }
    vm.execute_code(code, dict, Value::NULL)
}

/// Compiles bytes of a source file.
fn compile_file(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [source, path] = vm.exactly(args, "_compile_file")?;
    let source = match vm.as_bytes(source) {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => vm.text(source),
    };
    let source = source.strip_prefix('\u{feff}').unwrap_or(&source);
    let path = vm.text(path);
    vm.compile_source(source, &path, Mode::Exec, &Options::default())
}

fn new_module(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "_new_module")?;
    let name = vm.text(name);
    let dict = vm.new_dict();
    Ok(vm.module_over(&name, dict))
}

fn modules(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(vm.modules)
}

fn sys_dict(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(vm.sys)
}

fn builtins_dict(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(vm.builtins)
}

/// The text of a source file, or None.
fn source_text(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = vm.exactly(args, "_source_text")?;
    let path = vm.text(path);
    match vm.source_text(&path)? {
        Some(text) => Ok(vm.new_str(&text)),
        None => Ok(Value::NONE),
    }
}

fn thread_index(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(Value::from_i32(vm.current as i32))
}

/// Lets other threads run: a module is being imported by one of them.
fn wait_turn(vm: &mut Process, _: Args<'_>) -> NativeResult {
    let until_ns = vm.now_ns + 50_000;
    vm.system_call(crate::contract::SystemCall::Sleep { until_ns })?;
    Ok(Value::NONE)
}

/// The bytes of a file, or None if it cannot be read.
fn read_path(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = vm.exactly(args, "_read_path")?;
    let path = vm.text(path);
    match read_file(vm, path.as_bytes())? {
        Some(bytes) => Ok(vm.new_bytes(&bytes)),
        None => Ok(Value::NONE),
    }
}

/// Reads a whole file through the virtual kernel.
pub fn read_file(vm: &mut Process, path: &[u8]) -> NativeResult<Option<Vec<u8>>> {
    use crate::contract::{Posix, Resume, SystemCall};
    let open = SystemCall::Posix(Posix::Open {
        path: path.to_vec(),
        flags: 0,
        mode: 0,
    });
    let Resume::Int(fd) = vm.system_call(open)? else {
        return Ok(None);
    };
    let fd = fd as i32;
    let mut all = Vec::new();
    loop {
        match vm.system_call(SystemCall::Posix(Posix::Read { fd, len: 1 << 20 }))? {
            Resume::Bytes(bytes) if !bytes.is_empty() => all.extend_from_slice(&bytes),
            _ => break,
        }
    }
    vm.system_call(SystemCall::Posix(Posix::Close { fd }))?;
    Ok(Some(all))
}

/// 1 for a file, 2 for a folder, 0 for nothing.
fn path_kind(vm: &mut Process, args: Args<'_>) -> NativeResult {
    use crate::contract::{Posix, Resume, SystemCall};
    let [path] = vm.exactly(args, "_path_kind")?;
    let path = vm.text(path).into_bytes();
    let kind = match vm.system_call(SystemCall::Posix(Posix::Stat { path, follow: true }))? {
        Resume::Stat(stat) if stat.mode & 0o170_000 == 0o040_000 => 2,
        Resume::Stat(_) => 1,
        _ => 0,
    };
    Ok(Value::from_i32(kind))
}

/// An error of the kind ImportError, for natives.
pub fn import_error(vm: &mut Process, message: &str) -> Unwind {
    vm.error(core::IMPORT_ERROR, message)
}
