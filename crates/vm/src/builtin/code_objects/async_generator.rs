//! `async_generator` and the awaitables of its methods.
//!
//! What the generator yields itself is wrapped ([`Wrapped`]); what passes through from an `await` is not. The awaitables resume the
//! generator, pass unwrapped values on, and end with StopIteration(value) when a wrapped one comes, or StopAsyncIteration at the end.

use crate::function::{Args, Native};
use crate::generator::GeneratorState;
use crate::heap::flags;
use crate::impl_payload;
use crate::names;
use crate::native::{GeneratorInput, NativeResult, Unwind};
use crate::object::{Exception, Obj};
use crate::process::Process;
use crate::types::{Layout, TypeDef, core, type_flags};
use crate::value::Value;

/// A value that an asynchronous generator yields itself (in contrast to what its `await`s pass through).
#[derive(Clone, Debug)]
pub struct Wrapped(pub Value);

impl_payload!(Wrapped, |this, f| f(this.0));

/// Wraps a yielded value.
pub fn wrap(vm: &mut Process, v: Value) -> Value {
    vm.new_payload(core::OBJECT, Wrapped(v))
}

/// What an awaitable will do to its generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Send,
    Throw,
    Close,
}

/// `async_generator_asend` and `async_generator_athrow`.
#[derive(Clone, Debug)]
struct Step {
    generator: Value,
    /// What is sent or thrown first; NULL for `aclose`.
    value: Value,
    kind: Kind,
    started: bool,
    closed: bool,
}

impl_payload!(Step, |this, f| {
    f(this.generator);
    f(this.value);
});

/// The asynchronous generator that such a step goes on with.
pub(crate) fn stepped_generator(vm: &Process, v: Value) -> Option<Value> {
    vm.heap.payload::<Step>(v).map(|step| step.generator)
}

fn step(vm: &mut Process, class: Value, generator: Value, value: Value, kind: Kind) -> NativeResult {
    first_iteration(vm, generator)?;
    let step = Step {
        generator,
        value,
        kind,
        started: false,
        closed: false,
    };
    let made = vm.new_payload(class, step);
    // Until it is awaited, its end is worth a warning.
    vm.heap.header_mut(made).flags |= flags::HAS_FINALIZER;
    Ok(made)
}

impl Process {
    /// Is it an awaitable of an asynchronous generator that nobody has awaited?
    pub(crate) fn is_unawaited_step(&self, v: Value) -> bool {
        self.heap.payload::<Step>(v).is_some_and(|s| !s.started && !s.closed)
    }

    /// Warns of an awaitable of an asynchronous generator that dies before anybody has awaited it.
    pub(crate) fn warn_of_unawaited_step(&mut self, v: Value) -> NativeResult {
        let Some(s) = self.heap.payload::<Step>(v).cloned() else {
            return Ok(Value::NONE);
        };
        let method = match s.kind {
            Kind::Send => "asend",
            Kind::Throw => "athrow",
            Kind::Close => "aclose",
        };
        let name = self.getattr(s.generator, names::QUALNAME)?;
        let text = format!("coroutine method '{method}' of '{}' was never awaited", self.text(name));
        self.warn(core::RUNTIME_WARNING, &text)?;
        Ok(Value::NONE)
    }
}

/// `sys.set_asyncgen_hooks`: the first step of a generator tells the loop.
fn first_iteration(vm: &mut Process, generator: Value) -> NativeResult<()> {
    let fresh = vm.once(|vm| {
        let Some(g) = vm.generator_mut(generator) else {
            return Ok(Value::FALSE);
        };
        let fresh = !g.hooks_inited;
        g.hooks_inited = true;
        if fresh {
            let finalizer = vm.current_thread().asyncgen_hooks[1];
            if finalizer.is_heap() {
                vm.heap.incref(finalizer);
                if let Some(g) = vm.generator_mut(generator) {
                    g.finalizer = finalizer;
                }
            }
        }
        Ok(Value::from_bool(fresh))
    })?;
    let hook = vm.current_thread().asyncgen_hooks[0];
    if fresh == Value::TRUE && hook.is_heap() {
        vm.call(hook, &[generator])?;
    }
    Ok(())
}

fn anext(vm: &mut Process, args: Args<'_>) -> NativeResult {
    step(vm, core::ASYNC_GENERATOR_ASEND, args.this(), Value::NONE, Kind::Send)
}

fn asend(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [value]) = vm.method_args::<1>(args, "asend")?;
    step(vm, core::ASYNC_GENERATOR_ASEND, this, value, Kind::Send)
}

fn athrow(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let rest = args.rest();
    if rest.is_empty() || rest.len() > 3 {
        let n = rest.len();
        return Err(vm.type_error(&format!("athrow expected at least 1 argument, got {n}")));
    }
    if rest.len() > 1 {
        let text = "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.";
        vm.warn(core::DEPRECATION_WARNING, text)?;
    }
    let instance = rest.get(1).filter(|&v| vm.is_instance(v, core::BASE_EXCEPTION));
    let value = instance.unwrap_or(rest.pos[0]);
    step(vm, core::ASYNC_GENERATOR_ATHROW, args.this(), value, Kind::Throw)
}

