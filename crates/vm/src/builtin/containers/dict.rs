//! `dict`.

use super::iters::{DictPart, Iter};
use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use crate::work;
use heddle_compiler::CompareOp;
use rustpython_wtf8::Wtf8Buf;

fn this(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<Value> {
    let this = args.this();
    if p.as_dict(this).is_some() {
        return Ok(this);
    }
    let given = p.type_name(this);
    Err(p.type_error(&format!(
        "descriptor '{name}' for 'dict' objects doesn't apply to a '{given}' object"
    )))
}

/// Keys and values in order.
pub fn pairs(p: &Process, dict: Value) -> Vec<(Value, Value)> {
    p.as_dict(dict)
        .map_or_else(Vec::new, |d| d.iter().map(|e| (e.key, e.value)).collect())
}

impl Process {
    /// A dict with the same entries.
    pub fn copy_dict(&mut self, dict: Value) -> Value {
        let table = self.as_dict(dict).cloned().unwrap_or_default();
        self.worked(table.len(), work::COPY);
        self.heap.alloc(core::DICT, Obj::Dict(Box::new(table)))
    }

    /// Adds all entries of an exact dict (or subclass without own `keys`) to another.
    pub fn dict_merge(&mut self, into: Value, from: Value) -> NativeResult<()> {
        let entries: Vec<_> = self
            .as_dict(from)
            .map_or_else(Vec::new, |d| d.iter().copied().collect());
        // Asked once: comparing keys may change the dicts.
        let python = self.once(|p| {
            let python = entries.iter().any(|e| p.class(e.key).has(type_flags::CUSTOM_EQ_HASH));
            Ok(Value::from_bool(python))
        })?;
        if python == Value::TRUE {
            let fill = self.prelude_function("_dict_merge");
            self.call(fill, &[into, from])?;
            return Ok(());
        }
        let is_copy = self.as_dict(into).is_some_and(|d| d.is_empty());
        self.worked(entries.len(), if is_copy { work::COPY } else { work::STORE });
        for e in entries {
            let at = match self.as_pystr(e.key) {
                Some(_) if self.is_exact(e.key, core::STR) => self.dict_find_str(into, e.key),
                _ => self.dict_find(into, e.key)?.1,
            };
            self.dict_store(into, at, e.hash, e.key, e.value);
        }
        Ok(())
    }

    /// `dict.update(other)` for one positional argument: a mapping or an iterable of pairs.
    pub fn dict_update(&mut self, dict: Value, other: Value) -> NativeResult<()> {
        if self.as_dict(other).is_some()
            && self.lookup_in_type(self.type_of(other), names::ITER) == self.lookup_in_type(core::DICT, names::ITER)
        {
            return self.dict_merge(dict, other);
        }
        if let Some(keys) = self.getattr_opt(other, names::KEYS)? {
            let keys = self.call(keys, &[])?;
            let keys = self.list_from_iterable(keys)?;
            let mut values = Vec::with_capacity(keys.len());
            for &key in &keys {
                match self.getitem(other, key) {
                    Ok(value) => values.push(value),
                    Err(stop) => return self.update_stopped(dict, keys.into_iter().zip(values).collect(), stop),
                }
            }
            return self.store_pairs(dict, keys.into_iter().zip(values).collect());
        }
        let items = self.list_from_iterable(other)?;
        let mut found = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            match self.pair_of(i, item) {
                Ok(pair) => found.push(pair),
                Err(stop) => return self.update_stopped(dict, found, stop),
            }
        }
        self.store_pairs(dict, found)
    }

    /// An update that does not come to its end: what was found before an exception is stored, as in CPython.
    fn update_stopped(&mut self, dict: Value, found: Vec<(Value, Value)>, stop: Unwind) -> NativeResult<()> {
        if let Unwind::Raise(error) = stop
            && let Err(earlier) = self.store_pairs(dict, found)
        {
            self.heap.decref(error);
            return Err(earlier);
        }
        Err(stop)
    }

    fn pair_of(&mut self, i: usize, item: Value) -> NativeResult<(Value, Value)> {
        if self.lookup_in_type(self.type_of(item), names::ITER).is_none() && self.as_pystr(item).is_none() {
            let error = self.type_error("object is not iterable");
            if let Unwind::Raise(e) = error {
                self.add_note(
                    e,
                    &format!("Cannot convert dictionary update sequence element #{i} to a sequence"),
                );
            }
            return Err(error);
        }
        match self.list_from_iterable(item)?.as_slice() {
            [key, value] => Ok((*key, *value)),
            other => {
                let n = other.len();
                Err(self.value_error(&format!(
                    "dictionary update sequence element #{i} has length {n}; 2 is required"
                )))
            }
        }
    }

    /// All hashes and places are found first, since finding may run Python code; then everything is stored.
    fn store_pairs(&mut self, dict: Value, pairs: Vec<(Value, Value)>) -> NativeResult<()> {
        let needs_python = pairs
            .iter()
            .any(|&(k, _)| self.class(k).has(type_flags::CUSTOM_EQ_HASH));
        if needs_python {
            let keys = self.new_list(pairs.iter().map(|x| x.0).collect());
            let values = self.new_list(pairs.iter().map(|x| x.1).collect());
            let fill = self.prelude_function("_dict_fill");
            self.call(fill, &[dict, keys, values])?;
            return Ok(());
        }
        for (key, value) in pairs {
            self.dict_set(dict, key, value)?;
        }
        Ok(())
    }
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(p.heap.alloc(args.this(), Obj::Dict(Box::new(crate::dict::Dict::new()))))
}

