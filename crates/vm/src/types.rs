//! Classes: the type object, the table entries of built-in types, and the fixed handles of the core's own.

use crate::function::Native;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

/// Which payload the instances of a class have ("solid base").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// the names of `Obj`'s variants
pub enum Layout {
    /// `Obj::Instance`
    Object,
    Int,
    Float,
    Complex,
    Str,
    Bytes,
    ByteArray,
    Tuple,
    List,
    Dict,
    Set,
    Type,
    Module,
    Property,
    StaticMethod,
    ClassMethod,
    Exception,
    /// A native payload; the number tells unrelated ones apart (unique per [`TypeDef`] that introduces one).
    Payload(u32),
    /// No instances can be made or inherited from (`NoneType`, `function`, `generator`, iterators …).
    Closed,
}

/// Bits of [`Type::flags`].
pub mod type_flags {
    /// Made by Rust; attributes cannot be set from Python.
    pub const IMMUTABLE: u32 = 1;
    /// May be subclassed.
    pub const BASETYPE: u32 = 2;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u32 = 4;
    /// Instances can be weakly referenced.
    pub const HAS_WEAKREF: u32 = 8;
    /// Some class in the MRO (but not `object`) defines `__getattribute__`.
    pub const CUSTOM_GETATTRIBUTE: u32 = 16;
    /// … defines `__getattr__`.
    pub const HAS_GETATTR: u32 = 32;
    /// … defines `__setattr__` or `__delattr__`.
    pub const CUSTOM_SETATTR: u32 = 64;
    /// … defines `__del__`.
    pub const HAS_DEL: u32 = 128;
    /// … defines `__eq__` or `__hash__` in Python: keys of this class need Python code.
    pub const CUSTOM_EQ_HASH: u32 = 256;
    /// `__hash__` is None.
    pub const UNHASHABLE: u32 = 512;
    /// `__abstractmethods__` is not empty.
    pub const ABSTRACT: u32 = 1024;
    /// Matches as a sequence in `match`.
    pub const SEQUENCE: u32 = 2048;
    /// Matches as a mapping in `match`.
    pub const MAPPING: u32 = 4096;
    /// A class pattern with one positional sub-pattern matches the subject itself (int, str …).
    pub const MATCH_SELF: u32 = 8192;
    /// A subclass of BaseException.
    pub const IS_EXCEPTION: u32 = 16384;
    /// A subclass of `type`.
    pub const IS_METACLASS: u32 = 32768;
}

/// A class.
#[derive(Clone, Debug)]
pub struct Type {
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// `__bases__`: a tuple
    pub bases: Value,
    /// The base whose layout this class has; NULL for `object`.
    pub base: Value,
    /// `__mro__`: a tuple that begins with the class itself (not counted, to avoid the cycle: see `children`).
    pub mro: Value,
    /// The namespace: a dict (module, doc, methods …).
    pub dict: Value,
    /// See [`type_flags`].
    pub flags: u32,
    /// Payload of the instances.
    pub layout: Layout,
    /// Root shape of the instances (its size is the number of slots).
    pub shape: u32,
    /// Number of slots of instances, inherited ones included.
    pub slot_count: u32,
    /// Changes whenever an attribute of the class or of one of its bases changes; unique over all classes. 0 = never cache.
    pub version: u64,
    /// Subclasses, as heap indices, oldest first (not counted; dead ones are removed when a class is freed).
    pub subclasses: Vec<u32>,
    /// The table entry of a built-in type.
    pub def: Option<&'static TypeDef>,
}

impl Type {
    /// Calls `f` with every value held.
    pub fn children(&self, f: &mut dyn FnMut(Value)) {
        [self.name, self.qualname, self.bases, self.base, self.mro, self.dict]
            .into_iter()
            .for_each(f);
    }

    /// Is this bit set?
    #[inline(always)]
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

/// The table entry of a built-in type.
#[derive(Debug)]
pub struct TypeDef {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// The base; None for `object`.
    pub base: Option<TypeRef>,
    /// Payload of instances.
    pub layout: Layout,
    /// [`type_flags`] beyond what is inherited.
    pub flags: u32,
    /// Methods and attributes.
    pub members: &'static [&'static [Native]],
    /// `__doc__`, or "".
    pub doc: &'static str,
    /// Sets class attributes that are values (`int.real` needs none; `__hash__ = None`, `max`, `resolution` …).
    pub finish: Option<fn(&mut Process, Value) -> NativeResult<()>>,
}