fn aclose(vm: &mut Process, args: Args<'_>) -> NativeResult {
    step(vm, core::ASYNC_GENERATOR_ATHROW, args.this(), Value::NULL, Kind::Close)
}

fn same(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn set_running(vm: &mut Process, generator: Value, on: bool) {
    if let Some(g) = vm.generator_mut(generator) {
        g.ag_running = on;
    }
}

/// It will not be asked for more: only steps that are under way go on.
fn set_closed(vm: &mut Process, generator: Value) {
    if let Some(g) = vm.generator_mut(generator) {
        g.closed = true;
    }
}

fn plain_exception(vm: &mut Process, class: Value) -> Value {
    let args = vm.new_tuple(Vec::new());
    vm.heap.alloc(class, Obj::Exception(Box::new(Exception::new(args))))
}

/// One step of an awaitable with what its awaiter sends or throws.
fn advance(vm: &mut Process, this: Value, sent: Value, thrown: Option<Value>) -> NativeResult {
    // All that depends on the state is decided once and logged: (mode, value).
    let plan = vm.scope(|vm| plan(vm, this, sent, thrown))?;
    let (mode, value) = match vm.as_tuple(plan) {
        Some(&[mode, value]) => (mode.as_small().unwrap_or(0), value),
        _ => return Err(vm.system_error("an asynchronous step without plan")),
    };
    let Some(s) = vm.heap.payload::<Step>(this).cloned() else {
        return Err(vm.type_error("an asynchronous step is required"));
    };
    if mode == DONE {
        return finished(vm, this, &s, Value::NONE);
    }
    let input = if mode == THROW {
        GeneratorInput::Throw(value)
    } else {
        GeneratorInput::Send(value)
    };
    let result = vm.step_generator(s.generator, input, true);
    match result {
        Ok(v) => match vm.heap.payload::<Wrapped>(v).map(|w| w.0) {
            Some(_) if s.kind == Kind::Close => {
                set_running(vm, s.generator, false);
                if let Some(p) = vm.heap.payload_mut::<Step>(this) {
                    p.closed = true;
                }
                Err(vm.runtime_error("async generator ignored GeneratorExit"))
            }
            Some(value) => finished(vm, this, &s, value),
            None => Ok(v),
        },
        Err(Unwind::Raise(e)) => {
            set_running(vm, s.generator, false);
            if let Some(p) = vm.heap.payload_mut::<Step>(this) {
                p.closed = true;
            }
            let ended = vm.is_instance(e, core::STOP_ITERATION);
            let expected =
                ended || vm.is_instance(e, core::STOP_ASYNC_ITERATION) || vm.is_instance(e, core::GENERATOR_EXIT);
            if expected {
                set_closed(vm, s.generator);
            }
            if s.kind == Kind::Close && expected {
                let stop = vm.new_stop_iteration(Value::NONE);
                return Err(Unwind::Raise(stop));
            }
            if ended {
                let stop = plain_exception(vm, core::STOP_ASYNC_ITERATION);
                return Err(Unwind::Raise(stop));
            }
            Err(Unwind::Raise(e))
        }
        Err(pending) => Err(pending),
    }
}

const SEND: i64 = 0;
const THROW: i64 = 1;
const DONE: i64 = 2;

fn planned(vm: &mut Process, mode: i64, value: Value) -> NativeResult {
    let mode = vm.new_int(mode);
    Ok(vm.new_tuple(vec![mode, value]))
}

fn plan(vm: &mut Process, this: Value, sent: Value, thrown: Option<Value>) -> NativeResult {
    let Some(s) = vm.heap.payload::<Step>(this).cloned() else {
        return Err(vm.type_error("an asynchronous step is required"));
    };
    let name = match s.kind {
        Kind::Send => "__anext__()/asend()",
        Kind::Throw => "aclose()/athrow()",
        Kind::Close => "aclose()/athrow()",
    };
    // The only step of this part that may run Python: the rest is done at once after it.
    let first = match (s.kind, thrown) {
        (Kind::Throw, None) if !s.started && !s.closed => vm.exception_from(s.value)?,
        _ => s.value,
    };
    if s.closed {
        return Err(vm.runtime_error(&format!("cannot reuse already awaited {name}")));
    }
    let (state, running) = vm
        .as_generator(s.generator)
        .map_or((GeneratorState::Finished, false), |g| (g.state, g.ag_running));
    if !s.started {
        if let Some(p) = vm.heap.payload_mut::<Step>(this) {
            p.started = true;
            p.closed = running;
        }
        vm.heap.header_mut(this).flags &= !flags::HAS_FINALIZER;
        if running {
            let what = match s.kind {
                Kind::Send => "anext(): asynchronous generator is already running",
                Kind::Throw => "athrow(): asynchronous generator is already running",
                Kind::Close => "aclose(): asynchronous generator is already running",
            };
            return Err(vm.runtime_error(what));
        }
        let over = state == GeneratorState::Finished || (s.kind == Kind::Close && state == GeneratorState::Created);
        if over && thrown.is_none() {
            if s.kind == Kind::Close {
                if let Some(g) = vm.generator_mut(s.generator) {
                    g.state = GeneratorState::Finished;
                }
                vm.forget_generator_frame(s.generator);
                return planned(vm, DONE, Value::NONE);
            }
            if let Some(p) = vm.heap.payload_mut::<Step>(this) {
                p.closed = true;
            }
            let stop = plain_exception(vm, core::STOP_ASYNC_ITERATION);
            return Err(Unwind::Raise(stop));
        }
        if s.kind != Kind::Send {
            if vm.as_generator(s.generator).is_some_and(|g| g.closed) {
                if let Some(p) = vm.heap.payload_mut::<Step>(this) {
                    p.closed = true;
                }
                let stop = plain_exception(vm, core::STOP_ASYNC_ITERATION);
                return Err(Unwind::Raise(stop));
            }
            if s.kind == Kind::Close {
                set_closed(vm, s.generator);
            }
        }
        set_running(vm, s.generator, true);
        if thrown.is_none() {
            return match s.kind {
                Kind::Send if sent.is_none() => planned(vm, SEND, s.value),
                Kind::Send => planned(vm, SEND, sent),
                Kind::Throw => planned(vm, THROW, first),
                Kind::Close => {
                    let exit = plain_exception(vm, core::GENERATOR_EXIT);
                    planned(vm, THROW, exit)
                }
            };
        }
    }
    match thrown {
        Some(e) => planned(vm, THROW, e),
        None => planned(vm, SEND, sent),
    }
}

/// The awaitable gives its value: StopIteration(value).
fn finished(vm: &mut Process, this: Value, s: &Step, value: Value) -> NativeResult {
    set_running(vm, s.generator, false);
    if let Some(p) = vm.heap.payload_mut::<Step>(this) {
        p.closed = true;
    }
    let stop = vm.new_stop_iteration(value);
    Err(Unwind::Raise(stop))
}

fn step_next(vm: &mut Process, args: Args<'_>) -> NativeResult {
    advance(vm, args.this(), Value::NONE, None)
}

fn step_send(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [value]) = vm.method_args::<1>(args, "send")?;
    advance(vm, this, value, None)
}