fn update_with(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult {
    let dict = this(p, args, name)?;
    let rest = args.rest();
    if rest.pos.len() > 1 {
        return Err(p.type_error(&format!("{name} expected at most 1 argument, got {}", rest.pos.len())));
    }
    if let Some(&other) = rest.pos.first() {
        p.dict_update(dict, other)?;
    }
    for &(key, value) in rest.kw {
        p.dict_set_str(dict, key, value);
    }
    Ok(Value::NONE)
}

fn init(p: &mut Process, args: Args<'_>) -> NativeResult {
    update_with(p, args, "dict")
}

fn update(p: &mut Process, args: Args<'_>) -> NativeResult {
    update_with(p, args, "update")
}

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__len__")?;
    let n = p.as_dict(dict).map_or(0, |d| d.len());
    Ok(p.new_int(n as i64))
}

fn getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__getitem__")?;
    let [key] = p.exactly(args.rest(), "dict.__getitem__")?;
    if let Some(v) = p.dict_get(dict, key)? {
        return Ok(v);
    }
    if !p.is_exact(dict, core::DICT)
        && let Some(v) = p.call_special(dict, names::MISSING, &[key])?
    {
        return Ok(v);
    }
    Err(p.key_error(key))
}

fn setitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__setitem__")?;
    let [key, value] = p.exactly(args.rest(), "dict.__setitem__")?;
    p.dict_set(dict, key, value)?;
    Ok(Value::NONE)
}

fn delitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__delitem__")?;
    let [key] = p.exactly(args.rest(), "dict.__delitem__")?;
    match p.dict_remove(dict, key)? {
        Some(_) => Ok(Value::NONE),
        None => Err(p.key_error(key)),
    }
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__contains__")?;
    let [key] = p.exactly(args.rest(), "dict.__contains__")?;
    Ok(Value::from_bool(p.dict_find(dict, key)?.1.is_some()))
}

fn get(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "get")?;
    let [key, default] = p.bind(args.rest(), "get", ["", ""], 1)?;
    let found = p.dict_get(dict, key.unwrap_or(Value::NONE))?;
    Ok(found.or(default).unwrap_or(Value::NONE))
}

fn setdefault(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "setdefault")?;
    let [key, default] = p.bind(args.rest(), "setdefault", ["", ""], 1)?;
    let (key, default) = (key.unwrap_or(Value::NONE), default.unwrap_or(Value::NONE));
    let (hash, at) = p.dict_find(dict, key)?;
    if let Some(at) = at {
        return Ok(p.as_dict(dict).and_then(|d| d.entry(at)).map_or(default, |e| e.value));
    }
    p.dict_store(dict, None, hash, key, default);
    Ok(default)
}

