//! The result: a tree of blocks, each with its names.

use crate::ast::Ident;
use std::collections::{BTreeMap, HashMap};

/// Bits noted for a name; the values are those of the `_symtable` module. The scope sits above [`symbol::SCOPE_SHIFT`].
pub mod symbol {
    /// Named in a `global` statement.
    pub const GLOBAL: u32 = 1;
    /// Bound by assignment, `for`, `def` and the like.
    pub const LOCAL: u32 = 2;
    /// A parameter.
    pub const PARAM: u32 = 4;
    /// Read.
    pub const USE: u32 = 8;
    /// Free because an inner block needs it, though nothing here mentions it.
    pub const FREE: u32 = 16;
    /// Free in a method and bound in the class around it.
    pub const FREE_CLASS: u32 = 32;
    /// Bound by an import.
    pub const IMPORT: u32 = 64;
    /// Bound in this block.
    pub const BOUND: u32 = LOCAL | PARAM | IMPORT;
    /// Where the scope starts.
    pub const SCOPE_SHIFT: u32 = 11;
}

/// Why the locals of a block cannot live in slots.
pub mod unoptimized {
    /// `from m import *`.
    pub const IMPORT_STAR: u32 = 1;
    /// `exec code in namespace`.
    pub const EXEC: u32 = 2;
    /// `exec code`.
    pub const BARE_EXEC: u32 = 4;
    /// The module itself.
    pub const TOPLEVEL: u32 = 8;
}

/// The scope of a name in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Not decided: the block does not know the name.
    Unknown = 0,
    /// Local to the block.
    Local = 1,
    /// Named in a `global` statement.
    GlobalExplicit = 2,
    /// Global because nothing binds it.
    GlobalImplicit = 3,
    /// Bound in a block around this one.
    Free = 4,
    /// Local, and free in a block within.
    Cell = 5,
}

/// The kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockType {
    /// A function, lambda, generator expression, set or dict comprehension.
    Function,
    /// A class body.
    Class,
    /// A whole input.
    Module,
}

/// The place of a block in [`SymbolTable::blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockId(pub(super) usize);

/// One block of code with its own names.
#[derive(Clone, Debug)]
pub struct Block {
    /// The kind.
    pub kind: BlockType,
    /// Name of the function or class; `top`, `lambda`, `genexpr`, `setcomp` or `dictcomp` for the others.
    pub name: Ident,
    /// First line; 0 for the module and for comprehensions.
    pub lineno: i32,
    /// Each (mangled) name with the bits of [`symbol`] and, after analysis, its scope. Ordered, so that everything derived is.
    pub symbols: BTreeMap<Ident, u32>,
    /// The parameters, in order.
    pub varnames: Vec<Ident>,
    /// The blocks within, in order.
    pub children: Vec<BlockId>,
    /// Bits of [`unoptimized`].
    pub unoptimized: u32,
    /// Line of the first `exec` or `import *`.
    pub unoptimized_line: i32,
    /// Stands inside a function, however deep.
    pub nested: bool,
    /// Has free variables.
    pub free: bool,
    /// A block within has free variables.
    pub child_free: bool,
    /// Holds a `yield`.
    pub generator: bool,
    /// Has `*args`.
    pub varargs: bool,
    /// Has `**kwargs`.
    pub varkeywords: bool,
    /// Holds a `return` with a value.
    pub returns_value: bool,
    /// Hidden names handed out so far.
    pub(super) hidden_names: u32,
}

impl Block {
    /// The scope of an already mangled name.
    pub fn scope(&self, name: &Ident) -> Scope {
        scope_of(self.symbols.get(name).copied().unwrap_or(0))
    }
}

/// The scope in the bits of a symbol.
pub fn scope_of(bits: u32) -> Scope {
    match (bits >> symbol::SCOPE_SHIFT) & 7 {
        1 => Scope::Local,
        2 => Scope::GlobalExplicit,
        3 => Scope::GlobalImplicit,
        4 => Scope::Free,
        5 => Scope::Cell,
        _ => Scope::Unknown,
    }
}

/// All blocks of an input.
#[derive(Clone, Debug)]
pub struct SymbolTable {
    /// Every block; the first is the module.
    pub blocks: Vec<Block>,
    /// The block of a node, by the node's address.
    pub(super) by_node: HashMap<usize, BlockId>,
}

impl SymbolTable {
    /// The outermost block.
    pub const TOP: BlockId = BlockId(0);

    /// The block a `FunctionDef`, `ClassDef`, `Lambda` or comprehension node opens.
    pub fn block_of<T>(&self, node: &T) -> Option<BlockId> {
        self.by_node.get(&(std::ptr::from_ref(node) as usize)).copied()
    }

    /// A block.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0]
    }
}
