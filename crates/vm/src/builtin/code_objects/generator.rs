//! `generator`, `coroutine` and the iterator behind `coroutine.__await__`.

use crate::finalize::close_generator;
use crate::function::{Args, Native};
use crate::generator::GeneratorState;
use crate::impl_payload;
use crate::native::{GeneratorInput, NativeResult, Pending, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, core, type_flags};
use crate::value::Value;

/// Resumes a generator; its result is this native's.
fn resume(vm: &mut Process, generator: Value, input: GeneratorInput) -> NativeResult {
    let nothing_sent = !matches!(input, GeneratorInput::Send(v) if !v.is_none());
    let goes_on = match vm.as_generator(generator).map(|g| g.state) {
        Some(GeneratorState::Suspended) => true,
        Some(GeneratorState::Created) => nothing_sent,
        _ => false,
    };
    // Told are steps, not attempts: nobody would say that one of those is over.
    if goes_on && !vm.too_deep() {
        vm.resumed_by_hand(generator, input);
    }
    Err(Unwind::Pending(Box::new(Pending::Generator {
        generator,
        input,
        raise_at_end: true,
        tail: true,
    })))
}

fn iter(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

fn next(vm: &mut Process, args: Args<'_>) -> NativeResult {
    resume(vm, args.this(), GeneratorInput::Send(Value::NONE))
}

fn send(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [value]) = vm.method_args::<1>(args, "send")?;
    resume(vm, this, GeneratorInput::Send(value))
}

fn close(vm: &mut Process, args: Args<'_>) -> NativeResult {
    close_generator(vm, args.this())
}

static CLOSE: Native = Native::function("close", close);

static THROW: Native = Native::function("throw", throw);

fn throw(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, rest) = (args.this(), args.rest());
    if rest.is_empty() || rest.len() > 3 {
        let n = rest.len();
        return Err(vm.type_error(&format!("throw expected at least 1 argument, got {n}")));
    }
    if rest.len() > 1 {
        let text = "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.";
        vm.warn(core::DEPRECATION_WARNING, text)?;
    }
    let e = thrown(vm, rest)?;
    resume(vm, this, GeneratorInput::Throw(e))
}

/// The exception that the arguments of `throw` mean: an instance, or a class with a value; and perhaps a traceback.
pub(crate) fn thrown(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let given = args.pos[0];
    let value = args.get(1).filter(|v| !v.is_none());
    let traceback = args.get(2).filter(|v| !v.is_none());
    if traceback.is_some_and(|t| !vm.is_instance(t, core::TRACEBACK)) {
        return Err(vm.type_error("throw() third argument must be a traceback object"));
    }
    let class = vm.as_type(given).is_some() && vm.is_subtype(given, core::BASE_EXCEPTION);
    if !class && !vm.is_instance(given, core::BASE_EXCEPTION) {
        let name = vm.type_name(given);
        return Err(vm.type_error(&format!(
            "exceptions must be classes or instances deriving from BaseException, not {name}"
        )));
    }
    if !class && value.is_some() {
        return Err(vm.type_error("instance exception may not have a separate value"));
    }
    let made = match value {
        Some(value) if vm.is_instance(value, given) => Ok(value),
        Some(value) => match vm.as_tuple(value).map(<[Value]>::to_vec) {
            Some(parts) => vm.call(given, &parts),
            None => vm.call(given, &[value]),
        },
        None => vm.exception_from(given),
    };
    let e = match made {
        Ok(e) if vm.is_instance(e, core::BASE_EXCEPTION) => e,
        // What a class makes of itself is found out inside the generator.
        Err(Unwind::Raise(x)) => x,
        Err(pending) => return Err(pending),
        Ok(other) => {
            let (class, got) = (vm.repr_text(given)?, vm.type_name(other));
            let text =
                format!("calling {class} should have returned an instance of BaseException, not <class '{got}'>");
            match vm.type_error(&text) {
                Unwind::Raise(x) => x,
                pending => return Err(pending),
            }
        }
    };
    if let Some(traceback) = traceback {
        vm.set_exception_link(e, traceback, |x| &mut x.traceback);
    }
    Ok(e)
}

