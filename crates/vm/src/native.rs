//! How code written in Rust runs Python code without recursing: replay.
//!
//! A native is a plain Rust function. Where it needs something that only Python code (or the computer) can give, it calls
//! [`Process::call`], [`Process::iter_next`], [`Process::system_call`] … and passes the error on with `?`. If the callee is itself a
//! native that completes, that is an ordinary call. If not, the call answers `Err(Unwind::Call)`: the native's Rust frame is given up, the
//! interpreter keeps its arguments and the *log* of results so far in a [`NativeFrame`] (plain data, part of the image), runs the
//! callee as ordinary frames, appends its result to the log and **runs the native again from its start**; calls whose results are in
//! the log return them at once. So natives read like straight code, yet every thread can be stopped, copied and moved at any depth.
//!
//! # Rules for natives
//!
//! 1. Be deterministic between calls: the n-th call of a re-run must be the call that the log answers.
//! 2. Change things only *after* the last call that may run Python, or inside [`Process::once`] (which logs that it happened), or by
//!    calls that log by themselves (`call`, `iter_next`, `system_call`).
//! 3. A loop over many callbacks is quadratic under replay. Loops of unbounded length that call Python (`sum`, `map`, `sorted(key=)`,
//!    `any`, filling a list from an iterator) are written in Python in the prelude (`prelude/*.py`), or collect with
//!    [`Process::list_from_iterable`] first (logged as one result).
//! 4. Values in Rust locals live to the end of the native (see `heap`); values in the log and the arguments are counted by the frame.
//!
//! Natives that end by calling something (`partial.__call__`, a property) return [`Process::tail_call`]: no re-run is needed.

use crate::contract::{Resume, SystemCall};
use crate::function::{Args, Native};
use crate::process::Process;
use crate::value::Value;

/// What a native answers: its result, or why there is none (yet).
pub type NativeResult<T = Value> = Result<T, Unwind>;

/// Why a native does not return a value.
#[derive(Debug)]
pub enum Unwind {
    /// An exception instance.
    Raise(Value),
    /// Something has to run first; see [`Pending`].
    Pending(Box<Pending>),
}

/// What has to run before a native can go on.
#[derive(Debug)]
pub enum Pending {
    /// Call a Python-level callable; its result goes to the log.
    Call(CallRequest),
    /// Call a Python-level callable; its result is the native's result.
    TailCall(CallRequest),
    /// Resume a generator; what it yields is the result.
    Generator {
        /// The generator, coroutine …
        generator: Value,
        /// What goes in.
        input: GeneratorInput,
        /// At its end: raise StopIteration with the returned value (`send`, `__next__`), or give NULL and forget the value (`iter_next`).
        raise_at_end: bool,
        /// The result is the native's result, not an entry of its log.
        tail: bool,
    },
    /// All that a generator yields: a list of it goes to the log. Nothing runs in between but the generator.
    Items(Value),
    /// Leave this stack of frames for that of a greenlet (see `greenlet`); what is passed to this one in return is the result.
    Switch {
        /// An active greenlet.
        target: Value,
        /// What goes there.
        passed: crate::greenlet::Passed,
        /// The result is the native's result, not an entry of its log.
        tail: bool,
    },
    /// Ask the computer; the answer goes to the log.
    System(SystemCall),
    /// Run a code object as a module or class body would: in these namespaces, result to the log.
    Execute {
        /// The function object that wraps the code (its globals are the namespace).
        function: Value,
        /// Its locals: a mapping, or NULL for optimized code.
        locals: Value,
    },
}

/// What is given to a generator when it is resumed.
#[derive(Clone, Copy, Debug)]
pub enum GeneratorInput {
    /// `send(value)`; `next` sends None.
    Send(Value),
    /// `throw(exception instance)`.
    Throw(Value),
}

/// A call to be made.
#[derive(Debug)]
pub struct CallRequest {
    pub callee: Value,
    pub args: Vec<Value>,
    pub kw: Vec<(Value, Value)>,
}

