//! `match`: structural pattern matching.
//!
//! A pattern consumes the subject on top of the stack and jumps to a clean-up on failure. Names are stored only when the
//! whole pattern has matched; until then their values lie on the stack below `on_top` values that are still needed.

use ruff_python_ast::{
    Expr, Identifier, MatchCase, Pattern, PatternMatchClass, PatternMatchMapping, PatternMatchOr, PatternMatchSequence,
    Singleton, StmtMatch,
};

use super::{Compiler, Gen, Label};
use crate::code::Const;
use crate::op::{BinaryOp, CompareOp, Ir};
use crate::source::Loc;

/// The state of one pattern.
#[derive(Default)]
struct Context<'a> {
    /// Names captured so far, in the order of their values on the stack.
    stores: Vec<&'a str>,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
    /// Where to jump on failure; the n-th pops n values.
    fail_pop: Vec<Label>,
    /// Values on the stack above the captured ones.
    on_top: usize,
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchAs(pattern) if pattern.name.is_none() && pattern.pattern.is_none())
}

fn is_star_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchStar(pattern) if pattern.name.is_none())
}

impl<'a> Compiler<'a> {
    pub(super) fn match_stmt(&mut self, stmt: &'a StmtMatch) -> Gen {
        self.expr(&stmt.subject)?;
        let end = self.label();
        let count = stmt.cases.len();
        let Some(last) = stmt.cases.last() else { return Ok(()) };
        let has_default = is_wildcard(&last.pattern) && count > 1;
        let tested = count - usize::from(has_default);
        for (index, case) in stmt.cases.iter().take(tested).enumerate() {
            let mut context = Context {
                allow_irrefutable: case.guard.is_some() || index == count - 1,
                ..Context::default()
            };
            self.match_case(case, index + 1 == tested, end, &mut context)?;
        }
        if has_default {
            let loc = self.loc(&last.pattern);
            self.op(loc, Ir::Nop);
            if let Some(guard) = &last.guard {
                self.jump_if(loc, guard, end, false)?;
            }
            self.body(&last.body)?;
        }
        self.place(end);
        Ok(())
    }

    fn match_case(&mut self, case: &'a MatchCase, is_last: bool, end: Label, context: &mut Context<'a>) -> Gen {
        let loc = self.loc(&case.pattern);
        if !is_last {
            self.op_arg(loc, Ir::Copy, 1);
        }
        self.pattern(&case.pattern, context)?;
        for name in std::mem::take(&mut context.stores) {
            self.store_name(loc, name)?;
        }
        if let Some(guard) = &case.guard {
            self.ensure_fail_pop(context, 0);
            self.jump_if(loc, guard, context.fail_pop[0], false)?;
        }
        if !is_last {
            self.op(Loc::NEXT, Ir::PopTop);
        }
        self.body(&case.body)?;
        self.jump(Loc::NONE, Ir::Jump, end);
        self.emit_fail_pop(loc, context);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, context: &mut Context<'a>, count: usize) {
        while context.fail_pop.len() <= count {
            let label = self.label();
            context.fail_pop.push(label);
        }
    }

    fn jump_to_fail(&mut self, loc: Loc, context: &mut Context<'a>, op: Ir) {
        let pops = context.on_top + context.stores.len();
        self.ensure_fail_pop(context, pops);
        self.jump(loc, op, context.fail_pop[pops]);
    }

    fn emit_fail_pop(&mut self, loc: Loc, context: &mut Context<'a>) {
        let labels = std::mem::take(&mut context.fail_pop);
        for (pops, label) in labels.into_iter().enumerate().rev() {
            self.place(label);
            if pops > 0 {
                self.op(loc, Ir::PopTop);
            }
        }
    }

    /// Moves the top of the stack under `count - 1` values.
    fn rotate(&mut self, loc: Loc, count: usize) {
        for depth in (2..=count).rev() {
            self.op_arg(loc, Ir::Swap, depth as u32);
        }
    }

    fn capture(&mut self, loc: Loc, name: Option<&'a Identifier>, context: &mut Context<'a>) -> Gen {
        let Some(name) = name else {
            self.op(loc, Ir::PopTop);
            return Ok(());
        };
        self.refuse_debug(loc, name, super::Access::Store)?;
        if context.stores.contains(&name.as_str()) {
            return self.error_at(loc, format!("multiple assignments to name '{name}' in pattern"));
        }
        self.rotate(loc, context.on_top + context.stores.len() + 1);
        context.stores.push(name);
        Ok(())
    }

