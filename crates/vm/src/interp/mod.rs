//! The interpreter: the loop and, one file per family, what its instructions do.
//!
//! [`run`] dispatches and holds the short paths; whatever may need Python code, allocation or an error goes to a function of another
//! file with the frame's `pc` and `sp` saved, after which the loop starts afresh from the top frame. Slow paths of instructions are natives (`slow`) under the
//! replay protocol, whose result [`Process::deliver`] puts where the instruction at `pc - 1` wants it.

mod attend;
pub mod attr;
pub mod call;
pub mod cost;
pub mod deliver;
pub mod frames;
pub mod generators;
mod inline;
pub mod matching;
pub mod names;
mod native_call;
pub mod operands;
pub(crate) use operands::SUBSCRIPT;
pub mod poly;
pub mod rare;
mod rest;
mod resume;
pub mod run;
mod short;
pub mod slow;
pub mod special;

use crate::contract::Stop;
use crate::value::Value;

/// The way on: the loop continues with the top frame, or the thread stops.
pub type Step<T = ()> = Result<T, Stop>;

/// An inline cache: one per instruction that wants one. Values in it are not counted: the version that guards them says that the class
/// or dict still holds them.
#[derive(Clone, Copy, Debug, Default)]
pub enum Cache {
    /// Nothing known.
    #[default]
    Empty,
    /// A global: version of the dict, number of the entry.
    Global {
        /// Version of the globals.
        version: u64,
        /// Entry in the globals.
        entry: u32,
    },
    /// A built-in name that the globals do not have.
    Builtin {
        /// Version of the globals.
        globals: u64,
        /// Version of the builtins.
        builtins: u64,
        /// Entry in the builtins.
        entry: u32,
    },
    /// An attribute in an instance's values.
    Field {
        /// [`Process::field_epoch`](crate::process::Process::field_epoch).
        epoch: u64,
        /// Shape of the instance.
        shape: u32,
        /// Place in its values.
        place: u32,
    },
    /// A new attribute of an instance: from one shape to the next.
    NewField {
        /// [`Process::field_epoch`](crate::process::Process::field_epoch).
        epoch: u64,
        /// Shape before.
        from: u32,
        /// Shape after.
        to: u32,
    },
    /// A method found in the class, not hidden by an instance of this shape (`NO_SHAPE`: instances have no attributes).
    Method {
        /// Version of the class.
        version: u64,
        /// The function.
        function: Value,
        /// Shape of the instance.
        shape: u32,
    },
    /// A plain value found in the class, likewise.
    ClassValue {
        /// Version of the class.
        version: u64,
        /// The value.
        value: Value,
        /// Shape of the instance.
        shape: u32,
    },
    /// An attribute of a class that is asked itself, found in it or a base, that needs no binding.
    TypeValue {
        /// Version of that class.
        version: u64,
        /// The value.
        value: Value,
    },
    /// An attribute in a module's dict.
    Module {
        /// Version of the dict.
        version: u64,
        /// Entry.
        entry: u32,
    },
    /// A method found in the class that is asked itself: a `classmethod` of a Python function.
    TypeMethod {
        /// Version of that class.
        version: u64,
        /// The function.
        function: Value,
    },
    /// A property whose getter is a Python function of one argument.
    Property {
        /// Version of the class.
        version: u64,
        /// The getter.
        getter: Value,
    },
    /// What `super().name` finds behind `class` for instances of a class.
    Super {
        /// Version of the instance's class.
        version: u64,
        /// Heap index of the class whose bases are searched.
        class: u32,
        /// The function.
        function: Value,
    },
    /// A core class and its `__new__`; see `quick_constructor`.
    New {
        /// The class.
        class: Value,
        /// Its `__new__`.
        def: &'static crate::function::Native,
    },
    /// A class whose instances are made by `object.__new__` and initialised by a Python function (NULL: by nothing).
    Init {
        /// Version of the class.
        version: u64,
        /// `__init__`
        init: Value,
    },
}

/// See [`Cache::Method`].
pub const NO_SHAPE: u32 = u32::MAX;