/// One entry of a native's log. Values are counted.
#[derive(Clone, Debug)]
pub enum LogEntry {
    /// A call (or an `iter_next`: NULL = exhausted) returned this.
    Value(Value),
    /// A call raised this.
    Raise(Value),
    /// The computer answered.
    Resume(Resume),
    /// An inner native began here and has not completed; its own entries follow.
    Open,
    /// An attribute of a class was found to be this descriptor, whose `__get__` may replace it there: a re-run takes it from here.
    Descriptor(Value),
    /// The first entry of a native that does not go through its calls again, but notes how far it has come.
    Part(u8),
}

impl LogEntry {
    /// The counted value in it.
    pub fn value(&self) -> Option<Value> {
        match self {
            LogEntry::Value(v) | LogEntry::Raise(v) | LogEntry::Descriptor(v) => Some(*v),
            LogEntry::Resume(_) | LogEntry::Open | LogEntry::Part(_) => None,
        }
    }
}

/// The activation of a native that waits for a callee: plain data, on the thread's frame stack.
#[derive(Clone, Debug)]
pub struct NativeFrame {
    /// What to run again.
    pub def: &'static Native,
    /// Its positional arguments, counted.
    pub args: Vec<Value>,
    /// Its keyword arguments, counted.
    pub kw: Vec<(Value, Value)>,
    /// Results so far, counted.
    pub log: Vec<LogEntry>,
    /// The callee's result is the native's result (`TailCall`).
    pub tail: bool,
    /// What it returns goes nowhere (a finalizer, a callback); an exception is unraisable.
    pub discard: bool,
    /// What a generator has yielded so far for `Pending::Items`.
    pub gathering: Option<Gathering>,
    /// The call in which a signal has interrupted it, to be made again when the handlers have returned, and how long the log was then.
    pub retry: Option<(usize, Box<SystemCall>)>,
}

/// The items of a generator on their way into a native's log. Both values are counted.
#[derive(Clone, Copy, Debug)]
pub struct Gathering {
    /// It runs above the native.
    pub generator: Value,
    /// A list.
    pub items: Value,
}

impl NativeFrame {
    /// A native that has not run yet; its arguments are counted.
    pub fn new(def: &'static Native, args: Vec<Value>, kw: Vec<(Value, Value)>) -> NativeFrame {
        NativeFrame {
            def,
            args,
            kw,
            log: Vec::new(),
            tail: false,
            discard: false,
            gathering: None,
            retry: None,
        }
    }

    /// Calls `f` with every value held.
    pub fn children<F: FnMut(Value) + ?Sized>(&self, f: &mut F) {
        self.args.iter().copied().for_each(&mut *f);
        for &(name, value) in &self.kw {
            f(name);
            f(value);
        }
        self.log.iter().filter_map(LogEntry::value).for_each(&mut *f);
        if let Some(Gathering { generator, items }) = self.gathering {
            f(generator);
            f(items);
        }
    }
}

/// The log of the native that runs now, and how far it has been read.
#[derive(Clone, Debug, Default)]
pub struct Activation {
    /// Entries (values counted while they stand here).
    pub log: Vec<LogEntry>,
    /// Next entry to read; at the end, calls are made for real.
    pub cursor: usize,
    /// Natives inside natives right now, to bound Rust's stack.
    pub depth: u32,
    /// A function that it would have waited for was not run ([`crate::shortcuts`]): what it holds is let go of in the order of a [`NativeFrame`].
    pub(crate) shortened: bool,
    /// The operand that the instruction has called; it is let go of before the native waits. NULL in a re-run.
    pub(crate) callable: Value,
}

/// Natives may nest this deep in Rust before Python's RecursionError.
pub const MAX_NATIVE_DEPTH: u32 = 120;

impl Process {
    /// Calls any callable and gives its result; see the module's text for what `?` does.
    pub fn call(&mut self, callee: Value, args: &[Value]) -> NativeResult {
        self.call_kw(callee, Args::positional(args))
    }

