//! Special methods: looked up in the class, called without making a bound method where possible.

use crate::function::Args;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// The special method `name` of `v`, looked up in its class and bound; `None` if the class lacks it.
    pub fn special(&mut self, v: Value, name: Value) -> NativeResult<Option<Value>> {
        let class = self.type_of(v);
        match self.found_before().or_else(|| self.lookup_in_type(class, name)) {
            Some(found) => self.bind_found(found, v, class).map(Some),
            None => Ok(None),
        }
    }

    /// Calls the special method `name` of `v`; `None` if the class lacks it.
    pub fn call_special(&mut self, v: Value, name: Value, args: &[Value]) -> NativeResult<Option<Value>> {
        let class = self.type_of(v);
        match self.found_before().or_else(|| self.lookup_in_type(class, name)) {
            Some(found) => self.call_bound(found, v, Args::positional(args)).map(Some),
            None => Ok(None),
        }
    }

    /// Calls an attribute found in the class of `v` as its method.
    pub fn call_found(&mut self, found: Value, v: Value, args: &[Value]) -> NativeResult {
        self.call_found_kw(found, v, Args::positional(args))
    }

    /// [`Process::call_found`] with keyword arguments.
    pub fn call_found_kw(&mut self, found: Value, v: Value, args: Args<'_>) -> NativeResult {
        let found = self.found_before().unwrap_or(found);
        self.call_bound(found, v, args)
    }

    fn call_bound(&mut self, found: Value, v: Value, args: Args<'_>) -> NativeResult {
        if self.takes_self(found) {
            return args.with_first(v, |args| self.call_kw(found, args));
        }
        let class = self.type_of(v);
        let bound = self.bind_found(found, v, class)?;
        self.call_kw(bound, args)
    }

    /// Is this a function that binds by simply taking the instance as first argument (a Python function or a native method)?
    #[inline]
    pub fn takes_self(&self, found: Value) -> bool {
        [core::FUNCTION, core::METHOD_DESCRIPTOR, core::WRAPPER_DESCRIPTOR].contains(&self.type_of(found))
    }
}
