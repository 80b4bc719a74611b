//! The methods that `bytes` and `bytearray` share; results are of the class of the instance.

use super::bytes::this_bytes;
use super::bytes_search;
use super::repr::bytes_repr;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

/// White space in bytes.
fn space(b: u8) -> bool {
    matches!(b, b' ' | b'\t'..=b'\r')
}

macro_rules! mapped {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            let data = no_arguments(vm, args, $name)?;
            let f: fn(&[u8]) -> Vec<u8> = $f;
            Ok(vm.new_bytes_like(args.this(), f(&data)))
        })
        .sig("($self, /)")
    };
}

macro_rules! test {
    ($name:literal, $f:expr) => {
        Native::method($name, |vm, args| {
            let data = no_arguments(vm, args, $name)?;
            let f: fn(&[u8]) -> bool = $f;
            Ok(Value::from_bool(f(&data)))
        })
        .sig("($self, /)")
    };
}

fn no_arguments(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult<super::buffer::ByteData> {
    let data = this_bytes(vm, args, name)?;
    if args.len() != 1 || !args.kw.is_empty() {
        let owner = vm.type_name(args.this());
        vm.exactly::<0>(args.rest(), &format!("{owner}.{name}"))?;
    }
    Ok(data)
}

fn all(data: &[u8], f: fn(&u8) -> bool) -> bool {
    !data.is_empty() && data.iter().all(f)
}

fn is_title(data: &[u8]) -> bool {
    let (mut found, mut after) = (false, false);
    for b in data {
        match b {
            b'A'..=b'Z' if after => return false,
            b'a'..=b'z' if !after => return false,
            b if b.is_ascii_alphabetic() => (found, after) = (true, true),
            _ => after = false,
        }
    }
    found
}

/// Predicates and case.
pub(super) const LAYOUT: &[Native] = &[
    mapped!("upper", |d| d.to_ascii_uppercase()),
    mapped!("lower", |d| d.to_ascii_lowercase()),
    mapped!("swapcase", |d| {
        let swap = |b: &u8| {
            if b.is_ascii_uppercase() {
                b.to_ascii_lowercase()
            } else {
                b.to_ascii_uppercase()
            }
        };
        d.iter().map(swap).collect()
    }),
    mapped!("capitalize", |d| {
        let mut out = d.to_ascii_lowercase();
        if let Some(first) = out.first_mut() {
            first.make_ascii_uppercase();
        }
        out
    }),
    mapped!("title", |d| {
        let mut after = false;
        let one = |b: &u8| {
            let out = if after {
                b.to_ascii_lowercase()
            } else {
                b.to_ascii_uppercase()
            };
            after = b.is_ascii_alphabetic();
            out
        };
        d.iter().map(one).collect()
    }),
    test!("isalpha", |d| all(d, u8::is_ascii_alphabetic)),
    test!("isalnum", |d| all(d, u8::is_ascii_alphanumeric)),
    test!("isdigit", |d| all(d, u8::is_ascii_digit)),
    test!("isspace", |d| all(d, |b| space(*b))),
    test!("isascii", |d| d.is_ascii()),
    test!("islower", |d| d.iter().any(u8::is_ascii_lowercase)
        && !d.iter().any(u8::is_ascii_uppercase)),
    test!("isupper", |d| d.iter().any(u8::is_ascii_uppercase)
        && !d.iter().any(u8::is_ascii_lowercase)),
    test!("istitle", is_title),
    Native::method("center", |vm, args| justify(vm, args, "center")).sig("($self, width, fillchar=b' ', /)"),
    Native::method("ljust", |vm, args| justify(vm, args, "ljust")).sig("($self, width, fillchar=b' ', /)"),
    Native::method("rjust", |vm, args| justify(vm, args, "rjust")).sig("($self, width, fillchar=b' ', /)"),
    Native::method("zfill", zfill).sig("($self, width, /)"),
    Native::method("expandtabs", expandtabs).sig("($self, /, tabsize=8)"),
    Native::method("hex", hex).sig("($self, /, sep=<unrepresentable>, bytes_per_sep=1)"),
    Native::class_method("fromhex", from_hex).sig("($type, string, /)"),
    Native::method("decode", |vm, args| {
        this_bytes(vm, args, "decode")?;
        let [encoding, errors] = vm.bind(args.rest(), "decode", ["encoding", "errors"], 0)?;
        let encoding = vm.name_argument(encoding, "decode", "encoding", "utf-8")?;
        let errors = vm.name_argument(errors, "decode", "errors", "strict")?;
        vm.decode_object(args.this(), &encoding, &errors)
    })
    .sig("($self, /, encoding='utf-8', errors='strict')"),
];

/// Searching, splitting, translating.
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
    Native::method("index", |vm, args| {
        match search(vm, args, "index", bytes_search::find)? {
            Some(n) => Ok(vm.new_int(n as i64)),
            None => Err(vm.value_error("subsection not found")),
        }
    })
    .sig("($self, sub[, start[, end]], /)"),
    Native::method("rindex", |vm, args| {
        match search(vm, args, "rindex", bytes_search::rfind)? {
            Some(n) => Ok(vm.new_int(n as i64)),
            None => Err(vm.value_error("subsection not found")),
        }
    })
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
        let data = this_bytes(vm, args, "removeprefix")?;
        let (this, [part]) = vm.method_args(args, "bytes.removeprefix")?;
        let part = vm.byte_data(part)?;
        let rest = data.strip_prefix(&*part).unwrap_or(&data).to_vec();
        Ok(vm.new_bytes_like(this, rest))
    })
    .sig("($self, prefix, /)"),
    Native::method("removesuffix", |vm, args| {
        let data = this_bytes(vm, args, "removesuffix")?;
        let (this, [part]) = vm.method_args(args, "bytes.removesuffix")?;
        let part = vm.byte_data(part)?;
        let rest = data.strip_suffix(&*part).unwrap_or(&data).to_vec();
        Ok(vm.new_bytes_like(this, rest))
    })
    .sig("($self, suffix, /)"),
    Native::method("replace", replace).sig("($self, old, new, count=-1, /)"),
    Native::method("partition", |vm, args| {
        partition(vm, args, "partition", bytes_search::find, false)
    })
    .sig("($self, sep, /)"),
    Native::method("rpartition", |vm, args| {
        partition(vm, args, "rpartition", bytes_search::rfind, true)
    })
    .sig("($self, sep, /)"),
    Native::method("split", |vm, args| split(vm, args, "split", bytes_search::split, words))
        .sig("($self, /, sep=None, maxsplit=-1)"),
    Native::method("rsplit", |vm, args| {
        split(vm, args, "rsplit", bytes_search::rsplit, words_from_right)
    })
    .sig("($self, /, sep=None, maxsplit=-1)"),
    Native::method("splitlines", splitlines).sig("($self, /, keepends=False)"),
    Native::method("strip", |vm, args| strip(vm, args, "strip", true, true)).sig("($self, bytes=None, /)"),
    Native::method("lstrip", |vm, args| strip(vm, args, "lstrip", true, false)).sig("($self, bytes=None, /)"),
    Native::method("rstrip", |vm, args| strip(vm, args, "rstrip", false, true)).sig("($self, bytes=None, /)"),
    Native::method("join", join).sig("($self, iterable_of_bytes, /)"),
    Native::method("translate", translate).sig("($self, table, /, delete=b'')"),
    Native::static_method("maketrans", maketrans).sig("(frm, to, /)"),
];

