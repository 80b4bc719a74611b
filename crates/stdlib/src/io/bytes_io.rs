//! `BytesIO`: a file in memory. Its bytes are a `bytearray` of their own, which `getbuffer` shows.

use super::base::BUFFERED_IO_BASE;
use super::calls::{fill, one_size, room};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::object::Obj;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// State of a `BytesIO`.
#[derive(Clone, Debug)]
struct BytesIo {
    /// The `bytearray`.
    data: Value,
    at: usize,
    closed: bool,
}
heddle_vm::impl_payload!(BytesIo, |this, f| f(this.data));

const CLOSED: &str = "I/O operation on closed file.";

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let data = p.new_bytearray(Vec::new());
    let state = BytesIo {
        data,
        at: 0,
        closed: false,
    };
    let this = p.new_payload(class, state);
    // Closing one that nobody can see any more changes nothing, unless a class in Python does something there.
    if super::calls::is_exactly(p, this, &BYTES_IO) {
        p.heap.header_mut(this).flags &= !heddle_vm::heap::flags::HAS_FINALIZER;
    }
    Ok(this)
}

/// The state of an open one: (bytearray, position).
fn open(p: &mut Process, this: Value) -> NativeResult<(Value, usize)> {
    match p.heap.payload::<BytesIo>(this) {
        Some(state) if state.closed => Err(p.value_error(CLOSED)),
        Some(state) => Ok((state.data, state.at)),
        None => Err(p.wrong_self("BytesIO", "_io.BytesIO", this)),
    }
}

/// The state of an open one that nobody looks into: a view would see its size change.
fn open_alone(p: &mut Process, this: Value) -> NativeResult<(Value, usize)> {
    let (data, at) = open(p, this)?;
    if p.heap.header(data).count > 1 {
        return Err(p.error(
            core::BUFFER_ERROR,
            "Existing exports of data: object cannot be re-sized",
        ));
    }
    Ok((data, at))
}

fn content(p: &Process, data: Value) -> &[u8] {
    match p.heap.object(data) {
        Some(Obj::ByteArray(bytes)) => bytes,
        _ => &[],
    }
}

fn set_at(p: &mut Process, this: Value, at: usize) {
    if let Some(state) = p.heap.payload_mut::<BytesIo>(this) {
        state.at = at;
    }
}

/// Takes up to `n` bytes; negative: all.
fn take(p: &mut Process, this: Value, n: i64) -> NativeResult<Vec<u8>> {
    let (data, at) = open(p, this)?;
    let rest = content(p, data).get(at..).unwrap_or_default();
    let length = usize::try_from(n).map_or(rest.len(), |n| n.min(rest.len()));
    let bytes = rest.get(..length).unwrap_or_default().to_vec();
    set_at(p, this, at + length);
    Ok(bytes)
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [initial] = p.bind(args.rest(), "BytesIO", ["initial_bytes"], 0)?;
    let bytes = match initial.filter(|v| !v.is_none()) {
        Some(v) => p.buffer_bytes(v)?,
        None => Vec::new(),
    };
    let (data, _) = open_alone(p, this)?;
    p.change_bytearray(data, |old| *old = bytes)?;
    set_at(p, this, 0);
    Ok(Value::NONE)
}

fn read(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let (this, n) = one_size(p, args, name)?;
    let bytes = take(p, this, n)?;
    Ok(p.new_bytes(&bytes))
}

fn line_bytes(p: &mut Process, this: Value, limit: i64) -> NativeResult<Vec<u8>> {
    let (data, at) = open(p, this)?;
    let rest = content(p, data).get(at..).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
    let end = usize::try_from(limit).map_or(end, |limit| end.min(limit));
    take(p, this, end as i64)
}

fn readline(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, limit) = one_size(p, args, "readline")?;
    let line = line_bytes(p, this, limit)?;
    Ok(p.new_bytes(&line))
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let line = line_bytes(p, args.this(), -1)?;
    Ok(if line.is_empty() {
        Value::NULL
    } else {
        p.new_bytes(&line)
    })
}

