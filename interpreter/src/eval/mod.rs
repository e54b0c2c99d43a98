//! The eval loop and what belongs to it.

pub mod checkpoint;
pub mod code;
pub mod frame;

use crate::native::Args;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// Calls a Python function from native code, in a nested eval loop.
pub fn call_function(th: &mut Thread, _f: Value, _args: Args<'_>) -> PyResult {
    Err(th.system_error("not yet"))
}
