//! Greenlets: stacks of frames within one thread that give way to each other by hand, as those of the package `greenlet` (3.x; its
//! documentation and `TGreenlet.cpp`, `TUserGreenlet.cpp` say what a switch means).
//!
//! Frames are data, those of natives too, so a switch moves the thread's frames and operands into the greenlet that gives way and takes
//! those of the other one: it is as cheap at any depth, and nothing that stands on a stack can be in its way.
//!
//! - The thread's own stack is its *main* greenlet, made when somebody first asks ([`Process::current_greenlet`]).
//! - A greenlet that begins has one native at the bottom of its frames ([`BODY`]), which calls `run` and in the end leads to the parent.
//! - When nobody holds a greenlet that waits, `GreenletExit` is thrown in (`finalize`). Unlike in the package, cycles through its stack are
//!   found too.

use crate::contract::ThreadIndex;
use crate::frame::{Frame, StackOf};
use crate::function::{Args, Native};
use crate::heap::flags;
use crate::interp::Step;
use crate::native::{NativeFrame, NativeResult, Pending, Unwind};
use crate::object::{Exception, Obj};
use crate::process::Process;
use crate::trace::Watch;
use crate::value::Value;
use heddle_trace::TaskEnd;

/// Calls `run` in a new greenlet and leads from its end to the parent: `run`, arguments or exception, keyword arguments, "is it an
/// exception?", the trace function and the greenlet that switched here, or None twice. It must not hold its own greenlet.
static BODY: Native = Native::function("<greenlet>", body);
/// Calls the trace function in the greenlet that was switched to: trace function, origin, target, "is it an exception?", what arrives.
static ARRIVE: Native = Native::function("<greenlet trace>", arrive);

/// What a switch takes over and above the call of the native, ns: an estimate, for copies of a few KB of C stack.
const SWITCH_NS: u64 = 100;
/// What frames and values of a stack that waits count as, bytes.
const FRAME_BYTES: usize = 64;
const VALUE_BYTES: usize = 8;
/// Where the module keeps its exception class among [`Process::module_state`]`["greenlet"]`.
pub const EXIT: usize = 0;

/// Where a greenlet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GreenletState {
    /// Nobody has switched to it.
    Pending,
    /// Begun and not over: it runs or waits.
    Active,
    Dead,
}

/// Whether a greenlet is the stack that a thread has from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Child,
    MainOf(ThreadIndex),
    /// The thread has ended.
    MainOfNobody,
}

/// The payload of `greenlet.greenlet`. Values are counted; NULL for none.
#[derive(Clone, Debug)]
pub struct Greenlet {
    /// What it will call.
    pub run: Value,
    /// Where its result goes.
    pub parent: Value,
    /// The main greenlet of the thread in which it began.
    pub main: Value,
    /// `gr_context` while it does not run.
    pub context: Value,
    /// Where it stands.
    pub state: GreenletState,
    /// Whether it is a thread's own stack.
    pub role: Role,
    /// Its stack, while it waits.
    suspended: Option<Box<Suspended>>,
}
crate::impl_payload!(Greenlet, |this, f| {
    [this.run, this.parent, this.main, this.context]
        .into_iter()
        .for_each(&mut *f);
    if let Some(suspended) = &this.suspended {
        suspended.children(f);
    }
});

/// A stack that waits, and what else of a thread goes with it.
#[derive(Clone, Debug, Default)]
struct Suspended {
    /// It has not begun: [`BODY`] has what it needs.
    fresh: bool,
    frames: Vec<Frame>,
    stack: Vec<Value>,
    depth: u32,
    handled: Value,
    handled_outer: Vec<Value>,
    watch: Watch,
}

impl Suspended {
    /// What it counts as against the limit of memory, in bytes of the model: the stack of the running one is the host's.
    fn model_bytes(&self) -> i64 {
        (FRAME_BYTES * self.frames.len() + VALUE_BYTES * self.stack.len()) as i64
    }

