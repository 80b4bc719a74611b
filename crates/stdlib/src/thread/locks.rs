//! `_thread.lock` and `_thread.RLock`.
//!
//! Whether a lock is held stands in the image; who waits for it is the computer's. A free lock is taken without leaving the image (and
//! so without dropping the GIL); a held one is a `Wait`. A release wakes one waiter, which then has to take the lock itself: another
//! thread may come first, as with CPython's semaphores.

use heddle_vm::contract::{ImageEventKind, Resume, SystemCall};
use heddle_vm::function::{Args, Native};
use heddle_vm::lock::{Lock, RLock};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// The locks that guard imports would fill the timeline with what nobody asked for.
fn made_by_importlib(p: &Process) -> bool {
    p.visible_file()
        .is_none_or(|name| name.starts_with("<frozen importlib"))
}

/// `allocate_lock()`
pub fn allocate_lock(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args, "allocate_lock")?;
    let class = p.native_type(&LOCK);
    let quiet = made_by_importlib(p);
    Ok(p.new_payload(
        class,
        Lock {
            quiet,
            ..Lock::default()
        },
    ))
}

fn lock_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    p.exactly::<0>(args.rest(), "lock")?;
    Ok(p.new_payload(args.this(), Lock::default()))
}

fn rlock_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let quiet = made_by_importlib(p);
    Ok(p.new_payload(
        args.this(),
        RLock {
            quiet,
            ..RLock::default()
        },
    ))
}

/// Blocking and timeout of an `acquire`, checked as CPython does. None: do not wait.
fn waiting(p: &mut Process, args: Args<'_>) -> NativeResult<Option<Option<u64>>> {
    let [blocking, timeout] = p.bind(args.rest(), "acquire", ["blocking", "timeout"], 0)?;
    let blocking = match blocking {
        Some(v) => p.truth(v)?,
        None => true,
    };
    let seconds = match timeout {
        Some(v) => crate::time::duration_of(p, v)?,
        None => -1.0,
    };
    if !blocking && seconds != -1.0 {
        return Err(p.value_error("can't specify a timeout for a non-blocking call"));
    }
    if seconds < 0.0 && seconds != -1.0 {
        return Err(p.value_error("timeout value must be a non-negative number"));
    }
    if !blocking {
        return Ok(None);
    }
    match timeout {
        Some(v) => Ok(Some(super::deadline(p, v)?)),
        None => Ok(Some(None)),
    }
}

/// Takes the lock, waiting if need be. `deadline`: None = do not wait.
fn take(p: &mut Process, lock: Value, deadline: Option<Option<u64>>) -> NativeResult<bool> {
    if p.heap.payload::<Lock>(lock).is_none() && p.heap.payload::<RLock>(lock).is_none() {
        let name = p.type_name(lock);
        return Err(p.type_error(&format!(
            "descriptor 'acquire' requires a '_thread.lock' object but received a '{name}'"
        )));
    }
    let object = lock.handle().unwrap_or(0);
    if !p.replaying() {
        if p.take_waitable(p.current, lock) {
            p.catch_up(p.freed_ns(lock));
            if !p.is_quiet(lock) {
                p.tell(ImageEventKind::Acquired { object });
            }
            return Ok(true);
        }
        if deadline.is_none_or(|d| d.is_some_and(|d| d <= p.clock_ns())) {
            return Ok(false);
        }
    }
    let Some(deadline_ns) = deadline else { return Ok(false) };
    let reason = p.wait_reason(lock);
    let answer = p.wait_on(
        object,
        SystemCall::Wait {
            object,
            reason,
            deadline_ns,
        },
    )?;
    Ok(answer == Resume::Woken)
}

fn acquire(p: &mut Process, args: Args<'_>) -> NativeResult {
    let deadline = waiting(p, args)?;
    Ok(Value::from_bool(take(p, args.this(), deadline)?))
}

fn enter(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(take(p, args.this(), Some(None))?))
}

