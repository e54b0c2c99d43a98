//! Dict operations for callers that hold a `Value`: the eval loop and class creation.

use super::{access, construct, table, this};
use crate::kinds::kind;
use crate::layout::PyDict;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// True for exact dicts: no subclass hooks need to be asked.
#[inline]
pub fn is_exact(v: Value) -> bool {
    v.kind() == kind::DICT.index()
}

/// True for an exact dict whose values lie in cells. The bit is set once and never cleared.
#[inline]
pub fn is_namespace(v: Value) -> bool {
    v.cast::<PyDict>().is_some_and(|d| table::is_namespace(d.unguarded()))
}

/// `d[k] = v`, without subclass hooks.
pub fn set_item(th: &mut Thread, d: Value, k: Value, v: Value) -> PyResult<()> {
    let d = this(th, d)?;
    access::set(th, d, k, v)
}

/// The next live pair at or after `pos`.
pub fn next_pair(th: &mut Thread, d: Value, pos: &mut usize) -> PyResult<Option<(Value, Value)>> {
    let d = this(th, d)?;
    Ok(access::next_entry(th, d, pos)?.map(|e| (e.key, e.value)))
}

/// A plain exact dict with the same items.
pub fn copy_plain(th: &mut Thread, d: Value) -> PyResult {
    let d = this(th, d)?;
    access::copy(th, d)
}

/// Adds all items of a mapping.
pub fn merge_any(th: &mut Thread, d: Value, from: Value) -> PyResult<()> {
    let d = this(th, d)?;
    construct::update(th, d, from)
}
