//! Statements with blocks.

use super::{Builder, stmt_at};
use crate::ast::*;
use crate::error::Result;
use crate::lexer::token::*;
use crate::parser::grammar::symbol;
use crate::parser::tree::Node;

impl Builder<'_> {
    /// A statement, or several on one line.
    pub(super) fn statement(&mut self, node: &Node, out: &mut Vec<Stmt>) -> Result<()> {
        let stmt = match node.kind {
            symbol::simple_stmt => {
                let c = self.children(node);
                for small in c[..c.len() - 1].iter().step_by(2) {
                    out.push(self.small_statement(small)?);
                }
                return Ok(());
            }
            symbol::if_stmt => self.if_statement(node)?,
            symbol::while_stmt => self.while_statement(node)?,
            symbol::for_stmt => self.for_statement(node)?,
            symbol::try_stmt => self.try_statement(node)?,
            symbol::with_stmt => self.with_statement(node)?,
            symbol::funcdef => self.function(node, Vec::new())?,
            symbol::classdef => self.class(node, Vec::new())?,
            _ => self.decorated(node)?,
        };
        out.push(stmt);
        Ok(())
    }

    fn suite(&mut self, node: &Node) -> Result<Vec<Stmt>> {
        if node.kind != symbol::suite {
            let mut out = Vec::new();
            self.statement(node, &mut out)?;
            return Ok(out);
        }
        let c = self.children(node);
        let mut out = Vec::with_capacity(c.len());
        for stmt in c {
            if stmt.kind >= 256 {
                self.statement(stmt, &mut out)?;
            }
        }
        Ok(out)
    }

    /// `if` and its `elif`s: each of those is an `if` in the `else` of the one before. The last is built first,
    /// with its `else` last of all.
    fn if_statement(&mut self, node: &Node) -> Result<Stmt> {
        let c = self.children(node);
        let mut else_suite = (c.len() % 4 == 3).then(|| &c[c.len() - 1]);
        let branches = c.len() / 4;
        let mut orelse = Vec::new();
        for n in (0..branches).rev() {
            let test = Box::new(self.expr(&c[n * 4 + 1])?);
            let body = self.suite(&c[n * 4 + 3])?;
            if let Some(suite) = else_suite.take() {
                orelse = self.suite(suite)?;
            }
            let at = if n == 0 { node } else { &c[n * 4 + 1] };
            orelse = vec![stmt_at(at, StmtKind::If { test, body, orelse })];
        }
        orelse.pop().ok_or(crate::error::Error::Memory)
    }

    fn while_statement(&mut self, node: &Node) -> Result<Stmt> {
        let c = self.children(node);
        let test = Box::new(self.expr(&c[1])?);
        let body = self.suite(&c[3])?;
        let orelse = c.get(6).map_or(Ok(Vec::new()), |s| self.suite(s))?;
        Ok(stmt_at(node, StmtKind::While { test, body, orelse }))
    }

    fn for_statement(&mut self, node: &Node) -> Result<Stmt> {
        let c = self.children(node);
        let orelse = c.get(8).map_or(Ok(Vec::new()), |s| self.suite(s))?;
        let target = Box::new(self.loop_target(&c[1])?);
        let iter = Box::new(self.expr_list(&c[3])?);
        let body = self.suite(&c[5])?;
        Ok(stmt_at(node, StmtKind::For { target, iter, body, orelse }))
    }

    fn try_statement(&mut self, node: &Node) -> Result<Stmt> {
        let c = self.children(node);
        let body = self.suite(&c[2])?;
        let (mut orelse, mut finalbody) = (Vec::new(), None);
        for part in c[3..].chunks_exact(3) {
            match part[0].kind as Kind {
                KW_ELSE if part[0].kind < 256 => orelse = self.suite(&part[2])?,
                KW_FINALLY if part[0].kind < 256 => finalbody = Some(self.suite(&part[2])?),
                _ => {}
            }
        }
        let mut handlers = Vec::new();
        for part in c[3..].chunks_exact(3).filter(|p| p[0].kind == symbol::except_clause) {
            handlers.push(self.handler(&part[0], &part[2])?);
        }
        let caught = if handlers.is_empty() {
            body
        } else {
            let stmt = stmt_at(node, StmtKind::TryExcept { body, handlers, orelse });
            if finalbody.is_none() {
                return Ok(stmt);
            }
            vec![stmt]
        };
        Ok(stmt_at(node, StmtKind::TryFinally { body: caught, finalbody: finalbody.unwrap_or_default() }))
    }

    fn handler(&mut self, clause: &Node, suite: &Node) -> Result<ExceptHandler> {
        let c = self.children(clause);
        let mut name = None;
        if let Some(at) = c.get(3) {
            let mut e = self.expr(at)?;
            self.set_context(&mut e, ExprContext::Store, at)?;
            name = Some(Box::new(e));
        }
        let typ = match c.get(1) {
            Some(e) => Some(Box::new(self.expr(e)?)),
            None => None,
        };
        let body = self.suite(suite)?;
        Ok(ExceptHandler { typ, name, body, lineno: clause.lineno as i32, col_offset: clause.col })
    }

    /// Several items are nested statements, built from the inside.
    fn with_statement(&mut self, node: &Node) -> Result<Stmt> {
        let c = self.children(node);
        let mut body = self.suite(&c[c.len() - 1])?;
        for item in c[1..c.len() - 2].iter().step_by(2).rev() {
            let mut optional_vars = None;
            let context_expr;
            if item.kind == symbol::with_item {
                let parts = self.children(item);
                context_expr = self.expr(&parts[0])?;
                let mut vars = self.expr(&parts[2])?;
                self.set_context(&mut vars, ExprContext::Store, item)?;
                optional_vars = Some(Box::new(vars));
            } else {
                context_expr = self.expr(item)?;
            }
            let kind = StmtKind::With { context_expr: Box::new(context_expr), optional_vars, body };
            body = vec![stmt_at(item, kind)];
        }
        body.pop().ok_or(crate::error::Error::Memory)
    }

    fn decorated(&mut self, node: &Node) -> Result<Stmt> {
        let c = self.children(node);
        let mut decorators = Vec::new();
        for d in self.elements(&c[0], symbol::decorators) {
            decorators.push(self.decorator(d)?);
        }
        let mut stmt = match c[1].kind {
            symbol::funcdef => self.function(&c[1], decorators)?,
            _ => self.class(&c[1], decorators)?,
        };
        stmt.lineno = node.lineno as i32;
        stmt.col_offset = node.col;
        Ok(stmt)
    }

    fn function(&mut self, node: &Node, decorator_list: Vec<Expr>) -> Result<Stmt> {
        let c = self.children(node);
        let name = self.bound_ident(&c[1], &c[1])?;
        let parameters = self.children(&c[2]);
        let args =
            if parameters.len() == 2 { Arguments::default() } else { self.parameters(&parameters[1])? };
        let body = self.suite(&c[4])?;
        Ok(stmt_at(node, StmtKind::FunctionDef { name, args: Box::new(args), body, decorator_list }))
    }

    fn class(&mut self, node: &Node, decorator_list: Vec<Expr>) -> Result<Stmt> {
        let c = self.children(node);
        let name = self.bound_ident(&c[1], node)?;
        let mut bases = Vec::new();
        if c.len() == 7 {
            bases = self.every_other(self.elements(&c[3], symbol::testlist))?;
        }
        let body = self.suite(&c[c.len() - 1])?;
        Ok(stmt_at(node, StmtKind::ClassDef { name, bases, body, decorator_list }))
    }
}
