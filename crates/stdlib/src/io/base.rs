//! The four base classes: `_IOBase`, `_RawIOBase`, `_BufferedIOBase`, `_TextIOBase`.
//!
//! Their instances are ordinary objects, so classes in Python can inherit from them beside others. Loops that call a method for each byte
//! or line are in Python (`prelude/_io_loops.py`).

use super::calls::{
    check_able, check_open, expect_bytes, fill, flag, method, one_size, own, room, set_own, unsupported,
};
use heddle_vm::builtin::objects::INSTANCE_DICT_ENTRY;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

const CLOSED: &str = "I/O operation on closed file.";
/// Set on objects that `_IOBase.close` has closed.
const CLOSED_MARK: &str = "__IOBase_closed";

const FLAGS: u32 = type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF;

fn is_marked_closed(p: &mut Process, this: Value) -> bool {
    own(p, this, CLOSED_MARK).is_some_and(|v| v == Value::TRUE)
}

/// `_IOBase.close`: flushes, and is closed even if that failed.
pub fn close(p: &mut Process, this: Value) -> NativeResult {
    let was = p.once(|p| Ok(Value::from_bool(is_marked_closed(p, this))))?;
    if was == Value::TRUE {
        return Ok(Value::NONE);
    }
    let flushed = method(p, this, "flush", &[]);
    if let Err(Unwind::Pending(pending)) = flushed {
        return Err(Unwind::Pending(pending));
    }
    set_own(p, this, CLOSED_MARK, Value::TRUE);
    flushed.map(|_| Value::NONE)
}

/// `__del__`: closes; what goes wrong can only be reported.
pub fn finalize(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let closed = match flag(p, this, "closed") {
        Ok(closed) => closed,
        Err(Unwind::Raise(_)) => true,
        Err(pending) => return Err(pending),
    };
    if closed {
        return Ok(Value::NONE);
    }
    let finalizing = p.intern("_finalizing");
    match p.setattr(this, finalizing, Value::TRUE) {
        Err(Unwind::Pending(pending)) => return Err(Unwind::Pending(pending)),
        Err(Unwind::Raise(_)) | Ok(()) => {}
    }
    match method(p, this, "close", &[]) {
        Err(Unwind::Raise(e)) => p.report_unraisable(e, "", this).map(|()| Value::NONE),
        other => other.map(|_| Value::NONE),
    }
}

/// Runs a loop of `prelude/_io_loops.py`.
pub fn in_python_here(p: &mut Process, name: &str, args: &[Value]) -> NativeResult {
    let module = p.import_module("_io_loops")?;
    let function = p.getattr_text(module, name)?;
    p.call(function, args)
}

/// The same as the last thing that a native does.
pub fn in_python(p: &mut Process, name: &str, args: &[Value]) -> NativeResult {
    let module = p.import_module("_io_loops")?;
    let function = p.getattr_text(module, name)?;
    p.tail_call(function, args)
}

fn refuse(p: &mut Process, what: &str) -> NativeResult {
    Err(unsupported(p, what))
}

fn checked(p: &mut Process, args: Args<'_>, ability: &str) -> NativeResult {
    check_able(p, args.this(), ability)?;
    Ok(Value::TRUE)
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let line = method(p, args.this(), "readline", &[])?;
    let length = p.len(line)?;
    Ok(if length == 0 { Value::NULL } else { line })
}

fn readline(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, size) = one_size(p, args, "readline")?;
    let size = p.new_int(size);
    in_python(p, "readline", &[this, size])
}

fn readlines(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, hint) = one_size(p, args, "readlines")?;
    let hint = p.new_int(hint);
    in_python(p, "readlines", &[this, hint])
}

fn writelines(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [lines]) = p.method_args(args, "_IOBase.writelines")?;
    in_python(p, "writelines", &[this, lines])
}

