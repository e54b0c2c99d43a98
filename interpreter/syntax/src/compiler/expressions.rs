//! Expressions.

use super::{Access, Compiler};
use crate::ast::{BoolOp, CmpOp, Constant, Expr, ExprContext, ExprKind, Ident, Operator, UnaryOp};
use crate::code::{Const, flags};
use crate::error::{Error, Result};
use crate::opcodes::Opcode as O;

/// The constant of a literal.
pub(super) fn constant(value: &Constant) -> Const {
    match value {
        Constant::Int(n) => Const::Int(*n),
        Constant::Long(n) => Const::Long(n.clone()),
        Constant::Float(x) => Const::Float(*x),
        Constant::Complex(im) => Const::Complex(0.0, *im),
        Constant::Other(k) => (**k).clone(),
        Constant::Str(bytes) => Const::str(bytes),
        Constant::Unicode(points) => Const::Unicode(points.as_ref().into()),
    }
}

impl Compiler<'_> {
    /// What comes next belongs to this line, if it is a later one.
    pub(super) fn follow_line(&mut self, lineno: i32) {
        if lineno > self.unit().lineno {
            self.unit().begin_line(lineno);
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        self.follow_line(expr.lineno);
        self.deeper(|c| c.expr_kind(expr))
    }

    fn expr_kind(&mut self, expr: &Expr) -> Result<()> {
        match &expr.kind {
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values),
            ExprKind::BinOp { left, op, right } => {
                self.expr(left)?;
                self.expr(right)?;
                let op = self.binary_operator(*op);
                self.op(op);
                Ok(())
            }
            ExprKind::UnaryOp { op, operand } => {
                self.expr(operand)?;
                self.op(match op {
                    UnaryOp::Invert => O::UNARY_INVERT,
                    UnaryOp::Not => O::UNARY_NOT,
                    UnaryOp::UAdd => O::UNARY_POSITIVE,
                    UnaryOp::USub => O::UNARY_NEGATIVE,
                });
                Ok(())
            }
            ExprKind::Lambda { args, body } => self.lambda(expr, args, body),
            ExprKind::IfExp { test, body, orelse } => {
                let [end, next] = self.new_blocks();
                self.expr(test)?;
                self.jump(O::POP_JUMP_IF_FALSE, next);
                self.expr(body)?;
                self.jump(O::JUMP_FORWARD, end);
                self.unit().place(next);
                self.expr(orelse)?;
                self.unit().place(end);
                Ok(())
            }
            ExprKind::Dict { keys, values } => {
                self.op_arg(O::BUILD_MAP, values.len().min(0xffff));
                for (key, value) in keys.iter().zip(values) {
                    self.expr(value)?;
                    self.expr(key)?;
                    self.op(O::STORE_MAP);
                }
                Ok(())
            }
            ExprKind::Set { elts } => {
                self.exprs(elts)?;
                self.op_arg(O::BUILD_SET, elts.len());
                Ok(())
            }
            ExprKind::ListComp { elt, generators } => {
                self.op_arg(O::BUILD_LIST, 0);
                self.list_generator(generators, 0, elt)
            }
            ExprKind::SetComp { elt, generators } => {
                self.comprehension(expr, "<setcomp>", generators, elt, None)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.comprehension(expr, "<dictcomp>", generators, key, Some(value))
            }
            ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension(expr, "<genexpr>", generators, elt, None)
            }
            ExprKind::Yield { value } => {
                if self.block().kind != crate::symtable::BlockType::Function {
                    return self.error("'yield' outside function");
                }
                self.expr_or_none(value.as_deref())?;
                self.op(O::YIELD_VALUE);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } => self.compare(left, ops, comparators),
            ExprKind::Call { func, args, keywords, starargs, kwargs } => {
                self.expr(func)?;
                self.exprs(args)?;
                for keyword in keywords {
                    self.load_const(Const::Str { bytes: keyword.arg.as_bytes().into(), interned: true });
                    self.expr(&keyword.value)?;
                }
                for extra in [starargs, kwargs].into_iter().flatten() {
                    self.expr(extra)?;
                }
                let op = match (starargs, kwargs) {
                    (None, None) => O::CALL_FUNCTION,
                    (Some(_), None) => O::CALL_FUNCTION_VAR,
                    (None, Some(_)) => O::CALL_FUNCTION_KW,
                    (Some(_), Some(_)) => O::CALL_FUNCTION_VAR_KW,
                };
                self.op_arg(op, args.len() | (keywords.len() << 8));
                Ok(())
            }
            ExprKind::Repr { value } => {
                self.expr(value)?;
                self.op(O::UNARY_CONVERT);
                Ok(())
            }
            ExprKind::Num { n: value } | ExprKind::Str { s: value } => {
                self.load_const(constant(value));
                Ok(())
            }
            ExprKind::Attribute { value, attr, ctx } => self.attribute(value, attr, *ctx),
            ExprKind::Subscript { value, slice, ctx } => self.subscript(value, slice, *ctx),
            ExprKind::Name { id, ctx } => self.variable(
                id,
                match ctx {
                    ExprContext::Load | ExprContext::AugLoad => Access::Load,
                    ExprContext::Store | ExprContext::AugStore | ExprContext::Param => Access::Store,
                    ExprContext::Del => Access::Delete,
                },
            ),
            ExprKind::List { elts, ctx } => self.sequence(elts, *ctx, O::BUILD_LIST),
            ExprKind::Tuple { elts, ctx } => self.sequence(elts, *ctx, O::BUILD_TUPLE),
        }
    }

    fn sequence(&mut self, elts: &[Expr], ctx: ExprContext, build: O) -> Result<()> {
        if ctx == ExprContext::Store {
            self.op_arg(O::UNPACK_SEQUENCE, elts.len());
        }
        self.exprs(elts)?;
        if ctx == ExprContext::Load {
            self.op_arg(build, elts.len());
        }
        Ok(())
    }

    pub(super) fn attribute(&mut self, value: &Expr, attr: &Ident, ctx: ExprContext) -> Result<()> {
        if ctx != ExprContext::AugStore {
            self.expr(value)?;
        }
        let op = match ctx {
            ExprContext::AugLoad => {
                self.op(O::DUP_TOP);
                O::LOAD_ATTR
            }
            ExprContext::Load => O::LOAD_ATTR,
            ExprContext::AugStore => {
                self.op(O::ROT_TWO);
                O::STORE_ATTR
            }
            ExprContext::Store => O::STORE_ATTR,
            ExprContext::Del => O::DELETE_ATTR,
            ExprContext::Param => return Err(Error::System("param invalid in attribute expression".into())),
        };
        self.op_name(op, attr);
        Ok(())
    }

    fn bool_op(&mut self, op: BoolOp, values: &[Expr]) -> Result<()> {
        let Some((last, rest)) = values.split_last() else {
            return Err(Error::Value("boolean operation without values".into()));
        };
        let jump = match op {
            BoolOp::And => O::JUMP_IF_FALSE_OR_POP,
            BoolOp::Or => O::JUMP_IF_TRUE_OR_POP,
        };
        let end = self.unit().new_block();
        for value in rest {
            self.expr(value)?;
            self.jump(jump, end);
        }
        self.expr(last)?;
        self.unit().place(end);
        Ok(())
    }

    fn compare(&mut self, left: &Expr, ops: &[CmpOp], comparators: &[Expr]) -> Result<()> {
        let (Some((last_op, ops)), Some((last, rest))) = (ops.split_last(), comparators.split_last()) else {
            return Err(Error::Value("comparison without operators".into()));
        };
        self.expr(left)?;
        if rest.is_empty() {
            self.expr(last)?;
            self.op_arg(O::COMPARE_OP, comparison(*last_op));
            return Ok(());
        }
        let cleanup = self.unit().new_block();
        for (op, comparator) in ops.iter().zip(rest) {
            self.expr(comparator)?;
            self.op(O::DUP_TOP);
            self.op(O::ROT_THREE);
            self.op_arg(O::COMPARE_OP, comparison(*op));
            self.jump(O::JUMP_IF_FALSE_OR_POP, cleanup);
            self.unit().split();
        }
        self.expr(last)?;
        self.op_arg(O::COMPARE_OP, comparison(*last_op));
        let end = self.unit().new_block();
        self.jump(O::JUMP_FORWARD, end);
        self.unit().place(cleanup);
        self.op(O::ROT_TWO);
        self.op(O::POP_TOP);
        self.unit().place(end);
        Ok(())
    }

    fn binary_operator(&self, op: Operator) -> O {
        match op {
            Operator::Add => O::BINARY_ADD,
            Operator::Sub => O::BINARY_SUBTRACT,
            Operator::Mult => O::BINARY_MULTIPLY,
            Operator::Div if self.future.features & flags::FUTURE_DIVISION != 0 => O::BINARY_TRUE_DIVIDE,
            Operator::Div => O::BINARY_DIVIDE,
            Operator::Mod => O::BINARY_MODULO,
            Operator::Pow => O::BINARY_POWER,
            Operator::LShift => O::BINARY_LSHIFT,
            Operator::RShift => O::BINARY_RSHIFT,
            Operator::BitOr => O::BINARY_OR,
            Operator::BitXor => O::BINARY_XOR,
            Operator::BitAnd => O::BINARY_AND,
            Operator::FloorDiv => O::BINARY_FLOOR_DIVIDE,
        }
    }

    pub(super) fn inplace_operator(&self, op: Operator) -> O {
        match op {
            Operator::Add => O::INPLACE_ADD,
            Operator::Sub => O::INPLACE_SUBTRACT,
            Operator::Mult => O::INPLACE_MULTIPLY,
            Operator::Div if self.future.features & flags::FUTURE_DIVISION != 0 => O::INPLACE_TRUE_DIVIDE,
            Operator::Div => O::INPLACE_DIVIDE,
            Operator::Mod => O::INPLACE_MODULO,
            Operator::Pow => O::INPLACE_POWER,
            Operator::LShift => O::INPLACE_LSHIFT,
            Operator::RShift => O::INPLACE_RSHIFT,
            Operator::BitOr => O::INPLACE_OR,
            Operator::BitXor => O::INPLACE_XOR,
            Operator::BitAnd => O::INPLACE_AND,
            Operator::FloorDiv => O::INPLACE_FLOOR_DIVIDE,
        }
    }
}

/// The operand of `COMPARE_OP`.
fn comparison(op: CmpOp) -> usize {
    match op {
        CmpOp::Lt => 0,
        CmpOp::LtE => 1,
        CmpOp::Eq => 2,
        CmpOp::NotEq => 3,
        CmpOp::Gt => 4,
        CmpOp::GtE => 5,
        CmpOp::In => 6,
        CmpOp::NotIn => 7,
        CmpOp::Is => 8,
        CmpOp::IsNot => 9,
    }
}
