//! Clocks that neither conflict nor make a transaction inevitable. Two reads in a row differ: where the clock has not
//! moved between them, the later one is moved on by the least a float can show.

use interpreter::native::Args;
use interpreter::{PyResult, Thread};
use std::sync::atomic::{AtomicU64, Ordering};

fn read(id: libc::clockid_t) -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a local to be filled.
    unsafe { libc::clock_gettime(id, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

/// The clock, moved past what was read last; a clock that was set back goes back.
fn later(id: libc::clockid_t, last: &AtomicU64) -> f64 {
    let now = read(id);
    let mut seen = last.load(Ordering::Relaxed);
    loop {
        let before = f64::from_bits(seen);
        let next = if now > before || before - now > 1e-3 { now } else { before.next_up() };
        match last.compare_exchange_weak(seen, next.to_bits(), Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return next,
            Err(s) => seen = s,
        }
    }
}

pub(super) fn time(th: &mut Thread, _: Args<'_>) -> PyResult {
    static LAST: AtomicU64 = AtomicU64::new(0);
    Ok(th.float(later(libc::CLOCK_REALTIME, &LAST)))
}

pub(super) fn clock(th: &mut Thread, _: Args<'_>) -> PyResult {
    static LAST: AtomicU64 = AtomicU64::new(0);
    Ok(th.float(later(libc::CLOCK_PROCESS_CPUTIME_ID, &LAST)))
}