static IO_BASE_MEMBERS: &[Native] = &[
    INSTANCE_DICT_ENTRY,
    Native::method("__del__", finalize),
    Native::method("seek", |p, _| refuse(p, "seek")).sig("($self, offset, whence=os.SEEK_SET, /)"),
    Native::method("tell", |p, args| {
        method(p, args.this(), "seek", &[Value::from_i32(0), Value::from_i32(1)])
    })
    .sig("($self, /)"),
    Native::method("truncate", |p, _| refuse(p, "truncate")).sig("($self, size=None, /)"),
    Native::method("flush", |p, args| {
        let this = args.this();
        // A native file leaves no mark when it is closed.
        let file_closed = p.heap.payload::<super::file::File>(this).is_some_and(|f| f.fd < 0);
        if file_closed || is_marked_closed(p, this) {
            return Err(p.value_error(CLOSED));
        }
        Ok(Value::NONE)
    })
    .sig("($self, /)"),
    Native::method("close", |p, args| close(p, args.this())).sig("($self, /)"),
    Native::method("seekable", |_, _| Ok(Value::FALSE)).sig("($self, /)"),
    Native::method("readable", |_, _| Ok(Value::FALSE)).sig("($self, /)"),
    Native::method("writable", |_, _| Ok(Value::FALSE)).sig("($self, /)"),
    Native::method("_checkClosed", |p, args| {
        check_open(p, args.this(), CLOSED)?;
        Ok(Value::NONE)
    }),
    Native::method("_checkSeekable", |p, args| checked(p, args, "seekable")),
    Native::method("_checkReadable", |p, args| checked(p, args, "readable")),
    Native::method("_checkWritable", |p, args| checked(p, args, "writable")),
    Native::method("fileno", |p, _| refuse(p, "fileno")).sig("($self, /)"),
    Native::method("isatty", |p, args| {
        check_open(p, args.this(), CLOSED)?;
        Ok(Value::FALSE)
    })
    .sig("($self, /)"),
    Native::method("__enter__", |p, args| {
        check_open(p, args.this(), CLOSED)?;
        Ok(args.this())
    }),
    Native::method("__exit__", |p, args| method(p, args.this(), "close", &[])),
    Native::method("__iter__", |p, args| {
        check_open(p, args.this(), CLOSED)?;
        Ok(args.this())
    }),
    Native::method("__next__", next),
    Native::method("readline", readline).sig("($self, size=-1, /)"),
    Native::method("readlines", readlines).sig("($self, hint=-1, /)"),
    Native::method("writelines", writelines).sig("($self, lines, /)"),
    Native::getter("closed", |p, args| {
        Ok(Value::from_bool(is_marked_closed(p, args.this())))
    }),
];

/// `_RawIOBase.read`: by `readinto`, or `readall` for everything.
fn raw_read(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, size) = one_size(p, args, "read")?;
    if size < 0 {
        return method(p, this, "readall", &[]);
    }
    let size = checked_size(p, size)?;
    let buffer = p.once(|p| Ok(p.new_bytearray(vec![0; size])))?;
    let count = method(p, this, "readinto", &[buffer])?;
    if count.is_none() {
        return Ok(Value::NONE);
    }
    let count = p.index_i64(count)?;
    if count < 0 || count as usize > size {
        return Err(p.value_error(&format!("readinto returned {count} outside buffer size {size}")));
    }
    let bytes = p.buffer_bytes(buffer)?;
    Ok(p.new_bytes(bytes.get(..count as usize).unwrap_or_default()))
}

/// A size that memory may have room for; MemoryError otherwise.
pub fn checked_size(p: &mut Process, size: i64) -> NativeResult<usize> {
    if size as u64 > p.heap.room() {
        return Err(p.error(core::MEMORY_ERROR, ""));
    }
    Ok(size as usize)
}

fn raw_readall(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let size = p.new_int(super::DEFAULT_BUFFER_SIZE);
    let mut all = Vec::new();
    let mut any = false;
    loop {
        let chunk = method(p, this, "read", &[size])?;
        if chunk.is_none() && !any {
            return Ok(Value::NONE);
        }
        if chunk.is_none() {
            break;
        }
        let chunk = expect_bytes(p, chunk, "read")?;
        if chunk.is_empty() {
            break;
        }
        any = true;
        all.extend(chunk);
    }
    Ok(p.new_bytes(&all))
}

