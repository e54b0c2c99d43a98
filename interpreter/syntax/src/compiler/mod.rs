//! From the tree to bytecode, equal to CPython 2.7.18's byte for byte.
//!
//! The stages of a unit (module, function, class body, lambda, comprehension):
//! [`unit`] holds basic blocks under construction; `statements`, `expressions`, `subscripts`, `comprehensions` and
//! `functions` fill them; [`assemble`] orders the blocks, sizes the jumps and writes code and line table;
//! [`peephole`] rewrites the bytes; [`stack_depth`] finds the deepest stack.
//!
//! Checked by `tests/conformance/compare_code.py` against a Python 2.7 and by `interpreter/filetests/compile`.

mod assemble;
mod comprehensions;
mod expressions;
mod functions;
mod peephole;
mod pool;
mod stack_depth;
mod statements;
mod subscripts;
mod unit;

use crate::ast::{Expr, Ident, Mod, Stmt};
use crate::code::{CodeObject, Const, flags};
use crate::error::{Error, Result};
use crate::opcodes::Opcode;
use crate::symtable::{self, Block, FutureFeatures, Scope, SymbolTable};
use crate::tree_depth;
use crate::warning::Warning;
use unit::{BlockRef, Unit};

/// Compiles a tree; returns the code and the future features in force at its end.
/// The warnings found so far are added to `warnings` even when it fails.
pub(crate) fn compile_tree(
    module: &Mod,
    filename: &[u8],
    inherited: u32,
    optimize: u8,
    py3k_warnings: bool,
    warnings: &mut Vec<Warning>,
) -> Result<(CodeObject, u32)> {
    let mut future = symtable::find_future_features(module)?;
    future.features |= inherited & flags::FUTURE_MASK;
    let symbols = symtable::build(module, py3k_warnings, warnings)?;
    let mut c = Compiler {
        symbols: &symbols,
        future,
        optimize,
        filename,
        interactive: matches!(module, Mod::Interactive(_)),
        units: Vec::new(),
        depth: 0,
        warnings,
    };
    c.enter(Ident::from("<module>"), Some(SymbolTable::TOP), 0)?;
    let mut returns_none = true;
    match module {
        Mod::Module(body) => c.body(body)?,
        Mod::Interactive(body) => c.statements(body)?,
        Mod::Expression(body) => {
            c.expr(body)?;
            returns_none = false;
        }
        Mod::Suite(_) => return Err(Error::System("suite should not be possible".into())),
    }
    Ok((c.leave(returns_none)?, future.features))
}

/// The state of a compilation: a stack of units, the innermost last.
struct Compiler<'a> {
    symbols: &'a SymbolTable,
    future: FutureFeatures,
    optimize: u8,
    filename: &'a [u8],
    interactive: bool,
    units: Vec<Unit>,
    depth: u32,
    warnings: &'a mut Vec<Warning>,
}

