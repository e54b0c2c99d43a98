//! The composite lock.
//!
//! "Held" means: the word is not 0 *and* `hand_over` is taken. Normally `hand_over` stays taken for ever, and the word
//! alone goes back and forth:
//!
//! * release: store 0 to the word. No system call, nobody is woken.
//! * acquire: exchange the word with 1; 0 came back: done.
//!
//! A thread that finds the word taken queues on `stealer`, whose owner, the *stealer*, polls: it sleeps up to
//! [`POLL`] for an explicit hand-over, then tries the exchange again. A thread that has run long enough yields: if somebody
//! waits it frees `hand_over` with the word still 1, which only the stealer can take, waits until that has happened, and
//! queues. So a yield forces a switch, and threads take turns.
//!
//! # Invariants
//! G1. Never are both the word 0 and `hand_over` free: a release happens with `hand_over` taken, a yield with the word 1.
//! G2. `waiting` counts threads between their decision to queue and their success. An owner that sees it above 0 can count
//!     on one of them: none succeeds before the owner lets go. One that yields waits for that success before it queues, or it
//!     might be the first to poll, and take back what it has just freed.
//!
//! Checked by `tests/exclusion.rs` (mutual exclusion, every yield switches, no thread starves).

use crate::mutex::{HandOver, Resettable};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

/// How long the stealer sleeps between two looks at the word.
const POLL: Duration = Duration::from_micros(100);

/// The global lock. Made held by the thread that makes it.
pub struct Gil {
    word: AtomicU32,
    waiting: AtomicUsize,
    hand_over: HandOver,
    stealer: Resettable<()>,
}

impl Gil {
    /// A lock held by the caller.
    pub fn held() -> Gil {
        Gil {
            word: AtomicU32::new(1),
            waiting: AtomicUsize::new(0),
            hand_over: HandOver::new(true),
            stealer: Resettable::new(()),
        }
    }

    /// Lets others run: around external calls.
    #[inline]
    pub fn release(&self) {
        debug_assert!(self.word.load(Ordering::Relaxed) != 0, "the lock is not held");
        // Release: what this thread did is visible to the next owner.
        self.word.store(0, Ordering::Release);
    }

    /// Takes the lock.
    #[inline]
    pub fn acquire(&self) {
        if self.word.swap(1, Ordering::Acquire) != 0 {
            self.queue();
        }
    }

    #[cold]
    fn queue(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let turn = self.stealer.lock();
        loop {
            if self.word.swap(1, Ordering::Acquire) == 0 {
                break;
            }
            if self.hand_over.take_within(POLL) {
                // Handed over: the word has stayed 1.
                break;
            }
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        drop(turn);
    }

    /// Lets whoever waits longest run first, if anybody waits. True if there was a switch.
    pub fn yield_to_waiting(&self) -> bool {
        if !self.is_wanted() {
            return false;
        }
        self.hand_over.hand_on();
        self.queue();
        true
    }

    /// Makes the lock held by the caller, with nobody waiting: in a forked child, where those who waited do not exist.
    ///
    /// # Safety
    /// The calling thread is the only one of the process.
    pub unsafe fn reset_held(&self) {
        self.word.store(1, Ordering::SeqCst);
        self.waiting.store(0, Ordering::SeqCst);
        // SAFETY: no other thread exists, so nobody holds the mutex any more; one that did not survive may have.
        unsafe {
            self.stealer.reset(());
            self.hand_over.reset_taken();
        }
    }

    /// Whether some thread waits for the lock.
    #[inline]
    pub fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) != 0
    }
}
