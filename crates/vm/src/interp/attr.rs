//! Attributes: filling the inline caches, and methods that need no bound-method object.

use super::frames::Place;
use super::{Cache, NO_SHAPE, Step, cost};
use crate::frame::bits;
use crate::function::NativeKind;
use crate::names;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, core, type_flags};
use crate::value::Value;

impl Process {
    /// `LOAD_ATTR` past the inline cache: finds what is simple (and notes it), leaves the rest to the native.
    pub(crate) fn op_load_attr(&mut self, number: usize, at: usize, arg: u32, name: Value) -> Step {
        let object = self.peek(1);
        let method = arg & 1 == 1;
        if let Some(&Cache::Property { version, getter }) = self.caches[number].get(at)
            && object.is_heap()
            && self.class_version(object) == version
            && self.enter_getter(getter)
        {
            return Ok(());
        }
        if let Some(step) = self.quick_attr(number, at, object, name, method) {
            return step;
        }
        self.push(name);
        self.op_native(&super::slow::LOAD_ATTR, 2, None)
    }

    fn note(&mut self, number: usize, at: usize, cache: Cache) {
        if let Some(slot) = self.caches[number].get_mut(at) {
            *slot = cache;
        }
    }

    /// The result in place of the object (and NULL if a method was asked for).
    fn attr_result(&mut self, v: Value, method: bool) -> Option<Step> {
        self.heap.incref(v);
        self.pop();
        self.push_counted(v);
        if method {
            self.push_counted(Value::NULL);
        }
        Some(Ok(()))
    }

    /// Calls a property's getter with the object on top of the operands, in place of the instruction. False if it cannot be called so.
    fn enter_getter(&mut self, getter: Value) -> bool {
        let Some(code) = self.function_code(getter) else {
            return false;
        };
        if !code.direct || code.arg_count != 1 || self.too_deep() {
            return false;
        }
        self.now_ns += cost::CALL;
        let at = self.top().sp as usize - 1;
        self.top().sp = at as u32;
        self.heap.incref(getter);
        let place = Place {
            base: at,
            filled: 1,
            return_to: at,
        };
        self.push_frame(getter, &code, place, bits::PLAIN, Value::NULL);
        true
    }

