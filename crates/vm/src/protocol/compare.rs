//! Rich comparison.

use crate::names;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::op::CompareOp;

/// The special method of a comparison.
pub fn method_of(op: CompareOp) -> Value {
    match op {
        CompareOp::Lt => names::LT,
        CompareOp::Le => names::LE,
        CompareOp::Eq => names::EQ,
        CompareOp::Ne => names::NE,
        CompareOp::Gt => names::GT,
        CompareOp::Ge => names::GE,
    }
}

fn swapped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

fn symbol(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

fn holds<T: PartialOrd>(op: CompareOp, a: &T, b: &T) -> bool {
    match op {
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
    }
}

impl Process {
    /// `a op b`; the result may be any object.
    pub fn compare(&mut self, op: CompareOp, a: Value, b: Value) -> NativeResult {
        if let Some(known) = self.compare_simple(op, a, b) {
            return Ok(Value::from_bool(known));
        }
        let (left_class, right_class) = (self.type_of(a), self.type_of(b));
        let mut reflected_tried = false;
        if left_class != right_class
            && self.is_subtype(right_class, left_class)
            && let Some(method) = self.lookup_in_type(right_class, method_of(swapped(op)))
        {
            reflected_tried = true;
            let result = self.call_found(method, b, &[a])?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if let Some(method) = self.lookup_in_type(left_class, method_of(op)) {
            let result = self.call_found(method, a, &[b])?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if !reflected_tried && let Some(method) = self.lookup_in_type(right_class, method_of(swapped(op))) {
            let result = self.call_found(method, b, &[a])?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        match op {
            CompareOp::Eq => Ok(Value::from_bool(a == b)),
            CompareOp::Ne => Ok(Value::from_bool(a != b)),
            _ => {
                let (left, right) = (self.shown_type(a), self.shown_type(b));
                Err(self.type_error(&format!(
                    "'{}' not supported between instances of '{left}' and '{right}'",
                    symbol(op)
                )))
            }
        }
    }

    /// Comparisons of exact `int`, `float`, `str` and singletons, which no Python code can change.
    #[inline]
    pub(crate) fn compare_simple(&self, op: CompareOp, a: Value, b: Value) -> Option<bool> {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
            return Some(holds(op, &x, &y));
        }
        if let (Some(x), Some(y)) = (a.as_float_immediate(), b.as_float_immediate()) {
            return Some(holds(op, &x, &y));
        }
        if self.is_exact(a, core::STR) && self.is_exact(b, core::STR) {
            let (x, y) = (self.as_pystr(a)?, self.as_pystr(b)?);
            // The order of WTF-8 bytes is the order of code points.
            return Some(match op {
                CompareOp::Eq => a == b || (x.hash() == y.hash() && x.bytes() == y.bytes()),
                CompareOp::Ne => a != b && (x.hash() != y.hash() || x.bytes() != y.bytes()),
                _ => holds(op, &x.bytes(), &y.bytes()),
            });
        }
        None
    }

    /// `a == b` as a truth value, identity counting as equality (what containers use).
    #[inline]
    pub fn eq(&mut self, a: Value, b: Value) -> NativeResult<bool> {
        if a == b {
            return Ok(true);
        }
        if let Some(known) = self.compare_simple(CompareOp::Eq, a, b) {
            return Ok(known);
        }
        let result = self.compare(CompareOp::Eq, a, b)?;
        self.truth(result)
    }

    /// A comparison as a truth value.
    pub fn compare_truth(&mut self, op: CompareOp, a: Value, b: Value) -> NativeResult<bool> {
        let result = self.compare(op, a, b)?;
        self.truth(result)
    }
}
