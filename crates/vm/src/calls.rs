//! Calls from natives, and the binding of arguments to the parameters of Python functions.

use crate::code::CodeObj;
use crate::function::Function;
use crate::interp::frames::Place;
use crate::interp::{Step, cost};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::code::flags;
use std::rc::Rc;

/// So many bound methods of bound methods, or `__call__` attributes that are objects with one themselves, are called through.
const MAX_NESTED_CALLABLES: u32 = 500;

/// The values of parameters' slots; so many stand in place.
pub(crate) type Slots = smallvec::SmallVec<[Value; 8]>;

impl Process {
    /// The code of a function object, with all its parts.
    #[inline]
    pub(crate) fn function_code(&mut self, function: Value) -> Option<Rc<CodeObj>> {
        match self.heap.object(function)? {
            Obj::Function(f) => self.whole_code(f.code),
            _ => None,
        }
    }

    /// A new function over a code object, in a namespace.
    pub fn new_function(&mut self, code: Value, globals: Value) -> Value {
        let (name, qualname, doc) = match self.heap.object(code) {
            Some(Obj::Code(c)) => {
                // Taken from the constants when somebody asks.
                let doc = if c.has_doc { Value::NULL } else { Value::NONE };
                (c.name, c.qualname, doc)
            }
            _ => (Value::NONE, Value::NONE, Value::NONE),
        };
        let module = self.dict_get_str(globals, names::NAME).unwrap_or(Value::NONE);
        let builtins = match self.dict_get_str(globals, names::BUILTINS_DUNDER) {
            Some(b) => match self.heap.object(b) {
                Some(Obj::Module(m)) => m.dict,
                Some(Obj::Dict(_)) => b,
                _ => self.builtins,
            },
            None => self.builtins,
        };
        let n = Value::NULL;
        self.heap.alloc(
            core::FUNCTION,
            Obj::Function(Box::new(Function {
                code,
                globals,
                builtins,
                name,
                qualname,
                module,
                doc,
                defaults: n,
                kwdefaults: n,
                closure: n,
                annotations: n,
                annotate: n,
                type_params: n,
                dict: n,
            })),
        )
    }

    /// Calls any callable with counted values; the result goes to the top frame.
    pub(crate) fn call_counted(&mut self, callee: Value, args: Vec<Value>, kw: Vec<(Value, Value)>, bits: u8) -> Step {
        self.call_nested(callee, args, kw, bits, 0)
    }

    /// [`Process::call_counted`] at a level of bound methods and `__call__` attributes around what is really called.
    fn call_nested(&mut self, callee: Value, args: Vec<Value>, kw: Vec<(Value, Value)>, bits: u8, level: u32) -> Step {
        match self.heap.object(callee) {
            Some(Obj::Function(_)) => self.call_function_counted(callee, args, kw, bits),
            Some(&Obj::Native { def, bound }) => {
                let mut args = args;
                if !bound.is_null() {
                    self.heap.incref(bound);
                    args.insert(0, bound);
                }
                self.heap.decref(callee);
                self.now_ns += cost::NATIVE;
                self.start_native(def, args, kw)
            }
            _ if level >= MAX_NESTED_CALLABLES => {
                self.drop_call(callee, args, &kw);
                let error = self.recursion_error();
                self.raise_here(error)
            }
            Some(Obj::BoundMethod(b)) => {
                let (function, this) = (b.function, b.this);
                self.heap.incref(function);
                self.heap.incref(this);
                let mut args = args;
                args.insert(0, this);
                self.heap.decref(callee);
                self.call_nested(function, args, kw, bits, level + 1)
            }
            _ => self.call_object_counted(callee, args, kw, bits, level + 1),
        }
    }

    fn call_object_counted(
        &mut self,
        callee: Value,
        mut args: Vec<Value>,
        kw: Vec<(Value, Value)>,
        bits: u8,
        level: u32,
    ) -> Step {
        let class = self.type_of(callee);
        let method = self.lookup_in_type(class, names::CALL);
        match method.and_then(|m| self.heap.object(m).map(|o| (m, o))) {
            Some((method, Obj::Function(_))) => {
                self.heap.incref(method);
                args.insert(0, callee);
                self.call_function_counted(method, args, kw, bits)
            }
            Some((_, &Obj::Native { def, .. })) => {
                args.insert(0, callee);
                self.now_ns += cost::NATIVE;
                self.start_native(def, args, kw)
            }
            Some((method, _)) => {
                let bound = match self.special(callee, names::CALL) {
                    Ok(Some(bound)) => bound,
                    _ => method,
                };
                self.heap.incref(bound);
                self.heap.decref(callee);
                self.call_nested(bound, args, kw, bits, level)
            }
            None => {
                let name = self.shown_type(callee);
                self.drop_call(callee, args, &kw);
                let error = self.type_error(&format!("'{name}' object is not callable"));
                self.raise_here(error)
            }
        }
    }

    /// Lets go of a call that does not happen.
    fn drop_call(&mut self, callee: Value, args: Vec<Value>, kw: &[(Value, Value)]) {
        self.heap.decref(callee);
        for v in args {
            self.heap.decref(v);
        }
        self.drop_kw(kw);
    }

