//! What runs when an object dies: weak references' callbacks, `__del__`, closing of generators; and unraisable exceptions.

use crate::frame::Frame;
use crate::function::{Args, Native};
use crate::generator::GeneratorState;
use crate::heap::flags;
use crate::names;
use crate::native::{GeneratorInput, NativeFrame, NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;
use heddle_compiler::Op;
use heddle_trace::TaskEnd;

/// Finalises one object (its argument); what it returns goes nowhere.
pub static FINALIZE: Native = Native::function("<finalize>", finalize);
/// Calls a weak reference's callback: callback, reference.
pub static CALLBACK: Native = Native::function("<callback>", callback);
/// Stands for all finalizers and callbacks that wait: pairs as its arguments, the next one last; an object with NULL, or a callback with
/// its reference. It is never run, but gives way to a frame for the next pair ([`Process::next_finalizer`]): however many objects die at
/// once, whoever goes through the frames finds one.
pub(crate) static FINALIZERS: Native = Native::function("<finalizers>", |_, _| Ok(Value::NONE));
/// Reports an exception that nobody can catch: exception, object or None, text.
pub static UNRAISABLE: Native = Native::function("<unraisable>", unraisable);

impl Process {
    /// Pushes a frame for the objects that wait to be finalised; the first one runs first.
    pub(crate) fn start_finalizers(&mut self) {
        self.shortcuts.disturbances += 1;
        while !self.heap.finalize_queue.is_empty() {
            self.start_queued_finalizers();
        }
    }

    fn start_queued_finalizers(&mut self) {
        let queue = std::mem::take(&mut self.heap.finalize_queue);
        let mut pairs = Vec::new();
        for object in queue {
            // The queue's count passes to the frame (or is let go, which frees the object).
            let header = self.heap.header_mut(object);
            let wants = header.flags & flags::HAS_FINALIZER != 0 && header.flags & flags::FINALIZED == 0;
            header.flags |= flags::FINALIZED;
            if wants && self.has_finalizer(object) {
                pairs.push([object, Value::NULL]);
                continue;
            }
            self.drop_thread_local(object);
            let callbacks = self.dying_weakrefs(object);
            for (callback, reference) in callbacks {
                self.heap.incref(callback);
                self.heap.incref(reference);
                pairs.push([callback, reference]);
            }
            self.heap.decref(object);
        }
        match pairs[..] {
            [] => {}
            [pair] => self.frames.push(frame_of(pair)),
            _ => {
                let waiting = pairs.into_iter().rev().flatten().collect();
                self.frames.push(discard_frame(&FINALIZERS, waiting));
            }
        }
        self.heap.release_pending();
    }

    /// Puts a frame for the next finalizer of a frame of [`FINALIZERS`] in its place, and the rest of it below.
    #[cold]
    pub(crate) fn next_finalizer(&mut self, mut waiting: Box<NativeFrame>) {
        let reference = waiting.args.pop();
        let (Some(object), Some(reference)) = (waiting.args.pop(), reference) else {
            return;
        };
        if !waiting.args.is_empty() {
            self.frames.push(Frame::Native(waiting));
        }
        self.frames.push(frame_of([object, reference]));
    }

    /// Takes the weak references to a dying object off it: (callback, reference) of those that have one.
    fn dying_weakrefs(&mut self, object: Value) -> Vec<(Value, Value)> {
        self.clear_weakrefs(object)
            .into_iter()
            .map(|(reference, callback)| (callback, reference))
            .collect()
    }

    fn has_finalizer(&mut self, object: Value) -> bool {
        if self.as_generator(object).is_some() {
            return self.needs_closing(object);
        }
        if self.is_unawaited_step(object) || self.is_waiting_greenlet(object) {
            return true;
        }
        self.class(object).has(type_flags::HAS_DEL) || {
            let class = self.type_of(object);
            self.lookup_in_type(class, names::DEL).is_some()
        }
    }

    /// Writes an exception that nobody can catch to stderr, as soon as the running instruction is over.
    pub(crate) fn write_unraisable(&mut self, e: Value, object: Value, text: &str) {
        let object = if object.is_null() { Value::NONE } else { object };
        let text = self.new_str(text);
        for v in [e, object, text] {
            self.heap.incref(v);
        }
        self.frames.push(discard_frame(&UNRAISABLE, vec![e, object, text]));
    }

    /// Hands an exception that nobody can catch to `sys.unraisablehook`, as CPython's `PyErr_FormatUnraisable` does. `message` without a
    /// colon, or "" for the usual one; `object` or None.
    pub fn report_unraisable(&mut self, e: Value, message: &str, object: Value) -> NativeResult<()> {
        let hook = self.dict_get_str(self.sys, names::UNRAISABLEHOOK);
        let Some(hook) = hook.filter(|&hook| !self.is_own_hook(hook, "unraisablehook")) else {
            return self.print_unraisable(e, message, object);
        };
        let info = self.once(|vm| vm.unraisable_info(e, message, object))?;
        match self.call(hook, &[info]) {
            Err(Unwind::Raise(second)) => {
                self.print_unraisable(second, "Exception ignored in sys.unraisablehook", hook)
            }
            other => other.map(|_| ()),
        }
    }

    fn unraisable_info(&mut self, e: Value, message: &str, object: Value) -> NativeResult {
        let class = self.intern("UnraisableHookArgs");
        let class = self.dict_get_str(self.sys, class).unwrap_or(Value::NONE);
        let traceback = match self.heap.object(e) {
            Some(Obj::Exception(x)) if !x.traceback.is_null() => x.traceback,
            _ => self.traceback_of_here(),
        };
        let message = match message {
            "" => Value::NONE,
            text => self.new_str(text),
        };
        let kind = self.type_of(e);
        Ok(self.new_structseq(class, vec![kind, e, traceback, message, object]))
    }

    /// A traceback of the Python code that runs now, for exceptions that came from no frame; None if there is none.
    fn traceback_of_here(&mut self) -> Value {
        let at = self.frames.iter().rposition(|frame| match frame {
            Frame::Python(f) => !self.code_of(f.code).hidden,
            Frame::Native(_) => false,
        });
        let Some(at) = at else { return Value::NONE };
        let Some(Frame::Python(f)) = self.frames.get(at) else {
            return Value::NONE;
        };
        let (code, instruction) = (f.code, f.pc.saturating_sub(1));
        let line = self
            .code_of(code)
            .code
            .positions
            .get(instruction as usize)
            .map_or(0, |p| p.line);
        let frame = self.frame_object_at(at);
        self.heap.incref(frame);
        self.heap.alloc(
            core::TRACEBACK,
            Obj::Traceback(Box::new(crate::object::Traceback {
                next: Value::NULL,
                frame,
                instruction,
                line,
            })),
        )
    }

    /// Is it the hook that `sys` has from the start?
    pub(crate) fn is_own_hook(&self, hook: Value, name: &str) -> bool {
        self.as_native(hook).is_some_and(|(def, _)| def.name == name)
    }

    /// The default `sys.unraisablehook`.
    pub(crate) fn print_unraisable(&mut self, e: Value, message: &str, object: Value) -> NativeResult<()> {
        let message = if message.is_empty() {
            "Exception ignored in"
        } else {
            message
        };
        let mut text = if object.is_none() {
            format!("{message}:\n")
        } else {
            format!("{message}: {}\n", self.repr_text(object)?)
        };
        if self.is_instance(e, core::BASE_EXCEPTION) {
            text.push_str(&self.format_exception(e)?);
        }
        self.write_stderr(&text)
    }
}

fn discard_frame(def: &'static Native, args: Vec<Value>) -> Frame {
    Frame::Native(Box::new(NativeFrame {
        discard: true,
        ..NativeFrame::new(def, args, Vec::new())
    }))
}

/// The frame for an object, or for a callback and its reference.
fn frame_of([object, reference]: [Value; 2]) -> Frame {
    if reference.is_null() {
        discard_frame(&FINALIZE, vec![object])
    } else {
        discard_frame(&CALLBACK, vec![object, reference])
    }
}

fn finalize(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let object = args.this();
    if let Some(g) = vm.as_generator(object).cloned() {
        vm.forget_by_hand(object, TaskEnd::Lost);
        let created = g.state == GeneratorState::Created;
        if created {
            // A collection asks whatever it finds; of those that never ran only coroutines have something to say.
            let silent = vm.type_of(object) != core::COROUTINE;
            return if silent {
                Ok(Value::NONE)
            } else {
                never_awaited(vm, object)
            };
        }
        // Its event loop closes an asynchronous generator, if it has one.
        if vm.type_of(object) == core::ASYNC_GENERATOR && g.finalizer.is_heap() && !g.closed {
            return vm.call(g.finalizer, &[object]);
        }
        return close_generator(vm, object);
    }
    if vm.is_unawaited_step(object) {
        return vm.warn_of_unawaited_step(object);
    }
    let class = vm.type_of(object);
    if let Some(method) = vm.lookup_in_type(class, names::DEL) {
        vm.call(method, &[object])?;
    }
    let waits = vm.once(|vm| Ok(Value::from_bool(vm.is_waiting_greenlet(object))))?;
    if waits == Value::TRUE {
        return vm.kill_greenlet(object);
    }
    Ok(Value::NONE)
}

/// `generator.close()`
pub fn close_generator(vm: &mut Process, generator: Value) -> NativeResult {
    match vm.as_generator(generator).map(|g| g.state) {
        // In a re-run the generator's state has moved on: the log decides.
        _ if vm.replaying() => {}
        Some(GeneratorState::Suspended) if vm.ends_silently(generator) => {
            vm.forget_by_hand(generator, TaskEnd::Cancelled);
            if let Some(g) = vm.generator_mut(generator) {
                g.state = GeneratorState::Finished;
            }
            vm.forget_generator_frame(generator);
            return Ok(Value::NONE);
        }
        Some(GeneratorState::Suspended) => vm.forget_by_hand(generator, TaskEnd::Cancelled),
        Some(GeneratorState::Running) => {
            let error = vm.value_error("generator already executing");
            return Err(error);
        }
        _ => {
            if let Some(g) = vm.generator_mut(generator)
                && g.state == GeneratorState::Created
            {
                g.state = GeneratorState::Finished;
                vm.forget_generator_frame(generator);
            }
            return Ok(Value::NONE);
        }
    }
    let exit = vm.once(|vm| {
        let args = vm.new_tuple(Vec::new());
        Ok(vm.heap.alloc(
            core::GENERATOR_EXIT,
            Obj::Exception(Box::new(crate::object::Exception::new(args))),
        ))
    })?;
    match vm.throw_into(generator, exit) {
        Ok(v) if v.is_null() => Ok(Value::NONE),
        Ok(_) => {
            let kind = match vm.type_of(generator) {
                core::COROUTINE => "coroutine",
                core::ASYNC_GENERATOR => "async generator",
                _ => "generator",
            };
            Err(vm.runtime_error(&format!("{kind} ignored GeneratorExit")))
        }
        Err(Unwind::Raise(e)) if vm.is_instance(e, core::STOP_ITERATION) => Ok(vm.stop_iteration_value(e)),
        Err(Unwind::Raise(e)) if vm.is_instance(e, core::GENERATOR_EXIT) => Ok(Value::NONE),
        Err(other) => Err(other),
    }
}

impl Process {
    /// Throws into a generator: logged. A sub-iterator is asked first, as `yield from` says.
    pub(crate) fn throw_into(&mut self, generator: Value, e: Value) -> NativeResult {
        self.step_generator(generator, GeneratorInput::Throw(e), true)
    }

    /// Does a suspended generator stand at a `yield` outside of every `try` and `with`? Then closing it runs none of its code, in CPython
    /// since 3.13 not even for those who trace it.
    fn ends_silently(&self, generator: Value) -> bool {
        let Some(g) = self.as_generator(generator) else {
            return false;
        };
        if !g.frame.object.is_null() || !g.handled.is_null() || self.type_of(generator) != core::GENERATOR {
            return false;
        }
        let code = &self.code_of(g.frame.code).code;
        let op = |at: u32| code.instructions.get(at as usize).map(|i| (i.op(), i.arg()));
        let pc = g.frame.pc;
        let outermost = match code.handler(pc.saturating_sub(1)) {
            Some(entry) => matches!(op(entry.target), Some((Op::CallIntrinsic1, _))),
            None => true,
        };
        outermost && op(pc) == Some((Op::Resume, 1))
    }

    /// A generator that never ran lets go of its arguments.
    pub(crate) fn forget_generator_frame(&mut self, generator: Value) {
        let Some(g) = self.generator_mut(generator) else { return };
        let values = std::mem::take(&mut g.values);
        for v in values {
            self.heap.decref(v);
        }
    }
}

fn never_awaited(vm: &mut Process, coroutine: Value) -> NativeResult {
    let function = vm.prelude_function("_warn_never_awaited");
    if function.is_none() {
        return Ok(Value::NONE);
    }
    vm.call(function, &[coroutine])
}

fn callback(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[callback, reference] = args.pos else {
        return Ok(Value::NONE);
    };
    vm.call(callback, &[reference])
}

fn unraisable(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[e, object, text] = args.pos else {
        return Ok(Value::NONE);
    };
    let kind = vm.text(text);
    let class = vm.type_of(object);
    let object = match kind.as_str() {
        "<finalize>" if vm.as_generator(object).is_none() => vm.lookup_in_type(class, names::DEL).unwrap_or(object),
        _ => object,
    };
    vm.report_unraisable(e, "", object)?;
    Ok(Value::NONE)
}

#[cfg(test)]
mod tests {
    use crate::testing::{NO_LIBRARY, process_with, run_in_slices};

    /// Objects that die together wait in one frame, in order: what goes through a thread's frames at every slice does not grow with them.
    #[test]
    fn many_finalizers_wait_in_one_frame() {
        let source = "\
class A:
    order = []
    def __init__(self, n): self.n = n
    def __del__(self): A.order.append(self.n)
many = [A(n) for n in range(2000)]
del many
print(A.order == list(range(2000)))
";
        let (mut slices, mut most) = (0, 0);
        let outcome = run_in_slices(process_with(source, &NO_LIBRARY), 1000, |process| {
            slices += 1;
            most = most.max(process.threads[0].frames.len());
        });
        assert_eq!(outcome.stdout + &outcome.stderr, "True\n");
        assert!(slices > 100, "{slices} slices: too few to see the finalizers at work");
        assert!(most < 20, "{most} frames at once");
    }
}
