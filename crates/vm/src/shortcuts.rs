//! Two functions of `asyncio` that event loops call at every turn, done without running their code: `loop.call_soon`, and `__lt__` of two
//! timers in a heap.
//!
//! What they do is known because they are the library's own, unpatched, and because all that decides their way through is looked at
//! before: then they have one way, and it takes one time. That time is not written down here but measured, the first time that the
//! code itself runs undisturbed: so it is what the instructions charge. A shortcut is taken only where running the code could not have
//! stopped, collected, finalised or been watched in between; what it makes, it makes in the order of the code, so that every object
//! lies where it would lie. Neither a program nor the trace can tell.
//!
//! What is found holds no counts: versions of classes and dicts and [`Process::field_epoch`] (which rises too when a function gets other
//! code) say that it is still there. Not looked at: code of the library that a program has replaced by other code with the same names of file
//! and function.

use crate::class::Slot;
use crate::interp::operands::compare_numbers;
use crate::names;
use crate::native::NativeResult;
use crate::object::{Instance, Obj};
use crate::process::Process;
use crate::types::{Layout, core, type_flags};
use crate::value::Value;
use heddle_compiler::CompareOp;

/// So many times it is looked whether the functions are the library's; a program in which that changes all the time gets no shortcuts.
const MOST_SEARCHES: u32 = 1000;
/// What the code of either function makes at most: containers, bytes (by a wide margin).
const MOST_MADE: (u32, u64) = (6, 4096);
/// How many frames it is deep at most.
const MOST_DEEP: u32 = 6;
/// Numbers of positional arguments of callbacks for which the time is measured: a task's step, its wake-up.
const MOST_ARGUMENTS: usize = 2;

/// A run of the code that is being measured.
#[derive(Clone, Copy, Debug)]
struct Open {
    began_ns: u64,
    disturbances: u64,
    arguments: usize,
    /// When `_call_soon` was entered, which the trace is told; 0: not yet.
    seen_ns: u64,
}

/// What is known of one dict or class: it is the same as long as its version is.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    object: Value,
    version: u64,
}

/// How `loop.call_soon` goes.
#[derive(Clone, Debug, Default)]
struct Soon {
    epoch: u64,
    /// Of the loop.
    class_version: u64,
    shape: u32,
    /// Globals of `base_events`, the dict of `events`, the class `Handle`.
    globals: Known,
    module: Known,
    handle: Known,
    /// Of a loop: `_closed`, `_debug`, `_ready`.
    places: [u32; 3],
    /// Of a handle: see [`HANDLE_SLOTS`].
    slots: [u32; 7],
    /// By number of arguments: time until the trace is told, and from there to the end, ns.
    times: [Option<[u64; 2]>; MOST_ARGUMENTS + 1],
    open: Option<Open>,
    searches: u32,
}

/// What stands in a handle, in the order in which [`Process::soon`] fills it.
const HANDLE_SLOTS: [&str; 7] = [
    "_context",
    "_loop",
    "_callback",
    "_args",
    "_cancelled",
    "_repr",
    "_source_traceback",
];

/// How two timers are compared.
#[derive(Clone, Debug, Default)]
struct Timers {
    epoch: u64,
    class: Known,
    globals: Known,
    builtins: Known,
    /// Of `_when`.
    place: u32,
    time_ns: Option<u64>,
    open: Option<Open>,
    searches: u32,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shortcuts {
    /// Rises when anything but the code of a measured function may run or take time.
    pub(crate) disturbances: u64,
    /// How often code was not run.
    taken: u64,
    soon: Soon,
    timers: Timers,
}

impl Process {
    /// How often the code of a function was not run, for tests.
    #[must_use]
    pub fn shortcuts_taken(&self) -> u64 {
        self.shortcuts.taken
    }

    fn dict_is(&self, known: Known) -> bool {
        matches!(self.heap.object(known.object), Some(Obj::Dict(d)) if d.version() == known.version)
    }

    fn class_is(&self, known: Known) -> bool {
        matches!(self.heap.object(known.object), Some(Obj::Type(t)) if t.version == known.version)
    }

