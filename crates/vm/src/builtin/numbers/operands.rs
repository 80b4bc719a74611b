//! What the natives of numbers and text begin with: the operands of slots, the instance of a method, sizes that fit in memory.

use crate::function::Args;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use num_bigint::BigInt;
use std::borrow::Cow;

/// No single object may take more bytes than this: it would not fit into the memory of a page.
const MAX_OBJECT_BYTES: u64 = 1 << 30;
/// What is told only after the fact, by the loop.
const SMALL_OBJECT_BYTES: u64 = 1024;

impl Process {
    /// The operand of a unary slot called by name.
    pub fn slot1(&mut self, args: Args<'_>) -> NativeResult<Value> {
        match args.pos {
            [a] if args.kw.is_empty() => Ok(*a),
            _ => Err(self.slot_error(args, 0)),
        }
    }

    /// The operands of a binary slot called by name.
    #[inline]
    pub fn slot2(&mut self, args: Args<'_>) -> NativeResult<(Value, Value)> {
        match args.pos {
            [a, b] if args.kw.is_empty() => Ok((*a, *b)),
            _ => Err(self.slot_error(args, 1)),
        }
    }

    #[cold]
    fn slot_error(&mut self, args: Args<'_>, wanted: usize) -> Unwind {
        if !args.kw.is_empty() {
            return self.type_error("wrapper() takes no keyword arguments");
        }
        let plural = if wanted == 1 { "" } else { "s" };
        let given = args.pos.len().saturating_sub(1);
        self.type_error(&format!("expected {wanted} argument{plural}, got {given}"))
    }

    /// The error of a method called on an instance of another class.
    #[cold]
    pub fn wrong_self(&mut self, method: &str, owner: &str, this: Value) -> Unwind {
        if this.is_null() {
            return self.type_error(&format!("unbound method {owner}.{method}() needs an argument"));
        }
        let name = self.type_name(this);
        let message = if method.starts_with("__") {
            format!("descriptor '{method}' requires a '{owner}' object but received a '{name}'")
        } else {
            format!("descriptor '{method}' for '{owner}' objects doesn't apply to a '{name}' object")
        };
        self.type_error(&message)
    }

    /// Positional arguments between `least` and `most`, none by name; for messages of functions that CPython parses by hand.
    pub fn between(&mut self, args: Args<'_>, function: &str, least: usize, most: usize) -> NativeResult<()> {
        if !args.kw.is_empty() {
            return Err(self.type_error(&format!("{function}() takes no keyword arguments")));
        }
        let n = args.pos.len();
        if n >= least && n <= most {
            return Ok(());
        }
        let (word, limit) = match (least == most, n < least) {
            (true, _) => ("", least),
            (false, true) => ("at least ", least),
            (false, false) => ("at most ", most),
        };
        let plural = if limit == 1 { "" } else { "s" };
        Err(self.type_error(&format!("{function} expected {word}{limit} argument{plural}, got {n}")))
    }

    /// MemoryError if an object of that size can never be made. Small ones can: whoever handles a `MemoryError` may need them.
    pub fn check_size(&mut self, bytes: u64) -> NativeResult<()> {
        if bytes <= SMALL_OBJECT_BYTES {
            return Ok(());
        }
        let room = self.heap.limit_bytes.saturating_sub(self.heap.model_bytes());
        if bytes <= MAX_OBJECT_BYTES.min(room) {
            self.made(bytes);
            return Ok(());
        }
        Err(self.memory_error())
    }

    /// MemoryError if more is in use than allowed: asked by natives that make many objects, after each of them.
    #[inline]
    pub fn check_limit(&mut self) -> NativeResult<()> {
        if self.heap.is_exceeded() {
            return Err(self.memory_error());
        }
        Ok(())
    }

    /// `MemoryError()`
    #[cold]
    pub fn memory_error(&mut self) -> Unwind {
        self.heap.grant_grace();
        let args = self.new_tuple(Vec::new());
        let exception = crate::object::Exception::new(args);
        Unwind::Raise(self.heap.alloc(core::MEMORY_ERROR, Obj::Exception(Box::new(exception))))
    }

    /// `ZeroDivisionError`
    #[cold]
    pub fn zero_division(&mut self, message: &str) -> Unwind {
        self.error(core::ZERO_DIVISION_ERROR, message)
    }

    /// A new object of a class that may be a subclass made in Python.
    pub fn new_of_class(&mut self, class: Value, obj: Obj) -> Value {
        self.heap.alloc(class, obj)
    }

    /// The class that `__new__` of a built-in type was given, checked to be a subclass of `base`.
    pub fn class_argument(&mut self, args: Args<'_>, base: Value) -> NativeResult<Value> {
        let Some(class) = args.get(0) else {
            let name = self.name_of_type(base);
            return Err(self.type_error(&format!("{name}.__new__(): not enough arguments")));
        };
        if self.as_type(class).is_none() {
            let (name, given) = (self.name_of_type(base), self.type_name(class));
            let message = format!("{name}.__new__(X): X is not a type object ({given})");
            return Err(self.type_error(&message));
        }
        if class != base && !self.is_subtype(class, base) {
            let (name, given) = (self.name_of_type(base), self.name_of_type(class));
            let message = format!("{name}.__new__({given}): {given} is not a subtype of {name}");
            return Err(self.type_error(&message));
        }
        Ok(class)
    }

    /// An `int` (bool and subclasses included) as a big integer, borrowed when it is one.
    pub fn big(&self, v: Value) -> Option<Cow<'_, BigInt>> {
        if let Some(n) = v.as_small() {
            return Some(Cow::Owned(BigInt::from(n)));
        }
        match self.heap.object(v) {
            Some(Obj::Wide(n)) => Some(Cow::Owned(BigInt::from(Obj::wide_value(*n)))),
            Some(Obj::Long(n)) => Some(Cow::Owned(n.to_big())),
            Some(Obj::Int(n)) => Some(Cow::Borrowed(n)),
            _ => v.as_bool().map(|b| Cow::Owned(BigInt::from(u8::from(b)))),
        }
    }
}
