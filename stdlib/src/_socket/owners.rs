//! Module `socket`, once loaded, tells its sockets who owns them (`owners.py`).
//!
//! This is done to the loaded module, not to its source, so that it holds for every copy of the library.

use interpreter::raised::PyResult;
use interpreter::{Thread, Value, eval, objects, ops, source};

/// To be run when `socket` has been loaded.
pub(crate) fn install(th: &mut Thread, module: Value) -> PyResult<()> {
    let code =
        source::compile(th, include_bytes!("owners.py"), b"<socket owners>", eval::Mode::Exec, 0, false)?;
    let d = th.new_dict();
    if let Some(b) = th.rt.builtins_module.get() {
        let key = interpreter::names::__builtins__.get(th);
        objects::dict::set_str(th, d, key, b)?;
    }
    eval::run_code(th, code, d, d)?;
    let key = th.intern(b"install");
    match objects::dict::get_str(th, d, key)? {
        Some(f) => ops::call(th, f, &[module]).map(|_| ()),
        None => Ok(()),
    }
}
