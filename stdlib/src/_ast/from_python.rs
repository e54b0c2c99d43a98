//! Trees made in Python, for the compiler.

use super::classes::Class;
use super::read::*;
use interpreter::{PyResult, Thread, Value};
use syntax::ast;
use syntax::ast::{Alias, Arguments, Comprehension, ExceptHandler, ExprKind, Keyword, StmtKind};

type Boxed = Box<ast::Expr>;

/// A whole input.
pub fn module(th: &mut Thread, v: Value) -> PyResult<ast::Mod> {
    use Class::*;
    let Some(c) = which(th, v, &[Module, Interactive, Expression, Suite])? else {
        return Err(unexpected(th, "mod", v));
    };
    let n = Node { v, name: c.name() };
    Ok(match c {
        Module => ast::Mod::Module(n.list(th, "body", stmt)?),
        Interactive => ast::Mod::Interactive(n.list(th, "body", stmt)?),
        Suite => ast::Mod::Suite(n.list(th, "body", stmt)?),
        _ => ast::Mod::Expression(n.expr(th, "body")?),
    })
}

impl Node {
    /// An expression.
    fn expr(self, th: &mut Thread, name: &str) -> PyResult<Boxed> {
        let v = self.present(th, name)?;
        let e = expr_or_none(th, v)?;
        self.need(th, name, e).map(Box::new)
    }

    /// An expression that may be absent or None.
    fn expr_option(self, th: &mut Thread, name: &str) -> PyResult<Option<Boxed>> {
        match self.field(th, name)? {
            Some(v) => Ok(expr_or_none(th, v)?.map(Box::new)),
            None => Ok(None),
        }
    }

    fn exprs(self, th: &mut Thread, name: &str) -> PyResult<Vec<ast::Expr>> {
        self.list(th, name, expr)
    }

    fn stmts(self, th: &mut Thread, name: &str) -> PyResult<Vec<ast::Stmt>> {
        self.list(th, name, stmt)
    }

    fn context(self, th: &mut Thread) -> PyResult<ast::ExprContext> {
        let v = self.present(th, "ctx")?;
        use ast::ExprContext as E;
        choose(
            th,
            v,
            "expr_context",
            &[
                (Class::Load, E::Load),
                (Class::Store, E::Store),
                (Class::Del, E::Del),
                (Class::AugLoad, E::AugLoad),
                (Class::AugStore, E::AugStore),
                (Class::Param, E::Param),
            ],
        )
    }

    fn operator(self, th: &mut Thread) -> PyResult<ast::Operator> {
        let v = self.present(th, "op")?;
        use ast::Operator as O;
        choose(
            th,
            v,
            "operator",
            &[
                (Class::Add, O::Add),
                (Class::Sub, O::Sub),
                (Class::Mult, O::Mult),
                (Class::Div, O::Div),
                (Class::Modulo, O::Mod),
                (Class::Pow, O::Pow),
                (Class::LShift, O::LShift),
                (Class::RShift, O::RShift),
                (Class::BitOr, O::BitOr),
                (Class::BitXor, O::BitXor),
                (Class::BitAnd, O::BitAnd),
                (Class::FloorDiv, O::FloorDiv),
            ],
        )
    }

    fn arguments(self, th: &mut Thread) -> PyResult<Box<Arguments>> {
        let v = self.present(th, "args")?;
        if v.is_none() {
            return self.need(th, "args", None);
        }
        let n = Node { v, name: "arguments" };
        Ok(Box::new(Arguments {
            args: n.exprs(th, "args")?,
            vararg: n.ident_option(th, "vararg")?,
            kwarg: n.ident_option(th, "kwarg")?,
            defaults: n.exprs(th, "defaults")?,
        }))
    }
}

fn choose<T: Copy>(th: &mut Thread, v: Value, kind: &str, of: &[(Class, T)]) -> PyResult<T> {
    let classes: smallvec::SmallVec<[Class; 12]> = of.iter().map(|x| x.0).collect();
    let c = which(th, v, &classes)?;
    match of.iter().find(|x| Some(x.0) == c) {
        Some(x) => Ok(x.1),
        None => Err(unexpected(th, kind, v)),
    }
}

