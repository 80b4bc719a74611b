//! The beginning and the end of a process: the first image, what the main thread does from first to last, threads' entries.

use crate::contract::{Resume, SignalAction, SignalCall, Stop, SystemCall, ThreadIndex};
use crate::frame::Frame;
use crate::function::{Args, Native};
use crate::heap::{Heap, flags};
use crate::interpreters::Request;
use crate::lock::ThreadHandle;
use crate::names;
use crate::native::{Activation, NativeFrame, NativeResult, Unwind};
use crate::object::{Module, Obj};
use crate::process::{Config, Entry, Process, Thread};
use crate::pystr::PyStr;
use crate::shape::Shapes;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::{Mode, Options, WarningKind};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// All that the main thread does.
pub static MAIN: Native = Native::function("<main>", main_thread);
static END_OF_MAIN: Native = Native::function("<end of main>", end_of_main);
/// All that another thread does: function, tuple of arguments, dict of keyword arguments or None, handle or None.
pub static THREAD: Native = Native::function("<thread>", other_thread);

thread_local! {
    /// What every process begins with: a process image is a value, and a copy of it costs a fraction of making it. A page makes a process
    /// for each run, and programs make interpreters.
    static WITH_TYPES: OnceCell<Process> = const { OnceCell::new() };
}

/// `python -I -c pass` of 3.13 takes 10 ms (the least of 40) on a server where a counting loop takes 1.42 times the time that it takes on `laptop-2026`.
const START_NS: u64 = 7_000_000;

const SIGINT: u8 = 2;
/// The exit status of who was interrupted.
pub(crate) const INTERRUPTED: i32 = 128 + SIGINT as i32;

/// Files whose name begins like this are the prelude's.
pub const HIDDEN: &str = "<heddle ";

/// The working directory when a process starts.
const HOME: &str = "/lab";

/// `sys.getrecursionlimit()` at the start.
const RECURSION_LIMIT: u32 = 1000;

impl Process {
    /// A process that is about to start: its main thread has not run yet.
    pub fn new(config: Config) -> Process {
        let mut vm = WITH_TYPES.with(|first| first.get_or_init(|| Process::with_types(&config)).clone());
        vm.entropy = config.seed;
        vm.switch_interval_ns = config.switch_interval_ns;
        vm.surveyor = config.survey.as_ref().map(crate::survey::Survey::surveyor);
        vm.config = config;
        vm.heap.set_limit(vm.config.memory_limit);
        vm.make_first_modules();
        vm.threads[0].frames.push(entry_frame(&MAIN, Vec::new()));
        vm.heap.release_pending();
        vm
    }

    /// An image with names and built-in types, and no module yet. Nothing in it depends on the configuration.
    fn with_types(config: &Config) -> Process {
        let mut vm = Process {
            heap: Heap::new(names::END - 1),
            threads: vec![Thread {
                ident: main_ident(),
                name: "MainThread".to_owned(),
                ..Thread::default()
            }],
            current: 0,
            frames: Vec::new(),
            stack: Vec::new(),
            depth: 0,
            now_ns: 0,
            limit_ns: 0,
            halted: None,
            surveyor: None,
            careful: crate::careful::Careful::default(),
            activation: Activation::default(),
            interned: rustc_hash::FxHashMap::default(),
            shapes: Shapes::default(),
            native_types: BTreeMap::new(),
            modules: Value::NULL,
            redirected_calls: 0,
            builtins: Value::NULL,
            prelude: Value::NULL,
            prelude_functions: Default::default(),
            sys: Value::NULL,
            caches: Vec::new(),
            no_code: Rc::default(),
            field_epoch: 1,
            poly: crate::interp::poly::PolyCache::default(),
            ascii: vec![Value::NULL; 128],
            next_type_version: 0,
            method_cache: crate::lookup::MethodCache::default(),
            events: Vec::new(),
            entropy: 0,
            recursion_limit: RECURSION_LIMIT,
            switch_interval_ns: 0,
            check_interval: 100,
            sections: rustc_hash::FxHashMap::default(),
            observer: crate::watchers::Observer::default(),
            shortcuts: crate::shortcuts::Shortcuts::default(),
            module_state: BTreeMap::new(),
            tasks: crate::tasks::Tasks::default(),
            finalizing: false,
            slice_start_ns: 0,
            waiters: BTreeMap::new(),
            repr_guard: Vec::new(),
            empty_tuple: Value::NULL,
            views: rustc_hash::FxHashMap::default(),
            interpreter: 0,
            allowed: crate::interpreters::Settings::MAIN,
            next_thread: 1,
            tripped: 0,
            monitoring: Box::default(),
            retrace: false,
            exit_status: None,
            config: config.clone(),
        };
        vm.place_names();
        vm.boot_types();
        vm
    }

