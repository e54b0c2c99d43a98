//! The abstract syntax tree of Python 2.7, shaped after the language's ASDL.
//!
//! Node and field names are those of the `ast` module, so `_ast` can be generated from the same list of kinds.
//! Trees may be very deep (`a+a+a...` is left-deep, an `elif` chain right-deep): dropping one uses an explicit
//! work list and never the native stack in proportion to its depth. `Clone` and `Debug` do recurse; the compiler
//! and the symbol table never clone a tree.

use num_bigint::BigInt;
use std::fmt;
use std::rc::Rc;

/// An identifier: any bytes, since a tree built by hand may hold what the lexer never produces.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(Rc<[u8]>);

impl Ident {
    /// The identifier made of these bytes.
    pub fn new(bytes: &[u8]) -> Ident {
        Ident(Rc::from(bytes))
    }

    /// The bytes of the identifier.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text of the identifier, for messages; what is not UTF-8 is replaced.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl From<&str> for Ident {
    fn from(text: &str) -> Ident {
        Ident::new(text.as_bytes())
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == other.as_bytes()
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_text())
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// The value of a literal. `Num` holds the numbers, `Str` the two string kinds.
#[derive(Clone, Debug)]
pub enum Constant {
    /// `int`.
    Int(i64),
    /// `long`.
    Long(BigInt),
    /// `float`.
    Float(f64),
    /// `complex` with a real part of zero: the imaginary part.
    Complex(f64),
    /// `str`.
    Str(Rc<[u8]>),
    /// `unicode`: code points, lone surrogates included.
    Unicode(Rc<[u32]>),
    /// Anything else that code can hold; never made by the parser, but a tree built by hand may hold it as a `Num`.
    Other(Box<crate::code::Const>),
}

/// A whole input.
#[derive(Clone, Debug)]
pub enum Mod {
    /// A file (`exec`).
    Module(Vec<Stmt>),
    /// One interactive statement (`single`).
    Interactive(Vec<Stmt>),
    /// One expression (`eval`).
    Expression(Box<Expr>),
    /// Never made by the parser; part of the ASDL.
    Suite(Vec<Stmt>),
}

/// A statement with its position (line from 1, column from 0 in bytes).
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// First line.
    pub lineno: i32,
    /// First column.
    pub col_offset: i32,
}

/// The kinds of statement.
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug)]
pub enum StmtKind {
    FunctionDef { name: Ident, args: Box<Arguments>, body: Vec<Stmt>, decorator_list: Vec<Expr> },
    ClassDef { name: Ident, bases: Vec<Expr>, body: Vec<Stmt>, decorator_list: Vec<Expr> },
    Return { value: Option<Box<Expr>> },
    Delete { targets: Vec<Expr> },
    Assign { targets: Vec<Expr>, value: Box<Expr> },
    AugAssign { target: Box<Expr>, op: Operator, value: Box<Expr> },
    Print { dest: Option<Box<Expr>>, values: Vec<Expr>, nl: bool },
    For { target: Box<Expr>, iter: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt> },
    While { test: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt> },
    If { test: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt> },
    With { context_expr: Box<Expr>, optional_vars: Option<Box<Expr>>, body: Vec<Stmt> },
    Raise { typ: Option<Box<Expr>>, inst: Option<Box<Expr>>, tback: Option<Box<Expr>> },
    TryExcept { body: Vec<Stmt>, handlers: Vec<ExceptHandler>, orelse: Vec<Stmt> },
    TryFinally { body: Vec<Stmt>, finalbody: Vec<Stmt> },
    Assert { test: Box<Expr>, msg: Option<Box<Expr>> },
    Import { names: Vec<Alias> },
    ImportFrom { module: Option<Ident>, names: Vec<Alias>, level: i32 },
    Exec { body: Box<Expr>, globals: Option<Box<Expr>>, locals: Option<Box<Expr>> },
    Global { names: Vec<Ident> },
    Expr { value: Box<Expr> },
    Pass,
    Break,
    Continue,
}

