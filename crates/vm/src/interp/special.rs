//! `with`, `raise`, awaiting, and the other instructions around exceptions.

use super::Step;
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::SpecialMethod;
use heddle_compiler::code::flags;

impl Process {
    /// `PUSH_EXC_INFO`: exc -> previous, exc.
    /// The exception is handled from now on; the one that was handled until now, to be put below it.
    #[inline(never)]
    pub(crate) fn begin_handling(&mut self, e: Value) -> Value {
        self.heap.incref(e);
        let previous = std::mem::replace(&mut self.current_thread().handled, e);
        if previous.is_null() { Value::NONE } else { previous }
    }

    /// `POP_EXCEPT`
    #[inline(never)]
    pub(crate) fn end_handling(&mut self, previous: Value) {
        let thread = self.current_thread();
        let old = std::mem::replace(
            &mut thread.handled,
            if previous.is_none() { Value::NULL } else { previous },
        );
        self.heap.decref(old);
    }

    /// `RERAISE n`: with n, the index of the instruction that raised first stands at depth n below the exception.
    pub(crate) fn op_reraise(&mut self, n: u32) -> Step {
        let lasti = if n == 0 {
            None
        } else {
            self.peek(n as usize + 1).as_small().map(|i| i as u32)
        };
        let e = self.pop_counted();
        self.reraise(e, lasti)
    }

    /// `RAISE_VARARGS`
    pub(crate) fn op_raise(&mut self, n: u32) -> Step {
        if n == 0 {
            let e = self.current_exception();
            if e.is_null() {
                let error = self.runtime_error("No active exception to reraise");
                return self.raise_here(error);
            }
            self.heap.incref(e);
            return self.unwind(e, false);
        }
        let v = self.peek(1);
        if n == 1 && matches!(self.heap.object(v), Some(Obj::Exception(_))) {
            self.now_ns += super::cost::SLOW;
            let e = self.pop_counted();
            self.chain_context(e);
            return self.raise_counted(e);
        }
        if n == 1
            && self.as_type(v).is_some()
            && let Some(def) = self.plain_exception(v)
        {
            self.now_ns += super::cost::SLOW;
            let sp = self.top().sp as usize;
            return match self.call_native(def, Value::NULL, sp - 1, sp, sp - 1) {
                Ok(e) => {
                    self.top().sp -= 1;
                    self.chain_context(e);
                    self.raise_counted(e)
                }
                Err(step) => step,
            };
        }
        self.op_native(&super::rare::RAISE, n as usize, None)
    }

    /// An exception instance from what `raise` or `throw` was given: an instance, or a class that is called.
    pub fn exception_from(&mut self, v: Value) -> NativeResult {
        if matches!(self.heap.object(v), Some(Obj::Exception(_))) {
            return Ok(v);
        }
        if self.as_type(v).is_some() && self.is_subtype(v, core::BASE_EXCEPTION) {
            let e = self.call(v, &[])?;
            if matches!(self.heap.object(e), Some(Obj::Exception(_))) {
                return Ok(e);
            }
            let name = self.type_of(e);
            let (class, name) = (self.dotted_type_name(v), self.dotted_type_name(name));
            return Err(self.type_error(&format!(
                "calling <class '{class}'> should have returned an instance of BaseException, not <class '{name}'>"
            )));
        }
        Err(self.type_error("exceptions must derive from BaseException"))
    }

    /// `raise exc from cause`.
    pub(crate) fn raise_from(&mut self, exception: Value, cause: Option<Value>) -> NativeResult {
        let e = self.exception_from(exception)?;
        if let Some(cause) = cause {
            let cause = if cause.is_none() {
                Value::NULL
            } else if matches!(self.heap.object(cause), Some(Obj::Exception(_))) {
                cause
            } else if self.as_type(cause).is_some() && self.is_subtype(cause, core::BASE_EXCEPTION) {
                self.exception_from(cause)?
            } else {
                return Err(self.type_error("exception causes must derive from BaseException"));
            };
            self.heap.incref(cause);
            if let Obj::Exception(x) = self.heap.get_mut(e) {
                let old = std::mem::replace(&mut x.cause, cause);
                x.suppress_context = true;
                self.heap.decref(old);
            }
        }
        // `raise` always looks at what is being handled, even for an exception that has been raised before.
        self.chain_context(e);
        Err(Unwind::Raise(e))
    }

