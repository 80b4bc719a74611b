//! The instructions that the loop does not do itself: which function does them.

use super::{Step, slow};
use crate::code::CodeObj;
use crate::function::{Args, Native};
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::code::{flags, function_attribute};
use heddle_compiler::{CommonConstant, Intrinsic1, Intrinsic2, Op};

/// `RAISE_VARARGS` with arguments.
pub static RAISE: Native = Native::function("<raise>", raise);
/// `CHECK_EG_MATCH`: exception, class.
pub static CHECK_EG_MATCH: Native = Native::function("<except*>", check_eg_match);
/// `GET_AWAITABLE`: value, argument.
pub static GET_AWAITABLE: Native = Native::function("<await>", get_awaitable);
/// `GET_AITER`, `GET_ANEXT`.
pub static GET_AITER: Native = Native::function("<aiter>", get_aiter);
/// See above.
pub static GET_ANEXT: Native = Native::function("<anext>", get_anext);
/// `CALL_INTRINSIC_1`: value, argument.
pub static INTRINSIC_1: Native = Native::function("<intrinsic>", intrinsic_1);
/// `CALL_INTRINSIC_2`: two values, argument.
pub static INTRINSIC_2: Native = Native::function("<intrinsic 2>", intrinsic_2);
/// `BUILD_TEMPLATE`
pub static BUILD_TEMPLATE: Native = Native::function("<template>", build_template);
/// `BUILD_INTERPOLATION`
pub static BUILD_INTERPOLATION: Native = Native::function("<interpolation>", build_interpolation);

impl Process {
    /// An instruction outside the loop. The frame is saved.
    pub(crate) fn rare(&mut self, op: Op, arg: u32) -> Step {
        match op {
            Op::MakeFunction => self.op_make_function(),
            Op::SetFunctionAttribute => self.op_set_function_attribute(arg),
            Op::ReturnGenerator => self.op_return_generator(),
            Op::CallKw => self.op_call_kw(arg as usize),
            Op::CallFunctionEx => self.op_call_function_ex(),
            Op::GetYieldFromIter => self.op_get_yield_from_iter(),
            Op::GetAwaitable => self.op_get_awaitable(arg),
            Op::GetAiter => self.op_native(&GET_AITER, 1, None),
            Op::GetAnext => {
                let v = self.peek(1);
                self.push(v);
                self.op_native(&GET_ANEXT, 1, None)
            }
            Op::GetLen => {
                let v = self.peek(1);
                self.push(v);
                self.op_native(&slow::GET_LEN, 1, None)
            }
            Op::Reraise => self.op_reraise(arg),
            Op::RaiseVarargs => self.op_raise(arg),
            Op::LoadSpecial => self.op_load_special(arg),
            Op::WithExceptStart => self.op_with_except_start(),
            Op::CheckEgMatch => self.op_check_eg_match(),
            Op::CleanupThrow => self.op_cleanup_throw(),
            Op::EndAsyncFor => self.op_end_async_for(),
            Op::DeleteAttr => {
                let name = self.name_at(arg);
                self.push(name);
                self.op_native(&slow::DELETE_ATTR, 2, None)
            }
            _ => self.rare_names(op, arg),
        }
    }

    fn rare_names(&mut self, op: Op, arg: u32) -> Step {
        match op {
            Op::StoreGlobal => self.op_store_global(arg),
            Op::DeleteGlobal => self.op_delete_global(arg),
            Op::DeleteName => self.op_delete_name(arg),
            Op::DeleteFast => self.op_delete_fast(arg),
            Op::DeleteDeref => self.op_delete_deref(arg),
            Op::LoadLocals => self.op_load_locals(),
            Op::LoadFromDictOrGlobals => self.load_from_dict_or_globals(arg),
            Op::LoadFromDictOrDeref => self.load_from_dict_or_deref(arg),
            Op::SetupAnnotations => self.op_setup_annotations(),
            Op::LoadBuildClass => {
                let name = names::BUILD_CLASS;
                let builtins = self.globals_of_top().1;
                match self.dict_get_str(builtins, name) {
                    Some(v) => self.push(v),
                    None => {
                        let error = self.error(core::NAME_ERROR, "__build_class__ not found");
                        return self.raise_here(error);
                    }
                }
                Ok(())
            }
            Op::LoadCommonConstant => self.op_common_constant(arg),
            Op::ImportName => {
                let name = self.name_at(arg);
                self.push(name);
                self.op_native(&crate::imports::IMPORT_NAME, 3, None)
            }
            Op::ImportFrom => {
                let (module, name) = (self.peek(1), self.name_at(arg));
                self.push(module);
                self.push(name);
                self.op_native(&crate::imports::IMPORT_FROM, 2, None)
            }
            _ => self.rare_containers(op, arg),
        }
    }

