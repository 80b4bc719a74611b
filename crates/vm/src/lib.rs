//! One Python process: heap, objects, frames and bytecode dispatch; knows no clock and no core.

pub mod contract;
