//! Comprehensions. A list comprehension runs in the code around it; the others are functions of their outermost iterator.

use super::Compiler;
use super::unit::BlockRef;
use crate::ast::{Comprehension, Expr};
use crate::error::{Error, Result};
use crate::opcodes::Opcode as O;

impl Compiler<'_> {
    pub(super) fn list_generator(
        &mut self,
        generators: &[Comprehension],
        depth: usize,
        elt: &Expr,
    ) -> Result<()> {
        let Some(generator) = generators.get(depth) else {
            return Err(Error::Value("comprehension with no generators".into()));
        };
        let [start, skip, if_cleanup, anchor] = self.new_blocks();
        self.expr(&generator.iter)?;
        self.op(O::GET_ITER);
        self.loop_head(generator, start, if_cleanup, anchor)?;
        if depth + 1 < generators.len() {
            self.deeper(|c| c.list_generator(generators, depth + 1, elt))?;
        } else {
            self.expr(elt)?;
            self.op_arg(O::LIST_APPEND, depth + 2);
            self.unit().place(skip);
        }
        self.loop_tail(start, if_cleanup, anchor);
        Ok(())
    }

    /// `FOR_ITER`, the target and the conditions; the iterator is on the stack.
    fn loop_head(
        &mut self,
        generator: &Comprehension,
        start: BlockRef,
        if_cleanup: BlockRef,
        anchor: BlockRef,
    ) -> Result<()> {
        self.unit().place(start);
        self.jump(O::FOR_ITER, anchor);
        self.unit().split();
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.expr(condition)?;
            self.jump(O::POP_JUMP_IF_FALSE, if_cleanup);
            self.unit().split();
        }
        Ok(())
    }

    fn loop_tail(&mut self, start: BlockRef, if_cleanup: BlockRef, anchor: BlockRef) {
        self.unit().place(if_cleanup);
        self.jump(O::JUMP_ABSOLUTE, start);
        self.unit().place(anchor);
    }

    /// A set comprehension (`<setcomp>`), dict comprehension (with `value`) or generator expression (`<genexpr>`).
    pub(super) fn comprehension(
        &mut self,
        expr: &Expr,
        name: &str,
        generators: &[Comprehension],
        elt: &Expr,
        value: Option<&Expr>,
    ) -> Result<()> {
        let Some(outermost) = generators.first() else {
            return Err(Error::Value("comprehension with no generators".into()));
        };
        let is_generator = name == "<genexpr>";
        self.enter_node(name.into(), expr, expr.lineno)?;
        if !is_generator {
            self.op_arg(if value.is_some() { O::BUILD_MAP } else { O::BUILD_SET }, 0);
        }
        self.unit().argcount = 1;
        self.inner_generator(generators, 0, elt, value, is_generator)?;
        if !is_generator {
            self.op(O::RETURN_VALUE);
        }
        let code = self.leave(true)?;
        self.make_closure(code, 0)?;
        self.expr(&outermost.iter)?;
        self.op(O::GET_ITER);
        self.op_arg(O::CALL_FUNCTION, 1);
        Ok(())
    }

    fn inner_generator(
        &mut self,
        generators: &[Comprehension],
        depth: usize,
        elt: &Expr,
        value: Option<&Expr>,
        is_generator: bool,
    ) -> Result<()> {
        let generator = &generators[depth];
        let [start, skip, if_cleanup, anchor] = self.new_blocks();
        if depth == 0 {
            // The outermost iterator is the only argument.
            self.op_arg(O::LOAD_FAST, 0);
        } else {
            self.expr(&generator.iter)?;
            self.op(O::GET_ITER);
        }
        self.loop_head(generator, start, if_cleanup, anchor)?;
        if depth + 1 < generators.len() {
            self.deeper(|c| c.inner_generator(generators, depth + 1, elt, value, is_generator))?;
        } else {
            if let Some(value) = value {
                self.expr(value)?;
            }
            self.expr(elt)?;
            if is_generator {
                self.op(O::YIELD_VALUE);
                self.op(O::POP_TOP);
            } else {
                self.op_arg(if value.is_some() { O::MAP_ADD } else { O::SET_ADD }, depth + 2);
            }
            self.unit().place(skip);
        }
        self.loop_tail(start, if_cleanup, anchor);
        Ok(())
    }
}
