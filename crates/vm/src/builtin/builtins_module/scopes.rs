//! The caller's frame and namespaces, as `globals`, `locals`, `exec` and `warnings` see them.

use crate::frame::{Frame, PyFrame};
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;

impl Process {
    /// The innermost Python frame: who called the native that runs now.
    pub fn caller_frame(&self) -> Option<PyFrame> {
        self.frames.iter().rev().find_map(|f| match f {
            Frame::Python(f) => Some(*f),
            Frame::Native(_) => None,
        })
    }

    /// `globals()` of the caller; the builtins' dict when nothing runs.
    pub fn caller_globals(&self) -> Value {
        let function = self.caller_frame().map(|f| f.function);
        match function.and_then(|f| self.heap.object(f)) {
            Some(Obj::Function(f)) => f.globals,
            _ => self.builtins,
        }
    }

    /// `locals()` of the caller: the namespace of a module or class body, or a fresh dict of the variables that are bound.
    pub fn caller_locals(&mut self) -> NativeResult {
        let Some(frame) = self.caller_frame() else {
            return Ok(self.builtins);
        };
        if !frame.locals.is_null() {
            return Ok(frame.locals);
        }
        if !frame.object.is_null() {
            return self.frame_variables(frame.object);
        }
        let Some(Obj::Code(code)) = self.heap.object(frame.code) else {
            return Ok(self.builtins);
        };
        let names: Vec<Value> = code.slot_names.to_vec();
        let hidden: Vec<bool> = code
            .code
            .local_kinds
            .iter()
            .map(|k| k & heddle_compiler::code::local_kind::HIDDEN != 0)
            .collect();
        let dict = self.new_dict();
        for (i, name) in names.into_iter().enumerate() {
            let stack = &self.stack;
            let mut v = stack.get(frame.base as usize + i).copied().unwrap_or(Value::NULL);
            if let Some(Obj::Cell(inner)) = self.heap.object(v) {
                v = *inner;
            }
            if !v.is_null() && !hidden.get(i).copied().unwrap_or(false) {
                self.dict_set_str(dict, name, v);
            }
        }
        Ok(dict)
    }
}
