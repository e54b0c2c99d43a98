//! `fork`: the child has one thread, and must not inherit half-done writes or locks held by threads it does not have.
//!
//! I1. `fork_prepare` runs in an exclusive transaction, so no other transaction is live: all memory is committed state.
//! I2. Every lock of this crate is taken across the fork, in the order world, threads, admission, token, buckets; so each is
//!     free, or held by the forking thread, in the child.
//! I3. Parkers have no lock (parker.rs), so nothing else can be left taken.

use crate::admission;
use crate::parking::LotGuard;
use crate::segment::{IDLE, SEQUENCE_SHIFT, mark_number};
use crate::stamp::SEQUENCE_BITS;
use crate::sync::{MutexGuard, Ordering};
use crate::thread::GONE;
use crate::token;
use crate::transaction::{Conflict, Transaction};

/// All internal locks, held across a fork. Dropping it is what the parent does.
pub struct ForkGuard<'a> {
    world: MutexGuard<'a, ()>,
    threads: MutexGuard<'a, crate::runtime::Threads>,
    admission: MutexGuard<'a, admission::Queue>,
    token: MutexGuard<'a, token::Queue>,
    buckets: Vec<LotGuard<'a>>,
}

impl Transaction {
    /// Makes the running transaction exclusive and takes all internal locks. Call `fork` right after, then
    /// [`Transaction::fork_parent`] or [`Transaction::fork_child`].
    pub fn fork_prepare(&self) -> Result<ForkGuard<'_>, Conflict> {
        self.enter_exclusive()?;
        let stm = &*self.stm;
        Ok(ForkGuard {
            world: stm.world.lock_world(),
            threads: stm.lock_threads(),
            admission: stm.admission.lock_queue(),
            token: stm.token.lock_queue(),
            buckets: stm.lot.lock_all(),
        })
    }

    /// In the parent: gives the locks back. The transaction stays exclusive until it commits.
    pub fn fork_parent(&self, guard: ForkGuard<'_>) {
        drop(guard);
    }

    /// In the child: forgets all other threads and their segments, then gives the locks back.
    pub fn fork_child(&self, guard: ForkGuard<'_>) {
        let ForkGuard { mut threads, world, mut admission, mut token, mut buckets } = guard;
        threads.retain_only(self.record());
        self.stm.registered.store(1, Ordering::Relaxed);
        // A thread may have been waiting to stop the world, for us among others; it is not here any more.
        self.stm.world.forget_stop();
        let used = self.stm.used.load(Ordering::Relaxed);
        for (index, segment) in self.stm.segments.iter().enumerate().take(used).skip(1) {
            if index != self.segment.get() {
                let mut sequence = (segment.status.load(Ordering::Relaxed) >> SEQUENCE_SHIFT) + 1;
                if mark_number(sequence) == 0 {
                    // The wrap clears the table; here it is the table's last chance.
                    // SAFETY: no other thread exists, and the segment is idle.
                    unsafe { segment.table.clear() };
                    sequence += 1;
                }
                debug_assert!(sequence < 1 << SEQUENCE_BITS);
                segment.status.store(sequence << SEQUENCE_SHIFT | IDLE, Ordering::Relaxed);
                segment.age.store(0, Ordering::Relaxed);
                segment.atomic.store(0, Ordering::Relaxed);
                segment.asker.store(0, Ordering::Relaxed);
            }
        }
        admission.reset(self.segment.get());
        self.stm.admission.forget_waiting();
        token.forget();
        buckets.iter_mut().for_each(LotGuard::forget);
        drop((buckets, token, admission, threads, world));
    }
}

impl crate::runtime::Threads {
    /// Marks every record but one as gone; their counters are dropped with them.
    pub(crate) fn retain_only(&mut self, me: &crate::thread::ThreadRecord) {
        for record in self.records() {
            if !std::ptr::eq(record, me) {
                record.set_user(std::ptr::null_mut());
                record.counters.reset();
                record.state.store(GONE, Ordering::SeqCst);
            }
        }
    }
}
