//! Calls of natives from the loop: arguments stay on the operand stack, a result comes back without a look at the instruction.

use super::{Cache, Step};
use crate::frame::bits;
use crate::function::{Args, Native};
use crate::generator::GeneratorState;
use crate::names;
use crate::native::{GeneratorInput, NativeResult};
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;

impl Process {
    /// The native behind what a call instruction calls (its operands stand from `below` up, `this` behind the callable): the function,
    /// what it is bound to, and where its arguments begin. Core classes count as their `__new__`, whose first argument, the class, is
    /// put in the place of self.
    #[inline]
    pub(crate) fn native_to_call(
        &mut self,
        callable: Value,
        below: usize,
        this: &mut Value,
        [number, pc]: [usize; 2],
    ) -> Option<(&'static Native, Value, usize)> {
        match self.heap.object(callable)? {
            &Obj::Native { def, bound } => {
                let from = if this.is_null() { below + 2 } else { below + 1 };
                Some((def, bound, from))
            }
            Obj::Type(_) if this.is_null() => {
                let def = if callable.index() < core::END as usize {
                    self.quick_constructor(callable, number, pc)?
                } else {
                    self.plain_exception(callable)?
                };
                self.heap.incref(callable);
                *this = callable;
                Some((def, Value::NULL, below + 1))
            }
            _ => None,
        }
    }

    /// Calls a native on the operands from `from` to the top; operands from `below` up are let go. The result is counted and *not* on the
    /// stack. `Err` means that the call is not over or has failed, and how the loop goes on. The frame is saved.
    #[inline(never)]
    pub(crate) fn call_native(
        &mut self,
        def: &'static Native,
        bound: Value,
        from: usize,
        to: usize,
        below: usize,
    ) -> Result<Value, Step> {
        self.activation.log.clear();
        self.activation.cursor = 0;
        self.activation.depth = 0;
        self.activation.shortened = false;
        self.activation.callable = self.stack[below];
        let (n, at) = (to - from, from);
        let stack = &self.stack;
        match (bound.is_null(), n) {
            (true, 0) => self.finish_quick(def, [], to, below),
            (true, 1) => self.finish_quick(def, [stack[at]], to, below),
            (true, 2) => self.finish_quick(def, [stack[at], stack[at + 1]], to, below),
            (true, 3) => self.finish_quick(def, [stack[at], stack[at + 1], stack[at + 2]], to, below),
            (false, 0) => self.finish_quick(def, [bound], to, below),
            (false, 1) => self.finish_quick(def, [bound, stack[at]], to, below),
            (false, 2) => self.finish_quick(def, [bound, stack[at], stack[at + 1]], to, below),
            _ => {
                let mut args = Vec::with_capacity(n + 1);
                if !bound.is_null() {
                    args.push(bound);
                }
                args.extend_from_slice(&stack[from..to]);
                let result = self.run_native(def, Args::positional(&args));
                self.after_quick(def, &args, result, to, below)
            }
        }
    }

    #[inline(always)]
    fn finish_quick<const N: usize>(
        &mut self,
        def: &'static Native,
        args: [Value; N],
        to: usize,
        below: usize,
    ) -> Result<Value, Step> {
        let result = self.run_native(def, Args::positional(&args));
        self.after_quick(def, &args, result, to, below)
    }

    #[inline(always)]
    fn after_quick(
        &mut self,
        def: &'static Native,
        args: &[Value],
        result: NativeResult,
        to: usize,
        below: usize,
    ) -> Result<Value, Step> {
        match result {
            Ok(v) => {
                self.heap.keep(v);
                let shortened = std::mem::take(&mut self.activation.shortened);
                if !shortened && !self.activation.log.is_empty() {
                    self.drop_log();
                }
                for &operand in &self.stack[below..to] {
                    self.heap.decref(operand);
                }
                if shortened {
                    self.drop_log();
                }
                if v.is_null() {
                    self.top().sp = below as u32;
                    return Err(self.raise_stop_iteration(Value::NONE));
                }
                Ok(v)
            }
            Err(error) => Err(self.native_left(error, def, args, Vec::new(), below)),
        }
    }

