//! `_ast`: syntax trees as Python objects. The compiler has its own tree (`syntax::ast`); this module turns one into
//! the other, both ways, for `compile`.
//!
//! Node classes are made at first use, by `import _ast` or by `compile` with `PyCF_ONLY_AST`.

mod classes;
mod from_python;
mod read;
mod to_python;

use classes::Class;
use interpreter::eval::Mode;
use interpreter::native::ModuleDef;
use interpreter::objects::module;
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value, ops, source, types};

/// Flag of `compile`: the tree instead of code.
pub const ONLY_AST: u32 = 0x400;

/// `_ast`.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_ast",
    doc: None,
    functions: &[],
    types: &[],
    init: Some(|th, m| {
        for c in Class::ALL {
            let class = classes::class(th, *c)?;
            module::add(th, m, c.name(), class)?;
        }
        module::add_int(th, m, "PyCF_ONLY_AST", i64::from(ONLY_AST))?;
        module::add_str(th, m, "__version__", b"82160")
    }),
};

/// Code from a tree, or the tree itself if `only_tree`; `None` if the value is no tree.
pub fn compile_tree(
    th: &mut Thread,
    v: Value,
    only_tree: bool,
    filename: &[u8],
    mode: Mode,
    flags: &syntax::CompileFlags,
) -> PyResult<Slot> {
    if !classes::made() || !types::is_instance_of(v, &classes::AST) {
        return Ok(None);
    }
    if only_tree {
        return Ok(Some(v));
    }
    let wanted = match mode {
        Mode::Exec => Class::Module,
        Mode::Eval => Class::Expression,
        Mode::Single => Class::Interactive,
    };
    let class = classes::class(th, wanted)?;
    if !ops::isinstance(th, v, class)? {
        let n = ops::type_name(v);
        return Err(th.type_error(format!("expected {} node, got {n}", wanted.name())));
    }
    let tree = from_python::module(th, v)?;
    let c = source::compile_tree_with(th, &tree, filename, flags)?;
    Ok(Some(source::to_heap(th, &c.code)?.value()))
}

/// The tree of source text.
pub fn parse(
    th: &mut Thread,
    text: &[u8],
    filename: &[u8],
    mode: Mode,
    flags: &syntax::CompileFlags,
) -> PyResult {
    let tree = source::parse_with(th, text, filename, mode, flags)?;
    to_python::module(th, &tree)
}