    fn known_dict(&self, object: Value) -> Option<Known> {
        let version = self.as_dict(object)?.version();
        Some(Known { object, version })
    }

    /// A class made by a plain `class` statement, as long as nothing about it changes.
    fn known_class(&self, object: Value) -> Option<Known> {
        let t = self.as_type(object)?;
        let special = type_flags::CUSTOM_GETATTRIBUTE | type_flags::HAS_GETATTR | type_flags::ABSTRACT;
        let plain = t.version != 0 && t.flags & special == 0 && matches!(t.layout, Layout::Object);
        let version = t.version;
        (plain && self.type_of(object) == core::TYPE).then_some(Known { object, version })
    }

    /// A name that some code has used: what looks around here makes nothing.
    fn seen_name(&self, name: &str) -> Option<Value> {
        self.interned.get(name.as_bytes()).copied()
    }

    /// What a class has under this name, if it is this function of the library: the function.
    fn library_function(&mut self, class: Value, name: &str, file: &str, qualname: &str) -> Option<Value> {
        let name = self.seen_name(name)?;
        let found = self.lookup_in_type(class, name)?;
        let Some(Obj::Function(function)) = self.heap.object(found) else {
            return None;
        };
        let (path, known) = self.names_of_code(function.code)?;
        let ours = known == qualname && crate::watchers::library_file(path) == Some(file);
        ours.then_some(found)
    }

    /// Could a run of code that takes so long stop, collect, finalise, be watched or go too deep on the way?
    fn undisturbed(&self, ns: u64) -> bool {
        self.now_ns.saturating_add(ns) < self.limit_ns
            && self.heap.has_room(MOST_MADE.0, MOST_MADE.1)
            && self.heap.frees_little()
            && self.heap.count(self.activation.callable) != 1
            && self.depth + MOST_DEEP < self.recursion_limit
            && self.config.rules.gil
            && !self.careful.is_on()
            && !self.is_watched()
    }

    fn opened(&self, arguments: usize) -> Open {
        Open {
            began_ns: self.now_ns,
            disturbances: self.shortcuts.disturbances,
            arguments,
            seen_ns: 0,
        }
    }

    // --- loop.call_soon

    fn soon_holds(&self, event_loop: Value) -> bool {
        let s = &self.shortcuts.soon;
        event_loop.is_heap()
            && s.class_version != 0
            && self.field_epoch == s.epoch
            && self.class_version(event_loop) == s.class_version
            && matches!(self.heap.object(event_loop), Some(Obj::Instance(i)) if i.shape == s.shape && i.dict.is_null())
            && self.dict_is(s.globals)
            && self.dict_is(s.module)
            && self.class_is(s.handle)
    }

    /// Looks whether `call_soon` of this loop is the library's, and where everything stands.
    #[inline(never)]
    fn find_soon(&mut self, event_loop: Value) -> Option<Soon> {
        let searches = self.shortcuts.soon.searches + 1;
        self.shortcuts.soon = Soon {
            searches,
            ..Soon::default()
        };
        let class = self.known_class(self.type_of(event_loop))?;
        let own = [
            ("call_soon", "BaseEventLoop.call_soon"),
            ("_call_soon", "BaseEventLoop._call_soon"),
            ("_check_closed", "BaseEventLoop._check_closed"),
            ("get_debug", "BaseEventLoop.get_debug"),
        ];
        let mut globals = Value::NULL;
        for (name, qualname) in own {
            let function = self.library_function(class.object, name, "asyncio/base_events.py", qualname)?;
            if let Some(Obj::Function(f)) = self.heap.object(function) {
                globals = f.globals;
            }
            let name = self.seen_name(name)?;
            if self.own_attribute(event_loop, name).is_some() {
                return None;
            }
        }
        let shape = match self.heap.object(event_loop)? {
            Obj::Instance(i) if i.dict.is_null() => i.shape,
            _ => return None,
        };
        let mut places = [0; 3];
        for (place, name) in places.iter_mut().zip(["_closed", "_debug", "_ready"]) {
            let name = self.seen_name(name)?;
            if self.lookup_in_type(class.object, name).is_some() {
                return None;
            }
            *place = self.shapes.find(shape, name)?;
        }
        let name = self.seen_name("events")?;
        let module = self.dict_get_str(globals, name)?;
        if !self.is_exact(module, core::MODULE) {
            return None;
        }
        let module = self.module_dict(module)?;
        let name = self.seen_name("Handle")?;
        let handle = self.dict_get_str(module, name)?;
        let handle = self.known_class(handle)?;
        self.library_function(handle.object, "__init__", "asyncio/events.py", "Handle.__init__")?;
        for name in [names::NEW, names::SETATTR] {
            if self.lookup_in_type(handle.object, name) != self.lookup_in_type(core::OBJECT, name) {
                return None;
            }
        }
        let mut slots = [0; 7];
        for (slot, name) in slots.iter_mut().zip(HANDLE_SLOTS) {
            let name = self.seen_name(name)?;
            let (_, found) = self.walk_mro(handle.object, name)?;
            *slot = self.heap.payload::<Slot>(found)?.place;
        }
        Some(Soon {
            epoch: self.field_epoch,
            class_version: class.version,
            shape,
            globals: self.known_dict(globals)?,
            module: self.known_dict(module)?,
            handle,
            places,
            slots,
            searches,
            ..Soon::default()
        })
    }

