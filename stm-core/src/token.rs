//! Inevitable transactions: the one transaction that is not allowed to abort.
//!
//! Outside effects cannot be undone, so code about to perform one inside `atomic` first calls
//! [`Transaction::become_inevitable`]; from then on its transaction will commit.
//!
//! # Invariants
//! T1. At most one thread holds the token; `holder` is the only record of who.
//! T2. The holder's transaction counts as oldest: nobody wounds it, and it waits only for commits.
//! T3. First come, first served: a release hands the token to the front of the queue. One who leaves the queue because of a
//!     wound passes on a token that was granted meanwhile.
//! T4. A waiter with a live transaction shows WAITING and can be wounded.
//!
//! # Why a single token
//! Two inevitable transactions could conflict, and neither would be able to give way.
//!
//! # Checked by
//! `tests/models/inevitable.rs` (faults WOUND_INEVITABLE, TOKEN_LOST).

use crate::events::EventKind;
use crate::fault::{self, on};
use crate::segment::{IDLE, INEVITABLE, SOON, WAITING, WOUND};
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering, lock, spin};
use crate::thread::ThreadRecord;
use crate::transaction::{Blocker, Conflict, Transaction};
use std::collections::VecDeque;

#[derive(Default)]
pub(crate) struct Queue(VecDeque<*const ThreadRecord>);

// SAFETY: records live as long as the runtime that owns the token.
unsafe impl Send for Queue {}

impl Queue {
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

pub(crate) struct Token {
    /// Record id of the holder, 0 for none. Changed under the queue's lock.
    holder: AtomicUsize,
    queue: Mutex<Queue>,
}

impl Token {
    pub(crate) fn new() -> Self {
        Token { holder: AtomicUsize::new(0), queue: Mutex::new(Queue::default()) }
    }

    /// Takes the token if it is free, else queues for it. True if taken.
    fn take_or_queue(&self, thread: &ThreadRecord) -> bool {
        let mut queue = lock(&self.queue);
        if self.holder.load(Ordering::Relaxed) == 0 {
            self.holder.store(thread.id, Ordering::Release);
            return true;
        }
        queue.0.push_back(thread);
        false
    }

    /// Takes the token only if it is free.
    fn try_take(&self, thread: &ThreadRecord) -> bool {
        let _queue = lock(&self.queue);
        let free = self.holder.load(Ordering::Relaxed) == 0;
        if free {
            self.holder.store(thread.id, Ordering::Release);
        }
        free
    }

    fn is_held_by(&self, thread: &ThreadRecord) -> bool {
        // Acquire pairs with the release of the hand-over.
        self.holder.load(Ordering::Acquire) == thread.id
    }

    /// Hands the token on, or frees it.
    pub(crate) fn release(&self) {
        let mut queue = lock(&self.queue);
        match queue.0.pop_front() {
            Some(next) => {
                // SAFETY: records live as long as the runtime.
                let next = unsafe { &*next };
                self.holder.store(next.id, Ordering::Release);
                next.parker.unpark();
            }
            None => self.holder.store(0, Ordering::Release),
        }
    }

    /// Leaves the queue, passing the token on if it has been granted (T3).
    fn cancel(&self, thread: &ThreadRecord) {
        let mut queue = lock(&self.queue);
        if let Some(place) = queue.0.iter().position(|&t| std::ptr::eq(t, thread)) {
            queue.0.remove(place);
            return;
        }
        drop(queue);
        if !on(fault::TOKEN_LOST) && self.is_held_by(thread) {
            self.release();
        }
    }

    /// At shutdown: the holder and the queue are stopped for good.
    pub(crate) fn take_over(&self) {
        let mut queue = lock(&self.queue);
        queue.0.clear();
        self.holder.store(0, Ordering::Release);
    }

    fn holder(&self) -> usize {
        self.holder.load(Ordering::Acquire)
    }

    pub(crate) fn lock_queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.queue)
    }
}

