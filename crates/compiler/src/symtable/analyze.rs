//! The second pass: decides what each name means.

use rustc_hash::FxHashMap;

use super::{Block, BlockId, BlockKind, Comprehension, Meaning, SymbolTable, usage};
use crate::source::Ident;

/// A set of names whose order never matters.
type Names = rustc_hash::FxHashSet<Ident>;

/// What goes wrong, and with which name.
pub(super) struct ScopeError {
    pub block: BlockId,
    pub name: Ident,
    pub message: String,
}

impl SymbolTable {
    /// Decides every name of every block.
    pub(super) fn analyze(&mut self) -> Result<(), ScopeError> {
        let mut type_params = Names::default();
        self.analyze_block(SymbolTable::TOP, None, &Names::default(), &mut type_params, None)?;
        Ok(())
    }

    /// Decides the names of a block and of those inside; returns the names that are free in it.
    fn analyze_block(
        &mut self,
        id: BlockId,
        bound: Option<&Names>,
        global: &Names,
        type_params: &mut Names,
        class_entry: Option<BlockId>,
    ) -> Result<Names, ScopeError> {
        let kind = self.block(id).kind;
        let is_class = kind == BlockKind::Class;
        let mut bound_here = bound.cloned();
        let mut global_here = global.clone();
        let mut scopes = Scopes::default();
        let mut local = Names::default();
        // Free in the block itself, and free in those inside.
        let mut own_free = Names::default();
        let mut new_free = Names::default();
        // What functions inside a class see: the class's own names are not among them.
        let class_outer = (bound.cloned(), global.clone());

        let names: Vec<_> = self
            .block(id)
            .symbols
            .iter()
            .map(|(name, symbol)| (name.clone(), symbol.flags))
            .collect();
        for (name, flags) in &names {
            let mut place = NamePlace {
                bound: &mut bound_here,
                local: &mut local,
                free: &mut own_free,
                global: &mut global_here,
                type_params,
            };
            let meaning = self.analyze_name(id, name, *flags, &mut place, class_entry)?;
            scopes.set(name, meaning);
        }

        let (new_bound, new_global) = if is_class {
            let mut inner = class_outer.0.unwrap_or_default();
            for name in ["__class__", "__classdict__", "__conditional_annotations__"] {
                inner.insert(Ident::from(name));
            }
            (inner, class_outer.1)
        } else {
            let mut inner = bound_here.clone().unwrap_or_default();
            if kind.is_function_like() {
                inner.extend(local.iter().cloned());
            }
            (inner, global_here)
        };

        let mut inlined_cells = Names::default();
        let children = self.block(id).children.clone();
        let mut spliced = Vec::with_capacity(children.len());
        for child in children {
            let entry = self.block(child);
            let sees_class = entry.can_see_class_scope;
            let new_class_entry = match (sees_class, is_class) {
                (false, _) => None,
                (true, true) => Some(id),
                (true, false) => class_entry,
            };
            let inline = entry.comprehension != Comprehension::No
                && entry.comprehension != Comprehension::Generator
                && !self.block(id).can_see_class_scope;
            let mut inner_params = type_params.clone();
            let mut child_free =
                self.analyze_block(child, Some(&new_bound), &new_global, &mut inner_params, new_class_entry)?;
            if inline {
                self.inline_comprehension(id, child, &mut scopes, &mut child_free, &mut inlined_cells);
                self.block_mut(child).comp_inlined = true;
                spliced.extend(self.block(child).children.iter().copied());
            } else {
                spliced.push(child);
            }
            new_free.extend(child_free);
        }
        self.block_mut(id).children = spliced;

        if kind.is_function_like() {
            analyze_cells(&mut scopes, &mut new_free, &inlined_cells);
        } else if is_class {
            drop_class_free(self.block_mut(id), &mut new_free);
        }
        self.update_symbols(id, &scopes, bound, &new_free, &inlined_cells);
        new_free.extend(own_free);
        Ok(new_free)
    }

