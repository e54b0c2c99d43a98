//! The check interval: how much a thread runs between two looks at what waits (`sys.setcheckinterval`).

use std::sync::atomic::{AtomicI32, Ordering};

/// PyPy's default. A forced switch costs more than CPython's unlocking and locking, so it is a hundred times CPython's.
pub const DEFAULT_CHECK_INTERVAL: i32 = 10_000;

/// The interval of a process: back-edges and calls between two looks.
#[derive(Debug)]
pub struct CheckInterval(AtomicI32);

impl CheckInterval {
    pub const fn new() -> CheckInterval {
        CheckInterval(AtomicI32::new(DEFAULT_CHECK_INTERVAL))
    }

    /// As set.
    pub fn get(&self) -> i32 {
        self.0.load(Ordering::Relaxed)
    }

    /// How much to run: values below 1 count as 1.
    #[inline]
    pub fn steps(&self) -> i32 {
        self.get().max(1)
    }

    /// Sets it; values beyond an int's range count as the nearest within.
    pub fn set(&self, n: i64) {
        self.0.store(n.clamp(i32::MIN as i64, i32::MAX as i64) as i32, Ordering::Relaxed);
    }
}

impl Default for CheckInterval {
    fn default() -> CheckInterval {
        CheckInterval::new()
    }
}