/// `throw` into a generator that delegates, in its frame: the inner one gets the exception. Receiver, exception -> (done, value).
pub(crate) fn throw_inner(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[inner, e] = args.pos else {
        return Err(vm.system_error("a throw without an exception"));
    };
    let own = vm.as_generator(inner).is_some() && vm.type_of(inner) != core::ASYNC_GENERATOR;
    if vm.is_instance(e, core::GENERATOR_EXIT) {
        if own {
            let close = vm.new_native(&CLOSE, Value::NULL);
            vm.call(close, &[inner])?;
        } else if let Some(method) = vm.getattr_opt(inner, crate::names::CLOSE)? {
            vm.call(method, &[])?;
        }
        return Err(Unwind::Raise(e));
    }
    let result = if own {
        let throw = vm.new_native(&THROW, Value::NULL);
        vm.call(throw, &[inner, e])
    } else {
        match vm.getattr_opt(inner, crate::names::THROW)? {
            Some(method) => vm.call(method, &[e]),
            None => Err(Unwind::Raise(e)),
        }
    };
    match result {
        Ok(v) => Ok(vm.new_tuple(vec![Value::FALSE, v])),
        Err(Unwind::Raise(x)) if vm.is_instance(x, core::STOP_ITERATION) => {
            let value = vm.stop_iteration_value(x);
            Ok(vm.new_tuple(vec![Value::TRUE, value]))
        }
        Err(Unwind::Raise(x)) => {
            vm.chain_thrown(x);
            Err(Unwind::Raise(x))
        }
        Err(other) => Err(other),
    }
}

fn state(vm: &Process, v: Value) -> GeneratorState {
    vm.as_generator(v).map_or(GeneratorState::Finished, |g| g.state)
}

fn running(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(state(vm, args.this()) == GeneratorState::Running))
}

fn suspended(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(state(vm, args.this()) == GeneratorState::Suspended))
}

fn yield_from(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let inner = vm.yield_from_of(args.this());
    Ok(if inner.is_null() { Value::NONE } else { inner })
}

fn code(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.as_generator(args.this()).map_or(Value::NONE, |g| g.frame.code))
}

fn origin(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = vm.as_generator(args.this()).map_or(Value::NULL, |g| g.origin);
    Ok(if v.is_null() { Value::NONE } else { v })
}

/// `gi_frame`: the frame object, None when it is over.
fn frame(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(g) = vm.as_generator(this) else {
        return Ok(Value::NONE);
    };
    match g.state {
        GeneratorState::Finished => Ok(Value::NONE),
        GeneratorState::Running => {
            let at = vm
                .frames
                .iter()
                .position(|f| matches!(f, crate::frame::Frame::Python(f) if f.generator == this));
            Ok(at.map_or(Value::NONE, |at| vm.frame_object_at(at)))
        }
        _ => {
            if !g.frame.object.is_null() {
                return Ok(g.frame.object);
            }
            let frame = g.frame;
            let (globals, builtins) = match vm.heap.object(frame.function) {
                Some(Obj::Function(f)) => (f.globals, f.builtins),
                _ => (Value::NULL, Value::NULL),
            };
            let n = Value::NULL;
            let object = crate::frame::FrameObj {
                code: frame.code,
                globals,
                builtins,
                function: frame.function,
                locals: frame.locals,
                back: n,
                slots: Vec::new(),
                live: None,
                instruction: frame.pc.saturating_sub(1),
                generator: n,
                owner: this,
                extra: n,
                trace: n,
                trace_lines: true,
                trace_opcodes: false,
            };
            let v = vm.heap.alloc_counted(core::FRAME, Obj::Frame(Box::new(object)));
            if let Some(g) = vm.generator_mut(this) {
                g.frame.object = v;
            }
            Ok(v)
        }
    }
}

fn name(vm: &mut Process, args: Args<'_>) -> NativeResult {
    named(vm, args, "__name__", false)
}

fn qualname(vm: &mut Process, args: Args<'_>) -> NativeResult {
    named(vm, args, "__qualname__", true)
}

