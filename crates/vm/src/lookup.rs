//! Finding attributes in classes: MRO walks behind a cache keyed by class version and name.
//!
//! Everything that changes the namespace or the bases of a class goes through [`Process::type_set`], [`Process::type_remove`] or
//! [`Process::type_modified`], which give the class and its subclasses new versions; so a cached answer is right as long as the
//! version is.

use crate::heap::flags;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;

/// Lines of the cache.
const LINES: usize = 2048;

/// Results of lookups in classes, valid while the class's version is the one noted. A direct-mapped table.
#[derive(Clone, Debug, Default)]
pub struct MethodCache {
    /// (class version, name, result or NULL when absent)
    pub lines: Vec<(u64, Value, Value)>,
}

impl Process {
    /// The attribute `name` of the first class in the MRO of `class` that has it, as it stands there (no binding).
    #[inline]
    pub fn lookup_in_type(&mut self, class: Value, name: Value) -> Option<Value> {
        let version = self.as_type(class)?.version;
        if version == 0 || !name.is_heap() || self.heap.header(name).flags & flags::INTERNED == 0 {
            return self.walk_mro(class, name).map(|(_, v)| v);
        }
        let line = (version.wrapping_mul(31) ^ name.bits() >> 3) as usize % LINES;
        if let Some(&(v, n, found)) = self.method_cache.lines.get(line)
            && v == version
            && n == name
        {
            return if found.is_null() { None } else { Some(found) };
        }
        self.lookup_uncached(class, name, version, line)
    }

    #[inline(never)]
    fn lookup_uncached(&mut self, class: Value, name: Value, version: u64, line: usize) -> Option<Value> {
        let found = self.walk_mro(class, name).map(|(_, v)| v);
        if self.method_cache.lines.is_empty() {
            self.method_cache.lines.resize(LINES, (0, Value::NULL, Value::NULL));
        }
        self.method_cache.lines[line] = (version, name, found.unwrap_or(Value::NULL));
        found
    }

    /// [`Process::lookup_in_type`] with the class in whose namespace the attribute stands.
    pub fn walk_mro(&self, class: Value, name: Value) -> Option<(Value, Value)> {
        let mro = self.as_tuple(self.as_type(class)?.mro)?;
        mro.iter().find_map(|&c| {
            let dict = self.as_type(c)?.dict;
            self.dict_get_str(dict, name).map(|v| (c, v))
        })
    }

    /// The interned form of an attribute name, if it is known as one at all: a `str` that was never interned names no attribute of any
    /// class and of no shape.
    #[inline]
    pub fn known_name(&self, name: Value) -> Option<Value> {
        if !name.is_heap() {
            return None;
        }
        if self.heap.header(name).flags & flags::INTERNED != 0 {
            return Some(name);
        }
        let text = self.as_pystr(name)?;
        self.interned.get(text.bytes()).copied()
    }

    /// Gives the class and all its subclasses new versions; caches of their instances' own attributes end too.
    pub fn type_modified(&mut self, class: Value) {
        self.field_epoch += 1;
        self.renew_versions(class);
    }

    fn renew_versions(&mut self, class: Value) {
        for class in self.family(class) {
            let version = self.fresh_type_version();
            if let Obj::Type(t) = self.heap.get_mut(class) {
                t.version = version;
            }
        }
    }

    /// A version no class has had.
    pub fn fresh_type_version(&mut self) -> u64 {
        self.next_type_version += 1;
        self.next_type_version
    }

    /// Sets an attribute in the namespace of a class (no descriptors, no checks) and renews versions.
    pub fn type_set(&mut self, class: Value, name: Value, value: Value) {
        let name = self.intern_value(name);
        let Some(dict) = self.as_type(class).map(|t| t.dict) else {
            return;
        };
        let old = self.dict_get_str(dict, name);
        self.dict_set_str(dict, name, value);
        self.note_special(class, name);
        self.attribute_changed(class, name, [old, Some(value)]);
    }

    /// An attribute of a class has other values than before: caches of instances' own attributes only mind data descriptors.
    fn attribute_changed(&mut self, class: Value, name: Value, values: [Option<Value>; 2]) {
        if name == crate::names::SET
            || name == crate::names::DELETE
            || values.into_iter().flatten().any(|v| self.is_data_descriptor(v))
        {
            self.type_modified(class);
        } else {
            self.renew_versions(class);
        }
    }

    /// Removes an attribute from the namespace of a class; the value it had.
    pub fn type_remove(&mut self, class: Value, name: Value) -> Option<Value> {
        let dict = self.as_type(class)?.dict;
        let old = self.dict_remove_str(dict, name)?;
        self.note_special(class, name);
        self.attribute_changed(class, name, [Some(old), None]);
        Some(old)
    }

    /// Recomputes the flags of the class and its subclasses when a special method came or went.
    fn note_special(&mut self, class: Value, name: Value) {
        use crate::names as n;
        const WATCHED: &[Value] = &[
            n::GETATTRIBUTE,
            n::GETATTR,
            n::SETATTR,
            n::DELATTR,
            n::DEL,
            n::EQ,
            n::HASH,
        ];
        if WATCHED.contains(&name) {
            self.type_modified(class);
            self.refresh_special_flags(class);
        }
    }

    /// Sets the flags of [`type_flags`] that follow from special methods in the MRO, for the class and its subclasses.
    pub fn refresh_special_flags(&mut self, class: Value) {
        for class in self.family(class) {
            self.refresh_own_flags(class);
        }
    }

    /// The same for the class alone.
    pub(crate) fn refresh_own_flags(&mut self, class: Value) {
        use crate::names as n;
        let differs = |vm: &Process, name: Value| {
            let own = vm.walk_mro(class, name);
            let from_object = vm.walk_mro(core::OBJECT, name);
            own.map(|x| x.1) != from_object.map(|x| x.1)
        };
        // `type` and `module` have natives of their own which `attr` knows; only other definitions are custom.
        let custom = |vm: &Process, name: Value| {
            differs(vm, name)
                && vm
                    .walk_mro(class, name)
                    .is_some_and(|(owner, _)| ![core::TYPE, core::MODULE].contains(&owner))
        };
        let in_python = |vm: &Process, name: Value| {
            vm.walk_mro(class, name)
                .is_some_and(|(_, v)| vm.as_native(v).is_none() && !v.is_none())
        };
        let hash = self.walk_mro(class, n::HASH).map(|x| x.1);
        let table = [
            (type_flags::CUSTOM_GETATTRIBUTE, custom(self, n::GETATTRIBUTE)),
            (type_flags::HAS_GETATTR, self.walk_mro(class, n::GETATTR).is_some()),
            (
                type_flags::CUSTOM_SETATTR,
                custom(self, n::SETATTR) || custom(self, n::DELATTR),
            ),
            (type_flags::HAS_DEL, self.walk_mro(class, n::DEL).is_some()),
            (
                type_flags::CUSTOM_EQ_HASH,
                in_python(self, n::EQ) || in_python(self, n::HASH),
            ),
            (type_flags::UNHASHABLE, hash.is_some_and(Value::is_none)),
        ];
        let Obj::Type(t) = self.heap.get_mut(class) else { return };
        for (flag, on) in table {
            t.flags = if on { t.flags | flag } else { t.flags & !flag };
        }
    }
}
