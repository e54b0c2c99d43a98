//! The gamma and error functions.
//!
//! Gamma is P. Godfrey's form of Lanczos's approximation with the thirteen-term rational sum published with Boost;
//! erf is a power series near zero and a continued fraction beyond. Both are those of Python 2.7, so that results
//! agree to the last digit.

use super::{Fail, answer};
use interpreter::native::Args;
use interpreter::{PyResult, Thread, ops};
use std::f64::consts::PI;

const G: f64 = 6.024680040776729583740234375;
const G_MINUS_HALF: f64 = 5.524680040776729583740234375;

const NUMERATOR: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];

const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// Lanczos's sum for positive arguments.
fn lanczos_sum(x: f64) -> f64 {
    let (mut n, mut d) = (0.0, 0.0);
    // The order of evaluation keeps the powers from overflowing.
    if x < 5.0 {
        for i in (0..NUMERATOR.len()).rev() {
            n = n * x + NUMERATOR[i];
            d = d * x + DENOMINATOR[i];
        }
    } else {
        for i in 0..NUMERATOR.len() {
            n = n / x + NUMERATOR[i];
            d = d / x + DENOMINATOR[i];
        }
    }
    n / d
}

/// `sin(pi * x)` without the error of the product.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1.0f64.copysign(x) * r
}

/// The gamma function.
fn gamma(x: f64) -> Result<f64, Fail> {
    /// Beyond this argument the result is no float.
    const LAST_EXACT: f64 = 23.0;
    if !x.is_finite() {
        return if x == f64::NEG_INFINITY { Err(Fail::Domain) } else { Ok(x) };
    }
    if x == 0.0 {
        return Err(Fail::Domain);
    }
    if x == x.floor() {
        if x < 0.0 {
            return Err(Fail::Domain);
        }
        if x <= LAST_EXACT {
            return Ok((1..x as u64).fold(1.0, |p, n| p * n as f64));
        }
    }
    let a = x.abs();
    let finite = |r: f64| if r.is_infinite() { Err(Fail::Range) } else { Ok(r) };
    if a < 1e-20 {
        return finite(1.0 / x);
    }
    if a > 200.0 {
        return if x < 0.0 { Ok(0.0 / sin_pi(x)) } else { Err(Fail::Range) };
    }
    let y = a + G_MINUS_HALF;
    // The part of the argument lost in that sum.
    let z = if a > G_MINUS_HALF { (y - a) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - a };
    let z = z * G / y;
    let scale = |r: f64, up: bool| {
        let step = |r: f64, p: f64| if up { r * p } else { r / p };
        if a < 140.0 {
            step(r, y.powf(a - 0.5))
        } else {
            let p = y.powf(a / 2.0 - 0.25);
            step(step(r, p), p)
        }
    };
    let r = if x < 0.0 {
        let r = -PI / sin_pi(a) / a * y.exp() / lanczos_sum(a);
        scale(r - z * r, false)
    } else {
        let r = lanczos_sum(a) / y.exp();
        scale(r + z * r, true)
    };
    finite(r)
}

/// The logarithm of gamma's magnitude.
fn lgamma(x: f64) -> Result<f64, Fail> {
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { Err(Fail::Domain) } else { Ok(0.0) };
    }
    let a = x.abs();
    if a < 1e-20 {
        return Ok(-a.ln());
    }
    let positive = |a: f64| lanczos_sum(a).ln() - G + (a - 0.5) * ((a + G - 0.5).ln() - 1.0);
    let r = if x > 0.0 { positive(x) } else { PI.ln() - sin_pi(a).abs().ln() - a.ln() - positive(a) };
    if r.is_infinite() { Err(Fail::Range) } else { Ok(r) }
}

const SQRT_PI: f64 = 1.772453850905516027298167483341145182798;
/// Where the series ends and the fraction begins.
const SERIES_CUTOFF: f64 = 1.5;
const SERIES_TERMS: usize = 25;
/// erfc is zero from here on.
const FRACTION_CUTOFF: f64 = 30.0;
const FRACTION_TERMS: usize = 50;

fn erf_series(x: f64) -> f64 {
    let x2 = x * x;
    let mut sum = 0.0;
    let mut k = SERIES_TERMS as f64 + 0.5;
    for _ in 0..SERIES_TERMS {
        sum = 2.0 + x2 * sum / k;
        k -= 1.0;
    }
    sum * x * (-x2).exp() / SQRT_PI
}

fn erfc_fraction(x: f64) -> f64 {
    if x >= FRACTION_CUTOFF {
        return 0.0;
    }
    let x2 = x * x;
    let (mut a, mut da) = (0.0, 0.5);
    let (mut p, mut p_last) = (1.0, 0.0);
    let (mut q, mut q_last) = (da + x2, 1.0);
    for _ in 0..FRACTION_TERMS {
        a += da;
        da += 2.0;
        let b = da + x2;
        (p, p_last) = (b * p - a * p_last, p);
        (q, q_last) = (b * q - a * q_last, q);
    }
    p / q * x * (-x2).exp() / SQRT_PI
}

fn erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.abs() < SERIES_CUTOFF {
        return erf_series(x);
    }
    let c = erfc_fraction(x.abs());
    if x > 0.0 { 1.0 - c } else { c - 1.0 }
}

fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.abs() < SERIES_CUTOFF {
        return 1.0 - erf_series(x);
    }
    let c = erfc_fraction(x.abs());
    if x > 0.0 { c } else { 2.0 - c }
}

pub(super) fn gamma_of(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    answer(th, gamma(x))
}

pub(super) fn lgamma_of(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    answer(th, lgamma(x))
}

pub(super) fn erf_of(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    answer(th, Ok(erf(x)))
}

pub(super) fn erfc_of(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    answer(th, Ok(erfc(x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(gamma(5.0), Ok(24.0));
        assert_eq!(gamma(0.5), Ok(1.7724538509055159));
        assert_eq!(gamma(-1.0), Err(Fail::Domain));
        assert_eq!(gamma(172.0), Err(Fail::Range));
        assert_eq!(lgamma(0.0), Err(Fail::Domain));
        assert_eq!(lgamma(1.0), Ok(0.0));
        assert_eq!(erf(0.5), 0.5204998778130465);
        assert_eq!(erfc(40.0), 0.0);
    }
}
