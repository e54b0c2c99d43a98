//! Arguments of stream methods, and calls of other streams.

use super::errors;
use super::names;
use interpreter::layout::{PyStr, PyUnicode};
use interpreter::name::Name;
use interpreter::objects::exceptions as exc;
use interpreter::objects::{is_number, unicode};
use interpreter::ops;
use interpreter::{PyResult, Slot, Thread, Value};

/// A size: None or absent for -1, else something with an index.
pub fn size(th: &mut Thread, v: Slot) -> PyResult<i64> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(-1) };
    let s = ops::slots_of(v);
    if is_number(v) || s.index.is_some() || s.int.is_some() {
        return ops::index_i64(th, v, Some(&exc::OVERFLOW_ERROR));
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("integer argument expected, got '{n}'")))
}

/// A file position.
pub fn position(th: &mut Thread, v: Value) -> PyResult<i64> {
    ops::index_i64(th, v, Some(&exc::VALUE_ERROR))
}

/// A C int with a default.
pub fn int(th: &mut Thread, v: Slot, default: i64) -> PyResult<i64> {
    match v {
        Some(v) => Ok(i64::from(ops::int32_arg(th, v)?)),
        None => Ok(default),
    }
}

/// A str (or unicode, which is encoded) or None: format unit "z".
pub fn text_or_none(th: &mut Thread, v: Slot, function: &str, i: usize) -> PyResult<Option<Vec<u8>>> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(None) };
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(Some(s.get().bytes().to_vec()));
    }
    if v.payload::<PyUnicode>().is_some() {
        let s = unicode::encode_default(th, v)?;
        return Ok(Some(th.str_bytes(s).to_vec()));
    }
    let n = ops::type_name(v);
    Err(th.type_error(format!("{function}() argument {i} must be string or None, not {n}")))
}

/// Calls a method of another stream.
pub fn call(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult {
    ops::call_method(th, v, name, args)
}

/// As [`call`], again after signal handlers when a system call was interrupted.
pub fn call_retrying(th: &mut Thread, v: Value, name: &Name, args: &[Value]) -> PyResult {
    loop {
        match ops::call_method(th, v, name, args) {
            Ok(r) => return Ok(r),
            Err(e) => {
                let c = e.catch_if(th, exc::ENVIRONMENT_ERROR.class())?;
                let c = exc::normalize(th, c)?;
                let n = names::errno.get(th);
                let errno = match c.value {
                    Some(v) => ops::getattr_opt(th, v, n)?,
                    None => None,
                };
                if errno.and_then(Value::as_small_int) != Some(i64::from(libc::EINTR)) {
                    return Err(th.reraise(c));
                }
                th.native_poll()?;
            }
        }
    }
}

/// `v.name` for its truth.
pub fn is_true(th: &mut Thread, v: Value, name: &Name) -> PyResult<bool> {
    let r = ops::getattr_name(th, v, name)?;
    ops::is_true(th, r)
}

/// Calls a method for its truth.
pub fn answers(th: &mut Thread, v: Value, name: &Name) -> PyResult<bool> {
    let r = call(th, v, name, &[])?;
    ops::is_true(th, r)
}

/// Closes a stream's inner stream after flushing the stream: both are tried; an error of the second wins.
pub fn flush_then_close(th: &mut Thread, v: Value, inner: Value) -> PyResult {
    let flushed = call(th, v, &names::flush, &[]);
    let kept = match flushed {
        Ok(_) => None,
        Err(e) => Some(e.catch(th)?),
    };
    let r = call(th, inner, &names::close, &[])?;
    match kept {
        Some(c) => Err(th.reraise(c)),
        None => Ok(r),
    }
}

/// Bytes that a stream method must return.
pub fn expect_bytes<'a>(
    th: &mut Thread,
    v: Value,
    refusal: impl FnOnce(&str) -> String,
    io_error: bool,
) -> PyResult<&'a [u8]> {
    match v.payload::<PyStr>() {
        Some(s) => Ok(s.get().bytes()),
        None => {
            let n = ops::type_name(v);
            let text = refusal(&n);
            Err(if io_error { th.io_error_text(text) } else { th.type_error(text) })
        }
    }
}

/// Raises UnsupportedOperation.
pub fn unsupported(th: &mut Thread, what: &str) -> PyResult {
    Err(errors::raise_unsupported(th, what))
}
