//! `StringIO`: a text file in memory, as code points, so that positions are indices.

use super::base::TEXT_IO_BASE;
use super::calls::one_size;
use super::newlines::{Newlines, newline_argument, with_ends};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// State of a `StringIO`.
#[derive(Clone, Debug)]
struct StringIo {
    text: Vec<CodePoint>,
    at: usize,
    closed: bool,
    /// The argument `newline`.
    newline: Option<&'static str>,
    newlines: Newlines,
}
heddle_vm::impl_payload!(StringIo);

const CLOSED: &str = "I/O operation on closed file";

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let state = StringIo {
        text: Vec::new(),
        at: 0,
        closed: false,
        newline: Some("\n"),
        newlines: Newlines::default(),
    };
    let this = p.new_payload(class, state);
    // Closing one that nobody can see any more changes nothing, unless a class in Python does something there.
    if super::calls::is_exactly(p, this, &STRING_IO) {
        p.heap.header_mut(this).flags &= !heddle_vm::heap::flags::HAS_FINALIZER;
    }
    Ok(this)
}

fn open(p: &mut Process, this: Value) -> NativeResult<&mut StringIo> {
    match p.heap.payload::<StringIo>(this).map(|s| s.closed) {
        Some(false) => {}
        Some(true) => return Err(p.value_error(CLOSED)),
        None => return Err(p.wrong_self("StringIO", "_io.StringIO", this)),
    }
    match p.heap.payload_mut::<StringIo>(this) {
        Some(state) => Ok(state),
        None => Err(heddle_vm::native::Unwind::Raise(Value::NONE)),
    }
}

fn text_value(p: &mut Process, codes: &[CodePoint]) -> Value {
    let text: Wtf8Buf = codes.iter().copied().collect();
    p.new_wtf8(text)
}

/// Puts text at the position, with the line ends that `newline` asks for.
fn put(p: &mut Process, this: Value, text: Value) -> NativeResult<()> {
    let Some(s) = p.as_pystr(text).cloned() else {
        return Ok(());
    };
    let size = s.bytes().len() as i64 * 4;
    if size as u64 > p.heap.room() {
        return Err(p.error(core::MEMORY_ERROR, ""));
    }
    let state = open(p, this)?;
    let codes: Vec<CodePoint> = match state.newline {
        None | Some("") => {
            let text = state.newlines.feed(s.wtf8().to_wtf8_buf(), true);
            text.code_points().collect()
        }
        Some(end @ ("\r" | "\r\n")) => with_ends(s.wtf8(), end).code_points().collect(),
        Some(_) => s.wtf8().code_points().collect(),
    };
    if codes.is_empty() {
        return Ok(());
    }
    let at = state.at;
    let before = state.text.len();
    if before < at {
        state.text.resize(at, CodePoint::from_char('\0'));
    }
    let over = codes.len().min(state.text.len() - at);
    state.text[at..at + over].copy_from_slice(&codes[..over]);
    state.text.extend_from_slice(&codes[over..]);
    state.at = at + codes.len();
    let grown = state.text.len() - before;
    p.heap.adjust_size(grown as i64 * 4);
    Ok(())
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [initial, newline] = p.bind(args.rest(), "StringIO", ["initial_value", "newline"], 0)?;
    let newline = match newline {
        Some(v) => newline_argument(p, Some(v), "")?,
        None => Some("\n"),
    };
    let initial = initial.filter(|v| !v.is_none());
    if let Some(v) = initial
        && p.as_pystr(v).is_none()
    {
        let name = p.type_name(v);
        return Err(p.type_error(&format!("initial_value must be str or None, not {name}")));
    }
    if let Some(state) = p.heap.payload_mut::<StringIo>(this) {
        state.text.clear();
        (state.at, state.closed, state.newline) = (0, false, newline);
        state.newlines = Newlines {
            translate: newline.is_none(),
            ..Newlines::default()
        };
    }
    if let Some(v) = initial {
        put(p, this, v)?;
        open(p, this)?.at = 0;
    }
    Ok(Value::NONE)
}

