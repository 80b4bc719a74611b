//! `_asyncio.FutureIter`: what `await future` drives.

use super::future::not_initialized;
use super::state::{State, future_mut};
use super::{schedule, state};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::payload::{Payload, Sent};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;

/// NULL when it is closed.
#[derive(Clone, Debug)]
struct FutureIter(Value);

impl Payload for FutureIter {
    fn clone_payload(&self) -> Box<dyn Payload> {
        Box::new(self.clone())
    }
    fn children(&self, f: &mut dyn FnMut(Value)) {
        f(self.0);
    }
    fn sending(&self) -> Option<fn(&mut Process, Value) -> NativeResult<Sent>> {
        Some(step)
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// `_asyncio.FutureIter`
pub static FUTURE_ITER: TypeDef = TypeDef {
    name: "FutureIter",
    module: "_asyncio",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1502),
    flags: 0,
    members: &[&[
        Native::static_method("__new__", |p, _| {
            Err(p.type_error("cannot create '_asyncio.FutureIter' instances"))
        }),
        Native::method("__iter__", |_, a| Ok(a.this())),
        Native::method("__next__", next),
        Native::method("send", send),
        Native::method("throw", throw),
        Native::method("close", close),
    ]],
    doc: "",
    finish: None,
};

/// An iterator over a future.
pub fn new(p: &mut Process, class: Value, future: Value) -> Value {
    p.new_payload(class, FutureIter(future))
}

/// One step: the future itself while it is pending, then its result. No Python code runs.
fn step(p: &mut Process, this: Value) -> NativeResult<Sent> {
    let of = p.heap.payload::<FutureIter>(this).map_or(Value::NULL, |i| i.0);
    let Some(f) = future_mut(p, of) else {
        return Ok(Sent::Done(Value::NONE));
    };
    if f.state == State::Pending {
        if f.event_loop.is_null() {
            return Err(not_initialized(p));
        }
        if f.blocking {
            return Err(p.runtime_error("await wasn't used with future"));
        }
        f.blocking = true;
        return Ok(Sent::Yielded(of));
    }
    schedule::raise_result(p, of).map(Sent::Done)
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if p.heap.payload::<FutureIter>(this).is_none() {
        let name = p.type_name(this);
        return Err(p.type_error(&format!(
            "descriptor '__next__' requires a '_asyncio.FutureIter' object but received a '{name}'"
        )));
    }
    match step(p, this)? {
        Sent::Yielded(v) => Ok(v),
        Sent::Done(v) => Err(Unwind::Raise(p.new_stop_iteration(v))),
    }
}

fn send(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.method_args::<1>(args, "FutureIter.send")?;
    next(p, args)
}

fn throw(p: &mut Process, args: Args<'_>) -> NativeResult {
    let rest = args.rest();
    if rest.is_empty() || rest.len() > 3 {
        let (bound, s) = if rest.is_empty() {
            ("at least 1", "")
        } else {
            ("at most 3", "s")
        };
        let n = rest.len();
        return Err(p.type_error(&format!("throw expected {bound} argument{s}, got {n}")));
    }
    if rest.len() > 1 {
        let text = "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.";
        p.warn(core::DEPRECATION_WARNING, text)?;
    }
    let given = rest.pos[0];
    let value = rest.get(1).filter(|v| !v.is_none());
    let traceback = rest.get(2).filter(|v| !v.is_none());
    if traceback.is_some_and(|t| !p.is_instance(t, core::TRACEBACK)) {
        return Err(p.type_error("throw() third argument must be a traceback"));
    }
    let class = p.as_type(given).is_some() && p.is_subtype(given, core::BASE_EXCEPTION);
    if !class && !p.is_instance(given, core::BASE_EXCEPTION) {
        let text = "exceptions must be classes deriving BaseException or instances of such a class";
        return Err(p.type_error(text));
    }
    if !class && value.is_some() {
        return Err(p.type_error("instance exception may not have a separate value"));
    }
    let exception = match value {
        _ if !class => given,
        Some(value) if p.is_instance(value, given) => value,
        Some(value) => match p.as_tuple(value).map(<[Value]>::to_vec) {
            Some(parts) => p.call(given, &parts)?,
            None => p.call(given, &[value])?,
        },
        None => p.call(given, &[])?,
    };
    if let Some(traceback) = traceback {
        p.set_exception_link(exception, traceback, |e| &mut e.traceback);
    }
    forget(p, args.this());
    Err(Unwind::Raise(exception))
}

fn forget(p: &mut Process, this: Value) {
    let of = p
        .heap
        .payload_mut::<FutureIter>(this)
        .map_or(Value::NULL, |i| std::mem::take(&mut i.0));
    state::release(p, of);
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, []) = p.method_args::<0>(args, "FutureIter.close")?;
    forget(p, this);
    Ok(Value::NONE)
}