fn step_throw(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let value = args.get(1).unwrap_or(Value::NONE);
    let e = vm.exception_from(value)?;
    advance(vm, args.this(), Value::NONE, Some(e))
}

fn step_close(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let idle = vm.once(|vm| {
        // One that nobody has awaited closes the generator too.
        let idle = vm.heap.payload::<Step>(this).is_none_or(|s| s.closed);
        Ok(Value::from_bool(idle))
    })?;
    if idle == Value::TRUE {
        return Ok(Value::NONE);
    }
    let exit = vm.once(|vm| Ok(plain_exception(vm, core::GENERATOR_EXIT)))?;
    match advance(vm, this, Value::NONE, Some(exit)) {
        Ok(_) => Err(vm.runtime_error("coroutine ignored GeneratorExit")),
        Err(Unwind::Raise(e))
            if [core::STOP_ITERATION, core::STOP_ASYNC_ITERATION, core::GENERATOR_EXIT]
                .into_iter()
                .any(|c| vm.is_instance(e, c)) =>
        {
            Ok(Value::NONE)
        }
        Err(other) => Err(other),
    }
}

fn ag_running(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(
        vm.as_generator(args.this()).is_some_and(|g| g.ag_running),
    ))
}

static MEMBERS: &[Native] = &[
    Native::method("__aiter__", same),
    Native::method("__anext__", anext),
    Native::method("asend", asend),
    Native::method("athrow", athrow),
    Native::method("aclose", aclose),
    Native::getter("ag_running", ag_running),
];

const fn def(name: &'static str, members: &'static [&'static [Native]]) -> TypeDef {
    TypeDef {
        name,
        module: "builtins",
        base: None,
        layout: Layout::Closed,
        flags: type_flags::HAS_WEAKREF,
        members,
        doc: "",
        finish: None,
    }
}

/// `async_generator`
pub static ASYNC_GENERATOR: TypeDef = def("async_generator", &[MEMBERS, super::generator::ASYNC_MEMBERS]);

static STEP_MEMBERS: &[Native] = &[
    Native::method("__await__", same),
    Native::method("__iter__", same),
    Native::method("__next__", step_next),
    Native::method("send", step_send),
    Native::method("throw", step_throw),
    Native::method("close", step_close),
];

/// `async_generator_asend`
pub static ASEND: TypeDef = def("async_generator_asend", &[STEP_MEMBERS]);
/// `async_generator_athrow`
pub static ATHROW: TypeDef = def("async_generator_athrow", &[STEP_MEMBERS]);