    /// Calls `f` with every value counted by what stands here.
    fn children(&self, f: &mut dyn FnMut(Value)) {
        for (at, frame) in self.frames.iter().enumerate() {
            match frame {
                Frame::Native(native) => native.children(f),
                Frame::Python(frame) => {
                    // What a frame called took over the operands above the place it returns to.
                    let end = match self.frames.get(at + 1) {
                        Some(Frame::Python(called)) => called.return_to,
                        _ => frame.sp,
                    };
                    let slots = self.stack.get(frame.base as usize..end as usize);
                    slots.unwrap_or_default().iter().copied().for_each(&mut *f);
                    // A generator that runs counts its function itself.
                    if frame.generator.is_null() {
                        f(frame.function);
                    }
                    [frame.locals, frame.generator, frame.object]
                        .into_iter()
                        .for_each(&mut *f);
                }
            }
        }
        f(self.handled);
        self.handled_outer.iter().copied().for_each(&mut *f);
        for &(_, callable, first) in &self.watch.calls {
            f(callable);
            f(first);
        }
    }
}

/// What a thread knows of its greenlets. Values are counted; NULL for none.
#[derive(Clone, Debug, Default)]
pub struct ThreadGreenlets {
    /// The one that runs.
    pub current: Value,
    /// Its own stack.
    pub main: Value,
    /// `greenlet.settrace`
    pub trace: Value,
    /// Those which nobody holds any more, to be killed when this thread next asks for greenlets: they died in another thread.
    dying: Vec<Value>,
}

/// What goes from one greenlet to another. Values are kept by the caller.
#[derive(Clone, Copy, Debug)]
pub enum Passed {
    /// Positional arguments (a tuple) and keyword arguments (a dict, or None).
    Arguments(Value, Value),
    /// An exception.
    Throw(Value),
}

impl Passed {
    /// The values in it.
    pub fn values(self) -> [Value; 2] {
        match self {
            Passed::Arguments(args, kwargs) => [args, kwargs],
            Passed::Throw(e) => [e, Value::NULL],
        }
    }
}

impl Process {
    /// The payload of a greenlet.
    pub fn greenlet(&self, v: Value) -> Option<&Greenlet> {
        self.heap.payload(v)
    }

    fn greenlet_state(&self, v: Value) -> Option<GreenletState> {
        self.greenlet(v).map(|g| g.state)
    }

    /// A greenlet that has not begun, with this parent (counted by it).
    pub fn new_greenlet(&mut self, class: Value, parent: Value) -> Value {
        self.new_payload(
            class,
            Greenlet {
                run: Value::NULL,
                parent,
                main: Value::NULL,
                context: Value::NULL,
                state: GreenletState::Pending,
                role: Role::Child,
                suspended: None,
            },
        )
    }

    /// The greenlet that runs; the thread's main greenlet, of this class, is made now if there is none.
    pub fn current_greenlet(&mut self, class: Value) -> Value {
        let thread = self.current;
        if let Some(known) = &self.current_thread().greenlets {
            return known.current;
        }
        let main = self.new_greenlet(class, Value::NULL);
        if let Some(g) = self.heap.payload_mut::<Greenlet>(main) {
            g.state = GreenletState::Active;
            g.role = Role::MainOf(thread);
        }
        // Once as the main one, once as the current one.
        self.heap.incref(main);
        self.heap.incref(main);
        self.current_thread().greenlets = Some(Box::new(ThreadGreenlets {
            current: main,
            main,
            ..ThreadGreenlets::default()
        }));
        main
    }

    /// What the running thread knows of its greenlets; NULL if nobody has asked for them yet.
    pub fn of_greenlets(&mut self, which: fn(&ThreadGreenlets) -> Value) -> Value {
        self.current_thread().greenlets.as_deref().map_or(Value::NULL, which)
    }

    /// Does it run, in some thread?
    pub fn greenlet_runs(&self, v: Value) -> bool {
        self.greenlet(v)
            .is_some_and(|g| g.state == GreenletState::Active && g.suspended.is_none())
    }

    /// The main greenlet at the root of a greenlet's thread: where it began, or will begin. NULL if there is none.
    pub fn main_greenlet_of(&self, v: Value) -> Value {
        let mut at = v;
        while let Some(g) = self.greenlet(at) {
            match g {
                Greenlet {
                    role: Role::MainOf(_) | Role::MainOfNobody,
                    ..
                } => return at,
                Greenlet { main, .. } if !main.is_null() => return *main,
                Greenlet { parent, .. } => at = *parent,
            }
        }
        Value::NULL
    }

