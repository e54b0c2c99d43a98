//! Texts, conversions and attributes of floats.

use super::{float_value, formats};
use crate::native::{Args, CLASS, GetSetDef, MethodDef};
use crate::objects::number::{self, real};
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use numtext::{convert, float_parse, float_text};

fn get(v: Value) -> f64 {
    float_value(v).unwrap_or(0.0)
}

pub(super) fn repr(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.new_str(float_text::float_repr(get(v)).as_bytes()))
}

pub(super) fn str(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.new_str(float_text::float_str(get(v)).as_bytes()))
}

pub(super) fn hash(_: &mut Thread, v: Value) -> PyResult<i64> {
    Ok(numtext::hash::hash_float(get(v)))
}

pub(super) fn nonzero(_: &mut Thread, v: Value) -> PyResult<bool> {
    Ok(get(v) != 0.0)
}

pub(super) fn float(th: &mut Thread, v: Value) -> PyResult {
    Ok(th.float(get(v)))
}

#[cold]
fn not_finite(th: &mut Thread, x: f64) -> Raised {
    if x.is_nan() {
        th.value_error("cannot convert float NaN to integer")
    } else {
        th.overflow_error("cannot convert float infinity to integer")
    }
}

pub(super) fn int(th: &mut Thread, v: Value) -> PyResult {
    match convert::float_to_i64(get(v)) {
        Some(n) => Ok(th.int(n)),
        None => long(th, v),
    }
}

pub(super) fn long(th: &mut Thread, v: Value) -> PyResult {
    match convert::float_to_integer(get(v)) {
        Some(n) => th.long(&n),
        None => Err(not_finite(th, get(v))),
    }
}

pub(super) fn coerce(th: &mut Thread, a: Value, b: Value) -> PyResult<Option<(Value, Value)>> {
    if float_value(b).is_some() {
        return Ok(Some((a, b)));
    }
    Ok(real(th, b)?.map(|y| (a, th.float(y))))
}

/// `round(x, digits)`.
pub fn round(th: &mut Thread, x: f64, digits: i64) -> PyResult {
    match numtext::arith::float_round(x, digits) {
        Ok(r) => Ok(th.float(r)),
        Err(e) => Err(th.numtext_error(e)),
    }
}

fn trunc(th: &mut Thread, args: Args<'_>) -> PyResult {
    int(th, args.pos[0])
}

fn conjugate(th: &mut Thread, args: Args<'_>) -> PyResult {
    float(th, args.pos[0])
}

fn as_integer_ratio(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = get(args.pos[0]);
    match convert::float_ratio(x) {
        Some((n, d)) => {
            let (n, d) = (th.integer(&n)?, th.integer(&d)?);
            Ok(th.new_tuple(&[n, d]))
        }
        None if x.is_nan() => Err(th.value_error("Cannot pass NaN to float.as_integer_ratio.")),
        None => Err(th.overflow_error("Cannot pass infinity to float.as_integer_ratio.")),
    }
}

fn is_integer(_: &mut Thread, args: Args<'_>) -> PyResult {
    let x = get(args.pos[0]);
    Ok(Value::from_bool(x.is_finite() && x == x.trunc()))
}

fn hex(th: &mut Thread, args: Args<'_>) -> PyResult {
    Ok(th.new_str(float_text::float_hex(get(args.pos[0])).as_bytes()))
}

fn fromhex(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = crate::ops::str(th, args.pos[1])?;
    if args.pos[1].payload::<crate::layout::PyStr>().is_none()
        && args.pos[1].payload::<crate::layout::PyUnicode>().is_none()
    {
        return Err(th.type_error(
            "expected string or Unicode object, ".to_owned() + &crate::ops::type_name(args.pos[1]) + " found",
        ));
    }
    let x = float_parse::float_from_hex(th.str_bytes(s)).map_err(|e| th.numtext_error(e))?;
    let x = th.float(x);
    if args.pos[0] == super::FLOAT.class() { Ok(x) } else { crate::ops::call(th, args.pos[0], &[x]) }
}

fn format(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = get(args.pos[0]);
    number::format(th, args, "float", |spec, locale| numtext::format::format_float(x, spec, locale))
}

fn getnewargs(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = float(th, args.pos[0])?;
    Ok(th.new_tuple(&[x]))
}

pub(super) const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__format__",
        format,
        1,
        1,
        crate::native::PARSED,
        "float.__format__(format_spec) -> string\n\nFormats the float according to format_spec.",
    ),
    MethodDef::new(
        "__getformat__",
        formats::getformat,
        1,
        1,
        CLASS,
        "float.__getformat__(typestr) -> string\n\nHow C values of typestr ('double' or 'float') are stored. For tests.",
    ),
    MethodDef::new(
        "__setformat__",
        formats::setformat,
        2,
        2,
        CLASS,
        "float.__setformat__(typestr, fmt) -> None\n\nSets what __getformat__ reports. For tests.",
    ),
    MethodDef::new("__getnewargs__", getnewargs, 0, 0, 0, ""),
    MethodDef::new("__trunc__", trunc, 0, 0, 0, "Return the Integral closest to x between 0 and x."),
    MethodDef::new(
        "as_integer_ratio",
        as_integer_ratio,
        0,
        0,
        0,
        "float.as_integer_ratio() -> (int, int)\n\nThe exact value as a fraction in lowest terms, its denominator positive.",
    ),
    MethodDef::new("conjugate", conjugate, 0, 0, 0, "The number itself."),
    MethodDef::new(
        "fromhex",
        fromhex,
        1,
        1,
        CLASS,
        "float.fromhex(string) -> float\n\nThe float in a hexadecimal text.",
    ),
    MethodDef::new("hex", hex, 0, 0, 0, "float.hex() -> string\n\nThe exact value in hexadecimal."),
    MethodDef::new("is_integer", is_integer, 0, 0, 0, "Return True if the float is an integer."),
];

pub(super) const GETSET: &[GetSetDef] = &[
    GetSetDef { name: "real", get: float, set: None, doc: "the real part of a complex number" },
    GetSetDef {
        name: "imag",
        get: |th, _| Ok(th.float(0.0)),
        set: None,
        doc: "the imaginary part of a complex number",
    },
];