/// What is sought: bytes-like, or one byte as an int.
fn needle(vm: &mut Process, v: Value) -> NativeResult<Vec<u8>> {
    if vm.is_bytes_like(v) {
        return vm.buffer_bytes(v);
    }
    if vm.is_int(v) || vm.special(v, crate::names::INDEX)?.is_some() {
        return Ok(vec![vm.byte_of(v, "byte")?]);
    }
    let name = vm.type_name(v);
    Err(vm.type_error(&format!(
        "argument should be integer or bytes-like object, not '{name}'"
    )))
}

fn range(vm: &mut Process, args: Args<'_>, length: usize) -> NativeResult<Option<(usize, usize)>> {
    let (start, end) = (args.get(2), args.get(3));
    if start.is_some_and(|v| vm.as_i64(v).is_some_and(|n| n > length as i64)) {
        return Ok(None);
    }
    let (from, to) = vm.index_range(start, end, length)?;
    Ok((from <= to).then_some((from, to)))
}

fn search(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    finder: fn(&[u8], &[u8]) -> Option<usize>,
) -> NativeResult<Option<usize>> {
    let data = this_bytes(vm, args, name)?;
    vm.between(args.rest(), name, 1, 3)?;
    let needle = needle(vm, args.get(1).unwrap_or(Value::NULL))?;
    let Some((from, to)) = range(vm, args, data.len())? else {
        return Ok(None);
    };
    let found = finder(&data[from..to], &needle);
    vm.scanned(found.unwrap_or(to - from));
    Ok(found.map(|at| from + at))
}