impl Compiler<'_> {
    fn unit(&mut self) -> &mut Unit {
        self.units.last_mut().expect("a unit is open while code is generated")
    }

    /// The symbol table's block of the innermost unit.
    fn block(&self) -> &Block {
        self.symbols.block(self.units.last().expect("a unit is open while code is generated").block)
    }

    fn enter(&mut self, name: Ident, block: Option<symtable::BlockId>, firstlineno: i32) -> Result<()> {
        let block = block.ok_or_else(|| Error::System("a block is missing in the symbol table".into()))?;
        let class = self.units.last().and_then(|u| u.class.clone());
        self.units.push(Unit::new(name, block, self.symbols.block(block), firstlineno, class));
        Ok(())
    }

    /// Opens the unit of a node that has a block of its own.
    fn enter_node<T>(&mut self, name: Ident, node: &T, firstlineno: i32) -> Result<()> {
        let block = self.symbols.block_of(node);
        self.enter(name, block, firstlineno)
    }

    /// Closes the innermost unit and assembles it.
    fn leave(&mut self, returns_none: bool) -> Result<CodeObject> {
        let unit = self.units.pop().expect("every leave has its enter");
        let block = self.symbols.block(unit.block);
        assemble::assemble(
            unit,
            block,
            self.filename,
            self.future.features & flags::FUTURE_MASK,
            returns_none,
        )
    }

    /// An error at the line being compiled.
    #[cold]
    fn error<T>(&mut self, message: &str) -> Result<T> {
        let lineno = self.unit().lineno;
        Err(Error::syntax(message, lineno))
    }

    /// Runs `f` one level deeper, on a grown stack if need be.
    fn deeper(&mut self, f: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.depth = tree_depth::enter(self.depth)?;
        let result = tree_depth::with_stack(|| f(self));
        self.depth -= 1;
        result
    }

    fn op(&mut self, op: Opcode) {
        self.unit().emit(op, 0, None);
    }

    fn op_arg(&mut self, op: Opcode, arg: usize) {
        self.unit().emit(op, arg as u32, None);
    }

    fn jump(&mut self, op: Opcode, target: BlockRef) {
        self.unit().emit(op, 0, Some(target));
    }

    fn load_const(&mut self, value: Const) {
        let index = self.unit().consts.index_of(value);
        self.op_arg(Opcode::LOAD_CONST, index);
    }

    /// An opcode with an index into `co_names`; the name is taken as it is.
    fn op_raw_name(&mut self, op: Opcode, name: &Ident) {
        let index = self.unit().names.index_of(name.clone());
        self.op_arg(op, index);
    }

    /// An opcode with an index into `co_names`; private names are mangled.
    fn op_name(&mut self, op: Opcode, name: &Ident) {
        let mangled = symtable::mangle(self.unit().class.as_ref(), name);
        self.op_raw_name(op, &mangled);
    }

    /// Loads, stores or deletes a variable wherever it lives.
    fn variable(&mut self, name: &Ident, access: Access) -> Result<()> {
        use Opcode as O;
        let mangled = symtable::mangle(self.unit().class.as_ref(), name);
        let block = self.block();
        let in_function = block.kind == symtable::BlockType::Function;
        let pick = |load, store, delete| match access {
            Access::Load => load,
            Access::Store => store,
            Access::Delete => delete,
        };
        match block.scope(&mangled) {
            Scope::Free | Scope::Cell => {
                let op = match access {
                    Access::Load => O::LOAD_DEREF,
                    Access::Store => O::STORE_DEREF,
                    Access::Delete => {
                        return Err(Error::syntax_nowhere(format!(
                            "can not delete variable '{name}' referenced in nested scope"
                        )));
                    }
                };
                let index = self.unit().closure_index(&mangled)?;
                self.op_arg(op, index);
            }
            Scope::Local if in_function => {
                let index = self.unit().varnames.index_of(mangled);
                self.op_arg(pick(O::LOAD_FAST, O::STORE_FAST, O::DELETE_FAST), index);
            }
            Scope::GlobalExplicit => {
                self.op_raw_name(pick(O::LOAD_GLOBAL, O::STORE_GLOBAL, O::DELETE_GLOBAL), &mangled)
            }
            Scope::GlobalImplicit if in_function && block.unoptimized == 0 => {
                self.op_raw_name(pick(O::LOAD_GLOBAL, O::STORE_GLOBAL, O::DELETE_GLOBAL), &mangled);
            }
            Scope::Local | Scope::GlobalImplicit | Scope::Unknown => {
                self.op_raw_name(pick(O::LOAD_NAME, O::STORE_NAME, O::DELETE_NAME), &mangled);
            }
        }
        Ok(())
    }

    fn exprs(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|e| self.expr(e))
    }

    fn statements(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|s| self.statement(s))
    }
}

/// What is done to a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Load,
    Store,
    Delete,
}
