//! `import`: what is loaded already is found natively; the rest is done by CPython's own `importlib`, which the prelude (`importing.py`)
//! sets up with the natives here.

use crate::boot::HIDDEN;
use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::{ModuleDef, Process};
use crate::types::core;
use crate::value::Value;

/// The folder of CPython's library in the simulated computer.
pub const LIBRARY_PATH: &str = "/usr/lib/python3.14";

/// `IMPORT_NAME`: level, fromlist, name.
pub static IMPORT_NAME: Native = Native::function("<import>", import_name);
/// `IMPORT_FROM`: module, name.
pub static IMPORT_FROM: Native = Native::function("<import from>", import_from);

/// What `core.py` needs.
pub static PRELUDE_FUNCTIONS: &[Native] = &[
    Native::function("_library_code", library_code),
    Native::function("_library_place", library_place),
    Native::function("_packed_code", packed_code),
    Native::function("_in_library", in_library),
    Native::function("_make_native", make_native),
    Native::function("_execute", execute),
    Native::function("_new_module", new_module),
    Native::function("_modules", modules),
    Native::function("_builtins_dict", builtins_dict),
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

    /// Is the module built in: written in Rust, or in Python that stands for C?
    #[must_use]
    pub fn is_builtin(&self, name: &str) -> bool {
        let place = self.config.library.place;
        name == "sys"
            || name == "builtins"
            || module_def(self, name).is_some()
            || place(name).is_some_and(|(path, _)| path.starts_with(HIDDEN))
    }

    /// A built-in module, made but (if it is in Python) not yet executed; None if there is none of that name.
    pub fn make_builtin(&mut self, name: &str) -> NativeResult<Option<Value>> {
        let Some(def) = module_def(self, name) else {
            let known = self.is_builtin(name);
            return Ok(known.then(|| {
                let dict = self.new_dict();
                self.module_over(name, dict)
            }));
        };
        let dict = self.new_dict();
        let module = self.module_over(def.name, dict);
        if !def.doc.is_empty() {
            let doc = self.new_str(def.doc);
            self.dict_set_str(dict, names::DOC, doc);
        }
        self.add_functions(dict, def.functions, def.name);
        for t in def.types {
            let class = self.native_type(t);
            let name = self.intern(t.name);
            self.dict_set_str(dict, name, class);
        }
        if let Some(init) = def.init {
            init(self, dict)?;
        }
        Ok(Some(module))
    }

    /// Executes the code of a built-in module that is in Python.
    pub fn execute_builtin(&mut self, name: &str, dict: Value) -> NativeResult<()> {
        if module_def(self, name).is_some() {
            return Ok(());
        }
        let code = self.once(|vm| {
            Ok(match (vm.config.library.find)(name) {
                Some(found) if found.path.starts_with(HIDDEN) => vm.load_code(&found.code),
                _ => Value::NONE,
            })
        })?;
        if code != Value::NONE {
            self.execute_in(code, dict)?;
        }
        Ok(())
    }

    fn execute_in(&mut self, code: Value, dict: Value) -> NativeResult {
        let builtins = self.dict_get_str(self.modules, names::BUILTINS).unwrap_or(Value::NONE);
        if self.dict_get_str(dict, names::BUILTINS_DUNDER).is_none() {
            self.dict_set_str(dict, names::BUILTINS_DUNDER, builtins);
        }
        self.execute_code(code, dict, Value::NULL)
    }

    /// A module in `sys.modules` that is not being imported just now.
    pub fn loaded_module(&mut self, name: Value) -> Option<Value> {
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

/// The code of a module of the packed library by its name, or None.
fn library_code(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "_library_code")?;
    let name = vm.text(name);
    match (vm.config.library.find)(&name) {
        Some(found) => Ok(vm.load_code(&found.code)),
        None => Ok(Value::NONE),
    }
}

/// (path, is a package) of a module of the packed library that has a file, or None.
fn library_place(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "_library_place")?;
    let name = vm.text(name);
    let Some((path, is_package)) = (vm.config.library.place)(&name) else {
        return Ok(Value::NONE);
    };
    if !path.starts_with('/') {
        return Ok(Value::NONE);
    }
    let path = vm.new_str(path);
    Ok(vm.new_tuple(vec![path, Value::from_bool(is_package)]))
}

/// The code of a file of the packed library, or None: the file is the program's.
fn packed_code(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = vm.exactly(args, "_packed_code")?;
    let path = vm.text(path);
    let Some(name) = module_of_path(&path) else {
        return Ok(Value::NONE);
    };
    match (vm.config.library.find)(&name) {
        Some(found) if found.path == path => Ok(vm.load_code(&found.code)),
        _ => Ok(Value::NONE),
    }
}

/// The dotted name of the library's module in a file.
fn module_of_path(path: &str) -> Option<String> {
    let relative = path
        .strip_prefix(LIBRARY_PATH)?
        .strip_prefix('/')?
        .strip_suffix(".py")?;
    Some(relative.strip_suffix("/__init__").unwrap_or(relative).replace('/', "."))
}

/// Is the folder the library's, or below it?
fn in_library(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [path] = vm.exactly(args, "_in_library")?;
    let inside = vm.as_pystr(path).is_some_and(|_| {
        let path = vm.text(path);
        path.strip_prefix(LIBRARY_PATH)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    Ok(Value::from_bool(inside))
}

/// A built-in module: written in Rust, or in Python that is hidden. `None`: there is none of that name.
fn make_native(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = vm.exactly(args, "_make_native")?;
    let name = vm.text(name);
    Ok(vm.make_builtin(&name)?.unwrap_or(Value::NONE))
}

/// Executes code in a dict.
fn execute(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [code, dict] = vm.exactly(args, "_execute")?;
    vm.execute_in(code, dict)
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

fn builtins_dict(vm: &mut Process, _: Args<'_>) -> NativeResult {
    Ok(vm.builtins)
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

/// An error of the kind ImportError, for natives.
pub fn import_error(vm: &mut Process, message: &str) -> Unwind {
    vm.error(core::IMPORT_ERROR, message)
}