impl Transaction {
    /// Makes the running transaction one that cannot abort, waiting for its turn.
    pub fn become_inevitable(&self) -> Result<(), Conflict> {
        if self.inevitable.get() {
            return Ok(());
        }
        if let Some(pending) = self.pending.get() {
            return Err(pending);
        }
        if self.solo.get() {
            self.rare.set(true);
            self.inevitable.set(true);
            return Ok(());
        }
        debug_assert!(self.live.get(), "inevitable without a transaction");
        let token = &self.stm.token;
        if self.may_retry() {
            if !token.try_take(self.record()) {
                self.retries.set(self.retries.get() + 1);
                self.record().counters.retries.bump();
                self.blocker.set(Blocker::Token);
                return Err(self.refuse(Conflict::Retry));
            }
        } else if !token.take_or_queue(self.record()) {
            self.wait_for_token()?;
        }
        if self.set_inevitable_flag() {
            self.holds_token.set(true);
            self.became_inevitable();
            Ok(())
        } else {
            token.release();
            Err(self.refuse(Conflict::Abort))
        }
    }

    /// Sets INEVITABLE unless wounded: one exchange, so that a wound and the token cannot cross.
    fn set_inevitable_flag(&self) -> bool {
        let status = &self.segment().status;
        let mut seen = status.load(Ordering::Acquire);
        loop {
            if seen & WOUND != 0 {
                return false;
            }
            match status.compare_exchange(seen, seen | INEVITABLE, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return true,
                Err(now) => seen = now,
            }
        }
    }

    pub(crate) fn became_inevitable(&self) {
        self.rare.set(true);
        self.inevitable.set(true);
        self.log_mut(|log| log.forget_undo());
        self.record().counters.inevitables.bump();
        self.report(EventKind::BecameInevitable, None, 0);
    }

    /// Waits in the queue with a live transaction (T4).
    fn wait_for_token(&self) -> Result<(), Conflict> {
        let record = self.record();
        let status = &self.segment().status;
        record.counters.waits.bump();
        self.report(EventKind::WaitStart, None, 0);
        status.fetch_or(WAITING, Ordering::AcqRel);
        let token = &self.stm.token;
        while !token.is_held_by(record) {
            if status.load(Ordering::Acquire) & WOUND != 0 {
                token.cancel(record);
                status.fetch_and(!WAITING, Ordering::AcqRel);
                return Err(self.refuse(Conflict::Abort));
            }
            self.stop_if_asked();
            self.hurry_token_holder();
            self.sleep_for_token();
        }
        status.fetch_and(!WAITING, Ordering::AcqRel);
        self.report(EventKind::WaitDone, None, 0);
        Ok(())
    }

    /// Waits for the token with nothing held, before a transaction that is inevitable from birth.
    pub(crate) fn take_token_holding_nothing(&self) {
        let token = &self.stm.token;
        if !token.take_or_queue(self.record()) {
            self.record().counters.waits.bump();
            self.report(EventKind::WaitStart, None, 0);
            while !token.is_held_by(self.record()) {
                self.stop_if_asked();
                self.hurry_token_holder();
                self.sleep_for_token();
            }
            self.report(EventKind::WaitDone, None, 0);
        }
        self.holds_token.set(true);
    }

    /// Begins a transaction that is inevitable from birth (one that starts in the middle of native code).
    pub fn begin_inevitable(&self) {
        if self.segment.get() == 0 {
            self.hand_over();
        }
        self.needs_token.set(!self.solo.get());
        self.begin();
        if self.solo.get() {
            self.rare.set(true);
            self.inevitable.set(true);
        }
    }

    fn sleep_for_token(&self) {
        #[cfg(loom)]
        spin();
        #[cfg(not(loom))]
        {
            for _ in 0..100 {
                if self.stm.token.is_held_by(self.record()) {
                    return;
                }
                spin();
            }
            // The limit is a backstop: the hand-over unparks, and so does a wound.
            self.blocked(|| self.record().parker.park(Some(std::time::Duration::from_millis(5))));
        }
    }

    /// Asks the holder's transaction to come soon, unless it is inside atomic.
    fn hurry_token_holder(&self) {
        let holder = self.stm.token.holder();
        if holder == 0 {
            return;
        }
        for (index, segment) in
            self.stm.segments.iter().enumerate().take(self.stm.used.load(Ordering::Acquire)).skip(1)
        {
            let seen = segment.status.load(Ordering::Acquire);
            if seen & INEVITABLE != 0 && seen & (IDLE | SOON) == 0 && index != self.segment.get() {
                if segment.atomic.load(Ordering::Relaxed) == 0 {
                    self.ask(index, seen, SOON);
                }
                return;
            }
        }
    }
}