    fn place_names(&mut self) {
        for &(at, text) in names::ALL {
            self.heap.place(at, core::STR, Obj::Str(PyStr::from_text(text)));
            self.heap.header_mut(at).flags |= flags::INTERNED;
            self.interned.insert(text.as_bytes().into(), at);
        }
    }

    /// `builtins`, `sys`, `__main__` and the prelude's namespace.
    fn make_first_modules(&mut self) {
        self.modules = self.rooted_dict();
        self.builtins = self.rooted_dict();
        self.sys = self.rooted_dict();
        self.prelude = self.rooted_dict();
        self.add_module("builtins", self.builtins);
        self.add_module("sys", self.sys);
        let main = self.new_dict();
        let main_module = self.add_module("__main__", main);
        let builtins_module = self.dict_get_str(self.modules, names::BUILTINS).unwrap_or(Value::NONE);
        for dict in [main, self.prelude] {
            self.dict_set_str(dict, names::BUILTINS_DUNDER, builtins_module);
        }
        let _ = main_module;
        self.set_text_names(self.prelude, &[("__name__", "_heddle")]);
        self.fill_builtins();
        self.fill_prelude();
        let modules = self.modules;
        self.dict_set_str(self.sys, names::MODULES, modules);
        // Nothing that fills `sys` runs Python code, so this can fail only by a bug of ours; the tests of `sys` would tell.
        let filled = crate::builtin::sys_module::fill(self);
        debug_assert!(filled.is_ok());
    }

    fn rooted_dict(&mut self) -> Value {
        let dict = self.new_dict();
        self.heap.incref(dict);
        dict
    }

    /// A module over a dict, registered in `sys.modules`.
    pub fn add_module(&mut self, name: &str, dict: Value) -> Value {
        let module = self.module_over(name, dict);
        let key = self.intern(name);
        self.dict_set_str(self.modules, key, module);
        module
    }

    /// A module object over a dict with the usual names.
    pub(crate) fn module_over(&mut self, name: &str, dict: Value) -> Value {
        let text = self.new_str(name);
        self.dict_set_str(dict, names::NAME, text);
        for name in [names::DOC, names::PACKAGE, names::LOADER, names::SPEC] {
            if self.dict_get_str(dict, name).is_none() {
                self.dict_set_str(dict, name, Value::NONE);
            }
        }
        self.heap.alloc(core::MODULE, Obj::Module(Box::new(Module { dict })))
    }

    fn set_text_names(&mut self, dict: Value, pairs: &[(&str, &str)]) {
        for (name, text) in pairs {
            let (name, text) = (self.intern(name), self.new_str(text));
            self.dict_set_str(dict, name, text);
        }
    }

