//! Conversions to numbers: `__index__`, `__int__`, `__float__`.

use crate::names;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

impl Process {
    /// The int that `operator.index(v)` gives (an exact `int`, or an instance of a subclass as it is).
    pub fn index_value(&mut self, v: Value) -> NativeResult {
        if self.is_int(v) {
            return Ok(v);
        }
        match self.call_special(v, names::INDEX, &[])? {
            Some(n) if self.is_exact(n, crate::types::core::INT) => Ok(n),
            Some(n) if self.is_int(n) => {
                let name = self.shown_type(n);
                let text = crate::builtin::numbers::int::not_quite_int("__index__", &name);
                self.warn(crate::types::core::DEPRECATION_WARNING, &text)?;
                Ok(n)
            }
            Some(other) => {
                let name = self.shown_type(other);
                Err(self.type_error(&format!("__index__ returned non-int (type {name})")))
            }
            None => {
                let name = self.shown_type(v);
                Err(self.type_error(&format!("'{name}' object cannot be interpreted as an integer")))
            }
        }
    }

    /// `__index__` as a machine integer; OverflowError when it does not fit.
    pub fn index_i64(&mut self, v: Value) -> NativeResult<i64> {
        if let Some(n) = self.as_i64(v) {
            return Ok(n);
        }
        let n = self.index_value(v)?;
        match self.as_i64(n) {
            Some(n) => Ok(n),
            None => {
                let name = self.shown_type(v);
                Err(self.overflow_error(&format!("cannot fit '{name}' into an index-sized integer")))
            }
        }
    }

    /// `__index__` as a machine integer, cut to the range of one when it does not fit (slices).
    pub fn index_clamped(&mut self, v: Value) -> NativeResult<i64> {
        let n = self.index_big(v)?;
        Ok(n.to_i64().unwrap_or(if n.sign() == num_bigint::Sign::Minus {
            i64::MIN
        } else {
            i64::MAX
        }))
    }

    /// `__index__` as an integer of any size.
    pub fn index_big(&mut self, v: Value) -> NativeResult<BigInt> {
        let n = self.index_value(v)?;
        Ok(self.as_bigint(n).unwrap_or_default())
    }

    /// What `__float__` of `v` answered, as a float; an instance of a subclass is warned about.
    pub fn float_result(&mut self, v: Value, result: Value) -> NativeResult<f64> {
        let (of, got) = (self.shown_type(v), self.shown_type(result));
        let Some(f) = self.as_float(result) else {
            return Err(self.type_error(&format!("{of}.__float__ returned non-float (type {got})")));
        };
        if !self.is_exact(result, crate::types::core::FLOAT) {
            let text = format!(
                "{of}.__float__ returned non-float (type {got}).  The ability to return an instance of a strict subclass of float is \
                 deprecated, and may be removed in a future version of Python."
            );
            self.warn(crate::types::core::DEPRECATION_WARNING, &text)?;
        }
        Ok(f)
    }

    /// What `float(v)` gives for a number: `__float__`, else `__index__`. Strings are refused.
    pub fn float_of(&mut self, v: Value) -> NativeResult<f64> {
        if let Some(f) = self.as_float(v) {
            return Ok(f);
        }
        if self.is_int(v) {
            return self.float_of_int(v);
        }
        if let Some(result) = self.call_special(v, names::FLOAT, &[])? {
            return self.float_result(v, result);
        }
        let class = self.type_of(v);
        if self.lookup_in_type(class, names::INDEX).is_some() {
            let n = self.index_value(v)?;
            return self.float_of_int(n);
        }
        let name = self.shown_type(v);
        Err(self.type_error(&format!("must be real number, not {name}")))
    }

    fn float_of_int(&mut self, v: Value) -> NativeResult<f64> {
        if let Some(n) = self.as_i64(v) {
            return Ok(n as f64);
        }
        match self.as_bigint(v).and_then(|n| n.to_f64()) {
            Some(f) if f.is_finite() => Ok(f),
            _ => Err(self.error(core::OVERFLOW_ERROR, "int too large to convert to float")),
        }
    }
}
