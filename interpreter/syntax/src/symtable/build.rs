//! First pass, statements: opens blocks and notes how each name is used.

use super::block::{Block, BlockId, BlockType, SymbolTable, symbol, unoptimized};
use super::mangle::mangle;
use crate::ast::{Alias, Arguments, Expr, ExprKind, Ident, Mod, Stmt, StmtKind};
use crate::error::{Error, Result};
use crate::tree_depth;
use crate::warning::{Warning, WarningKind};
use std::collections::{BTreeMap, HashMap};

pub(super) const RETURN_IN_GENERATOR: &str = "'return' with argument inside generator";

/// The table under construction.
pub(super) struct Builder<'w> {
    table: SymbolTable,
    stack: Vec<BlockId>,
    class: Option<Ident>,
    depth: u32,
    py3k_warnings: bool,
    warnings: &'w mut Vec<Warning>,
}

/// Makes the symbol table of an input. With `py3k_warnings`, what Python 3 dropped is reported too. Warnings are added to `warnings` in the order they are to be issued.
pub fn build(module: &Mod, py3k_warnings: bool, warnings: &mut Vec<Warning>) -> Result<SymbolTable> {
    let mut b = Builder {
        table: SymbolTable { blocks: Vec::new(), by_node: HashMap::new() },
        stack: Vec::new(),
        class: None,
        depth: 0,
        py3k_warnings,
        warnings,
    };
    b.enter("top".into(), BlockType::Module, module, 0);
    b.current().unoptimized = unoptimized::TOPLEVEL;
    match module {
        Mod::Module(body) | Mod::Interactive(body) => b.visit_body(body)?,
        Mod::Expression(body) => b.visit_expr(body)?,
        Mod::Suite(_) => return Err(Error::Runtime("this compiler does not handle Suites".into())),
    }
    let mut table = b.table;
    super::analyze::analyze(&mut table)?;
    Ok(table)
}

