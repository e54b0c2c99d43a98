//! Arithmetic of complex numbers; real numbers are taken as complex ones.

use super::{Complex, complex_value};
use crate::objects as o;
use crate::objects::number::real;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;

impl std::ops::Add for Complex {
    type Output = Complex;
    fn add(self, b: Complex) -> Complex {
        Complex::new(self.re + b.re, self.im + b.im)
    }
}

impl std::ops::Sub for Complex {
    type Output = Complex;
    fn sub(self, b: Complex) -> Complex {
        Complex::new(self.re - b.re, self.im - b.im)
    }
}

impl std::ops::Mul for Complex {
    type Output = Complex;
    fn mul(self, b: Complex) -> Complex {
        Complex::new(self.re * b.re - self.im * b.im, self.re * b.im + self.im * b.re)
    }
}

impl Complex {
    /// The quotient by Smith's method, which scales by the larger part of the divisor; none for a zero divisor.
    pub fn quotient(self, b: Complex) -> Option<Complex> {
        let (x, y) = (b.re.abs(), b.im.abs());
        if x >= y {
            if x == 0.0 {
                return None;
            }
            let ratio = b.im / b.re;
            let d = b.re + b.im * ratio;
            return Some(Complex::new((self.re + self.im * ratio) / d, (self.im - self.re * ratio) / d));
        }
        if y >= x {
            let ratio = b.re / b.im;
            let d = b.re * ratio + b.im;
            return Some(Complex::new((self.re * ratio + self.im) / d, (self.im * ratio - self.re) / d));
        }
        // At least one part of the divisor is a NaN.
        Some(Complex::new(f64::NAN, f64::NAN))
    }

    /// The magnitude: infinite if either part is, even beside a NaN. None if finite parts overflow.
    pub fn magnitude(self) -> Option<f64> {
        if self.re.is_infinite() || self.im.is_infinite() {
            return Some(f64::INFINITY);
        }
        if self.re.is_nan() || self.im.is_nan() {
            return Some(f64::NAN);
        }
        Some(self.re.hypot(self.im)).filter(|x| x.is_finite())
    }

    /// The power of polar form; none for zero to a negative or complex power, or where there is no angle.
    fn power(self, b: Complex) -> Option<Complex> {
        if b.re == 0.0 && b.im == 0.0 {
            return Some(Complex::new(1.0, 0.0));
        }
        if self.re == 0.0 && self.im == 0.0 {
            return if b.im != 0.0 || b.re < 0.0 { None } else { Some(Complex::new(0.0, 0.0)) };
        }
        let magnitude = self.re.hypot(self.im);
        let angle = self.im.atan2(self.re);
        let mut len = magnitude.powf(b.re);
        let mut phase = angle * b.re;
        if b.im != 0.0 {
            len /= (angle * b.im).exp();
            phase += b.im * magnitude.ln();
        }
        // The sine of an infinite angle is a domain error in the C library.
        if phase.is_infinite() { None } else { Some(Complex::new(len * phase.cos(), len * phase.sin())) }
    }

    /// A whole power by repeated squaring.
    fn whole_power(self, n: u32) -> Complex {
        let (mut r, mut p) = (Complex::new(1.0, 0.0), self);
        let mut n = n;
        while n > 0 {
            if n & 1 == 1 {
                r = r * p;
            }
            n >>= 1;
            p = p * p;
        }
        r
    }
}

/// A real or complex number as a complex; none for other values.
pub(super) fn operand(th: &mut Thread, v: Value) -> PyResult<Option<Complex>> {
    if let Some(c) = complex_value(v) {
        return Ok(Some(c));
    }
    Ok(real(th, v)?.map(|x| Complex::new(x, 0.0)))
}

/// Both operands, or the slot's NotImplemented.
macro_rules! operands {
    ($th:expr, $a:expr, $b:expr) => {{
        let Some(x) = operand($th, $a)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(y) = operand($th, $b)? else { return Ok(Value::NOT_IMPLEMENTED) };
        (x, y)
    }};
}

fn make(th: &mut Thread, c: Complex) -> PyResult {
    Ok(th.complex(c.re, c.im))
}

pub(super) fn add(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    make(th, x + y)
}

pub(super) fn sub(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    make(th, x - y)
}

pub(super) fn mul(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    make(th, x * y)
}

pub(super) fn truediv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    match x.quotient(y) {
        Some(q) => make(th, q),
        None => Err(th.zero_division_error("complex division by zero")),
    }
}

pub(super) fn div(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let _ = operands!(th, a, b);
    o::int::warn_classic_division(th, 2, "complex")?;
    truediv(th, a, b)
}

fn warn_no_floor(th: &mut Thread) -> PyResult<()> {
    crate::warnings::warn(
        th,
        &o::exceptions::DEPRECATION_WARNING,
        "complex divmod(), // and % are deprecated",
        1,
    )
}

/// The whole real part of the quotient, and the remainder; ZeroDivisionError with these words.
fn floor(th: &mut Thread, x: Complex, y: Complex, words: &str) -> PyResult<(Complex, Complex)> {
    match x.quotient(y) {
        Some(q) => {
            let q = Complex::new(q.re.floor(), 0.0);
            Ok((q, x - y * q))
        }
        None => Err(th.zero_division_error(words.to_owned())),
    }
}

pub(super) fn rem(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    warn_no_floor(th)?;
    let (_, r) = floor(th, x, y, "complex remainder")?;
    make(th, r)
}

pub(super) fn divmod(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    warn_no_floor(th)?;
    let (q, r) = floor(th, x, y, "complex divmod()")?;
    let (q, r) = (make(th, q)?, make(th, r)?);
    Ok(th.new_tuple(&[q, r]))
}

pub(super) fn floordiv(th: &mut Thread, a: Value, b: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    warn_no_floor(th)?;
    let (q, _) = floor(th, x, y, "complex divmod()")?;
    make(th, q)
}

/// Whole exponents beyond this go through the polar form.
const WHOLE_LIMIT: f64 = 100.0;

pub(super) fn pow(th: &mut Thread, a: Value, b: Value, c: Value) -> PyResult {
    let (x, y) = operands!(th, a, b);
    if !c.is_none() {
        return Err(th.value_error("complex modulo"));
    }
    let r = if y.im == 0.0 && y.re == y.re.trunc() && y.re.abs() <= WHOLE_LIMIT {
        if y.re > 0.0 {
            Some(x.whole_power(y.re as u32))
        } else {
            Complex::new(1.0, 0.0).quotient(x.whole_power(-y.re as u32))
        }
    } else {
        x.power(y)
    };
    match r {
        None => Err(th.zero_division_error("0.0 to a negative or complex power")),
        Some(r) if r.re.is_infinite() || r.im.is_infinite() => {
            Err(th.overflow_error("complex exponentiation"))
        }
        Some(r) => make(th, r),
    }
}

fn get(v: Value) -> Complex {
    complex_value(v).unwrap_or(Complex::new(0.0, 0.0))
}

pub(super) fn neg(th: &mut Thread, a: Value) -> PyResult {
    let c = get(a);
    make(th, Complex::new(-c.re, -c.im))
}

pub(super) fn pos(th: &mut Thread, a: Value) -> PyResult {
    make(th, get(a))
}

pub(super) fn abs(th: &mut Thread, a: Value) -> PyResult {
    match get(a).magnitude() {
        Some(x) => Ok(th.float(x)),
        None => Err(th.overflow_error("absolute value too large")),
    }
}