    fn analyze_name(
        &self,
        id: BlockId,
        name: &Ident,
        flags: u32,
        place: &mut NamePlace<'_>,
        class_entry: Option<BlockId>,
    ) -> Result<Meaning, ScopeError> {
        let error = |message: String| {
            Err(ScopeError {
                block: id,
                name: name.clone(),
                message,
            })
        };
        if flags & usage::GLOBAL != 0 {
            if flags & usage::NONLOCAL != 0 {
                return error(format!("name '{name}' is nonlocal and global"));
            }
            place.global.insert(name.clone());
            if let Some(bound) = place.bound {
                bound.remove(name);
            }
            return Ok(Meaning::GlobalExplicit);
        }
        if flags & usage::NONLOCAL != 0 {
            let Some(bound) = place.bound else {
                return error("nonlocal declaration not allowed at module level".into());
            };
            if !bound.contains(name) {
                return error(format!("no binding for nonlocal '{name}' found"));
            }
            if place.type_params.contains(name) {
                return error(format!("nonlocal binding not allowed for type parameter '{name}'"));
            }
            place.free.insert(name.clone());
            return Ok(Meaning::Free);
        }
        if flags & usage::BOUND != 0 {
            place.local.insert(name.clone());
            place.global.remove(name);
            if flags & usage::TYPE_PARAM != 0 {
                place.type_params.insert(name.clone());
            } else {
                place.type_params.remove(name);
            }
            return Ok(Meaning::Local);
        }
        if let Some(class) = class_entry {
            let flags = self.flags(class, name);
            if flags & usage::GLOBAL != 0 {
                return Ok(Meaning::GlobalExplicit);
            }
            if flags & usage::BOUND != 0 && flags & usage::NONLOCAL == 0 {
                return Ok(Meaning::GlobalImplicit);
            }
        }
        if place.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
            place.free.insert(name.clone());
            return Ok(Meaning::Free);
        }
        Ok(Meaning::GlobalImplicit)
    }

    /// Takes the names of an inlined comprehension over into the block around it (PEP 709).
    fn inline_comprehension(
        &mut self,
        outer: BlockId,
        comp: BlockId,
        scopes: &mut Scopes,
        comp_free: &mut Names,
        inlined_cells: &mut Names,
    ) {
        let names: Vec<_> = self
            .block(comp)
            .symbols
            .iter()
            .map(|(name, symbol)| (name.clone(), symbol))
            .collect();
        let outer_is_class = self.block(outer).kind == BlockKind::Class;
        for (name, symbol) in names {
            if symbol.flags & usage::PARAM != 0 {
                continue;
            }
            let mut meaning = symbol.meaning;
            if meaning == Meaning::Cell || symbol.flags & usage::COMP_CELL != 0 {
                inlined_cells.insert(name.clone());
            }
            match self.block(outer).symbols.get(&name) {
                None => {
                    let special = matches!(&*name, "__class__" | "__classdict__" | "__conditional_annotations__");
                    if meaning == Meaning::Free && outer_is_class && special {
                        meaning = Meaning::GlobalImplicit;
                        if !self.is_free_in_children(comp, &name) {
                            comp_free.remove(&name);
                        }
                    }
                    let copied = super::Symbol {
                        flags: symbol.flags,
                        meaning: Meaning::Unknown,
                    };
                    self.block_mut(outer).symbols.set(&name, copied);
                    scopes.set(&name, meaning);
                }
                Some(existing) => {
                    let stays =
                        existing.flags & usage::BOUND != 0 && !outer_is_class && !self.is_free_in_children(comp, &name);
                    if stays {
                        comp_free.remove(&name);
                    }
                }
            }
        }
    }

    fn is_free_in_children(&self, id: BlockId, name: &str) -> bool {
        self.block(id)
            .children
            .iter()
            .any(|&child| self.meaning(child, name) == Meaning::Free)
    }

    fn update_symbols(
        &mut self,
        id: BlockId,
        scopes: &Scopes,
        bound: Option<&Names>,
        free: &Names,
        inlined_cells: &Names,
    ) {
        let block = self.block_mut(id);
        let is_class = block.kind == BlockKind::Class;
        let names: Vec<_> = block
            .symbols
            .iter()
            .map(|(name, symbol)| (name.clone(), symbol))
            .collect();
        for (name, mut symbol) in names {
            symbol.meaning = scopes.get(&name);
            if inlined_cells.contains(&name) {
                symbol.flags |= usage::COMP_CELL;
            }
            block.symbols.set(&name, symbol);
        }
        // Sorted, so that the order of a table never depends on a hash.
        let mut free: Vec<_> = free.iter().collect();
        free.sort();
        for name in free {
            if let Some(mut symbol) = block.symbols.get(name) {
                if is_class && symbol.flags & (usage::BOUND | usage::GLOBAL) != 0 {
                    symbol.flags |= usage::FREE_CLASS;
                    block.symbols.set(name, symbol);
                }
                continue;
            }
            if bound.is_some_and(|bound| !bound.contains(name)) {
                continue;
            }
            block.symbols.set(
                name,
                super::Symbol {
                    flags: 0,
                    meaning: Meaning::Free,
                },
            );
        }
    }
}

/// The sets a name is entered into.
struct NamePlace<'a> {
    bound: &'a mut Option<Names>,
    local: &'a mut Names,
    free: &'a mut Names,
    global: &'a mut Names,
    type_params: &'a mut Names,
}

/// Meanings that are not in the table yet.
#[derive(Default)]
struct Scopes(FxHashMap<Ident, Meaning>);

impl Scopes {
    fn set(&mut self, name: &Ident, meaning: Meaning) {
        self.0.insert(name.clone(), meaning);
    }

    fn get(&self, name: &str) -> Meaning {
        self.0.get(name).copied().unwrap_or(Meaning::Unknown)
    }
}

/// A local variable that is free further in is a cell.
fn analyze_cells(scopes: &mut Scopes, free: &mut Names, inlined_cells: &Names) {
    for (name, meaning) in &mut scopes.0 {
        if *meaning == Meaning::Local && (free.contains(name) || inlined_cells.contains(name)) {
            *meaning = Meaning::Cell;
            free.remove(name);
        }
    }
}

/// The class itself provides these.
fn drop_class_free(block: &mut Block, free: &mut Names) {
    if free.remove("__class__") {
        block.needs_class_closure = true;
    }
    if free.remove("__classdict__") {
        block.needs_classdict = true;
    }
    if free.remove("__conditional_annotations__") {
        block.has_conditional_annotations = true;
    }
}
