//! Binary and unary operators: reflected methods, in-place forms, priority of subclasses.

use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, core};
use crate::value::Value;
use heddle_compiler::op::BinaryOp;

/// The special methods and the symbol of a binary operator.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// `__add__`
    pub name: Value,
    /// `__radd__`
    pub reflected: Value,
    /// `__iadd__`
    pub in_place: Value,
    /// `+`
    pub symbol: &'static str,
}

/// What belongs to an operator, and whether it is the in-place form. `None` for the subscript.
pub fn operator(op: BinaryOp) -> Option<(Operator, bool)> {
    use BinaryOp as B;
    let make = |name, reflected, in_place, symbol| Operator {
        name,
        reflected,
        in_place,
        symbol,
    };
    Some(match op {
        B::Add | B::InplaceAdd => (make(names::ADD, names::RADD, names::IADD, "+"), op == B::InplaceAdd),
        B::And | B::InplaceAnd => (make(names::AND, names::RAND, names::IAND, "&"), op == B::InplaceAnd),
        B::FloorDivide | B::InplaceFloorDivide => (
            make(names::FLOORDIV, names::RFLOORDIV, names::IFLOORDIV, "//"),
            op == B::InplaceFloorDivide,
        ),
        B::Lshift | B::InplaceLshift => (
            make(names::LSHIFT, names::RLSHIFT, names::ILSHIFT, "<<"),
            op == B::InplaceLshift,
        ),
        B::MatrixMultiply | B::InplaceMatrixMultiply => (
            make(names::MATMUL, names::RMATMUL, names::IMATMUL, "@"),
            op == B::InplaceMatrixMultiply,
        ),
        B::Multiply | B::InplaceMultiply => (
            make(names::MUL, names::RMUL, names::IMUL, "*"),
            op == B::InplaceMultiply,
        ),
        B::Remainder | B::InplaceRemainder => (
            make(names::MOD, names::RMOD, names::IMOD, "%"),
            op == B::InplaceRemainder,
        ),
        B::Or | B::InplaceOr => (make(names::OR, names::ROR, names::IOR, "|"), op == B::InplaceOr),
        B::Power | B::InplacePower => (
            make(names::POW, names::RPOW, names::IPOW, "** or pow()"),
            op == B::InplacePower,
        ),
        B::Rshift | B::InplaceRshift => (
            make(names::RSHIFT, names::RRSHIFT, names::IRSHIFT, ">>"),
            op == B::InplaceRshift,
        ),
        B::Subtract | B::InplaceSubtract => (
            make(names::SUB, names::RSUB, names::ISUB, "-"),
            op == B::InplaceSubtract,
        ),
        B::TrueDivide | B::InplaceTrueDivide => (
            make(names::TRUEDIV, names::RTRUEDIV, names::ITRUEDIV, "/"),
            op == B::InplaceTrueDivide,
        ),
        B::Xor | B::InplaceXor => (make(names::XOR, names::RXOR, names::IXOR, "^"), op == B::InplaceXor),
        B::Subscr => return None,
    })
}

impl Process {
    /// `a op b`, in-place forms included.
    pub fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> NativeResult {
        let Some((operator, in_place)) = operator(op) else {
            return self.getitem(a, b);
        };
        if in_place {
            let class = self.type_of(a);
            if let Some(method) = self.lookup_in_type(class, operator.in_place) {
                let result = self.call_found(method, a, &[b])?;
                if result != Value::NOT_IMPLEMENTED {
                    return Ok(result);
                }
            }
        }
        let result = self.binary_methods(operator, a, b)?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        let symbol = match (in_place, operator.symbol) {
            (false, symbol) => symbol.to_owned(),
            (true, "** or pow()") => "**=".to_owned(),
            (true, symbol) => format!("{symbol}="),
        };
        Err(self.unsupported_operands(&symbol, a, b))
    }

    fn unsupported_operands(&mut self, symbol: &str, a: Value, b: Value) -> crate::native::Unwind {
        let (left, right) = (self.shown_type(a), self.shown_type(b));
        if symbol.starts_with('*') && !symbol.starts_with("**") {
            let repeats = |vm: &Process, v: Value| {
                let object = vm.heap.object(v);
                matches!(
                    object,
                    Some(Obj::Str(_) | Obj::Bytes(_) | Obj::ByteArray(_) | Obj::List(_) | Obj::Tuple(_))
                )
            };
            let factor = match (repeats(self, a), repeats(self, b)) {
                (true, _) => Some(&right),
                (false, true) => Some(&left),
                _ => None,
            };
            if let Some(factor) = factor {
                return self.type_error(&format!("can't multiply sequence by non-int of type '{factor}'"));
            }
        }
        self.type_error(&format!(
            "unsupported operand type(s) for {symbol}: '{left}' and '{right}'"
        ))
    }

