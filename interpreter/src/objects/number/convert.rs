//! `int(v)`, `long(v)` and `float(v)` of any object.

use super::{char_buffer, decimal_text, int_from_text, long_from_text};
use crate::layout::{PyLong, PyStr, PyUnicode};
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::types::type_of;
use crate::value::{Slot, Value};

/// True for int, bool, long and their subclasses.
fn is_integer(v: Value) -> bool {
    ops::int_value(v).is_some() || v.payload::<PyLong>().is_some()
}

/// What `__trunc__` gives, as an int or long; none if there is no such method.
fn truncated(th: &mut Thread, v: Value) -> PyResult<Slot> {
    let name = th.intern(b"__trunc__");
    let f = if o::instance::is_old_style(v) {
        ops::getattr(th, v, name)?
    } else {
        match ops::getattr_opt(th, v, name)? {
            Some(f) => f,
            None => return Ok(None),
        }
    };
    let r = ops::call(th, f, &[])?;
    if is_integer(r) {
        return Ok(Some(r));
    }
    if !lacks(th, r, &crate::names::__int__)
        && let Some(f) = ops::slots_of(r).int
    {
        let i = f(th, r)?;
        if is_integer(i) {
            return Ok(Some(i));
        }
    }
    // Old-style instances are told apart by their classes.
    let n = if o::instance::is_old_style(r) {
        let name = ops::getattr_name(th, o::instance::class_of(r), &crate::names::__name__)?;
        String::from_utf8_lossy(th.str_bytes(name)).into_owned()
    } else {
        ops::type_name(r)
    };
    Err(th.type_error(format!("__trunc__ returned non-Integral (type {n})")))
}

/// True if an old-style instance lacks the method; other values have the slot or not.
fn lacks(th: &mut Thread, v: Value, method: &crate::name::Name) -> bool {
    if !o::instance::is_old_style(v) {
        return false;
    }
    let n = method.get(th);
    !o::instance::has_attribute(th, v, n)
}

/// `int(v)`: an int, or a long where it does not fit.
pub fn to_int(th: &mut Thread, v: Value) -> PyResult {
    if v.is_tagged_int() || type_of(v).value() == o::int::INT.class() {
        return Ok(v);
    }
    if !lacks(th, v, &crate::names::__int__)
        && let Some(f) = ops::slots_of(v).int
    {
        let r = f(th, v)?;
        if is_integer(r) {
            return Ok(r);
        }
        let n = ops::type_name(r);
        return Err(th.type_error(format!("__int__ returned non-int (type {n})")));
    }
    if let Some(n) = ops::int_value(v) {
        return Ok(th.int(n));
    }
    if let Some(r) = truncated(th, v)? {
        return Ok(r);
    }
    if let Some(s) = v.payload::<PyStr>() {
        return int_from_text(th, s.get().bytes(), 10, false);
    }
    if v.payload::<PyUnicode>().is_some() {
        let text = decimal_text(th, v)?;
        return int_from_text(th, &text, 10, false);
    }
    if let Some(b) = char_buffer(th, v)? {
        return int_from_text(th, &b, 10, false);
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("int() argument must be a string or a number, not '{n}'")))
}

/// An int or long as a long.
fn as_long(th: &mut Thread, v: Value) -> PyResult {
    match ops::int_value(v) {
        Some(n) => o::long::from_i128(th, n as i128),
        None => match v.payload::<PyLong>() {
            // The base object of a subclass instance, never the instance.
            Some(l) => Ok(l.value()),
            None => Ok(v),
        },
    }
}

/// `long(v)`.
pub fn to_long(th: &mut Thread, v: Value) -> PyResult {
    if type_of(v).value() == o::long::LONG.class() {
        return Ok(v);
    }
    if !lacks(th, v, &crate::names::__long__)
        && let Some(f) = ops::slots_of(v).long
    {
        let r = f(th, v)?;
        // An instance of a subclass is handed on as it is.
        if r.payload::<PyLong>().is_some() {
            return Ok(r);
        }
        if is_integer(r) {
            return as_long(th, r);
        }
        let n = ops::type_name(r);
        return Err(th.type_error(format!("__long__ returned non-long (type {n})")));
    }
    if let Some(l) = v.payload::<PyLong>() {
        return Ok(l.value());
    }
    if let Some(r) = truncated(th, v)? {
        return as_long(th, r);
    }
    if let Some(s) = v.payload::<PyStr>() {
        return long_from_text(th, s.get().bytes(), 10, false);
    }
    if v.payload::<PyUnicode>().is_some() {
        let text = decimal_text(th, v)?;
        return long_from_text(th, &text, 10, false);
    }
    if let Some(b) = char_buffer(th, v)? {
        return long_from_text(th, &b, 10, false);
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("long() argument must be a string or a number, not '{n}'")))
}

/// `float(v)`.
pub fn to_float(th: &mut Thread, v: Value) -> PyResult {
    if v.is_flonum() || type_of(v).value() == o::float::FLOAT.class() {
        return Ok(v);
    }
    if let Some(f) = ops::slots_of(v).float {
        let r = f(th, v)?;
        // An instance of a subclass is handed on as it is.
        return match o::float::float_value(r) {
            Some(_) => Ok(r),
            None => {
                let n = ops::type_name(r);
                Err(th.type_error(format!("__float__ returned non-float (type {n})")))
            }
        };
    }
    if let Some(x) = o::float::float_value(v) {
        return Ok(th.float(x));
    }
    o::float::from_text_object(th, v)
}
