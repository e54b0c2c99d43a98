//! Stopping the world, and being outside it.
//!
//! I1. A thread is RUNNING, STOPPED at a safepoint, or OUTSIDE. The stopper's work runs while every other registered
//!     thread is STOPPED or OUTSIDE, whether or not a transaction is live there.
//! I2. A thread publishes stack top and registers before it leaves RUNNING.
//! I3. Coming in from outside: RUNNING, fence, look at `stop`. Stopping: `stop`, fence, look at the states. One sees the
//!     other.
//! I4. Every wait in this crate stops when asked: spinning waits test the request, sleeping ones are outside.
//!
//! Checked by `tests/models/world.rs` (fault NO_STOP_TEST).

use crate::fault::{self, on};
use crate::runtime::Stm;
use crate::sync::{AtomicUsize, Condvar, Mutex, MutexGuard, Ordering, fence, lock, wait};
use crate::thread::{OUTSIDE, RUNNING, Requests, STOPPED, ThreadRecord};
use crate::transaction::Transaction;

pub(crate) struct World {
    /// Record id of the thread that stops the world; 0: it runs. Changed under the lock.
    stop: AtomicUsize,
    lock: Mutex<()>,
    /// Somebody has stopped or gone outside.
    arrived: Condvar,
    /// The world runs again.
    resumed: Condvar,
}

/// Proof that the world is stopped, and the threads in it.
pub struct Stopped<'a> {
    threads: Vec<&'a ThreadRecord>,
    me: &'a ThreadRecord,
}

impl<'a> Stopped<'a> {
    /// Every registered thread, the stopper included.
    pub fn threads(&self) -> &[&'a ThreadRecord] {
        &self.threads
    }

    /// The thread that stopped the world, and runs.
    pub fn stopper(&self) -> &'a ThreadRecord {
        self.me
    }
}

impl World {
    pub(crate) fn new() -> Self {
        World {
            stop: AtomicUsize::new(0),
            lock: Mutex::new(()),
            arrived: Condvar::new(),
            resumed: Condvar::new(),
        }
    }

    /// Lets a stopper look at the states again.
    pub(crate) fn notice(&self) {
        fence(Ordering::SeqCst);
        if self.stop.load(Ordering::SeqCst) != 0 {
            drop(lock(&self.lock));
            self.arrived.notify_all();
        }
    }

    /// Makes `record` the thread that stops the world, unless somebody else is.
    pub(crate) fn claim_stop(&self, record: &ThreadRecord) -> bool {
        let guard = lock(&self.lock);
        let free = self.stop.load(Ordering::Relaxed) == 0;
        if free {
            self.stop.store(record.id, Ordering::SeqCst);
        }
        drop(guard);
        fence(Ordering::SeqCst);
        free
    }

    fn go_outside(&self, record: &ThreadRecord) {
        // Release: the published stack, and everything done before, is visible to the stopper.
        record.state.swap(OUTSIDE, Ordering::SeqCst);
        self.notice();
    }

    fn come_back(&self, record: &ThreadRecord) {
        loop {
            record.state.swap(RUNNING, Ordering::SeqCst);
            fence(Ordering::SeqCst);
            let stop = self.stop.load(Ordering::SeqCst);
            if on(fault::NO_STOP_TEST) || stop == 0 || stop == record.id {
                return;
            }
            let mut guard = lock(&self.lock);
            record.state.store(OUTSIDE, Ordering::SeqCst);
            self.arrived.notify_all();
            while self.stop.load(Ordering::Relaxed) != 0 {
                guard = wait(&self.resumed, guard);
            }
        }
    }

    /// Stops the calling thread while `stop` is set.
    fn stop_here(&self, record: &ThreadRecord) {
        let mut guard = lock(&self.lock);
        if self.stop.load(Ordering::Relaxed) != 0 {
            record.state.store(STOPPED, Ordering::SeqCst);
            self.arrived.notify_all();
            while self.stop.load(Ordering::Relaxed) != 0 {
                guard = wait(&self.resumed, guard);
            }
            record.state.store(RUNNING, Ordering::SeqCst);
        }
        // Under the lock: a new stopper sets its requests after it has set `stop`.
        record.requests.fetch_and(!Requests::STOP.0, Ordering::AcqRel);
        drop(guard);
    }

