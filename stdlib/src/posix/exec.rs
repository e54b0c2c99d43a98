//! Becoming another program.

use super::calls::{errno, path};
use super::pipes::strings;
use interpreter::layout::{PyList, PyTuple};
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, names, ops};
use std::ffi::CString;

fn arguments(th: &mut Thread, v: Value, function: &str) -> PyResult<Vec<CString>> {
    if v.payload::<PyTuple>().is_none() && v.payload::<PyList>().is_none() {
        return Err(th.type_error(format!("{function}() arg 2 must be a tuple or list")));
    }
    let items = strings(th, v, function)?;
    if items.is_empty() && function == "execv" {
        return Err(th.value_error(format!("{function}() arg 2 must not be empty")));
    }
    Ok(items)
}

fn pointers(items: &[CString]) -> Vec<*const libc::c_char> {
    items.iter().map(|s| s.as_ptr()).chain([std::ptr::null()]).collect()
}

pub(super) fn execv(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let items = arguments(th, args.pos[1], "execv")?;
    let e = th.outside(move || {
        // SAFETY: terminated strings in terminated lists. Returns only on failure.
        unsafe { libc::execv(p.as_ptr(), pointers(&items).as_ptr()) };
        errno()
    })?;
    Err(super::calls::failed(th, e, None))
}

pub(super) fn execve(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let items = arguments(th, args.pos[1], "execve")?;
    let env = args.pos[2];
    if ops::slots_of(env).getitem.is_none()
        || !(ops::is_sequence(env) || interpreter::objects::dict::is_dict(env))
    {
        return Err(th.type_error("execve() arg 3 must be a mapping object"));
    }
    let keys = ops::call_method(th, env, &names::keys, &[])?;
    let values = ops::call_method(th, env, &names::values, &[])?;
    if keys.payload::<PyList>().is_none() || values.payload::<PyList>().is_none() {
        return Err(th.type_error("execve(): env.keys() or env.values() is not a list"));
    }
    let (keys, values) = (ops::collect(th, keys)?, ops::collect(th, values)?);
    let mut pairs = Vec::new();
    for i in 0..keys.len().min(values.len()) {
        let text = |th: &mut Thread, v: Value| {
            if v.payload::<interpreter::layout::PyStr>().is_none()
                && v.payload::<interpreter::layout::PyUnicode>().is_none()
            {
                return Err(th.type_error("execve() arg 3 contains a non-string value"));
            }
            interpreter::paths::path_bytes(th, v)
        };
        let k = text(th, ops::values(&keys)[i])?;
        let v = text(th, ops::values(&values)[i])?;
        if k.is_empty() || k[1..].contains(&b'=') {
            return Err(th.value_error("illegal environment variable name"));
        }
        match CString::new([&k[..], b"=", &v[..]].concat()) {
            Ok(c) => pairs.push(c),
            Err(_) => return Err(th.type_error("execve() arg 3 contains a string with a null byte")),
        }
    }
    let e = th.outside(move || {
        // SAFETY: terminated strings in terminated lists. Returns only on failure.
        unsafe { libc::execve(p.as_ptr(), pointers(&items).as_ptr(), pointers(&pairs).as_ptr()) };
        errno()
    })?;
    Err(super::calls::failed(th, e, None))
}
