//! `parser`: concrete syntax trees as objects, over the compiler's own parser (`syntax::parser::concrete`).
//!
//! An `st` object holds a tree that is never changed. Trees made by a program are checked against the grammar before
//! they become objects, so whatever an object holds can be compiled.

mod sequences;
mod trees;

use crate::arguments::text;
use interpreter::eval::Mode;
use interpreter::kinds::kind;
use interpreter::layout::{NativePayload, PyNative};
use interpreter::native::{Args, KEYWORDS, MethodDef, ModuleDef, NO_NEW, TypeDef};
use interpreter::objects::{exceptions, module};
use interpreter::types::slots::SlotTable;
use interpreter::{PyResult, Thread, Value, import, ops, source, types};
use syntax::parser::concrete::Concrete;

/// `parser.ParserError`.
pub static PARSER_ERROR: TypeDef = TypeDef {
    module: "parser",
    base: Some(&exceptions::EXCEPTION),
    ..TypeDef::new("ParserError", kind::INSTANCE)
};

/// A tree.
pub static ST: TypeDef = TypeDef {
    module: "parser",
    doc: Some("Intermediate representation of a Python parse tree."),
    flags: NO_NEW,
    slots: SlotTable { cmp: Some(trees::compare), hash: Some(unhashable), ..SlotTable::EMPTY },
    methods: &[
        MethodDef::new(
            "compile",
            |th, a| compile(th, a, "compile"),
            0,
            1,
            KEYWORDS,
            "compile([filename]) -> code object of the tree",
        ),
        MethodDef::new("isexpr", isexpr, 0, 0, KEYWORDS, "isexpr() -> whether the tree is an expression's"),
        MethodDef::new("issuite", issuite, 0, 0, KEYWORDS, "issuite() -> whether the tree is a suite's"),
        MethodDef::new(
            "tolist",
            |th, a| nested(th, a, "tolist", false),
            0,
            2,
            KEYWORDS,
            "tolist([line_info[, col_info]]) -> the tree as nested lists",
        ),
        MethodDef::new(
            "totuple",
            |th, a| nested(th, a, "totuple", true),
            0,
            2,
            KEYWORDS,
            "totuple([line_info[, col_info]]) -> the tree as nested tuples",
        ),
    ],
    ..TypeDef::new("st", kind::NATIVE)
};

const FROM_SEQUENCE: &str = "sequence2st(sequence) -> st\n\nThe tree that nested sequences describe; ParserError if they describe none.";
const TO_TUPLE: &str = "st2tuple(st[, line_info[, col_info]]) -> the tree as nested tuples";
const TO_LIST: &str = "st2list(st[, line_info[, col_info]]) -> the tree as nested lists";
const COMPILE: &str = "compilest(st[, filename]) -> code object of the tree";

