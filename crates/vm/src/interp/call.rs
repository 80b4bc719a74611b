//! `CALL`, `CALL_KW`, `CALL_FUNCTION_EX`: calls whose callable and arguments stand on the operand stack.

use super::frames::Place;
use super::{Cache, Step, cost};
use crate::contract::{Stop, SwitchPoints};
use crate::frame::bits;
use crate::function::Native;
use crate::object::{Instance, Obj};
use crate::process::Process;
use crate::types::{Layout, core, type_flags};
use crate::value::Value;
use crate::{names, native::Unwind};

/// How many objects one call may go through, each the `__call__` of the one before, until it is a RecursionError.
const MOST_REDIRECTED_CALLS: u32 = 100;

impl Process {
    /// `CALL n` outside the loop's short path.
    pub(crate) fn op_call(&mut self, n: usize, number: usize, pc: usize) -> Step {
        let sp = self.top().sp as usize;
        let below = sp - n - 2;
        let callable = self.stack[below];
        if callable.is_heap()
            && let Obj::Type(t) = self.heap.get(callable)
            && matches!(t.layout, Layout::Object | Layout::Exception)
        {
            let (version, layout) = (t.version, t.layout);
            if let Some(step) = self.quick_instance(callable, (version, layout), below, [number, pc]) {
                return step;
            }
        }
        let (frames, top) = (self.frames.len(), self.quiet(callable, n));
        self.call_on_stack(below, Vec::new())?;
        if !top && self.frames.len() == frames && self.now_ns >= self.limit_ns {
            return Err(Stop::Limit);
        }
        Ok(())
    }

    /// Is the return from this native a switch point?
    #[inline]
    pub(crate) fn looks_after(&self, def: &Native) -> bool {
        !def.quiet || self.config.rules.switch_points == SwitchPoints::AllCalls
    }

    /// Is this a call that CPython specialises without a switch point?
    fn quiet(&self, callable: Value, n: usize) -> bool {
        match self.heap.object(callable) {
            Some(Obj::Native { def, .. }) => !self.looks_after(def),
            _ if self.config.rules.switch_points == SwitchPoints::AllCalls => false,
            _ => callable == core::TYPE && n == 1,
        }
    }

    /// An instance of a class written in Python with `object.__new__` and a Python `__init__` (or none), or an exception with
    /// `BaseException.__new__` and a Python `__init__`: no native is called.
    fn quick_instance(
        &mut self,
        class: Value,
        (version, layout): (u64, Layout),
        below: usize,
        [number, pc]: [usize; 2],
    ) -> Option<Step> {
        let init = match self.caches[number].get(pc) {
            Some(&Cache::Init { version: v, init }) if v == version => init,
            _ => {
                let init = self.plain_init(class, layout)?;
                if version != 0
                    && let Some(cache) = self.caches[number].get_mut(pc)
                {
                    *cache = Cache::Init { version, init };
                }
                init
            }
        };
        if !self.stack[below + 1].is_null() || self.too_deep() {
            return None;
        }
        let sp = self.top().sp as usize;
        let given = sp - below - 2;
        let code = if init.is_null() {
            if given != 0 {
                return None;
            }
            None
        } else {
            let code = self.function_code(init)?;
            if !code.simple || code.arg_count as usize != given + 1 {
                return None;
            }
            Some(code)
        };
        let instance = if layout == Layout::Exception {
            // What `type.__call__` charges, once before `__init__` and once after it.
            self.now_ns += 2 * cost::NATIVE;
            self.make_exception(class, self.stack[below + 2..sp].to_vec())
        } else {
            self.now_ns += cost::INSTANCE;
            self.make_instance(class)?
        };
        match code {
            None => {
                self.heap.decref(class);
                self.top().sp = below as u32;
                self.push_counted(instance);
            }
            Some(code) => {
                // The instance is the result (in place of the class) and the first argument.
                self.heap.incref(instance);
                self.stack[below] = instance;
                self.stack[below + 1] = instance;
                self.heap.decref(class);
                self.heap.incref(init);
                self.top().sp = below as u32 + 1;
                self.push_frame(
                    init,
                    &code,
                    Place {
                        base: below + 1,
                        filled: given + 1,
                        return_to: below + 1,
                    },
                    bits::INIT,
                    Value::NULL,
                );
            }
        }
        Some(Ok(()))
    }

    /// `__init__` of a class whose metaclass is `type` and that makes instances as `quick_instance` does: a Python function, or NULL if
    /// it is `object.__init__`.
    fn plain_init(&mut self, class: Value, layout: Layout) -> Option<Value> {
        if self.type_of(class) != core::TYPE
            || self.as_type(class)?.has(type_flags::ABSTRACT)
            || class.index() < core::END as usize
        {
            return None;
        }
        let (root, initialised) = match layout {
            Layout::Exception => (core::BASE_EXCEPTION, false),
            _ => (core::OBJECT, true),
        };
        let new = self.lookup_in_type(class, names::NEW);
        if new != self.lookup_in_type(root, names::NEW) {
            return None;
        }
        let init = self.lookup_in_type(class, names::INIT)?;
        if initialised && Some(init) == self.lookup_in_type(core::OBJECT, names::INIT) {
            return Some(Value::NULL);
        }
        matches!(self.heap.object(init), Some(Obj::Function(_))).then_some(init)
    }

