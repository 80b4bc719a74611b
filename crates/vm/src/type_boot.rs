//! Making the classes of table entries: all types of the core at their fixed handles, others when they are first used.

use crate::builtin;
use crate::dict::Dict;
use crate::function::{Native, NativeKind};
use crate::heap::flags;
use crate::native::NativeResult;
use crate::object::{Obj, Wrapper};
use crate::process::Process;
use crate::types::{Layout, Type, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

/// Flags a subclass takes over from its bases.
pub const INHERITED: u32 = type_flags::HAS_DICT
    | type_flags::HAS_WEAKREF
    | type_flags::CUSTOM_GETATTRIBUTE
    | type_flags::HAS_GETATTR
    | type_flags::CUSTOM_SETATTR
    | type_flags::HAS_DEL
    | type_flags::CUSTOM_EQ_HASH
    | type_flags::SEQUENCE
    | type_flags::MAPPING
    | type_flags::MATCH_SELF
    | type_flags::IS_EXCEPTION
    | type_flags::IS_METACLASS;

/// Dunder methods that are no slots of the C type: ordinary method descriptors.
const NOT_SLOTS: &[&str] = &[
    "__reduce__",
    "__reduce_ex__",
    "__getstate__",
    "__setstate__",
    "__sizeof__",
    "__format__",
    "__dir__",
    "__getnewargs__",
    "__getnewargs_ex__",
    "__length_hint__",
    "__reversed__",
    "__enter__",
    "__exit__",
    "__copy__",
    "__deepcopy__",
    "__round__",
    "__trunc__",
    "__floor__",
    "__ceil__",
    "__instancecheck__",
    "__subclasscheck__",
    "__prepare__",
    "__missing__",
    "__complex__",
    "__bytes__",
    "__set_name__",
    "__replace__",
    "__mro_entries__",
    "__typing_subst__",
    "__subclasses__",
    "__aenter__",
    "__aexit__",
];

/// Attributes that are `member_descriptor`s in CPython although they are computed here: (type, name).
const MEMBERS: &[(Value, &[&str])] = &[
    (
        core::FUNCTION,
        &["__closure__", "__globals__", "__builtins__", "__doc__"],
    ),
    (core::METHOD, &["__func__", "__self__"]),
    (core::PROPERTY, &["fget", "fset", "fdel", "__doc__"]),
    (core::SLICE, &["start", "stop", "step"]),
    (core::SUPER, &["__thisclass__", "__self__", "__self_class__"]),
];

/// Types of other areas whose objects can be weakly referenced.
const WEAKLY_REFERENCED: &[Value] = &[
    core::FUNCTION,
    core::BUILTIN_FUNCTION,
    core::SET,
    core::FROZENSET,
    core::GENERATOR,
    core::COROUTINE,
    core::ASYNC_GENERATOR,
    core::CODE,
];

impl Process {
    /// Makes every type of the core at its fixed handle. Types without a table entry get an empty one.
    pub fn boot_types(&mut self) {
        if self.next_type_version == 0 {
            self.next_type_version = 1;
        }
        // Shape 0 belongs to instances whose attributes have moved to a dict: no cache may ever match it.
        if self.shapes.is_empty() {
            self.shapes.root(0);
        }
        for &(_, handle) in core::ALL {
            self.heap.place(handle, core::TYPE, Obj::Type(Box::new(blank_type())));
        }
        let defs: Vec<(Value, Option<&'static TypeDef>)> = core::ALL
            .iter()
            .map(|&(_, handle)| {
                let def = builtin::all_defs().find(|(h, _)| *h == handle).map(|(_, def)| *def);
                (handle, def)
            })
            .collect();
        let mut done = Vec::new();
        for &(handle, _) in &defs {
            self.boot_type(handle, &defs, &mut done);
        }
        for &(_, handle) in core::ALL {
            if let Some(def) = self.as_type(handle).and_then(|t| t.def) {
                self.fill_members(handle, def);
            }
        }
        for &(_, handle) in core::ALL {
            self.finish_flags(handle);
        }
        for &(_, handle) in core::ALL {
            if let Some(finish) = self.as_type(handle).and_then(|t| t.def).and_then(|def| def.finish) {
                // A table's constants cannot fail except by a bug, which the first use of the missing attribute shows.
                let _ = finish(self, handle);
                self.type_modified(handle);
                self.refresh_special_flags(handle);
            }
        }
    }

    fn boot_type(&mut self, handle: Value, defs: &[(Value, Option<&'static TypeDef>)], done: &mut Vec<Value>) {
        if done.contains(&handle) {
            return;
        }
        done.push(handle);
        let def = defs.iter().find(|(h, _)| *h == handle).and_then(|(_, def)| *def);
        let base = match def {
            Some(def) => match def.base {
                Some(TypeRef::Core(base)) => base,
                _ if handle == core::OBJECT => Value::NULL,
                _ => core::OBJECT,
            },
            None => core::OBJECT,
        };
        if !base.is_null() {
            self.boot_type(base, defs, done);
        }
        let fallback;
        let (name, own_flags, layout) = match def {
            Some(def) => (def.name, def.flags, def.layout),
            None => {
                fallback = fallback_name(handle);
                (fallback.as_str(), 0, Layout::Closed)
            }
        };
        self.fill_type(handle, name, base, own_flags, layout, def);
    }

    /// Makes the class of a table entry and remembers it in [`Process::native_types`].
    pub fn make_native_type(&mut self, def: &'static TypeDef) -> Value {
        if let Some((handle, _)) = builtin::all_defs().find(|(_, d)| std::ptr::eq(*d, def)) {
            return *handle;
        }
        let base = match def.base {
            Some(TypeRef::Core(base)) => base,
            Some(TypeRef::Def(base)) => self.native_type(base),
            None => core::OBJECT,
        };
        let class = self.heap.alloc(core::TYPE, Obj::Type(Box::new(blank_type())));
        self.heap.incref(class);
        self.heap.header_mut(class).flags |= flags::IMMORTAL;
        self.native_types.insert((def.module, def.name), class);
        self.fill_type(class, def.name, base, def.flags, def.layout, Some(def));
        self.fill_members(class, def);
        self.finish_flags(class);
        if let Some(finish) = def.finish {
            let _ = finish(self, class);
            self.type_modified(class);
            self.refresh_special_flags(class);
        }
        class
    }

    fn fill_type(
        &mut self,
        class: Value,
        name: &str,
        base: Value,
        own_flags: u32,
        layout: Layout,
        def: Option<&'static TypeDef>,
    ) {
        let short = name.rsplit('.').next().unwrap_or(name);
        let name_value = self.intern(short);
        let bases = if base.is_null() { vec![] } else { vec![base] };
        let bases = self.new_tuple(bases);
        let mut mro = vec![class];
        mro.extend(
            self.as_type(base)
                .and_then(|t| self.as_tuple(t.mro))
                .unwrap_or_default(),
        );
        let mro = self.new_tuple(mro);
        let dict = self.heap.alloc(core::DICT, Obj::Dict(Box::new(Dict::new())));
        let (base_flags, base_slots) = self
            .as_type(base)
            .map_or((0, 0), |t| (t.flags & INHERITED, t.slot_count));
        let shape = self.shapes.root(base_slots);
        let version = self.fresh_type_version();
        for v in [name_value, name_value, bases, base, mro, dict] {
            self.heap.incref(v);
        }
        if let Obj::Type(t) = self.heap.get_mut(class) {
            **t = Type {
                name: name_value,
                qualname: name_value,
                bases,
                base,
                mro,
                dict,
                flags: type_flags::IMMUTABLE | base_flags | own_flags,
                layout,
                shape,
                slot_count: base_slots,
                version,
                subclasses: Vec::new(),
                def,
            };
        }
        if let Some(index) = class.handle()
            && !base.is_null()
            && let Obj::Type(t) = self.heap.get_mut(base)
        {
            t.subclasses.push(index);
        }
    }

    /// Fills the namespace of a class from its table entry.
    fn fill_members(&mut self, class: Value, def: &'static TypeDef) {
        let Some(dict) = self.as_type(class).map(|t| t.dict) else {
            return;
        };
        for native in def.members.iter().copied().flatten() {
            let descriptor = self.native_descriptor(class, native);
            let name = self.intern(native.name);
            self.dict_set_str(dict, name, descriptor);
        }
        let module = self.intern(def.module);
        if self.dict_get_str(dict, crate::names::MODULE).is_none() && def.module != "builtins" {
            self.dict_set_str(dict, crate::names::MODULE, module);
        }
        if self.dict_get_str(dict, crate::names::DOC).is_none() {
            let doc = if def.doc.is_empty() {
                Value::NONE
            } else {
                self.new_str(def.doc)
            };
            self.dict_set_str(dict, crate::names::DOC, doc);
        }
        // A class that defines equality without a hash is unhashable, as `inherit_slots` has it.
        let has = |vm: &Process, name| vm.dict_get_str(dict, name).is_some();
        if has(self, crate::names::EQ) && !has(self, crate::names::HASH) {
            self.dict_set_str(dict, crate::names::HASH, Value::NONE);
        }
    }

    /// The object that stands for a native in the namespace of a class.
    pub fn native_descriptor(&mut self, class: Value, native: &'static Native) -> Value {
        let bare = Obj::Native {
            def: native,
            bound: Value::NULL,
        };
        let member = MEMBERS
            .iter()
            .any(|(c, names)| *c == class && names.contains(&native.name));
        let kind = match native.kind {
            NativeKind::Function => core::BUILTIN_FUNCTION,
            NativeKind::Method if is_slot_name(native.name) => core::WRAPPER_DESCRIPTOR,
            NativeKind::Method => core::METHOD_DESCRIPTOR,
            NativeKind::ClassMethod => core::CLASSMETHOD_DESCRIPTOR,
            NativeKind::Getter | NativeKind::GetSet if member => core::MEMBER_DESCRIPTOR,
            NativeKind::Getter | NativeKind::GetSet => core::GETSET_DESCRIPTOR,
            NativeKind::StaticMethod if native.name == "__new__" => core::BUILTIN_FUNCTION,
            NativeKind::StaticMethod => {
                let callable = self.heap.alloc(core::BUILTIN_FUNCTION, bare);
                return self.heap.alloc(
                    core::STATICMETHOD,
                    Obj::StaticMethod(Box::new(Wrapper {
                        callable,
                        dict: Value::NULL,
                    })),
                );
            }
        };
        self.heap.alloc(kind, bare)
    }

    fn finish_flags(&mut self, class: Value) {
        let mut inherited = self
            .as_type(class)
            .and_then(|t| self.as_type(t.base))
            .map_or(0, |b| b.flags & INHERITED);
        if WEAKLY_REFERENCED.contains(&class) {
            inherited |= type_flags::HAS_WEAKREF;
        }
        if let Obj::Type(t) = self.heap.get_mut(class) {
            t.flags |= inherited;
        }
        // The class is new: what its family has, if anybody, is settled when their turn comes.
        self.field_epoch += 1;
        let version = self.fresh_type_version();
        if let Obj::Type(t) = self.heap.get_mut(class) {
            t.version = version;
        }
        self.refresh_own_flags(class);
    }

    /// Sets a class attribute from a `finish` function of a table entry.
    pub fn set_class_constant(&mut self, class: Value, name: &str, value: Value) -> NativeResult<()> {
        let name = self.intern(name);
        self.type_set(class, name, value);
        Ok(())
    }
}

fn is_slot_name(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__") && !NOT_SLOTS.contains(&name)
}

fn blank_type() -> Type {
    let n = Value::NULL;
    Type {
        name: n,
        qualname: n,
        bases: n,
        base: n,
        mro: n,
        dict: n,
        flags: type_flags::IMMUTABLE,
        layout: Layout::Closed,
        shape: 0,
        slot_count: 0,
        version: 0,
        subclasses: Vec::new(),
        def: None,
    }
}

/// A readable name for a core type whose table entry does not exist yet: NONE_TYPE becomes none_type.
fn fallback_name(handle: Value) -> String {
    core::ALL
        .iter()
        .find(|(_, h)| *h == handle)
        .map_or_else(String::new, |(constant, _)| constant.to_lowercase())
}
