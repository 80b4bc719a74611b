//! Encoders and decoders of the native codecs, as `_codecs` gives them: (result, number of characters or bytes used).

use super::handlers::errors_argument;
use heddle_vm::builtin::text::encode::Codec;
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;

fn encode(vm: &mut Process, args: Args<'_>, codec: Codec) -> NativeResult {
    let [text, errors] = vm.bind(args, "encode", ["", ""], 1)?;
    let text = text.unwrap_or(Value::NULL);
    let Some(s) = vm.as_pystr(text).cloned() else {
        let name = vm.type_name(text);
        return Err(vm.type_error(&format!("encode() argument 1 must be str, not {name}")));
    };
    let errors = errors_argument(vm, errors);
    let bytes = vm.encode_text(text, &s, codec, &errors)?;
    pair(vm, &bytes, s.len())
}

fn pair(vm: &mut Process, bytes: &[u8], used: usize) -> NativeResult {
    let (bytes, used) = (vm.new_bytes(bytes), vm.new_int(used as i64));
    Ok(vm.new_tuple(vec![bytes, used]))
}

fn decode(vm: &mut Process, args: Args<'_>, codec: Codec, incremental: bool) -> NativeResult {
    let [data, errors, last] = vm.bind(args, "decode", ["", "", ""], 1)?;
    let data = data.unwrap_or(Value::NULL);
    let bytes = match vm.as_pystr(data) {
        Some(s) => s.bytes().to_vec(),
        None => vm.buffer_bytes(data)?,
    };
    let errors = errors_argument(vm, errors);
    let last = match last {
        Some(v) => vm.truth(v)?,
        None => !incremental,
    };
    let (text, used) = vm.decode_bytes(&bytes, codec, &errors, last)?;
    let (text, used) = (vm.new_wtf8(text), vm.new_int(used as i64));
    Ok(vm.new_tuple(vec![text, used]))
}

macro_rules! codecs {
    ($($encode:ident $decode:ident $codec:ident $incremental:literal;)*) => {
        $(
            pub fn $encode(vm: &mut Process, args: Args<'_>) -> NativeResult {
                encode(vm, args, Codec::$codec)
            }

            pub fn $decode(vm: &mut Process, args: Args<'_>) -> NativeResult {
                decode(vm, args, Codec::$codec, $incremental)
            }
        )*
    };
}

codecs! {
    utf_8_encode utf_8_decode Utf8 true;
    ascii_encode ascii_decode Ascii false;
    latin_1_encode latin_1_decode Latin1 false;
    utf_16_encode utf_16_decode Utf16 true;
    utf_16_le_encode utf_16_le_decode Utf16Le true;
    utf_16_be_encode utf_16_be_decode Utf16Be true;
    utf_32_encode utf_32_decode Utf32 true;
    utf_32_le_encode utf_32_le_decode Utf32Le true;
    utf_32_be_encode utf_32_be_decode Utf32Be true;
}

/// `utf_16_ex_decode(data, errors=None, byteorder=0, final=False)` and its like for UTF-32: (text, bytes used, byte order), where the order
/// is -1 for little, 1 for big and 0 while there was no mark.
fn decode_with_order(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    codecs: [Codec; 2],
    marks: [&[u8]; 2],
) -> NativeResult {
    let [data, errors, order, last] = vm.bind(args, name, ["", "", "", ""], 1)?;
    let bytes = vm.buffer_bytes(data.unwrap_or(Value::NULL))?;
    let errors = errors_argument(vm, errors);
    let mut order = match order {
        Some(v) => vm.index_i64(v)?.signum(),
        None => 0,
    };
    let last = match last {
        Some(v) => vm.truth(v)?,
        None => false,
    };
    let mut start = 0;
    if order == 0 {
        let found = marks.iter().position(|mark| bytes.starts_with(mark));
        (order, start) = match found {
            Some(0) => (-1, marks[0].len()),
            Some(_) => (1, marks[1].len()),
            None => (0, 0),
        };
    }
    let codec = codecs[usize::from(order > 0)];
    let (text, used) = vm.decode_bytes(bytes.get(start..).unwrap_or_default(), codec, &errors, last)?;
    let (text, used) = (vm.new_wtf8(text), vm.new_int((start + used) as i64));
    let order = vm.new_int(order);
    Ok(vm.new_tuple(vec![text, used, order]))
}

/// See [`decode_with_order`].
pub fn utf_16_ex_decode(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let codecs = [Codec::Utf16Le, Codec::Utf16Be];
    decode_with_order(vm, args, "utf_16_ex_decode", codecs, [b"\xff\xfe", b"\xfe\xff"])
}

/// See [`decode_with_order`].
pub fn utf_32_ex_decode(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let codecs = [Codec::Utf32Le, Codec::Utf32Be];
    decode_with_order(vm, args, "utf_32_ex_decode", codecs, [b"\xff\xfe\0\0", b"\0\0\xfe\xff"])
}

/// The bytes of a buffer, or of a `str` in UTF-8.
pub fn readbuffer_encode(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, _] = vm.bind(args, "readbuffer_encode", ["", ""], 1)?;
    let data = data.unwrap_or(Value::NULL);
    let bytes = match vm.as_pystr(data) {
        Some(s) => s.bytes().to_vec(),
        None => vm.buffer_bytes(data)?,
    };
    pair(vm, &bytes, bytes.len())
}

fn escape(vm: &mut Process, args: Args<'_>, one: fn(u32) -> Option<String>) -> NativeResult {
    let [text, _] = vm.bind(args, "encode", ["", ""], 1)?;
    let text = text.unwrap_or(Value::NULL);
    let Some(s) = vm.as_pystr(text).cloned() else {
        let name = vm.type_name(text);
        return Err(vm.type_error(&format!("encode() argument 1 must be str, not {name}")));
    };
    let mut out = Vec::with_capacity(s.bytes().len());
    for c in s.wtf8().code_points() {
        match one(c.to_u32()) {
            Some(escaped) => out.extend_from_slice(escaped.as_bytes()),
            None => out.push(c.to_u32() as u8),
        }
    }
    pair(vm, &out, s.len())
}

/// Everything but printable ASCII as escapes.
pub fn unicode_escape_encode(vm: &mut Process, args: Args<'_>) -> NativeResult {
    escape(vm, args, |c| match c {
        0x09 => Some("\\t".to_owned()),
        0x0A => Some("\\n".to_owned()),
        0x0D => Some("\\r".to_owned()),
        0x5C => Some("\\\\".to_owned()),
        0x20..=0x7E => None,
        c => Some(heddle_vm::builtin::text::codec_errors::backslash_escape(c)),
    })
}

/// Only what Latin-1 lacks as escapes.
pub fn raw_unicode_escape_encode(vm: &mut Process, args: Args<'_>) -> NativeResult {
    escape(vm, args, |c| match c {
        0..=0xFF => None,
        c => Some(heddle_vm::builtin::text::codec_errors::backslash_escape(c)),
    })
}
