//! Reading attributes: CPython's generic algorithm, and the variants of types, modules and `super`.

use crate::function::Bound;
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;

/// What kind of descriptor an attribute of a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// No descriptor, or one that gives itself.
    Plain,
    /// A Python function or native method: binds by taking the instance as first argument.
    Function,
    /// `classmethod_descriptor`
    NativeClassMethod,
    /// `getset_descriptor` or a computed member: data.
    GetSet,
    /// A slot: data.
    Slot,
    /// An exact `property`: data.
    Property,
    /// `staticmethod`
    StaticMethod,
    /// `classmethod`
    ClassMethod,
    /// Anything with a `__get__`, `__set__` or `__delete__` of its own.
    Custom {
        /// Its class has `__get__`.
        get: bool,
        /// Its class has `__set__` or `__delete__`.
        data: bool,
    },
}

impl Descriptor {
    /// Does it go before the instance's own attributes?
    pub fn is_data(self) -> bool {
        matches!(
            self,
            Descriptor::GetSet | Descriptor::Slot | Descriptor::Property | Descriptor::Custom { data: true, .. }
        )
    }
}

impl Process {
    /// `v.name`
    pub fn getattr(&mut self, v: Value, name: Value) -> NativeResult {
        match self.getattr_or_missing(v, name) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(self.attribute_error(v, name)),
            Err(Unwind::Raise(e)) => {
                self.name_attribute_error(e, v, name);
                Err(Unwind::Raise(e))
            }
            Err(other) => Err(other),
        }
    }

    /// Fills in `name` and `obj` of an AttributeError that a program's own code raised without them.
    fn name_attribute_error(&mut self, e: Value, v: Value, name: Value) {
        if self.exception_matches(e, core::ATTRIBUTE_ERROR)
            && self.exception_field(e, 0).is_null()
            && self.exception_field(e, 1).is_null()
        {
            self.put_exception_field(e, 0, name);
            self.put_exception_field(e, 1, v);
        }
    }

    /// `v.name`, or `None` where that raises AttributeError.
    pub fn getattr_opt(&mut self, v: Value, name: Value) -> NativeResult<Option<Value>> {
        match self.getattr_or_missing(v, name) {
            Err(Unwind::Raise(e)) if self.exception_matches(e, core::ATTRIBUTE_ERROR) => Ok(None),
            other => other,
        }
    }

    /// `v.name` by the name's text.
    pub fn getattr_text(&mut self, v: Value, name: &str) -> NativeResult {
        let name = self.intern(name);
        self.getattr(v, name)
    }

    /// `None`: an AttributeError has not even been made.
    fn getattr_or_missing(&mut self, v: Value, name: Value) -> NativeResult<Option<Value>> {
        let class = self.type_of(v);
        let bits = self.as_type(class).map_or(0, |t| t.flags);
        if bits & (type_flags::CUSTOM_GETATTRIBUTE | type_flags::HAS_GETATTR) == 0 {
            return self.plain_getattr(v, name);
        }
        let result = if bits & type_flags::CUSTOM_GETATTRIBUTE != 0 {
            match self.lookup_in_type(class, names::GETATTRIBUTE) {
                Some(method) => self.call_found(method, v, &[name]).map(Some),
                None => Ok(None),
            }
        } else {
            self.plain_getattr(v, name)
        };
        if bits & type_flags::HAS_GETATTR == 0 {
            return result;
        }
        match result {
            Ok(Some(found)) => return Ok(Some(found)),
            Ok(None) => {}
            Err(Unwind::Raise(e)) if self.exception_matches(e, core::ATTRIBUTE_ERROR) => {}
            Err(other) => return Err(other),
        }
        match self.lookup_in_type(class, names::GETATTR) {
            // A part of its own, so that the search before does not take up, when this is done again, what this call found.
            Some(method) => self.scope(|vm| vm.call_found(method, v, &[name])).map(Some),
            None => Ok(None),
        }
    }

    /// What the `__getattribute__` of `object`, `type`, `module` or `super` gives, by the kind of value; `None` when missing.
    pub fn plain_getattr(&mut self, v: Value, name: Value) -> NativeResult<Option<Value>> {
        match self.heap.object(v) {
            Some(Obj::Type(_)) => self.type_getattr(v, name),
            Some(Obj::Module(_)) => self.module_getattr(v, name),
            Some(Obj::Payload(_)) if self.is_super(v) => self.super_getattr(v, name),
            _ => self.instance_getattr(v, name),
        }
    }

    /// `object.__getattribute__`
    pub fn instance_getattr(&mut self, v: Value, name: Value) -> NativeResult<Option<Value>> {
        let name = self.known_name(name).unwrap_or(name);
        let class = self.type_of(v);
        if let Some(found) = self.found_before() {
            return self.bind_found(found, v, class).map(Some);
        }
        let found = self.lookup_in_type(class, name);
        let kind = found.map_or(Descriptor::Plain, |f| self.descriptor_kind(f));
        if let Some(found) = found
            && kind.is_data()
        {
            // A data descriptor without `__get__` gives way to the instance, then itself.
            if kind != (Descriptor::Custom { get: false, data: true }) {
                return self.bind_kind(kind, found, v, class).map(Some);
            }
        }
        if let Some(own) = self.own_attribute(v, name) {
            return Ok(Some(own));
        }
        match found {
            Some(found) => self.bind_kind(kind, found, v, class).map(Some),
            None => Ok(None),
        }
    }

    /// `type.__getattribute__`
    pub fn type_getattr(&mut self, class: Value, name: Value) -> NativeResult<Option<Value>> {
        let name = self.known_name(name).unwrap_or(name);
        let meta = self.type_of(class);
        if let Some(found) = self.found_before() {
            let of_meta = self.lookup_in_type(meta, name) == Some(found);
            let (this, class) = if of_meta { (class, meta) } else { (Value::NULL, class) };
            return self.bind_found(found, this, class).map(Some);
        }
        let meta_found = self.lookup_in_type(meta, name);
        let meta_kind = meta_found.map_or(Descriptor::Plain, |f| self.descriptor_kind(f));
        if let Some(found) = meta_found
            && meta_kind.is_data()
            && meta_kind != (Descriptor::Custom { get: false, data: true })
        {
            return self.bind_kind(meta_kind, found, class, meta).map(Some);
        }
        if let Some(found) = self.lookup_in_type(class, name) {
            return self.bind_descriptor(found, Value::NULL, class).map(Some);
        }
        match meta_found {
            Some(found) => self.bind_kind(meta_kind, found, class, meta).map(Some),
            None => Ok(None),
        }
    }

    /// `module.__getattribute__`, with the module's own `__getattr__`.
    pub fn module_getattr(&mut self, module: Value, name: Value) -> NativeResult<Option<Value>> {
        if let Some(found) = self.instance_getattr(module, name)? {
            return Ok(Some(found));
        }
        let Some(dict) = self.existing_dict(module) else {
            return Ok(None);
        };
        match self.dict_get_str(dict, names::GETATTR) {
            Some(function) => self.call(function, &[name]).map(Some),
            None => Ok(None),
        }
    }

    /// What kind of descriptor is it?
    pub fn descriptor_kind(&mut self, found: Value) -> Descriptor {
        if !found.is_heap() {
            return Descriptor::Plain;
        }
        let class = self.type_of(found);
        match class {
            core::FUNCTION | core::METHOD_DESCRIPTOR | core::WRAPPER_DESCRIPTOR => Descriptor::Function,
            core::GETSET_DESCRIPTOR => Descriptor::GetSet,
            core::MEMBER_DESCRIPTOR if self.as_native(found).is_some() => Descriptor::GetSet,
            core::MEMBER_DESCRIPTOR => Descriptor::Slot,
            core::PROPERTY => Descriptor::Property,
            core::STATICMETHOD => Descriptor::StaticMethod,
            core::CLASSMETHOD => Descriptor::ClassMethod,
            core::CLASSMETHOD_DESCRIPTOR => Descriptor::NativeClassMethod,
            core::STR | core::TUPLE | core::BUILTIN_FUNCTION | core::METHOD | core::DICT | core::LIST | core::TYPE => {
                Descriptor::Plain
            }
            _ => {
                let get = self.lookup_in_type(class, names::GET).is_some();
                let data = self.lookup_in_type(class, names::SET).is_some()
                    || self.lookup_in_type(class, names::DELETE).is_some();
                if get || data {
                    Descriptor::Custom { get, data }
                } else {
                    Descriptor::Plain
                }
            }
        }
    }

    /// What an attribute found in a class gives for an instance (`__get__`); `v` NULL for access through the class itself.
    pub fn bind_descriptor(&mut self, found: Value, v: Value, class: Value) -> NativeResult {
        let found = self.found_before().unwrap_or(found);
        self.bind_found(found, v, class)
    }

    /// [`Process::bind_descriptor`] of what [`Process::found_before`] has been asked for already.
    pub(crate) fn bind_found(&mut self, found: Value, v: Value, class: Value) -> NativeResult {
        let kind = self.descriptor_kind(found);
        self.bind_kind(kind, found, v, class)
    }

    fn bind_kind(&mut self, kind: Descriptor, found: Value, v: Value, class: Value) -> NativeResult {
        match kind {
            Descriptor::Plain => Ok(found),
            Descriptor::Function if v.is_null() => Ok(found),
            Descriptor::Function => Ok(self.bind_method(found, v)),
            Descriptor::NativeClassMethod => match self.as_native(found) {
                Some((def, _)) => Ok(self.new_native(def, class)),
                None => Ok(found),
            },
            Descriptor::StaticMethod | Descriptor::ClassMethod => match self.heap.get(found) {
                Obj::StaticMethod(w) => Ok(w.callable),
                Obj::ClassMethod(w) => {
                    let callable = w.callable;
                    Ok(self.bind_method(callable, class))
                }
                _ => Ok(found),
            },
            Descriptor::GetSet | Descriptor::Slot | Descriptor::Property if v.is_null() => Ok(found),
            Descriptor::GetSet => self.call(found, &[v]),
            Descriptor::Slot => self.read_slot(found, v),
            Descriptor::Property => self.property_get(found, v),
            Descriptor::Custom { get: false, .. } => Ok(found),
            Descriptor::Custom { .. } => {
                let this = if v.is_null() { Value::NONE } else { v };
                self.note_descriptor(found);
                match self.call_special(found, names::GET, &[this, class])? {
                    Some(result) => Ok(result),
                    None => Ok(found),
                }
            }
        }
    }

    /// A method bound to `this`: a native one for natives, else a `method`.
    pub fn bind_method(&mut self, function: Value, this: Value) -> Value {
        match self.type_of(function) {
            core::METHOD_DESCRIPTOR => match self.as_native(function) {
                Some((def, _)) => self.new_native(def, this),
                None => function,
            },
            core::WRAPPER_DESCRIPTOR => match self.as_native(function) {
                Some((def, _)) => self.heap.alloc(core::METHOD_WRAPPER, Obj::Native { def, bound: this }),
                None => function,
            },
            _ => self
                .heap
                .alloc(core::METHOD, Obj::BoundMethod(Box::new(Bound { function, this }))),
        }
    }

    // ---- errors ----

    /// AttributeError for a missing attribute, with `name` and `obj` filled in (the traceback's suggestions start from them).
    #[cold]
    pub fn attribute_error(&mut self, v: Value, name: Value) -> Unwind {
        let shown = self.text(name);
        let message = match self.heap.object(v) {
            Some(Obj::Type(t)) => {
                let class = self.text(t.name);
                format!("type object '{class}' has no attribute '{shown}'")
            }
            Some(Obj::Module(m)) => {
                let dict = m.dict;
                match self
                    .dict_get_str(dict, names::NAME)
                    .filter(|n| self.as_pystr(*n).is_some())
                {
                    Some(module) => {
                        let module = self.text(module);
                        if self.is_initializing(dict) {
                            format!(
                                "partially initialized module '{module}' has no attribute '{shown}' (most likely due to a \
                                 circular import)"
                            )
                        } else {
                            format!("module '{module}' has no attribute '{shown}'")
                        }
                    }
                    None => format!("module has no attribute '{shown}'"),
                }
            }
            _ => format!("'{}' object has no attribute '{shown}'", self.shown_type(v)),
        };
        self.attribute_error_text(&message, v, name)
    }

    /// AttributeError with this message, `name` and `obj`.
    #[cold]
    pub fn attribute_error_text(&mut self, message: &str, v: Value, name: Value) -> Unwind {
        let text = self.new_str(message);
        let args = self.new_tuple(vec![text]);
        let mut exception = crate::object::Exception::new(args);
        exception.fields = vec![name, v];
        Unwind::Raise(
            self.heap
                .alloc(core::ATTRIBUTE_ERROR, Obj::Exception(Box::new(exception))),
        )
    }

    /// Is the module with this dict still being imported?
    fn is_initializing(&mut self, dict: Value) -> bool {
        let Some(spec) = self.dict_get_str(dict, names::SPEC) else {
            return false;
        };
        self.own_attribute(spec, names::INITIALIZING) == Some(Value::TRUE)
    }
}
