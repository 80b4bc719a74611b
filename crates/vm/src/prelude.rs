//! The prelude: our own library code in Python that natives call.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use heddle_compiler::{Code, Mode, Options};
use std::cell::RefCell;
use std::rc::Rc;

/// The files, in the order in which they are executed in one namespace.
const FILES: &[(&str, &str)] = &[
    ("<heddle importing>", include_str!("prelude/importing.py")),
    ("<heddle core>", include_str!("prelude/core.py")),
    ("<heddle objects>", include_str!("prelude/objects.py")),
    ("<heddle containers>", include_str!("prelude/containers.py")),
];

thread_local! {
    // Compiled once per Rust thread: the text never changes.
    static COMPILED: RefCell<Vec<(&'static str, Rc<Code>)>> = const { RefCell::new(Vec::new()) };
}

fn compiled(name: &'static str, source: &'static str) -> Result<Rc<Code>, heddle_compiler::SyntaxError> {
    let known = COMPILED.with_borrow(|all| all.iter().find(|(n, _)| *n == name).map(|(_, code)| Rc::clone(code)));
    if let Some(code) = known {
        return Ok(code);
    }
    let code = Rc::new(heddle_compiler::compile(source, name, Mode::Exec, &Options::default())?.code);
    COMPILED.with_borrow_mut(|all| all.push((name, Rc::clone(&code))));
    Ok(code)
}

impl Process {
    /// A function of `prelude/*.py`; None if there is none of that name (a bug of ours, said by the call that follows).
    pub fn prelude_function(&mut self, name: &str) -> Value {
        let name = self.intern(name);
        self.dict_get_str(self.prelude, name).unwrap_or(Value::NONE)
    }

    /// Executes the prelude's files (and the library's) in their namespace.
    pub(crate) fn run_prelude(&mut self) -> NativeResult<()> {
        let more = self.config.library.prelude;
        for &(name, source) in FILES.iter().chain(more) {
            let code = self.once(|vm| match compiled(name, source) {
                Ok(code) => Ok(vm.load_code(&code)),
                Err(error) => Err(vm.syntax_error(&error, name)),
            })?;
            let dict = self.prelude;
            self.execute_code(code, dict, Value::NULL)?;
        }
        Ok(())
    }
}
