//! Alarms and interval timers.

use super::ITIMER_ERROR;
use interpreter::native::Args;
use interpreter::ops;
use interpreter::raised::PyResult;
use interpreter::{Thread, Value};

pub(super) fn alarm(th: &mut Thread, args: Args<'_>) -> PyResult {
    let n = ops::int32_arg(th, args.pos[0])?;
    // SAFETY: plain system call.
    let left = unsafe { libc::alarm(n as libc::c_uint) };
    Ok(th.int(i64::from(left)))
}

pub(super) fn pause(th: &mut Thread, _: Args<'_>) -> PyResult {
    th.outside(|| {
        if !interpreter::signals::waiting() {
            // SAFETY: plain system call.
            unsafe { libc::pause() };
        }
    })?;
    th.native_poll()?;
    Ok(Value::NONE)
}

fn time_value(seconds: f64) -> libc::timeval {
    let whole = seconds.floor();
    libc::timeval { tv_sec: whole as libc::time_t, tv_usec: ((seconds - whole) * 1e6) as libc::suseconds_t }
}

fn shown(th: &mut Thread, v: &libc::itimerval) -> PyResult {
    let f = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 / 1e6;
    let (value, interval) = (th.float(f(v.it_value)), th.float(f(v.it_interval)));
    th.try_tuple(&[value, interval])
}

fn failed(th: &mut Thread) -> interpreter::Raised {
    let e = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EINVAL);
    th.environment_error(&ITIMER_ERROR, e, None)
}

pub(super) fn setitimer(th: &mut Thread, args: Args<'_>) -> PyResult {
    let which = ops::int32_arg(th, args.pos[0])?;
    let first = ops::float_arg(th, args.pos[1])?;
    let interval = match args.get(2) {
        Some(v) => ops::float_arg(th, v)?,
        None => 0.0,
    };
    let new = libc::itimerval { it_value: time_value(first), it_interval: time_value(interval) };
    // SAFETY: both structs are valid; the call fills the second.
    let (r, old) = unsafe {
        let mut old: libc::itimerval = std::mem::zeroed();
        (libc::setitimer(which as _, &new, &mut old), old)
    };
    if r != 0 {
        return Err(failed(th));
    }
    shown(th, &old)
}

pub(super) fn getitimer(th: &mut Thread, args: Args<'_>) -> PyResult {
    let which = ops::int32_arg(th, args.pos[0])?;
    // SAFETY: the call fills the struct.
    let (r, now) = unsafe {
        let mut now: libc::itimerval = std::mem::zeroed();
        (libc::getitimer(which as _, &mut now), now)
    };
    if r != 0 {
        return Err(failed(th));
    }
    shown(th, &now)
}
