//! Slot functions of classes written in Python: they look up the special method and call it.

use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

/// `__cmp__` of either side, else the default order.
pub fn cmp(th: &mut Thread, a: Value, b: Value) -> PyResult<i32> {
    for (x, y, sign) in [(a, b, 1), (b, a, -1)] {
        if let Some(r) = crate::ops::call_special(th, x, &crate::names::__cmp__, &[y])?
            && r != Value::NOT_IMPLEMENTED
        {
            let c = crate::ops::integer_arg(th, r)?;
            return Ok(sign * c.signum() as i32);
        }
    }
    Ok(if a.bits() < b.bits() { -1 } else { (a != b) as i32 })
}