    fn fill_builtins(&mut self) {
        let dict = self.builtins;
        for table in crate::builtin::builtins_module::FUNCTIONS {
            self.add_functions(dict, table, "builtins");
        }
        for def in [&crate::class::BUILD_CLASS, &crate::imports::IMPORT] {
            let function = self.new_native(def, Value::NULL);
            let name = self.intern(def.name);
            self.dict_set_str(dict, name, function);
        }
        let classes: Vec<(String, Value)> = core::ALL
            .iter()
            .filter_map(|&(_, handle)| {
                let t = self.as_type(handle)?;
                let def = t.def?;
                (def.module == "builtins" && PUBLIC_TYPES.contains(&def.name)
                    || t.has(crate::types::type_flags::IS_EXCEPTION))
                .then(|| (def.name.to_owned(), handle))
            })
            .filter(|(name, _)| !name.starts_with('_') || *name == "_IncompleteInputError")
            .collect();
        for (name, class) in classes {
            let name = self.intern(&name);
            self.dict_set_str(dict, name, class);
        }
        for (name, class) in [("EnvironmentError", core::OS_ERROR), ("IOError", core::OS_ERROR)] {
            let name = self.intern(name);
            self.dict_set_str(dict, name, class);
        }
        for (name, v) in [
            ("None", Value::NONE),
            ("True", Value::TRUE),
            ("False", Value::FALSE),
            ("Ellipsis", Value::ELLIPSIS),
            ("NotImplemented", Value::NOT_IMPLEMENTED),
            ("__debug__", Value::TRUE),
        ] {
            let name = self.intern(name);
            self.dict_set_str(dict, name, v);
        }
    }

    fn fill_prelude(&mut self) {
        let dict = self.prelude;
        for table in crate::builtin::builtins_module::PRELUDE_FUNCTIONS {
            self.add_functions(dict, table, "_heddle");
        }
        self.add_functions(dict, crate::imports::PRELUDE_FUNCTIONS, "_heddle");
        self.add_functions(dict, crate::collecting::PRELUDE_FUNCTIONS, "_heddle");
    }

    /// Puts functions of a table into a dict.
    pub fn add_functions(&mut self, dict: Value, table: &'static [Native], _module: &str) {
        for def in table {
            let function = self.new_native(def, Value::NULL);
            let name = self.intern(def.name);
            self.dict_set_str(dict, name, function);
        }
    }

    /// Compiles a source text; a syntax error becomes Python's exception, and warnings go through the module `warnings` (which may make
    /// them SyntaxErrors too). Logged.
    pub fn compile_source(&mut self, source: &str, filename: &str, mode: Mode, options: &Options) -> NativeResult {
        let answer = self.once(|vm| match heddle_compiler::compile(source, filename, mode, options) {
            Ok(compiled) => {
                let code = vm.load_code(&Rc::new(compiled.code));
                Ok(vm.with_warnings(code, &compiled.warnings))
            }
            Err(error) => Err(vm.syntax_error(&error, filename)),
        })?;
        self.tell_warnings(answer, filename, source)
    }

    /// What was compiled; with its warnings in a tuple if there are any, for [`Process::tell_warnings`].
    pub(crate) fn with_warnings(&mut self, made: Value, warnings: &[heddle_compiler::Warning]) -> Value {
        if warnings.is_empty() {
            return made;
        }
        let found = warnings.iter().map(|w| self.warning_parts(w)).collect();
        let found = self.new_list(found);
        self.new_tuple(vec![made, found])
    }

    /// Issues the warnings of [`Process::with_warnings`] and gives what was compiled.
    pub(crate) fn tell_warnings(&mut self, answer: Value, filename: &str, source: &str) -> NativeResult {
        let Some(&[made, found]) = self.as_tuple(answer) else {
            return Ok(answer);
        };
        let tell = self.prelude_function("_tell_warnings");
        let texts = self.once(|vm| {
            let parts = vec![vm.new_str(filename), vm.new_str(source)];
            Ok(vm.new_tuple(parts))
        })?;
        self.call(tell, &[found, texts])?;
        Ok(made)
    }

    /// Category, message and line of a compiler's warning.
    fn warning_parts(&mut self, warning: &heddle_compiler::Warning) -> Value {
        let category = match warning.kind {
            WarningKind::Syntax => core::SYNTAX_WARNING,
            WarningKind::Deprecation => core::DEPRECATION_WARNING,
        };
        let message = self.new_str(&warning.message);
        self.new_tuple(vec![category, message, Value::from_i32(warning.line as i32)])
    }

