//! Subscription, slicing, containment.

use super::{slots_of, type_name};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::{Slot, Value};

/// `o[k]`.
pub fn getitem(th: &mut Thread, o: Value, k: Value) -> PyResult {
    match slots_of(o).getitem {
        Some(f) => f(th, o, k),
        None => {
            let n = type_name(o);
            if crate::objects::instance::is_old_style(o) {
                return Err(th.attribute_error(format!("{n} instance has no attribute '__getitem__'")));
            }
            if is_collection(o) && is_slice_bound(Some(k)) {
                return Err(th.type_error(format!("'{n}' object does not support indexing")));
            }
            Err(th.type_error(format!("'{n}' object has no attribute '__getitem__'")))
        }
    }
}

/// Whether a built-in type counts its items or says what it contains: errors about indexing it have words of their own.
fn is_collection(o: Value) -> bool {
    let t = crate::types::type_of(o);
    let s = t.slots();
    t.unguarded().flags.get() & crate::types::flag::HEAP == 0 && (s.len.is_some() || s.contains.is_some())
}

/// `o[k] = v`, or `del o[k]` without a value.
pub fn setitem(th: &mut Thread, o: Value, k: Value, v: Slot) -> PyResult<()> {
    match slots_of(o).setitem {
        Some(f) => f(th, o, k, v),
        None => {
            let n = type_name(o);
            if v.is_none() && is_collection(o) && is_slice_bound(Some(k)) {
                return Err(th.type_error(format!("'{n}' object doesn't support item deletion")));
            }
            let what = if v.is_some() { "assignment" } else { "deletion" };
            Err(th.type_error(format!("'{n}' object does not support item {what}")))
        }
    }
}

/// `o[i:j]` with machine-word bounds or slice objects; `None` bounds are absent ones.
pub fn get_slice(th: &mut Thread, o: Value, i: Slot, j: Slot) -> PyResult {
    if let Some((lo, hi)) = plain_bounds(i, j)
        && let Some(f) = slots_of(o).getslice
    {
        return f(th, o, lo, hi);
    }
    if let Some(f) = slots_of(o).getslice
        && is_slice_bound(i)
        && is_slice_bound(j)
    {
        let (i, j) = slice_bounds(th, o, i, j)?;
        return f(th, o, i, j);
    }
    let s = th.new_slice(i.unwrap_or(Value::NONE), j.unwrap_or(Value::NONE), Value::NONE);
    getitem(th, o, s)
}

/// `o[i:j] = v`, or `del o[i:j]`.
pub fn set_slice(th: &mut Thread, o: Value, i: Slot, j: Slot, v: Slot) -> PyResult<()> {
    if let Some((lo, hi)) = plain_bounds(i, j)
        && let Some(f) = slots_of(o).setslice
    {
        return f(th, o, lo, hi, v);
    }
    if let Some(f) = slots_of(o).setslice
        && is_slice_bound(i)
        && is_slice_bound(j)
    {
        let (i, j) = slice_bounds(th, o, i, j)?;
        return f(th, o, i, j, v);
    }
    let s = th.new_slice(i.unwrap_or(Value::NONE), j.unwrap_or(Value::NONE), Value::NONE);
    setitem(th, o, s, v)
}

/// Bounds for the slice slots if they need no computation: absent, or small and not negative.
#[inline]
fn plain_bounds(i: Slot, j: Slot) -> Option<(i64, i64)> {
    let bound = |v: Slot, absent: i64| v.map_or(Some(absent), Value::as_small_int).filter(|n| *n >= 0);
    Some((bound(i, 0)?, bound(j, i64::MAX)?))
}

fn is_slice_bound(v: Slot) -> bool {
    match v {
        None => true,
        Some(v) => super::exact_integer(v).is_some() || slots_of(v).index.is_some(),
    }
}

/// Bounds for the slice slots: absent ones are 0 and maxint, negative ones have the length added.
fn slice_bounds(th: &mut Thread, o: Value, i: Slot, j: Slot) -> PyResult<(i64, i64)> {
    let mut lo = match i {
        Some(v) => super::index_clipped(th, v)?,
        None => 0,
    };
    let mut hi = match j {
        Some(v) => super::index_clipped(th, v)?,
        None => i64::MAX,
    };
    if (lo < 0 || hi < 0)
        && let Some(f) = slots_of(o).len
    {
        let n = f(th, o)? as i64;
        if lo < 0 {
            lo = lo.saturating_add(n);
        }
        if hi < 0 {
            hi = hi.saturating_add(n);
        }
    }
    Ok((lo, hi))
}

/// `x in o`.
pub fn contains(th: &mut Thread, o: Value, x: Value) -> PyResult<bool> {
    if let Some(f) = slots_of(o).contains {
        return f(th, o, x);
    }
    if slots_of(o).iter.is_none() && !super::is_sequence(o) {
        let n = type_name(o);
        return Err(th.type_error(format!("argument of type '{n}' is not iterable")));
    }
    let it = super::iter(th, o)?;
    while let Some(v) = super::next(th, it)? {
        if super::equal(th, v, x)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `start, stop, step` of a slice for a sequence of `len` items, and the number of items selected.
pub fn slice_indices(
    th: &mut Thread,
    s: crate::layout::Ref<crate::layout::PySlice>,
    len: usize,
) -> PyResult<(i64, i64, i64, usize)> {
    let len = len as i64;
    let s = s.get();
    let step = if s.step.is_none() { 1 } else { super::index_clipped(th, s.step)? };
    if step == 0 {
        return Err(th.value_error("slice step cannot be zero"));
    }
    let step = step.max(-i64::MAX);
    let clip = |v: i64| -> i64 {
        let v = if v < 0 { v.saturating_add(len) } else { v };
        if v < 0 {
            if step < 0 { -1 } else { 0 }
        } else if v >= len {
            if step < 0 { len - 1 } else { len }
        } else {
            v
        }
    };
    let start = if s.start.is_none() {
        if step < 0 { len - 1 } else { 0 }
    } else {
        clip(super::index_clipped(th, s.start)?)
    };
    let stop = if s.stop.is_none() {
        if step < 0 { -1 } else { len }
    } else {
        clip(super::index_clipped(th, s.stop)?)
    };
    let n = if (step < 0 && stop >= start) || (step > 0 && start >= stop) {
        0
    } else if step < 0 {
        (stop - start + 1) / step + 1
    } else {
        (stop - start - 1) / step + 1
    };
    Ok((start, stop, step, n as usize))
}
