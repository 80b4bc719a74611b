//! The module `binascii`: hexadecimal, base 64, quoted-printable, uuencode, check sums.

use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// `binascii`
pub static MODULE: ModuleDef = ModuleDef {
    name: "binascii",
    doc: "Conversion between binary data and ASCII",
    functions: FUNCTIONS,
    types: &[&ERROR, &INCOMPLETE],
    init: None,
};

static ERROR: TypeDef = TypeDef {
    name: "Error",
    module: "binascii",
    base: Some(TypeRef::Core(core::VALUE_ERROR)),
    layout: Layout::Exception,
    flags: type_flags::BASETYPE,
    members: &[],
    doc: "",
    finish: None,
};

static INCOMPLETE: TypeDef = TypeDef {
    name: "Incomplete",
    module: "binascii",
    base: Some(TypeRef::Core(core::EXCEPTION)),
    layout: Layout::Exception,
    flags: type_flags::BASETYPE,
    members: &[],
    doc: "",
    finish: None,
};

static FUNCTIONS: &[Native] = &[
    Native::function("hexlify", hexlify).sig("(data, sep=<unrepresentable>, bytes_per_sep=1)"),
    Native::function("b2a_hex", hexlify).sig("(data, sep=<unrepresentable>, bytes_per_sep=1)"),
    Native::function("unhexlify", |vm, args| unhexlify(vm, args, "unhexlify")).sig("(hexstr, /)"),
    Native::function("a2b_hex", |vm, args| unhexlify(vm, args, "a2b_hex")).sig("(hexstr, /)"),
    Native::function("b2a_base64", b2a_base64).sig("(data, /, *, newline=True)"),
    Native::function("a2b_base64", a2b_base64).sig("(data, /, *, strict_mode=False)"),
    Native::function("b2a_qp", b2a_qp).sig("(data, quotetabs=False, istext=True, header=False)"),
    Native::function("a2b_qp", a2b_qp).sig("(data, header=False)"),
    Native::function("b2a_uu", b2a_uu).sig("(data, /, *, backtick=False)"),
    Native::function("a2b_uu", a2b_uu).sig("(data, /)"),
    Native::function("crc32", crc32).sig("(data, crc=0, /)"),
    Native::function("crc_hqx", crc_hqx).sig("(data, crc, /)"),
];

#[cold]
fn error(vm: &mut Process, message: &str) -> Unwind {
    let class = vm.native_type(&ERROR);
    vm.error(class, message)
}

/// Bytes, or a `str` of ASCII characters.
fn ascii_data(vm: &mut Process, v: Value) -> NativeResult<Vec<u8>> {
    if let Some(s) = vm.as_pystr(v) {
        if s.is_ascii() {
            return Ok(s.bytes().to_vec());
        }
        return Err(vm.value_error("string argument should contain only ASCII characters"));
    }
    if !vm.is_one_piece(v) {
        let name = vm.type_name(v);
        return Err(vm.type_error(&format!(
            "argument should be bytes, buffer or ASCII string, not '{name}'"
        )));
    }
    vm.buffer_bytes(v)
}

/// An optional flag.
fn flag(vm: &mut Process, v: Option<Value>, default: bool) -> NativeResult<bool> {
    match v {
        None => Ok(default),
        Some(v) => vm.truth(v),
    }
}

fn hexlify(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, sep, per] = vm.bind(args, "hexlify", ["data", "sep", "bytes_per_sep"], 1)?;
    let data = vm.buffer_bytes(data.unwrap_or(Value::NULL))?;
    let bytes = vm.new_bytes(&data);
    let mut rest = Vec::new();
    rest.extend(sep);
    rest.extend(per);
    let name = vm.intern("hex");
    let method = vm.getattr(bytes, name)?;
    let text = vm.call(method, &rest)?;
    let text = vm.text(text);
    Ok(vm.new_bytes(text.as_bytes()))
}

fn unhexlify(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let [data] = vm.exactly(args, &format!("binascii.{name}"))?;
    let data = ascii_data(vm, data)?;
    if data.len() % 2 != 0 {
        return Err(error(vm, "Odd-length string"));
    }
    let mut out = Vec::with_capacity(data.len() / 2);
    for pair in data.chunks_exact(2) {
        match ((pair[0] as char).to_digit(16), (pair[1] as char).to_digit(16)) {
            (Some(high), Some(low)) => out.push((high * 16 + low) as u8),
            _ => return Err(error(vm, "Non-hexadecimal digit found")),
        }
    }
    Ok(vm.new_bytes(&out))
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn b2a_base64(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, newline] = vm.bind(args, "b2a_base64", ["", "*newline"], 1)?;
    let data = vm.buffer_bytes(data.unwrap_or(Value::NULL))?;
    let newline = flag(vm, newline, true)?;
    let mut out = Vec::with_capacity(data.len() * 4 / 3 + 4);
    for chunk in data.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            out.push(if i <= chunk.len() {
                BASE64[(bits >> (18 - 6 * i) & 0x3F) as usize]
            } else {
                b'='
            });
        }
    }
    if newline {
        out.push(b'\n');
    }
    Ok(vm.new_bytes(&out))
}

