//! The encoder: plain values to text in one pass, containers on a stack of our own. Whatever is not plain (another type, a circle, a
//! number out of range) is left to `json.encoder._make_iterencode`, which also knows the errors.

use heddle_vm::builtin::containers::dict::pairs;
use heddle_vm::builtin::numbers::float_text::format_float_repr;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;
use rustpython_wtf8::{Wtf8, Wtf8Buf};

/// More digits are a ValueError of `int.__repr__`.
const MAX_DIGITS: usize = 4300;

/// `_json.Encoder`: its nine arguments, and whether strings become ASCII (None: by a function in Python).
#[derive(Clone, Debug)]
struct Encoder {
    args: Vec<Value>,
    ascii: Option<bool>,
}
heddle_vm::impl_payload!(Encoder, |this, f| this.args.iter().copied().for_each(f));

static ENCODER: TypeDef = TypeDef {
    name: "Encoder",
    module: "_json",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1382),
    flags: 0,
    members: &[&[Native::method("__call__", call)]],
    doc: "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    finish: None,
};

/// `make_encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)`
pub fn make_encoder(p: &mut Process, args: Args<'_>) -> NativeResult {
    let names = [
        "markers",
        "default",
        "encoder",
        "indent",
        "key_separator",
        "item_separator",
        "sort_keys",
        "skipkeys",
        "allow_nan",
    ];
    let values = p
        .bind(args, "make_encoder", names, 9)?
        .map(|v| v.unwrap_or(Value::NONE));
    let [markers, _, encoder, _, key_separator, item_separator, ..] = values;
    if !markers.is_none() && p.as_dict(markers).is_none() {
        let name = p.type_name(markers);
        return Err(p.type_error(&format!("make_encoder() argument 1 must be dict or None, not {name}")));
    }
    for (v, number) in [(key_separator, 5), (item_separator, 6)] {
        if p.as_pystr(v).is_none() {
            let name = p.type_name(v);
            return Err(p.type_error(&format!("make_encoder() argument {number} must be str, not {name}")));
        }
    }
    let ascii = p.as_native(encoder).and_then(|(def, _)| match def {
        def if std::ptr::eq(def, &raw const super::ENCODE_ASCII) => Some(true),
        def if std::ptr::eq(def, &raw const super::ENCODE) => Some(false),
        _ => None,
    });
    let class = p.native_type(&ENCODER);
    let args = values.to_vec();
    Ok(p.new_payload(class, Encoder { args, ascii }))
}

fn call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(Encoder { args: given, ascii }) = p.heap.payload::<Encoder>(args.this()).cloned() else {
        return Err(p.type_error("an _json.Encoder object is required"));
    };
    let [object, level] = p.bind(args.rest(), "_iterencode", ["obj", "_current_indent_level"], 2)?;
    let (object, level) = (object.unwrap_or(Value::NONE), level.unwrap_or(Value::NONE));
    let &[
        markers,
        default,
        encoder,
        indent,
        key_separator,
        item_separator,
        sort,
        skip,
        allow_nan,
    ] = given.as_slice()
    else {
        return Ok(Value::NONE);
    };
    if let Some(ascii) = ascii
        && !p.replaying()
    {
        let indent = if indent.is_none() {
            None
        } else {
            p.as_pystr(indent).cloned()
        };
        let separator = |p: &Process, v: Value| p.as_pystr(v).map_or_else(Wtf8Buf::new, |s| s.wtf8().to_wtf8_buf());
        let style = Style {
            ascii,
            indent: indent.map(|s| s.wtf8().to_wtf8_buf()),
            key_separator: separator(p, key_separator),
            item_separator: separator(p, item_separator),
            sort: p.truth(sort)?,
            skip: p.truth(skip)?,
            allow_nan: p.truth(allow_nan)?,
        };
        let level = p.as_i64(level).unwrap_or(0).max(0) as usize;
        if let Some(text) = encode(p, &style, object, level) {
            let text = p.new_wtf8(text);
            return Ok(p.new_tuple(vec![text]));
        }
    }
    let check = p.prelude_function("_json_checked");
    let encoder = if ascii.is_some() {
        encoder
    } else {
        p.call(check, &[encoder])?
    };
    let module = p.import_module("json.encoder")?;
    let make = p.getattr_text(module, "_make_iterencode")?;
    let float_text = p.prelude_function("_json_float_text");
    let float_text = p.call(float_text, &[allow_nan])?;
    let iterencode = p.call(
        make,
        &[
            markers,
            default,
            encoder,
            indent,
            float_text,
            key_separator,
            item_separator,
            sort,
            skip,
            Value::FALSE,
        ],
    )?;
    let run = p.prelude_function("_json_run");
    p.tail_call(run, &[iterencode, object, level])
}

struct Style {
    ascii: bool,
    indent: Option<Wtf8Buf>,
    key_separator: Wtf8Buf,
    item_separator: Wtf8Buf,
    sort: bool,
    skip: bool,
    allow_nan: bool,
}

impl Style {
    fn new_line(&self, out: &mut Wtf8Buf, level: usize) {
        if let Some(indent) = &self.indent {
            out.push_str("\n");
            for _ in 0..level {
                out.push_wtf8(indent);
            }
        }
    }
}

/// A container that is being written.
struct Open {
    /// Keys (NULL for items of a list) and values, last first.
    left: Vec<(Value, Value)>,
    close: &'static str,
    first: bool,
}