fn named(vm: &mut Process, args: Args<'_>, attribute: &str, qualified: bool) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => Ok(vm
            .as_generator(this)
            .map_or(Value::NONE, |g| if qualified { g.qualname } else { g.name })),
        Some(v) if !v.is_null() && vm.as_pystr(v).is_some() => {
            vm.heap.incref(v);
            if let Some(g) = vm.generator_mut(this) {
                let old = std::mem::replace(if qualified { &mut g.qualname } else { &mut g.name }, v);
                vm.heap.decref(old);
            }
            Ok(Value::NONE)
        }
        Some(_) => Err(vm.type_error(&format!("{attribute} must be set to a string object"))),
    }
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let kind = vm.type_name(this);
    let name = vm.as_generator(this).map_or(Value::NONE, |g| g.qualname);
    let (name, address) = (vm.text(name), vm.address(this));
    Ok(vm.new_str(&format!("<{kind} object {name} at {address}>")))
}

static GENERATOR_MEMBERS: &[Native] = &[
    Native::method("__iter__", iter),
    Native::method("__next__", next).resuming(),
    Native::method("send", send),
    Native::method("throw", throw),
    Native::method("close", close),
    Native::method("__repr__", repr),
    Native::getter("gi_running", running),
    Native::getter("gi_suspended", suspended),
    Native::getter("gi_yieldfrom", yield_from),
    Native::getter("gi_code", code),
    Native::getter("gi_frame", frame),
    Native::getset("__name__", name),
    Native::getset("__qualname__", qualname),
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

/// `generator`
pub static GENERATOR: TypeDef = def("generator", &[GENERATOR_MEMBERS]);

/// The iterator that `coroutine.__await__` gives.
#[derive(Clone, Debug)]
pub struct CoroutineWrapper {
    coroutine: Value,
}

impl_payload!(CoroutineWrapper, |this, f| f(this.coroutine));

/// The coroutine behind such an iterator.
pub(crate) fn wrapped_coroutine(vm: &Process, v: Value) -> Option<Value> {
    vm.heap.payload::<CoroutineWrapper>(v).map(|w| w.coroutine)
}

fn await_(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.new_payload(core::COROUTINE_WRAPPER, CoroutineWrapper { coroutine: args.this() }))
}

fn inner(vm: &Process, v: Value) -> Value {
    vm.heap
        .payload::<CoroutineWrapper>(v)
        .map_or(Value::NONE, |w| w.coroutine)
}

fn wrapper_next(vm: &mut Process, args: Args<'_>) -> NativeResult {
    resume(vm, inner(vm, args.this()), GeneratorInput::Send(Value::NONE))
}

fn wrapper_send(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [value]) = vm.method_args::<1>(args, "send")?;
    resume(vm, inner(vm, this), GeneratorInput::Send(value))
}

fn with_inner(vm: &Process, args: Args<'_>) -> Vec<Value> {
    let mut all = args.pos.to_vec();
    all[0] = inner(vm, args.this());
    all
}

fn wrapper_throw(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let all = with_inner(vm, args);
    throw(vm, Args::positional(&all))
}

fn wrapper_close(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let all = with_inner(vm, args);
    close(vm, Args::positional(&all))
}

/// What asynchronous generators have in common with generators.
pub static ASYNC_MEMBERS: &[Native] = &[
    Native::method("__repr__", repr),
    Native::getter("ag_suspended", suspended),
    Native::getter("ag_await", yield_from),
    Native::getter("ag_code", code),
    Native::getter("ag_frame", frame),
    Native::getset("__name__", name),
    Native::getset("__qualname__", qualname),
];

static COROUTINE_MEMBERS: &[Native] = &[
    Native::method("__await__", await_),
    Native::method("send", send),
    Native::method("throw", throw),
    Native::method("close", close),
    Native::method("__repr__", repr),
    Native::getter("cr_running", running),
    Native::getter("cr_suspended", suspended),
    Native::getter("cr_await", yield_from),
    Native::getter("cr_code", code),
    Native::getter("cr_frame", frame),
    Native::getter("cr_origin", origin),
    Native::getset("__name__", name),
    Native::getset("__qualname__", qualname),
];

/// `coroutine`
pub static COROUTINE: TypeDef = def("coroutine", &[COROUTINE_MEMBERS]);

static WRAPPER_MEMBERS: &[Native] = &[
    Native::method("__iter__", iter),
    Native::method("__next__", wrapper_next),
    Native::method("send", wrapper_send),
    Native::method("throw", wrapper_throw),
    Native::method("close", wrapper_close),
];

/// `coroutine_wrapper`
pub static COROUTINE_WRAPPER: TypeDef = def("coroutine_wrapper", &[WRAPPER_MEMBERS]);