    /// `LOAD_SPECIAL`: obj -> method, self (or bound method, NULL).
    pub(crate) fn op_load_special(&mut self, arg: u32) -> Step {
        let name = match SpecialMethod::from_arg(arg) {
            Some(SpecialMethod::Enter) => names::ENTER,
            Some(SpecialMethod::Exit) => names::EXIT,
            Some(SpecialMethod::Aenter) => names::AENTER,
            _ => names::AEXIT,
        };
        let object = self.peek(1);
        let class = self.type_of(object);
        if let Some(found) = self.lookup_in_type(class, name) {
            let bindable = match self.heap.object(found) {
                Some(Obj::Function(_)) => true,
                Some(Obj::Native { def, bound }) => bound.is_null() && def.kind == crate::function::NativeKind::Method,
                _ => false,
            };
            if bindable {
                let object = self.pop_counted();
                self.push(found);
                self.push_counted(object);
                return Ok(());
            }
        }
        self.push(name);
        self.op_native(&super::slow::LOAD_SPECIAL, 2, None)
    }

    /// `WITH_EXCEPT_START`: exit, self, lasti, previous, exc -> … and `exit(type, exc, traceback)`.
    pub(crate) fn op_with_except_start(&mut self) -> Step {
        let (exit, this, e) = (self.peek(5), self.peek(4), self.peek(1));
        let traceback = match self.heap.object(e) {
            Some(Obj::Exception(x)) if !x.traceback.is_null() => x.traceback,
            _ => Value::NONE,
        };
        let class = self.type_of(e);
        let below = self.top().sp as usize;
        for v in [exit, this, class, e, traceback] {
            self.push(v);
        }
        self.call_on_stack(below, Vec::new())
    }

    /// `CHECK_EXC_MATCH`: exc, class -> exc, bool.
    pub(crate) fn op_check_exc_match(&mut self) -> Step {
        let (e, class) = (self.peek(2), self.peek(1));
        if let Err(error) = self.check_exception_classes(
            class,
            "catching classes that do not inherit from BaseException is not allowed",
        ) {
            return self.raise_here(error);
        }
        let matches = self.exception_matches(e, class);
        self.pop();
        self.push(Value::from_bool(matches));
        Ok(())
    }

    /// `CHECK_EXC_MATCH` of one class of exceptions.
    #[inline(never)]
    pub(crate) fn quick_exc_match(&self, e: Value, class: Value) -> Option<bool> {
        self.as_type(class)?;
        self.is_subtype(class, core::BASE_EXCEPTION)
            .then(|| self.exception_matches(e, class))
    }

    fn check_exception_classes(&mut self, class: Value, message: &str) -> NativeResult<()> {
        if self.as_type(class).is_some() && self.is_subtype(class, core::BASE_EXCEPTION) {
            return Ok(());
        }
        let classes = self.as_tuple(class).map_or_else(|| vec![class], <[Value]>::to_vec);
        for class in classes {
            if self.as_type(class).is_none() || !self.is_subtype(class, core::BASE_EXCEPTION) {
                return Err(self.type_error(message));
            }
        }
        Ok(())
    }

    /// What an `except*` clause caught, on top of the stack, is what is being handled in it.
    pub(crate) fn handle_match(&mut self) {
        let matched = self.peek(1);
        if matched.is_none() {
            return;
        }
        self.heap.incref(matched);
        let old = std::mem::replace(&mut self.current_thread().handled, matched);
        self.heap.decref(old);
    }