/// The text of a plain value; None if it is not plain.
fn encode(p: &mut Process, style: &Style, object: Value, level: usize) -> Option<Wtf8Buf> {
    let mut out = Wtf8Buf::new();
    let mut open = Vec::new();
    begin(p, style, object, &mut out, &mut open)?;
    while let Some(top) = open.last_mut() {
        let depth = level + 1;
        let Some((key, v)) = top.left.pop() else {
            let close = top.close;
            open.pop();
            style.new_line(&mut out, level + open.len());
            out.push_str(close);
            continue;
        };
        let first = std::mem::replace(&mut top.first, false);
        if !first {
            out.push_wtf8(&style.item_separator);
        }
        style.new_line(&mut out, depth + open.len() - 1);
        if !key.is_null() {
            push_key(p, style, key, &mut out)?;
            out.push_wtf8(&style.key_separator);
        }
        begin(p, style, v, &mut out, &mut open)?;
        if open.len() > p.recursion_limit as usize || out.len() as u64 > p.heap.room() {
            return None;
        }
    }
    Some(out)
}

/// Writes a value, or opens a container.
fn begin(p: &mut Process, style: &Style, v: Value, out: &mut Wtf8Buf, open: &mut Vec<Open>) -> Option<()> {
    if let Some(s) = p.as_pystr(v) {
        push_string(out, s.wtf8(), style.ascii);
        return Some(());
    }
    if let Some(text) = scalar(p, style, v).ok()? {
        out.push_str(&text);
        return Some(());
    }
    let (left, brackets): (Vec<(Value, Value)>, [&'static str; 3]) = if let Some(items) = p.as_list(v) {
        (
            items.iter().rev().map(|v| (Value::NULL, *v)).collect(),
            ["[", "]", "[]"],
        )
    } else if let Some(items) = p.as_tuple(v) {
        (
            items.iter().rev().map(|v| (Value::NULL, *v)).collect(),
            ["[", "]", "[]"],
        )
    } else if p.is_exact(v, core::DICT) {
        (entries(p, style, v)?, ["{", "}", "{}"])
    } else {
        return None;
    };
    let empty = match p.as_dict(v) {
        Some(d) => d.is_empty(),
        None => left.is_empty(),
    };
    if empty {
        out.push_str(brackets[2]);
        return Some(());
    }
    out.push_str(brackets[0]);
    open.push(Open {
        left,
        close: brackets[1],
        first: true,
    });
    Some(())
}

/// The entries of a dict, last first, without keys that are to be skipped.
fn entries(p: &Process, style: &Style, dict: Value) -> Option<Vec<(Value, Value)>> {
    let mut all = pairs(p, dict);
    if style.sort {
        if !all.iter().all(|(key, _)| p.as_pystr(*key).is_some()) {
            return None;
        }
        all.sort_by(|(a, _), (b, _)| {
            let bytes = |v: Value| p.as_pystr(v).map(|s| s.bytes());
            bytes(*a).cmp(&bytes(*b))
        });
    }
    let is_key = |v: Value| p.as_pystr(v).is_some() || p.is_int(v) || p.as_float(v).is_some() || v.is_none();
    if style.skip {
        all.retain(|(key, _)| is_key(*key));
    } else if !all.iter().all(|(key, _)| is_key(*key)) {
        return None;
    }
    all.reverse();
    Some(all)
}

/// A value that only Python knows how to write, or to refuse.
struct NotPlain;

/// The text of a number or constant; None for other values.
fn scalar(p: &Process, style: &Style, v: Value) -> Result<Option<String>, NotPlain> {
    if let Some(n) = v.as_small() {
        return Ok(Some(n.to_string()));
    }
    if let Some(x) = p.as_float(v) {
        return match x {
            x if x.is_finite() => Ok(Some(format_float_repr(x))),
            _ if !style.allow_nan => Err(NotPlain),
            x if x.is_nan() => Ok(Some("NaN".to_owned())),
            x if x > 0.0 => Ok(Some("Infinity".to_owned())),
            _ => Ok(Some("-Infinity".to_owned())),
        };
    }
    Ok(Some(
        match v {
            Value::NONE => "null",
            Value::TRUE => "true",
            Value::FALSE => "false",
            v => match p.as_bigint(v) {
                Some(n) if n.bits() > MAX_DIGITS as u64 * 3 => return Err(NotPlain),
                Some(n) => return Ok(Some(n.to_string())),
                None => return Ok(None),
            },
        }
        .to_owned(),
    ))
}

fn push_key(p: &mut Process, style: &Style, key: Value, out: &mut Wtf8Buf) -> Option<()> {
    match p.as_pystr(key) {
        Some(s) => push_string(out, s.wtf8(), style.ascii),
        None => {
            let text = scalar(p, style, key).ok()??;
            out.push_str("\"");
            out.push_str(&text);
            out.push_str("\"");
        }
    }
    Some(())
}

/// Appends a quoted string.
pub fn push_string(out: &mut Wtf8Buf, text: &Wtf8, ascii: bool) {
    out.push_str("\"");
    let plain = |b: &u8| *b >= 0x20 && *b != b'"' && *b != b'\\' && (!ascii || *b < 0x7f);
    if text.as_bytes().iter().all(plain) {
        out.push_wtf8(text);
        out.push_str("\"");
        return;
    }
    for c in text.code_points() {
        match c.to_u32() {
            0x22 => out.push_str("\\\""),
            0x5C => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            0x0C => out.push_str("\\f"),
            0x0A => out.push_str("\\n"),
            0x0D => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            n if n < 0x20 || (ascii && n > 0x7e && n < 0x10000) => out.push_str(&format!("\\u{n:04x}")),
            n if ascii && n >= 0x10000 => {
                let n = n - 0x10000;
                out.push_str(&format!("\\u{:04x}\\u{:04x}", 0xD800 | n >> 10, 0xDC00 | n & 0x3FF));
            }
            _ => out.push(c),
        }
    }
    out.push_str("\"");
}
