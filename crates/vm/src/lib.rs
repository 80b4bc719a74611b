//! One Python process: heap, objects, frames and bytecode dispatch; knows no clock and no core.

pub mod access;
pub mod attr;
pub mod builtin;
pub mod code;
pub mod contract;
pub mod dict;
pub mod dict_access;
pub mod errno;
pub mod frame;
pub mod function;
pub mod generator;
pub mod heap;
pub mod interp;
pub mod lock;
pub mod lookup;
pub mod names;
pub mod native;
pub mod object;
pub mod payload;
pub mod process;
pub mod protocol;
pub mod pystr;
pub mod shape;
pub mod type_boot;
pub mod types;
pub mod value;
