//! Subscripts and slices. `a[i:j]` has opcodes of its own; everything else goes through an index object.

use super::Compiler;
use crate::ast::{Expr, ExprContext, Slice};
use crate::code::Const;
use crate::error::{Error, Result};
use crate::opcodes::Opcode as O;

impl Compiler<'_> {
    pub(super) fn subscript(&mut self, value: &Expr, slice: &Slice, ctx: ExprContext) -> Result<()> {
        if ctx == ExprContext::Param {
            return Err(Error::System("param invalid in subscript expression".into()));
        }
        if ctx != ExprContext::AugStore {
            self.expr(value)?;
        }
        if let Slice::Slice { lower, upper, step: None } = slice {
            return self.simple_slice(lower.as_deref(), upper.as_deref(), ctx);
        }
        if ctx != ExprContext::AugStore {
            match slice {
                Slice::ExtSlice { dims } => {
                    for dim in dims {
                        if matches!(dim, Slice::ExtSlice { .. }) {
                            return Err(Error::System("extended slice invalid in nested slice".into()));
                        }
                        self.index(dim)?;
                    }
                    self.op_arg(O::BUILD_TUPLE, dims.len());
                }
                _ => self.index(slice)?,
            }
        }
        match ctx {
            ExprContext::AugLoad => self.op_arg(O::DUP_TOPX, 2),
            ExprContext::AugStore => self.op(O::ROT_THREE),
            _ => {}
        }
        self.op(match ctx {
            ExprContext::Load | ExprContext::AugLoad => O::BINARY_SUBSCR,
            ExprContext::Store | ExprContext::AugStore | ExprContext::Param => O::STORE_SUBSCR,
            ExprContext::Del => O::DELETE_SUBSCR,
        });
        Ok(())
    }

    /// Pushes one index: a value, an ellipsis or a slice object.
    fn index(&mut self, slice: &Slice) -> Result<()> {
        match slice {
            Slice::Ellipsis => self.load_const(Const::Ellipsis),
            Slice::Index { value } => self.expr(value)?,
            Slice::Slice { lower, upper, step } => {
                self.expr_or_none(lower.as_deref())?;
                self.expr_or_none(upper.as_deref())?;
                if let Some(step) = step {
                    self.expr(step)?;
                }
                self.op_arg(O::BUILD_SLICE, if step.is_some() { 3 } else { 2 });
            }
            Slice::ExtSlice { .. } => {
                return Err(Error::System("extended slice invalid in nested slice".into()));
            }
        }
        Ok(())
    }

    fn simple_slice(&mut self, lower: Option<&Expr>, upper: Option<&Expr>, ctx: ExprContext) -> Result<()> {
        if ctx != ExprContext::AugStore {
            for bound in [lower, upper].into_iter().flatten() {
                self.expr(bound)?;
            }
        }
        let bounds = usize::from(lower.is_some()) + usize::from(upper.is_some());
        match (ctx, bounds) {
            (ExprContext::AugLoad, 0) => self.op(O::DUP_TOP),
            (ExprContext::AugLoad, n) => self.op_arg(O::DUP_TOPX, n + 1),
            (ExprContext::AugStore, 0) => self.op(O::ROT_TWO),
            (ExprContext::AugStore, 1) => self.op(O::ROT_THREE),
            (ExprContext::AugStore, _) => self.op(O::ROT_FOUR),
            _ => {}
        }
        let family = match ctx {
            ExprContext::Load | ExprContext::AugLoad => [O::SLICE_0, O::SLICE_1, O::SLICE_2, O::SLICE_3],
            ExprContext::Store | ExprContext::AugStore | ExprContext::Param => {
                [O::STORE_SLICE_0, O::STORE_SLICE_1, O::STORE_SLICE_2, O::STORE_SLICE_3]
            }
            ExprContext::Del => [O::DELETE_SLICE_0, O::DELETE_SLICE_1, O::DELETE_SLICE_2, O::DELETE_SLICE_3],
        };
        self.op(family[usize::from(lower.is_some()) + 2 * usize::from(upper.is_some())]);
        Ok(())
    }
}