/// Wakes one waiter, if there are any. The last thing a native does with a lock.
fn wake(p: &mut Process, lock: Value) -> NativeResult<()> {
    let object = lock.handle().unwrap_or(0);
    if p.replaying() || p.waiters_of(object) > 0 {
        p.system_call(SystemCall::Wake { object, count: 1 })?;
    }
    Ok(())
}

fn tell_release(p: &mut Process, lock: Value) {
    if !p.is_quiet(lock) {
        p.tell(ImageEventKind::Released {
            object: lock.handle().unwrap_or(0),
        });
    }
}

fn release_lock(p: &mut Process, lock: Value) -> NativeResult {
    p.once(|p| {
        let now_ns = p.clock_ns();
        match p.heap.payload_mut::<Lock>(lock) {
            Some(state) if state.locked => state.free(now_ns),
            _ => return Err(p.runtime_error("release unlocked lock")),
        }
        tell_release(p, lock);
        Ok(Value::NONE)
    })?;
    wake(p, lock)?;
    Ok(Value::NONE)
}

fn release(p: &mut Process, args: Args<'_>) -> NativeResult {
    release_lock(p, args.this())
}

fn locked(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(
        p.heap.payload::<Lock>(args.this()).is_some_and(|l| l.locked),
    ))
}

fn lock_at_fork(p: &mut Process, args: Args<'_>) -> NativeResult {
    let now_ns = p.clock_ns();
    if let Some(lock) = p.heap.payload_mut::<Lock>(args.this()) {
        lock.free(now_ns);
    }
    Ok(Value::NONE)
}

fn lock_repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let lock = args.this();
    let held = p.heap.payload::<Lock>(lock).is_some_and(|l| l.locked);
    let (name, address) = (p.dotted_type_name(p.type_of(lock)), p.address(lock));
    Ok(p.new_str(&format!(
        "<{} {name} object at {address}>",
        if held { "locked" } else { "unlocked" }
    )))
}

fn rlock_state(p: &Process, lock: Value) -> RLock {
    p.heap.payload::<RLock>(lock).cloned().unwrap_or_default()
}

fn owned(p: &Process, lock: Value) -> bool {
    rlock_state(p, lock).owner == Some(p.current)
}

fn rlock_release(p: &mut Process, args: Args<'_>) -> NativeResult {
    let lock = args.this();
    let free = p.once(|p| {
        if !owned(p, lock) {
            return Err(p.runtime_error("cannot release un-acquired lock"));
        }
        let state = rlock_state(p, lock);
        let left = state.count.saturating_sub(1);
        set_rlock(
            p,
            lock,
            RLock {
                owner: state.owner.filter(|_| left > 0),
                count: left,
                freed_ns: p.clock_ns(),
                ..state
            },
        );
        if left == 0 {
            tell_release(p, lock);
        }
        Ok(Value::from_bool(left == 0))
    })?;
    if free == Value::TRUE {
        wake(p, lock)?;
    }
    Ok(Value::NONE)
}

fn set_rlock(p: &mut Process, lock: Value, state: RLock) {
    if let Some(slot) = p.heap.payload_mut::<RLock>(lock) {
        *slot = state;
    }
}

fn is_owned(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(owned(p, args.this())))
}

fn recursion_count(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = if owned(p, args.this()) {
        rlock_state(p, args.this()).count
    } else {
        0
    };
    Ok(p.new_int(i64::from(n)))
}

fn rlock_locked(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(Value::from_bool(rlock_state(p, args.this()).owner.is_some()))
}

/// Lets go of all levels; gives what `_acquire_restore` wants back.
fn release_save(p: &mut Process, args: Args<'_>) -> NativeResult {
    let lock = args.this();
    let saved = p.once(|p| {
        let state = rlock_state(p, lock);
        if state.owner.is_none() {
            return Err(p.runtime_error("cannot release un-acquired lock"));
        }
        let now_ns = p.clock_ns();
        if let Some(slot) = p.heap.payload_mut::<RLock>(lock) {
            slot.free(now_ns);
        }
        tell_release(p, lock);
        let owner = state
            .owner
            .and_then(|t| p.threads.get(t as usize))
            .map_or(0, |t| t.ident);
        let parts = vec![p.new_int(i64::from(state.count)), p.new_int(owner as i64)];
        Ok(p.new_tuple(parts))
    })?;
    wake(p, lock)?;
    Ok(saved)
}

