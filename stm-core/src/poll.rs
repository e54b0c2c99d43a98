//! Polls: what a thread has to answer at back-edges, entries, returns and after natives.
//!
//! One word of the thread's record says whether there is anything. Whoever sets SOON or WOUND in a status sets POLL here
//! afterwards; the poll clears POLL before it looks at the status; so none is lost, and a spurious one costs a look.

use crate::segment::{INEVITABLE, SOON, WOUND};
use crate::sync::{AtomicU32, Ordering};
use crate::thread::Requests;
use crate::transaction::{Conflict, Transaction};

/// What a poll found. Poll again after dealing with it.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PollOutcome {
    /// Go on.
    Nothing,
    /// Call [`Transaction::stop_point`]; the transaction goes on.
    Stop,
    /// The transaction is wounded: undo and restart.
    Abort,
    /// Somebody waits: commit at the next bytecode boundary (never in the middle of one).
    CommitSoon,
    /// Requests of the runtime, now taken: the caller answers each.
    Requests(Requests),
}

impl Transaction {
    /// Finds out what [`Transaction::poll_needed`] is about.
    #[cold]
    #[inline(never)]
    pub fn poll(&self) -> PollOutcome {
        let word = self.requests_word();
        let found = Requests(word.load(Ordering::Acquire));
        if found.any(Requests::STOP) {
            return PollOutcome::Stop;
        }
        if found.any(Requests::POLL) {
            word.fetch_and(!Requests::POLL.0, Ordering::AcqRel);
            if self.live.get() && !self.solo.get() {
                let status = self.segment().status.load(Ordering::Acquire);
                if status & WOUND != 0 && status & INEVITABLE == 0 {
                    let _ = self.refuse(Conflict::Abort);
                    return PollOutcome::Abort;
                }
                // In atomic SOON stays in the status, and the end of the block raises POLL again.
                if status & SOON != 0 && self.atomic_depth.get() == 0 && !self.put_off() {
                    return PollOutcome::CommitSoon;
                }
            }
        }
        let mut rest = found.without(Requests::OWN);
        if self.atomic_depth.get() > 0 {
            let later = rest.among(Requests::DEFERRABLE);
            self.defer(later);
            rest = rest.without(later);
        }
        if rest.is_empty() {
            return PollOutcome::Nothing;
        }
        word.fetch_and(!rest.0, Ordering::AcqRel);
        PollOutcome::Requests(rest)
    }

    fn requests_word(&self) -> &AtomicU32 {
        // SAFETY: part of the record, which lives as long as the runtime.
        unsafe { &*self.requests }
    }

    /// Puts requests off until the end of the atomic block.
    pub fn defer(&self, requests: Requests) {
        if !requests.is_empty() {
            self.requests_word().fetch_and(!requests.0, Ordering::AcqRel);
            self.deferred.set(self.deferred.get().with(requests));
        }
    }

    /// Raises again what was put off.
    pub(crate) fn raise_deferred(&self) {
        let deferred = self.deferred.replace(Requests(0));
        if !deferred.is_empty() {
            self.record().request(deferred);
        }
    }

    /// Whether the running transaction has been wounded (for long natives between polls).
    pub fn is_wounded(&self) -> bool {
        self.live.get()
            && !self.solo.get()
            && self.segment().status.load(Ordering::Relaxed) & (WOUND | INEVITABLE) == WOUND
    }

    /// Sleeps on `address` until unparked, unless `validate` (which reads plain atomics only) says no. Without a live
    /// transaction, or with an inevitable one; counts as outside. May end early: test the condition again.
    pub fn park(
        &self,
        address: usize,
        validate: impl FnOnce() -> bool,
        limit: Option<std::time::Duration>,
    ) -> crate::parking::ParkResult {
        debug_assert!(
            !self.live.get() || self.inevitable.get() || self.solo.get(),
            "parking with a live transaction"
        );
        if !self.live.get() && !self.is_outside() {
            self.detach();
        }
        self.blocked(|| self.stm.lot.park(self.record(), address, validate, limit))
    }
}
