//! Making and changing text streams: codec, line ends and buffering from the arguments.

use super::calls::{method, says, unsupported};
use super::decoder::Decoder;
use super::newlines::{Ends, newline_argument};
use super::text::{Text, buffer_of, change, peek_state, replace};
use heddle_vm::builtin::text::encode::Codec;
use heddle_vm::function::Args;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::core;
use heddle_vm::value::Value;

/// The encoding of the simulated locale (CPython's UTF-8 mode).
const LOCALE: &str = "utf-8";

/// The codecs that are used without an incremental coder in Python.
fn native_codec(name: &str) -> Option<Codec> {
    Codec::by_name(name).filter(|codec| matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1))
}

/// A `str` argument that may be None or missing.
fn text_argument(p: &mut Process, v: Option<Value>, function: &str, name: &str) -> NativeResult<Option<Value>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) if p.as_str(v).is_some() => Ok(Some(v)),
        Some(v) if let Some(s) = p.as_pystr(v).cloned() => {
            // Lone surrogates: this says so.
            p.encode_text(v, &s, Codec::Utf8, "strict")?;
            Ok(Some(v))
        }
        Some(v) => {
            let given = p.type_name(v);
            Err(p.type_error(&format!(
                "{function} argument '{name}' must be str or None, not {given}"
            )))
        }
        None => Ok(None),
    }
}

/// The codec of an encoding: native, or the entry of the registry, which must be one for text.
fn codec_entry(p: &mut Process, encoding: Value) -> NativeResult<Option<Value>> {
    let name = p.text(encoding);
    if native_codec(&name).is_some() {
        return Ok(None);
    }
    let entry = p.scope(|p| crate::codecs::lookup(p, encoding))?;
    let is_text = p.intern("_is_text_encoding");
    if let Some(v) = p.getattr_opt(entry, is_text)?
        && !p.truth(v)?
    {
        return Err(p.error(
            core::LOOKUP_ERROR,
            &format!("'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs"),
        ));
    }
    Ok(Some(entry))
}

/// Sets codec, encoder and decoder of a state that knows its encoding, error handler and newline.
fn set_codec(p: &mut Process, state: &mut Text, readable: bool) -> NativeResult<()> {
    let entry = codec_entry(p, state.encoding)?;
    let name = p.text(state.encoding);
    state.codec = native_codec(&name);
    (state.encoder, state.decoder) = (Value::NULL, None);
    let universal = matches!(state.newline, None | Some(""));
    let translate = state.newline.is_none();
    state.ends = match state.newline {
        Some("") => Ends::Any,
        Some(end) => Ends::At(end),
        None => Ends::At("\n"),
    };
    if readable {
        let object = match entry {
            Some(entry) => method(p, entry, "incrementaldecoder", &[state.errors])?,
            None => Value::NULL,
        };
        let errors = p.text(state.errors);
        state.decoder = Some(Decoder::new(state.codec, object, errors, universal, translate));
    }
    if state.writable
        && let Some(entry) = entry
    {
        state.encoder = method(p, entry, "incrementalencoder", &[state.errors])?;
    }
    Ok(())
}

/// An encoder in the middle of a file writes no byte order mark.
fn fix_encoder(p: &mut Process, state: &Text) -> NativeResult<()> {
    if !state.seekable || !state.writable {
        return Ok(());
    }
    let at = match method(p, state.buffer, "tell", &[]) {
        Err(Unwind::Raise(e)) if p.exception_matches(e, core::OS_ERROR) => return Ok(()),
        other => other?,
    };
    if at != Value::from_i32(0) && !state.encoder.is_null() {
        method(p, state.encoder, "setstate", &[Value::from_i32(0)])?;
    }
    Ok(())
}

/// The encoding that an argument means.
fn encoding_of(p: &mut Process, given: Option<Value>) -> Value {
    match given {
        Some(v) if p.text(v) != "locale" => v,
        _ => p.intern(LOCALE),
    }
}

