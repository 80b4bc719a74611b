//! `_abc`: abstract base classes, whose `isinstance` and `issubclass` are asked everywhere.
//!
//! The sets of classes that CPython keeps as `WeakSet`s are here maps from heap index to a weak reference: an index that was given
//! to another object meanwhile has a reference that points elsewhere, and counts as absent.
//!
//! Where CPython calls `ABCMeta.__instancecheck__`, a function of `abc.py`, and that calls `_abc`, the natives here take the place of
//! the functions in the class when the first abstract base class is made: no Python frame is needed for a check.

use crate::arguments::fixed;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::object::Obj;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use std::collections::BTreeMap;

/// Classes, weakly held.
type ClassSet = BTreeMap<u32, Value>;

/// What `_abc_data` of a class holds.
#[derive(Clone, Debug, Default)]
struct AbcData {
    /// Weak references to the registered classes, oldest first.
    registry: Vec<Value>,
    cache: ClassSet,
    negative: ClassSet,
    /// The token for which `negative` is right.
    version: i64,
}
heddle_vm::impl_payload!(AbcData, |this, f| {
    this.registry.iter().copied().for_each(&mut *f);
    this.cache.values().copied().for_each(&mut *f);
    this.negative.values().copied().for_each(f);
});

static ABC_DATA: TypeDef = TypeDef {
    name: "_abc_data",
    module: "_abc",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1301),
    flags: 0,
    members: &[],
    doc: "Internal state held by ABC machinery.",
    finish: None,
};

const STATE: &str = "_abc";

/// The number that changes with every registration.
fn token(p: &Process) -> i64 {
    p.module_state
        .get(STATE)
        .and_then(|s| s.first()?.as_small())
        .unwrap_or(0)
}

fn get_cache_token(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [] = fixed(p, args, "_abc", "get_cache_token")?;
    Ok(p.new_int(token(p)))
}

/// The `_abc_data` of a class itself.
fn data_of(p: &mut Process, class: Value) -> NativeResult {
    let name = p.intern("_abc_impl");
    let found = p
        .as_type(class)
        .map(|t| t.dict)
        .and_then(|dict| p.dict_get_str(dict, name))
        .filter(|v| p.heap.payload::<AbcData>(*v).is_some());
    match found {
        Some(data) => Ok(data),
        None => {
            let shown = p.repr_text(class)?;
            Err(p.type_error(&format!("_abc._abc_init() was not called for {shown}")))
        }
    }
}

fn holds(p: &Process, set: impl Fn(&AbcData) -> &ClassSet, data: Value, class: Value) -> bool {
    let reference = p
        .heap
        .payload::<AbcData>(data)
        .zip(class.handle())
        .and_then(|(d, index)| set(d).get(&index).copied());
    reference.is_some_and(|r| p.weak_referent(r) == Some(class))
}

fn add(p: &mut Process, set: impl Fn(&mut AbcData) -> &mut ClassSet, data: Value, class: Value) -> NativeResult<()> {
    let Some(index) = class.handle() else { return Ok(()) };
    let reference = p.new_weakref(core::WEAKREF, class, Value::NONE)?;
    p.heap.incref(reference);
    let old = p
        .heap
        .payload_mut::<AbcData>(data)
        .and_then(|d| set(d).insert(index, reference));
    if let Some(old) = old {
        p.heap.decref(old);
    }
    Ok(())
}

/// Lets go of all members of some sets.
fn clear(p: &mut Process, data: Value, take: impl FnOnce(&mut AbcData) -> Vec<Value>) {
    let gone = p.heap.payload_mut::<AbcData>(data).map(take).unwrap_or_default();
    for v in gone {
        p.heap.decref(v);
    }
}

fn is_abstract(p: &mut Process, v: Value) -> NativeResult<bool> {
    if let Some(Obj::Function(f)) = p.heap.object(v)
        && f.dict.is_null()
    {
        return Ok(false);
    }
    match p.getattr_opt(v, names::ISABSTRACTMETHOD)? {
        Some(answer) => p.truth(answer),
        None => Ok(false),
    }
}

