//! Parameters of functions and arguments of calls.

use super::{Builder, error_at, expr_at};
use crate::ast::*;
use crate::error::Result;
use crate::lexer::token::*;
use crate::parser::grammar::symbol;
use crate::parser::tree::Node;

/// The most arguments a call can pass.
const MAX_ARGUMENTS: usize = 255;

impl Builder<'_> {
    /// Parameters; `node` is the list or its only element.
    pub(super) fn parameters(&mut self, node: &Node) -> Result<Arguments> {
        let mut out = Arguments::default();
        let list = self.elements(node, symbol::varargslist);
        let kind_at = |i: usize| list.get(i).map(|n| n.kind);
        let mut i = 0;
        while i < list.len() {
            match list[i].kind as Kind {
                STAR if list[i].kind < 256 => {
                    out.vararg = Some(self.bound_ident(&list[i + 1], &list[i + 1])?);
                    i += 3;
                }
                DOUBLESTAR if list[i].kind < 256 => {
                    out.kwarg = Some(self.bound_ident(&list[i + 1], &list[i + 1])?);
                    i += 3;
                }
                _ => {
                    let mut param = list[i];
                    let mut has_default = kind_at(i + 1) == Some(EQUAL as u16);
                    if has_default {
                        let default = self.expr(&list[i + 2])?;
                        out.defaults.push(default);
                        i += 2;
                    } else if !out.defaults.is_empty() {
                        return Err(error_at(node, "non-default argument follows default argument"));
                    }
                    // Parentheses around a lone name mean nothing, but then it may have no default.
                    let mut parenthesized = false;
                    let mut complex = false;
                    while param.kind == symbol::fpdef {
                        let inner = self.children(&param)[1];
                        if inner.kind == symbol::fplist {
                            self.warn(&inner, "tuple parameter unpacking has been removed in 3.x")?;
                            let tuple = self.tuple_parameter(&inner)?;
                            out.args.push(tuple);
                            complex = true;
                            break;
                        }
                        parenthesized = true;
                        param = inner;
                        // The check is made again with what now follows.
                        has_default = kind_at(i + 1) == Some(EQUAL as u16);
                        if !has_default && !out.defaults.is_empty() {
                            return Err(error_at(node, "parenthesized arg with default"));
                        }
                    }
                    if !complex {
                        let id = self.bound_ident(&param, node)?;
                        out.args.push(expr_at(&param, ExprKind::Name { id, ctx: ExprContext::Param }));
                    }
                    i += 2;
                    if parenthesized {
                        self.warn(&param, "parenthesized argument names are invalid in 3.x")?;
                    }
                }
            }
        }
        Ok(out)
    }

    /// A parameter that unpacks a sequence; `node` is the list between its parentheses.
    fn tuple_parameter(&mut self, node: &Node) -> Result<Expr> {
        let mut elts = Vec::new();
        for element in self.children(node).iter().step_by(2) {
            let mut element = *element;
            elts.push(loop {
                if element.kind != symbol::fpdef {
                    let id = self.bound_ident(&element, node)?;
                    break expr_at(&element, ExprKind::Name { id, ctx: ExprContext::Store });
                }
                let inner = self.children(&element)[1];
                if inner.kind == symbol::fplist {
                    break self.tuple_parameter(&inner)?;
                }
                element = inner;
            });
        }
        let mut tuple = expr_at(node, ExprKind::Tuple { elts, ctx: ExprContext::Store });
        self.set_context(&mut tuple, ExprContext::Store, node)?;
        Ok(tuple)
    }

    /// A call of `func`; `node` is what stands between the parentheses.
    pub(super) fn call(&mut self, node: &Node, func: Expr) -> Result<Expr> {
        let list = self.elements(node, symbol::arglist);
        let is = |n: &Node, kind: Kind| n.kind == kind as u16;
        let (mut plain, mut keyworded, mut generators) = (0, 0, 0);
        let mut i = 0;
        while let Some(arg) = list.get(i) {
            i += 1;
            if is(arg, STAR) || is(arg, DOUBLESTAR) {
                i += 1;
            } else if arg.kind == symbol::argument {
                match self.children(arg)[1].kind {
                    symbol::comp_for => generators += 1,
                    _ => keyworded += 1,
                }
            } else if !is(arg, COMMA) {
                plain += 1;
            }
        }
        if generators > 1 || generators == 1 && plain + keyworded > 0 {
            return Err(error_at(node, "Generator expression must be parenthesized if not sole argument"));
        }
        if plain + keyworded + generators > MAX_ARGUMENTS {
            return Err(error_at(node, "more than 255 arguments"));
        }
        let mut args = Vec::with_capacity(plain + generators);
        let mut keywords: Vec<Keyword> = Vec::with_capacity(keyworded);
        let (mut starargs, mut kwargs) = (None, None);
        let mut i = 0;
        while let Some(arg) = list.get(i) {
            i += 1;
            if is(arg, STAR) {
                starargs = Some(Box::new(self.expr(&list[i])?));
                i += 1;
            } else if is(arg, DOUBLESTAR) {
                kwargs = Some(Box::new(self.expr(&list[i])?));
                i += 1;
            } else if arg.kind == symbol::argument {
                let parts = self.children(arg);
                if parts[1].kind == symbol::comp_for {
                    args.push(self.generator(arg)?);
                } else {
                    keywords.push(self.keyword(parts, &keywords)?);
                }
            } else if !is(arg, COMMA) {
                if !keywords.is_empty() {
                    return Err(error_at(arg, "non-keyword arg after keyword arg"));
                }
                if starargs.is_some() {
                    return Err(error_at(arg, "only named arguments may follow *expression"));
                }
                args.push(self.expr(arg)?);
            }
        }
        let (lineno, col) = (func.lineno, func.col_offset);
        Ok(Expr::new(ExprKind::Call { func: Box::new(func), args, keywords, starargs, kwargs }, lineno, col))
    }

    fn keyword(&mut self, parts: &[Node], before: &[Keyword]) -> Result<Keyword> {
        let name = self.expr(&parts[0])?;
        let arg = match &name.kind {
            ExprKind::Name { id, .. } => id.clone(),
            ExprKind::Lambda { .. } => return Err(error_at(&parts[0], "lambda cannot contain assignment")),
            _ => return Err(error_at(&parts[0], "keyword can't be an expression")),
        };
        self.check_bindable(arg.as_bytes(), &parts[0])?;
        if before.iter().any(|k| k.arg == arg) {
            return Err(error_at(&parts[0], "keyword argument repeated"));
        }
        Ok(Keyword { arg, value: self.expr(&parts[2])? })
    }
}
