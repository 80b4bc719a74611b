//! Where attributes of single objects stand: the shape of an [`Instance`](crate::object::Instance), or the dict of everything else.

use crate::dict::Dict;
use crate::native::NativeResult;
use crate::object::{Instance, Obj};
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;

/// Shape of instances whose attributes have moved to a dict; the shapes of caches never equal it.
pub const DICT_SHAPE: u32 = 0;

impl Process {
    /// A new instance of a class of `object` layout, slots unset.
    pub fn new_instance(&mut self, class: Value) -> Value {
        let (shape, slots) = self.as_type(class).map_or((0, 0), |t| (t.shape, t.slot_count));
        self.heap.alloc(
            class,
            Obj::Instance(Box::new(Instance {
                shape,
                values: smallvec::smallvec![Value::NULL; slots as usize],
                dict: Value::NULL,
            })),
        )
    }

    /// The attribute of the object itself (not of its class), if it has one.
    pub fn own_attribute(&mut self, v: Value, name: Value) -> Option<Value> {
        if let Obj::Instance(i) = self.heap.object(v)?
            && i.dict.is_null()
        {
            let shape = i.shape;
            let name = self.known_name(name)?;
            let place = self.shapes.place(shape, name)?;
            return match self.heap.get(v) {
                Obj::Instance(i) => i.values.get(place as usize).copied().filter(|v| !v.is_null()),
                _ => None,
            };
        }
        let dict = self.existing_dict(v)?;
        self.dict_get_str(dict, name)
    }

    /// The dict an object already has; for instances in shape form none.
    pub fn existing_dict(&self, v: Value) -> Option<Value> {
        let dict = match self.heap.object(v)? {
            Obj::Instance(i) => i.dict,
            Obj::Function(x) => x.dict,
            Obj::Module(m) => m.dict,
            Obj::Exception(e) => e.dict,
            Obj::StaticMethod(w) | Obj::ClassMethod(w) => w.dict,
            Obj::Type(t) => t.dict,
            _ => return self.heap.side_dict(v),
        };
        if dict.is_null() { None } else { Some(dict) }
    }

    /// The `__dict__` of a value (made if it has none yet and `create`); `None` if it cannot have one. An instance in shape form goes
    /// over to its dict for good.
    pub fn object_dict(&mut self, v: Value, create: bool) -> NativeResult<Option<Value>> {
        if !v.is_heap() {
            return Ok(None);
        }
        if let Some(dict) = self.existing_dict(v) {
            return Ok(Some(dict));
        }
        if !self.class(v).has(type_flags::HAS_DICT) {
            return Ok(None);
        }
        if let Obj::Instance(_) = self.heap.get(v) {
            return Ok(Some(self.materialise(v)));
        }
        if !create {
            return Ok(None);
        }
        let dict = self.new_dict();
        self.set_object_dict(v, dict);
        Ok(Some(dict))
    }

    /// Replaces the `__dict__` of an object that can have one.
    pub fn set_object_dict(&mut self, v: Value, dict: Value) {
        if let Obj::Instance(_) = self.heap.get(v) {
            self.materialise(v);
        }
        self.heap.incref(dict);
        let field = match self.heap.get_mut(v) {
            Obj::Instance(i) => &mut i.dict,
            Obj::Function(x) => &mut x.dict,
            Obj::Module(m) => &mut m.dict,
            Obj::Exception(e) => &mut e.dict,
            Obj::StaticMethod(w) | Obj::ClassMethod(w) => &mut w.dict,
            _ => {
                self.heap.set_side_dict(v, dict);
                self.heap.decref(dict);
                return;
            }
        };
        let old = std::mem::replace(field, dict);
        self.heap.decref(old);
    }

    /// Moves the attributes of an instance from its shape to a dict.
    fn materialise(&mut self, v: Value) -> Value {
        let Obj::Instance(i) = self.heap.get(v) else {
            return Value::NULL;
        };
        if !i.dict.is_null() {
            return i.dict;
        }
        let shape = i.shape;
        let names = self.shapes.names(shape);
        let slots = self.shapes.get(shape).slots as usize;
        let dict = self.heap.alloc(core::DICT, Obj::Dict(Box::new(Dict::new())));
        self.heap.incref(dict);
        let Obj::Instance(i) = self.heap.get_mut(v) else {
            return dict;
        };
        let values: Vec<Value> = i.values.drain(slots.min(i.values.len())..).collect();
        i.shape = DICT_SHAPE;
        i.dict = dict;
        for (name, value) in names.into_iter().zip(values) {
            if !value.is_null() {
                self.dict_set_str(dict, name, value);
                self.heap.decref(value);
            }
        }
        dict
    }

