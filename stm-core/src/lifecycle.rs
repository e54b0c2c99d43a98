//! Begin, commit, abort.
//!
//! I1. Begin clears IDLE, fence, tests the gate; whoever closes the gate stores it, fence, looks at IDLE. One sees the
//!     other: no transaction runs while the gate is closed but the closer's.
//! I2. Everything a transaction holds is released by the one swap in `bump`.
//! I3. Abort restores first, then bumps: nobody sees the old stamps dead and the new contents.
//! I4. Nobody waits for a segment, the gate, or (restarting) the token with a live transaction.

use crate::events::{AbortCause, EventKind};
use crate::fault::{self, on};
use crate::marks::{GRANULE_SHIFT, MARK_MASK};
use crate::segment::{IDLE, INEVITABLE, PARKED, SEQUENCE_SHIFT, SOON, WAITING, WOUND, mark_number};
use crate::stamp;
use crate::sync::{Ordering, fence_after_rmw, spin};
use crate::transaction::{Conflict, Transaction};

/// Aborts in a row after which a restart waits for the token and runs inevitable.
const PATIENT_ABORTS: u32 = 3;
/// Time since the first abort after which it does so anyway.
const PATIENT_TIME: std::time::Duration = std::time::Duration::from_millis(10);

/// Which sleepers on an address are woken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Woken {
    /// The first: right where whoever is woken and finds the word free takes it (parking.rs I3).
    First,
    /// All: where one that is woken may find that it needs no turn any more, and leave the word as it is.
    All,
}

/// A wake-up that is due when a transaction ends.
#[derive(Clone, Copy)]
pub(crate) struct Wake {
    pub(crate) address: usize,
    pub(crate) is_free: fn(usize) -> bool,
    pub(crate) woken: Woken,
}

impl Transaction {
    /// Begins a transaction: takes a segment if this thread has none, and waits while the gate is closed.
    pub fn begin(&self) {
        debug_assert!(!self.live.get(), "begin with a live transaction");
        if self.segment.get() == 0 || self.wants_handover() || self.stm.is_gil() {
            self.hand_over();
        }
        if self.solo.get() {
            self.live.set(true);
            return;
        }
        if self.needs_token.get() && !self.holds_token.get() {
            self.take_token_holding_nothing();
        }
        let segment = self.segment();
        loop {
            let inevitable = if self.holds_token.get() { INEVITABLE } else { 0 };
            // I1. The swap may meet PARKED from somebody who wanted to sleep on this idle segment.
            let old =
                segment.status.swap(self.sequence.get() << SEQUENCE_SHIFT | inevitable, Ordering::SeqCst);
            self.wake(old);
            fence_after_rmw();
            if !self.gate_closed() {
                break;
            }
            self.back_off_from_gate();
        }
        self.live.set(true);
        if self.holds_token.get() {
            self.needs_token.set(false);
            self.became_inevitable();
        }
        self.report(EventKind::Begin, None, 0);
    }

    /// Sets IDLE again, holding nothing, and sleeps until the gate opens.
    #[cold]
    pub(crate) fn back_off_from_gate(&self) {
        let idle = self.sequence.get() << SEQUENCE_SHIFT | IDLE;
        let old = self.segment().status.swap(idle, Ordering::AcqRel);
        self.wake(old);
        self.wait_for_gate();
    }

    /// Ends the transaction well. What the collector publishes must be published before.
    ///
    /// Refuses while an abort is due: then call [`Transaction::rollback`].
    #[inline]
    pub fn commit(&self) -> Result<(), Conflict> {
        self.before_commit()?;
        if self.solo.get() {
            self.live.set(false);
            self.end_solo();
            return Ok(());
        }
        let old = self.bump(IDLE);
        self.live.set(false);
        if old & 0xff != 0 || self.rare.get() {
            self.after(old);
        }
        Ok(())
    }

