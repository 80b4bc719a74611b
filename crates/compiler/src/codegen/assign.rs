//! Targets: assignment, augmented and annotated assignment, deletion, subscripts and slices.

use ruff_python_ast::{Expr, ExprAttribute, ExprSlice, ExprSubscript, StmtAnnAssign, StmtAugAssign};

use super::{Access, Compiler, Gen};
use crate::code::Const;
use crate::op::{BinaryOp, Ir};
use crate::source::{Ident, Loc};

impl<'a> Compiler<'a> {
    pub(super) fn store_target(&mut self, target: &'a Expr) -> Gen {
        self.target(target, Access::Store)
    }

    /// Stores the top of the stack into a target, or deletes the target.
    pub(super) fn target(&mut self, target: &'a Expr, access: Access) -> Gen {
        self.deeper(|this| this.target_inner(target, access))
    }

    fn target_inner(&mut self, target: &'a Expr, access: Access) -> Gen {
        let loc = self.expr_loc(target);
        match target {
            Expr::Name(name) => self.name(loc, &name.id, access),
            Expr::Attribute(attribute) => {
                self.refuse_debug(loc, &attribute.attr, access)?;
                if access == Access::Store && matches!(&*attribute.value, Expr::Name(name) if name.id == "self") {
                    self.note_static_attribute(&attribute.attr);
                }
                self.expr(&attribute.value)?;
                let loc = self.attribute_loc(loc, attribute);
                let op = if access == Access::Store {
                    Ir::StoreAttr
                } else {
                    Ir::DeleteAttr
                };
                self.op_name(loc, op, &attribute.attr);
                Ok(())
            }
            Expr::Subscript(subscript) => self.subscript(loc, subscript, access),
            Expr::List(list) => self.sequence_target(loc, &list.elts, access),
            Expr::Tuple(tuple) => self.sequence_target(loc, &tuple.elts, access),
            Expr::Starred(starred) if access == Access::Store => {
                self.error(starred, "starred assignment target must be in a list or tuple")
            }
            other => self.error(other, "cannot assign to expression"),
        }
    }

    fn sequence_target(&mut self, loc: Loc, elts: &'a [Expr], access: Access) -> Gen {
        if access == Access::Delete {
            return elts.iter().try_for_each(|elt| self.target(elt, access));
        }
        let mut stars = elts
            .iter()
            .enumerate()
            .filter(|(_, elt)| matches!(elt, Expr::Starred(_)));
        match (stars.next(), stars.next()) {
            (_, Some(_)) => return self.error_at(loc, "multiple starred expressions in assignment"),
            (Some((before, _)), None) => {
                let after = elts.len() - before - 1;
                if before >= 1 << 8 || after >= 1 << 16 {
                    return self.error_at(loc, "too many expressions in star-unpacking assignment");
                }
                self.op_arg(loc, Ir::UnpackEx, (before + (after << 8)) as u32);
            }
            (None, None) => self.op_arg(loc, Ir::UnpackSequence, elts.len() as u32),
        }
        for elt in elts {
            match elt {
                Expr::Starred(starred) => self.target(&starred.value, access)?,
                elt => self.target(elt, access)?,
            }
        }
        Ok(())
    }

    /// The place of an attribute's name, if it is on another line than its object begins.
    pub(super) fn attribute_loc(&self, mut loc: Loc, attribute: &ExprAttribute) -> Loc {
        let whole = self.loc(attribute);
        if loc.line == whole.end_line {
            return loc;
        }
        loc.line = whole.end_line;
        let length = attribute.attr.chars().count() as i32;
        if length <= whole.end_col {
            loc.col = whole.end_col - length;
        } else {
            (loc.col, loc.end_col) = (-1, -1);
        }
        loc.end_line = loc.end_line.max(loc.line);
        if loc.line == loc.end_line {
            loc.end_col = loc.end_col.max(loc.col);
        }
        loc
    }

    pub(super) fn subscript(&mut self, loc: Loc, subscript: &'a ExprSubscript, access: Access) -> Gen {
        if access == Access::Load {
            self.check_subscript(subscript);
        }
        self.expr(&subscript.value)?;
        if access != Access::Delete
            && let Some(slice) = self.two_part_slice(&subscript.slice)
        {
            self.slice_parts(slice)?;
            self.op(
                loc,
                if access == Access::Load {
                    Ir::BinarySlice
                } else {
                    Ir::StoreSlice
                },
            );
            return Ok(());
        }
        self.expr(&subscript.slice)?;
        match access {
            Access::Load => self.op_arg(loc, Ir::BinaryOp, BinaryOp::Subscr as u32),
            Access::Store => self.op(loc, Ir::StoreSubscr),
            Access::Delete => self.op(loc, Ir::DeleteSubscr),
        }
        Ok(())
    }

