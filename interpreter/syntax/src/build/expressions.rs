//! Operators, comprehensions, trailers.

use super::{Builder, expr_at};
use crate::ast::*;
use crate::error::Result;
use crate::lexer::token::*;
use crate::parser::grammar::symbol;
use crate::parser::tree::Node;

impl Builder<'_> {
    /// An expression, whatever its nonterminal.
    pub(super) fn expr(&mut self, node: &Node) -> Result<Expr> {
        match node.kind {
            0..=255 | symbol::atom => self.atom(node),
            symbol::power => self.power(node),
            symbol::test => self.conditional(node),
            symbol::lambdef | symbol::old_lambdef => self.lambda(node),
            symbol::or_test => self.bool_op(node, BoolOp::Or),
            symbol::and_test => self.bool_op(node, BoolOp::And),
            symbol::not_test => self.unary(node, UnaryOp::Not),
            symbol::comparison => self.comparison(node),
            symbol::expr
            | symbol::xor_expr
            | symbol::and_expr
            | symbol::shift_expr
            | symbol::arith_expr
            | symbol::term => self.binary(node),
            symbol::factor => self.factor(node),
            symbol::yield_expr => self.yielded(node),
            _ => self.expr_list(node),
        }
    }

    // The functions below are kept out of line: the nesting of frames is what the native stack must hold.

    #[inline(never)]
    fn conditional(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let body = self.boxed(&c[0])?;
        // The condition comes before the last part, which is also the order of errors.
        let test = self.boxed(&c[2])?;
        let orelse = self.boxed(&c[4])?;
        Ok(expr_at(node, ExprKind::IfExp { test, body, orelse }))
    }

    #[inline(never)]
    fn lambda(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let args = if c.len() == 3 { Box::default() } else { Box::new(self.parameters(&c[1])?) };
        let body = self.boxed(&c[c.len() - 1])?;
        Ok(expr_at(node, ExprKind::Lambda { args, body }))
    }

    #[inline(never)]
    fn unary(&mut self, node: &Node, op: UnaryOp) -> Result<Expr> {
        let operand = self.boxed(&self.children(node)[1])?;
        Ok(expr_at(node, ExprKind::UnaryOp { op, operand }))
    }

    #[inline(never)]
    fn yielded(&mut self, node: &Node) -> Result<Expr> {
        let value = match self.children(node).get(1) {
            Some(list) => Some(Box::new(self.expr_list(list)?)),
            None => None,
        };
        Ok(expr_at(node, ExprKind::Yield { value }))
    }

    /// An expression on the heap.
    #[inline(never)]
    fn boxed(&mut self, node: &Node) -> Result<Box<Expr>> {
        self.expr(node).map(Box::new)
    }

    #[inline(never)]
    fn bool_op(&mut self, node: &Node, op: BoolOp) -> Result<Expr> {
        let values = self.every_other(self.children(node))?;
        Ok(expr_at(node, ExprKind::BoolOp { op, values }))
    }

    #[inline(never)]
    fn comparison(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let mut ops = Vec::with_capacity(c.len() / 2);
        let mut comparators = Vec::with_capacity(c.len() / 2);
        for pair in c[1..].chunks_exact(2) {
            ops.push(match pair[0].kind {
                symbol::comp_op => match self.children(&pair[0])[0].kind as Kind {
                    KW_NOT => CmpOp::NotIn,
                    _ => CmpOp::IsNot,
                },
                kind => match kind as Kind {
                    LESS => CmpOp::Lt,
                    GREATER => CmpOp::Gt,
                    EQEQUAL => CmpOp::Eq,
                    LESSEQUAL => CmpOp::LtE,
                    GREATEREQUAL => CmpOp::GtE,
                    NOTEQUAL => CmpOp::NotEq,
                    KW_IN => CmpOp::In,
                    _ => CmpOp::Is,
                },
            });
            comparators.push(self.expr(&pair[1])?);
        }
        let left = Box::new(self.expr(&c[0])?);
        Ok(expr_at(node, ExprKind::Compare { left, ops, comparators }))
    }

    /// A chain of left-associative operators. The first operation stands where the chain begins, each further one at
    /// its operator.
    #[inline(never)]
    fn binary(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let mut left = self.expr(&c[0])?;
        for (n, pair) in c[1..].chunks_exact(2).enumerate() {
            let right = Box::new(self.expr(&pair[1])?);
            let op = operator(pair[0].kind as Kind);
            let at = if n == 0 { node } else { &pair[0] };
            left = expr_at(at, ExprKind::BinOp { left: Box::new(left), op, right });
        }
        Ok(left)
    }

    #[inline(never)]
    fn factor(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let op = match c[0].kind as Kind {
            // A minus sign before a number is part of it.
            MINUS if c[1].kind == NUMBER as u16 => {
                let n = crate::literal::number(self.text(&c[1]), true);
                return Ok(expr_at(node, ExprKind::Num { n }));
            }
            MINUS => UnaryOp::USub,
            PLUS => UnaryOp::UAdd,
            _ => UnaryOp::Invert,
        };
        self.unary(node, op)
    }

    #[inline(never)]
    fn power(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let mut e = self.expr(&c[0])?;
        let trailers = c[1..].iter().take_while(|t| t.kind == symbol::trailer);
        for trailer in trailers {
            // Every step stands where the innermost value does, which parentheses may have moved inwards.
            let (lineno, col_offset) = (e.lineno, e.col_offset);
            e = self.trailer(trailer, e)?;
            e.lineno = lineno;
            e.col_offset = col_offset;
        }
        if let [.., star, exponent] = c
            && star.kind == DOUBLESTAR as u16
        {
            let right = self.boxed(exponent)?;
            e = expr_at(node, ExprKind::BinOp { left: Box::new(e), op: Operator::Pow, right });
        }
        Ok(e)
    }

    #[inline(never)]
    fn trailer(&mut self, node: &Node, value: Expr) -> Result<Expr> {
        let c = self.children(node);
        match c[0].kind as Kind {
            LPAR if c.len() == 2 => Ok(expr_at(
                node,
                ExprKind::Call {
                    func: Box::new(value),
                    args: Vec::new(),
                    keywords: Vec::new(),
                    starargs: None,
                    kwargs: None,
                },
            )),
            LPAR => self.call(&c[1], value),
            DOT => Ok(expr_at(
                node,
                ExprKind::Attribute {
                    value: Box::new(value),
                    attr: self.ident(&c[1]),
                    ctx: ExprContext::Load,
                },
            )),
            _ => {
                let slice = Box::new(self.subscripts(&c[1])?);
                Ok(expr_at(
                    node,
                    ExprKind::Subscript { value: Box::new(value), slice, ctx: ExprContext::Load },
                ))
            }
        }
    }

    /// What stands in brackets. Plain expressions with commas are a tuple.
    #[inline(never)]
    fn subscripts(&mut self, node: &Node) -> Result<Slice> {
        if node.kind != symbol::subscriptlist {
            return self.subscript(node);
        }
        let mut dims = Vec::new();
        for part in self.children(node).iter().step_by(2) {
            dims.push(self.subscript(part)?);
        }
        if dims.iter().any(|d| !matches!(d, Slice::Index { .. })) {
            return Ok(Slice::ExtSlice { dims });
        }
        let elts = dims
            .into_iter()
            .filter_map(|d| match d {
                Slice::Index { value } => Some(*value),
                _ => None,
            })
            .collect();
        Ok(Slice::Index { value: Box::new(expr_at(node, ExprKind::Tuple { elts, ctx: ExprContext::Load })) })
    }

    #[inline(never)]
    fn subscript(&mut self, node: &Node) -> Result<Slice> {
        let colon = COLON as u16;
        if node.kind == colon {
            return Ok(Slice::Slice { lower: None, upper: None, step: None });
        }
        if node.kind != symbol::subscript {
            return Ok(Slice::Index { value: Box::new(self.expr(node)?) });
        }
        let c = self.children(node);
        if c[0].kind == DOT as u16 {
            return Ok(Slice::Ellipsis);
        }
        let (mut lower, mut upper, mut step) = (None, None, None);
        let mut rest = c;
        if rest[0].kind != colon {
            lower = Some(Box::new(self.expr(&rest[0])?));
            rest = &rest[1..];
        }
        for part in &rest[1..] {
            if part.kind != symbol::sliceop {
                upper = Some(Box::new(self.expr(part)?));
                continue;
            }
            let s = self.children(part);
            step = Some(Box::new(match s.get(1) {
                Some(e) => self.expr(e)?,
                // A second colon with nothing after it reads the name None.
                None => expr_at(&s[0], ExprKind::Name { id: "None".into(), ctx: ExprContext::Load }),
            }));
        }
        Ok(Slice::Slice { lower, upper, step })
    }

    /// The clauses of a comprehension, from its first `for`.
    pub(super) fn comprehension(&mut self, first: &Node) -> Result<Vec<Comprehension>> {
        let mut out: Vec<Comprehension> = Vec::new();
        let mut clause = Some(*first);
        while let Some(node) = clause {
            let c = self.children(&node);
            let next = match node.kind {
                symbol::comp_for | symbol::list_for => {
                    let target = self.loop_target(&c[1])?;
                    let iter = self.expr_list(&c[3])?;
                    out.push(Comprehension { target, iter, ifs: Vec::new() });
                    4
                }
                _ => {
                    let test = self.expr(&c[1])?;
                    if let Some(last) = out.last_mut() {
                        last.ifs.push(test);
                    }
                    2
                }
            };
            clause = c.get(next).copied();
        }
        Ok(out)
    }

    /// The target of a loop: a tuple when it has a comma, placed at its first element.
    pub(super) fn loop_target(&mut self, node: &Node) -> Result<Expr> {
        let mut elts = self.targets(node, ExprContext::Store)?;
        if node.kind == symbol::exprlist {
            let (lineno, col) = elts.first().map_or((0, 0), |e| (e.lineno, e.col_offset));
            return Ok(Expr::new(ExprKind::Tuple { elts, ctx: ExprContext::Store }, lineno, col));
        }
        elts.pop().ok_or(crate::error::Error::Memory)
    }

    /// The targets of a loop or of `del`.
    pub(super) fn targets(&mut self, node: &Node, ctx: ExprContext) -> Result<Vec<Expr>> {
        let mut out = Vec::new();
        for part in self.elements(node, symbol::exprlist).iter().step_by(2) {
            let mut e = self.expr(part)?;
            self.set_context(&mut e, ctx, part)?;
            out.push(e);
        }
        Ok(out)
    }

    /// A generator expression; `node` holds element and first clause.
    pub(super) fn generator(&mut self, node: &Node) -> Result<Expr> {
        let c = self.children(node);
        let elt = Box::new(self.expr(&c[0])?);
        let generators = self.comprehension(&c[1])?;
        Ok(expr_at(node, ExprKind::GeneratorExp { elt, generators }))
    }
}

/// The operator of a token, augmented or not.
pub(super) fn operator(kind: Kind) -> Operator {
    match kind {
        PLUS | PLUSEQUAL => Operator::Add,
        MINUS | MINEQUAL => Operator::Sub,
        STAR | STAREQUAL => Operator::Mult,
        SLASH | SLASHEQUAL => Operator::Div,
        DOUBLESLASH | DOUBLESLASHEQUAL => Operator::FloorDiv,
        PERCENT | PERCENTEQUAL => Operator::Mod,
        LEFTSHIFT | LEFTSHIFTEQUAL => Operator::LShift,
        RIGHTSHIFT | RIGHTSHIFTEQUAL => Operator::RShift,
        VBAR | VBAREQUAL => Operator::BitOr,
        CIRCUMFLEX | CIRCUMFLEXEQUAL => Operator::BitXor,
        AMPER | AMPEREQUAL => Operator::BitAnd,
        _ => Operator::Pow,
    }
}
