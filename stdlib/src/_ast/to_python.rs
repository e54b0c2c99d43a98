//! Trees of the compiler as Python objects.

use super::classes::{self, Class};
use interpreter::objects::instance::set_own_attribute;
use interpreter::{PyResult, Slot, Thread, Value, ops};
use syntax::ast::*;

/// A node with its fields in the order of the class, and its place if it has one.
fn node(th: &mut Thread, c: Class, fields: &[Value], place: Option<(i32, i32)>) -> PyResult {
    let class = classes::class(th, c)?;
    let v = ops::call(th, class, &[])?;
    for (name, x) in c.fields().iter().zip(fields) {
        let name = th.intern(name.as_bytes());
        set_own_attribute(th, v, name, Some(*x))?;
    }
    if let Some((line, column)) = place {
        for (name, n) in [("lineno", line), ("col_offset", column)] {
            let (name, n) = (th.intern(name.as_bytes()), th.int(i64::from(n)));
            set_own_attribute(th, v, name, Some(n))?;
        }
    }
    Ok(v)
}

fn list<T>(th: &mut Thread, items: &[T], f: fn(&mut Thread, &T) -> PyResult) -> PyResult {
    let out = th.m.root_vec();
    for x in items {
        out.push(f(th, x)?.bits());
    }
    th.new_list(ops::values(&out))
}

fn exprs(th: &mut Thread, items: &[Expr]) -> PyResult {
    list(th, items, expr)
}

fn stmts(th: &mut Thread, items: &[Stmt]) -> PyResult {
    list(th, items, stmt)
}

fn option(th: &mut Thread, e: &Option<Box<Expr>>) -> PyResult {
    match e {
        Some(e) => expr(th, e),
        None => Ok(Value::NONE),
    }
}

fn ident(th: &mut Thread, id: &Ident) -> PyResult {
    Ok(th.intern(id.as_bytes()))
}

fn ident_option(th: &mut Thread, id: &Option<Ident>) -> PyResult {
    match id {
        Some(id) => ident(th, id),
        None => Ok(Value::NONE),
    }
}

/// A whole input.
pub fn module(th: &mut Thread, m: &Mod) -> PyResult {
    let (class, body) = match m {
        Mod::Module(b) => (Class::Module, stmts(th, b)?),
        Mod::Interactive(b) => (Class::Interactive, stmts(th, b)?),
        Mod::Suite(b) => (Class::Suite, stmts(th, b)?),
        Mod::Expression(e) => (Class::Expression, expr(th, e)?),
    };
    node(th, class, &[body], None)
}

fn stmt(th: &mut Thread, s: &Stmt) -> PyResult {
    th.check_native_stack()?;
    use StmtKind::*;
    let (class, fields): (Class, [Slot; 4]) = match &s.kind {
        FunctionDef { name, args, body, decorator_list } => (
            Class::FunctionDef,
            [
                Some(ident(th, name)?),
                Some(arguments(th, args)?),
                Some(stmts(th, body)?),
                Some(exprs(th, decorator_list)?),
            ],
        ),
        ClassDef { name, bases, body, decorator_list } => (
            Class::ClassDef,
            [
                Some(ident(th, name)?),
                Some(exprs(th, bases)?),
                Some(stmts(th, body)?),
                Some(exprs(th, decorator_list)?),
            ],
        ),
        Return { value } => (Class::Return, [Some(option(th, value)?), None, None, None]),
        Delete { targets } => (Class::Delete, [Some(exprs(th, targets)?), None, None, None]),
        Assign { targets, value } => {
            (Class::Assign, [Some(exprs(th, targets)?), Some(expr(th, value)?), None, None])
        }
        AugAssign { target, op, value } => (
            Class::AugAssign,
            [Some(expr(th, target)?), Some(operator(th, op)?), Some(expr(th, value)?), None],
        ),
        Print { dest, values, nl } => (
            Class::Print,
            [Some(option(th, dest)?), Some(exprs(th, values)?), Some(Value::from_bool(*nl)), None],
        ),
        For { target, iter, body, orelse } => (
            Class::For,
            [
                Some(expr(th, target)?),
                Some(expr(th, iter)?),
                Some(stmts(th, body)?),
                Some(stmts(th, orelse)?),
            ],
        ),
        While { test, body, orelse } => {
            (Class::While, [Some(expr(th, test)?), Some(stmts(th, body)?), Some(stmts(th, orelse)?), None])
        }
        If { test, body, orelse } => {
            (Class::If, [Some(expr(th, test)?), Some(stmts(th, body)?), Some(stmts(th, orelse)?), None])
        }
        With { context_expr, optional_vars, body } => (
            Class::With,
            [Some(expr(th, context_expr)?), Some(option(th, optional_vars)?), Some(stmts(th, body)?), None],
        ),
        Raise { typ, inst, tback } => {
            (Class::Raise, [Some(option(th, typ)?), Some(option(th, inst)?), Some(option(th, tback)?), None])
        }
        TryExcept { body, handlers, orelse } => (
            Class::TryExcept,
            [Some(stmts(th, body)?), Some(list(th, handlers, handler)?), Some(stmts(th, orelse)?), None],
        ),
        TryFinally { body, finalbody } => {
            (Class::TryFinally, [Some(stmts(th, body)?), Some(stmts(th, finalbody)?), None, None])
        }
        Assert { test, msg } => (Class::Assert, [Some(expr(th, test)?), Some(option(th, msg)?), None, None]),
        Import { names } => (Class::Import, [Some(list(th, names, alias)?), None, None, None]),
        ImportFrom { module, names, level } => (
            Class::ImportFrom,
            [
                Some(ident_option(th, module)?),
                Some(list(th, names, alias)?),
                Some(th.int(i64::from(*level))),
                None,
            ],
        ),
        Exec { body, globals, locals } => (
            Class::Exec,
            [Some(expr(th, body)?), Some(option(th, globals)?), Some(option(th, locals)?), None],
        ),
        Global { names } => (Class::Global, [Some(list(th, names, ident)?), None, None, None]),
        Expr { value } => (Class::ExprStmt, [Some(expr(th, value)?), None, None, None]),
        Pass => (Class::Pass, [None; 4]),
        Break => (Class::Break, [None; 4]),
        Continue => (Class::Continue, [None; 4]),
    };
    let fields: smallvec::SmallVec<[Value; 4]> = fields.into_iter().flatten().collect();
    node(th, class, &fields, Some((s.lineno, s.col_offset)))
}

