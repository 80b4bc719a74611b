//! The protocols of Python's data model: what operators, iteration, truth, hashing and printing do with any value.

use crate::native::NativeResult;
use crate::process::Process;
use crate::types::TypeDef;
use crate::value::Value;

impl Process {
    /// `hash(v)`
    pub fn hash(&mut self, v: Value) -> NativeResult<i64> {
        let name = self.type_name(v);
        Err(self.type_error(&format!("unhashable type: '{name}'")))
    }

    /// `a == b`, identity counting as equality.
    pub fn eq(&mut self, a: Value, b: Value) -> NativeResult<bool> {
        Ok(a == b)
    }

    /// Makes the class of a table entry.
    pub fn make_native_type(&mut self, _def: &'static TypeDef) -> Value {
        Value::NULL
    }
}
