//! Asynchronous generators: the wrapper around a yielded value.

use crate::process::Process;
use crate::types::core;
use crate::value::Value;

/// A value that an asynchronous generator yields itself (in contrast to what its `await`s pass through).
#[derive(Clone, Debug)]
pub struct Wrapped(pub Value);

crate::impl_payload!(Wrapped, |this, f| f(this.0));

/// Wraps a yielded value.
pub fn wrap(vm: &mut Process, v: Value) -> Value {
    vm.new_payload(core::OBJECT, Wrapped(v))
}
