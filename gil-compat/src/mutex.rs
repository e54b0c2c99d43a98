//! A lock that one thread may take and another give back, with a wait that ends after a time.

use parking_lot::{Condvar, Mutex};
use std::time::Duration;

/// Hand-over lock: the flag under a mutex, and a condition to wait on.
pub(crate) struct HandOver {
    taken: Mutex<bool>,
    freed: Condvar,
}

impl HandOver {
    pub(crate) fn new(taken: bool) -> HandOver {
        HandOver { taken: Mutex::new(taken), freed: Condvar::new() }
    }

    /// Takes the lock, waiting for it at most this long.
    pub(crate) fn take_within(&self, limit: Duration) -> bool {
        let mut taken = self.taken.lock();
        if *taken {
            self.freed.wait_for(&mut taken, limit);
        }
        !std::mem::replace(&mut taken, true)
    }

    /// Makes it taken.
    ///
    /// # Safety
    /// The calling thread is the only one of the process.
    pub(crate) unsafe fn reset_taken(&self) {
        if self.taken.is_locked() {
            // SAFETY: whoever held the mutex does not exist in this process.
            unsafe { self.taken.force_unlock() };
        }
        *self.taken.lock() = true;
    }

    /// Gives the lock back, whoever took it.
    pub(crate) fn free(&self) {
        *self.taken.lock() = false;
        self.freed.notify_one();
    }
}