    /// An instance of a class of object layout, its slots unset. Counted.
    fn make_instance(&mut self, class: Value) -> Option<Value> {
        let t = self.as_type(class)?;
        let (shape, slots) = (t.shape, t.slot_count as usize);
        let instance = self.heap.insert(
            class,
            Obj::Instance(Box::new(Instance {
                shape,
                values: smallvec::smallvec![Value::NULL; slots],
                dict: Value::NULL,
            })),
        );
        Some(instance)
    }

    /// What `BaseException.__new__` makes of these arguments. Counted.
    fn make_exception(&mut self, class: Value, given: Vec<Value>) -> Value {
        let args = self.new_tuple(given);
        let exception = Obj::Exception(Box::new(crate::object::Exception::new(args)));
        self.heap.alloc_counted(class, exception)
    }

    /// `CALL_KW`: the names of the last arguments are on top.
    pub(crate) fn op_call_kw(&mut self, n: usize) -> Step {
        self.now_ns += cost::CALL;
        let names = self.pop();
        let names = self.as_tuple(names).map(<[Value]>::to_vec).unwrap_or_default();
        let sp = self.top().sp as usize;
        let from = sp - names.len();
        let kw: Vec<(Value, Value)> = names
            .iter()
            .copied()
            .zip(self.stack[from..sp].iter().copied())
            .collect();
        for &name in &names {
            self.heap.incref(name);
        }
        self.top().sp = from as u32;
        let below = sp - n - 2;
        let frames = self.frames.len();
        self.call_on_stack(below, kw)?;
        self.switch_after_call(frames)
    }

    /// `CALL_FUNCTION_EX`: callable, self or NULL, tuple of arguments, dict of keyword arguments or NULL.
    pub(crate) fn op_call_function_ex(&mut self) -> Step {
        self.now_ns += cost::CALL;
        let kwargs = self.pop();
        let arguments = self.peek(1);
        let positional = match self.heap.object(arguments) {
            Some(Obj::Tuple(items)) => smallvec::SmallVec::<[Value; 8]>::from_slice(items),
            Some(Obj::List(items)) => smallvec::SmallVec::from_slice(items),
            _ => {
                // Any other iterable: reading it may run Python code.
                self.push(kwargs);
                return self.op_native(&super::slow::CALL_EX, 4, None);
            }
        };
        let mut kw = Vec::new();
        if let Some(d) = self.as_dict(kwargs) {
            kw = d.iter().map(|e| (e.key, e.value)).collect();
        }
        if kw.iter().any(|&(name, _)| self.as_pystr(name).is_none()) {
            let error = self.type_error("keywords must be strings");
            return self.raise_here(error);
        }
        for &(name, v) in &kw {
            self.heap.incref(name);
            self.heap.incref(v);
        }
        let arguments = self.pop();
        for &v in &positional {
            self.push(v);
        }
        let _ = arguments;
        let sp = self.top().sp as usize;
        let below = sp - positional.len() - 2;
        let frames = self.frames.len();
        self.call_on_stack(below, kw)?;
        self.switch_after_call(frames)
    }

    fn switch_after_call(&mut self, frames: usize) -> Step {
        if self.frames.len() == frames && self.now_ns >= self.limit_ns {
            return Err(Stop::Limit);
        }
        Ok(())
    }

    /// Calls what stands at `below` (callable, self or NULL, arguments up to the top of the operands) with keyword arguments (counted).
    pub(crate) fn call_on_stack(&mut self, below: usize, kw: Vec<(Value, Value)>) -> Step {
        let callable = self.stack[below];
        let start = if self.stack[below + 1].is_null() {
            below + 2
        } else {
            below + 1
        };
        match self.heap.object(callable) {
            Some(Obj::Function(_)) => self.call_function_on_stack(callable, below, start, kw),
            Some(&Obj::Native { def, bound }) => {
                self.now_ns += cost::NATIVE;
                self.run_on_stack(def, bound, start, below, None, kw)
            }
            Some(Obj::BoundMethod(b)) if start == below + 2 => {
                let (function, this) = (b.function, b.this);
                self.heap.incref(function);
                self.heap.incref(this);
                self.stack[below] = function;
                self.stack[below + 1] = this;
                self.heap.decref(callable);
                self.call_on_stack(below, kw)
            }
            None => {
                self.drop_kw(&kw);
                let name = self.shown_type(callable);
                let error = self.type_error(&format!("'{name}' object is not callable"));
                self.raise_here(error)
            }
            _ => self.call_object_on_stack(callable, below, start, kw),
        }
    }

