//! `sysconf`, `confstr`, `pathconf` and their names.

use super::calls::{errno, int, path};
use super::constants::{CONFSTR, PATHCONF, SYSCONF};
use interpreter::layout::PyStr;
use interpreter::native::Args;
use interpreter::objects::{dict, module};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

pub(super) fn start(th: &mut Thread, m: Value) -> PyResult<()> {
    for (name, table) in
        [("sysconf_names", SYSCONF), ("confstr_names", CONFSTR), ("pathconf_names", PATHCONF)]
    {
        let d = th.new_dict();
        for (k, n) in table {
            let (k, n) = (th.intern(k.as_bytes()), th.int(i64::from(*n)));
            dict::set_str(th, d, k, n)?;
        }
        module::add(th, m, name, d)?;
    }
    Ok(())
}

/// A number, or a name from a table.
fn name_arg(th: &mut Thread, v: Value, table: &[(&str, i32)]) -> PyResult<i32> {
    if ops::int_value(v).is_some() {
        return int(th, v);
    }
    if v.payload::<PyStr>().is_none() {
        return Err(th.type_error("configuration names must be strings or integers"));
    }
    let text = th.str_bytes(v);
    match table.iter().find(|(k, _)| k.as_bytes() == text) {
        Some((_, n)) => Ok(*n),
        None => Err(th.value_error("unrecognized configuration name")),
    }
}

/// Runs a call whose -1 means an error only if errno says so.
fn limit(th: &mut Thread, f: impl FnOnce() -> libc::c_long) -> PyResult<Result<i64, i32>> {
    let _ = th;
    // SAFETY: the calling thread's errno.
    unsafe { *libc::__errno_location() = 0 };
    let n = f();
    let e = errno();
    Ok(if n == -1 && e != 0 { Err(e) } else { Ok(n) })
}

pub(super) fn sysconf(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = name_arg(th, args.pos[0], SYSCONF)?;
    // SAFETY: plain call.
    match limit(th, || unsafe { libc::sysconf(n) })? {
        Ok(n) => Ok(th.int(n)),
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn pathconf(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let n = name_arg(th, args.pos[1], PATHCONF)?;
    // SAFETY: a terminated path.
    match limit(th, || unsafe { libc::pathconf(p.as_ptr(), n) })? {
        Ok(n) => Ok(th.int(n)),
        Err(e) if e == libc::EINVAL => Err(super::calls::failed(th, e, None)),
        Err(e) => {
            let shown = th.new_str(p.as_bytes());
            Err(super::calls::failed(th, e, Some(shown)))
        }
    }
}

pub(super) fn fpathconf(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let n = name_arg(th, args.pos[1], PATHCONF)?;
    // SAFETY: plain call.
    match limit(th, || unsafe { libc::fpathconf(fd, n) })? {
        Ok(n) => Ok(th.int(n)),
        Err(e) => Err(super::calls::failed(th, e, None)),
    }
}

pub(super) fn confstr(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = name_arg(th, args.pos[0], CONFSTR)?;
    let mut buf = vec![0u8; 4096];
    // SAFETY: as much room as told; errno tells "no value" from an error.
    let (len, e) = unsafe {
        *libc::__errno_location() = 0;
        let len = libc::confstr(n, buf.as_mut_ptr().cast(), buf.len());
        (len, errno())
    };
    if len == 0 {
        return if e != 0 { Err(super::calls::failed(th, e, None)) } else { Ok(Value::NONE) };
    }
    if len > buf.len() {
        buf.resize(len, 0);
        // SAFETY: as above.
        unsafe { libc::confstr(n, buf.as_mut_ptr().cast(), buf.len()) };
    }
    th.try_str(&buf[..len - 1])
}
