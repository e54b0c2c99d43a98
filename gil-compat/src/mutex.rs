//! The two locks the composite lock is made of, which a forked child can make anew.
//!
//! The standard library's, not parking_lot's: that one queues its sleepers in a table of the whole process, whose locks
//! cannot be reset. A child forked while another thread was inside the table would wait there for ever.

use std::cell::UnsafeCell;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A mutex that can be made anew in a forked child.
pub(crate) struct Resettable<T>(UnsafeCell<Mutex<T>>);

// SAFETY: the mutex inside is shared; only `reset` writes over it, when no other thread exists.
unsafe impl<T: Send> Sync for Resettable<T> {}

impl<T> Resettable<T> {
    pub(crate) fn new(value: T) -> Resettable<T> {
        Resettable(UnsafeCell::new(Mutex::new(value)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        // SAFETY: nothing writes over the mutex while there are threads to share it.
        unsafe { &*self.0.get() }.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new mutex in its place, free.
    ///
    /// # Safety
    /// The calling thread is the only one of the process and holds no guard of it.
    pub(crate) unsafe fn reset(&self, value: T) {
        // SAFETY: the caller's promise. The old one is forgotten: a thread that does not exist here may hold it.
        unsafe { self.0.get().write(Mutex::new(value)) };
    }
}

/// Hand-over lock, which one thread may take and another give back: the flag under a mutex, and a condition to wait on.
pub(crate) struct HandOver {
    taken: Resettable<bool>,
    freed: UnsafeCell<Condvar>,
}

// SAFETY: as for `Resettable`.
unsafe impl Sync for HandOver {}

impl HandOver {
    pub(crate) fn new(taken: bool) -> HandOver {
        HandOver { taken: Resettable::new(taken), freed: UnsafeCell::new(Condvar::new()) }
    }

    fn freed(&self) -> &Condvar {
        // SAFETY: nothing writes over it while there are threads to share it.
        unsafe { &*self.freed.get() }
    }

    /// Takes the lock, waiting for it at most this long.
    pub(crate) fn take_within(&self, limit: Duration) -> bool {
        let mut taken = self.taken.lock();
        if *taken {
            taken = self.freed().wait_timeout(taken, limit).unwrap_or_else(PoisonError::into_inner).0;
        }
        !std::mem::replace(&mut taken, true)
    }

    /// Makes it taken.
    ///
    /// # Safety
    /// The calling thread is the only one of the process.
    pub(crate) unsafe fn reset_taken(&self) {
        // SAFETY: the caller's promise; nobody waits for the condition any more.
        unsafe {
            self.taken.reset(true);
            self.freed.get().write(Condvar::new());
        }
    }

    /// Gives the lock back, whoever took it.
    pub(crate) fn free(&self) {
        *self.taken.lock() = false;
        self.freed().notify_one();
    }
}
