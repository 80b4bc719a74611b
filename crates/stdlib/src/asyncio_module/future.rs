//! `_asyncio.Future`: the methods, which `Task` has too.

use super::schedule;
use super::state::{self, Class, Future, Kept, State, future, future_mut, kept, or_none, put};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// `_asyncio.Future`
pub static FUTURE: TypeDef = TypeDef {
    name: "Future",
    module: "_asyncio",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1501),
    flags: type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[
        &[
            Native::static_method("__new__", new),
            Native::method("__init__", init).sig("($self, /, *, loop=None)"),
            Native::method("__repr__", repr).sig("($self, /)"),
            Native::method("__del__", delete).sig("($self, /)"),
            Native::method("__iter__", iter).sig("($self, /)"),
            Native::method("__await__", iter).sig("($self, /)"),
            Native::method("result", result).sig("($self, /)"),
            Native::method("exception", exception).sig("($self, /)"),
            Native::method("set_result", set_result).sig("($self, result, /)"),
            Native::method("set_exception", set_exception).sig("($self, exception, /)"),
            Native::method("add_done_callback", add_done_callback).sig("($self, fn, /, *, context=<unrepresentable>)"),
            Native::method("remove_done_callback", remove_done_callback).sig("($self, fn, /)"),
            Native::method("cancel", cancel).sig("($self, /, msg=None)"),
            Native::method("cancelled", cancelled).sig("($self, /)"),
            Native::method("done", done).sig("($self, /)"),
            Native::method("get_loop", get_loop).sig("($self, /)"),
            Native::method("_make_cancelled_error", make_cancelled_error).sig("($self, /)"),
            Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
            heddle_vm::builtin::objects::object::INSTANCE_DICT_ENTRY,
        ],
        super::fields::FUTURE,
    ],
    doc: "This class is *almost* compatible with concurrent.futures.Future.",
    finish: None,
};

/// The instance, if it has the payload; TypeError otherwise.
pub fn this(p: &mut Process, args: Args<'_>, method: &str) -> NativeResult {
    let this = args.this();
    if future(p, this).is_some() {
        return Ok(this);
    }
    let name = p.type_name(this);
    Err(p.type_error(&format!(
        "descriptor '{method}' for '_asyncio.Future' objects doesn't apply to a '{name}' object"
    )))
}

/// The same, and its `__init__` has run; RuntimeError otherwise.
pub fn alive(p: &mut Process, args: Args<'_>, method: &str) -> NativeResult {
    let v = this(p, args, method)?;
    if future(p, v).is_some_and(|f| f.event_loop.is_null()) {
        return Err(not_initialized(p));
    }
    Ok(v)
}

/// RuntimeError
pub fn not_initialized(p: &mut Process) -> Unwind {
    p.runtime_error("Future object is not initialized.")
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let tasks = p.native_type(&super::task::TASK);
    let task = p.is_subtype(class, tasks).then(Box::default);
    let v = p.new_payload(
        class,
        Future {
            task,
            ..Future::default()
        },
    );
    state::mind_finalizer(p, v);
    Ok(v)
}

/// CPython's `future_init`: everything as at first; the loop is asked for what it has to give.
pub fn start(p: &mut Process, this: Value, event_loop: Option<Value>) -> NativeResult {
    p.once(|p| {
        state::clear(p, this);
        Ok(Value::NONE)
    })?;
    let event_loop = match event_loop.filter(|v| !v.is_none()) {
        Some(v) => v,
        None => p.scope(super::functions::event_loop)?,
    };
    p.once(|p| {
        put(p, this, event_loop, |f| &mut f.event_loop);
        Ok(Value::NONE)
    })?;
    let debug = state::call_method(p, event_loop, "get_debug", &[])?;
    if p.truth(debug)? && !p.finalizing {
        let source = schedule::source_traceback(p)?;
        put(p, this, source, |f| &mut f.source_traceback);
    }
    Ok(event_loop)
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "__init__")?;
    let [event_loop] = p.bind(args.rest(), "Future", ["*loop"], 0)?;
    start(p, v, event_loop)?;
    Ok(Value::NONE)
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "__repr__")?;
    let function = kept(p, Kept::FutureRepr)?;
    p.tail_call(function, &[v])
}

/// An exception that nobody took is told to the loop.
pub fn delete(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "__del__")?;
    let untold = p.once(|p| {
        let told = future_mut(p, v).is_some_and(|f| std::mem::take(&mut f.log_traceback));
        state::mind_finalizer(p, v);
        Ok(Value::from_bool(told))
    })?;
    if untold == Value::TRUE {
        let name = p.type_name(v);
        let exception = future(p, v).map_or(Value::NULL, |f| f.exception);
        let entries = [("exception", or_none(exception)), ("future", v)];
        schedule::tell_loop(p, v, &format!("{name} exception was never retrieved"), &entries)?;
    }
    Ok(Value::NONE)
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "__await__")?;
    let class = state::class(p, Class::FutureIter);
    Ok(super::iter::new(p, class, v))
}

