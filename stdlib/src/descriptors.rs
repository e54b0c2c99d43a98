//! Arguments that name an open file: an integer, or an object with `fileno()`.

use interpreter::raised::PyResult;
use interpreter::{Thread, Value, names, ops};

/// The descriptor a value names.
pub fn descriptor(th: &mut Thread, v: Value) -> PyResult<i32> {
    let fd = if ops::exact_integer(v).is_some() {
        ops::int32_arg(th, v)?
    } else {
        let n = names::fileno.get(th);
        let Some(f) = ops::getattr_opt(th, v, n)? else {
            return Err(th.type_error("argument must be an int, or have a fileno() method."));
        };
        let r = ops::call(th, f, &[])?;
        if ops::exact_integer(r).is_none() {
            return Err(th.type_error("fileno() returned a non-integer"));
        }
        ops::int32_arg(th, r)?
    };
    if fd < 0 {
        return Err(th.value_error(format!("file descriptor cannot be a negative integer ({fd})")));
    }
    Ok(fd)
}

/// The errno of the last call.
pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// A system call's result: what it gave, or the errno.
pub fn checked(r: impl Into<i64>) -> Result<i64, i32> {
    match r.into() {
        n if n < 0 => Err(errno()),
        n => Ok(n),
    }
}

/// Closes a descriptor that an object has just given up: when that is certain, at the commit (N3).
pub fn close_at_commit(th: &mut Thread, fd: i32) {
    let close = move || {
        // SAFETY: the descriptor was the object's; plain system call.
        unsafe { libc::close(fd) };
    };
    if th.runs_alone() {
        close();
    } else {
        th.at_commit(move |_| close());
    }
}
