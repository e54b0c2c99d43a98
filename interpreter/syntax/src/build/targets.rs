//! Targets of assignment and deletion: gives expressions their context, or says why they cannot have it.

use super::{Builder, error_at};
use crate::ast::{Expr, ExprContext, ExprKind};
use crate::error::Result;
use crate::parser::tree::Node;

impl Builder<'_> {
    /// Makes `expr` a target. Errors are reported at `at`, whichever part is to blame.
    pub(super) fn set_context(&mut self, expr: &mut Expr, ctx: ExprContext, at: &Node) -> Result<()> {
        let what = match &mut expr.kind {
            ExprKind::Attribute { attr, ctx: slot, .. } => {
                if ctx == ExprContext::Store {
                    self.check_bindable(attr.as_bytes(), at)?;
                }
                *slot = ctx;
                return Ok(());
            }
            ExprKind::Subscript { ctx: slot, .. } => {
                *slot = ctx;
                return Ok(());
            }
            ExprKind::Name { id, ctx: slot } => {
                if ctx == ExprContext::Store {
                    self.check_bindable(id.as_bytes(), at)?;
                }
                *slot = ctx;
                return Ok(());
            }
            ExprKind::Tuple { elts, .. } if elts.is_empty() => "()",
            ExprKind::List { elts, ctx: slot } | ExprKind::Tuple { elts, ctx: slot } => {
                *slot = ctx;
                for e in elts {
                    self.set_context(e, ctx, at)?;
                }
                return Ok(());
            }
            ExprKind::Lambda { .. } => "lambda",
            ExprKind::Call { .. } => "function call",
            ExprKind::BoolOp { .. } | ExprKind::BinOp { .. } | ExprKind::UnaryOp { .. } => "operator",
            ExprKind::GeneratorExp { .. } => "generator expression",
            ExprKind::Yield { .. } => "yield expression",
            ExprKind::ListComp { .. } => "list comprehension",
            ExprKind::SetComp { .. } => "set comprehension",
            ExprKind::DictComp { .. } => "dict comprehension",
            ExprKind::Dict { .. } | ExprKind::Set { .. } | ExprKind::Num { .. } | ExprKind::Str { .. } => {
                "literal"
            }
            ExprKind::Compare { .. } => "comparison",
            ExprKind::Repr { .. } => "repr",
            ExprKind::IfExp { .. } => "conditional expression",
        };
        let verb = if ctx == ExprContext::Store { "assign to" } else { "delete" };
        Err(error_at(at, format!("can't {verb} {what}")))
    }
}