fn count(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let data = this_bytes(vm, args, "count")?;
    vm.between(args.rest(), "count", 1, 3)?;
    let needle = needle(vm, args.get(1).unwrap_or(Value::NULL))?;
    let Some((from, to)) = range(vm, args, data.len())? else {
        return Ok(Value::from_i32(0));
    };
    let n = if needle.is_empty() {
        to - from + 1
    } else {
        bytes_search::count(&data[from..to], &needle)
    };
    vm.scanned(to - from);
    Ok(vm.new_int(n as i64))
}

fn affix(vm: &mut Process, args: Args<'_>, name: &str, holds: fn(&[u8], &[u8]) -> bool) -> NativeResult {
    let data = this_bytes(vm, args, name)?;
    vm.between(args.rest(), name, 1, 3)?;
    let part = args.get(1).unwrap_or(Value::NULL);
    let range = range(vm, args, data.len())?;
    let test = |part: &[u8]| range.is_some_and(|(from, to)| holds(&data[from..to], part));
    if let Some(parts) = vm.as_tuple(part).map(<[Value]>::to_vec) {
        for part in parts {
            let part = vm.byte_data(part)?;
            if test(&part) {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    if !vm.is_bytes_like(part) {
        let given = vm.type_name(part);
        return Err(vm.type_error(&format!(
            "{name} first arg must be bytes or a tuple of bytes, not {given}"
        )));
    }
    let part = vm.byte_data(part)?;
    Ok(Value::from_bool(test(&part)))
}

fn replace(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let data = this_bytes(vm, args, "replace")?;
    vm.between(args.rest(), "replace", 2, 3)?;
    let old = vm.byte_data(args.get(1).unwrap_or(Value::NULL))?;
    let new = vm.byte_data(args.get(2).unwrap_or(Value::NULL))?;
    let most = match args.get(3) {
        None => usize::MAX,
        Some(v) => usize::try_from(vm.index_i64(v)?).unwrap_or(usize::MAX),
    };
    let occurrences = if old.is_empty() {
        data.len() + 1
    } else {
        bytes_search::count(&data, &old)
    };
    vm.check_size(data.len() as u64 + (new.len() as u64).saturating_mul(occurrences.min(most) as u64))?;
    let out = bytes_search::replace(&data, &old, &new, most, |_| true);
    Ok(vm.new_bytes_like(args.this(), out))
}

fn partition(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    finder: fn(&[u8], &[u8]) -> Option<usize>,
    right: bool,
) -> NativeResult {
    let data = this_bytes(vm, args, name)?;
    let (this, [sep]) = vm.method_args(args, name)?;
    let sep_data = vm.byte_data(sep)?;
    if sep_data.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let parts = match finder(&data, &sep_data) {
        Some(at) => [
            data[..at].to_vec(),
            sep_data.to_vec(),
            data[at + sep_data.len()..].to_vec(),
        ],
        None if right => [Vec::new(), Vec::new(), data.to_vec()],
        None => [data.to_vec(), Vec::new(), Vec::new()],
    };
    let items = parts.into_iter().map(|part| vm.new_bytes_like(this, part)).collect();
    Ok(vm.new_tuple(items))
}

type Ranges = Vec<(usize, usize)>;

fn words(data: &[u8], most: usize) -> Ranges {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        while at < data.len() && space(data[at]) {
            at += 1;
        }
        if at == data.len() {
            return out;
        }
        if out.len() == most {
            out.push((at, data.len()));
            return out;
        }
        let from = at;
        while at < data.len() && !space(data[at]) {
            at += 1;
        }
        out.push((from, at));
    }
}

fn words_from_right(data: &[u8], most: usize) -> Ranges {
    let mut out = Vec::new();
    let mut at = data.len();
    loop {
        while at > 0 && space(data[at - 1]) {
            at -= 1;
        }
        if at == 0 {
            break;
        }
        if out.len() == most {
            out.push((0, at));
            break;
        }
        let to = at;
        while at > 0 && !space(data[at - 1]) {
            at -= 1;
        }
        out.push((at, to));
    }
    out.reverse();
    out
}

fn split(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    by: fn(&[u8], &[u8], usize) -> Ranges,
    by_space: fn(&[u8], usize) -> Ranges,
) -> NativeResult {
    let data = this_bytes(vm, args, name)?;
    vm.scanned(data.len());
    let [sep, most] = vm.bind(args.rest(), name, ["sep", "maxsplit"], 0)?;
    let most = match most {
        None => usize::MAX,
        Some(v) => usize::try_from(vm.index_i64(v)?).unwrap_or(usize::MAX),
    };
    let ranges = match sep {
        None | Some(Value::NONE) => by_space(&data, most),
        Some(sep) => {
            let sep = vm.byte_data(sep)?;
            if sep.is_empty() {
                return Err(vm.value_error("empty separator"));
            }
            by(&data, &sep, most)
        }
    };
    let mut items = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        items.push(vm.new_bytes_like(args.this(), data[from..to].to_vec()));
        vm.check_limit()?;
    }
    vm.check_size(8 * items.len() as u64)?;
    Ok(vm.new_list(items))
}

fn splitlines(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let data = this_bytes(vm, args, "splitlines")?;
    let [keep] = vm.bind(args.rest(), "splitlines", ["keepends"], 0)?;
    let keep = match keep {
        None => false,
        Some(v) => vm.truth(v)?,
    };
    let mut items = Vec::new();
    let mut from = 0;
    while from < data.len() {
        let rest = &data[from..];
        let text = rest
            .iter()
            .position(|b| matches!(b, b'\n' | b'\r'))
            .unwrap_or(rest.len());
        let end = match rest.get(text..) {
            Some([b'\r', b'\n', ..]) => text + 2,
            Some([_, ..]) => text + 1,
            _ => text,
        };
        let shown = if keep { end } else { text };
        items.push(vm.new_bytes_like(args.this(), rest[..shown].to_vec()));
        vm.check_limit()?;
        from += end;
    }
    Ok(vm.new_list(items))
}

fn strip(vm: &mut Process, args: Args<'_>, name: &str, left: bool, right: bool) -> NativeResult {
    let data = this_bytes(vm, args, name)?;
    vm.between(args.rest(), name, 0, 1)?;
    let set = match args.get(1) {
        None | Some(Value::NONE) => None,
        Some(v) => Some(vm.byte_data(v)?),
    };
    let goes = |b: &u8| set.as_ref().map_or(space(*b), |set| set.contains(b));
    let from = if left {
        data.iter().take_while(|b| goes(b)).count()
    } else {
        0
    };
    let rest = &data[from..];
    let cut = if right {
        rest.iter().rev().take_while(|b| goes(b)).count()
    } else {
        0
    };
    let kept = rest[..rest.len() - cut].to_vec();
    if kept.len() == data.len() && vm.is_exact(args.this(), crate::types::core::BYTES) {
        return Ok(args.this());
    }
    Ok(vm.new_bytes_like(args.this(), kept))
}

fn join(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let sep = this_bytes(vm, args, "join")?;
    let (this, [items]) = vm.method_args(args, "bytes.join")?;
    if !vm.can_iterate(items) {
        return Err(vm.type_error("can only join an iterable"));
    }
    let items = vm.list_from_iterable(items)?;
    let mut out = Vec::new();
    for (n, item) in items.into_iter().enumerate() {
        if n > 0 {
            out.extend_from_slice(&sep);
        }
        if !vm.is_one_piece(item) {
            let name = vm.type_name(item);
            return Err(vm.type_error(&format!(
                "sequence item {n}: expected a bytes-like object, {name} found"
            )));
        }
        let more = vm.byte_data(item)?;
        vm.check_size((out.len() + more.len()) as u64)?;
        out.extend_from_slice(&more);
    }
    Ok(vm.new_bytes_like(this, out))
}

fn translate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let data = this_bytes(vm, args, "translate")?;
    let [table, delete] = vm.bind(args.rest(), "translate", ["", "delete"], 1)?;
    let table = match table {
        None | Some(Value::NONE) => None,
        Some(v) => Some(vm.byte_data(v)?),
    };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let delete = match delete {
        None => Vec::new(),
        Some(v) => vm.buffer_bytes(v)?,
    };
    let mapped = |b: &u8| {
        table
            .as_ref()
            .and_then(|t| t.get(usize::from(*b)).copied())
            .unwrap_or(*b)
    };
    let out = data.iter().filter(|b| !delete.contains(b)).map(mapped).collect();
    Ok(vm.new_bytes_like(args.this(), out))
}