    /// The exception for a syntax error of the compiler.
    pub fn syntax_error(&mut self, error: &heddle_compiler::SyntaxError, filename: &str) -> Unwind {
        use heddle_compiler::SyntaxErrorKind as K;
        let class = match error.kind {
            K::Syntax => core::SYNTAX_ERROR,
            K::Indentation => core::INDENTATION_ERROR,
            K::Tab => core::TAB_ERROR,
            K::Incomplete => core::INCOMPLETE_INPUT_ERROR,
            K::Memory => return self.error(core::MEMORY_ERROR, &error.message),
            K::Recursion => return self.error(core::RECURSION_ERROR, &error.message),
            K::Value => return self.error(core::VALUE_ERROR, &error.message),
        };
        let int = |n: u32| if n == 0 { Value::NONE } else { Value::from_i32(n as i32) };
        let message = self.new_str(&error.message);
        let file = self.new_str(filename);
        let text = match &error.text {
            Some(text) => self.new_str(text),
            None => Value::NONE,
        };
        let (line, column) = (int(error.line), int(error.column));
        let (end_line, end_column) = (int(error.end_line), int(error.end_column));
        let end_column = if error.endless { Value::from_i32(-1) } else { end_column };
        let details = self.new_tuple(vec![file, line, column, text, end_line, end_column]);
        let args = self.new_tuple(vec![message, details]);
        let mut exception = crate::object::Exception::new(args);
        exception.fields = vec![message, file, line, column, text, end_line, end_column, Value::NONE];
        Unwind::Raise(self.heap.alloc(class, Obj::Exception(Box::new(exception))))
    }

    /// Creates a thread that will run `function(*args, **kwargs)`; the caller then asks the computer to start it (`SystemCall::StartThread`).
    pub fn start_thread(
        &mut self,
        function: Value,
        args: Value,
        kwargs: Value,
        handle: Value,
        daemon: bool,
    ) -> ThreadIndex {
        let index = self.native_thread(&THREAD, vec![function, args, kwargs, handle]);
        self.heap.incref(handle);
        let ident = thread_ident(index);
        if let Some(h) = self.heap.payload_mut::<ThreadHandle>(handle) {
            h.thread = Some(index);
            h.ident = ident;
        }
        let thread = &mut self.threads[index as usize];
        (thread.handle, thread.daemon) = (handle, daemon);
        index
    }

    /// The same of one that runs a native and has no handle.
    pub(crate) fn native_thread(&mut self, native: &'static Native, args: Vec<Value>) -> ThreadIndex {
        self.number_threads(self.next_thread);
        let index = self.threads.len() as ThreadIndex;
        for &v in &args {
            self.heap.incref(v);
        }
        self.threads.push(Thread {
            frames: vec![entry_frame(native, args)],
            ident: thread_ident(index),
            handle: Value::NONE,
            name: format!("Thread-{index}"),
            ..Thread::default()
        });
        index
    }

    /// The running thread has no frame left.
    pub(crate) fn thread_over(&mut self) -> Stop {
        let thread = self.current_thread();
        thread.ended = true;
        self.end_greenlets(self.current as usize);
        if let Some(result) = self.parting() {
            return Stop::SystemCall(SystemCall::Across(Box::new(Request::Leave { result })));
        }
        if self.current == 0 {
            return Stop::Exit {
                status: self.exit_status.unwrap_or(0),
            };
        }
        Stop::ThreadEnd
    }

    /// `os._exit`, or the end of the main thread.
    pub fn exit_now(&mut self, status: i32) -> Stop {
        Stop::Exit { status: status & 0xff }
    }
}

/// Types of the core that `builtins` shows under their names.
const PUBLIC_TYPES: &[&str] = &[
    "object",
    "type",
    "int",
    "bool",
    "float",
    "complex",
    "str",
    "bytes",
    "bytearray",
    "memoryview",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "range",
    "slice",
    "staticmethod",
    "classmethod",
    "property",
    "super",
    "enumerate",
    "zip",
    "map",
    "filter",
    "reversed",
];

fn main_ident() -> u64 {
    0x7f00_0000_1740
}

/// `threading.get_ident()` of a thread.
pub(crate) fn thread_ident(index: ThreadIndex) -> u64 {
    main_ident() + u64::from(index) * 0x80_1000
}