/// The names of the abstract methods of a new class, as a frozenset.
fn abstract_names(p: &mut Process, class: Value) -> NativeResult {
    let (dict, bases) = match p.as_type(class) {
        Some(t) => (t.dict, t.bases),
        None => return Err(p.type_error("_abc_init() argument must be a class")),
    };
    let own: Vec<(Value, Value)> = heddle_vm::builtin::containers::dict::pairs(p, dict);
    let mut found = Vec::new();
    for (name, v) in own {
        if is_abstract(p, v)? {
            found.push(name);
        }
    }
    for base in p.as_tuple(bases).map(<[Value]>::to_vec).unwrap_or_default() {
        let Some(inherited) = p.getattr_opt(base, names::ABSTRACTMETHODS)? else {
            continue;
        };
        for name in p.list_from_iterable(inherited)? {
            let Some(v) = p.getattr_opt(class, name)? else { continue };
            if is_abstract(p, v)? {
                found.push(name);
            }
        }
    }
    heddle_vm::builtin::containers::set::set_of(p, core::FROZENSET, found)
}

fn abc_init(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class] = fixed(p, args, "_abc", "_abc_init")?;
    let abstracts = abstract_names(p, class)?;
    p.setattr(class, names::ABSTRACTMETHODS, abstracts)?;
    let data_class = p.native_type(&ABC_DATA);
    let version = token(p);
    let data = p.new_payload(
        data_class,
        AbcData {
            version,
            ..AbcData::default()
        },
    );
    let name = p.intern("_abc_impl");
    p.type_set(class, name, data);
    replace_checks(p, class);
    let flags_name = p.intern("__abc_tpflags__");
    let Some(dict) = p.as_type(class).map(|t| t.dict) else {
        return Ok(Value::NONE);
    };
    if let Some(flags) = p.dict_remove_str(dict, flags_name) {
        p.type_modified(class);
        let flags = p.as_i64(flags).unwrap_or(0);
        if flags & BOTH_KINDS == BOTH_KINDS {
            return Err(p.type_error("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING"));
        }
        set_kind(p, class, pattern_kind(flags));
    }
    Ok(Value::NONE)
}

/// CPython's `Py_TPFLAGS_SEQUENCE` and `Py_TPFLAGS_MAPPING`.
const BOTH_KINDS: i64 = 1 << 5 | 1 << 6;

/// Our flags for CPython's `Py_TPFLAGS_SEQUENCE` and `Py_TPFLAGS_MAPPING`.
fn pattern_kind(flags: i64) -> u32 {
    match (flags & 1 << 5 != 0, flags & 1 << 6 != 0) {
        (true, _) => type_flags::SEQUENCE,
        (_, true) => type_flags::MAPPING,
        _ => 0,
    }
}

/// Makes a class match as a sequence or mapping in `match`.
fn set_kind(p: &mut Process, class: Value, kind: u32) {
    if let Some(Obj::Type(t)) = p.heap.object(class).is_some().then(|| p.heap.get_mut(class)) {
        t.flags = t.flags & !(type_flags::SEQUENCE | type_flags::MAPPING) | kind;
    }
}

fn set_kind_of_all(p: &mut Process, class: Value, kind: u32) {
    let mut waiting = vec![class];
    while let Some(next) = waiting.pop() {
        let has = p
            .as_type(next)
            .is_none_or(|t| t.has(kind) || t.has(type_flags::IMMUTABLE));
        if !has {
            set_kind(p, next, kind);
            waiting.extend(p.live_subclasses(next));
        }
    }
}

static INSTANCE_CHECK: Native = Native::method("__instancecheck__", instance_check).sig("($self, instance, /)");
static SUBCLASS_CHECK: Native = Native::method("__subclasscheck__", subclass_check).sig("($self, subclass, /)");