/// `TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)`
pub fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    const NAMES: [&str; 6] = [
        "buffer",
        "encoding",
        "errors",
        "newline",
        "line_buffering",
        "write_through",
    ];
    const FUNCTION: &str = "TextIOWrapper()";
    let this = args.this();
    let [buffer, encoding, errors, newline, line_buffering, write_through] =
        p.bind(args.rest(), "TextIOWrapper", NAMES, 1)?;
    // Without `__init__` having come to its end the object is of no use.
    p.once(|p| {
        replace(p, this, Text::blank());
        Ok(Value::NONE)
    })?;
    let encoding = text_argument(p, encoding, FUNCTION, "encoding")?;
    let errors = text_argument(p, errors, FUNCTION, "errors")?;
    let has_nul = |v: Value| p.as_str(v).is_some_and(|s| s.contains('\0'));
    if encoding.is_some_and(has_nul) || errors.is_some_and(has_nul) {
        return Err(p.value_error("embedded null character"));
    }
    let newline = newline_argument(p, newline, FUNCTION)?;
    let mut state = Text::blank();
    state.buffer = buffer.unwrap_or(Value::NONE);
    state.encoding = encoding_of(p, encoding);
    state.errors = errors.unwrap_or_else(|| p.intern("strict"));
    state.newline = newline;
    state.line_buffering = optional_truth(p, line_buffering)?.unwrap_or(false);
    state.write_through = optional_truth(p, write_through)?.unwrap_or(false);
    let readable = says(p, state.buffer, "readable")?;
    state.writable = says(p, state.buffer, "writable")?;
    state.seekable = says(p, state.buffer, "seekable")?;
    state.telling = state.seekable;
    let read1 = p.intern("read1");
    state.has_read1 = p.getattr_opt(state.buffer, read1)?.is_some();
    set_codec(p, &mut state, readable)?;
    fix_encoder(p, &state)?;
    replace(p, this, state);
    Ok(Value::NONE)
}

fn optional_truth(p: &mut Process, v: Option<Value>) -> NativeResult<Option<bool>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) => p.truth(v).map(Some),
        None => Ok(None),
    }
}

/// `reconfigure` takes numbers where the constructor takes whatever is true or false.
fn optional_number(p: &mut Process, v: Option<Value>) -> NativeResult<Option<bool>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) => Ok(Some(p.index_i64(v)? != 0)),
        None => Ok(None),
    }
}

/// `reconfigure(*, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)`
pub fn reconfigure(p: &mut Process, args: Args<'_>) -> NativeResult {
    const NAMES: [&str; 5] = ["*encoding", "*errors", "*newline", "*line_buffering", "*write_through"];
    const FUNCTION: &str = "reconfigure()";
    let this = args.this();
    let [encoding, errors, newline, line_buffering, write_through] = p.bind(args.rest(), "reconfigure", NAMES, 0)?;
    // None and nothing are the same here, except for `newline`.
    let new_newline = match newline {
        Some(v) => Some(newline_argument(p, Some(v), FUNCTION)?),
        None => None,
    };
    let encoding = text_argument(p, encoding, FUNCTION, "encoding")?;
    let errors = text_argument(p, errors, FUNCTION, "errors")?;
    buffer_of(p, this)?;
    let Some(old) = peek_state(p, this).cloned() else {
        return Ok(Value::NONE);
    };
    let codec_changes = encoding.is_some() || errors.is_some() || new_newline.is_some();
    let was_read = p.once(|p| {
        let read = peek_state(p, this).is_some_and(|s| s.snapshot.is_some() || !s.decoded.is_empty());
        Ok(Value::from_bool(read))
    })?;
    if codec_changes && was_read == Value::TRUE && old.decoder.is_some() {
        return Err(unsupported(
            p,
            "It is not possible to set the encoding or newline of stream after the first read",
        ));
    }
    let line_buffering = optional_number(p, line_buffering)?.unwrap_or(old.line_buffering);
    let write_through = optional_number(p, write_through)?.unwrap_or(old.write_through);
    method(p, this, "flush", &[])?;
    let mut state = old;
    state.pending = Vec::new();
    state.telling = state.seekable;
    if codec_changes {
        state.errors = match (errors, encoding) {
            (Some(errors), _) => errors,
            (None, Some(_)) => p.intern("strict"),
            (None, None) => state.errors,
        };
        if encoding.is_some() {
            state.encoding = encoding_of(p, encoding);
        }
        state.newline = new_newline.unwrap_or(state.newline);
        let readable = state.decoder.is_some();
        set_codec(p, &mut state, readable)?;
        fix_encoder(p, &state)?;
    }
    state.line_buffering = line_buffering;
    state.write_through = write_through;
    replace(p, this, state);
    Ok(Value::NONE)
}

/// A text stream for one of the standard descriptors, put together without asking the kernel anything.
pub fn standard(p: &mut Process, buffer: Value, errors: &str, writing: bool) -> Value {
    let class = p.native_type(&super::text::TEXT_IO_WRAPPER);
    let this = p.new_payload(class, Text::blank());
    let (encoding, errors_name) = (p.intern("utf-8"), p.intern(errors));
    let mut state = Text::blank();
    state.buffer = buffer;
    state.encoding = encoding;
    state.errors = errors_name;
    state.codec = Some(Codec::Utf8);
    state.newline = if writing { Some("\n") } else { None };
    (state.line_buffering, state.writable, state.has_read1) = (writing, writing, !writing);
    if !writing {
        state.decoder = Some(Decoder::new(state.codec, Value::NULL, errors.to_owned(), true, true));
    }
    replace(p, this, state);
    change(p, this, |state| state.ends = Ends::At("\n"));
    this
}