fn expr(th: &mut Thread, e: &Expr) -> PyResult {
    th.check_native_stack()?;
    use ExprKind::*;
    let place = Some((e.lineno, e.col_offset));
    macro_rules! make {
        ($class:ident, $($f:expr),*) => {{
            let fields = [$($f),*];
            node(th, Class::$class, &fields, place)
        }};
    }
    match &e.kind {
        BoolOp { op, values } => {
            let op = match op {
                syntax::ast::BoolOp::And => Class::And,
                syntax::ast::BoolOp::Or => Class::Or,
            };
            make!(BoolOp, classes::shared(th, op)?, exprs(th, values)?)
        }
        BinOp { left, op, right } => {
            make!(BinOp, expr(th, left)?, operator(th, op)?, expr(th, right)?)
        }
        UnaryOp { op, operand } => {
            let op = match op {
                syntax::ast::UnaryOp::Invert => Class::Invert,
                syntax::ast::UnaryOp::Not => Class::Not,
                syntax::ast::UnaryOp::UAdd => Class::UAdd,
                syntax::ast::UnaryOp::USub => Class::USub,
            };
            make!(UnaryOp, classes::shared(th, op)?, expr(th, operand)?)
        }
        Lambda { args, body } => make!(Lambda, arguments(th, args)?, expr(th, body)?),
        IfExp { test, body, orelse } => {
            make!(IfExp, expr(th, test)?, expr(th, body)?, expr(th, orelse)?)
        }
        Dict { keys, values } => make!(Dict, exprs(th, keys)?, exprs(th, values)?),
        Set { elts } => make!(Set, exprs(th, elts)?),
        ListComp { elt, generators } => {
            make!(ListComp, expr(th, elt)?, list(th, generators, comprehension)?)
        }
        SetComp { elt, generators } => {
            make!(SetComp, expr(th, elt)?, list(th, generators, comprehension)?)
        }
        DictComp { key, value, generators } => {
            make!(DictComp, expr(th, key)?, expr(th, value)?, list(th, generators, comprehension)?)
        }
        GeneratorExp { elt, generators } => {
            make!(GeneratorExp, expr(th, elt)?, list(th, generators, comprehension)?)
        }
        Yield { value } => make!(Yield, option(th, value)?),
        Compare { left, ops, comparators } => {
            make!(Compare, expr(th, left)?, list(th, ops, comparison)?, exprs(th, comparators)?)
        }
        Call { func, args, keywords, starargs, kwargs } => make!(
            Call,
            expr(th, func)?,
            exprs(th, args)?,
            list(th, keywords, keyword)?,
            option(th, starargs)?,
            option(th, kwargs)?
        ),
        Repr { value } => make!(Repr, expr(th, value)?),
        Num { n } => make!(Num, constant(th, n)?),
        Str { s } => make!(Str, constant(th, s)?),
        Attribute { value, attr, ctx } => {
            make!(Attribute, expr(th, value)?, ident(th, attr)?, context(th, ctx)?)
        }
        Subscript { value, slice: s, ctx } => {
            make!(Subscript, expr(th, value)?, slice(th, s)?, context(th, ctx)?)
        }
        Name { id, ctx } => make!(Name, ident(th, id)?, context(th, ctx)?),
        List { elts, ctx } => make!(List, exprs(th, elts)?, context(th, ctx)?),
        Tuple { elts, ctx } => make!(Tuple, exprs(th, elts)?, context(th, ctx)?),
    }
}

