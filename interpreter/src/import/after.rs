//! What is done to a module of the library once its body has run, whichever copy of the library it came from.

use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::OnceLock;

/// Gets the module.
pub type AfterLoad = fn(&mut Thread, Value) -> PyResult<()>;

static TABLE: OnceLock<&'static [(&'static str, AfterLoad)]> = OnceLock::new();

/// Registers what is to be done, by module name; the first call counts.
pub fn register(table: &'static [(&'static str, AfterLoad)]) {
    let _ = TABLE.set(table);
}

/// Does what is registered for the module called `name`.
pub(super) fn run(th: &mut Thread, name: Value, module: Value) -> PyResult<()> {
    let table = TABLE.get().copied().unwrap_or(&[]);
    let name = th.str_bytes(name);
    match table.iter().find(|(n, _)| n.as_bytes() == name) {
        Some((_, f)) => f(th, module),
        None => Ok(()),
    }
}
