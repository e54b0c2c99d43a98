//! Waiting for a descriptor, within a time limit. Touches no object, so it runs outside transactions.

use crate::descriptors::errno;
use std::time::{Duration, Instant};

/// Why an operation has no result.
#[derive(Copy, Clone, Debug)]
pub(super) enum Failure {
    Errno(i32),
    TimedOut,
}

/// What a socket operation gives.
pub(super) type Outcome<T> = Result<T, Failure>;

/// The time at which a positive timeout ends.
fn deadline(timeout: f64) -> Option<Instant> {
    let d = Duration::try_from_secs_f64(timeout).ok()?;
    Instant::now().checked_add(d)
}

/// Waits until `fd` can be read (or written), at most until then; whether it can.
pub(super) fn ready(fd: i32, writing: bool, until: Option<Instant>) -> Result<bool, i32> {
    let events = if writing { libc::POLLOUT } else { libc::POLLIN };
    loop {
        let ms = match until {
            None => -1,
            // Rounded up: a wait that ends early would turn into a busy loop.
            Some(t) => {
                t.saturating_duration_since(Instant::now()).as_micros().div_ceil(1000).min(i32::MAX as u128)
                    as i32
            }
        };
        let mut p = libc::pollfd { fd, events, revents: 0 };
        // SAFETY: one entry.
        match unsafe { libc::poll(&mut p, 1, ms) } {
            0 if until.is_some_and(|t| Instant::now() < t) => continue,
            0 => return Ok(false),
            n if n < 0 => return Err(errno()),
            _ => return Ok(true),
        }
    }
}

/// Does `f`, with a positive timeout once the descriptor is ready for it.
pub(super) fn operate<T>(
    fd: i32,
    writing: bool,
    timeout: f64,
    f: impl FnMut() -> Result<T, i32>,
) -> Outcome<T> {
    let until = if timeout > 0.0 && fd >= 0 { Some(deadline(timeout)) } else { None };
    operate_until(fd, writing, until, f)
}

/// As [`operate`]; outer none: no waiting here, inner none: without end.
fn operate_until<T>(
    fd: i32,
    writing: bool,
    until: Option<Option<Instant>>,
    mut f: impl FnMut() -> Result<T, i32>,
) -> Outcome<T> {
    loop {
        if let Some(t) = until {
            match ready(fd, writing, t) {
                Ok(true) => {}
                Ok(false) => return Err(Failure::TimedOut),
                Err(e) => return Err(Failure::Errno(e)),
            }
        }
        match f() {
            Ok(v) => return Ok(v),
            // Somebody else was faster.
            Err(e) if until.is_some() && (e == libc::EAGAIN || e == libc::EWOULDBLOCK) => continue,
            Err(e) => return Err(Failure::Errno(e)),
        }
    }
}

/// Waits for a connection that is under way: its errno, 0 for success.
pub(super) fn connected(fd: i32, timeout: f64) -> Outcome<i32> {
    match ready(fd, true, deadline(timeout)) {
        Ok(true) => {}
        Ok(false) => return Err(Failure::TimedOut),
        Err(e) => return Ok(e),
    }
    let mut e: libc::c_int = 0;
    let mut len = size_of::<libc::c_int>() as libc::socklen_t;
    // SAFETY: room for the result.
    unsafe {
        libc::getsockopt(fd, libc::SOL_SOCKET, libc::SO_ERROR, (&raw mut e).cast(), &mut len);
    }
    Ok(if e == libc::EISCONN { 0 } else { e })
}
