//! Making classes: the `class` statement, `type(name, bases, namespace)`, linearisation, slots.

mod build;
mod create;
mod mro;
mod slots;

pub use build::BUILD_CLASS;
pub use slots::{Slot, mangle};
