//! The module `cmath`: complex functions with the branch cuts and special values of C99 Annex G.

mod functions;
mod hyperbolic;
mod inverse;
mod tables;

use crate::math::Fail;
use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::objects::complex::{Complex, complex_arg};
use interpreter::{PyResult, Thread, Value, ops};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "cmath",
    doc: Some("Mathematical functions of complex numbers."),
    functions: &[
        MethodDef::new(
            "acos",
            |th, a| apply(th, a, inverse::acos),
            1,
            1,
            interpreter::native::PARSED,
            "acos(x)\n\nThe arc cosine of x.",
        ),
        MethodDef::new(
            "acosh",
            |th, a| apply(th, a, inverse::acosh),
            1,
            1,
            interpreter::native::PARSED,
            "acosh(x)\n\nThe inverse hyperbolic cosine of x.",
        ),
        MethodDef::new(
            "asin",
            |th, a| apply(th, a, inverse::asin),
            1,
            1,
            interpreter::native::PARSED,
            "asin(x)\n\nThe arc sine of x.",
        ),
        MethodDef::new(
            "asinh",
            |th, a| apply(th, a, inverse::asinh),
            1,
            1,
            interpreter::native::PARSED,
            "asinh(x)\n\nThe inverse hyperbolic sine of x.",
        ),
        MethodDef::new(
            "atan",
            |th, a| apply(th, a, inverse::atan),
            1,
            1,
            interpreter::native::PARSED,
            "atan(x)\n\nThe arc tangent of x.",
        ),
        MethodDef::new(
            "atanh",
            |th, a| apply(th, a, inverse::atanh),
            1,
            1,
            interpreter::native::PARSED,
            "atanh(x)\n\nThe inverse hyperbolic tangent of x.",
        ),
        MethodDef::new(
            "cos",
            |th, a| apply(th, a, hyperbolic::cos),
            1,
            1,
            interpreter::native::PARSED,
            "cos(x)\n\nThe cosine of x.",
        ),
        MethodDef::new(
            "cosh",
            |th, a| apply(th, a, hyperbolic::cosh),
            1,
            1,
            interpreter::native::PARSED,
            "cosh(x)\n\nThe hyperbolic cosine of x.",
        ),
        MethodDef::new(
            "exp",
            |th, a| apply(th, a, functions::exp),
            1,
            1,
            interpreter::native::PARSED,
            "exp(x)\n\ne raised to the power of x.",
        ),
        MethodDef::new(
            "isinf",
            isinf,
            1,
            1,
            interpreter::native::PARSED,
            "isinf(z) -> bool\n\nWhether a part of z is infinite.",
        ),
        MethodDef::new(
            "isnan",
            isnan,
            1,
            1,
            interpreter::native::PARSED,
            "isnan(z) -> bool\n\nWhether a part of z is not a number.",
        ),
        MethodDef::new(
            "log",
            log,
            1,
            2,
            0,
            "log(x[, base]) -> complex\n\nThe logarithm of x to the given base, or the natural one.",
        ),
        MethodDef::new(
            "log10",
            |th, a| apply(th, a, functions::log10),
            1,
            1,
            interpreter::native::PARSED,
            "log10(x)\n\nThe logarithm of x to base 10.",
        ),
        MethodDef::new(
            "phase",
            phase,
            1,
            1,
            interpreter::native::PARSED,
            "phase(z) -> float\n\nThe argument of z, its phase angle.",
        ),
        MethodDef::new(
            "polar",
            polar,
            1,
            1,
            interpreter::native::PARSED,
            "polar(z) -> r: float, phi: float\n\nDistance and phase angle of z.",
        ),
        MethodDef::new(
            "rect",
            rect,
            2,
            2,
            0,
            "rect(r, phi) -> z: complex\n\nThe number with that distance and phase angle.",
        ),
        MethodDef::new(
            "sin",
            |th, a| apply(th, a, hyperbolic::sin),
            1,
            1,
            interpreter::native::PARSED,
            "sin(x)\n\nThe sine of x.",
        ),
        MethodDef::new(
            "sinh",
            |th, a| apply(th, a, hyperbolic::sinh),
            1,
            1,
            interpreter::native::PARSED,
            "sinh(x)\n\nThe hyperbolic sine of x.",
        ),
        MethodDef::new(
            "sqrt",
            |th, a| apply(th, a, functions::sqrt),
            1,
            1,
            interpreter::native::PARSED,
            "sqrt(x)\n\nThe square root of x.",
        ),
        MethodDef::new(
            "tan",
            |th, a| apply(th, a, hyperbolic::tan),
            1,
            1,
            interpreter::native::PARSED,
            "tan(x)\n\nThe tangent of x.",
        ),
        MethodDef::new(
            "tanh",
            |th, a| apply(th, a, hyperbolic::tanh),
            1,
            1,
            interpreter::native::PARSED,
            "tanh(x)\n\nThe hyperbolic tangent of x.",
        ),
    ],
    types: &[],
    init: Some(init),
};

