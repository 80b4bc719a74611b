//! `str.translate` and `str.maketrans`.

use super::str::this_str;
use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};
use std::collections::BTreeMap;

pub(super) const METHODS: &[Native] = &[
    Native::method("translate", translate).sig("($self, table, /)"),
    Native::static_method("maketrans", maketrans).sig("(x, y=<unrepresentable>, z=<unrepresentable>, /)"),
];

/// What a table says about one character.
#[derive(Clone)]
enum Mapped {
    Same,
    Gone,
    Text(Wtf8Buf),
}

fn translate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let s = this_str(vm, args, "translate")?;
    let (_, [table]) = vm.method_args(args, "str.translate")?;
    let mut out = Wtf8Buf::with_capacity(s.bytes().len());
    // Each character is asked for once: the table may be Python code.
    let mut known: BTreeMap<u32, Mapped> = BTreeMap::new();
    for c in s.wtf8().code_points() {
        let mapped = match known.get(&c.to_u32()) {
            Some(mapped) => mapped.clone(),
            None => {
                let mapped = look_up(vm, table, c)?;
                known.insert(c.to_u32(), mapped.clone());
                mapped
            }
        };
        match mapped {
            Mapped::Same => out.push(c),
            Mapped::Gone => {}
            Mapped::Text(text) => {
                vm.check_size((out.len() + text.len()) as u64)?;
                out.push_wtf8(&text);
            }
        }
    }
    Ok(vm.new_wtf8(out))
}

fn look_up(vm: &mut Process, table: Value, c: CodePoint) -> NativeResult<Mapped> {
    let key = Value::from_i32(c.to_u32() as i32);
    let found = if vm.is_exact(table, core::DICT) {
        match vm.dict_get(table, key)? {
            Some(v) => v,
            None => return Ok(Mapped::Same),
        }
    } else {
        match vm.getitem(table, key) {
            Ok(v) => v,
            Err(Unwind::Raise(e)) if vm.exception_matches(e, core::LOOKUP_ERROR) => return Ok(Mapped::Same),
            Err(other) => return Err(other),
        }
    };
    if found.is_none() {
        return Ok(Mapped::Gone);
    }
    if let Some(text) = vm.as_pystr(found) {
        return Ok(Mapped::Text(text.wtf8().to_wtf8_buf()));
    }
    if !vm.is_int(found) {
        return Err(vm.type_error("character mapping must return integer, None or str"));
    }
    let code = vm
        .as_i64(found)
        .and_then(|n| u32::try_from(n).ok())
        .and_then(CodePoint::from_u32);
    match code {
        Some(c) => Ok(Mapped::Text(Wtf8Buf::from(c))),
        None => Err(vm.value_error("character mapping must be in range(0x110000)")),
    }
}

fn str_at(vm: &mut Process, v: Value, n: usize) -> NativeResult<PyStr> {
    super::str_search::str_argument(vm, v, &format!("maketrans() argument {n} must be str"))
}

fn maketrans(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.between(args, "maketrans", 1, 3)?;
    let x = args.get(0).unwrap_or(Value::NULL);
    let mut pairs = Vec::new();
    if let Some(y) = args.get(1) {
        let Some(x) = vm.as_pystr(x).cloned() else {
            return Err(vm.type_error("first maketrans argument must be a string if there is a second argument"));
        };
        let y = str_at(vm, y, 2)?;
        if x.len() != y.len() {
            return Err(vm.value_error("the first two maketrans arguments must have equal length"));
        }
        for (from, to) in x.wtf8().code_points().zip(y.wtf8().code_points()) {
            pairs.push((from.to_u32(), Value::from_i32(to.to_u32() as i32)));
        }
        if let Some(z) = args.get(2) {
            let z = str_at(vm, z, 3)?;
            pairs.extend(z.wtf8().code_points().map(|c| (c.to_u32(), Value::NONE)));
        }
        let table = vm.new_dict();
        for (code, value) in pairs {
            vm.dict_set(table, Value::from_i32(code as i32), value)?;
        }
        return Ok(table);
    }
    let Some(entries) = vm
        .as_dict(x)
        .map(|d| d.iter().map(|e| (e.key, e.value)).collect::<Vec<_>>())
    else {
        return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
    };
    let table = vm.new_dict();
    for (key, value) in entries {
        let key = if let Some(s) = vm.as_pystr(key) {
            match (s.len(), s.wtf8().code_points().next()) {
                (1, Some(c)) => Value::from_i32(c.to_u32() as i32),
                _ => return Err(vm.value_error("string keys in translate table must be of length 1")),
            }
        } else if vm.is_int(key) {
            key
        } else {
            return Err(vm.type_error("keys in translate table must be strings or integers"));
        };
        vm.dict_set(table, key, value)?;
    }
    Ok(table)
}
