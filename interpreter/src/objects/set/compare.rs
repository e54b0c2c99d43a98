//! Comparison, hash and repr of sets.

use super::construct::base_def;
use super::core::{contains_hashed, len, next_key};
use super::{SET, this};
use crate::layout::*;
use crate::objects::list::{guarded_repr, push_repr};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::types::type_of;
use crate::value::Value;

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    let s = this(th, v)?;
    let name = ops::type_name(v);
    let again = format!("{name}(...)");
    guarded_repr(th, v, &again, |th| {
        let mut out = format!("{name}([").into_bytes();
        let mut pos = 0;
        let mut first = true;
        while let Some((k, _)) = next_key(th, s, &mut pos)? {
            if !first {
                out.extend_from_slice(b", ");
            }
            first = false;
            push_repr(th, &mut out, k)?;
        }
        out.extend_from_slice(b"])");
        th.try_str(&out)
    })
}

/// `hash(frozenset)`, kept in the object.
pub(super) fn hash(th: &mut Thread, v: Value) -> PyResult<i64> {
    let s = this(th, v)?;
    let t = s.table().read(th)?;
    let known = t.hash.get();
    if known != -1 {
        return Ok(known);
    }
    let mut hashes: Vec<i64> = Vec::with_capacity(t.live.get());
    let mut pos = 0;
    while let Some((_, h)) = next_key(th, s, &mut pos)? {
        hashes.push(h);
    }
    let h = numtext::hash::hash_frozenset(hashes.into_iter());
    s.table().write(th)?.hash.set(h);
    Ok(h)
}

/// The content hash of a set that serves as a key for a moment.
pub(super) fn content_hash(th: &Thread, s: Ref<PySet>) -> PyResult<i64> {
    let mut hashes: Vec<i64> = Vec::new();
    let mut pos = 0;
    while let Some((_, h)) = next_key(th, s, &mut pos)? {
        hashes.push(h);
    }
    Ok(numtext::hash::hash_frozenset(hashes.into_iter()))
}

/// True if every item of `a` is in `b`.
pub(super) fn subset(th: &mut Thread, a: Ref<PySet>, b: Ref<PySet>) -> PyResult<bool> {
    if len(th, a)? > len(th, b)? {
        return Ok(false);
    }
    let mut pos = 0;
    while let Some((k, h)) = next_key(th, a, &mut pos)? {
        if !contains_hashed(th, b, k, h)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal(th: &mut Thread, a: Ref<PySet>, b: Ref<PySet>) -> PyResult<bool> {
    if len(th, a)? != len(th, b)? {
        return Ok(false);
    }
    let (x, y) = (a.table().read(th)?.hash.get(), b.table().read(th)?.hash.get());
    if x != -1 && y != -1 && x != y {
        return Ok(false);
    }
    subset(th, a, b)
}

pub(super) fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (Some(x), Some(y)) = (a.payload::<PySet>(), b.payload::<PySet>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let r = match op {
        CmpOp::Eq => equal(th, x, y)?,
        CmpOp::Ne => !equal(th, x, y)?,
        CmpOp::Le => subset(th, x, y)?,
        CmpOp::Ge => subset(th, y, x)?,
        CmpOp::Lt => len(th, x)? < len(th, y)? && subset(th, x, y)?,
        CmpOp::Gt => len(th, y)? < len(th, x)? && subset(th, y, x)?,
    };
    Ok(Value::from_bool(r))
}

pub(super) fn cmp(th: &mut Thread, _: Value, _: Value) -> PyResult<i32> {
    Err(th.type_error("cannot compare sets using cmp()"))
}

/// A key for lookups: its hash, and for a plain set, which cannot be hashed, a frozenset with its items.
pub(super) fn lookup_key(th: &mut Thread, key: Value) -> PyResult<(Value, i64)> {
    match ops::hash(th, key) {
        Ok(h) => Ok((key, h)),
        Err(e) => {
            let set = match key.payload::<PySet>() {
                Some(s) if std::ptr::eq(base_def(s), &SET) => s,
                _ => return Err(e),
            };
            e.catch_if(th, crate::objects::exceptions::TYPE_ERROR.class())?;
            let h = content_hash(th, set)?;
            let frozen = super::construct::copy_as(th, set, &super::FROZENSET)?;
            debug_assert!(type_of(frozen.value()).value() == super::FROZENSET.class());
            Ok((frozen.value(), h))
        }
    }
}
