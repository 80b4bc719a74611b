//! `re.Match`.

use super::matching::{Found, Subject};
use super::pattern::{Pattern, pattern_of};
use super::substitute;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;

/// A match.
#[derive(Clone, Debug)]
pub struct Match {
    pub pattern: Value,
    pub string: Value,
    pub found: Found,
    pub pos: usize,
    pub endpos: usize,
}
heddle_vm::impl_payload!(Match, |this, f| [this.pattern, this.string].into_iter().for_each(f));

impl Match {
    /// A match object.
    pub fn make(p: &mut Process, pattern: Value, string: Value, found: Found, pos: usize, endpos: usize) -> Value {
        let class = p.native_type(&MATCH);
        p.new_payload(
            class,
            Match {
                pattern,
                string,
                found,
                pos,
                endpos,
            },
        )
    }
}

/// The payload with its pattern and subject.
fn parts(p: &mut Process, v: Value) -> NativeResult<(Match, Pattern, Subject)> {
    let Some(m) = p.heap.payload::<Match>(v).cloned() else {
        return Err(p.type_error("a match object was expected"));
    };
    let pattern = pattern_of(p, m.pattern)?;
    let subject = Subject::of(p, &pattern, m.string)?;
    Ok((m, pattern, subject))
}

/// The number of a group given by number or name.
fn group_number(p: &mut Process, pattern: &Pattern, v: Value) -> NativeResult<usize> {
    let number = if p.is_int(v) {
        p.as_i64(v)
    } else if p.as_dict(pattern.groupindex).is_some() {
        match p.special(v, heddle_vm::names::INDEX)? {
            Some(_) => {
                let n = p.index_value(v)?;
                p.as_i64(n)
            }
            None => p.dict_get(pattern.groupindex, v)?.and_then(|n| p.as_i64(n)),
        }
    } else {
        None
    };
    match number
        .and_then(|n| usize::try_from(n).ok())
        .filter(|n| *n <= pattern.groups)
    {
        Some(n) => Ok(n),
        None => Err(p.index_error("no such group")),
    }
}

/// The text of a group, or `default`.
pub fn group_text(p: &mut Process, m: &Match, subject: &Subject, group: usize, default: Value) -> Value {
    match m.found.spans.get(group).copied().flatten() {
        Some((start, end)) => subject.piece(p, start, end),
        None => default,
    }
}

fn group(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (m, pattern, subject) = parts(p, args.this())?;
    let wanted = args.rest().pos;
    let mut items = Vec::new();
    for &v in wanted {
        let n = group_number(p, &pattern, v)?;
        items.push(group_text(p, &m, &subject, n, Value::NONE));
    }
    match items.as_slice() {
        [] => Ok(group_text(p, &m, &subject, 0, Value::NONE)),
        [one] => Ok(*one),
        _ => Ok(p.new_tuple(items)),
    }
}

fn groups(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [default] = p.bind(args.rest(), "groups", ["default"], 0)?;
    let (m, pattern, subject) = parts(p, args.this())?;
    let default = default.unwrap_or(Value::NONE);
    let items = (1..=pattern.groups)
        .map(|n| group_text(p, &m, &subject, n, default))
        .collect();
    Ok(p.new_tuple(items))
}

fn groupdict(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [default] = p.bind(args.rest(), "groupdict", ["default"], 0)?;
    let (m, pattern, subject) = parts(p, args.this())?;
    let default = default.unwrap_or(Value::NONE);
    let dict = p.new_dict();
    for name in p.list_from_iterable(pattern.groupindex)? {
        let n = group_number(p, &pattern, name)?;
        let text = group_text(p, &m, &subject, n, default);
        p.dict_set(dict, name, text)?;
    }
    Ok(dict)
}

fn span_of(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<Option<(usize, usize)>> {
    let [which] = p.bind(args.rest(), name, [""], 0)?;
    let (m, pattern, _) = parts(p, args.this())?;
    let n = match which {
        Some(v) => group_number(p, &pattern, v)?,
        None => 0,
    };
    Ok(m.found.spans.get(n).copied().flatten())
}

fn place(p: &mut Process, n: Option<usize>) -> Value {
    p.new_int(n.map_or(-1, |n| n as i64))
}

fn start(p: &mut Process, args: Args<'_>) -> NativeResult {
    let span = span_of(p, args, "start")?;
    Ok(place(p, span.map(|s| s.0)))
}

fn end(p: &mut Process, args: Args<'_>) -> NativeResult {
    let span = span_of(p, args, "end")?;
    Ok(place(p, span.map(|s| s.1)))
}

fn pair(p: &mut Process, span: Option<(usize, usize)>) -> Value {
    let both = vec![place(p, span.map(|s| s.0)), place(p, span.map(|s| s.1))];
    p.new_tuple(both)
}

fn span(p: &mut Process, args: Args<'_>) -> NativeResult {
    let span = span_of(p, args, "span")?;
    Ok(pair(p, span))
}

fn regs(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (m, ..) = parts(p, args.this())?;
    let all = m.found.spans.iter().map(|&s| pair(p, s)).collect();
    Ok(p.new_tuple(all))
}

fn expand(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [template] = p.exactly(args.rest(), "expand")?;
    let (m, _, subject) = parts(p, args.this())?;
    let parts = substitute::template_parts(p, m.pattern, template)?;
    substitute::fill(p, &m, &subject, &parts)
}

fn lastindex(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (m, ..) = parts(p, args.this())?;
    Ok(m.found.last.map_or(Value::NONE, |n| Value::from_i32(n as i32)))
}

fn lastgroup(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (m, pattern, _) = parts(p, args.this())?;
    let Some(n) = m.found.last else { return Ok(Value::NONE) };
    Ok(p.as_tuple(pattern.indexgroup)
        .and_then(|t| t.get(n).copied())
        .unwrap_or(Value::NONE))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (m, _, subject) = parts(p, args.this())?;
    let text = group_text(p, &m, &subject, 0, Value::NONE);
    let text = p.repr_text(text)?;
    let (start, end) = m.found.spans.first().copied().flatten().unwrap_or((0, 0));
    Ok(p.new_str(&format!("<re.Match object; span=({start}, {end}), match={text}>")))
}

fn itself(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

/// `re.Match`
pub static MATCH: TypeDef = TypeDef {
    name: "Match",
    module: "re",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1303),
    flags: 0,
    members: &[&[
        Native::method("group", group),
        Native::method("__getitem__", group),
        Native::method("groups", groups),
        Native::method("groupdict", groupdict),
        Native::method("start", start),
        Native::method("end", end),
        Native::method("span", span),
        Native::method("expand", expand),
        Native::getter("regs", regs),
        Native::getter("re", |p, a| Ok(parts(p, a.this())?.0.pattern)),
        Native::getter("string", |p, a| Ok(parts(p, a.this())?.0.string)),
        Native::getter("pos", |p, a| Ok(Value::from_i32(parts(p, a.this())?.0.pos as i32))),
        Native::getter("endpos", |p, a| {
            Ok(Value::from_i32(parts(p, a.this())?.0.endpos as i32))
        }),
        Native::getter("lastindex", lastindex),
        Native::getter("lastgroup", lastgroup),
        Native::method("__repr__", repr),
        Native::method("__copy__", itself),
        Native::method("__deepcopy__", itself),
        Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
    ]],
    doc: "The result of re.match() and re.search().",
    finish: None,
};
