//! Methods of `str` that search: find, index, count, replace, startswith, removeprefix, partition.

use super::bytes_search;
use super::str::this_str;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;
use rustpython_wtf8::Wtf8Buf;

pub(super) const METHODS: &[Native] = &[
    Native::method("find", |vm, args| {
        let at = search(vm, args, "find", bytes_search::find)?;
        Ok(vm.new_int(at.map_or(-1, |n| n as i64)))
    })
    .sig("($self, sub[, start[, end]], /)"),
    Native::method("rfind", |vm, args| {
        let at = search(vm, args, "rfind", bytes_search::rfind)?;
        Ok(vm.new_int(at.map_or(-1, |n| n as i64)))
    })
    .sig("($self, sub[, start[, end]], /)"),
    Native::method("index", |vm, args| index(vm, args, "index", bytes_search::find))
        .sig("($self, sub[, start[, end]], /)"),
    Native::method("rindex", |vm, args| index(vm, args, "rindex", bytes_search::rfind))
        .sig("($self, sub[, start[, end]], /)"),
    Native::method("count", count).sig("($self, sub[, start[, end]], /)"),
    Native::method("startswith", |vm, args| {
        affix(vm, args, "startswith", |hay, part| hay.starts_with(part))
    })
    .sig("($self, prefix[, start[, end]], /)"),
    Native::method("endswith", |vm, args| {
        affix(vm, args, "endswith", |hay, part| hay.ends_with(part))
    })
    .sig("($self, suffix[, start[, end]], /)"),
    Native::method("removeprefix", |vm, args| {
        let s = this_str(vm, args, "removeprefix")?;
        let (this, [part]) = vm.method_args(args, "str.removeprefix")?;
        let part = str_argument(vm, part, "removeprefix() argument must be str")?;
        if s.bytes().starts_with(part.bytes()) && !part.is_empty() {
            return Ok(vm.substr(&s, part.bytes().len(), s.bytes().len()));
        }
        Ok(vm.plain_str(this))
    })
    .sig("($self, prefix, /)"),
    Native::method("removesuffix", |vm, args| {
        let s = this_str(vm, args, "removesuffix")?;
        let (this, [part]) = vm.method_args(args, "str.removesuffix")?;
        let part = str_argument(vm, part, "removesuffix() argument must be str")?;
        if s.bytes().ends_with(part.bytes()) && !part.is_empty() {
            return Ok(vm.substr(&s, 0, s.bytes().len() - part.bytes().len()));
        }
        Ok(vm.plain_str(this))
    })
    .sig("($self, suffix, /)"),
    Native::method("replace", replace).sig("($self, old, new, /, count=-1)"),
    Native::method("partition", |vm, args| {
        let (s, sep) = partition_arguments(vm, args, "partition")?;
        let n = s.bytes().len();
        match bytes_search::find(s.bytes(), sep.bytes()) {
            Some(at) => three(vm, &s, (0, at), (at + sep.bytes().len(), n), args.get(1)),
            None => {
                let whole = vm.plain_str(args.this());
                Ok(vm.new_tuple(vec![whole, crate::names::EMPTY, crate::names::EMPTY]))
            }
        }
    })
    .sig("($self, sep, /)"),
    Native::method("rpartition", |vm, args| {
        let (s, sep) = partition_arguments(vm, args, "rpartition")?;
        let n = s.bytes().len();
        match bytes_search::rfind(s.bytes(), sep.bytes()) {
            Some(at) => three(vm, &s, (0, at), (at + sep.bytes().len(), n), args.get(1)),
            None => {
                let whole = vm.plain_str(args.this());
                Ok(vm.new_tuple(vec![crate::names::EMPTY, crate::names::EMPTY, whole]))
            }
        }
    })
    .sig("($self, sep, /)"),
];

/// A `str` argument, or TypeError with the message's beginning given.
pub fn str_argument(vm: &mut Process, v: Value, wanted: &str) -> NativeResult<PyStr> {
    match vm.as_pystr(v) {
        Some(s) => Ok(s.clone()),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(&format!("{wanted}, not {name}")))
        }
    }
}

/// The byte range that optional start and end arguments mean; `None` when start lies behind the end.
fn byte_range(
    vm: &mut Process,
    s: &PyStr,
    start: Option<Value>,
    end: Option<Value>,
) -> NativeResult<Option<(usize, usize)>> {
    if start.is_none() && end.is_none() {
        return Ok(Some((0, s.bytes().len())));
    }
    // A start behind the end of the string finds not even the empty string.
    if let Some(v) = start.filter(|v| !v.is_none())
        && vm.as_i64(v).is_some_and(|n| n > s.len() as i64)
    {
        return Ok(None);
    }
    let (from, to) = vm.index_range(start, end, s.len())?;
    if from > to {
        return Ok(None);
    }
    Ok(Some((s.byte_offset(from), s.byte_offset(to))))
}

type Finder = fn(&[u8], &[u8]) -> Option<usize>;

