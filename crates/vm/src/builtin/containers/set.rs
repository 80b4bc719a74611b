//! `set` and `frozenset`.

use super::iters::Iter;
use super::set_operators as ops;
use crate::dict::Dict;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use crate::work;
use heddle_compiler::CompareOp;
use rustpython_wtf8::Wtf8Buf;

/// A set of a class with these items.
pub fn set_of(p: &mut Process, class: Value, items: Vec<Value>) -> NativeResult {
    let set = p.heap.alloc(class, Obj::Set(Box::new(Dict::new_set())));
    add_all(p, set, items)?;
    Ok(set)
}

/// Adds items to a set. All are hashed before the first is stored, unless a key needs Python code: then the prelude adds one by one.
pub fn add_all(p: &mut Process, set: Value, items: Vec<Value>) -> NativeResult<()> {
    if items.iter().any(|&k| p.class(k).has(type_flags::CUSTOM_EQ_HASH)) {
        let list = p.new_list(items);
        let fill = p.prelude_function("_set_fill");
        p.call(fill, &[set, list])?;
        return Ok(());
    }
    p.worked(items.len(), work::STORE);
    for item in items {
        add_one(p, set, item)?;
    }
    Ok(())
}

/// Keys with their hashes, of what a set takes over without asking anybody: dicts whose keys have hashes in Python.
fn hashed_items(p: &Process, from: Value) -> Option<Vec<(i64, Value)>> {
    let dict = p.as_dict(from).filter(|_| p.is_exact(from, core::DICT))?;
    let custom = |v: Value| p.class(v).has(type_flags::CUSTOM_EQ_HASH);
    dict.iter()
        .any(|e| custom(e.key))
        .then(|| dict.iter().map(|e| (e.hash, e.key)).collect())
}

/// Stores keys that are all different.
fn store_hashed(p: &mut Process, set: Value, entries: Vec<(i64, Value)>) {
    p.worked(entries.len(), work::STORE);
    for (hash, key) in entries {
        p.dict_store(set, None, hash, key, Value::NULL);
    }
}

/// Adds one item; true if it was new.
pub fn add_one(p: &mut Process, set: Value, item: Value) -> NativeResult<bool> {
    let (hash, at) = p.dict_find(set, item)?;
    if at.is_none() {
        p.check_limit()?;
        p.dict_store(set, None, hash, item, Value::NULL);
    }
    Ok(at.is_none())
}

/// The items in table order.
pub fn items(p: &Process, set: Value) -> Vec<Value> {
    match p.heap.object(set) {
        Some(Obj::Set(d)) => d.iter().map(|e| e.key).collect(),
        _ => Vec::new(),
    }
}

fn this(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<Value> {
    let this = args.this();
    if matches!(p.heap.object(this), Some(Obj::Set(_))) {
        return Ok(this);
    }
    let given = p.type_name(this);
    Err(p.type_error(&format!(
        "descriptor '{name}' for 'set' objects doesn't apply to a '{given}' object"
    )))
}

impl Process {
    /// A `set` of these items (none of which needs Python code to be hashed).
    pub fn new_set(&mut self, items: Vec<Value>) -> NativeResult {
        set_of(self, core::SET, items)
    }
}

fn set_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.heap.alloc(args.this(), Obj::Set(Box::new(Dict::new_set()))))
}

fn set_init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "__init__")?;
    let [iterable] = p.bind(args.rest(), "set", [""], 0)?;
    if let Some(from) = iterable
        && set != from
        && let Some(entries) = hashed_items(p, from)
    {
        super::dict::clear_dict(p, set);
        store_hashed(p, set, entries);
        return Ok(Value::NONE);
    }
    let found = match iterable {
        Some(v) => p.list_from_iterable(v)?,
        None => Vec::new(),
    };
    p.once(|p| {
        super::dict::clear_dict(p, set);
        Ok(Value::NONE)
    })?;
    add_all(p, set, found)?;
    Ok(Value::NONE)
}

fn frozenset_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let rest = p.own_keywords(args.rest(), args.this(), core::FROZENSET, crate::names::INIT);
    let [iterable] = p.bind(rest, "frozenset", [""], 0)?;
    if class == core::FROZENSET
        && let Some(v) = iterable.filter(|&v| p.is_exact(v, core::FROZENSET))
    {
        return Ok(v);
    }
    if let Some(entries) = iterable.and_then(|v| hashed_items(p, v)) {
        let set = p.heap.alloc(class, Obj::Set(Box::new(Dict::new_set())));
        store_hashed(p, set, entries);
        return Ok(set);
    }
    let found = match iterable {
        Some(v) => p.list_from_iterable(v)?,
        None => Vec::new(),
    };
    if found.iter().any(|&k| p.class(k).has(type_flags::CUSTOM_EQ_HASH)) {
        let set = p.once(|p| Ok(p.heap.alloc(class, Obj::Set(Box::new(Dict::new_set())))))?;
        add_all(p, set, found)?;
        return Ok(set);
    }
    set_of(p, class, found)
}

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "__len__")?;
    let n = items(p, set).len();
    Ok(p.new_int(n as i64))
}

