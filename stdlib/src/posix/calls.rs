//! Calling the system: outside transactions, with errors as OSError.

pub(super) use crate::descriptors::{checked, errno};
use interpreter::paths;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};
use std::ffi::{CStr, CString};

/// OSError for an errno; an interrupted call lets signal handlers run first.
pub(super) fn failed(th: &mut Thread, e: i32, name: Option<Value>) -> interpreter::Raised {
    if e == libc::EINTR
        && let Err(r) = th.native_poll()
    {
        return r;
    }
    th.os_error(e, name)
}

/// A path argument.
pub(super) fn path(th: &mut Thread, v: Value) -> PyResult<CString> {
    let bytes = paths::path_bytes(th, v)?;
    CString::new(bytes).map_err(|_| th.type_error("expected string without null bytes"))
}

/// A system call outside the transaction; its result or OSError.
pub(super) fn call(th: &mut Thread, f: impl Fn() -> i64 + Send + 'static) -> PyResult<i64> {
    match th.outside(move || checked(f()))? {
        Ok(n) => Ok(n),
        Err(e) => Err(failed(th, e, None)),
    }
}

/// A system call on a path; the error names it.
pub(super) fn on_path(
    th: &mut Thread,
    p: CString,
    f: impl Fn(&CStr) -> i64 + Send + 'static,
) -> PyResult<i64> {
    let name = p.clone();
    match th.outside(move || checked(f(&p)))? {
        Ok(n) => Ok(n),
        Err(e) => {
            let shown = th.new_str(name.as_bytes());
            Err(failed(th, e, Some(shown)))
        }
    }
}

/// A system call on two paths; the error names neither.
pub(super) fn on_paths(
    th: &mut Thread,
    a: Value,
    b: Value,
    f: impl Fn(&CStr, &CStr) -> i64 + Send + 'static,
) -> PyResult {
    let (a, b) = (path(th, a)?, path(th, b)?);
    call(th, move || f(&a, &b))?;
    Ok(Value::NONE)
}

/// A C int argument.
pub(super) fn int(th: &mut Thread, v: Value) -> PyResult<i32> {
    ops::int32_arg(th, v)
}

/// A user or group id: an unsigned 32-bit number, or -1.
pub(super) fn id(th: &mut Thread, v: Value, what: &str) -> PyResult<u32> {
    let i = match ops::exact_integer(v) {
        Some(i) => i,
        None => {
            if interpreter::objects::float::float_value(v).is_some() || ops::slots_of(v).index.is_none() {
                let n = ops::type_name(v);
                return Err(th.type_error(format!("{what} should be integer, not {n}")));
            }
            let v = ops::index(th, v)?;
            ops::exact_integer(v).unwrap_or_default()
        }
    };
    match i64::try_from(&i) {
        Ok(-1) => Ok(u32::MAX),
        Ok(n) if n < 0 => Err(th.overflow_error(format!("{what} is less than minimum"))),
        Ok(n) if n < i64::from(u32::MAX) => Ok(n as u32),
        Err(_) if i.sign() == num_bigint::Sign::Minus => {
            Err(th.overflow_error(format!("{what} is less than minimum")))
        }
        _ => Err(th.overflow_error(format!("{what} is greater than maximum"))),
    }
}

/// A user id.
pub(super) fn uid(th: &mut Thread, v: Value) -> PyResult<u32> {
    id(th, v, "user id")
}

/// A group id.
pub(super) fn gid(th: &mut Thread, v: Value) -> PyResult<u32> {
    id(th, v, "group id")
}

/// An id as Python shows it: the highest is -1.
pub(super) fn shown_id(th: &mut Thread, n: u32) -> Value {
    if n == u32::MAX { th.int(-1) } else { th.int(i64::from(n)) }
}

/// A str argument of a named function (no unicode rules).
pub(crate) fn string(th: &mut Thread, v: Value, function: &str, position: usize) -> PyResult<CString> {
    let text = if v.payload::<interpreter::layout::PyUnicode>().is_some() {
        interpreter::objects::unicode::encode_default(th, v)?
    } else {
        v
    };
    if text.payload::<interpreter::layout::PyStr>().is_none() {
        let n = if v.is_none() { String::from("None") } else { ops::type_name(v) };
        return Err(th.type_error(format!("{function}() argument {position} must be string, not {n}")));
    }
    CString::new(th.str_bytes(text)).map_err(|_| {
        th.type_error(format!("{function}() argument {position} must be string without null bytes, not str"))
    })
}