    fn call_function_counted(&mut self, function: Value, args: Vec<Value>, kw: Vec<(Value, Value)>, bits: u8) -> Step {
        let Some(code) = self.function_code(function) else {
            return Ok(());
        };
        let bound = if self.too_deep() {
            Err(self.recursion_error())
        } else if code.simple && kw.is_empty() && args.len() == code.arg_count as usize {
            // The arguments' counts pass to the slots.
            self.push_called(function, &code, &args, bits);
            return Ok(());
        } else {
            self.bind_arguments(function, &code, &args, &kw)
        };
        let bound = match bound {
            Ok(bound) => bound,
            Err(error) => {
                for v in args {
                    self.heap.decref(v);
                }
                self.drop_kw(&kw);
                self.heap.decref(function);
                return self.raise_here(error);
            }
        };
        for &v in &bound {
            self.heap.incref(v);
        }
        for v in args {
            self.heap.decref(v);
        }
        self.drop_kw(&kw);
        self.push_called(function, &code, &bound, bits);
        Ok(())
    }

    /// A frame of a function with the values of its parameters, all counted, above all operands.
    fn push_called(&mut self, function: Value, code: &CodeObj, values: &[Value], bits: u8) {
        let base = self.stack_top();
        let need = base + values.len();
        if need > self.stack.len() {
            self.stack.resize(need + 64, Value::NULL);
        }
        self.stack[base..need].copy_from_slice(values);
        let place = Place {
            base,
            filled: values.len(),
            return_to: base,
        };
        self.push_frame(function, code, place, bits, Value::NULL);
    }

    /// The values of a call's parameter slots, in order (not counted), or CPython's TypeError.
    pub(crate) fn bind_arguments(
        &mut self,
        function: Value,
        code: &Rc<CodeObj>,
        args: &[Value],
        kw: &[(Value, Value)],
    ) -> NativeResult<Slots> {
        let c = &code.code;
        let (positional, kwonly) = (c.arg_count as usize, c.kwonly_count as usize);
        let named = positional + kwonly;
        let mut slots: Slots = smallvec::smallvec![Value::NULL; c.total_args()];
        let direct = args.len().min(positional);
        slots[..direct].copy_from_slice(&args[..direct]);
        let mut next = named;
        if c.flags & flags::VARARGS != 0 {
            slots[next] = self.new_tuple(args[direct..].to_vec());
            next += 1;
        }
        if !kw.is_empty() || c.flags & flags::VARKEYWORDS != 0 {
            let extra = if c.flags & flags::VARKEYWORDS != 0 {
                let dict = self.new_dict();
                slots[next] = dict;
                dict
            } else {
                Value::NULL
            };
            self.bind_keywords(function, code, &mut slots, kw, extra)?;
        }
        if args.len() > positional && c.flags & flags::VARARGS == 0 {
            return Err(self.too_many_arguments(function, code, args.len(), &slots));
        }
        self.fill_defaults(function, code, &mut slots, args.len())?;
        Ok(slots)
    }

    fn bind_keywords(
        &mut self,
        function: Value,
        code: &Rc<CodeObj>,
        slots: &mut [Value],
        kw: &[(Value, Value)],
        extra: Value,
    ) -> NativeResult<()> {
        let c = &code.code;
        let (posonly, named) = (c.posonly_count as usize, (c.arg_count + c.kwonly_count) as usize);
        for &(name, value) in kw {
            let known = code.slot_names[..named]
                .iter()
                .position(|&n| n == name || self.same_text(n, name));
            match known {
                Some(i) if i >= posonly => {
                    if !slots[i].is_null() {
                        let (f, text) = (self.qualname_of(function), self.text(name));
                        return Err(self.type_error(&format!("{f}() got multiple values for argument '{text}'")));
                    }
                    slots[i] = value;
                }
                _ if !extra.is_null() => {
                    let name = self.intern_value(name);
                    self.dict_set_str(extra, name, value);
                }
                Some(_) => {
                    let given: Vec<String> = code.slot_names[..posonly]
                        .iter()
                        .filter(|&&n| kw.iter().any(|&(k, _)| self.same_text(n, k)))
                        .map(|&n| self.text(n))
                        .collect();
                    let f = self.qualname_of(function);
                    let list = given.join(", ");
                    return Err(self.type_error(&format!(
                        "{f}() got some positional-only arguments passed as keyword arguments: '{list}'"
                    )));
                }
                None => {
                    let (f, text) = (self.qualname_of(function), self.text(name));
                    let candidates: Vec<String> =
                        code.slot_names[posonly..named].iter().map(|&n| self.text(n)).collect();
                    let hint = crate::tracebacks::suggest::closest(&text, candidates.iter().map(String::as_str))
                        .map_or_else(String::new, |best| format!(". Did you mean '{best}'?"));
                    return Err(self.type_error(&format!("{f}() got an unexpected keyword argument '{text}'{hint}")));
                }
            }
        }
        Ok(())
    }

