//! Sleeping on an address until somebody wakes it: what Python's locks, and waits for a segment's status, are built on.
//!
//! I1. `park` tests `validate` and enters the queue under the bucket lock; `unpark` takes the same lock. So a change of
//!     the watched state that comes before the `unpark` is either seen by `validate`, or finds the sleeper queued.
//! I2. A bucket lock is a leaf: `validate` allocates nothing of the heap, runs no barrier, waits for nothing.
//!
//! Why not the parking lot of parking_lot_core: its table is one per process and cannot be locked or reset, so a child
//! forked while another thread was inside it may never wake anybody; and the models check this very code.
//!
//! A lock word is transactional state: an aborted transaction may have shown "taken" to a thread that then slept. So the
//! writer registers the address (`Transaction::unpark_at_end`), and both commit and abort wake the sleepers.

use crate::sync::{Mutex, MutexGuard, lock};
use crate::thread::ThreadRecord;
use std::time::Duration;

const BUCKETS: usize = if cfg!(loom) { 1 } else { 64 };

/// How a sleep ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParkResult {
    /// The validation refused; did not sleep.
    Invalid,
    /// Woken through the address.
    Unparked,
    /// Ended early: a request, a wound, or the time limit.
    Interrupted,
}

#[derive(Clone, Copy)]
struct Sleeper {
    address: usize,
    thread: *const ThreadRecord,
}

// SAFETY: records live as long as the runtime that owns the lot.
unsafe impl Send for Sleeper {}

/// Queues of sleeping threads by address.
pub(crate) struct ParkingLot {
    buckets: Vec<Mutex<Vec<Sleeper>>>,
}

impl ParkingLot {
    pub(crate) fn new() -> Self {
        ParkingLot { buckets: (0..BUCKETS).map(|_| Mutex::new(Vec::new())).collect() }
    }

    fn bucket(&self, address: usize) -> &Mutex<Vec<Sleeper>> {
        let hash = (address >> 3).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        &self.buckets[hash >> 56 & (BUCKETS - 1)]
    }

    /// Sleeps on `address` until woken, unless `validate` says that there is nothing to wait for.
    pub(crate) fn park(
        &self,
        thread: &ThreadRecord,
        address: usize,
        validate: impl FnOnce() -> bool,
        limit: Option<Duration>,
    ) -> ParkResult {
        let bucket = self.bucket(address);
        {
            let early = crate::fault::on(crate::fault::NO_VALIDATE);
            if early {
                if !validate() {
                    return ParkResult::Invalid;
                }
                lock(bucket).push(Sleeper { address, thread });
            } else {
                let mut queue = lock(bucket);
                if !validate() {
                    return ParkResult::Invalid;
                }
                queue.push(Sleeper { address, thread });
            }
        }
        thread.parker.park(limit);
        let mut queue = lock(bucket);
        match queue.iter().position(|s| std::ptr::eq(s.thread, thread) && s.address == address) {
            Some(place) => {
                queue.remove(place);
                ParkResult::Interrupted
            }
            None => ParkResult::Unparked,
        }
    }

    /// Wakes the first sleeper on `address`; true if there was one.
    pub(crate) fn unpark_one(&self, address: usize) -> bool {
        let mut queue = lock(self.bucket(address));
        let Some(place) = queue.iter().position(|s| s.address == address) else { return false };
        let sleeper = queue.remove(place);
        drop(queue);
        // SAFETY: records live as long as the runtime.
        unsafe { &*sleeper.thread }.parker.unpark();
        true
    }

    /// Wakes every sleeper on `address`.
    pub(crate) fn unpark_all(&self, address: usize) {
        let mut queue = lock(self.bucket(address));
        queue.retain(|s| {
            if s.address != address {
                return true;
            }
            // SAFETY: records live as long as the runtime.
            unsafe { &*s.thread }.parker.unpark();
            false
        });
    }

    /// Takes every bucket lock, for `fork`.
    pub(crate) fn lock_all(&self) -> Vec<LotGuard<'_>> {
        self.buckets.iter().map(|b| LotGuard(lock(b))).collect()
    }
}

/// One bucket, locked.
pub(crate) struct LotGuard<'a>(MutexGuard<'a, Vec<Sleeper>>);

impl LotGuard<'_> {
    /// Forgets sleepers that do not exist in this process.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}
