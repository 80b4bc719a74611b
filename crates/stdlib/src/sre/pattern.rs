//! `re.Pattern`.

use super::machine::Task;
use super::matching::{Found, How, Subject};
use super::result::Match;
use super::substitute;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use std::rc::Rc;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The source, a str, bytes or None.
    pub pattern: Value,
    pub flags: i64,
    pub codes: Rc<[u32]>,
    pub groups: usize,
    /// Mapping from group names to numbers.
    pub groupindex: Value,
    /// Tuple of group names by number.
    pub indexgroup: Value,
    pub is_bytes: bool,
    /// A scanner's pattern without source: takes text and bytes.
    pub any: bool,
}
heddle_vm::impl_payload!(Pattern, |this, f| [this.pattern, this.groupindex, this.indexgroup]
    .into_iter()
    .for_each(f));

/// The payload of a pattern value.
pub fn pattern_of(p: &mut Process, v: Value) -> NativeResult<Pattern> {
    match p.heap.payload::<Pattern>(v).cloned() {
        Some(pattern) => Ok(pattern),
        None => Err(p.type_error("a compiled pattern was expected")),
    }
}

/// string, pos, endpos of the matching methods.
fn region(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<(Pattern, Value, Subject, usize, usize)> {
    let [string, pos, endpos] = p.bind(args.rest(), name, ["string", "pos", "endpos"], 1)?;
    let pattern = pattern_of(p, args.this())?;
    let string = string.unwrap_or(Value::NONE);
    let subject = Subject::of(p, &pattern, string)?;
    let len = subject.len();
    let mut place = |v: Option<Value>, default: usize| -> NativeResult<usize> {
        match v {
            Some(v) => Ok((p.index_clamped(v)?.max(0) as usize).min(len)),
            None => Ok(default),
        }
    };
    let (start, end) = (place(pos, 0)?, place(endpos, len)?);
    Ok((pattern, string, subject, start, end))
}

fn find(p: &mut Process, args: Args<'_>, name: &str, how: How) -> NativeResult {
    let (pattern, string, subject, start, end) = region(p, args, name)?;
    if start > end {
        return Ok(Value::NONE);
    }
    match subject.first(p, &pattern, start, end, how)? {
        Some(found) => Ok(Match::make(p, args.this(), string, found, start, end)),
        None => Ok(Value::NONE),
    }
}

fn all(
    p: &mut Process,
    args: Args<'_>,
    name: &str,
) -> NativeResult<(Pattern, Value, Subject, usize, usize, Vec<Found>)> {
    let (pattern, string, subject, start, end) = region(p, args, name)?;
    let task = Task {
        start,
        end,
        how: How::Search,
        limit: 0,
    };
    let found = subject.find(p, &pattern, task, false)?;
    Ok((pattern, string, subject, start, end, found))
}

/// What `findall` and `split` give for groups: text, or an empty one for groups that took no part.
fn piece_or_empty(p: &mut Process, subject: &Subject, span: Option<(usize, usize)>) -> Value {
    let (start, end) = span.unwrap_or((0, 0));
    subject.piece(p, start, end)
}

fn findall(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (pattern, _, subject, _, _, found) = all(p, args, "findall")?;
    let mut items = Vec::with_capacity(found.len());
    for f in found {
        let item = match pattern.groups {
            0 => piece_or_empty(p, &subject, f.spans[0]),
            1 => piece_or_empty(p, &subject, f.spans[1]),
            _ => {
                let parts = f.spans[1..]
                    .iter()
                    .map(|&span| piece_or_empty(p, &subject, span))
                    .collect();
                p.new_tuple(parts)
            }
        };
        items.push(item);
        p.check_limit()?;
    }
    p.check_size(8 * items.len() as u64)?;
    Ok(p.new_list(items))
}

/// All matches are found at once: nothing can change the subject while the iterator is read.
fn finditer(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (_, string, _, start, end, found) = all(p, args, "finditer")?;
    let mut matches = Vec::with_capacity(found.len());
    for f in found {
        matches.push(Match::make(p, args.this(), string, f, start, end));
        p.check_limit()?;
    }
    let list = p.new_list(matches);
    p.get_iter(list)
}

fn split(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [string, maxsplit] = p.bind(args.rest(), "split", ["string", "maxsplit"], 1)?;
    let pattern = pattern_of(p, args.this())?;
    let subject = Subject::of(p, &pattern, string.unwrap_or(Value::NONE))?;
    let limit = match maxsplit {
        Some(v) => p.index_i64(v)?,
        None => 0,
    };
    let len = subject.len();
    let found = if limit < 0 {
        Vec::new()
    } else {
        let task = Task {
            start: 0,
            end: len,
            how: How::Search,
            limit: limit as usize,
        };
        subject.find(p, &pattern, task, false)?
    };
    let mut items = Vec::new();
    let mut last = 0;
    for f in found {
        let Some((start, end)) = f.spans[0] else { continue };
        items.push(subject.piece(p, last, start));
        p.check_limit()?;
        for &span in &f.spans[1..] {
            let item = match span {
                Some((a, b)) => subject.piece(p, a, b),
                None => Value::NONE,
            };
            items.push(item);
        }
        last = end;
    }
    items.push(subject.piece(p, last, len));
    Ok(p.new_list(items))
}

fn scanner(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (_, string, _, start, end) = region(p, args, "scanner")?;
    let class = p.native_type(&SCANNER);
    let pattern = args.this();
    Ok(p.new_payload(
        class,
        Scanner {
            pattern,
            string,
            at: start,
            end,
            must_advance: false,
        },
    ))
}

/// An iterator-like object over a subject (`re.Scanner` uses it).
#[derive(Clone, Debug)]
struct Scanner {
    pattern: Value,
    string: Value,
    at: usize,
    end: usize,
    must_advance: bool,
}
heddle_vm::impl_payload!(Scanner, |this, f| [this.pattern, this.string].into_iter().for_each(f));

fn scan(p: &mut Process, args: Args<'_>, how: How) -> NativeResult {
    let this = args.this();
    let Some(state) = p.heap.payload::<Scanner>(this).cloned() else {
        return Ok(Value::NONE);
    };
    let pattern = pattern_of(p, state.pattern)?;
    let subject = Subject::of(p, &pattern, state.string)?;
    if state.at > state.end {
        return Ok(Value::NONE);
    }
    let from = state.at;
    let task = Task {
        start: from,
        end: state.end,
        how,
        limit: 1,
    };
    let refused = state.must_advance.then_some(from);
    let found = subject.find_but(p, &pattern, task, false, refused)?.pop();
    let Some(found) = found else {
        if let Some(s) = p.heap.payload_mut::<Scanner>(this) {
            s.at = s.end + 1;
        }
        return Ok(Value::NONE);
    };
    let (start, end) = found.spans[0].unwrap_or((from, from));
    if let Some(s) = p.heap.payload_mut::<Scanner>(this) {
        s.at = end;
        s.must_advance = start == end;
    }
    Ok(Match::make(p, state.pattern, state.string, found, from, state.end))
}

fn getter(p: &mut Process, args: Args<'_>, read: fn(&Pattern) -> Value) -> NativeResult {
    let pattern = pattern_of(p, args.this())?;
    Ok(read(&pattern))
}

fn groupindex(p: &mut Process, args: Args<'_>) -> NativeResult {
    let pattern = pattern_of(p, args.this())?;
    p.call(core::MAPPINGPROXY, &[pattern.groupindex])
}

const NAMED_FLAGS: &[(i64, &str)] = &[
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let pattern = pattern_of(p, args.this())?;
    let source: String = p.repr_text(pattern.pattern)?.chars().take(200).collect();
    let mut flags = pattern.flags;
    if !pattern.is_bytes && flags & (4 | 256) == 0 {
        flags &= !32;
    }
    let mut names: Vec<String> = Vec::new();
    for &(bit, name) in NAMED_FLAGS {
        if flags & bit != 0 {
            names.push(name.to_owned());
            flags &= !bit;
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    let flags = if names.is_empty() {
        String::new()
    } else {
        format!(", {}", names.join("|"))
    };
    Ok(p.new_str(&format!("re.compile({source}{flags})")))
}

fn same(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "__eq__")?;
    let (Some(x), Some(y)) = (
        p.heap.payload::<Pattern>(a).cloned(),
        p.heap.payload::<Pattern>(b).cloned(),
    ) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let equal = x.flags == y.flags && x.codes == y.codes && x.is_bytes == y.is_bytes && p.eq(x.pattern, y.pattern)?;
    Ok(Value::from_bool(equal))
}

fn hash(p: &mut Process, args: Args<'_>) -> NativeResult {
    let pattern = pattern_of(p, args.this())?;
    let h = p.hash(pattern.pattern)? ^ pattern.flags;
    Ok(p.new_int(if h == -1 { -2 } else { h }))
}

fn itself(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

/// `re.Pattern`
pub static PATTERN: TypeDef = TypeDef {
    name: "Pattern",
    module: "re",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1301),
    flags: type_flags::HAS_WEAKREF,
    members: &[&[
        Native::method("match", |p, a| find(p, a, "match", How::Match)),
        Native::method("fullmatch", |p, a| find(p, a, "fullmatch", How::Full)),
        Native::method("search", |p, a| find(p, a, "search", How::Search)),
        Native::method("findall", findall),
        Native::method("finditer", finditer),
        Native::method("split", split),
        Native::method("scanner", scanner),
        Native::method("sub", |p, a| substitute::sub(p, a, false)),
        Native::method("subn", |p, a| substitute::sub(p, a, true)),
        Native::getter("pattern", |p, a| getter(p, a, |x| x.pattern)),
        Native::getter("flags", |p, a| getter(p, a, |x| Value::from_i32(x.flags as i32))),
        Native::getter("groups", |p, a| getter(p, a, |x| Value::from_i32(x.groups as i32))),
        Native::getter("groupindex", groupindex),
        Native::method("__repr__", repr),
        Native::method("__eq__", same),
        Native::method("__hash__", hash),
        Native::method("__copy__", itself),
        Native::method("__deepcopy__", itself),
        Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
    ]],
    doc: "Compiled regular expression object.",
    finish: None,
};

static SCANNER: TypeDef = TypeDef {
    name: "SRE_Scanner",
    module: "_sre",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1302),
    flags: 0,
    members: &[&[
        Native::method("match", |p, a| scan(p, a, How::Match)),
        Native::method("search", |p, a| scan(p, a, How::Search)),
        Native::getter("pattern", |p, a| {
            Ok(p.heap.payload::<Scanner>(a.this()).map_or(Value::NONE, |s| s.pattern))
        }),
    ]],
    doc: "",
    finish: None,
};