fn search(vm: &mut Process, args: Args<'_>, name: &str, finder: Finder) -> NativeResult<Option<usize>> {
    let s = this_str(vm, args, name)?;
    vm.between(args.rest(), name, 1, 3)?;
    let part = args.get(1).unwrap_or(Value::NULL);
    let part = str_argument(vm, part, &format!("{name}() argument 1 must be str"))?;
    let Some((from, to)) = byte_range(vm, &s, args.get(2), args.get(3))? else {
        return Ok(None);
    };
    let found = finder(&s.bytes()[from..to], part.bytes());
    vm.scanned(found.unwrap_or(to - from));
    Ok(found.map(|at| s.index_of_offset(from + at)))
}

fn index(vm: &mut Process, args: Args<'_>, name: &str, finder: Finder) -> NativeResult {
    match search(vm, args, name, finder)? {
        Some(n) => Ok(vm.new_int(n as i64)),
        None => Err(vm.value_error("substring not found")),
    }
}

fn count(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let s = this_str(vm, args, "count")?;
    vm.between(args.rest(), "count", 1, 3)?;
    let part = str_argument(vm, args.get(1).unwrap_or(Value::NULL), "count() argument 1 must be str")?;
    let Some((from, to)) = byte_range(vm, &s, args.get(2), args.get(3))? else {
        return Ok(Value::from_i32(0));
    };
    let n = if part.is_empty() {
        s.index_of_offset(to) - s.index_of_offset(from) + 1
    } else {
        bytes_search::count(&s.bytes()[from..to], part.bytes())
    };
    vm.scanned(to - from);
    Ok(vm.new_int(n as i64))
}

fn affix(vm: &mut Process, args: Args<'_>, name: &str, holds: fn(&[u8], &[u8]) -> bool) -> NativeResult {
    let s = this_str(vm, args, name)?;
    vm.between(args.rest(), name, 1, 3)?;
    let part = args.get(1).unwrap_or(Value::NULL);
    let range = byte_range(vm, &s, args.get(2), args.get(3))?;
    let test = |part: &PyStr| range.is_some_and(|(from, to)| holds(&s.bytes()[from..to], part.bytes()));
    if let Some(part) = vm.as_pystr(part) {
        return Ok(Value::from_bool(test(part)));
    }
    let Some(parts) = vm.as_tuple(part).map(<[Value]>::to_vec) else {
        let given = vm.type_name(part);
        return Err(vm.type_error(&format!("{name} first arg must be str or a tuple of str, not {given}")));
    };
    for part in parts {
        match vm.as_pystr(part) {
            Some(part) if test(part) => return Ok(Value::TRUE),
            Some(_) => {}
            None => {
                let given = vm.type_name(part);
                return Err(vm.type_error(&format!("tuple for {name} must only contain str, not {given}")));
            }
        }
    }
    Ok(Value::FALSE)
}

fn replace(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let s = this_str(vm, args, "replace")?;
    if args.len() < 3 {
        let n = args.len().saturating_sub(1);
        return Err(vm.type_error(&format!("replace() takes at least 2 positional arguments ({n} given)")));
    }
    let [old, new, most] = vm.bind(args.rest(), "replace", ["", "", "count"], 2)?;
    let old = str_argument(vm, old.unwrap_or(Value::NULL), "replace() argument 1 must be str")?;
    let new = str_argument(vm, new.unwrap_or(Value::NULL), "replace() argument 2 must be str")?;
    let most = match most {
        None => -1,
        Some(v) => vm.index_i64(v)?,
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let occurrences = if old.is_empty() {
        s.len() + 1
    } else {
        bytes_search::count(s.bytes(), old.bytes())
    };
    vm.scanned(s.bytes().len());
    if occurrences.min(most) == 0 || old.bytes() == new.bytes() {
        return Ok(vm.plain_str(args.this()));
    }
    let growth = (new.bytes().len() as u64).saturating_mul(occurrences.min(most) as u64);
    vm.check_size(s.bytes().len() as u64 + growth)?;
    let out = bytes_search::replace(s.bytes(), old.bytes(), new.bytes(), most, |b| b & 0xC0 != 0x80);
    Ok(vm.new_wtf8(Wtf8Buf::from_bytes(out).unwrap_or_default()))
}

fn partition_arguments(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult<(PyStr, PyStr)> {
    let s = this_str(vm, args, name)?;
    let (_, [sep]) = vm.method_args(args, &format!("str.{name}"))?;
    let sep = str_argument(vm, sep, "must be str")?;
    if sep.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    Ok((s, sep))
}

fn three(vm: &mut Process, s: &PyStr, head: (usize, usize), tail: (usize, usize), sep: Option<Value>) -> NativeResult {
    let head = vm.substr(s, head.0, head.1);
    let tail = vm.substr(s, tail.0, tail.1);
    let sep = sep.unwrap_or(core::STR);
    Ok(vm.new_tuple(vec![head, sep, tail]))
}