    /// Has the thread in which the greenlet began ended?
    pub fn greenlet_thread_is_gone(&self, v: Value) -> bool {
        let root = match self.greenlet(v) {
            Some(g) if g.role == Role::Child => g.main,
            _ => v,
        };
        self.greenlet(root).is_some_and(|g| g.role == Role::MainOfNobody)
    }

    /// The frame object in which a greenlet waits, or None.
    pub fn greenlet_frame(&mut self, v: Value) -> Value {
        let Some(suspended) = self.greenlet(v).and_then(|g| g.suspended.as_ref()) else {
            return Value::NONE;
        };
        let visible = |frame: &Frame| matches!(frame, Frame::Python(f) if !self.code_of(f.code).hidden);
        match suspended.frames.iter().rposition(visible) {
            Some(at) => self.frame_object_on(StackOf::Greenlet(v), at),
            None => Value::NONE,
        }
    }

    /// Frames and operands of a greenlet that waits.
    pub(crate) fn greenlet_stack(&self, v: Value) -> Option<(&Vec<Frame>, &Vec<Value>)> {
        let suspended = self.greenlet(v)?.suspended.as_ref()?;
        Some((&suspended.frames, &suspended.stack))
    }

    /// The same, to be changed.
    pub(crate) fn greenlet_stack_mut(&mut self, v: Value) -> Option<(&mut Vec<Frame>, &mut Vec<Value>)> {
        let suspended = self.heap.payload_mut::<Greenlet>(v)?.suspended.as_mut()?;
        Some((&mut suspended.frames, &mut suspended.stack))
    }

    /// Leaves the running greenlet for another one that is active (perhaps itself); its result is what is passed when somebody switches
    /// back. `tail`: that is the result of the native that asks.
    pub fn switch_greenlet(&mut self, target: Value, passed: Passed, tail: bool) -> NativeResult {
        if !tail {
            match self.next_log_entry() {
                Some(crate::native::LogEntry::Value(v)) => return Ok(v),
                Some(crate::native::LogEntry::Raise(e)) => return Err(Unwind::Raise(e)),
                Some(_) => return Err(self.system_error("a native was not deterministic (greenlet)")),
                None => {}
            }
        }
        Err(Unwind::Pending(Box::new(Pending::Switch { target, passed, tail })))
    }

    /// Gives a greenlet that is [`GreenletState::Pending`] a stack on which [`BODY`] will call `run`: it is active then. `main` is the
    /// main greenlet of the running thread.
    pub fn begin_greenlet(&mut self, v: Value, run: Value, passed: Passed) {
        let known = self.current_thread().greenlets.as_deref();
        let (main, trace) = known.map_or((Value::NULL, Value::NULL), |known| (known.main, known.trace));
        let [trace, origin] = match known {
            Some(known) if !trace.is_null() => [trace, known.current],
            _ => [Value::NONE; 2],
        };
        let [first, second] = passed.values();
        let thrown = Value::from_bool(matches!(passed, Passed::Throw(_)));
        let second = if second.is_null() { Value::NONE } else { second };
        let args = vec![run, first, second, thrown, trace, origin];
        for &arg in &args {
            self.heap.incref(arg);
        }
        self.replace_counted(main, |p| greenlet_field(p, v, |g| &mut g.main));
        self.replace_counted(run, |p| greenlet_field(p, v, |g| &mut g.run));
        let suspended = Suspended {
            fresh: true,
            frames: vec![Frame::Native(Box::new(NativeFrame::new(&BODY, args, Vec::new())))],
            ..Suspended::default()
        };
        self.heap.adjust_size(suspended.model_bytes());
        if let Some(g) = self.heap.payload_mut::<Greenlet>(v) {
            g.state = GreenletState::Active;
            g.suspended = Some(Box::new(suspended));
        }
        self.greenlet_begins(v, run);
    }

    /// [`Pending::Switch`]: its values are counted.
    pub(crate) fn start_switch(&mut self, target: Value, passed: Passed) -> Step {
        self.now_ns += SWITCH_NS;
        let known = self.current_thread().greenlets.as_deref();
        let (origin, trace) = known.map_or((target, Value::NULL), |known| (known.current, known.trace));
        self.heap.incref(origin);
        if origin != target {
            self.greenlet_switches(origin, target, passed);
        }
        let begins = origin != target && self.exchange_stacks(origin, target);
        let step = if begins {
            // It has been given what is passed.
            Ok(())
        } else {
            self.arrived(passed, origin, target, trace)
        };
        for v in passed.values().into_iter().chain([origin, target]) {
            self.heap.decref(v);
        }
        step
    }