    /// Sets an attribute of the object itself. `false` if it cannot have attributes.
    pub fn set_own_attribute(&mut self, v: Value, name: Value, value: Value) -> bool {
        if !v.is_heap() {
            return false;
        }
        if let Obj::Instance(i) = self.heap.get(v)
            && i.dict.is_null()
        {
            if !self.class(v).has(type_flags::HAS_DICT) {
                return false;
            }
            return self.set_in_shape(v, name, value);
        }
        let dict = match self.existing_dict(v) {
            Some(dict) => dict,
            None if !self.class(v).has(type_flags::HAS_DICT) => return false,
            None => {
                let dict = self.new_dict();
                self.set_object_dict(v, dict);
                dict
            }
        };
        let name = self.intern_value(name);
        self.dict_set_str(dict, name, value);
        true
    }

    fn set_in_shape(&mut self, v: Value, name: Value, value: Value) -> bool {
        let name = self.intern_value(name);
        let Obj::Instance(i) = self.heap.get(v) else {
            return false;
        };
        let shape = i.shape;
        let place = self.shapes.place(shape, name);
        let next = match place {
            Some(_) => None,
            None => self.shapes.with(shape, name),
        };
        if place.is_none() && next.is_none() {
            let dict = self.materialise(v);
            self.dict_set_str(dict, name, value);
            return true;
        }
        self.heap.incref(value);
        let Obj::Instance(i) = self.heap.get_mut(v) else {
            return false;
        };
        match (place, next) {
            (Some(place), _) => {
                if let Some(slot) = i.values.get_mut(place as usize) {
                    let old = std::mem::replace(slot, value);
                    self.heap.decref(old);
                }
            }
            (None, Some(next)) => {
                i.values.push(value);
                i.shape = next;
                self.heap.adjust_size(8);
            }
            (None, None) => {}
        }
        true
    }

    /// Removes an attribute of the object itself. `false` if it has none of that name.
    pub fn delete_own_attribute(&mut self, v: Value, name: Value) -> bool {
        if let Some(Obj::Instance(i)) = self.heap.object(v)
            && i.dict.is_null()
        {
            let shape = i.shape;
            let Some(name) = self.known_name(name) else {
                return false;
            };
            let Some(place) = self.shapes.place(shape, name) else {
                return false;
            };
            let names = self.shapes.names(shape);
            let root = self.class(v).shape;
            let mut next = root;
            for &n in names.iter().filter(|&&n| n != name) {
                match self.shapes.with(next, n) {
                    Some(shape) => next = shape,
                    None => return false,
                }
            }
            if let Obj::Instance(i) = self.heap.get_mut(v) {
                let old = i.values.remove(place as usize);
                i.shape = next;
                self.heap.decref(old);
                self.heap.adjust_size(-8);
            }
            return true;
        }
        match self.existing_dict(v) {
            Some(dict) => self.dict_remove_str(dict, name).is_some(),
            None => false,
        }
    }

    /// Gives an instance another class of compatible layout (`__class__` assignment): slots stay, attributes move to the new class's
    /// shapes.
    pub fn change_class(&mut self, v: Value, class: Value) {
        if let Obj::Instance(i) = self.heap.get(v)
            && i.dict.is_null()
        {
            let names = self.shapes.names(i.shape);
            let mut shape = self.as_type(class).map_or(0, |t| t.shape);
            for name in names {
                match self.shapes.with(shape, name) {
                    Some(next) => shape = next,
                    None => break,
                }
            }
            if let Obj::Instance(i) = self.heap.get_mut(v) {
                i.shape = shape;
            }
        }
        self.heap.set_class(v, class);
    }

    /// Value of the slot at a place: of an instance, or under the slot's name in the dict of an object of another layout.
    pub fn slot_value(&self, v: Value, place: u32, name: Value) -> Option<Value> {
        match self.heap.object(v)? {
            Obj::Instance(i) => i.values.get(place as usize).copied().filter(|v| !v.is_null()),
            _ => {
                let dict = self.existing_dict(v)?;
                self.dict_get_str(dict, name)
            }
        }
    }

    /// Sets (or with NULL deletes) a slot. `false` if there was nothing to delete.
    pub fn set_slot(&mut self, v: Value, place: u32, name: Value, value: Value) -> bool {
        if let Obj::Instance(i) = self.heap.get_mut(v) {
            let Some(slot) = i.values.get_mut(place as usize) else {
                return false;
            };
            let old = std::mem::replace(slot, value);
            self.heap.incref(value);
            self.heap.decref(old);
            return !(value.is_null() && old.is_null());
        }
        if value.is_null() {
            return self
                .existing_dict(v)
                .is_some_and(|dict| self.dict_remove_str(dict, name).is_some());
        }
        let dict = match self.existing_dict(v) {
            Some(dict) => dict,
            None => {
                let dict = self.new_dict();
                self.set_object_dict(v, dict);
                dict
            }
        };
        self.dict_set_str(dict, name, value);
        true
    }
}
