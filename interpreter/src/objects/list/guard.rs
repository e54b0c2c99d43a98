//! Repr of containers that may contain themselves.

use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// Runs `f`, which makes the repr of `v`; if that is being made already, answers `again` instead.
pub fn guarded_repr(
    th: &mut Thread,
    v: Value,
    again: &str,
    f: impl FnOnce(&mut Thread) -> PyResult,
) -> PyResult {
    let Some(obj) = v.as_obj() else { return f(th) };
    if th.repr_guard.contains(&obj) {
        return Ok(th.new_str(again.as_bytes()));
    }
    th.repr_guard.push(obj);
    let r = f(th);
    if let Some(i) = th.repr_guard.iter().rposition(|x| *x == obj) {
        th.repr_guard.remove(i);
    }
    r
}

/// Appends `repr(v)`.
pub fn push_repr(th: &mut Thread, out: &mut Vec<u8>, v: Value) -> PyResult<()> {
    let r = crate::ops::repr(th, v)?;
    out.extend_from_slice(th.str_bytes(r));
    Ok(())
}
