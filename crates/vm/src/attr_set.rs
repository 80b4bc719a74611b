//! Setting and deleting attributes.

use crate::attr::Descriptor;
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;

impl Process {
    /// `v.name = value`
    pub fn setattr(&mut self, v: Value, name: Value, value: Value) -> NativeResult<()> {
        let class = self.type_of(v);
        if self.as_type(class).is_some_and(|t| t.has(type_flags::CUSTOM_SETATTR))
            && let Some(method) = self.lookup_in_type(class, names::SETATTR)
        {
            self.call_found(method, v, &[name, value])?;
            return Ok(());
        }
        self.plain_setattr(v, name, value)
    }

    /// `del v.name`
    pub fn delattr(&mut self, v: Value, name: Value) -> NativeResult<()> {
        let class = self.type_of(v);
        if self.as_type(class).is_some_and(|t| t.has(type_flags::CUSTOM_SETATTR))
            && let Some(method) = self.lookup_in_type(class, names::DELATTR)
        {
            self.call_found(method, v, &[name])?;
            return Ok(());
        }
        self.plain_setattr(v, name, Value::NULL)
    }

    /// What the `__setattr__` of `object` or `type` does, by the kind of value; a NULL value deletes.
    pub fn plain_setattr(&mut self, v: Value, name: Value, value: Value) -> NativeResult<()> {
        if self.as_pystr(name).is_none() {
            let shown = self.shown_type(name);
            return Err(self.type_error(&format!("attribute name must be string, not '{shown}'")));
        }
        if self.as_type(v).is_some() {
            self.type_setattr(v, name, value)
        } else {
            self.instance_setattr(v, name, value)
        }
    }

    /// `object.__setattr__` and `object.__delattr__` (NULL)
    pub fn instance_setattr(&mut self, v: Value, name: Value, value: Value) -> NativeResult<()> {
        let class = self.type_of(v);
        let known = self.known_name(name).unwrap_or(name);
        let found = self.lookup_in_type(class, known);
        if let Some(found) = found
            && self.set_through(found, v, name, value)?
        {
            return Ok(());
        }
        if value.is_null() {
            if self.delete_own_attribute(v, name) {
                return Ok(());
            }
        } else if self.set_own_attribute(v, name, value) {
            return Ok(());
        }
        Err(self.cannot_set(v, name, found.is_some()))
    }

    /// Sets (NULL: deletes) through a data descriptor; `false` if the attribute is none.
    fn set_through(&mut self, found: Value, v: Value, name: Value, value: Value) -> NativeResult<bool> {
        match self.descriptor_kind(found) {
            Descriptor::GetSet => {
                self.set_through_native(found, v, name, value)?;
                Ok(true)
            }
            Descriptor::Slot => {
                self.write_slot(found, v, value)?;
                Ok(true)
            }
            Descriptor::Property => {
                self.property_set(found, v, value)?;
                Ok(true)
            }
            Descriptor::Custom { data: true, .. } => {
                let result = if value.is_null() {
                    self.call_special(found, names::DELETE, &[v])?
                } else {
                    self.call_special(found, names::SET, &[v, value])?
                };
                if result.is_none() {
                    let method = if value.is_null() { "__delete__" } else { "__set__" };
                    return Err(self.error(core::ATTRIBUTE_ERROR, method));
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn set_through_native(&mut self, found: Value, v: Value, name: Value, value: Value) -> NativeResult<()> {
        let Some((def, _)) = self.as_native(found) else {
            return Ok(());
        };
        if def.kind == crate::function::NativeKind::Getter {
            let class = self.shown_type(v);
            let shown = self.text(name);
            let message = if self.type_of(found) == core::MEMBER_DESCRIPTOR {
                "readonly attribute".to_owned()
            } else {
                format!("attribute '{shown}' of '{class}' objects is not writable")
            };
            return Err(self.attribute_error_text(&message, v, name));
        }
        self.call(found, &[v, value])?;
        Ok(())
    }

    fn cannot_set(&mut self, v: Value, name: Value, found: bool) -> Unwind {
        let class = self.shown_type(v);
        let shown = self.text(name);
        let has_dict = self.class(v).has(type_flags::HAS_DICT);
        let message = if found && !has_dict {
            format!("'{class}' object attribute '{shown}' is read-only")
        } else if has_dict {
            return self.attribute_error(v, name);
        } else {
            format!("'{class}' object has no attribute '{shown}' and no __dict__ for setting new attributes")
        };
        self.attribute_error_text(&message, v, name)
    }

    /// `type.__setattr__` and `type.__delattr__` (NULL)
    pub fn type_setattr(&mut self, class: Value, name: Value, value: Value) -> NativeResult<()> {
        let Some(t) = self.as_type(class) else { return Ok(()) };
        if t.has(type_flags::IMMUTABLE) {
            let (shown, class_name) = (self.text(name), self.text(t.name));
            return Err(self.type_error(&format!(
                "cannot set '{shown}' attribute of immutable type '{class_name}'"
            )));
        }
        let meta = self.type_of(class);
        let known = self.known_name(name).unwrap_or(name);
        if let Some(found) = self.lookup_in_type(meta, known)
            && self.set_through(found, class, name, value)?
        {
            return Ok(());
        }
        if value.is_null() {
            return match self.type_remove(class, name) {
                Some(_) => Ok(()),
                None => Err(self.attribute_error(class, name)),
            };
        }
        self.type_set(class, name, value);
        Ok(())
    }
}
