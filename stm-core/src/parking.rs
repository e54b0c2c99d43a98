//! Sleeping on an address until somebody wakes it: what Python's locks, and waits for a segment's status, are built on.
//!
//! I1. `park` tests `validate` and enters the queue under the bucket lock; `unpark` takes the same lock. So a change of
//!     the watched state that comes before the `unpark` is either seen by `validate`, or finds the sleeper queued.
//! I2. A bucket lock is a leaf: `validate` allocates nothing of the heap, runs no barrier, waits for nothing.
//!
//! Why not the parking lot of parking_lot_core: its table is one per process and cannot be locked or reset, so a child
//! forked while another thread was inside it may never wake anybody; and the models check this very code.
//!
//! A lock word is transactional state: an aborted transaction may have shown "taken" to a thread that then slept. So
//! whoever writes the word, to take or to give back, registers its address (`Transaction::wake_at_end`), and both
//! commit and abort wake the first sleeper if the word is free then.
//!
//! I3. One is woken, not all: whoever finds the word free after it has been woken takes it, and by writing it
//!     registers for the next wake-up; if somebody else was faster, that one has. So a wake-up is never lost while the
//!     word is free, as long as a woken thread looks again before it gives up. Where a woken thread may find that it has no
//!     use for the word, all are woken ([`Woken::All`]).

use crate::lifecycle::{Wake, Woken};
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering, lock};
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

/// The sleepers on the addresses that share a hash, first come first.
struct Bucket {
    queue: Mutex<Vec<Sleeper>>,
    /// Their number, for a look without the lock.
    sleepers: AtomicUsize,
}

/// Queues of sleeping threads by address.
pub(crate) struct ParkingLot {
    buckets: Vec<Bucket>,
}

impl Bucket {
    /// Changes the queue.
    fn change<R>(&self, f: impl FnOnce(&mut Vec<Sleeper>) -> R) -> R {
        let mut queue = lock(&self.queue);
        let result = f(&mut queue);
        self.sleepers.store(queue.len(), Ordering::Release);
        result
    }
}

impl ParkingLot {
    pub(crate) fn new() -> Self {
        let bucket = || Bucket { queue: Mutex::new(Vec::new()), sleepers: AtomicUsize::new(0) };
        ParkingLot { buckets: (0..BUCKETS).map(|_| bucket()).collect() }
    }

    fn bucket(&self, address: usize) -> &Bucket {
        let hash = (address >> 3).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        &self.buckets[hash >> 56 & (BUCKETS - 1)]
    }

    /// Whether somebody may be asleep on `address`: a hint, which may be out of date and mean another address.
    pub(crate) fn may_have_sleepers(&self, address: usize) -> bool {
        self.bucket(address).sleepers.load(Ordering::Relaxed) != 0
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
        if crate::fault::on(crate::fault::NO_VALIDATE) {
            if !validate() {
                return ParkResult::Invalid;
            }
            bucket.change(|queue| queue.push(Sleeper { address, thread }));
        } else {
            let queued = bucket.change(|queue| {
                let go = validate();
                if go {
                    queue.push(Sleeper { address, thread });
                }
                go
            });
            if !queued {
                return ParkResult::Invalid;
            }
        }
        thread.parker.park(limit);
        let mine = |s: &Sleeper| std::ptr::eq(s.thread, thread) && s.address == address;
        bucket.change(|queue| match queue.iter().position(mine) {
            Some(place) => {
                queue.remove(place);
                ParkResult::Interrupted
            }
            None => ParkResult::Unparked,
        })
    }

    /// Wakes the first sleeper on `address`; true if there was one.
    pub(crate) fn unpark_one(&self, address: usize) -> bool {
        let first = self.bucket(address).change(|queue| {
            let place = queue.iter().position(|s| s.address == address)?;
            Some(queue.remove(place))
        });
        match first {
            Some(sleeper) => {
                // SAFETY: records live as long as the runtime.
                unsafe { &*sleeper.thread }.parker.unpark();
                true
            }
            None => false,
        }
    }

    /// Answers a registration made by a transaction that has ended.
    pub(crate) fn wake(&self, wake: &Wake) {
        if (wake.is_free)(wake.address) {
            match wake.woken {
                Woken::First => drop(self.unpark_one(wake.address)),
                Woken::All => self.unpark_all(wake.address),
            }
        }
    }

    /// Wakes every sleeper on `address`.
    pub(crate) fn unpark_all(&self, address: usize) {
        self.bucket(address).change(|queue| {
            queue.retain(|s| {
                if s.address != address {
                    return true;
                }
                // SAFETY: records live as long as the runtime.
                unsafe { &*s.thread }.parker.unpark();
                false
            });
        });
    }

    /// Takes every bucket lock, for `fork`.
    pub(crate) fn lock_all(&self) -> Vec<LotGuard<'_>> {
        self.buckets.iter().map(|b| LotGuard { queue: lock(&b.queue), sleepers: &b.sleepers }).collect()
    }
}

/// One bucket, locked.
pub(crate) struct LotGuard<'a> {
    queue: MutexGuard<'a, Vec<Sleeper>>,
    sleepers: &'a AtomicUsize,
}

impl LotGuard<'_> {
    /// Forgets sleepers that do not exist in this process.
    pub(crate) fn forget(&mut self) {
        self.queue.clear();
        self.sleepers.store(0, Ordering::Relaxed);
    }
}