    fn rare_containers(&mut self, op: Op, arg: u32) -> Step {
        let n = arg as usize;
        match op {
            Op::BuildMap => self.op_native(&slow::BUILD_MAP, 2 * n, None),
            Op::BuildSet => self.op_native(&slow::BUILD_SET, n, None),
            Op::BuildSlice => self.op_build_slice(n),
            Op::BuildString => self.op_build_string(n),
            Op::ListExtend => self.op_list_extend(n),
            Op::SetUpdate => self.extend_with(&slow::SET_UPDATE, n),
            Op::SetAdd => self.extend_with(&slow::SET_ADD, n),
            Op::DictUpdate => self.extend_with(&slow::DICT_UPDATE, n),
            Op::DictMerge => {
                let mapping = self.pop_counted();
                let (dict, function) = (self.peek(n), self.peek(n + 3));
                self.push(function);
                self.push(dict);
                self.push_counted(mapping);
                self.op_native(&slow::DICT_MERGE, 3, None)
            }
            Op::MapAdd => {
                let value = self.pop_counted();
                let key = self.pop_counted();
                let dict = self.peek(n);
                self.push(dict);
                self.push_counted(key);
                self.push_counted(value);
                self.op_native(&slow::MAP_ADD, 3, None)
            }
            Op::DeleteSubscr => self.op_native(&slow::DELETE_SUBSCR, 2, None),
            Op::StoreSlice => self.op_native(&slow::STORE_SLICE, 4, None),
            Op::UnaryNegative => self.op_unary(&slow::NEGATIVE),
            Op::UnaryInvert => self.op_unary(&slow::INVERT),
            Op::UnpackEx => self.op_native(&slow::UNPACK_EX, 1, Some(arg)),
            Op::FormatSimple => self.op_format_simple(),
            Op::FormatWithSpec => self.op_format_with_spec(),
            Op::ConvertValue => self.op_native(&slow::CONVERT, 1, Some(arg)),
            Op::CallIntrinsic1 => self.op_intrinsic_1(arg),
            Op::CallIntrinsic2 => self.op_native(&INTRINSIC_2, 2, Some(arg)),
            Op::MatchMapping | Op::MatchSequence => self.op_match_kind(op),
            Op::MatchKeys => {
                let (subject, keys) = (self.peek(2), self.peek(1));
                self.push(subject);
                self.push(keys);
                self.op_native(&super::matching::MATCH_KEYS, 2, None)
            }
            Op::MatchClass => self.op_native(&super::matching::MATCH_CLASS, 3, Some(arg)),
            Op::BuildTemplate => self.op_native(&BUILD_TEMPLATE, 2, None),
            Op::BuildInterpolation => self.op_native(&BUILD_INTERPOLATION, 2 + (arg & 1) as usize, Some(arg)),
            other => {
                let error = self.system_error(&format!("unknown instruction {}", other.name()));
                self.raise_here(error)
            }
        }
    }

    pub(crate) fn op_binary(&mut self, arg: u32) -> Step {
        self.op_native(&slow::BINARY, 2, Some(arg))
    }

    pub(crate) fn op_compare(&mut self, arg: u32) -> Step {
        self.op_native(&slow::COMPARE, 2, Some(arg))
    }

    pub(crate) fn op_unary(&mut self, def: &'static Native) -> Step {
        self.op_native(def, 1, None)
    }

    pub(crate) fn op_get_iter(&mut self) -> Step {
        self.op_native(&slow::GET_ITER, 1, None)
    }

    /// Container at depth `n` behind the top, which goes into it.
    fn extend_with(&mut self, def: &'static Native, n: usize) -> Step {
        let item = self.pop_counted();
        let container = self.peek(n);
        self.push(container);
        self.push_counted(item);
        self.op_native(def, 2, None)
    }

