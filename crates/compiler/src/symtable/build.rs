//! The first pass: opens blocks and notes uses of names. This file has the builder; `build_stmt` and `build_expr` walk.

use ruff_python_ast::{Expr, Mod};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Block, BlockId, BlockKind, Comprehension, Key, Meaning, Symbol, SymbolTable, Symbols, mangle, usage};
use crate::errors::SyntaxError;
use crate::source::{Ident, Source};

/// The result of a step of the walk.
pub(super) type Step = Result<(), Box<SyntaxError>>;

/// The walk's state.
pub(super) struct Builder<'a> {
    pub source: &'a Source<'a>,
    pub table: SymbolTable,
    /// Blocks that are open, outermost first.
    stack: Vec<BlockId>,
    /// The class whose private names are mangled.
    pub private: Option<Ident>,
    pub future_annotations: bool,
    pub top_level_await: bool,
    pub optimize: u8,
    /// `global`, `nonlocal` and `:=` that bind elsewhere, for the places of errors.
    pub directives: Vec<(BlockId, Ident, TextRange)>,
}

/// Builds the symbol table of a source.
pub(crate) fn build(
    source: &Source<'_>,
    module: &Mod,
    future_annotations: bool,
    options: &crate::Options,
) -> Result<SymbolTable, Box<SyntaxError>> {
    let table = SymbolTable {
        blocks: Vec::new(),
        by_key: FxHashMap::default(),
        mangled_sets: Vec::new(),
    };
    let mut builder = Builder {
        source,
        table,
        stack: Vec::new(),
        private: None,
        future_annotations,
        top_level_await: options.top_level_await,
        optimize: options.optimize,
        directives: Vec::new(),
    };
    builder.enter(Ident::from("top"), BlockKind::Module, None, TextRange::default())?;
    match module {
        Mod::Module(module) => {
            builder.mark_docstring(&module.body);
            builder.visit_body(&module.body)?;
        }
        Mod::Expression(expression) => builder.visit_expr(&expression.body)?,
    }
    let Builder {
        mut table, directives, ..
    } = builder;
    if let Err(error) = table.analyze() {
        let place = directives
            .iter()
            .find(|(block, name, _)| *block == error.block && *name == error.name);
        return Err(source.error(place.map_or(TextRange::default(), |place| place.2), error.message));
    }
    Ok(table)
}

impl<'a> Builder<'a> {
    pub fn current_id(&self) -> BlockId {
        self.stack.last().copied().unwrap_or(SymbolTable::TOP)
    }

    pub fn current(&self) -> &Block {
        self.table.block(self.current_id())
    }

    pub fn current_mut(&mut self) -> &mut Block {
        let id = self.current_id();
        self.table.block_mut(id)
    }

    pub fn open_blocks(&self) -> &[BlockId] {
        &self.stack
    }

    pub fn error<T>(&self, node: &impl Ranged, message: impl Into<String>) -> Result<T, Box<SyntaxError>> {
        Err(self.source.error(node.range(), message))
    }

    /// Makes a block without opening it.
    pub fn new_block(&mut self, name: Ident, kind: BlockKind, key: Option<Key>) -> BlockId {
        let id = BlockId(self.table.blocks.len() as u32);
        let parent = self.stack.last().map(|&id| self.table.block(id));
        let nested = parent.is_some_and(|parent| parent.nested || parent.kind.is_function_like());
        self.table.blocks.push(Block {
            name,
            kind,
            symbols: Symbols::default(),
            params: Vec::new(),
            children: Vec::new(),
            annotation_block: None,
            comprehension: Comprehension::No,
            comp_inlined: false,
            nested,
            generator: false,
            coroutine: false,
            is_async: false,
            varargs: false,
            varkeywords: false,
            has_docstring: false,
            method: false,
            needs_class_closure: false,
            needs_classdict: false,
            can_see_class_scope: false,
            annotations_used: false,
            has_conditional_annotations: false,
            in_conditional_block: false,
            in_unevaluated_annotation: false,
            comp_iter_target: false,
            comp_iter_expr: 0,
            mangled: None,
            scope_info: None,
        });
        if let Some(key) = key {
            self.table.by_key.insert(key, id);
        }
        id
    }

    /// Makes and opens a block.
    pub fn enter(&mut self, name: Ident, kind: BlockKind, key: Option<Key>, range: TextRange) -> Step {
        let id = self.new_block(name, kind, key);
        self.enter_existing(id);
        let has_format = matches!(
            kind,
            BlockKind::Annotation | BlockKind::TypeVariable | BlockKind::TypeAlias
        );
        if has_format {
            self.add_def(".format", usage::PARAM, range)?;
            self.add_def(".format", usage::USE, range)?;
        }
        Ok(())
    }

