//! Syntax trees as Python objects: what `compile` needs of module `_ast`, which registers it here.

use interpreter::eval::Mode;
use interpreter::raised::PyResult;
use interpreter::{Slot, Thread, Value};
use std::sync::OnceLock;

/// The other arguments of `compile`.
pub struct Request<'a> {
    pub filename: &'a [u8],
    pub mode: Mode,
    /// Future flags in force.
    pub future: u32,
    pub dont_imply_dedent: bool,
}

/// The two directions.
pub struct Trees {
    /// Code from a tree (or the tree itself, if `only_tree`); `None` if the value is no tree.
    pub compile: fn(&mut Thread, Value, bool, &Request<'_>) -> PyResult<Slot>,
    /// The tree of source text; `bool`: the text is UTF-8 whatever it says.
    pub parse: fn(&mut Thread, &[u8], bool, &Request<'_>) -> PyResult,
}

static TREES: OnceLock<Trees> = OnceLock::new();

/// Registers the conversions; the first call counts.
pub fn register(t: Trees) {
    let _ = TREES.set(t);
}

/// Compiles a tree; `None` if the value is none.
pub fn compile_tree(th: &mut Thread, v: Value, only_tree: bool, r: &Request<'_>) -> PyResult<Slot> {
    match TREES.get() {
        Some(t) => (t.compile)(th, v, only_tree, r),
        None => Ok(None),
    }
}

/// Parses text to a tree.
pub fn parse(th: &mut Thread, text: &[u8], utf8: bool, r: &Request<'_>) -> PyResult {
    match TREES.get() {
        Some(t) => (t.parse)(th, text, utf8, r),
        None => Err(th.system_error("syntax trees need module _ast")),
    }
}
