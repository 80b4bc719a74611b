//! Struct sequences: tuples with named fields (`time.struct_time`, `sys.version_info`, `os.stat_result` …).
//!
//! One native type serves as base: the class made for each kind carries its field names, and attribute access finds the item by name.
//! Fields beyond the visible ones stand behind the items in `_hidden`, an attribute of the instance.

use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

const FIELDS: &str = "_fields_in_order";
const VISIBLE: &str = "n_sequence_fields";
const HIDDEN: &str = "_hidden";

fn class_value(p: &mut Process, class: Value, name: &str) -> Option<Value> {
    let name = p.intern(name);
    p.lookup_in_type(class, name)
}

fn field_names(p: &mut Process, class: Value) -> Vec<Value> {
    class_value(p, class, FIELDS)
        .and_then(|v| p.as_tuple(v))
        .map_or_else(Vec::new, <[Value]>::to_vec)
}

fn visible_of(p: &mut Process, class: Value) -> usize {
    class_value(p, class, VISIBLE).and_then(|v| p.as_i64(v)).unwrap_or(0) as usize
}

/// A new kind.
pub fn make(p: &mut Process, module: Value, name: Value, fields: Value, visible: usize) -> NativeResult {
    let base = p.native_type(&STRUCTSEQ);
    let bases = p.new_tuple(vec![base]);
    let namespace = p.new_dict();
    let count = p.as_tuple(fields).map_or(0, <[Value]>::len);
    let match_args: Vec<Value> = p
        .as_tuple(fields)
        .map_or_else(Vec::new, |f| f.iter().take(visible).copied().collect());
    let match_args = p.new_tuple(match_args);
    for (key, value) in [
        ("__module__", module),
        (FIELDS, fields),
        ("n_fields", Value::from_i32(count as i32)),
        (VISIBLE, Value::from_i32(visible as i32)),
        ("n_unnamed_fields", Value::from_i32(0)),
        ("__match_args__", match_args),
    ] {
        let key = p.intern(key);
        p.dict_set_str(namespace, key, value);
    }
    p.type_new(core::TYPE, name, bases, namespace, &[])
}

impl Process {
    /// An instance of a struct sequence class from all its fields, hidden ones included.
    pub fn new_structseq(&mut self, class: Value, values: Vec<Value>) -> Value {
        let visible = visible_of(self, class).min(values.len());
        let hidden = values[visible..].to_vec();
        let v = self
            .heap
            .alloc(class, Obj::Tuple(values[..visible].to_vec().into_boxed_slice()));
        if !hidden.is_empty() {
            let dict = self.new_dict();
            let key = self.intern(HIDDEN);
            let hidden = self.new_tuple(hidden);
            self.dict_set_str(dict, key, hidden);
            self.heap.set_side_dict(v, dict);
        }
        v
    }
}

fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    let [sequence, extra] = p.bind(args.rest(), "structseq", ["sequence", "dict"], 1)?;
    let fields = field_names(p, class);
    let visible = visible_of(p, class);
    let mut values = p.list_from_iterable(sequence.unwrap_or(Value::NONE))?;
    if values.len() < visible || values.len() > fields.len() {
        let name = p.dotted_type_name(class);
        let wanted = if visible == fields.len() {
            format!("a {visible}-sequence")
        } else {
            format!("an at least {visible}-sequence")
        };
        return Err(p.type_error(&format!("{name}() takes {wanted} ({}-sequence given)", values.len())));
    }
    for &field in fields.iter().skip(values.len()) {
        let given = match extra {
            Some(d) if p.as_dict(d).is_some() => p.dict_get_str(d, field),
            _ => None,
        };
        values.push(given.unwrap_or(Value::NONE));
    }
    Ok(p.new_structseq(class, values))
}

fn getattribute(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [name]) = p.method_args(args, "__getattribute__")?;
    let class = p.type_of(this);
    if let Some(at) = field_names(p, class).iter().position(|&f| f == name) {
        if let Some(v) = p.as_tuple(this).and_then(|t| t.get(at).copied()) {
            return Ok(v);
        }
        let visible = p.as_tuple(this).map_or(0, <[Value]>::len);
        let key = p.intern(HIDDEN);
        let hidden = p.heap.side_dict(this).and_then(|d| p.dict_get_str(d, key));
        return Ok(hidden
            .and_then(|h| p.as_tuple(h)?.get(at - visible).copied())
            .unwrap_or(Value::NONE));
    }
    match p.plain_getattr(this, name)? {
        Some(v) => Ok(v),
        None => Err(p.attribute_error(this, name)),
    }
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let class = p.type_of(this);
    let mut text = format!("{}(", p.dotted_type_name(class));
    let items = p.as_tuple(this).map_or_else(Vec::new, <[Value]>::to_vec);
    for (i, (name, v)) in field_names(p, class).into_iter().zip(items).enumerate() {
        let r = p.repr_text(v)?;
        text.push_str(if i > 0 { ", " } else { "" });
        text.push_str(&format!("{}={r}", p.text(name)));
    }
    text.push(')');
    Ok(p.new_str(&text))
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let class = p.type_of(this);
    let mut items = p.as_tuple(this).map_or_else(Vec::new, <[Value]>::to_vec);
    let key = p.intern(HIDDEN);
    if let Some(hidden) = p.heap.side_dict(this).and_then(|d| p.dict_get_str(d, key)) {
        items.extend(p.as_tuple(hidden).unwrap_or(&[]));
    }
    let all = p.new_tuple(items);
    let arguments = p.new_tuple(vec![all]);
    Ok(p.new_tuple(vec![class, arguments]))
}

static STRUCTSEQ: TypeDef = TypeDef {
    name: "structseq",
    module: "builtins",
    base: Some(TypeRef::Core(core::TUPLE)),
    layout: Layout::Tuple,
    flags: type_flags::BASETYPE,
    members: &[&[
        Native::static_method("__new__", new),
        Native::method("__getattribute__", getattribute),
        Native::method("__repr__", repr),
        Native::method("__reduce__", reduce),
    ]],
    doc: "",
    finish: None,
};
