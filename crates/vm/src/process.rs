//! The process image: everything one Python process consists of, as plain data that can be cloned.

pub use crate::command_line::Switches;
use crate::contract::{ImageEvent, ThreadIndex};
use crate::frame::Frame;
use crate::function::Native;
use crate::heap::Heap;
use crate::native::Activation;
use crate::shape::Shapes;
use crate::types::TypeDef;
use crate::value::Value;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// One Python process.
#[derive(Clone, Debug)]
pub struct Process {
    /// All objects.
    pub heap: Heap,
    /// Threads by index; ended ones stay as empty records.
    pub threads: Vec<Thread>,
    /// The thread that runs now.
    pub current: ThreadIndex,
    /// Activations of the running thread, outermost first (its record in `threads` has none meanwhile).
    pub frames: Vec<Frame>,
    /// Slots and operands of the running thread. Counted below the innermost Python frame's `sp`; what lies above is stale.
    pub stack: Vec<Value>,
    /// Number of Python frames in `frames`.
    pub depth: u32,
    /// Where the running thread is, in ns of an image of the default pace since the slice began at `slice_start_ns`: charged instruction by
    /// instruction. What a program may see is [`Process::clock_ns`].
    pub now_ns: u64,
    /// Where the running slice began, ns.
    pub slice_start_ns: u64,
    /// Where the loop looks up from its work, in the measure of `now_ns`.
    pub limit_ns: u64,
    /// Where the running slice was halted: `now_ns` and `slice_start_ns`.
    pub(crate) halted: Option<(u64, u64)>,
    /// Notes what the run was asked for, if it was.
    pub(crate) surveyor: Option<Box<crate::survey::Surveyor>>,
    /// How the careful copy of the loop goes on; see [`crate::careful`].
    pub(crate) careful: crate::careful::Careful,
    /// The log of the native that runs now.
    pub activation: Activation,
    /// Interned strings by text (counted).
    pub interned: FxHashMap<Box<[u8]>, Value>,
    /// Layouts of instances.
    pub shapes: Shapes,
    /// Built-in types outside the core, by table entry's module and name (counted).
    pub native_types: BTreeMap<(&'static str, &'static str), Value>,
    /// `sys.modules`: a dict.
    pub modules: Value,
    /// Objects that the call under way went through (`interp::call`).
    pub redirected_calls: u32,
    /// The dict of `builtins`.
    pub builtins: Value,
    /// The dict of the prelude: our own library code in Python that natives call.
    pub prelude: Value,
    /// What has been asked for in it, counted.
    pub(crate) prelude_functions: FxHashMap<&'static str, Value>,
    /// The dict of `sys`.
    pub sys: Value,
    /// Inline caches by code number, then instruction; see `interp::cache`.
    pub caches: Vec<Box<[crate::interp::Cache]>>,
    /// What stands in code objects whose body waits.
    pub(crate) no_code: std::rc::Rc<heddle_compiler::Code>,
    /// Rises when a class somewhere gets or loses a data descriptor, new bases, or methods that watch attributes: what inline caches of
    /// instances' own attributes rest on, beside the shape.
    pub field_epoch: u64,
    /// Attributes at instructions that meet instances of several classes; see `interp::poly`.
    pub poly: crate::interp::poly::PolyCache,
    /// The interned strings of one ASCII character, NULL until used.
    pub ascii: Vec<Value>,
    /// Next class version.
    pub next_type_version: u64,
    /// Cached (class, name) lookups; see `lookup`.
    pub method_cache: crate::lookup::MethodCache,
    /// Threads that wait on an object, by its heap index.
    pub waiters: BTreeMap<u32, u32>,
    /// Containers being printed, with the thread that prints them (not counted).
    pub repr_guard: Vec<(u32, Value)>,
    /// The empty tuple (counted), or NULL before its first use.
    pub empty_tuple: Value,
    /// The memoryviews of bytearrays, by heap index: what a change of size looks for (not counted).
    pub views: rustc_hash::FxHashMap<u32, Vec<Value>>,
    /// What the trace wants to know, since the last drain.
    pub events: Vec<ImageEvent>,
    /// What the process was started with.
    pub config: Config,
    /// Stream of deterministic randomness (`os.urandom`, hash of nothing): splitmix64 state.
    pub entropy: u64,
    /// Depth of Python frames above which a call is a RecursionError (`sys.setrecursionlimit`).
    pub recursion_limit: u32,
    /// `sys.getswitchinterval`, ns.
    pub switch_interval_ns: u64,
    /// Python 2's `sys.getcheckinterval`, ticks.
    pub check_interval: u32,
    /// Without a GIL: the last use of containers' locks, by heap index.
    pub(crate) sections: rustc_hash::FxHashMap<u32, crate::sections::Section>,
    /// What the trace has been told of event loops and tasks.
    pub(crate) observer: crate::watchers::Observer,
    /// Functions of `asyncio` that need not be run.
    pub(crate) shortcuts: crate::shortcuts::Shortcuts,
    /// State of native modules of `stdlib`, by module name: values they keep between calls (counted, visited as roots).
    pub module_state: BTreeMap<&'static str, Vec<Value>>,
    /// Event loops' tasks.
    pub tasks: crate::tasks::Tasks,
    /// Its number among the interpreters of the computer's process; the main one is 0.
    pub interpreter: crate::interpreters::InterpreterId,
    /// What it may do.
    pub allowed: crate::interpreters::Settings,
    /// Number of the thread that is made next: threads of all interpreters are numbered together.
    pub(crate) next_thread: ThreadIndex,
    /// Signals that have come and whose handlers have not run: signal n is bit n - 1.
    pub tripped: u64,
    /// `sys.monitoring`
    pub monitoring: Box<crate::trace::Monitoring>,
    /// The loop stopped to go on in its other copy; see `trace`.
    pub(crate) retrace: bool,
    /// Interpreter shut-down has begun (`sys.is_finalizing`).
    pub finalizing: bool,
    /// Exit status, once decided.
    pub exit_status: Option<i32>,
}