fn acquire_restore(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (lock, [saved]) = p.method_args(args, "_acquire_restore")?;
    take(p, lock, Some(None))?;
    let count = p
        .as_tuple(saved)
        .and_then(|t| t.first().copied())
        .and_then(|v| p.as_i64(v))
        .unwrap_or(1);
    let state = rlock_state(p, lock);
    set_rlock(
        p,
        lock,
        RLock {
            count: count.max(1) as u32,
            ..state
        },
    );
    Ok(Value::NONE)
}

fn rlock_at_fork(p: &mut Process, args: Args<'_>) -> NativeResult {
    let now_ns = p.clock_ns();
    if let Some(slot) = p.heap.payload_mut::<RLock>(args.this()) {
        slot.free(now_ns);
    }
    Ok(Value::NONE)
}

fn rlock_repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let lock = args.this();
    let state = rlock_state(p, lock);
    let owner = state
        .owner
        .and_then(|t| p.threads.get(t as usize))
        .map_or(0, |t| t.ident);
    let held = if state.owner.is_some() { "locked" } else { "unlocked" };
    let (name, address) = (p.dotted_type_name(p.type_of(lock)), p.address(lock));
    Ok(p.new_str(&format!(
        "<{held} {name} object owner={owner} count={} at {address}>",
        state.count
    )))
}

/// `_thread.lock`
pub static LOCK: TypeDef = TypeDef {
    name: "lock",
    module: "_thread",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1001),
    flags: type_flags::HAS_WEAKREF,
    members: &[&[
        Native::static_method("__new__", lock_new),
        Native::method("acquire", acquire).sig("($self, /, blocking=True, timeout=-1)"),
        Native::method("acquire_lock", acquire).sig("($self, /, blocking=True, timeout=-1)"),
        Native::method("release", release).sig("($self, /)"),
        Native::method("release_lock", release).sig("($self, /)"),
        Native::method("locked", locked).sig("($self, /)"),
        Native::method("locked_lock", locked).sig("($self, /)"),
        Native::method("__enter__", enter).sig("($self, /)"),
        Native::method("__exit__", release).sig("($self, /, *exc_info)"),
        Native::method("_at_fork_reinit", lock_at_fork).sig("($self, /)"),
        Native::method("__repr__", lock_repr),
    ]],
    doc: "A lock object is a synchronization primitive.",
    finish: None,
};

/// `_thread.RLock`
pub static RLOCK: TypeDef = TypeDef {
    name: "RLock",
    module: "_thread",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1002),
    flags: type_flags::HAS_WEAKREF | type_flags::BASETYPE,
    members: &[&[
        Native::static_method("__new__", rlock_new),
        Native::method("acquire", acquire).sig("($self, /, blocking=True, timeout=-1)"),
        Native::method("release", rlock_release).sig("($self, /)"),
        Native::method("locked", rlock_locked).sig("($self, /)"),
        Native::method("__enter__", enter).sig("($self, /)"),
        Native::method("__exit__", rlock_release).sig("($self, /, *exc_info)"),
        Native::method("_is_owned", is_owned).sig("($self, /)"),
        Native::method("_recursion_count", recursion_count).sig("($self, /)"),
        Native::method("_release_save", release_save).sig("($self, /)"),
        Native::method("_acquire_restore", acquire_restore).sig("($self, state, /)"),
        Native::method("_at_fork_reinit", rlock_at_fork).sig("($self, /)"),
        Native::method("__repr__", rlock_repr),
    ]],
    doc: "",
    finish: None,
};
