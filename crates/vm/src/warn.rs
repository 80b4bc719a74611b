//! Warnings that the interpreter itself issues, by the module `warnings`.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

impl Process {
    /// `warnings.warn(message, category)`, about the line of Python code that runs; the warning may be an exception.
    pub fn warn(&mut self, category: Value, message: &str) -> NativeResult<()> {
        let function = self.prelude_function("_warn");
        let text = self.once(|vm| Ok(vm.new_str(message)))?;
        self.call(function, &[category, text])?;
        Ok(())
    }
}
