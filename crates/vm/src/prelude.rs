//! The prelude: our own library code in Python that natives call.

use crate::process::Process;
use crate::value::Value;

impl Process {
    /// A function of `prelude/*.py`; None if there is none of that name (a bug of ours, said by the call that follows).
    pub fn prelude_function(&mut self, name: &str) -> Value {
        let name = self.intern(name);
        self.dict_get_str(self.prelude, name).unwrap_or(Value::NONE)
    }
}