fn result(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "result")?;
    p.exactly::<0>(args.rest(), "result")?;
    schedule::raise_result(p, v)
}

fn exception(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "exception")?;
    p.exactly::<0>(args.rest(), "exception")?;
    let (state, exception, started) = future(p, v).map_or((State::Pending, Value::NULL, false), |f| {
        (f.state, f.exception, !f.event_loop.is_null())
    });
    match state {
        _ if !started => Err(state::invalid_state(p, "Future object is not initialized.")),
        State::Cancelled => Err(Unwind::Raise(state::make_cancelled_error(p, v)?)),
        State::Pending => Err(state::invalid_state(p, "Exception is not set.")),
        State::Finished if exception.is_null() => Ok(Value::NONE),
        State::Finished => {
            if let Some(f) = future_mut(p, v) {
                f.log_traceback = false;
            }
            state::mind_finalizer(p, v);
            Ok(exception)
        }
    }
}

fn set_result(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "set_result")?;
    let [result] = p.exactly(args.rest(), "Future.set_result")?;
    schedule::set_result(p, v, result)?;
    Ok(Value::NONE)
}

fn set_exception(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "set_exception")?;
    let [exception] = p.exactly(args.rest(), "Future.set_exception")?;
    schedule::set_exception(p, v, exception)?;
    Ok(Value::NONE)
}

fn add_done_callback(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "add_done_callback")?;
    let [callback, context] = p.bind(args.rest(), "add_done_callback", ["", "*context"], 1)?;
    if future(p, v).is_some_and(|f| f.event_loop.is_null()) {
        return Err(p.runtime_error("uninitialized Future object"));
    }
    let context = match context {
        Some(context) => context,
        None => p.once(|p| Ok(crate::context::copy_current(p)))?,
    };
    schedule::add_done_callback(p, v, callback.unwrap_or(Value::NONE), context)?;
    Ok(Value::NONE)
}

/// Compares one by one, by `==`; what the comparison does to the future meanwhile is seen.
fn remove_done_callback(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "remove_done_callback")?;
    let [function] = p.exactly(args.rest(), "Future.remove_done_callback")?;
    let kept = p.once(|p| {
        let callbacks = future(p, v).map(|f| f.callbacks.to_vec()).unwrap_or_default();
        let flat = callbacks.into_iter().flat_map(|(c, x)| [c, x]).collect();
        Ok(p.new_list(flat))
    })?;
    let pairs: Vec<Value> = p.as_list(kept).cloned().unwrap_or_default();
    let mut gone = Vec::new();
    for pair in pairs.chunks(2) {
        if let &[callback, context] = pair
            && p.eq(callback, function)?
        {
            gone.push((callback, context));
        }
    }
    let mut removed = 0;
    for pair in gone {
        let found = future_mut(p, v).and_then(|f| {
            let at = f.callbacks.iter().position(|&known| known == pair)?;
            f.callbacks.remove(at);
            Some(())
        });
        if found.is_some() {
            removed += 1;
            p.heap.decref(pair.0);
            p.heap.decref(pair.1);
        }
    }
    Ok(p.new_int(removed))
}

fn cancel(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "cancel")?;
    let [message] = p.bind(args.rest(), "cancel", ["msg"], 0)?;
    let cancelled = schedule::cancel(p, v, message.unwrap_or(Value::NONE))?;
    Ok(Value::from_bool(cancelled))
}

fn cancelled(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "cancelled")?;
    p.exactly::<0>(args.rest(), "cancelled")?;
    let is = future(p, v).is_some_and(|f| f.state == State::Cancelled);
    Ok(Value::from_bool(is))
}

fn done(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "done")?;
    p.exactly::<0>(args.rest(), "done")?;
    let is = future(p, v).is_some_and(|f| f.state != State::Pending);
    Ok(Value::from_bool(is))
}

fn get_loop(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = alive(p, args, "get_loop")?;
    p.exactly::<0>(args.rest(), "get_loop")?;
    Ok(future(p, v).map_or(Value::NONE, |f| f.event_loop))
}

fn make_cancelled_error(p: &mut Process, args: Args<'_>) -> NativeResult {
    let v = this(p, args, "_make_cancelled_error")?;
    p.exactly::<0>(args.rest(), "_make_cancelled_error")?;
    state::make_cancelled_error(p, v)
}