    /// Truth of the top operand by a native `__len__` without a `__bool__` beside it; the operand is let go. `None` if that is not how
    /// it is told, or if it failed (then the slow path says so).
    pub(crate) fn native_truth(&mut self, v: Value, sp: usize) -> Option<bool> {
        let class = self.type_of(v);
        if self.lookup_in_type(class, names::BOOL).is_some() {
            return None;
        }
        let Some(method) = self.lookup_in_type(class, names::LEN) else {
            // Instances of most classes are true.
            self.now_ns += super::cost::SLOW;
            self.heap.decref(v);
            return Some(true);
        };
        let (def, bound) = self.as_native(method)?;
        if !bound.is_null() || !v.is_heap() || !matches!(self.heap.get(v), Obj::Payload(_)) {
            return None;
        }
        self.activation.log.clear();
        self.activation.cursor = 0;
        self.activation.depth = 0;
        let _ = sp;
        let result = (def.run)(self, Args::positional(&[v]));
        if !self.activation.log.is_empty() {
            self.drop_log();
        }
        let n = result.ok()?.as_small()?;
        self.now_ns += super::cost::SLOW;
        self.heap.decref(v);
        Some(n != 0)
    }

    /// `next(generator)` and `generator.__next__()` (the operands from `below` up): the generator goes on as if the call instruction had
    /// called its code. False if it is something else or cannot go on.
    #[inline]
    pub(crate) fn quick_next(&mut self, generator: Value, below: usize) -> bool {
        if !generator.is_heap() || self.too_deep() {
            return false;
        }
        let Obj::Generator(g) = self.heap.get(generator) else {
            return false;
        };
        if !matches!(g.state, GeneratorState::Created | GeneratorState::Suspended)
            || !self.is_exact(generator, core::GENERATOR)
        {
            return false;
        }
        self.heap.incref(generator);
        self.truncate_operands(below);
        // What it yields is told, if its steps are: not on the short path.
        let told = self.resumed_by_hand(generator, GeneratorInput::Send(Value::NONE));
        let pushed = if told { 0 } else { bits::PUSHED };
        self.enter_generator(generator, bits::RAISE_AT_END | pushed);
        self.push_counted(Value::NONE);
        true
    }

    /// The `__new__` of a class of exceptions that has that of `BaseException` and its `__init__` too, which would do nothing more.
    pub(crate) fn plain_exception(&mut self, class: Value) -> Option<&'static Native> {
        let t = self.as_type(class)?;
        if t.layout != crate::types::Layout::Exception
            || t.has(type_flags::ABSTRACT)
            || self.type_of(class) != core::TYPE
        {
            return None;
        }
        let new = self.lookup_in_type(class, names::NEW)?;
        if Some(new) != self.lookup_in_type(core::BASE_EXCEPTION, names::NEW)
            || self.lookup_in_type(class, names::INIT) != self.lookup_in_type(core::BASE_EXCEPTION, names::INIT)
        {
            return None;
        }
        let (def, bound) = self.as_native(new)?;
        bound.is_null().then_some(def)
    }

    /// The `__new__` of a core class that is written in Rust and needs no `__init__` behind it (`str`, `int`, `range`, `tuple` …).
    pub(crate) fn quick_constructor(&mut self, class: Value, number: usize, pc: usize) -> Option<&'static Native> {
        match self.caches[number].get(pc) {
            Some(&Cache::New { class: known, def }) if known == class => return Some(def),
            _ => {}
        }
        if class.index() >= core::END as usize || class == core::TYPE || self.type_of(class) != core::TYPE {
            return None;
        }
        if let Some(def) = self.plain_exception(class) {
            if let Some(cache) = self.caches[number].get_mut(pc) {
                *cache = Cache::New { class, def };
            }
            return Some(def);
        }
        let new = self.lookup_in_type(class, names::NEW)?;
        if self.as_type(class)?.has(type_flags::ABSTRACT)
            || Some(new) == self.lookup_in_type(core::OBJECT, names::NEW)
            || self.lookup_in_type(class, names::INIT) != self.lookup_in_type(core::OBJECT, names::INIT)
        {
            return None;
        }
        let (def, bound) = self.as_native(new)?;
        if !bound.is_null() {
            return None;
        }
        if let Some(cache) = self.caches[number].get_mut(pc) {
            *cache = Cache::New { class, def };
        }
        Some(def)
    }
}
