//! Comparison and repr.

use super::guard::{guarded_repr, push_repr};
use super::{storage, this};
use crate::layout::*;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::value::Value;

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    let l = this(th, v)?;
    guarded_repr(th, v, "[...]", |th| {
        let mut out = vec![b'['];
        let mut i = 0;
        while let Some(x) = storage::get(th, l, i)? {
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            push_repr(th, &mut out, x)?;
            i += 1;
        }
        out.push(b']');
        th.try_str(&out)
    })
}

pub(super) fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let (Some(x), Some(y)) = (a.payload::<PyList>(), b.payload::<PyList>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if matches!(op, CmpOp::Eq | CmpOp::Ne) && storage::len(th, x)? != storage::len(th, y)? {
        return Ok(Value::from_bool(op == CmpOp::Ne));
    }
    let mut i = 0;
    // Items are read again after each comparison, which may have changed the lists.
    while let (Some(v), Some(w)) = (storage::get(th, x, i)?, storage::get(th, y, i)?) {
        if !ops::equal(th, v, w)? {
            return match op {
                CmpOp::Eq => Ok(Value::FALSE),
                CmpOp::Ne => Ok(Value::TRUE),
                _ => ops::rich_compare(th, v, w, op),
            };
        }
        i += 1;
    }
    let (n, m) = (storage::len(th, x)?, storage::len(th, y)?);
    Ok(Value::from_bool(op.holds(n.cmp(&m))))
}
