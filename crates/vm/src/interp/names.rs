//! Names: locals of module and class bodies, globals, built-ins, cells, and their errors.

use super::{Cache, Step};
use crate::frame::Frame;
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::code::local_kind;

impl Process {
    /// A global or built-in name in exact dicts; fills the inline cache.
    #[inline(never)]
    pub(crate) fn load_global(
        &mut self,
        number: usize,
        at: usize,
        globals: Value,
        builtins: Value,
        name: Value,
    ) -> Option<Value> {
        let table = self.as_dict(globals)?;
        let version = table.version();
        if let Some(entry) = self.dict_find_str(globals, name) {
            let v = self.as_dict(globals)?.entry(entry)?.value;
            if let Some(cache) = self.caches[number].get_mut(at) {
                *cache = Cache::Global {
                    version,
                    entry: entry as u32,
                };
            }
            return Some(v);
        }
        if !self.is_exact(globals, core::DICT) {
            return None;
        }
        let entry = self.dict_find_str(builtins, name)?;
        let table = self.as_dict(builtins)?;
        let v = table.entry(entry)?.value;
        let cached = Cache::Builtin {
            globals: version,
            builtins: table.version(),
            entry: entry as u32,
        };
        if let Some(cache) = self.caches[number].get_mut(at) {
            *cache = cached;
        }
        Some(v)
    }

    /// A global or built-in name.
    pub(crate) fn find_global(&self, globals: Value, builtins: Value, name: Value) -> Option<Value> {
        if !self.is_exact(globals, core::DICT) {
            return None;
        }
        self.dict_get_str(globals, name)
            .or_else(|| self.dict_get_str(builtins, name))
    }

    /// Globals and built-ins of the innermost Python frame.
    pub(crate) fn globals_of_top(&self) -> (Value, Value) {
        let function = self.frames.iter().rev().find_map(|f| match f {
            Frame::Python(f) => Some(f.function),
            Frame::Native(_) => None,
        });
        match function.and_then(|f| self.heap.object(f)) {
            Some(Obj::Function(f)) => (f.globals, f.builtins),
            _ => (self.builtins, self.builtins),
        }
    }

    /// `LOAD_GLOBAL` that found nothing.
    pub(crate) fn load_global_slow(&mut self, arg: u32) -> Step {
        let name = self.name_at(arg >> 1);
        self.global_slow(name)
    }

    /// A global name that is in no exact dict: asked of globals with a class of their own (`annotationlib`), else a NameError.
    fn global_slow(&mut self, name: Value) -> Step {
        let (globals, _) = self.globals_of_top();
        if self.is_exact(globals, core::DICT) {
            let error = self.name_error(name);
            return self.raise_here(error);
        }
        self.push(globals);
        self.push(name);
        self.op_native(&super::slow::LOAD_FROM, 2, None)
    }

    /// The name with this number in the top frame's code.
    pub(crate) fn name_at(&mut self, number: u32) -> Value {
        let code = self.top().code;
        self.code_of(code)
            .names
            .get(number as usize)
            .copied()
            .unwrap_or(Value::NONE)
    }

    /// `LOAD_NAME` of the instruction at this place (code number, position), as far as it needs no Python code. Not in the loop: what
    /// it asks of the namespaces would be prepared there for every frame.
    #[inline(never)]
    pub(crate) fn named(
        &mut self,
        [number, at]: [usize; 2],
        [globals, builtins]: [Value; 2],
        name: Value,
    ) -> Option<Value> {
        let locals = self.top().locals;
        if let Some(v) = self.cached_name(number, at, locals, builtins) {
            return Some(v);
        }
        if locals == globals && locals.is_heap() && self.is_exact(locals, core::DICT) {
            self.load_global(number, at, globals, builtins, name)
        } else {
            self.load_name(globals, builtins, name)
        }
    }

    /// `STORE_NAME` of a name that its inline cache knows; true if done. The value's count passes over, the old one is let go.
    #[inline(never)]
    pub(crate) fn store_named(&mut self, [number, at]: [usize; 2], value: Value) -> bool {
        let locals = self.top().locals;
        if let Some(&Cache::Global { version, entry }) = self.caches[number].get(at)
            && let Obj::Dict(d) = self.heap.get_mut(locals)
            && d.version() == version
        {
            let old = d.set_value(entry as usize, value);
            self.heap.decref(old);
            return true;
        }
        false
    }

