//! A tree as text, in the form of `ast.dump(tree, annotate_fields=True, include_attributes=True)`.
//!
//! For tests and developers; it recurses as deep as the tree is.

use crate::ast::*;
use std::fmt::Write;

/// The text of a tree.
pub fn dump(tree: &Mod) -> String {
    let mut d = Dumper { out: String::new() };
    match tree {
        Mod::Module(body) => d.whole("Module", |d| d.stmts("body", body)),
        Mod::Interactive(body) => d.whole("Interactive", |d| d.stmts("body", body)),
        Mod::Suite(body) => d.whole("Suite", |d| d.stmts("body", body)),
        Mod::Expression(body) => d.whole("Expression", |d| d.expr("body", body)),
    }
    d.out
}

struct Dumper {
    out: String,
}

impl Dumper {
    fn whole(&mut self, name: &str, fields: impl FnOnce(&mut Self)) {
        self.out.push_str(name);
        self.out.push('(');
        fields(self);
        self.out.push(')');
    }

    /// A node with a position.
    fn placed(&mut self, name: &str, lineno: i32, col: i32, fields: impl FnOnce(&mut Self)) {
        self.whole(name, |d| {
            let before = d.out.len();
            fields(d);
            d.out.push_str(if d.out.len() == before { " " } else { ", " });
            let _ = write!(d.out, "lineno={lineno}, col_offset={col}");
        });
    }

    fn field(&mut self, name: &str) {
        if !self.out.ends_with('(') {
            self.out.push_str(", ");
        }
        self.out.push_str(name);
        self.out.push('=');
    }

    fn raw(&mut self, name: &str, text: &str) {
        self.field(name);
        self.out.push_str(text);
    }

    fn list<T>(&mut self, name: &str, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.field(name);
        self.out.push('[');
        for (n, i) in items.iter().enumerate() {
            if n > 0 {
                self.out.push_str(", ");
            }
            item(self, i);
        }
        self.out.push(']');
    }

    fn stmts(&mut self, name: &str, items: &[Stmt]) {
        self.list(name, items, Self::stmt);
    }

    fn exprs(&mut self, name: &str, items: &[Expr]) {
        self.list(name, items, Self::bare_expr);
    }

    fn expr(&mut self, name: &str, e: &Expr) {
        self.field(name);
        self.bare_expr(e);
    }

    fn opt_expr(&mut self, name: &str, e: &Option<Box<Expr>>) {
        match e {
            Some(e) => self.expr(name, e),
            None => self.raw(name, "None"),
        }
    }

    fn ident(&mut self, name: &str, id: &Ident) {
        let text = bytes_repr(id.as_bytes());
        self.raw(name, &text);
    }

    fn opt_ident(&mut self, name: &str, id: &Option<Ident>) {
        match id {
            Some(id) => self.ident(name, id),
            None => self.raw(name, "None"),
        }
    }

    /// A node without fields, such as an operator or a context.
    fn unit(&mut self, name: &str, value: impl std::fmt::Debug) {
        self.field(name);
        let _ = write!(self.out, "{value:?}()");
    }

    fn arguments(&mut self, a: &Arguments) {
        self.field("args");
        self.whole("arguments", |d| {
            d.exprs("args", &a.args);
            d.opt_ident("vararg", &a.vararg);
            d.opt_ident("kwarg", &a.kwarg);
            d.exprs("defaults", &a.defaults);
        });
    }

    fn aliases(&mut self, names: &[Alias]) {
        self.list("names", names, |d, a| {
            d.whole("alias", |d| {
                d.ident("name", &a.name);
                d.opt_ident("asname", &a.asname);
            });
        });
    }

    fn generators(&mut self, items: &[Comprehension]) {
        self.list("generators", items, |d, g| {
            d.whole("comprehension", |d| {
                d.expr("target", &g.target);
                d.expr("iter", &g.iter);
                d.exprs("ifs", &g.ifs);
            });
        });
    }