    fn arrived(&mut self, passed: Passed, origin: Value, target: Value, trace: Value) -> Step {
        let (thrown, what) = match passed {
            Passed::Arguments(args, kwargs) => (false, self.single_result(args, kwargs)),
            Passed::Throw(e) => (true, e),
        };
        self.heap.incref(what);
        if trace.is_null() {
            return if thrown {
                self.unwind(what, true)
            } else {
                self.deliver(what)
            };
        }
        // What arrives is counted already.
        for arg in [trace, origin, target] {
            self.heap.incref(arg);
        }
        let args = vec![trace, origin, target, Value::from_bool(thrown), what];
        self.start_native(&ARRIVE, args, Vec::new())
    }

    /// What `switch` answers for the arguments of the switch that leads to it.
    fn single_result(&mut self, args: Value, kwargs: Value) -> Value {
        let items = self.as_tuple(args).unwrap_or_default();
        let (count, first) = (items.len(), items.first().copied());
        let named = self.as_dict(kwargs).is_some_and(|d| !d.is_empty());
        match (count, first, named) {
            (0, _, true) => kwargs,
            (_, _, true) => self.new_tuple(vec![args, kwargs]),
            (1, Some(only), false) => only,
            _ => args,
        }
    }

    /// The stack of the running thread goes into one greenlet, that of the other one becomes the thread's. Does that one begin?
    fn exchange_stacks(&mut self, origin: Value, target: Value) -> bool {
        let over = self.greenlet_state(origin) == Some(GreenletState::Dead);
        let new = self.heap.payload_mut::<Greenlet>(target);
        let (new, context) = new.map_or((None, Value::NULL), |g| {
            (g.suspended.take(), std::mem::take(&mut g.context))
        });
        let new = *new.unwrap_or_default();
        self.heap.adjust_size(-new.model_bytes());
        let mut old = Suspended {
            frames: std::mem::replace(&mut self.frames, new.frames),
            stack: std::mem::replace(&mut self.stack, new.stack),
            depth: std::mem::replace(&mut self.depth, new.depth),
            ..Suspended::default()
        };
        let current = self.current;
        let thread = self.current_thread();
        old.handled = std::mem::replace(&mut thread.handled, new.handled);
        old.handled_outer = std::mem::replace(&mut thread.handled_outer, new.handled_outer);
        old.watch = std::mem::replace(&mut thread.watch, new.watch);
        let old_context = std::mem::replace(&mut thread.context, context);
        if let Some(known) = &mut thread.greenlets {
            known.current = target;
        }
        // The count of the current one passes from one to the other.
        self.heap.incref(target);
        self.label_frames(&old.frames, StackOf::Greenlet(origin));
        let frames = std::mem::take(&mut self.frames);
        self.label_frames(&frames, StackOf::Thread(current));
        self.frames = frames;
        if over {
            self.heap.decref(old.handled);
        } else {
            self.heap.adjust_size(old.model_bytes());
        }
        let mut is_child = false;
        if let Some(g) = self.heap.payload_mut::<Greenlet>(origin) {
            g.context = old_context;
            g.suspended = (!over).then(|| Box::new(old));
            is_child = g.role == Role::Child;
        }
        if is_child && !over {
            // From now on it has something to clean up when it dies, even if it survived that before.
            let header = self.heap.header_mut(origin);
            header.flags = header.flags & !flags::FINALIZED | flags::HAS_FINALIZER;
        }
        self.heap.decref(origin);
        if self.is_watched() {
            self.heap.alarm();
        }
        new.fresh
    }

    /// Frame objects learn where their activations are.
    fn label_frames(&mut self, frames: &[Frame], stack: StackOf) {
        for (at, frame) in frames.iter().enumerate() {
            if let Frame::Python(f) = frame
                && !f.object.is_null()
                && let Obj::Frame(object) = self.heap.get_mut(f.object)
            {
                object.live = Some((stack, at as u32));
            }
        }
    }

