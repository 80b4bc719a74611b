//! `_asyncio` (`_asyncio_native`, over which `prelude/_asyncio.py` stands): futures, tasks and their steps, after CPython 3.14's
//! `_asynciomodule.c` in all that a program can see: the order of callbacks, what is asked of a loop and when, texts, finalisers.
//!
//! Which loop runs in a thread, which task is current and which tasks there are stands in `heddle_vm::tasks`.

pub(crate) mod eyes;
mod fields;
mod functions;
mod future;
mod iter;
pub mod quick;
mod schedule;
mod state;
pub mod step;
mod task;

use heddle_vm::process::ModuleDef;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_asyncio_native",
    doc: "Accelerator module for asyncio",
    functions: functions::FUNCTIONS,
    types: &[&future::FUTURE, &task::TASK],
    init: None,
};