fn comparison(th: &mut Thread, v: Value) -> PyResult<ast::CmpOp> {
    use ast::CmpOp as C;
    choose(
        th,
        v,
        "cmpop",
        &[
            (Class::Eq, C::Eq),
            (Class::NotEq, C::NotEq),
            (Class::Lt, C::Lt),
            (Class::LtE, C::LtE),
            (Class::Gt, C::Gt),
            (Class::GtE, C::GtE),
            (Class::Is, C::Is),
            (Class::IsNot, C::IsNot),
            (Class::In, C::In),
            (Class::NotIn, C::NotIn),
        ],
    )
}

const STMTS: &[Class] = &[
    Class::FunctionDef,
    Class::ClassDef,
    Class::Return,
    Class::Delete,
    Class::Assign,
    Class::AugAssign,
    Class::Print,
    Class::For,
    Class::While,
    Class::If,
    Class::With,
    Class::Raise,
    Class::TryExcept,
    Class::TryFinally,
    Class::Assert,
    Class::Import,
    Class::ImportFrom,
    Class::Exec,
    Class::Global,
    Class::ExprStmt,
    Class::Pass,
    Class::Break,
    Class::Continue,
];

fn stmt(th: &mut Thread, v: Value) -> PyResult<ast::Stmt> {
    th.check_native_stack()?;
    if v.is_none() {
        return Err(th.value_error("None disallowed in statement list"));
    }
    let any = Node { v, name: "stmt" };
    let (lineno, col_offset) = (any.int(th, "lineno")?, any.int(th, "col_offset")?);
    let Some(c) = which(th, v, STMTS)? else { return Err(unexpected(th, "stmt", v)) };
    let n = Node { v, name: c.name() };
    let kind = match c {
        Class::FunctionDef => StmtKind::FunctionDef {
            name: n.ident(th, "name")?,
            args: n.arguments(th)?,
            body: n.stmts(th, "body")?,
            decorator_list: n.exprs(th, "decorator_list")?,
        },
        Class::ClassDef => StmtKind::ClassDef {
            name: n.ident(th, "name")?,
            bases: n.exprs(th, "bases")?,
            body: n.stmts(th, "body")?,
            decorator_list: n.exprs(th, "decorator_list")?,
        },
        Class::Return => StmtKind::Return { value: n.expr_option(th, "value")? },
        Class::Delete => StmtKind::Delete { targets: n.exprs(th, "targets")? },
        Class::Assign => StmtKind::Assign { targets: n.exprs(th, "targets")?, value: n.expr(th, "value")? },
        Class::AugAssign => StmtKind::AugAssign {
            target: n.expr(th, "target")?,
            op: n.operator(th)?,
            value: n.expr(th, "value")?,
        },
        Class::Print => StmtKind::Print {
            dest: n.expr_option(th, "dest")?,
            values: n.exprs(th, "values")?,
            nl: {
                let nl = n.present(th, "nl")?;
                boolean(th, nl)?
            },
        },
        Class::For => StmtKind::For {
            target: n.expr(th, "target")?,
            iter: n.expr(th, "iter")?,
            body: n.stmts(th, "body")?,
            orelse: n.stmts(th, "orelse")?,
        },
        Class::While => StmtKind::While {
            test: n.expr(th, "test")?,
            body: n.stmts(th, "body")?,
            orelse: n.stmts(th, "orelse")?,
        },
        Class::If => StmtKind::If {
            test: n.expr(th, "test")?,
            body: n.stmts(th, "body")?,
            orelse: n.stmts(th, "orelse")?,
        },
        Class::With => StmtKind::With {
            context_expr: n.expr(th, "context_expr")?,
            optional_vars: n.expr_option(th, "optional_vars")?,
            body: n.stmts(th, "body")?,
        },
        Class::Raise => StmtKind::Raise {
            typ: n.expr_option(th, "type")?,
            inst: n.expr_option(th, "inst")?,
            tback: n.expr_option(th, "tback")?,
        },
        Class::TryExcept => StmtKind::TryExcept {
            body: n.stmts(th, "body")?,
            handlers: n.list(th, "handlers", handler)?,
            orelse: n.stmts(th, "orelse")?,
        },
        Class::TryFinally => {
            StmtKind::TryFinally { body: n.stmts(th, "body")?, finalbody: n.stmts(th, "finalbody")? }
        }
        Class::Assert => StmtKind::Assert { test: n.expr(th, "test")?, msg: n.expr_option(th, "msg")? },
        Class::Import => StmtKind::Import { names: n.list(th, "names", alias)? },
        Class::ImportFrom => StmtKind::ImportFrom {
            module: n.ident_option(th, "module")?,
            names: n.list(th, "names", alias)?,
            level: match n.field(th, "level")? {
                Some(v) => integer(th, v)?,
                None => 0,
            },
        },
        Class::Exec => StmtKind::Exec {
            body: n.expr(th, "body")?,
            globals: n.expr_option(th, "globals")?,
            locals: n.expr_option(th, "locals")?,
        },
        Class::Global => StmtKind::Global { names: n.list(th, "names", name)? },
        Class::ExprStmt => StmtKind::Expr { value: n.expr(th, "value")? },
        Class::Break => StmtKind::Break,
        Class::Continue => StmtKind::Continue,
        _ => StmtKind::Pass,
    };
    Ok(ast::Stmt::new(kind, lineno, col_offset))
}

