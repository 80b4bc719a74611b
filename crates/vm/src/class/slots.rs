//! `__slots__`: names, places, and the descriptors that reach them.

use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;
use crate::{impl_payload, names};

/// The payload of a `member_descriptor` made by `__slots__`.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The slot's name (as mangled).
    pub name: Value,
    /// The class that has it.
    pub owner: Value,
    /// Place in `Instance::values`.
    pub place: u32,
}

impl_payload!(Slot, |this, f| [this.name, this.owner].into_iter().for_each(f));

/// What a class's `__slots__` asks for.
#[derive(Clone, Debug, Default)]
pub struct SlotNames {
    /// Names of real slots, mangled, sorted.
    pub names: Vec<Value>,
    /// `__dict__` is among them.
    pub dict: bool,
    /// `__weakref__` is among them.
    pub weakref: bool,
}

impl Process {
    /// Checks the names in `__slots__`, which `items` are.
    pub fn check_slot_names(&mut self, class_name: &str, items: &[Value], namespace: Value) -> NativeResult<SlotNames> {
        let mut found = SlotNames::default();
        for &item in items {
            let Some(s) = self.as_pystr(item) else {
                let got = self.type_name(item);
                return Err(self.type_error(&format!("__slots__ items must be strings, not '{got}'")));
            };
            let text = s.lossy().into_owned();
            if !is_identifier(&text) {
                return Err(self.type_error("__slots__ must be identifiers"));
            }
            match text.as_str() {
                "__dict__" if found.dict => {
                    return Err(self.type_error("__dict__ slot disallowed: we already got one"));
                }
                "__weakref__" if found.weakref => {
                    return Err(self.type_error("__weakref__ slot disallowed: we already got one"));
                }
                "__dict__" => found.dict = true,
                "__weakref__" => found.weakref = true,
                _ => {
                    let mangled = mangle(class_name, &text);
                    let name = self.intern(&mangled);
                    let allowed = ["__qualname__", "__classcell__", "__classdictcell__"].contains(&text.as_str());
                    if !allowed && self.dict_get_str(namespace, name).is_some() {
                        return Err(
                            self.value_error(&format!("'{mangled}' in __slots__ conflicts with class variable"))
                        );
                    }
                    found.names.push(name);
                }
            }
        }
        found.names.sort_by_key(|&n| self.text(n));
        found.names.dedup();
        Ok(found)
    }

    /// The descriptor of a slot.
    pub fn new_slot(&mut self, owner: Value, name: Value, place: u32) -> Value {
        self.new_payload(core::MEMBER_DESCRIPTOR, Slot { name, owner, place })
    }

    fn checked_slot(&mut self, descriptor: Value, v: Value) -> NativeResult<Slot> {
        let Some(slot) = self.heap.payload::<Slot>(descriptor).cloned() else {
            return Err(self.system_error("a member descriptor without a slot"));
        };
        if self.is_instance(v, slot.owner) {
            return Ok(slot);
        }
        let (name, owner, got) = (self.text(slot.name), self.name_of_type(slot.owner), self.type_name(v));
        Err(self.type_error(&format!(
            "descriptor '{name}' for '{owner}' objects doesn't apply to a '{got}' object"
        )))
    }

    /// Reads a slot; AttributeError when it is unset.
    pub fn read_slot(&mut self, descriptor: Value, v: Value) -> NativeResult {
        let slot = self.checked_slot(descriptor, v)?;
        match self.slot_value(v, slot.place, slot.name) {
            Some(value) => Ok(value),
            None => Err(self.attribute_error(v, slot.name)),
        }
    }

    /// Sets a slot, or deletes it with NULL.
    pub fn write_slot(&mut self, descriptor: Value, v: Value, value: Value) -> NativeResult<()> {
        let slot = self.checked_slot(descriptor, v)?;
        if self.set_slot(v, slot.place, slot.name, value) {
            Ok(())
        } else {
            Err(self.attribute_error(v, slot.name))
        }
    }

    /// The names that `copyreg` and `__getstate__` ask for: all slots of the classes in the MRO.
    pub fn slot_names_of(&self, class: Value) -> Vec<Value> {
        let mro = self
            .as_type(class)
            .and_then(|t| self.as_tuple(t.mro))
            .unwrap_or_default();
        let mut found = Vec::new();
        for &c in mro.iter().rev() {
            let Some(dict) = self.as_type(c).and_then(|t| self.as_dict(t.dict)) else {
                continue;
            };
            for e in dict.iter() {
                if let Some(slot) = self.heap.payload::<Slot>(e.value)
                    && slot.owner == c
                {
                    found.push(slot.name);
                }
            }
        }
        found
    }

    /// What the instances of a class have beside those of its base: slots in order of their names' numbers, `__dict__`, `__weakref__`.
    fn added(&self, class: Value) -> (Vec<usize>, u32) {
        let Some(t) = self.as_type(class) else {
            return (Vec::new(), 0);
        };
        let own = |e: &crate::dict::Entry| {
            let slot = self.heap.payload::<Slot>(e.value).filter(|slot| slot.owner == class);
            slot.map(|slot| slot.name.index())
        };
        let mut names: Vec<usize> = self
            .as_dict(t.dict)
            .into_iter()
            .flat_map(|d| d.iter().filter_map(own))
            .collect();
        names.sort_unstable();
        let inherited = self.as_type(t.base).map_or(0, |base| base.flags);
        let gained = t.flags & !inherited & (type_flags::HAS_DICT | type_flags::HAS_WEAKREF);
        (names, gained)
    }

    /// Can instances of one class become instances of the other? As CPython has it: what both last added to a common base is the same.
    pub(crate) fn same_layout(&self, a: Value, b: Value) -> bool {
        let solid = |mut class: Value| {
            loop {
                let base = self.as_type(class).map_or(Value::NULL, |t| t.base);
                let (names, gained) = self.added(class);
                if base.is_null() || !names.is_empty() || gained != 0 {
                    return (class, base, names, gained);
                }
                class = base;
            }
        };
        let (a, b) = (solid(a), solid(b));
        a.0 == b.0 || (a.1 == b.1 && a.2 == b.2 && a.3 == b.3)
    }

    /// `__slots__` of a namespace as a list of its items, if there is one.
    pub fn slots_of_namespace(&mut self, namespace: Value) -> NativeResult<Option<Vec<Value>>> {
        let Some(slots) = self.dict_get_str(namespace, names::SLOTS) else {
            return Ok(None);
        };
        if self.as_pystr(slots).is_some() {
            return Ok(Some(vec![slots]));
        }
        self.list_from_iterable(slots).map(Some)
    }
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic()) && chars.all(|c| c == '_' || c.is_alphanumeric())
}

/// Private names inside a class: `__x` becomes `_Class__x`.
pub fn mangle(class_name: &str, name: &str) -> String {
    let class_name = class_name.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class_name.is_empty() {
        return name.to_owned();
    }
    format!("_{class_name}{name}")
}
