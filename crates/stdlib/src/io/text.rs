//! `TextIOWrapper`: the state, its attributes, and the type.

use super::base::TEXT_IO_BASE;
use super::calls::{flag, method, no_pickle};
use super::decoder::Decoder;
use super::newlines::Ends;
use super::{text_make, text_read, text_seek, text_write};
use heddle_vm::builtin::text::encode::Codec;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// Where decoded text began: the decoder's flags there, and the bytes decoded since.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub flags: u64,
    pub input: Vec<u8>,
    /// The input was the last there is.
    pub last: bool,
}

/// State of a text stream.
#[derive(Clone, Debug)]
pub struct Text {
    /// The binary stream; NULL before `__init__` and after `detach`.
    pub buffer: Value,
    /// `detach` was called.
    pub detached: bool,
    /// `encoding` and `errors`, two strings.
    pub encoding: Value,
    pub errors: Value,
    /// The native codec, or `None`.
    pub codec: Option<Codec>,
    /// The incremental encoder in Python, where there is no native codec; NULL otherwise.
    pub encoder: Value,
    /// The stream may be written.
    pub writable: bool,
    /// The decoder, if the stream may be read.
    pub decoder: Option<Decoder>,
    /// Where lines end.
    pub ends: Ends,
    /// The argument `newline`.
    pub newline: Option<&'static str>,
    pub line_buffering: bool,
    pub write_through: bool,
    pub seekable: bool,
    /// `tell` works (not inside of a loop over lines).
    pub telling: bool,
    /// The buffer has `read1`.
    pub has_read1: bool,
    /// Text that was decoded; `used` of its bytes have been given away.
    pub decoded: Wtf8Buf,
    pub used: usize,
    /// Encoded text that has not gone to the buffer.
    pub pending: Vec<u8>,
    pub snapshot: Option<Snapshot>,
    /// Bytes per character, of the last chunk.
    pub ratio: f64,
    /// `_CHUNK_SIZE`
    pub chunk: usize,
    pub finalizing: bool,
}
heddle_vm::impl_payload!(Text, |this, f| {
    f(this.buffer);
    f(this.encoding);
    f(this.errors);
    f(this.encoder);
    f(this.decoder.as_ref().map_or(Value::NULL, |d| d.object));
});

impl Text {
    /// A stream without a buffer.
    pub fn blank() -> Text {
        Text {
            buffer: Value::NULL,
            detached: false,
            encoding: Value::NULL,
            errors: Value::NULL,
            codec: None,
            encoder: Value::NULL,
            writable: false,
            decoder: None,
            ends: Ends::At("\n"),
            newline: None,
            line_buffering: false,
            write_through: false,
            seekable: false,
            telling: false,
            has_read1: false,
            decoded: Wtf8Buf::new(),
            used: 0,
            pending: Vec::new(),
            snapshot: None,
            ratio: 0.0,
            chunk: 8192,
            finalizing: false,
        }
    }

    /// Decoded text that has not been given away.
    pub fn rest(&self) -> &[u8] {
        self.decoded.as_bytes().get(self.used..).unwrap_or_default()
    }

    /// Forgets decoded text.
    pub fn forget_decoded(&mut self) {
        (self.decoded, self.used) = (Wtf8Buf::new(), 0);
    }
}

/// The state, if it is a text stream.
pub fn peek_state(p: &Process, this: Value) -> Option<&Text> {
    p.heap.payload::<Text>(this)
}

/// The state, to be changed; nothing happens for other objects.
pub fn change(p: &mut Process, this: Value, act: impl FnOnce(&mut Text)) {
    if let Some(state) = p.heap.payload_mut::<Text>(this) {
        act(state);
    }
}

/// Replaces the whole state, with the counts of the values in it.
pub fn replace(p: &mut Process, this: Value, state: Text) {
    use heddle_vm::payload::Payload;
    let mut held = Vec::new();
    state.children(&mut |v| held.push(v));
    for v in held.drain(..) {
        p.heap.incref(v);
    }
    if let Some(slot) = p.heap.payload_mut::<Text>(this) {
        let old = std::mem::replace(slot, state);
        old.children(&mut |v| held.push(v));
    }
    for v in held {
        p.heap.decref(v);
    }
}

/// The buffer; ValueError after `detach` and before `__init__`.
pub fn buffer_of(p: &mut Process, this: Value) -> NativeResult {
    let (buffer, detached) = match peek_state(p, this) {
        Some(state) => (state.buffer, state.detached),
        None => return Err(p.wrong_self("TextIOWrapper", "_io.TextIOWrapper", this)),
    };
    if !buffer.is_null() {
        return Ok(buffer);
    }
    Err(p.value_error(if detached {
        "underlying buffer has been detached"
    } else {
        "I/O operation on uninitialized object"
    }))
}

