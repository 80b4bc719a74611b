//! Classes.

use ruff_python_ast::StmtClassDef;

use super::scope::NewUnit;
use super::unit::UnitKind;
use super::{Compiler, Gen};
use crate::code::Const;
use crate::op::{Intrinsic1, Ir};
use crate::source::{Ident, Loc};
use crate::symtable::Part;

impl<'a> Compiler<'a> {
    pub(super) fn class(&mut self, def: &'a StmtClassDef) -> Gen {
        let (loc, first_line) = self.definition_loc(def.range, &def.decorator_list);
        self.decorators(&def.decorator_list)?;
        let name = Ident::from(def.name.as_str());
        if let Some(params) = def.type_params.as_deref() {
            let block = self.find_block(params, Part::TypeParams)?;
            let generic = Ident::from(format!("<generic parameters of {name}>"));
            let new = NewUnit::new(generic, UnitKind::Annotations, block, first_line).private(name.clone());
            self.enter_unit(new)?;
            self.type_params(params)?;
            self.store_name(loc, ".type_params")?;
        }
        self.class_body(loc, def, &name, first_line)?;
        if def.type_params.is_some() {
            self.load_name(loc, ".type_params")?;
            self.op_arg(loc, Ir::CallIntrinsic1, Intrinsic1::SubscriptGeneric as u32);
            self.store_name(loc, ".generic_base")?;
            self.call_arguments(loc, 2, def.arguments.as_deref(), Some(".generic_base"))?;
            let code = self.finish_unit(false)?;
            self.make_closure(loc, code, 0)?;
            self.op(loc, Ir::PushNull);
            self.op_arg(loc, Ir::Call, 0);
        } else {
            self.call_arguments(loc, 2, def.arguments.as_deref(), None)?;
        }
        self.apply_decorators(&def.decorator_list);
        self.store_name(loc, &name)
    }

    /// Pushes `__build_class__`, the body as a function, and the name.
    fn class_body(&mut self, loc: Loc, def: &'a StmtClassDef, name: &Ident, first_line: i32) -> Gen {
        let block = self.find_block(def, Part::Body)?;
        self.enter_unit(NewUnit::new(name.clone(), UnitKind::Class, block, first_line).private(name.clone()))?;
        let start = Loc::line_start(first_line);
        self.load_name(start, "__name__")?;
        self.store_name(start, "__module__")?;
        let qualname = self.unit_ref().qualname.clone();
        self.load_str(start, &qualname);
        self.store_name(start, "__qualname__")?;
        self.load_const(start, Const::Int(i64::from(first_line)));
        self.store_name(start, "__firstlineno__")?;
        if def.type_params.is_some() {
            self.load_name(start, ".type_params")?;
            self.store_name(start, "__type_params__")?;
        }
        if self.block().needs_classdict {
            self.op(start, Ir::LoadLocals);
            let cell = self.unit().deref_index(&Ident::from("__classdict__"), false);
            self.op_arg(start, Ir::StoreDeref, cell);
        }
        if self.block().has_conditional_annotations {
            self.op_arg(start, Ir::BuildSet, 0);
            let cell = self
                .unit()
                .deref_index(&Ident::from("__conditional_annotations__"), false);
            self.op_arg(start, Ir::StoreDeref, cell);
        }
        self.body_with_docstring(start, &def.body)?;
        let attributes = self
            .unit_ref()
            .static_attributes
            .iter()
            .map(|name| Const::str(name))
            .collect();
        self.load_const(Loc::NONE, Const::Tuple(attributes));
        self.store_name(Loc::NONE, "__static_attributes__")?;
        if self.block().needs_classdict {
            let cell = self.unit().deref_index(&Ident::from("__classdict__"), false);
            self.op_arg(Loc::NONE, Ir::LoadClosure, cell);
            self.store_name(Loc::NONE, "__classdictcell__")?;
        }
        if self.block().needs_class_closure {
            let cell = self.unit().deref_index(&Ident::from("__class__"), false);
            self.op_arg(Loc::NONE, Ir::LoadClosure, cell);
            self.op_arg(Loc::NONE, Ir::Copy, 1);
            self.store_name(Loc::NONE, "__classcell__")?;
        } else {
            self.load_none(Loc::NONE);
        }
        self.op(Loc::NONE, Ir::ReturnValue);
        let code = self.finish_unit(true)?;
        self.op(loc, Ir::LoadBuildClass);
        self.op(loc, Ir::PushNull);
        self.make_closure(loc, code, 0)?;
        self.load_str(loc, name);
        Ok(())
    }
}
