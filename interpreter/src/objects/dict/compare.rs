//! Comparison and repr of dicts.

use super::access::{get_hashed, len, walk};
use super::this;
use crate::layout::*;
use crate::objects::list::{guarded_repr, push_repr};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::value::Value;

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    let d = this(th, v)?;
    guarded_repr(th, v, "{...}", |th| {
        let mut out = vec![b'{'];
        let mut pos = 0;
        let mut first = true;
        while let Some(x) = walk(th, d, &mut pos)? {
            if !first {
                out.extend_from_slice(b", ");
            }
            first = false;
            push_repr(th, &mut out, x.key)?;
            out.extend_from_slice(b": ");
            push_repr(th, &mut out, x.value)?;
        }
        out.push(b'}');
        th.try_str(&out)
    })
}

/// Equality; the order is left to `cmp`.
pub(super) fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (Some(x), Some(y)) = (a.payload::<PyDict>(), b.payload::<PyDict>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(Value::from_bool(equal(th, x, y)? == (op == CmpOp::Eq)))
}

/// True if both have equal values under equal keys.
pub fn equal(th: &mut Thread, x: Ref<PyDict>, y: Ref<PyDict>) -> PyResult<bool> {
    if len(th, x)? != len(th, y)? {
        return Ok(false);
    }
    let mut pos = 0;
    while let Some(e) = walk(th, x, &mut pos)? {
        match get_hashed(th, y, e.key, e.hash)? {
            Some(v) if ops::equal(th, e.value, v)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// The smallest key of `a` whose value in `b` is missing or different, and its value in `a`.
fn smallest_difference(th: &mut Thread, a: Ref<PyDict>, b: Ref<PyDict>) -> PyResult<Option<(Value, Value)>> {
    let mut found: Option<(Value, Value)> = None;
    let mut pos = 0;
    while let Some(e) = walk(th, a, &mut pos)? {
        if let Some((k, _)) = found
            && ops::compare_bool(th, k, e.key, CmpOp::Lt)?
        {
            continue;
        }
        let same = match get_hashed(th, b, e.key, e.hash)? {
            Some(v) => ops::equal(th, e.value, v)?,
            None => false,
        };
        if !same {
            found = Some((e.key, e.value));
        }
    }
    Ok(found)
}

/// The shorter dict is smaller; among equally long ones the smallest differing key decides, then its value.
pub(super) fn cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    let (x, y) = (this(th, a)?, this(th, b)?);
    let (n, m) = (len(th, x)?, len(th, y)?);
    if n != m {
        return Ok(if n < m { -1 } else { 1 });
    }
    let Some((k, v)) = smallest_difference(th, x, y)? else { return Ok(0) };
    let other = smallest_difference(th, y, x)?;
    let mut c = match other {
        Some((j, _)) => ops::cmp(th, k, j)?,
        None => 0,
    };
    if c == 0
        && let Some((_, w)) = other
    {
        c = ops::cmp(th, v, w)?;
    }
    Ok(c)
}