    /// The loop's queue, if the loop is neither closed nor in debug mode.
    fn soon_queue(&self, event_loop: Value) -> Option<Value> {
        let Some(Obj::Instance(i)) = self.heap.object(event_loop) else {
            return None;
        };
        let [closed, debug, ready] = self.shortcuts.soon.places.map(|at| i.values.get(at as usize).copied());
        (closed? == Value::FALSE && debug? == Value::FALSE).then_some(ready?)
    }

    /// May [`Process::soon`] do what `loop.call_soon(callback, *args, context=context)` would, for so many `args` (the callback is one of
    /// them here)? Then the loop's queue. If not, the call that follows is measured: [`Process::soon_over`] has to be told of its end.
    #[inline]
    pub fn may_soon(&mut self, event_loop: Value, arguments: usize) -> Option<Value> {
        if !self.soon_holds(event_loop) {
            if self.shortcuts.soon.searches >= MOST_SEARCHES {
                return None;
            }
            let found = self.find_soon(event_loop)?;
            self.shortcuts.soon = found;
        }
        let queue = self.soon_queue(event_loop)?;
        match *self.shortcuts.soon.times.get(arguments)? {
            Some([before, after]) => self.undisturbed(before + after).then_some(queue),
            None => {
                self.shortcuts.soon.open = Some(self.opened(arguments));
                None
            }
        }
    }

    /// `_call_soon` has been entered.
    pub(crate) fn soon_seen(&mut self) {
        if let Some(open) = &mut self.shortcuts.soon.open {
            open.seen_ns = self.now_ns;
        }
    }

    /// The code of `loop.call_soon` has run: was it measured?
    #[inline]
    pub fn soon_over(&mut self, event_loop: Value) {
        let Some(open) = self.shortcuts.soon.open.take() else {
            return;
        };
        if open.seen_ns != 0 && open.disturbances == self.shortcuts.disturbances && self.soon_holds(event_loop) {
            let times = [open.seen_ns - open.began_ns, self.now_ns - open.seen_ns];
            self.shortcuts.soon.times[open.arguments] = Some(times);
        }
    }