fn readlines(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, hint) = one_size(p, args, "readlines")?;
    let (mut lines, mut length) = (Vec::new(), 0);
    loop {
        let line = line_bytes(p, this, -1)?;
        if line.is_empty() {
            return Ok(p.new_list(lines));
        }
        length += line.len() as i64;
        lines.push(p.new_bytes(&line));
        if hint > 0 && length >= hint {
            return Ok(p.new_list(lines));
        }
    }
}

fn readinto(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [buffer]) = p.method_args(args, "readinto")?;
    open(p, this)?;
    let n = room(p, buffer, "readinto")?;
    let taken = p.once(|p| {
        let bytes = take(p, this, n as i64)?;
        Ok(p.new_bytes(&bytes))
    })?;
    let bytes = p.buffer_bytes(taken)?;
    fill(p, buffer, &bytes)
}

fn write(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [given]) = p.method_args(args, "BytesIO.write")?;
    open_alone(p, this)?;
    let bytes = p.byte_data(given)?;
    let (data, at) = open_alone(p, this)?;
    if bytes.is_empty() {
        return Ok(Value::from_i32(0));
    }
    if (at as u64).saturating_add(bytes.len() as u64) > p.heap.room() {
        return Err(p.error(core::MEMORY_ERROR, ""));
    }
    p.change_bytearray(data, |old| {
        if old.len() < at {
            old.resize(at, 0);
        }
        let over = bytes.len().min(old.len() - at);
        old[at..at + over].copy_from_slice(&bytes[..over]);
        old.extend_from_slice(&bytes[over..]);
    })?;
    set_at(p, this, at + bytes.len());
    Ok(p.new_int(bytes.len() as i64))
}

fn seek(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [offset, whence] = p.bind(args.rest(), "seek", ["", ""], 1)?;
    let (data, at) = open(p, this)?;
    let offset = p.index_i64(offset.unwrap_or(Value::NONE))?;
    let whence = match whence {
        Some(v) => p.index_i64(v)?,
        None => 0,
    };
    let from = match whence {
        0 if offset < 0 => return Err(p.value_error(&format!("negative seek value {offset}"))),
        0 => 0,
        1 => at as i64,
        2 => content(p, data).len() as i64,
        _ => return Err(p.value_error(&format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    };
    let Some(to) = from.checked_add(offset) else {
        return Err(p.overflow_error("new position too large"));
    };
    set_at(p, this, to.max(0) as usize);
    Ok(p.new_int(to.max(0)))
}

fn truncate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (data, at) = open_alone(p, this)?;
    let [size] = p.bind(args.rest(), "truncate", [""], 0)?;
    let size = match size.filter(|v| !v.is_none()) {
        Some(v) => p.index_i64(v)?,
        None => at as i64,
    };
    if size < 0 {
        return Err(p.value_error(&format!("negative size value {size}")));
    }
    p.change_bytearray(data, |bytes| bytes.truncate(size as usize))?;
    Ok(p.new_int(size))
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if p.heap.payload::<BytesIo>(this).is_some_and(|s| s.closed) {
        return Ok(Value::NONE);
    }
    let (data, _) = open_alone(p, this)?;
    p.change_bytearray(data, |bytes| *bytes = Vec::new())?;
    if let Some(state) = p.heap.payload_mut::<BytesIo>(this) {
        state.closed = true;
    }
    Ok(Value::NONE)
}

fn getstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let (data, at) = open(p, this)?;
    let bytes = content(p, data).to_vec();
    let (bytes, at) = (p.new_bytes(&bytes), p.new_int(at as i64));
    let dict = p.object_dict(this, false)?.unwrap_or(Value::NONE);
    Ok(p.new_tuple(vec![bytes, at, dict]))
}

/// The last item of a pickled state: a dict or None.
pub fn check_state_dict(p: &mut Process, dict: Value) -> NativeResult<()> {
    if dict.is_none() || p.as_dict(dict).is_some() {
        return Ok(());
    }
    let name = p.type_name(dict);
    Err(p.type_error(&format!("state dictionary should be a dict, got a '{name}' object")))
}