fn init(th: &mut Thread, module: Value) -> PyResult<()> {
    for (name, x) in [("pi", std::f64::consts::PI), ("e", std::f64::consts::E)] {
        let (name, x) = (th.intern(name.as_bytes()), th.float(x));
        ops::setattr(th, module, name, Some(x))?;
    }
    Ok(())
}

/// What every function here gives.
type Answer = Result<Complex, Fail>;

/// The table's entry for an argument with a part that is not finite.
fn special(z: Complex, table: &tables::Table) -> Answer {
    table[tables::kind(z.re)][tables::kind(z.im)].ok_or(Fail::Domain)
}

fn is_finite(z: Complex) -> bool {
    z.re.is_finite() && z.im.is_finite()
}

/// `f(z)` from `g` along the imaginary axis: `f(z) = -i * g(i * z)`.
fn turned(z: Complex, g: fn(Complex) -> Answer) -> Answer {
    let r = g(Complex::new(-z.im, z.re))?;
    Ok(Complex::new(r.im, -r.re))
}

fn apply(th: &mut Thread, args: Args<'_>, f: fn(Complex) -> Answer) -> PyResult {
    let z = complex_arg(th, args.pos[0])?;
    give(th, f(z))
}

fn give(th: &mut Thread, r: Answer) -> PyResult {
    match r {
        Ok(z) => Ok(th.complex(z.re, z.im)),
        Err(f) => Err(f.raise(th)),
    }
}

fn isinf(th: &mut Thread, args: Args<'_>) -> PyResult {
    let z = complex_arg(th, args.pos[0])?;
    Ok(Value::from_bool(z.re.is_infinite() || z.im.is_infinite()))
}

fn isnan(th: &mut Thread, args: Args<'_>) -> PyResult {
    let z = complex_arg(th, args.pos[0])?;
    Ok(Value::from_bool(z.re.is_nan() || z.im.is_nan()))
}

fn log(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = complex_arg(th, args.pos[0])?;
    let mut r = functions::log(x);
    if let Some(b) = args.get(1) {
        let b = complex_arg(th, b)?;
        r = r.and_then(|x| x.quotient(functions::log(b)?).ok_or(Fail::Domain));
    }
    give(th, r)
}

fn phase(th: &mut Thread, args: Args<'_>) -> PyResult {
    let z = complex_arg(th, args.pos[0])?;
    Ok(th.float(z.im.atan2(z.re)))
}

fn polar(th: &mut Thread, args: Args<'_>) -> PyResult {
    let z = complex_arg(th, args.pos[0])?;
    let Some(r) = z.magnitude() else { return Err(Fail::Range.raise(th)) };
    let (r, phi) = (th.float(r), th.float(z.im.atan2(z.re)));
    Ok(th.new_tuple(&[r, phi]))
}

fn rect(th: &mut Thread, args: Args<'_>) -> PyResult {
    let r = ops::float_arg(th, args.pos[0])?;
    let phi = ops::float_arg(th, args.pos[1])?;
    let z = functions::rect(r, phi);
    give(th, z)
}