    fn stmt(&mut self, s: &Stmt) {
        use StmtKind::*;
        let name = match &s.kind {
            FunctionDef { .. } => "FunctionDef",
            ClassDef { .. } => "ClassDef",
            Return { .. } => "Return",
            Delete { .. } => "Delete",
            Assign { .. } => "Assign",
            AugAssign { .. } => "AugAssign",
            Print { .. } => "Print",
            For { .. } => "For",
            While { .. } => "While",
            If { .. } => "If",
            With { .. } => "With",
            Raise { .. } => "Raise",
            TryExcept { .. } => "TryExcept",
            TryFinally { .. } => "TryFinally",
            Assert { .. } => "Assert",
            Import { .. } => "Import",
            ImportFrom { .. } => "ImportFrom",
            Exec { .. } => "Exec",
            Global { .. } => "Global",
            Expr { .. } => "Expr",
            Pass => "Pass",
            Break => "Break",
            Continue => "Continue",
        };
        self.placed(name, s.lineno, s.col_offset, |d| match &s.kind {
            FunctionDef { name, args, body, decorator_list } => {
                d.ident("name", name);
                d.arguments(args);
                d.stmts("body", body);
                d.exprs("decorator_list", decorator_list);
            }
            ClassDef { name, bases, body, decorator_list } => {
                d.ident("name", name);
                d.exprs("bases", bases);
                d.stmts("body", body);
                d.exprs("decorator_list", decorator_list);
            }
            Return { value } => d.opt_expr("value", value),
            Delete { targets } => d.exprs("targets", targets),
            Assign { targets, value } => {
                d.exprs("targets", targets);
                d.expr("value", value);
            }
            AugAssign { target, op, value } => {
                d.expr("target", target);
                d.unit("op", op);
                d.expr("value", value);
            }
            Print { dest, values, nl } => {
                d.opt_expr("dest", dest);
                d.exprs("values", values);
                d.raw("nl", if *nl { "True" } else { "False" });
            }
            For { target, iter, body, orelse } => {
                d.expr("target", target);
                d.expr("iter", iter);
                d.stmts("body", body);
                d.stmts("orelse", orelse);
            }
            While { test, body, orelse } | If { test, body, orelse } => {
                d.expr("test", test);
                d.stmts("body", body);
                d.stmts("orelse", orelse);
            }
            With { context_expr, optional_vars, body } => {
                d.expr("context_expr", context_expr);
                d.opt_expr("optional_vars", optional_vars);
                d.stmts("body", body);
            }
            Raise { typ, inst, tback } => {
                d.opt_expr("type", typ);
                d.opt_expr("inst", inst);
                d.opt_expr("tback", tback);
            }
            TryExcept { body, handlers, orelse } => {
                d.stmts("body", body);
                d.list("handlers", handlers, |d, h| {
                    d.placed("ExceptHandler", h.lineno, h.col_offset, |d| {
                        d.opt_expr("type", &h.typ);
                        d.opt_expr("name", &h.name);
                        d.stmts("body", &h.body);
                    });
                });
                d.stmts("orelse", orelse);
            }
            TryFinally { body, finalbody } => {
                d.stmts("body", body);
                d.stmts("finalbody", finalbody);
            }
            Assert { test, msg } => {
                d.expr("test", test);
                d.opt_expr("msg", msg);
            }
            Import { names } => d.aliases(names),
            ImportFrom { module, names, level } => {
                d.opt_ident("module", module);
                d.aliases(names);
                d.raw("level", &level.to_string());
            }
            Exec { body, globals, locals } => {
                d.expr("body", body);
                d.opt_expr("globals", globals);
                d.opt_expr("locals", locals);
            }
            Global { names } => d.list("names", names, |d, n| d.out.push_str(&bytes_repr(n.as_bytes()))),
            Expr { value } => d.expr("value", value),
            Pass | Break | Continue => {}
        });
    }

    fn slice(&mut self, s: &Slice) {
        match s {
            Slice::Ellipsis => self.out.push_str("Ellipsis()"),
            Slice::Slice { lower, upper, step } => self.whole("Slice", |d| {
                d.opt_expr("lower", lower);
                d.opt_expr("upper", upper);
                d.opt_expr("step", step);
            }),
            Slice::ExtSlice { dims } => self.whole("ExtSlice", |d| d.list("dims", dims, Self::slice)),
            Slice::Index { value } => self.whole("Index", |d| d.expr("value", value)),
        }
    }

