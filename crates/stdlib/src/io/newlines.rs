//! Line ends: the universal newline decoder, as a state and as the type `IncrementalNewlineDecoder`, and the search for ends.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::{Wtf8, Wtf8Buf};

const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

/// State of a newline decoder.
#[derive(Clone, Copy, Debug, Default)]
pub struct Newlines {
    /// All kinds become `\n`.
    pub translate: bool,
    /// The text so far ended in `\r`, which is held back: `\n` may follow.
    pub held: bool,
    /// Kinds seen so far.
    pub seen: u8,
}

impl Newlines {
    /// The text with what was held back before it, without what is held back now.
    pub fn feed(&mut self, text: Wtf8Buf, last: bool) -> Wtf8Buf {
        let mut text = text;
        if self.held && (last || !text.is_empty()) {
            let mut longer = Wtf8Buf::from("\r");
            longer.push_wtf8(&text);
            text = longer;
            self.held = false;
        }
        let bytes = text.as_bytes();
        if memchr::memchr(b'\r', bytes).is_none() {
            if memchr::memchr(b'\n', bytes).is_some() {
                self.seen |= SEEN_LF;
            }
            return text;
        }
        let mut end = bytes.len();
        if !last && bytes.ends_with(b"\r") {
            self.held = true;
            end -= 1;
        }
        self.walk(bytes.get(..end).unwrap_or_default())
    }

    /// Notes the kinds of line ends in a text, and translates them if that is wanted.
    fn walk(&mut self, bytes: &[u8]) -> Wtf8Buf {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
            let (kind, length) = match rest.get(at..at + 2) {
                _ if rest.get(at) == Some(&b'\n') => (SEEN_LF, 1),
                Some(b"\r\n") => (SEEN_CRLF, 2),
                _ => (SEEN_CR, 1),
            };
            self.seen |= kind;
            let (line, after) = rest.split_at((at + length).min(rest.len()));
            if self.translate {
                out.extend_from_slice(line.get(..at).unwrap_or_default());
                out.push(b'\n');
            } else {
                out.extend_from_slice(line);
            }
            rest = after;
        }
        out.extend_from_slice(rest);
        Wtf8Buf::from_bytes(out).unwrap_or_default()
    }

    /// `newlines`: None, one kind or a tuple of kinds.
    pub fn seen(&self, p: &mut Process) -> Value {
        let kinds: Vec<Value> = [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")]
            .into_iter()
            .filter(|(bit, _)| self.seen & bit != 0)
            .map(|(_, text)| p.intern(text))
            .collect();
        match kinds.as_slice() {
            [] => Value::NONE,
            &[one] => one,
            _ => p.new_tuple(kinds),
        }
    }

    /// Back to the start.
    pub fn reset(&mut self) {
        (self.held, self.seen) = (false, 0);
    }
}

/// Where lines end for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// At this text alone.
    At(&'static str),
    /// At `\n`, `\r` or `\r\n`.
    Any,
}

impl Ends {
    /// The end of the first line, behind its line end.
    pub fn find(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Ends::At(end) => memchr::memmem::find(bytes, end.as_bytes()).map(|at| at + end.len()),
            Ends::Any => {
                let at = memchr::memchr2(b'\r', b'\n', bytes)?;
                let long = bytes.get(at..at + 2) == Some(b"\r\n");
                Some(at + 1 + usize::from(long))
            }
        }
    }
}

/// A `newline` argument: None, or one of the texts that are allowed. `function` as in messages; empty for `StringIO`, which has its own.
pub fn newline_argument(p: &mut Process, v: Option<Value>, function: &str) -> NativeResult<Option<&'static str>> {
    let Some(v) = v.filter(|v| !v.is_none()) else {
        return Ok(None);
    };
    if p.as_pystr(v).is_none() {
        let name = p.type_name(v);
        let what = if function.is_empty() {
            "newline".to_owned()
        } else {
            format!("{function} argument 'newline'")
        };
        return Err(p.type_error(&format!("{what} must be str or None, not {name}")));
    }
    let text = p.text(v);
    match ["", "\n", "\r", "\r\n"].into_iter().find(|known| *known == text) {
        Some(known) => Ok(Some(known)),
        None if function.is_empty() => {
            let shown = p.repr_text(v)?;
            Err(p.value_error(&format!("illegal newline value: {shown}")))
        }
        None => Err(p.value_error(&format!("illegal newline value: {text}"))),
    }
}

/// Replaces `\n` by another line end.
pub fn with_ends(text: &Wtf8, end: &str) -> Wtf8Buf {
    let mut out = Vec::with_capacity(text.len() + 16);
    for (i, line) in text.as_bytes().split(|b| *b == b'\n').enumerate() {
        if i > 0 {
            out.extend_from_slice(end.as_bytes());
        }
        out.extend_from_slice(line);
    }
    Wtf8Buf::from_bytes(out).unwrap_or_default()
}

/// The object: a decoder around another one (or None, for text).
#[derive(Clone, Debug)]
struct NewlineDecoder {
    decoder: Value,
    state: Newlines,
}
heddle_vm::impl_payload!(NewlineDecoder, |this, f| f(this.decoder));

