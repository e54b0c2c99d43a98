//! A code object under construction: basic blocks of instructions, and the tables of constants and names.
//!
//! Blocks are made first and placed later; `next` chains them in the order they are placed. An instruction carries a line
//! only when it is the first one generated for that line.

use super::pool::Pool;
use crate::ast::Ident;
use crate::code::Const;
use crate::error::{Error, Result};
use crate::opcodes::Opcode;
use crate::symtable::{Block, BlockId, Scope, symbol};

/// The place of a basic block in [`Unit::blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockRef(pub(super) usize);

/// One instruction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instruction {
    pub(super) op: Opcode,
    pub(super) arg: u32,
    pub(super) target: Option<BlockRef>,
    /// The line that begins here, or 0.
    pub(super) lineno: i32,
}

/// A stretch of instructions that is only entered at its beginning.
#[derive(Clone, Debug, Default)]
pub(super) struct BasicBlock {
    pub(super) instructions: Vec<Instruction>,
    /// The block that follows in the text.
    pub(super) next: Option<BlockRef>,
    /// Holds a `RETURN_VALUE`.
    pub(super) returns: bool,
}

/// What encloses a statement within its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameBlock {
    Loop(BlockRef),
    Except,
    FinallyTry,
    FinallyEnd,
}

/// Blocks that may enclose each other statically.
const MAX_FRAME_BLOCKS: usize = 20;

/// A code object under construction.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) name: Ident,
    /// The block of the symbol table.
    pub(super) block: BlockId,
    /// The class whose name mangles private names.
    pub(super) class: Option<Ident>,
    pub(super) argcount: i32,
    pub(super) firstlineno: i32,
    pub(super) consts: Pool<Const>,
    pub(super) names: Pool<Ident>,
    pub(super) varnames: Pool<Ident>,
    pub(super) cellvars: Pool<Ident>,
    pub(super) freevars: Pool<Ident>,
    pub(super) blocks: Vec<BasicBlock>,
    pub(super) current: BlockRef,
    /// The line being compiled, and whether an instruction carries it already.
    pub(super) lineno: i32,
    pub(super) lineno_used: bool,
    pub(super) frame_blocks: Vec<FrameBlock>,
}

impl Unit {
    pub(super) fn new(
        name: Ident,
        id: BlockId,
        block: &Block,
        firstlineno: i32,
        class: Option<Ident>,
    ) -> Unit {
        let of_scope = |scope: Scope, bits: u32| -> Pool<Ident> {
            block
                .symbols
                .iter()
                .filter(|(n, b)| block.scope(n) == scope || **b & bits != 0)
                .map(|(n, _)| n.clone())
                .collect()
        };
        Unit {
            name,
            block: id,
            class,
            argcount: 0,
            firstlineno,
            consts: Pool::new(),
            names: Pool::new(),
            varnames: block.varnames.iter().cloned().collect(),
            cellvars: of_scope(Scope::Cell, 0),
            freevars: of_scope(Scope::Free, symbol::FREE_CLASS),
            blocks: vec![BasicBlock::default()],
            current: BlockRef(0),
            lineno: 0,
            lineno_used: false,
            frame_blocks: Vec::new(),
        }
    }

    /// A block that is not placed yet.
    pub(super) fn new_block(&mut self) -> BlockRef {
        self.blocks.push(BasicBlock::default());
        BlockRef(self.blocks.len() - 1)
    }

    /// Places a block here.
    pub(super) fn place(&mut self, block: BlockRef) {
        self.blocks[self.current.0].next = Some(block);
        self.current = block;
    }

    /// Places a fresh block here.
    pub(super) fn split(&mut self) {
        let block = self.new_block();
        self.place(block);
    }

    pub(super) fn emit(&mut self, op: Opcode, arg: u32, target: Option<BlockRef>) {
        let lineno = if self.lineno_used { 0 } else { self.lineno };
        self.lineno_used = true;
        let block = &mut self.blocks[self.current.0];
        block.returns |= op == Opcode::RETURN_VALUE;
        block.instructions.push(Instruction { op, arg, target, lineno });
    }

    /// The next instruction begins this line.
    pub(super) fn begin_line(&mut self, lineno: i32) {
        self.lineno = lineno;
        self.lineno_used = false;
    }

    pub(super) fn push_frame_block(&mut self, block: FrameBlock) -> Result<()> {
        if self.frame_blocks.len() >= MAX_FRAME_BLOCKS {
            return Err(Error::syntax_nowhere("too many statically nested blocks"));
        }
        self.frame_blocks.push(block);
        Ok(())
    }

    pub(super) fn pop_frame_block(&mut self) {
        self.frame_blocks.pop();
    }

    /// The operand for a cell or free variable.
    pub(super) fn closure_index(&self, name: &Ident) -> Result<usize> {
        self.cellvars
            .find(name)
            .or_else(|| self.freevars.find(name).map(|i| i + self.cellvars.len()))
            .ok_or_else(|| Error::System(format!("no cell for '{name}' in {}", self.name)))
    }
}