/// An expression with its position (line from 1, column from 0 in bytes; some nodes carry -1).
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// First line.
    pub lineno: i32,
    /// First column.
    pub col_offset: i32,
}

/// The kinds of expression.
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug)]
pub enum ExprKind {
    BoolOp {
        op: BoolOp,
        values: Vec<Expr>,
    },
    BinOp {
        left: Box<Expr>,
        op: Operator,
        right: Box<Expr>,
    },
    UnaryOp {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Lambda {
        args: Box<Arguments>,
        body: Box<Expr>,
    },
    IfExp {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    Dict {
        keys: Vec<Expr>,
        values: Vec<Expr>,
    },
    Set {
        elts: Vec<Expr>,
    },
    ListComp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    SetComp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    DictComp {
        key: Box<Expr>,
        value: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    GeneratorExp {
        elt: Box<Expr>,
        generators: Vec<Comprehension>,
    },
    Yield {
        value: Option<Box<Expr>>,
    },
    Compare {
        left: Box<Expr>,
        ops: Vec<CmpOp>,
        comparators: Vec<Expr>,
    },
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<Keyword>,
        starargs: Option<Box<Expr>>,
        kwargs: Option<Box<Expr>>,
    },
    Repr {
        value: Box<Expr>,
    },
    Num {
        n: Constant,
    },
    Str {
        s: Constant,
    },
    Attribute {
        value: Box<Expr>,
        attr: Ident,
        ctx: ExprContext,
    },
    Subscript {
        value: Box<Expr>,
        slice: Box<Slice>,
        ctx: ExprContext,
    },
    Name {
        id: Ident,
        ctx: ExprContext,
    },
    List {
        elts: Vec<Expr>,
        ctx: ExprContext,
    },
    Tuple {
        elts: Vec<Expr>,
        ctx: ExprContext,
    },
}

/// How an expression that can be a target is used.
#[allow(missing_docs)] // the names are those of the `ast` module
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExprContext {
    Load,
    Store,
    Del,
    AugLoad,
    AugStore,
    Param,
}

/// What stands between the brackets of a subscript.
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug)]
pub enum Slice {
    Ellipsis,
    Slice { lower: Option<Box<Expr>>, upper: Option<Box<Expr>>, step: Option<Box<Expr>> },
    ExtSlice { dims: Vec<Slice> },
    Index { value: Box<Expr> },
}

#[allow(missing_docs)] // the names are those of the `ast` module
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoolOp {
    And,
    Or,
}

#[allow(missing_docs)] // the names are those of the `ast` module
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Sub,
    Mult,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv,
}

#[allow(missing_docs)] // the names are those of the `ast` module
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Invert,
    Not,
    UAdd,
    USub,
}

#[allow(missing_docs)] // the names are those of the `ast` module
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CmpOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

/// One `for ... in ... if ...` of a comprehension.
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug)]
pub struct Comprehension {
    pub target: Expr,
    pub iter: Expr,
    pub ifs: Vec<Expr>,
}

/// One `except` clause.
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug)]
pub struct ExceptHandler {
    pub typ: Option<Box<Expr>>,
    pub name: Option<Box<Expr>>,
    pub body: Vec<Stmt>,
    pub lineno: i32,
    pub col_offset: i32,
}

/// The parameters of a function or lambda. `args` are `Name` nodes (context `Param`) or nested tuples (context `Store`).
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub args: Vec<Expr>,
    pub vararg: Option<Ident>,
    pub kwarg: Option<Ident>,
    pub defaults: Vec<Expr>,
}

/// A keyword argument of a call.
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug)]
pub struct Keyword {
    pub arg: Ident,
    pub value: Expr,
}

/// A name of an import statement; `name` may be dotted, or `*`.
#[allow(missing_docs)] // the fields are those of the `ast` module
#[derive(Clone, Debug)]
pub struct Alias {
    pub name: Ident,
    pub asname: Option<Ident>,
}

