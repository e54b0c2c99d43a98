//! Hyperbolic functions, and the trigonometric ones along the imaginary axis.

use super::functions::{in_range, log_large, towards};
use super::{Answer, is_finite, special, tables, turned};
use interpreter::objects::complex::Complex;
use std::f64::consts::E;

pub(super) fn cosh(z: Complex) -> Answer {
    if !is_finite(z) {
        if z.re.is_infinite() && z.im.is_finite() && z.im != 0.0 {
            let t = towards(f64::INFINITY, z.im);
            return Ok(if z.re > 0.0 { t } else { Complex::new(t.re, -t.im) });
        }
        return special(z, &tables::COSH);
    }
    in_range(if z.re.abs() > log_large() {
        // One factor e is multiplied last, so that only results out of range overflow.
        let x = z.re - 1.0f64.copysign(z.re);
        Complex::new(z.im.cos() * x.cosh() * E, z.im.sin() * x.sinh() * E)
    } else {
        Complex::new(z.im.cos() * z.re.cosh(), z.im.sin() * z.re.sinh())
    })
}

pub(super) fn sinh(z: Complex) -> Answer {
    if !is_finite(z) {
        if z.re.is_infinite() && z.im.is_finite() && z.im != 0.0 {
            let t = towards(f64::INFINITY, z.im);
            return Ok(if z.re > 0.0 { t } else { Complex::new(-t.re, t.im) });
        }
        return special(z, &tables::SINH);
    }
    in_range(if z.re.abs() > log_large() {
        let x = z.re - 1.0f64.copysign(z.re);
        Complex::new(z.im.cos() * x.sinh() * E, z.im.sin() * x.cosh() * E)
    } else {
        Complex::new(z.im.cos() * z.re.sinh(), z.im.sin() * z.re.cosh())
    })
}

pub(super) fn tanh(z: Complex) -> Answer {
    if !is_finite(z) {
        if z.re.is_infinite() && z.im.is_finite() && z.im != 0.0 {
            let im = 0.0f64.copysign(2.0 * z.im.sin() * z.im.cos());
            return Ok(Complex::new(1.0f64.copysign(z.re), im));
        }
        return special(z, &tables::TANH);
    }
    if z.re.abs() > log_large() {
        let im = 4.0 * z.im.sin() * z.im.cos() * (-2.0 * z.re.abs()).exp();
        return Ok(Complex::new(1.0f64.copysign(z.re), im));
    }
    let (tx, ty) = (z.re.tanh(), z.im.tan());
    let cx = 1.0 / z.re.cosh();
    let txty = tx * ty;
    let d = 1.0 + txty * txty;
    Ok(Complex::new(tx * (1.0 + ty * ty) / d, ((ty / d) * cx) * cx))
}

pub(super) fn cos(z: Complex) -> Answer {
    cosh(Complex::new(-z.im, z.re))
}

pub(super) fn sin(z: Complex) -> Answer {
    turned(z, sinh)
}

pub(super) fn tan(z: Complex) -> Answer {
    turned(z, tanh)
}
