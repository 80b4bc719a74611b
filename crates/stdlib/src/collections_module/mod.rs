//! `_collections`: `deque` and `defaultdict`. `OrderedDict` and the rest are CPython's Python versions.

use heddle_vm::process::ModuleDef;

mod defaultdict;
mod deque;
mod deque_methods;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_collections",
    doc: "",
    functions: &[],
    types: &[
        &deque::DEQUE,
        &deque::DEQUE_ITERATOR,
        &deque::DEQUE_REVERSE_ITERATOR,
        &defaultdict::DEFAULTDICT,
    ],
    init: None,
};