/// Puts the natives in the place of the functions of `abc.ABCMeta`, once.
fn replace_checks(p: &mut Process, class: Value) {
    let mro = p
        .as_type(p.type_of(class))
        .and_then(|t| p.as_tuple(t.mro))
        .map(<[Value]>::to_vec)
        .unwrap_or_default();
    for meta in mro {
        let Some(t) = p.as_type(meta) else { continue };
        let dict = t.dict;
        if p.text(t.name) != "ABCMeta" || t.has(type_flags::IMMUTABLE) {
            continue;
        }
        let from_abc = p
            .dict_get_str(dict, names::MODULE)
            .is_some_and(|m| p.as_str(m) == Some("abc"));
        let python = p
            .dict_get_str(dict, names::INSTANCECHECK)
            .is_some_and(|f| matches!(p.heap.object(f), Some(Obj::Function(_))));
        if from_abc && python {
            let check = p.native_descriptor(meta, &INSTANCE_CHECK);
            p.type_set(meta, names::INSTANCECHECK, check);
            let check = p.native_descriptor(meta, &SUBCLASS_CHECK);
            p.type_set(meta, names::SUBCLASSCHECK, check);
        }
        return;
    }
}

fn register(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class, subclass] = fixed(p, args, "_abc", "_abc_register")?;
    if p.as_type(subclass).is_none() {
        return Err(p.type_error("Can only register classes"));
    }
    if p.is_subclass_of(subclass, class)? {
        return Ok(subclass);
    }
    if p.is_subclass_of(class, subclass)? {
        return Err(p.runtime_error("Refusing to create an inheritance cycle"));
    }
    let data = data_of(p, class)?;
    let reference = p.new_weakref(core::WEAKREF, subclass, Value::NONE)?;
    p.heap.incref(reference);
    if let Some(d) = p.heap.payload_mut::<AbcData>(data) {
        d.registry.push(reference);
    }
    let next = p.new_int(token(p) + 1);
    p.module_state.insert(STATE, vec![next]);
    for kind in [type_flags::SEQUENCE, type_flags::MAPPING] {
        if p.as_type(class).is_some_and(|t| t.has(kind)) {
            set_kind_of_all(p, subclass, kind);
        }
    }
    Ok(subclass)
}

/// `cls.__subclasscheck__(subclass)`, which a metaclass may have overridden.
fn ask_subclass(p: &mut Process, class: Value, subclass: Value) -> NativeResult<bool> {
    let answer = p
        .call_special(class, names::SUBCLASSCHECK, &[subclass])?
        .unwrap_or(Value::FALSE);
    p.truth(answer)
}

fn instance_check(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class, instance] = fixed(p, args, "_abc", "_abc_instancecheck")?;
    let data = data_of(p, class)?;
    let own = p.type_of(instance);
    let plain = p.lookup_in_type(own, names::CLASS) == p.lookup_in_type(core::OBJECT, names::CLASS)
        && !p.as_type(own).is_some_and(|t| t.has(type_flags::CUSTOM_GETATTRIBUTE));
    let claimed = if plain { own } else { p.getattr(instance, names::CLASS)? };
    if !p.replaying() {
        if holds(p, |d| &d.cache, data, claimed) {
            return Ok(Value::TRUE);
        }
        let current = p.heap.payload::<AbcData>(data).map(|d| d.version) == Some(token(p));
        if claimed == own && current && holds(p, |d| &d.negative, data, claimed) {
            return Ok(Value::FALSE);
        }
    }
    let answer = ask_subclass(p, class, claimed)? || (claimed != own && ask_subclass(p, class, own)?);
    Ok(Value::from_bool(answer))
}

fn subclass_check(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class, subclass] = fixed(p, args, "_abc", "_abc_subclasscheck")?;
    if p.as_type(subclass).is_none() {
        return Err(p.type_error("issubclass() arg 1 must be a class"));
    }
    let data = data_of(p, class)?;
    // A re-run finds the caches as another thread has left them, but its log answers the questions of its own first run.
    if !p.replaying() {
        if holds(p, |d| &d.cache, data, subclass) {
            return Ok(Value::TRUE);
        }
        let token = token(p);
        if p.heap.payload::<AbcData>(data).map(|d| d.version) != Some(token) {
            clear(p, data, |d| {
                d.version = token;
                std::mem::take(&mut d.negative).into_values().collect()
            });
        } else if holds(p, |d| &d.negative, data, subclass) {
            return Ok(Value::FALSE);
        }
    }
    let answer = uncached(p, class, data, subclass)?;
    if answer {
        add(p, |d| &mut d.cache, data, subclass)?;
    } else {
        add(p, |d| &mut d.negative, data, subclass)?;
    }
    Ok(Value::from_bool(answer))
}