    /// The greenlet is over: nothing can switch to it any more.
    fn end_greenlet(&mut self, v: Value) {
        self.replace_counted(Value::NULL, |p| greenlet_field(p, v, |g| &mut g.run));
        if let Some(g) = self.heap.payload_mut::<Greenlet>(v) {
            g.state = GreenletState::Dead;
        }
        self.heap.header_mut(v).flags &= !flags::HAS_FINALIZER;
    }

    /// A greenlet whose thread has ended can never go on: it lets go of its stack without running any of its code.
    pub fn bury_greenlet(&mut self, v: Value) {
        if self.greenlet_state(v) != Some(GreenletState::Active) || !self.greenlet_thread_is_gone(v) {
            return;
        }
        self.forget_by_hand(v, TaskEnd::Lost);
        self.end_greenlet(v);
        let suspended = self.heap.payload_mut::<Greenlet>(v).and_then(|g| g.suspended.take());
        let Some(suspended) = suspended else { return };
        self.heap.adjust_size(-suspended.model_bytes());
        let Suspended {
            frames,
            stack,
            depth,
            handled,
            handled_outer,
            ..
        } = *suspended;
        let running = (
            std::mem::replace(&mut self.frames, frames),
            std::mem::replace(&mut self.stack, stack),
            std::mem::replace(&mut self.depth, depth),
        );
        loop {
            match self.frames.last() {
                None => break,
                Some(Frame::Python(frame)) => {
                    let generator = frame.generator;
                    if let Some(g) = self.generator_mut(generator) {
                        g.state = crate::generator::GeneratorState::Finished;
                        g.values = Vec::new();
                        g.frame.function = Value::NULL;
                        g.frame.locals = Value::NULL;
                        g.frame.object = Value::NULL;
                        g.frame.generator = Value::NULL;
                    }
                    self.pop_frame();
                }
                Some(Frame::Native(_)) => {
                    if let Some(Frame::Native(native)) = self.frames.pop() {
                        self.drop_native(&native);
                    }
                }
            }
        }
        (self.frames, self.stack, self.depth) = running;
        for v in handled_outer.into_iter().chain([handled]) {
            self.heap.decref(v);
        }
    }

    /// Does a greenlet that nobody holds have to be told so?
    pub(crate) fn is_waiting_greenlet(&self, v: Value) -> bool {
        self.greenlet(v)
            .is_some_and(|g| g.role == Role::Child && g.suspended.is_some())
    }

    /// A greenlet that nobody holds any more (but the caller): `GreenletExit` is thrown in, and comes back here.
    pub(crate) fn kill_greenlet(&mut self, v: Value) -> NativeResult {
        if !self.replaying() {
            self.forget_by_hand(v, TaskEnd::Lost);
            if self.greenlet_thread_is_gone(v) {
                self.bury_greenlet(v);
                return Ok(Value::NONE);
            }
            let main = self.main_greenlet_of(v);
            let here = self.of_greenlets(|known| known.main);
            if main != here {
                self.kill_later(v, main);
                return Ok(Value::NONE);
            }
        }
        let exit = self.once(|vm| {
            let class = vm.module_state.get("greenlet").and_then(|s| s.get(EXIT).copied());
            let args = vm.new_tuple(Vec::new());
            Ok(vm.heap.alloc(
                class.unwrap_or(Value::NONE),
                Obj::Exception(Box::new(Exception::new(args))),
            ))
        })?;
        let parent = self.once(|vm| {
            let parent = vm.greenlet(v).map_or(Value::NONE, |g| g.parent);
            let here = vm.of_greenlets(|known| known.current);
            vm.heap.incref(parent);
            vm.replace_counted(here, |p| greenlet_field(p, v, |g| &mut g.parent));
            vm.heap.decref(parent);
            Ok(parent)
        })?;
        let result = self.switch_greenlet(v, Passed::Throw(exit), false);
        if matches!(result, Err(Unwind::Pending(_))) {
            return result;
        }
        self.once(|vm| {
            vm.replace_counted(parent, |p| greenlet_field(p, v, |g| &mut g.parent));
            Ok(Value::NONE)
        })?;
        if self.is_waiting_greenlet(v) && self.heap.header(v).count == 1 {
            // It has swallowed the exception and nobody can ever ask for it: it is left alone, as in the package.
            self.heap.incref(v);
            let text = self.repr_text(v)?;
            self.write_stderr(&format!("GreenletExit did not kill {text}\n"))?;
        }
        result
    }

