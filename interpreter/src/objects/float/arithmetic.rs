//! Arithmetic of floats; ints and longs are taken as floats.

use super::float_value;
use crate::objects as o;
use crate::objects::number::real;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use numtext::arith;

/// Both operands as floats, or the slot's NotImplemented.
macro_rules! operands {
    ($th:expr, $a:expr, $b:expr) => {{
        let Some(x) = real($th, $a)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(y) = real($th, $b)? else { return Ok(Value::NOT_IMPLEMENTED) };
        (x, y)
    }};
}

pub(super) fn add(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    Ok(th.float(x + y))
}

pub(super) fn sub(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    Ok(th.float(x - y))
}

pub(super) fn mul(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    Ok(th.float(x * y))
}

pub(super) fn truediv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    if y == 0.0 {
        return Err(th.zero_division_error("float division by zero"));
    }
    Ok(th.float(x / y))
}

pub(super) fn div(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let _ = operands!(th, a, b);
    o::int::warn_classic_division(th, 2, "float")?;
    truediv(th, a, b)
}

pub(super) fn rem(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    if y == 0.0 {
        return Err(th.zero_division_error("float modulo"));
    }
    Ok(th.float(arith::float_mod(x, y)))
}

pub(super) fn divmod(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    if y == 0.0 {
        return Err(th.zero_division_error("float divmod()"));
    }
    let (q, r) = arith::float_divmod(x, y);
    let (q, r) = (th.float(q), th.float(r));
    Ok(th.new_tuple(&[q, r]))
}

pub(super) fn floordiv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    if y == 0.0 {
        return Err(th.zero_division_error("float divmod()"));
    }
    Ok(th.float(arith::float_floor_div(x, y)))
}

/// `x ** y`.
pub fn power(th: &mut Thread, x: f64, y: f64) -> PyResult {
    match arith::float_pow(x, y) {
        Ok(r) => Ok(th.float(r)),
        Err(e) => Err(th.numtext_error(e)),
    }
}

pub(super) fn pow(th: &mut Thread, a: Value, b: Value, c: Value) -> PyResult {
    if !c.is_none() {
        return Err(th.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    let (x, y) = operands!(th, a, b);
    power(th, x, y)
}

pub(super) fn neg(th: &mut Thread, a: Value) -> PyResult {
    Ok(th.float(-float_value(a).unwrap_or(0.0)))
}

pub(super) fn abs(th: &mut Thread, a: Value) -> PyResult {
    Ok(th.float(float_value(a).unwrap_or(0.0).abs()))
}