    /// `LOAD_NAME` where the locals are an exact dict.
    #[inline(never)]
    pub(crate) fn load_name(&mut self, globals: Value, builtins: Value, name: Value) -> Option<Value> {
        let locals = self.top().locals;
        if locals.is_null() {
            // Code of a module or expression that was made into a function.
            return self.find_global(globals, builtins, name);
        }
        if !locals.is_heap() || !self.is_exact(locals, core::DICT) {
            return None;
        }
        self.dict_get_str(locals, name)
            .or_else(|| self.find_global(globals, builtins, name))
    }

    pub(crate) fn load_name_slow(&mut self, arg: u32) -> Step {
        let name = self.name_at(arg);
        let locals = self.top().locals;
        if locals.is_null() || self.is_exact(locals, core::DICT) {
            return self.global_slow(name);
        }
        self.push(locals);
        self.push(name);
        self.op_native(&super::slow::LOAD_FROM, 2, None)
    }

    /// `LOAD_FROM_DICT_OR_GLOBALS`: the mapping is on the stack.
    pub(crate) fn load_from_dict_or_globals(&mut self, arg: u32) -> Step {
        let name = self.name_at(arg);
        self.push(name);
        self.op_native(&super::slow::LOAD_FROM, 2, None)
    }

    /// `LOAD_FROM_DICT_OR_DEREF`.
    pub(crate) fn load_from_dict_or_deref(&mut self, arg: u32) -> Step {
        let mapping = self.peek(1);
        let name = self.slot_name(arg);
        if self.is_exact(mapping, core::DICT) {
            if let Some(v) = self.dict_get_str(mapping, name) {
                self.pop();
                self.push(v);
                return Ok(());
            }
            self.pop();
            return self.load_deref(arg);
        }
        let base = self.top().base as usize;
        let cell = self.stack[base + arg as usize];
        let content = match self.heap.object(cell) {
            Some(Obj::Cell(content)) => *content,
            _ => Value::NULL,
        };
        self.push(name);
        self.push(content);
        self.op_native(&super::slow::LOAD_FROM_CELL, 3, None)
    }

    fn load_deref(&mut self, arg: u32) -> Step {
        let base = self.top().base as usize;
        let cell = self.stack[base + arg as usize];
        match self.heap.object(cell) {
            Some(&Obj::Cell(v)) if !v.is_null() => {
                self.push(v);
                Ok(())
            }
            _ => self.unbound_deref(arg),
        }
    }

    pub(crate) fn op_store_name(&mut self, number: usize, at: usize, name: Value) -> Step {
        let locals = self.top().locals;
        if locals.is_heap() && self.is_exact(locals, core::DICT) {
            let v = self.pop_counted();
            self.dict_set_str(locals, name, v);
            self.heap.decref(v);
            if locals == self.globals_of_top().0
                && let Some(entry) = self.dict_find_str(locals, name)
                && let Some(version) = self.as_dict(locals).map(crate::dict::Dict::version)
                && let Some(cache) = self.caches[number].get_mut(at)
            {
                *cache = Cache::Global {
                    version,
                    entry: entry as u32,
                };
            }
            return Ok(());
        }
        let v = self.pop_counted();
        self.push(locals);
        self.push(name);
        self.push_counted(v);
        self.op_native(&super::slow::STORE_INTO, 3, None)
    }

    pub(crate) fn op_delete_name(&mut self, arg: u32) -> Step {
        let name = self.name_at(arg);
        let locals = self.top().locals;
        if locals.is_heap() && self.is_exact(locals, core::DICT) {
            if self.dict_remove_str(locals, name).is_none() {
                let error = self.name_error(name);
                return self.raise_here(error);
            }
            return Ok(());
        }
        self.push(locals);
        self.push(name);
        self.op_native(&super::slow::DELETE_FROM, 2, None)
    }