impl Builder<'_> {
    pub(super) fn current(&mut self) -> &mut Block {
        let id = *self.stack.last().expect("the module block is open");
        &mut self.table.blocks[id.0]
    }

    pub(super) fn enter<T>(&mut self, name: Ident, kind: BlockType, node: &T, lineno: i32) {
        let id = BlockId(self.table.blocks.len());
        let mut nested = false;
        if !self.stack.is_empty() {
            let parent = self.current();
            nested = parent.nested || parent.kind == BlockType::Function;
            parent.children.push(id);
        }
        self.table.blocks.push(Block {
            kind,
            name,
            lineno,
            symbols: BTreeMap::new(),
            varnames: Vec::new(),
            children: Vec::new(),
            unoptimized: 0,
            unoptimized_line: 0,
            nested,
            free: false,
            child_free: false,
            generator: false,
            varargs: false,
            varkeywords: false,
            returns_value: false,
            hidden_names: 0,
        });
        self.table.by_node.insert(std::ptr::from_ref(node) as usize, id);
        self.stack.push(id);
    }

    pub(super) fn leave(&mut self) {
        self.stack.pop();
    }

    fn warn(&mut self, message: String, lineno: i32) {
        self.warnings.push(Warning {
            kind: WarningKind::Syntax,
            message,
            lineno,
            becomes_syntax_error: true,
        });
    }

    /// Visits the inner part of a comprehension. Python 3 does not want a `yield` there.
    pub(super) fn within_comprehension(
        &mut self,
        what: &str,
        visit: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let outside = std::mem::take(&mut self.current().generator);
        visit(self)?;
        let block = self.current();
        let (inside, lineno) = (block.generator, block.lineno);
        block.generator |= outside;
        if inside && self.py3k_warnings {
            self.warnings.push(Warning {
                kind: WarningKind::Deprecation,
                message: format!("'yield' inside {what}"),
                lineno,
                becomes_syntax_error: true,
            });
        }
        Ok(())
    }

    /// Runs `f` one level deeper, on a grown stack if need be.
    pub(super) fn deeper(&mut self, f: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.depth = tree_depth::enter(self.depth)?;
        let result = tree_depth::with_stack(|| f(self));
        self.depth -= 1;
        result
    }

    pub(super) fn define(&mut self, name: &Ident, bits: u32) -> Result<()> {
        let mangled = mangle(self.class.as_ref(), name);
        let block = self.current();
        let entry = block.symbols.entry(mangled.clone()).or_insert(0);
        if bits & symbol::PARAM != 0 && *entry & symbol::PARAM != 0 {
            let lineno = block.lineno;
            return Err(Error::syntax_in_scope(
                format!("duplicate argument '{name}' in function definition"),
                lineno,
            ));
        }
        *entry |= bits;
        if bits & symbol::PARAM != 0 {
            block.varnames.push(mangled);
        } else if bits & symbol::GLOBAL != 0 {
            *self.table.blocks[0].symbols.entry(mangled).or_insert(0) |= bits;
        }
        Ok(())
    }

    pub(super) fn implicit_parameter(&mut self, position: usize) -> Result<()> {
        self.define(&Ident::from(format!(".{position}").as_str()), symbol::PARAM)
    }

    pub(super) fn hidden_name(&mut self) -> Result<()> {
        self.current().hidden_names += 1;
        let name = format!("_[{}]", self.current().hidden_names);
        self.define(&Ident::from(name.as_str()), symbol::LOCAL)
    }

    pub(super) fn visit_exprs(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|e| self.visit_expr(e))
    }

    pub(super) fn visit_option(&mut self, expr: &Option<Box<Expr>>) -> Result<()> {
        expr.as_ref().map_or(Ok(()), |e| self.visit_expr(e))
    }

    fn visit_body(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|s| self.deeper(|b| b.visit_stmt(s)))
    }

    fn visit_stmt(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::FunctionDef { name, args, body, decorator_list } => {
                self.define(name, symbol::LOCAL)?;
                self.visit_exprs(&args.defaults)?;
                self.visit_exprs(decorator_list)?;
                self.enter(name.clone(), BlockType::Function, stmt, stmt.lineno);
                self.visit_arguments(args)?;
                self.visit_body(body)?;
                self.leave();
            }
            StmtKind::ClassDef { name, bases, body, decorator_list } => {
                self.define(name, symbol::LOCAL)?;
                self.visit_exprs(bases)?;
                self.visit_exprs(decorator_list)?;
                self.enter(name.clone(), BlockType::Class, stmt, stmt.lineno);
                let outer = self.class.replace(name.clone());
                self.visit_body(body)?;
                self.class = outer;
                self.leave();
            }
            StmtKind::Return { value } => {
                if value.is_some() {
                    self.visit_option(value)?;
                    let block = self.current();
                    block.returns_value = true;
                    if block.generator {
                        return Err(Error::syntax_in_scope(RETURN_IN_GENERATOR, stmt.lineno));
                    }
                }
            }
            StmtKind::Delete { targets } => self.visit_exprs(targets)?,
            StmtKind::Assign { targets, value } => {
                self.visit_exprs(targets)?;
                self.visit_expr(value)?;
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.visit_expr(target)?;
                self.visit_expr(value)?;
            }
            StmtKind::Print { dest, values, .. } => {
                self.visit_option(dest)?;
                self.visit_exprs(values)?;
            }
            StmtKind::For { target, iter, body, orelse } => {
                self.visit_expr(target)?;
                self.visit_expr(iter)?;
                self.visit_body(body)?;
                self.visit_body(orelse)?;
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.visit_expr(test)?;
                self.visit_body(body)?;
                self.visit_body(orelse)?;
            }
            StmtKind::With { context_expr, optional_vars, body } => {
                self.visit_expr(context_expr)?;
                self.visit_option(optional_vars)?;
                self.visit_body(body)?;
            }
            StmtKind::Raise { typ, inst, tback } => {
                // A tree made by hand may give a later part without an earlier one; that part is not looked at.
                if typ.is_some() {
                    self.visit_option(typ)?;
                    if inst.is_some() {
                        self.visit_option(inst)?;
                        self.visit_option(tback)?;
                    }
                }
            }
            StmtKind::TryExcept { body, handlers, orelse } => {
                self.visit_body(body)?;
                self.visit_body(orelse)?;
                for handler in handlers {
                    self.visit_option(&handler.typ)?;
                    self.visit_option(&handler.name)?;
                    self.visit_body(&handler.body)?;
                }
            }
            StmtKind::TryFinally { body, finalbody } => {
                self.visit_body(body)?;
                self.visit_body(finalbody)?;
            }
            StmtKind::Assert { test, msg } => {
                self.visit_expr(test)?;
                self.visit_option(msg)?;
            }
            StmtKind::Import { names } | StmtKind::ImportFrom { names, .. } => {
                names.iter().try_for_each(|a| self.visit_alias(a))?;
                let block = self.current();
                if block.unoptimized != 0 && block.unoptimized_line == 0 {
                    block.unoptimized_line = stmt.lineno;
                }
            }
            StmtKind::Exec { body, globals, locals } => {
                self.visit_expr(body)?;
                let block = self.current();
                if block.unoptimized_line == 0 {
                    block.unoptimized_line = stmt.lineno;
                }
                if globals.is_some() {
                    block.unoptimized |= unoptimized::EXEC;
                    self.visit_option(globals)?;
                    self.visit_option(locals)?;
                } else {
                    block.unoptimized |= unoptimized::BARE_EXEC;
                }
            }
            StmtKind::Global { names } => {
                names.iter().try_for_each(|n| self.declare_global(n, stmt.lineno))?
            }
            StmtKind::Expr { value } => self.visit_expr(value)?,
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
        }
        Ok(())
    }

    fn declare_global(&mut self, name: &Ident, lineno: i32) -> Result<()> {
        let mangled = mangle(self.class.as_ref(), name);
        let bits = self.current().symbols.get(&mangled).copied().unwrap_or(0);
        let shown = String::from_utf8_lossy(&name.as_bytes()[..name.as_bytes().len().min(400)]).into_owned();
        if bits & symbol::LOCAL != 0 {
            self.warn(format!("name '{shown}' is assigned to before global declaration"), lineno);
        } else if bits & symbol::USE != 0 {
            self.warn(format!("name '{shown}' is used prior to global declaration"), lineno);
        }
        self.define(name, symbol::GLOBAL)
    }

    fn visit_alias(&mut self, alias: &Alias) -> Result<()> {
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        if *name == "*" {
            let block = self.current();
            block.unoptimized |= unoptimized::IMPORT_STAR;
            if block.kind != BlockType::Module {
                let lineno = block.lineno;
                self.warn("import * only allowed at module level".into(), lineno);
            }
            return Ok(());
        }
        match name.as_bytes().iter().position(|&b| b == b'.') {
            Some(dot) => self.define(&Ident::new(&name.as_bytes()[..dot]), symbol::IMPORT),
            None => self.define(name, symbol::IMPORT),
        }
    }

    pub(super) fn visit_arguments(&mut self, args: &Arguments) -> Result<()> {
        self.visit_parameters(&args.args, true)?;
        if let Some(name) = &args.vararg {
            self.define(name, symbol::PARAM)?;
            self.current().varargs = true;
        }
        if let Some(name) = &args.kwarg {
            self.define(name, symbol::PARAM)?;
            self.current().varkeywords = true;
        }
        self.visit_nested_parameters(&args.args)
    }

    fn visit_parameters(&mut self, args: &[Expr], toplevel: bool) -> Result<()> {
        for (position, arg) in args.iter().enumerate() {
            match &arg.kind {
                ExprKind::Name { id, .. } => self.define(id, symbol::PARAM)?,
                ExprKind::Tuple { .. } if toplevel => self.implicit_parameter(position)?,
                ExprKind::Tuple { .. } => {}
                _ => {
                    let lineno = self.current().lineno;
                    return Err(Error::syntax_in_scope("invalid expression in parameter list", lineno));
                }
            }
        }
        if toplevel { Ok(()) } else { self.visit_nested_parameters(args) }
    }

    fn visit_nested_parameters(&mut self, args: &[Expr]) -> Result<()> {
        for arg in args {
            if let ExprKind::Tuple { elts, .. } = &arg.kind {
                self.deeper(|b| b.visit_parameters(elts, false))?;
            }
        }
        Ok(())
    }
}