impl Expr {
    /// An expression at a position.
    pub fn new(kind: ExprKind, lineno: i32, col_offset: i32) -> Expr {
        Expr { kind, lineno, col_offset }
    }

    /// Takes the kind out, which a pattern cannot do because `Expr` has a destructor.
    pub fn take_kind(&mut self) -> ExprKind {
        std::mem::replace(&mut self.kind, LEAF)
    }
}

impl Stmt {
    /// A statement at a position.
    pub fn new(kind: StmtKind, lineno: i32, col_offset: i32) -> Stmt {
        Stmt { kind, lineno, col_offset }
    }

    /// Takes the kind out, which a pattern cannot do because `Stmt` has a destructor.
    pub fn take_kind(&mut self) -> StmtKind {
        std::mem::replace(&mut self.kind, StmtKind::Pass)
    }
}

/// What a node holds after its parts were taken.
const LEAF: ExprKind = ExprKind::Num { n: Constant::Int(0) };

/// Nodes taken out of a tree that is going away.
#[derive(Default)]
struct Graveyard {
    #[allow(clippy::vec_box)] // they come in boxes: moving the pointer is cheaper
    exprs: Vec<Box<Expr>>,
    stmts: Vec<Stmt>,
}

impl Graveyard {
    /// Moves an inner node here unless it is a leaf, which its owner may drop in place.
    fn bury(&mut self, slot: &mut Box<Expr>) {
        if !slot.kind.is_leaf() {
            let line = slot.lineno;
            self.exprs.push(std::mem::replace(slot, Box::new(Expr::new(LEAF, line, 0))));
        }
    }

    fn bury_option(&mut self, slot: &mut Option<Box<Expr>>) {
        self.exprs.extend(slot.take());
    }

    fn bury_list(&mut self, list: &mut Vec<Expr>) {
        self.exprs.extend(list.drain(..).filter(|e| !e.kind.is_leaf()).map(Box::new));
    }

    fn bury_slice(&mut self, slice: &mut Slice) {
        match slice {
            Slice::Ellipsis => {}
            Slice::Slice { lower, upper, step } => {
                self.bury_option(lower);
                self.bury_option(upper);
                self.bury_option(step);
            }
            // The parser never nests these; a tree made by hand is bounded by the converter's depth limit.
            Slice::ExtSlice { dims } => dims.iter_mut().for_each(|d| self.bury_slice(d)),
            Slice::Index { value } => self.bury(value),
        }
    }

    fn bury_generators(&mut self, generators: &mut Vec<Comprehension>) {
        for mut g in generators.drain(..) {
            for e in [&mut g.target, &mut g.iter] {
                if !e.kind.is_leaf() {
                    self.exprs.push(Box::new(Expr::new(e.take_kind(), 0, 0)));
                }
            }
            self.bury_list(&mut g.ifs);
        }
    }

    fn bury_arguments(&mut self, args: &mut Arguments) {
        self.bury_list(&mut args.args);
        self.bury_list(&mut args.defaults);
    }

