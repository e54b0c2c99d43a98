//! The module `exceptions`: the classes that are also built-in names.

use interpreter::native::ModuleDef;
use interpreter::objects as o;
use interpreter::{PyResult, Thread, Value};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "exceptions",
    doc: Some("Python's standard exception class hierarchy.\n\nThe classes are built-in names too."),
    functions: &[],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, module: Value) -> PyResult<()> {
    for def in o::exceptions::ALL {
        o::module::add(th, module, def.name, def.class())?;
    }
    Ok(())
}
