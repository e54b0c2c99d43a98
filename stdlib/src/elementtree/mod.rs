//! `_elementtree`: the classes of `xml.etree.ElementTree` that do the work, natively: elements, the builder of trees and the
//! parser, which drives the builder without calling Python. The rest is Python, in `bootstrap.py`.

mod builder;
mod element;
mod items;
mod parser;
mod search;

use interpreter::kinds::kind;
use interpreter::layout::PyRecord;
use interpreter::native::{KEYWORDS, MethodDef, ModuleDef, TypeDef, VARIADIC};
use interpreter::objects::{self as o, dict, module};
use interpreter::{PyResult, Slot, Thread, Value, eval, import, names, source};

/// `ParseError`.
pub static PARSE_ERROR: TypeDef = TypeDef {
    module: "cElementTree",
    base: Some(&o::exceptions::SYNTAX_ERROR),
    ..TypeDef::new("ParseError", kind::INSTANCE)
};

const fn constructor(name: &'static str, f: interpreter::native::NativeFn, doc: &'static str) -> MethodDef {
    MethodDef::new(name, f, 0, VARIADIC, KEYWORDS, doc)
}

/// `_elementtree`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_elementtree",
    doc: None,
    functions: &[
        constructor("Element", element::create, "Element(tag[, attrib], **extra) -> element"),
        constructor(
            "SubElement",
            element::create_sub,
            "SubElement(parent, tag[, attrib], **extra) -> new child",
        ),
        constructor("TreeBuilder", builder::create, "TreeBuilder() -> builder of a tree from events"),
        constructor("XMLParser", parser::create, "XMLParser([target][, encoding]) -> parser"),
        constructor("XMLTreeBuilder", parser::create, "XMLTreeBuilder([target][, encoding]) -> parser"),
    ],
    types: &[&PARSE_ERROR],
    init: Some(|th, m| {
        crate::ready(th, &[&element::ELEMENT, &builder::BUILDER, &parser::PARSER])?;
        module::add_str(th, m, "__version__", b"1.0.6")?;
        module::add_str(th, m, "VERSION", b"1.0.6")?;
        bootstrap(th, m)
    }),
};

/// Runs the part in Python, in a dict of its own that begins with the module's names; what it lists is added.
fn bootstrap(th: &mut Thread, m: Value) -> PyResult<()> {
    const TEXT: &[u8] = include_bytes!("bootstrap.py");
    let code = source::compile(th, TEXT, b"<_elementtree>", eval::Mode::Exec, 0, false)?;
    let Some(own) = module::dict_of_module(m) else { return Ok(()) };
    let d = th.new_dict();
    interpreter::objects::dict::merge(th, d, own)?;
    let key = names::__builtins__.get(th);
    if let Some(b) = th.rt.builtins_module.get() {
        dict::set_str(th, d, key, b)?;
    }
    eval::run_code(th, code, d, d)?;
    let key = th.intern(b"EXPORTS");
    let Some(list) = dict::get_str(th, d, key)? else { return Ok(()) };
    let list = interpreter::ops::collect(th, list)?;
    for name in interpreter::ops::values(&list) {
        if let Some(v) = dict::get_str(th, d, *name)? {
            dict::set_str(th, own, *name, v)?;
        }
    }
    for (key, name) in [(&ITER, "iter"), (&ITERTEXT, "itertext")] {
        let name = th.intern(name.as_bytes());
        if let Some(f) = dict::get_str(th, d, name)? {
            th.m.make_old_now(f.obj_unchecked());
            th.rt.roots.lock().push(f);
            key.set(f);
        }
    }
    Ok(())
}

/// Generators of the part in Python.
static ITER: interpreter::runtime::Global = interpreter::runtime::Global::new();
static ITERTEXT: interpreter::runtime::Global = interpreter::runtime::Global::new();

/// A function of `xml.etree.ElementPath`.
fn path_function(th: &mut Thread, name: &str) -> PyResult {
    let m = import::import(th, "xml.etree.ElementPath")?;
    let name = th.intern(name.as_bytes());
    interpreter::ops::getattr(th, m, name)
}

fn get(th: &mut Thread, v: Value, i: usize) -> PyResult<Slot> {
    match v.cast::<PyRecord>() {
        Some(r) => Ok(r.read(th)?.at(i).get()),
        None => Ok(None),
    }
}

fn set(th: &mut Thread, v: Value, i: usize, x: Slot) -> PyResult<()> {
    if let Some(r) = v.cast::<PyRecord>() {
        r.write(th)?.at(i).set(x);
    }
    Ok(())
}