    /// Empties an expression of its inner nodes.
    fn open_expr(&mut self, kind: &mut ExprKind) {
        match kind {
            ExprKind::BoolOp { values, .. } => self.bury_list(values),
            ExprKind::BinOp { left, right, .. } => {
                self.bury(left);
                self.bury(right);
            }
            ExprKind::UnaryOp { operand, .. } => self.bury(operand),
            ExprKind::Lambda { args, body } => {
                self.bury_arguments(args);
                self.bury(body);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.bury(test);
                self.bury(body);
                self.bury(orelse);
            }
            ExprKind::Dict { keys, values } => {
                self.bury_list(keys);
                self.bury_list(values);
            }
            ExprKind::Set { elts } | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.bury_list(elts)
            }
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                self.bury(elt);
                self.bury_generators(generators);
            }
            ExprKind::DictComp { key, value, generators } => {
                self.bury(key);
                self.bury(value);
                self.bury_generators(generators);
            }
            ExprKind::Yield { value } => self.bury_option(value),
            ExprKind::Compare { left, comparators, .. } => {
                self.bury(left);
                self.bury_list(comparators);
            }
            ExprKind::Call { func, args, keywords, starargs, kwargs } => {
                self.bury(func);
                self.bury_list(args);
                for mut k in keywords.drain(..) {
                    if !k.value.kind.is_leaf() {
                        self.exprs.push(Box::new(Expr::new(k.value.take_kind(), 0, 0)));
                    }
                }
                self.bury_option(starargs);
                self.bury_option(kwargs);
            }
            ExprKind::Repr { value } | ExprKind::Attribute { value, .. } => self.bury(value),
            ExprKind::Subscript { value, slice, .. } => {
                self.bury(value);
                self.bury_slice(slice);
            }
            ExprKind::Num { .. } | ExprKind::Str { .. } | ExprKind::Name { .. } => {}
        }
    }

    /// Empties a statement of its inner statements; the expressions look after themselves.
    fn open_stmt(&mut self, kind: &mut StmtKind) {
        match kind {
            StmtKind::FunctionDef { body, .. }
            | StmtKind::ClassDef { body, .. }
            | StmtKind::With { body, .. } => {
                self.stmts.append(body);
            }
            StmtKind::For { body, orelse, .. }
            | StmtKind::While { body, orelse, .. }
            | StmtKind::If { body, orelse, .. } => {
                self.stmts.append(body);
                self.stmts.append(orelse);
            }
            StmtKind::TryExcept { body, handlers, orelse } => {
                self.stmts.append(body);
                for h in handlers {
                    self.stmts.append(&mut h.body);
                }
                self.stmts.append(orelse);
            }
            StmtKind::TryFinally { body, finalbody } => {
                self.stmts.append(body);
                self.stmts.append(finalbody);
            }
            StmtKind::Return { .. }
            | StmtKind::Delete { .. }
            | StmtKind::Assign { .. }
            | StmtKind::AugAssign { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Assert { .. }
            | StmtKind::Import { .. }
            | StmtKind::ImportFrom { .. }
            | StmtKind::Exec { .. }
            | StmtKind::Global { .. }
            | StmtKind::Expr { .. }
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue => {}
        }
    }

    fn empty(mut self) {
        loop {
            if let Some(mut e) = self.exprs.pop() {
                self.open_expr(&mut e.kind);
            } else if let Some(mut s) = self.stmts.pop() {
                self.open_stmt(&mut s.kind);
            } else {
                return;
            }
        }
    }
}

impl ExprKind {
    /// Whether the node has no expression below it.
    pub fn is_leaf(&self) -> bool {
        matches!(self, ExprKind::Num { .. } | ExprKind::Str { .. } | ExprKind::Name { .. })
    }
}

impl Drop for Expr {
    fn drop(&mut self) {
        if !self.kind.is_leaf() {
            let mut graveyard = Graveyard::default();
            graveyard.open_expr(&mut self.kind);
            graveyard.empty();
        }
    }
}

impl Drop for Stmt {
    fn drop(&mut self) {
        let mut graveyard = Graveyard::default();
        graveyard.open_stmt(&mut self.kind);
        graveyard.empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_deep_trees_needs_no_stack() {
        let name = || Box::new(Expr::new(ExprKind::Name { id: "a".into(), ctx: ExprContext::Load }, 1, 0));
        let mut left = name();
        for _ in 0..1_000_000 {
            left = Box::new(Expr::new(ExprKind::BinOp { left, op: Operator::Add, right: name() }, 1, 0));
        }
        drop(left);
        let mut chain = Vec::new();
        for _ in 0..1_000_000 {
            chain = vec![Stmt::new(StmtKind::If { test: name(), body: Vec::new(), orelse: chain }, 1, 0)];
        }
        drop(chain);
    }
}
