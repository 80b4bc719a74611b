//! Calls, attribute loads and `super()`.

use ruff_python_ast::{Arguments, Expr, ExprAttribute, ExprCall, Keyword};

use super::expr::Display;
use super::{Compiler, Gen, STACK_USE_GUIDELINE};
use crate::code::Const;
use crate::op::{CommonConstant, Intrinsic1, Ir};
use crate::source::Loc;
use crate::symtable::{Meaning, SymbolTable};

/// `LOAD_SUPER_ATTR`'s bits: a method is wanted; `super` was called with two arguments.
const SUPER_METHOD: u32 = 1;
const SUPER_TWO_ARGUMENTS: u32 = 2;

impl<'a> Compiler<'a> {
    pub(super) fn attribute(&mut self, loc: Loc, attribute: &'a ExprAttribute) -> Gen {
        if let Some(call) = self.optimizable_super(attribute) {
            self.super_attribute(loc, attribute, call, 0)?;
            let loc = self.attribute_loc(loc, attribute);
            self.op(loc, Ir::Nop);
            return Ok(());
        }
        self.expr(&attribute.value)?;
        let loc = self.attribute_loc(loc, attribute);
        self.load_attr(loc, &attribute.attr);
        Ok(())
    }

    /// The call of `super` an attribute is taken of, if it can be done in one instruction.
    fn optimizable_super(&self, attribute: &'a ExprAttribute) -> Option<&'a ExprCall> {
        let Expr::Call(call) = &*attribute.value else {
            return None;
        };
        let Expr::Name(func) = &*call.func else { return None };
        if func.id.as_str() != "super" || attribute.attr.as_str() == "__class__" || !call.arguments.keywords.is_empty()
        {
            return None;
        }
        let unit = self.unit_ref();
        if self.table.meaning(unit.block, "super") != Meaning::GlobalImplicit
            || self.table.meaning(SymbolTable::TOP, "super") != Meaning::Unknown
        {
            return None;
        }
        match &*call.arguments.args {
            [first, second] => {
                let starred = matches!(first, Expr::Starred(_)) || matches!(second, Expr::Starred(_));
                (!starred).then_some(call)
            }
            [] => {
                let has_self = unit.arg_count > 0;
                let has_class = self.table.meaning(unit.block, "__class__") == Meaning::Free;
                (has_self && has_class).then_some(call)
            }
            _ => None,
        }
    }

    fn super_attribute(&mut self, loc: Loc, attribute: &'a ExprAttribute, call: &'a ExprCall, method: u32) -> Gen {
        let call_loc = self.expr_loc(&attribute.value);
        let func_loc = self.expr_loc(&call.func);
        self.load_name(func_loc, "super")?;
        let mut bits = method;
        match &*call.arguments.args {
            [] => {
                self.load_name(call_loc, "__class__")?;
                if let Some(first) = self.unit_ref().varnames.order.first().cloned() {
                    self.load_name(call_loc, &first)?;
                }
            }
            args => {
                bits |= SUPER_TWO_ARGUMENTS;
                args.iter().try_for_each(|arg| self.expr(arg))?;
            }
        }
        let index = self.name_index(&attribute.attr) << 2 | bits;
        self.op_arg(loc, Ir::LoadSuperAttr, index);
        Ok(())
    }

    pub(super) fn call(&mut self, expr: &'a Expr, call: &'a ExprCall) -> Gen {
        self.refuse_repeated_keywords(&call.arguments.keywords)?;
        let loc = self.expr_loc(expr);
        if let Expr::Attribute(attribute) = &*call.func
            && self.is_method_call(attribute, &call.arguments)
        {
            return self.method_call(loc, attribute, &call.arguments);
        }
        let end = self.label();
        self.check_caller(&call.func);
        self.expr(&call.func)?;
        self.call_with_generator(call, end)?;
        let func_loc = self.expr_loc(&call.func);
        self.op(func_loc, Ir::PushNull);
        self.call_arguments(loc, 0, Some(&call.arguments), None)?;
        self.place(end);
        Ok(())
    }

    fn is_method_call(&self, attribute: &ExprAttribute, arguments: &Arguments) -> bool {
        if let Expr::Name(name) = &*attribute.value
            && self.is_imported(&name.id)
        {
            return false;
        }
        let (args, keywords) = (arguments.args.len(), arguments.keywords.len());
        args + keywords + usize::from(keywords != 0) < STACK_USE_GUIDELINE
            && !arguments.args.iter().any(|arg| matches!(arg, Expr::Starred(_)))
            && arguments.keywords.iter().all(|keyword| keyword.arg.is_some())
    }

    fn method_call(&mut self, call_loc: Loc, attribute: &'a ExprAttribute, arguments: &'a Arguments) -> Gen {
        let loc = self.loc(attribute);
        let name_loc = self.attribute_loc(loc, attribute);
        match self.optimizable_super(attribute) {
            Some(call) => {
                self.super_attribute(loc, attribute, call, SUPER_METHOD)?;
                self.op(name_loc, Ir::Nop);
            }
            None => {
                self.expr(&attribute.value)?;
                self.load_method(name_loc, &attribute.attr);
            }
        }
        arguments.args.iter().try_for_each(|arg| self.expr(arg))?;
        let end_loc = self.attribute_loc(call_loc, attribute);
        self.finish_call(name_loc, end_loc, 0, arguments.args.len(), &arguments.keywords)
    }

    /// Pushes keyword arguments and calls.
    fn finish_call(&mut self, names_loc: Loc, loc: Loc, pushed: usize, args: usize, keywords: &'a [Keyword]) -> Gen {
        let count = (pushed + args + keywords.len()) as u32;
        if keywords.is_empty() {
            self.op_arg(loc, Ir::Call, count);
            return Ok(());
        }
        keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
        self.load_names(names_loc, keywords.iter().filter_map(|keyword| keyword.arg.as_deref()));
        self.op_arg(loc, Ir::CallKw, count);
        Ok(())
    }

    /// Pushes arguments behind `pushed` that lie there already, and calls; `injected` is a last positional name.
    pub(super) fn call_arguments(
        &mut self,
        loc: Loc,
        pushed: usize,
        arguments: Option<&'a Arguments>,
        injected: Option<&str>,
    ) -> Gen {
        let (args, keywords): (&'a [Expr], &'a [Keyword]) =
            arguments.map_or((&[], &[]), |arguments| (&arguments.args, &arguments.keywords));
        self.refuse_repeated_keywords(keywords)?;
        let many = args.len() + keywords.len() * 2 > STACK_USE_GUIDELINE;
        let starred = args.iter().any(|arg| matches!(arg, Expr::Starred(_)));
        let unpacked = keywords.iter().any(|keyword| keyword.arg.is_none());
        if !many && !starred && !unpacked {
            args.iter().try_for_each(|arg| self.expr(arg))?;
            if let Some(name) = injected {
                self.load_name(loc, name)?;
            }
            let count = args.len() + usize::from(injected.is_some());
            return self.finish_call(loc, loc, pushed, count, keywords);
        }
        match args {
            [Expr::Starred(starred)] if pushed == 0 => self.expr(&starred.value)?,
            args => self.display(loc, args, injected, pushed, Display::TUPLE)?,
        }
        if keywords.is_empty() {
            self.op(loc, Ir::PushNull);
        } else {
            self.keyword_dict(loc, keywords)?;
        }
        self.op(loc, Ir::CallFunctionEx);
        Ok(())
    }

    /// Pushes a dict of keyword arguments, some of them unpacked.
    fn keyword_dict(&mut self, loc: Loc, keywords: &'a [Keyword]) -> Gen {
        let mut have_dict = false;
        let mut waiting = 0;
        for (index, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                waiting += 1;
                continue;
            }
            if waiting > 0 {
                self.part_of_keywords(loc, &keywords[index - waiting..index], &mut have_dict)?;
                waiting = 0;
            }
            if !have_dict {
                self.op_arg(loc, Ir::BuildMap, 0);
                have_dict = true;
            }
            self.expr(&keyword.value)?;
            self.op_arg(loc, Ir::DictMerge, 1);
        }
        if waiting > 0 {
            self.part_of_keywords(loc, &keywords[keywords.len() - waiting..], &mut have_dict)?;
        }
        Ok(())
    }

