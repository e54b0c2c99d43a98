//! The slow halves of the read and write barrier (DESIGN §8.1, §8.2).
//!
//! Reader and writer meet in the usual way of two flags: the reader sets its mark, fence, looks at the stamp; the writer
//! takes the stamp, fence, looks at the marks. One of them sees the other.
//!
//! I1. A reader that waits shows no mark: else it and a writer that looks for readers would wait for each other, and one
//!     would be wounded for nothing.
//! I2. A writer waits for readers holding the stamp, so no new reader gets in.
//! I3. The hint changes to "me alone" only after all covered readers have been seen off (stamp.rs I2).
//!
//! Checked by `tests/models/barriers.rs` (faults NO_FENCE_READER, NO_FENCE_WRITER, NO_HINT, HINT_BEFORE_SCAN,
//! COUNT_BEFORE_STAMP, RELAXED_SCAN).

use crate::conflict::Wait;
use crate::events::ConflictKind;
use crate::fault::{self, on};
use crate::marks::{GRANULE_SHIFT, MARK_MASK};
use crate::segment::SEQUENCE_SHIFT;
use crate::stamp::{HINT_ALL, HINT_BITS, hint_of, segment_of, sequence_of};
use crate::sync::{AtomicU8, AtomicU64, Ordering, fence_after_rmw};
use crate::transaction::{Conflict, Transaction};

impl Transaction {
    /// Whether another segment's live transaction holds this stamp.
    #[inline(always)]
    fn held_by_other(&self, stamp: u64) -> bool {
        let segment = segment_of(stamp);
        segment != 0 && segment != self.segment.get() && {
            // Acquire pairs with the release of the swap that ends a transaction: what it wrote is visible.
            let order = if on(fault::RELAXED_SCAN) { Ordering::Relaxed } else { Ordering::Acquire };
            self.stm.segments[segment].status.load(order) >> SEQUENCE_SHIFT == sequence_of(stamp)
        }
    }

    #[inline(always)]
    fn my_mark(&self, address: usize) -> &AtomicU8 {
        // SAFETY: concurrent mode: the table covers the heap.
        unsafe { self.marks.get().byte(address >> GRANULE_SHIFT) }
    }

    /// Marks the granule of `address` as read, once nobody else holds its `stamp`.
    #[cold]
    #[inline(never)]
    pub fn read_slow(&self, address: usize, stamp: &AtomicU64) -> Result<(), Conflict> {
        if let Some(pending) = self.pending.get() {
            return Err(pending);
        }
        if self.solo.get() {
            return Ok(());
        }
        debug_assert!(self.live.get(), "a read outside any transaction");
        let me = self.segment.get();
        let mut wait = Wait::new(ConflictKind::ReadWrite, address);
        // SAFETY: the segment is attached to this thread; the address is in the heap.
        unsafe { self.segment().table.note(address) };
        loop {
            if on(fault::NO_FENCE_READER) {
                self.my_mark(address).store(self.mark.get(), Ordering::Release);
            } else {
                // Pairs with the writer's exchange and fence.
                self.my_mark(address).swap(self.mark.get(), Ordering::SeqCst);
                fence_after_rmw();
            }
            let mut seen = stamp.load(Ordering::Acquire);
            loop {
                if self.held_by_other(seen) {
                    self.my_mark(address).store(0, Ordering::Release);
                    loop {
                        self.wait_round(&mut wait, segment_of(seen), sequence_of(seen))?;
                        seen = stamp.load(Ordering::Acquire);
                        if !self.held_by_other(seen) {
                            break;
                        }
                    }
                    break;
                }
                let owner = segment_of(seen);
                let hint = seen & HINT_ALL;
                let covered = hint & hint_of(me) != 0 || on(fault::NO_HINT);
                if covered && (owner == 0 || owner == me) {
                    self.end_wait(&mut wait);
                    return Ok(());
                }
                // A dead owner is scrubbed: later readers then need no look at its status line.
                let hint = if on(fault::NO_HINT) { hint } else { hint | hint_of(me) };
                let new = if owner == me { seen & !HINT_ALL | hint } else { hint };
                match stamp.compare_exchange(seen, new, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => {
                        self.end_wait(&mut wait);
                        return Ok(());
                    }
                    Err(now) => seen = now,
                }
            }
        }
    }