/// An item to look for; a set given as item is looked for as a frozenset.
fn find(p: &mut Process, set: Value, item: Value) -> NativeResult<Option<usize>> {
    if p.is_instance(item, core::SET) && p.class(item).has(type_flags::UNHASHABLE) {
        let inner = items(p, item);
        let frozen = set_of(p, core::FROZENSET, inner)?;
        return Ok(p.dict_find(set, frozen)?.1);
    }
    Ok(p.dict_find(set, item)?.1)
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "__contains__")?;
    let [item] = p.exactly(args.rest(), "set.__contains__")?;
    Ok(Value::from_bool(find(p, set, item)?.is_some()))
}

fn add(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "add")?;
    let [item] = p.exactly(args.rest(), "set.add")?;
    add_one(p, set, item)?;
    Ok(Value::NONE)
}

fn discard(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "discard")?;
    let [item] = p.exactly(args.rest(), "set.discard")?;
    if let Some(at) = find(p, set, item)? {
        p.dict_remove_entry(set, at);
    }
    Ok(Value::NONE)
}

fn remove(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "remove")?;
    let [item] = p.exactly(args.rest(), "set.remove")?;
    match find(p, set, item)? {
        Some(at) => {
            p.dict_remove_entry(set, at);
            Ok(Value::NONE)
        }
        None => Err(p.key_error(item)),
    }
}

fn pop(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "pop")?;
    let popped = match p.heap.get_mut(set) {
        Obj::Set(d) => d.slot_to_pop().and_then(|at| Some((at, d.entry(at)?.key))),
        _ => None,
    };
    let Some((at, item)) = popped else {
        let message = p.new_str("pop from an empty set");
        return Err(p.key_error(message));
    };
    p.dict_remove_entry(set, at);
    Ok(item)
}

fn clear(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "clear")?;
    super::dict::clear_dict(p, set);
    Ok(Value::NONE)
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "copy")?;
    if p.is_exact(set, core::FROZENSET) {
        return Ok(set);
    }
    let class = if p.is_instance(set, core::FROZENSET) {
        core::FROZENSET
    } else {
        core::SET
    };
    Ok(ops::copy_as(p, set, class))
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "__iter__")?;
    let len = items(p, set).len();
    Ok(p.new_iter(core::SET_ITERATOR, Iter::Set { set, at: 0, len }))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "__repr__")?;
    let name = p.type_name(set);
    if items(p, set).is_empty() {
        return Ok(p.new_str(&format!("{name}()")));
    }
    let plain = p.is_exact(set, core::SET);
    super::repr::guarded(p, set, &format!("{name}(...)"), |p| {
        let mut text = Wtf8Buf::from(if plain { "{".to_owned() } else { format!("{name}({{") });
        for (i, item) in items(p, set).into_iter().enumerate() {
            text.push_str(if i > 0 { ", " } else { "" });
            super::repr::push_repr(p, &mut text, item)?;
        }
        text.push_str(if plain { "}" } else { "})" });
        Ok(text)
    })
}

fn hash(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "__hash__")?;
    let hashes: Vec<i64> = match p.heap.object(set) {
        Some(Obj::Set(d)) => d.iter().map(|e| e.hash).collect(),
        _ => Vec::new(),
    };
    let hash = p.hash_unordered(hashes.into_iter());
    Ok(p.new_int(hash))
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let set = this(p, args, "__eq__")?;
    let [other] = p.exactly(args.rest(), "expected 1 argument")?;
    if !super::is_any_set(p, other) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    ops::compare_sets(p, set, other, op)
}

super::comparisons!(compare);

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let set = this(p, args, "__reduce__")?;
    let class = p.type_of(set);
    let all = items(p, set);
    let list = p.new_list(all);
    let arguments = p.new_tuple(vec![list]);
    let state = p.object_dict(set, false)?.unwrap_or(Value::NONE);
    Ok(p.new_tuple(vec![class, arguments, state]))
}

static COMMON: &[Native] = &[
    Native::method("__len__", len),
    Native::method("__contains__", contains),
    Native::method("__iter__", iter),
    Native::method("__repr__", repr),
    Native::method("copy", copy).sig("($self, /)"),
    Native::method("__reduce__", reduce),
    Native::class_method("__class_getitem__", super::class_getitem),
];

static MUTABLE: &[Native] = &[
    Native::static_method("__new__", set_new),
    Native::method("__init__", set_init),
    Native::method("add", add).sig("($self, object, /)"),
    Native::method("discard", discard).sig("($self, object, /)"),
    Native::method("remove", remove).sig("($self, object, /)"),
    Native::method("pop", pop).sig("($self, /)"),
    Native::method("clear", clear).sig("($self, /)"),
];

static FROZEN: &[Native] = &[
    Native::static_method("__new__", frozenset_new),
    Native::method("__hash__", hash),
];

static SET: TypeDef = TypeDef {
    name: "set",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Set,
    flags: type_flags::BASETYPE | type_flags::UNHASHABLE | type_flags::MATCH_SELF,
    members: &[COMMON, MUTABLE, COMPARISONS, ops::OPERATORS, ops::IN_PLACE],
    doc: "Build an unordered collection of unique elements.",
    finish: Some(super::no_hash),
};

static FROZENSET: TypeDef = TypeDef {
    name: "frozenset",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Set,
    flags: type_flags::BASETYPE | type_flags::MATCH_SELF,
    members: &[COMMON, FROZEN, COMPARISONS, ops::OPERATORS],
    doc: "Build an immutable unordered collection of unique elements.",
    finish: None,
};

/// The types.
pub static DEFS: super::super::Defs = &[(core::SET, &SET), (core::FROZENSET, &FROZENSET)];
