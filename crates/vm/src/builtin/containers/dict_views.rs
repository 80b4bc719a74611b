//! `dict.keys()`, `.values()`, `.items()`.

use super::iters::{DictPart, Iter};
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;
use heddle_compiler::CompareOp;
use rustpython_wtf8::Wtf8Buf;

/// A view of a dict; the class tells which part.
#[derive(Clone, Debug)]
pub struct View {
    /// The dict.
    pub dict: Value,
    /// Which part.
    pub part: DictPart,
}

crate::impl_payload!(View, |this, f| f(this.dict));

/// The view of a dict.
pub fn new_view(p: &mut Process, dict: Value, part: DictPart) -> Value {
    let class = match part {
        DictPart::Keys => core::DICT_KEYS,
        DictPart::Values => core::DICT_VALUES,
        DictPart::Items => core::DICT_ITEMS,
    };
    p.new_payload(class, View { dict, part })
}

/// An iterator over a part of a dict.
pub fn iterate(p: &mut Process, dict: Value, part: DictPart) -> Value {
    let len = p.as_dict(dict).map_or(0, |d| d.len());
    let class = match part {
        DictPart::Keys => core::DICT_KEY_ITERATOR,
        DictPart::Values => core::DICT_VALUE_ITERATOR,
        DictPart::Items => core::DICT_ITEM_ITERATOR,
    };
    p.new_iter(class, super::dict::iter_over(dict, len, part))
}

/// The same from the end.
pub fn iterate_reversed(p: &mut Process, dict: Value, part: DictPart) -> Value {
    let (len, left) = p.as_dict(dict).map_or((0, 0), |d| (d.len(), d.raw_entries().len()));
    let class = match part {
        DictPart::Keys => core::DICT_REVERSE_KEY_ITERATOR,
        DictPart::Values => core::DICT_REVERSE_VALUE_ITERATOR,
        DictPart::Items => core::DICT_REVERSE_ITEM_ITERATOR,
    };
    p.new_iter(class, Iter::DictReversed { dict, left, len, part })
}

fn view_of(p: &mut Process, v: Value) -> NativeResult<View> {
    match p.heap.payload::<View>(v).cloned() {
        Some(view) => Ok(view),
        None => Err(p.type_error("a dict view was expected")),
    }
}

fn len(p: &mut Process, args: Args<'_>) -> NativeResult {
    let view = view_of(p, args.this())?;
    let n = p.as_dict(view.dict).map_or(0, |d| d.len());
    Ok(p.new_int(n as i64))
}

fn iter(p: &mut Process, args: Args<'_>) -> NativeResult {
    let view = view_of(p, args.this())?;
    Ok(iterate(p, view.dict, view.part))
}

fn reversed(p: &mut Process, args: Args<'_>) -> NativeResult {
    let view = view_of(p, args.this())?;
    Ok(iterate_reversed(p, view.dict, view.part))
}

fn contains(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [item]) = p.method_args(args, "__contains__")?;
    let view = view_of(p, this)?;
    if view.part == DictPart::Keys {
        return Ok(Value::from_bool(p.dict_find(view.dict, item)?.1.is_some()));
    }
    let Some([key, value]) = p.as_tuple(item).and_then(|t| <[Value; 2]>::try_from(t).ok()) else {
        return Ok(Value::FALSE);
    };
    match p.dict_get(view.dict, key)? {
        Some(found) => Ok(Value::from_bool(found == value || p.eq(found, value)?)),
        None => Ok(Value::FALSE),
    }
}

fn mapping(p: &mut Process, args: Args<'_>) -> NativeResult {
    let view = view_of(p, args.this())?;
    let class = core::MAPPINGPROXY;
    p.call(class, &[view.dict])
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let name = p.type_name(this);
    super::repr::guarded(p, this, "...", |p| {
        let items = p.list_from_iterable(this)?;
        let list = p.new_list(items);
        let mut text = Wtf8Buf::from(format!("{name}("));
        super::repr::push_repr(p, &mut text, list)?;
        text.push_str(")");
        Ok(text)
    })
}

/// A set with the items of any iterable.
fn as_set(p: &mut Process, v: Value) -> NativeResult {
    let items = p.list_from_iterable(v)?;
    super::set::set_of(p, core::SET, items)
}

