//! Libraries and their symbols.

use interpreter::layout::PyStr;
use interpreter::native::Args;
use interpreter::objects::exceptions;
use interpreter::{PyResult, Thread, Value, ops};
use std::ffi::{CStr, CString};

/// What `dlerror` says of the last failure in this thread.
fn error() -> String {
    // SAFETY: plain call; the text is this thread's until its next one.
    unsafe {
        let p = libc::dlerror();
        if p.is_null() { "invalid handle".into() } else { CStr::from_ptr(p).to_string_lossy().into_owned() }
    }
}

/// The address of a symbol, or why there is none.
pub(super) fn symbol(handle: usize, name: &[u8]) -> Result<usize, String> {
    let Ok(name) = CString::new(name) else { return Err("symbol name with a null byte".into()) };
    // SAFETY: a handle that `dlopen` gave, or so the program says.
    match unsafe { libc::dlsym(handle as *mut libc::c_void, name.as_ptr()) } as usize {
        0 => Err(error()),
        p => Ok(p),
    }
}

/// The handle of a library object.
pub(super) fn handle_of(th: &mut Thread, library: Value) -> PyResult<usize> {
    let name = th.intern(b"_handle");
    let h = ops::getattr(th, library, name)?;
    match super::codes::low_bits(h) {
        Some(n) => Ok(n as usize),
        None => Err(th.type_error("the _handle attribute of the second argument must be an integer")),
    }
}

/// `dlopen(name, flag=RTLD_NOW)`
pub(super) fn open(th: &mut Thread, args: Args<'_>) -> PyResult {
    let name = args.pos[0];
    let name = match name.payload::<PyStr>() {
        Some(s) => Some(s.get().bytes().to_vec()),
        None if name.is_none() => None,
        None if name.payload::<interpreter::layout::PyUnicode>().is_some() => {
            let s = interpreter::objects::unicode::encode_default(th, name)?;
            Some(th.str_bytes(s).to_vec())
        }
        None => {
            let n = ops::type_name(name);
            return Err(th.type_error(format!("dlopen() argument 1 must be string or None, not {n}")));
        }
    };
    let name = match name.map(CString::new).transpose() {
        Ok(n) => n,
        Err(_) => {
            return Err(
                th.type_error("dlopen() argument 1 must be string without null bytes or None, not str")
            );
        }
    };
    let mode = match args.get(1) {
        Some(m) => ops::int32_arg(th, m)?,
        None => 0,
    };
    // Initialisers of the library run in here.
    let opened = th.outside(move || {
        // SAFETY: a name with an end, or none.
        let p = unsafe {
            libc::dlopen(name.as_ref().map_or(std::ptr::null(), |n| n.as_ptr()), mode | libc::RTLD_NOW)
        };
        if p.is_null() { Err(error()) } else { Ok(p as usize) }
    })?;
    match opened {
        Ok(handle) => th.integer_i128(handle as i128),
        Err(text) => Err(th.raise_def(&exceptions::OS_ERROR, text)),
    }
}

/// A handle given as an integer.
fn handle(th: &mut Thread, v: Value) -> PyResult<usize> {
    match super::codes::low_bits(v) {
        Some(n) => Ok(n as usize),
        None => Err(th.type_error("an integer is required")),
    }
}

/// `dlclose(handle)`
pub(super) fn close(th: &mut Thread, args: Args<'_>) -> PyResult {
    let h = handle(th, args.pos[0])?;
    let closed = th.outside(move || {
        // SAFETY: as for `symbol`.
        if h == 0 || unsafe { libc::dlclose(h as *mut libc::c_void) } != 0 { Err(error()) } else { Ok(()) }
    })?;
    match closed {
        Ok(()) => Ok(Value::NONE),
        Err(text) => Err(th.raise_def(&exceptions::OS_ERROR, text)),
    }
}

/// `dlsym(handle, name)`
pub(super) fn find(th: &mut Thread, args: Args<'_>) -> PyResult {
    let h = handle(th, args.pos[0])?;
    let Some(name) = args.pos[1].payload::<PyStr>() else {
        let n = ops::type_name(args.pos[1]);
        return Err(th.type_error(format!("dlsym() argument 2 must be string, not {n}")));
    };
    match symbol(h, name.get().bytes()) {
        Ok(p) => th.integer_i128(p as i128),
        Err(text) => Err(th.raise_def(&exceptions::OS_ERROR, text)),
    }
}
