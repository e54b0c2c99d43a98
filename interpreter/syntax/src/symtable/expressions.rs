//! First pass, expressions.

use super::block::{BlockType, symbol};
use super::build::{Builder, RETURN_IN_GENERATOR};
use crate::ast::{Comprehension, Expr, ExprContext, ExprKind, Slice};
use crate::error::{Error, Result};

impl Builder<'_> {
    pub(super) fn visit_expr(&mut self, expr: &Expr) -> Result<()> {
        self.deeper(|b| b.visit_expr_kind(expr))
    }

    fn visit_expr_kind(&mut self, expr: &Expr) -> Result<()> {
        match &expr.kind {
            ExprKind::BoolOp { values, .. } => self.visit_exprs(values),
            ExprKind::BinOp { left, right, .. } => {
                self.visit_expr(left)?;
                self.visit_expr(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.visit_expr(operand),
            ExprKind::Lambda { args, body } => {
                self.visit_exprs(&args.defaults)?;
                self.enter("lambda".into(), BlockType::Function, expr, expr.lineno);
                self.visit_arguments(args)?;
                self.visit_expr(body)?;
                self.leave();
                Ok(())
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.visit_expr(test)?;
                self.visit_expr(body)?;
                self.visit_expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                self.visit_exprs(keys)?;
                self.visit_exprs(values)
            }
            ExprKind::Set { elts } | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.visit_exprs(elts)
            }
            ExprKind::ListComp { elt, generators } => {
                let Some((outermost, rest)) = generators.split_first() else {
                    return Err(Error::Value("comprehension with no generators".into()));
                };
                self.visit_expr(&outermost.iter)?;
                self.within_comprehension("list comprehension", |b| {
                    b.visit_expr(elt)?;
                    b.visit_expr(&outermost.target)?;
                    b.visit_exprs(&outermost.ifs)?;
                    rest.iter().try_for_each(|g| b.visit_generator(g))
                })
            }
            ExprKind::SetComp { elt, generators } => {
                self.visit_comprehension(expr, "setcomp", generators, elt, None)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.visit_comprehension(expr, "dictcomp", generators, key, Some(value))
            }
            ExprKind::GeneratorExp { elt, generators } => {
                self.visit_comprehension(expr, "genexpr", generators, elt, None)
            }
            ExprKind::Yield { value } => {
                self.visit_option(value)?;
                let block = self.current();
                block.generator = true;
                if block.returns_value {
                    return Err(Error::syntax_in_scope(RETURN_IN_GENERATOR, expr.lineno));
                }
                Ok(())
            }
            ExprKind::Compare { left, comparators, .. } => {
                self.visit_expr(left)?;
                self.visit_exprs(comparators)
            }
            ExprKind::Call { func, args, keywords, starargs, kwargs } => {
                self.visit_expr(func)?;
                self.visit_exprs(args)?;
                keywords.iter().try_for_each(|k| self.visit_expr(&k.value))?;
                self.visit_option(starargs)?;
                self.visit_option(kwargs)
            }
            ExprKind::Repr { value } | ExprKind::Attribute { value, .. } => self.visit_expr(value),
            ExprKind::Num { .. } | ExprKind::Str { .. } => Ok(()),
            ExprKind::Subscript { value, slice, .. } => {
                self.visit_expr(value)?;
                self.visit_slice(slice)
            }
            ExprKind::Name { id, ctx } => {
                self.define(id, if *ctx == ExprContext::Load { symbol::USE } else { symbol::LOCAL })
            }
        }
    }

    fn visit_slice(&mut self, slice: &Slice) -> Result<()> {
        match slice {
            Slice::Ellipsis => Ok(()),
            Slice::Slice { lower, upper, step } => {
                self.visit_option(lower)?;
                self.visit_option(upper)?;
                self.visit_option(step)
            }
            Slice::ExtSlice { dims } => dims.iter().try_for_each(|d| self.deeper(|b| b.visit_slice(d))),
            Slice::Index { value } => self.visit_expr(value),
        }
    }

    fn visit_generator(&mut self, generator: &Comprehension) -> Result<()> {
        self.visit_expr(&generator.target)?;
        self.visit_expr(&generator.iter)?;
        self.visit_exprs(&generator.ifs)
    }

    /// A comprehension with a block of its own; its outermost iterable is evaluated outside.
    fn visit_comprehension(
        &mut self,
        expr: &Expr,
        block_name: &str,
        generators: &[Comprehension],
        elt: &Expr,
        value: Option<&Expr>,
    ) -> Result<()> {
        let Some((outermost, rest)) = generators.split_first() else {
            return Err(Error::Value("comprehension with no generators".into()));
        };
        let is_generator = matches!(expr.kind, ExprKind::GeneratorExp { .. });
        let what = match expr.kind {
            ExprKind::GeneratorExp { .. } => "generator expression",
            ExprKind::SetComp { .. } => "set comprehension",
            _ => "dict comprehension",
        };
        self.visit_expr(&outermost.iter)?;
        self.enter(block_name.into(), BlockType::Function, expr, 0);
        self.current().generator = is_generator;
        self.implicit_parameter(0)?;
        if !is_generator {
            self.hidden_name()?;
        }
        self.within_comprehension(what, |b| {
            b.visit_expr(&outermost.target)?;
            b.visit_exprs(&outermost.ifs)?;
            rest.iter().try_for_each(|g| b.visit_generator(g))?;
            if let Some(value) = value {
                b.visit_expr(value)?;
            }
            b.visit_expr(elt)
        })?;
        self.leave();
        Ok(())
    }
}
