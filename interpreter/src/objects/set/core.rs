//! Single items: adding, testing, removing, walking.

use crate::layout::*;
use crate::objects::dict::table;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// True for sets, frozensets and instances of their subclasses.
pub fn is_any_set(v: Value) -> bool {
    v.payload::<PySet>().is_some()
}

/// What the value slot of an item with this hash holds.
#[inline(always)]
fn top_bit(hash: i64) -> Value {
    Value::from_bool((hash ^ (hash << 1)) < 0)
}

/// Adds an item whose hash is known.
#[inline]
pub fn add_hashed(th: &mut Thread, s: Ref<PySet>, key: Value, hash: i64) -> PyResult<()> {
    let d = s.table();
    d.write(th)?;
    if table::find(th, d, key, hash)?.is_some() {
        return Ok(());
    }
    table::append(th, d, table::pack_hash(hash), key, top_bit(hash))
}

/// Adds an item.
#[inline]
pub fn add(th: &mut Thread, s: Ref<PySet>, key: Value) -> PyResult<()> {
    let h = ops::hash(th, key)?;
    add_hashed(th, s, key, h)
}

/// `key in s`; no special case for sets as keys.
#[inline]
pub fn contains(th: &mut Thread, s: Ref<PySet>, key: Value) -> PyResult<bool> {
    let h = ops::hash(th, key)?;
    contains_hashed(th, s, key, h)
}

#[inline]
pub(super) fn contains_hashed(th: &mut Thread, s: Ref<PySet>, key: Value, hash: i64) -> PyResult<bool> {
    Ok(table::find(th, s.table(), key, hash)?.is_some())
}

pub(super) fn discard_hashed(th: &mut Thread, s: Ref<PySet>, key: Value, hash: i64) -> PyResult<bool> {
    match table::find(th, s.table(), key, hash)? {
        Some(e) => table::remove(th, s.table(), e).map(|()| true),
        None => Ok(false),
    }
}

/// Removes an item; false if it was not there.
pub fn discard(th: &mut Thread, s: Ref<PySet>, key: Value) -> PyResult<bool> {
    let h = ops::hash(th, key)?;
    discard_hashed(th, s, key, h)
}

#[inline]
pub(super) fn len(th: &Thread, s: Ref<PySet>) -> PyResult<usize> {
    Ok(s.table().read(th)?.live.get())
}

/// The first item at or after position `pos`, which moves past it, and its hash.
#[inline]
pub fn next_key(th: &Thread, s: Ref<PySet>, pos: &mut usize) -> PyResult<Option<(Value, i64)>> {
    let t = s.table().read(th)?;
    let slots = table::slots(t);
    while *pos < t.used.get() {
        let at = &slots[*pos * table::STRIDE..*pos * table::STRIDE + table::STRIDE];
        *pos += 1;
        if let Some(k) = at[1].get() {
            let h = at[0].get().map_or(0, Value::small_int_unchecked);
            return Ok(Some((k, if at[2].get() == Some(Value::TRUE) { h ^ i64::MIN } else { h })));
        }
    }
    Ok(None)
}

/// The last item and its entry number.
pub(super) fn last(th: &Thread, s: Ref<PySet>) -> PyResult<Option<(usize, Value)>> {
    let t = s.table().read(th)?;
    Ok((0..t.used.get()).rev().find_map(|e| table::key_at(t, e).map(|k| (e, k))))
}