fn maketrans(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [from, to] = vm.exactly(args, "maketrans")?;
    let (from, to) = (vm.byte_data(from)?, vm.byte_data(to)?);
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (f, t) in from.iter().zip(to.iter()) {
        table[usize::from(*f)] = *t;
    }
    Ok(vm.new_bytes(&table))
}

fn justify(vm: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let data = this_bytes(vm, args, name)?;
    vm.between(args.rest(), name, 1, 2)?;
    let width = match args.get(1) {
        Some(v) => vm.index_i64(v)?.max(0) as usize,
        None => 0,
    };
    let fill = match args.get(2) {
        None => b' ',
        Some(v) => match vm.own_bytes(v).as_deref() {
            Some([b]) => *b,
            _ => {
                let given = vm.type_name(v);
                return Err(vm.type_error(&format!(
                    "{name}() argument 2 must be a byte string of length 1, not {given}"
                )));
            }
        },
    };
    vm.check_size(width as u64)?;
    let padding = width.saturating_sub(data.len());
    let left = match name {
        "ljust" => 0,
        "rjust" => padding,
        _ => padding / 2 + (padding & width & 1),
    };
    let mut out = vec![fill; left];
    out.extend_from_slice(&data);
    out.resize(data.len() + padding, fill);
    Ok(vm.new_bytes_like(args.this(), out))
}

