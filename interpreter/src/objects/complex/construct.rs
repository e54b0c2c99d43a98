//! `complex(real, imag)`.

use super::{COMPLEX, Complex, complex_value};
use crate::layout::{PyStr, PyUnicode};
use crate::native::Args;
use crate::objects as o;
use crate::objects::number;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::{type_of, wrap_new};
use crate::value::{Slot, Value};

fn is_text(v: Value) -> bool {
    v.payload::<PyStr>().is_some() || v.payload::<PyUnicode>().is_some()
}

pub(super) fn new(th: &mut Thread, class: Value, args: Args<'_>) -> PyResult {
    let [real, imag] = args.bind(th, "complex", ["real", "imag"], 0)?;
    if let Some(r) = real
        && imag.is_none()
        && class == COMPLEX.class()
        && type_of(r).value() == class
    {
        return Ok(r);
    }
    let c = value(th, real, imag)?;
    let c = th.complex(c.re, c.im);
    wrap_new(th, class, &COMPLEX, c)
}

/// What `__complex__` gives, if there is one.
pub(super) fn special_method(th: &mut Thread, v: Value) -> PyResult<Slot> {
    ops::call_special(th, v, &crate::names::__complex__, &[])
}

/// True if a value can be taken as a float; whether an old-style instance can shows when it is.
fn has_float(v: Value) -> bool {
    o::instance::is_old_style(v) || ops::slots_of(v).float.is_some() || number::small(v).is_some()
}

fn value(th: &mut Thread, real: Slot, imag: Slot) -> PyResult<Complex> {
    if let Some(r) = real
        && is_text(r)
    {
        if imag.is_some() {
            return Err(th.type_error("complex() can't take second arg if first is a string"));
        }
        return from_text(th, r);
    }
    if imag.is_some_and(is_text) {
        return Err(th.type_error("complex() second arg can't be a string"));
    }
    let mut r = real.unwrap_or(Value::int_unchecked(0));
    if let Some(x) = special_method(th, r)? {
        r = x;
    }
    if !has_float(r) || !imag.is_none_or(has_float) {
        return Err(th.type_error("complex() argument must be a string or a number"));
    }
    let (re, re_is_complex) = part(th, r, "float(r) didn't return a float")?;
    let Some(i) = imag else { return Ok(re) };
    let (im, im_is_complex) = part(th, i, "float(i) didn't return a float")?;
    // Parts that are complex themselves contribute across.
    let x = if im_is_complex { re.re - im.im } else { re.re };
    let y = if re_is_complex { im.re + re.im } else { im.re };
    Ok(Complex::new(x, y))
}

fn part(th: &mut Thread, v: Value, words: &'static str) -> PyResult<(Complex, bool)> {
    if let Some(c) = complex_value(v) {
        return Ok((c, true));
    }
    let x = number::to_float(th, v)?;
    match o::float::float_value(x) {
        Some(x) => Ok((Complex::new(x, 0.0), false)),
        None => Err(th.type_error(words)),
    }
}

fn from_text(th: &mut Thread, v: Value) -> PyResult<Complex> {
    let text = match v.payload::<PyStr>() {
        Some(s) => s.get().bytes().to_vec(),
        None => number::decimal_text(th, v)?,
    };
    match numtext::float_parse::parse_complex(&text) {
        Some((re, im)) => Ok(Complex::new(re, im)),
        None => Err(th.value_error("complex() arg is a malformed string")),
    }
}