fn pop(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "pop")?;
    let [key, default] = p.bind(args.rest(), "pop", ["", ""], 1)?;
    let key = key.unwrap_or(Value::NONE);
    match p.dict_remove(dict, key)?.or(default) {
        Some(v) => Ok(v),
        None => Err(p.key_error(key)),
    }
}

fn popitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "popitem")?;
    let last = p.as_dict(dict).and_then(|d| {
        d.raw_entries()
            .iter()
            .enumerate()
            .rev()
            .find(|(_, e)| !e.key.is_null())
            .map(|(i, e)| (i, e.key))
    });
    let Some((at, key)) = last else {
        let message = p.new_str("popitem(): dictionary is empty");
        return Err(p.key_error(message));
    };
    let value = p.dict_remove_entry(dict, at);
    if let Obj::Dict(d) = p.heap.get_mut(dict) {
        d.drop_trailing();
    }
    Ok(p.new_tuple(vec![key, value]))
}

/// Empties a dict.
pub fn clear_dict(p: &mut Process, dict: Value) {
    let (Obj::Dict(d) | Obj::Set(d)) = p.heap.get_mut(dict) else {
        return;
    };
    let old = d.take_all();
    p.heap.adjust_size(-24 * old.len() as i64);
    for e in old {
        p.heap.decref(e.key);
        p.heap.decref(e.value);
    }
}

fn clear(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "clear")?;
    clear_dict(p, dict);
    Ok(Value::NONE)
}

fn copy(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "copy")?;
    Ok(p.copy_dict(dict))
}

fn view(p: &mut Process, args: Args<'_>, name: &str, part: DictPart) -> NativeResult {
    let dict = this(p, args, name)?;
    p.exactly::<0>(args.rest(), &format!("dict.{name}"))?;
    Ok(super::dict_views::new_view(p, dict, part))
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__iter__")?;
    Ok(super::dict_views::iterate(p, dict, DictPart::Keys))
}

fn reversed(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__reversed__")?;
    Ok(super::dict_views::iterate_reversed(p, dict, DictPart::Keys))
}

fn fromkeys(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let [iterable, value] = p.bind(args.rest(), "fromkeys", ["", ""], 1)?;
    let value = value.unwrap_or(Value::NONE);
    let keys = p.list_from_iterable(iterable.unwrap_or(Value::NONE))?;
    if class == core::DICT {
        // Storing may run Python code, and this again behind it.
        let dict = p.once(|p| Ok(p.new_dict()))?;
        p.worked(keys.len(), work::STORE);
        let found = keys.into_iter().map(|k| (k, value)).collect();
        p.store_pairs(dict, found)?;
        return Ok(dict);
    }
    let keys = p.new_list(keys);
    let fill = p.prelude_function("_fromkeys");
    p.tail_call(fill, &[class, keys, value])
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let dict = this(p, args, "__repr__")?;
    super::repr::guarded(p, dict, "{...}", |p| {
        let mut text = Wtf8Buf::from("{");
        for (i, (key, value)) in pairs(p, dict).into_iter().enumerate() {
            text.push_str(if i > 0 { ", " } else { "" });
            super::repr::push_repr(p, &mut text, key)?;
            text.push_str(": ");
            super::repr::push_repr(p, &mut text, value)?;
        }
        text.push_str("}");
        Ok(text)
    })
}

fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let dict = this(p, args, "__eq__")?;
    let [other] = p.exactly(args.rest(), "expected 1 argument")?;
    if p.as_dict(other).is_none() || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let same = same_entries(p, dict, other)?;
    Ok(Value::from_bool(same == (op == CompareOp::Eq)))
}