fn zfill(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let data = this_bytes(vm, args, "zfill")?;
    let (this, [width]) = vm.method_args(args, "bytes.zfill")?;
    let width = vm.index_i64(width)?.max(0) as usize;
    vm.check_size(width as u64)?;
    let sign = usize::from(matches!(data.first(), Some(b'+' | b'-')));
    let mut out = data[..sign].to_vec();
    out.resize(sign + width.saturating_sub(data.len()), b'0');
    out.extend_from_slice(&data[sign..]);
    Ok(vm.new_bytes_like(this, out))
}

fn expandtabs(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let data = this_bytes(vm, args, "expandtabs")?;
    let [size] = vm.bind(args.rest(), "expandtabs", ["tabsize"], 0)?;
    let size = match size {
        None => 8,
        Some(v) => vm.index_i64(v)?.max(0) as usize,
    };
    let tabs = data.iter().filter(|b| **b == b'\t').count() as u64;
    vm.check_size(tabs.saturating_mul(size as u64))?;
    let mut out = Vec::with_capacity(data.len());
    let mut column = 0;
    for &b in data.iter() {
        if b == b'\t' {
            let spaces = if size == 0 { 0 } else { size - column % size };
            out.resize(out.len() + spaces, b' ');
            column += spaces;
        } else {
            out.push(b);
            column = if matches!(b, b'\n' | b'\r') { 0 } else { column + 1 };
        }
    }
    Ok(vm.new_bytes_like(args.this(), out))
}

