//! What opens a unit of its own by name: functions, lambdas, classes.

use super::statements::docstring;
use super::{Access, Compiler};
use crate::ast::{Arguments, Expr, ExprKind, Ident, Stmt};
use crate::code::{CodeObject, Const};
use crate::error::Result;
use crate::opcodes::Opcode as O;

impl Compiler<'_> {
    pub(super) fn function(
        &mut self,
        stmt: &Stmt,
        name: &Ident,
        args: &Arguments,
        body: &[Stmt],
        decorators: &[Expr],
    ) -> Result<()> {
        self.exprs(decorators)?;
        self.exprs(&args.defaults)?;
        self.enter_node(name.clone(), stmt, stmt.lineno)?;
        let doc = docstring(body);
        let first_const = match doc.map(|d| &d.kind) {
            Some(ExprKind::Str { s }) if self.optimize < 2 => super::expressions::constant(s),
            _ => Const::None,
        };
        self.unit().consts.index_of(first_const);
        self.unpack_parameters(args)?;
        self.unit().argcount = args.args.len() as i32;
        self.statements(&body[usize::from(doc.is_some())..])?;
        let code = self.leave(true)?;
        self.make_closure(code, args.defaults.len())?;
        for _ in decorators {
            self.op_arg(O::CALL_FUNCTION, 1);
        }
        self.variable(name, Access::Store)
    }

    pub(super) fn lambda(&mut self, expr: &Expr, args: &Arguments, body: &Expr) -> Result<()> {
        self.exprs(&args.defaults)?;
        self.enter_node("<lambda>".into(), expr, expr.lineno)?;
        // The first constant would be the docstring.
        self.unit().consts.index_of(Const::None);
        self.unpack_parameters(args)?;
        self.unit().argcount = args.args.len() as i32;
        self.expr(body)?;
        let generator = self.block().generator;
        self.op(if generator { O::POP_TOP } else { O::RETURN_VALUE });
        let code = self.leave(true)?;
        self.make_closure(code, args.defaults.len())
    }

    /// Tuple parameters arrive whole under a hidden name.
    fn unpack_parameters(&mut self, args: &Arguments) -> Result<()> {
        for (position, arg) in args.args.iter().enumerate() {
            if matches!(arg.kind, ExprKind::Tuple { .. }) {
                self.variable(&Ident::from(format!(".{position}").as_str()), Access::Load)?;
                self.expr(arg)?;
            }
        }
        Ok(())
    }

    pub(super) fn class(
        &mut self,
        stmt: &Stmt,
        name: &Ident,
        bases: &[Expr],
        body: &[Stmt],
        decorators: &[Expr],
    ) -> Result<()> {
        self.exprs(decorators)?;
        self.load_const(Const::Str { bytes: name.as_bytes().into(), interned: true });
        self.exprs(bases)?;
        self.op_arg(O::BUILD_TUPLE, bases.len());
        self.enter_node(name.clone(), stmt, stmt.lineno)?;
        self.unit().class = Some(name.clone());
        self.variable(&"__name__".into(), Access::Load)?;
        self.variable(&"__module__".into(), Access::Store)?;
        self.body(body)?;
        self.op(O::LOAD_LOCALS);
        self.op(O::RETURN_VALUE);
        let code = self.leave(true)?;
        self.make_closure(code, 0)?;
        self.op_arg(O::CALL_FUNCTION, 0);
        self.op(O::BUILD_CLASS);
        for _ in decorators {
            self.op_arg(O::CALL_FUNCTION, 1);
        }
        self.variable(name, Access::Store)
    }

    /// Makes a function of a code object, with cells for its free variables.
    pub(super) fn make_closure(&mut self, code: CodeObject, defaults: usize) -> Result<()> {
        if code.freevars.is_empty() {
            self.load_const(Const::Code(Box::new(code)));
            self.op_arg(O::MAKE_FUNCTION, defaults);
            return Ok(());
        }
        for name in &code.freevars {
            let index = self.unit().closure_index(&Ident::new(name))?;
            self.op_arg(O::LOAD_CLOSURE, index);
        }
        self.op_arg(O::BUILD_TUPLE, code.freevars.len());
        self.load_const(Const::Code(Box::new(code)));
        self.op_arg(O::MAKE_CLOSURE, defaults);
        Ok(())
    }
}
