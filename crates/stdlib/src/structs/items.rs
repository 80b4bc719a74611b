//! Packing and unpacking of single fields.

use super::error;
use super::format::{Field, Layout};
use heddle_vm::builtin::text::memory_items::{f64_to_half, half_to_f64};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;
use num_bigint::{BigInt, Sign};

/// The bytes of values laid out by a format.
pub fn pack(vm: &mut Process, form: &Layout, values: &[Value], function: &str) -> NativeResult<Vec<u8>> {
    if values.len() != form.fields.len() {
        let (want, got) = (form.fields.len(), values.len());
        return Err(error(
            vm,
            &format!("{function} expected {want} items for packing (got {got})"),
        ));
    }
    let mut out = vec![0; form.size];
    for (field, &v) in form.fields.iter().zip(values) {
        let mut bytes = field_bytes(vm, field, v)?;
        if !form.little && !matches!(field.code, 's' | 'p' | 'c') {
            bytes.reverse();
        }
        if let Some(room) = out.get_mut(field.offset..field.offset + bytes.len()) {
            room.copy_from_slice(&bytes);
        }
    }
    Ok(out)
}

/// Little-endian bytes of one value, as many as the field has.
fn field_bytes(vm: &mut Process, field: &Field, v: Value) -> NativeResult<Vec<u8>> {
    match field.code {
        'c' => match vm.as_bytes(v) {
            Some([b]) => Ok(vec![*b]),
            _ => Err(error(vm, "char format requires a bytes object of length 1")),
        },
        's' | 'p' => {
            let Some(data) = vm.own_bytes(v) else {
                let code = field.code;
                return Err(error(vm, &format!("argument for '{code}' must be a bytes object")));
            };
            let mut bytes = Vec::with_capacity(field.size);
            let mut room = field.size;
            if field.code == 'p' && room > 0 {
                room -= 1;
                bytes.push(data.len().min(room).min(255) as u8);
            }
            bytes.extend(data.iter().take(room));
            bytes.resize(field.size, 0);
            Ok(bytes)
        }
        '?' => Ok(vec![u8::from(vm.truth(v)?)]),
        'e' | 'f' | 'd' => float_bytes(vm, field.code, v),
        _ => int_bytes(vm, field, v),
    }
}

fn float_bytes(vm: &mut Process, code: char, v: Value) -> NativeResult<Vec<u8>> {
    let number = vm.as_float(v).is_some()
        || vm.is_int(v)
        || vm.special(v, heddle_vm::names::FLOAT)?.is_some()
        || vm.special(v, heddle_vm::names::INDEX)?.is_some();
    if !number {
        return Err(error(vm, "required argument is not a float"));
    }
    let x = vm.float_of(v)?;
    match code {
        'd' => Ok(x.to_le_bytes().to_vec()),
        'f' => {
            let single = x as f32;
            if single.is_infinite() && x.is_finite() {
                return Err(vm.overflow_error("float too large to pack with f format"));
            }
            Ok(single.to_le_bytes().to_vec())
        }
        _ => match f64_to_half(x) {
            Some(half) => Ok(half.to_le_bytes().to_vec()),
            None => Err(vm.overflow_error("float too large to pack with e format")),
        },
    }
}

fn is_signed(code: char) -> bool {
    matches!(code, 'b' | 'h' | 'i' | 'l' | 'q' | 'n')
}

fn int_bytes(vm: &mut Process, field: &Field, v: Value) -> NativeResult<Vec<u8>> {
    if !vm.is_int(v) && vm.special(v, heddle_vm::names::INDEX)?.is_none() {
        return Err(error(vm, "required argument is not an integer"));
    }
    let n = vm.index_big(v)?;
    let bits = 8 * field.size as u32;
    let one = BigInt::from(1);
    let (low, high) = if is_signed(field.code) {
        (-(&one << (bits - 1)), (&one << (bits - 1)) - &one)
    } else {
        (BigInt::from(0), (&one << bits) - &one)
    };
    if n < low || n > high {
        let code = field.code;
        if code == 'P' {
            return Err(vm.overflow_error("int too large to convert"));
        }
        return Err(error(
            vm,
            &format!("'{code}' format requires {low} <= number <= {high}"),
        ));
    }
    let mut bytes = n.to_signed_bytes_le();
    bytes.resize(field.size, if n.sign() == Sign::Minus { 0xFF } else { 0 });
    Ok(bytes)
}

/// The values in exactly the bytes of a format.
pub fn unpack(vm: &mut Process, form: &Layout, bytes: &[u8]) -> Vec<Value> {
    let mut out = Vec::with_capacity(form.fields.len());
    for field in &form.fields {
        let mut item = bytes
            .get(field.offset..field.offset + field.size)
            .unwrap_or_default()
            .to_vec();
        if !form.little && !matches!(field.code, 's' | 'p' | 'c') {
            item.reverse();
        }
        out.push(field_value(vm, field.code, &item));
    }
    out
}

fn field_value(vm: &mut Process, code: char, bytes: &[u8]) -> Value {
    match (code, bytes) {
        ('s' | 'c', _) => vm.new_bytes(bytes),
        ('p', [n, rest @ ..]) => {
            let n = usize::from(*n).min(rest.len());
            vm.new_bytes(&rest[..n])
        }
        ('p', []) => vm.new_bytes(&[]),
        ('?', _) => Value::from_bool(bytes.iter().any(|b| *b != 0)),
        ('e', &[a, b]) => vm.new_float(half_to_f64(u16::from_le_bytes([a, b]))),
        ('f', &[a, b, c, d]) => vm.new_float(f64::from(f32::from_le_bytes([a, b, c, d]))),
        ('d', _) => vm.new_float(bytes.try_into().map(f64::from_le_bytes).unwrap_or_default()),
        _ if is_signed(code) => vm.new_big(BigInt::from_signed_bytes_le(bytes)),
        _ => vm.new_big(BigInt::from_bytes_le(Sign::Plus, bytes)),
    }
}
