//! The import system of Python 2.7.
//!
//! [`package`] resolves names (implicit relative, absolute, explicit relative), [`find`] looks for a module (hooks,
//! native modules, the path), [`load`] runs what was found, [`pyc`] keeps compiled files, [`decode`] reads them,
//! [`library`] is the importer of the library embedded in the binary, `grammar` one kind of file it lacks, [`native`]
//! the modules of the runtime, [`lock`] the import lock, [`after`] what is done to some modules once they are loaded.
//!
//! # Invariants
//! I1. A module is in `sys.modules` before its body runs, and leaves it if the body raises.
//! I2. `sys.modules` here is the dict of the runtime, whatever `sys.modules` has been rebound to.
//! I3. The lock is held while modules are looked for and run, by one thread; never while a module is merely found in
//!     `sys.modules` and nobody holds it.

pub mod after;
pub mod decode;
pub mod find;
pub mod frozen;
mod grammar;
pub mod library;
pub mod load;
pub mod lock;
pub mod native;
pub mod package;
pub mod pyc;

pub use after::AfterLoad;
pub use load::{exec_code, import, reload};
pub use package::import_module_level;

use crate::layout::PyDict;
use crate::objects::{dict, module};
use crate::raised::{PyResult, Unwind};
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// `sys.modules`.
pub fn modules(th: &mut Thread) -> PyResult {
    match th.rt.modules.get() {
        Some(m) => Ok(m),
        None => Err(th.system_error("no sys.modules")),
    }
}

/// `sys.modules[name]`, which may be None (a name known to be absent).
pub fn in_modules(th: &mut Thread, name: Value) -> PyResult<Slot> {
    let m = modules(th)?;
    dict::get_str(th, m, name)
}

/// Forgets a module that failed.
pub fn remove_module(th: &mut Thread, name: Value) -> PyResult<()> {
    let m = modules(th)?;
    match m.payload::<PyDict>() {
        Some(d) => dict::delete(th, d, name).map(|_| ()),
        None => Ok(()),
    }
}

/// The module of that name in `sys.modules`, made empty if it is not there.
pub fn add_module(th: &mut Thread, name: Value) -> PyResult {
    if let Some(m) = in_modules(th, name)?
        && module::is_module(m)
    {
        return Ok(m);
    }
    let m = module::new_module(th, th.str_bytes(name))?;
    let all = modules(th)?;
    dict::set_str(th, all, name, m)?;
    Ok(m)
}

/// `sys.NAME`.
pub fn sys_get(th: &mut Thread, name: &str) -> PyResult<Slot> {
    let name = th.intern(name.as_bytes());
    match th.rt.sys_dict.get() {
        Some(d) => dict::get_str(th, d, name),
        None => Ok(None),
    }
}

impl Thread {
    /// No unwind other than a Python exception is in flight.
    pub(crate) fn unwinding_is_exception_or_idle(&self) -> bool {
        matches!(self.unwinding(), Unwind::Idle | Unwind::Exception)
    }
}
