//! The module `sys`.

use crate::function::Native;
use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;

mod data;
mod frames;
mod functions;

pub(crate) use data::VERSION;

/// All functions.
pub static FUNCTIONS: &[&[Native]] = &[functions::FUNCTIONS, frames::FUNCTIONS];

/// Fills the dict of `sys`. Runs once at boot, after the prelude; must not run Python code.
pub fn fill(p: &mut Process) -> NativeResult<()> {
    let dict = p.sys;
    let ticks = if p.config.rules.ticks { functions::TICKS } else { &[] };
    for table in FUNCTIONS.iter().chain([&ticks]) {
        for native in *table {
            let function = p.new_native(native, Value::NULL);
            let name = p.intern(native.name);
            p.dict_set_str(dict, name, function);
        }
    }
    data::add(p, dict)?;
    crate::trace::monitoring::add(p, dict)
}
