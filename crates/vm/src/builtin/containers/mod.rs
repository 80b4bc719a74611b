//! Containers and iterators.

use super::Defs;
use crate::function::Args;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::CompareOp;
use std::cmp::Ordering;

pub mod dict;
pub mod dict_views;
pub mod iter_tools;
pub mod iters;
pub mod list;
pub mod range;
pub mod repr;
pub mod sequence;
pub mod set;
pub mod set_operators;
pub mod slice;
pub mod sort;
pub mod tuple;

/// The types of this area.
pub static TABLES: &[Defs] = &[
    list::DEFS,
    tuple::DEFS,
    dict::DEFS,
    dict_views::DEFS,
    set::DEFS,
    range::DEFS,
    slice::DEFS,
    iters::DEFS,
    iter_tools::DEFS,
];

/// Does a comparison hold for this order?
pub fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

/// `__class_getitem__` of containers: `list[int]`.
pub fn class_getitem(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (class, [item]) = p.method_args(args, "__class_getitem__")?;
    p.new_generic_alias(class, item)
}

/// `__hash__ = None`
pub fn no_hash(p: &mut Process, class: Value) -> NativeResult<()> {
    if let Some(dict) = p.as_type(class).map(|t| t.dict) {
        p.dict_set_str(dict, crate::names::HASH, Value::NONE);
    }
    Ok(())
}

/// The six comparison methods over one `compare(p, args, op)`, as the table `COMPARISONS`.
macro_rules! comparisons {
    ($compare:ident) => {
        static COMPARISONS: &[Native] = &[
            Native::method("__eq__", |p, a| $compare(p, a, CompareOp::Eq)),
            Native::method("__ne__", |p, a| $compare(p, a, CompareOp::Ne)),
            Native::method("__lt__", |p, a| $compare(p, a, CompareOp::Lt)),
            Native::method("__le__", |p, a| $compare(p, a, CompareOp::Le)),
            Native::method("__gt__", |p, a| $compare(p, a, CompareOp::Gt)),
            Native::method("__ge__", |p, a| $compare(p, a, CompareOp::Ge)),
        ];
    };
}
pub(crate) use comparisons;

/// The class of items for `isinstance` tests of sets: `set`, `frozenset` and their subclasses.
pub fn is_any_set(p: &Process, v: Value) -> bool {
    p.is_instance(v, core::SET) || p.is_instance(v, core::FROZENSET)
}
