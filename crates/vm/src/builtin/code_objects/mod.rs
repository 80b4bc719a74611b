//! Functions, frames, code, generators as Python sees them.

use super::Defs;
use crate::types::core;

pub mod async_generator;
pub mod code;
pub mod frame_locals;
pub mod function;
pub mod generator;

/// The types of this area.
pub static DEFS: Defs = &[
    (core::FUNCTION, &function::FUNCTION),
    (core::CELL, &function::CELL),
    (core::GENERATOR, &generator::GENERATOR),
    (core::COROUTINE, &generator::COROUTINE),
    (core::COROUTINE_WRAPPER, &generator::COROUTINE_WRAPPER),
    (core::ASYNC_GENERATOR, &async_generator::ASYNC_GENERATOR),
    (core::ASYNC_GENERATOR_ASEND, &async_generator::ASEND),
    (core::ASYNC_GENERATOR_ATHROW, &async_generator::ATHROW),
    (core::CODE, &code::CODE),
    (core::FRAME, &code::FRAME),
    (core::TRACEBACK, &code::TRACEBACK),
];