    /// `[*items]`: the items of a tuple at once.
    fn op_list_extend(&mut self, n: usize) -> Step {
        let (items, list) = (self.peek(1), self.peek(n + 1));
        let Some(count) = self
            .as_tuple(items)
            .map(<[Value]>::len)
            .filter(|_| self.is_exact(items, core::TUPLE))
        else {
            return self.extend_with(&slow::LIST_EXTEND, n);
        };
        // What the native charges.
        self.now_ns += super::cost::SLOW;
        self.worked(count, crate::work::READ);
        for i in 0..count {
            let item = self.as_tuple(items).and_then(|all| all.get(i).copied());
            self.list_push(list, item.unwrap_or(Value::NULL));
        }
        self.pop();
        Ok(())
    }

    fn op_build_slice(&mut self, n: usize) -> Step {
        let step = if n == 3 { self.pop_counted() } else { Value::NONE };
        let stop = self.pop_counted();
        let start = self.pop_counted();
        let v = self.heap.insert(core::SLICE, Obj::Slice(Box::new([start, stop, step])));
        self.push_counted(v);
        Ok(())
    }

    fn op_build_string(&mut self, n: usize) -> Step {
        let sp = self.top().sp as usize;
        let mut text = rustpython_wtf8::Wtf8Buf::new();
        for i in sp - n..sp {
            if let Some(s) = self.as_pystr(self.stack[i]) {
                text.push_wtf8(s.wtf8());
            }
        }
        let v = self.new_wtf8(text);
        self.truncate_operands(sp - n);
        self.push(v);
        Ok(())
    }

    fn op_format_simple(&mut self) -> Step {
        let v = self.peek(1);
        if self.is_exact(v, core::STR) {
            return Ok(());
        }
        if let Some(n) = v.as_small() {
            self.now_ns += super::cost::SLOW;
            let text = self.small_int_text(n);
            self.pop();
            self.push(text);
            return Ok(());
        }
        self.op_native(&slow::FORMAT_SIMPLE, 1, None)
    }

    fn op_format_with_spec(&mut self) -> Step {
        let (v, spec) = (self.peek(2), self.peek(1));
        let Some(text) = self.quick_format(v, spec) else {
            return self.op_native(&slow::FORMAT_WITH_SPEC, 2, None);
        };
        self.now_ns += super::cost::SLOW;
        self.heap.keep(text);
        self.pop();
        self.pop();
        self.push_counted(text);
        Ok(())
    }

    fn op_common_constant(&mut self, arg: u32) -> Step {
        let v = match CommonConstant::from_arg(arg) {
            Some(CommonConstant::AssertionError) => core::ASSERTION_ERROR,
            Some(CommonConstant::NotImplementedError) => core::NOT_IMPLEMENTED_ERROR,
            Some(CommonConstant::Tuple) => core::TUPLE,
            Some(which) => {
                let name = self.intern(which.text());
                self.dict_get_str(self.builtins, name).unwrap_or(Value::NONE)
            }
            None => Value::NONE,
        };
        self.push(v);
        Ok(())
    }

    fn op_make_function(&mut self) -> Step {
        let code = self.peek(1);
        let (globals, _) = self.globals_of_top();
        let function = self.new_function(code, globals);
        self.heap.incref(function);
        self.pop();
        self.push_counted(function);
        Ok(())
    }

    /// value, function -> function
    fn op_set_function_attribute(&mut self, which: u32) -> Step {
        let function = self.pop_counted();
        let value = self.pop_counted();
        if let Obj::Function(f) = self.heap.get_mut(function) {
            let field = match which {
                function_attribute::DEFAULTS => &mut f.defaults,
                function_attribute::KWDEFAULTS => &mut f.kwdefaults,
                function_attribute::ANNOTATIONS => &mut f.annotations,
                function_attribute::CLOSURE => &mut f.closure,
                _ => &mut f.annotate,
            };
            let old = std::mem::replace(field, value);
            self.heap.decref(old);
        }
        self.push_counted(function);
        Ok(())
    }

