//! Scopes: which name means a local variable, a global, a cell.
//!
//! Two passes, as in CPython: `build*` walks the syntax tree and notes for each block how each name is used;
//! `analyze` then decides, from the outermost block inwards, what each use means.

mod analyze;
mod build;
mod build_expr;
mod build_scope;
mod build_stmt;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::Ident;

pub(crate) use build::build;

/// How a name is used in a block: bits of [`Symbol::flags`].
pub(crate) mod usage {
    /// `global`.
    pub const GLOBAL: u32 = 1;
    /// Assigned.
    pub const LOCAL: u32 = 2;
    /// A parameter.
    pub const PARAM: u32 = 4;
    /// `nonlocal`.
    pub const NONLOCAL: u32 = 8;
    /// Read.
    pub const USE: u32 = 16;
    /// Free in a method and bound in the class.
    pub const FREE_CLASS: u32 = 64;
    /// Assigned by an import.
    pub const IMPORT: u32 = 128;
    /// Annotated.
    pub const ANNOT: u32 = 256;
    /// The iteration variable of a comprehension.
    pub const COMP_ITER: u32 = 512;
    /// A type parameter.
    pub const TYPE_PARAM: u32 = 1024;
    /// A cell of an inlined comprehension.
    pub const COMP_CELL: u32 = 2048;
    /// Bound in the block itself.
    pub const BOUND: u32 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// What a name means in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Unknown,
    Local,
    GlobalExplicit,
    GlobalImplicit,
    Free,
    Cell,
}

/// One name in one block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol {
    pub flags: u32,
    pub meaning: Meaning,
}

/// The names of a block, in the order they were first seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symbols {
    order: Vec<Ident>,
    map: FxHashMap<Ident, Symbol>,
}

impl Symbols {
    pub fn get(&self, name: &str) -> Option<Symbol> {
        self.map.get(name).copied()
    }

    pub fn set(&mut self, name: &Ident, symbol: Symbol) {
        if self.map.insert(name.clone(), symbol).is_none() {
            self.order.push(name.clone());
        }
    }

    /// Takes a name out of the table; its place in the order stays.
    pub fn remove(&mut self, name: &str) {
        if self.map.remove(name).is_some() {
            self.order.retain(|known| &**known != name);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Ident, Symbol)> {
        self.order.iter().filter_map(|name| Some((name, *self.map.get(name)?)))
    }
}

/// The kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Module,
    Class,
    Function,
    /// The annotations of a function, class or module.
    Annotation,
    TypeAlias,
    TypeParameters,
    /// Bound or default of a type parameter.
    TypeVariable,
}

impl BlockKind {
    /// Whether its variables live in slots.
    pub fn is_function_like(self) -> bool {
        !matches!(self, BlockKind::Module | BlockKind::Class)
    }
}

/// Which comprehension a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comprehension {
    No,
    List,
    Dict,
    Set,
    Generator,
}

/// Index of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BlockId(pub u32);

/// Which block of a syntax node is meant, where it has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Body,
    Annotations,
    TypeParams,
    Bound,
    Default,
}

/// A block is found by the address of its syntax node, which stays put while a source is compiled.
pub(crate) type Key = (usize, Part);

/// The key of a node's block.
pub(crate) fn key<T>(node: &T, part: Part) -> Key {
    (std::ptr::from_ref(node) as usize, part)
}

/// One block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub name: Ident,
    pub kind: BlockKind,
    pub symbols: Symbols,
    /// Parameters in order.
    pub params: Vec<Ident>,
    pub children: Vec<BlockId>,
    /// The `__annotate__` block of a class or module.
    pub annotation_block: Option<BlockId>,
    pub comprehension: Comprehension,
    pub comp_inlined: bool,
    pub nested: bool,
    pub generator: bool,
    pub coroutine: bool,
    /// `async def`.
    pub is_async: bool,
    pub varargs: bool,
    pub varkeywords: bool,
    pub has_docstring: bool,
    /// A function directly in a class.
    pub method: bool,
    pub needs_class_closure: bool,
    pub needs_classdict: bool,
    pub can_see_class_scope: bool,
    pub annotations_used: bool,
    pub has_conditional_annotations: bool,
    in_conditional_block: bool,
    in_unevaluated_annotation: bool,
    comp_iter_target: bool,
    comp_iter_expr: u32,
    /// In the type parameters of a class, and what is in them: the names that are mangled.
    pub mangled: Option<usize>,
    /// What a message calls this block.
    scope_info: Option<&'static str>,
}

/// All blocks of a source.
pub(crate) struct SymbolTable {
    pub blocks: Vec<Block>,
    by_key: FxHashMap<Key, BlockId>,
    mangled_sets: Vec<FxHashSet<Ident>>,
}

impl SymbolTable {
    /// The module's block.
    pub const TOP: BlockId = BlockId(0);

    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }

    /// The block of a node.
    pub fn find(&self, key: Key) -> Option<BlockId> {
        self.by_key.get(&key).copied()
    }

    /// What a (mangled) name means in a block.
    pub fn meaning(&self, id: BlockId, name: &str) -> Meaning {
        self.block(id)
            .symbols
            .get(name)
            .map_or(Meaning::Unknown, |symbol| symbol.meaning)
    }

    /// How a (mangled) name is used in a block.
    pub fn flags(&self, id: BlockId, name: &str) -> u32 {
        self.block(id).symbols.get(name).map_or(0, |symbol| symbol.flags)
    }

    /// Mangles a name where the block asks for it.
    pub fn maybe_mangle(&self, private: Option<&str>, block: BlockId, name: &Ident) -> Ident {
        if let Some(set) = self.block(block).mangled
            && !self.mangled_sets.get(set).is_some_and(|set| set.contains(name))
        {
            return name.clone();
        }
        mangle(private, name)
    }
}

/// `__name` in class `Class` is `_Class__name`.
pub(crate) fn mangle(private: Option<&str>, name: &Ident) -> Ident {
    let Some(class) = private else { return name.clone() };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.clone();
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return name.clone();
    }
    Ident::from(format!("_{class}{name}"))
}
