//! `type.__new__`: from name, bases and namespace to a class.

use super::slots::SlotNames;
use crate::builtin::objects::{INSTANCE_DICT, INSTANCE_WEAKREF};
use crate::dict::Dict;
use crate::function::Args;
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::{Obj, Wrapper};
use crate::process::Process;
use crate::type_boot::INHERITED;
use crate::types::{Layout, Type, core, type_flags};
use crate::value::Value;

/// What `match` asks about a class.
const MATCHED: u32 = type_flags::SEQUENCE | type_flags::MAPPING;

impl Process {
    /// `type.__new__(meta, name, bases, namespace, **kw)`
    pub fn type_new(
        &mut self,
        meta: Value,
        name: Value,
        bases: Value,
        namespace: Value,
        kw: &[(Value, Value)],
    ) -> NativeResult {
        let written = self.as_tuple(bases).map(<[Value]>::to_vec).unwrap_or_default();
        for &base in &written {
            if self.as_type(base).is_none() && self.getattr_opt(base, names::MRO_ENTRIES)?.is_some() {
                return Err(self.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
            }
        }
        let winner = self.best_metaclass(meta, &written)?;
        if winner != meta {
            let other_new = self.lookup_in_type(winner, names::NEW);
            if other_new != self.lookup_in_type(core::TYPE, names::NEW)
                && let Some(new) = other_new
            {
                let new = self.bind_descriptor(new, Value::NULL, winner)?;
                return self.tail_call_kw(
                    new,
                    Args {
                        pos: &[winner, name, bases, namespace],
                        kw,
                    },
                );
            }
        }
        let slots = self.slots_of_namespace(namespace)?;
        let class = self.once(|vm| vm.create_class(winner, name, &written, namespace, slots.as_deref()))?;
        self.apply_custom_mro(winner, class)?;
        self.call_set_names(class)?;
        self.init_subclass(class, kw)?;
        let dict = self.as_type(class).and_then(|t| self.as_dict(t.dict));
        if dict.is_some_and(|d| d.iter().any(|e| self.as_pystr(e.key).is_none())) {
            let text = format!("non-string key in the __dict__ of class {}", self.name_of_type(class));
            self.warn(core::RUNTIME_WARNING, &text)?;
        }
        Ok(class)
    }

    fn create_class(
        &mut self,
        meta: Value,
        name: Value,
        bases: &[Value],
        namespace: Value,
        slots: Option<&[Value]>,
    ) -> NativeResult {
        let bases: Vec<Value> = if bases.is_empty() {
            vec![core::OBJECT]
        } else {
            bases.to_vec()
        };
        let base = self.best_base(&bases)?;
        let class_name = self.text(name);
        let slot_names = match slots {
            Some(items) => Some(self.check_slot_names(&class_name, items, namespace)?),
            None => None,
        };
        self.check_slot_rules(&bases, base, slot_names.as_ref())?;
        let dict = self.copy_namespace(namespace);
        let cells = self.take_cells(dict)?;
        let class = self.allocate_class(meta, name, &bases, base, dict, slot_names.as_ref())?;
        self.fill_namespace(class, dict, slot_names.as_ref())?;
        let mro = self.compute_mro(class, &bases)?;
        for &b in &bases {
            self.add_subclass(b, class);
        }
        self.set_mro(class, mro);
        for (cell, content) in cells.into_iter().zip([class, dict]) {
            self.fill_cell(cell, content);
        }
        Ok(class)
    }

    fn check_slot_rules(&mut self, bases: &[Value], base: Value, slots: Option<&SlotNames>) -> NativeResult<()> {
        let Some(slots) = slots else { return Ok(()) };
        if !slots.names.is_empty() && matches!(self.layout_of(base), Layout::Int | Layout::Tuple | Layout::Bytes) {
            let shown = self.name_of_type(base);
            return Err(self.type_error(&format!("nonempty __slots__ not supported for subtype of '{shown}'")));
        }
        let any = |vm: &Process, flag| bases.iter().any(|&b| vm.as_type(b).is_some_and(|t| t.has(flag)));
        if slots.dict && any(self, type_flags::HAS_DICT) {
            return Err(self.type_error("__dict__ slot disallowed: we already got one"));
        }
        if slots.weakref && any(self, type_flags::HAS_WEAKREF) {
            return Err(self.type_error("__weakref__ slot disallowed: we already got one"));
        }
        Ok(())
    }

    fn copy_namespace(&mut self, namespace: Value) -> Value {
        let entries: Vec<crate::dict::Entry> = self
            .as_dict(namespace)
            .map(|d| d.iter().copied().collect())
            .unwrap_or_default();
        let dict = self.heap.alloc(core::DICT, Obj::Dict(Box::new(Dict::new())));
        for entry in entries {
            if self.as_pystr(entry.key).is_none() {
                self.dict_store(dict, None, entry.hash, entry.key, entry.value);
                continue;
            }
            let key = self.intern_value(entry.key);
            self.dict_set_str(dict, key, entry.value);
        }
        dict
    }

    fn allocate_class(
        &mut self,
        meta: Value,
        name: Value,
        bases: &[Value],
        base: Value,
        dict: Value,
        slots: Option<&SlotNames>,
    ) -> NativeResult {
        let mut flags = type_flags::BASETYPE;
        for &b in bases {
            flags |= self.as_type(b).map_or(0, |t| t.flags & INHERITED & !MATCHED);
            // What `match` takes it for is decided by the first base that says anything.
            if flags & MATCHED == 0 {
                flags |= self.as_type(b).map_or(0, |t| t.flags & MATCHED);
            }
        }
        match slots {
            None => flags |= type_flags::HAS_DICT | type_flags::HAS_WEAKREF,
            Some(slots) => {
                if slots.dict {
                    flags |= type_flags::HAS_DICT;
                }
                if slots.weakref {
                    flags |= type_flags::HAS_WEAKREF;
                }
            }
        }
        let (layout, base_slots) = self
            .as_type(base)
            .map_or((Layout::Object, 0), |t| (t.layout, t.slot_count));
        let slot_count = base_slots + slots.map_or(0, |s| s.names.len() as u32);
        let qualname = match self.dict_remove_str(dict, names::QUALNAME) {
            Some(q) if self.as_pystr(q).is_some() => q,
            Some(other) => {
                let got = self.type_name(other);
                return Err(self.type_error(&format!("type __qualname__ must be a str, not {got}")));
            }
            None => name,
        };
        let shape = self.shapes.root(slot_count);
        let version = self.fresh_type_version();
        let bases_tuple = self.new_tuple(bases.to_vec());
        Ok(self.heap.alloc(
            meta,
            Obj::Type(Box::new(Type {
                name,
                qualname,
                bases: bases_tuple,
                base,
                mro: Value::NULL,
                dict,
                flags,
                layout,
                shape,
                slot_count,
                version,
                subclasses: Vec::new(),
                def: None,
            })),
        ))
    }

    fn fill_namespace(&mut self, class: Value, dict: Value, slots: Option<&SlotNames>) -> NativeResult<()> {
        if self.dict_get_str(dict, names::MODULE).is_none()
            && let Some(module) = self.caller_module()
        {
            self.dict_set_str(dict, names::MODULE, module);
        }
        if self.dict_get_str(dict, names::DOC).is_none() {
            self.dict_set_str(dict, names::DOC, Value::NONE);
        }
        self.wrap_function(dict, names::NEW, core::STATICMETHOD);
        self.wrap_function(dict, names::INIT_SUBCLASS, core::CLASSMETHOD);
        self.wrap_function(dict, names::CLASS_GETITEM, core::CLASSMETHOD);
        if self.dict_get_str(dict, names::EQ).is_some() && self.dict_get_str(dict, names::HASH).is_none() {
            self.dict_set_str(dict, names::HASH, Value::NONE);
        }
        let (flags, base, slot_count) = self
            .as_type(class)
            .map_or((0, Value::NULL, 0), |t| (t.flags, t.base, t.slot_count));
        let base_flags = self.as_type(base).map_or(0, |t| t.flags);
        let gained = flags & !base_flags;
        // Classes have a namespace of another kind, shown by `type` itself.
        let classes = self.layout_of(base) == Layout::Type;
        if gained & type_flags::HAS_DICT != 0 && !classes {
            let descriptor = self.native_descriptor(class, &INSTANCE_DICT);
            self.dict_set_str(dict, names::DICT, descriptor);
        }
        if gained & type_flags::HAS_WEAKREF != 0 {
            let descriptor = self.native_descriptor(class, &INSTANCE_WEAKREF);
            self.dict_set_str(dict, names::WEAKREF, descriptor);
        }
        let Some(slots) = slots else { return Ok(()) };
        let first = slot_count - slots.names.len() as u32;
        for (i, &name) in slots.names.iter().enumerate() {
            let descriptor = self.new_slot(class, name, first + i as u32);
            self.dict_set_str(dict, name, descriptor);
        }
        Ok(())
    }

    fn wrap_function(&mut self, dict: Value, name: Value, wrapper: Value) {
        let Some(callable) = self.dict_get_str(dict, name) else {
            return;
        };
        if !self.is_exact(callable, core::FUNCTION) {
            return;
        }
        let payload = Box::new(Wrapper {
            callable,
            dict: Value::NULL,
        });
        let obj = if wrapper == core::STATICMETHOD {
            Obj::StaticMethod(payload)
        } else {
            Obj::ClassMethod(payload)
        };
        let wrapped = self.heap.alloc(wrapper, obj);
        self.dict_set_str(dict, name, wrapped);
    }

    /// Takes the cells for `__class__` and for the class's namespace that the body left in its namespace; NULL for none.
    fn take_cells(&mut self, dict: Value) -> NativeResult<[Value; 2]> {
        let mut cells = [Value::NULL; 2];
        for (place, name) in cells.iter_mut().zip([names::CLASSCELL, names::CLASSDICTCELL]) {
            let Some(cell) = self.dict_remove_str(dict, name) else {
                continue;
            };
            if !matches!(self.heap.object(cell), Some(Obj::Cell(_))) {
                let (name, kind) = (self.text(name), self.type_of(cell));
                let kind = self.dotted_type_name(kind);
                return Err(self.type_error(&format!("{name} must be a nonlocal cell, not <class '{kind}'>")));
            }
            *place = cell;
        }
        Ok(cells)
    }

    fn fill_cell(&mut self, cell: Value, content: Value) {
        if matches!(self.heap.object(cell), Some(Obj::Cell(_))) {
            self.heap.incref(content);
            if let Obj::Cell(slot) = self.heap.get_mut(cell) {
                let old = std::mem::replace(slot, content);
                self.heap.decref(old);
            }
        }
    }

    /// `__name__` of the globals of the Python code that runs now.
    pub fn caller_module(&self) -> Option<Value> {
        let globals = self.caller_globals();
        self.dict_get_str(globals, names::NAME)
    }

    fn apply_custom_mro(&mut self, meta: Value, class: Value) -> NativeResult<()> {
        // Asked once: an `mro()` may change the class of the class.
        let method = self.once(|vm| {
            let method = vm.lookup_in_type(meta, names::MRO_FUNC);
            let own = vm.lookup_in_type(core::TYPE, names::MRO_FUNC);
            Ok(method.filter(|m| Some(*m) != own).unwrap_or(Value::NONE))
        })?;
        if method.is_none() {
            return Ok(());
        }
        let result = self.call_found(method, class, &[])?;
        let mro = self.list_from_iterable(result)?;
        for &c in &mro {
            if self.as_type(c).is_none() {
                let got = self.type_name(c);
                return Err(self.type_error(&format!("mro() returned a non-class ('{got}')")));
            }
        }
        self.once(|vm| {
            vm.set_mro(class, mro);
            Ok(Value::NONE)
        })?;
        Ok(())
    }

    fn call_set_names(&mut self, class: Value) -> NativeResult<()> {
        let Some(dict) = self.as_type(class).map(|t| t.dict) else {
            return Ok(());
        };
        // The list is logged: a `__set_name__` may change the namespace.
        let wanting = self.once(|vm| {
            let entries: Vec<(Value, Value)> = vm
                .as_dict(dict)
                .map(|d| d.iter().map(|e| (e.key, e.value)).collect())
                .unwrap_or_default();
            let mut found = Vec::new();
            for (key, value) in entries {
                let owner = vm.type_of(value);
                if vm.lookup_in_type(owner, names::SET_NAME).is_some() {
                    found.extend([key, value]);
                }
            }
            Ok(vm.new_tuple(found))
        })?;
        let wanting = self.as_tuple(wanting).map(<[Value]>::to_vec).unwrap_or_default();
        for pair in wanting.chunks(2) {
            let (key, value) = (pair[0], pair[1]);
            match self.call_special(value, names::SET_NAME, &[class, key]) {
                Ok(_) => {}
                Err(Unwind::Raise(e)) => {
                    let (owner, shown) = (self.type_name(value), self.name_of_type(class));
                    let key = self.repr_text(key)?;
                    let note = format!("Error calling __set_name__ on '{owner}' instance {key} in '{shown}'");
                    self.add_note(e, &note);
                    return Err(Unwind::Raise(e));
                }
                Err(pending) => return Err(pending),
            }
        }
        Ok(())
    }

    fn init_subclass(&mut self, class: Value, kw: &[(Value, Value)]) -> NativeResult<()> {
        let found = self.lookup_after(class, class, names::INIT_SUBCLASS);
        let Some(found) = found else { return Ok(()) };
        if kw.is_empty() && Some(found) == self.lookup_in_type(core::OBJECT, names::INIT_SUBCLASS) {
            return Ok(());
        }
        let method = self.bind_descriptor(found, Value::NULL, class)?;
        self.call_kw(method, Args { pos: &[], kw })?;
        Ok(())
    }

    /// The attribute in the classes behind `class` in the MRO of `of`: what `super(class, of)` searches.
    pub fn lookup_after(&self, class: Value, of: Value, name: Value) -> Option<Value> {
        let mro = self.as_tuple(self.as_type(of)?.mro)?;
        let at = mro.iter().position(|&c| c == class)?;
        mro[at + 1..].iter().find_map(|&c| {
            let dict = self.as_type(c)?.dict;
            self.dict_get_str(dict, name)
        })
    }
}
