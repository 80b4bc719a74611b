//! The prelude: our own library code in Python that natives call, compiled by `build.rs`.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use heddle_compiler::Code;
use std::cell::OnceCell;
use std::rc::Rc;

macro_rules! prelude {
    ($($name:literal),*) => {
        [$(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".code")) as &[u8]),*]
    };
}

/// The files, in the order in which they are executed in one namespace.
const FILES: [&[u8]; 7] = prelude![
    "importing",
    "starting",
    "core",
    "objects",
    "containers",
    "loops",
    "collecting"
];

thread_local! {
    // Read once per Rust thread: the bytes never change.
    static CODE: OnceCell<Vec<Rc<Code>>> = const { OnceCell::new() };
}

fn files() -> Vec<Rc<Code>> {
    let read = || {
        let codes = FILES.iter().filter_map(|bytes| heddle_compiler::from_bytes(bytes).ok());
        codes.map(Rc::new).collect()
    };
    CODE.with(|code| code.get_or_init(read).clone())
}

impl Process {
    /// A function of `prelude/*.py`; None if there is none of that name (a bug of ours, said by the call that follows).
    pub fn prelude_function(&mut self, name: &'static str) -> Value {
        if let Some(&found) = self.prelude_functions.get(name) {
            return found;
        }
        let interned = self.intern(name);
        let Some(found) = self.dict_get_str(self.prelude, interned) else {
            return Value::NONE;
        };
        // For good: a program that empties the dict (`gc.get_objects` finds it) does not take it away.
        self.heap.incref(found);
        self.prelude_functions.insert(name, found);
        found
    }

    /// Executes the prelude's files in their namespace.
    pub(crate) fn run_prelude(&mut self) -> NativeResult<()> {
        for code in files() {
            let code = self.once(|vm| Ok(vm.load_code(&code)))?;
            let dict = self.prelude;
            self.execute_code(code, dict, Value::NULL)?;
        }
        Ok(())
    }
}