    /// The thread to which the greenlet belongs kills it when it next asks for greenlets.
    fn kill_later(&mut self, v: Value, main: Value) {
        let Some(Role::MainOf(thread)) = self.greenlet(main).map(|g| g.role) else {
            return;
        };
        self.heap.incref(v);
        if let Some(known) = self.threads.get_mut(thread as usize).and_then(|t| t.greenlets.as_mut()) {
            known.dying.push(v);
        }
    }

    /// Lets go of greenlets of this thread that died in another one: their ends run after this instruction.
    pub fn bury_dying_greenlets(&mut self) {
        let Some(known) = &mut self.current_thread().greenlets else {
            return;
        };
        for v in std::mem::take(&mut known.dying) {
            self.heap.header_mut(v).flags &= !flags::FINALIZED;
            self.heap.decref(v);
        }
    }

    /// The thread has ended, and with it its main greenlet.
    pub(crate) fn end_greenlets(&mut self, thread: usize) {
        let Some(known) = self.threads.get_mut(thread).and_then(|t| t.greenlets.take()) else {
            return;
        };
        if let Some(g) = self.heap.payload_mut::<Greenlet>(known.main) {
            g.state = GreenletState::Dead;
            g.role = Role::MainOfNobody;
        }
        for v in known.dying.into_iter().chain([known.current, known.main, known.trace]) {
            self.heap.decref(v);
        }
    }

    /// After a fork: the main thread's main greenlet belongs to thread 0, those of the other threads to none.
    pub(crate) fn renumber_greenlets(&mut self) {
        for at in 0..self.threads.len() {
            let main = self.threads[at]
                .greenlets
                .as_ref()
                .map_or(Value::NULL, |known| known.main);
            let ended = self.threads[at].ended;
            if let Some(g) = self.heap.payload_mut::<Greenlet>(main) {
                g.role = if ended {
                    Role::MainOfNobody
                } else {
                    Role::MainOf(at as ThreadIndex)
                };
            }
        }
    }

    /// Where a switch to `first` leads: through dead greenlets to their parents. One that has not begun begins with what is passed.
    pub fn greenlet_target(&mut self, first: Value, passed: Passed) -> NativeResult {
        let mut at = first;
        loop {
            match self.greenlet_state(at) {
                Some(GreenletState::Active) => return Ok(at),
                Some(GreenletState::Pending) => {
                    let name = self.intern("run");
                    let run = self.getattr(at, name)?;
                    self.check_greenlet_switch(at)?;
                    if self.greenlet_state(at) == Some(GreenletState::Pending) {
                        self.begin_greenlet(at, run, passed);
                        return Ok(at);
                    }
                }
                Some(GreenletState::Dead) => at = self.greenlet(at).map_or(Value::NULL, |g| g.parent),
                None => return Err(self.greenlet_error("cannot switch to a garbage collected greenlet")),
            }
        }
    }

    /// Fails if the greenlet belongs to another thread than the running one.
    pub fn check_greenlet_switch(&mut self, v: Value) -> NativeResult<()> {
        let theirs = self.main_greenlet_of(v);
        if theirs.is_null() {
            return Err(self.greenlet_error("cannot switch to a garbage collected greenlet"));
        }
        if self.greenlet_thread_is_gone(theirs) {
            return Err(self.greenlet_error("cannot switch to a different thread (which happens to have exited)"));
        }
        let ours = self.of_greenlets(|known| known.main);
        if theirs != ours {
            let (ours, theirs) = (self.repr_text(ours)?, self.repr_text(theirs)?);
            let text = format!("Cannot switch to a different thread\n\tCurrent:  {ours}\n\tExpected: {theirs}");
            return Err(self.greenlet_error(&text));
        }
        Ok(())
    }

    fn greenlet_error(&mut self, text: &str) -> Unwind {
        let class = self.module_state.get("greenlet").and_then(|s| s.get(EXIT + 1).copied());
        self.error(class.unwrap_or(Value::NONE), text)
    }