/// `parser`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "parser",
    doc: Some("This is an interface to Python's internal parser."),
    functions: &[
        MethodDef::new("_pickler", pickler, 1, 1, 0, "_pickler(st) -> what a pickle of the tree is made of"),
        MethodDef::new(
            "ast2list",
            |th, a| old_name(th, a, "ast2list", "st2list", |th, a| nested(th, a, "ast2list", false)),
            0,
            3,
            KEYWORDS,
            TO_LIST,
        ),
        MethodDef::new(
            "ast2tuple",
            |th, a| old_name(th, a, "ast2tuple", "st2tuple", |th, a| nested(th, a, "ast2tuple", true)),
            0,
            3,
            KEYWORDS,
            TO_TUPLE,
        ),
        MethodDef::new(
            "compileast",
            |th, a| old_name(th, a, "compileast", "compilest", |th, a| compile(th, a, "compilest")),
            0,
            2,
            KEYWORDS,
            COMPILE,
        ),
        MethodDef::new("compilest", |th, a| compile(th, a, "compilest"), 0, 2, KEYWORDS, COMPILE),
        MethodDef::new(
            "expr",
            |th, a| parse(th, a, "expr", Mode::Eval),
            0,
            1,
            KEYWORDS,
            "expr(source) -> st\n\nThe tree of an expression.",
        ),
        MethodDef::new("isexpr", isexpr, 0, 1, KEYWORDS, "isexpr(st) -> whether the tree is an expression's"),
        MethodDef::new("issuite", issuite, 0, 1, KEYWORDS, "issuite(st) -> whether the tree is a suite's"),
        MethodDef::new(
            "suite",
            |th, a| parse(th, a, "suite", Mode::Exec),
            0,
            1,
            KEYWORDS,
            "suite(source) -> st\n\nThe tree of a module.",
        ),
        MethodDef::new(
            "sequence2ast",
            |th, a| old_name(th, a, "sequence2ast", "sequence2st", from_sequence),
            0,
            1,
            KEYWORDS,
            FROM_SEQUENCE,
        ),
        MethodDef::new("sequence2st", from_sequence, 0, 1, KEYWORDS, FROM_SEQUENCE),
        MethodDef::new("st2list", |th, a| nested(th, a, "st2list", false), 0, 3, KEYWORDS, TO_LIST),
        MethodDef::new("st2tuple", |th, a| nested(th, a, "st2tuple", true), 0, 3, KEYWORDS, TO_TUPLE),
        MethodDef::new(
            "tuple2ast",
            |th, a| old_name(th, a, "tuple2ast", "tuple2st", from_sequence),
            0,
            1,
            KEYWORDS,
            FROM_SEQUENCE,
        ),
        MethodDef::new("tuple2st", from_sequence, 0, 1, KEYWORDS, FROM_SEQUENCE),
    ],
    types: &[&PARSER_ERROR],
    init: Some(|th, m| {
        crate::ready(th, &[&ST])?;
        for name in ["STType", "ASTType"] {
            module::add(th, m, name, ST.class())?;
        }
        module::add_str(th, m, "__version__", b"0.5")?;
        // Trees are pickled as nested tuples.
        let registry = import::import(th, "copy_reg")?;
        let function = |th: &mut Thread, m: Value, name: &[u8]| {
            let name = th.intern(name);
            ops::getattr(th, m, name)
        };
        let register = function(th, registry, b"pickle")?;
        let pickler = function(th, m, b"_pickler")?;
        let maker = function(th, m, b"sequence2st")?;
        ops::call(th, register, &[ST.class(), pickler, maker])?;
        Ok(())
    }),
};

/// The native side of an object.
struct Held(Concrete);

