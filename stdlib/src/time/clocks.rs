//! The clocks and `sleep`.

use interpreter::native::Args;
use interpreter::{PyResult, Thread, Value, ops};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since the Epoch, to the microsecond.
pub(super) fn now() -> f64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(d) => d.as_secs() as f64 + d.subsec_micros() as f64 * 1e-6,
        Err(e) => -e.duration().as_secs_f64(),
    }
}

pub(super) fn time(th: &mut Thread, _: Args<'_>) -> PyResult {
    Ok(th.float(now()))
}

pub(super) fn clock(th: &mut Thread, _: Args<'_>) -> PyResult {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills a valid record.
    if unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) } != 0 {
        return Ok(th.float(-1e-6));
    }
    // The C library's clock() counts whole microseconds.
    let micros = t.tv_sec * 1_000_000 + t.tv_nsec / 1000;
    Ok(th.float(micros as f64 / 1e6))
}

/// Waits, until a signal at the latest; the error number of a failure.
fn wait(seconds: i64, micros: i64) -> Result<(), i32> {
    let mut t = libc::timeval { tv_sec: seconds, tv_usec: micros };
    // SAFETY: no descriptor sets; the timeout is valid memory.
    let r =
        unsafe { libc::select(0, std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut(), &mut t) };
    if r == 0 {
        return Ok(());
    }
    Err(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EINVAL))
}

pub(super) fn sleep(th: &mut Thread, args: Args<'_>) -> PyResult {
    let x = ops::float_arg(th, args.pos[0])?;
    let seconds = x.floor();
    // What no C long holds is refused as the system call would refuse it.
    let r = if !(0.0..9.2e18).contains(&seconds) {
        Err(libc::EINVAL)
    } else {
        let (seconds, micros) = (seconds as i64, ((x - seconds) * 1e6) as i64);
        th.outside(move || wait(seconds, micros))?
    };
    match r {
        // A signal ends the sleep; its handler runs as soon as this returns.
        Ok(()) | Err(libc::EINTR) => Ok(Value::NONE),
        Err(e) => Err(th.io_error(e, None)),
    }
}
