//! Comparison of floats with floats, ints and longs: always exact.

use super::float_value;
use crate::layout::PyLong;
use crate::ops::int_value;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::value::Value;
use numtext::convert::{compare_float_i64, compare_float_integer};

pub(super) fn richcmp(_: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let Some(x) = float_value(a) else { return Ok(Value::NOT_IMPLEMENTED) };
    let order = if let Some(y) = float_value(b) {
        x.partial_cmp(&y)
    } else if let Some(n) = int_value(b) {
        compare_float_i64(x, n)
    } else if let Some(l) = b.payload::<PyLong>() {
        compare_float_integer(x, &l.to_bigint())
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    // A NaN differs from everything.
    Ok(Value::from_bool(order.map_or(op == CmpOp::Ne, |o| op.holds(o))))
}