    /// `CHECK_EG_MATCH`: exc, class -> rest, match.
    pub(crate) fn op_check_eg_match(&mut self) -> Step {
        let (e, class) = (self.peek(2), self.peek(1));
        let checked = self
            .check_exception_classes(
                class,
                "catching classes that do not inherit from BaseException is not allowed",
            )
            .and_then(|()| {
                let classes = self.as_tuple(class).map_or_else(|| vec![class], <[Value]>::to_vec);
                if classes.iter().any(|&c| self.is_subtype(c, core::BASE_EXCEPTION_GROUP)) {
                    return Err(
                        self.type_error("catching ExceptionGroup with except* is not allowed. Use except instead.")
                    );
                }
                Ok(())
            });
        if let Err(error) = checked {
            return self.raise_here(error);
        }
        let _ = e;
        self.op_native(&super::rare::CHECK_EG_MATCH, 2, None)
    }

    /// `CLEANUP_THROW`: receiver, last sent, exc -> None, value.
    pub(crate) fn op_cleanup_throw(&mut self) -> Step {
        let e = self.peek(1);
        if self.is_instance(e, core::STOP_ITERATION) {
            let value = self.stop_iteration_value(e);
            self.heap.incref(value);
            for _ in 0..3 {
                self.pop();
            }
            self.push(Value::NONE);
            self.push_counted(value);
            return Ok(());
        }
        let e = self.pop_counted();
        self.reraise(e, None)
    }

    /// `END_ASYNC_FOR`: aiter, exc.
    pub(crate) fn op_end_async_for(&mut self) -> Step {
        let e = self.pop_counted();
        if self.is_instance(e, core::STOP_ASYNC_ITERATION) {
            self.heap.decref(e);
            self.pop();
            return Ok(());
        }
        self.reraise(e, None)
    }

    /// `GET_AWAITABLE`
    pub(crate) fn op_get_awaitable(&mut self, arg: u32) -> Step {
        let v = self.peek(1);
        if self.is_coroutine(v) {
            return self.check_not_awaited(v);
        }
        self.op_native(&super::rare::GET_AWAITABLE, 1, Some(arg))
    }

    /// A coroutine, or a generator made by `types.coroutine`.
    pub(crate) fn is_coroutine(&self, v: Value) -> bool {
        match self.type_of(v) {
            core::COROUTINE => true,
            core::GENERATOR => self
                .as_generator(v)
                .is_some_and(|g| self.code_of(g.frame.code).code.flags & flags::ITERABLE_COROUTINE != 0),
            _ => false,
        }
    }

    /// A coroutine that someone awaits already is not awaited twice.
    fn check_not_awaited(&mut self, v: Value) -> Step {
        let awaited = self.as_generator(v).is_some_and(|g| {
            g.state == crate::generator::GeneratorState::Suspended
                && !self.yield_from_of(v).is_null()
                && self.type_of(v) == core::COROUTINE
        });
        if awaited {
            let error = self.runtime_error("coroutine is being awaited already");
            return self.raise_here(error);
        }
        Ok(())
    }

    /// What a suspended generator delegates to (`gi_yieldfrom`, `cr_await`), or NULL.
    pub(crate) fn yield_from_of(&self, v: Value) -> Value {
        let Some(g) = self.as_generator(v) else {
            return Value::NULL;
        };
        if g.state != crate::generator::GeneratorState::Suspended {
            return Value::NULL;
        }
        let ops = &self.code_of(g.frame.code).ops;
        match ops.get(g.frame.pc as usize) {
            // RESUME 2 and 3 come after the yield of a `yield from` and an `await`.
            Some(ins) if ins.op == heddle_compiler::Op::Resume && matches!(ins.arg & 3, 2 | 3) => {
                g.values.last().copied().unwrap_or(Value::NULL)
            }
            _ => Value::NULL,
        }
    }

    /// `GET_YIELD_FROM_ITER`
    pub(crate) fn op_get_yield_from_iter(&mut self) -> Step {
        let v = self.peek(1);
        if self.type_of(v) == core::GENERATOR {
            return Ok(());
        }
        if self.type_of(v) == core::COROUTINE {
            let code = self.top().code;
            let own = self.code_of(code).code.flags;
            if own & (flags::COROUTINE | flags::ITERABLE_COROUTINE) == 0 {
                let error = self.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator");
                return self.raise_here(error);
            }
            return Ok(());
        }
        self.op_native(&super::slow::GET_ITER, 1, None)
    }
}