    fn part_of_keywords(&mut self, loc: Loc, keywords: &'a [Keyword], have_dict: &mut bool) -> Gen {
        let big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_arg(Loc::NONE, Ir::BuildMap, 0);
        }
        for keyword in keywords {
            self.load_str(loc, keyword.arg.as_deref().unwrap_or(""));
            self.expr(&keyword.value)?;
            if big {
                self.op_arg(Loc::NONE, Ir::MapAdd, 1);
            }
        }
        if !big {
            self.op_arg(loc, Ir::BuildMap, keywords.len() as u32);
        }
        if *have_dict {
            self.op_arg(loc, Ir::DictMerge, 1);
        }
        *have_dict = true;
        Ok(())
    }

    fn refuse_repeated_keywords(&self, keywords: &[Keyword]) -> Gen {
        let mut seen = rustc_hash::FxHashSet::default();
        for keyword in keywords {
            if let Some(name) = &keyword.arg {
                self.refuse_debug(self.loc(keyword), name, super::Access::Store)?;
            }
            if let Some(name) = &keyword.arg
                && !seen.insert(name.as_str())
            {
                return self.error(keyword, format!("keyword argument repeated: {name}"));
            }
        }
        Ok(())
    }

    /// `all(… for …)`, `any(…)` and `tuple(…)` run the loop here, if the name still means the builtin.
    fn call_with_generator(&mut self, call: &'a ExprCall, end: super::Label) -> Gen {
        let Expr::Name(func) = &*call.func else { return Ok(()) };
        let [generator @ Expr::Generator(_)] = &*call.arguments.args else {
            return Ok(());
        };
        if !call.arguments.keywords.is_empty() {
            return Ok(());
        }
        let (constant, result) = match func.id.as_str() {
            "all" => (CommonConstant::All, Some(true)),
            "any" => (CommonConstant::Any, Some(false)),
            "tuple" => (CommonConstant::Tuple, None),
            _ => return Ok(()),
        };
        let loc = self.expr_loc(&call.func);
        let skip = self.label();
        self.op_arg(loc, Ir::Copy, 1);
        self.op_arg(loc, Ir::LoadCommonConstant, constant as u32);
        self.op_arg(loc, Ir::IsOp, 0);
        self.jump(loc, Ir::PopJumpIfFalse, skip);
        self.op(loc, Ir::PopTop);
        if result.is_none() {
            self.op_arg(loc, Ir::BuildList, 0);
        }
        self.expr(generator)?;
        let (start, cleanup) = (self.label(), self.label());
        self.place(start);
        self.jump(loc, Ir::ForIter, cleanup);
        match result {
            None => {
                self.op_arg(loc, Ir::ListAppend, 2);
                self.jump(loc, Ir::Jump, start);
            }
            Some(result) => {
                self.op(loc, Ir::ToBool);
                self.jump(loc, if result { Ir::PopJumpIfTrue } else { Ir::PopJumpIfFalse }, start);
            }
        }
        self.op(Loc::NONE, Ir::PopIter);
        if let Some(result) = result {
            self.load_const(loc, Const::Bool(!result));
        }
        self.jump(loc, Ir::Jump, end);
        self.place(cleanup);
        self.op(Loc::NONE, Ir::EndFor);
        self.op(Loc::NONE, Ir::PopIter);
        match result {
            None => self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::ListToTuple as u32),
            Some(result) => self.load_const(loc, Const::Bool(result)),
        }
        self.jump(loc, Ir::Jump, end);
        self.place(skip);
        Ok(())
    }
}