const EXPRS: &[Class] = &[
    Class::BoolOp,
    Class::BinOp,
    Class::UnaryOp,
    Class::Lambda,
    Class::IfExp,
    Class::Dict,
    Class::Set,
    Class::ListComp,
    Class::SetComp,
    Class::DictComp,
    Class::GeneratorExp,
    Class::Yield,
    Class::Compare,
    Class::Call,
    Class::Repr,
    Class::Num,
    Class::Str,
    Class::Attribute,
    Class::Subscript,
    Class::Name,
    Class::List,
    Class::Tuple,
];

fn expr_or_none(th: &mut Thread, v: Value) -> PyResult<Option<ast::Expr>> {
    if v.is_none() { Ok(None) } else { expr(th, v).map(Some) }
}

fn expr(th: &mut Thread, v: Value) -> PyResult<ast::Expr> {
    th.check_native_stack()?;
    if v.is_none() {
        return Err(th.value_error("None disallowed in expression list"));
    }
    let any = Node { v, name: "expr" };
    let (lineno, col_offset) = (any.int(th, "lineno")?, any.int(th, "col_offset")?);
    let Some(c) = which(th, v, EXPRS)? else { return Err(unexpected(th, "expr", v)) };
    let n = Node { v, name: c.name() };
    let kind = match c {
        Class::BoolOp => ExprKind::BoolOp {
            op: {
                let op = n.present(th, "op")?;
                choose(th, op, "boolop", &[(Class::And, ast::BoolOp::And), (Class::Or, ast::BoolOp::Or)])?
            },
            values: n.exprs(th, "values")?,
        },
        Class::BinOp => {
            ExprKind::BinOp { left: n.expr(th, "left")?, op: n.operator(th)?, right: n.expr(th, "right")? }
        }
        Class::UnaryOp => ExprKind::UnaryOp {
            op: {
                let op = n.present(th, "op")?;
                use ast::UnaryOp as U;
                choose(
                    th,
                    op,
                    "unaryop",
                    &[
                        (Class::Invert, U::Invert),
                        (Class::Not, U::Not),
                        (Class::UAdd, U::UAdd),
                        (Class::USub, U::USub),
                    ],
                )?
            },
            operand: n.expr(th, "operand")?,
        },
        Class::Lambda => ExprKind::Lambda { args: n.arguments(th)?, body: n.expr(th, "body")? },
        Class::IfExp => ExprKind::IfExp {
            test: n.expr(th, "test")?,
            body: n.expr(th, "body")?,
            orelse: n.expr(th, "orelse")?,
        },
        Class::Dict => ExprKind::Dict { keys: n.exprs(th, "keys")?, values: n.exprs(th, "values")? },
        Class::Set => ExprKind::Set { elts: n.exprs(th, "elts")? },
        Class::ListComp => ExprKind::ListComp {
            elt: n.expr(th, "elt")?,
            generators: n.list(th, "generators", comprehension)?,
        },
        Class::SetComp => ExprKind::SetComp {
            elt: n.expr(th, "elt")?,
            generators: n.list(th, "generators", comprehension)?,
        },
        Class::DictComp => ExprKind::DictComp {
            key: n.expr(th, "key")?,
            value: n.expr(th, "value")?,
            generators: n.list(th, "generators", comprehension)?,
        },
        Class::GeneratorExp => ExprKind::GeneratorExp {
            elt: n.expr(th, "elt")?,
            generators: n.list(th, "generators", comprehension)?,
        },
        Class::Yield => ExprKind::Yield { value: n.expr_option(th, "value")? },
        Class::Compare => ExprKind::Compare {
            left: n.expr(th, "left")?,
            ops: n.list(th, "ops", comparison)?,
            comparators: n.exprs(th, "comparators")?,
        },
        Class::Call => ExprKind::Call {
            func: n.expr(th, "func")?,
            args: n.exprs(th, "args")?,
            keywords: n.list(th, "keywords", keyword)?,
            starargs: n.expr_option(th, "starargs")?,
            kwargs: n.expr_option(th, "kwargs")?,
        },
        Class::Repr => ExprKind::Repr { value: n.expr(th, "value")? },
        Class::Num => {
            let v = n.present(th, "n")?;
            ExprKind::Num { n: number(th, v)? }
        }
        Class::Str => {
            let v = n.present(th, "s")?;
            ExprKind::Str { s: string(th, v)? }
        }
        Class::Attribute => ExprKind::Attribute {
            value: n.expr(th, "value")?,
            attr: n.ident(th, "attr")?,
            ctx: n.context(th)?,
        },
        Class::Subscript => ExprKind::Subscript {
            value: n.expr(th, "value")?,
            slice: {
                let s = n.present(th, "slice")?;
                Box::new(slice(th, s)?)
            },
            ctx: n.context(th)?,
        },
        Class::Name => ExprKind::Name { id: n.ident(th, "id")?, ctx: n.context(th)? },
        Class::List => ExprKind::List { elts: n.exprs(th, "elts")?, ctx: n.context(th)? },
        _ => ExprKind::Tuple { elts: n.exprs(th, "elts")?, ctx: n.context(th)? },
    };
    Ok(ast::Expr::new(kind, lineno, col_offset))
}