impl NativePayload for Held {
    fn as_any(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

fn make(th: &mut Thread, tree: Concrete) -> Value {
    th.new_native(&ST, Box::new(Held(tree)))
}

/// The tree of an object; `None` if it is something else.
fn held<'a>(v: Value) -> Option<&'a Concrete> {
    if !types::is_instance_of(v, &ST) {
        return None;
    }
    let n = v.cast::<PyNative>()?;
    let p = n.unguarded().payload.get();
    // SAFETY: instances of the type are made by `make` only, so the payload is a `Held`; it is never replaced, never
    // borrowed mutably, and lives as long as its object, which the caller's argument keeps alive.
    Some(unsafe { &(*(std::ptr::from_ref::<dyn NativePayload>(&**p) as *const Held)).0 })
}

fn unhashable(th: &mut Thread, _: Value) -> PyResult<i64> {
    Err(th.type_error("unhashable type: 'parser.st'"))
}

/// A function under the name it had before trees of another kind took it.
fn old_name(
    th: &mut Thread,
    args: Args<'_>,
    old: &str,
    new: &str,
    f: fn(&mut Thread, Args<'_>) -> PyResult,
) -> PyResult {
    if th.rt.settings.py3k_warning {
        let message = format!("{old} is removed in 3.x; use {new}");
        interpreter::warnings::warn(th, &exceptions::DEPRECATION_WARNING, message, 1)?;
    }
    f(th, args)
}

/// The tree a function or method is about, and its further arguments. A method has its own among them.
fn bound<'a, const N: usize>(
    th: &mut Thread,
    args: Args<'_>,
    fname: &str,
    names: [&str; N],
) -> PyResult<(&'a Concrete, [interpreter::Slot; N])> {
    let is_method = matches!(fname, "compile" | "tolist" | "totuple");
    if is_method {
        let mut own = [None; N];
        let given = args.skip(1);
        // A method's parameters are those after the tree.
        match N {
            2 => own[1..].copy_from_slice(&given.bind(th, fname, [names[1]], 0)?),
            _ => own[1..].copy_from_slice(&given.bind(th, fname, [names[1], names[N - 1]], 0)?),
        }
        own[0] = args.get(0);
        return Ok((tree_argument(th, own[0], fname)?, own));
    }
    let all = args.bind(th, fname, names, 1)?;
    Ok((tree_argument(th, all[0], fname)?, all))
}

fn tree_argument<'a>(th: &mut Thread, v: interpreter::Slot, fname: &str) -> PyResult<&'a Concrete> {
    let v = v.unwrap_or(Value::NONE);
    match held(v) {
        Some(t) => Ok(t),
        None => {
            let n = if v.is_none() { "None".into() } else { ops::type_name(v) };
            Err(th.type_error(format!("{fname}() argument 1 must be parser.st, not {n}")))
        }
    }
}

fn compile(th: &mut Thread, args: Args<'_>, fname: &str) -> PyResult {
    let (tree, [_, filename]) = bound(th, args, fname, ["ast", "filename"])?;
    let filename = match filename {
        Some(f) => text(th, f, fname, if fname == "compile" { 1 } else { 2 })?,
        None => b"<syntax-tree>".to_vec(),
    };
    let code = source::compile_concrete(th, tree, &filename)?;
    Ok(code.value())
}

fn parse(th: &mut Thread, args: Args<'_>, fname: &str, mode: Mode) -> PyResult {
    let [text_given] = args.bind(th, fname, ["source"], 1)?;
    let text = text(th, text_given.unwrap_or(Value::NONE), fname, 1)?;
    let tree = source::parse_concrete(th, &text, mode)?;
    Ok(make(th, tree))
}

fn nested(th: &mut Thread, args: Args<'_>, fname: &str, tuples: bool) -> PyResult {
    let (tree, [_, line, col]) = bound(th, args, fname, ["ast", "line_info", "col_info"])?;
    let truth = |th: &mut Thread, v: interpreter::Slot| v.map_or(Ok(false), |v| ops::is_true(th, v));
    let shape = sequences::Shape { tuples, line: truth(th, line)?, col: truth(th, col)? };
    sequences::of_tree(th, tree, shape)
}

fn from_sequence(th: &mut Thread, args: Args<'_>) -> PyResult {
    let [sequence] = args.bind(th, "sequence2st", ["sequence"], 1)?;
    let tree = sequences::to_tree(th, sequence.unwrap_or(Value::NONE))?;
    Ok(make(th, tree))
}

/// The tree a function or a method without further parameters is about.
fn only_tree<'a>(th: &mut Thread, args: Args<'_>, fname: &str) -> PyResult<&'a Concrete> {
    // A method's own tree comes without a name.
    if let [v] = args.pos
        && args.kw.is_empty()
        && let Some(t) = held(*v)
    {
        return Ok(t);
    }
    let [v] = args.bind(th, fname, ["ast"], 1)?;
    tree_argument(th, v, fname)
}

fn isexpr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = only_tree(th, args, "isexpr")?;
    Ok(Value::from_bool(t.mode() == Some(syntax::parser::Mode::Eval)))
}

fn issuite(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = only_tree(th, args, "issuite")?;
    Ok(Value::from_bool(t.mode() == Some(syntax::parser::Mode::Exec)))
}

fn pickler(th: &mut Thread, args: Args<'_>) -> PyResult {
    let tree = tree_argument(th, args.get(0), "_pickler")?;
    let nested = sequences::of_tree(th, tree, sequences::Shape { tuples: true, line: true, col: false })?;
    let inner = th.try_tuple(&[nested])?;
    let m = import::import(th, "parser")?;
    let name = th.intern(b"sequence2st");
    let maker = ops::getattr(th, m, name)?;
    th.try_tuple(&[maker, inner])
}
