//! Texts, comparison and attributes of complex numbers.

use super::{Complex, complex_value};
use crate::native::{Args, GetSetDef, MethodDef, read_only};
use crate::objects as o;
use crate::objects::number::{self, real};
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::slots::CmpOp;
use crate::value::Value;
use numtext::complex_text;

fn get(v: Value) -> Complex {
    complex_value(v).unwrap_or(Complex::new(0.0, 0.0))
}

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    let c = get(v);
    Ok(th.new_str(complex_text::complex_repr(c.re, c.im).as_bytes()))
}

pub(super) fn str(th: &mut Thread, v: Value) -> PyResult {
    let c = get(v);
    Ok(th.new_str(complex_text::complex_str(c.re, c.im).as_bytes()))
}

pub(super) fn hash(_: &mut Thread, v: Value) -> PyResult<i64> {
    let c = get(v);
    Ok(numtext::hash::hash_complex(c.re, c.im))
}

pub(super) fn nonzero(_: &mut Thread, v: Value) -> PyResult<bool> {
    let c = get(v);
    Ok(c.re != 0.0 || c.im != 0.0)
}

pub(super) fn richcmp(th: &mut Thread, a: Value, b: Value, op: CmpOp) -> PyResult {
    let Some(x) = complex_value(a) else { return Ok(Value::NOT_IMPLEMENTED) };
    let equal = if let Some(y) = complex_value(b) {
        x.re == y.re && x.im == y.im
    } else if o::is_number(b) {
        if x.im == 0.0 && matches!(op, CmpOp::Eq | CmpOp::Ne) {
            // The real part decides, exactly.
            let re = th.float(x.re);
            return match o::float::FLOAT.slots.richcmp {
                Some(f) => f(th, re, b, op),
                None => Ok(Value::NOT_IMPLEMENTED),
            };
        }
        false
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    match op {
        CmpOp::Eq => Ok(Value::from_bool(equal)),
        CmpOp::Ne => Ok(Value::from_bool(!equal)),
        _ => Err(th.type_error("no ordering relation is defined for complex numbers")),
    }
}

pub(super) fn coerce(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    if complex_value(b).is_some() {
        return Ok(Some((a, b)));
    }
    Ok(real(th, b)?.map(|y| (a, th.complex(y, 0.0))))
}

fn conjugate(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = get(args.pos[0]);
    Ok(th.complex(c.re, -c.im))
}

fn format(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = get(args.pos[0]);
    number::format(th, args, "complex", |spec, locale| {
        numtext::format::format_complex(c.re, c.im, spec, locale)
    })
}

fn getnewargs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let c = get(args.pos[0]);
    let (re, im) = (th.float(c.re), th.float(c.im));
    Ok(th.new_tuple(&[re, im]))
}

pub(super) const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__format__",
        format,
        1,
        1,
        crate::native::PARSED,
        "complex.__format__() -> string\n\nFormats the number by a specification.",
    ),
    MethodDef::new("__getnewargs__", getnewargs, 0, 0, 0, ""),
    MethodDef::new(
        "conjugate",
        conjugate,
        0,
        0,
        0,
        "complex.conjugate() -> complex\n\nThe number with its imaginary part negated.",
    ),
];

pub(super) const GETSET: &[GetSetDef] = &[
    GetSetDef {
        name: "real",
        get: |th, v| Ok(th.float(get(v).re)),
        set: Some(read_only),
        doc: "the real part of a complex number",
    },
    GetSetDef {
        name: "imag",
        get: |th, v| Ok(th.float(get(v).im)),
        set: Some(read_only),
        doc: "the imaginary part of a complex number",
    },
];
