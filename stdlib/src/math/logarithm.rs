//! `log` and `log10`, also of longs beyond the floats.

use super::{Fail, answer};
use interpreter::layout::PyLong;
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};

/// The logarithm `f` of a number; longs of any size are split into mantissa and exponent.
fn log_with(th: &mut Thread, v: Value, f: fn(f64) -> f64) -> PyResult<f64> {
    if let Some(l) = v.payload::<PyLong>() {
        if l.get().sign <= 0 {
            return Err(Fail::Domain.raise(th));
        }
        let n = l.get().to_bigint();
        return Ok(match numtext::convert::integer_to_float(&n) {
            Ok(x) => f(x),
            Err(_) => {
                let (m, e) = numtext::convert::integer_frexp(&n);
                f(m) + f(2.0) * e as f64
            }
        });
    }
    let x = ops::float_arg(th, v)?;
    if x <= 0.0 {
        return Err(Fail::Domain.raise(th));
    }
    Ok(f(x))
}

pub(super) fn log(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = log_with(th, args.pos[0], f64::ln)?;
    let Some(base) = args.get(1) else { return Ok(th.float(x)) };
    let b = log_with(th, base, f64::ln)?;
    if b == 0.0 {
        return Err(th.zero_division_error("float division by zero"));
    }
    answer(th, Ok(x / b))
}

pub(super) fn log10(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = log_with(th, args.pos[0], f64::log10)?;
    Ok(th.float(x))
}
