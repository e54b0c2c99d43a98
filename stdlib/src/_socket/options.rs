//! Options and timeouts.

use super::errors::{error, failed};
use super::object::{set_blocking, set_timeout, socket};
use crate::arguments::read_only;
use crate::descriptors::checked;
use interpreter::native::Args;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value, ops};

/// A timeout argument: seconds, or None, which is -1.
pub(super) fn timeout_arg(th: &mut Thread, v: Value) -> PyResult<f64> {
    if v.is_none() {
        return Ok(-1.0);
    }
    let t = ops::float_arg(th, v)?;
    if t < 0.0 {
        return Err(th.value_error("Timeout value out of range"));
    }
    Ok(t)
}

pub(super) fn settimeout(th: &mut Thread, args: Args<'_>) -> PyResult {
    let t = timeout_arg(th, args.pos[1])?;
    let s = socket(th, args.pos[0])?;
    th.outside(move || set_blocking(s.fd, t < 0.0))?;
    set_timeout(th, args.pos[0], t)?;
    Ok(Value::NONE)
}

pub(super) fn setblocking(th: &mut Thread, args: Args<'_>) -> PyResult {
    let wait = ops::integer_arg(th, args.pos[1])? != 0;
    let s = socket(th, args.pos[0])?;
    th.outside(move || set_blocking(s.fd, wait))?;
    set_timeout(th, args.pos[0], if wait { -1.0 } else { 0.0 })?;
    Ok(Value::NONE)
}

pub(super) fn gettimeout(th: &mut Thread, args: Args<'_>) -> PyResult {
    let s = socket(th, args.pos[0])?;
    if s.timeout < 0.0 { Ok(Value::NONE) } else { Ok(th.float(s.timeout)) }
}

pub(super) fn getsockopt(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (level, option) = (ops::int32_arg(th, args.pos[1])?, ops::int32_arg(th, args.pos[2])?);
    let size = match args.get(3) {
        Some(v) => ops::int32_arg(th, v)?,
        None => 0,
    };
    let s = socket(th, args.pos[0])?;
    if !(0..=1024).contains(&size) {
        return Err(error(th, "getsockopt buflen out of range"));
    }
    let mut data = [0u8; 1024];
    let mut len = if size == 0 { size_of::<libc::c_int>() } else { size as usize } as libc::socklen_t;
    // SAFETY: room for as many bytes as told.
    let done = unsafe { libc::getsockopt(s.fd, level, option, data.as_mut_ptr().cast(), &mut len) };
    if let Err(e) = checked(done) {
        return Err(failed(th, e));
    }
    if size == 0 {
        let [a, b, c, d, ..] = data;
        return Ok(th.int(i64::from(i32::from_ne_bytes([a, b, c, d]))));
    }
    th.try_str(&data[..(len as usize).min(data.len())])
}

pub(super) fn setsockopt(th: &mut Thread, args: Args<'_>) -> PyResult {
    let (level, option) = (ops::int32_arg(th, args.pos[1])?, ops::int32_arg(th, args.pos[2])?);
    let v = args.pos[3];
    let number;
    let data: &[u8] = if ops::exact_integer(v).is_some() {
        number = ops::int32_arg(th, v)?.to_ne_bytes();
        &number
    } else {
        read_only(th, v, "setsockopt", 3)?.bytes()
    };
    let s = socket(th, args.pos[0])?;
    // Owned, as a conflict may undo what the option was read from, and the kernel is to be told once.
    let data = data.to_vec();
    let told = th.outside(move || {
        // SAFETY: as many bytes as told.
        checked(unsafe {
            libc::setsockopt(s.fd, level, option, data.as_ptr().cast(), data.len() as libc::socklen_t)
        })
    })?;
    match told {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(failed(th, e)),
    }
}
