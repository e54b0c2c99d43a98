//! Functions that are the C library's, with Python's errors.

use super::{Fail, answer};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};

/// A result judged by Annex F: a NaN from a number is a domain error; an infinity from a finite number is an
/// overflow or a pole.
fn judge(x: f64, r: f64, can_overflow: bool) -> Result<f64, Fail> {
    if r.is_nan() && !x.is_nan() {
        return Err(Fail::Domain);
    }
    if r.is_infinite() && x.is_finite() {
        return Err(if can_overflow { Fail::Range } else { Fail::Domain });
    }
    Ok(r)
}

macro_rules! functions {
    ($($name:ident = $f:expr, $can_overflow:literal;)*) => {
        $(pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let x = ops::float_arg(th, args.pos[0])?;
            let f: fn(f64) -> f64 = $f;
            answer(th, judge(x, f(x), $can_overflow))
        })*
    };
}

functions! {
    acos = f64::acos, false;
    asin = f64::asin, false;
    atan = f64::atan, false;
    ceil = f64::ceil, false;
    cos = f64::cos, false;
    cosh = f64::cosh, true;
    exp = f64::exp, true;
    expm1 = f64::exp_m1, true;
    fabs = f64::abs, false;
    floor = f64::floor, false;
    // The sign of zero is kept whatever the C library does.
    log1p = |x| if x == 0.0 { x } else { x.ln_1p() }, true;
    sin = f64::sin, false;
    sinh = f64::sinh, true;
    sqrt = f64::sqrt, false;
    tan = f64::tan, false;
    tanh = f64::tanh, false;
}

macro_rules! c_functions {
    ($($name:ident = $f:ident;)*) => {
        $(pub(super) fn $name(th: &mut Thread, args: Args<'_>) -> PyResult {
            let x = ops::float_arg(th, args.pos[0])?;
            answer(th, judge(x, library::$f(x), false))
        })*
    };
}

/// The C library's functions: the standard library's own forms of these differ in the last digits.
pub mod library {
    unsafe extern "C" {
        pub safe fn acosh(x: f64) -> f64;
        pub safe fn asinh(x: f64) -> f64;
        pub safe fn atanh(x: f64) -> f64;
        pub safe fn ldexp(x: f64, e: i32) -> f64;
    }
}

c_functions! {
    acosh = acosh;
    asinh = asinh;
    atanh = atanh;
}

fn two(th: &mut Thread, args: Args<'_>) -> PyResult<(f64, f64)> {
    Ok((ops::float_arg(th, args.pos[0])?, ops::float_arg(th, args.pos[1])?))
}

pub(super) fn atan2(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (y, x) = two(th, args)?;
    Ok(th.float(y.atan2(x)))
}

pub(super) fn copysign(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (x, y) = two(th, args)?;
    Ok(th.float(x.copysign(y)))
}

pub(super) fn degrees(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    Ok(th.float(x * (180.0 / std::f64::consts::PI)))
}

pub(super) fn radians(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    Ok(th.float(x * (std::f64::consts::PI / 180.0)))
}

pub(super) fn isinf(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(Value::from_bool(ops::float_arg(th, args.pos[0])?.is_infinite()))
}

pub(super) fn isnan(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(Value::from_bool(ops::float_arg(th, args.pos[0])?.is_nan()))
}

pub(super) fn frexp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    let (m, e) = if x == 0.0 || !x.is_finite() { (x, 0) } else { numtext::hash::frexp(x) };
    let (m, e) = (th.float(m), th.int(e));
    Ok(th.new_tuple(&[m, e]))
}

pub(super) fn modf(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    let (fraction, whole) = if x.is_infinite() { (0.0f64.copysign(x), x) } else { numtext::arith::modf(x) };
    let (fraction, whole) = (th.float(fraction), th.float(whole));
    Ok(th.new_tuple(&[fraction, whole]))
}

pub(super) fn ldexp(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    let Some(e) = ops::exact_integer(args.pos[1]) else {
        return Err(th.type_error("Expected an int or long as second argument to ldexp."));
    };
    // Beyond the reach of any float, only the sign of the exponent matters.
    let e =
        i64::try_from(&e).unwrap_or(if e.sign() == num_bigint::Sign::Minus { i64::MIN } else { i64::MAX });
    let r = if x == 0.0 || !x.is_finite() { x } else { library::ldexp(x, e.clamp(-100_000, 100_000) as i32) };
    answer(th, judge(x, r, true))
}

pub(super) fn fmod(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (x, y) = two(th, args)?;
    let r = if y.is_infinite() && x.is_finite() { x } else { x % y };
    answer(th, if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(Fail::Domain) } else { Ok(r) })
}

pub(super) fn hypot(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (x, y) = two(th, args)?;
    let r = x.hypot(y);
    answer(th, if r.is_infinite() && x.is_finite() && y.is_finite() { Err(Fail::Range) } else { Ok(r) })
}

pub(super) fn pow(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (x, y) = two(th, args)?;
    answer(th, power(x, y))
}

/// C99's pow with every special case spelled out, so that no C library's own rules show.
fn power(x: f64, y: f64) -> Result<f64, Fail> {
    if x.is_nan() {
        return Ok(if y == 0.0 { 1.0 } else { x });
    }
    if y.is_nan() {
        return Ok(if x == 1.0 { 1.0 } else { y });
    }
    if x.is_infinite() {
        let odd = y.is_finite() && y.abs() % 2.0 == 1.0;
        return Ok(if y > 0.0 {
            if odd { x } else { x.abs() }
        } else if y == 0.0 {
            1.0
        } else if odd {
            0.0f64.copysign(x)
        } else {
            0.0
        });
    }
    if y.is_infinite() {
        return if x.abs() == 1.0 {
            Ok(1.0)
        } else if y > 0.0 && x.abs() > 1.0 {
            Ok(y)
        } else if y < 0.0 && x.abs() < 1.0 {
            if x == 0.0 { Err(Fail::Domain) } else { Ok(-y) }
        } else {
            Ok(0.0)
        };
    }
    let r = x.powf(y);
    if r.is_nan() {
        Err(Fail::Domain)
    } else if r.is_infinite() {
        Err(if x == 0.0 { Fail::Domain } else { Fail::Range })
    } else {
        Ok(r)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers() {
        assert_eq!(power(f64::NAN, 0.0), Ok(1.0));
        assert_eq!(power(1.0, f64::NAN), Ok(1.0));
        assert_eq!(power(0.0, -1.0), Err(Fail::Domain));
        assert_eq!(power(0.0, f64::NEG_INFINITY), Err(Fail::Domain));
        assert_eq!(power(-8.0, 1.0 / 3.0), Err(Fail::Domain));
        assert_eq!(power(1e300, 2.0), Err(Fail::Range));
        assert_eq!(power(f64::NEG_INFINITY, 3.0), Ok(f64::NEG_INFINITY));
    }
}