    /// Commit and begin in one step, cheaper by one exchange when nothing unusual is going on.
    #[inline]
    pub fn commit_and_begin(&self) -> Result<(), Conflict> {
        if self.rare.get() || self.solo.get() || self.needs_token.get() || self.wants_handover() {
            self.commit()?;
            self.begin();
            return Ok(());
        }
        self.before_commit()?;
        let old = self.bump(0);
        fence_after_rmw();
        if self.gate_closed() {
            self.live.set(false);
            self.back_off_from_gate();
            self.after(old);
            self.begin();
        } else if old & 0xff != 0 {
            self.after(old);
        }
        Ok(())
    }

    #[inline]
    fn before_commit(&self) -> Result<(), Conflict> {
        debug_assert!(self.live.get(), "commit without a transaction");
        match self.pending.get() {
            Some(Conflict::Abort) => return Err(Conflict::Abort),
            Some(Conflict::Retry) => self.pending.set(None),
            None => self.retries.set(0),
        }
        self.record().counters.commits.bump();
        self.report(EventKind::Commit, None, 0);
        if !self.solo.get() {
            self.log_mut(|log| log.clear());
            let age = &self.segment().age;
            if age.load(Ordering::Relaxed) != 0 {
                crate::sync::put(age, 0, Ordering::Relaxed);
            }
            self.age.set(0);
            self.aborts_in_row.set(0);
        }
        Ok(())
    }

    /// Moves to the next sequence, which releases everything (I2), and returns the status it replaced.
    #[inline(always)]
    pub(crate) fn bump(&self, flags: u64) -> u64 {
        let segment = self.segment();
        let mut sequence = self.sequence.get() + 1;
        let mut old = 0;
        if sequence & MARK_MASK == 0 {
            old = self.clear_marks_at_wrap(sequence);
            sequence += 1;
        }
        self.sequence.set(sequence);
        self.mark.set(mark_number(sequence));
        self.owner.set(stamp::owner(self.segment.get(), sequence));
        // Release: what the transaction wrote, or restored, is visible to whoever sees it dead. Sequentially consistent
        // where the swap is also a begin; on x86-64 it is the same instruction.
        let order = if on(fault::RELAXED_RELEASE) { Ordering::Relaxed } else { Ordering::SeqCst };
        old | segment.status.swap(sequence << SEQUENCE_SHIFT | flags, order) & 0xff
    }

    /// The mark number wraps: publish number 0, which holds nothing, and clear the table.
    #[cold]
    #[inline(never)]
    fn clear_marks_at_wrap(&self, sequence: u64) -> u64 {
        let segment = self.segment();
        let old = segment.status.swap(sequence << SEQUENCE_SHIFT | IDLE, Ordering::Release) & 0xff;
        if !on(fault::WRAP_NO_CLEAR) {
            crate::sync::fence(Ordering::Release);
            // SAFETY: attached to this thread; the published mark number is 0.
            unsafe { segment.table.clear() };
        }
        old & !IDLE
    }

    #[inline(always)]
    pub(crate) fn wake(&self, old: u64) {
        if old & PARKED != 0 {
            self.stm.lot.unpark_all(&self.segment().status as *const _ as usize);
        }
    }

    /// What the end of a transaction owes others: wake-ups, gate, token, politeness.
    #[cold]
    #[inline(never)]
    fn after(&self, old: u64) {
        self.wake(old);
        if self.rare.replace(false) {
            self.end_exclusive();
            self.inevitable.set(false);
            if self.holds_token.replace(false) {
                self.stm.token.release();
            }
            self.wake_registered();
            if self.atomic_depth.get() == 0 {
                self.raise_deferred();
            }
        }
        if old & (SOON | WOUND) != 0 {
            self.let_asker_go_first();
        }
    }

    /// If one was asked to come soon, the asker goes first (bounded), or it starves.
    fn let_asker_go_first(&self) {
        let asker = self.segment().asker.load(Ordering::Relaxed);
        if asker == 0 || asker == self.segment.get() {
            return;
        }
        let rounds = if cfg!(loom) { 3 } else { 2000 };
        for round in 1..=rounds {
            if self.stm.segments[asker].status.load(Ordering::Acquire) & WAITING == 0 {
                break;
            }
            #[cfg(not(loom))]
            if round & 255 == 0 {
                std::thread::yield_now();
            }
            let _ = round;
            spin();
        }
    }