    fn bare_expr(&mut self, e: &Expr) {
        use ExprKind::*;
        let name = match &e.kind {
            BoolOp { .. } => "BoolOp",
            BinOp { .. } => "BinOp",
            UnaryOp { .. } => "UnaryOp",
            Lambda { .. } => "Lambda",
            IfExp { .. } => "IfExp",
            Dict { .. } => "Dict",
            Set { .. } => "Set",
            ListComp { .. } => "ListComp",
            SetComp { .. } => "SetComp",
            DictComp { .. } => "DictComp",
            GeneratorExp { .. } => "GeneratorExp",
            Yield { .. } => "Yield",
            Compare { .. } => "Compare",
            Call { .. } => "Call",
            Repr { .. } => "Repr",
            Num { .. } => "Num",
            Str { .. } => "Str",
            Attribute { .. } => "Attribute",
            Subscript { .. } => "Subscript",
            Name { .. } => "Name",
            List { .. } => "List",
            Tuple { .. } => "Tuple",
        };
        self.placed(name, e.lineno, e.col_offset, |d| match &e.kind {
            BoolOp { op, values } => {
                d.unit("op", op);
                d.exprs("values", values);
            }
            BinOp { left, op, right } => {
                d.expr("left", left);
                d.unit("op", op);
                d.expr("right", right);
            }
            UnaryOp { op, operand } => {
                d.unit("op", op);
                d.expr("operand", operand);
            }
            Lambda { args, body } => {
                d.arguments(args);
                d.expr("body", body);
            }
            IfExp { test, body, orelse } => {
                d.expr("test", test);
                d.expr("body", body);
                d.expr("orelse", orelse);
            }
            Dict { keys, values } => {
                d.exprs("keys", keys);
                d.exprs("values", values);
            }
            Set { elts } => d.exprs("elts", elts),
            ListComp { elt, generators } | SetComp { elt, generators } | GeneratorExp { elt, generators } => {
                d.expr("elt", elt);
                d.generators(generators);
            }
            DictComp { key, value, generators } => {
                d.expr("key", key);
                d.expr("value", value);
                d.generators(generators);
            }
            Yield { value } => d.opt_expr("value", value),
            Compare { left, ops, comparators } => {
                d.expr("left", left);
                d.list("ops", ops, |d, op| {
                    let _ = write!(d.out, "{op:?}()");
                });
                d.exprs("comparators", comparators);
            }
            Call { func, args, keywords, starargs, kwargs } => {
                d.expr("func", func);
                d.exprs("args", args);
                d.list("keywords", keywords, |d, k| {
                    d.whole("keyword", |d| {
                        d.ident("arg", &k.arg);
                        d.expr("value", &k.value);
                    });
                });
                d.opt_expr("starargs", starargs);
                d.opt_expr("kwargs", kwargs);
            }
            Repr { value } => d.expr("value", value),
            Num { n } => d.raw("n", &constant_repr(n)),
            Str { s } => d.raw("s", &constant_repr(s)),
            Attribute { value, attr, ctx } => {
                d.expr("value", value);
                d.ident("attr", attr);
                d.unit("ctx", ctx);
            }
            Subscript { value, slice, ctx } => {
                d.expr("value", value);
                d.field("slice");
                d.slice(slice);
                d.unit("ctx", ctx);
            }
            Name { id, ctx } => {
                d.ident("id", id);
                d.unit("ctx", ctx);
            }
            List { elts, ctx } | Tuple { elts, ctx } => {
                d.exprs("elts", elts);
                d.unit("ctx", ctx);
            }
        });
    }
}

/// `repr()` of a literal's value.
pub fn constant_repr(c: &Constant) -> String {
    match c {
        Constant::Int(n) => n.to_string(),
        Constant::Long(n) => format!("{n}L"),
        Constant::Float(x) => float_repr(*x, true),
        Constant::Complex(x) => format!("{}j", float_repr(*x, false)),
        Constant::Str(s) => bytes_repr(s),
        Constant::Other(k) => format!("{k:?}"),
        Constant::Unicode(s) => quoted("u", s.iter().copied(), |c| match c {
            0..=0xff => format!("\\x{c:02x}"),
            0x100..=0xffff => format!("\\u{c:04x}"),
            _ => format!("\\U{c:08x}"),
        }),
    }
}

/// `repr()` of a `str`.
pub fn bytes_repr(s: &[u8]) -> String {
    quoted("", s.iter().map(|b| *b as u32), |c| format!("\\x{c:02x}"))
}

fn quoted(prefix: &str, s: impl Iterator<Item = u32> + Clone, escape: impl Fn(u32) -> String) -> String {
    let has = |q: char| s.clone().any(|c| c == q as u32);
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut out = format!("{prefix}{quote}");
    for c in s {
        match c {
            9 => out.push_str("\\t"),
            10 => out.push_str("\\n"),
            13 => out.push_str("\\r"),
            32..=126 => {
                let c = c as u8 as char;
                if c == quote || c == '\\' {
                    out.push('\\');
                }
                out.push(c);
            }
            _ => out.push_str(&escape(c)),
        }
    }
    out.push(quote);
    out
}

/// The shortest digits that read back as the same number, laid out as Python does.
fn float_repr(x: f64, point: bool) -> String {
    if !x.is_finite() {
        return if x.is_nan() {
            "nan"
        } else if x > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .into();
    }
    let scientific = format!("{x:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{x}");
        return if point && !plain.contains('.') { plain + ".0" } else { plain };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
