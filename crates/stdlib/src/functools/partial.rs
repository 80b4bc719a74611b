//! `partial` with the `Placeholder` of Python 3.14.

use heddle_vm::builtin::containers::repr::{guarded, push_repr};
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// A function with some of its arguments.
#[derive(Clone, Debug)]
struct Partial {
    function: Value,
    /// A tuple; it may hold placeholders.
    args: Value,
    /// A dict.
    keywords: Value,
}
heddle_vm::impl_payload!(Partial, |this, f| [this.function, this.args, this.keywords]
    .into_iter()
    .for_each(f));

#[derive(Clone, Debug)]
struct PlaceholderObject;
heddle_vm::impl_payload!(PlaceholderObject);

/// The class of `Placeholder`.
pub static PLACEHOLDER_TYPE: TypeDef = TypeDef {
    name: "_PlaceholderType",
    module: "functools",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1312),
    flags: 0,
    members: &[&[
        Native::static_method("__new__", |p, args| {
            if args.len() > 1 || !args.kw.is_empty() {
                return Err(p.type_error("_PlaceholderType takes no arguments"));
            }
            Ok(placeholder(p))
        }),
        Native::method("__repr__", |p, _| Ok(p.new_str("Placeholder"))),
        Native::method("__reduce__", |p, _| Ok(p.new_str("Placeholder"))),
    ]],
    doc: "The type of the Placeholder singleton.",
    finish: None,
};

const STATE: &str = "_functools";

/// The one `Placeholder`.
pub fn placeholder(p: &mut Process) -> Value {
    if let Some(&v) = p.module_state.get(STATE).and_then(|s| s.first()) {
        return v;
    }
    let class = p.native_type(&PLACEHOLDER_TYPE);
    let v = p.new_payload(class, PlaceholderObject);
    p.heap.incref(v);
    p.module_state.insert(STATE, vec![v]);
    v
}

/// `functools.partial`
pub static PARTIAL: TypeDef = TypeDef {
    name: "partial",
    module: "functools",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1313),
    flags: type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[&[
        Native::static_method("__new__", new),
        Native::method("__call__", call).sig("($self, /, *args, **kwargs)"),
        Native::method("__get__", get),
        Native::method("__repr__", repr),
        Native::method("__reduce__", reduce),
        Native::method("__setstate__", set_state),
        Native::getset("__dict__", super::namespace),
        Native::getset("func", |p, a| part(p, a, |partial| partial.function)),
        Native::getset("args", |p, a| part(p, a, |partial| partial.args)),
        Native::getset("keywords", |p, a| part(p, a, |partial| partial.keywords)),
        Native::class_method("__class_getitem__", heddle_vm::builtin::containers::class_getitem),
    ]],
    doc: "Create a new function with partial application of the given arguments and keywords.",
    finish: None,
};

fn parts(p: &mut Process, v: Value) -> NativeResult<Partial> {
    match p.heap.payload::<Partial>(v).cloned() {
        Some(partial) => Ok(partial),
        None => {
            let name = p.type_name(v);
            Err(p.type_error(&format!(
                "descriptor requires a 'functools.partial' object but received a '{name}'"
            )))
        }
    }
}

fn part(p: &mut Process, args: Args<'_>, which: fn(Partial) -> Value) -> NativeResult {
    if args.len() > 1 {
        return Err(p.error(core::ATTRIBUTE_ERROR, "readonly attribute"));
    }
    parts(p, args.this()).map(which)
}

fn items(p: &Process, tuple: Value) -> Vec<Value> {
    p.as_tuple(tuple).map(<[Value]>::to_vec).unwrap_or_default()
}

/// The arguments with placeholders filled from `more`, and how many of `more` that took. `None`: there are not enough.
fn fill(p: &mut Process, args: &[Value], more: &[Value]) -> Option<(Vec<Value>, usize)> {
    let hole = placeholder(p);
    let mut used = 0;
    let mut all = Vec::with_capacity(args.len() + more.len());
    for &v in args {
        if v == hole {
            all.push(*more.get(used)?);
            used += 1;
        } else {
            all.push(v);
        }
    }
    Some((all, used))
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let Some(mut function) = args.get(1) else {
        return Err(p.type_error("type 'partial' takes at least one argument"));
    };
    if !p.is_callable(function) {
        return Err(p.type_error("the first argument must be callable"));
    }
    let hole = placeholder(p);
    let mut given = args.pos.get(2..).unwrap_or_default().to_vec();
    if given.last() == Some(&hole) {
        return Err(p.type_error("trailing Placeholders are not allowed"));
    }
    if args.kw.iter().any(|&(_, v)| v == hole) {
        return Err(p.type_error("Placeholder cannot be passed as a keyword argument"));
    }
    let mut keywords = p.new_dict();
    // A partial of a partial without attributes of its own becomes one.
    let own_dict = p.heap.side_dict(function);
    let inner = p
        .heap
        .payload::<Partial>(function)
        .filter(|_| own_dict.is_none_or(|d| p.as_dict(d).is_none_or(|d| d.is_empty())))
        .cloned();
    if let Some(inner) = inner {
        let before = items(p, inner.args);
        let holes = before.iter().filter(|v| **v == hole).count();
        let missing = holes.saturating_sub(given.len());
        if given.is_empty() {
            given = before;
        } else {
            given.resize(given.len() + missing, hole);
            let (mut all, used) = fill(p, &before, &given).unwrap_or_default();
            all.extend_from_slice(given.get(used..).unwrap_or_default());
            given = all;
        }
        keywords = p.copy_dict(inner.keywords);
        function = inner.function;
    }
    for &(name, value) in args.kw {
        p.dict_set_str(keywords, name, value);
    }
    let args = p.new_tuple(given);
    Ok(p.new_payload(
        class,
        Partial {
            function,
            args,
            keywords,
        },
    ))
}