    /// A slice without step that is not all constants.
    fn two_part_slice(&self, slice: &'a Expr) -> Option<&'a ExprSlice> {
        match slice {
            Expr::Slice(slice) if slice.step.is_none() && !self.is_constant_slice(slice) => Some(slice),
            _ => None,
        }
    }

    fn is_constant_slice(&self, slice: &ExprSlice) -> bool {
        [&slice.lower, &slice.upper, &slice.step]
            .into_iter()
            .flatten()
            .all(|part| self.is_constant(part))
    }

    fn slice_parts(&mut self, slice: &'a ExprSlice) -> Gen {
        let loc = self.loc(slice);
        for part in [&slice.lower, &slice.upper] {
            match part {
                Some(part) => self.expr(part)?,
                None => self.load_none(loc),
            }
        }
        Ok(())
    }

    pub(super) fn slice(&mut self, slice: &'a ExprSlice) -> Gen {
        let loc = self.loc(slice);
        if self.is_constant_slice(slice) {
            let mut parts = [Const::None, Const::None, Const::None];
            for (value, part) in parts.iter_mut().zip([&slice.lower, &slice.upper, &slice.step]) {
                if let Some(part) = part {
                    *value = self.constant(part)?.unwrap_or(Const::None);
                }
            }
            self.load_const(loc, Const::Slice(Box::new(parts)));
            return Ok(());
        }
        self.slice_parts(slice)?;
        let mut count = 2;
        if let Some(step) = &slice.step {
            count = 3;
            self.expr(step)?;
        }
        self.op_arg(loc, Ir::BuildSlice, count);
        Ok(())
    }

    pub(super) fn aug_assign(&mut self, stmt: &'a StmtAugAssign) -> Gen {
        let loc = self.expr_loc(&stmt.target);
        match &*stmt.target {
            Expr::Attribute(attribute) => {
                self.refuse_debug(loc, &attribute.attr, Access::Store)?;
                self.expr(&attribute.value)?;
                self.op_arg(loc, Ir::Copy, 1);
                let loc = self.attribute_loc(loc, attribute);
                self.load_attr(loc, &attribute.attr);
            }
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value)?;
                let copies = match self.two_part_slice(&subscript.slice) {
                    Some(slice) => {
                        self.slice_parts(slice)?;
                        3
                    }
                    None => {
                        self.expr(&subscript.slice)?;
                        2
                    }
                };
                for _ in 0..copies {
                    self.op_arg(loc, Ir::Copy, copies);
                }
                match copies {
                    3 => self.op(loc, Ir::BinarySlice),
                    _ => self.op_arg(loc, Ir::BinaryOp, BinaryOp::Subscr as u32),
                }
            }
            Expr::Name(name) => self.load_name(loc, &name.id)?,
            other => return self.error(other, "illegal expression for augmented assignment"),
        }
        let stmt_loc = self.loc(stmt);
        self.expr(&stmt.value)?;
        self.op_arg(
            stmt_loc,
            Ir::BinaryOp,
            super::constants::binary_op(stmt.op, true) as u32,
        );
        match &*stmt.target {
            Expr::Attribute(attribute) => {
                let loc = self.attribute_loc(loc, attribute);
                self.op_arg(loc, Ir::Swap, 2);
                self.op_name(loc, Ir::StoreAttr, &attribute.attr);
            }
            Expr::Subscript(subscript) => {
                let two_part = self.two_part_slice(&subscript.slice).is_some();
                if two_part {
                    self.op_arg(loc, Ir::Swap, 4);
                }
                self.op_arg(loc, Ir::Swap, 3);
                self.op_arg(loc, Ir::Swap, 2);
                self.op(loc, if two_part { Ir::StoreSlice } else { Ir::StoreSubscr });
            }
            Expr::Name(name) => self.store_name(loc, &name.id)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn ann_assign(&mut self, stmt: &'a StmtAnnAssign) -> Gen {
        let loc = self.loc(stmt);
        if let Some(value) = &stmt.value {
            self.expr(value)?;
            self.store_target(&stmt.target)?;
        }
        match &*stmt.target {
            Expr::Name(name) => {
                let name_loc = self.expr_loc(&stmt.target);
                self.refuse_debug(name_loc, &name.id, Access::Store)?;
                if stmt.simple && self.keeps_annotations() {
                    self.keep_annotation(loc, stmt, &name.id)?;
                }
            }
            Expr::Attribute(attribute) => {
                let target_loc = self.expr_loc(&stmt.target);
                self.refuse_debug(target_loc, &attribute.attr, Access::Store)?;
                if stmt.value.is_none() {
                    self.check_annotation_part(&attribute.value)?;
                }
            }
            Expr::Subscript(subscript) => {
                if stmt.value.is_none() {
                    self.check_annotation_part(&subscript.value)?;
                    self.check_annotation_subscript(&subscript.slice)?;
                }
            }
            other => return self.error(other, "illegal target for annotation"),
        }
        Ok(())
    }

    fn keep_annotation(&mut self, loc: Loc, stmt: &'a StmtAnnAssign, name: &str) -> Gen {
        if self.future_annotations() {
            self.annotation_as_string(&stmt.annotation)?;
            self.op_name(loc, Ir::LoadName, "__annotations__");
            let mangled = self.mangle(&Ident::from(name));
            self.load_str(loc, &mangled);
            self.op(loc, Ir::StoreSubscr);
            return Ok(());
        }
        self.defer_annotation(loc, stmt)
    }

    /// Evaluates a part of a target that is annotated but not assigned to.
    fn check_annotation_part(&mut self, expr: &'a Expr) -> Gen {
        self.expr(expr)?;
        let loc = self.expr_loc(expr);
        self.op(loc, Ir::PopTop);
        Ok(())
    }

    fn check_annotation_subscript(&mut self, expr: &'a Expr) -> Gen {
        match expr {
            Expr::Slice(slice) => {
                let parts = [&slice.lower, &slice.upper, &slice.step];
                parts
                    .into_iter()
                    .flatten()
                    .try_for_each(|part| self.check_annotation_part(part))
            }
            Expr::Tuple(tuple) => tuple
                .elts
                .iter()
                .try_for_each(|elt| self.check_annotation_subscript(elt)),
            expr => self.check_annotation_part(expr),
        }
    }
}