/// One thread of a process.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// Activations, outermost first.
    pub frames: Vec<Frame>,
    /// Slots and operands of all Python frames. Counted.
    pub stack: Vec<Value>,
    /// The exception being handled in the innermost generator or, outside of generators, in the thread; NULL or None for none. Counted.
    /// `sys.exception()` is [`Process::current_exception`].
    pub handled: Value,
    /// The same of the generators and the thread around the innermost generator, outermost first. Counted.
    pub handled_outer: Vec<Value>,
    /// The context (`contextvars`), or NULL until used. Counted.
    pub context: Value,
    /// Its greenlets, if it has any.
    pub greenlets: Option<Box<crate::greenlet::ThreadGreenlets>>,
    /// The event loop that runs in it, and the task whose step is under way, or NULL; see [`crate::tasks`]. Counted.
    pub running_loop: Value,
    /// See `running_loop`.
    pub running_task: Value,
    /// `threading.get_ident()`.
    pub ident: u64,
    /// Its `_ThreadHandle`, or NULL. Counted.
    pub handle: Value,
    /// Thread-local dicts of `_thread._local` objects, by heap index of the local (values counted).
    pub locals: BTreeMap<u32, Value>,
    /// Name for people, as the trace shows it.
    pub name: String,
    /// An answer of the computer that the next run delivers.
    pub answer: Option<crate::contract::Resume>,
    /// An exception to be raised in this thread at the next switch point (`KeyboardInterrupt`), or NULL. Counted.
    pub pending_exception: Value,
    /// The thread has ended.
    pub ended: bool,
    /// It belongs to another interpreter and is here for an errand; what it will bring home.
    pub visiting: bool,
    /// See `visiting`.
    pub(crate) parting: crate::interpreters::Parcel,
    /// Daemon threads do not keep the process alive.
    pub daemon: bool,
    /// Virtual time this thread has run in earlier slices, ns.
    pub cpu_ns: u64,
    /// `sys.settrace`, `sys.setprofile` functions, or NULL. Counted.
    pub trace: Value,
    /// See `trace`.
    pub profile: Value,
    /// Where it stands while it is watched.
    pub watch: crate::trace::Watch,
    /// asyncgen hooks (firstiter, finalizer), or NULL. Counted.
    pub asyncgen_hooks: [Value; 2],
    /// `sys.set_coroutine_origin_tracking_depth`.
    pub origin_depth: u32,
}