    pub(crate) fn drop_kw(&mut self, kw: &[(Value, Value)]) {
        for &(name, v) in kw {
            self.heap.decref(name);
            self.heap.decref(v);
        }
    }

    /// An object whose class has `__call__` (types too).
    fn call_object_on_stack(&mut self, callable: Value, below: usize, start: usize, kw: Vec<(Value, Value)>) -> Step {
        let class = self.type_of(callable);
        let Some(method) = self.lookup_in_type(class, names::CALL) else {
            self.drop_kw(&kw);
            let name = self.shown_type(callable);
            let error = self.type_error(&format!("'{name}' object is not callable"));
            return self.raise_here(error);
        };
        // `callable` becomes the first argument; a self that stood there moves up by one.
        if start == below + 1 {
            let sp = self.top().sp as usize;
            if sp >= self.stack.len() {
                self.stack.resize(sp + 8, Value::NULL);
            }
            self.stack.copy_within(below + 1..sp, below + 2);
            self.top().sp += 1;
        }
        match self.heap.object(method) {
            Some(Obj::Function(_) | Obj::Native { .. }) => {
                self.stack[below + 1] = callable;
                self.heap.incref(method);
                self.stack[below] = method;
                if let Some(&Obj::Native { def, bound }) = self.heap.object(method) {
                    self.now_ns += cost::NATIVE;
                    return self.run_on_stack(def, bound, below + 1, below, None, kw);
                }
                self.call_on_stack(below, kw)
            }
            _ => {
                // A descriptor: bind it first (no Python code for the usual ones), then call the result.
                self.stack[below + 1] = Value::NULL;
                let bound = match self.special(callable, names::CALL) {
                    Ok(Some(bound)) => bound,
                    Ok(None) => method,
                    Err(Unwind::Raise(e)) => {
                        self.drop_kw(&kw);
                        return self.raise_here(Unwind::Raise(e));
                    }
                    Err(Unwind::Pending(_)) => {
                        self.drop_kw(&kw);
                        let error = self.not_supported("a descriptor written in Python as __call__");
                        return self.raise_here(error);
                    }
                };
                self.heap.incref(bound);
                self.stack[below] = bound;
                self.heap.decref(callable);
                // An instance as the `__call__` of its own class goes round in circles.
                if self.redirected_calls >= MOST_REDIRECTED_CALLS {
                    self.drop_kw(&kw);
                    let error = self.recursion_error();
                    return self.raise_here(error);
                }
                self.redirected_calls += 1;
                let step = self.call_on_stack(below, kw);
                self.redirected_calls -= 1;
                step
            }
        }
    }

    /// Puts the defaults of a function's last parameters behind the arguments; false if it has not so many.
    fn push_defaults(&mut self, function: Value, missing: usize) -> bool {
        let Obj::Function(f) = self.heap.get(function) else {
            return false;
        };
        let defaults = f.defaults;
        let Some(first) = self.as_tuple(defaults).and_then(|all| all.len().checked_sub(missing)) else {
            return false;
        };
        for i in first..first + missing {
            let v = self.as_tuple(defaults).and_then(|all| all.get(i).copied());
            self.push(v.unwrap_or(Value::NULL));
        }
        true
    }

    fn call_function_on_stack(&mut self, function: Value, below: usize, start: usize, kw: Vec<(Value, Value)>) -> Step {
        let Some(code) = self.function_code(function) else {
            return Ok(());
        };
        if self.too_deep() {
            self.drop_kw(&kw);
            let error = self.recursion_error();
            return self.raise_here(error);
        }
        let sp = self.top().sp as usize;
        let (mut given, wanted) = (sp - start, code.arg_count as usize);
        let plain = code.simple && kw.is_empty();
        if plain && given < wanted && self.push_defaults(function, wanted - given) {
            given = wanted;
        }
        if !(plain && given == wanted) {
            let values = self.stack[start..sp].to_vec();
            let bound = match self.bind_arguments(function, &code, &values, &kw) {
                Ok(bound) => bound,
                Err(error) => {
                    self.drop_kw(&kw);
                    return self.raise_here(error);
                }
            };
            for &v in &bound {
                self.heap.incref(v);
            }
            for v in values {
                self.heap.decref(v);
            }
            self.drop_kw(&kw);
            let need = start + bound.len();
            if need > self.stack.len() {
                self.stack.resize(need + 16, Value::NULL);
            }
            self.stack[start..need].copy_from_slice(&bound);
            self.top().sp = below as u32;
            self.push_frame(
                function,
                &code,
                Place {
                    base: start,
                    filled: bound.len(),
                    return_to: below,
                },
                bits::PLAIN,
                Value::NULL,
            );
            return Ok(());
        }
        self.top().sp = below as u32;
        self.push_frame(
            function,
            &code,
            Place {
                base: start,
                filled: given,
                return_to: below,
            },
            bits::PLAIN,
            Value::NULL,
        );
        Ok(())
    }
}