    /// Opens a block that was made before.
    pub fn enter_existing(&mut self, id: BlockId) {
        let Some(&parent) = self.stack.last() else {
            self.stack.push(id);
            return;
        };
        let previous = self.table.block(parent);
        let (mangled, comp_iter_expr) = (previous.mangled, previous.comp_iter_expr);
        let parent_is_class = previous.kind == BlockKind::Class;
        let block = self.table.block_mut(id);
        block.comp_iter_expr = comp_iter_expr;
        if block.kind != BlockKind::Class && block.mangled.is_none() {
            block.mangled = mangled;
        }
        if parent_is_class && block.kind == BlockKind::Function {
            block.method = true;
        }
        // Annotations that only become strings have no effect on names.
        let ignored = self.future_annotations && block.kind == BlockKind::Annotation;
        let known = self.table.block(parent).children.contains(&id);
        if !ignored && !known {
            self.table.block_mut(parent).children.push(id);
        }
        self.stack.push(id);
    }

    pub fn exit(&mut self) {
        self.stack.pop();
    }

    /// The flags of a name in the open block.
    pub fn lookup(&self, name: &str) -> u32 {
        let mangled = self.mangled(&Ident::from(name));
        self.table.flags(self.current_id(), &mangled)
    }

    fn mangled(&self, name: &Ident) -> Ident {
        self.table
            .maybe_mangle(self.private.as_deref(), self.current_id(), name)
    }

    /// Notes a use of a name in the open block.
    pub fn add_def(&mut self, name: &str, flag: u32, range: TextRange) -> Step {
        let id = self.current_id();
        // Whatever is written to must not be a keyword in disguise.
        if flag & usage::TYPE_PARAM != 0
            && let Some(set) = self.current().mangled
            && let Some(set) = self.table.mangled_sets.get_mut(set)
        {
            set.insert(Ident::from(name));
        }
        self.add_def_in(id, name, flag, range)
    }

    /// Notes a use of a name in some block.
    pub fn add_def_in(&mut self, id: BlockId, name: &str, flag: u32, range: TextRange) -> Step {
        let name = Ident::from(name);
        let mangled = self.table.maybe_mangle(self.private.as_deref(), id, &name);
        let mut flags = self.table.flags(id, &mangled);
        if flag & flags & usage::PARAM != 0 {
            return Err(self
                .source
                .error(range, format!("duplicate argument '{name}' in function definition")));
        }
        if flag & flags & usage::TYPE_PARAM != 0 {
            return Err(self.source.error(range, format!("duplicate type parameter '{name}'")));
        }
        flags |= flag;
        if self.table.block(id).comp_iter_target && flag & usage::LOCAL != 0 {
            if flags & (usage::GLOBAL | usage::NONLOCAL) != 0 {
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return Err(self.source.error(range, message));
            }
            flags |= usage::COMP_ITER;
        }
        let block = self.table.block_mut(id);
        block.symbols.set(
            &mangled,
            Symbol {
                flags,
                meaning: Meaning::Unknown,
            },
        );
        if flag & usage::PARAM != 0 {
            block.params.push(mangled);
        } else if flag & usage::GLOBAL != 0 {
            let top = self.table.block_mut(SymbolTable::TOP);
            let flags = top.symbols.get(&mangled).map_or(0, |symbol| symbol.flags) | flag;
            top.symbols.set(
                &mangled,
                Symbol {
                    flags,
                    meaning: Meaning::Unknown,
                },
            );
        }
        Ok(())
    }

    /// Remembers where a name was declared.
    pub fn directive(&mut self, name: &str, range: TextRange) {
        let mangled = mangle(self.private.as_deref(), &Ident::from(name));
        let id = self.current_id();
        self.directives.push((id, mangled, range));
    }

    /// Lets the open block, the type parameters of a class, mangle nothing but type parameters.
    pub fn start_mangled_set(&mut self) {
        let set = self.table.mangled_sets.len();
        self.table.mangled_sets.push(FxHashSet::default());
        self.current_mut().mangled = Some(set);
    }

    /// Notes whether a body starts with a docstring.
    pub fn mark_docstring(&mut self, body: &[ruff_python_ast::Stmt]) {
        let has = crate::literal::docstring(body).is_some() && self.optimize < 2;
        self.current_mut().has_docstring = has;
    }

    pub fn visit_opt_expr(&mut self, expr: Option<&Expr>) -> Step {
        expr.map_or(Ok(()), |expr| self.visit_expr(expr))
    }

    pub fn visit_exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Step {
        exprs.into_iter().try_for_each(|expr| self.visit_expr(expr))
    }
}
