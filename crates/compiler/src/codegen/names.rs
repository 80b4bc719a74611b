//! Loading, storing and deleting names.

use super::unit::UnitKind;
use super::{Access, Compiler, Gen};
use crate::op::Ir;
use crate::source::{Ident, Loc};
use crate::symtable::{BlockKind, Meaning};

/// Where a name lives.
enum Place {
    Fast,
    Global,
    Deref { free: bool },
    Name,
}

impl Compiler<'_> {
    pub(super) fn load_name(&mut self, loc: Loc, name: &str) -> Gen {
        self.name(loc, name, Access::Load)
    }

    pub(super) fn store_name(&mut self, loc: Loc, name: &str) -> Gen {
        self.name(loc, name, Access::Store)
    }

    pub(super) fn delete_name(&mut self, loc: Loc, name: &str) -> Gen {
        self.name(loc, name, Access::Delete)
    }

    pub(super) fn name(&mut self, loc: Loc, name: &str, access: Access) -> Gen {
        self.refuse_debug(loc, name, access)?;
        let mangled = self.mangle(&Ident::from(name));
        let meaning = self.table.meaning(self.unit_ref().block, &mangled);
        match self.place_of(&mangled, meaning) {
            Place::Deref { free } => {
                let op = match access {
                    Access::Load => self.deref_load(loc),
                    Access::Store => Ir::StoreDeref,
                    Access::Delete => Ir::DeleteDeref,
                };
                let index = self.unit().deref_index(&mangled, free);
                self.op_arg(loc, op, index);
            }
            Place::Fast => {
                let op = match access {
                    Access::Load => Ir::LoadFast,
                    Access::Store => Ir::StoreFast,
                    Access::Delete => Ir::DeleteFast,
                };
                let index = self.unit().varnames.add(&mangled);
                self.op_arg(loc, op, index);
            }
            Place::Global => {
                let index = self.unit().names.add(&mangled);
                match access {
                    Access::Load if self.block().can_see_class_scope && meaning == Meaning::GlobalImplicit => {
                        self.load_classdict(loc);
                        self.op_arg(loc, Ir::LoadFromDictOrGlobals, index);
                    }
                    Access::Load => self.op_arg(loc, Ir::LoadGlobal, index << 1),
                    Access::Store => self.op_arg(loc, Ir::StoreGlobal, index),
                    Access::Delete => self.op_arg(loc, Ir::DeleteGlobal, index),
                }
            }
            Place::Name => {
                let index = self.unit().names.add(&mangled);
                match access {
                    Access::Load => {
                        let in_class = self.block().kind == BlockKind::Class;
                        if in_class && self.unit_ref().in_inlined_comprehension > 0 {
                            self.op_arg(loc, Ir::LoadGlobal, index << 1);
                        } else {
                            self.op_arg(loc, Ir::LoadName, index);
                        }
                    }
                    Access::Store => self.op_arg(loc, Ir::StoreName, index),
                    Access::Delete => self.op_arg(loc, Ir::DeleteName, index),
                }
            }
        }
        Ok(())
    }

    fn place_of(&self, mangled: &Ident, meaning: Meaning) -> Place {
        let function_like = self.block().kind.is_function_like();
        match meaning {
            Meaning::Free => Place::Deref { free: true },
            Meaning::Cell => Place::Deref { free: false },
            Meaning::Local if function_like => Place::Fast,
            Meaning::Local if self.unit_ref().fast_hidden.get(mangled) == Some(&true) => Place::Fast,
            Meaning::GlobalImplicit if function_like => Place::Global,
            Meaning::GlobalExplicit => Place::Global,
            _ => Place::Name,
        }
    }

    /// What loads a cell here; in a class, or where a class is seen, its namespace is looked at first.
    fn deref_load(&mut self, loc: Loc) -> Ir {
        let block = self.block();
        let (is_class, sees_class) = (block.kind == BlockKind::Class, block.can_see_class_scope);
        if is_class && self.unit_ref().in_inlined_comprehension == 0 {
            self.op(loc, Ir::LoadLocals);
            Ir::LoadFromDictOrDeref
        } else if sees_class {
            self.load_classdict(loc);
            Ir::LoadFromDictOrDeref
        } else {
            Ir::LoadDeref
        }
    }

    fn load_classdict(&mut self, loc: Loc) {
        let index = self.unit().deref_index(&Ident::from("__classdict__"), true);
        self.op_arg(loc, Ir::LoadDeref, index);
    }

    pub(super) fn refuse_debug(&self, loc: Loc, name: &str, access: Access) -> Gen {
        if name != "__debug__" {
            return Ok(());
        }
        match access {
            Access::Load => Ok(()),
            Access::Store => self.error_at(loc, "cannot assign to __debug__"),
            Access::Delete => self.error_at(loc, "cannot delete __debug__"),
        }
    }

    /// `self.name = …` in a method: the class remembers the name.
    pub(super) fn note_static_attribute(&mut self, name: &str) {
        let Some((_, outer)) = self.units.split_last_mut() else {
            return;
        };
        if let Some(class) = outer.iter_mut().rev().find(|unit| unit.kind == UnitKind::Class) {
            class.static_attributes.insert(Ident::from(name));
        }
    }
}
