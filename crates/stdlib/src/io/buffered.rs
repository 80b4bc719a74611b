//! `BufferedReader`, `BufferedWriter` and `BufferedRandom`: the state they share, its lock, and the three types.
//!
//! Only one thread at a time may be inside a buffer, because a system call below it lets other threads run. What fits into the buffer, or
//! stands in it, is taken without the lock's cost as long as nobody holds it.

use super::base::BUFFERED_IO_BASE;
use super::{buffered_methods as methods, file, reading, writing};
use heddle_trace::BlockReason;
use heddle_vm::contract::SystemCall;
use heddle_vm::function::{Args, Native};
use heddle_vm::lock::Lock;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, type_flags};
use heddle_vm::value::Value;

/// State of a buffered stream.
#[derive(Clone, Debug)]
pub struct Buffered {
    /// The raw stream; NULL before `__init__` and after `detach`.
    pub raw: Value,
    /// `detach` was called.
    pub detached: bool,
    /// Bytes that the buffer may hold.
    pub size: usize,
    /// What was read from the raw stream.
    pub ahead: Vec<u8>,
    /// How much of `ahead` has been given away.
    pub taken: usize,
    /// What was written and not passed on.
    pub pending: Vec<u8>,
    /// Position of the raw stream, if known.
    pub position: Option<i64>,
    /// Held by the thread that is inside.
    pub lock: Value,
    /// The object dies.
    pub finalizing: bool,
}
heddle_vm::impl_payload!(Buffered, |this, f| {
    f(this.raw);
    f(this.lock);
});

impl Buffered {
    /// What was read and not given away yet.
    pub fn rest(&self) -> &[u8] {
        self.ahead.get(self.taken..).unwrap_or_default()
    }
}

/// The state, if it is one of the three types.
pub fn peek_state(p: &Process, this: Value) -> Option<&Buffered> {
    p.heap.payload::<Buffered>(this)
}

/// The state, to be changed; nothing happens for other objects.
pub fn change(p: &mut Process, this: Value, act: impl FnOnce(&mut Buffered)) {
    if let Some(state) = p.heap.payload_mut::<Buffered>(this) {
        act(state);
    }
}

/// The raw stream; ValueError after `detach` and before `__init__`.
pub fn raw_of(p: &mut Process, this: Value) -> NativeResult {
    let (raw, detached) = match peek_state(p, this) {
        Some(state) => (state.raw, state.detached),
        None => return Err(p.wrong_self("Buffered", "_io._BufferedIOBase", this)),
    };
    if !raw.is_null() {
        return Ok(raw);
    }
    Err(p.value_error(if detached {
        "raw stream has been detached"
    } else {
        "I/O operation on uninitialized object"
    }))
}

/// ValueError when the raw stream is closed.
pub fn check_closed(p: &mut Process, this: Value, message: &str) -> NativeResult {
    let raw = raw_of(p, this)?;
    if is_closed(p, raw)? {
        return Err(p.value_error(message));
    }
    Ok(raw)
}

/// `raw.closed`
pub fn is_closed(p: &mut Process, raw: Value) -> NativeResult<bool> {
    if file::is_exact(p, raw) {
        let closed = p.once(|p| Ok(Value::from_bool(file::state(p, raw)?.fd < 0)))?;
        return Ok(closed == Value::TRUE);
    }
    super::calls::flag(p, raw, "closed")
}

/// May this thread use the buffer now without waiting, and is the raw stream an open native file? For shortcuts.
pub fn is_free(p: &Process, this: Value) -> bool {
    let Some((raw, lock)) = peek_state(p, this).map(|state| (state.raw, state.lock)) else {
        return false;
    };
    let free = p.heap.payload::<Lock>(lock).is_some_and(|lock| !lock.locked);
    free && file::is_exact(p, raw) && p.heap.payload::<file::File>(raw).is_some_and(|f| f.fd >= 0)
}

/// Does something inside the buffer, which no other thread may enter meanwhile.
pub fn locked(p: &mut Process, this: Value, act: impl FnOnce(&mut Process) -> NativeResult) -> NativeResult {
    enter(p, this)?;
    match p.scope(act) {
        Err(Unwind::Pending(pending)) => Err(Unwind::Pending(pending)),
        result => {
            leave(p, this)?;
            result
        }
    }
}

fn enter(p: &mut Process, this: Value) -> NativeResult<()> {
    let lock = peek_state(p, this).map_or(Value::NULL, |state| state.lock);
    let taken = p.once(|p| {
        if p.lock_owner(lock) == Some(p.current) {
            let name = p.dotted_type_name(p.type_of(this));
            return Err(p.runtime_error(&format!("reentrant call inside <{name}>")));
        }
        // At the end of the process the thread inside will never leave.
        Ok(Value::from_bool(p.finalizing || p.take_waitable(p.current, lock)))
    })?;
    if taken == Value::TRUE {
        return Ok(());
    }
    let Some(object) = lock.handle() else { return Ok(()) };
    let call = SystemCall::Wait {
        object,
        reason: BlockReason::Lock {
            object: heddle_trace::ObjectId(object),
        },
        deadline_ns: None,
    };
    p.wait_on(object, call).map(|_| ())
}