    fn op_intrinsic_1(&mut self, arg: u32) -> Step {
        match Intrinsic1::from_arg(arg) {
            Some(Intrinsic1::ListToTuple) => {
                let list = self.peek(1);
                let items = self.as_list(list).cloned().unwrap_or_default();
                let tuple = self.new_tuple(items);
                self.heap.incref(tuple);
                self.pop();
                self.push_counted(tuple);
                Ok(())
            }
            Some(Intrinsic1::StopIterationError) => self.op_stop_iteration_error(),
            Some(Intrinsic1::UnaryPositive) => self.op_native(&slow::POSITIVE, 1, None),
            Some(Intrinsic1::AsyncGenWrap) => {
                let v = self.peek(1);
                let wrapped = crate::builtin::code_objects::async_generator::wrap(self, v);
                self.heap.incref(wrapped);
                self.pop();
                self.push_counted(wrapped);
                Ok(())
            }
            _ => self.op_native(&INTRINSIC_1, 1, Some(arg)),
        }
    }

    /// A StopIteration that leaves a generator's body becomes a RuntimeError.
    fn op_stop_iteration_error(&mut self) -> Step {
        let e = self.peek(1);
        let code = self.top().code;
        let code_flags = self.code_of(code).code.flags;
        let kind = match code_flags {
            f if f & flags::COROUTINE != 0 => "coroutine",
            f if f & flags::ASYNC_GENERATOR != 0 => "async generator",
            _ => "generator",
        };
        let what = if self.is_instance(e, core::STOP_ITERATION) {
            "StopIteration"
        } else if code_flags & flags::ASYNC_GENERATOR != 0 && self.is_instance(e, core::STOP_ASYNC_ITERATION) {
            "StopAsyncIteration"
        } else {
            return Ok(());
        };
        let Unwind::Raise(error) = self.runtime_error(&format!("{kind} raised {what}")) else {
            return Ok(());
        };
        self.heap.incref(e);
        self.heap.incref(e);
        if let Obj::Exception(x) = self.heap.get_mut(error) {
            x.cause = e;
            x.context = e;
            x.suppress_context = true;
        }
        self.heap.incref(error);
        self.pop();
        self.push_counted(error);
        Ok(())
    }

    /// Slots and code for messages and introspection.
    pub fn code_object(&self, v: Value) -> Option<&CodeObj> {
        match self.heap.object(v)? {
            Obj::Code(c) => Some(c),
            _ => None,
        }
    }
}

fn arg_of(args: Args<'_>, i: usize) -> Value {
    args.get(i).unwrap_or(Value::NONE)
}

fn raise(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.raise_from(arg_of(args, 0), args.get(1))
}

fn check_eg_match(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let function = vm.prelude_function("_except_star_match");
    vm.tail_call(function, args.pos)
}

fn get_awaitable(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = arg_of(args, 0);
    let Some(it) = vm.call_special(v, names::AWAIT, &[])? else {
        let name = vm.type_name(v);
        return Err(match args.get(1).and_then(Value::as_small) {
            Some(1) => vm.type_error(&format!(
                "'async with' received an object from __aenter__ that does not implement __await__: {name}"
            )),
            Some(2) => vm.type_error(&format!(
                "'async with' received an object from __aexit__ that does not implement __await__: {name}"
            )),
            _ => vm.type_error(&format!("'{name}' object can't be awaited")),
        });
    };
    if vm.is_coroutine(it) {
        return Err(vm.type_error("__await__() returned a coroutine"));
    }
    let class = vm.type_of(it);
    if vm.lookup_in_type(class, names::NEXT).is_none() && vm.as_generator(it).is_none() {
        let name = vm.type_name(it);
        return Err(vm.type_error(&format!("__await__() returned non-iterator of type '{name}'")));
    }
    Ok(it)
}

fn get_aiter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = arg_of(args, 0);
    let Some(it) = vm.call_special(v, names::AITER, &[])? else {
        let name = vm.type_name(v);
        return Err(vm.type_error(&format!(
            "'async for' requires an object with __aiter__ method, got {name}"
        )));
    };
    let class = vm.type_of(it);
    if vm.lookup_in_type(class, names::ANEXT).is_none() {
        let name = vm.type_name(it);
        return Err(vm.type_error(&format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {name}"
        )));
    }
    Ok(it)
}