    /// Takes the `stamp` of the granule of `address` and waits until nobody else has it marked. The caller then logs
    /// ([`Transaction::log_undo`], [`Transaction::log_touched`]) before it writes.
    ///
    /// In solo and GIL mode it only sets the stamp, so that the next write takes the fast path.
    #[cold]
    #[inline(never)]
    pub fn write_slow(&self, address: usize, stamp: &AtomicU64) -> Result<(), Conflict> {
        if let Some(pending) = self.pending.get() {
            return Err(pending);
        }
        if self.solo.get() {
            // Relaxed: nobody runs beside us, and no segment has a live mark.
            stamp.store(self.birth_stamp(), Ordering::Relaxed);
            return Ok(());
        }
        debug_assert!(self.live.get(), "a write outside any transaction");
        let me = self.segment.get();
        let owner = self.owner.get() << HINT_BITS;
        let mut wait = Wait::new(ConflictKind::WriteWrite, address);
        loop {
            let early = if on(fault::COUNT_BEFORE_STAMP) { self.stm.used.load(Ordering::SeqCst) } else { 0 };
            let seen = stamp.load(Ordering::Acquire);
            if self.held_by_other(seen) {
                self.wait_round(&mut wait, segment_of(seen), sequence_of(seen))?;
                continue;
            }
            let hint = seen & HINT_ALL;
            let kept = if on(fault::HINT_BEFORE_SCAN) { hint_of(me) } else { hint };
            if stamp.compare_exchange(seen, owner | kept, Ordering::SeqCst, Ordering::Relaxed).is_err() {
                continue;
            }
            if !on(fault::NO_FENCE_WRITER) {
                // Pairs with the reader's swap and fence.
                fence_after_rmw();
            }
            if hint & !hint_of(me) != 0
                || hint == hint_of(me) && self.stm.config.segments > HINT_BITS as usize
            {
                // After the fence: a segment first used later sees our stamp.
                let used = if early != 0 { early } else { self.stm.used.load(Ordering::Acquire) };
                wait.kind = ConflictKind::WriteRead;
                for reader in 1..used {
                    if reader != me && hint & hint_of(reader) != 0 {
                        self.see_reader_off(reader, address, &mut wait)?;
                    }
                }
            }
            self.end_wait(&mut wait);
            if hint != hint_of(me) {
                // Exclusive while I am live, so a plain store would do; release for the next reader of the stamp.
                crate::sync::put(stamp, owner | hint_of(me), Ordering::Release);
            }
            // SAFETY: the segment is attached to this thread; the address is in the heap.
            unsafe { self.segment().table.note(address) };
            self.my_mark(address).store(self.mark.get(), Ordering::Relaxed);
            return Ok(());
        }
    }

    /// Waits, holding the stamp, until `reader` shows no live mark on the granule.
    #[inline(always)]
    fn see_reader_off(&self, reader: usize, address: usize, wait: &mut Wait) -> Result<(), Conflict> {
        let segment = &self.stm.segments[reader];
        loop {
            let order = if on(fault::RELAXED_SCAN) { Ordering::Relaxed } else { Ordering::Acquire };
            let status = segment.status.load(order);
            if !segment.table.is_reserved() {
                return Ok(());
            }
            // SAFETY: a reserved table covers the heap.
            let mark = unsafe { segment.table.base().byte(address >> GRANULE_SHIFT) }.load(Ordering::Acquire);
            let number = (status >> SEQUENCE_SHIFT) & MARK_MASK;
            if number == 0 || mark as u64 != number {
                return Ok(());
            }
            self.wait_round(wait, reader, status >> SEQUENCE_SHIFT)?;
        }
    }
}