    fn subpattern(&mut self, pattern: &'a Pattern, context: &mut Context<'a>) -> Gen {
        let before = context.allow_irrefutable;
        context.allow_irrefutable = true;
        self.pattern(pattern, context)?;
        context.allow_irrefutable = before;
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a Pattern, context: &mut Context<'a>) -> Gen {
        self.deeper(|this| this.pattern_inner(pattern, context))
    }

    fn pattern_inner(&mut self, pattern: &'a Pattern, context: &mut Context<'a>) -> Gen {
        let loc = self.loc(pattern);
        match pattern {
            Pattern::MatchValue(value) => {
                match self.pattern_constant(&value.value)? {
                    Some(constant) => {
                        let loc = self.expr_loc(&value.value);
                        self.load_const(loc, constant);
                    }
                    None if matches!(&*value.value, Expr::Attribute(_)) => self.expr(&value.value)?,
                    None => {
                        return self.error_at(loc, "patterns may only match literals and attribute lookups");
                    }
                }
                self.op_arg(loc, Ir::CompareOp, CompareOp::Eq.instr_arg());
                self.op(loc, Ir::ToBool);
                self.jump_to_fail(loc, context, Ir::PopJumpIfFalse);
                Ok(())
            }
            Pattern::MatchSingleton(singleton) => {
                let value = match singleton.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::Bool(true),
                    Singleton::False => Const::Bool(false),
                };
                self.load_const(loc, value);
                self.op_arg(loc, Ir::IsOp, 0);
                self.jump_to_fail(loc, context, Ir::PopJumpIfFalse);
                Ok(())
            }
            Pattern::MatchSequence(sequence) => self.sequence_pattern(loc, sequence, context),
            Pattern::MatchMapping(mapping) => self.mapping_pattern(loc, mapping, context),
            Pattern::MatchClass(class) => self.class_pattern(loc, class, context),
            Pattern::MatchStar(star) => self.capture(loc, star.name.as_ref(), context),
            Pattern::MatchAs(node) => {
                let Some(inner) = &node.pattern else {
                    if !context.allow_irrefutable {
                        let message = match &node.name {
                            Some(name) => format!("name capture '{name}' makes remaining patterns unreachable"),
                            None => "wildcard makes remaining patterns unreachable".to_string(),
                        };
                        return self.error_at(loc, message);
                    }
                    return self.capture(loc, node.name.as_ref(), context);
                };
                context.on_top += 1;
                self.op_arg(loc, Ir::Copy, 1);
                self.pattern(inner, context)?;
                context.on_top -= 1;
                self.capture(loc, node.name.as_ref(), context)
            }
            Pattern::MatchOr(node) => self.or_pattern(loc, node, context),
        }
    }

    fn sequence_pattern(&mut self, loc: Loc, node: &'a PatternMatchSequence, context: &mut Context<'a>) -> Gen {
        let patterns = &node.patterns;
        let size = patterns.len();
        let mut stars = patterns
            .iter()
            .enumerate()
            .filter(|(_, pattern)| matches!(pattern, Pattern::MatchStar(_)));
        let star = stars.next().map(|(index, _)| index);
        if stars.next().is_some() {
            return self.error_at(loc, "multiple starred names in sequence pattern");
        }
        let only_wildcards = patterns
            .iter()
            .all(|pattern| is_wildcard(pattern) || is_star_wildcard(pattern));
        let star_wildcard = star.is_some_and(|star| is_star_wildcard(&patterns[star]));
        context.on_top += 1;
        self.op(loc, Ir::MatchSequence);
        self.jump_to_fail(loc, context, Ir::PopJumpIfFalse);
        let length = match star {
            None => Some((size, CompareOp::Eq)),
            Some(_) if size > 1 => Some((size - 1, CompareOp::Ge)),
            Some(_) => None,
        };
        if let Some((length, compare)) = length {
            self.op(loc, Ir::GetLen);
            self.load_const(loc, Const::Int(length as i64));
            self.op_arg(loc, Ir::CompareOp, compare.instr_arg());
            self.jump_to_fail(loc, context, Ir::PopJumpIfFalse);
        }
        context.on_top -= 1;
        match star {
            _ if only_wildcards => self.op(loc, Ir::PopTop),
            Some(star) if star_wildcard => self.sequence_by_index(loc, patterns, star, context)?,
            star => self.sequence_by_unpacking(loc, patterns, star, context)?,
        }
        Ok(())
    }

    fn sequence_by_unpacking(
        &mut self,
        loc: Loc,
        patterns: &'a [Pattern],
        star: Option<usize>,
        context: &mut Context<'a>,
    ) -> Gen {
        match star {
            Some(before) => {
                let after = patterns.len() - before - 1;
                if before >= 1 << 8 || after >= 1 << 16 {
                    return self.error_at(loc, "too many expressions in star-unpacking sequence pattern");
                }
                self.op_arg(loc, Ir::UnpackEx, (before + (after << 8)) as u32);
            }
            None => self.op_arg(loc, Ir::UnpackSequence, patterns.len() as u32),
        }
        context.on_top += patterns.len();
        for pattern in patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        Ok(())
    }

    /// `[a, *_, z]` takes elements out by index.
    fn sequence_by_index(&mut self, loc: Loc, patterns: &'a [Pattern], star: usize, context: &mut Context<'a>) -> Gen {
        context.on_top += 1;
        for (index, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) || index == star {
                continue;
            }
            self.op_arg(loc, Ir::Copy, 1);
            if index < star {
                self.load_const(loc, Const::Int(index as i64));
            } else {
                // The subject may not know negative indices.
                self.op(loc, Ir::GetLen);
                self.load_const(loc, Const::Int((patterns.len() - index) as i64));
                self.op_arg(loc, Ir::BinaryOp, BinaryOp::Subtract as u32);
            }
            self.op_arg(loc, Ir::BinaryOp, BinaryOp::Subscr as u32);
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 1;
        self.op(loc, Ir::PopTop);
        Ok(())
    }

    /// Fails if the top of the stack is `None`.
    fn fail_if_none(&mut self, loc: Loc, context: &mut Context<'a>) {
        self.op_arg(loc, Ir::Copy, 1);
        self.load_none(loc);
        self.op_arg(loc, Ir::IsOp, 1);
        self.jump_to_fail(loc, context, Ir::PopJumpIfFalse);
    }

    fn class_pattern(&mut self, loc: Loc, node: &'a PatternMatchClass, context: &mut Context<'a>) -> Gen {
        let arguments = &node.arguments;
        let mut seen = rustc_hash::FxHashSet::default();
        for keyword in &arguments.keywords {
            if !seen.insert(keyword.attr.as_str()) {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr);
                return self.error(&keyword.pattern, message);
            }
        }
        self.expr(&node.cls)?;
        self.load_names(loc, arguments.keywords.iter().map(|keyword| keyword.attr.as_str()));
        self.op_arg(loc, Ir::MatchClass, arguments.patterns.len() as u32);
        context.on_top += 1;
        self.fail_if_none(loc, context);
        let count = arguments.patterns.len() + arguments.keywords.len();
        self.op_arg(loc, Ir::UnpackSequence, count as u32);
        context.on_top = context.on_top + count - 1;
        let keywords = arguments.keywords.iter().map(|keyword| &keyword.pattern);
        for pattern in arguments.patterns.iter().chain(keywords) {
            context.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(loc, Ir::PopTop);
            } else {
                self.subpattern(pattern, context)?;
            }
        }
        Ok(())
    }

    fn mapping_pattern(&mut self, loc: Loc, node: &'a PatternMatchMapping, context: &mut Context<'a>) -> Gen {
        let size = node.keys.len();
        context.on_top += 1;
        self.op(loc, Ir::MatchMapping);
        self.jump_to_fail(loc, context, Ir::PopJumpIfFalse);
        if size == 0 && node.rest.is_none() {
            context.on_top -= 1;
            self.op(loc, Ir::PopTop);
            return Ok(());
        }
        if size > 0 {
            self.op(loc, Ir::GetLen);
            self.load_const(loc, Const::Int(size as i64));
            self.op_arg(loc, Ir::CompareOp, CompareOp::Ge.instr_arg());
            self.jump_to_fail(loc, context, Ir::PopJumpIfFalse);
        }
        self.mapping_keys(loc, node)?;
        self.op_arg(loc, Ir::BuildTuple, size as u32);
        self.op(loc, Ir::MatchKeys);
        context.on_top += 2;
        self.fail_if_none(loc, context);
        self.op_arg(loc, Ir::UnpackSequence, size as u32);
        context.on_top = context.on_top + size - 1;
        for pattern in &node.patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 2;
        if node.rest.is_none() {
            self.op(loc, Ir::PopTop);
            self.op(loc, Ir::PopTop);
            return Ok(());
        }
        // A dict of the subject without the keys.
        self.op_arg(loc, Ir::BuildMap, 0);
        self.op_arg(loc, Ir::Swap, 3);
        self.op_arg(loc, Ir::DictUpdate, 2);
        self.op_arg(loc, Ir::UnpackSequence, size as u32);
        for left in (1..=size).rev() {
            self.op_arg(loc, Ir::Copy, left as u32 + 1);
            self.op_arg(loc, Ir::Swap, 2);
            self.op(loc, Ir::DeleteSubscr);
        }
        self.capture(loc, node.rest.as_ref(), context)
    }

    fn mapping_keys(&mut self, loc: Loc, node: &'a PatternMatchMapping) -> Gen {
        let mut seen = rustc_hash::FxHashSet::default();
        for key in &node.keys {
            match self.pattern_constant(key)? {
                Some(constant) => {
                    if !seen.insert(comparable(&constant)) {
                        let shown = match &constant {
                            Const::Complex(re, im) if *re == 0.0 && im.fract() == 0.0 => format!("{im}j"),
                            other => crate::dis::repr(other),
                        };
                        return self.error_at(loc, format!("mapping pattern checks duplicate key ({shown})"));
                    }
                    let key_loc = self.expr_loc(key);
                    self.load_const(key_loc, constant);
                }
                None if matches!(key, Expr::Attribute(_)) => self.expr(key)?,
                None => {
                    let message = "mapping pattern keys may only match literals and attribute lookups";
                    return self.error_at(loc, message);
                }
            }
        }
        Ok(())
    }

    fn or_pattern(&mut self, loc: Loc, node: &'a PatternMatchOr, context: &mut Context<'a>) -> Gen {
        let end = self.label();
        let count = node.patterns.len();
        let mut control: Option<Vec<&'a str>> = None;
        for (index, alternative) in node.patterns.iter().enumerate() {
            let alt_loc = self.loc(alternative);
            let mut inner = Context {
                allow_irrefutable: index + 1 == count && context.allow_irrefutable,
                ..Context::default()
            };
            self.op_arg(alt_loc, Ir::Copy, 1);
            self.pattern(alternative, &mut inner)?;
            match &control {
                None => control = Some(inner.stores.clone()),
                Some(control) => {
                    if !self.reorder(alt_loc, control, &mut inner.stores) {
                        return self.error_at(loc, "alternative patterns bind different names");
                    }
                }
            }
            self.jump(alt_loc, Ir::Jump, end);
            self.emit_fail_pop(alt_loc, &mut inner);
        }
        self.op(loc, Ir::PopTop);
        self.jump_to_fail(loc, context, Ir::Jump);
        self.place(end);
        let control = control.unwrap_or_default();
        let rotations = control.len() + 1 + context.on_top + context.stores.len();
        for name in control {
            self.rotate(loc, rotations);
            if context.stores.contains(&name) {
                return self.error_at(loc, format!("multiple assignments to name '{name}' in pattern"));
            }
            context.stores.push(name);
        }
        self.op(loc, Ir::PopTop);
        Ok(())
    }

    /// Brings captured values into the order of the first alternative; false if the names differ.
    fn reorder(&mut self, loc: Loc, control: &[&'a str], stores: &mut Vec<&'a str>) -> bool {
        if stores.len() != control.len() {
            return false;
        }
        for wanted in (0..control.len()).rev() {
            let Some(found) = stores.iter().position(|name| *name == control[wanted]) else {
                return false;
            };
            if found == wanted {
                continue;
            }
            let rotations = found + 1;
            let rotated: Vec<&'a str> = stores.drain(..rotations).collect();
            let at = wanted - found;
            stores.splice(at..at, rotated);
            for _ in 0..rotations {
                self.rotate(loc, wanted + 1);
            }
        }
        true
    }
}

/// A constant that is the same for numbers that are equal.
fn comparable(constant: &Const) -> Const {
    match constant {
        Const::Bool(value) => Const::Int(i64::from(*value)),
        Const::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Const::Int(*value as i64),
        Const::Complex(re, im) if *im == 0.0 => comparable(&Const::Float(*re)),
        other => other.clone(),
    }
}