fn read(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, n) = one_size(p, args, "read")?;
    let state = open(p, this)?;
    let rest = state.text.get(state.at..).unwrap_or_default();
    let length = usize::try_from(n).map_or(rest.len(), |n| n.min(rest.len()));
    let codes = rest.get(..length).unwrap_or_default().to_vec();
    state.at += length;
    Ok(text_value(p, &codes))
}

/// Length of the first line.
fn line_length(rest: &[CodePoint], newline: Option<&'static str>) -> usize {
    let is = |i: usize, c: char| rest.get(i).is_some_and(|code| *code == CodePoint::from_char(c));
    for i in 0..rest.len() {
        let end = match newline {
            Some("") if is(i, '\r') => Some(1 + usize::from(is(i + 1, '\n'))),
            Some("" | "\n") | None if is(i, '\n') => Some(1),
            Some("\r") if is(i, '\r') => Some(1),
            Some("\r\n") if is(i, '\r') && is(i + 1, '\n') => Some(2),
            _ => None,
        };
        if let Some(length) = end {
            return i + length;
        }
    }
    rest.len()
}

fn line(p: &mut Process, this: Value, limit: i64) -> NativeResult {
    let state = open(p, this)?;
    let rest = state.text.get(state.at..).unwrap_or_default();
    let length = line_length(rest, state.newline);
    let length = usize::try_from(limit).map_or(length, |limit| length.min(limit));
    let codes = rest.get(..length).unwrap_or_default().to_vec();
    state.at += length;
    Ok(text_value(p, &codes))
}

fn readline(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, limit) = one_size(p, args, "readline")?;
    line(p, this, limit)
}

fn next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    open(p, this)?;
    let found = if super::calls::is_exactly(p, this, &STRING_IO) {
        line(p, this, -1)?
    } else {
        let found = super::calls::method(p, this, "readline", &[])?;
        if p.as_pystr(found).is_none() {
            let name = p.type_name(found);
            let message = format!("readline() should have returned a str object, not '{name}'");
            return Err(p.error(core::OS_ERROR, &message));
        }
        found
    };
    let empty = p.as_pystr(found).is_none_or(|s| s.is_empty());
    Ok(if empty { Value::NULL } else { found })
}

fn write(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [text]) = p.method_args(args, "StringIO.write")?;
    let Some(length) = p.as_pystr(text).map(|s| s.len()) else {
        let name = p.type_name(text);
        return Err(p.type_error(&format!("string argument expected, got '{name}'")));
    };
    put(p, this, text)?;
    Ok(p.new_int(length as i64))
}

fn seek(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [offset, whence] = p.bind(args.rest(), "seek", ["", ""], 1)?;
    open(p, this)?;
    let offset = p.index_i64(offset.unwrap_or(Value::NONE))?;
    let whence = match whence {
        Some(v) => p.index_i64(v)?,
        None => 0,
    };
    if !(0..=2).contains(&whence) {
        return Err(p.value_error(&format!("Invalid whence ({whence}, should be 0, 1 or 2)")));
    }
    if whence == 0 && offset < 0 {
        return Err(p.value_error(&format!("Negative seek position {offset}")));
    }
    if whence != 0 && offset != 0 {
        return Err(p.error(core::OS_ERROR, "Can't do nonzero cur-relative seeks"));
    }
    let state = open(p, this)?;
    state.at = match whence {
        0 => offset as usize,
        1 => state.at,
        _ => state.text.len(),
    };
    let at = state.at;
    Ok(p.new_int(at as i64))
}

fn truncate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [size] = p.bind(args.rest(), "truncate", [""], 0)?;
    let at = open(p, this)?.at;
    let size = match size.filter(|v| !v.is_none()) {
        Some(v) => p.index_i64(v)?,
        None => at as i64,
    };
    if size < 0 {
        return Err(p.value_error(&format!("Negative size value {size}")));
    }
    open(p, this)?.text.truncate(size as usize);
    Ok(p.new_int(size))
}