    pub(crate) fn op_store_global(&mut self, arg: u32) -> Step {
        let name = self.name_at(arg);
        let v = self.pop_counted();
        let (globals, _) = self.globals_of_top();
        self.dict_set_str(globals, name, v);
        self.heap.decref(v);
        Ok(())
    }

    pub(crate) fn op_delete_global(&mut self, arg: u32) -> Step {
        let name = self.name_at(arg);
        let (globals, _) = self.globals_of_top();
        if self.dict_remove_str(globals, name).is_none() {
            let error = self.name_error(name);
            return self.raise_here(error);
        }
        Ok(())
    }

    fn slot_name(&mut self, slot: u32) -> Value {
        let code = self.top().code;
        self.code_of(code)
            .slot_names
            .get(slot as usize)
            .copied()
            .unwrap_or(Value::NONE)
    }

    /// A slot that is read is empty.
    #[cold]
    #[inline(never)]
    pub(crate) fn unbound_local(&mut self, slot: u32) -> Step {
        let name = self.slot_name(slot);
        let text = self.text(name);
        let error = self.error(
            core::UNBOUND_LOCAL_ERROR,
            &format!("cannot access local variable '{text}' where it is not associated with a value"),
        );
        self.raise_here(error)
    }

    /// A cell that is read is empty.
    #[cold]
    #[inline(never)]
    pub(crate) fn unbound_deref(&mut self, slot: u32) -> Step {
        let code = self.top().code;
        let kind = self
            .code_of(code)
            .code
            .local_kinds
            .get(slot as usize)
            .copied()
            .unwrap_or_default();
        if kind & local_kind::FREE == 0 {
            return self.unbound_local(slot);
        }
        let name = self.slot_name(slot);
        let text = self.text(name);
        let error = self.error(
            core::NAME_ERROR,
            &format!("cannot access free variable '{text}' where it is not associated with a value in enclosing scope"),
        );
        self.set_error_field(&error, 0, name);
        self.raise_here(error)
    }

    pub(crate) fn op_delete_fast(&mut self, slot: u32) -> Step {
        let at = self.top().base as usize + slot as usize;
        let v = std::mem::take(&mut self.stack[at]);
        if v.is_null() {
            return self.unbound_local(slot);
        }
        self.heap.decref(v);
        Ok(())
    }

    pub(crate) fn op_delete_deref(&mut self, slot: u32) -> Step {
        let at = self.top().base as usize + slot as usize;
        let cell = self.stack[at];
        let old = match cell.is_heap().then(|| self.heap.get_mut(cell)) {
            Some(Obj::Cell(v)) => std::mem::take(v),
            _ => Value::NULL,
        };
        if old.is_null() {
            return self.unbound_deref(slot);
        }
        self.heap.decref(old);
        Ok(())
    }

    /// `COPY_FREE_VARS`: the cells of a function's closure go to the last slots of its frame.
    #[inline(never)]
    pub(crate) fn copy_free_vars(&mut self, function: Value, slots: &mut [Value]) {
        let Obj::Function(f) = self.heap.get(function) else {
            return;
        };
        let Some(Obj::Tuple(cells)) = self.heap.object(f.closure) else {
            return;
        };
        let n = slots.len().min(cells.len());
        slots[..n].copy_from_slice(&cells[..n]);
        for &cell in &slots[..n] {
            self.heap.incref(cell);
        }
    }

    /// `SETUP_ANNOTATIONS`.
    pub(crate) fn op_setup_annotations(&mut self) -> Step {
        let locals = self.top().locals;
        if self.as_dict(locals).is_some() && self.dict_get_str(locals, crate::names::ANNOTATIONS).is_none() {
            let dict = self.new_dict();
            self.dict_set_str(locals, crate::names::ANNOTATIONS, dict);
        }
        Ok(())
    }

    /// `LOAD_LOCALS`.
    pub(crate) fn op_load_locals(&mut self) -> Step {
        let locals = self.top().locals;
        if locals.is_null() {
            let error = self.system_error("no locals");
            return self.raise_here(error);
        }
        self.push(locals);
        Ok(())
    }
}