fn operator(
    p: &mut Process,
    args: Args<'_>,
    reflected: bool,
    act: fn(&mut Process, Value, Value) -> NativeResult,
) -> NativeResult {
    let (a, [b]) = p.method_args(args, "view operator")?;
    let (a, b) = if reflected { (b, a) } else { (a, b) };
    let left = as_set(p, a)?;
    let right = as_set(p, b)?;
    act(p, left, right)
}

/// Asks the prelude whether all (`_all_in`) or none (`_none_in`) of some items are in a container.
fn ask(p: &mut Process, question: &'static str, items: Value, container: Value) -> NativeResult<bool> {
    let function = p.prelude_function(question);
    Ok(p.call(function, &[items, container])? == Value::TRUE)
}

fn isdisjoint(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, [b]) = p.method_args(args, "isdisjoint")?;
    Ok(Value::from_bool(ask(p, "_none_in", b, a)?))
}

/// By membership, as CPython does: values need not be hashable.
fn compare(p: &mut Process, args: Args<'_>, op: CompareOp) -> NativeResult {
    let (a, [b]) = p.method_args(args, "compare")?;
    if !super::is_any_set(p, b) && p.heap.payload::<View>(b).is_none_or(|v| v.part == DictPart::Values) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let sizes = p.len(a)?.cmp(&p.len(b)?);
    let (possible, items, container) = match op {
        CompareOp::Eq | CompareOp::Ne => (sizes.is_eq(), a, b),
        CompareOp::Lt => (sizes.is_lt(), a, b),
        CompareOp::Le => (sizes.is_le(), a, b),
        CompareOp::Gt => (sizes.is_gt(), b, a),
        CompareOp::Ge => (sizes.is_ge(), b, a),
    };
    // Asked once: comparing may change the dicts.
    let possible = p.once(|_| Ok(Value::from_bool(possible)))? == Value::TRUE;
    let holds = possible && ask(p, "_all_in", items, container)?;
    Ok(Value::from_bool(holds != (op == CompareOp::Ne)))
}

super::comparisons!(compare);

use super::set_operators::{difference, intersection, symmetric_difference, union};

static SET_LIKE: &[Native] = &[
    Native::method("__contains__", contains),
    Native::method("isdisjoint", isdisjoint),
    Native::method("__and__", |p, a| operator(p, a, false, intersection)),
    Native::method("__rand__", |p, a| operator(p, a, true, intersection)),
    Native::method("__or__", |p, a| operator(p, a, false, union)),
    Native::method("__ror__", |p, a| operator(p, a, true, union)),
    Native::method("__sub__", |p, a| operator(p, a, false, difference)),
    Native::method("__rsub__", |p, a| operator(p, a, true, difference)),
    Native::method("__xor__", |p, a| operator(p, a, false, symmetric_difference)),
    Native::method("__rxor__", |p, a| operator(p, a, true, symmetric_difference)),
];

static COMMON: &[Native] = &[
    Native::method("__len__", len),
    Native::method("__iter__", iter),
    Native::method("__reversed__", reversed),
    Native::method("__repr__", repr),
    Native::getter("mapping", mapping),
];

const fn view_def(name: &'static str, members: &'static [&'static [Native]], set_like: bool) -> TypeDef {
    TypeDef {
        name,
        module: "builtins",
        base: Some(TypeRef::Core(core::OBJECT)),
        layout: Layout::Closed,
        flags: if set_like { type_flags::UNHASHABLE } else { 0 },
        members,
        doc: "",
        finish: if set_like { Some(super::no_hash) } else { None },
    }
}

static KEYS: TypeDef = view_def("dict_keys", &[COMMON, SET_LIKE, COMPARISONS], true);
static VALUES: TypeDef = view_def("dict_values", &[COMMON], false);
static ITEMS: TypeDef = view_def("dict_items", &[COMMON, SET_LIKE, COMPARISONS], true);

/// The types.
pub static DEFS: super::super::Defs = &[
    (core::DICT_KEYS, &KEYS),
    (core::DICT_VALUES, &VALUES),
    (core::DICT_ITEMS, &ITEMS),
];