/// What a process is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// What to run.
    pub entry: Entry,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// Switches of the command line.
    pub switches: Switches,
    /// Environment variables.
    pub environ: Vec<(String, String)>,
    /// `os.getpid()`.
    pub pid: u32,
    /// `os.getppid()`.
    pub parent_pid: u32,
    /// `os.umask`: bits of a mode that new files do not get.
    pub umask: u32,
    /// What its computer is called.
    pub host_name: String,
    /// Number of cores the process sees (`os.cpu_count()`).
    pub cores: u32,
    /// Seed for everything random.
    pub seed: u64,
    /// Bytes of heap (model sizes) above which MemoryError is raised.
    pub memory_limit: u64,
    /// Version of Python in GIL and rules, e.g. "3.13" (the language is always 3.14's).
    pub python: String,
    /// What that version means for the image.
    pub rules: crate::contract::Rules,
    /// `sys.setswitchinterval` at start, ns.
    pub switch_interval_ns: u64,
    /// Virtual wall clock at the start, ns since 1970.
    pub epoch_ns: u64,
    /// The native modules and packed library.
    pub library: &'static Library,
    /// What is to be noted of the run.
    pub survey: Option<crate::survey::Survey>,
}

/// What the main thread executes.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A script: file name as given, and its source (already read by whoever starts the process).
    Script {
        /// As in `sys.argv[0]` and tracebacks.
        path: String,
        /// Its text.
        source: String,
    },
    /// `-m NAME`.
    Module(String),
    /// `-c CODE`.
    Command(String),
    /// A file that is read when it is run: of a program that another one has started. A folder is run by its `__main__.py`.
    File(String),
    /// What comes from standard input.
    Input,
    /// Nothing: this is written, to standard error if the exit status is not 0.
    Words {
        /// What.
        text: String,
        /// The exit status.
        status: i32,
    },
}

/// What `stdlib` gives to the VM: native modules and CPython's packed library. A static.
#[derive(Debug)]
pub struct Library {
    /// Native modules (besides those of the VM itself: builtins, sys …), sorted by name or not.
    pub modules: &'static [&'static ModuleDef],
    /// Finds a module of CPython's library: its code (compiled), source text, whether it is a package and its path. None: no such module.
    pub find: fn(&str) -> Option<PackedModule>,
    /// Path and "is a package" of such a module, without looking at its code.
    pub place: fn(&str) -> Option<(&'static str, bool)>,
    /// All of them: names and paths.
    pub names: fn() -> Vec<(&'static str, &'static str)>,
    /// What its modules tell of their objects, for the trace.
    pub eyes: crate::watchers::Eyes,
    /// Source text of a library file by its path in tracebacks (`/usr/lib/python3.14/threading.py`).
    pub source: fn(&str) -> Option<std::rc::Rc<str>>,
}

/// A module of the packed library.
#[derive(Clone, Debug)]
pub struct PackedModule {
    pub code: std::rc::Rc<heddle_compiler::Code>,
    pub is_package: bool,
    /// As `__file__`.
    pub path: String,
}

/// A module written in Rust.
#[derive(Debug)]
pub struct ModuleDef {
    /// `__name__`
    pub name: &'static str,
    /// `__doc__`, or "".
    pub doc: &'static str,
    /// Its functions.
    pub functions: &'static [Native],
    /// Its types, under their own names.
    pub types: &'static [&'static TypeDef],
    /// Adds constants and whatever else to the module's dict. Must not call Python code.
    pub init: Option<fn(&mut Process, Value) -> crate::native::NativeResult<()>>,
}
