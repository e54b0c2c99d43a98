//! GIL mode: the interpreter under the lock of `gil-compat`, barriers off (STM-API §6).

use crate::raised::PyResult;
use crate::thread::Thread;

/// The ticker has run out: hand the lock over if somebody waits.
pub fn tick(_th: &mut Thread) -> PyResult<()> {
    Ok(())
}

/// Runs `op` without the lock.
pub fn release_around<T>(_th: &mut Thread, op: impl FnOnce() -> T) -> T {
    op()
}
