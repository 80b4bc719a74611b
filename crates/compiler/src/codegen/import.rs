//! `import` and `from … import`.

use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::{Compiler, Gen};
use crate::code::Const;
use crate::op::{Intrinsic1, Ir};
use crate::source::{Ident, Loc};

impl<'a> Compiler<'a> {
    pub(super) fn import(&mut self, stmt: &'a StmtImport) -> Gen {
        let loc = self.loc(stmt);
        for alias in &stmt.names {
            self.load_const(loc, Const::Int(0));
            self.load_none(loc);
            self.op_name(loc, Ir::ImportName, &alias.name);
            let mut parts = alias.name.split('.');
            let first = parts.next().unwrap_or_default();
            let Some(asname) = &alias.asname else {
                self.store_name(loc, first)?;
                continue;
            };
            let mut rest = parts.peekable();
            if rest.peek().is_none() {
                self.store_name(loc, asname)?;
                continue;
            }
            // `import a.b.c as d` binds the innermost module.
            while let Some(part) = rest.next() {
                let index = self.unit().names.add(&Ident::from(part));
                self.op_arg(loc, Ir::ImportFrom, index);
                if rest.peek().is_some() {
                    self.op_arg(loc, Ir::Swap, 2);
                    self.op(loc, Ir::PopTop);
                }
            }
            self.store_name(loc, asname)?;
            self.op(loc, Ir::PopTop);
        }
        Ok(())
    }

    pub(super) fn import_from(&mut self, stmt: &'a StmtImportFrom) -> Gen {
        let loc = self.loc(stmt);
        let level = i64::from(stmt.level);
        self.load_const(loc, Const::Int(level));
        let names = stmt.names.iter().map(|alias| Const::str(&alias.name)).collect();
        self.load_const(loc, Const::Tuple(names));
        self.op_name(loc, Ir::ImportName, stmt.module.as_deref().unwrap_or(""));
        for alias in &stmt.names {
            if alias.name.as_str() == "*" {
                self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::ImportStar as u32);
                self.op(Loc::NONE, Ir::PopTop);
                return Ok(());
            }
            self.op_name(loc, Ir::ImportFrom, &alias.name);
            self.store_name(loc, alias.asname.as_ref().unwrap_or(&alias.name))?;
        }
        self.op(loc, Ir::PopTop);
        Ok(())
    }
}
