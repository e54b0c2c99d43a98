//! Union, intersection, difference: the algorithms, the operators, the in-place operators.

use super::construct::{as_type_of, base_def, copy, copy_as, dict_key_hash, empty_like, new_set, update};
use super::core::{add_hashed, contains_hashed, discard, discard_hashed, len, next_key};
use super::{SET, this};
use crate::layout::*;
use crate::native::TypeDef;
use crate::objects::dict::{table, walk};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// The items of `s` that are also in `other`, as a set of exactly the type `def`.
pub fn intersection(th: &mut Thread, s: Ref<PySet>, other: Value, def: &TypeDef) -> PyResult<Ref<PySet>> {
    let result = new_set(th, def);
    if let Some(o) = other.payload::<PySet>() {
        if o == s {
            return copy_as(th, s, def);
        }
        let (small, large) = if len(th, o)? > len(th, s)? { (s, o) } else { (o, s) };
        let mut pos = 0;
        while let Some((k, h)) = next_key(th, small, &mut pos)? {
            if contains_hashed(th, large, k, h)? {
                add_hashed(th, result, k, h)?;
            }
        }
        return Ok(result);
    }
    let it = ops::iter(th, other)?;
    while let Some(k) = ops::next(th, it)? {
        let h = ops::hash(th, k)?;
        if contains_hashed(th, s, k, h)? {
            add_hashed(th, result, k, h)?;
        }
    }
    Ok(result)
}

/// Removes from `s` all items of an iterable.
pub fn difference_update(th: &mut Thread, s: Ref<PySet>, other: Value) -> PyResult<()> {
    if let Some(o) = other.payload::<PySet>() {
        if o == s {
            return table::clear(th, s.table());
        }
        let mut pos = 0;
        while let Some((k, h)) = next_key(th, o, &mut pos)? {
            discard_hashed(th, s, k, h)?;
        }
        return Ok(());
    }
    let it = ops::iter(th, other)?;
    while let Some(k) = ops::next(th, it)? {
        discard(th, s, k)?;
    }
    Ok(())
}

/// Adds to `result` the items of `s` that are not in `other`, a set or dict.
fn difference_of_table(
    th: &mut Thread,
    s: Ref<PySet>,
    other: Ref<PyDict>,
    result: Ref<PySet>,
) -> PyResult<()> {
    let mut pos = 0;
    while let Some((k, h)) = next_key(th, s, &mut pos)? {
        let there = match other.value().cast::<PyDict>() {
            Some(d) => crate::objects::dict::get_hashed(th, d, k, h)?.is_some(),
            None => table::find(th, other, k, h)?.is_some(),
        };
        if !there {
            add_hashed(th, result, k, h)?;
        }
    }
    Ok(())
}

/// `v - other` with the class of `v`.
pub(super) fn difference(th: &mut Thread, v: Value, other: Value) -> PyResult {
    let s = this(th, v)?;
    if let Some(o) = other.payload::<PySet>() {
        let r = empty_like(th, v)?;
        difference_of_table(th, s, o.table(), r)?;
        return as_type_of(th, v, r);
    }
    if let Some(d) = other.cast::<PyDict>() {
        let r = empty_like(th, v)?;
        difference_of_table(th, s, d, r)?;
        return as_type_of(th, v, r);
    }
    let r = copy_as(th, s, base_def(s))?;
    difference_update(th, r, other)?;
    as_type_of(th, v, r)
}

/// Adds the items of `other` that are not in `s`, removes those that are.
pub fn symmetric_difference_update(th: &mut Thread, s: Ref<PySet>, other: Value) -> PyResult<()> {
    if let Some(d) = other.cast::<PyDict>() {
        let mut pos = 0;
        while let Some(e) = walk(th, d, &mut pos)? {
            let h = dict_key_hash(th, e.key, e.hash)?;
            if !discard_hashed(th, s, e.key, h)? {
                add_hashed(th, s, e.key, h)?;
            }
        }
        return Ok(());
    }
    let o = match other.payload::<PySet>() {
        Some(o) if o == s => return table::clear(th, s.table()),
        Some(o) => o,
        None => super::construct::from_iterable(th, other)?,
    };
    let mut pos = 0;
    while let Some((k, h)) = next_key(th, o, &mut pos)? {
        if !discard_hashed(th, s, k, h)? {
            add_hashed(th, s, k, h)?;
        }
    }
    Ok(())
}

/// `v ^ other` with the class of `v`.
pub(super) fn symmetric_difference(th: &mut Thread, v: Value, other: Value) -> PyResult {
    let s = this(th, v)?;
    let r = copy_as(th, s, base_def(s))?;
    symmetric_difference_update(th, r, other)?;
    as_type_of(th, v, r)
}

/// Makes the items of `from`, which nobody else has, those of `s`.
pub(super) fn take(th: &Thread, s: Ref<PySet>, from: Ref<PySet>) -> PyResult<()> {
    let (t, f) = (s.table().write(th)?, from.unguarded());
    t.entries.set(f.0.entries.get());
    t.index.set(f.0.index.get());
    t.used.set(f.0.used.get());
    t.live.set(f.0.live.get());
    t.flags.set(f.0.flags.get());
    Ok(())
}

fn both_sets(a: Value, b: Value) -> bool {
    super::is_any_set(a) && super::is_any_set(b)
}

pub(super) fn sub(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if both_sets(a, b) { difference(th, a, b) } else { Ok(Value::NOT_IMPLEMENTED) }
}

pub(super) fn and(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let s = this(th, a)?;
    let r = intersection(th, s, b, base_def(s))?;
    as_type_of(th, a, r)
}

pub(super) fn or(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let r = copy(th, a)?;
    let s = this(th, r)?;
    update(th, s, b)?;
    Ok(r)
}

pub(super) fn xor(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if both_sets(a, b) { symmetric_difference(th, a, b) } else { Ok(Value::NOT_IMPLEMENTED) }
}

pub(super) fn isub(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let s = this(th, a)?;
    difference_update(th, s, b)?;
    Ok(a)
}

pub(super) fn iand(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let s = this(th, a)?;
    let r = intersection(th, s, b, &SET)?;
    take(th, s, r)?;
    Ok(a)
}

pub(super) fn ior(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let s = this(th, a)?;
    update(th, s, b)?;
    Ok(a)
}

pub(super) fn ixor(th: &mut Thread, a: Value, b: Value) -> PyResult {
    if !both_sets(a, b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let s = this(th, a)?;
    symmetric_difference_update(th, s, b)?;
    Ok(a)
}
