//! File names given by Python.

use crate::layout::{PyStr, PyUnicode};
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use crate::value::Value;
use std::ffi::CString;
use std::sync::OnceLock;

/// `sys.getfilesystemencoding()`: what the locale says.
pub fn filesystem_encoding() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        // SAFETY: plain calls; the returned string is copied at once.
        unsafe {
            let old = libc::setlocale(libc::LC_CTYPE, std::ptr::null());
            let old = if old.is_null() { None } else { Some(std::ffi::CStr::from_ptr(old).to_owned()) };
            libc::setlocale(libc::LC_CTYPE, c"".as_ptr());
            let name = libc::nl_langinfo(libc::CODESET);
            let text = if name.is_null() {
                String::new()
            } else {
                std::ffi::CStr::from_ptr(name).to_string_lossy().into_owned()
            };
            if let Some(o) = old {
                libc::setlocale(libc::LC_CTYPE, o.as_ptr());
            }
            if text.is_empty() { String::from("ANSI_X3.4-1968") } else { text }
        }
    })
}

/// A file name as bytes: a str, or unicode in the file system's encoding.
pub fn path_bytes(th: &mut Thread, v: Value) -> PyResult<Vec<u8>> {
    if let Some(s) = v.payload::<PyStr>() {
        return Ok(s.get().bytes().to_vec());
    }
    if v.payload::<PyUnicode>().is_some() {
        let m = ops::getattr_name(th, v, &crate::names::encode)?;
        let e = th.new_str(filesystem_encoding().as_bytes());
        let r = ops::call(th, m, &[e])?;
        return Ok(th.str_bytes(r).to_vec());
    }
    if let Some(get) = ops::slots_of(v).buffer {
        return Ok(get(th, v)?.bytes().to_vec());
    }
    let n = if v.is_none() { String::from("NoneType") } else { ops::type_name(v) };
    Err(th.type_error(format!("coercing to Unicode: need string or buffer, {n} found")))
}

/// A file name for the system: no zero byte inside. `function` and `position` are for the message.
pub fn c_path(th: &mut Thread, v: Value, function: &str, position: usize) -> PyResult<CString> {
    let bytes = path_bytes(th, v)?;
    CString::new(bytes).map_err(|_| {
        let n = ops::type_name(v);
        th.type_error(format!(
            "{function}() argument {position} must be encoded string without null bytes, not {n}"
        ))
    })
}