    /// Whether this thread keeps the world stopped.
    pub(crate) fn is_stopped_by(&self, record: &ThreadRecord) -> bool {
        self.stop.load(Ordering::Relaxed) == record.id
    }

    /// In a forked child, under the lock: nobody stops the world.
    pub(crate) fn forget_stop(&self) {
        self.stop.store(0, Ordering::SeqCst);
    }

    pub(crate) fn lock_world(&self) -> MutexGuard<'_, ()> {
        lock(&self.lock)
    }
}

impl Stm {
    pub(crate) fn anybody_running(&self, me: &ThreadRecord) -> bool {
        self.with_threads(|list| {
            list.iter().any(|t| !std::ptr::eq(*t, me) && t.state.load(Ordering::SeqCst) == RUNNING)
        })
    }
}

impl Transaction {
    /// Goes outside: this thread touches no object until [`Transaction::enter`], and counts as stopped. A live
    /// transaction must be inevitable; without one the segment is given back.
    #[inline(never)]
    pub fn leave(&self) {
        debug_assert!(
            !self.live.get() || self.inevitable.get() || self.solo.get(),
            "outside with a live transaction"
        );
        if !self.live.get() {
            self.detach();
        }
        self.record().publish_stack();
        self.stm.world.go_outside(self.record());
    }

    /// Comes back in, waiting while the world is stopped. A segment is taken by the next begin.
    pub fn enter(&self) {
        debug_assert!(self.record().is_outside(), "enter while inside");
        self.stm.world.come_back(self.record());
    }

    /// Whether this thread is outside.
    pub fn is_outside(&self) -> bool {
        self.record().is_outside()
    }

    /// Stops here until the world runs again, if it is being stopped. The transaction goes on afterwards.
    #[cold]
    #[inline(never)]
    pub fn stop_point(&self) {
        self.record().counters.stops.bump();
        self.record().publish_stack();
        self.stm.world.stop_here(self.record());
    }

    /// Runs `f`, which may sleep and touches no object, as if outside; the transaction stays live.
    #[inline(never)]
    pub(crate) fn blocked<R>(&self, f: impl FnOnce() -> R) -> R {
        if self.record().is_outside() {
            return f();
        }
        self.record().publish_stack();
        self.stm.world.go_outside(self.record());
        let result = f();
        self.stm.world.come_back(self.record());
        result
    }

    /// Runs `f` while every other thread is stopped at a safepoint or outside. The calling thread is running; its own
    /// stack and registers are published too.
    #[inline(never)]
    pub fn stop_the_world<R>(&self, f: impl FnOnce(&Stopped<'_>) -> R) -> R {
        debug_assert!(!self.record().is_outside(), "stopping the world from outside");
        let record = self.record();
        let world = &self.stm.world;
        if world.stop.load(Ordering::Relaxed) == record.id {
            // Stopped for good, by this thread (shutdown.rs).
            record.publish_stack();
            return f(&self.stopped());
        }
        while !world.claim_stop(record) {
            self.stop_point();
        }
        self.stm.with_threads(|list| {
            list.iter().filter(|t| !std::ptr::eq(**t, record)).for_each(|t| t.request(Requests::STOP));
        });
        let mut guard = lock(&world.lock);
        while self.stm.anybody_running(record) {
            guard = wait(&world.arrived, guard);
        }
        drop(guard);
        record.publish_stack();
        // Whoever runs `f` may panic; the world goes on all the same.
        let _resume = Resume(world);
        f(&self.stopped())
    }

    fn stopped(&self) -> Stopped<'_> {
        let threads: Vec<*const ThreadRecord> =
            self.stm.with_threads(|list| list.iter().map(|t| std::ptr::from_ref(*t)).collect());
        // SAFETY: records live as long as the runtime.
        let threads = threads.into_iter().map(|t| unsafe { &*t }).collect();
        Stopped { threads, me: self.record() }
    }
}

struct Resume<'a>(&'a World);

impl Drop for Resume<'_> {
    fn drop(&mut self) {
        let guard = lock(&self.0.lock);
        self.0.stop.store(0, Ordering::SeqCst);
        drop(guard);
        self.0.resumed.notify_all();
    }
}