    fn end_solo(&self) {
        if self.rare.replace(false) {
            self.inevitable.set(false);
            self.exclusive.set(false);
            self.wake_registered();
            if self.atomic_depth.get() == 0 {
                self.raise_deferred();
            }
        }
    }

    /// Wakes sleepers on `address` when the transaction ends, well or badly, if `is_free(address)` then. To be called by
    /// each transaction that writes the word (parking.rs I3). `is_free` reads atomics only.
    pub fn wake_at_end(&self, address: usize, is_free: fn(usize) -> bool, woken: Woken) {
        self.rare.set(true);
        // SAFETY: only this thread, not re-entered.
        let list = unsafe { &mut *self.wake_at_end.get() };
        if list.len() == list.capacity() {
            // A long transaction may use the same few locks again and again.
            list.sort_unstable_by_key(|wake| wake.address);
            list.dedup_by_key(|wake| wake.address);
        }
        list.push(Wake { address, is_free, woken });
    }

    fn wake_registered(&self) {
        // SAFETY: only this thread; waking does not come back here.
        let list = unsafe { &mut *self.wake_at_end.get() };
        list.drain(..).for_each(|wake| self.stm.lot.wake(&wake));
    }

    /// First half of an abort: writes old contents back, newest first. Rust has unwound by now.
    pub fn undo(&self) {
        debug_assert!(self.live.get(), "undo without a transaction");
        debug_assert!(!self.inevitable.get() || self.solo.get(), "undo of an inevitable transaction");
        if on(fault::RELEASE_BEFORE_UNDO) {
            self.bump(IDLE);
        }
        // SAFETY: every logged granule is owned by the live transaction.
        self.log_mut(|log| unsafe { log.restore() });
    }

    /// Second half: releases everything and keeps the age. The checkpoint is restored before or after, by its owner.
    pub fn finish_abort(&self) {
        let mut old = self.segment().status.load(Ordering::Relaxed);
        let wounded = old & WOUND != 0;
        let counters = &self.record().counters;
        if wounded {
            counters.aborts_wounded.bump()
        } else {
            counters.aborts_asked.bump()
        };
        let cause = if wounded { AbortCause::Wounded } else { AbortCause::Asked };
        self.report(EventKind::Abort(cause), None, 0);
        self.log_mut(|log| log.clear());
        self.pending.set(None);
        self.blocker.set(crate::transaction::Blocker::None);
        if self.solo.get() {
            self.live.set(false);
            self.end_solo();
            return;
        }
        if on(fault::NO_UNPARK_ON_ABORT) {
            // SAFETY: only this thread.
            unsafe { (*self.wake_at_end.get()).clear() };
        }
        if !on(fault::RELEASE_BEFORE_UNDO) {
            old = self.bump(IDLE);
        }
        self.live.set(false);
        self.count_abort();
        self.after(old);
    }

    /// After a few aborts, or a long time of them, the restart queues for the token.
    fn count_abort(&self) {
        let aborts = self.aborts_in_row.get() + 1;
        self.aborts_in_row.set(aborts);
        let late = if cfg!(loom) {
            false
        } else if aborts == 1 {
            self.first_abort.set(Some(std::time::Instant::now()));
            false
        } else {
            self.first_abort.get().is_some_and(|first| first.elapsed() > PATIENT_TIME)
        };
        if aborts >= PATIENT_ABORTS || late {
            self.needs_token.set(true);
        }
    }

    /// Both halves of an abort.
    pub fn rollback(&self) {
        self.undo();
        self.finish_abort();
    }

    /// Clears this transaction's own mark on a granule whose memory it frees and uses again.
    pub fn clear_own_mark(&self, address: usize) {
        if !self.solo.get() {
            // SAFETY: concurrent mode: the table covers the heap.
            unsafe { self.marks.get().byte(address >> GRANULE_SHIFT) }.store(0, Ordering::Relaxed);
        }
    }
}
