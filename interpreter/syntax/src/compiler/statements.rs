//! Statements.

use super::unit::{BlockRef, FrameBlock};
use super::{Access, Compiler};
use crate::ast::{Alias, ExceptHandler, Expr, ExprContext, ExprKind, Ident, Stmt, StmtKind};
use crate::code::{Const, flags};
use crate::error::{Error, Result};
use crate::opcodes::Opcode as O;
use crate::symtable::LATE_FUTURE;
use crate::warning::{Warning, WarningKind};

const NOT_IN_LOOP: &str = "'continue' not properly in loop";
const CONTINUE_IN_FINALLY: &str = "'continue' not supported inside 'finally' clause";

/// The operand of `COMPARE_OP` that matches an exception.
const EXCEPTION_MATCH: usize = 10;

impl Compiler<'_> {
    /// A body that may begin with a docstring (module or class).
    pub(super) fn body(&mut self, body: &[Stmt]) -> Result<()> {
        let mut rest = body;
        if let Some(doc) = docstring(body)
            && self.optimize < 2
        {
            self.expr(doc)?;
            self.variable(&"__doc__".into(), Access::Store)?;
            rest = &body[1..];
        }
        self.statements(rest)
    }

    pub(super) fn statement(&mut self, stmt: &Stmt) -> Result<()> {
        self.deeper(|c| c.statement_kind(stmt))
    }

    fn statement_kind(&mut self, stmt: &Stmt) -> Result<()> {
        self.unit().begin_line(stmt.lineno);
        match &stmt.kind {
            StmtKind::FunctionDef { name, args, body, decorator_list } => {
                self.function(stmt, name, args, body, decorator_list)?
            }
            StmtKind::ClassDef { name, bases, body, decorator_list } => {
                self.class(stmt, name, bases, body, decorator_list)?
            }
            StmtKind::Return { value } => {
                if self.block().kind != crate::symtable::BlockType::Function {
                    return self.error("'return' outside function");
                }
                self.expr_or_none(value.as_deref())?;
                self.op(O::RETURN_VALUE);
            }
            StmtKind::Delete { targets } => self.exprs(targets)?,
            StmtKind::Assign { targets, value } => {
                self.expr(value)?;
                for (i, target) in targets.iter().enumerate() {
                    if i + 1 < targets.len() {
                        self.op(O::DUP_TOP);
                    }
                    self.expr(target)?;
                }
            }
            StmtKind::AugAssign { target, op, value } => self.augmented_assignment(target, *op, value)?,
            StmtKind::Print { dest, values, nl } => self.print(dest.as_deref(), values, *nl)?,
            StmtKind::For { target, iter, body, orelse } => self.for_loop(target, iter, body, orelse)?,
            StmtKind::While { test, body, orelse } => self.while_loop(test, body, orelse)?,
            StmtKind::If { test, body, orelse } => self.if_statement(test, body, orelse)?,
            StmtKind::With { context_expr, optional_vars, body } => {
                self.with(context_expr, optional_vars.as_deref(), body)?
            }
            StmtKind::Raise { typ, inst, tback } => {
                let mut n = 0;
                for part in [typ, inst, tback] {
                    let Some(part) = part else { break };
                    self.expr(part)?;
                    n += 1;
                }
                self.op_arg(O::RAISE_VARARGS, n);
            }
            StmtKind::TryExcept { body, handlers, orelse } => self.try_except(body, handlers, orelse)?,
            StmtKind::TryFinally { body, finalbody } => self.try_finally(body, finalbody)?,
            StmtKind::Assert { test, msg } => self.assert(test, msg.as_deref())?,
            StmtKind::Import { names } => self.import(names)?,
            StmtKind::ImportFrom { module, names, level } => {
                self.import_from(stmt.lineno, module.as_ref(), names, *level)?
            }
            StmtKind::Exec { body, globals, locals } => {
                self.expr(body)?;
                self.expr_or_none(globals.as_deref())?;
                match (globals, locals) {
                    (Some(_), Some(locals)) => self.expr(locals)?,
                    _ => self.op(O::DUP_TOP),
                }
                self.op(O::EXEC_STMT);
            }
            StmtKind::Global { .. } | StmtKind::Pass => {}
            StmtKind::Expr { value } => {
                if self.interactive && self.units.len() == 1 {
                    self.expr(value)?;
                    self.op(O::PRINT_EXPR);
                } else if !matches!(value.kind, ExprKind::Str { .. } | ExprKind::Num { .. }) {
                    self.expr(value)?;
                    self.op(O::POP_TOP);
                }
            }
            StmtKind::Break => {
                if !self.unit().frame_blocks.iter().any(|b| matches!(b, FrameBlock::Loop(_))) {
                    return self.error("'break' outside loop");
                }
                self.op(O::BREAK_LOOP);
            }
            StmtKind::Continue => self.continue_loop()?,
        }
        Ok(())
    }

    /// An expression, or `None` in its place.
    pub(super) fn expr_or_none(&mut self, expr: Option<&Expr>) -> Result<()> {
        match expr {
            Some(expr) => self.expr(expr),
            None => {
                self.load_const(Const::None);
                Ok(())
            }
        }
    }

    fn augmented_assignment(&mut self, target: &Expr, op: crate::ast::Operator, value: &Expr) -> Result<()> {
        let op = self.inplace_operator(op);
        match &target.kind {
            ExprKind::Attribute { value: owner, attr, .. } => {
                self.follow_line(target.lineno);
                self.attribute(owner, attr, ExprContext::AugLoad)?;
                self.expr(value)?;
                self.op(op);
                self.follow_line(target.lineno);
                self.attribute(owner, attr, ExprContext::AugStore)
            }
            ExprKind::Subscript { value: owner, slice, .. } => {
                self.follow_line(target.lineno);
                self.subscript(owner, slice, ExprContext::AugLoad)?;
                self.expr(value)?;
                self.op(op);
                self.follow_line(target.lineno);
                self.subscript(owner, slice, ExprContext::AugStore)
            }
            ExprKind::Name { id, .. } => {
                self.variable(id, Access::Load)?;
                self.expr(value)?;
                self.op(op);
                self.variable(id, Access::Store)
            }
            _ => Err(Error::System("invalid node type for augmented assignment".into())),
        }
    }

    fn print(&mut self, dest: Option<&Expr>, values: &[Expr], newline: bool) -> Result<()> {
        let Some(dest) = dest else {
            for value in values {
                self.expr(value)?;
                self.op(O::PRINT_ITEM);
            }
            if newline {
                self.op(O::PRINT_NEWLINE);
            }
            return Ok(());
        };
        self.expr(dest)?;
        for value in values {
            self.op(O::DUP_TOP);
            self.expr(value)?;
            self.op(O::ROT_TWO);
            self.op(O::PRINT_ITEM_TO);
        }
        self.op(if newline { O::PRINT_NEWLINE_TO } else { O::POP_TOP });
        Ok(())
    }

    /// The truth value of a test known now, if it is.
    fn constant_test(&self, test: &Expr) -> Option<bool> {
        match &test.kind {
            ExprKind::Num { n: value } | ExprKind::Str { s: value } => {
                Some(super::expressions::constant(value).is_true())
            }
            ExprKind::Name { id, .. } if *id == "__debug__" => Some(self.optimize == 0),
            _ => None,
        }
    }

    fn if_statement(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Result<()> {
        let end = self.unit().new_block();
        match self.constant_test(test) {
            Some(true) => self.statements(body)?,
            Some(false) => self.statements(orelse)?,
            None => {
                let next = if orelse.is_empty() { end } else { self.unit().new_block() };
                self.expr(test)?;
                self.jump(O::POP_JUMP_IF_FALSE, next);
                self.statements(body)?;
                self.jump(O::JUMP_FORWARD, end);
                if !orelse.is_empty() {
                    self.unit().place(next);
                    self.statements(orelse)?;
                }
            }
        }
        self.unit().place(end);
        Ok(())
    }

    fn for_loop(&mut self, target: &Expr, iter: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Result<()> {
        let [start, cleanup, end] = self.new_blocks();
        self.jump(O::SETUP_LOOP, end);
        self.unit().push_frame_block(FrameBlock::Loop(start))?;
        self.expr(iter)?;
        self.op(O::GET_ITER);
        self.unit().place(start);
        self.jump(O::FOR_ITER, cleanup);
        self.expr(target)?;
        self.statements(body)?;
        self.jump(O::JUMP_ABSOLUTE, start);
        self.unit().place(cleanup);
        self.op(O::POP_BLOCK);
        self.unit().pop_frame_block();
        self.statements(orelse)?;
        self.unit().place(end);
        Ok(())
    }

    fn while_loop(&mut self, test: &Expr, body: &[Stmt], orelse: &[Stmt]) -> Result<()> {
        let constant = self.constant_test(test);
        if constant == Some(false) {
            return self.statements(orelse);
        }
        let [start, end, anchor] = self.new_blocks();
        self.jump(O::SETUP_LOOP, end);
        self.unit().place(start);
        self.unit().push_frame_block(FrameBlock::Loop(start))?;
        if constant.is_none() {
            self.expr(test)?;
            self.jump(O::POP_JUMP_IF_FALSE, anchor);
        }
        self.statements(body)?;
        self.jump(O::JUMP_ABSOLUTE, start);
        if constant.is_none() {
            self.unit().place(anchor);
        }
        self.op(O::POP_BLOCK);
        self.unit().pop_frame_block();
        self.statements(orelse)?;
        self.unit().place(end);
        Ok(())
    }

    fn continue_loop(&mut self) -> Result<()> {
        let frame_blocks = self.unit().frame_blocks.clone();
        let Some((innermost, outer)) = frame_blocks.split_last() else { return self.error(NOT_IN_LOOP) };
        match innermost {
            FrameBlock::Loop(start) => {
                self.jump(O::JUMP_ABSOLUTE, *start);
                Ok(())
            }
            FrameBlock::FinallyEnd => self.error(CONTINUE_IN_FINALLY),
            FrameBlock::Except | FrameBlock::FinallyTry => {
                for block in outer.iter().rev() {
                    match block {
                        FrameBlock::Loop(start) => {
                            self.jump(O::CONTINUE_LOOP, *start);
                            return Ok(());
                        }
                        // Not even when hidden in another `try` within the `finally`.
                        FrameBlock::FinallyEnd => return self.error(CONTINUE_IN_FINALLY),
                        FrameBlock::Except | FrameBlock::FinallyTry => {}
                    }
                }
                self.error(NOT_IN_LOOP)
            }
        }
    }

    fn try_finally(&mut self, body: &[Stmt], finalbody: &[Stmt]) -> Result<()> {
        let [start, end] = self.new_blocks();
        self.jump(O::SETUP_FINALLY, end);
        self.unit().place(start);
        self.unit().push_frame_block(FrameBlock::FinallyTry)?;
        self.statements(body)?;
        self.op(O::POP_BLOCK);
        self.unit().pop_frame_block();
        self.load_const(Const::None);
        self.unit().place(end);
        self.unit().push_frame_block(FrameBlock::FinallyEnd)?;
        self.statements(finalbody)?;
        self.op(O::END_FINALLY);
        self.unit().pop_frame_block();
        Ok(())
    }

    fn try_except(&mut self, body: &[Stmt], handlers: &[ExceptHandler], orelse: &[Stmt]) -> Result<()> {
        let [start, mut except, otherwise, end] = self.new_blocks();
        self.jump(O::SETUP_EXCEPT, except);
        self.unit().place(start);
        self.unit().push_frame_block(FrameBlock::Except)?;
        self.statements(body)?;
        self.op(O::POP_BLOCK);
        self.unit().pop_frame_block();
        self.jump(O::JUMP_FORWARD, otherwise);
        self.unit().place(except);
        for (i, handler) in handlers.iter().enumerate() {
            if handler.typ.is_none() && i + 1 < handlers.len() {
                return self.error("default 'except:' must be last");
            }
            self.unit().begin_line(handler.lineno);
            except = self.unit().new_block();
            if let Some(typ) = &handler.typ {
                self.op(O::DUP_TOP);
                self.expr(typ)?;
                self.op_arg(O::COMPARE_OP, EXCEPTION_MATCH);
                self.jump(O::POP_JUMP_IF_FALSE, except);
            }
            self.op(O::POP_TOP);
            match &handler.name {
                Some(name) => self.expr(name)?,
                None => self.op(O::POP_TOP),
            }
            self.op(O::POP_TOP);
            self.statements(&handler.body)?;
            self.jump(O::JUMP_FORWARD, end);
            self.unit().place(except);
        }
        self.op(O::END_FINALLY);
        self.unit().place(otherwise);
        self.statements(orelse)?;
        self.unit().place(end);
        Ok(())
    }

    fn with(&mut self, context: &Expr, target: Option<&Expr>, body: &[Stmt]) -> Result<()> {
        let [start, finally] = self.new_blocks();
        self.expr(context)?;
        self.jump(O::SETUP_WITH, finally);
        self.unit().place(start);
        self.unit().push_frame_block(FrameBlock::FinallyTry)?;
        match target {
            Some(target) => self.expr(target)?,
            None => self.op(O::POP_TOP),
        }
        self.statements(body)?;
        self.op(O::POP_BLOCK);
        self.unit().pop_frame_block();
        self.load_const(Const::None);
        self.unit().place(finally);
        self.unit().push_frame_block(FrameBlock::FinallyEnd)?;
        self.op(O::WITH_CLEANUP);
        self.op(O::END_FINALLY);
        self.unit().pop_frame_block();
        Ok(())
    }

    fn assert(&mut self, test: &Expr, message: Option<&Expr>) -> Result<()> {
        if self.optimize > 0 {
            return Ok(());
        }
        if matches!(&test.kind, ExprKind::Tuple { elts, .. } if !elts.is_empty()) {
            let lineno = self.unit().lineno;
            self.warnings.push(Warning {
                kind: WarningKind::Syntax,
                message: "assertion is always true, perhaps remove parentheses?".into(),
                lineno,
                becomes_syntax_error: false,
            });
        }
        self.expr(test)?;
        let end = self.unit().new_block();
        self.jump(O::POP_JUMP_IF_TRUE, end);
        self.op_raw_name(O::LOAD_GLOBAL, &"AssertionError".into());
        if let Some(message) = message {
            self.expr(message)?;
            self.op_arg(O::CALL_FUNCTION, 1);
        }
        self.op_arg(O::RAISE_VARARGS, 1);
        self.unit().place(end);
        Ok(())
    }

    fn import(&mut self, names: &[Alias]) -> Result<()> {
        for alias in names {
            let absolute = self.future.features & flags::FUTURE_ABSOLUTE_IMPORT != 0;
            self.load_const(Const::Int(if absolute { 0 } else { -1 }));
            self.load_const(Const::None);
            self.op_name(O::IMPORT_NAME, &alias.name);
            let mut parts = alias.name.as_bytes().split(|&b| b == b'.');
            let first = Ident::new(parts.next().unwrap_or_default());
            match &alias.asname {
                // The module is the innermost one then: walk down to it.
                Some(asname) => {
                    for part in parts {
                        self.op_raw_name(O::LOAD_ATTR, &Ident::new(part));
                    }
                    self.variable(asname, Access::Store)?;
                }
                None => self.variable(&first, Access::Store)?,
            }
        }
        Ok(())
    }

    fn import_from(
        &mut self,
        lineno: i32,
        module: Option<&Ident>,
        names: &[Alias],
        level: i32,
    ) -> Result<()> {
        let absolute = self.future.features & flags::FUTURE_ABSOLUTE_IMPORT != 0;
        if lineno > self.future.last_line && module.is_some_and(|m| *m == "__future__") {
            return self.error(LATE_FUTURE);
        }
        self.load_const(Const::Int(if level == 0 && !absolute { -1 } else { level.into() }));
        let interned = |a: &Alias| Const::Str { bytes: a.name.as_bytes().into(), interned: true };
        self.load_const(Const::Tuple(names.iter().map(interned).collect()));
        self.op_name(O::IMPORT_NAME, module.unwrap_or(&"".into()));
        for (i, alias) in names.iter().enumerate() {
            if i == 0 && alias.name.as_bytes().first() == Some(&b'*') {
                self.op(O::IMPORT_STAR);
                return Ok(());
            }
            self.op_name(O::IMPORT_FROM, &alias.name);
            self.variable(alias.asname.as_ref().unwrap_or(&alias.name), Access::Store)?;
        }
        self.op(O::POP_TOP);
        Ok(())
    }

    pub(super) fn new_blocks<const N: usize>(&mut self) -> [BlockRef; N] {
        std::array::from_fn(|_| self.unit().new_block())
    }
}

/// The docstring at the beginning of a body.
pub(super) fn docstring(body: &[Stmt]) -> Option<&Expr> {
    match &body.first()?.kind {
        StmtKind::Expr { value } if matches!(value.kind, ExprKind::Str { .. }) => Some(value),
        _ => None,
    }
}
