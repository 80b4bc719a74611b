//! `OrderedDict`: our dicts keep their order anyway, so it is a dict with `move_to_end`, an order-sensitive `==`, and methods that go
//! through those of a subclass as CPython's do.

use heddle_compiler::CompareOp;
use heddle_vm::builtin::containers::dict::{clear_dict, pairs};
use heddle_vm::builtin::containers::repr::{guarded, push_repr};
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::object::Obj;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// `collections.OrderedDict`
pub static ORDERED_DICT: TypeDef = TypeDef {
    name: "OrderedDict",
    module: "collections",
    base: Some(TypeRef::Core(core::DICT)),
    layout: Layout::Dict,
    flags: type_flags::BASETYPE | type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
    members: &[&[
        heddle_vm::builtin::objects::object::INSTANCE_DICT_ENTRY,
        Native::method("__init__", init),
        Native::method("__setitem__", |p, a| dict_method(p, a, names::SETITEM)),
        Native::method("__delitem__", |p, a| dict_method(p, a, names::DELITEM)),
        Native::method("__eq__", |p, a| equal(p, a, true)),
        Native::method("__ne__", |p, a| equal(p, a, false)),
        Native::method("__repr__", repr),
        Native::method("__reduce__", reduce).sig("($self, /)"),
        Native::method("__or__", |p, a| or(p, a, false)),
        Native::method("__ror__", |p, a| or(p, a, true)),
        Native::method("__ior__", |p, a| {
            update(p, Args::positional(a.pos), "update")?;
            Ok(a.this())
        }),
        Native::method("update", |p, a| update(p, a, "update")),
        Native::method("pop", pop).sig("($self, /, key, default=<unrepresentable>)"),
        Native::method("popitem", popitem).sig("($self, /, last=True)"),
        Native::method("setdefault", setdefault).sig("($self, /, key, default=None)"),
        Native::method("move_to_end", move_to_end).sig("($self, /, key, last=True)"),
        Native::method("clear", |p, a| {
            clear_dict(p, a.this());
            Ok(Value::NONE)
        })
        .sig("($self, /)"),
        Native::method("copy", copy).sig("($self, /)"),
        Native::method("__copy__", copy).sig("($self, /)"),
        Native::class_method("fromkeys", fromkeys).sig("($type, /, iterable, value=None)"),
    ]],
    doc: "Dictionary that remembers insertion order",
    finish: None,
};

/// The method of `dict` itself: what a subclass that overrides `__setitem__` calls.
fn dict_method(p: &mut Process, args: Args<'_>, name: Value) -> NativeResult {
    match p.lookup_in_type(core::DICT, name) {
        Some(method) => p.tail_call_kw(method, args),
        None => Ok(Value::NONE),
    }
}

/// Does the class store and remove keys as `dict` does?
fn is_plain(p: &mut Process, this: Value) -> bool {
    let class = p.type_of(this);
    let own = p.native_type(&ORDERED_DICT);
    class == own
        || [names::SETITEM, names::DELITEM, names::GETITEM, names::MISSING]
            .into_iter()
            .all(|name| p.lookup_in_type(class, name) == p.lookup_in_type(own, name))
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    update(p, args, "OrderedDict")
}

/// `MutableMapping.update`, by way of `__setitem__` for subclasses.
fn update(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let this = args.this();
    if args.len() > 2 {
        let given = args.len() - 1;
        return Err(p.type_error(&format!("{name} expected at most 1 argument, got {given}")));
    }
    if is_plain(p, this) {
        if let Some(other) = args.get(1) {
            p.dict_update(this, other)?;
        }
        for &(key, value) in args.kw {
            p.dict_set_str(this, key, value);
        }
        return Ok(Value::NONE);
    }
    let run = p.prelude_function("_update_mapping");
    let keywords = p.new_dict();
    for &(key, value) in args.kw {
        p.dict_set_str(keywords, key, value);
    }
    let other = match args.get(1) {
        Some(other) => other,
        None => p.new_tuple(Vec::new()),
    };
    p.call(run, &[this, other, keywords])?;
    Ok(Value::NONE)
}

