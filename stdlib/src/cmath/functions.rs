//! Square root, exponential, logarithm, polar coordinates.

use super::{Answer, is_finite, special, tables};
use crate::math::Fail;
use crate::math::elementary::library::ldexp;
use interpreter::objects::complex::Complex;
use std::f64::consts::{E, LN_2, LN_10};

/// Parts above this are scaled down before they are squared or added.
pub(super) const LARGE: f64 = f64::MAX / 4.0;
/// Digits by which tiny parts are scaled up: odd, so that the root's scale is whole.
const SCALE_UP: i32 = 53;
const SCALE_DOWN: i32 = -27;

/// `ln(LARGE)`.
pub(super) fn log_large() -> f64 {
    LARGE.ln()
}

pub(super) fn sqrt(z: Complex) -> Answer {
    if !is_finite(z) {
        return special(z, &tables::SQRT);
    }
    if z.re == 0.0 && z.im == 0.0 {
        return Ok(Complex::new(0.0, z.im));
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let x = ldexp(ax, SCALE_UP);
        ldexp((x + x.hypot(ldexp(ay, SCALE_UP))).sqrt(), SCALE_DOWN)
    } else {
        let x = ax / 8.0;
        2.0 * (x + x.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    Ok(if z.re >= 0.0 { Complex::new(s, d.copysign(z.im)) } else { Complex::new(d, s.copysign(z.im)) })
}

/// A direction scaled to infinity (or zero), keeping the signs of its parts.
pub(super) fn towards(x: f64, phi: f64) -> Complex {
    Complex::new(x.copysign(phi.cos()), x.copysign(phi.sin()))
}

/// The result, unless a part has overflowed.
pub(super) fn in_range(z: Complex) -> Answer {
    if z.re.is_infinite() || z.im.is_infinite() { Err(Fail::Range) } else { Ok(z) }
}

pub(super) fn exp(z: Complex) -> Answer {
    if !is_finite(z) {
        if z.re.is_infinite() && z.im.is_finite() && z.im != 0.0 {
            return Ok(towards(if z.re > 0.0 { f64::INFINITY } else { 0.0 }, z.im));
        }
        return special(z, &tables::EXP);
    }
    in_range(if z.re > log_large() {
        let l = (z.re - 1.0).exp();
        Complex::new(l * z.im.cos() * E, l * z.im.sin() * E)
    } else {
        let l = z.re.exp();
        Complex::new(l * z.im.cos(), l * z.im.sin())
    })
}

pub(super) fn log(z: Complex) -> Answer {
    if !is_finite(z) {
        return special(z, &tables::LOG);
    }
    let (ax, ay) = (z.re.abs(), z.im.abs());
    let re = if ax > LARGE || ay > LARGE {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return Err(Fail::Domain);
        }
        ldexp(ax, SCALE_UP).hypot(ldexp(ay, SCALE_UP)).ln() - SCALE_UP as f64 * LN_2
    } else {
        let h = ax.hypot(ay);
        // Near the unit circle the logarithm of the rounded magnitude would have no digits left.
        if (0.71..=1.73).contains(&h) {
            let (m, n) = (ax.max(ay), ax.min(ay));
            ((m - 1.0) * (m + 1.0) + n * n).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    Ok(Complex::new(re, z.im.atan2(z.re)))
}

pub(super) fn log10(z: Complex) -> Answer {
    let r = log(z)?;
    Ok(Complex::new(r.re / LN_10, r.im / LN_10))
}

pub(super) fn rect(r: f64, phi: f64) -> Answer {
    if !r.is_finite() || !phi.is_finite() {
        if r.is_infinite() && phi.is_finite() && phi != 0.0 {
            let z = towards(f64::INFINITY, phi);
            return Ok(if r > 0.0 { z } else { Complex::new(-z.re, -z.im) });
        }
        return special(Complex::new(r, phi), &tables::RECT);
    }
    if phi == 0.0 {
        return Ok(Complex::new(r, r * phi));
    }
    Ok(Complex::new(r * phi.cos(), r * phi.sin()))
}
