//! `factorial`.

use interpreter::native::Args;
use interpreter::objects::float::float_value;
use interpreter::{PyResult, Thread, Value, ops};
use num_bigint::BigUint;

/// Largest argument whose factorial fits a machine word.
const LAST_WORD: u64 = 20;

fn argument(th: &mut Thread, v: Value) -> PyResult<i64> {
    let Some(x) = float_value(v) else { return ops::integer_arg(th, v) };
    if !x.is_finite() || x != x.floor() {
        return Err(th.value_error("factorial() only accepts integral values"));
    }
    match numtext::convert::float_to_i64(x) {
        Some(n) => Ok(n),
        None => Err(th.overflow_error("Python int too large to convert to C long")),
    }
}

/// The product `first * ... * last`, by halves, so that the factors are of like size.
fn product(th: &mut Thread, first: u64, last: u64) -> PyResult<BigUint> {
    /// Fewer factors are multiplied in turn.
    const RUN: u64 = 8;
    if last - first < RUN {
        return Ok((first..=last).fold(BigUint::from(1u8), |p, n| p * n));
    }
    th.native_poll()?;
    let middle = first + (last - first) / 2;
    let low = product(th, first, middle)?;
    Ok(low * product(th, middle + 1, last)?)
}

pub(super) fn factorial(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = argument(th, args.pos[0])?;
    if n < 0 {
        return Err(th.value_error("factorial() not defined for negative values"));
    }
    let n = n as u64;
    if n <= LAST_WORD {
        return Ok(th.int((1..=n as i64).product()));
    }
    // About n * (log2(n) - 1.4) bits: what cannot be held is refused before hours are spent on it.
    if n as f64 * ((n as f64).log2() - 1.5) > interpreter::objects::number::MAX_BITS as f64 {
        return Err(th.memory_error());
    }
    let p = product(th, 1, n)?;
    th.long(&p.into())
}