/// The buffer of an open stream; ValueError when closed.
pub fn check_closed(p: &mut Process, this: Value) -> NativeResult {
    let buffer = buffer_of(p, this)?;
    if flag(p, buffer, "closed")? {
        return Err(p.value_error("I/O operation on closed file."));
    }
    Ok(buffer)
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    Ok(p.new_payload(class, Text::blank()))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if !peek_state(p, this).is_some_and(|s| s.detached) {
        buffer_of(p, this)?;
    }
    let class = p.dotted_type_name(p.type_of(this));
    let mut shown = format!("<{class}");
    for attribute in ["name", "mode"] {
        let name = p.intern(attribute);
        let value = match p.getattr_opt(this, name) {
            Err(Unwind::Raise(e)) if p.exception_matches(e, heddle_vm::types::core::VALUE_ERROR) => None,
            other => other?,
        };
        if let Some(value) = value {
            shown.push_str(&format!(" {attribute}={}", p.repr_text(value)?));
        }
    }
    let encoding = peek_state(p, this).map_or(Value::NONE, |s| s.encoding);
    shown.push_str(&format!(" encoding={}>", p.repr_text(encoding)?));
    Ok(p.new_str(&shown))
}

fn pass_on(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let buffer = buffer_of(p, args.this())?;
    method(p, buffer, name, &[])
}

fn attribute(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let buffer = buffer_of(p, args.this())?;
    p.getattr_text(buffer, name)
}

fn part(p: &mut Process, args: Args<'_>, get: fn(&Text) -> Value) -> NativeResult {
    let this = args.this();
    // After `detach` there is still something to tell.
    if !peek_state(p, this).is_some_and(|s| s.detached) {
        buffer_of(p, this)?;
    }
    Ok(peek_state(p, this)
        .map(get)
        .filter(|v| !v.is_null())
        .unwrap_or(Value::NONE))
}

fn get_set_finalizing(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        Some(v) => {
            change(p, this, |state| state.finalizing = v == Value::TRUE);
            Ok(Value::NONE)
        }
        None => Ok(Value::from_bool(peek_state(p, this).is_some_and(|s| s.finalizing))),
    }
}

fn get_set_chunk(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    buffer_of(p, this)?;
    match args.get(1) {
        Some(v) if !v.is_null() => {
            let n = p.index_i64(v)?;
            if n <= 0 {
                return Err(p.value_error("a strictly positive integer is required"));
            }
            change(p, this, |state| state.chunk = n as usize);
            Ok(Value::NONE)
        }
        Some(_) => Err(p.error(heddle_vm::types::core::ATTRIBUTE_ERROR, "cannot delete attribute")),
        None => {
            let n = peek_state(p, this).map_or(0, |s| s.chunk);
            Ok(p.new_int(n as i64))
        }
    }
}

fn newlines(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let seen = peek_state(p, this).and_then(|s| s.decoder.as_ref().map(|d| d.newlines));
    Ok(seen.map_or(Value::NONE, |n| n.seen(p)))
}

static MEMBERS: &[Native] = &[
    heddle_vm::builtin::objects::INSTANCE_DICT_ENTRY,
    Native::static_method("__new__", new),
    Native::method("__init__", text_make::init)
        .sig("($self, /, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)"),
    Native::method("__repr__", repr),
    Native::method("__reduce__", no_pickle),
    Native::method("__reduce_ex__", no_pickle),
    Native::method("reconfigure", text_make::reconfigure)
        .sig("($self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)"),
    Native::method("seekable", |p, args| pass_on(p, args, "seekable")).sig("($self, /)"),
    Native::method("readable", |p, args| pass_on(p, args, "readable")).sig("($self, /)"),
    Native::method("writable", |p, args| pass_on(p, args, "writable")).sig("($self, /)"),
    Native::method("fileno", |p, args| pass_on(p, args, "fileno")).sig("($self, /)"),
    Native::method("isatty", |p, args| pass_on(p, args, "isatty")).sig("($self, /)"),
    Native::getter("buffer", |p, args| part(p, args, |s| s.buffer)),
    Native::getter("encoding", |p, args| part(p, args, |s| s.encoding)),
    Native::getter("errors", |p, args| part(p, args, |s| s.errors)),
    Native::getter("line_buffering", |p, args| {
        part(p, args, |s| Value::from_bool(s.line_buffering))
    }),
    Native::getter("write_through", |p, args| {
        part(p, args, |s| Value::from_bool(s.write_through))
    }),
    Native::getter("newlines", newlines),
    Native::getter("closed", |p, args| attribute(p, args, "closed")),
    Native::getter("name", |p, args| attribute(p, args, "name")),
    Native::getset("_CHUNK_SIZE", get_set_chunk),
    Native::getset("_finalizing", get_set_finalizing),
];

/// `_io.TextIOWrapper`
pub static TEXT_IO_WRAPPER: TypeDef = TypeDef {
    name: "TextIOWrapper",
    module: "_io",
    base: Some(TypeRef::Def(&TEXT_IO_BASE)),
    layout: Layout::Payload(0x1607),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[MEMBERS, text_read::MEMBERS, text_write::MEMBERS, text_seek::MEMBERS],
    doc: "Character and line based layer over a BufferedIOBase object, buffer.",
    finish: None,
};
