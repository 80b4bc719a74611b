//! object, type and the descriptors.

mod callables;
mod generic_alias;
mod mappingproxy;
mod module;
mod namespace;
pub mod object;
mod property;
mod singletons;
mod super_object;
mod template;
mod type_object;
mod union;
mod weakproxy;
pub mod weakref;
mod wrappers;

use super::Defs;
use crate::types::core;

pub use generic_alias::class_getitem;
pub use object::{INSTANCE_DICT, INSTANCE_DICT_ENTRY, INSTANCE_WEAKREF};
pub use weakref::WeakRef;

/// The types of this area.
pub static DEFS: Defs = &[
    (core::OBJECT, &object::DEF),
    (core::TYPE, &type_object::DEF),
    (core::SUPER, &super_object::DEF),
    (core::PROPERTY, &property::DEF),
    (core::STATICMETHOD, &wrappers::STATICMETHOD),
    (core::CLASSMETHOD, &wrappers::CLASSMETHOD),
    (core::METHOD, &callables::METHOD),
    (core::BUILTIN_FUNCTION, &callables::BUILTIN_FUNCTION),
    (core::METHOD_WRAPPER, &callables::METHOD_WRAPPER),
    (core::METHOD_DESCRIPTOR, &callables::METHOD_DESCRIPTOR),
    (core::WRAPPER_DESCRIPTOR, &callables::WRAPPER_DESCRIPTOR),
    (core::CLASSMETHOD_DESCRIPTOR, &callables::CLASSMETHOD_DESCRIPTOR),
    (core::GETSET_DESCRIPTOR, &callables::GETSET_DESCRIPTOR),
    (core::MEMBER_DESCRIPTOR, &callables::MEMBER_DESCRIPTOR),
    (core::MAPPINGPROXY, &mappingproxy::DEF),
    (core::SIMPLE_NAMESPACE, &namespace::DEF),
    (core::MODULE, &module::DEF),
    (core::NONE_TYPE, &singletons::NONE_TYPE),
    (core::ELLIPSIS_TYPE, &singletons::ELLIPSIS_TYPE),
    (core::NOT_IMPLEMENTED_TYPE, &singletons::NOT_IMPLEMENTED_TYPE),
    (core::CAPSULE, &singletons::CAPSULE),
    (core::GENERIC_ALIAS, &generic_alias::DEF),
    (core::UNION, &union::DEF),
    (core::WEAKREF, &weakref::DEF),
    (core::WEAK_PROXY, &weakproxy::PROXY),
    (core::WEAK_CALLABLE_PROXY, &weakproxy::CALLABLE_PROXY),
    (core::TEMPLATE, &template::TEMPLATE),
    (core::INTERPOLATION, &template::INTERPOLATION),
];