    /// [`Process::call`] with keyword arguments.
    pub fn call_kw(&mut self, callee: Value, args: Args<'_>) -> NativeResult {
        let start = self.activation.cursor;
        match self.next_log_entry() {
            Some(LogEntry::Value(v)) => return Ok(v),
            Some(LogEntry::Raise(e)) => return Err(Unwind::Raise(e)),
            Some(LogEntry::Resume(_) | LogEntry::Descriptor(_) | LogEntry::Part(_)) => {
                return Err(self.system_error("a native was not deterministic (system call replayed as a call)"));
            }
            Some(LogEntry::Open) => {}
            None => {}
        }
        if self.activation.depth >= MAX_NATIVE_DEPTH {
            return Err(self.recursion_error());
        }
        let Some((def, bound)) = self.as_native(callee) else {
            return Err(Unwind::Pending(Box::new(Pending::Call(CallRequest {
                callee,
                args: args.pos.to_vec(),
                kw: args.kw.to_vec(),
            }))));
        };
        if start == self.activation.log.len() {
            self.activation.log.push(LogEntry::Open);
            self.activation.cursor = start + 1;
        }
        self.activation.depth += 1;
        let result = if bound.is_null() {
            self.run_native(def, args)
        } else {
            args.with_first(bound, |args| self.run_native(def, args))
        };
        self.activation.depth -= 1;
        match result {
            // Its caller cannot be skipped, so an inner tail call is an ordinary one.
            Err(Unwind::Pending(pending)) => Err(Unwind::Pending(self.inner_pending(*pending, start))),
            Err(Unwind::Raise(e)) => {
                self.close_log(start, LogEntry::Raise(e));
                Err(Unwind::Raise(e))
            }
            Ok(v) => {
                self.close_log(start, LogEntry::Value(v));
                Ok(v)
            }
        }
    }

    /// A part of a native that makes calls of its own: once it has completed it is one entry of the log, and a re-run takes its result
    /// instead of doing it again. Inside, [`Process::replaying`] speaks of this part alone.
    pub fn scope(&mut self, act: impl FnOnce(&mut Process) -> NativeResult) -> NativeResult {
        let start = self.activation.cursor;
        match self.next_log_entry() {
            Some(LogEntry::Value(v)) => return Ok(v),
            Some(LogEntry::Raise(e)) => return Err(Unwind::Raise(e)),
            Some(LogEntry::Resume(_) | LogEntry::Descriptor(_) | LogEntry::Part(_)) => {
                return Err(self.system_error("a native was not deterministic (system call replayed as a part)"));
            }
            Some(LogEntry::Open) => {}
            None => {
                self.activation.log.push(LogEntry::Open);
                self.activation.cursor = start + 1;
            }
        }
        match act(self) {
            Err(Unwind::Pending(pending)) => Err(Unwind::Pending(self.inner_pending(*pending, start))),
            Err(Unwind::Raise(e)) => {
                self.close_log(start, LogEntry::Raise(e));
                Err(Unwind::Raise(e))
            }
            Ok(v) => {
                self.close_log(start, LogEntry::Value(v));
                Ok(v)
            }
        }
    }

    /// An inner native that ends in a tail call: its callee's result is the result of the whole inner call.
    fn inner_pending(&mut self, pending: Pending, start: usize) -> Box<Pending> {
        match pending {
            Pending::TailCall(request) => {
                self.truncate_log(start);
                Box::new(Pending::Call(request))
            }
            Pending::Generator {
                generator,
                input,
                raise_at_end,
                tail: true,
            } => {
                self.truncate_log(start);
                Box::new(Pending::Generator {
                    generator,
                    input,
                    raise_at_end,
                    tail: false,
                })
            }
            Pending::Switch {
                target,
                passed,
                tail: true,
            } => {
                self.truncate_log(start);
                Box::new(Pending::Switch {
                    target,
                    passed,
                    tail: false,
                })
            }
            other => Box::new(other),
        }
    }

    /// Makes the callee's result this native's result.
    pub fn tail_call(&mut self, callee: Value, args: &[Value]) -> NativeResult {
        self.tail_call_kw(callee, Args::positional(args))
    }

    /// [`Process::tail_call`] with keyword arguments.
    pub fn tail_call_kw(&mut self, callee: Value, args: Args<'_>) -> NativeResult {
        Err(Unwind::Pending(Box::new(Pending::TailCall(CallRequest {
            callee,
            args: args.pos.to_vec(),
            kw: args.kw.to_vec(),
        }))))
    }