fn leave(p: &mut Process, this: Value) -> NativeResult<()> {
    let lock = peek_state(p, this).map_or(Value::NULL, |state| state.lock);
    let Some(object) = lock.handle() else { return Ok(()) };
    let wake = p.once(|p| {
        if p.lock_owner(lock) == Some(p.current)
            && let Some(state) = p.heap.payload_mut::<Lock>(lock)
        {
            *state = Lock::default();
        }
        Ok(Value::from_bool(p.waiters_of(object) > 0))
    })?;
    if wake == Value::TRUE {
        p.system_call(SystemCall::Wake { object, count: 1 })?;
    }
    Ok(())
}

/// An empty buffered stream of a class.
pub fn blank(p: &mut Process, class: Value) -> Value {
    let lock_class = p.native_type(&crate::thread::locks::LOCK);
    let lock = p.new_payload(lock_class, Lock::default());
    let state = Buffered {
        raw: Value::NULL,
        detached: false,
        size: super::DEFAULT_BUFFER_SIZE as usize,
        ahead: Vec::new(),
        taken: 0,
        pending: Vec::new(),
        position: None,
        lock,
        finalizing: false,
    };
    p.new_payload(class, state)
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(blank(p, args.this()))
}

/// Puts a stream around a raw one.
pub fn attach(p: &mut Process, this: Value, raw: Value, size: usize) {
    p.heap.incref(raw);
    let mut old = Value::NULL;
    change(p, this, |state| {
        old = std::mem::replace(&mut state.raw, raw);
        state.detached = false;
        state.size = size;
        (state.ahead, state.taken) = (Vec::new(), 0);
        state.pending = Vec::new();
        state.position = None;
    });
    p.heap.decref(old);
}

fn init(p: &mut Process, args: Args<'_>, name: &str, abilities: &[&str]) -> NativeResult {
    let this = args.this();
    let [raw, size] = p.bind(args.rest(), name, ["raw", "buffer_size"], 1)?;
    let raw = raw.unwrap_or(Value::NONE);
    // Without `__init__` having come to its end the object is of no use.
    p.once(|p| {
        attach(p, this, Value::NULL, 0);
        Ok(Value::NONE)
    })?;
    for ability in abilities {
        super::calls::check_able(p, raw, ability)?;
    }
    let size = match size {
        Some(v) => p.index_i64(v)?,
        None => super::DEFAULT_BUFFER_SIZE,
    };
    if size <= 0 {
        return Err(p.value_error("buffer size must be strictly positive"));
    }
    p.once(|p| {
        attach(p, this, raw, size as usize);
        Ok(Value::NONE)
    })?;
    match p.scope(|p| reading::raw_tell(p, this).map(|_| Value::NONE)) {
        Err(Unwind::Pending(pending)) => Err(Unwind::Pending(pending)),
        _ => Ok(Value::NONE),
    }
}

const READER: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__init__", |p, args| init(p, args, "BufferedReader", &["readable"]))
        .sig("($self, /, raw, buffer_size=DEFAULT_BUFFER_SIZE)"),
    Native::method("flush", |p, args| {
        let raw = raw_of(p, args.this())?;
        super::calls::method(p, raw, "flush", &[])
    })
    .sig("($self, /)"),
];

const WRITER: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__init__", |p, args| init(p, args, "BufferedWriter", &["writable"]))
        .sig("($self, /, raw, buffer_size=DEFAULT_BUFFER_SIZE)"),
];

const RANDOM: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__init__", |p, args| {
        init(p, args, "BufferedRandom", &["seekable", "readable", "writable"])
    })
    .sig("($self, /, raw, buffer_size=DEFAULT_BUFFER_SIZE)"),
];

const fn buffered(
    name: &'static str,
    number: u32,
    members: &'static [&'static [Native]],
    doc: &'static str,
) -> TypeDef {
    TypeDef {
        name,
        module: "_io",
        base: Some(TypeRef::Def(&BUFFERED_IO_BASE)),
        layout: Layout::Payload(number),
        flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
        members,
        doc,
        finish: None,
    }
}

/// `_io.BufferedReader`
pub static BUFFERED_READER: TypeDef = buffered(
    "BufferedReader",
    0x1602,
    &[methods::MEMBERS, READER, reading::MEMBERS],
    "Create a new buffered reader using the given readable raw IO object.",
);

/// `_io.BufferedWriter`
pub static BUFFERED_WRITER: TypeDef = buffered(
    "BufferedWriter",
    0x1603,
    &[methods::MEMBERS, WRITER, writing::MEMBERS],
    "A buffer for a writeable sequential RawIO object.\n\nThe constructor creates a BufferedWriter for the given writeable raw\nstream. If the buffer_size is not given, it defaults to\nDEFAULT_BUFFER_SIZE.",
);

/// `_io.BufferedRandom`
pub static BUFFERED_RANDOM: TypeDef = buffered(
    "BufferedRandom",
    0x1604,
    &[methods::MEMBERS, RANDOM, reading::MEMBERS, writing::MEMBERS],
    "A buffered interface to random access streams.\n\nThe constructor creates a reader and writer for a seekable stream,\nraw, given in the first argument. If the buffer_size is omitted it\ndefaults to DEFAULT_BUFFER_SIZE.",
);