    fn quick_attr(&mut self, number: usize, at: usize, object: Value, name: Value, method: bool) -> Option<Step> {
        if object.is_heap() {
            match self.heap.get(object) {
                Obj::Module(m) if self.is_exact(object, core::MODULE) => {
                    let dict = m.dict;
                    let entry = self.dict_find_str(dict, name)?;
                    let table = self.as_dict(dict)?;
                    let (version, v) = (table.version(), table.entry(entry)?.value);
                    // `__dict__`, `__class__` … are found in the class first.
                    if self
                        .lookup_in_type(core::MODULE, name)
                        .is_some_and(|found| self.is_data_descriptor(found))
                    {
                        return None;
                    }
                    let entry = entry as u32;
                    self.note(number, at, Cache::Module { version, entry });
                    return self.attr_result(v, method);
                }
                Obj::Type(_) => return self.quick_type_attr(number, at, object, name, method),
                _ => {}
            }
        }
        let class = self.type_of(object);
        let t = self.as_type(class)?;
        let (version, layout) = (t.version, t.layout);
        if version == 0 || t.has(type_flags::CUSTOM_GETATTRIBUTE) {
            return None;
        }
        let plain = layout == Layout::Object
            && !t.has(type_flags::HAS_DICT)
            && !matches!(self.heap.object(object), Some(Obj::Instance(_)));
        let found = self.lookup_in_type(class, name);
        if let Some(found) = found
            && !method
            && let Some(step) = self.computed_attr(number, at, class, version, found)
        {
            return Some(step);
        }
        let shape = match self.heap.object(object) {
            Some(Obj::Instance(i)) => {
                if !i.dict.is_null() {
                    return None;
                }
                let shape = i.shape;
                // A slot's descriptor names the place; else it is the instance's own, unless a data descriptor stands before it.
                let place = match found.and_then(|f| self.slot_place(f, class)) {
                    None if !found.is_some_and(|f| self.is_data_descriptor(f)) => self.shapes.place(shape, name),
                    slot => slot,
                };
                if let Some(place) = place {
                    let Some(Obj::Instance(i)) = self.heap.object(object) else {
                        return None;
                    };
                    let v = *i.values.get(place as usize)?;
                    if v.is_null() {
                        return None;
                    }
                    let epoch = self.field_epoch;
                    self.note(number, at, Cache::Field { epoch, shape, place });
                    self.note_field(shape, name, place, false);
                    return self.attr_result(v, method);
                }
                let Some(Obj::Instance(i)) = self.heap.object(object) else {
                    return None;
                };
                i.shape
            }
            Some(Obj::Exception(x)) if found.is_none() && !x.dict.is_null() => {
                let v = self.dict_get_str(x.dict, name)?;
                self.now_ns += cost::SLOW;
                return self.attr_result(v, method);
            }
            Some(Obj::Exception(_) | Obj::Function(_) | Obj::Module(_)) => return None,
            _ if plain => NO_SHAPE,
            // Built-in payloads: no attributes of their own unless a subclass in Python gave them a dict.
            _ if class.index() < core::END as usize || !self.as_type(class)?.has(type_flags::HAS_DICT) => NO_SHAPE,
            // One that could have some has none.
            Some(Obj::Payload(_)) if self.heap.side_dict(object).is_none() => {
                return self.native_attr(object, found?, method);
            }
            _ => return None,
        };
        let found = found?;
        match self.heap.object(found) {
            Some(Obj::Function(_)) if method => {}
            Some(Obj::Native { .. }) if !method => return self.native_attr(object, found, method),
            Some(Obj::Native { def, bound }) if method && bound.is_null() && def.kind == NativeKind::Method => {}
            None => {
                self.note(
                    number,
                    at,
                    Cache::ClassValue {
                        version,
                        value: found,
                        shape,
                    },
                );
                return self.attr_result(found, method);
            }
            Some(
                Obj::Str(_)
                | Obj::Tuple(_)
                | Obj::List(_)
                | Obj::Dict(_)
                | Obj::Wide(_)
                | Obj::Long(_)
                | Obj::Int(_)
                | Obj::Float(_),
            ) => {
                self.note(
                    number,
                    at,
                    Cache::ClassValue {
                        version,
                        value: found,
                        shape,
                    },
                );
                return self.attr_result(found, method);
            }
            _ => return None,
        }
        if object.is_heap() {
            self.note_method(shape, name, version, found);
            self.note(
                number,
                at,
                Cache::Method {
                    version,
                    function: found,
                    shape,
                },
            );
        }
        // The object becomes the first argument.
        let object = self.pop_counted();
        self.push(found);
        self.push_counted(object);
        Some(Ok(()))
    }

    /// A native method of an object without attributes of its own: to be called, or bound.
    fn native_attr(&mut self, object: Value, found: Value, method: bool) -> Option<Step> {
        match self.heap.object(found)? {
            Obj::Native { def, bound } if bound.is_null() && def.kind == NativeKind::Method => {}
            _ => return None,
        }
        // What the way around this charges.
        self.now_ns += cost::SLOW;
        if !method {
            let bound = self.bind_method(found, object);
            return self.attr_result(bound, false);
        }
        let object = self.pop_counted();
        self.push(found);
        self.push_counted(object);
        Some(Ok(()))
    }

    /// An attribute that a property or a native of a core class computes.
    fn computed_attr(&mut self, number: usize, at: usize, class: Value, version: u64, found: Value) -> Option<Step> {
        // An AttributeError of the getter would have to go to `__getattr__`.
        if self.as_type(class)?.has(type_flags::HAS_GETATTR) {
            return None;
        }
        match self.heap.object(found)? {
            Obj::Property(p) if self.is_exact(found, core::PROPERTY) => {
                let getter = p.get;
                if !self.enter_getter(getter) {
                    return None;
                }
                self.note(number, at, Cache::Property { version, getter });
                Some(Ok(()))
            }
            &Obj::Native { def, bound }
                if bound.is_null()
                    && class.index() < core::END as usize
                    && matches!(def.kind, NativeKind::Getter | NativeKind::GetSet) =>
            {
                Some(self.op_native(def, 1, None))
            }
            _ => None,
        }
    }