pub(crate) fn entry_frame(def: &'static Native, args: Vec<Value>) -> Frame {
    Frame::Native(Box::new(NativeFrame::new(def, args, Vec::new())))
}

/// The life of the main thread.
fn main_thread(vm: &mut Process, _: Args<'_>) -> NativeResult {
    let result = vm
        .run_prelude()
        .and_then(|()| start_importing(vm))
        .and_then(|()| open_streams(vm))
        .and_then(|()| take_time_to_start(vm))
        .and_then(|()| run_entry(vm).map(|_| ()));
    let (status, failed) = match result {
        Ok(()) => (0, None),
        Err(Unwind::Raise(e)) => (vm.uncaught(e)?, Some(e)),
        Err(pending) => return Err(pending),
    };
    // From here on `__main__` and the traceback go, without which what is above cannot be run again.
    let end = vm.once(|vm| Ok(vm.new_native(&END_OF_MAIN, Value::NULL)))?;
    vm.tail_call(end, &[Value::from_i32(status), failed.unwrap_or(Value::NONE)])
}

/// What starting Python takes in C code beside what runs here as well; the first program begins when that is over.
fn take_time_to_start(vm: &mut Process) -> NativeResult<()> {
    if vm.config.switches.given.is_empty() {
        return Ok(());
    }
    vm.compute(START_NS)
}

/// What the main thread does when the program has ended: its exit status so far, and the exception that has ended it, or None.
fn end_of_main(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [status, failed] = vm.exactly(args, "<end of main>")?;
    let status = vm.as_i64(status).unwrap_or(0) as i32;
    let status = vm.exit_sequence(status)?;
    end_others(vm)?;
    clear_main(vm, Some(failed).filter(|failed| !failed.is_none()))?;
    if status == INTERRUPTED && vm.is_instance(failed, core::KEYBOARD_INTERRUPT) {
        // As CPython does (`exit_sigint`), so that a parent is told that the signal has ended it.
        for call in [
            SignalCall::Action {
                signal: SIGINT,
                action: SignalAction::Default,
            },
            SignalCall::Send {
                signal: SIGINT,
                thread: None,
            },
        ] {
            vm.system_call(SystemCall::Signal(call))?;
        }
    }
    vm.exit_status = Some(status & 0xff);
    Ok(Value::NONE)
}

/// Other interpreters end before the main one.
fn end_others(vm: &mut Process) -> NativeResult<()> {
    let name = vm.intern("_interpreters");
    let Some(module) = vm.loaded_module(name) else {
        return Ok(());
    };
    let finish = vm.getattr_text(module, "_finish")?;
    match vm.call(finish, &[]) {
        Err(Unwind::Pending(pending)) => Err(Unwind::Pending(pending)),
        _ => Ok(()),
    }
}

/// Sets up `importlib`.
pub(crate) fn start_importing(vm: &mut Process) -> NativeResult<()> {
    let start = vm.prelude_function("_start_importing");
    vm.call(start, &[]).map(|_| ())
}

/// `sys.stdin`, `stdout` and `stderr`, where the library has `_io`; without it `print` writes straight to the descriptor.
pub(crate) fn open_streams(vm: &mut Process) -> NativeResult<()> {
    if !vm.is_builtin("_io") {
        return Ok(());
    }
    let io = vm.import_module("_io")?;
    let ready = vm.prelude_function("_files_can_be_read");
    vm.call(ready, &[io])?;
    let open = vm.getattr_text(io, "_standard_streams")?;
    vm.call(open, &[])?;
    let open = vm.getattr_text(io, "open")?;
    let (builtins, name) = (vm.builtins, vm.intern("open"));
    vm.dict_set_str(builtins, name, open);
    Ok(())
}

