//! The environment.

use super::calls::string;
use interpreter::native::Args;
use interpreter::objects::{dict, module};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};
use std::os::unix::ffi::OsStrExt;

pub(super) fn start(th: &mut Thread, m: Value) -> PyResult<()> {
    let d = th.new_dict();
    for (k, v) in std::env::vars_os() {
        let (k, v) = (th.try_str(k.as_bytes())?, th.try_str(v.as_bytes())?);
        dict::set(th, d, k, v)?;
    }
    module::add(th, m, "environ", d)
}

pub(super) fn putenv(th: &mut Thread, args: Args<'_>) -> PyResult {
    let k = string(th, args.pos[0], "putenv", 1)?;
    let v = string(th, args.pos[1], "putenv", 2)?;
    if k.as_bytes().contains(&b'=') {
        return Err(th.value_error("illegal environment variable name"));
    }
    // SAFETY: the C library copies both; nothing of ours keeps pointers into the environment.
    if unsafe { libc::setenv(k.as_ptr(), v.as_ptr(), 1) } < 0 {
        let e = crate::descriptors::errno();
        return Err(super::calls::failed(th, e, None));
    }
    Ok(Value::NONE)
}

pub(super) fn unsetenv(th: &mut Thread, args: Args<'_>) -> PyResult {
    let k = string(th, args.pos[0], "unsetenv", 1)?;
    // SAFETY: as above.
    if unsafe { libc::unsetenv(k.as_ptr()) } < 0 {
        let e = crate::descriptors::errno();
        return Err(super::calls::failed(th, e, None));
    }
    Ok(Value::NONE)
}