fn slice(th: &mut Thread, v: Value) -> PyResult<ast::Slice> {
    th.check_native_stack()?;
    use Class::*;
    let c = which(th, v, &[Ellipsis, Slice, ExtSlice, Index])?;
    let n = Node { v, name: c.map_or("slice", Class::name) };
    Ok(match c {
        Some(Ellipsis) => ast::Slice::Ellipsis,
        Some(Slice) => ast::Slice::Slice {
            lower: n.expr_option(th, "lower")?,
            upper: n.expr_option(th, "upper")?,
            step: n.expr_option(th, "step")?,
        },
        Some(ExtSlice) => ast::Slice::ExtSlice { dims: n.list(th, "dims", slice)? },
        Some(_) => ast::Slice::Index { value: n.expr(th, "value")? },
        None => return Err(unexpected(th, "slice", v)),
    })
}

fn comprehension(th: &mut Thread, v: Value) -> PyResult<Comprehension> {
    let n = Node { v, name: "comprehension" };
    Ok(Comprehension { target: *n.expr(th, "target")?, iter: *n.expr(th, "iter")?, ifs: n.exprs(th, "ifs")? })
}

fn handler(th: &mut Thread, v: Value) -> PyResult<ExceptHandler> {
    if v.is_none() {
        return Err(th.value_error("None disallowed in handler list"));
    }
    let any = Node { v, name: "excepthandler" };
    let (lineno, col_offset) = (any.int(th, "lineno")?, any.int(th, "col_offset")?);
    if which(th, v, &[Class::ExceptHandler])?.is_none() {
        return Err(unexpected(th, "excepthandler", v));
    }
    let n = Node { v, name: "ExceptHandler" };
    Ok(ExceptHandler {
        typ: n.expr_option(th, "type")?,
        name: n.expr_option(th, "name")?,
        body: n.stmts(th, "body")?,
        lineno,
        col_offset,
    })
}

fn keyword(th: &mut Thread, v: Value) -> PyResult<Keyword> {
    let n = Node { v, name: "keyword" };
    Ok(Keyword { arg: n.ident(th, "arg")?, value: *n.expr(th, "value")? })
}

fn alias(th: &mut Thread, v: Value) -> PyResult<Alias> {
    let n = Node { v, name: "alias" };
    Ok(Alias { name: n.ident(th, "name")?, asname: n.ident_option(th, "asname")? })
}