/// `__main__` and the program's other modules go: what only they held is finalised, with its names still in place as in CPython. `failed`
/// is the exception that has ended the program: its traceback would hold everything.
pub(crate) fn clear_main(vm: &mut Process, failed: Option<Value>) -> NativeResult<()> {
    vm.once(|vm| {
        for name in ["last_exc", "last_type", "last_value", "last_traceback"] {
            let name = vm.intern(name);
            if vm.dict_get_str(vm.sys, name).is_some() {
                vm.dict_set_str(vm.sys, name, Value::NONE);
            }
        }
        if let Some(e) = failed {
            let traceback = match vm.heap.get_mut(e) {
                Obj::Exception(x) => std::mem::replace(&mut x.traceback, Value::NULL),
                _ => Value::NULL,
            };
            vm.heap.decref(traceback);
        }
        let names: Vec<Value> = vm
            .as_dict(vm.modules)
            .map(|d| d.iter().map(|e| e.key).collect())
            .unwrap_or_default();
        for name in names {
            let text = vm.text(name);
            // The library stays: it is what finalizers work with.
            if !vm.is_builtin(&text) && (vm.config.library.find)(&text).is_none() {
                vm.dict_set_str(vm.modules, name, Value::NONE);
            }
        }
        Ok(Value::NONE)
    })?;
    // The first call is a frame of Python code in front of which the finalizers of what has gone already run.
    for step in ["_nothing", "_gc_finish_main", "_nothing"] {
        let step = vm.prelude_function(step);
        match vm.call(step, &[]) {
            Err(Unwind::Raise(_)) => {}
            other => {
                other?;
            }
        }
    }
    vm.flush_streams().map(|_| ())
}

fn run_entry(vm: &mut Process) -> NativeResult {
    let modules = vm.modules;
    let main = vm.dict_get_str(modules, names::MAIN).unwrap_or(Value::NONE);
    let dict = match vm.heap.object(main) {
        Some(Obj::Module(m)) => m.dict,
        // This runs again when the program has ended, which may have taken `__main__` away: nothing is done with it then.
        _ if vm.replaying() => vm.builtins,
        _ => return Err(vm.system_error("lost __main__")),
    };
    if !vm.config.switches.warnings.is_empty() {
        // It says what it cannot read of `-W` and PYTHONWARNINGS, and what C code warns of goes through it.
        vm.import_module("warnings")?;
    }
    let folder = vm.config.entry.folder();
    match vm.config.entry.clone() {
        Entry::Script { path, source } => {
            vm.prepend_to_path(&folder)?;
            vm.once(|vm| {
                let file = vm.new_str(&path);
                vm.dict_set_str(dict, names::FILE, file);
                Ok(Value::NONE)
            })?;
            let code = vm.compile_source(&source, &path, Mode::Exec, &Options::default())?;
            vm.execute_code(code, dict, Value::NULL)
        }
        Entry::Command(source) => {
            if !vm.config.switches.safe_path {
                vm.prepend_to_path(&folder)?;
            }
            let options = Options {
                optimize: vm.config.switches.optimize,
                ..Options::default()
            };
            let code = vm.compile_source(&source, "<string>", Mode::Exec, &options)?;
            vm.execute_code(code, dict, Value::NULL)
        }
        Entry::Module(name) => {
            if !vm.config.switches.given.is_empty() {
                return vm.call_entry("_run_module_here", &name);
            }
            vm.prepend_to_path(&folder)?;
            vm.call_entry("_run_module", &name)
        }
        Entry::File(path) => vm.call_entry("_run_file", &path),
        Entry::Input => vm.call_entry("_run_input", "<stdin>"),
        Entry::Words { text, status } => {
            let function = vm.prelude_function("_say_and_exit");
            let text = vm.once(|vm| Ok(vm.new_str(&text)))?;
            vm.call(function, &[text, Value::from_i32(status)])
        }
    }
}

/// The commands with which `multiprocessing` runs Python, and what it calls those processes.
const COMMANDS: [(&str, &str); 3] = [
    ("from multiprocessing.spawn import", "spawn"),
    ("from multiprocessing.forkserver import", "forkserver"),
    ("from multiprocessing.resource_tracker import", "resource tracker"),
];

impl Entry {
    /// What people call a program that begins like this: the script or the module, or Python.
    pub(crate) fn name(&self) -> &str {
        match self {
            Entry::Script { path, .. } | Entry::File(path) => path.rsplit('/').next().unwrap_or_default(),
            Entry::Module(name) => name,
            Entry::Command(text) => {
                let library = COMMANDS.iter().find(|(begin, _)| text.starts_with(begin));
                library.map_or("python -c", |(_, name)| name)
            }
            Entry::Input | Entry::Words { .. } => "python",
        }
    }

