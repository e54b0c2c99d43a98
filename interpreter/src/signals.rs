//! Signals as Python sees them: noted by the C handler, taken at a poll by a thread that may handle them.

use crate::thread::Thread;
use std::sync::atomic::{AtomicBool, Ordering};

static PENDING: AtomicBool = AtomicBool::new(false);

/// True if a signal waits and this thread may take it.
#[inline]
pub fn pending(th: &Thread) -> bool {
    PENDING.load(Ordering::Relaxed) && th.signals_depth > 0
}

/// True if a signal waits for anybody.
#[inline]
pub fn waiting() -> bool {
    PENDING.load(Ordering::Relaxed)
}

/// Notes that a signal has arrived (async-signal-safe).
pub fn note() {
    PENDING.store(true, Ordering::Release);
}

/// Takes the pending flag.
pub fn take() -> bool {
    PENDING.swap(false, Ordering::AcqRel)
}