fn equal(p: &mut Process, args: Args<'_>, wanted: bool) -> NativeResult {
    let (this, [other]) = p.method_args(args, if wanted { "__eq__" } else { "__ne__" })?;
    if p.as_dict(this).is_none() || p.as_dict(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let Some(method) = p.lookup_in_type(core::DICT, names::EQ) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let same = p.call(method, &[this, other])?;
    let mut same = p.truth(same)?;
    let own = p.native_type(&ORDERED_DICT);
    if same && p.is_instance(other, own) {
        let (a, b) = (pairs(p, this), pairs(p, other));
        for ((a, _), (b, _)) in a.into_iter().zip(b) {
            let equal = p.compare(CompareOp::Eq, a, b)?;
            if a != b && !p.truth(equal)? {
                same = false;
                break;
            }
        }
    }
    Ok(Value::from_bool(same == wanted))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let name = p.type_name(this);
    if p.as_dict(this).is_none_or(|d| d.is_empty()) {
        return Ok(p.new_str(&format!("{name}()")));
    }
    let class = p.type_of(this);
    let own = p.native_type(&ORDERED_DICT);
    let items = if class == own {
        pairs(p, this)
    } else {
        let view = p.getattr(this, names::ITEMS)?;
        let view = p.call(view, &[])?;
        let mut items = Vec::new();
        for pair in p.list_from_iterable(view)? {
            match p.as_tuple(pair) {
                Some(&[k, v]) => items.push((k, v)),
                _ => return Err(p.type_error("items() must give pairs")),
            }
        }
        items
    };
    guarded(p, this, "...", |p| {
        let mut text = Wtf8Buf::from(format!("{name}({{"));
        for (i, (key, value)) in items.into_iter().enumerate() {
            text.push_str(if i > 0 { ", " } else { "" });
            push_repr(p, &mut text, key)?;
            text.push_str(": ");
            push_repr(p, &mut text, value)?;
        }
        text.push_str("})");
        Ok(text)
    })
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let class = p.type_of(this);
    let state = p.getattr_text(this, "__getstate__")?;
    let state = p.call(state, &[])?;
    let view = p.getattr(this, names::ITEMS)?;
    let view = p.call(view, &[])?;
    let iterator = p.get_iter(view)?;
    let empty = p.new_tuple(Vec::new());
    Ok(p.new_tuple(vec![class, empty, state, Value::NONE, iterator]))
}

fn or(p: &mut Process, args: Args<'_>, reflected: bool) -> NativeResult {
    let (this, [other]) = p.method_args(args, "__or__")?;
    let own = p.native_type(&ORDERED_DICT);
    if !p.is_instance(this, own) || p.as_dict(other).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let class = p.type_of(this);
    let (first, second) = if reflected { (other, this) } else { (this, other) };
    let result = p.call(class, &[first])?;
    let method = p.getattr_text(result, "update")?;
    p.call(method, &[second])?;
    Ok(result)
}

fn pop(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [key, default] = p.bind(args.rest(), "pop", ["key", "default"], 1)?;
    let key = key.unwrap_or(Value::NONE);
    if is_plain(p, this) {
        return match p.dict_remove(this, key)? {
            Some(v) => Ok(v),
            None => default.ok_or(()).map_err(|()| p.key_error(key)),
        };
    }
    if p.contains(this, key)? {
        let value = p.getitem(this, key)?;
        p.delitem(this, key)?;
        return Ok(value);
    }
    if let Some(default) = default {
        return Ok(default);
    }
    match p.call_special(this, names::MISSING, &[key])? {
        Some(value) => Ok(value),
        None => Err(p.key_error(key)),
    }
}

/// The first or the last entry.
fn end(p: &Process, dict: Value, last: bool) -> Option<(usize, Value, Value)> {
    let entries = p.as_dict(dict)?.raw_entries();
    let live = |(at, e): (usize, &heddle_vm::dict::Entry)| (!e.key.is_null()).then_some((at, e.key, e.value));
    if last {
        entries.iter().enumerate().rev().find_map(live)
    } else {
        entries.iter().enumerate().find_map(live)
    }
}

fn popitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [last] = p.bind(args.rest(), "popitem", ["last"], 0)?;
    let last = match last {
        Some(v) => p.truth(v)?,
        None => true,
    };
    let Some((at, key, value)) = end(p, this, last) else {
        let text = p.new_str("dictionary is empty");
        return Err(p.key_error(text));
    };
    if is_plain(p, this) {
        let pair = p.new_tuple(vec![key, value]);
        p.dict_remove_entry(this, at);
        return Ok(pair);
    }
    let pop = p.getattr_text(this, "pop")?;
    let value = p.call(pop, &[key])?;
    Ok(p.new_tuple(vec![key, value]))
}

fn setdefault(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [key, default] = p.bind(args.rest(), "setdefault", ["key", "default"], 1)?;
    let (key, default) = (key.unwrap_or(Value::NONE), default.unwrap_or(Value::NONE));
    if is_plain(p, this) {
        if let Some(known) = p.dict_get(this, key)? {
            return Ok(known);
        }
        p.dict_set(this, key, default)?;
        return Ok(default);
    }
    if p.contains(this, key)? {
        return p.getitem(this, key);
    }
    p.setitem(this, key, default)?;
    Ok(default)
}

fn move_to_end(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let [key, last] = p.bind(args.rest(), "move_to_end", ["key", "last"], 1)?;
    let last = match last {
        Some(v) => p.truth(v)?,
        None => true,
    };
    let key = key.unwrap_or(Value::NONE);
    let (hash, Some(at)) = p.dict_find(this, key)? else {
        return Err(p.key_error(key));
    };
    if end(p, this, last).is_some_and(|(end, ..)| end == at) {
        return Ok(Value::NONE);
    }
    // Counts stay as they are: what is taken out is put in again.
    if let Obj::Dict(d) = p.heap.get_mut(this) {
        let moved = d.remove(at);
        if last {
            d.insert_new(hash, moved.key, moved.value);
        } else {
            let rest = d.take_all();
            d.insert_new(hash, moved.key, moved.value);
            for entry in rest {
                d.insert_new(entry.hash, entry.key, entry.value);
            }
        }
    }
    Ok(Value::NONE)
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let class = p.type_of(this);
    let result = p.call(class, &[])?;
    if is_plain(p, result) && p.as_dict(result).is_some() {
        p.dict_merge(result, this)?;
    } else {
        let run = p.prelude_function("_update_mapping");
        let nothing = p.new_dict();
        p.call(run, &[result, this, nothing])?;
    }
    if let Some(attributes) = p.existing_dict(this) {
        let into = p.getattr(result, names::DICT)?;
        p.dict_update(into, attributes)?;
    }
    Ok(result)
}

fn fromkeys(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let [iterable, value] = p.bind(args.rest(), "fromkeys", ["iterable", "value"], 1)?;
    let function = p.prelude_function("_fromkeys");
    match iterable {
        Some(iterable) => p.tail_call(function, &[class, iterable, value.unwrap_or(Value::NONE)]),
        None => Err(Unwind::Raise(Value::NONE)),
    }
}