    /// The first entry of `sys.path`.
    pub(crate) fn folder(&self) -> String {
        match self {
            Entry::Script { path, .. } => in_home(path.rsplit_once('/').map_or("", |(folder, _)| folder)),
            Entry::Module(_) => in_home(""),
            Entry::Command(_) | Entry::File(_) | Entry::Input | Entry::Words { .. } => String::new(),
        }
    }
}

/// A folder of the scenario, as an absolute path: the first entry of `sys.path`.
fn in_home(folder: &str) -> String {
    match folder {
        "" | "." => HOME.to_owned(),
        _ if folder.starts_with('/') => folder.to_owned(),
        _ => format!("{HOME}/{folder}"),
    }
}

impl Process {
    /// Calls a function of the prelude with a text.
    fn call_entry(&mut self, function: &'static str, text: &str) -> NativeResult {
        let function = self.prelude_function(function);
        let text = self.once(|vm| Ok(vm.new_str(text)))?;
        self.call(function, &[text])
    }

    /// Makes a folder the first entry of `sys.path`.
    pub(crate) fn prepend_to_path(&mut self, folder: &str) -> NativeResult<()> {
        self.once(|vm| {
            let key = vm.intern("path");
            let path = vm.dict_get_str(vm.sys, key).unwrap_or(Value::NONE);
            let folder = vm.new_str(folder);
            vm.heap.incref(folder);
            if let Obj::List(items) = vm.heap.get_mut(path) {
                items.insert(0, folder);
            }
            Ok(Value::NONE)
        })
        .map(|_| ())
    }
}

/// An exception has ended a thread: says so, without the function's name if its `__repr__` fails.
fn report_thread(vm: &mut Process, function: Value, e: Value) -> NativeResult<()> {
    let message = match vm.repr(function) {
        Ok(text) => format!("Exception ignored in thread started by {}", vm.text(text)),
        Err(Unwind::Pending(pending)) => return Err(Unwind::Pending(pending)),
        Err(Unwind::Raise(_)) => String::new(),
    };
    vm.report_unraisable(e, &message, Value::NONE)
}

/// The life of a thread that was started.
fn other_thread(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[function, positional, kwargs, handle] = args.pos else {
        return Ok(Value::NONE);
    };
    let positional = vm.as_tuple(positional).map(<[Value]>::to_vec).unwrap_or_default();
    let kw: Vec<(Value, Value)> = vm
        .as_dict(kwargs)
        .map(|d| d.iter().map(|e| (e.key, e.value)).collect())
        .unwrap_or_default();
    match vm.call_kw(
        function,
        Args {
            pos: &positional,
            kw: &kw,
        },
    ) {
        Err(Unwind::Pending(pending)) => return Err(Unwind::Pending(pending)),
        Err(Unwind::Raise(e)) if !vm.is_instance(e, core::SYSTEM_EXIT) => {
            // Whatever goes wrong with the report, those who wait for the thread must hear of its end.
            if let Err(Unwind::Pending(pending)) = report_thread(vm, function, e) {
                return Err(Unwind::Pending(pending));
            }
        }
        _ => {}
    }
    if vm.once(|vm| Ok(Value::from_bool(vm.drop_own_values())))? == Value::TRUE {
        // In front of a frame of Python code the finalizers of what has gone run.
        let nothing = vm.prelude_function("_nothing");
        vm.call(nothing, &[])?;
    }
    vm.once(|vm| {
        if let Some(h) = vm.heap.payload_mut::<ThreadHandle>(handle) {
            h.done = true;
        }
        Ok(Value::NONE)
    })?;
    if let Some(object) = handle.handle() {
        let answer = vm.system_call(SystemCall::Wake {
            object,
            count: u32::MAX,
        })?;
        debug_assert!(matches!(answer, Resume::Done | Resume::Int(_)));
    }
    Ok(Value::NONE)
}