fn a2b_base64(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, strict] = vm.bind(args, "a2b_base64", ["", "*strict_mode"], 1)?;
    let data = ascii_data(vm, data.unwrap_or(Value::NULL))?;
    let strict = flag(vm, strict, false)?;
    match decode_base64(&data, strict) {
        Ok(out) => Ok(vm.new_bytes(&out)),
        Err(message) => Err(error(vm, &message)),
    }
}

fn decode_base64(data: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    if strict && data.first() == Some(&b'=') {
        return Err("Leading padding not allowed".to_owned());
    }
    let mut out = Vec::with_capacity(data.len() * 3 / 4);
    let (mut in_group, mut rest, mut pads) = (0u32, 0u8, 0u32);
    for (i, &b) in data.iter().enumerate() {
        if b == b'=' {
            pads += 1;
            if in_group >= 2 && in_group + pads >= 4 {
                if strict && i + 1 < data.len() {
                    return Err("Excess data after padding".to_owned());
                }
                return Ok(out);
            }
            continue;
        }
        let Some(value) = BASE64.iter().position(|c| *c == b) else {
            if strict {
                return Err("Only base64 data is allowed".to_owned());
            }
            continue;
        };
        if strict && pads > 0 {
            return Err("Discontinuous padding not allowed".to_owned());
        }
        pads = 0;
        let value = value as u8;
        match in_group {
            0 => rest = value,
            1 => {
                out.push(rest << 2 | value >> 4);
                rest = value & 0x0F;
            }
            2 => {
                out.push(rest << 4 | value >> 2);
                rest = value & 0x03;
            }
            _ => {
                out.push(rest << 6 | value);
                rest = 0;
            }
        }
        in_group = (in_group + 1) % 4;
    }
    match in_group {
        0 => Ok(out),
        1 => {
            let n = out.len() / 3 * 4 + 1;
            Err(format!(
                "Invalid base64-encoded string: number of data characters ({n}) cannot be 1 more than a multiple of 4"
            ))
        }
        _ => Err("Incorrect padding".to_owned()),
    }
}

fn b2a_qp(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, tabs, text, header] = vm.bind(args, "b2a_qp", ["data", "quotetabs", "istext", "header"], 1)?;
    let data = vm.buffer_bytes(data.unwrap_or(Value::NULL))?;
    let (tabs, text, header) = (flag(vm, tabs, false)?, flag(vm, text, true)?, flag(vm, header, false)?);
    let out = encode_qp(&data, tabs, text, header);
    Ok(vm.new_bytes(&out))
}

/// Longest line of quoted-printable text.
const QP_LINE: usize = 76;

fn encode_qp(data: &[u8], tabs: bool, text: bool, header: bool) -> Vec<u8> {
    let crlf = data
        .iter()
        .position(|b| *b == b'\n')
        .is_some_and(|at| at > 0 && data[at - 1] == b'\r');
    let mut out = Vec::with_capacity(data.len());
    let mut line = 0;
    let mut i = 0;
    while i < data.len() {
        let b = data[i];
        let next = data.get(i + 1).copied();
        let at_end = next.is_none();
        let is_break =
            |i: usize| data.get(i) == Some(&b'\n') || (data.get(i) == Some(&b'\r') && data.get(i + 1) == Some(&b'\n'));
        if text && is_break(i) {
            // White space before the break has been quoted already.
            out.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
            i += if b == b'\r' { 2 } else { 1 };
            line = 0;
            continue;
        }
        let dot_line = b == b'.' && line == 0 && (at_end || matches!(next, Some(b'\n' | b'\r' | 0)));
        let blank = b == b'\t' || b == b' ';
        let quote = b > 126
            || b == b'='
            || (header && b == b'_')
            || dot_line
            || (!text && (b == b'\r' || b == b'\n'))
            || (blank && (at_end || (text && is_break(i + 1))))
            || (b < 33 && !matches!(b, b'\r' | b'\n' | b'\t' | b' '))
            || (blank && tabs && !(header && b == b' '));
        let width = if quote { 3 } else { 1 };
        let last_on_line = is_break(i + 1) && text || at_end;
        if line + width >= QP_LINE && !(last_on_line && line + width <= QP_LINE) {
            out.extend_from_slice(if crlf { b"=\r\n" } else { b"=\n" });
            line = 0;
        }
        if quote {
            out.extend_from_slice(format!("={b:02X}").as_bytes());
        } else {
            out.push(if header && b == b' ' { b'_' } else { b });
        }
        line += width;
        i += 1;
    }
    out
}

