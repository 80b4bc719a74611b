//! `_thread._ThreadHandle`: what `Thread.join` waits on.

use heddle_trace::{BlockReason, ThreadId};
use heddle_vm::contract::SystemCall;
use heddle_vm::function::{Args, Native};
use heddle_vm::lock::ThreadHandle;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

fn state(p: &Process, handle: Value) -> ThreadHandle {
    p.heap.payload::<ThreadHandle>(handle).cloned().unwrap_or_default()
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.new_payload(args.this(), ThreadHandle::default()))
}

/// A handle of a thread that was not started through one (main, foreign threads).
pub fn make_thread_handle(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [ident] = p.exactly(args, "_make_thread_handle")?;
    let ident = p.index_i64(ident)? as u64;
    let class = p.native_type(&HANDLE);
    let thread = p.threads.iter().position(|t| t.ident == ident).map(|i| i as u32);
    Ok(p.new_payload(
        class,
        ThreadHandle {
            thread,
            ident,
            done: false,
        },
    ))
}

fn ident(p: &mut Process, args: Args<'_>) -> NativeResult {
    let ident = state(p, args.this()).ident;
    Ok(p.new_int(ident as i64))
}

fn is_done(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(state(p, args.this()).done))
}

fn set_done(p: &mut Process, args: Args<'_>) -> NativeResult {
    let handle = args.this();
    p.once(|p| {
        let Some(state) = p.heap.payload_mut::<ThreadHandle>(handle) else {
            return Ok(Value::NONE);
        };
        if state.thread.is_none() && state.ident == 0 {
            return Err(p.runtime_error("thread not started"));
        }
        state.done = true;
        Ok(Value::NONE)
    })?;
    let object = handle.handle().unwrap_or(0);
    if p.replaying() || p.waiters_of(object) > 0 {
        p.system_call(SystemCall::Wake {
            object,
            count: u32::MAX,
        })?;
    }
    Ok(Value::NONE)
}

/// Waits until a thread has ended; false after the deadline.
pub fn wait_for(p: &mut Process, handle: Value, deadline_ns: Option<u64>) -> NativeResult<bool> {
    let now = state(p, handle);
    if !p.replaying() && now.done {
        return Ok(true);
    }
    let object = handle.handle().unwrap_or(0);
    let reason = BlockReason::Join {
        thread: ThreadId(now.thread.unwrap_or(0)),
    };
    p.wait_on(
        object,
        SystemCall::Wait {
            object,
            reason,
            deadline_ns,
        },
    )?;
    Ok(state(p, handle).done)
}

fn join(p: &mut Process, args: Args<'_>) -> NativeResult {
    let handle = args.this();
    let [timeout] = p.bind(args.rest(), "join", ["timeout"], 0)?;
    let deadline_ns = super::deadline(p, timeout.unwrap_or(Value::NONE))?;
    let now = state(p, handle);
    if now.thread.is_none() && !now.done {
        return Err(p.runtime_error("thread not started"));
    }
    if now.thread == Some(p.current) && !now.done {
        return Err(p.runtime_error("Cannot join current thread"));
    }
    wait_for(p, handle, deadline_ns)?;
    Ok(Value::NONE)
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let ident = state(p, args.this()).ident;
    let address = p.address(args.this());
    Ok(p.new_str(&format!("<_thread._ThreadHandle object: ident={ident} at {address}>")))
}

/// The type.
pub static HANDLE: TypeDef = TypeDef {
    name: "_ThreadHandle",
    module: "_thread",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1003),
    flags: type_flags::HAS_WEAKREF,
    members: &[&[
        Native::static_method("__new__", new),
        Native::getter("ident", ident),
        Native::method("is_done", is_done),
        Native::method("_set_done", set_done),
        Native::method("join", join),
        Native::method("__repr__", repr),
    ]],
    doc: "",
    finish: None,
};
