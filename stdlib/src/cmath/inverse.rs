//! Inverse functions, by W. Kahan, "Branch Cuts for Complex Elementary Functions".

use super::functions::{LARGE, sqrt};
use super::{Answer, is_finite, special, tables, turned};
use crate::math::Fail;
use crate::math::elementary::library::asinh as real_asinh;
use interpreter::objects::complex::Complex;
use std::f64::consts::{FRAC_PI_2, LN_2};

fn is_large(z: Complex) -> bool {
    z.re.abs() > LARGE || z.im.abs() > LARGE
}

/// The logarithm of twice the magnitude of a large number.
fn log_twice(z: Complex) -> f64 {
    (z.re / 2.0).hypot(z.im / 2.0).ln() + LN_2 * 2.0
}

pub(super) fn acos(z: Complex) -> Answer {
    if !is_finite(z) {
        return special(z, &tables::ACOS);
    }
    if is_large(z) {
        let im = if z.re < 0.0 { -log_twice(z).copysign(z.im) } else { log_twice(z).copysign(-z.im) };
        return Ok(Complex::new(z.im.abs().atan2(z.re), im));
    }
    let a = sqrt(Complex::new(1.0 - z.re, -z.im))?;
    let b = sqrt(Complex::new(1.0 + z.re, z.im))?;
    Ok(Complex::new(2.0 * a.re.atan2(b.re), real_asinh(b.re * a.im - b.im * a.re)))
}

pub(super) fn acosh(z: Complex) -> Answer {
    if !is_finite(z) {
        return special(z, &tables::ACOSH);
    }
    if is_large(z) {
        return Ok(Complex::new(log_twice(z), z.im.atan2(z.re)));
    }
    let a = sqrt(Complex::new(z.re - 1.0, z.im))?;
    let b = sqrt(Complex::new(z.re + 1.0, z.im))?;
    Ok(Complex::new(real_asinh(a.re * b.re + a.im * b.im), 2.0 * a.im.atan2(b.re)))
}

pub(super) fn asinh(z: Complex) -> Answer {
    if !is_finite(z) {
        return special(z, &tables::ASINH);
    }
    if is_large(z) {
        return Ok(Complex::new(log_twice(z).copysign(z.re), z.im.atan2(z.re.abs())));
    }
    let a = sqrt(Complex::new(1.0 + z.im, -z.re))?;
    let b = sqrt(Complex::new(1.0 - z.im, z.re))?;
    Ok(Complex::new(real_asinh(a.re * b.im - b.re * a.im), z.im.atan2(a.re * b.re - a.im * b.im)))
}

pub(super) fn asin(z: Complex) -> Answer {
    turned(z, asinh)
}

pub(super) fn atan(z: Complex) -> Answer {
    turned(z, atanh)
}

pub(super) fn atanh(z: Complex) -> Answer {
    if !is_finite(z) {
        return special(z, &tables::ATANH);
    }
    // The left half plane mirrors the right one.
    if z.re < 0.0 || (z.re == 0.0 && z.re.is_sign_negative()) {
        let r = atanh(Complex::new(-z.re, -z.im))?;
        return Ok(Complex::new(-r.re, -r.im));
    }
    let ay = z.im.abs();
    let limit = LARGE.sqrt();
    if z.re > limit || ay > limit {
        let h = (z.re / 2.0).hypot(z.im / 2.0);
        return Ok(Complex::new(z.re / 4.0 / h / h, -FRAC_PI_2.copysign(-z.im)));
    }
    if z.re == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(Fail::Domain);
        }
        return Ok(Complex::new(
            -(ay.sqrt() / ay.hypot(2.0).sqrt()).ln(),
            (2.0f64.atan2(-ay) / 2.0).copysign(z.im),
        ));
    }
    let d = 1.0 - z.re;
    Ok(Complex::new(
        (4.0 * z.re / (d * d + ay * ay)).ln_1p() / 4.0,
        -((-2.0 * z.im).atan2(d * (1.0 + z.re) - ay * ay)) / 2.0,
    ))
}
