//! The module `math`: real functions with the special values and errors of Python 2.7.
//!
//! Elementary functions are the C library's; what that answers with a NaN or an infinity becomes ValueError or
//! OverflowError by the rules of C99 Annex F (`elementary`).

pub mod elementary;
mod factorial;
mod fsum;
mod logarithm;
mod special;

use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::raised::Raised;
use interpreter::{PyResult, Thread, Value, ops};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "math",
    doc: Some("Mathematical functions of real numbers, as the C standard defines them."),
    functions: &[
        MethodDef::new("acos", elementary::acos, 1, 1, 0, "acos(x)\n\nThe arc cosine (in radians) of x."),
        MethodDef::new(
            "acosh",
            elementary::acosh,
            1,
            1,
            0,
            "acosh(x)\n\nThe inverse hyperbolic cosine of x.",
        ),
        MethodDef::new("asin", elementary::asin, 1, 1, 0, "asin(x)\n\nThe arc sine (in radians) of x."),
        MethodDef::new("asinh", elementary::asinh, 1, 1, 0, "asinh(x)\n\nThe inverse hyperbolic sine of x."),
        MethodDef::new("atan", elementary::atan, 1, 1, 0, "atan(x)\n\nThe arc tangent (in radians) of x."),
        MethodDef::new(
            "atan2",
            elementary::atan2,
            2,
            2,
            interpreter::native::UNPACKED,
            "atan2(y, x)\n\nThe angle (in radians) of the point (x, y).",
        ),
        MethodDef::new(
            "atanh",
            elementary::atanh,
            1,
            1,
            0,
            "atanh(x)\n\nThe inverse hyperbolic tangent of x.",
        ),
        MethodDef::new(
            "ceil",
            elementary::ceil,
            1,
            1,
            0,
            "ceil(x)\n\nThe least whole number >= x, as a float.",
        ),
        MethodDef::new(
            "copysign",
            elementary::copysign,
            2,
            2,
            interpreter::native::UNPACKED,
            "copysign(x, y)\n\nx with the sign of y.",
        ),
        MethodDef::new("cos", elementary::cos, 1, 1, 0, "cos(x)\n\nThe cosine of x (in radians)."),
        MethodDef::new("cosh", elementary::cosh, 1, 1, 0, "cosh(x)\n\nThe hyperbolic cosine of x."),
        MethodDef::new("degrees", elementary::degrees, 1, 1, 0, "degrees(x)\n\nThe angle x in degrees."),
        MethodDef::new("erf", special::erf_of, 1, 1, 0, "erf(x)\n\nThe error function at x."),
        MethodDef::new("erfc", special::erfc_of, 1, 1, 0, "erfc(x)\n\n1 - erf(x)."),
        MethodDef::new("exp", elementary::exp, 1, 1, 0, "exp(x)\n\ne raised to the power of x."),
        MethodDef::new("expm1", elementary::expm1, 1, 1, 0, "expm1(x)\n\nexp(x) - 1, precise for small x."),
        MethodDef::new("fabs", elementary::fabs, 1, 1, 0, "fabs(x)\n\nThe absolute value of x as a float."),
        MethodDef::new(
            "factorial",
            factorial::factorial,
            1,
            1,
            0,
            "factorial(x) -> Integral\n\nx!; ValueError if x is negative or not integral.",
        ),
        MethodDef::new(
            "floor",
            elementary::floor,
            1,
            1,
            0,
            "floor(x)\n\nThe greatest whole number <= x, as a float.",
        ),
        MethodDef::new(
            "fmod",
            elementary::fmod,
            2,
            2,
            interpreter::native::UNPACKED,
            "fmod(x, y)\n\nThe C library's fmod(x, y); x % y may differ.",
        ),
        MethodDef::new(
            "frexp",
            elementary::frexp,
            1,
            1,
            0,
            "frexp(x)\n\nMantissa and exponent (m, e) with x = m * 2**e.",
        ),
        MethodDef::new("fsum", fsum::fsum, 1, 1, 0, "fsum(iterable)\n\nThe sum of the items, rounded once."),
        MethodDef::new("gamma", special::gamma_of, 1, 1, 0, "gamma(x)\n\nThe gamma function at x."),
        MethodDef::new(
            "hypot",
            elementary::hypot,
            2,
            2,
            interpreter::native::UNPACKED,
            "hypot(x, y)\n\nThe Euclidean distance sqrt(x*x + y*y).",
        ),
        MethodDef::new("isinf", elementary::isinf, 1, 1, 0, "isinf(x) -> bool\n\nWhether x is infinite."),
        MethodDef::new("isnan", elementary::isnan, 1, 1, 0, "isnan(x) -> bool\n\nWhether x is not a number."),
        MethodDef::new("ldexp", elementary::ldexp, 2, 2, 0, "ldexp(x, i)\n\nx * (2**i)."),
        MethodDef::new(
            "lgamma",
            special::lgamma_of,
            1,
            1,
            0,
            "lgamma(x)\n\nThe logarithm of the gamma function's magnitude at x.",
        ),
        MethodDef::new(
            "log",
            logarithm::log,
            1,
            2,
            interpreter::native::UNPACKED,
            "log(x[, base])\n\nThe logarithm of x to the given base, or the natural one.",
        ),
        MethodDef::new("log10", logarithm::log10, 1, 1, 0, "log10(x)\n\nThe logarithm of x to base 10."),
        MethodDef::new("log1p", elementary::log1p, 1, 1, 0, "log1p(x)\n\nlog(1 + x), precise for small x."),
        MethodDef::new(
            "modf",
            elementary::modf,
            1,
            1,
            0,
            "modf(x)\n\nFraction and whole part of x, both with its sign.",
        ),
        MethodDef::new(
            "pow",
            elementary::pow,
            2,
            2,
            interpreter::native::UNPACKED,
            "pow(x, y)\n\nx**y (x to the power of y).",
        ),
        MethodDef::new("radians", elementary::radians, 1, 1, 0, "radians(x)\n\nThe angle x in radians."),
        MethodDef::new("sin", elementary::sin, 1, 1, 0, "sin(x)\n\nThe sine of x (in radians)."),
        MethodDef::new("sinh", elementary::sinh, 1, 1, 0, "sinh(x)\n\nThe hyperbolic sine of x."),
        MethodDef::new("sqrt", elementary::sqrt, 1, 1, 0, "sqrt(x)\n\nThe square root of x."),
        MethodDef::new("tan", elementary::tan, 1, 1, 0, "tan(x)\n\nThe tangent of x (in radians)."),
        MethodDef::new("tanh", elementary::tanh, 1, 1, 0, "tanh(x)\n\nThe hyperbolic tangent of x."),
        MethodDef::new(
            "trunc",
            trunc,
            1,
            1,
            0,
            "trunc(x) -> Integral\n\nx cut to the whole number next to 0, by its __trunc__ method.",
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

/// Why a function has no result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fail {
    /// The argument is outside the function's domain, or a pole.
    Domain,
    /// The result is too large.
    Range,
}

impl Fail {
    /// The exception.
    #[cold]
    pub fn raise(self, th: &mut Thread) -> Raised {
        match self {
            Fail::Domain => th.value_error("math domain error"),
            Fail::Range => th.overflow_error("math range error"),
        }
    }
}

/// A result as a Python float.
fn answer(th: &mut Thread, r: Result<f64, Fail>) -> PyResult {
    match r {
        Ok(x) => Ok(th.float(x)),
        Err(f) => Err(f.raise(th)),
    }
}

fn trunc(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = th.intern(b"__trunc__");
    let v = args.pos[0];
    match ops::lookup_special(th, v, name)? {
        Some(f) => ops::call(th, f, &[]),
        None => {
            let f = ops::getattr(th, v, name)?;
            ops::call(th, f, &[])
        }
    }
}
