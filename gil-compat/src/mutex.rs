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

/// Hand-over lock, which one thread may take and another give back.
pub(crate) struct HandOver {
    state: Resettable<State>,
    conditions: UnsafeCell<Conditions>,
}

#[derive(Clone, Copy)]
struct State {
    taken: bool,
    /// How often the lock was taken.
    turns: u64,
}

#[derive(Default)]
struct Conditions {
    freed: Condvar,
    taken: Condvar,
}

// SAFETY: as for `Resettable`.
unsafe impl Sync for HandOver {}

impl HandOver {
    pub(crate) fn new(taken: bool) -> HandOver {
        HandOver { state: Resettable::new(State { taken, turns: 0 }), conditions: UnsafeCell::default() }
    }

    fn conditions(&self) -> &Conditions {
        // SAFETY: nothing writes over them while there are threads to share them.
        unsafe { &*self.conditions.get() }
    }

    /// Takes the lock, waiting for it at most this long.
    pub(crate) fn take_within(&self, limit: Duration) -> bool {
        let mut state = self.state.lock();
        if state.taken {
            state =
                self.conditions().freed.wait_timeout(state, limit).unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.taken {
            return false;
        }
        *state = State { taken: true, turns: state.turns.wrapping_add(1) };
        drop(state);
        self.conditions().taken.notify_one();
        true
    }

    /// Makes it taken.
    ///
    /// # Safety
    /// The calling thread is the only one of the process.
    pub(crate) unsafe fn reset_taken(&self) {
        // SAFETY: the caller's promise; nobody waits for the conditions any more.
        unsafe {
            self.state.reset(State { taken: true, turns: 0 });
            self.conditions.get().write(Conditions::default());
        }
    }

    /// Gives the lock back, whoever took it, and waits until another thread has it.
    pub(crate) fn hand_on(&self) {
        let mut state = self.state.lock();
        state.taken = false;
        let turn = state.turns;
        self.conditions().freed.notify_one();
        while state.turns == turn {
            state = self.conditions().taken.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
