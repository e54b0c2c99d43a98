//! Namespace dicts: the globals of modules and of `exec`.
//!
//! Each value slot holds a `GlobalCell` whose content is the value, so compiled code finds the cell once and then
//! reads and rebinds the name without touching the dict: two threads that rebind different names do not conflict.
//!
//! # Invariants
//! N1. A cell stays the cell of its name for the dict's whole life: deleting the name, or clearing the dict, empties
//!     the cell and keeps the entry. An entry with an empty cell is invisible.
//! N2. `live` counts cells that are not empty; it changes in the same transaction as the cell.
//! N3. The flag is never taken off a dict again.

use super::table::{self, NAMESPACE};
use crate::kinds::kind;
use crate::layout::*;
use crate::objects::str::hash_of;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// An empty namespace dict.
pub fn new_namespace(th: &Thread) -> Value {
    let d = th.new_dict();
    if let Some(r) = d.cast::<PyDict>() {
        r.unguarded().flags.set(NAMESPACE);
    }
    d
}

/// True for namespace dicts. No barrier: the flag is set once, before the dict's globals are looked at through it.
#[inline(always)]
pub fn is_namespace(d: Value) -> bool {
    d.payload::<PyDict>().is_some_and(|r| table::is_namespace(r.unguarded()))
}

/// A cell for one name.
fn new_cell(th: &Thread, content: Slot) -> Ref<GlobalCell> {
    let r: Ref<GlobalCell> = th.alloc_fixed(0, 32);
    r.unguarded().0.content.set(content);
    debug_assert_eq!(r.value().kind(), kind::GLOBAL_CELL.index());
    r
}

/// The cell in entry `e` of a namespace dict.
#[inline(always)]
pub(super) fn cell_at(t: &PyDict, e: usize) -> Option<Ref<GlobalCell>> {
    table::raw_value_at(t, e).and_then(Value::cast::<GlobalCell>)
}

/// The content of a value slot of a namespace dict.
#[inline(always)]
pub(super) fn content(th: &Thread, raw: Slot) -> PyResult<Slot> {
    match raw.and_then(Value::cast::<GlobalCell>) {
        Some(c) => Ok(c.read(th)?.0.content.get()),
        None => Ok(None),
    }
}

/// The cell of a name (an exact `str`) in a namespace dict. With `create`, an absent name gets an empty cell.
/// `None` without `create`, or if `d` is no namespace dict.
pub fn global_cell(
    th: &mut Thread,
    d: Value,
    name: Value,
    create: bool,
) -> PyResult<Option<Ref<GlobalCell>>> {
    let (Some(r), Some(s)) = (d.payload::<PyDict>(), name.cast::<PyStr>()) else { return Ok(None) };
    let t = r.read(th)?;
    if !table::is_namespace(t) {
        return Ok(None);
    }
    let hash = hash_of(th, s);
    if let Some(e) = table::find(th, r, name, hash)? {
        return Ok(cell_at(r.read(th)?, e));
    }
    if !create {
        return Ok(None);
    }
    let c = new_cell(th, None);
    table::append_entry(th, r, table::pack_hash(hash), name, c.value())?;
    Ok(Some(c))
}

/// Binds the name of `cell`, a cell of namespace dict `d`.
#[inline]
pub fn store(th: &Thread, d: Value, cell: Ref<GlobalCell>, v: Value) -> PyResult<()> {
    let c = cell.write(th)?;
    if c.0.content.get().is_none()
        && let Some(r) = d.payload::<PyDict>()
    {
        let t = r.write(th)?;
        t.live.set(t.live.get() + 1);
    }
    c.0.content.set(Some(v));
    Ok(())
}

/// Unbinds the name of `cell`; false if it is not bound.
pub fn unbind(th: &Thread, d: Value, cell: Ref<GlobalCell>) -> PyResult<bool> {
    if cell.read(th)?.0.content.get().is_none() {
        return Ok(false);
    }
    if let Some(r) = d.payload::<PyDict>() {
        let t = r.write(th)?;
        let c = cell.write(th)?;
        c.0.content.set(None);
        t.live.set(t.live.get() - 1);
    }
    Ok(true)
}

/// `d[key] = v` for a key that is known to be absent from the entries.
pub(super) fn append(th: &Thread, r: Ref<PyDict>, hash: Value, key: Value, v: Value) -> PyResult<()> {
    let c = new_cell(th, Some(v));
    table::append(th, r, hash, key, c.value())
}

/// Empties all cells.
pub(super) fn clear(th: &Thread, r: Ref<PyDict>) -> PyResult<()> {
    let t = r.write(th)?;
    for e in 0..t.used.get() {
        if let Some(c) = cell_at(t, e)
            && c.read(th)?.0.content.get().is_some()
        {
            c.write(th)?.0.content.set(None);
        }
    }
    t.live.set(0);
    Ok(())
}

/// Turns a dict handed to `exec`, `eval` or a module into a namespace dict (or leaves it one).
pub fn convert_to_namespace(th: &Thread, d: Value) -> PyResult<()> {
    let Some(r) = d.payload::<PyDict>() else { return Ok(()) };
    if table::is_namespace(r.read(th)?) {
        return Ok(());
    }
    let t = r.write(th)?;
    // New storage: whoever holds positions of the old values sees the change.
    if t.used.get() > 0 {
        table::rebuild(th, r, 1)?;
        let s = table::slots(t);
        for e in 0..t.used.get() {
            let slot = &s[e * table::STRIDE + 2];
            slot.set(Some(new_cell(th, slot.get()).value()));
        }
    }
    t.flags.set(t.flags.get() | NAMESPACE);
    Ok(())
}
