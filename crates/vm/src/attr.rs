//! Attribute access.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

impl Process {
    /// `v.name`
    pub fn getattr(&mut self, _v: Value, _name: Value) -> NativeResult {
        Err(self.not_supported("attribute access yet"))
    }
    /// `v.name`, or `None` where that raises AttributeError.
    pub fn getattr_opt(&mut self, _v: Value, _name: Value) -> NativeResult<Option<Value>> {
        Err(self.not_supported("attribute access yet"))
    }
    /// `v.name = value`
    pub fn setattr(&mut self, _v: Value, _name: Value, _value: Value) -> NativeResult<()> {
        Err(self.not_supported("attribute access yet"))
    }
    /// `del v.name`
    pub fn delattr(&mut self, _v: Value, _name: Value) -> NativeResult<()> {
        Err(self.not_supported("attribute access yet"))
    }
    /// The `__dict__` of a value (made if it has none yet and `create`); `None` if it cannot have one.
    pub fn object_dict(&mut self, _v: Value, _create: bool) -> NativeResult<Option<Value>> {
        Ok(None)
    }
    /// What an attribute found in a class gives for an instance (`__get__`); `v` NULL for access through the class itself.
    pub fn bind_descriptor(&mut self, found: Value, _v: Value, _class: Value) -> NativeResult {
        Ok(found)
    }
    /// `list[int]`
    pub fn new_generic_alias(&mut self, _origin: Value, _args: Value) -> NativeResult {
        Err(self.not_supported("generic aliases yet"))
    }
    /// The members of a `types.UnionType`.
    pub fn union_members(&self, _v: Value) -> Option<Vec<Value>> {
        None
    }
    /// Is the exception an instance of the class (no hooks)?
    pub fn exception_matches(&self, exc: Value, class: Value) -> bool {
        self.is_instance(exc, class)
    }
    /// A new exception of a core class.
    pub fn new_exception(&mut self, class: Value, args: Vec<Value>) -> Value {
        let args = self.new_tuple(args);
        self.heap.alloc(
            class,
            crate::object::Obj::Exception(Box::new(crate::object::Exception::new(args))),
        )
    }
}