fn uncached(p: &mut Process, class: Value, data: Value, subclass: Value) -> NativeResult<bool> {
    let hook = p.getattr(class, names::SUBCLASSHOOK)?;
    match p.call(hook, &[subclass])? {
        Value::NOT_IMPLEMENTED => {}
        Value::TRUE => return Ok(true),
        Value::FALSE => return Ok(false),
        _ => {
            return Err(p.error(
                core::ASSERTION_ERROR,
                "__subclasshook__ must return either False, True, or NotImplemented",
            ));
        }
    }
    if p.is_subtype(subclass, class) {
        return Ok(true);
    }
    // Logged: registering in one of the answers below must not move the questions of a re-run.
    let registered = p.once(|p| {
        let references = p
            .heap
            .payload::<AbcData>(data)
            .map_or_else(Vec::new, |d| d.registry.clone());
        let classes = references.into_iter().filter_map(|r| p.weak_referent(r)).collect();
        Ok(p.new_tuple(classes))
    })?;
    for other in p.as_tuple(registered).map(<[Value]>::to_vec).unwrap_or_default() {
        if p.is_subclass_of(subclass, other)? {
            return Ok(true);
        }
    }
    let subclasses = p.getattr_text(class, "__subclasses__")?;
    let subclasses = p.call(subclasses, &[])?;
    if p.as_list(subclasses).is_none() {
        return Err(p.type_error("__subclasses__() must return a list"));
    }
    for other in p.as_list(subclasses).cloned().unwrap_or_default() {
        if p.is_subclass_of(subclass, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The members of a set that are alive, as weak references in a Python set.
fn references(p: &mut Process, all: Vec<Value>) -> NativeResult {
    let live = all.into_iter().filter(|r| p.weak_referent(*r).is_some()).collect();
    p.new_set(live)
}

fn get_dump(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class] = fixed(p, args, "_abc", "_get_dump")?;
    let data = data_of(p, class)?;
    let Some(d) = p.heap.payload::<AbcData>(data).cloned() else {
        return Ok(Value::NONE);
    };
    let registry = references(p, d.registry)?;
    let cache = references(p, d.cache.into_values().collect())?;
    let negative = references(p, d.negative.into_values().collect())?;
    let version = p.new_int(d.version);
    Ok(p.new_tuple(vec![registry, cache, negative, version]))
}

fn reset_registry(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class] = fixed(p, args, "_abc", "_reset_registry")?;
    let data = data_of(p, class)?;
    clear(p, data, |d| std::mem::take(&mut d.registry));
    Ok(Value::NONE)
}

fn reset_caches(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class] = fixed(p, args, "_abc", "_reset_caches")?;
    let data = data_of(p, class)?;
    clear(p, data, |d| {
        let cache = std::mem::take(&mut d.cache).into_values();
        cache.chain(std::mem::take(&mut d.negative).into_values()).collect()
    });
    Ok(Value::NONE)
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_abc",
    doc: "Module contains faster C implementation of abc.ABCMeta",
    functions: &[
        Native::function("get_cache_token", get_cache_token).sig("($module, /)"),
        Native::function("_abc_init", abc_init).sig("($module, self, /)"),
        Native::function("_abc_register", register).sig("($module, self, subclass, /)"),
        Native::function("_abc_instancecheck", instance_check).sig("($module, self, instance, /)"),
        Native::function("_abc_subclasscheck", subclass_check).sig("($module, self, subclass, /)"),
        Native::function("_get_dump", get_dump).sig("($module, self, /)"),
        Native::function("_reset_registry", reset_registry).sig("($module, self, /)"),
        Native::function("_reset_caches", reset_caches).sig("($module, self, /)"),
    ],
    types: &[],
    init: None,
};