    /// Asks the computer. The request is made once; re-runs get the answer.
    pub fn system_call(&mut self, call: SystemCall) -> NativeResult<Resume> {
        match self.next_log_entry() {
            Some(LogEntry::Resume(answer)) => Ok(answer),
            // A handler raised this while the thread waited.
            Some(LogEntry::Raise(e)) => Err(Unwind::Raise(e)),
            Some(_) => Err(self.system_error("a native was not deterministic (call replayed as a system call)")),
            None => Err(Unwind::Pending(Box::new(Pending::System(call)))),
        }
    }

    /// C code that takes so long and keeps the GIL.
    pub(crate) fn compute(&mut self, cost_ns: u64) -> NativeResult<()> {
        let call = SystemCall::Compute {
            cost_ns,
            release_gil: false,
        };
        self.system_call(call).map(|_| ())
    }

    /// Does something that must not be repeated when the native is run again, and logs its result.
    pub fn once(&mut self, act: impl FnOnce(&mut Process) -> NativeResult) -> NativeResult {
        match self.next_log_entry() {
            Some(LogEntry::Value(v)) => Ok(v),
            Some(LogEntry::Raise(e)) => Err(Unwind::Raise(e)),
            Some(_) => Err(self.system_error("a native was not deterministic (once)")),
            None => {
                let start = self.activation.log.len();
                let result = act(self);
                match &result {
                    Ok(v) => self.close_log(start, LogEntry::Value(*v)),
                    Err(Unwind::Raise(e)) => self.close_log(start, LogEntry::Raise(*e)),
                    Err(Unwind::Pending(_)) => {}
                }
                result
            }
        }
    }

    /// Is this a re-run that has answers left to read?
    pub fn replaying(&self) -> bool {
        self.activation.cursor < self.activation.log.len()
    }

    /// Reads the next entry of the log, if there is one.
    #[inline]
    pub fn next_log_entry(&mut self) -> Option<LogEntry> {
        if self.activation.cursor >= self.activation.log.len() {
            return None;
        }
        self.read_log_entry()
    }

    #[inline(never)]
    fn read_log_entry(&mut self) -> Option<LogEntry> {
        let entry = self.activation.log.get(self.activation.cursor)?;
        self.activation.cursor += 1;
        match entry {
            LogEntry::Value(v) => Some(LogEntry::Value(*v)),
            other => Some(other.clone()),
        }
    }

    /// The descriptor that the run before found here, if it found one; see [`LogEntry::Descriptor`].
    #[inline]
    pub fn found_before(&mut self) -> Option<Value> {
        match self.activation.log.get(self.activation.cursor) {
            Some(LogEntry::Descriptor(found)) => {
                let found = *found;
                self.activation.cursor += 1;
                Some(found)
            }
            _ => None,
        }
    }

    /// Notes the descriptor whose `__get__` is about to be called, for the re-run.
    pub fn note_descriptor(&mut self, found: Value) {
        if !self.replaying() {
            self.heap.incref(found);
            self.activation.log.push(LogEntry::Descriptor(found));
            self.activation.cursor = self.activation.log.len();
        }
    }

    /// Replaces the entries from `start` on by the result they led to.
    pub fn close_log(&mut self, start: usize, entry: LogEntry) {
        if let LogEntry::Value(v) | LogEntry::Raise(v) = entry {
            self.heap.incref(v);
        }
        if start + 1 == self.activation.log.len() && matches!(self.activation.log[start], LogEntry::Open) {
            self.activation.log[start] = entry;
            self.activation.cursor = start + 1;
            return;
        }
        self.truncate_log(start);
        self.activation.log.push(entry);
        self.activation.cursor = start + 1;
    }

    fn truncate_log(&mut self, start: usize) {
        while self.activation.log.len() > start {
            if let Some(v) = self.activation.log.pop().and_then(|entry| entry.value()) {
                self.heap.decref(v);
            }
        }
        self.activation.cursor = start;
    }
}