fn getvalue(p: &mut Process, args: Args<'_>) -> NativeResult {
    let codes = open(p, args.this())?.text.clone();
    Ok(text_value(p, &codes))
}

fn close(p: &mut Process, args: Args<'_>) -> NativeResult {
    if let Some(state) = p.heap.payload_mut::<StringIo>(args.this()) {
        state.closed = true;
        let length = std::mem::take(&mut state.text).len();
        p.heap.adjust_size(-(length as i64) * 4);
    }
    Ok(Value::NONE)
}

fn getstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let text = getvalue(p, args)?;
    let state = open(p, this)?;
    let (newline, at) = (state.newline, state.at);
    let newline = newline.map_or(Value::NONE, |n| p.intern(n));
    let at = p.new_int(at as i64);
    let dict = p.object_dict(this, false)?.unwrap_or(Value::NONE);
    Ok(p.new_tuple(vec![text, newline, at, dict]))
}

fn setstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [state]) = p.method_args(args, "__setstate__")?;
    open(p, this)?;
    let Some(&[text, newline, at, dict]) = p.as_tuple(state) else {
        let name = p.type_name(state);
        return Err(p.type_error(&format!("StringIO.__setstate__ argument should be 4-tuple, got {name}")));
    };
    if p.as_pystr(text).is_none() {
        let name = p.type_name(text);
        return Err(p.type_error(&format!("initial_value must be str or None, not {name}")));
    }
    super::bytes_io::check_state_dict(p, dict)?;
    let newline_only = Args {
        pos: &[this, Value::NONE, newline],
        kw: &[],
    };
    init(p, newline_only)?;
    let at = p.index_i64(at)?;
    if at < 0 {
        return Err(p.value_error("position value cannot be negative"));
    }
    let codes = match p.as_pystr(text) {
        Some(s) => s.wtf8().code_points().collect(),
        None => Vec::new(),
    };
    let state = open(p, this)?;
    (state.text, state.at) = (codes, at as usize);
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
    Native::method("__init__", init).sig("($self, /, initial_value='', newline='\\n')"),
    Native::method("__next__", next),
    Native::method("read", read).sig("($self, size=-1, /)"),
    Native::method("readline", readline).sig("($self, size=-1, /)"),
    Native::method("write", write).sig("($self, s, /)"),
    Native::method("seek", seek).sig("($self, pos, whence=0, /)"),
    Native::method("tell", |p, args| {
        let at = open(p, args.this())?.at;
        Ok(p.new_int(at as i64))
    })
    .sig("($self, /)"),
    Native::method("truncate", truncate).sig("($self, pos=None, /)"),
    Native::method("getvalue", getvalue).sig("($self, /)"),
    Native::method("close", close).sig("($self, /)"),
    Native::method("readable", yes).sig("($self, /)"),
    Native::method("writable", yes).sig("($self, /)"),
    Native::method("seekable", yes).sig("($self, /)"),
    Native::method("__getstate__", getstate),
    Native::method("__setstate__", setstate),
    Native::getter("closed", |p, args| {
        let closed = p.heap.payload::<StringIo>(args.this()).is_none_or(|s| s.closed);
        Ok(Value::from_bool(closed))
    }),
    Native::getter("line_buffering", |p, args| {
        open(p, args.this())?;
        Ok(Value::FALSE)
    }),
    Native::getter("newlines", |p, args| {
        let newlines = open(p, args.this())?.newlines;
        Ok(newlines.seen(p))
    }),
];

/// `_io.StringIO`
pub static STRING_IO: TypeDef = TypeDef {
    name: "StringIO",
    module: "_io",
    base: Some(TypeRef::Def(&TEXT_IO_BASE)),
    layout: Layout::Payload(0x1606),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[MEMBERS],
    doc: "Text I/O implementation using an in-memory buffer.\n\nThe initial_value argument sets the value of object.  The newline\nargument is like the one of TextIOWrapper's constructor.",
    finish: None,
};