fn setstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [state]) = p.method_args(args, "__setstate__")?;
    let (data, _) = open_alone(p, this)?;
    let Some(&[bytes, at, dict]) = p.as_tuple(state) else {
        let name = p.type_name(state);
        return Err(p.type_error(&format!("BytesIO.__setstate__ argument should be 3-tuple, got {name}")));
    };
    let bytes = p.buffer_bytes(bytes)?;
    let at = p.index_i64(at)?;
    if at < 0 {
        return Err(p.value_error("position value cannot be negative"));
    }
    check_state_dict(p, dict)?;
    p.change_bytearray(data, |old| *old = bytes)?;
    set_at(p, this, at as usize);
    if !dict.is_none() {
        p.set_object_dict(this, dict);
    }
    Ok(Value::NONE)
}

/// `True` of an open one.
fn yes(p: &mut Process, args: Args<'_>) -> NativeResult {
    open(p, args.this())?;
    Ok(Value::TRUE)
}

static MEMBERS: &[Native] = &[
    heddle_vm::builtin::objects::INSTANCE_DICT_ENTRY,
    Native::static_method("__new__", new),
    Native::method("__init__", init).sig("($self, /, initial_bytes=b'')"),
    Native::method("__iter__", |_, args| Ok(args.this())),
    Native::method("__next__", next),
    Native::method("read", |p, args| read(p, args, "read")).sig("($self, size=-1, /)"),
    Native::method("read1", |p, args| read(p, args, "read1")).sig("($self, size=-1, /)"),
    Native::method("readline", readline).sig("($self, size=-1, /)"),
    Native::method("readlines", readlines).sig("($self, size=None, /)"),
    Native::method("readinto", readinto).sig("($self, buffer, /)"),
    Native::method("write", write).sig("($self, b, /)"),
    Native::method("seek", seek).sig("($self, pos, whence=0, /)"),
    Native::method("tell", |p, args| {
        let at = open(p, args.this())?.1;
        Ok(p.new_int(at as i64))
    })
    .sig("($self, /)"),
    Native::method("truncate", truncate).sig("($self, size=None, /)"),
    Native::method("getvalue", |p, args| {
        let data = open(p, args.this())?.0;
        let bytes = content(p, data).to_vec();
        Ok(p.new_bytes(&bytes))
    })
    .sig("($self, /)"),
    Native::method("getbuffer", |p, args| {
        let data = open(p, args.this())?.0;
        p.new_memoryview(data)
    })
    .sig("($self, /)"),
    Native::method("close", close).sig("($self, /)"),
    Native::method("flush", |p, args| {
        open(p, args.this())?;
        Ok(Value::NONE)
    })
    .sig("($self, /)"),
    Native::method("isatty", |p, args| {
        open(p, args.this())?;
        Ok(Value::FALSE)
    })
    .sig("($self, /)"),
    Native::method("readable", yes).sig("($self, /)"),
    Native::method("writable", yes).sig("($self, /)"),
    Native::method("seekable", yes).sig("($self, /)"),
    Native::method("__getstate__", getstate),
    Native::method("__setstate__", setstate),
    Native::getter("closed", |p, args| {
        let closed = p.heap.payload::<BytesIo>(args.this()).is_none_or(|s| s.closed);
        Ok(Value::from_bool(closed))
    }),
];

/// `_io._BytesIOBuffer`: what `getbuffer` shows in CPython (here a `bytearray`); only there to be named.
pub static BYTES_IO_BUFFER: TypeDef = TypeDef {
    name: "_BytesIOBuffer",
    module: "_io",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: type_flags::IMMUTABLE,
    members: &[],
    doc: "",
    finish: None,
};

/// `_io.BytesIO`
pub static BYTES_IO: TypeDef = TypeDef {
    name: "BytesIO",
    module: "_io",
    base: Some(TypeRef::Def(&BUFFERED_IO_BASE)),
    layout: Layout::Payload(0x1605),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[MEMBERS],
    doc: "Buffered I/O implementation using an in-memory bytes buffer.",
    finish: None,
};
