//! `_collections`: `deque`, `defaultdict`, `OrderedDict` and what named tuples and `Counter` need.

use heddle_vm::function::Native;
use heddle_vm::process::ModuleDef;

mod defaultdict;
pub(crate) mod deque;
pub(crate) use deque::Deque;
mod deque_methods;
mod extras;
mod ordered;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_collections",
    doc: "",
    functions: &[Native::function("_count_elements", extras::count_elements).sig("($module, mapping, iterable, /)")],
    types: &[
        &deque::DEQUE,
        &deque::DEQUE_ITERATOR,
        &deque::DEQUE_REVERSE_ITERATOR,
        &defaultdict::DEFAULTDICT,
        &extras::TUPLEGETTER,
        &ordered::ORDERED_DICT,
    ],
    init: None,
};
