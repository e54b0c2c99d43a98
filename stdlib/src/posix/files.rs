//! Files by name: permissions, links, nodes, times.

use super::calls::{call, gid, int, on_path, on_paths, path, string, uid};
use interpreter::layout::PyTuple;
use interpreter::native::Args;
use interpreter::objects::{exceptions, float};
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops, warnings};
use libc::mode_t;

pub(super) fn access(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let mode = int(th, args.pos[1])?;
    // SAFETY: a terminated path.
    let ok = th.outside(move || unsafe { libc::access(p.as_ptr(), mode) } == 0)?;
    Ok(Value::from_bool(ok))
}

pub(super) fn chmod(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let mode = int(th, args.pos[1])?;
    // SAFETY: a terminated path.
    on_path(th, p, move |p| unsafe { libc::chmod(p.as_ptr(), mode as mode_t) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn lchmod(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let mode = int(th, args.pos[1])?;
    on_path(th, p, move |p| {
        // SAFETY: a terminated path.
        unsafe { libc::fchmodat(libc::AT_FDCWD, p.as_ptr(), mode as mode_t, libc::AT_SYMLINK_NOFOLLOW) }
            .into()
    })?;
    Ok(Value::NONE)
}

pub(super) fn fchmod(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (fd, mode) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::fchmod(fd, mode as mode_t) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn chown(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let (u, g) = (uid(th, args.pos[1])?, gid(th, args.pos[2])?);
    // SAFETY: a terminated path.
    on_path(th, p, move |p| unsafe { libc::chown(p.as_ptr(), u, g) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn lchown(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let (u, g) = (uid(th, args.pos[1])?, gid(th, args.pos[2])?);
    // SAFETY: a terminated path.
    on_path(th, p, move |p| unsafe { libc::lchown(p.as_ptr(), u, g) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn fchown(th: &mut Thread, args: Args<'_>) -> PyResult {
    let fd = int(th, args.pos[0])?;
    let (u, g) = (uid(th, args.pos[1])?, gid(th, args.pos[2])?);
    // SAFETY: plain system call.
    call(th, move || unsafe { libc::fchown(fd, u, g) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn link(th: &mut Thread, args: Args<'_>) -> PyResult {
    // SAFETY: terminated paths.
    on_paths(th, args.pos[0], args.pos[1], |a, b| unsafe { libc::link(a.as_ptr(), b.as_ptr()) }.into())
}

pub(super) fn symlink(th: &mut Thread, args: Args<'_>) -> PyResult {
    // SAFETY: terminated paths.
    on_paths(th, args.pos[0], args.pos[1], |a, b| unsafe { libc::symlink(a.as_ptr(), b.as_ptr()) }.into())
}

pub(super) fn rename(th: &mut Thread, args: Args<'_>) -> PyResult {
    // SAFETY: terminated paths.
    on_paths(th, args.pos[0], args.pos[1], |a, b| unsafe { libc::rename(a.as_ptr(), b.as_ptr()) }.into())
}

pub(super) fn unlink(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    // SAFETY: a terminated path.
    on_path(th, p, |p| unsafe { libc::unlink(p.as_ptr()) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn readlink(th: &mut Thread, args: Args<'_>) -> PyResult {
    use std::os::unix::ffi::OsStrExt;
    let p = path(th, args.pos[0])?;
    let name = p.clone();
    let r = th.outside(move || {
        std::fs::read_link(std::ffi::OsStr::from_bytes(p.as_bytes()))
            .map(|t| t.as_os_str().as_bytes().to_vec())
            .map_err(|e| e.raw_os_error().unwrap_or(libc::EINVAL))
    })?;
    match r {
        Ok(target) if args.pos[0].payload::<interpreter::layout::PyUnicode>().is_some() => {
            super::directories::decoded(th, &target)
        }
        Ok(target) => th.try_str(&target),
        Err(e) => {
            let shown = th.new_str(name.as_bytes());
            Err(super::calls::failed(th, e, Some(shown)))
        }
    }
}

pub(super) fn mkfifo(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = string(th, args.pos[0], "mkfifo", 1)?;
    let mode = match args.get(1) {
        Some(m) => int(th, m)?,
        None => 0o666,
    };
    // SAFETY: a terminated path.
    call(th, move || unsafe { libc::mkfifo(p.as_ptr(), mode as mode_t) }.into())?;
    Ok(Value::NONE)
}

pub(super) fn mknod(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = string(th, args.pos[0], "mknod", 1)?;
    let mode = match args.get(1) {
        Some(m) => int(th, m)?,
        None => 0o600,
    };
    let device = match args.get(2) {
        Some(d) => device(th, d)?,
        None => 0,
    };
    // SAFETY: a terminated path.
    call(th, move || unsafe { libc::mknod(p.as_ptr(), mode as mode_t, device) }.into())?;
    Ok(Value::NONE)
}

/// A device number: not negative.
fn device(th: &mut Thread, v: Value) -> PyResult<libc::dev_t> {
    let n = match ops::exact_integer(v) {
        Some(n) => n,
        None => num_bigint::BigInt::from(ops::integer_arg(th, v)?),
    };
    u64::try_from(&n).map_err(|_| {
        if n.sign() == num_bigint::Sign::Minus {
            th.overflow_error("can't convert negative value to unsigned long")
        } else {
            th.overflow_error("long int too large to convert")
        }
    })
}

pub(super) fn major(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = device(th, args.pos[0])?;
    Ok(th.int(i64::from(libc::major(d))))
}

pub(super) fn minor(th: &mut Thread, args: Args<'_>) -> PyResult {
    let d = device(th, args.pos[0])?;
    Ok(th.int(i64::from(libc::minor(d))))
}

pub(super) fn makedev(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (a, b) = (int(th, args.pos[0])?, int(th, args.pos[1])?);
    th.integer_i128(i128::from(libc::makedev(a as u32, b as u32)))
}

pub(super) fn umask(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mask = int(th, args.pos[0])?;
    // SAFETY: plain system call.
    let old = unsafe { libc::umask(mask as mode_t) };
    Ok(th.int(i64::from(old)))
}

/// Seconds and microseconds of a time given as a number.
fn time_value(th: &mut Thread, v: Value) -> PyResult<libc::timeval> {
    if let Some(x) = float::float_value(v) {
        let whole = x.floor();
        if whole.is_nan() || whole.abs() >= 9.2e18 {
            return Err(th.value_error("timestamp out of range for platform time_t"));
        }
        return Ok(libc::timeval {
            tv_sec: whole as i64,
            tv_usec: (((x - whole) * 1e6) as i64).clamp(0, 999_999),
        });
    }
    let n = ops::integer_arg(th, v)?;
    Ok(libc::timeval { tv_sec: n, tv_usec: 0 })
}

pub(super) fn utime(th: &mut Thread, args: Args<'_>) -> PyResult {
    let p = path(th, args.pos[0])?;
    let times = if args.pos[1].is_none() {
        None
    } else {
        match args.pos[1].payload::<PyTuple>() {
            Some(t) if t.len == 2 => {
                let items = t.get().items();
                Some([time_value(th, items[0])?, time_value(th, items[1])?])
            }
            _ => return Err(th.type_error("utime() arg 2 must be a tuple (atime, mtime)")),
        }
    };
    on_path(th, p, move |p| {
        let t = times.as_ref().map_or(std::ptr::null(), |t| t.as_ptr());
        // SAFETY: a terminated path, two times or none.
        unsafe { libc::utimes(p.as_ptr(), t) }.into()
    })?;
    Ok(Value::NONE)
}

unsafe extern "C" {
    #[link_name = "tempnam"]
    fn c_tempnam(dir: *const libc::c_char, prefix: *const libc::c_char) -> *mut libc::c_char;
}

/// A name the C library made up, freed.
fn taken(th: &mut Thread, p: *mut libc::c_char) -> PyResult {
    if p.is_null() {
        return Err(th.memory_error());
    }
    // SAFETY: a terminated string from malloc.
    let s = unsafe {
        let s = std::ffi::CStr::from_ptr(p).to_bytes().to_vec();
        libc::free(p.cast());
        s
    };
    th.try_str(&s)
}

pub(super) fn tempnam(th: &mut Thread, args: Args<'_>) -> PyResult {
    let mut parts = [None, None];
    for (i, slot) in parts.iter_mut().enumerate() {
        if let Some(v) = args.get(i)
            && !v.is_none()
        {
            *slot = Some(string(th, v, "tempnam", i + 1)?);
        }
    }
    warnings::warn(
        th,
        &exceptions::RUNTIME_WARNING,
        "tempnam is a potential security risk to your program",
        1,
    )?;
    let [d, p] = &parts;
    let ptr = |s: &Option<std::ffi::CString>| s.as_ref().map_or(std::ptr::null(), |s| s.as_ptr());
    // SAFETY: terminated strings or null.
    let name = unsafe { c_tempnam(ptr(d), ptr(p)) };
    taken(th, name)
}

pub(super) fn tmpnam(th: &mut Thread, _: Args<'_>) -> PyResult {
    warnings::warn(
        th,
        &exceptions::RUNTIME_WARNING,
        "tmpnam is a potential security risk to your program",
        1,
    )?;
    // SAFETY: null asks for the defaults.
    let name = unsafe { c_tempnam(c"/tmp".as_ptr(), std::ptr::null()) };
    taken(th, name)
}