    /// The two methods of a binary operator; NotImplemented when neither knows what to do.
    pub fn binary_methods(&mut self, operator: Operator, a: Value, b: Value) -> NativeResult {
        let (left_class, right_class) = (self.type_of(a), self.type_of(b));
        let left = self.lookup_in_type(left_class, operator.name);
        let right = if left_class == right_class {
            None
        } else {
            self.lookup_in_type(right_class, operator.reflected)
        };
        // A subclass that overrides the reflected method goes first; and what CPython does through `sq_concat` and `sq_repeat` of
        // sequences comes after any number-like right operand.
        let right_first = right.is_some_and(|right| {
            self.is_subtype(right_class, left_class)
                && self.lookup_in_type(left_class, operator.reflected) != Some(right)
        }) || (right.is_some() && self.is_sequence_operator(operator, left_class, left));
        if right_first && let Some(right) = right {
            let result = self.call_found(right, b, &[a])?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if let Some(left) = left {
            let result = self.call_found(left, a, &[b])?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if !right_first && let Some(right) = right {
            return self.call_found(right, b, &[a]);
        }
        Ok(Value::NOT_IMPLEMENTED)
    }

    fn is_sequence_operator(&self, operator: Operator, class: Value, method: Option<Value>) -> bool {
        (operator.name == names::ADD || operator.name == names::MUL)
            && method.is_some_and(|m| self.as_native(m).is_some())
            && matches!(
                self.layout_of(class),
                Layout::List | Layout::Tuple | Layout::Str | Layout::Bytes | Layout::ByteArray
            )
    }

    /// `pow(a, b, c)` of three arguments.
    pub fn power3(&mut self, a: Value, b: Value, c: Value) -> NativeResult {
        if c.is_none() {
            return self.binary(BinaryOp::Power, a, b);
        }
        if let Some(result) = self.call_special(a, names::POW, &[b, c])?
            && result != Value::NOT_IMPLEMENTED
        {
            return Ok(result);
        }
        // Since 3.14, `__rpow__` may take the modulus too.
        let (base_class, exponent_class) = (self.type_of(a), self.type_of(b));
        if base_class != exponent_class
            && let Some(found) = self.lookup_in_type(exponent_class, names::RPOW)
        {
            let result = self.call_found(found, b, &[a, c])?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        let types = [a, b, c].map(|v| self.shown_type(v));
        Err(self.type_error(&format!(
            "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
            types[0], types[1], types[2]
        )))
    }

    /// `divmod(a, b)`
    pub fn divmod(&mut self, a: Value, b: Value) -> NativeResult {
        let operator = Operator {
            name: names::DIVMOD,
            reflected: names::RDIVMOD,
            in_place: names::DIVMOD,
            symbol: "divmod()",
        };
        let result = self.binary_methods(operator, a, b)?;
        if result == Value::NOT_IMPLEMENTED {
            return Err(self.unsupported_operands("divmod()", a, b));
        }
        Ok(result)
    }

    /// `-v`
    pub fn unary_negative(&mut self, v: Value) -> NativeResult {
        self.unary(v, names::NEG, "-")
    }

    /// `+v`
    pub fn unary_positive(&mut self, v: Value) -> NativeResult {
        self.unary(v, names::POS, "+")
    }

    /// `~v`
    pub fn unary_invert(&mut self, v: Value) -> NativeResult {
        self.unary(v, names::INVERT, "~")
    }

    /// `abs(v)`
    pub fn absolute(&mut self, v: Value) -> NativeResult {
        match self.call_special(v, names::ABS, &[])? {
            Some(result) => Ok(result),
            None => {
                let name = self.shown_type(v);
                Err(self.type_error(&format!("bad operand type for abs(): '{name}'")))
            }
        }
    }

    fn unary(&mut self, v: Value, name: Value, symbol: &str) -> NativeResult {
        match self.call_special(v, name, &[])? {
            Some(result) => Ok(result),
            None => {
                let name = self.shown_type(v);
                Err(self.type_error(&format!("bad operand type for unary {symbol}: '{name}'")))
            }
        }
    }

    /// `bool(v)`
    #[inline]
    pub fn truth(&mut self, v: Value) -> NativeResult<bool> {
        match v {
            Value::TRUE => Ok(true),
            Value::FALSE | Value::NONE => Ok(false),
            _ => match v.as_small() {
                Some(n) => Ok(n != 0),
                None => self.truth_slow(v),
            },
        }
    }

    fn truth_slow(&mut self, v: Value) -> NativeResult<bool> {
        if let Some(f) = v.as_float_immediate() {
            return Ok(f != 0.0);
        }
        let class = self.type_of(v);
        let known = match (self.heap.object(v), class) {
            (Some(Obj::Str(s)), core::STR) => Some(!s.is_empty()),
            (Some(Obj::List(items)), core::LIST) => Some(!items.is_empty()),
            (Some(Obj::Tuple(items)), core::TUPLE) => Some(!items.is_empty()),
            (Some(Obj::Dict(d)), core::DICT) => Some(!d.is_empty()),
            (Some(Obj::Set(d)), core::SET | core::FROZENSET) => Some(!d.is_empty()),
            (Some(Obj::Bytes(b)), core::BYTES) => Some(!b.is_empty()),
            _ => None,
        };
        if let Some(known) = known {
            return Ok(known);
        }
        if let Some(method) = self.lookup_in_type(class, names::BOOL) {
            let result = self.call_found(method, v, &[])?;
            return match result.as_bool() {
                Some(b) => Ok(b),
                None => {
                    let name = self.shown_type(result);
                    Err(self.type_error(&format!("__bool__ should return bool, returned {name}")))
                }
            };
        }
        if self.lookup_in_type(class, names::LEN).is_some() {
            return Ok(self.len(v)? != 0);
        }
        Ok(true)
    }
}