fn hex(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let data = this_bytes(vm, args, "hex")?;
    let text = hex_text(vm, &data, args.rest())?;
    Ok(vm.new_str(&text))
}

/// `hex(sep, bytes_per_sep)` of any bytes.
pub(super) fn hex_text(vm: &mut Process, data: &[u8], args: Args<'_>) -> NativeResult<String> {
    let [sep, per] = vm.bind(args, "hex", ["sep", "bytes_per_sep"], 0)?;
    let per = match per {
        None => 1,
        Some(v) => vm.index_i64(v)?,
    };
    let digits = |b: &u8| format!("{b:02x}");
    let Some(sep) = sep else {
        return Ok(data.iter().map(digits).collect());
    };
    let sep = match (vm.as_str(sep).map(str::to_owned), vm.own_bytes(sep)) {
        (Some(text), _) => text,
        (None, Some(bytes)) => bytes.iter().map(|b| *b as char).collect(),
        (None, None) => {
            vm.len(sep)?;
            return Err(vm.type_error("sep must be str or bytes."));
        }
    };
    let mut chars = sep.chars();
    let (Some(sep), None) = (chars.next(), chars.next()) else {
        return Err(vm.value_error("sep must be length 1."));
    };
    if !sep.is_ascii() {
        return Err(vm.value_error("sep must be ASCII."));
    }
    let size = per.unsigned_abs() as usize;
    if size == 0 {
        return Ok(data.iter().map(digits).collect());
    }
    let mut out = String::new();
    for (i, b) in data.iter().enumerate() {
        // Positive counts group from the right.
        let at = if per > 0 { data.len() - i } else { i };
        if i > 0 && at % size == 0 {
            out.push(sep);
        }
        out.push_str(&digits(b));
    }
    Ok(out)
}

fn from_hex(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let [text] = vm.exactly(args.rest(), "fromhex")?;
    let text = match vm.as_pystr(text).cloned() {
        Some(s) => s.wtf8().code_points().map(|c| c.to_char_lossy()).collect::<Vec<_>>(),
        None if vm.is_bytes_like(text) => vm.buffer_bytes(text)?.into_iter().map(char::from).collect(),
        None => {
            let name = vm.type_name(text);
            return Err(vm.type_error(&format!("fromhex() argument must be str or bytes-like, not {name}")));
        }
    };
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    while at < text.len() {
        if text[at].is_ascii() && space(text[at] as u8) {
            at += 1;
            continue;
        }
        let digit = |i: usize| text.get(i).and_then(|c| c.to_digit(16));
        match (digit(at), digit(at + 1)) {
            (Some(high), Some(low)) => out.push((high * 16 + low) as u8),
            (Some(_), None) if at + 1 >= text.len() => {
                return Err(vm.value_error("fromhex() arg must contain an even number of hexadecimal digits"));
            }
            (high, _) => {
                let bad = at + usize::from(high.is_some());
                return Err(vm.value_error(&format!(
                    "non-hexadecimal number found in fromhex() arg at position {bad}"
                )));
            }
        }
        at += 2;
    }
    let bytes = vm.new_bytes(&out);
    if class == crate::types::core::BYTES {
        return Ok(bytes);
    }
    if class == crate::types::core::BYTEARRAY {
        return Ok(vm.new_bytearray(out));
    }
    vm.tail_call(class, &[bytes])
}

/// The repr of a `bytearray` of that class name.
pub(super) fn bytearray_repr(class: &str, data: &[u8]) -> String {
    format!("{class}({})", bytes_repr(data))
}
