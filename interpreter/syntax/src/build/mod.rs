//! From the concrete tree to the abstract one.
//!
//! The grammar lets more through than the language allows; this stage refuses the rest (targets that cannot be
//! assigned to, arguments out of order). Its errors carry a line and no column, and since it visits some statements
//! out of source order (the `else` of a loop first, `elif` from the last), so does the choice of the first error.
//!
//! # Invariants
//! B1. A nonterminal with one child was replaced by it (see `parser::tree`), so each function dispatches on what it
//!     finds and treats a node of no list kind as a list of one.
//! B2. Native recursion is bounded by the parser's stack; chains of operators and trailers are built by loops.

mod arguments;
mod atoms;
mod compound;
mod expressions;
mod simple;
mod targets;

use crate::ast::{Expr, ExprContext, ExprKind, Ident, Mod, Stmt, StmtKind};
use crate::error::{Error, Result};
use crate::lexer::encoding::{Category, SourceHooks};
use crate::lexer::token::*;
use crate::parser::entry::{Mode, ParseFlags, Parsed};
use crate::parser::grammar::symbol;
use crate::parser::tree::{Node, Tree};

/// Builds the abstract tree of one parsed input.
pub struct Builder<'a> {
    tree: &'a Tree,
    source: &'a [u8],
    /// The declared encoding of the source.
    encoding: Option<&'a str>,
    /// The tokens are UTF-8, the source was not.
    recoded: bool,
    unicode_literals: bool,
    py3k_warnings: bool,
    hooks: &'a mut dyn SourceHooks,
}

impl<'a> Builder<'a> {
    /// A builder for a parsed input.
    pub fn new(
        parsed: &'a Parsed,
        flags: &ParseFlags,
        hooks: &'a mut dyn SourceHooks,
    ) -> Result<Builder<'a>> {
        let mut encoding = parsed.source.encoding.as_deref();
        if flags.source_is_utf8 {
            if encoding.is_some() {
                return Err(Error::syntax("encoding declaration in Unicode string", 0));
            }
            encoding = Some("utf-8");
        }
        Ok(Builder {
            tree: &parsed.tree,
            source: &parsed.source.bytes,
            encoding,
            recoded: parsed.source.recoded(),
            unicode_literals: parsed.unicode_literals,
            py3k_warnings: flags.py3k_warnings,
            hooks,
        })
    }

    /// The whole input.
    pub fn module(&mut self, mode: Mode) -> Result<Mod> {
        let root = *self.tree.last().ok_or(Error::Memory)?;
        let children = self.children(&root);
        Ok(match mode {
            Mode::Exec => {
                let mut body = Vec::new();
                for child in children {
                    if child.kind >= 256 {
                        self.statement(child, &mut body)?;
                    }
                }
                Mod::Module(body)
            }
            Mode::Eval => Mod::Expression(Box::new(self.expr_list(&children[0])?)),
            Mode::Single => {
                let mut body = Vec::new();
                if children[0].kind == NEWLINE as u16 {
                    // An empty statement stands nowhere.
                    body.push(Stmt::new(StmtKind::Pass, 0, 0));
                } else {
                    self.statement(&children[0], &mut body)?;
                }
                Mod::Interactive(body)
            }
        })
    }

    fn children(&self, node: &Node) -> &'a [Node] {
        self.tree.children(node)
    }

    fn text(&self, node: &Node) -> &'a [u8] {
        self.tree.text(node, self.source)
    }

    /// The elements of a comma-separated list of the given kind, or the lone element it was replaced by.
    fn elements<'n>(&self, node: &'n Node, kind: u16) -> &'n [Node]
    where
        'a: 'n,
    {
        if node.kind == kind { self.tree.children(node) } else { std::slice::from_ref(node) }
    }

    fn ident(&self, node: &Node) -> Ident {
        Ident::new(self.text(node))
    }

    /// An identifier that is being bound.
    fn bound_ident(&mut self, node: &Node, at: &Node) -> Result<Ident> {
        let text = self.text(node);
        self.check_bindable(text, at)?;
        Ok(Ident::new(text))
    }

    /// Refuses to bind the names the language keeps for itself.
    fn check_bindable(&mut self, name: &[u8], at: &Node) -> Result<()> {
        match name {
            b"None" => Err(error_at(at, "cannot assign to None")),
            b"__debug__" => Err(error_at(at, "cannot assign to __debug__")),
            b"True" | b"False" => self.warn(at, "assignment to True or False is forbidden in 3.x"),
            b"nonlocal" => self.warn(at, "nonlocal is a keyword in 3.x"),
            _ => Ok(()),
        }
    }

    /// A `-3` warning.
    fn warn(&mut self, at: &Node, message: &str) -> Result<()> {
        if self.py3k_warnings && !self.hooks.warn_py3k(Category::Syntax, message, at.lineno as i32) {
            return Err(Error::Raised);
        }
        Ok(())
    }

    /// A list of expressions: a tuple when it has a comma.
    #[inline(never)]
    fn expr_list(&mut self, node: &Node) -> Result<Expr> {
        match node.kind {
            symbol::testlist | symbol::testlist_safe | symbol::testlist1 | symbol::testlist_comp => {
                let children = self.children(node);
                if node.kind == symbol::testlist_comp && children[1].kind == symbol::comp_for {
                    return self.generator(node);
                }
                let elts = self.every_other(children)?;
                Ok(expr_at(node, ExprKind::Tuple { elts, ctx: ExprContext::Load }))
            }
            _ => self.expr(node),
        }
    }

    /// The expressions between commas.
    fn every_other(&mut self, nodes: &[Node]) -> Result<Vec<Expr>> {
        let mut out = Vec::with_capacity(nodes.len().div_ceil(2));
        for node in nodes.iter().step_by(2) {
            out.push(self.expr(node)?);
        }
        Ok(out)
    }
}

#[cold]
fn error_at(node: &Node, message: impl Into<String>) -> Error {
    Error::syntax(message, node.lineno as i32)
}

fn expr_at(node: &Node, kind: ExprKind) -> Expr {
    Expr::new(kind, node.lineno as i32, node.col)
}

fn stmt_at(node: &Node, kind: StmtKind) -> Stmt {
    Stmt::new(kind, node.lineno as i32, node.col)
}