fn same_entries(p: &mut Process, a: Value, b: Value) -> NativeResult<bool> {
    // Asked once: comparing may change the dicts.
    let python = p.once(|p| {
        let custom = |v: Value| p.class(v).has(type_flags::CUSTOM_EQ_HASH);
        let any = |of: Value| {
            p.as_dict(of)
                .is_some_and(|d| d.iter().any(|e| custom(e.key) || custom(e.value)))
        };
        let same_size = p.as_dict(a).map(|d| d.len()) == p.as_dict(b).map(|d| d.len());
        Ok(Value::from_bool(same_size && (any(a) || any(b))))
    })?;
    if python == Value::TRUE {
        let function = p.prelude_function("_same_entries");
        return Ok(p.call(function, &[a, b])? == Value::TRUE);
    }
    let entries = pairs(p, a);
    if p.as_dict(b).map_or(0, |d| d.len()) != entries.len() {
        return Ok(false);
    }
    for (key, value) in entries {
        match p.dict_get(b, key)? {
            Some(other) if other == value || p.eq(value, other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

static COMPARISONS: &[Native] = &[
    Native::method("__eq__", |p, a| compare(p, a, CompareOp::Eq)),
    Native::method("__ne__", |p, a| compare(p, a, CompareOp::Ne)),
];

fn or(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "dict.__or__")?;
    if p.as_dict(a).is_none() || p.as_dict(b).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let merged = p.once(|p| Ok(p.copy_dict(a)))?;
    p.dict_merge(merged, b)?;
    Ok(merged)
}

fn ror(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "dict.__ror__")?;
    or(p, Args::positional(&[b, a]))
}

fn ior(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "dict.__ior__")?;
    p.dict_update(a, b)?;
    Ok(a)
}

fn sizeof(p: &mut Process, args: Args<'_>) -> NativeResult {
    let n = p.as_dict(args.this()).map_or(0, |d| d.len());
    Ok(p.new_int(64 + 24 * n as i64))
}

static DICT: TypeDef = TypeDef {
    name: "dict",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Dict,
    flags: type_flags::BASETYPE | type_flags::UNHASHABLE | type_flags::MAPPING | type_flags::MATCH_SELF,
    members: &[
        &[
            Native::static_method("__new__", new),
            Native::method("__init__", init),
            Native::method("__len__", len),
            Native::method("__getitem__", getitem).sig("($self, key, /)"),
            Native::method("__setitem__", setitem),
            Native::method("__delitem__", delitem),
            Native::method("__contains__", contains).sig("($self, key, /)"),
            Native::method("get", get).sig("($self, key, default=None, /)"),
            Native::method("setdefault", setdefault).sig("($self, key, default=None, /)"),
            Native::method("pop", pop),
            Native::method("popitem", popitem).sig("($self, /)"),
            Native::method("clear", clear).sig("($self, /)"),
            Native::method("copy", copy).sig("($self, /)"),
            Native::method("update", update),
            Native::method("keys", |p, a| view(p, a, "keys", DictPart::Keys)).sig("($self, /)"),
            Native::method("values", |p, a| view(p, a, "values", DictPart::Values)).sig("($self, /)"),
            Native::method("items", |p, a| view(p, a, "items", DictPart::Items)).sig("($self, /)"),
            Native::method("__iter__", iter),
            Native::method("__reversed__", reversed).sig("($self, /)"),
            Native::class_method("fromkeys", fromkeys).sig("($type, iterable, value=None, /)"),
            Native::method("__repr__", repr),
            Native::method("__or__", or),
            Native::method("__ror__", ror),
            Native::method("__ior__", ior),
            Native::method("__sizeof__", sizeof),
            Native::class_method("__class_getitem__", super::class_getitem),
        ],
        COMPARISONS,
    ],
    doc: "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs",
    finish: Some(super::no_hash),
};

/// The type.
pub static DEFS: super::super::Defs = &[(core::DICT, &DICT)];

/// An iterator over a dict's part as the views make it.
pub fn iter_over(dict: Value, len: usize, part: DictPart) -> Iter {
    Iter::Dict {
        dict,
        at: 0,
        len,
        left: len,
        part,
    }
}