    /// An attribute of a class: plain values and functions of the class itself, when the metaclass is `type`.
    fn quick_type_attr(&mut self, number: usize, at: usize, class: Value, name: Value, method: bool) -> Option<Step> {
        if self.type_of(class) != core::TYPE {
            return None;
        }
        if self
            .lookup_in_type(core::TYPE, name)
            .is_some_and(|f| self.is_data_descriptor(f))
        {
            return None;
        }
        let found = self.lookup_in_type(class, name)?;
        let mut value = found;
        match self.heap.object(found) {
            None
            | Some(
                Obj::Function(_)
                | Obj::Str(_)
                | Obj::Tuple(_)
                | Obj::List(_)
                | Obj::Dict(_)
                | Obj::Wide(_)
                | Obj::Long(_)
                | Obj::Int(_)
                | Obj::Float(_),
            ) => {}
            Some(Obj::Native { def, bound }) if bound.is_null() && def.kind == NativeKind::Method => {}
            Some(Obj::StaticMethod(w)) if self.is_exact(found, core::STATICMETHOD) => value = w.callable,
            Some(Obj::ClassMethod(w))
                if method
                    && self.is_exact(found, core::CLASSMETHOD)
                    && matches!(self.heap.object(w.callable), Some(Obj::Function(_))) =>
            {
                let function = w.callable;
                let version = self.as_type(class)?.version;
                if version != 0 {
                    self.note(number, at, Cache::TypeMethod { version, function });
                }
                let class = self.pop_counted();
                self.push(function);
                self.push_counted(class);
                return Some(Ok(()));
            }
            _ => return None,
        }
        let found = value;
        let version = self.as_type(class)?.version;
        if version != 0 {
            self.note(number, at, Cache::TypeValue { version, value: found });
        }
        self.attr_result(found, method)
    }

    /// The place of the slot that a class attribute is the descriptor of, for instances of a class.
    fn slot_place(&self, found: Value, class: Value) -> Option<u32> {
        let slot = self.heap.payload::<crate::class::Slot>(found)?;
        self.is_subtype(class, slot.owner).then_some(slot.place)
    }

    /// Could this class attribute intercept stores (has `__set__` or `__delete__`)?
    pub(crate) fn is_data_descriptor(&mut self, v: Value) -> bool {
        match self.heap.object(v) {
            None => false,
            Some(
                Obj::Function(_)
                | Obj::StaticMethod(_)
                | Obj::ClassMethod(_)
                | Obj::Str(_)
                | Obj::Tuple(_)
                | Obj::Type(_),
            ) => false,
            Some(Obj::Native { def, .. }) => matches!(def.kind, NativeKind::Getter | NativeKind::GetSet),
            Some(Obj::Property(_)) => true,
            _ => {
                let class = self.type_of(v);
                self.lookup_in_type(class, names::SET).is_some() || self.lookup_in_type(class, names::DELETE).is_some()
            }
        }
    }

    /// `STORE_ATTR` past the inline cache.
    pub(crate) fn op_store_attr(&mut self, number: usize, at: usize, name: Value) -> Step {
        let object = self.peek(1);
        if let Some(cache) = self.store_cache(object, name) {
            self.note(number, at, cache);
            let (value, place) = (self.peek(2), cache);
            self.heap.incref(value);
            if let Obj::Instance(i) = self.heap.get_mut(object) {
                match place {
                    Cache::Field { place, .. } => {
                        if let Some(slot) = i.values.get_mut(place as usize) {
                            let old = std::mem::replace(slot, value);
                            self.heap.decref(old);
                        }
                    }
                    Cache::NewField { to, .. } => {
                        i.shape = to;
                        i.values.push(value);
                        self.heap.adjust_size(8);
                    }
                    _ => {}
                }
            }
            self.pop();
            self.pop();
            return Ok(());
        }
        let value = self.peek(2);
        if self.store_in_exception(object, name, value) {
            self.now_ns += cost::SLOW;
            self.pop();
            self.pop();
            return Ok(());
        }
        self.push(name);
        self.op_native(&super::slow::STORE_ATTR, 3, None)
    }