fn call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let partial = parts(p, args.this())?;
    let more = args.rest();
    let before = items(p, partial.args);
    let Some((mut all, used)) = fill(p, &before, more.pos) else {
        let hole = placeholder(p);
        let wanted = before.iter().filter(|v| **v == hole).count();
        let given = more.len();
        return Err(p.type_error(&format!(
            "missing positional arguments in 'partial' call; expected at least {wanted}, got {given}"
        )));
    };
    all.extend_from_slice(more.pos.get(used..).unwrap_or_default());
    let mut kw = heddle_vm::builtin::containers::dict::pairs(p, partial.keywords);
    for (name, _) in &mut kw {
        if p.as_pystr(*name).is_none() {
            return Err(p.type_error("keywords must be strings"));
        }
        *name = p.intern_value(*name);
    }
    for &(name, value) in more.kw {
        let text = p.as_pystr(name).cloned();
        let same = |p: &Process, other: Value| {
            other == name || p.as_pystr(other).map(|s| s.bytes()) == text.as_ref().map(|s| s.bytes())
        };
        match kw.iter().position(|(other, _)| same(p, *other)) {
            Some(at) => kw[at].1 = value,
            None => kw.push((name, value)),
        }
    }
    p.tail_call_kw(partial.function, Args { pos: &all, kw: &kw })
}

fn get(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        Some(object) if !object.is_none() && !object.is_null() => Ok(p.bind_method(this, object)),
        _ => Ok(this),
    }
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let partial = parts(p, this)?;
    let class = p.type_of(this);
    let module = p.getattr(class, names::MODULE)?;
    let module = p.str_text(module)?;
    let qualname = p.getattr(class, names::QUALNAME)?;
    let qualname = p.str_text(qualname)?;
    // Logged: printing a key may change the dict.
    let keywords = p.once(|p| {
        let all = heddle_vm::builtin::containers::dict::pairs(p, partial.keywords);
        Ok(p.new_tuple(all.into_iter().flat_map(|(k, v)| [k, v]).collect()))
    })?;
    let keywords = items(p, keywords);
    guarded(p, this, "...", |p| {
        let mut text = Wtf8Buf::from(format!("{module}.{qualname}("));
        push_repr(p, &mut text, partial.function)?;
        for v in items(p, partial.args) {
            text.push_str(", ");
            push_repr(p, &mut text, v)?;
        }
        for pair in keywords.chunks_exact(2) {
            let name = p.str_text(pair[0])?;
            text.push_str(&format!(", {name}="));
            push_repr(p, &mut text, pair[1])?;
        }
        text.push_str(")");
        Ok(text)
    })
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let partial = parts(p, this)?;
    let class = p.type_of(this);
    let namespace = p.existing_dict(this).unwrap_or(Value::NONE);
    let arguments = p.new_tuple(vec![partial.function]);
    let state = p.new_tuple(vec![partial.function, partial.args, partial.keywords, namespace]);
    Ok(p.new_tuple(vec![class, arguments, state]))
}

fn set_state(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [state]) = p.method_args(args, "partial.__setstate__")?;
    parts(p, this)?;
    let invalid = "invalid partial state";
    let &[function, given, keywords, namespace] = items(p, state).as_slice() else {
        return Err(p.type_error(invalid));
    };
    let is_dict = |p: &Process, v: Value| v.is_none() || p.as_dict(v).is_some();
    let fits = p.is_callable(function)
        && p.as_tuple(given).is_some()
        && is_dict(p, keywords)
        && (is_dict(p, namespace) || p.existing_dict(this).is_none());
    if !fits {
        return Err(p.type_error(invalid));
    }
    let all = items(p, given);
    if all.last() == Some(&placeholder(p)) {
        return Err(p.type_error("trailing Placeholders are not allowed"));
    }
    let given = if p.is_exact(given, core::TUPLE) {
        given
    } else {
        p.new_tuple(all)
    };
    let keywords = match keywords.is_none() {
        true => p.new_dict(),
        false if p.is_exact(keywords, core::DICT) => keywords,
        false => p.copy_dict(keywords),
    };
    for v in [function, given, keywords] {
        p.heap.incref(v);
    }
    let state = Partial {
        function,
        args: given,
        keywords,
    };
    if let Some(partial) = p.heap.payload_mut::<Partial>(this) {
        let old = std::mem::replace(partial, state);
        for v in [old.function, old.args, old.keywords] {
            p.heap.decref(v);
        }
    }
    let namespace = if namespace.is_none() { p.new_dict() } else { namespace };
    p.set_object_dict(this, namespace);
    Ok(Value::NONE)
}
