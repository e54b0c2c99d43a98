//! Statements that fit on one line.

use super::expressions::operator;
use super::{Builder, error_at, expr_at, stmt_at};
use crate::ast::*;
use crate::error::Result;
use crate::lexer::token::*;
use crate::parser::grammar::symbol;
use crate::parser::tree::Node;

impl Builder<'_> {
    /// A statement between semicolons.
    pub(super) fn small_statement(&mut self, node: &Node) -> Result<Stmt> {
        let kind = match node.kind {
            symbol::expr_stmt => return self.expression_statement(node),
            symbol::print_stmt => self.print(node)?,
            symbol::del_stmt => {
                StmtKind::Delete { targets: self.targets(&self.children(node)[1], ExprContext::Del)? }
            }
            symbol::pass_stmt => StmtKind::Pass,
            symbol::break_stmt => StmtKind::Break,
            symbol::continue_stmt => StmtKind::Continue,
            symbol::return_stmt => {
                let value = match self.children(node).get(1) {
                    Some(list) => Some(Box::new(self.expr_list(list)?)),
                    None => None,
                };
                StmtKind::Return { value }
            }
            symbol::raise_stmt => {
                let c = self.children(node);
                let typ = self.optional(c.get(1))?;
                let inst = self.optional(c.get(3))?;
                let tback = self.optional(c.get(5))?;
                StmtKind::Raise { typ, inst, tback }
            }
            symbol::import_name => {
                let list = self.children(node)[1];
                let mut names = Vec::new();
                for item in self.elements(&list, symbol::dotted_as_names).iter().step_by(2) {
                    names.push(self.module_alias(item)?);
                }
                StmtKind::Import { names }
            }
            symbol::import_from => self.import_from(node)?,
            symbol::global_stmt => {
                let names = self.children(node)[1..].iter().step_by(2).map(|n| self.ident(n)).collect();
                StmtKind::Global { names }
            }
            symbol::exec_stmt => self.exec(node)?,
            symbol::assert_stmt => {
                let c = self.children(node);
                let test = Box::new(self.expr(&c[1])?);
                StmtKind::Assert { test, msg: self.optional(c.get(3))? }
            }
            _ => StmtKind::Expr { value: Box::new(self.expr_list(node)?) },
        };
        Ok(stmt_at(node, kind))
    }

    fn optional(&mut self, node: Option<&Node>) -> Result<Option<Box<Expr>>> {
        node.map(|n| self.expr(n).map(Box::new)).transpose()
    }

    /// Assignments; an expression alone never has this node.
    fn expression_statement(&mut self, node: &Node) -> Result<Stmt> {
        let c = self.children(node);
        if c[1].kind != EQUAL as u16 {
            let at = &c[0];
            let mut target = self.expr_list(at)?;
            self.set_context(&mut target, ExprContext::Store, at)?;
            if !matches!(
                target.kind,
                ExprKind::Name { .. } | ExprKind::Attribute { .. } | ExprKind::Subscript { .. }
            ) {
                return Err(error_at(at, "illegal expression for augmented assignment"));
            }
            let value = Box::new(self.expr_list(&c[2])?);
            let op = operator(c[1].kind as Kind);
            return Ok(stmt_at(node, StmtKind::AugAssign { target: Box::new(target), op, value }));
        }
        let (value, rest) = match c.split_last() {
            Some(split) => split,
            None => return Err(error_at(node, "invalid syntax")),
        };
        let mut targets = Vec::with_capacity(rest.len() / 2);
        for at in rest.iter().step_by(2) {
            if at.kind == symbol::yield_expr {
                return Err(error_at(at, "assignment to yield expression not possible"));
            }
            let mut target = self.expr_list(at)?;
            self.set_context(&mut target, ExprContext::Store, at)?;
            targets.push(target);
        }
        let value = Box::new(self.expr_list(value)?);
        Ok(stmt_at(node, StmtKind::Assign { targets, value }))
    }

    fn print(&mut self, node: &Node) -> Result<StmtKind> {
        let c = self.children(node);
        let mut values_from = 1;
        let mut dest = None;
        if c.get(1).is_some_and(|n| n.kind == RIGHTSHIFT as u16) {
            dest = Some(Box::new(self.expr(&c[2])?));
            values_from = 4;
        }
        let values = self.every_other(c.get(values_from..).unwrap_or(&[]))?;
        let nl = c[c.len() - 1].kind != COMMA as u16;
        Ok(StmtKind::Print { dest, values, nl })
    }

    fn exec(&mut self, node: &Node) -> Result<StmtKind> {
        let c = self.children(node);
        let mut body = self.expr(&c[1])?;
        if c.len() == 2
            && let ExprKind::Tuple { elts, .. } = &mut body.kind
            && (elts.len() == 2 || elts.len() == 3)
        {
            // The form of a call: exec(code, globals, locals).
            let mut parts = std::mem::take(elts).into_iter().map(Box::new);
            if let (Some(first), globals) = (parts.next(), parts.next()) {
                return Ok(StmtKind::Exec { body: first, globals, locals: parts.next() });
            }
        }
        let globals = self.optional(c.get(3))?;
        let locals = self.optional(c.get(5))?;
        Ok(StmtKind::Exec { body: Box::new(body), globals, locals })
    }

    /// `a.b.c`, as one name.
    fn dotted(&self, node: &Node) -> Ident {
        if node.kind != symbol::dotted_name {
            return self.ident(node);
        }
        let parts: Vec<&[u8]> = self.children(node).iter().step_by(2).map(|n| self.text(n)).collect();
        Ident::new(&parts.join(&b'.'))
    }

    /// One name of `import`.
    fn module_alias(&mut self, node: &Node) -> Result<Alias> {
        if node.kind == symbol::dotted_as_name {
            let c = self.children(node);
            let name = self.dotted(&c[0]);
            return Ok(Alias { name, asname: Some(self.bound_ident(&c[2], &c[2])?) });
        }
        if node.kind != symbol::dotted_name {
            self.check_bindable(self.text(node), node)?;
        }
        Ok(Alias { name: self.dotted(node), asname: None })
    }

    fn import_from(&mut self, node: &Node) -> Result<StmtKind> {
        let c = self.children(node);
        let mut i = 1 + c[1..].iter().take_while(|n| n.kind == DOT as u16).count();
        let level = i as i32 - 1;
        let mut module = None;
        if c[i].kind != KW_IMPORT as u16 {
            module = Some(self.dotted(&c[i]));
            i += 1;
        }
        let mut list = &c[i + 1];
        if list.kind == STAR as u16 {
            let names = vec![Alias { name: "*".into(), asname: None }];
            return Ok(StmtKind::ImportFrom { module, names, level });
        }
        if list.kind == LPAR as u16 {
            list = &c[i + 2];
        } else if list.kind == symbol::import_as_names && self.children(list).len().is_multiple_of(2) {
            return Err(error_at(list, "trailing comma not allowed without surrounding parentheses"));
        }
        let mut names = Vec::new();
        for item in self.elements(list, symbol::import_as_names).iter().step_by(2) {
            names.push(if item.kind == symbol::import_as_name {
                let parts = self.children(item);
                let asname = Some(self.bound_ident(&parts[2], &parts[2])?);
                Alias { name: self.ident(&parts[0]), asname }
            } else {
                Alias { name: self.bound_ident(item, item)?, asname: None }
            });
        }
        Ok(StmtKind::ImportFrom { module, names, level })
    }

    /// The expression of a decorator: a dotted name, perhaps called.
    pub(super) fn decorator(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let names = &c[1];
        let parts = self.elements(names, symbol::dotted_name);
        let mut e = expr_at(names, ExprKind::Name { id: self.ident(&parts[0]), ctx: ExprContext::Load });
        for part in parts.iter().step_by(2).skip(1) {
            let attr = self.ident(part);
            e = expr_at(names, ExprKind::Attribute { value: Box::new(e), attr, ctx: ExprContext::Load });
        }
        match c.len() {
            3 => Ok(e),
            5 => Ok(expr_at(
                names,
                ExprKind::Call {
                    func: Box::new(e),
                    args: Vec::new(),
                    keywords: Vec::new(),
                    starargs: None,
                    kwargs: None,
                },
            )),
            _ => self.call(&c[3], e),
        }
    }
}