fn get_anext(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = arg_of(args, 0);
    let Some(next) = vm.call_special(v, names::ANEXT, &[])? else {
        let name = vm.type_name(v);
        return Err(vm.type_error(&format!(
            "'async for' requires an iterator with __anext__ method, got {name}"
        )));
    };
    if vm.is_coroutine(next) {
        return Ok(next);
    }
    let cause = match vm.call_special(next, names::AWAIT, &[]) {
        Ok(Some(it)) => return Ok(it),
        Ok(None) => None,
        Err(Unwind::Raise(e)) => Some(e),
        Err(pending) => return Err(pending),
    };
    let name = vm.type_name(next);
    let error = vm.type_error(&format!(
        "'async for' received an invalid object from __anext__: {name}"
    ));
    if let (Some(cause), Unwind::Raise(e)) = (cause, &error) {
        vm.set_cause(*e, cause);
    }
    Err(error)
}

fn intrinsic_1(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let v = arg_of(args, 0);
    let which = arg_of(args, 1).as_small().unwrap_or_default() as u32;
    match Intrinsic1::from_arg(which) {
        Some(Intrinsic1::Print) => {
            let name = names::DISPLAYHOOK;
            match vm.dict_get_str(vm.sys, name) {
                Some(hook) => vm.tail_call(hook, &[v]),
                None => Err(vm.runtime_error("lost sys.displayhook")),
            }
        }
        Some(Intrinsic1::ImportStar) => {
            let locals = match vm.caller_frame() {
                Some(f) if !f.locals.is_null() => f.locals,
                _ => vm.globals_of_top().0,
            };
            let function = vm.prelude_function("_import_star");
            vm.tail_call(function, &[v, locals])
        }
        Some(Intrinsic1::TypeVar) => prelude_call(vm, "_make_typevar", &[v]),
        Some(Intrinsic1::ParamSpec) => prelude_call(vm, "_make_paramspec", &[v]),
        Some(Intrinsic1::TypeVarTuple) => prelude_call(vm, "_make_typevartuple", &[v]),
        Some(Intrinsic1::SubscriptGeneric) => prelude_call(vm, "_subscript_generic", &[v]),
        Some(Intrinsic1::TypeAlias) => prelude_call(vm, "_make_typealias", &[v]),
        _ => Err(vm.system_error("unknown intrinsic")),
    }
}

fn prelude_call(vm: &mut Process, name: &'static str, args: &[Value]) -> NativeResult {
    let function = vm.prelude_function(name);
    vm.tail_call(function, args)
}

fn intrinsic_2(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (a, b) = (arg_of(args, 0), arg_of(args, 1));
    let which = arg_of(args, 2).as_small().unwrap_or_default() as u32;
    match Intrinsic2::from_arg(which) {
        Some(Intrinsic2::PrepReraiseStar) => prelude_call(vm, "_prep_reraise_star", &[a, b]),
        Some(Intrinsic2::TypeVarWithBound) => prelude_call(vm, "_make_typevar_bound", &[a, b]),
        Some(Intrinsic2::TypeVarWithConstraints) => prelude_call(vm, "_make_typevar_constraints", &[a, b]),
        Some(Intrinsic2::SetFunctionTypeParams) => {
            vm.heap.incref(b);
            if let Obj::Function(f) = vm.heap.get_mut(a) {
                let old = std::mem::replace(&mut f.type_params, b);
                vm.heap.decref(old);
            }
            Ok(a)
        }
        Some(Intrinsic2::SetTypeParamDefault) => prelude_call(vm, "_set_typeparam_default", &[a, b]),
        None => Err(vm.system_error("unknown intrinsic")),
    }
}

fn build_template(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[strings, interpolations] = args.pos else {
        return Ok(Value::NONE);
    };
    Ok(vm.new_template(strings, interpolations))
}

/// Value, expression, perhaps a format; the argument: conversion << 2, and 1 if there is a format.
fn build_interpolation(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [value, expression, rest @ ..] = args.pos else {
        return Ok(Value::NONE);
    };
    let (format_spec, arg) = match rest {
        [arg] => (names::EMPTY, arg),
        [format_spec, arg] => (*format_spec, arg),
        _ => return Ok(Value::NONE),
    };
    let conversion = match arg.as_small().unwrap_or(0) >> 2 {
        1 => vm.intern("s"),
        2 => vm.intern("r"),
        3 => vm.intern("a"),
        _ => Value::NONE,
    };
    Ok(vm.new_interpolation(*value, *expression, conversion, format_spec))
}