    fn same_text(&self, a: Value, b: Value) -> bool {
        a == b
            || match (self.as_pystr(a), self.as_pystr(b)) {
                (Some(x), Some(y)) => x.bytes() == y.bytes(),
                _ => false,
            }
    }

    /// `__qualname__` of a function, for messages.
    pub(crate) fn qualname_of(&self, function: Value) -> String {
        match self.heap.object(function) {
            Some(Obj::Function(f)) => self.text(f.qualname),
            _ => "?".to_owned(),
        }
    }

    fn fill_defaults(
        &mut self,
        function: Value,
        code: &Rc<CodeObj>,
        slots: &mut [Value],
        given: usize,
    ) -> NativeResult<()> {
        let c = &code.code;
        let (positional, kwonly) = (c.arg_count as usize, c.kwonly_count as usize);
        let (defaults, kwdefaults) = match self.heap.object(function) {
            Some(Obj::Function(f)) => (f.defaults, f.kwdefaults),
            _ => (Value::NULL, Value::NULL),
        };
        if given < positional {
            let defaults = self.as_tuple(defaults).unwrap_or_default();
            let first = positional - defaults.len().min(positional);
            let missing: Vec<usize> = (given..first).filter(|&i| slots[i].is_null()).collect();
            if missing.is_empty() {
                for i in first.max(given)..positional {
                    if slots[i].is_null() {
                        slots[i] = defaults[i - first];
                    }
                }
            } else {
                return Err(self.missing_arguments(function, code, &missing, "positional"));
            }
        }
        let mut missing = Vec::new();
        for (i, slot) in slots.iter_mut().enumerate().skip(positional).take(kwonly) {
            if slot.is_null() {
                match self.dict_get_str(kwdefaults, code.slot_names[i]) {
                    Some(v) => *slot = v,
                    None => missing.push(i),
                }
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(self.missing_arguments(function, code, &missing, "keyword-only"))
    }

    fn missing_arguments(&mut self, function: Value, code: &Rc<CodeObj>, missing: &[usize], kind: &str) -> Unwind {
        let names: Vec<String> = missing
            .iter()
            .map(|&i| format!("'{}'", self.text(code.slot_names[i])))
            .collect();
        let list = match names.as_slice() {
            [one] => one.clone(),
            [a, b] => format!("{a} and {b}"),
            [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
            [] => String::new(),
        };
        let plural = if missing.len() == 1 { "" } else { "s" };
        let f = self.qualname_of(function);
        self.type_error(&format!(
            "{f}() missing {} required {kind} argument{plural}: {list}",
            missing.len()
        ))
    }

    fn too_many_arguments(&mut self, function: Value, code: &Rc<CodeObj>, given: usize, slots: &[Value]) -> Unwind {
        let c = &code.code;
        let (positional, kwonly) = (c.arg_count as usize, c.kwonly_count as usize);
        let defaults = match self.heap.object(function) {
            Some(Obj::Function(f)) => self.as_tuple(f.defaults).map_or(0, <[Value]>::len),
            _ => 0,
        };
        let kwonly_given = slots[positional..positional + kwonly]
            .iter()
            .filter(|v| !v.is_null())
            .count();
        let (takes, plural) = if defaults > 0 {
            (
                format!("from {} to {positional}", positional - defaults.min(positional)),
                true,
            )
        } else {
            (positional.to_string(), positional != 1)
        };
        let s = if plural { "s" } else { "" };
        let were = if given != 1 || kwonly_given > 0 { "were" } else { "was" };
        let f = self.qualname_of(function);
        let message = if kwonly_given > 0 {
            let (gs, ks) = (
                if given == 1 { "" } else { "s" },
                if kwonly_given == 1 { "" } else { "s" },
            );
            format!(
                "{f}() takes {takes} positional argument{s} but {given} positional argument{gs} (and {kwonly_given} keyword-only argument{ks}) {were} given"
            )
        } else {
            format!("{f}() takes {takes} positional argument{s} but {given} {were} given")
        };
        self.type_error(&message)
    }

    /// Runs a code object in a namespace (a module's body, `exec`): a call for natives. `locals` NULL for the globals themselves.
    pub fn execute_code(&mut self, code: Value, globals: Value, locals: Value) -> NativeResult {
        match self.next_log_entry() {
            Some(crate::native::LogEntry::Value(v)) => return Ok(v),
            Some(crate::native::LogEntry::Raise(e)) => return Err(Unwind::Raise(e)),
            Some(_) => return Err(self.system_error("a native was not deterministic (execute)")),
            None => {}
        }
        let function = self.new_function(code, globals);
        let locals = if locals.is_null() { globals } else { locals };
        Err(Unwind::Pending(Box::new(crate::native::Pending::Execute {
            function,
            locals,
        })))
    }

    /// Ends an `__init__` frame: it must have returned None.
    pub(crate) fn check_init_result(&mut self, v: Value) -> NativeResult<()> {
        if v.is_none() {
            return Ok(());
        }
        let name = self.shown_type(v);
        Err(self.type_error(&format!("__init__() should return None, not '{name}'")))
    }
}