fn constant(th: &mut Thread, c: &Constant) -> PyResult {
    match c {
        Constant::Int(n) => Ok(th.int(*n)),
        Constant::Long(n) => th.long(n),
        Constant::Float(x) => Ok(th.float(*x)),
        Constant::Complex(im) => Ok(th.complex(0.0, *im)),
        Constant::Str(s) => th.try_str(s),
        Constant::Unicode(s) => th.unicode_from(s),
        Constant::Other(k) => interpreter::source::constant(th, k),
    }
}

fn context(th: &mut Thread, c: &ExprContext) -> PyResult {
    let c = match c {
        ExprContext::Load => Class::Load,
        ExprContext::Store => Class::Store,
        ExprContext::Del => Class::Del,
        ExprContext::AugLoad => Class::AugLoad,
        ExprContext::AugStore => Class::AugStore,
        ExprContext::Param => Class::Param,
    };
    classes::shared(th, c)
}

fn operator(th: &mut Thread, op: &Operator) -> PyResult {
    let c = match op {
        Operator::Add => Class::Add,
        Operator::Sub => Class::Sub,
        Operator::Mult => Class::Mult,
        Operator::Div => Class::Div,
        Operator::Mod => Class::Modulo,
        Operator::Pow => Class::Pow,
        Operator::LShift => Class::LShift,
        Operator::RShift => Class::RShift,
        Operator::BitOr => Class::BitOr,
        Operator::BitXor => Class::BitXor,
        Operator::BitAnd => Class::BitAnd,
        Operator::FloorDiv => Class::FloorDiv,
    };
    classes::shared(th, c)
}

fn comparison(th: &mut Thread, op: &CmpOp) -> PyResult {
    let c = match op {
        CmpOp::Eq => Class::Eq,
        CmpOp::NotEq => Class::NotEq,
        CmpOp::Lt => Class::Lt,
        CmpOp::LtE => Class::LtE,
        CmpOp::Gt => Class::Gt,
        CmpOp::GtE => Class::GtE,
        CmpOp::Is => Class::Is,
        CmpOp::IsNot => Class::IsNot,
        CmpOp::In => Class::In,
        CmpOp::NotIn => Class::NotIn,
    };
    classes::shared(th, c)
}

fn slice(th: &mut Thread, s: &Slice) -> PyResult {
    match s {
        Slice::Ellipsis => node(th, Class::Ellipsis, &[], None),
        Slice::Slice { lower, upper, step } => {
            let fields = [option(th, lower)?, option(th, upper)?, option(th, step)?];
            node(th, Class::Slice, &fields, None)
        }
        Slice::ExtSlice { dims } => {
            let dims = list(th, dims, slice)?;
            node(th, Class::ExtSlice, &[dims], None)
        }
        Slice::Index { value } => {
            let value = expr(th, value)?;
            node(th, Class::Index, &[value], None)
        }
    }
}

fn comprehension(th: &mut Thread, c: &Comprehension) -> PyResult {
    let fields = [expr(th, &c.target)?, expr(th, &c.iter)?, exprs(th, &c.ifs)?];
    node(th, Class::Comprehension, &fields, None)
}

fn handler(th: &mut Thread, h: &ExceptHandler) -> PyResult {
    let fields = [option(th, &h.typ)?, option(th, &h.name)?, stmts(th, &h.body)?];
    node(th, Class::ExceptHandler, &fields, Some((h.lineno, h.col_offset)))
}

fn arguments(th: &mut Thread, a: &Arguments) -> PyResult {
    let fields = [
        exprs(th, &a.args)?,
        ident_option(th, &a.vararg)?,
        ident_option(th, &a.kwarg)?,
        exprs(th, &a.defaults)?,
    ];
    node(th, Class::Arguments, &fields, None)
}

fn keyword(th: &mut Thread, k: &Keyword) -> PyResult {
    let fields = [ident(th, &k.arg)?, expr(th, &k.value)?];
    node(th, Class::Keyword, &fields, None)
}

fn alias(th: &mut Thread, a: &Alias) -> PyResult {
    let fields = [ident(th, &a.name)?, ident_option(th, &a.asname)?];
    node(th, Class::Alias, &fields, None)
}