    /// `loop.call_soon(callback, *args, context=context)`, which [`Process::may_soon`] has allowed just now; `append` puts the handle at the
    /// end of the queue.
    pub fn soon(
        &mut self,
        event_loop: Value,
        args: &[Value],
        context: Value,
        queue: Value,
        append: fn(&mut Process, Value, Value) -> NativeResult<()>,
    ) -> NativeResult<()> {
        let (callback, rest) = args
            .split_first()
            .map_or((Value::NONE, args), |(first, rest)| (*first, rest));
        let [before, after] = self.shortcuts.soon.times[args.len()].unwrap_or_default();
        self.activation.shortened = true;
        self.shortcuts.taken += 1;
        // What the call binds.
        let rest = self.new_tuple(rest.to_vec());
        self.heap.incref(rest);
        self.heap.incref(callback);
        self.heap.release_pending();
        self.now_ns += before;
        self.tell_soon(callback);
        self.now_ns += after;
        let class = self.shortcuts.soon.handle.object;
        let (shape, count) = self.as_type(class).map_or((0, 0), |t| (t.shape, t.slot_count as usize));
        let mut values: crate::object::Values = smallvec::smallvec![Value::NULL; count];
        let filled = [
            context,
            event_loop,
            callback,
            rest,
            Value::FALSE,
            Value::NONE,
            Value::NONE,
        ];
        for (place, v) in self.shortcuts.soon.slots.into_iter().zip(filled) {
            if let Some(slot) = values.get_mut(place as usize) {
                *slot = v;
            }
        }
        self.heap.incref(context);
        self.heap.incref(event_loop);
        let instance = Instance {
            shape,
            values,
            dict: Value::NULL,
        };
        let handle = self.heap.insert(class, Obj::Instance(Box::new(instance)));
        let result = append(self, queue, handle);
        self.heap.decref(handle);
        result
    }

    // --- TimerHandle.__lt__

    fn find_timers(&mut self, class: Value) -> Option<Timers> {
        let searches = self.shortcuts.timers.searches + 1;
        self.shortcuts.timers = Timers {
            searches,
            ..Timers::default()
        };
        let class = self.known_class(class)?;
        let function = self.library_function(class.object, "__lt__", "asyncio/events.py", "TimerHandle.__lt__")?;
        let Some(Obj::Function(f)) = self.heap.object(function) else {
            return None;
        };
        let (globals, builtins) = (f.globals, f.builtins);
        let name = self.seen_name("TimerHandle")?;
        if self.dict_get_str(globals, name) != Some(class.object) {
            return None;
        }
        let name = self.seen_name("isinstance")?;
        let ask = self.dict_get_str(builtins, name)?;
        if self.dict_get_str(globals, name).is_some() || self.as_native(ask)?.0.name != "isinstance" {
            return None;
        }
        let name = self.seen_name("_when")?;
        let (_, when) = self.walk_mro(class.object, name)?;
        Some(Timers {
            epoch: self.field_epoch,
            class,
            globals: self.known_dict(globals)?,
            builtins: self.known_dict(builtins)?,
            place: self.heap.payload::<Slot>(when)?.place,
            searches,
            ..Timers::default()
        })
    }

    /// `a < b` of two timers of `asyncio`. `None` if it has to be asked; then that is measured, and [`Process::timers_over`] is to be told of
    /// the answer.
    #[inline]
    pub fn timer_before(&mut self, a: Value, b: Value) -> Option<bool> {
        let (Some(Obj::Instance(x)), Some(Obj::Instance(y))) = (self.heap.object(a), self.heap.object(b)) else {
            return None;
        };
        let class = self.heap.header(a).class;
        if class != self.heap.header(b).class {
            return None;
        }
        let t = &self.shortcuts.timers;
        let known = t.class.object == Value::from_handle(class)
            && self.field_epoch == t.epoch
            && self.class_is(t.class)
            && self.dict_is(t.globals)
            && self.dict_is(t.builtins);
        if !known {
            if t.searches >= MOST_SEARCHES {
                return None;
            }
            let found = self.find_timers(Value::from_handle(class))?;
            self.shortcuts.timers = Timers {
                open: Some(self.opened(0)),
                ..found
            };
            return None;
        }
        let place = t.place as usize;
        let answer = compare_numbers(CompareOp::Lt.instr_arg(), *x.values.get(place)?, *y.values.get(place)?)?;
        match t.time_ns {
            Some(ns) => {
                if !self.undisturbed(ns) {
                    return None;
                }
                self.now_ns += ns;
                self.shortcuts.taken += 1;
                Some(answer)
            }
            None => {
                self.shortcuts.timers.open = Some(self.opened(0));
                None
            }
        }
    }

    /// A comparison has been answered by its code: was it measured?
    #[inline]
    pub fn timers_over(&mut self) {
        if let Some(open) = self.shortcuts.timers.open.take()
            && open.disturbances == self.shortcuts.disturbances
        {
            self.shortcuts.timers.time_ns = Some(self.now_ns - open.began_ns);
        }
    }
}