/// Names a built-in type in a table.
#[derive(Clone, Copy, Debug)]
pub enum TypeRef {
    /// A type of the core.
    Core(Value),
    /// A type made from another table entry.
    Def(&'static TypeDef),
}

macro_rules! core_types {
    ($($name:ident)*) => {
        // Only counts.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, dead_code)]
        #[repr(u32)]
        enum Number { RESERVED_SLOT, $($name,)* END }
        /// Handles of the core's types, the same in every image.
        pub mod core {
            use super::{Number, Value};
            $(pub const $name: Value = Value::from_handle(Number::$name as u32);)*
            /// Every one with its constant's name.
            pub const ALL: &[(&str, Value)] = &[$((stringify!($name), $name)),*];
            /// First handle behind the core's types.
            pub const END: u32 = Number::END as u32;
        }
    };
}

core_types! {
    OBJECT TYPE INT BOOL FLOAT COMPLEX STR BYTES BYTEARRAY MEMORYVIEW TUPLE LIST DICT SET FROZENSET RANGE SLICE
    NONE_TYPE ELLIPSIS_TYPE NOT_IMPLEMENTED_TYPE
    FUNCTION BUILTIN_FUNCTION METHOD METHOD_DESCRIPTOR WRAPPER_DESCRIPTOR METHOD_WRAPPER CLASSMETHOD_DESCRIPTOR GETSET_DESCRIPTOR
    MEMBER_DESCRIPTOR STATICMETHOD CLASSMETHOD PROPERTY SUPER CELL CODE FRAME TRACEBACK MODULE MAPPINGPROXY SIMPLE_NAMESPACE
    GENERATOR COROUTINE ASYNC_GENERATOR COROUTINE_WRAPPER ASYNC_GENERATOR_ASEND ASYNC_GENERATOR_ATHROW
    LIST_ITERATOR LIST_REVERSE_ITERATOR TUPLE_ITERATOR STR_ITERATOR STR_ASCII_ITERATOR BYTES_ITERATOR BYTEARRAY_ITERATOR
    RANGE_ITERATOR LONG_RANGE_ITERATOR SET_ITERATOR
    DICT_KEYS DICT_VALUES DICT_ITEMS DICT_KEY_ITERATOR DICT_VALUE_ITERATOR DICT_ITEM_ITERATOR
    DICT_REVERSE_KEY_ITERATOR DICT_REVERSE_VALUE_ITERATOR DICT_REVERSE_ITEM_ITERATOR
    CALLABLE_ITERATOR SEQUENCE_ITERATOR ENUMERATE ZIP MAP FILTER REVERSED
    GENERIC_ALIAS UNION WEAKREF WEAK_PROXY WEAK_CALLABLE_PROXY CAPSULE FRAME_LOCALS_PROXY TEMPLATE INTERPOLATION

    BASE_EXCEPTION EXCEPTION BASE_EXCEPTION_GROUP EXCEPTION_GROUP SYSTEM_EXIT KEYBOARD_INTERRUPT GENERATOR_EXIT
    STOP_ITERATION STOP_ASYNC_ITERATION ARITHMETIC_ERROR FLOATING_POINT_ERROR OVERFLOW_ERROR ZERO_DIVISION_ERROR
    ASSERTION_ERROR ATTRIBUTE_ERROR BUFFER_ERROR EOF_ERROR IMPORT_ERROR MODULE_NOT_FOUND_ERROR LOOKUP_ERROR INDEX_ERROR KEY_ERROR
    MEMORY_ERROR NAME_ERROR UNBOUND_LOCAL_ERROR OS_ERROR BLOCKING_IO_ERROR CHILD_PROCESS_ERROR CONNECTION_ERROR BROKEN_PIPE_ERROR
    CONNECTION_ABORTED_ERROR CONNECTION_REFUSED_ERROR CONNECTION_RESET_ERROR FILE_EXISTS_ERROR FILE_NOT_FOUND_ERROR
    INTERRUPTED_ERROR IS_A_DIRECTORY_ERROR NOT_A_DIRECTORY_ERROR PERMISSION_ERROR PROCESS_LOOKUP_ERROR TIMEOUT_ERROR
    REFERENCE_ERROR RUNTIME_ERROR NOT_IMPLEMENTED_ERROR PYTHON_FINALIZATION_ERROR RECURSION_ERROR SYNTAX_ERROR INDENTATION_ERROR
    TAB_ERROR INCOMPLETE_INPUT_ERROR SYSTEM_ERROR TYPE_ERROR VALUE_ERROR UNICODE_ERROR UNICODE_DECODE_ERROR UNICODE_ENCODE_ERROR
    UNICODE_TRANSLATE_ERROR
    WARNING BYTES_WARNING DEPRECATION_WARNING ENCODING_WARNING FUTURE_WARNING IMPORT_WARNING PENDING_DEPRECATION_WARNING
    RESOURCE_WARNING RUNTIME_WARNING SYNTAX_WARNING UNICODE_WARNING USER_WARNING
}