fn state(p: &mut Process, this: Value) -> NativeResult<NewlineDecoder> {
    match p.heap.payload::<NewlineDecoder>(this).cloned() {
        Some(state) if state.decoder.is_null() => Err(p.value_error("IncrementalNewlineDecoder.__init__() not called")),
        Some(state) => Ok(state),
        None => Err(p.wrong_self("decode", "_io.IncrementalNewlineDecoder", this)),
    }
}

fn change(p: &mut Process, this: Value, state: Newlines) {
    if let Some(slot) = p.heap.payload_mut::<NewlineDecoder>(this) {
        slot.state = state;
    }
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let blank = NewlineDecoder {
        decoder: Value::NULL,
        state: Newlines::default(),
    };
    Ok(p.new_payload(args.this(), blank))
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let names = ["decoder", "translate", "errors"];
    let [decoder, translate, _] = p.bind(args.rest(), "IncrementalNewlineDecoder", names, 2)?;
    let translate = p.truth(translate.unwrap_or(Value::NONE))?;
    let decoder = decoder.unwrap_or(Value::NONE);
    p.heap.incref(decoder);
    let mut old = Value::NULL;
    if let Some(slot) = p.heap.payload_mut::<NewlineDecoder>(args.this()) {
        old = std::mem::replace(&mut slot.decoder, decoder);
        slot.state = Newlines {
            translate,
            ..Newlines::default()
        };
    }
    p.heap.decref(old);
    Ok(Value::NONE)
}

fn decode(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [input, last] = p.bind(args.rest(), "decode", ["input", "final"], 1)?;
    let (this, input) = (args.this(), input.unwrap_or(Value::NONE));
    let last = match last {
        Some(v) => p.truth(v)?,
        None => false,
    };
    let decoder = state(p, this)?.decoder;
    let text = if decoder.is_none() {
        input
    } else {
        super::calls::method(p, decoder, "decode", &[input, Value::from_bool(last)])?
    };
    let Some(s) = p.as_pystr(text).cloned() else {
        let name = p.type_name(text);
        return Err(p.type_error(&format!("decoder should return a string result, not '{name}'")));
    };
    let mut newlines = state(p, this)?.state;
    let out = newlines.feed(s.wtf8().to_wtf8_buf(), last);
    change(p, this, newlines);
    Ok(p.new_wtf8(out))
}

fn getstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let known = state(p, this)?;
    let (buffer, flags) = if known.decoder.is_none() {
        (p.new_bytes(b""), 0)
    } else {
        let pair = super::calls::method(p, known.decoder, "getstate", &[])?;
        match p.as_tuple(pair) {
            Some(&[buffer, flags]) => (buffer, p.index_i64(flags)?),
            _ => return Err(p.type_error("illegal decoder state")),
        }
    };
    let flags = p.new_int(flags << 1 | i64::from(known.state.held));
    Ok(p.new_tuple(vec![buffer, flags]))
}

fn setstate(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [pair]) = p.method_args(args, "setstate")?;
    let Some(&[buffer, flags]) = p.as_tuple(pair) else {
        return Err(p.type_error("state argument must be a tuple"));
    };
    let flags = p.index_i64(flags)?;
    let mut known = state(p, this)?;
    if !known.decoder.is_none() {
        let inner = p.new_int(flags >> 1);
        let pair = p.new_tuple(vec![buffer, inner]);
        super::calls::method(p, known.decoder, "setstate", &[pair])?;
    }
    known.state.held = flags & 1 != 0;
    change(p, this, known.state);
    Ok(Value::NONE)
}

fn reset(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let mut known = state(p, this)?;
    if !known.decoder.is_none() {
        super::calls::method(p, known.decoder, "reset", &[])?;
    }
    known.state.reset();
    change(p, this, known.state);
    Ok(Value::NONE)
}

static MEMBERS: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__init__", init).sig("($self, /, decoder, translate, errors='strict')"),
    Native::method("decode", decode).sig("($self, /, input, final=False)"),
    Native::method("getstate", getstate).sig("($self, /)"),
    Native::method("setstate", setstate).sig("($self, state, /)"),
    Native::method("reset", reset).sig("($self, /)"),
    Native::getter("newlines", |p, args| {
        let newlines = state(p, args.this())?.state;
        Ok(newlines.seen(p))
    }),
];

/// `_io.IncrementalNewlineDecoder`
pub static INCREMENTAL_NEWLINE_DECODER: TypeDef = TypeDef {
    name: "IncrementalNewlineDecoder",
    module: "_io",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1608),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE,
    members: &[MEMBERS],
    doc: "Codec used when reading a file in universal newlines mode.\n\nIt wraps another incremental decoder, translating \\r\\n and \\r into \\n.\nIt also records the types of newlines encountered.  When used with\ntranslate=False, it ensures that the newline sequence is returned in\none piece. When used with decoder=None, it expects unicode strings as\ndecode input and translates newlines without first invoking an external\ndecoder.",
    finish: None,
};
