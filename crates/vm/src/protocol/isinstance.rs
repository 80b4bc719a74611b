//! `isinstance` and `issubclass`.

use crate::names;
use crate::native::{MAX_NATIVE_DEPTH, NativeResult};
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// `isinstance(v, class_or_tuple)` with `__instancecheck__`, tuples and unions.
    pub fn is_instance_of(&mut self, v: Value, class: Value) -> NativeResult<bool> {
        if self.type_of(v) == class {
            return Ok(true);
        }
        let meta = self.type_of(class);
        if meta == core::TYPE {
            return self.default_instance_check(v, class);
        }
        if let Some(members) = self.members_to_check(class) {
            return self.any_member(members, |vm, member| vm.is_instance_of(v, member));
        }
        match self.lookup_in_type(meta, names::INSTANCECHECK) {
            Some(method) => {
                let answer = self.call_found(method, class, &[v])?;
                self.truth(answer)
            }
            None => self.default_instance_check(v, class),
        }
    }

    /// Is the check true for a member? Tuples in tuples end like other natives in natives.
    fn any_member(
        &mut self,
        members: Vec<Value>,
        mut check: impl FnMut(&mut Process, Value) -> NativeResult<bool>,
    ) -> NativeResult<bool> {
        if self.activation.depth >= MAX_NATIVE_DEPTH {
            return Err(self.recursion_error());
        }
        for member in members {
            self.activation.depth += 1;
            let answer = check(self, member);
            self.activation.depth -= 1;
            if answer? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The members of a tuple or of a union.
    fn members_to_check(&self, class: Value) -> Option<Vec<Value>> {
        if let Some(items) = self.as_tuple(class) {
            return Some(items.to_vec());
        }
        let members = self.union_members(class)?;
        Some(
            members
                .into_iter()
                .map(|m| if m.is_none() { core::NONE_TYPE } else { m })
                .collect(),
        )
    }

    /// `type.__instancecheck__`: by class, else by what `v.__class__` says.
    pub fn default_instance_check(&mut self, v: Value, class: Value) -> NativeResult<bool> {
        if self.as_type(class).is_some() {
            let own = self.type_of(v);
            if self.is_subtype(own, class) {
                return Ok(true);
            }
            // Only a class that redefines `__class__` can say something else.
            let claimed = match self.lookup_in_type(own, names::CLASS) {
                found if found == self.lookup_in_type(core::OBJECT, names::CLASS) && !self.class_is_custom(own) => {
                    return Ok(false);
                }
                _ => self.getattr_opt(v, names::CLASS)?,
            };
            return Ok(claimed.is_some_and(|c| c != own && self.as_type(c).is_some() && self.is_subtype(c, class)));
        }
        if self.bases_of(class)?.is_none() {
            return Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        }
        match self.getattr_opt(v, names::CLASS)? {
            Some(claimed) => self.abstract_subclass(claimed, class),
            None => Ok(false),
        }
    }

    fn class_is_custom(&self, class: Value) -> bool {
        self.as_type(class)
            .is_some_and(|t| t.has(crate::types::type_flags::CUSTOM_GETATTRIBUTE))
    }

    /// `issubclass(class, of)` with `__subclasscheck__`, tuples and unions.
    pub fn is_subclass_of(&mut self, class: Value, of: Value) -> NativeResult<bool> {
        let meta = self.type_of(of);
        if meta == core::TYPE {
            if class == of {
                return Ok(true);
            }
            return self.default_subclass_check(class, of);
        }
        if let Some(members) = self.members_to_check(of) {
            return self.any_member(members, |vm, member| vm.is_subclass_of(class, member));
        }
        match self.lookup_in_type(meta, names::SUBCLASSCHECK) {
            Some(method) => {
                let answer = self.call_found(method, of, &[class])?;
                self.truth(answer)
            }
            None => self.default_subclass_check(class, of),
        }
    }

    /// `type.__subclasscheck__`
    pub fn default_subclass_check(&mut self, class: Value, of: Value) -> NativeResult<bool> {
        if self.as_type(class).is_some() && self.as_type(of).is_some() {
            return Ok(self.is_subtype(class, of));
        }
        if self.bases_of(class)?.is_none() {
            return Err(self.type_error("issubclass() arg 1 must be a class"));
        }
        if self.bases_of(of)?.is_none() {
            return Err(self.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
        }
        self.abstract_subclass(class, of)
    }

    /// The `__bases__` of anything that has them as a tuple.
    fn bases_of(&mut self, class: Value) -> NativeResult<Option<Vec<Value>>> {
        if let Some(t) = self.as_type(class) {
            return Ok(self.as_tuple(t.bases).map(<[Value]>::to_vec));
        }
        let bases = self.getattr_opt(class, names::BASES)?;
        Ok(bases.and_then(|b| self.as_tuple(b)).map(<[Value]>::to_vec))
    }

    fn abstract_subclass(&mut self, class: Value, of: Value) -> NativeResult<bool> {
        let mut waiting = vec![class];
        let mut seen = 0;
        while let Some(next) = waiting.pop() {
            if next == of {
                return Ok(true);
            }
            seen += 1;
            if seen > 10_000 {
                return Err(self.recursion_error());
            }
            if let Some(bases) = self.bases_of(next)? {
                waiting.extend(bases.into_iter().rev());
            }
        }
        Ok(false)
    }
}
