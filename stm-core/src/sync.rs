//! The atomics, locks and cells of this crate: the standard ones, or those of the model checker under `cfg(loom)`.
//!
//! The locks are the standard library's: each is one word in its own struct with no process-wide table behind it,
//! which is what lets `fork.rs` take them all and give them back in the child.

/// The standard one even in models: counting references is not part of the protocol.
pub use std::sync::Arc;

#[cfg(loom)]
pub use loom::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence},
};
#[cfg(not(loom))]
pub use std::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence},
};

/// Takes a lock whose holders never leave broken data behind, so that poisoning means nothing.
#[inline]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Waits on `condvar`, ignoring poisoning as [`lock`] does.
#[inline]
pub(crate) fn wait<'a, T>(condvar: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condvar.wait(guard).unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// A full barrier right after a sequentially consistent read-modify-write: on x86-64 that instruction already is one.
#[inline(always)]
pub(crate) fn fence_after_rmw() {
    #[cfg(all(not(loom), not(miri), target_arch = "x86_64"))]
    std::sync::atomic::compiler_fence(Ordering::SeqCst);
    #[cfg(not(all(not(loom), not(miri), target_arch = "x86_64")))]
    fence(Ordering::SeqCst);
}

/// A store to a word that others change with read-modify-writes. In the model it is a swap: loom keeps the
/// modification order as a partial order and would let an older competing value stay "last" for ever.
#[inline(always)]
pub(crate) fn put(word: &AtomicU64, value: u64, order: Ordering) {
    #[cfg(loom)]
    word.swap(value, order);
    #[cfg(not(loom))]
    word.store(value, order);
}

/// One step of a spin loop.
#[inline(always)]
pub(crate) fn spin() {
    #[cfg(loom)]
    loom::thread::yield_now();
    #[cfg(not(loom))]
    std::hint::spin_loop();
}

/// A word of heap memory that transactions read and write in place, and that abort restores.
///
/// Eight bytes outside models, so that `addr as *const Word` over object memory is right; a tracked cell in models.
#[cfg(not(loom))]
#[repr(transparent)]
pub struct Word(std::cell::UnsafeCell<u64>);
/// A word of heap memory, tracked by the model checker.
#[cfg(loom)]
pub struct Word(loom::cell::UnsafeCell<u64>);

// SAFETY: access is only through unsafe methods whose callers hold the read mark or the stamp of the word's granule.
unsafe impl Sync for Word {}
// SAFETY: a plain integer.
unsafe impl Send for Word {}

impl Word {
    /// A word outside any heap (models and tests).
    pub fn new(value: u64) -> Self {
        #[cfg(loom)]
        return Word(loom::cell::UnsafeCell::new(value));
        #[cfg(not(loom))]
        Word(std::cell::UnsafeCell::new(value))
    }

    /// Reads the word.
    ///
    /// # Safety
    /// The caller's live transaction has read or write access to the granule, or nobody else can reach it.
    #[inline(always)]
    pub unsafe fn get(&self) -> u64 {
        #[cfg(loom)]
        // SAFETY: the caller's contract; loom reports a violation.
        return self.0.with(|p| unsafe { *p });
        #[cfg(not(loom))]
        // SAFETY: the caller's contract.
        unsafe {
            *self.0.get()
        }
    }

    /// Writes the word.
    ///
    /// # Safety
    /// The caller's live transaction owns the granule's stamp, or nobody else can reach it.
    #[inline(always)]
    pub unsafe fn set(&self, value: u64) {
        #[cfg(loom)]
        // SAFETY: the caller's contract; loom reports a violation.
        self.0.with_mut(|p| unsafe { *p = value });
        #[cfg(not(loom))]
        // SAFETY: the caller's contract.
        unsafe {
            *self.0.get() = value
        }
    }
}