fn a2b_qp(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, header] = vm.bind(args, "a2b_qp", ["data", "header"], 1)?;
    let data = ascii_data(vm, data.unwrap_or(Value::NULL))?;
    let header = flag(vm, header, false)?;
    let mut out = Vec::with_capacity(data.len());
    let digit = |i: usize| data.get(i).and_then(|b| (*b as char).to_digit(16));
    let mut i = 0;
    while i < data.len() {
        match data[i] {
            b'=' => match (data.get(i + 1), digit(i + 1), digit(i + 2)) {
                (None, ..) => i += 1,
                (Some(b'\n' | b'\r'), ..) => {
                    let end = data[i..]
                        .iter()
                        .position(|b| *b == b'\n')
                        .map_or(data.len(), |n| i + n + 1);
                    i = end;
                }
                (Some(b'='), ..) => {
                    out.push(b'=');
                    i += 2;
                }
                (_, Some(high), Some(low)) => {
                    out.push((high * 16 + low) as u8);
                    i += 3;
                }
                _ => {
                    out.push(b'=');
                    i += 1;
                }
            },
            b'_' if header => {
                out.push(b' ');
                i += 1;
            }
            b => {
                out.push(b);
                i += 1;
            }
        }
    }
    Ok(vm.new_bytes(&out))
}

fn b2a_uu(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, backtick] = vm.bind(args, "b2a_uu", ["", "*backtick"], 1)?;
    let data = vm.buffer_bytes(data.unwrap_or(Value::NULL))?;
    let backtick = flag(vm, backtick, false)?;
    if data.len() > 45 {
        return Err(error(vm, "At most 45 bytes at once"));
    }
    let shown = |n: u32| if n == 0 && backtick { b'`' } else { n as u8 + b' ' };
    let mut out = vec![shown(data.len() as u32)];
    for chunk in data.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        out.extend((0..4).map(|i| shown(bits >> (18 - 6 * i) & 0x3F)));
    }
    out.push(b'\n');
    Ok(vm.new_bytes(&out))
}

fn a2b_uu(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data] = vm.exactly(args, "binascii.a2b_uu")?;
    let data = ascii_data(vm, data)?;
    let mut bytes = data.iter().copied();
    let length = usize::from(bytes.next().unwrap_or(b' ').wrapping_sub(b' ') & 0x3F);
    let mut out = Vec::with_capacity(length);
    let (mut bits, mut have) = (0u32, 0);
    while out.len() < length {
        let value = match bytes.next() {
            None | Some(b'\n' | b'\r') => 0,
            Some(b) if (b' '..=b'`').contains(&b) => u32::from((b - b' ') & 0x3F),
            Some(_) => return Err(error(vm, "Illegal char")),
        };
        bits = bits << 6 | value;
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
            bits &= (1 << have) - 1;
        }
    }
    if bytes.any(|b| !matches!(b, b' ' | b'`' | b'\n' | b'\r')) {
        return Err(error(vm, "Trailing garbage"));
    }
    Ok(vm.new_bytes(&out))
}

/// CRC-32 as in zip files, going on from `crc`.
pub fn crc32_of(data: &[u8], crc: u32) -> u32 {
    let mut crc = !crc;
    for &b in data {
        crc ^= u32::from(b);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn crc32(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.between(args, "crc32", 1, 2)?;
    let data = vm.byte_data(args.get(0).unwrap_or(Value::NULL))?;
    let start = match args.get(1) {
        None => 0,
        Some(v) => low_word(vm, v)?,
    };
    Ok(vm.new_int(i64::from(crc32_of(&data, start))))
}

/// The lowest 32 bits of an int.
fn low_word(vm: &mut Process, v: Value) -> NativeResult<u32> {
    let n = vm.index_big(v)?;
    Ok(n.to_signed_bytes_le().iter().take(4).rev().fold(
        if n.sign() == num_bigint::Sign::Minus {
            u32::MAX
        } else {
            0
        },
        |word, b| word << 8 | u32::from(*b),
    ))
}

fn crc_hqx(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [data, crc] = vm.exactly(args, "crc_hqx")?;
    let data = vm.byte_data(data)?;
    let mut crc = low_word(vm, crc)? & 0xFFFF;
    for &b in data.iter() {
        crc ^= u32::from(b) << 8;
        for _ in 0..8 {
            crc = (if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 }) & 0xFFFF;
        }
    }
    Ok(vm.new_int(i64::from(crc)))
}