    fn is_greenlet_exit(&self, e: Value) -> bool {
        let class = self.module_state.get("greenlet").and_then(|s| s.get(EXIT).copied());
        class.is_some_and(|class| self.is_instance(e, class))
    }

    /// The exception that the arguments of a `throw` mean, as for generators.
    pub fn thrown_exception(&mut self, args: Args<'_>) -> NativeResult {
        crate::builtin::code_objects::generator::thrown(self, args)
    }

    /// Sets the trace function of the running thread (NULL: none).
    pub fn set_greenlet_trace(&mut self, function: Value) {
        if self.current_thread().greenlets.is_some() {
            self.replace_counted(function, |p| match &mut p.current_thread().greenlets {
                Some(known) => &mut known.trace,
                None => nowhere(),
            });
        }
    }
}

/// A field of a greenlet's payload.
pub fn greenlet_field(p: &mut Process, v: Value, field: fn(&mut Greenlet) -> &mut Value) -> &mut Value {
    match p.heap.payload_mut::<Greenlet>(v) {
        Some(g) => field(g),
        None => nowhere(),
    }
}

#[cold]
#[inline(never)]
fn nowhere() -> ! {
    unreachable!("the caller has looked whether it is a greenlet")
}

fn body(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[run, first, second, thrown, trace, origin] = args.pos else {
        return Ok(Value::NONE);
    };
    let this = vm.of_greenlets(|known| known.current);
    let result = run_body(vm, run, [first, second], thrown == Value::TRUE, [trace, origin, this]);
    let (end, value) = match result {
        Ok(v) => (TaskEnd::Returned, v),
        Err(Unwind::Raise(e)) if vm.is_greenlet_exit(e) => (TaskEnd::Cancelled, e),
        Err(Unwind::Raise(e)) => (TaskEnd::Raised, e),
        Err(pending) => return Err(pending),
    };
    vm.greenlet_ends(this, end, value);
    let mut passed = match end {
        TaskEnd::Raised => Passed::Throw(value),
        _ => Passed::Arguments(vm.new_tuple(vec![value]), Value::NONE),
    };
    vm.end_greenlet(this);
    let mut parent = vm.greenlet(this).map_or(Value::NULL, |g| g.parent);
    loop {
        let found = vm
            .check_greenlet_switch(parent)
            .and_then(|()| vm.greenlet_target(parent, passed));
        match found {
            Ok(target) => return vm.switch_greenlet(target, passed, true),
            // The next parent is told that this one cannot be reached.
            Err(Unwind::Raise(e)) if vm.greenlet(parent).is_some() => {
                passed = Passed::Throw(e);
                parent = vm.greenlet(parent).map_or(Value::NULL, |g| g.parent);
            }
            Err(other) => return Err(other),
        }
    }
}

fn run_body(
    vm: &mut Process,
    run: Value,
    [first, second]: [Value; 2],
    thrown: bool,
    [trace, origin, this]: [Value; 3],
) -> NativeResult {
    if !trace.is_none() {
        call_trace(vm, trace, thrown, [origin, this])?;
    }
    if thrown {
        return Err(Unwind::Raise(first));
    }
    let pos = vm.as_tuple(first).map(<[Value]>::to_vec).unwrap_or_default();
    let kw: Vec<(Value, Value)> = vm
        .as_dict(second)
        .map(|d| d.iter().map(|e| (e.key, e.value)).collect())
        .unwrap_or_default();
    vm.call_kw(run, Args { pos: &pos, kw: &kw })
}

/// Calls the trace function; one that fails is let go of.
fn call_trace(vm: &mut Process, trace: Value, thrown: bool, [origin, target]: [Value; 2]) -> NativeResult<()> {
    let event = vm.new_str(if thrown { "throw" } else { "switch" });
    let both = vm.new_tuple(vec![origin, target]);
    let answer = vm.call(trace, &[event, both]);
    if matches!(answer, Err(Unwind::Raise(_))) {
        vm.set_greenlet_trace(Value::NULL);
    }
    answer.map(|_| ())
}

fn arrive(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[trace, origin, target, thrown, what] = args.pos else {
        return Ok(Value::NONE);
    };
    let thrown = thrown == Value::TRUE;
    call_trace(vm, trace, thrown, [origin, target])?;
    if thrown { Err(Unwind::Raise(what)) } else { Ok(what) }
}
