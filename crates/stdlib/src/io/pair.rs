//! `BufferedRWPair`: a reader and a writer as one object.

use super::base::BUFFERED_IO_BASE;
use super::buffered::{BUFFERED_READER, BUFFERED_WRITER};
use super::calls::{both, check_able, method, settled};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, type_flags};
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct Pair {
    reader: Value,
    writer: Value,
}
heddle_vm::impl_payload!(Pair, |this, f| {
    f(this.reader);
    f(this.writer);
});

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let blank = Pair {
        reader: Value::NULL,
        writer: Value::NULL,
    };
    Ok(p.new_payload(class, blank))
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [reader, writer, size] = p.bind(args.rest(), "BufferedRWPair", ["", "", ""], 2)?;
    let (reader, writer) = (reader.unwrap_or(Value::NONE), writer.unwrap_or(Value::NONE));
    let size = match size {
        Some(size) => size,
        None => p.new_int(super::DEFAULT_BUFFER_SIZE),
    };
    check_able(p, reader, "readable")?;
    check_able(p, writer, "writable")?;
    let class = p.native_type(&BUFFERED_READER);
    let reader = p.call(class, &[reader, size])?;
    let class = p.native_type(&BUFFERED_WRITER);
    let writer = p.call(class, &[writer, size])?;
    p.heap.incref(reader);
    p.heap.incref(writer);
    if let Some(slot) = p.heap.payload_mut::<Pair>(this) {
        let old = std::mem::replace(slot, Pair { reader, writer });
        p.heap.decref(old.reader);
        p.heap.decref(old.writer);
    }
    Ok(Value::NONE)
}

fn half(p: &mut Process, this: Value, reading: bool) -> NativeResult {
    let half = match p.heap.payload::<Pair>(this) {
        Some(pair) if reading => pair.reader,
        Some(pair) => pair.writer,
        None => return Err(p.wrong_self("BufferedRWPair", "_io.BufferedRWPair", this)),
    };
    if half.is_null() {
        return Err(p.value_error("I/O operation on uninitialized object"));
    }
    Ok(half)
}

/// Calls the method of that name of one half.
fn pass(p: &mut Process, args: Args<'_>, reading: bool, name: &str) -> NativeResult {
    let half = half(p, args.this(), reading)?;
    method(p, half, name, args.rest().pos)
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    let first = settled(pass(p, args, false, "close"))?;
    let second = settled(pass(p, args, true, "close"))?;
    both(p, first, second)
}

fn isatty(p: &mut Process, args: Args<'_>) -> NativeResult {
    let written = pass(p, args, false, "isatty")?;
    if written != Value::FALSE {
        return Ok(written);
    }
    pass(p, args, true, "isatty")
}

static MEMBERS: &[Native] = &[
    heddle_vm::builtin::objects::INSTANCE_DICT_ENTRY,
    Native::static_method("__new__", new),
    Native::method("__init__", init).sig("($self, reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)"),
    Native::method("read", |p, args| pass(p, args, true, "read")),
    Native::method("peek", |p, args| pass(p, args, true, "peek")),
    Native::method("read1", |p, args| pass(p, args, true, "read1")),
    Native::method("readinto", |p, args| pass(p, args, true, "readinto")),
    Native::method("readinto1", |p, args| pass(p, args, true, "readinto1")),
    Native::method("readable", |p, args| pass(p, args, true, "readable")),
    Native::method("write", |p, args| pass(p, args, false, "write")),
    Native::method("flush", |p, args| pass(p, args, false, "flush")),
    Native::method("writable", |p, args| pass(p, args, false, "writable")),
    Native::method("close", close),
    Native::method("isatty", isatty),
    Native::getter("closed", |p, args| {
        let writer = half(p, args.this(), false)?;
        p.getattr_text(writer, "closed")
    }),
];

/// `_io.BufferedRWPair`
pub static BUFFERED_RW_PAIR: TypeDef = TypeDef {
    name: "BufferedRWPair",
    module: "_io",
    base: Some(TypeRef::Def(&BUFFERED_IO_BASE)),
    layout: Layout::Payload(0x1609),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[MEMBERS],
    doc: "A buffered reader and writer object together.\n\nA buffered reader object and buffered writer object put together to\nform a sequential IO object that can read and write. This is typically\nused with a socket or two-way pipe.",
    finish: None,
};