    /// Stores a name that its class does not know in the dict of an exception; true if done.
    fn store_in_exception(&mut self, object: Value, name: Value, value: Value) -> bool {
        if !matches!(self.heap.object(object), Some(Obj::Exception(_))) {
            return false;
        }
        let t = self.class(object);
        if t.version == 0 || t.has(type_flags::CUSTOM_SETATTR) {
            return false;
        }
        self.lookup_in_type(self.type_of(object), name).is_none() && self.set_own_attribute(object, name, value)
    }

    /// How an attribute is stored in an instance without descriptors in the way.
    fn store_cache(&mut self, object: Value, name: Value) -> Option<Cache> {
        let Some(Obj::Instance(i)) = self.heap.object(object) else {
            return None;
        };
        if !i.dict.is_null() {
            return None;
        }
        let shape = i.shape;
        let class = self.type_of(object);
        let t = self.as_type(class)?;
        if t.version == 0 || t.has(type_flags::CUSTOM_SETATTR) {
            return None;
        }
        let (has_dict, epoch) = (t.has(type_flags::HAS_DICT), self.field_epoch);
        let found = self.lookup_in_type(class, name);
        if let Some(place) = found.and_then(|f| self.slot_place(f, class)) {
            self.note_field(shape, name, place, true);
            return Some(Cache::Field { epoch, shape, place });
        }
        if !has_dict || found.is_some_and(|f| self.is_data_descriptor(f)) {
            return None;
        }
        if name == names::DICT || name == names::CLASS {
            return None;
        }
        if let Some(place) = self.shapes.place(shape, name) {
            self.note_field(shape, name, place, true);
            return Some(Cache::Field { epoch, shape, place });
        }
        let to = self.shapes.with(shape, name)?;
        Some(Cache::NewField { epoch, from: shape, to })
    }

    /// `LOAD_SUPER_ATTR`: the usual two-argument call of the real `super` finds functions without making a proxy.
    pub(crate) fn op_load_super_attr(&mut self, number: usize, at: usize, arg: u32) -> Step {
        let (function, class, object) = (self.peek(3), self.peek(2), self.peek(1));
        let name = self.name_at(arg >> 2);
        let method = arg & 1 == 1;
        if function == core::SUPER
            && method
            && self.is_subtype(self.type_of(object), class)
            && let Some(found) = self.lookup_behind(self.type_of(object), class, name)
        {
            let bindable = match self.heap.object(found) {
                Some(Obj::Function(_)) => true,
                Some(Obj::Native { def, bound }) => bound.is_null() && def.kind == NativeKind::Method,
                _ => false,
            };
            if bindable {
                let version = self.as_type(self.type_of(object)).map_or(0, |t| t.version);
                if version != 0 && object.is_heap() {
                    let class = class.index() as u32;
                    self.note(
                        number,
                        at,
                        Cache::Super {
                            version,
                            class,
                            function: found,
                        },
                    );
                }
                let object = self.pop_counted();
                self.pop();
                self.pop();
                self.push(found);
                self.push_counted(object);
                return Ok(());
            }
        }
        self.push(name);
        self.push(Value::from_bool(arg & 2 != 0));
        self.op_native(&super::slow::LOAD_SUPER, 5, None)
    }

    /// The attribute behind `class` in the MRO of `of`.
    fn lookup_behind(&self, of: Value, class: Value, name: Value) -> Option<Value> {
        let mro = self.as_tuple(self.as_type(of)?.mro)?;
        let at = mro.iter().position(|&c| c == class)?;
        mro[at + 1..]
            .iter()
            .find_map(|&c| self.dict_get_str(self.as_type(c)?.dict, name))
    }
}