fn not_implemented(p: &mut Process) -> NativeResult {
    let none = p.new_exception(core::NOT_IMPLEMENTED_ERROR, Vec::new());
    Err(Unwind::Raise(none))
}

static RAW_MEMBERS: &[Native] = &[
    Native::method("read", raw_read).sig("($self, size=-1, /)"),
    Native::method("readall", raw_readall).sig("($self, /)"),
    Native::method("readinto", |p, _| not_implemented(p)),
    Native::method("write", |p, _| not_implemented(p)),
];

/// `_BufferedIOBase.readinto` and `readinto1`: by `read` or `read1`.
fn readinto(p: &mut Process, args: Args<'_>, reads: &str) -> NativeResult {
    let (this, [buffer]) = p.method_args(args, "readinto")?;
    let length = p.once(|p| {
        let length = room(p, buffer, "readinto")?;
        Ok(p.new_int(length as i64))
    })?;
    let data = method(p, this, reads, &[length])?;
    let bytes = expect_bytes(p, data, reads)?;
    let length = p.index_i64(length)?;
    if bytes.len() as i64 > length {
        return Err(p.value_error(&format!(
            "{reads}() returned too much data: {length} bytes requested, {} returned",
            bytes.len()
        )));
    }
    fill(p, buffer, &bytes)
}

static BUFFERED_MEMBERS: &[Native] = &[
    Native::method("detach", |p, _| refuse(p, "detach")).sig("($self, /)"),
    Native::method("read", |p, _| refuse(p, "read")).sig("($self, size=-1, /)"),
    Native::method("read1", |p, _| refuse(p, "read1")).sig("($self, size=-1, /)"),
    Native::method("readinto", |p, args| readinto(p, args, "read")).sig("($self, buffer, /)"),
    Native::method("readinto1", |p, args| readinto(p, args, "read1")).sig("($self, buffer, /)"),
    Native::method("write", |p, _| refuse(p, "write")).sig("($self, b, /)"),
];

static TEXT_MEMBERS: &[Native] = &[
    Native::method("detach", |p, _| refuse(p, "detach")).sig("($self, /)"),
    Native::method("read", |p, _| refuse(p, "read")).sig("($self, size=-1, /)"),
    Native::method("readline", |p, _| refuse(p, "readline")).sig("($self, size=-1, /)"),
    Native::method("write", |p, _| refuse(p, "write")).sig("($self, s, /)"),
    Native::getter("encoding", |_, _| Ok(Value::NONE)),
    Native::getter("newlines", |_, _| Ok(Value::NONE)),
    Native::getter("errors", |_, _| Ok(Value::NONE)),
];

/// `_io._IOBase`
pub static IO_BASE: TypeDef = TypeDef {
    name: "_IOBase",
    module: "_io",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Object,
    flags: FLAGS,
    members: &[IO_BASE_MEMBERS],
    doc: "The abstract base class for all I/O classes.\n\nThis class provides dummy implementations for many methods that\nderived classes can override selectively; the default implementations\nrepresent a file that cannot be read, written or seeked.",
    finish: None,
};

const fn derived(name: &'static str, members: &'static [&'static [Native]], doc: &'static str) -> TypeDef {
    TypeDef {
        name,
        module: "_io",
        base: Some(TypeRef::Def(&IO_BASE)),
        layout: Layout::Object,
        flags: FLAGS,
        members,
        doc,
        finish: None,
    }
}

/// `_io._RawIOBase`
pub static RAW_IO_BASE: TypeDef = derived("_RawIOBase", &[RAW_MEMBERS], "Base class for raw binary I/O.");

/// `_io._BufferedIOBase`
pub static BUFFERED_IO_BASE: TypeDef = derived(
    "_BufferedIOBase",
    &[BUFFERED_MEMBERS],
    "Base class for buffered IO objects.",
);

/// `_io._TextIOBase`
pub static TEXT_IO_BASE: TypeDef = derived(
    "_TextIOBase",
    &[TEXT_MEMBERS],
    "Base class for text I/O.\n\nThis class provides a character and line based interface to stream\nI/O. There is no readinto method because Python's character strings\nare immutable.",
);
