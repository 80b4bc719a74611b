//! Methods of `str` that take apart and put together: split, splitlines, strip, join.

use super::str::this_str;
use super::{bytes_search, is_space};
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

pub(super) const METHODS: &[Native] = &[
    Native::method("split", |vm, args| split(vm, args, "split", bytes_search::split, words))
        .sig("($self, /, sep=None, maxsplit=-1)"),
    Native::method("rsplit", |vm, args| {
        split(vm, args, "rsplit", bytes_search::rsplit, words_from_right)
    })
    .sig("($self, /, sep=None, maxsplit=-1)"),
    Native::method("splitlines", splitlines).sig("($self, /, keepends=False)"),
    Native::method("strip", |vm, args| strip(vm, args, "strip", true, true)).sig("($self, chars=None, /)"),
    Native::method("lstrip", |vm, args| strip(vm, args, "lstrip", true, false)).sig("($self, chars=None, /)"),
    Native::method("rstrip", |vm, args| strip(vm, args, "rstrip", false, true)).sig("($self, chars=None, /)"),
    Native::method("join", |vm, args| {
        this_str(vm, args, "join")?;
        let (this, [items]) = vm.method_args(args, "str.join")?;
        vm.str_join(this, items)
    })
    .sig("($self, iterable, /)"),
];

type Ranges = Vec<(usize, usize)>;

fn split(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    by: fn(&[u8], &[u8], usize) -> Ranges,
    by_space: fn(&PyStr, usize) -> Ranges,
) -> NativeResult {
    let s = this_str(vm, args, name)?;
    vm.scanned(s.bytes().len());
    let [sep, most] = vm.bind(args.rest(), name, ["sep", "maxsplit"], 0)?;
    let most = match most {
        None => -1,
        Some(v) => vm.index_i64(v)?,
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let ranges = match sep {
        None | Some(Value::NONE) => by_space(&s, most),
        Some(sep) => {
            let Some(sep) = vm.as_pystr(sep).cloned() else {
                let given = vm.type_name(sep);
                return Err(vm.type_error(&format!("must be str or None, not {given}")));
            };
            if sep.is_empty() {
                return Err(vm.value_error("empty separator"));
            }
            by(s.bytes(), sep.bytes(), most)
        }
    };
    pieces(vm, &s, ranges)
}

/// The list of these parts of a text.
fn pieces(vm: &mut Process, s: &PyStr, ranges: Ranges) -> NativeResult {
    let mut items = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        items.push(vm.substr(s, from, to));
        vm.check_limit()?;
    }
    vm.check_size(8 * items.len() as u64)?;
    Ok(vm.new_list(items))
}

/// Byte offset and length of the code points with whether they are white space.
fn spaces(s: &PyStr) -> Vec<(usize, usize, bool)> {
    s.wtf8()
        .code_point_indices()
        .map(|(at, c)| (at, c.len_wtf8(), c.is_char_and(is_space)))
        .collect()
}

fn words(s: &PyStr, most: usize) -> Ranges {
    let n = s.bytes().len();
    let mut out = Vec::new();
    let mut start = None;
    for (at, _, space) in spaces(s) {
        match (start, space) {
            (None, false) => {
                if out.len() == most {
                    out.push((at, n));
                    return out;
                }
                start = Some(at);
            }
            (Some(from), true) => {
                out.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        out.push((from, n));
    }
    out
}

fn words_from_right(s: &PyStr, most: usize) -> Ranges {
    let mut out = Vec::new();
    let mut end = None;
    for (at, length, space) in spaces(s).into_iter().rev() {
        match (end, space) {
            (None, false) => {
                if out.len() == most {
                    out.push((0, at + length));
                    out.reverse();
                    return out;
                }
                end = Some(at + length);
            }
            (Some(to), true) => {
                out.push((at + length, to));
                end = None;
            }
            _ => {}
        }
    }
    if let Some(to) = end {
        out.push((0, to));
    }
    out.reverse();
    out
}

fn is_line_break(c: CodePoint) -> bool {
    matches!(c.to_u32(), 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

fn splitlines(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let s = this_str(vm, args, "splitlines")?;
    vm.scanned(s.bytes().len());
    let [keep] = vm.bind(args.rest(), "splitlines", ["keepends"], 0)?;
    let keep = match keep {
        None => false,
        Some(v) => vm.truth(v)?,
    };
    let mut items = Vec::new();
    let mut from = 0;
    let mut chars = s.wtf8().code_point_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_line_break(c) {
            continue;
        }
        let mut end = at + c.len_wtf8();
        if c.to_u32() == 0x0D && chars.peek().is_some_and(|(_, c)| c.to_u32() == 0x0A) {
            chars.next();
            end += 1;
        }
        items.push((from, if keep { end } else { at }));
        from = end;
    }
    if from < s.bytes().len() {
        items.push((from, s.bytes().len()));
    }
    pieces(vm, &s, items)
}

fn strip(vm: &mut Process, args: Args<'_>, name: &str, left: bool, right: bool) -> NativeResult {
    let s = this_str(vm, args, name)?;
    vm.between(args.rest(), name, 0, 1)?;
    let set = match args.get(1) {
        None | Some(Value::NONE) => None,
        Some(v) => match vm.as_pystr(v) {
            Some(chars) => Some(chars.clone()),
            None => return Err(vm.type_error(&format!("{name} arg must be None or str"))),
        },
    };
    let goes = |c: CodePoint| match &set {
        None => c.is_char_and(is_space),
        Some(set) => set.wtf8().code_points().any(|other| other == c),
    };
    let text = s.wtf8();
    let from = if left {
        text.len() - text.trim_start_matches(goes).len()
    } else {
        0
    };
    let to = if right {
        text.trim_end_matches(goes).len()
    } else {
        text.len()
    };
    if from == 0 && to == text.len() {
        return Ok(vm.plain_str(args.this()));
    }
    Ok(vm.substr(&s, from, to.max(from)))
}

impl Process {
    /// `separator.join(items)`
    pub fn str_join(&mut self, separator: Value, items: Value) -> NativeResult {
        if !self.can_iterate(items) {
            return Err(self.type_error("can only join an iterable"));
        }
        let items = self.list_from_iterable(items)?;
        let Some(sep) = self.as_pystr(separator).cloned() else {
            return Err(self.wrong_self("join", "str", separator));
        };
        let mut size = sep.bytes().len() as u64 * items.len().saturating_sub(1) as u64;
        for (n, &item) in items.iter().enumerate() {
            match self.as_pystr(item) {
                Some(s) => size += s.bytes().len() as u64,
                None => {
                    let name = self.type_name(item);
                    return Err(self.type_error(&format!("sequence item {n}: expected str instance, {name} found")));
                }
            }
        }
        match items[..] {
            [] => return Ok(crate::names::EMPTY),
            [item] if self.is_exact(item, core::STR) => return Ok(item),
            _ => {}
        }
        self.check_size(size)?;
        let mut out = Wtf8Buf::with_capacity(size as usize);
        for (n, &item) in items.iter().enumerate() {
            if n > 0 {
                out.push_wtf8(sep.wtf8());
            }
            if let Some(s) = self.as_pystr(item) {
                out.push_wtf8(s.wtf8());
            }
        }
        Ok(self.new_wtf8(out))
    }

    /// Does the class of the value say that it can be iterated over?
    pub fn can_iterate(&mut self, v: Value) -> bool {
        let class = self.type_of(v);
        match self.lookup_in_type(class, crate::names::ITER) {
            Some(method) => !method.is_none(),
            None => self.lookup_in_type(class, crate::names::GETITEM).is_some(),
        }
    }
}
