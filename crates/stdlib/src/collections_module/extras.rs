//! `_tuplegetter`, the descriptor of named tuples' fields, and `_count_elements`, the loop of `Counter`.

use crate::arguments::fixed;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct TupleGetter {
    index: i64,
    doc: Value,
}
heddle_vm::impl_payload!(TupleGetter, |this, f| f(this.doc));

/// `_collections._tuplegetter`
pub static TUPLEGETTER: TypeDef = TypeDef {
    name: "_tuplegetter",
    module: "collections",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1205),
    flags: 0,
    members: &[&[
        Native::static_method("__new__", new),
        Native::method("__get__", get),
        Native::method("__set__", set),
        Native::method("__delete__", |p, _| {
            Err(p.error(core::ATTRIBUTE_ERROR, "can't delete attribute"))
        }),
        Native::method("__repr__", repr),
        Native::method("__reduce__", reduce),
        Native::getset("__doc__", doc),
    ]],
    doc: "",
    finish: None,
};

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [index, doc] = p.bind(args.rest(), "_tuplegetter", ["", ""], 2)?;
    let index = p.index_i64(index.unwrap_or(Value::NONE))?;
    let doc = doc.unwrap_or(Value::NONE);
    Ok(p.new_payload(args.this(), TupleGetter { index, doc }))
}

fn getter(p: &mut Process, v: Value) -> NativeResult<TupleGetter> {
    match p.heap.payload::<TupleGetter>(v).cloned() {
        Some(getter) => Ok(getter),
        None => Err(p.type_error("descriptor requires a 'collections._tuplegetter' object")),
    }
}

fn get(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(object) = args.get(1).filter(|v| !v.is_null()) else {
        return Ok(this);
    };
    let TupleGetter { index, .. } = getter(p, this)?;
    match p.as_tuple(object) {
        Some(items) => match usize::try_from(index).ok().and_then(|i| items.get(i)) {
            Some(&v) => Ok(v),
            None => Err(p.index_error("tuple index out of range")),
        },
        None if object.is_none() => Ok(this),
        None => {
            let name = p.type_name(object);
            Err(p.type_error(&format!(
                "descriptor for index '{index}' for tuple subclasses doesn't apply to '{name}' object"
            )))
        }
    }
}

fn set(p: &mut Process, args: Args<'_>) -> NativeResult {
    let deletes = args.get(2).is_none_or(Value::is_null);
    let word = if deletes { "delete" } else { "set" };
    Err(p.error(core::ATTRIBUTE_ERROR, &format!("can't {word} attribute")))
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let TupleGetter { index, doc } = getter(p, args.this())?;
    let doc = p.repr_text(doc)?;
    let name = p.type_name(args.this());
    Ok(p.new_str(&format!("{name}({index}, {doc})")))
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let TupleGetter { index, doc } = getter(p, args.this())?;
    let index = p.new_int(index);
    let arguments = p.new_tuple(vec![index, doc]);
    let class = p.type_of(args.this());
    Ok(p.new_tuple(vec![class, arguments]))
}

fn doc(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let TupleGetter { doc, .. } = getter(p, this)?;
    if let Some(new) = args.get(1) {
        p.heap.incref(new);
        if let Some(getter) = p.heap.payload_mut::<TupleGetter>(this) {
            getter.doc = new;
        }
        p.heap.decref(doc);
        return Ok(Value::NONE);
    }
    Ok(doc)
}

/// Counts the items of an iterable into a mapping: here when neither can run Python code, else by a loop in Python.
pub fn count_elements(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [mapping, iterable] = fixed(p, args, "_collections", "_count_elements")?;
    let class = p.type_of(mapping);
    let get = p.intern("get");
    let plain_mapping = p.as_dict(mapping).is_some()
        && p.lookup_in_type(class, get) == p.lookup_in_type(core::DICT, get)
        && p.lookup_in_type(class, names::SETITEM) == p.lookup_in_type(core::DICT, names::SETITEM);
    let simple = |p: &Process, v: &Value| {
        !p.as_type(p.type_of(*v))
            .is_none_or(|t| t.has(type_flags::CUSTOM_EQ_HASH))
    };
    let plain_items = [core::LIST, core::TUPLE, core::STR, core::DICT, core::RANGE, core::BYTES]
        .contains(&p.type_of(iterable))
        && (p
            .as_list(iterable)
            .is_none_or(|items| items.iter().all(|v| simple(p, v))));
    if !plain_mapping || !plain_items || p.as_tuple(iterable).is_some_and(|t| !t.iter().all(|v| simple(p, v))) {
        let run = p.prelude_function("_count_elements");
        return p.tail_call(run, &[mapping, iterable]);
    }
    let items = p.list_from_iterable(iterable)?;
    for item in items {
        let (hash, at) = p.dict_find(mapping, item)?;
        let old = at
            .and_then(|at| p.as_dict(mapping)?.entry(at).map(|e| e.value))
            .unwrap_or(Value::from_i32(0));
        let new = match old.as_small() {
            Some(n) => p.new_int(n + 1),
            None => p.binary(heddle_compiler::BinaryOp::Add, old, Value::from_i32(1))?,
        };
        p.dict_store(mapping, at, hash, item, new);
    }
    Ok(Value::NONE)
}
